"""When must somebody next be looked at. Whatever changes a person's affairs touches them here, in the same
transaction; the tick does the rest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Case, case, exists, func, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Db

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


def touch(db: Db, workspace_id: str, people: Iterable[int], now: datetime) -> None:
    """Something changed for these people: look at them now, and redraw their Homes and the coordinators'."""
    ids = sorted(set(people))
    for person_id in ids:
        look(db, workspace_id, Subject.PERSON, person_id, now)
    _stale_homes(db, workspace_id, ids, now)


def touch_many(db: Db, workspace_id: str, people: Sequence[int], now: datetime) -> None:
    """As `touch`, for thousands of people in a few statements."""
    for start in range(0, len(people), MANY):
        _touch_some(db, workspace_id, people[start : start + MANY], now)


def _touch_some(db: Db, workspace_id: str, people: Sequence[int], now: datetime) -> None:
    theirs = (Agenda.workspace_id == workspace_id, Agenda.subject == Subject.PERSON)
    db.execute(
        update(Agenda)
        .where(*theirs, Agenda.subject_id.in_(people))
        .values(version=Agenda.version + 1, look_at=_earlier(now))
        .execution_options(synchronize_session=False)
    )
    new = select(
        Person.workspace_id,
        literal(Subject.PERSON, Agenda.subject.type),
        Person.id,
        literal(now, Agenda.look_at.type),
        literal(0),
    ).where(
        Person.workspace_id == workspace_id,
        Person.id.in_(people),
        ~exists().where(*theirs, Agenda.subject_id == Person.id),
    )
    db.execute(insert(Agenda).from_select(["workspace_id", "subject", "subject_id", "look_at", "version"], new))
    _stale_homes(db, workspace_id, people, now)


def _stale_homes(db: Db, workspace_id: str, people: Sequence[int], now: datetime) -> None:
    """Theirs are to be drawn again, and the coordinators', who see everyone."""
    theirs = or_(Person.id.in_(people), Person.home_shows_programme)
    db.execute(
        update(Person)
        .where(Person.workspace_id == workspace_id, Person.home_opened_at.is_not(None), theirs)
        .values(home_stale_at=now)
    )


def look(db: Db, workspace_id: str, subject: Subject, subject_id: int, at: datetime) -> None:
    """Looks at the subject at that moment, or earlier if that was so already."""
    sooner = (
        update(Agenda)
        .where(Agenda.workspace_id == workspace_id, Agenda.subject == subject, Agenda.subject_id == subject_id)
        .values(version=Agenda.version + 1, look_at=_earlier(at))
        .returning(Agenda.id)
        .execution_options(synchronize_session=False)
    )
    if db.execute(sooner).first() is not None:
        return
    try:
        with db.begin_nested():
            db.add(Agenda(workspace_id=workspace_id, subject=subject, subject_id=subject_id, look_at=at))
    except IntegrityError:
        db.execute(sooner)  # somebody else was first


def _earlier(at: datetime) -> Case[datetime | None]:
    return case((Agenda.look_at < at, Agenda.look_at), else_=literal(at, Agenda.look_at.type))


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


def due(db: Db, workspace_id: str, now: datetime, limit: int) -> list[Entry]:
    """What is to be looked at, oldest first; nothing while Slack asked the workspace to wait."""
    rows = db.scalars(
        select(Agenda)
        .join(Workspace, Workspace.id == Agenda.workspace_id)
        .where(
            Agenda.workspace_id == workspace_id,
            Agenda.look_at <= now,
            or_(Workspace.wait_until.is_(None), Workspace.wait_until <= now),
        )
        .order_by(Agenda.look_at, Agenda.id)
        .limit(limit)
    )
    return [_entry(row) for row in rows]


def until(db: Db, workspace_id: str, now: datetime) -> list[Entry]:
    """All people of the workspace to be looked at up to then, for a dry run."""
    rows = db.scalars(
        select(Agenda)
        .where(Agenda.workspace_id == workspace_id, Agenda.subject == Subject.PERSON, Agenda.look_at <= now)
        .order_by(Agenda.look_at, Agenda.id)
    )
    return [_entry(row) for row in rows]


def next_look(db: Db, workspace_id: str) -> datetime | None:
    """The next moment anybody or an announcement is to be looked at, a workspace's wait included."""
    later = case((Workspace.wait_until > Agenda.look_at, Workspace.wait_until), else_=Agenda.look_at)
    found: datetime | None = db.scalar(
        select(func.min(later))
        .select_from(Agenda)
        .join(Workspace, Workspace.id == Agenda.workspace_id)
        .where(Agenda.workspace_id == workspace_id, Agenda.subject.in_((Subject.PERSON, Subject.ANNOUNCEMENT)))
    )
    return found


def move(db: Db, entry: Entry, look_at: datetime | None) -> bool:
    """Sets the next moment, if nothing has changed since the entry was read; says whether it could."""
    moved = db.execute(
        update(Agenda)
        .where(Agenda.id == entry.id, Agenda.version == entry.version)
        .values(look_at=look_at, version=Agenda.version + 1)
        .returning(Agenda.id)
    )
    return moved.first() is not None


def _entry(row: Agenda) -> Entry:
    assert row.look_at is not None  # noqa: S101 -- the query asked for it
    return Entry(row.id, row.workspace_id, row.subject, row.subject_id, row.version, row.look_at)
