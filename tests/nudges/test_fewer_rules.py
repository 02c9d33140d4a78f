"""Of what somebody wants fewer of every second one is left out, or all; nothing else ever is."""

from datetime import timedelta

import make
from hypothesis import given
from hypothesis import strategies as st
from make import MONDAY, due

from bot import prompts
from bot.due import Due
from bot.nudges import fewer_rules, rules
from bot.nudges.fewer_rules import FAMILIES, LEFT_OUT, Family, Share
from store.models import Nudge

HALF = {Family.REMINDERS.value: Share.HALF.value}
NONE = {Family.REMINDERS.value: Share.NONE.value}
A_DAY = timedelta(days=1)


def reminder(number: int, **facts: object) -> Due:
    return due(f"reminder:{number}", opens_at=MONDAY + A_DAY * number, **facts)


def told(each: Due, *, dropped: str | None = None) -> Nudge:
    return make.nudge(each.kind, key=each.key, due_at=each.opens_at, dropped=dropped, is_wished=each.is_wished)


def test_each_press_makes_it_fewer() -> None:
    assert fewer_rules.fewer(None) is Share.HALF
    assert fewer_rules.fewer(Share.HALF) is fewer_rules.fewer(Share.NONE) is Share.NONE


def test_the_families_and_their_kinds_have_words() -> None:
    assert {family.value for family in Family} == set(prompts.FAMILIES)
    assert set(FAMILIES) <= set(prompts.NUDGES)


def test_the_next_one_is_left_out_and_the_one_after_it_comes() -> None:
    came, next_, then = reminder(1), reminder(2), reminder(3)

    assert fewer_rules.left_out([next_], [told(came)], HALF) == [next_]
    assert fewer_rules.left_out([then], [told(came), told(next_, dropped=LEFT_OUT)], HALF) == []
    assert fewer_rules.left_out([next_, then], [told(came)], HALF) == [next_]


def test_none_is_none_and_as_before_is_all() -> None:
    several = [reminder(number) for number in range(4)]

    assert fewer_rules.left_out(several, [], NONE) == several
    assert fewer_rules.left_out(several, [], {}) == []


def test_what_passed_by_itself_is_not_counted() -> None:
    came, passed, next_ = reminder(1), reminder(2), reminder(3)

    assert fewer_rules.left_out([next_], [told(came), told(passed, dropped="its moment had passed")], HALF) == [next_]


def test_other_kinds_what_was_put_off_and_notices_are_left_alone() -> None:
    others = [due("checkin:1"), due("plan:1"), reminder(1, is_wished=True), reminder(2, is_notice=True)]

    assert fewer_rules.left_out(others, [], NONE) == []


@given(
    openings=st.lists(st.integers(0, 60), min_size=1, max_size=20),
    held=st.sets(st.integers(0, 19)),
    looks=st.lists(st.integers(0, 70), max_size=20),
)
def test_exactly_every_second_one_is_left_out_however_they_come_together_or_wait(
    openings: list[int], held: set[int], looks: list[int]
) -> None:
    """Some wait for the week's budget for a while when they are due; it makes no difference."""
    dues = [due(f"reminder:{number}", opens_at=MONDAY + A_DAY * day) for number, day in enumerate(sorted(openings))]
    ledger: list[Nudge] = []
    for day in [*sorted(looks), 99]:
        now, taken = MONDAY + A_DAY * day, {nudge.key for nudge in ledger}
        live = rules.open_now(dues, taken, now)
        unwanted = fewer_rules.left_out(live, ledger, HALF)
        ready = [each for each in live if each not in unwanted and (day == 99 or dues.index(each) not in held)]
        ledger += [*(told(each, dropped=LEFT_OUT) for each in unwanted), *(told(each) for each in ready)]

    in_order = sorted(ledger, key=lambda nudge: (nudge.due_at, nudge.key))
    assert [nudge.dropped is not None for nudge in in_order] == [number % 2 == 0 for number in range(len(dues))]
