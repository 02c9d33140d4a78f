"""When a person may be disturbed: working hours and days in their own zone, by name, public holidays left out."""

from calendar import monthrange
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import holidays

from store.models import Person

STARTS = time(9)
ENDS = time(17)
WEEK_BEGINS = time(6)  # on Mondays
Parts = tuple[tuple[time, time], ...]
"""Parts of a day, each from and until when, in somebody's own zone; none of them overlap."""
WHOLE_DAY: Parts = ((STARTS, ENDS),)
PARTS_OF_DAY = {
    "morning": (STARTS, time(12)),
    "midday": (time(12), time(14)),
    "afternoon": (time(14), ENDS),
}
EVERY_DAY = frozenset(range(7))  # Monday is 0
WEEKEND = frozenset({5, 6})
ONE_DAY = timedelta(days=1)
FAR = timedelta(days=7)  # that much later than when all are awake: more than a weekend, or a feast
NEAR = ((0, 0), (0, -1), (0, 1), (-1, 0), (1, 0))
"""Which days of two can share hours, counted from one: the other's day may be another, whoever is asked first."""
MANY = 50_000  # times of which the last are remembered: rules ask for the same ones again and again
BEFORE_WORK, AFTER_WORK = 1, 4
"""Hours. Then they are awake for sure, with usual hours from 8:00 to 21:00: Slack's own quiet hours begin at 22:00."""
SEARCH = timedelta(days=30)  # longer than any run of days off that a calendar has


@dataclass(frozen=True)
class PublicHolidays:
    """Of a country, in any year."""

    country: str

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in _public_holidays(self.country, day.year)


@dataclass(frozen=True)
class WorkingTime:
    zone: ZoneInfo
    days_off: Container[date] = frozenset()
    weekend: frozenset[int] = WEEKEND
    starts: time = STARTS
    ends: time = ENDS
    """What is not later than `starts` is on the next day: a night shift is work of the day on which it begins."""

    @property
    def is_over_midnight(self) -> bool:
        return self.ends <= self.starts

    def is_working_day(self, day: date) -> bool:
        return day.weekday() not in self.weekend and day not in self.days_off

    def is_open(self, at: datetime) -> bool:
        today = self.local_date(at)
        shifts = (today - ONE_DAY, today) if self.is_over_midnight else (today,)
        return any(self.start_of(day) <= at < self.end_of(day) and self.is_working_day(day) for day in shifts)

    def start_of(self, day: date) -> datetime:
        """When work begins that day, in UTC.

        Where the clocks are changed just then: not before every clock on the wall says so.
        """
        return _start(day, self.starts, self.zone)

    def end_of(self, day: date) -> datetime:
        """When the work that begins that day is over, in UTC: before any clock on the wall can say so."""
        return _end(day + ONE_DAY * self.is_over_midnight, self.ends, self.zone)

    def next_open(self, at: datetime) -> datetime:
        """That moment if it is within working hours, else when work begins next."""
        if self.is_open(at):
            return at
        day = self.working_day(self.local_date(at))
        while not at <= self.start_of(day) < self.end_of(day):  # the clocks may go forward over a whole short shift
            day = self.working_day(day + ONE_DAY)
        return self.start_of(day)

    def working_day(self, day: date) -> date:
        """That day if it is a working day, else the next one."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def working_days_after(self, day: date, count: int) -> date:
        return self._count(day, count, ONE_DAY)

    def working_days_before(self, day: date, count: int) -> date:
        return self._count(day, count, -ONE_DAY)

    def _count(self, day: date, count: int, step: timedelta) -> date:
        while count:
            day += step
            count -= self.is_working_day(day)
        return day

    def day_of(self, at: datetime) -> date:
        """The day whose work it is then: after midnight a night shift is still of the day before."""
        local = at.astimezone(self.zone)
        return local.date() - ONE_DAY * (self.is_over_midnight and local.time() < self.ends)

    def local_date(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()


@lru_cache(MANY)
def _start(day: date, starts: time, zone: ZoneInfo) -> datetime:
    return max(_shown(day, starts, zone))


@lru_cache(MANY)
def _end(day: date, ends: time, zone: ZoneInfo) -> datetime:
    return min(_shown(day, ends, zone))


def of(person: Person) -> WorkingTime:
    """As they chose; else the usual hours on the working days of their country. Public holidays are free either way."""
    days = tuple(person.work_days or ())
    return _chosen(zone(person.zone), person.country, days, person.works_from, person.works_until)


@lru_cache(MANY)
def _chosen(
    zone: ZoneInfo, country: str | None, days: tuple[int, ...], starts: time | None, ends: time | None
) -> WorkingTime:
    return WorkingTime(
        zone,
        days_off(country),
        weekend=EVERY_DAY - frozenset(days) if days else weekend(country),
        starts=STARTS if starts is None else starts,
        ends=ENDS if ends is None else ends,
    )


def parts_of_day(names: Iterable[str]) -> Parts:
    """The parts of a working day that somebody chose; all of it where they chose none."""
    found = tuple(PARTS_OF_DAY[part] for part in sorted(PARTS_OF_DAY.keys() & set(names)))
    return found or WHOLE_DAY


def zone(name: str | None) -> ZoneInfo:
    """Somebody whose zone nobody knows is taken to live where most people of the workspace do."""
    try:
        return ZoneInfo(name) if name else _home.zone
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _home.zone


@dataclass
class Home:
    zone: ZoneInfo


_home = Home(ZoneInfo("UTC"))


def most_live_in(name: str | None) -> None:
    """From now on, in this process, whoever's zone nobody knows lives there; in UTC where that isn't known either."""
    _home.zone = ZoneInfo("UTC")
    _home.zone = zone(name)


@cache
def known_zones() -> frozenset[str]:
    """All names of zones. Finding them goes through a folder of the system, which is too long for each person."""
    return frozenset(available_timezones())


@cache
def days_off(country: str | None) -> Container[date]:
    """The public holidays of the whole country; none where the country or its calendar is not known."""
    if not country:
        return frozenset()
    try:
        holidays.country_holidays(country)
    except NotImplementedError:
        return frozenset()
    return PublicHolidays(country)


@cache
def weekend(country: str | None) -> frozenset[int]:
    """On which weekdays people of that country are off, Monday being 0; Saturday and Sunday where nobody knows.

    Where the law names one day alone, offices rarely work all of the day before: that is left out too.
    """
    try:
        days = frozenset(holidays.country_holidays(country).weekend) if country else WEEKEND
    except NotImplementedError:
        return WEEKEND
    return days | {(day - 1) % 7 for day in days} if len(days) == 1 else days


@cache
def _public_holidays(country: str, year: int) -> frozenset[date]:
    """Each year in a calendar of its own: one that is shared by threads says no while another of them fills it."""
    calendar = holidays.country_holidays(country)
    calendar.get(date(year, 1, 1))  # it reads a year when first asked about a day of it
    return frozenset(calendar)


def all_told(everyone: tuple[WorkingTime, ...], since: datetime, until: datetime | None, at: datetime) -> datetime:
    """When all of them may hear, from `at` on, what is said from `since` and no use after `until`.

    When all of them are at work. Where their hours never meet, or only in the weeks when one's clock has changed and
    the other's hasn't: when the first of them is and it is nobody's night, or nobody's night at least. Where there is
    no such moment either, or only too late, the first of them decides: it must arrive.

    Which of these it is depends on `since` alone: what comes into sight meanwhile is no reason to wait for it.
    """
    if len(everyone) == 1:
        return everyone[0].next_open(at)
    ways = (everyone, *_awake(everyone))
    firsts = [_meet(hours, since) for hours in ways]
    soonest = firsts[-1]
    for hours, first in zip(ways, firsts, strict=True):
        if first is None or soonest is None or first > soonest + FAR:
            continue
        is_in_time = until is None or first < until or (hours is everyone and first <= since + FAR)
        if is_in_time and (opens := _meet(hours, at)) is not None:
            return opens
    return everyone[0].next_open(at)


@lru_cache(maxsize=10_000)  # asked again and again of the same two about the same dates; a month's search is long
def _meet(everyone: tuple[WorkingTime, ...], at: datetime) -> datetime | None:
    """None where their hours don't meet within a month."""
    moment = everyone[0].next_open(at)
    while moment < at + SEARCH:
        closed = [each for each in everyone if not each.is_open(moment)]
        if not closed:
            return moment
        moment = max(each.next_open(moment) for each in closed)
    return None


def _awake(everyone: tuple[WorkingTime, ...]) -> tuple[tuple[WorkingTime, ...], ...]:
    """When the first is at work and the others are awake, and when all are awake."""
    longer = tuple(_awake_around(each) for each in everyone)
    return ((everyone[0], *longer[1:]), longer)


@lru_cache(MANY)
def _awake_around(hours: WorkingTime) -> WorkingTime:
    """From a little before their work until the evening after it, or what is evening to them."""
    earlier = max(hours.starts.hour - BEFORE_WORK, 0)  # not on the day before, which may be a day off
    over, later = divmod(hours.ends.hour + AFTER_WORK, 24)
    starts, ends = hours.starts.replace(hour=earlier), hours.ends.replace(hour=later)
    return replace(hours, starts=starts, ends=min(starts, ends) if over else ends)  # no more than a whole day


def overlap(
    first: ZoneInfo,
    second: ZoneInfo,
    day: date,
    first_parts: Parts = WHOLE_DAY,
    second_parts: Parts = WHOLE_DAY,
) -> timedelta:
    """How long both are at work at once, in these parts of their days, on a working day around that date."""
    return max(
        sum(
            (
                _overlap(first, day + timedelta(one), part, second, day + timedelta(other), other_part)
                for part in first_parts
                for other_part in second_parts
            ),
            timedelta(),
        )
        for one, other in NEAR
    )


def _overlap(
    first: ZoneInfo, day: date, part: tuple[time, time], second: ZoneInfo, other_day: date, other: tuple[time, time]
) -> timedelta:
    starts = max(at_utc(day, part[0], first), at_utc(other_day, other[0], second))
    ends = min(at_utc(day, part[1], first), at_utc(other_day, other[1], second))
    return max(ends - starts, timedelta())


def at_utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When it is that time there."""
    return datetime.combine(day, at, zone).astimezone(UTC)


@lru_cache(maxsize=10_000)  # asked again and again for the same few days
def _shown(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a clock there may show that time: two moments where it shows it twice, or never, since it is changed."""
    return at_utc(day, at, zone), at_utc(day, at.replace(fold=1), zone)


def next_monday(zone: ZoneInfo, now: datetime) -> datetime:
    """When the next week begins there, early enough that what is worked out then is there when people come."""
    local = now.astimezone(zone)
    monday = local.date() + timedelta(days=-local.weekday() % 7)
    at = at_utc(monday, WEEK_BEGINS, zone)
    return at if at > now else at_utc(monday + timedelta(days=7), WEEK_BEGINS, zone)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
