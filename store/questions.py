"""Which questions of the bank people had, so that nobody gets one twice in a programme."""

from collections.abc import Collection

from sqlalchemy import Integer, bindparam, or_, select
from sqlalchemy.orm import Session as Db

from store.models import Member, Nudge, Pair, Session


def had(db: Db, programme_id: int, person_ids: Collection[int]) -> set[str]:
    """Ids of what was asked of any of them there, on either side, or is allotted to a meeting of theirs.

    It counts whatever became of the meeting, and what was asked counts even where the meeting is no longer known.
    """
    known = {"programme": programme_id, "people": list(person_ids)}
    allotted, asked = db.execute(_ALLOTTED, known), db.scalars(_ASKED, known)
    return {twin for row in allotted for twin in row if twin is not None} | {twin for twin in asked if twin is not None}


def prepared(db: Db, session_ids: Collection[int]) -> set[int]:
    """Those of the meetings for which one of the two has got the question to prepare with, or may have."""
    asked = db.scalars(_PREPARED, {"sessions": list(session_ids)})
    return {session_id for session_id in asked if session_id is not None}


# Made once: making them takes longer than asking them.
_PEOPLE = bindparam("people", expanding=True, type_=Integer)
_THEIRS = select(Member.id).where(Member.programme_id == bindparam("programme"), Member.person_id.in_(_PEOPLE))
_ALLOTTED = (
    select(Session.preparation, Session.reflection)
    .join(Pair, Pair.id == Session.pair_id)
    .where(or_(Pair.mentor_id.in_(_THEIRS), Pair.mentee_id.in_(_THEIRS)))
)
_ASKED = (
    select(Nudge.question)
    .join(Pair, Pair.id == Nudge.pair_id)
    .where(Pair.programme_id == bindparam("programme"), Nudge.person_id.in_(_PEOPLE), Nudge.question.is_not(None))
)
_PREPARED = select(Nudge.session_id).where(
    Nudge.session_id.in_(bindparam("sessions", expanding=True)),
    Nudge.kind == "preparation",
    Nudge.dropped.is_(None),
)
