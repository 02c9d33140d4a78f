"""How often something may be asked of Slack, by all processes of a workspace together.

Each lane keeps the moment by when what went through it would have gone at an even pace (the "theoretical arrival time"
of the generic cell rate algorithm), so that one row, one time and no clock of its own tell how much room there is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session as Db

from store.models import Lane


@dataclass(frozen=True)
class Pace:
    """One each so often, and after a rest so many at once."""

    every: timedelta
    burst: int = 1


@dataclass(frozen=True)
class Use:
    """How far a lane is used up, and until when it is closed."""

    used_until: datetime
    closed_until: datetime | None = None

    def is_closed(self, now: datetime) -> bool:
        return self.closed_until is not None and now < self.closed_until

    def room(self, pace: Pace, now: datetime) -> int:
        """How many may go through now."""
        if self.is_closed(now):
            return 0
        taken = -((now - max(self.used_until, now)) // pace.every)  # rounded up
        return max(0, pace.burst - taken)

    def opens_at(self, pace: Pace, now: datetime, count: int = 1) -> datetime:
        """From when on so many may go through at once, or as many as ever may."""
        free_at = self.used_until - pace.every * max(0, pace.burst - count)
        return max(free_at, self.closed_until or now, now)

    def used(self, pace: Pace, now: datetime, count: int = 1) -> "Use":
        """After so many more; more than there is room for makes the next ones wait longer."""
        return Use(max(self.used_until, now) + pace.every * count, self.closed_until)

    def closed(self, until: datetime) -> "Use":
        """Whoever asks for longer wins."""
        return Use(self.used_until, max(until, self.closed_until or until))


def of(db: Db, workspace_id: str, names: Collection[str], now: datetime) -> dict[str, Use]:
    """How they stand; one that was never used is free."""
    known = _read(db, _NAMED, workspace_id, names) if names else {}
    return {name: known.get(name, Use(now)) for name in names}


def locked(db: Db, workspace_id: str, names: Collection[str], now: datetime) -> dict[str, Use]:
    """The same, and nobody else lets anything through them meanwhile. (SQLite has one writer anyway.)"""
    known = _read(db, _NAMED_LOCKED, workspace_id, names) if names else {}
    free = [_row(workspace_id, name, Use(now)) for name in sorted(set(names) - known.keys())]
    if free:
        # Not before the others are locked: with a new row in hand, we would wait for somebody who waits for that row.
        db.execute(_insert(db).on_conflict_do_nothing(index_elements=_KNOWN), free)
        known = _read(db, _NAMED_LOCKED, workspace_id, names)
    return known


def keep(db: Db, workspace_id: str, uses: Mapping[str, Use]) -> None:
    """They stand so from now on; they must be locked."""
    new = _insert(db)
    told = {"used_until": new.excluded.used_until, "closed_until": new.excluded.closed_until}
    rows = [_row(workspace_id, name, use) for name, use in sorted(uses.items())]
    if rows:
        db.execute(new.on_conflict_do_update(index_elements=_KNOWN, set_=told), rows)


_KNOWN = [Lane.workspace_id, Lane.name]


# Made once: making it takes longer than asking it.
_NAMED = (
    select(Lane.name, Lane.used_until, Lane.closed_until)
    .where(Lane.workspace_id == bindparam("workspace"), Lane.name.in_(bindparam("names", expanding=True)))
    .order_by(Lane.name)
)
_NAMED_LOCKED = _NAMED.with_for_update()


def _read(
    db: Db, query: Select[str, datetime, datetime | None], workspace_id: str, names: Collection[str]
) -> dict[str, Use]:
    rows = db.execute(query, {"workspace": workspace_id, "names": list(names)})
    return {name: Use(used_until, closed_until) for name, used_until, closed_until in rows}


def _insert(db: Db) -> Any:
    kinds: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    return kinds[db.get_bind().dialect.name](Lane)


def _row(workspace_id: str, name: str, use: Use) -> dict[str, Any]:
    told = {"used_until": use.used_until, "closed_until": use.closed_until}
    return {"workspace_id": workspace_id, "name": name} | told
