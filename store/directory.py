"""What is known of people, from where, and who is believed where sources differ.

Each source's word is kept beside the others' in `Person.known`; the plain fields of a person are what follows from all
of them, whatever came first. So a source that no longer knows something gives way to the next.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from store import agenda
from store.models import DirectoryReading, Person, Source, Subject

NOBODY = ""  # a manager who is known not to be there

# The company's own records come first, a person's own word last. But Slack knows best where somebody is just now.
OFFICE = (Source.SCIM, Source.FILE, Source.PROFILE, Source.SLACK, Source.PERSON)
HERE = (Source.SLACK, Source.SCIM, Source.FILE, Source.PROFILE, Source.PERSON)
ORDER: Mapping[str, tuple[Source, ...]] = {
    "name": HERE,
    "zone": HERE,
    "email": HERE,
    "country": OFFICE,
    "title": OFFICE,
    "department": OFFICE,
    "team": OFFICE,
    "site": OFFICE,
    "level": OFFICE,
    "manager": OFFICE,
    "dotted_managers": OFFICE,
    "languages": OFFICE,
}
LISTS = ("dotted_managers", "languages")
SINCE = "since"  # in a source's word: the day it last changed

Known = Mapping[str, Mapping[str, Any]]


def merged(known: Known) -> dict[str, Any]:
    """The fields that follow from what the sources say; None, or an empty list, where none of them knows.

    A manager that somebody named themselves is above them too, whoever else is: a line too many only bars a pair.
    """
    found = {field: _believed(known, field) for field in ORDER}
    told = known.get(Source.PERSON, {}).get("manager")
    dotted = found["dotted_managers"]
    if told and told != found["manager"] and told not in dotted:
        found["dotted_managers"] = [*dotted, told]
    return found


def _believed(known: Known, field: str) -> Any:
    source = source_of(known, field)
    if source is None:
        return [] if field in LISTS else None
    value = known[source][field]
    return list(value) if field in LISTS else value


def source_of(known: Known, field: str) -> Source | None:
    """Whose word on the field is believed."""
    return next((each for each in ORDER[field] if _says(known, each, field)), None)


def _says(known: Known, source: Source, field: str) -> bool:
    value = known.get(source, {}).get(field)
    return value is not None and value != []


def with_word(known: Known, source: Source, facts: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """All that is known once the source says this and nothing else; the same as before if it said so already."""
    kept = {name: value for name, value in facts.items() if value is not None and value != []}
    before = {name: value for name, value in known.get(source, {}).items() if name != SINCE}
    if kept == before:
        return dict(known)
    others = {name: word for name, word in known.items() if name != source}
    return others | ({str(source): {**kept, SINCE: now.date().isoformat()}} if kept else {})


def say(person: Person, source: Source, facts: Mapping[str, Any], now: datetime) -> bool:
    """The source says this of the person, and nothing else. Whether anything changed: nothing is written if not."""
    known = with_word(person.known, source, facts, now)
    if known == person.known:
        return False
    person.known, person.known_version = known, person.known_version + 1
    for field, value in merged(known).items():
        if field == "name":
            person.name = value or person.name
        elif getattr(person, field) != value:
            setattr(person, field, value)
    return True


@dataclass(frozen=True)
class Origin:
    """From where something is known, and as of when."""

    source: Source
    at: datetime | None
    """When the source was last read to its end; None where it isn't read but told, or was read long ago."""
    since: str
    """The day it last changed, as `2026-11-21`."""


def origin(db: Db, person: Person, field: str) -> Origin | None:
    """Where the person's field is known from; None if it isn't known."""
    source = source_of(person.known, field)
    if source is None:
        return None
    reading = find_reading(db, person.workspace_id, source)
    return Origin(source, reading.read_at if reading else None, str(person.known[source].get(SINCE, "")))


def find_reading(db: Db, workspace_id: str, source: Source) -> DirectoryReading | None:
    return db.scalar(
        select(DirectoryReading).where(DirectoryReading.workspace_id == workspace_id, DirectoryReading.source == source)
    )


def reading(db: Db, workspace_id: str, source: Source) -> DirectoryReading:
    """How far the source has been read; begun if there was none."""
    found = find_reading(db, workspace_id, source)
    if found is None:
        found = DirectoryReading(workspace_id=workspace_id, source=source)
        db.add(found)
        db.flush()
    return found


def changed(db: Db, workspace_id: str, people: Iterable[int], now: datetime) -> None:
    """Something about these people changed: they are looked at, and so are the rules of live pairs."""
    agenda.touch(db, workspace_id, people, now)
    agenda.look(db, workspace_id, Subject.RULES, 0, now)
