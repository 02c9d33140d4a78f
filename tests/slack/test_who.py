"""Who somebody is, learned from Slack at the first meeting; who is turned away; and who may coordinate."""

from collections.abc import Callable, Iterator
from typing import Any

import make
import pytest
import web
from cryptography.fernet import Fernet
from web import Reply, Slack

from bot.house import House
from bot.settings import Settings
from bot.slack import speaking, who
from bot.slack.who import Stranger
from store import people, workspaces
from store.database import Store
from store.models import Person

ANA = {
    "id": "U0ANA",
    "team_id": make.WORKSPACE,
    "name": "ana",
    "tz": "Europe/Lisbon",
    "profile": {"display_name": "Ana", "real_name": "Ana Duarte", "title": "Engineer"},
}

MakeHouse = Callable[..., House]


@pytest.fixture
def slack() -> Iterator[Slack]:
    with web.slack() as made:
        yield made


@pytest.fixture
def house(store: Store, slack: Slack) -> MakeHouse:
    """The house with Slack at its end; coordinators as given."""
    with store.begin() as db:
        workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")

    def made(coordinators: str = "") -> House:
        settings = Settings(
            SLACK_BOT_TOKEN="xoxb-test",
            SLACK_SIGNING_SECRET="made-up",
            SLACK_API_URL=slack.url,
            FLIPSIDE_KEYS=Fernet.generate_key().decode(),
            FLIPSIDE_COORDINATORS=coordinators,
        )
        client = speaking.client("xoxb-test", slack.url)
        return House(settings, store, make.words(), lambda: make.MONDAY, client, make.WORKSPACE)

    return made


def meet(house: House, slack: Slack, **user: Any) -> Person | Stranger:
    slack.answers["users.info"] = Reply({"ok": True, "user": ANA | user})
    return who.meet(house, house.client, "U0ANA")


# Meeting somebody


def test_somebody_new_is_kept_with_what_slack_knows_of_them(house: MakeHouse, slack: Slack) -> None:
    met = meet(house(), slack)

    assert isinstance(met, Person)
    assert (met.slack_id, met.name, met.zone, met.country, met.title) == (
        "U0ANA",
        "Ana",
        "Europe/Lisbon",
        "PT",
        "Engineer",
    )


def test_somebody_who_is_known_is_not_asked_about_again(house: MakeHouse, slack: Slack) -> None:
    made = house()

    first, again = meet(made, slack), meet(made, slack)

    assert isinstance(first, Person)
    assert isinstance(again, Person)
    assert first.id == again.id
    assert slack.methods == ["users.info"]


@pytest.mark.parametrize(
    ("user", "why"),
    [
        ({"is_bot": True}, "bots can't take part"),
        ({"is_restricted": True}, "Guests can't take part"),
        ({"is_ultra_restricted": True}, "Guests can't take part"),
        ({"is_stranger": True}, "for people of this workspace"),
        ({"team_id": "T0ELSEWHERE"}, "for people of this workspace"),
    ],
)
def test_bots_guests_and_people_of_elsewhere_are_told_why_and_not_kept(
    house: MakeHouse, slack: Slack, store: Store, user: dict[str, Any], why: str
) -> None:
    met = meet(house(), slack, **user)

    assert isinstance(met, Stranger)
    assert why in met.why
    with store.read() as db:
        assert people.all_of(db, make.WORKSPACE) == []


def test_when_slack_does_not_say_nobody_new_is_taken_for_anybody(house: MakeHouse, slack: Slack) -> None:
    slack.answers["users.info"] = Reply("", 503)

    met = who.meet(house(), house().client, "U0ANA")

    assert isinstance(met, Stranger)
    assert "try again in a minute" in met.why


@pytest.mark.parametrize(
    ("zone", "country"),
    [("Europe/Lisbon", "PT"), ("America/New_York", "US"), ("Asia/Kolkata", "IN"), ("UTC", None), (None, None)],
)
def test_the_country_of_a_zone_brings_its_holidays(zone: str | None, country: str | None) -> None:
    assert who.country_of(zone) == country


# Coordinators


def is_coordinator(house: House) -> bool:
    return who.is_coordinator(house, house.client, "U0ANA")


def test_who_is_named_in_the_settings_is_a_coordinator_and_slack_is_not_asked(house: MakeHouse, slack: Slack) -> None:
    assert is_coordinator(house("U0BO,U0ANA"))
    assert not is_coordinator(house("U0BO"))
    assert slack.asked == []


def test_who_is_in_a_named_group_is_a_coordinator(house: MakeHouse, slack: Slack) -> None:
    slack.answers["usergroups.users.list"] = Reply({"ok": True, "users": ["U0BO", "U0ANA"]})

    assert is_coordinator(house("S0GROUP"))


@pytest.mark.parametrize("is_admin", [True, False])
def test_where_nobody_is_named_it_is_the_admins_of_the_workspace(
    house: MakeHouse, slack: Slack, is_admin: bool
) -> None:
    slack.answers["users.info"] = Reply({"ok": True, "user": ANA | {"is_admin": is_admin}})

    assert is_coordinator(house()) is is_admin


@pytest.mark.parametrize("coordinators", ["", "S0GROUP"])
def test_in_doubt_nobody_is_a_coordinator(house: MakeHouse, slack: Slack, coordinators: str) -> None:
    slack.answers = {name: Reply("", 503) for name in ("users.info", "usergroups.users.list")}

    assert not is_coordinator(house(coordinators))
