"""Everyone's account is read in pages, whatever Slack does meanwhile; nobody is written without news."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import make
import pytest
import web
from directory.houses import Hands, Listed, everyone, house, slack, user
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select
from web import RESET, Reply

from bot.clock import night
from bot.directory import slack as source
from bot.house import House
from bot.slack import accounts
from store import agenda, directory, members, people, programmes, readings, workspaces
from store.database import Store
from store.models import Agenda, MemberState, Person, Source, Standing, Subject

HOUR = timedelta(hours=1)


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def listed() -> Listed:
    return Listed([user("U0ANA"), user("U0BO"), user("U0CEM")], page=2)


@pytest.fixture
def told(listed: Listed) -> Iterator[web.Slack]:
    with slack(listed) as made:
        yield made


@pytest.fixture
def home(store: Store, hands: Hands, told: web.Slack) -> Iterator[House]:
    with house(store, hands, told.url) as made:
        yield made


def go_on(home: House, hands: Hands, steps: int = 1) -> datetime:
    """Takes that many steps, each when the one before said; when the next one is."""
    for _ in range(steps):
        following = source.read_people(home)
        assert following is not None
        hands.move_to(following if following < source_night(hands) else None or hands.now)
    assert following is not None
    return following


def source_night(hands: Hands) -> datetime:
    return night(hands.now, source.HOUR)


def read_all(home: House, hands: Hands) -> None:
    """One whole reading."""
    for _ in range(50):
        following = source.read_people(home)
        assert following is not None
        if following == source_night(hands):
            return
        hands.move_to(following)
    raise AssertionError("it comes to no end")


def the_reading(store: Store) -> Any:
    with store.read() as db:
        return directory.find_reading(db, make.WORKSPACE, Source.SLACK)


def said(store: Store) -> list[str]:
    """What is said to the database from now on."""
    heard: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda _c, _cu, statement, *_: heard.append(statement))
    return heard


# Pages


def test_the_list_is_read_in_pages_at_the_pace_that_slack_allows(
    home: House, hands: Hands, store: Store, told: web.Slack
) -> None:
    first = source.read_people(home)
    assert first == hands.now + timedelta(seconds=3)
    hands.move_to(first)
    read_all(home, hands)

    assert told.of("users.list") == [{"limit": "200"}, {"limit": "200", "cursor": "2"}]
    assert sorted(everyone(store)) == ["U0ANA", "U0BO", "U0CEM"]
    found = the_reading(store)
    assert (found.read_at, found.started_at, found.cursor, found.error) == (hands.now, None, None, None)
    assert found.report == {"added": 3}


@given(sizes=st.integers(1, 9), count=st.integers(0, 8))
def test_how_it_is_cut_into_pages_makes_no_difference(sizes: int, count: int) -> None:
    users = [user(f"U0P{number}") for number in range(count)]
    pages = [users[start : start + sizes] for start in range(0, count, sizes)]

    assert [accounts.read(each, make.WORKSPACE).slack_id for page in pages for each in page] == [
        each["id"] for each in users
    ]


def test_a_restart_in_the_middle_goes_on_with_the_next_page(
    home: House, hands: Hands, store: Store, told: web.Slack
) -> None:
    hands.move_to(source.read_people(home))

    with house(store, hands, told.url) as restarted:
        source.read_people(restarted)

    assert [each.get("cursor") for each in told.of("users.list")] == [None, "2"]


def test_what_is_the_same_is_neither_written_nor_looked_at(home: House, hands: Hands, store: Store) -> None:
    read_all(home, hands)
    with store.begin() as db:
        agenda.touch(db, make.WORKSPACE, [each.id for each in everyone(store).values()], hands.now)
    before = {slack_id: (each.known_version, each.known) for slack_id, each in everyone(store).items()}
    hands.now += timedelta(days=1)

    statements = said(store)
    read_all(home, hands)

    assert {slack_id: (each.known_version, each.known) for slack_id, each in everyone(store).items()} == before
    assert [each for each in statements if "UPDATE person" in each or "agenda" in each] == []
    assert the_reading(store).report == {"same": 3}


def test_whose_zone_changed_is_written_and_looked_at_if_they_take_part(
    home: House, hands: Hands, store: Store, listed: Listed
) -> None:
    read_all(home, hands)
    join(store, everyone(store)["U0ANA"])
    hands.now += timedelta(days=1)
    for each in listed.users[:2]:
        each["tz"] = "Asia/Kolkata"

    read_all(home, hands)

    found = everyone(store)
    assert (found["U0ANA"].zone, found["U0ANA"].country, found["U0BO"].zone) == ("Asia/Kolkata", "IN", "Asia/Kolkata")
    with store.read() as db:
        looks = [each for each in agenda.due(db, make.WORKSPACE, hands.now, 9) if each.subject is Subject.PERSON]
    assert [each.subject_id for each in looks] == [found["U0ANA"].id]


def join(store: Store, person: Person) -> None:
    with store.begin() as db:
        programme = make.programme(id=None, created_by=person.id)
        db.add(programme)
        db.flush()
        db.add(make.member(id=None, programme_id=programme.id, person_id=person.id))


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
    assert len((account.facts or {}).get("zone", "")) <= 60


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
    assert the_reading(store).report["gone"] == 1


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

    def keep() -> None:
        with store.begin() as db:
            accounts.keep(db, make.WORKSPACE, found, hands.now)

    with store.begin() as db:
        programmes.lock(db, programme.id)
        other = Thread(target=keep)
        other.start()
        other.join(0.5)  # not longer than that: it waits for this transaction
        people.open_home(db, known["U0ANA"].id, hands.now, shows_programme=False)
        people.open_home(db, known["U0BO"].id, hands.now, shows_programme=False)
    other.join()

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

    go_on(home, hands, steps=4)

    assert everyone(store)["U0LEFT"].gone_at is None
    assert the_reading(store).error == "http_503"


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


# Trouble


def test_when_slack_says_later_the_list_waits_and_the_workspace_s_messages_do_not(
    home: House, hands: Hands, store: Store, told: web.Slack
) -> None:
    told.answers["users.list"] = Reply({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": 77})

    assert source.read_people(home) == hands.now + timedelta(seconds=77)

    with store.read() as db:
        assert not workspaces.is_waiting(db, make.WORKSPACE, hands.now)
    assert the_reading(store).error == "ratelimited"


@pytest.mark.parametrize("answer", [Reply("", 500), Reply("<html>", 200), RESET, Reply({"ok": True}), Reply("[]")])
def test_after_trouble_the_same_page_is_asked_for_again_ever_later(
    home: House, hands: Hands, store: Store, told: web.Slack, listed: Listed, answer: Reply
) -> None:
    hands.move_to(source.read_people(home))
    told.answers["users.list"] = answer
    pauses = []
    for _ in range(3):
        following = source.read_people(home)
        assert following is not None
        pauses.append((following - hands.now).total_seconds())
        hands.move_to(following)
    assert pauses == [5, 10, 20]

    told.answers["users.list"] = listed.list
    read_all(home, hands)
    assert {each.get("cursor") for each in told.of("users.list")[1:]} == {"2"}
    assert len(everyone(store)) == 3


def test_a_cursor_that_slack_has_forgotten_begins_the_list_again(
    home: House, hands: Hands, store: Store, told: web.Slack, listed: Listed
) -> None:
    hands.move_to(source.read_people(home))
    told.answers["users.list"] = Reply({"ok": False, "error": "invalid_cursor"})
    hands.move_to(source.read_people(home))

    told.answers["users.list"] = listed.list
    read_all(home, hands)

    assert [each.get("cursor") for each in told.of("users.list")] == [None, "2", None, "2"]
    assert len(everyone(store)) == 3


def test_a_lacking_scope_is_told_and_not_asked_about_every_minute(
    home: House, hands: Hands, store: Store, told: web.Slack
) -> None:
    told.answers["users.list"] = Reply({"ok": False, "error": "missing_scope", "needed": "users:read"})

    assert source.read_people(home) == hands.now + HOUR
    assert the_reading(store).error == "missing_scope"


def test_a_list_that_stood_still_for_half_a_day_is_begun_anew(home: House, hands: Hands, told: web.Slack) -> None:
    source.read_people(home)
    hands.now += timedelta(hours=13)

    source.read_people(home)

    assert [each.get("cursor") for each in told.of("users.list")] == [None, None]


def test_another_replica_that_went_on_meanwhile_is_not_thrown_back(
    home: House, hands: Hands, store: Store, told: web.Slack, listed: Listed
) -> None:
    def list_while_another_does(asked: web.Asked) -> Reply:
        told.answers["users.list"] = listed.list
        source.read_people(home)
        return listed.list(asked)

    told.answers["users.list"] = list_while_another_does
    source.read_people(home)

    assert the_reading(store).cursor == "2"
    read_all(home, hands)
    assert the_reading(store).report["added"] == 3


def test_members_and_readings_of_other_workspaces_are_left_alone(home: House, hands: Hands, store: Store) -> None:
    with store.begin() as db:
        workspaces.keep(db, "T0OTHER", "Other", "U0BOT")
        db.add(Person(workspace_id="T0OTHER", slack_id="U0FAR", name="Far"))
        other = directory.reading(db, "T0OTHER", Source.SLACK)
        readings.begin(db, other, hands.now)
        readings.collect(db, other, {"U0FAR": {}})

    read_all(home, hands)

    with store.read() as db:
        other = directory.reading(db, "T0OTHER", Source.SLACK)
        assert readings.count(db, other) == 1
    assert "U0FAR" not in everyone(store)
