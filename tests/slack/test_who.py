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
from bot.slack import accounts, speaking, who
from bot.slack.who import Stranger
from store import directory, people, workspaces
from store.database import Store
from store.models import Person, Standing

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


STANDINGS = [(Standing.GUEST, "Guests can't take part"), (Standing.BOT, "bots can't take part")]


@pytest.mark.parametrize(("standing", "why"), STANDINGS)
def test_whose_standing_is_stored_is_refused_without_asking_slack(
    house: MakeHouse, slack: Slack, store: Store, standing: Standing, why: str
) -> None:
    made = house()
    with store.begin() as db:
        db.add(make.person(id=None, standing=standing))

    met = who.meet(made, made.client, "U0ANA")

    assert isinstance(met, Stranger)
    assert why in met.why
    assert slack.asked == []


def test_somebody_from_the_company_s_file_is_looked_up_once_and_a_guest_among_them_refused(
    house: MakeHouse, slack: Slack, store: Store
) -> None:
    made = house()
    with store.begin() as db:
        db.add(make.person(id=None))

    first, again = meet(made, slack, is_restricted=True), meet(made, slack, is_restricted=True)

    assert isinstance(first, Stranger)
    assert isinstance(again, Stranger)
    assert slack.methods == ["users.info"]
    with store.read() as db:
        [kept] = people.all_of(db, make.WORKSPACE)
    assert kept.standing is Standing.GUEST


@pytest.mark.parametrize(
    ("ours", "theirs", "why"),
    [
        ("E0GRID", "E0GRID", "another of the same organisation"),
        ("E0GRID", "E0OTHER", "in your own company"),
        (None, "E0OTHER", "in your own company"),
    ],
)
def test_people_of_the_same_grid_are_told_so(
    house: MakeHouse, slack: Slack, ours: str | None, theirs: str, why: str
) -> None:
    slack.answers["auth.test"] = Reply({"ok": True} | ({"enterprise_id": ours} if ours else {}))
    grid = {"enterprise_id": theirs, "teams": ["T0ELSEWHERE"]}

    met = meet(house(), slack, team_id="T0ELSEWHERE", enterprise_user=grid)

    assert isinstance(met, Stranger)
    assert why in met.why


def test_somebody_of_the_grid_who_is_in_this_workspace_too_is_one_of_us(house: MakeHouse, slack: Slack) -> None:
    grid = {"enterprise_id": "E0GRID", "teams": ["T0ELSEWHERE", make.WORKSPACE]}

    assert isinstance(meet(house(), slack, team_id="T0ELSEWHERE", enterprise_user=grid), Person)


def test_who_has_not_come_yet_or_is_deactivated_is_refused_with_the_reason(house: MakeHouse, slack: Slack) -> None:
    invited, closed = meet(house(), slack, is_invited_user=True), meet(house(), slack, deleted=True)

    assert isinstance(invited, Stranger)
    assert isinstance(closed, Stranger)
    assert "hasn't come yet" in invited.why
    assert "deactivated" in closed.why


def test_somebody_of_the_company_s_directory_who_gets_an_account_is_the_same_person(
    house: MakeHouse, slack: Slack, store: Store
) -> None:
    """And whoever named them as a manager by our own id does so by Slack's now."""
    made, ours = house(), directory.id_of_ours("ana@tidewell.example")
    with store.begin() as db:
        known = {"scim": {"name": "Ana Duarte", "email": "ana@tidewell.example", "department": "Sales"}}
        facts = {"email": "ana@tidewell.example", "department": "Sales", "known": known}
        db.add(make.person(ours, id=None, standing=Standing.NO_ACCOUNT, **facts))
        db.add(make.person("U0BO", id=None, manager=ours, known={"scim": {"manager": ours}}))

    met = meet(made, slack, profile={"display_name": "Ana", "email": "Ana@Tidewell.example"})

    assert isinstance(met, Person)
    assert (met.slack_id, met.department, met.standing) == ("U0ANA", "Sales", Standing.MEMBER)
    with store.read() as db:
        found = people.by_slack_id(db, make.WORKSPACE, ["U0BO", ours])
    assert {slack_id: each.manager for slack_id, each in found.items()} == {"U0BO": "U0ANA"}


@pytest.mark.parametrize(
    ("zone", "country"),
    [("Europe/Lisbon", "PT"), ("America/New_York", "US"), ("Asia/Kolkata", "IN"), ("UTC", None), (None, None)],
)
def test_the_country_of_a_zone_brings_its_holidays(zone: str | None, country: str | None) -> None:
    assert accounts.country_of(zone) == country


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
