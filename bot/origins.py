"""From where something about a person is known, in words: "the HR directory, 21 Nov"."""

from collections.abc import Mapping
from datetime import date, datetime

from bot import working_time
from store.directory import Origin
from store.models import Source

NAMES: Mapping[Source, str] = {
    Source.SCIM: "the HR directory",
    Source.FILE: "the company's file",
    Source.PROFILE: "the Slack profile",
    Source.SLACK: "Slack",
    Source.PERSON: "your own word",
}


def words(origin: Origin, zone: str | None, now: datetime | None = None) -> str:
    """Who says so and as of which day, as the calendar in the reader's zone has it.

    The day is that of the last reading, or where nobody reads it, the day it last changed. With `now`, a day of
    another year is shown with its year.
    """
    day = _day(origin, zone)
    if day is None:
        return NAMES[origin.source]
    is_this_year = now is None or now.astimezone(working_time.zone(zone)).year == day.year
    return f"{NAMES[origin.source]}, {day.day} {day:%b}{'' if is_this_year else f' {day.year}'}"


def _day(origin: Origin, zone: str | None) -> date | None:
    if origin.at is not None:
        return origin.at.astimezone(working_time.zone(zone)).date()
    return date.fromisoformat(origin.since) if origin.since else None
