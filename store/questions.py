"""Which questions of the bank people had, so that nobody gets one twice in a programme."""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as Db

from store.models import Member, Nudge, Pair, Session


def had(db: Db, programme_id: int, person_ids: Collection[int]) -> set[str]:
    """Ids of what was asked of any of them there, on either side, or is allotted to a meeting of theirs.

    It counts whatever became of the meeting, and what was asked counts even where the meeting is no longer known.
    """
    theirs = select(Member.id).where(Member.programme_id == programme_id, Member.person_id.in_(person_ids))
    in_pairs = or_(Pair.mentor_id.in_(theirs), Pair.mentee_id.in_(theirs))
    allotted = db.execute(
        select(Session.preparation, Session.reflection).join(Pair, Pair.id == Session.pair_id).where(in_pairs)
    )
    asked = db.scalars(
        select(Nudge.question)
        .join(Pair, Pair.id == Nudge.pair_id)
        .where(Pair.programme_id == programme_id, Nudge.person_id.in_(person_ids), Nudge.question.is_not(None))
    )
    return {twin for row in allotted for twin in row if twin is not None} | {twin for twin in asked if twin is not None}


def prepared(db: Db, session_ids: Collection[int]) -> set[int]:
    """Those of the meetings for which one of the two has got the question to prepare with, or may have."""
    asked = select(Nudge.session_id).where(
        Nudge.session_id.in_(session_ids), Nudge.kind == "preparation", Nudge.dropped.is_(None)
    )
    return {session_id for session_id in db.scalars(asked) if session_id is not None}
