"""Who has their notifications off gets nudges and their introduction later; where Slack can't say, nobody has."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import make
import pytest
import web
from directory.houses import Hands, house
from hypothesis import given
from hypothesis import strategies as st
from make import at, due
from web import RESET, Reply

from bot.due import Due
from bot.house import House
from bot.nudges import resting, rules
from bot.nudges.rules import FRESH, PATIENCE, Choice
from store.database import Store

NOON = at("2027-03-03 12:00")  # a Wednesday
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


# What waits


def rested(*messages: list[Due], **until: Any) -> Choice:
    """What is left of them where somebody rests, by kind."""
    keys = {each.key: until[each.kind] for message in messages for each in message if each.kind in until}
    return rules.rested(Choice(messages=messages, look_at=NOON + DAY), keys, NOON)


def kinds(choice: Choice) -> list[list[str]]:
    return [[each.kind for each in message] for message in choice.messages]


def test_a_nudge_waits_until_notifications_are_on_again_and_says_why() -> None:
    choice = rested([due("checkin:1", opens_at=NOON - HOUR)], checkin=NOON + HOUR)

    assert (kinds(choice), choice.held, choice.look_at) == (
        [],
        {"checkin:1": "notifications are off"},
        NOON + HOUR,
    )


def test_an_introduction_waits_and_other_news_do_not() -> None:
    introduction = due("introduction:1", is_notice=True, opens_at=NOON - HOUR)
    left = due("partner_left:1", is_notice=True, opens_at=NOON - HOUR)

    choice = rested([introduction], [left], introduction=NOON + HOUR, partner_left=NOON + HOUR)

    assert kinds(choice) == [["partner_left"]]


def test_what_would_be_too_late_then_comes_silently_and_takes_nothing_along() -> None:
    talk = due("reminder:1", opens_at=NOON - HOUR, closes_at=NOON + HOUR, is_pressing=True)
    checkin = due("checkin:1", opens_at=NOON - HOUR)

    choice = rested([talk, checkin], reminder=NOON + 2 * HOUR, checkin=NOON + 2 * HOUR)

    assert kinds(choice) == [["reminder"]]
    assert choice.held == {"checkin:1": "notifications are off"}


def test_whose_notifications_are_always_off_gets_their_messages_all_the_same() -> None:
    old = due("checkin:1", opens_at=NOON - PATIENCE)

    assert kinds(rested([old], checkin=NOON + HOUR)) == [["checkin"]]


anything = st.builds(
    lambda number, ago, lasts, facts: due(
        f"{facts['kind']}:{number}",
        opens_at=NOON - timedelta(hours=ago),
        closes_at=None if lasts is None else NOON + timedelta(hours=lasts),
        is_notice=facts["kind"] in ("introduction", "partner_left", "joined"),
        at_once=facts["kind"] == "joined",
    ),
    st.integers(0, 10_000),
    st.integers(0, 24 * 14),
    st.none() | st.integers(1, 48),
    st.fixed_dictionaries({"kind": st.sampled_from(["introduction", "partner_left", "joined", "checkin", "reminder"])}),
)


@given(
    chosen=st.lists(anything, max_size=12, unique_by=lambda each: each.key),
    together=st.integers(1, 3),
    hours=st.lists(st.none() | st.integers(1, 40), min_size=12, max_size=12),
)
def test_nothing_is_lost_and_what_waits_is_a_nudge_or_an_introduction_that_can(
    chosen: list[Due], together: int, hours: list[int | None]
) -> None:
    messages = [chosen[start : start + together] for start in range(0, len(chosen), together)]
    until = {each.key: NOON + timedelta(hours=h) for each, h in zip(chosen, hours, strict=False) if h is not None}

    choice = rules.rested(Choice(messages=messages), until, NOON)

    going = [each for message in choice.messages for each in message]
    waiting = [each for each in chosen if each not in going]
    assert {each.key for each in waiting} == set(choice.held)
    assert all(each.kind in ("introduction", "checkin", "reminder") for each in waiting)
    assert all(each.closes_at is None or until[each.key] < each.closes_at for each in waiting)
    assert choice.look_at == min((until[each.key] for each in waiting), default=None)
    assert all(choice.messages), "no message is empty"


# Asking Slack


@pytest.fixture
def told() -> Iterator[web.Slack]:
    with web.slack() as made:
        yield made


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def home(store: Store, hands: Hands, told: web.Slack) -> Iterator[House]:
    with house(store, hands, told.url) as made:
        yield made


def rests(told: web.Slack, **people: tuple[float, float]) -> None:
    users = {
        slack_id: {"dnd_enabled": True, "next_dnd_start_ts": begins, "next_dnd_end_ts": ends}
        for slack_id, (begins, ends) in people.items()
    }
    told.answers["dnd.teamInfo"] = Reply({"ok": True, "users": users})


def test_who_is_within_their_window_now_rests_until_its_end(home: House, hands: Hands, told: web.Slack) -> None:
    now = hands.now.timestamp()
    rests(told, U0ANA=(now - 60, now + 60), U0BO=(now + 60, now + 120), U0CEM=(now - 120, now), U0DI=(1, 1))

    found = resting.until(home, ["U0ANA", "U0BO", "U0CEM", "U0DI", "U0EVE"], hands.now)

    assert found == {"U0ANA": hands.now + timedelta(minutes=1)}
    assert told.of("dnd.teamInfo") == [{"users": "U0ANA,U0BO,U0CEM,U0DI,U0EVE"}]


def test_fifty_are_asked_about_at_once(home: House, hands: Hands, told: web.Slack) -> None:
    rests(told)

    resting.until(home, [f"U{number}" for number in range(120)], hands.now)

    assert [len(each["users"].split(",")) for each in told.of("dnd.teamInfo")] == [50, 50, 20]


@pytest.mark.parametrize(
    ("answer", "again_after"),
    [
        (Reply({"ok": False, "error": "missing_scope", "needed": "dnd:read"}), DAY),
        (Reply({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "40"}), timedelta(seconds=40)),
        (Reply({"ok": False, "error": "user_not_visible"}), timedelta(minutes=1)),
        (Reply("<html>Bad gateway</html>", 502), timedelta(minutes=1)),
        (RESET, timedelta(minutes=1)),
    ],
    ids=["no scope", "too often", "unknown person", "a page", "reset"],
)
def test_where_slack_does_not_say_nobody_rests_and_it_is_left_alone_for_a_while(
    home: House, hands: Hands, told: web.Slack, answer: Reply, again_after: timedelta
) -> None:
    told.answers["dnd.teamInfo"] = answer

    assert resting.until(home, ["U0ANA"], hands.now) == {}
    asked = len(told.of("dnd.teamInfo"))
    hands.move_to(hands.now + again_after - timedelta(seconds=1))
    assert resting.until(home, ["U0ANA"], hands.now) == {}
    assert len(told.of("dnd.teamInfo")) == asked
    hands.wait(1)
    resting.until(home, ["U0ANA"], hands.now)
    assert len(told.of("dnd.teamInfo")) == asked + 1


ends = st.none() | st.just("soon") | st.integers(-(10**18), 10**18) | st.floats()


@given(
    users=st.none()
    | st.lists(st.integers())
    | st.dictionaries(
        st.sampled_from(["U0ANA", "U0BO"]),
        st.none()
        | st.fixed_dictionaries(
            {}, optional={"dnd_enabled": st.booleans(), "next_dnd_start_ts": ends, "next_dnd_end_ts": ends}
        ),
    )
)
def test_whatever_is_missing_or_odd_in_the_answer_is_no_rest(users: Any) -> None:
    assert all(until > NOON for until in resting._read(users, NOON).values())


# For many people at once


def test_all_are_asked_about_in_one_call_and_each_choice_is_changed_for_itself(
    home: House, hands: Hands, told: web.Slack
) -> None:
    now = hands.now
    rests(told, U0OLIVER=(now.timestamp() - 60, now.timestamp() + 60))
    each = make.partnership()
    nudge = due("checkin:1", opens_at=now)
    shared = due("introduction:5", opens_at=now, is_notice=True, group=each.pair)
    answer = due("joined:1", opens_at=now - FRESH / 2, is_notice=True, at_once=True)
    snapshot, other = make.snapshot(each), make.snapshot(person=make.person("U0NOOR"))

    first, second, third = resting.heeded(
        home,
        [
            (snapshot, Choice(messages=[[nudge], [shared]])),
            (other, Choice(messages=[[nudge], [answer]])),
            (make.snapshot(person=make.person("U0OLIVER")), Choice(messages=[[nudge]])),
        ],
        now,
    )

    assert kinds(first) == [["checkin"]], "it is her partner who rests: only what both see waits"
    assert kinds(second) == [["checkin"], ["joined"]]
    assert (kinds(third), third.look_at) == ([], now + timedelta(minutes=1))
    assert [set(call["users"].split(",")) for call in told.of("dnd.teamInfo")] == [{"U0ANA", "U0NOOR", "U0OLIVER"}]


def test_with_nothing_to_hold_back_slack_is_not_asked(home: House, hands: Hands, told: web.Slack) -> None:
    answer = due("joined:1", opens_at=hands.now, is_notice=True, at_once=True)

    resting.heeded(home, [(make.snapshot(), Choice(messages=[[answer]])), (make.snapshot(), Choice())], hands.now)

    assert told.methods == []
