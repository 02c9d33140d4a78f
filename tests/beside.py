"""Two transactions at once: one begins beside another that is open, and goes on as far as that one lets it."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event, get_ident
from time import monotonic
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session as Db

from store.database import Store

SOON = 10.0  # seconds
WAITING = text("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


def beside(store: Store, do: Callable[[Db], object]) -> Future[None]:
    """Begins it in a transaction of its own, and goes on when it is done or has to wait for another."""
    asking = Asking()

    def begin() -> None:
        asking.thread = get_ident()
        with store.begin() as db:
            do(db)

    is_sqlite = store.engine.dialect.name == "sqlite"
    event.listen(store.engine, "before_cursor_execute", asking)
    one = ThreadPoolExecutor(1)
    begun = one.submit(begin)
    one.shutdown(wait=False)
    until = monotonic() + SOON
    while not begun.done() and not (asking.is_set() if is_sqlite else _somebody_waits(store)):
        assert monotonic() < until, "it neither ended nor has to wait"
        wait([begun], 0.005)
    if is_sqlite:
        wait([begun], 0.05)  # it has just asked to be the one writer
    event.remove(store.engine, "before_cursor_execute", asking)
    return begun


class Asking(Event):
    """Set when this thread asks SQLite to be the one writer."""

    thread = 0

    def __call__(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement == "BEGIN IMMEDIATE" and get_ident() == self.thread:
            self.set()


def _somebody_waits(store: Store) -> bool:
    with store.read() as db:
        return db.execute(WAITING).first() is not None
