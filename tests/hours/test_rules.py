"""When one may be written to: what makes sense is kept as it was chosen, the rest is asked for again."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import at

from bot import working_time
from bot.hours import rules
from bot.hours.rules import NUDGES, Hours

USUAL = Hours(time(9), time(17), (0, 1, 2, 3, 4), 3)

times = st.times().map(lambda at: time(at.hour, at.minute))
sane = st.builds(
    Hours, times, times, st.sets(st.integers(0, 6), min_size=1).map(sorted).map(tuple), st.sampled_from(NUDGES)
).filter(lambda hours: not rules.problems(hours))


@pytest.mark.parametrize(
    ("starts", "ends", "why"),
    [
        (time(9), time(9), "less than an hour"),
        (time(9), time(9, 59), "less than an hour"),
        (time(17), time(9), "before 17:00"),
        (time(9), time(8, 30), "before 09:00"),
    ],
)
def test_hours_that_make_no_sense_are_asked_for_again(starts: time, ends: time, why: str) -> None:
    wrong = rules.problems(replace(USUAL, starts=starts, ends=ends))

    assert list(wrong) == ["ends"]
    assert why in wrong["ends"]


@pytest.mark.parametrize(
    ("starts", "ends"), [(time(9), time(10)), (time(22), time(6)), (time(14), time(0)), (time(0), time(23))]
)
def test_early_late_and_night_shifts_are_taken(starts: time, ends: time) -> None:
    assert rules.problems(replace(USUAL, starts=starts, ends=ends)) == {}


def test_what_is_missing_is_named_beside_its_field() -> None:
    assert set(rules.problems(Hours(None, None, (), None))) == {"starts", "ends", "days", "nudges"}
    assert set(rules.problems(replace(USUAL, nudges=99, days=(7,)))) == {"nudges", "days"}


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    ana = make.person()
    rules.keep(ana, Hours(time(22), time(6), (4,), 3))
    mine = working_time.of(ana)

    assert mine.is_open(at("2027-03-05 23:00")), "a Friday"
    assert mine.is_open(at("2027-03-06 05:59"))
    assert not mine.is_open(at("2027-03-05 05:00")), "Thursday's shift is none"
    assert not mine.is_open(at("2027-03-06 06:00"))
    assert mine.next_open(at("2027-03-06 06:00")) == at("2027-03-12 22:00")


def test_days_that_are_the_usual_ones_follow_a_move_to_another_country_and_chosen_ones_stay() -> None:
    usual, own = make.person(country="EG"), make.person(country="EG")
    rules.keep(usual, replace(USUAL, days=(6, 0, 1, 2, 3)))
    rules.keep(own, replace(USUAL, days=(0, 2)))

    usual.country = own.country = "PT"
    assert rules.now(usual, 3).days == (0, 1, 2, 3, 4)
    assert rules.now(own, 3).days == (0, 2)


def test_who_chose_no_number_gets_as_many_as_is_usual_and_who_did_gets_theirs() -> None:
    ana, oliver = make.person(), make.person()
    rules.keep(oliver, replace(USUAL, nudges=1))

    assert (rules.now(ana, 4).nudges, rules.now(oliver, 4).nudges) == (4, 1)


@given(chosen=sane, country=st.sampled_from([None, "PT", "EG", "IR", "HK"]))
def test_what_was_chosen_holds(chosen: Hours, country: str | None) -> None:
    ana = make.person(country=country)

    rules.keep(ana, chosen)

    assert rules.now(ana, 3) == chosen


@given(chosen=sane, day=st.dates(datetime(2027, 1, 1).date(), datetime(2028, 1, 1).date()))  # noqa: DTZ001
def test_there_is_an_hour_at_least_on_each_day_of_theirs(chosen: Hours, day: datetime) -> None:
    ana = make.person(zone="Asia/Kolkata")  # where no clock is ever changed
    rules.keep(ana, chosen)
    mine = working_time.of(ana)

    assert timedelta(hours=1) <= mine.end_of(day) - mine.start_of(day) < timedelta(days=1)
