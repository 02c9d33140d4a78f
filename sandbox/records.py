"""What the workspace remembers: conversations with their messages, views and files."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["channel", "im", "mpim"]


@dataclass
class Message:
    """One message; an ephemeral one (`only_for`) is seen by one person and by no API."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    only_for: str | None = None
    edited: str | None = None
    metadata: Json | None = None
    files: list[Json] = field(default_factory=list)
    from_app: bool = False
    subtype: str | None = None

    @property
    def ephemeral(self) -> bool:
        return self.only_for is not None

    @property
    def time(self) -> datetime:
        return datetime.fromtimestamp(float(self.ts), UTC)

    def is_seen_by(self, user: str) -> bool:
        return self.only_for is None or self.only_for == user


@dataclass
class Conversation:
    """A channel, a DM with the bot, or a group DM. `members` has the bot too where it is in."""

    id: str
    kind: Kind
    name: str
    members: list[str]
    is_private: bool = False
    is_archived: bool = False
    created: int = 0
    creator: str = ""
    messages: list[Message] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)

    def find(self, ts: str) -> Message | None:
        return next((message for message in reversed(self.messages) if message.ts == ts), None)


@dataclass
class View:
    """A modal or a Home of one person: what the bot drew, and what is filled in."""

    id: str
    user: str
    drawn: Json
    values: dict[str, dict[str, Json]]
    hash: str
    root: str
    previous: str | None = None

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.drawn["blocks"]
        return blocks

    @property
    def external_id(self) -> str:
        return str(self.drawn.get("external_id") or "")


@dataclass
class File:
    """An upload; `shared` once it was completed. One that a person put into a form has its `user`."""

    id: str
    name: str
    length: int
    title: str = ""
    content: bytes | None = None
    shared: bool = False
    user: str = ""
    created: int = 0
