"""What people write to the bot, message by message."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Id, Scope, SlackId, Word


class Became(StrEnum):
    """What a text that somebody wrote to the bot was taken as."""

    UNDECIDED = "undecided"  # several questions are open: they are asked which one it answers
    ANSWER = "answer"
    NOTE = "note"
    ACTION = "action"
    THANKS = "thanks"


class Heard(StrEnum):
    """What happened last to a text; the reply says so."""

    TAKEN = "taken"
    ADDED = "added"  # another message joined it
    CHANGED = "changed"  # a message of it was edited or deleted in Slack
    STAYS = "stays"  # that too, but the text had been changed with the button since


class Writing(Base):
    """A message of somebody's that the bot took, with its words as they stand in Slack, sealed with their own key.

    Several in a row are one text: the first says what became of it, and what its author is to be told.
    """

    __tablename__ = "writing"
    # Buttons and the keys of replies carry its id, so that one of a deleted text must not come again.
    __table_args__ = (UniqueConstraint("workspace_id", "channel", "ts"), {"sqlite_autoincrement": True})

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    channel: Mapped[SlackId]
    ts: Mapped[str] = mapped_column(String(30))
    sealed: Mapped[bytes]
    """Empty once the message was deleted in Slack."""
    written_at: Mapped[datetime]
    became: Mapped[Became] = mapped_column(Word(Became))
    heard_at: Mapped[datetime]
    thread_ts: Mapped[str | None] = mapped_column(String(30), default=None)
    begun_by: Mapped[int | None] = mapped_column(ForeignKey("writing.id"), index=True, default=None)
    """The first message of the same text; None for that one itself."""
    kept_id: Mapped[int | None] = mapped_column(default=None)
    """The id of the answer, note or action it became; None while its author is asked."""
    turn: Mapped[int] = mapped_column(default=0)
    """Counts what its author is to be told; 0 of those that came before there was a word about it."""
    heard: Mapped[Heard] = mapped_column(Word(Heard), default=Heard.TAKEN)
    is_mended: Mapped[bool] = mapped_column(default=False)
    """Changed with the button since: what happens in Slack no longer changes what is kept."""
