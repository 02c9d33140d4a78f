"""The readings of the directory's sources: how far each has come, and whom it has met so far.

A reading goes on in small steps, after a restart and on any replica: each step says from where it went on, and changes
nothing if another has gone on from there meanwhile.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session as Db

from store import directory
from store.models import Collected, DirectoryReading, Person, Source, Standing

STALE = timedelta(hours=12)  # what was read before says little about today
PIECE = 1000
SO_FAR = "so_far"  # in the report: what the reading under way has done


def under_way(db: Db, workspace_id: str, source: Source, now: datetime) -> DirectoryReading:
    """The source's reading; begun if there is none, or if it stood still for so long that it tells nothing."""
    reading = directory.reading(db, workspace_id, source)
    if reading.started_at is None or now - reading.started_at > STALE:
        begin(db, reading, now)
    return reading


def begin(db: Db, reading: DirectoryReading, now: datetime) -> None:
    """Reads from the start, whatever was collected."""
    reading.started_at, reading.cursor = now, None
    reading.report = {name: count for name, count in reading.report.items() if name != SO_FAR}
    forget(db, reading)
    db.flush()


def go_on(
    db: Db,
    reading: DirectoryReading,
    cursor: str | None,
    counts: Mapping[str, int] | None = None,
) -> bool:
    """Moves on to there, with what was done meanwhile added up; False if somebody else did."""
    so_far = reading.report.get(SO_FAR, {})
    total = {name: so_far.get(name, 0) + (counts or {}).get(name, 0) for name in {**so_far, **(counts or {})}}
    moved = db.execute(
        update(DirectoryReading)
        .where(
            DirectoryReading.id == reading.id,
            DirectoryReading.started_at == reading.started_at,
            DirectoryReading.cursor.is_not_distinct_from(reading.cursor),
        )
        .values(cursor=cursor, attempts=0, error=None, report=reading.report | {SO_FAR: total})
        .returning(DirectoryReading.id)
    )
    return moved.first() is not None


def finish(db: Db, reading: DirectoryReading, now: datetime, *, is_whole: bool = True) -> None:
    """It has come to its end; unless it is whole, the last time it was read stays that of the one before."""
    present = directory.reading(db, reading.workspace_id, reading.source)
    present.started_at, present.cursor, present.attempts, present.error = None, None, 0, None
    present.read_at = now if is_whole else reading.read_at
    present.report = present.report.get(SO_FAR, present.report)
    forget(db, present)


def failed(db: Db, workspace_id: str, source: Source, code: str) -> int:
    """Keeps what went wrong; how often in a row it did."""
    present = directory.reading(db, workspace_id, source)
    present.attempts, present.error = present.attempts + 1, code[:100]
    return present.attempts


def give_up(db: Db, workspace_id: str, source: Source) -> None:
    """The reading under way comes to nothing; the next begins from the start."""
    present = directory.reading(db, workspace_id, source)
    present.started_at, present.cursor, present.attempts = None, None, 0
    forget(db, present)


# Whom it has met


def collect(db: Db, reading: DirectoryReading, found: Mapping[str, Mapping[str, Any]]) -> None:
    """Keeps them by their ids; what was said of one before is said anew."""
    known = {each.key: each for each in db.scalars(_of(reading, found))}
    for key, each in known.items():
        each.facts = dict(found[key])
    theirs = {"workspace_id": reading.workspace_id, "source": reading.source}
    fresh = [theirs | {"key": key, "facts": dict(facts)} for key, facts in found.items() if key not in known]
    if fresh:
        db.execute(insert(Collected), fresh)
    db.flush()


def _of(reading: DirectoryReading, keys: Mapping[str, object]) -> Any:
    return select(Collected).where(
        Collected.workspace_id == reading.workspace_id, Collected.source == reading.source, Collected.key.in_(keys)
    )


def count(db: Db, reading: DirectoryReading) -> int:
    here = (Collected.workspace_id == reading.workspace_id, Collected.source == reading.source)
    return int(db.scalar(select(func.count()).select_from(Collected).where(*here)) or 0)


def collected(db: Db, reading: DirectoryReading) -> Iterator[Sequence[Collected]]:
    """All of them, piece by piece, in the order in which they were met first."""
    last = 0
    while True:
        piece = db.scalars(
            select(Collected)
            .where(
                Collected.workspace_id == reading.workspace_id,
                Collected.source == reading.source,
                Collected.id > last,
            )
            .order_by(Collected.id)
            .limit(PIECE)
        ).all()
        if not piece:
            return
        yield piece
        last = piece[-1].id
        db.expunge_all()


def not_met(db: Db, workspace_id: str, source: Source, limit: int) -> Sequence[Person]:
    """People with an account here whom the reading hasn't met."""
    met = select(Collected.id).where(
        Collected.workspace_id == workspace_id, Collected.source == source, Collected.key == Person.slack_id
    )
    return db.scalars(
        select(Person)
        .where(
            Person.workspace_id == workspace_id,
            Person.gone_at.is_(None),
            Person.standing.not_in((Standing.NO_ACCOUNT, Standing.OUTSIDER)),
            ~met.exists(),
        )
        .order_by(Person.id)
        .limit(limit)
    ).all()


def forget(db: Db, reading: DirectoryReading) -> None:
    db.execute(
        delete(Collected).where(Collected.workspace_id == reading.workspace_id, Collected.source == reading.source)
    )
