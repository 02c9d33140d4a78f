"""The meetings of a pair."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from store.models import Session, SessionState


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
