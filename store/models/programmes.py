"""Programmes and the members in them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
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
    created_at: Mapped[datetime]
    months: Mapped[int] = mapped_column(default=6)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)


class MemberState(StrEnum):
    """Where someone stands in a programme; whether they are paired is told by their pairs."""

    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


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
    capacity: Mapped[int] = mapped_column(default=1)
    state: Mapped[MemberState] = mapped_column(Word(MemberState), default=MemberState.ACTIVE)
    state_since: Mapped[datetime | None] = mapped_column(default=None)
    rounds_waited: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    """Counts each change of the answers, so that each is confirmed once."""
