"""When a person is at work: on days everybody knows, and in every zone and country there is."""

from datetime import UTC, date, datetime, timedelta
from threading import Event, Thread
from zoneinfo import available_timezones

import make
import pytest
from holidays.holiday_base import HolidayBase
from hypothesis import example, given
from hypothesis import strategies as st
from make import at

from bot import working_time
from bot.working_time import WorkingTime, add_months, all_open, overlap, zone

ZONES = sorted(available_timezones() - {"Factory", "localtime"})
COUNTRIES = [None, "PT", "DE", "US", "IN", "NZ", "BR", "JP"]

zones = st.sampled_from(ZONES).map(zone)
moments = make.moments("2026-01-01", "2035-12-31")
days = st.dates(date(2026, 1, 1), date(2035, 12, 31))
times = st.builds(WorkingTime, zones, st.sampled_from(COUNTRIES).map(working_time.days_off))

LISBON = working_time.of(make.person())
PORTUGAL = working_time.of(make.person(country="PT"))
FRIDAY = date(2027, 3, 26)  # Good Friday


# For people


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2027-03-01 08:59", False),
        ("2027-03-01 09:00", True),
        ("2027-03-01 16:59", True),
        ("2027-03-01 17:00", False),
        ("2027-02-28 12:00", False),
    ],
)
def test_work_is_from_nine_to_five_from_monday_to_friday(moment: str, is_open: bool) -> None:
    assert LISBON.is_open(at(moment)) is is_open


def test_after_work_on_a_friday_comes_monday_morning() -> None:
    assert LISBON.next_open(at("2027-03-05 17:00")) == at("2027-03-08 09:00")


def test_before_work_comes_the_same_morning() -> None:
    assert LISBON.next_open(at("2027-03-05 03:00")) == at("2027-03-05 09:00")


def test_at_work_it_is_now() -> None:
    assert LISBON.next_open(at("2027-03-05 12:34")) == at("2027-03-05 12:34")


def test_who_asks_while_another_thread_reads_a_calendar_hears_of_its_holidays(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, asked, new_year = Event(), Event(), date(1999, 1, 1)
    read = HolidayBase._populate

    def slowly(self: HolidayBase, year: int) -> None:
        if not reading.is_set():
            reading.set()
            asked.wait(5)
        read(self, year)

    monkeypatch.setattr(HolidayBase, "_populate", slowly)
    first = Thread(target=PORTUGAL.is_working_day, args=[new_year])
    first.start()
    reading.wait(5)
    is_working_day = PORTUGAL.is_working_day(new_year)
    asked.set()
    first.join()

    assert not is_working_day


def test_a_public_holiday_of_the_country_is_a_day_off() -> None:
    assert PORTUGAL.next_open(at("2027-03-26 12:00")) == at("2027-03-29 09:00")
    assert LISBON.next_open(at("2027-03-26 12:00")) == at("2027-03-26 12:00")


def test_a_country_nobody_has_a_calendar_of_has_no_holidays() -> None:
    nowhere = working_time.of(make.person(country="XX"))

    assert nowhere.is_working_day(FRIDAY)


@pytest.mark.parametrize("name", [None, "", "Europe/Atlantis", "../../etc/passwd", "Europe"])
def test_a_zone_nobody_knows_is_utc(name: str | None) -> None:
    assert zone(name).key == "UTC"


def test_when_the_clocks_go_forward_work_still_begins_at_nine_on_the_wall() -> None:
    assert LISBON.start_of(date(2027, 3, 26)) == datetime(2027, 3, 26, 9, tzinfo=UTC)
    assert LISBON.start_of(date(2027, 3, 29)) == datetime(2027, 3, 29, 8, tzinfo=UTC)


def test_when_the_clocks_go_back_work_still_begins_at_nine_on_the_wall() -> None:
    assert LISBON.start_of(date(2027, 10, 29)) == datetime(2027, 10, 29, 8, tzinfo=UTC)
    assert LISBON.start_of(date(2027, 11, 1)) == datetime(2027, 11, 1, 9, tzinfo=UTC)


def test_two_are_at_work_together_when_the_later_one_begins() -> None:
    new_york = WorkingTime(zone("America/New_York"))

    assert all_open((LISBON, new_york), at("2027-03-05 10:00")) == at("2027-03-05 09:00", "America/New_York")
    assert all_open((LISBON, new_york), at("2027-03-05 17:00")) == at("2027-03-08 09:00", "America/New_York")


def test_where_hours_never_meet_the_first_of_them_decides() -> None:
    auckland = WorkingTime(zone("Pacific/Auckland"))

    assert all_open((LISBON, auckland), at("2027-03-05 18:00")) == at("2027-03-08 09:00")


@pytest.mark.parametrize(
    ("one", "other", "hours"),
    [
        ("Europe/Lisbon", "Europe/Lisbon", 8),
        ("Europe/Lisbon", "Europe/Berlin", 7),
        ("Europe/Lisbon", "America/New_York", 3),
        ("Europe/Berlin", "Asia/Kolkata", 3.5),
        ("America/Los_Angeles", "Pacific/Auckland", 5),  # across the date line
        ("America/New_York", "Asia/Kolkata", 0),
    ],
)
def test_how_many_hours_two_zones_share(one: str, other: str, hours: float) -> None:
    assert overlap(zone(one), zone(other), date(2027, 3, 3)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 11, 15), 3, date(2028, 2, 15)),
        (date(2027, 3, 1), 0, date(2027, 3, 1)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


# What always holds


@given(time=times, moment=moments)
def test_the_next_open_moment_is_open_and_not_before(time: WorkingTime, moment: datetime) -> None:
    opens = time.next_open(moment)

    assert time.is_open(opens)
    assert opens >= moment


@given(time=times, moment=moments)
def test_nothing_opens_between_now_and_the_next_open_moment(time: WorkingTime, moment: datetime) -> None:
    opens = time.next_open(moment)

    hours = range(int((opens - moment) / timedelta(hours=1)))
    assert [hour for hour in hours if time.is_open(moment + timedelta(hours=hour))] == []


@given(time=times, day=days)
def test_work_begins_at_nine_on_the_wall_in_every_zone_on_every_day(time: WorkingTime, day: date) -> None:
    begins = time.start_of(day)

    assert f"{begins.astimezone(time.zone):%Y-%m-%d %H:%M}" == f"{day} 09:00"
    assert begins.utcoffset() == timedelta()


@given(time=times, day=days, count=st.integers(1, 6))
def test_so_many_working_days_before_and_after_lie_between(time: WorkingTime, day: date, count: int) -> None:
    before, after = time.working_days_before(day, count), time.working_days_after(day, count)

    passed = [before + timedelta(days=number) for number in range((after - before).days + 1)]
    assert sum(time.is_working_day(each) for each in passed if each < day) == count
    assert sum(time.is_working_day(each) for each in passed if each > day) == count
    assert time.is_working_day(before)
    assert time.is_working_day(after)


@given(time=times, day=days)
def test_the_working_day_of_a_day_is_that_day_or_the_first_after_it(time: WorkingTime, day: date) -> None:
    found = time.working_day(day)

    skipped = [day + timedelta(days=number) for number in range((found - day).days)]
    assert time.is_working_day(found)
    assert not any(time.is_working_day(each) for each in skipped)


@given(everyone=st.lists(times, min_size=1, max_size=3).map(tuple), moment=moments)
def test_when_all_are_said_to_be_at_work_they_are_or_their_hours_never_meet(
    everyone: tuple[WorkingTime, ...], moment: datetime
) -> None:
    opens = all_open(everyone, moment)

    assert opens >= moment
    assert all(each.is_open(opens) for each in everyone) or opens == everyone[0].next_open(moment)


@example(zone("America/Los_Angeles"), zone("Pacific/Auckland"), date(2027, 3, 14))  # the clocks go forward in one
@given(one=zones, other=zones, day=days)
def test_shared_hours_are_the_same_from_both_ends_and_never_more_than_a_working_day(
    one: working_time.ZoneInfo, other: working_time.ZoneInfo, day: date
) -> None:
    shared = overlap(one, other, day)

    assert shared == overlap(other, one, day)
    assert timedelta() <= shared <= timedelta(hours=8)


@given(one=zones, day=days)
def test_with_oneself_a_whole_working_day_is_shared(one: working_time.ZoneInfo, day: date) -> None:
    assert overlap(one, one, day) == timedelta(hours=8)


@given(day=days, months=st.integers(0, 30))
def test_months_later_is_that_many_months_later(day: date, months: int) -> None:
    later = add_months(day, months)

    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day <= day.day


@given(here=zones, now=make.moments("2026-01-01", "2028-01-01"))
def test_next_monday_is_ahead_within_a_week_and_before_work_begins(here: working_time.ZoneInfo, now: datetime) -> None:
    at = working_time.next_monday(here, now)

    local = at.astimezone(here)
    assert (local.weekday(), local.hour) == (0, 6)
    assert now < at <= now + timedelta(days=7, hours=2), "clocks may be put back meanwhile"
