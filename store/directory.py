"""What is known of people, from where, and who is believed where sources differ.

Each source's word is kept beside the others' in `Person.known`; the plain fields of a person are what follows from all
of them, whatever came first. So a source that no longer knows something gives way to the next.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from store import agenda
from store.models import DirectoryReading, Member, Person, Source, Subject

NOBODY = ""  # a manager who is known not to be there

# The company's own records come first, a person's own word last. But Slack knows best where somebody is just now.
OFFICE = (Source.SCIM, Source.FILE, Source.PROFILE, Source.SLACK, Source.PERSON)
HERE = (Source.SLACK, Source.SCIM, Source.FILE, Source.PROFILE, Source.PERSON)
# Where they live, Slack only guesses, by their time zone: that gives way to their own word.
LIVES = (Source.SCIM, Source.FILE, Source.PROFILE, Source.PERSON, Source.SLACK)
ORDER: Mapping[str, tuple[Source, ...]] = {
    "name": HERE,
    "zone": HERE,
    "email": HERE,
    "country": LIVES,
    "title": OFFICE,
    "department": OFFICE,
    "function": OFFICE,
    "started_on": OFFICE,
    "team": OFFICE,
    "site": OFFICE,
    "level": OFFICE,
    "manager": OFFICE,
    "dotted_managers": OFFICE,
    "languages": OFFICE,
}
LISTS = ("dotted_managers", "languages")
# In a source's word, beside its facts:
SINCE = "since"  # the day it last changed
KEY = "key"  # the source's own id of the person
GONE = "gone"  # the day since which the source no longer has them
UPDATED = "updated"  # when the account had changed, by Slack's clock: what is older comes too late

Known = Mapping[str, Mapping[str, Any]]


def merged(known: Known) -> dict[str, Any]:
    """The fields that follow from what the sources say; None, or an empty list, where none of them knows.

    A manager that somebody named themselves is above them too, whoever else is: a line too many only bars a pair.
    """
    orders = set(ORDER.values())
    words = {order: [known[source] for source in order if source in known] for order in orders}
    found = {field: _believed(words[order], field) for field, order in ORDER.items()}
    told = known.get(Source.PERSON, {}).get("manager")
    dotted = found["dotted_managers"]
    if told and told != found["manager"] and told not in dotted:
        found["dotted_managers"] = [*dotted, told]
    return found


def _believed(words: Iterable[Mapping[str, Any]], field: str) -> Any:
    for word in words:
        value = word.get(field)
        if value is not None and value != []:
            return list(value) if field in LISTS else value
    return [] if field in LISTS else None


def source_of(known: Known, field: str) -> Source | None:
    """Whose word on the field is believed."""
    return next((each for each in ORDER[field] if known.get(each, {}).get(field) not in (None, [])), None)


def with_word(known: Known, source: Source, facts: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """All that is known once the source says this and nothing else; the same as before if it said so already."""
    kept = {name: value for name, value in facts.items() if value is not None and value != []}
    before = {name: value for name, value in known.get(source, {}).items() if name != SINCE}
    if kept == before:
        return dict(known)
    others = {name: word for name, word in known.items() if name != source}
    return others | ({str(source): {**kept, SINCE: now.date().isoformat()}} if kept else {})


def without(known: Known, source: Source, now: datetime) -> dict[str, Any]:
    """All that is known once the source no longer has the person.

    What it said last stays: those below somebody who left the company still report to those above them.
    """
    return {**known, str(source): {**known.get(source, {}), GONE: now.date().isoformat()}}


def is_lost(known: Known) -> bool:
    """Whether a source has them no longer, and hasn't had them again since."""
    return any(GONE in word for word in known.values())


def id_of_ours(of: str) -> str:
    """The id of somebody without a Slack account: of their e-mail address in small letters, or of `scim:ID`."""
    return "X" + hashlib.sha256(of.encode()).hexdigest()[:20].upper()


def is_ours(slack_id: str) -> bool:
    return slack_id.startswith("X")


def say(person: Person, source: Source, facts: Mapping[str, Any], now: datetime) -> bool:
    """The source says this of the person, and nothing else. Whether anything changed: nothing is written if not."""
    known = with_word(person.known, source, facts, now)
    if known == person.known:
        return False
    believe(person, known)
    return True


def tell(person: Person, facts: Mapping[str, Any], now: datetime) -> bool:
    """The person says this of themselves, besides what they said before; None takes a word back."""
    said = {name: value for name, value in person.known.get(Source.PERSON, {}).items() if name != SINCE}
    return say(person, Source.PERSON, {**said, **facts}, now)


def believe(person: Person, known: Known) -> None:
    """This is what is known of the person from now on, and so are their plain fields."""
    person.known, person.known_version = dict(known), person.known_version + 1
    for field, value in merged(known).items():
        if field == "name":
            person.name = value or person.name
        elif getattr(person, field) != value:
            setattr(person, field, value)


def teams(person: Person) -> frozenset[str]:
    """The team that is believed, and the one they named themselves: nobody is paired within either."""
    told = person.known.get(Source.PERSON, {}).get("team")
    return frozenset(team for team in (person.team, told) if team)


@dataclass(frozen=True)
class Origin:
    """From where something is known, and as of when."""

    source: Source
    at: datetime | None
    """When the source was last read to its end; None where it isn't read but told, or was read long ago."""
    since: str
    """The day it last changed, as `2026-11-21`."""


def origins(db: Db, person: Person, fields: Iterable[str]) -> dict[str, Origin]:
    """Where each of the person's fields is known from; one that isn't known isn't in it."""
    readings = db.scalars(select(DirectoryReading).where(DirectoryReading.workspace_id == person.workspace_id))
    read_at = {reading.source: reading.read_at for reading in readings}
    sources = {field: source_of(person.known, field) for field in fields}
    return {
        field: Origin(source, read_at.get(source), str(person.known[source].get(SINCE, "")))
        for field, source in sources.items()
        if source is not None
    }


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


def with_a_place(db: Db, people: Iterable[int]) -> set[int]:
    """Those of them who have or had a place in a programme: nobody else has affairs to look at."""
    return set(db.scalars(select(Member.person_id).where(Member.person_id.in_(set(people)))))


def changed(db: Db, workspace_id: str, people: Iterable[int], now: datetime) -> None:
    """Something about these people changed: they are looked at, and so are the rules of live pairs."""
    agenda.touch(db, workspace_id, people, now)
    agenda.look(db, workspace_id, Subject.RULES, 0, now)
