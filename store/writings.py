"""The messages people write to the bot, and which of them are one text."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Db

from store import keys
from store.models import Became, Heard, Holder, Person, Writing

STANDS = "…"  # in place of a message whose words are no longer kept


def find(db: Db, workspace_id: str, channel: str, ts: str) -> Writing | None:
    """The message of that channel and ts, if it was taken."""
    return db.scalar(
        select(Writing).where(Writing.workspace_id == workspace_id, Writing.channel == channel, Writing.ts == ts)
    )


def first(db: Db, writing: Writing) -> Writing:
    """The message that its text began with."""
    return writing if writing.begun_by is None else db.get_one(Writing, writing.begun_by)


def of_person(db: Db, person_id: int) -> Sequence[Writing]:
    """The first messages of all their texts, oldest first."""
    return of_people(db, [person_id])


def of_people(db: Db, ids: Collection[int]) -> Sequence[Writing]:
    theirs = (Writing.person_id.in_(ids), Writing.begun_by.is_(None))
    return db.scalars(select(Writing).where(*theirs).order_by(Writing.id)).all()


def open_one(db: Db, person_id: int, writing_id: int) -> Writing | None:
    """A text of theirs of which they are being asked what it is for; to be changed."""
    found = db.scalar(
        select(Writing)
        .where(Writing.id == writing_id, Writing.person_id == person_id, Writing.begun_by.is_(None))
        .with_for_update()
    )
    return found if found is not None and found.kept_id is None else None


def newest(db: Db, person_id: int) -> tuple[Writing, datetime] | None:
    """The first message of their text that was written or decided about last, and when."""
    theirs = select(Writing).where(Writing.person_id == person_id)
    last = db.scalar(theirs.order_by(Writing.id.desc()).limit(1))
    if last is None:
        return None
    begins = theirs.where(Writing.begun_by.is_(None), Writing.heard == Heard.TAKEN)
    decided = db.scalar(begins.order_by(Writing.heard_at.desc(), Writing.id.desc()).limit(1))
    if decided is not None and decided.heard_at > last.written_at:
        return decided, decided.heard_at
    return first(db, last), last.written_at


def of_kept(db: Db, became: Became, kept_id: int) -> Writing | None:
    """The first message of what became that answer, note or action; None where it wasn't written to the bot."""
    return db.scalar(
        select(Writing)
        .where(Writing.became == became, Writing.kept_id == kept_id, Writing.begun_by.is_(None))
        .order_by(Writing.id)
        .limit(1)
    )


def begin(
    db: Db,
    me: Person,
    channel: str,
    ts: str,
    thread_ts: str | None,
    text: str,
    became: Became,
    now: datetime,
    kept_id: int | None = None,
) -> Writing:
    """A text begins with this message."""
    writing = Writing(
        workspace_id=me.workspace_id,
        person_id=me.id,
        channel=channel,
        ts=ts,
        thread_ts=thread_ts,
        sealed=keys.seal(db, Holder.PERSON, me.id, text),
        written_at=now,
        became=became,
        kept_id=kept_id,
        turn=1,
        heard_at=now,
    )
    db.add(writing)
    db.flush()
    return writing


def add(db: Db, begun: Writing, channel: str, ts: str, text: str, now: datetime) -> None:
    """Another message joins the text."""
    db.add(
        Writing(
            workspace_id=begun.workspace_id,
            person_id=begun.person_id,
            channel=channel,
            ts=ts,
            thread_ts=begun.thread_ts,
            sealed=keys.seal(db, Holder.PERSON, begun.person_id, text),
            written_at=now,
            begun_by=begun.id,
            became=begun.became,
            heard_at=now,
        )
    )
    hear(begun, Heard.ADDED, now)
    db.flush()


def hear(begun: Writing, word: Heard, now: datetime) -> None:
    """Something happened to the text, and its author is to be told."""
    begun.turn, begun.heard, begun.heard_at = begun.turn + 1, word, now


def rewrite(db: Db, writing: Writing, text: str) -> None:
    """The message now says this; nothing once it was deleted."""
    writing.sealed = keys.seal(db, Holder.PERSON, writing.person_id, text) if text else b""


def let_go(db: Db, begun: Writing) -> None:
    """Of its messages no word is kept any more, only which of them still stand in Slack."""
    for each in _all(db, begun):
        if each.sealed:
            rewrite(db, each, STANDS)


def text(db: Db, begun: Writing) -> str:
    """All messages of a text, as they stand, each on a line of its own; empty once all were deleted."""
    sealed = [each.sealed for each in _all(db, begun) if each.sealed]
    return "\n".join(keys.unseal(db, Holder.PERSON, begun.person_id, each) for each in sealed)


def _all(db: Db, begun: Writing) -> list[Writing]:
    later = db.scalars(select(Writing).where(Writing.begun_by == begun.id).order_by(Writing.id))
    return [begun, *later]


def forget(db: Db, begun: Writing) -> None:
    """Nothing of the text is kept any more."""
    db.execute(delete(Writing).where(Writing.begun_by == begun.id))
    db.execute(delete(Writing).where(Writing.id == begun.id))
