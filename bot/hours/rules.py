"""What somebody may choose: hours that make sense, a day at least."""

from dataclasses import dataclass
from datetime import time, timedelta

from bot import working_time
from store.models import Person

SHORTEST = timedelta(hours=1)
LONGEST_NIGHT = timedelta(hours=12)  # over midnight; what is longer is rather two times in the wrong order
NUDGES = range(1, 6)


@dataclass(frozen=True)
class Hours:
    """As it stands in the form; None where nothing was chosen."""

    starts: time | None
    ends: time | None
    days: tuple[int, ...]
    """Weekdays, Monday being 0."""
    nudges: int | None
    """At most so many messages a week."""


def now(person: Person, usual_nudges: int) -> Hours:
    """What holds for them."""
    mine = working_time.of(person)
    days = tuple(sorted(working_time.EVERY_DAY - mine.weekend))
    return Hours(mine.starts, mine.ends, days, person.nudges_a_week or usual_nudges)


def problems(chosen: Hours) -> dict[str, str]:
    """What to mend, by the name of the field."""
    wrong = {}
    if chosen.starts is None:
        wrong["starts"] = "Choose a time."
    if chosen.ends is None:
        wrong["ends"] = "Choose a time."
    elif chosen.starts is not None and (why := _too_odd(chosen.starts, chosen.ends)):
        wrong["ends"] = why
    if not set(chosen.days) & working_time.EVERY_DAY:
        wrong["days"] = "Choose a day at least. If you'd like no messages for a while, use *pause*."
    if chosen.nudges not in NUDGES:
        wrong["nudges"] = f"Choose a number from {NUDGES[0]} to {NUDGES[-1]}."
    return wrong


def _too_odd(starts: time, ends: time) -> str | None:
    length = (_on_a_day(ends) - _on_a_day(starts)) % timedelta(days=1)
    if length < SHORTEST:
        return "That leaves me less than an hour. Choose a later time."
    if ends < starts and length > LONGEST_NIGHT:
        return f"That is before {starts:%H:%M}. Choose a later time; a night shift may have up to twelve hours."
    return None


def _on_a_day(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)


def keep(person: Person, chosen: Hours) -> None:
    """What has no problems holds from now on.

    Days that are the usual ones of their country aren't kept: they go on following it, should they move.
    """
    usual = working_time.EVERY_DAY - working_time.weekend(person.country)
    person.works_from, person.works_until = chosen.starts, chosen.ends
    person.work_days = [] if usual == set(chosen.days) else sorted(chosen.days)
    person.nudges_a_week = chosen.nudges
