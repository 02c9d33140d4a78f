"""Whom nothing reaches is left in peace for a while; nothing of it is lost to the ledger, and a group is no DM."""

from datetime import timedelta

import make
from hypothesis import given
from hypothesis import strategies as st
from make import MONDAY, due

from bot.due import Due
from bot.nudges import features, reach_rules, rules
from bot.nudges.reach_rules import TRY_AGAIN_AFTER
from store.models import Person

HOUR = timedelta(hours=1)
hours = st.integers(-400, 400).map(lambda number: MONDAY + HOUR * number)
windows = st.builds(
    lambda opens_at, length, is_notice: due(
        opens_at=opens_at, closes_at=opens_at + HOUR * length if length else None, is_notice=is_notice
    ),
    hours,
    st.integers(0, 300),
    st.booleans(),
)
UNREACHABLE = make.person(unreachable_since=MONDAY - timedelta(days=30), unreachable_tried_at=MONDAY)


def not_before(each: Due, now_in_hours: int, person: Person = UNREACHABLE) -> Due:
    [found] = reach_rules.not_before([each], person, MONDAY + HOUR * now_in_hours)
    return found


@given(windows, st.integers(0, 167))
def test_nothing_is_open_within_the_week(each: Due, now: int) -> None:
    then = MONDAY + HOUR * now

    assert rules.open_now([not_before(each, now)], (), then) == []


@given(windows, st.integers(0, 400))
def test_it_is_looked_at_again_and_what_has_passed_is_known_by_its_own_name(each: Due, now: int) -> None:
    """Under another one the ledger would have it twice."""
    then, found = MONDAY + HOUR * now, not_before(each, now)

    assert found.key == each.key
    if each.closes_at is not None and each.closes_at <= then:
        assert rules.key_if_dropped(found) == rules.key_if_dropped(each)
    elif now < 168:
        assert then < found.opens_at <= max(each.opens_at, MONDAY + TRY_AGAIN_AFTER)


@given(windows, st.integers(168, 400))
def test_after_a_week_all_is_as_ever(each: Due, now: int) -> None:
    assert not_before(each, now) == each


@given(windows, st.integers(-400, 400))
def test_whom_it_reaches_and_what_goes_to_a_group_is_left_alone(each: Due, now: int) -> None:
    in_group = each._replace(group=make.pair())

    assert not_before(each, now, make.person()) == each
    assert not_before(in_group, now) == in_group


def test_whoever_is_gone_gets_nothing_at_all() -> None:
    gone = make.person(gone_at=MONDAY, unreachable_since=MONDAY, unreachable_tried_at=MONDAY)

    assert features.due(make.snapshot(person=gone), MONDAY + timedelta(days=30)) == []
