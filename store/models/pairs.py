"""Rounds and their proposals; pairs, their sessions, and what a pair writes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Id, Scope, SlackId, Word
from store.models.programmes import Way


class RoundState(StrEnum):
    """Where a round stands."""

    WORKING = "working"  # being solved
    FAILED = "failed"  # couldn't be solved, or was cancelled before anything was proposed
    PROPOSED = "proposed"
    PUBLISHING = "publishing"  # decided; its pairs are being made
    PUBLISHED = "published"
    DISCARDED = "discarded"


class RoundKind(StrEnum):
    """What a round is for."""

    WHOLE = "whole"  # everybody who waits
    REPAIR = "repair"  # one whose partner left, and as few others as may be


class Wish(StrEnum):
    """What a coordinator wants of two people in a round."""

    PIN = "pin"
    FORBID = "forbid"


class Round(Base):
    """One run of matching. `seed` and sorted ids fix every tie, so that it can be run again."""

    __tablename__ = "round"

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    seed: Mapped[int]
    placed: Mapped[int]
    total: Mapped[int]
    state: Mapped[RoundState] = mapped_column(Word(RoundState), default=RoundState.PROPOSED)
    kind: Mapped[RoundKind] = mapped_column(Word(RoundKind), default=RoundKind.WHOLE, server_default="whole")
    about: Mapped[int | None] = mapped_column(ForeignKey("member.id"), default=None)
    """Whom a repair is for."""
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    """Counts each change of what is proposed, so that a coordinator who looks at an older one is told."""
    progress: Mapped[dict[str, Any]] = mapped_column(default_factory=dict, server_default="{}")
    """How far the work on it is: `doing`, `done`, `of`; how often it was begun (`tries`); and the open `views` that
    show it, with whose each is. Once it is published: how many pairs are `done`, which are `unpaired` with why, and
    what of it was `told`."""
    leased_until: Mapped[datetime | None] = mapped_column(default=None)
    """Until when a process is at work on it; after that another may take it up."""
    problem: Mapped[bytes | None] = mapped_column(default=None, deferred=True, repr=False)
    """What was solved and its certificate, sealed with the round's own key; `store.proofs`. Megabytes, so it is read
    only where it is asked for."""
    confided: Mapped[list[int]] = mapped_column(JSON, default_factory=list, server_default="[]")
    """Members whose word in confidence is in it: it is forgotten when one of them leaves."""
    is_checked: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The checker went through the certificate and found no better round."""
    insight: Mapped[dict[str, Any]] = mapped_column(default_factory=dict, server_default="{}")
    """What may be said about it: who was left out by what, and what would place them."""
    tell: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True, default=None)
    """Who asked for it, and is told when it is there unless they see it come."""
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True, default=None)
    """Who is kept posted while its pairs are introduced."""
    is_weekly: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Nobody asked for it: it is proposed each week, and told of only if it places somebody."""


class Proposal(Base):
    """A pair that a round proposes, with the reasons that may be shown."""

    __tablename__ = "proposal"
    __table_args__ = (UniqueConstraint("round_id", "mentor_id", "mentee_id"),)

    id: Mapped[Id] = mapped_column(init=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    mentee_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    fit: Mapped[int]
    """Of the open parts alone: it decides what is shown first."""
    reasons: Mapped[dict[str, Any]] = mapped_column(JSON)


class Choice(Base):
    """A coordinator wants these two together, or apart, in this round."""

    __tablename__ = "choice"
    __table_args__ = (UniqueConstraint("round_id", "mentor_id", "mentee_id"),)

    id: Mapped[Id] = mapped_column(init=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    mentee_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    wish: Mapped[Wish] = mapped_column(Word(Wish))
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class Onward(StrEnum):
    """How somebody would like to go on when their months are over, the liveliest first."""

    AS_NOW = "as_now"
    LESS_OFTEN = "less_often"
    INFORMALLY = "informally"
    FINISH = "finish"


GOES_ON = (Onward.AS_NOW, Onward.LESS_OFTEN)
"""With dates and questions from the bot, as before."""


class Pair(Base):
    """A mentor and a mentee, from publication to their ending. The unique key pairs no two people twice."""

    __tablename__ = "pair"
    __table_args__ = (UniqueConstraint("programme_id", "mentor_id", "mentee_id"),)

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    mentee_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    published_at: Mapped[datetime]
    reasons: Mapped[dict[str, Any]] = mapped_column(JSON)
    channel: Mapped[SlackId | None] = mapped_column(default=None)
    introduced_at: Mapped[datetime | None] = mapped_column(default=None)
    ends_at: Mapped[datetime | None] = mapped_column(default=None)
    """When their months are over; known from the introduction on."""
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    """Set when somebody left before that."""
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    """Who left: so that they get no word about it. Never shown."""
    onward: Mapped[Onward | None] = mapped_column(Word(Onward), default=None)
    """What the two decided last about going on; `ends_at` is later where they do."""
    onward_at: Mapped[datetime | None] = mapped_column(default=None)
    ending: Mapped[int] = mapped_column(default=1, server_default="1")
    """Which end of theirs is the next, or was the last: each is talked about once."""


class Agreement(Base):
    """What a pair agrees on, in versions: one of them proposes, and it counts when the other has said yes.

    The words are sealed with the pair's key.
    """

    __tablename__ = "agreement"
    __table_args__ = (UniqueConstraint("pair_id", "version"),)

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    version: Mapped[int]
    sealed: Mapped[bytes]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the other one said yes."""


class Preference(Base):
    """How one of a pair would like to go on after their months, sealed with their own key: nobody reads it but they."""

    __tablename__ = "preference"
    __table_args__ = (UniqueConstraint("pair_id", "person_id", "ending"),)

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    ending: Mapped[int]
    """Which end of the pair it is about."""
    sealed: Mapped[bytes]
    chosen_at: Mapped[datetime]
    """When they chose first; a change of mind doesn't make the other wait longer."""


class SayingKind(StrEnum):
    """What somebody wants passed on."""

    THANKS = "thanks"
    DIFFERENCE = "difference"  # what the mentee did differently because of the talks
    LESSON = "lesson"  # for the others in the programme, without names


class Consent(StrEnum):
    """What the other one says to words that are to be posted."""

    POSTED = "posted"
    KEPT = "kept"  # between the two
    REWORDED = "reworded"  # other words of theirs took its place


class Saying(Base):
    """Words of one of a pair for the other or, with the other's yes, for the programme's channel.

    Sealed with the pair's key; what is posted is in the channel then.
    """

    __tablename__ = "saying"

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[SayingKind] = mapped_column(Word(SayingKind))
    for_all: Mapped[bool]
    """It is to be posted, if the other one agrees to just these words."""
    sealed: Mapped[bytes]
    written_at: Mapped[datetime]
    answer: Mapped[Consent | None] = mapped_column(Word(Consent), default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)


class BrokenRule(Base):
    """A rule that a change in the directory broke for a pair that was made before. A person decides what follows."""

    __tablename__ = "broken_rule"

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    rule: Mapped[str] = mapped_column(String(30))
    found_at: Mapped[datetime]
    mended_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the directory no longer said so."""
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)


class SessionState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Session(Base):
    """One meeting of a pair. A month without one is a month without a row."""

    __tablename__ = "session"
    __table_args__ = (UniqueConstraint("pair_id", "number"),)

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    number: Mapped[int]
    """The first, second, ... of the pair."""
    starts_at: Mapped[datetime]
    booked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    booked_at: Mapped[datetime]
    state: Mapped[SessionState] = mapped_column(Word(SessionState), default=SessionState.PLANNED)
    sequence: Mapped[int] = mapped_column(default=0)
    """Counts each new date; calendar files and the keys of nudges carry it."""
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    """When somebody said whether it was held, or cancelled it; None for one that only counts as missed, since there
    is a later date."""
    theme: Mapped[int] = mapped_column(default=1, server_default="1")
    """What it is about, 1 to 6, and on from 7 in the later rounds of a pair that goes on and on; `bot.themes`."""
    preparation: Mapped[str | None] = mapped_column(String(60), default=None)
    """The id of the question both get before it, each in their side's words; None where none was left."""
    reflection: Mapped[str | None] = mapped_column(String(60), default=None)
    """The id of the question both get after it."""
    minutes: Mapped[int | None] = mapped_column(default=None)
    """How long they talked, as one of the two told."""
    way: Mapped[Way | None] = mapped_column(Word(Way), default=None)
    """How they met, as one of the two told."""
    cancelled_at: Mapped[datetime | None] = mapped_column(default=None)
    """When a date of it was cancelled last; kept when it gets a new one."""
    cancelled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    """Who did: so that they hear of it at once, and their partner in working hours. Shown to nobody else."""
    cancellations: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often the mentee cancelled it, before it was held at last: at the second time both get a private word."""


class Note(Base):
    """What someone wrote down of a session, sealed with their own key, or the pair's if shared."""

    __tablename__ = "note"

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    is_shared: Mapped[bool]
    sealed: Mapped[bytes]
    written_at: Mapped[datetime]
    shared_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it was shared after it had been private: the partner is told of it."""


class Action(Base):
    """What one of a pair said they would do, sealed with the pair's key."""

    __tablename__ = "action"

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    sealed: Mapped[bytes]
    written_at: Mapped[datetime]
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    due_on: Mapped[date | None] = mapped_column(default=None)
    """By which day its owner would like to have done it, on their own calendar."""


class Reflection(Base):
    """A person's answer to a question they were asked, sealed with their own key, or the pair's once it is shared."""

    __tablename__ = "reflection"
    __table_args__ = (UniqueConstraint("workspace_id", "channel", "ts"),)

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"))
    nudge_id: Mapped[int] = mapped_column(ForeignKey("nudge.id"))
    question: Mapped[str] = mapped_column(String(60))
    sealed: Mapped[bytes]
    written_at: Mapped[datetime]
    channel: Mapped[SlackId]
    ts: Mapped[str] = mapped_column(String(30))
    """Which message of theirs it began with."""
    is_shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    shared_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it was shared: the partner is told of it."""
