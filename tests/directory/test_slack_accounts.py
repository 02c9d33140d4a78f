"""Whose account is kept, as whom, and when somebody counts as gone; what comes late changes nothing."""

from datetime import timedelta
from typing import Any

import make
import pytest
import web
from beside import beside
from directory.houses import Hands, Listed, everyone, join, read_all, said, the_reading, user
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from web import Reply

from bot import working_time
from bot.directory import slack as source
from bot.house import House
from bot.slack import accounts
from store import directory, members, people, programmes
from store.database import Store
from store.models import Agenda, MemberState, Person, Source, Standing, Subject

# Who is kept


@pytest.mark.parametrize(
    "who",
    [
        {"is_bot": True},
        {"is_workflow_bot": True},
        {"id": "USLACKBOT"},
        {"deleted": True},
        {"is_invited_user": True},
        {"team_id": "T0ELSEWHERE"},
        {"is_stranger": True},
    ],
)
def test_bots_people_of_elsewhere_and_who_has_left_are_not_stored(
    home: House, hands: Hands, store: Store, listed: Listed, who: dict[str, Any]
) -> None:
    listed.users = [user("U0X") | who]

    read_all(home, hands)

    assert everyone(store) == {}


@pytest.mark.parametrize(
    ("who", "standing"),
    [
        ({"is_restricted": True}, Standing.GUEST),
        ({"is_restricted": True, "is_ultra_restricted": True}, Standing.GUEST),
        ({"team_id": "T0ELSEWHERE", "enterprise_user": {"teams": [make.WORKSPACE]}}, Standing.MEMBER),
        ({"team_id": None, "enterprise_user": None}, Standing.MEMBER),
    ],
)
def test_guests_are_known_as_guests_and_people_of_the_grid_as_our_own(
    home: House, hands: Hands, store: Store, listed: Listed, who: dict[str, Any], standing: Standing
) -> None:
    listed.users = [user("U0X") | who]

    read_all(home, hands)

    assert everyone(store)["U0X"].standing is standing


def test_names_and_addresses_are_taken_as_slack_has_them(
    home: House, hands: Hands, store: Store, listed: Listed
) -> None:
    profile = {"display_name": "", "real_name": "Ana Duarte", "email": "Ana@Tidewell.Example", "title": " Engineer "}
    listed.users = [user("U0ANA", profile=profile)]

    read_all(home, hands)

    ana = everyone(store)["U0ANA"]
    assert (ana.name, ana.email, ana.title) == ("Ana Duarte", "ana@tidewell.example", "Engineer")


nothing = st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just([]) | st.just({})
users = st.fixed_dictionaries(
    {"id": st.sampled_from(["U0ANA", "W0BO", "USLACKBOT"])},
    optional={
        "team_id": st.none() | st.text(max_size=9),
        "name": nothing,
        "tz": st.none() | st.text(max_size=90) | st.sampled_from(["Europe/Lisbon"]),
        "deleted": nothing,
        "is_bot": nothing,
        "is_restricted": nothing,
        "updated": nothing,
        "enterprise_user": st.none() | st.just({}) | st.fixed_dictionaries({"teams": st.none() | st.just(["T1"])}),
        "profile": st.none()
        | st.fixed_dictionaries({}, optional={"display_name": nothing, "real_name": nothing, "email": nothing}),
    },
)


@given(user=users)
def test_whatever_is_missing_of_a_user_they_are_read(user: dict[str, Any]) -> None:
    """And what is read of them can be stored."""
    account = accounts.read(user, make.WORKSPACE)

    assert account.slack_id == user["id"]
    assert all(isinstance(fact, str) and fact and "\x00" not in fact for fact in (account.facts or {}).values())
    assert account.facts.get("zone") in {None, *working_time.known_zones()}, "who could say what time it is elsewhere?"


# Who is gone


def test_whose_account_was_closed_leaves_everything(home: House, hands: Hands, store: Store, listed: Listed) -> None:
    read_all(home, hands)
    join(store, everyone(store)["U0ANA"])
    hands.now += timedelta(days=1)
    listed.users[0] = {"id": "U0ANA", "deleted": True, "profile": {}}

    read_all(home, hands)

    ana = everyone(store)["U0ANA"]
    assert (ana.gone_at is not None, ana.name) == (True, "Ana")
    with store.read() as db:
        assert [member.state for member, _ in members.of_person(db, ana.id)] == [MemberState.LEFT]
    assert the_reading(store, Source.SLACK).report["gone"] == 1


def test_whose_account_closes_while_somebody_changes_their_programme_waits_and_holds_up_nobody(
    home: House, hands: Hands, store: Store
) -> None:
    read_all(home, hands)
    known = everyone(store)
    join(store, known["U0ANA"])
    with store.read() as db:
        [(_, programme)] = members.of_person(db, known["U0ANA"].id)
    found = [accounts.read(user("U0BO", tz="Europe/Berlin"), make.WORKSPACE)]
    found += [accounts.read({"id": "U0ANA", "deleted": True}, make.WORKSPACE)]

    with store.begin() as db:
        programmes.lock(db, programme.id)
        other = beside(store, lambda db: accounts.keep(db, make.WORKSPACE, found, hands.now))
        people.open_home(db, known["U0ANA"].id, hands.now, shows_programme=False)
        people.open_home(db, known["U0BO"].id, hands.now, shows_programme=False)
    other.result()

    assert everyone(store)["U0ANA"].gone_at is not None
    assert everyone(store)["U0BO"].zone == "Europe/Berlin"


def test_who_is_not_listed_is_asked_about_before_they_count_as_gone(
    home: House, hands: Hands, store: Store, told: web.Slack
) -> None:
    kept = {"U0LEFT": None, "U0CLOSED": user("U0CLOSED", deleted=True), "U0HERE": user("U0HERE")}
    with store.begin() as db:
        for slack_id in kept:
            db.add(make.person(slack_id, id=None))
        db.add(make.person("X00000000000000000000", id=None, standing=Standing.NO_ACCOUNT))

    def info(asked: web.Asked) -> Reply:
        found = kept[asked.fields["user"]]
        return Reply({"ok": True, "user": found} if found else {"ok": False, "error": "user_not_found"})

    told.answers["users.info"] = info
    read_all(home, hands)

    found = everyone(store)
    assert {slack_id for slack_id, each in found.items() if each.gone_at} == {"U0LEFT", "U0CLOSED"}
    assert sorted(each["user"] for each in told.of("users.info")) == ["U0CLOSED", "U0HERE", "U0LEFT"]


def test_when_slack_does_not_say_whether_they_are_gone_they_are_not(
    home: House, hands: Hands, store: Store, told: web.Slack
) -> None:
    with store.begin() as db:
        db.add(make.person("U0LEFT", id=None))
    told.answers["users.info"] = Reply("", 503)

    for _ in range(4):
        hands.move_to(source.read_people(home))

    assert everyone(store)["U0LEFT"].gone_at is None
    assert the_reading(store, Source.SLACK).error == "http_503"


def test_who_is_back_is_known_again(home: House, hands: Hands, store: Store, listed: Listed) -> None:
    read_all(home, hands)
    listed.users[0]["deleted"] = True
    hands.now += timedelta(days=1)
    read_all(home, hands)
    assert everyone(store)["U0ANA"].gone_at is not None

    listed.users[0]["deleted"] = False
    hands.now += timedelta(days=1)
    read_all(home, hands)

    assert everyone(store)["U0ANA"].gone_at is None


def test_who_is_gone_by_the_company_s_word_alone_stays_gone(
    home: House, hands: Hands, store: Store, listed: Listed
) -> None:
    read_all(home, hands)
    with store.begin() as db:
        ana = db.get_one(Person, everyone(store)["U0ANA"].id)
        directory.believe(ana, directory.without(ana.known, Source.SCIM, hands.now))
        members.gone(db, ana, hands.now)
    listed.users[0]["tz"] = "Europe/Berlin"
    hands.now += timedelta(days=1)

    read_all(home, hands)

    assert everyone(store)["U0ANA"].gone_at is not None


# Late words


def hear(home: House, **changes: Any) -> None:
    source.hear(home, home.client, user("U0ANA") | changes)


def test_an_event_that_is_older_than_what_is_known_changes_nothing(home: House, store: Store) -> None:
    hear(home, updated=100)
    hear(home, updated=200, tz="Europe/Berlin")

    hear(home, updated=150, tz="Asia/Kolkata")
    hear(home, updated=150, deleted=True)

    ana = everyone(store)["U0ANA"]
    assert (ana.zone, ana.gone_at) == ("Europe/Berlin", None)


def test_an_end_that_an_event_tells_is_asked_about(home: House, store: Store, told: web.Slack) -> None:
    hear(home)

    hear(home, updated=300, deleted=True)
    assert everyone(store)["U0ANA"].gone_at is None, "Slack says that the account is open"

    told.answers["users.info"] = Reply("", 500)
    hear(home, updated=300, deleted=True)
    assert everyone(store)["U0ANA"].gone_at is None, "where it doesn't say, the list will"
    with store.read() as db:
        row = db.scalars(select(Agenda).where(Agenda.subject == Subject.SLACK_PEOPLE)).one()
    assert row.look_at == home.clock() + source.SOON

    told.answers["users.info"] = Reply({"ok": False, "error": "user_not_found"})
    hear(home, updated=300, deleted=True)
    assert everyone(store)["U0ANA"].gone_at is not None


def test_an_event_without_news_doesn_t_so_much_as_ask_for_the_writer(home: House, store: Store) -> None:
    hear(home, updated=100)

    statements = said(store)
    hear(home, updated=900, profile={"display_name": "Ana", "title": "", "status_text": "Lunch"})

    assert [each.split()[0] for each in statements if each.split()[0] != "SELECT"] in ([], ["BEGIN"])
