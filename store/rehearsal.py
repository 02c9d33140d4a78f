"""A store in which anything may be tried out: all of it is undone at the end."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from store.database import Store


class Rehearsal(Store):
    """Reads what was tried out. The one writer of SQLite is held from the first writing on, so be quick."""

    def __init__(self, store: Store) -> None:
        self.keys, self.engine = store.keys, store.engine
        self._connection: Connection | None = None

    @contextmanager
    def begin(self) -> Iterator[Session]:
        if self._connection is None:
            self._connection = self.engine.execution_options(writes=True).connect()
            self._connection.begin()
        with self._on(self._connection) as db, db.begin():
            yield db

    @contextmanager
    def read(self) -> Iterator[Session]:
        if self._connection is None:
            with super().read() as db:
                yield db
        else:
            with self._on(self._connection) as db:
                yield db

    def _on(self, connection: Connection) -> Session:
        # A commit ends a savepoint; the connection's own transaction is never committed.
        return Session(
            connection,
            join_transaction_mode="create_savepoint",
            expire_on_commit=False,
            info={"keys": self.keys},
        )

    def undo(self) -> None:
        if self._connection is not None:
            self._connection.close()


@contextmanager
def rehearsed(store: Store) -> Iterator[Store]:
    tried = Rehearsal(store)
    try:
        yield tried
    finally:
        tried.undo()
