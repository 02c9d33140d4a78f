"""Where a long reading of the directory keeps what it is about to change, until all of it changes at once."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, Id, Scope, SlackId, Word
from store.models.people import Standing


class StagedPerson(Base):
    """What a reading will make of one person. Whoever reads people never sees it."""

    __tablename__ = "staged_person"

    id: Mapped[Id] = mapped_column(init=False)
    workspace_id: Mapped[Scope]
    run: Mapped[str] = mapped_column(String(32), index=True)
    """Which reading it belongs to."""
    staged_at: Mapped[datetime]
    person_id: Mapped[int | None]
    """None: somebody new."""
    seen_version: Mapped[int]
    """The person's `known_version` that this was made of."""
    is_felt: Mapped[bool]
    """What is believed of them changes, and not only what one source says."""
    is_back: Mapped[bool]
    """The source had lost them and has them again."""
    standing: Mapped[Standing] = mapped_column(Word(Standing))
    known: Mapped[dict[str, Any]]
    slack_id: Mapped[SlackId]
    name: Mapped[str]
    zone: Mapped[str | None] = mapped_column(String(60))
    country: Mapped[str | None] = mapped_column(String(2))
    title: Mapped[str | None]
    department: Mapped[str | None]
    function: Mapped[str | None]
    started_on: Mapped[str | None] = mapped_column(String(10))
    team: Mapped[str | None]
    site: Mapped[str | None]
    level: Mapped[int | None]
    manager: Mapped[SlackId | None]
    dotted_managers: Mapped[list[str]]
    languages: Mapped[list[str]]
    email: Mapped[str | None] = mapped_column(String(320))
