"""What is tried out is read as if it were so, and is undone at the end."""

import make

from store import people, workspaces
from store.database import Store
from store.rehearsal import rehearsed


def name(store: Store) -> str | None:
    with store.read() as db:
        found = people.find(db, make.WORKSPACE, "U0ANA")
    return found.name if found else None


def rename(store: Store, to: str) -> None:
    with store.begin() as db:
        person = people.find(db, make.WORKSPACE, "U0ANA")
        assert person is not None
        person.name = to


def test_what_is_tried_out_is_seen_in_it_and_gone_after_it(store: Store) -> None:
    with store.begin() as db:
        workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")
        db.add(make.person(id=None, name="Ana"))

    with rehearsed(store) as trial:
        rename(trial, "Bea")
        rename(trial, "Cleo")
        tried = name(trial)

    assert (tried, name(store)) == ("Cleo", "Ana")
    rename(store, "Dora")
    assert name(store) == "Dora", "the one writer is free again"


def test_who_only_looks_holds_nobody_up(store: Store) -> None:
    with store.begin() as db:
        workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")
        db.add(make.person(id=None, name="Ana"))

    with rehearsed(store) as trial:
        assert name(trial) == "Ana"
        rename(store, "Bea")
        assert name(trial) == "Bea"
