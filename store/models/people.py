"""Workspaces, the people in them, and the keys that keep what they write."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Id, Scope, SlackId, Word


class Workspace(Base):
    """One Slack team that installed the bot."""

    __tablename__ = "workspace"

    id: Mapped[SlackId] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    bot_user: Mapped[SlackId] = mapped_column(default="")
    wait_until: Mapped[datetime | None] = mapped_column(default=None)
    """Slack shut the workspace to us (a dead token, a policy): nothing is asked of it until then, on any replica."""
    rest_unasked_until: Mapped[datetime | None] = mapped_column(default=None)
    """Who has their notifications off isn't asked before then: we may not know it, or asked too often."""
    profile_fields: Mapped[dict[str, Any]] = mapped_column(default_factory=dict, server_default="{}")
    """Which field of Slack's profiles is our manager, department, team, site, level: our name to Slack's field id."""


class Standing(StrEnum):
    """What kind of account somebody has, by what Slack says."""

    UNKNOWN = "unknown"  # not looked at yet
    MEMBER = "member"
    GUEST = "guest"
    BOT = "bot"
    OUTSIDER = "outsider"  # of another company, or another workspace of the Grid
    NO_ACCOUNT = "no_account"  # in the company's directory, but not in Slack; their id is ours, and begins with X


class Source(StrEnum):
    """Where something about a person is known from."""

    SCIM = "scim"  # the HR directory, over SCIM
    FILE = "file"  # the company's file
    PROFILE = "profile"  # the custom fields of their Slack profile, as a coordinator mapped them
    SLACK = "slack"  # their Slack account: name, zone, title, e-mail address
    PERSON = "person"  # what they told us when they joined


class Person(Base):
    """Someone in the workspace, as far as the directory knows them. `None` is "not known", never "none"."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("workspace_id", "slack_id"),
        Index(
            "ix_person_shows_programme",
            "workspace_id",
            sqlite_where=text("home_shows_programme = 1"),
            postgresql_where=text("home_shows_programme"),
        ),
    )

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    slack_id: Mapped[SlackId]
    name: Mapped[str]
    zone: Mapped[str | None] = mapped_column(String(60), default=None)
    country: Mapped[str | None] = mapped_column(String(2), default=None)
    title: Mapped[str | None] = mapped_column(default=None)
    department: Mapped[str | None] = mapped_column(default=None)
    function: Mapped[str | None] = mapped_column(default=None)
    """What kind of work they do, such as "Design": people of one department may have several."""
    started_on: Mapped[str | None] = mapped_column(String(10), default=None)
    """The day they came to the company, such as `2021-04-01`: as sources say it, and as `known` keeps it."""
    team: Mapped[str | None] = mapped_column(default=None)
    site: Mapped[str | None] = mapped_column(default=None)
    level: Mapped[int | None] = mapped_column(default=None)
    manager: Mapped[SlackId | None] = mapped_column(default=None)
    """Slack id of the person they report to; "" when they are known to report to nobody."""
    dotted_managers: Mapped[list[str]] = mapped_column(default_factory=list)
    languages: Mapped[list[str]] = mapped_column(default_factory=list)
    works_from: Mapped[time | None] = mapped_column(default=None)
    """From when they may be written to, by their own clock, as they chose; None for the usual hours."""
    works_until: Mapped[time | None] = mapped_column(default=None)
    """Until when; what is earlier than `works_from` is on the next day, as in a night shift."""
    work_days: Mapped[list[int]] = mapped_column(default_factory=list, server_default="[]")
    """The weekdays on which they may be, as they chose, Monday being 0; none for the usual ones of their country."""
    nudges_a_week: Mapped[int | None] = mapped_column(default=None)
    """The most messages with nudges in seven days, as they chose; None for as many as is usual here."""
    email: Mapped[str | None] = mapped_column(String(320), default=None)
    """In small letters: by it the company's directory is matched to Slack accounts."""
    standing: Mapped[Standing] = mapped_column(Word(Standing), default=Standing.UNKNOWN, server_default="unknown")
    known: Mapped[dict[str, Any]] = mapped_column(default_factory=dict, server_default="{}")
    """What each source says of them, and since when; `store.directory` makes the fields above of it."""
    known_version: Mapped[int] = mapped_column(default=0, server_default="0")
    """Counts each change of `known`, so that a long import sees what changed meanwhile."""
    profile_read_at: Mapped[datetime | None] = mapped_column(default=None)
    gone_at: Mapped[datetime | None] = mapped_column(default=None)
    dm_channel: Mapped[SlackId | None] = mapped_column(default=None)
    unreachable_since: Mapped[datetime | None] = mapped_column(default=None)
    """Since when Slack takes no message of ours to them, though they are here; None where it does."""
    unreachable_tried_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it refused one last."""
    home_opened_at: Mapped[datetime | None] = mapped_column(default=None)
    home_stale_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
    home_shows_programme: Mapped[bool] = mapped_column(default=False)
    """Their Home was drawn for a coordinator, so it changes with every member and pair."""
    fewer: Mapped[dict[str, Any]] = mapped_column(default_factory=dict, server_default="{}")
    """Of which families of nudges they want fewer: `half` or `none`, by the family's name."""


@dataclass(frozen=True, slots=True)
class Line:
    """Whom somebody reports to, where they told it themselves besides what the company's sources say."""

    manager: str | None
    """By the company's sources; "" for nobody, None where they don't know."""
    dotted: tuple[str, ...]
    told: str | None
    """By the person; "" for nobody, None where it isn't they who told, but whoever they are isn't certain."""


class DirectoryReading(Base):
    """How far a source has been read, and what was found the last time it was read to its end."""

    __tablename__ = "directory_reading"
    __table_args__ = (UniqueConstraint("workspace_id", "source"),)

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    source: Mapped[Source] = mapped_column(Word(Source))
    read_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it was last read to its end."""
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the reading under way began; None between two."""
    cursor: Mapped[str | None] = mapped_column(default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    """How often in a row it failed."""
    error: Mapped[str | None] = mapped_column(String(100), default=None)
    """The code of the last failure, until it is read again."""
    report: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    """What the last reading did: `added`, `changed`, `same`, `gone`, `problems`."""


class Collected(Base):
    """Somebody whom the reading under way of a source has met so far; forgotten at its end."""

    __tablename__ = "collected"
    __table_args__ = (UniqueConstraint("workspace_id", "source", "key"),)

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    source: Mapped[Source] = mapped_column(Word(Source))
    key: Mapped[str] = mapped_column(String(255))
    """Their id in that source."""
    facts: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    """What the source says of them, where that isn't kept at once."""


class DirectoryUpload(Base):
    """A file of people that a coordinator sent in Slack: looked through first, imported when they say so."""

    __tablename__ = "directory_upload"

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    file: Mapped[SlackId]
    name: Mapped[str]
    asked_at: Mapped[datetime]
    is_partial: Mapped[bool] = mapped_column(default=False)
    checked_at: Mapped[datetime | None] = mapped_column(default=None)
    wanted_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the coordinator said to import it."""
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it was imported, or couldn't be."""
    report: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)


class Holder(StrEnum):
    """Whose key it is."""

    PERSON = "person"
    PAIR = "pair"
    ROUND = "round"


class DataKey(Base):
    """The key of one person, pair or round, wrapped by the master keys. Without this row, what it sealed is gone."""

    __tablename__ = "data_key"
    __table_args__ = (UniqueConstraint("holder", "holder_id"),)

    id: Mapped[Id] = mapped_column(init=False)
    holder: Mapped[Holder] = mapped_column(Word(Holder))
    holder_id: Mapped[int]
    wrapped: Mapped[bytes]
