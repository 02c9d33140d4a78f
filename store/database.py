"""The database: one way to open it, and the two kinds of transaction."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from cryptography.fernet import MultiFernet
from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.orm import Session

BUSY_MILLISECONDS = 2000  # a listener has three seconds to answer; waiting for the one writer may take two
MIGRATING_MILLISECONDS = 60_000  # whoever migrates waits for another who does
MIGRATING = 0xF11B51DE  # the advisory lock of PostgreSQL's; no other program on this database takes that number


class NotMigrated(Exception):
    """The database is not at the revision this release needs; `python app.py migrate` brings it there."""


class Store:
    """An open database with the master keys. Threads share it."""

    def __init__(self, url: str, keys: MultiFernet, *, connections: int = 5) -> None:
        self.keys = keys
        self.engine = _engine(url, connections)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A transaction that writes; commits at the end, or rolls back if anything is raised."""
        with self._session(self.engine.execution_options(writes=True)) as db, db.begin():
            yield db

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that reads one state of the database and changes nothing."""
        with self._session(self.engine) as db:
            yield db

    def _session(self, bind: Engine) -> Session:
        return Session(bind, expire_on_commit=False, info={"keys": self.keys})

    def migrate(self) -> None:
        """Brings the schema to the newest revision. Safe to run again, and by several at once: one does it."""
        with self._alone() as connection:
            config = _alembic()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    @contextmanager
    def _alone(self) -> Iterator[Connection]:
        """A transaction that writes while nobody else migrates: two at once would make the same tables."""
        with self.engine.execution_options(writes=True).connect() as connection:
            if connection.dialect.name == "postgresql":
                with connection.begin():
                    connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
                    yield connection
                return
            _wait_for_the_writer(connection, MIGRATING_MILLISECONDS)
            try:
                with connection.begin():
                    yield connection
            finally:
                _wait_for_the_writer(connection, BUSY_MILLISECONDS)

    def require_migrated(self) -> None:
        with self.engine.connect() as connection:
            present = MigrationContext.configure(connection).get_current_heads()
        if set(present) != _newest():
            raise NotMigrated("the database is not migrated: run `python app.py migrate` first")

    def close(self) -> None:
        self.engine.dispose()


@cache
def _newest() -> set[str]:
    """The revisions this release needs."""
    return set(ScriptDirectory.from_config(_alembic()).get_heads())


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _engine(url: str, connections: int) -> Engine:
    if url.startswith(("postgres://", "postgresql")):  # the first is an old spelling that hosts still give
        modern = make_url(url.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql+psycopg")
        return create_engine(modern, pool_size=connections, max_overflow=5, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=5,
        connect_args={"timeout": BUSY_MILLISECONDS / 1000},
        hide_parameters=True,  # an error's text may reach a log; what people wrote must not
        json_deserializer=_from_json,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _from_json(text: str) -> Any:
    """Most lists are empty, and a look at hundreds of people reads thousands of them."""
    return [] if text == "[]" else {} if text == "{}" else json.loads(text)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late to be IMMEDIATE
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # with NORMAL a power cut forgets a claim, and a message goes twice
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
        "secure_delete=ON",  # what is erased leaves the file, too
    ):
        connection.execute(f"PRAGMA {pragma}")


def _wait_for_the_writer(connection: Connection, milliseconds: int) -> None:
    driven = connection.connection.driver_connection  # past SQLAlchemy, which would begin a transaction, and wait there
    if driven is not None:
        driven.execute(f"PRAGMA busy_timeout={milliseconds}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def utc(value: datetime) -> str:
    """A moment as people and machines read it: `2027-03-01T09:00:00Z`."""
    return value.isoformat(timespec="seconds").replace("+00:00", "Z")
