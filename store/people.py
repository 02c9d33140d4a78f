"""The people of a workspace."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Db

from store.models import Person


def find(db: Db, workspace_id: str, slack_id: str) -> Person | None:
    return db.scalar(select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id))


def get(db: Db, person_id: int) -> Person:
    return db.get_one(Person, person_id)


def by_id(db: Db, ids: Iterable[int]) -> dict[int, Person]:
    people = db.scalars(select(Person).where(Person.id.in_(set(ids))))
    return {person.id: person for person in people}


def by_slack_id(db: Db, workspace_id: str, slack_ids: Iterable[str]) -> dict[str, Person]:
    people = db.scalars(select(Person).where(Person.workspace_id == workspace_id, Person.slack_id.in_(set(slack_ids))))
    return {person.slack_id: person for person in people}


def all_of(db: Db, workspace_id: str) -> Sequence[Person]:
    return db.scalars(select(Person).where(Person.workspace_id == workspace_id).order_by(Person.id)).all()


def reporting_lines(db: Db, workspace_id: str) -> dict[str, tuple[str, ...] | None]:
    """Slack id to the Slack ids of those they report to, line first; None where the line is not known."""
    rows = db.execute(
        select(Person.slack_id, Person.manager, Person.dotted_managers).where(Person.workspace_id == workspace_id)
    )
    return {
        slack_id: None if manager is None else tuple(filter(None, [manager, *dotted]))
        for slack_id, manager, dotted in rows
    }


def open_home(db: Db, person_id: int, now: datetime, *, shows_programme: bool) -> None:
    """The Home was asked for: it is to be drawn, and kept up to date from now on."""
    db.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(home_opened_at=now, home_stale_at=now, home_shows_programme=shows_programme)
    )


def stale_homes(db: Db, workspace_id: str, limit: int) -> Sequence[Person]:
    return db.scalars(
        select(Person)
        .where(Person.workspace_id == workspace_id, Person.home_stale_at.is_not(None))
        .order_by(Person.home_stale_at)
        .limit(limit)
    ).all()


def home_drawn(db: Db, person_id: int, stale_at: datetime) -> None:
    """The Home was drawn as of then; if it became stale again meanwhile, it stays so."""
    db.execute(
        update(Person).where(Person.id == person_id, Person.home_stale_at == stale_at).values(home_stale_at=None)
    )
