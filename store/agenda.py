"""When must somebody next be looked at. Whatever changes a person's affairs touches them here, in the same
transaction; the tick does the rest."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Case,
    ColumnElement,
    ScalarSelect,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Db

from store import workspaces
from store.models import Agenda, Person, Subject, Workspace

MANY = 10_000  # ids in one statement; SQLite takes 32,766


@dataclass(frozen=True)
class Entry:
    """A row of the agenda as it was read; a claim that finds another version has come too late."""

    id: int
    workspace_id: str
    subject: Subject
    subject_id: int
    version: int
    look_at: datetime
    is_urgent: bool = False


def touch(db: Db, workspace_id: str, people: Iterable[int], now: datetime) -> None:
    """Something changed for these people: look at them now, and redraw their Homes and the coordinators'."""
    ids = sorted(set(people))
    for person_id in ids:
        look(db, workspace_id, Subject.PERSON, person_id, now, is_urgent=True)
    _stale_homes(db, workspace_id, ids, now)


def touch_many(db: Db, workspace_id: str, people: Sequence[int], now: datetime) -> None:
    """As `touch`, for thousands of people in a few statements: whoever has just done something goes before them."""
    for start in range(0, len(people), MANY):
        _touch_some(db, workspace_id, people[start : start + MANY], now)


def _touch_some(db: Db, workspace_id: str, people: Sequence[int], now: datetime) -> None:
    theirs = (Agenda.workspace_id == workspace_id, Agenda.subject == Subject.PERSON)
    rows = select(Agenda.id).where(*theirs, Agenda.subject_id.in_(people))
    db.execute(rows.order_by(Agenda.subject_id).with_for_update())  # an update takes them in an order of its own
    db.execute(
        update(Agenda)
        .where(*theirs, Agenda.subject_id.in_(people))
        .values(version=Agenda.version + 1, look_at=_earlier(literal(now, Agenda.look_at.type)))
        .execution_options(synchronize_session=False)
    )
    new = select(
        Person.workspace_id,
        literal(Subject.PERSON, Agenda.subject.type),
        Person.id,
        literal(now, Agenda.look_at.type),
        literal(0),
        literal(False),
    ).where(
        Person.workspace_id == workspace_id,
        Person.id.in_(people),
        ~exists().where(*theirs, Agenda.subject_id == Person.id),
    )
    db.execute(
        insert(Agenda).from_select(["workspace_id", "subject", "subject_id", "look_at", "version", "is_urgent"], new)
    )
    _stale_homes(db, workspace_id, people, now)


def _stale_homes(db: Db, workspace_id: str, people: Sequence[int], now: datetime) -> None:
    """Theirs are to be drawn again, and the coordinators', who see everyone."""
    connection = db.connection()
    # Locked before anything of these people's is written: two coordinators who act at once would each have their own
    # row, and wait for the other's.
    coordinators = connection.scalars(_COORDINATORS_LOCKED, {"workspace": workspace_id}).all()
    db.flush()  # what was just changed of these people goes first
    whose = [*people, *coordinators]
    if whose:
        connection.execute(_STALE, {"people": whose, "now": now})


# Two statements: no index serves a question for these or those, and a company may have a hundred thousand.
_COORDINATORS_LOCKED = (
    select(Person.id)
    .where(
        Person.workspace_id == bindparam("workspace"),
        Person.home_shows_programme,
        Person.home_opened_at.is_not(None),
    )
    .order_by(Person.id)
    .with_for_update()
)
_STALE = (
    update(Person)
    .where(Person.id.in_(bindparam("people", expanding=True)), Person.home_opened_at.is_not(None))
    .values(home_stale_at=bindparam("now"))
)


def look(
    db: Db, workspace_id: str, subject: Subject, subject_id: int, at: datetime, *, is_urgent: bool = False
) -> None:
    """Looks at the subject at that moment, or earlier if that was so already.

    `is_urgent`: somebody waits for what comes of it.
    """
    sooner = _SOONER_AND_URGENT if is_urgent else _SOONER
    known = {"workspace": workspace_id, "what": subject, "which": subject_id, "at": at}
    if db.connection().execute(sooner, known).first() is not None:  # past the session: in half the time
        return
    new = Agenda(workspace_id=workspace_id, subject=subject, subject_id=subject_id, look_at=at, is_urgent=is_urgent)
    try:
        with db.begin_nested():
            db.add(new)
    except IntegrityError:
        db.connection().execute(sooner, known)  # somebody else was first


def _earlier(at: ColumnElement[datetime]) -> Case[datetime | None]:
    return case((Agenda.look_at < at, Agenda.look_at), else_=at)


# Made once, as all that a tick asks again and again: making a statement takes longer than asking it.
_AT: ColumnElement[datetime] = bindparam("at", type_=Agenda.look_at.type)
_SOONER = (
    update(Agenda)
    .where(
        Agenda.workspace_id == bindparam("workspace"),
        Agenda.subject == bindparam("what"),
        Agenda.subject_id == bindparam("which"),
    )
    .values(version=Agenda.version + 1, look_at=_earlier(_AT))
    .returning(Agenda.id)
    .execution_options(synchronize_session=False)
)
_SOONER_AND_URGENT = _SOONER.values(is_urgent=True)


def begin(db: Db, workspace_id: str, subject: Subject, now: datetime) -> None:
    """Work of the workspace's that is done again and again: looked at now if it never was, or had come to an end."""
    known = select(Agenda.id).where(
        Agenda.workspace_id == workspace_id,
        Agenda.subject == subject,
        Agenda.subject_id == 0,
        Agenda.look_at.is_not(None),
    )
    if db.scalar(known) is None:
        look(db, workspace_id, subject, 0, now)


ABOUT_MESSAGES = (Subject.PERSON, Subject.ANNOUNCEMENT)
"""Looking at these may lead to a message; the others are the workspace's own work."""


class Among(StrEnum):
    """What is looked at, by how much room for messages there is."""

    ALL = "all"
    URGENT = "urgent"  # of people only those who wait for an answer
    WORK = "work"  # nobody, only the workspace's own work


def due(db: Db, workspace_id: str, now: datetime, limit: int) -> list[Entry]:
    """What is to be looked at, those who wait for an answer first, then the oldest; nothing while Slack is shut."""
    return _due(db, workspace_id, now, limit, Among.ALL, locks=False)


def is_due(db: Db, workspace_id: str, now: datetime, among: Among = Among.ALL) -> bool:
    """Whether there is anything to take: to ask costs no writing."""
    if among is not Among.ALL:
        return bool(_due(db, workspace_id, now, 1, among, locks=False))
    return db.connection().execute(_IS_DUE, {"workspace": workspace_id, "now": now}).first() is not None


def backlog(db: Db, workspace_id: str, now: datetime) -> dict[Subject, tuple[int, datetime]]:
    """How many of each subject are to be looked at now, and since when the oldest of them is."""
    # Both values of `is_urgent`, since the index begins with it.
    due = (Agenda.workspace_id == workspace_id, Agenda.is_urgent.in_([True, False]), Agenda.look_at <= now)
    oldest = func.min(Agenda.look_at, type_=Agenda.look_at.type)
    rows = db.execute(select(Agenda.subject, func.count(), oldest).where(*due).group_by(Agenda.subject))
    return {subject: (count, since) for subject, count, since in rows if since is not None}


def take(
    db: Db, workspace_id: str, now: datetime, until: datetime, limit: int, among: Among = Among.ALL
) -> list[Entry]:
    """As `due`, for whoever asks alone: by then, unless they have moved it themselves, it is anybody's again.

    Several processes take turns without waiting for each other.
    """
    found = _due(db, workspace_id, now, limit, among, locks=True)
    db.execute(_TAKEN, {"entries": [entry.id for entry in found], "until": until})
    return [replace(entry, version=entry.version + 1) for entry in found]


def _due(db: Db, workspace_id: str, now: datetime, limit: int, among: Among, *, locks: bool) -> list[Entry]:
    found: list[Entry] = []
    if workspaces.is_waiting(db, workspace_id, now):
        return found
    for is_urgent in (True, False):
        is_all = among is Among.ALL or (among is Among.URGENT and is_urgent)
        query = (_ANYTHING if is_all else _WORK)[locks]
        known = {"workspace": workspace_id, "urgent": is_urgent, "now": now, "most": limit - len(found)}
        if len(found) < limit:
            found += _entries(db.execute(query, known))
    return found


def _entries(rows: Iterable[Any]) -> list[Entry]:
    return [Entry(*row) for row in rows]


_TAKEN = (
    update(Agenda)
    .where(Agenda.id.in_(bindparam("entries", expanding=True)))
    .values(version=Agenda.version + 1, look_at=bindparam("until"), is_urgent=False)
    .execution_options(synchronize_session=False)
)
_ENTRIES = select(
    Agenda.id,
    Agenda.workspace_id,
    Agenda.subject,
    Agenda.subject_id,
    Agenda.version,
    Agenda.look_at,
    Agenda.is_urgent,
)
_DUE = (
    _ENTRIES.where(
        Agenda.workspace_id == bindparam("workspace"),
        Agenda.is_urgent == bindparam("urgent"),
        Agenda.look_at <= bindparam("now"),
    )
    .order_by(Agenda.look_at, Agenda.id)
    .limit(bindparam("most"))
)
_IS_DUE = (
    select(Agenda.id)
    .join(Workspace, Workspace.id == Agenda.workspace_id)
    .where(
        Agenda.workspace_id == bindparam("workspace"),
        Agenda.is_urgent.in_([True, False]),  # since the index begins with it
        Agenda.look_at <= bindparam("now"),
        or_(Workspace.wait_until.is_(None), Workspace.wait_until <= bindparam("now")),
    )
    .limit(1)
)
_DUE_OF_WORK = _DUE.where(Agenda.subject.not_in(ABOUT_MESSAGES))
# Each to be looked at, and to be taken.
_ANYTHING = (_DUE, _DUE.with_for_update(skip_locked=True))
_WORK = (_DUE_OF_WORK, _DUE_OF_WORK.with_for_update(skip_locked=True))


def until(db: Db, workspace_id: str, now: datetime) -> list[Entry]:
    """All people of the workspace to be looked at up to then, for a dry run."""
    of_people = (Agenda.workspace_id == workspace_id, Agenda.subject == Subject.PERSON, Agenda.look_at <= now)
    return _entries(db.execute(_ENTRIES.where(*of_people).order_by(Agenda.look_at, Agenda.id)))


def next_look(
    db: Db, workspace_id: str, urgent_from: datetime | None = None, others_from: datetime | None = None
) -> datetime | None:
    """The next moment anybody or an announcement is to be looked at, a workspace's wait included.

    There is room for messages only from these moments on.
    """
    urgent, others, wait_until = db.connection().execute(_NEXT_LOOKS, {"workspace": workspace_id}).one()
    found = [
        max(look_at, room_from or look_at, wait_until or look_at)
        for look_at, room_from in ((urgent, urgent_from), (others, others_from))
        if look_at is not None
    ]
    return min(found, default=None)


def _next_look(*, is_urgent: bool) -> ScalarSelect[datetime | None]:
    theirs = (Agenda.workspace_id == bindparam("workspace"), Agenda.is_urgent == literal(is_urgent))
    about_messages = (Agenda.look_at.is_not(None), Agenda.subject.in_(ABOUT_MESSAGES))
    found = select(Agenda.look_at).where(*theirs, *about_messages).order_by(Agenda.look_at).limit(1)
    return found.scalar_subquery()


_NEXT_LOOKS = select(
    _next_look(is_urgent=True),
    _next_look(is_urgent=False),
    select(Workspace.wait_until).where(Workspace.id == bindparam("workspace")).scalar_subquery(),
)


def hold(db: Db, entries: Sequence[Entry]) -> list[Entry]:
    """Those that nothing has changed since they were read; nothing changes them before this transaction ends."""
    rows = db.execute(_HELD, {"entries": [entry.id for entry in entries]})
    versions = {entry_id: version for entry_id, version in rows}  # noqa: C416 -- rows are no pairs to the type checker
    return [entry for entry in entries if versions.get(entry.id) == entry.version]


_HELD = (
    select(Agenda.id, Agenda.version)
    .where(Agenda.id.in_(bindparam("entries", expanding=True)))
    .order_by(Agenda.subject_id, Agenda.id)  # as whoever touches several: in another order they wait for each other
    .with_for_update()
)


def move_held(db: Db, looks: Mapping[int, datetime | None]) -> None:
    """Sets the next moment of each, by the entry's id."""
    rows = [{"entry": entry_id, "at": look_at} for entry_id, look_at in sorted(looks.items())]
    if rows:
        db.connection().execute(_MOVE, rows)


def urge(db: Db, entries: Collection[int]) -> None:
    """Somebody still waits for what comes of these, by the entries' ids."""
    if entries:
        db.execute(_URGED, {"entries": list(entries)})


_URGED = (
    update(Agenda)
    .where(Agenda.id.in_(bindparam("entries", expanding=True)))
    .values(is_urgent=True)
    .execution_options(synchronize_session=False)
)


def move_unchanged(db: Db, looks: Mapping[Entry, datetime | None]) -> None:
    """Sets the next moment of each that nothing has changed since; the others stay as they are."""
    rows = [
        {"entry": entry.id, "read": entry.version, "at": look_at}
        for entry, look_at in sorted(looks.items(), key=lambda each: (each[0].subject_id, each[0].id))
    ]
    if rows:
        db.connection().execute(_MOVE.where(Agenda.version == bindparam("read")), rows)


_MOVE = (
    update(Agenda).where(Agenda.id == bindparam("entry")).values(look_at=bindparam("at"), version=Agenda.version + 1)
)


def move(db: Db, entry: Entry, look_at: datetime | None) -> bool:
    """Sets the next moment, if nothing has changed since the entry was read; says whether it could."""
    moved = db.execute(
        update(Agenda)
        .where(Agenda.id == entry.id, Agenda.version == entry.version)
        .values(look_at=look_at, version=Agenda.version + 1)
        .returning(Agenda.id)
    )
    return moved.first() is not None
