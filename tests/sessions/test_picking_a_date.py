"""Which date may be picked: a moment to come, within the programme, that the clocks know."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import at

from bot.sessions import rules
from store.models import Session, SessionState

NOW = at("2027-03-15 10:00")
THURSDAY_THREE = at("2027-03-18 15:00")

zones = st.sampled_from(make.ZONES)


def picked(day: str | None, time: str | None, zone: str | None = make.LISBON, **pair: Any) -> datetime | dict[str, str]:
    return rules.date_problems(day, time, zone, NOW, make.pair(**pair))


def test_a_day_and_a_time_are_taken_in_the_zone_of_the_person_who_picks() -> None:
    assert picked("2027-06-18", "15:00") == datetime(2027, 6, 18, 14, 0, tzinfo=UTC)
    assert picked("2027-06-18", "15:00", "America/New_York") == datetime(2027, 6, 18, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "time", "field"),
    [
        (None, "15:00", "day"),
        ("2027-03-18", None, "time"),
        ("2027-03-15", "09:59", "day"),
        ("2027-03-28", "01:30", "time"),  # the clocks of Lisbon go from one to two that night
        ("2027-09-02", "15:00", "day"),
    ],
    ids=["no day", "no time", "in the past", "a time that does not exist", "after the programme's last day"],
)
def test_a_date_that_can_not_be_is_told_beside_its_field(day: str | None, time: str | None, field: str) -> None:
    answer = picked(day, time)

    assert isinstance(answer, dict)
    assert list(answer) == [field]


def test_an_hour_that_comes_twice_means_the_first_of_the_two() -> None:
    assert picked("2027-10-31", "01:30", ends_at=at("2028-03-01 09:00")) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_the_whole_last_day_but_not_the_next_may_be_picked() -> None:
    assert isinstance(picked("2027-08-31", "17:00"), datetime)
    assert isinstance(picked("2027-09-01", "15:00"), dict)


@given(
    day=st.dates(date(2027, 2, 20), date(2027, 9, 10)),
    time=st.times().map(lambda time: f"{time:%H:%M}"),
    zone=zones,
)
def test_what_is_taken_reads_on_the_wall_as_it_was_picked_and_lies_ahead_within_the_programme(
    day: date, time: str, zone: str
) -> None:
    answer = picked(f"{day}", time, zone)

    if isinstance(answer, dict):
        return
    assert f"{answer.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" == f"{day} {time}"
    assert NOW < answer <= make.pair().ends_at


def test_a_new_date_gets_the_next_number_even_after_a_missed_one() -> None:
    missed: list[Session] = [make.session(THURSDAY_THREE, 3, state=SessionState.MISSED)]

    assert (rules.next_number([]), rules.next_number(missed)) == (1, 4)
