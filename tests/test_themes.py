"""Six themes in their order, over however many months."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.themes import THEMES, month_of, theme_of
from bot.working_time import add_months

lengths = st.integers(2, 60)


@pytest.mark.parametrize(
    ("months", "themes"),
    [
        (1, [1]),
        (2, [1, 6]),
        (3, [1, 4, 6]),
        (6, [1, 2, 3, 4, 5, 6]),
        (9, [1, 2, 2, 3, 4, 4, 5, 5, 6]),
        (12, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]),
    ],
)
def test_the_themes_are_spread_over_the_months(months: int, themes: list[int]) -> None:
    assert [theme_of(month, months) for month in range(1, months + 1)] == themes


@given(months=lengths)
def test_the_first_month_has_the_first_theme_the_last_one_the_last_and_none_goes_back(months: int) -> None:
    themes = [theme_of(month, months) for month in range(1, months + 1)]

    assert (themes[0], themes[-1]) == (1, 6)
    assert themes == sorted(themes)
    if months >= 6:
        assert set(themes) == set(THEMES)


@given(months=lengths, more=st.integers(0, 60))
def test_whoever_goes_on_after_the_last_month_stays_with_its_theme(months: int, more: int) -> None:
    assert theme_of(months + more, months) == 6


@given(month=st.integers(1, 600))
def test_who_goes_on_and_on_begins_anew_after_six_months(month: int) -> None:
    assert theme_of(month, None) == (month - 1) % 6 + 1


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
    assert month_of(begun, day) == month


@given(begun=st.dates(date(2027, 1, 1), date(2030, 1, 1)), ahead=st.integers(0, 1500))
def test_a_day_lies_in_exactly_one_month(begun: date, ahead: int) -> None:
    day = date.fromordinal(begun.toordinal() + ahead)

    month = month_of(begun, day)

    assert add_months(begun, month - 1) <= day < add_months(begun, month)
