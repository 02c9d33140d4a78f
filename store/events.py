"""The events and forms of Slack's that have been taken, since some of them come twice."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Db

from store.models import SlackEvent

SOME = 5_000  # in one transaction: nobody waits for it


def take(db: Db, event_id: str, now: datetime) -> bool:
    """Says whether this event is new; in the same transaction as its effect, so both are kept or neither."""
    if was_taken(db, event_id):
        return False
    db.add(SlackEvent(id=event_id, received_at=now))
    db.flush()  # two at once: the second fails here, Slack gets a 500 and delivers again
    return True


def forget(db: Db, before: datetime) -> int:
    """Of those that came before that, the oldest; how many."""
    old = select(SlackEvent.id).where(SlackEvent.received_at < before).order_by(SlackEvent.received_at).limit(SOME)
    return len(db.scalars(delete(SlackEvent).where(SlackEvent.id.in_(old)).returning(SlackEvent.id)).all())


def was_taken(db: Db, event_id: str) -> bool:
    """Whether it has come before."""
    return db.scalar(select(SlackEvent.id).where(SlackEvent.id == event_id)) is not None
