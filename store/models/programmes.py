"""Programmes and the members in them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Id, Scope, SlackId, Word


class Side(StrEnum):
    """Which side of a pair someone is on: the junior mentors, the senior is the mentee."""

    MENTOR = "mentor"
    MENTEE = "mentee"


class Way(StrEnum):
    """How people like to meet."""

    ONLINE = "online"
    IN_PERSON = "in_person"


class Focus(StrEnum):
    """What a programme is about: some of a pair's questions come from it."""

    DIGITAL = "digital"
    INCLUSION = "inclusion"
    FUTURE = "future"
    LEADERSHIP = "leadership"
    OWN = "own"  # what the coordinator has written, and nothing else


class Cadence(StrEnum):
    """How often a pair meets."""

    MONTHLY = "monthly"
    FORTNIGHTLY = "fortnightly"


class Programme(Base):
    """One run of reverse mentoring with its purpose, terms and rhythm."""

    __tablename__ = "programme"

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    name: Mapped[str]
    objective: Mapped[str]
    channel: Mapped[SlackId]
    contact: Mapped[SlackId]
    """Whom to turn to with a concern; never the partner."""
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who runs it: requests go to them. Somebody may take it over."""
    created_at: Mapped[datetime]
    run_since: Mapped[datetime | None] = mapped_column(default=None)
    """When somebody took it over last."""
    months: Mapped[int | None] = mapped_column(default=None)
    """How long each pair goes on; None: until one of the two wants it to end."""
    cadence: Mapped[Cadence] = mapped_column(Word(Cadence), default=Cadence.MONTHLY, server_default="monthly")
    needs_approval: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A coordinator says yes before somebody is in."""
    places: Mapped[int | None] = mapped_column(default=None)
    """How many people may take part at once; those who come later wait in a list. None: as many as like."""
    signup_from: Mapped[datetime | None] = mapped_column(default=None)
    signup_until: Mapped[datetime | None] = mapped_column(default=None)
    weights: Mapped[dict[str, Any]] = mapped_column(default_factory=dict, server_default="{}")
    """How much each open part of the fit counts here, by its name: 0 not at all, 1 a little, 2 as usual, 3 a lot.
    A part that isn't in it counts as usual."""
    pairs_weekly: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Each week a round is proposed for whoever waits; a coordinator still looks it through."""
    focus: Mapped[Focus] = mapped_column(Word(Focus), default=Focus.OWN, server_default="own")
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it was ended; nobody joins it any more."""


class MemberState(StrEnum):
    """Where someone stands in a programme; whether they are paired is told by their pairs."""

    APPLIED = "applied"  # waits for a coordinator's yes
    QUEUED = "queued"  # waits for a place in the programme to come free
    ACTIVE = "active"
    PAUSED = "paused"
    DECLINED = "declined"
    LEFT = "left"


TAKES_PART = (MemberState.ACTIVE, MemberState.PAUSED)
IS_OUT = (MemberState.DECLINED, MemberState.LEFT)


class Member(Base):
    """A person's place in a programme, on one side."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("programme_id", "person_id", "side"),)

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    side: Mapped[Side] = mapped_column(Word(Side))
    topics: Mapped[list[str]]
    """Ids of topics, strongest offer or dearest wish first."""
    languages: Mapped[list[str]]
    ways: Mapped[list[str]]
    joined_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    """When they joined, changed their answers or left last: each of these is confirmed."""
    consented_at: Mapped[datetime]
    consent: Mapped[str] = mapped_column(String(30))
    """Which version of the consent text was agreed to."""
    hopes: Mapped[bytes | None] = mapped_column(default=None)
    avoid: Mapped[bytes | None] = mapped_column(default=None)
    networks: Mapped[bytes | None] = mapped_column(default=None)
    """Employee networks and experiences they are willing to bring, told in confidence: sealed, never shown."""
    hours: Mapped[list[str]] = mapped_column(default_factory=list, server_default="[]")
    """Parts of their working day that suit them; empty: any."""
    capacity: Mapped[int] = mapped_column(default=1)
    state: Mapped[MemberState] = mapped_column(Word(MemberState), default=MemberState.ACTIVE)
    state_since: Mapped[datetime | None] = mapped_column(default=None)
    paused_until: Mapped[datetime | None] = mapped_column(default=None)
    """When their pause ends by itself; kept afterwards, until the next pause."""
    let_in_at: Mapped[datetime | None] = mapped_column(default=None)
    """When a coordinator said yes, or a place came free."""
    wants_partner: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Not since their partner left, until they say so."""
    is_first_in_line: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Their partner left and they want another: nobody has waited longer."""
    rounds_waited: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    """Counts each change of the answers, so that each is confirmed once."""


class TopicState(StrEnum):
    """What became of a topic that somebody proposed."""

    OPEN = "open"
    ACCEPTED = "accepted"
    MERGED = "merged"
    DECLINED = "declined"


class TopicProposal(Base):
    """A topic that wasn't in the list. Accepted, it is in the workspace's list from then on."""

    __tablename__ = "topic_proposal"

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    text: Mapped[str] = mapped_column(String(75))
    proposed_at: Mapped[datetime]
    state: Mapped[TopicState] = mapped_column(Word(TopicState), default=TopicState.OPEN)
    topic: Mapped[str | None] = mapped_column(String(75), default=None)
    """The id of the topic it became."""
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)


class Draft(Base):
    """A sign-up that was begun: what was answered so far, sealed with the person's key, and where it stands."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("programme_id", "person_id"),)

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    sealed: Mapped[bytes]
    started_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    question: Mapped[str | None] = mapped_column(String(30), default=None)
    """The open question of the conversation; None where they use the form."""
    turn: Mapped[int] = mapped_column(default=0)
    """Counts what the bot has said in the conversation, so that each is said once."""
