"""A directory into which sources are read, and rows that they may have."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import make
from directory import houses
from sqlalchemy import func, select

from bot.directory import reading
from bot.directory.reading import Report
from bot.directory.rules import Row
from store import agenda, directory, people, workspaces
from store.database import Store
from store.models import Base, Person, Source, StagedPerson, Subject

NOW = make.MONDAY
ANA_MAIL, GRACE_MAIL = "ana@x.example", "grace@x.example"
ANA_X, GRACE_X = directory.id_of_ours(ANA_MAIL), directory.id_of_ours(GRACE_MAIL)
NAMES = ("Ana", "Bo", "Cy", "Di")
MAILS = {name: f"{name.lower()}@x.example" for name in NAMES}


class Town:
    """A directory into which sources are read."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.begin() as db:
            workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")

    def read(self, *rows: Row | str, source: Source = Source.SCIM, now: datetime = NOW, **options: Any) -> Report:
        def lined() -> Iterator[tuple[int, Row | str]]:
            return iter(list(enumerate(rows, 1)))

        return reading.apply(self.store, make.WORKSPACE, source, lined, now, **options)

    def keep(self, *persons: Person) -> None:
        with self.store.begin() as db:
            db.add_all(persons)

    def join(self, slack_id: str) -> None:
        houses.join(self.store, self.person(slack_id))

    def person(self, slack_id: str) -> Person:
        with self.store.read() as db:
            return people.by_slack_id(db, make.WORKSPACE, [slack_id])[slack_id]

    @property
    def everyone(self) -> dict[str, Person]:
        with self.store.read() as db:
            return {each.slack_id: each for each in people.all_of(db, make.WORKSPACE)}

    @property
    def lines(self) -> dict[str, Any]:
        with self.store.read() as db:
            return dict(people.reporting_lines(db, make.WORKSPACE))

    @property
    def staged(self) -> int:
        with self.store.read() as db:
            return db.scalar(select(func.count()).select_from(StagedPerson)) or 0

    @property
    def looked_at(self) -> list[tuple[Subject, int]]:
        with self.store.read() as db:
            return [(each.subject, each.subject_id) for each in agenda.due(db, make.WORKSPACE, NOW, 99)]


def row(name: str = "Ana", **facts: Any) -> Row:
    return Row(name=name, **({"slack_id": f"U0{name.upper()}"} | facts))


def empty(store: Store) -> None:
    """Each example begins anew."""
    with store.begin() as db:
        for table in reversed(Base.metadata.sorted_tables):
            db.execute(table.delete())
