"""When each question to look back is due, on a calendar written by hand and in every zone."""

from datetime import datetime, timedelta
from typing import Any

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import at

from bot import working_time
from bot.due import Due
from bot.reflection import rules
from store.models import SessionState, Side
from store.snapshots import Partnership

THURSDAY_THREE = at("2027-03-18 15:00")
ZONES = ("Europe/Lisbon", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")


def dues(each: Partnership, kind: str) -> list[Due]:
    return [due for due in rules.due(make.snapshot(each)) if due.kind == kind]


def only(each: Partnership, kind: str) -> Due:
    [due] = dues(each, kind)
    return due


def after_a_talk(settled_at: datetime, number: int = 1, **facts: Any) -> Partnership:
    return make.partnership(sessions=[make.held(THURSDAY_THREE, number, settled_at=settled_at)], **facts)


def test_the_question_after_a_talk_comes_two_days_after_they_said_that_they_met() -> None:
    assert only(after_a_talk(at("2027-03-23 10:00")), "reflection").opens_at == at("2027-03-25 09:00")


def test_it_waits_over_a_weekend_and_a_holiday() -> None:
    before_easter = at("2027-03-24 10:00")

    assert only(after_a_talk(before_easter, country="PT"), "reflection").opens_at == at("2027-03-29 09:00")


def test_it_asks_both_for_an_answer_to_the_same_question() -> None:
    mentor, mentee = (only(after_a_talk(THURSDAY_THREE, side=side), "reflection") for side in Side)

    assert mentor.asks
    assert mentor.question == mentee.question == "refl-of-talk-1"


@pytest.mark.parametrize("state", [SessionState.PLANNED, SessionState.MISSED, SessionState.CANCELLED])
def test_a_talk_that_was_not_held_is_not_looked_back_at(state: SessionState) -> None:
    each = make.partnership(sessions=[make.session(THURSDAY_THREE, state=state)])

    assert dues(each, "reflection") == []


def test_a_talk_for_which_no_question_was_left_is_not_looked_back_at() -> None:
    each = make.partnership(sessions=[make.held(THURSDAY_THREE, reflection=None)])

    assert dues(each, "reflection") == []


@pytest.mark.parametrize("facts", make.NOT_UNDER_WAY.values(), ids=make.NOT_UNDER_WAY)
def test_a_pair_on_hold_or_at_its_end_or_before_its_beginning_is_asked_nothing(facts: dict[str, Any]) -> None:
    assert rules.due(make.snapshot(after_a_talk(THURSDAY_THREE, **facts))) == []


@given(
    settled_at=make.moments("2027-03-01", "2027-12-31"),
    zone=st.sampled_from(ZONES),
    country=st.sampled_from([None, "PT", "US", "NZ"]),
)
def test_every_question_opens_when_work_begins_at_least_a_day_later(
    settled_at: datetime, zone: str, country: str | None
) -> None:
    """Two days on the calendar: somebody who said so in the evening is asked on the second morning after."""
    each = after_a_talk(settled_at, zone=zone, country=country)
    time = working_time.of(each.me)

    opening = [due.opens_at for due in rules.due(make.snapshot(each))]

    assert all(time.is_open(moment) and time.next_open(moment - timedelta(minutes=1)) == moment for moment in opening)
    assert only(each, "reflection").opens_at - settled_at >= timedelta(days=1)


@given(settled=st.lists(make.moments("2027-03-01", "2027-09-01"), max_size=8))
def test_nothing_is_asked_twice_of_one_person(settled: list[datetime]) -> None:
    talks = [make.held(moment, number) for number, moment in enumerate(settled, 1)]

    dues = rules.due(make.snapshot(make.partnership(sessions=talks)))

    assert len({due.key for due in dues}) == len(dues)
    assert len({due.question for due in dues if due.kind == "reflection"}) == len(talks)
