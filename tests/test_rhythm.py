"""The months and fortnights of a pair: on calendars written by hand, and for every day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import rhythm
from bot.working_time import add_months
from store.models import Cadence

FIRST_OF_MARCH = date(2027, 3, 1)
MONTHLY, FORTNIGHTLY = Cadence.MONTHLY, Cadence.FORTNIGHTLY

days = st.dates(date(2026, 1, 1), date(2030, 12, 31))
cadences = st.sampled_from(Cadence)
numbers = st.integers(1, 130)


@pytest.mark.parametrize(
    ("number", "cadence", "day"),
    [
        (1, MONTHLY, "2027-03-01"),
        (4, MONTHLY, "2027-06-01"),
        (2, FORTNIGHTLY, "2027-03-15"),
        (3, FORTNIGHTLY, "2027-03-29"),
    ],
)
def test_each_begins_so_long_after_the_introduction(number: int, cadence: Cadence, day: str) -> None:
    assert rhythm.begins(FIRST_OF_MARCH, number, cadence) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("begun", "day", "month"),
    [
        (date(2027, 3, 1), date(2027, 3, 1), 1),
        (date(2027, 3, 1), date(2027, 3, 31), 1),
        (date(2027, 3, 1), date(2027, 4, 1), 2),
        (date(2027, 3, 15), date(2027, 4, 14), 1),
        (date(2027, 1, 31), date(2027, 2, 27), 1),
        (date(2027, 1, 31), date(2027, 2, 28), 2),
        (date(2027, 3, 1), date(2027, 2, 28), 1),
    ],
)
def test_months_are_counted_from_the_introduction(begun: date, day: date, month: int) -> None:
    assert rhythm.number_on(begun, day, MONTHLY) == month


@pytest.mark.parametrize(
    ("months", "cadence", "count"),
    [
        *((3, MONTHLY, 3), (6, MONTHLY, 6), (12, MONTHLY, 12)),
        *((3, FORTNIGHTLY, 7), (6, FORTNIGHTLY, 13), (12, FORTNIGHTLY, 26)),
    ],
)
def test_a_programme_has_so_many(months: int, cadence: Cadence, count: int) -> None:
    assert rhythm.last(FIRST_OF_MARCH, add_months(FIRST_OF_MARCH, months), cadence) == count


@given(introduced=days, months=st.integers(1, 12), late=st.integers(0, 4))
def test_each_month_of_a_programme_is_one_even_if_its_last_day_waits_for_a_working_day(
    introduced: date, months: int, late: int
) -> None:
    assert rhythm.last(introduced, add_months(introduced, months) + timedelta(days=late), MONTHLY) == months


def test_one_that_goes_on_has_no_last() -> None:
    assert rhythm.last(FIRST_OF_MARCH, None, MONTHLY) is None


@given(introduced=days, number=numbers, cadence=cadences)
def test_each_begins_after_the_one_before_and_its_first_day_is_its_own(
    introduced: date, number: int, cadence: Cadence
) -> None:
    begins, following = (rhythm.begins(introduced, each, cadence) for each in (number, number + 1))

    assert begins < following
    assert rhythm.number_on(introduced, begins, cadence) == number
    assert rhythm.number_on(introduced, following - timedelta(days=1), cadence) == number


@given(introduced=days, before=st.integers(1, 400), cadence=cadences)
def test_what_was_before_the_introduction_counts_as_the_first(introduced: date, before: int, cadence: Cadence) -> None:
    assert rhythm.number_on(introduced, introduced - timedelta(days=before), cadence) == 1
