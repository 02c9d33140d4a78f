"""The programmes of a workspace."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session as Db

from store.models import Programme


def find(db: Db, workspace_id: str, programme_id: int) -> Programme | None:
    return db.scalar(select(Programme).where(Programme.workspace_id == workspace_id, Programme.id == programme_id))


def get(db: Db, programme_id: int) -> Programme:
    return db.get_one(Programme, programme_id)


def lock(db: Db, programme_id: int) -> Programme:
    """Whoever changes it, or who is in it or paired in it, comes one after the other. (SQLite has one writer anyway.)

    As it is now: somebody may have changed it since this transaction read it first.
    """
    return db.execute(_LOCKED, {"programme": programme_id}).scalar_one()


_LOCKED = (
    select(Programme)
    .where(Programme.id == bindparam("programme"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def open_now(db: Db, workspace_id: str) -> Sequence[Programme]:
    """Those not ended, the newest first; whether they take new members just now is another question."""
    return db.scalars(
        select(Programme)
        .where(Programme.workspace_id == workspace_id, Programme.closed_at.is_(None))
        .order_by(Programme.id.desc())
    ).all()


def run_by(db: Db, person_id: int) -> Sequence[Programme]:
    """The programmes whose requests go to them: they set one up, or took it over. In an ended one pairs may go on."""
    return db.scalars(select(Programme).where(Programme.created_by == person_id).order_by(Programme.id)).all()


def ended(db: Db, workspace_id: str) -> Sequence[Programme]:
    """Those that were ended, the newest first."""
    return db.scalars(
        select(Programme)
        .where(Programme.workspace_id == workspace_id, Programme.closed_at.is_not(None))
        .order_by(Programme.id.desc())
    ).all()
