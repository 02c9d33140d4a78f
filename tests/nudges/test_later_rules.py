"""What was put off comes back once, in working hours, while there is still something to it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import make
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from make import at, due

from bot import working_time
from bot.due import Due
from bot.nudges import later_rules, rules
from bot.nudges.later_rules import Later
from bot.working_time import WorkingTime
from store.models import MemberState, Nudge
from store.snapshots import Snapshot

MINE = working_time.of(make.person())
WEDNESDAY = at("2027-03-03 10:00")
KEY = "reminder:5:1:0:1"
BACK = at("2027-03-04 09:00")
zones = st.sampled_from([*make.ZONES, None])
people = st.builds(
    lambda zone, country: working_time.of(make.person(zone=zone, country=country)),
    zones,
    st.sampled_from([None, "PT", "US"]),
)


def put_off(key: str = KEY, *, until: datetime = BACK, **facts: object) -> Nudge:
    return make.nudge(key=key, put_off_until=until, **facts)


def known(*nudges: Nudge, **more: object) -> Snapshot:
    return make.snapshot(make.partnership(), nudges=nudges, **more)


def back(snapshot: Snapshot, *dues: Due) -> list[str]:
    return [each.key for each in later_rules.brought_back(dues, snapshot)]


# When


@pytest.mark.parametrize(
    ("now", "later", "then"),
    [
        ("2027-03-03 10:00", Later.TODAY, "2027-03-03 13:00"),
        ("2027-03-03 05:00", Later.TODAY, "2027-03-03 09:00"),
        ("2027-03-03 15:00", Later.TODAY, None),
        ("2027-03-03 10:00", Later.TOMORROW, "2027-03-04 09:00"),
        ("2027-03-05 10:00", Later.WORKING_DAY, "2027-03-08 09:00"),
        ("2027-03-03 10:00", Later.WEEK, "2027-03-08 09:00"),
        ("2027-03-07 10:00", Later.WEEK, "2027-03-08 09:00"),
        ("2027-03-08 10:00", Later.WEEK, "2027-03-15 09:00"),
    ],
)
def test_when_it_comes_back(now: str, later: Later, then: str | None) -> None:
    assert later_rules.moment(later, MINE, at(now)) == (at(then) if then else None)


def test_a_reminder_of_this_afternoon_can_be_put_off_only_until_it_is_too_late() -> None:
    today = due(KEY, closes_at=at("2027-03-03 15:00"))

    assert list(later_rules.offered([today], MINE, WEDNESDAY)) == [Later.TODAY]
    assert list(later_rules.offered([today], MINE, at("2027-03-03 12:30"))) == []


def test_a_question_for_two_weeks_can_be_put_off_until_next_week() -> None:
    question = due(KEY, closes_at=WEDNESDAY + timedelta(days=14))

    assert list(later_rules.offered([question], MINE, WEDNESDAY)) == [Later.TODAY, Later.TOMORROW, Later.WEEK]


def test_on_a_friday_next_week_is_not_offered_twice_and_before_a_holiday_it_is_the_next_working_day() -> None:
    us = working_time.of(make.person(zone="America/New_York", country="US"))
    before_new_year = at("2026-12-31 10:00", "America/New_York")  # a Thursday; the Friday is a holiday
    before_independence = at("2029-07-03 10:00", "America/New_York")  # a Tuesday

    assert list(later_rules.offered([due(KEY)], MINE, at("2027-03-05 10:00"))) == [Later.TODAY, Later.WEEK]
    assert list(later_rules.offered([due(KEY)], us, before_new_year)) == [Later.TODAY, Later.WEEK]
    assert Later.WORKING_DAY in later_rules.offered([due(KEY)], us, before_independence)


@given(mine=people, now=make.moments("2027-01-01", "2028-12-31"), hours=st.none() | st.integers(1, 24 * 20))
def test_every_moment_offered_is_to_come_in_working_hours_within_the_window_and_is_offered_once(
    mine: WorkingTime, now: datetime, hours: int | None
) -> None:
    closes_at = None if hours is None else now + timedelta(hours=hours)

    offered = later_rules.offered([due(KEY, closes_at=closes_at)], mine, now)

    assert [moment for moment in offered.values() if moment <= now or not mine.is_open(moment)] == []
    assert [moment for moment in offered.values() if closes_at is not None and moment >= closes_at] == []
    assert len(set(offered.values())) == len(offered) <= 3
    assert list(offered.values()) == sorted(offered.values())


# What comes back


def test_it_comes_back_under_a_key_of_its_own_as_often_as_it_is_put_off() -> None:
    once, twice = put_off(id=31), put_off(f"{KEY}:later:1", id=32)

    assert back(known(once), due(KEY)) == [f"{KEY}:later:1"]
    assert back(known(once, twice), due(KEY)) == [f"{KEY}:later:1", f"{KEY}:later:2"], "the first was claimed"


def test_what_was_done_meanwhile_does_not_come_back_and_is_told_to_the_ledger_once() -> None:
    snapshot = known(put_off())

    assert back(snapshot) == []
    [told] = later_rules.settled([], snapshot)
    assert (told.key, told.kind, told.opens_at) == (f"{KEY}:later:1", "reminder", BACK)
    assert later_rules.settled([], known(put_off(), make.nudge(key=told.key, id=32, dropped="done"))) == []
    assert later_rules.settled([due(KEY)], snapshot) == []


def test_a_question_that_they_have_answered_does_not_come_back() -> None:
    snapshot = known(put_off(), reflections=(make.reflection(nudge_id=31),))

    assert back(snapshot, due(KEY)) == []
    assert [each.key for each in later_rules.settled([due(KEY)], snapshot)] == [f"{KEY}:later:1"]


def test_what_rests_on_a_pause_is_not_given_up() -> None:
    resting = make.snapshot(make.partnership(partner_state=MemberState.PAUSED), nudges=(put_off(),))

    assert (back(resting), later_rules.settled([], resting)) == ([], [])


def test_it_goes_first_and_out_however_much_they_had_that_week_and_whatever_they_were_asked_today() -> None:
    [again] = later_rules.brought_back([due(KEY, asks=True)], known(put_off()))
    three = [BACK - timedelta(days=days) for days in (1, 2, 3)]

    choice = rules.choose([again, due("plan:1", worth=90)], {KEY}, three, [BACK - timedelta(hours=1)], MINE, BACK)

    assert [[each.key for each in message] for message in choice.messages] == [[again.key]]
    other = due("halfway:1", asks=True, worth=90)
    together = rules.choose([again, other], {KEY}, (), (), MINE, BACK)
    assert together.held == {"halfway:1": "one question at a time"}


# Lives in which something is put off


@dataclass
class Life:
    """From the press on: looked at when it was to be, and whenever else it pleases."""

    mine: WorkingTime
    base: Due
    done_at: datetime | None
    ledger: list[Nudge]
    said: list[datetime] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    """What the ledger says of it where it didn't come."""

    def live(self, moments: set[datetime]) -> None:
        while moments:
            moments.remove(now := min(moments))
            if (look_at := self._look(now)) is not None:
                moments.add(look_at)

    def _look(self, now: datetime) -> datetime | None:
        theirs = [] if self.done_at is not None and now >= self.done_at else [self.base]
        snapshot = known(*self.ledger)
        settled = [each.key for each in later_rules.settled(theirs, snapshot)]
        dues, taken = [*theirs, *later_rules.brought_back(theirs, snapshot)], {nudge.key for nudge in self.ledger}
        choice = rules.choose(dues, taken | set(settled), (), (), self.mine, now)
        said = [each.key for message in choice.messages for each in message]
        self.said += [now] * len(said)
        self.ended += [*settled, *(each.key for each in choice.dropped if each.is_wished)]
        told = [*said, *settled, *(rules.key_if_dropped(each) for each in choice.dropped)]
        self.ledger += [make.nudge(key=key, id=100 + len(self.ledger) + number) for number, key in enumerate(told)]
        return choice.look_at


def after(pressed: datetime, hours: int | None) -> datetime | None:
    return None if hours is None else pressed + timedelta(hours=hours)


@settings(max_examples=100)
@given(
    mine=people,
    pressed=make.moments("2027-03-01", "2027-12-31"),
    later=st.sampled_from(Later),
    closes_after=st.none() | st.integers(1, 24 * 14),
    done_after=st.none() | st.integers(1, 24 * 10),
    looks=st.lists(st.integers(0, 24 * 20), max_size=10),
)
def test_it_comes_back_exactly_once_and_never_early_or_late_or_at_night_or_once_it_is_done(
    mine: WorkingTime,
    pressed: datetime,
    later: Later,
    closes_after: int | None,
    done_after: int | None,
    looks: list[int],
) -> None:
    until = later_rules.moment(later, mine, pressed)
    assume(until is not None)
    assert until is not None
    closes_at, done_at = after(pressed, closes_after), after(pressed, done_after)
    life = Life(mine, due(KEY, opens_at=pressed, closes_at=closes_at), done_at, [put_off(until=until)])

    # Doing it looks at them, and so does the press itself.
    life.live({pressed, *([done_at] if done_at else []), *(pressed + timedelta(hours=hours) for hours in looks)})

    ends = min((moment for moment in (closes_at, done_at) if moment is not None), default=None)
    comes = ends is None or until < ends
    assert life.said == ([until] if comes else [])
    assert life.ended == ([] if comes else [f"{KEY}:later:1"])


def test_a_life_in_which_it_is_too_late_before_it_comes_back_says_so_in_the_ledger() -> None:
    life = Life(MINE, due(KEY, opens_at=WEDNESDAY, closes_at=at("2027-03-03 15:00")), None, [put_off()])

    life.live({WEDNESDAY})

    assert (life.said, life.ended) == ([], [f"{KEY}:later:1"])
