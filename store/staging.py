"""What a long reading is about to change: staged in short transactions, and taken over at once.

So the one writer of SQLite is held for a blink again and again and never for the whole of a reading, and whoever looks
sees either all of it or nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Result,
    Table,
    Text,
    and_,
    case,
    delete,
    exists,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session as Db

from store import directory
from store.models import Member, Person, StagedPerson

FACTS = tuple(directory.ORDER)


def stage(db: Db, rows: Sequence[dict[str, Any]]) -> None:
    db.execute(insert(cast(Table, StagedPerson.__table__)), rows)  # plain: ORM inserts take twice as long


def felt(db: Db, workspace_id: str, run: str) -> Sequence[int]:
    """The ids of those who have or had a place in a programme, and of whom something else will be believed."""
    return db.scalars(
        select(Member.person_id)
        .join(StagedPerson, StagedPerson.person_id == Member.person_id)
        .where(StagedPerson.workspace_id == workspace_id, StagedPerson.run == run, StagedPerson.is_felt)
        .distinct()
        .order_by(Member.person_id)
    ).all()


def switch(db: Db, workspace_id: str, run: str, *, new: int, changed: int) -> Sequence[int]:
    """Takes over all that the run staged, so many new people and so many changed ones.

    But for those who changed meanwhile: returns the ids of what was staged of them.
    """
    mine = (StagedPerson.workspace_id == workspace_id, StagedPerson.run == run)
    taken = _insert(db, mine) if new else 0
    taken += _update(db, mine) if changed else 0
    if taken == new + changed:
        return ()
    same = and_(Person.workspace_id == workspace_id, Person.slack_id == StagedPerson.slack_id)
    is_taken = sql_cast(Person.known, Text) == sql_cast(StagedPerson.known, Text)
    late = select(StagedPerson.id).outerjoin(Person, same).where(*mine, or_(Person.id.is_(None), ~is_taken))
    return db.scalars(late.order_by(StagedPerson.id)).all()


def _insert(db: Db, mine: Sequence[ColumnElement[bool]]) -> int:
    columns = ["slack_id", "standing", "known", *FACTS]
    there = exists().where(Person.workspace_id == StagedPerson.workspace_id, Person.slack_id == StagedPerson.slack_id)
    new = select(
        StagedPerson.workspace_id,
        literal(1),
        literal(value=False),
        *(getattr(StagedPerson, name) for name in columns),
    ).where(*mine, StagedPerson.person_id.is_(None), ~there)
    into = ["workspace_id", "known_version", "home_shows_programme", *columns]
    return _count(db.execute(insert(Person).from_select(into, new)))


def _update(db: Db, mine: Sequence[ColumnElement[bool]]) -> int:
    facts: dict[str, Any] = {name: getattr(StagedPerson, name) for name in ("known", *FACTS)}
    return _count(
        db.execute(
            update(Person)
            .where(
                *mine,
                Person.id == StagedPerson.person_id,
                Person.workspace_id == StagedPerson.workspace_id,
                Person.known_version == StagedPerson.seen_version,
            )
            .values(
                **facts,
                known_version=Person.known_version + 1,
                gone_at=case((~StagedPerson.is_back, Person.gone_at)),
            )
            .execution_options(synchronize_session=False)
        )
    )


def _count(done: Result[Any]) -> int:
    return cast(CursorResult[Any], done).rowcount


def get(db: Db, staged_id: int) -> StagedPerson:
    return db.get_one(StagedPerson, staged_id)


def clear(db: Db, workspace_id: str, run: str, limit: int) -> bool:
    """Throws away that many of the run's rows; whether there may be more."""
    ids = select(StagedPerson.id).where(StagedPerson.workspace_id == workspace_id, StagedPerson.run == run)
    return _delete(db, ids, limit)


def clear_left_overs(db: Db, workspace_id: str, before: datetime, limit: int) -> bool:
    """The same with what a reading left behind that was killed."""
    ids = select(StagedPerson.id).where(StagedPerson.workspace_id == workspace_id, StagedPerson.staged_at < before)
    return _delete(db, ids, limit)


def _delete(db: Db, ids: Any, limit: int) -> bool:
    found = db.scalars(ids.order_by(StagedPerson.id).limit(limit)).all()
    db.execute(delete(StagedPerson).where(StagedPerson.id.in_(found)).execution_options(synchronize_session=False))
    return len(found) == limit
