"""What every table shares: times that keep their zone, words chosen from a list, lists kept as JSON."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, mapped_column


class Time(TypeDecorator[datetime]):
    """A moment in UTC. SQLite drops zones, so they are put back here; a time without one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone must not be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """One word of a list, kept as plain text so that a new word needs no migration."""

    impl = String(30)
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | None, _dialect: Dialect) -> str | None:
        return None if value is None else str(self.words(value))

    def process_result_value(self, value: str | None, _dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


Id = Annotated[int, mapped_column(primary_key=True)]
SlackId = Annotated[str, mapped_column(String(30))]
Scope = Annotated[str, mapped_column(ForeignKey("workspace.id"), index=True)]


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """Every table is a dataclass; constraint names are fixed so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Time, list[str]: JSON, list[int]: JSON, dict[str, Any]: JSON}  # noqa: RUF012 -- SQLAlchemy's way
