"""Coordinators' messages to a channel."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from store import agenda
from store.models import Announcement, Delivery, DeliveryState, Programme, Subject

SAYING = "saying:"  # what the key of somebody's words to all begins with: the words themselves stay sealed elsewhere


def find(db: Db, announcement_id: int) -> Announcement | None:
    return db.get(Announcement, announcement_id)


def add(
    db: Db,
    programme: Programme,
    author_id: int,
    text: str,
    key: str,
    now: datetime,
    *,
    is_opening: bool = False,
) -> None:
    """To be posted in the programme's channel; the same key again changes nothing."""
    if db.scalar(select(Announcement.id).where(Announcement.key == key)):
        return
    announcement = Announcement(
        workspace_id=programme.workspace_id,
        programme_id=programme.id,
        author_id=author_id,
        channel=programme.channel,
        text=text,
        is_opening=is_opening,
        written_at=now,
        key=key,
    )
    db.add(announcement)
    db.flush()
    agenda.look(db, programme.workspace_id, Subject.ANNOUNCEMENT, announcement.id, now)


def saying(announcement: Announcement) -> int | None:
    """The id of the words that it posts; None for a coordinator's own."""
    return int(announcement.key.removeprefix(SAYING)) if announcement.key.startswith(SAYING) else None


def troubled(db: Db, author_id: int) -> Sequence[tuple[Announcement, Delivery]]:
    """Announcements of this author that Slack refused, or of which nobody knows whether they were posted."""
    rows = db.execute(
        select(Announcement, Delivery)
        .join(Delivery, Delivery.announcement_id == Announcement.id)
        .where(
            Announcement.author_id == author_id,
            Delivery.state.in_([DeliveryState.UNKNOWN, DeliveryState.REFUSED]),
        )
        .order_by(Announcement.id)
    )
    return [(announcement, delivery) for announcement, delivery in rows]
