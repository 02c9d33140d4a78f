"""Stores of both kinds, and a pair with all that belongs to it in them."""

from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet, MultiFernet

from store.database import Store
from store.models import Base
from tests.store.kept import Kept, keep


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest, databases: Any) -> Iterator[Store]:
    made = Store(databases.make(request.param, with_people=False), MultiFernet([Fernet(Fernet.generate_key())]))
    yield made
    made.close()


@pytest.fixture
def store(opened: Store) -> Iterator[Store]:
    """An empty migrated store, once on SQLite and once on PostgreSQL; emptied, which is faster than a new one."""
    yield opened
    with opened.begin() as db:
        for table in reversed(Base.metadata.sorted_tables):
            db.execute(table.delete())


@pytest.fixture
def kept(store: Store) -> Kept:
    return keep(store)
