"""People's answers to the questions they were asked, sealed with their own keys."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from store import keys
from store.models import Holder, Nudge, Reflection


def of_person(db: Db, person_id: int) -> Sequence[Reflection]:
    """Oldest first, sealed."""
    return db.scalars(select(Reflection).where(Reflection.person_id == person_id).order_by(Reflection.id)).all()


def text(db: Db, reflection: Reflection) -> str:
    return keys.unseal(db, Holder.PERSON, reflection.person_id, reflection.sealed)


def add(db: Db, question: Nudge, text: str, channel: str, ts: str, now: datetime) -> None:
    """Keeps an answer, for its author alone."""
    db.add(
        Reflection(
            workspace_id=question.workspace_id,
            person_id=question.person_id,
            pair_id=int(question.pair_id or 0),
            nudge_id=question.id,
            question=str(question.question),
            sealed=keys.seal(db, Holder.PERSON, question.person_id, text),
            written_at=now,
            channel=channel,
            ts=ts,
        )
    )
