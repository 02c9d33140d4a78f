"""When a programme may be set up, and what a coordinator may know of how a pair is doing."""

from dataclasses import replace
from datetime import datetime, timedelta

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import at

from bot.programme import rules
from bot.programme.rules import Answers
from store.models import Session, SessionState

RIGHT = Answers(name="Look Up", objective="Leaders learn.", channel="C1", contact="U1", months=6)
A_DAY = timedelta(days=1)


@pytest.mark.parametrize("months", [3, 6])
def test_a_whole_form_is_taken(months: int) -> None:
    assert rules.problems(replace(RIGHT, months=months)) == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": None}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"objective": None}, "objective"),
        ({"channel": None}, "channel"),
        ({"contact": None}, "contact"),
        ({"months": None}, "months"),
        ({"months": 7}, "months"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(change: dict[str, object], field: str) -> None:
    assert list(rules.problems(replace(RIGHT, **change))) == [field]


# How a pair is doing


def is_quiet(*sessions: Session, after: timedelta, **pair: object) -> bool:
    return rules.health(make.pair(**pair), sessions, make.MONDAY + after).is_quiet


def test_a_pair_that_was_just_introduced_is_not_quiet() -> None:
    assert not is_quiet(after=A_DAY * 9)


def test_a_pair_that_let_both_questions_pass_without_a_date_is_quiet() -> None:
    assert is_quiet(after=A_DAY * 10)


def test_a_pair_with_a_date_is_never_quiet() -> None:
    assert not is_quiet(make.session(make.MONDAY + A_DAY * 60), after=A_DAY * 50)


def test_a_pair_that_has_met_this_month_is_not_quiet() -> None:
    assert not is_quiet(make.held(make.MONDAY + A_DAY * 10), after=A_DAY * 25)


def test_a_pair_that_met_once_and_then_no_more_is_quiet() -> None:
    assert is_quiet(make.held(make.MONDAY + A_DAY * 10), after=A_DAY * 60)


def test_a_pair_that_is_still_to_be_introduced_is_not_quiet() -> None:
    assert not is_quiet(after=A_DAY * 90, introduced_at=None)


def test_meetings_held_are_counted_and_missed_ones_are_not() -> None:
    sessions = [make.held(at("2027-03-04 15:00")), make.session(at("2027-03-11 15:00"), 2, state=SessionState.MISSED)]

    assert rules.health(make.pair(), sessions, make.MONDAY + A_DAY * 20).held == 1


@st.composite
def histories(draw: st.DrawFn) -> list[Session]:
    """Meetings as a pair can have them: those of the past settled, at most one with a date to come."""
    days = sorted(draw(st.lists(st.integers(1, 200), max_size=6, unique=True)))
    states = [draw(st.sampled_from([SessionState.HELD, SessionState.MISSED, SessionState.CANCELLED])) for _ in days]
    if states and draw(st.booleans()):
        states[-1] = SessionState.PLANNED
    return [
        make.session(make.MONDAY + A_DAY * day, number, state=state)
        for number, (day, state) in enumerate(zip(days, states, strict=True), 1)
    ]


@given(histories(), st.integers(0, 200))
def test_the_next_date_lies_ahead_and_whoever_has_one_is_not_quiet(sessions: list[Session], days: int) -> None:
    now = make.MONDAY + A_DAY * days

    health = rules.health(make.pair(), sessions, now)

    assert health.next_at is None or (health.next_at > now and not health.is_quiet)
    assert health.held <= len(sessions)


@given(histories(), st.integers(0, 200))
def test_nobody_is_called_quiet_within_nine_days_of_their_last_date(sessions: list[Session], days: int) -> None:
    now = make.MONDAY + A_DAY * days
    last: datetime = max((each.starts_at for each in sessions if each.starts_at <= now), default=make.MONDAY)

    assert not (rules.health(make.pair(), sessions, now).is_quiet and now - last <= rules.QUIET)
