"""Workspaces, the people in them, and the keys that keep what they write."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Id, Scope, SlackId, Word


class Workspace(Base):
    """One Slack team that installed the bot."""

    __tablename__ = "workspace"

    id: Mapped[SlackId] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    bot_user: Mapped[SlackId] = mapped_column(default="")
    wait_until: Mapped[datetime | None] = mapped_column(default=None)
    """Slack asked us to be quiet until then (429), on every replica."""


class Person(Base):
    """Someone in the workspace, as far as the directory knows them. `None` is "not known", never "none"."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("workspace_id", "slack_id"),)

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    slack_id: Mapped[SlackId]
    name: Mapped[str]
    zone: Mapped[str | None] = mapped_column(String(60), default=None)
    country: Mapped[str | None] = mapped_column(String(2), default=None)
    title: Mapped[str | None] = mapped_column(default=None)
    department: Mapped[str | None] = mapped_column(default=None)
    team: Mapped[str | None] = mapped_column(default=None)
    site: Mapped[str | None] = mapped_column(default=None)
    level: Mapped[int | None] = mapped_column(default=None)
    manager: Mapped[SlackId | None] = mapped_column(default=None)
    """Slack id of the person they report to; "" when they are known to report to nobody."""
    dotted_managers: Mapped[list[str]] = mapped_column(default_factory=list)
    languages: Mapped[list[str]] = mapped_column(default_factory=list)
    gone_at: Mapped[datetime | None] = mapped_column(default=None)
    dm_channel: Mapped[SlackId | None] = mapped_column(default=None)
    home_opened_at: Mapped[datetime | None] = mapped_column(default=None)
    home_stale_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
    home_shows_programme: Mapped[bool] = mapped_column(default=False)
    """Their Home was drawn for a coordinator, so it changes with every member and pair."""


class Holder(StrEnum):
    """Whose key it is."""

    PERSON = "person"
    PAIR = "pair"


class DataKey(Base):
    """The key of one person or pair, wrapped by the master keys. Without this row, what it sealed is gone."""

    __tablename__ = "data_key"
    __table_args__ = (UniqueConstraint("holder", "holder_id"),)

    id: Mapped[Id] = mapped_column(init=False)
    holder: Mapped[Holder] = mapped_column(Word(Holder))
    holder_id: Mapped[int]
    wrapped: Mapped[bytes]
