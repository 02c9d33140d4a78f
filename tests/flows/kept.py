"""What the bot keeps, looked at in its own database, and changed there for what has no button yet in a story."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from conftest import KEY, MONDAY
from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy.orm import Session as Db

from sandbox import Sandbox
from store import directory, members, people, programmes
from store.database import Store
from store.models import Member, Person, Programme, Source


@contextmanager
def stored(box: Sandbox) -> Iterator[Store]:
    """The bot's own database."""
    store = Store(box.bot.env["DATABASE_URL"], MultiFernet([Fernet(KEY)]))
    try:
        yield store
    finally:
        store.close()


@contextmanager
def records(box: Sandbox) -> Iterator[Db]:
    """One transaction in it, that may write."""
    with stored(box) as store, store.begin() as db:
        yield db


def the_programme(db: Db, box: Sandbox) -> Programme:
    return programmes.open_now(db, box.team_id)[0]


def the_person(db: Db, box: Sandbox, who: str) -> Person:
    found = people.find(db, box.team_id, box.find(who))
    assert found is not None
    return found


def the_place(db: Db, box: Sandbox, who: str) -> tuple[Member, Programme]:
    """Of somebody who has only one."""
    [found] = members.of_person(db, the_person(db, box, who).id)
    return found


def person(box: Sandbox, who: str) -> Person:
    with stored(box) as store, store.read() as db:
        return the_person(db, box, who)


def places(box: Sandbox, who: str) -> list[Member]:
    """Their places, in the order in which they took them."""
    with stored(box) as store, store.read() as db:
        me = people.find(db, box.team_id, box.find(who))
        return [member for member, _ in members.of_person(db, me.id)] if me else []


def decided(box: Sandbox, **facts: Any) -> None:
    """The people who run the programme set its terms."""
    with records(box) as db:
        for name, value in facts.items():
            setattr(the_programme(db, box), name, value)


def the_company_says(box: Sandbox, who: str, **facts: Any) -> None:
    """What the company's file has of them, and nothing else."""
    with records(box) as db:
        directory.say(the_person(db, box, who), Source.FILE, facts, MONDAY)


def leaves(box: Sandbox, who: str) -> None:
    """Somebody leaves; two hours later."""
    me = person(box, who).id
    with records(box) as db:
        for member, _ in members.of_person(db, me):
            members.leave(db, [member], box.now)
    box.advance(timedelta(hours=2))
