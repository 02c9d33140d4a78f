"""Which moments suit both of a pair for a talk: offered with a button each, so that a date costs one press."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot import working_time
from bot.dates import PREPARE_BEFORE
from bot.working_time import Parts, WorkingTime
from store.snapshots import Partnership

MOST = 3
STEP = timedelta(minutes=30)
NEAR_ENOUGH = 9  # of the days that suit both: nobody plans for the far end of a month
LIKED = ((time(10), time(12)), (time(14), working_time.ENDS))  # not the first thing in the morning, nor at lunch


@dataclass(frozen=True)
class Hours:
    """When somebody may meet: on their working days, in the parts of them that suit."""

    time: WorkingTime
    parts: Parts

    def hold(self, at: datetime, length: timedelta) -> bool:
        """Whether a talk that begins then lies within one of these parts, by their own clock."""
        local, end = at.astimezone(self.time.zone), (at + length).astimezone(self.time.zone)
        is_within = any(starts <= local.time() and end.time() <= ends for starts, ends in self.parts)
        return is_within and local.date() == end.date() and self.time.is_working_day(local.date())


def hours(each: Partnership) -> tuple[Hours, Hours]:
    """The mentee's and the mentor's."""
    mine = Hours(working_time.of(each.me), working_time.parts_of_day(each.mine.hours))
    theirs = Hours(working_time.of(each.partner), working_time.parts_of_day(each.theirs.hours))
    return (mine, theirs) if each.i_am_mentee else (theirs, mine)


def suggestions(
    mentee: Hours,
    mentor: Hours,
    window: tuple[datetime, datetime],
    length: timedelta,
    now: datetime,
    taken: Collection[datetime] = (),
) -> list[datetime]:
    """Up to three moments within the window, in order, on different days and at different times of the day.

    Both are at work then, in hours that suit them, on a day off of neither, and neither has another talk: `taken` is
    when theirs begin. They leave time to prepare, where there are enough such days.
    """
    today = mentee.time.local_date(now)
    found: list[tuple[date, list[datetime]]] = []
    for day in _days(mentee.time, max(window[0], now), window[1]):
        begins = [at for at in _starts(day, mentee.time) if window[0] <= at and at + length <= window[1]]
        free = [at for at in begins if at > now and all(abs(at - other) >= length for other in taken)]
        if fits := [at for at in free if mentee.hold(at, length) and mentor.hold(at, length)]:
            found.append((day, fits))
    ready = mentee.time.working_days_after(today, PREPARE_BEFORE)
    later = [fits for day, fits in found if day >= ready]
    days = later if len(later) >= MOST else [fits for day, fits in found if day > today]
    return [_one_of(fits, turn, mentee, mentor) for turn, fits in enumerate(_spread(days))]


def _days(time: WorkingTime, since: datetime, until: datetime) -> Iterator[date]:
    day, last = time.local_date(since), time.local_date(until)
    while day <= last:
        if time.is_working_day(day):
            yield day
        day += timedelta(days=1)


def _starts(day: date, mine: WorkingTime) -> list[datetime]:
    """Each half hour of the usual working day, whenever they may be written to: their parts of it say what suits."""
    count = int((working_time.ENDS.hour - working_time.STARTS.hour) * timedelta(hours=1) / STEP)
    begins = working_time.at_utc(day, working_time.STARTS, mine.zone)
    return [begins + number * STEP for number in range(count)]


def _spread(days: Sequence[list[datetime]]) -> list[list[datetime]]:
    """Three of the nearer days, with some between them."""
    near = days[:NEAR_ENOUGH]
    return list(near) if len(near) <= MOST else [near[0], near[len(near) // 2], near[-1]]


def _one_of(fits: Sequence[datetime], turn: int, *both: Hours) -> datetime:
    """On the hour, when most like to talk, if it can be; in turn from the beginning, middle and end of the day."""
    on_the_hour = [at for at in fits if at.astimezone(both[0].time.zone).minute == 0] or list(fits)
    liked = [at for at in on_the_hour if all(_is_liked(at, each.time) for each in both)] or on_the_hour
    return liked[(2 * turn + 1) * len(liked) // (2 * MOST)]


def _is_liked(at: datetime, mine: WorkingTime) -> bool:
    local = at.astimezone(mine.zone).time()
    return any(starts <= local < ends for starts, ends in LIKED)
