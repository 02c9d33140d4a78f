"""Everyone's account is read in pages, whatever Slack does meanwhile; nobody is written without news."""

from datetime import timedelta

import make
import pytest
import web
from directory.houses import Hands, Listed, everyone, house, join, read_all, said, the_reading, user
from hypothesis import given
from hypothesis import strategies as st
from web import RESET, Reply

from bot import working_time
from bot.directory import slack as source
from bot.house import House
from bot.slack import accounts
from store import agenda, directory, readings, workspaces
from store.database import Store
from store.models import Person, Source, Subject

HOUR = timedelta(hours=1)


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
    found = the_reading(store, Source.SLACK)
    assert (found.read_at, found.started_at, found.cursor, found.error) == (hands.now, None, None, None)
    assert found.report == {"added": 3}


def test_whose_zone_nobody_knows_lives_where_most_people_do(home: House, hands: Hands, listed: Listed) -> None:
    listed.users = [user("U0ANA", tz="Asia/Tokyo"), user("U0BO", tz="Asia/Tokyo"), user("U0CEM"), user("U0DI", tz=None)]
    assert working_time.zone(None).key == "UTC", "before anybody is known"

    read_all(home, hands)

    assert working_time.zone(None).key == "Asia/Tokyo"


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
    assert the_reading(store, Source.SLACK).report == {"same": 3}


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


# Trouble


def test_when_slack_says_later_the_list_waits_and_the_workspace_s_messages_do_not(
    home: House, hands: Hands, store: Store, told: web.Slack
) -> None:
    told.answers["users.list"] = Reply({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": 77})

    assert source.read_people(home) == hands.now + timedelta(seconds=77)

    with store.read() as db:
        assert not workspaces.is_waiting(db, make.WORKSPACE, hands.now)
    assert the_reading(store, Source.SLACK).error == "ratelimited"


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
    assert the_reading(store, Source.SLACK).error == "missing_scope"


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

    assert the_reading(store, Source.SLACK).cursor == "2"
    read_all(home, hands)
    assert the_reading(store, Source.SLACK).report["added"] == 3


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
