"""When a person is at work: on days everybody knows, and in every zone and country there is."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from threading import Event, Thread
from zoneinfo import ZoneInfo, available_timezones

import make
import pytest
from holidays.holiday_base import HolidayBase
from hypothesis import example, given
from hypothesis import strategies as st
from make import at

from bot import working_time
from bot.working_time import WorkingTime, add_months, all_told, overlap, zone
from store.models import Person

ZONES = sorted(available_timezones() - {"Factory", "localtime"})
COUNTRIES = [None, "PT", "DE", "US", "IN", "NZ", "BR", "JP", "EG", "SA", "IR", "HK", "BN"]

zones = st.sampled_from(ZONES).map(zone)
moments = make.moments("2026-01-01", "2034-12-31")
days = st.dates(date(2026, 1, 1), date(2034, 12, 31))
countries = st.sampled_from(COUNTRIES)
times = make.working_people(ZONES, COUNTRIES).map(working_time.of)

nine_to_five = st.builds(WorkingTime, zones, countries.map(working_time.days_off))

LISBON = working_time.of(make.person())
PORTUGAL = working_time.of(make.person(country="PT"))
FRIDAY = date(2027, 3, 26)  # Good Friday


def all_open(everyone: tuple[WorkingTime, ...], moment: datetime) -> datetime:
    """Of what is never too late."""
    return all_told(everyone, moment, None, moment)


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


NOBODY_KNOWS = [None, "", "Europe/Atlantis", "../../etc/passwd", "Europe"]


@pytest.mark.parametrize("name", NOBODY_KNOWS)
def test_a_zone_nobody_knows_is_utc(name: str | None) -> None:
    assert zone(name).key == "UTC"


@pytest.mark.parametrize("name", NOBODY_KNOWS)
def test_in_a_company_most_of_which_is_elsewhere_it_is_the_zone_of_most(name: str | None) -> None:
    working_time.most_live_in("Asia/Tokyo")

    assert working_time.of(make.person(zone=name)).start_of(FRIDAY) == at("2027-03-26 09:00", "Asia/Tokyo")
    assert zone("Europe/Lisbon").key == "Europe/Lisbon"


@pytest.mark.parametrize(
    ("country", "off"),
    [
        (None, {5, 6}),
        ("PT", {5, 6}),
        ("XX", {5, 6}),
        ("EG", {4, 5}),
        ("SA", {4, 5}),
        ("AE", {5, 6}),
        ("BN", {4, 6}),
        ("HK", {5, 6}),
        ("IR", {3, 4}),
    ],
)
def test_weekends_are_those_of_the_country(country: str | None, off: set[int]) -> None:
    """Friday is 4. Where the law has one day alone, the one before it is left out too."""
    assert working_time.of(make.person(country=country)).weekend == off


def test_in_cairo_the_week_begins_on_a_sunday() -> None:
    cairo = working_time.of(make.person(zone="Africa/Cairo", country="EG"))

    assert cairo.next_open(at("2027-03-04 17:00", "Africa/Cairo")) == at("2027-03-07 09:00", "Africa/Cairo")


def test_ones_own_days_go_before_those_of_the_country_but_public_holidays_stay_free() -> None:
    ana = working_time.of(make.person(country="PT", work_days=[4, 5]))

    assert ana.is_working_day(date(2027, 3, 27)), "a Saturday"
    assert not ana.is_working_day(date(2027, 3, 25)), "a Thursday"
    assert not ana.is_working_day(FRIDAY), "Good Friday"


@pytest.mark.parametrize(
    ("zone", "day", "starts", "ends", "opens", "closes"),
    [
        # The clocks go forward from 01:00 to 02:00: 01:30 doesn't exist.
        ("Europe/Lisbon", "2027-03-28", "01:30", "04:00", "2027-03-28 02:30", "2027-03-28 04:00"),
        ("Europe/Lisbon", "2027-03-27", "22:00", "01:30", "2027-03-27 22:00", "2027-03-28 00:30"),
        # They go back from 02:00 to 01:00: 01:30 comes twice.
        ("Europe/Lisbon", "2027-10-31", "01:30", "04:00", "2027-10-31 01:30 second", "2027-10-31 04:00"),
        ("Europe/Lisbon", "2027-10-30", "22:00", "01:30", "2027-10-30 22:00", "2027-10-31 01:30"),
    ],
)
def test_a_shift_that_meets_a_change_of_the_clocks_is_rather_too_short(
    zone: str, day: str, starts: str, ends: str, opens: str, closes: str
) -> None:
    mine = WorkingTime(
        working_time.zone(zone), starts=time.fromisoformat(starts), ends=time.fromisoformat(ends), weekend=frozenset()
    )

    assert mine.start_of(date.fromisoformat(day)) == on_the_clock(opens, zone)
    assert mine.end_of(date.fromisoformat(day)) == on_the_clock(closes, zone)


def on_the_clock(said: str, zone: str) -> datetime:
    return at(said.removesuffix(" second"), zone) + timedelta(hours=1) * said.endswith("second")


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


def test_where_hours_never_meet_it_is_nobodys_night() -> None:
    auckland = WorkingTime(zone("Pacific/Auckland"))

    assert all_open((LISBON, auckland), at("2027-03-05 18:00")) == at("2027-03-09 08:00", "Pacific/Auckland")
    assert at("2027-03-09 08:00", "Pacific/Auckland") == at("2027-03-08 19:00")


def test_whoever_works_at_night_hears_with_the_others_in_the_morning_after_it() -> None:
    at_night = WorkingTime(zone("Europe/Lisbon"), starts=time(22), ends=time(5))

    assert all_open((LISBON, at_night), at("2027-03-05 18:00")) == at("2027-03-09 08:00")


def test_the_evening_before_their_day_is_not_theirs_to_be_woken_in() -> None:
    early = WorkingTime(zone("Europe/Lisbon"), weekend=frozenset(range(1, 7)), starts=time(0), ends=time(1))
    auckland = WorkingTime(zone("Pacific/Auckland"))

    assert all_open((early, auckland), at("2027-03-05 18:00")) == at("2027-03-08 00:00")


def test_whoever_works_nearly_all_day_is_awake_all_day() -> None:
    at_night = WorkingTime(zone("Europe/Lisbon"), starts=time(22), ends=time(1))
    all_day = WorkingTime(zone("Europe/Lisbon"), starts=time(1), ends=time(22))

    assert all_open((at_night, all_day), at("2027-03-01 12:00")) == at("2027-03-01 22:00")


def test_where_no_day_is_shared_the_first_of_them_decides() -> None:
    at_weekends = WorkingTime(zone("Europe/Lisbon"), weekend=frozenset(range(5)))

    assert all_open((LISBON, at_weekends), at("2027-03-05 18:00")) == at("2027-03-08 09:00")


@pytest.mark.parametrize(
    ("until", "told"),
    [
        ("2027-03-10 10:00", "2027-03-08 19:00"),
        ("2027-03-08 12:00", "2027-03-08 09:00"),  # in the night of one of them, but in time
        (None, "2027-03-08 19:00"),
    ],
)
def test_what_would_come_too_late_at_an_hour_for_both_comes_when_the_first_is_at_work(
    until: str | None, told: str
) -> None:
    both, since = (LISBON, WorkingTime(zone("Pacific/Auckland"))), at("2027-03-05 18:00")

    assert all_told(both, since, at(until) if until else None, since) == at(told)


def test_nobody_waits_weeks_for_an_hour_that_two_share_only_while_the_clock_of_one_has_changed() -> None:
    """As Lisbon and Los Angeles do from 14 March on. Before, Los Angeles gets up while Lisbon is still at work."""
    both, since = (LISBON, WorkingTime(zone("America/Los_Angeles"))), at("2027-02-13 12:00")
    gets_up = at("2027-02-15 08:00", "America/Los_Angeles")

    assert all_open(both, since) == gets_up
    assert all_told(both, since, None, gets_up) == gets_up, "that day comes into sight only then"
    assert all_open(both, at("2027-02-20 12:00")) == at("2027-02-22 08:00", "America/Los_Angeles")
    assert all_open(both, at("2027-03-13 12:00")) == at("2027-03-15 09:00", "America/Los_Angeles")


def test_whoever_is_away_until_after_a_date_does_not_keep_the_other_from_hearing_of_it() -> None:
    since = at("2027-03-01 09:30")
    for_long, for_days = (
        WorkingTime(zone("Europe/Lisbon"), frozenset(date(2027, 3, day) for day in range(1, last))) for last in (13, 3)
    )

    assert all_told((LISBON, for_long), since, at("2027-03-10 10:00"), since) == since
    assert all_told((LISBON, for_days), since, at("2027-03-02 10:00"), since) == at("2027-03-03 09:00"), "as usual"


def test_what_one_alone_hears_waits_for_their_work_even_where_it_is_too_late_then() -> None:
    away = WorkingTime(zone("Europe/Lisbon"), frozenset(date(2027, 3, day) for day in range(1, 13)))

    assert all_told((away,), at("2027-03-01 09:00"), at("2027-03-15 08:30"), at("2027-03-01 09:00")) == at(
        "2027-03-15 09:00"
    )


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


@cache
def changes(zone: str) -> list[datetime]:
    """When the clocks are changed there, in nine years, to the minute."""
    here = ZoneInfo(zone)

    def offset(minutes: int) -> timedelta:
        return (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)).astimezone(
            here
        ).utcoffset() or timedelta()

    days = range(0, 3287 * 1440, 1440)
    return [
        datetime(2026, 1, 1, tzinfo=UTC)
        + timedelta(
            minutes=bisect_left(range(day, day + 1440), True, key=lambda each, day=day: offset(each) != offset(day))
            + day
        )
        for day in days
        if offset(day) != offset(day + 1440)
    ]


@st.composite
def around_a_change(draw: st.DrawFn) -> tuple[Person, datetime]:
    """Somebody, and a moment of the day on which their clocks are changed, or of any day where they never are."""
    person = draw(make.working_people(ZONES, COUNTRIES))
    change = draw(st.sampled_from(changes(str(person.zone)) or [datetime(2027, 6, 1, tzinfo=UTC)]))
    return person, change + timedelta(minutes=draw(st.integers(-24 * 60, 24 * 60)))


@given(around_a_change())
def test_no_moment_is_working_time_that_their_own_clock_and_calendar_do_not_show_as_such(
    given: tuple[Person, datetime],
) -> None:
    person, moment = given
    mine = working_time.of(person)

    assert not mine.is_open(moment) or make.on_the_wall(person, moment)
    assert make.on_the_wall(person, mine.next_open(moment))


@given(person=make.working_people(["Asia/Kolkata", "Pacific/Kiritimati", "UTC"], COUNTRIES), moment=moments)
def test_where_no_clock_is_changed_working_time_is_just_what_the_clock_shows(person: Person, moment: datetime) -> None:
    assert working_time.of(person).is_open(moment) == make.on_the_wall(person, moment)


@given(time=times, moment=moments)
def test_nothing_opens_between_now_and_the_next_open_moment(time: WorkingTime, moment: datetime) -> None:
    opens = time.next_open(moment)

    hours = range(int((opens - moment) / timedelta(hours=1)))
    assert [hour for hour in hours if time.is_open(moment + timedelta(hours=hour))] == []


@given(time=nine_to_five, day=days)
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


@given(
    everyone=st.lists(times, min_size=1, max_size=3).map(tuple),
    since=moments,
    waits=st.none() | st.integers(1, 60_000),
    late=st.integers(0, 60_000),
    passed=st.floats(0, 1),
)
def test_when_all_are_told_does_not_change_while_it_is_waited_for(
    everyone: tuple[WorkingTime, ...], since: datetime, waits: int | None, late: int, passed: float
) -> None:
    until = None if waits is None else since + timedelta(minutes=waits)
    at = since + timedelta(minutes=late)

    told = all_told(everyone, since, until, at)

    assert all_told(everyone, since, until, at + (told - at) * passed) == told
    assert all_told(everyone, since, until, told) == told


@given(everyone=st.lists(times, min_size=1, max_size=3).map(tuple), moment=moments)
def test_when_all_are_said_to_be_at_work_they_are_or_their_hours_never_meet(
    everyone: tuple[WorkingTime, ...], moment: datetime
) -> None:
    opens = all_open(everyone, moment)
    quarters = [opens + timedelta(minutes=15) * number for number in range(-5 * 4, 2 * 4)]  # the clocks may change

    assert opens >= moment
    assert (
        all(each.is_open(opens) for each in everyone)
        or all(any(each.is_open(quarter) for quarter in quarters) for each in everyone)
        or opens == everyone[0].next_open(moment)
    )


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
