"""People's answers to the questions they were asked, sealed with their own keys."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from store import keys
from store.models import Became, Holder, Nudge, Reflection
from store.notes import Written


def of_person(db: Db, person_id: int) -> Sequence[Reflection]:
    """Oldest first, sealed."""
    return of_people(db, [person_id])


def of_people(db: Db, ids: Collection[int]) -> Sequence[Reflection]:
    return db.scalars(select(Reflection).where(Reflection.person_id.in_(ids)).order_by(Reflection.id)).all()


def of_question(db: Db, nudge_id: int) -> Reflection | None:
    """The answer to a question, if there is one."""
    return db.scalar(select(Reflection).where(Reflection.nudge_id == nudge_id).order_by(Reflection.id.desc()).limit(1))


def text(db: Db, reflection: Reflection) -> str:
    return keys.unseal(db, *_holder(reflection), reflection.sealed)


def _holder(reflection: Reflection) -> tuple[Holder, int]:
    return (Holder.PAIR, reflection.pair_id) if reflection.is_shared else (Holder.PERSON, reflection.person_id)


def written(db: Db, reflection: Reflection) -> Written:
    return Written(
        reflection.id,
        text(db, reflection),
        reflection.written_at,
        reflection.person_id,
        reflection.is_shared,
        reflection.pair_id,
        what=Became.ANSWER,
        question=reflection.question,
    )


def add(db: Db, question: Nudge, text: str, channel: str, ts: str, now: datetime) -> Reflection:
    """Keeps an answer, for its author alone."""
    answer = Reflection(
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
    db.add(answer)
    db.flush()
    return answer
