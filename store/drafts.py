"""Sign-ups that were begun and not yet sent: what was answered so far, sealed with the person's own key."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Db

from store import keys
from store.models import Draft, Holder, Person, Programme


def find(db: Db, programme_id: int, person_id: int) -> Draft | None:
    return db.scalar(select(Draft).where(Draft.programme_id == programme_id, Draft.person_id == person_id))


def get(db: Db, draft_id: int) -> Draft:
    return db.get_one(Draft, draft_id)


def fresh(db: Db, draft_id: int) -> Draft | None:
    """As it is now, whatever this transaction read before; None if it is gone."""
    return db.get(Draft, draft_id, populate_existing=True)


def of_person(db: Db, person_id: int) -> Sequence[Draft]:
    return db.scalars(select(Draft).where(Draft.person_id == person_id).order_by(Draft.id)).all()


def answers(db: Db, draft: Draft) -> dict[str, Any]:
    """What was answered so far, by the name of the question."""
    found: dict[str, Any] = json.loads(keys.unseal(db, Holder.PERSON, draft.person_id, draft.sealed))
    return found


def keep(db: Db, programme: Programme, me: Person, given: dict[str, Any], now: datetime) -> Draft:
    """Keeps all that was answered so far in place of what was kept before."""
    sealed = keys.seal(db, Holder.PERSON, me.id, json.dumps(given))
    draft = find(db, programme.id, me.id)
    if draft is None:
        draft = Draft(
            workspace_id=programme.workspace_id,
            programme_id=programme.id,
            person_id=me.id,
            sealed=sealed,
            started_at=now,
            changed_at=now,
        )
        db.add(draft)
    draft.sealed, draft.changed_at = sealed, now
    db.flush()
    return draft


def drop_all(db: Db, person_id: int) -> None:
    """All that they began."""
    db.execute(delete(Draft).where(Draft.person_id == person_id))


def drop(db: Db, programme_id: int, person_id: int) -> None:
    db.execute(delete(Draft).where(Draft.programme_id == programme_id, Draft.person_id == person_id))


def drop_untouched(db: Db, workspace_id: str, since: datetime) -> Sequence[int]:
    """All that was last changed before then; whose it was."""
    stale = delete(Draft).where(Draft.workspace_id == workspace_id, Draft.changed_at < since)
    return db.scalars(stale.returning(Draft.person_id)).all()


def drop_programme(db: Db, programme_id: int) -> None:
    """All that anybody began there."""
    db.execute(delete(Draft).where(Draft.programme_id == programme_id))
