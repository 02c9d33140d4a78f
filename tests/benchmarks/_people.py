"""Who lives in 25 zones: where, when they work, with whom they are paired, and what they see of a message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import holidays

PLACES: tuple[tuple[str, str | None], ...] = (
    ("Europe/Lisbon", "PT"),
    ("Europe/London", "GB"),
    ("Europe/Berlin", "DE"),
    ("Europe/Paris", "FR"),
    ("Europe/Athens", "GR"),
    ("Africa/Casablanca", "MA"),
    ("Africa/Cairo", "EG"),
    ("Africa/Johannesburg", "ZA"),
    ("Asia/Riyadh", "SA"),
    ("Asia/Tehran", "IR"),
    ("Asia/Kolkata", "IN"),
    ("Asia/Kathmandu", None),
    ("Asia/Singapore", "SG"),
    ("Asia/Brunei", "BN"),
    ("Asia/Tokyo", "JP"),
    ("Australia/Sydney", "AU"),
    ("Australia/Lord_Howe", None),
    ("Pacific/Auckland", "NZ"),
    ("America/Sao_Paulo", "BR"),
    ("America/Santiago", "CL"),
    ("America/St_Johns", "CA"),
    ("America/New_York", "US"),
    ("America/Chicago", "US"),
    ("America/Mexico_City", "MX"),
    ("America/Los_Angeles", "US"),
)
OFF = {"EG": {4, 5}, "SA": {4, 5}, "IR": {3, 4}, "BN": {4, 6}}
"""Weekends by hand, Monday being 0; elsewhere they are Saturday and Sunday."""
SHIFTS = ((7, 15), (8, 16), (10, 18), (12, 20), (22, 6))
"""Hours of one's own; the last is a night shift."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEWS = timedelta(days=8)
"""For so long after a change of somebody's nothing of theirs is counted as lost."""
FOR_EVER = datetime(2100, 1, 1, tzinfo=UTC)
BUDGET = 3


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


@dataclass
class One:
    """Somebody, as they know themselves."""

    id: int
    slack_id: str
    zone: str
    country: str | None
    chance: Random
    starts: time = time(9)
    ends: time = time(17)
    days: frozenset[int] = frozenset()
    """The weekdays they chose; none: those of their country."""
    budget: int = BUDGET
    plans: bool = True
    """Some never set a date."""
    is_out: bool = False
    acted_at: datetime | None = None
    unsettled: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When they were paused or out, or had just changed something: what was due then is not counted as lost."""
    before: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)
    """Where they lived until when, and their hours there."""
    put_off: int = 0
    """How often they asked for something later."""

    def wall(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.zone))

    def works_on(self, day: date) -> bool:
        days = self.days or frozenset(range(7)) - OFF.get(self.country or "", {5, 6})
        return day.weekday() in days and not (self.country and day in _holidays(self.country, day.year))

    def is_at_work(self, at: datetime) -> bool:
        """As the clock on their wall and the calendar beside it say."""
        wall = self.wall(at)
        today, now = wall.date(), wall.time()
        if self.starts < self.ends:
            return self.starts <= now < self.ends and self.works_on(today)
        return (now >= self.starts and self.works_on(today)) or (now < self.ends and self.works_on(today - DAY))

    def moves(self, now: datetime, **facts: Any) -> None:
        self.before.append((now, {name: getattr(self, name) for name in ("zone", "country", "starts", "ends")}))
        for name, value in facts.items():
            setattr(self, name, value)

    def as_of(self, at: datetime) -> "One":
        """As they were until then."""
        return next((replace(self, **facts) for until, facts in self.before if at <= until), self)

    def is_settled(self, since: datetime, until: datetime) -> bool:
        return all(ends <= since or begins >= until for begins, ends in self.unsettled)

    def changes(self, since: datetime, until: datetime | None = None) -> None:
        self.unsettled.append((since, until or since + NEWS))


@dataclass
class Couple:
    """A pair, with the numbers of its talks as they were booked."""

    id: int
    mentor: One
    mentee: One
    published_at: datetime
    is_monthly: bool = True
    left_at: datetime | None = None

    @property
    def both(self) -> tuple[One, One]:
        return self.mentor, self.mentee


@dataclass(frozen=True)
class Letter:
    """A message as it reached Slack."""

    mark: str
    channel: str
    text: str
    blocks: Sequence[Mapping[str, Any]]


def buttons(blocks: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What can be pressed in a message, by its name, with what it says; of a menu each choice."""
    found = []
    for block in blocks:
        for element in (*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else ())):
            if "action_id" not in element:
                continue
            values = [each["value"] for each in element.get("options", ())] or [element.get("value", "")]
            found += [(element["action_id"], value) for value in values]
    return found
