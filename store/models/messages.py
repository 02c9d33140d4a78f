"""What the bot says and when: the agenda, nudges, deliveries, announcements, and the events it has taken."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Id, Scope, SlackId, Word

LATER = ":later:"  # in the key of what was put off and comes back: the how manieth time follows


class Subject(StrEnum):
    """What an agenda row is about."""

    PERSON = "person"
    ANNOUNCEMENT = "announcement"
    # The workspace's own work; its number is 0 unless said otherwise, an upload's its id.
    SLACK_PEOPLE = "slack_people"
    SLACK_PROFILES = "slack_profiles"
    SCIM = "scim"
    RULES = "rules"  # do the pairs still keep them
    DRAFTS = "drafts"  # those begun long ago are forgotten
    EVENTS = "events"  # so are the marks of those that Slack brings no more
    UPLOAD = "upload"
    ROUND = "round"  # solving it, and making its pairs; its number is the round's id
    WEEKLY = "weekly"  # a round each week; its number is the programme's id


class Agenda(Base):
    """When must this person or announcement next be looked at. Each change raises the version."""

    __tablename__ = "agenda"
    __table_args__ = (
        UniqueConstraint("workspace_id", "subject", "subject_id"),
        Index("ix_agenda_due", "workspace_id", "is_urgent", "look_at"),
    )

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    subject: Mapped[Subject] = mapped_column(Word(Subject))
    subject_id: Mapped[int]
    look_at: Mapped[datetime | None] = mapped_column()
    version: Mapped[int] = mapped_column(default=0)
    is_urgent: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Somebody has just done something and waits for an answer: looked at before the many whose morning it is."""


class Lane(Base):
    """How much of what Slack takes in a while is used up, by all processes together; `store.lanes`."""

    __tablename__ = "lane"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    name: Mapped[str] = mapped_column(String(60))
    used_until: Mapped[datetime]
    """By when what was sent so far would have gone out at an even pace."""
    closed_until: Mapped[datetime | None] = mapped_column(default=None)
    """Slack asked for quiet until then (429)."""


class DeliveryState(StrEnum):
    """Where one message stands; design: claim, send, reconcile."""

    CLAIMED = "claimed"  # about to be sent, or being sent, until the lease runs out
    WAITING = "waiting"  # Slack surely did not take it and said "later"
    UNKNOWN = "unknown"  # it may or may not be there
    SENT = "sent"
    REFUSED = "refused"  # for good
    GIVEN_UP = "given_up"  # no longer due, or could not be made sure of


class Delivery(Base):
    """One message on its way to one place; it carries nudges, a notice or an announcement."""

    __tablename__ = "delivery"

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    mark: Mapped[str] = mapped_column(String(40), unique=True)
    """The opaque id in the message's metadata, by which it is recognised in a history. It says nothing."""
    lease_until: Mapped[datetime]
    claimed_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True, default=None)
    announcement_id: Mapped[int | None] = mapped_column(ForeignKey("announcement.id"), default=None)
    state: Mapped[DeliveryState] = mapped_column(Word(DeliveryState), default=DeliveryState.CLAIMED, index=True)
    attempts: Mapped[int] = mapped_column(default=1)
    target: Mapped[SlackId | None] = mapped_column(default=None)
    """Where it is sent; known from the attempt on at the latest."""
    attempted_at: Mapped[datetime | None] = mapped_column(default=None)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    channel: Mapped[SlackId | None] = mapped_column(default=None)
    ts: Mapped[str | None] = mapped_column(String(30), default=None)
    error: Mapped[str | None] = mapped_column(String(100), default=None)


class Nudge(Base):
    """A nudge or a notice that was claimed for someone, or dropped. Its key says the meaning, so it is once."""

    __tablename__ = "nudge"
    __table_args__ = (UniqueConstraint("workspace_id", "key"),)

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    key: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    is_notice: Mapped[bool]
    due_at: Mapped[datetime]
    claimed_at: Mapped[datetime]
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True, default=None)
    dropped: Mapped[str | None] = mapped_column(String(60), default=None)
    """Why it was never sent, where its moment had passed before it could be."""
    pair_id: Mapped[int | None] = mapped_column(ForeignKey("pair.id"), index=True, default=None)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"), default=None)
    question: Mapped[str | None] = mapped_column(String(60), default=None)
    """The id of the question it asks, if it asks one."""
    about: Mapped[int | None] = mapped_column(default=None)
    """The id of what else it is about: a member, a reflection, an announcement, by kind."""
    put_off_until: Mapped[datetime | None] = mapped_column(default=None)
    """They put it off: then it comes back, under a key of its own."""
    is_wished: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It is one that they had put off: it came at their own wish, outside the budget."""

    @property
    def meaning(self) -> str:
        """The key it had when it came first, however often it was put off since."""
        return self.key.partition(LATER)[0]


class Announcement(Base):
    """A coordinator's message to a channel."""

    __tablename__ = "announcement"

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[SlackId]
    text: Mapped[str]
    """Empty for the announcement of the programme itself, which is worded from the programme."""
    is_opening: Mapped[bool]
    written_at: Mapped[datetime]
    key: Mapped[str] = mapped_column(String(60), unique=True)
    """The form it came from, so that a form sent twice is one announcement."""
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it was posted, refused or said to be there."""


class SlackEvent(Base):
    """An event of Slack's whose effect is stored, so that its second coming changes nothing."""

    __tablename__ = "slack_event"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(index=True)
