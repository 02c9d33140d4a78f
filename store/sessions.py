"""The meetings of a pair."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as Db

from store.models import Member, Pair, Session, SessionState


def get(db: Db, session_id: int) -> Session:
    return db.get_one(Session, session_id)


def of_pairs(db: Db, pair_ids: Sequence[int]) -> dict[int, list[Session]]:
    found: dict[int, list[Session]] = {pair_id: [] for pair_id in pair_ids}
    for session in db.scalars(select(Session).where(Session.pair_id.in_(pair_ids)).order_by(Session.number)):
        found[session.pair_id].append(session)
    return found


def planned(sessions: Sequence[Session]) -> Session | None:
    """The one that has a date and has not been settled, if there is one."""
    return next((session for session in sessions if session.state is SessionState.PLANNED), None)


def taken(db: Db, person_ids: Sequence[int]) -> list[datetime]:
    """When the talks begin that these people have a date for, in whichever pair."""
    theirs = select(Member.id).where(Member.person_id.in_(person_ids))
    return list(
        db.scalars(
            select(Session.starts_at)
            .join(Pair, Pair.id == Session.pair_id)
            .where(
                or_(Pair.mentor_id.in_(theirs), Pair.mentee_id.in_(theirs)),
                Pair.ended_at.is_(None),
                Session.state == SessionState.PLANNED,
            )
        )
    )
