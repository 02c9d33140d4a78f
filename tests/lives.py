"""Lives lived through the store: a clock that goes from look to look of the agenda, over an empty workspace."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import make

from store import agenda, workspaces
from store.database import Store
from store.models import Base


@dataclass
class Life:
    """From MONDAY on. Whoever is looked at is looked at when the agenda says so; a life says what a look is."""

    store: Store
    now: datetime = make.MONDAY

    def empty(self) -> None:
        """A workspace with nobody in it: examples share one database."""
        with self.store.begin() as db:
            for table in reversed(Base.metadata.sorted_tables):
                db.execute(table.delete())
            workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")

    def pass_time(self, hours: int, *, is_down: bool) -> None:
        """Goes on from look to look; a bot that is down looks only when it is back."""
        self.pass_until(self.now + timedelta(hours=hours), is_down=is_down)

    def pass_until(self, until: datetime, *, is_down: bool = False) -> None:
        while not is_down and (at := self._next()) is not None and at < until:
            self.now = max(at, self.now)
            self.look()
        self.now = max(until, self.now)
        self.look()

    def _next(self) -> datetime | None:
        with self.store.read() as db:
            return agenda.next_look(db, make.WORKSPACE)

    def look(self) -> None:
        """At all whose moment has come, until nobody's has."""
        raise NotImplementedError
