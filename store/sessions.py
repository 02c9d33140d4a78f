"""The meetings of a pair."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session as Db

from store.models import Member, Pair, Session, SessionState


def get(db: Db, session_id: int) -> Session:
    return db.get_one(Session, session_id)


def of_pairs(db: Db, pair_ids: Sequence[int]) -> dict[int, list[Session]]:
    found: dict[int, list[Session]] = {pair_id: [] for pair_id in pair_ids}
    for session in db.scalars(_OF_PAIRS, {"pairs": list(pair_ids)}):
        found[session.pair_id].append(session)
    return found


# Made once: making it takes longer than asking it.
_OF_PAIRS = select(Session).where(Session.pair_id.in_(bindparam("pairs", expanding=True))).order_by(Session.number)


def planned(sessions: Sequence[Session]) -> Session | None:
    """The one that has a date and has not been settled, if there is one."""
    return next((session for session in sessions if session.state is SessionState.PLANNED), None)


def taken(db: Db, person_ids: Sequence[int]) -> list[datetime]:
    """When the talks begin that these people have a date for, in whichever pair."""
    return list(db.scalars(_TAKEN, {"people": list(person_ids)}))


_THEIRS = select(Member.id).where(Member.person_id.in_(bindparam("people", expanding=True)))
_TAKEN = (
    select(Session.starts_at)
    .join(Pair, Pair.id == Session.pair_id)
    .where(
        or_(Pair.mentor_id.in_(_THEIRS), Pair.mentee_id.in_(_THEIRS)),
        Pair.ended_at.is_(None),
        Session.state == SessionState.PLANNED,
    )
)
