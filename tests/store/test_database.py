"""The two kinds of transaction, the migrated schema, and times that keep their zone."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import make
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from cryptography.fernet import Fernet, MultiFernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, Column, Engine, event, text, update
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from store import people, workspaces
from store.database import NotMigrated, Store, utc
from store.models import Base, Workspace

KEYS = MultiFernet([Fernet(Fernet.generate_key())])


@pytest.fixture
def file(databases: Any) -> Iterator[Store]:
    """A migrated SQLite file."""
    opened = Store(databases.make("sqlite", with_people=False), KEYS)
    yield opened
    opened.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'empty.db'}", KEYS)
    yield opened
    opened.close()


def said(engine: Engine) -> list[str]:
    """What is said to the database from now on."""
    heard: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cu, statement, *_: heard.append(statement))
    return heard


# Migrations


def but_for_json(_context: object, _inspected: object, column: Column[Any], *_: object) -> bool | None:
    """None lets Alembic compare the defaults. PostgreSQL can't compare those of JSON."""
    return False if isinstance(column.type, JSON) else None


def test_the_migrated_schema_is_the_described_one(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": but_for_json}
        )

        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_changes_nothing(store: Store) -> None:
    with store.begin() as db:
        workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")

    store.migrate()

    store.require_migrated()
    with store.read() as db:
        assert db.scalar(text("SELECT name FROM workspace")) == "Tidewell"


def test_a_database_without_tables_is_refused_with_what_to_do(empty: Store) -> None:
    with pytest.raises(NotMigrated, match=r"run `python app.py migrate` first"):
        empty.require_migrated()


def test_a_database_of_another_release_is_refused(file: Store) -> None:
    with file.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = 'newer'"))

    with pytest.raises(NotMigrated):
        file.require_migrated()


def test_whoever_migrates_waits_longer_for_a_writer_than_a_listener_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.database.BUSY_MILLISECONDS", 1)
    url = f"sqlite:///{tmp_path / 'new.db'}"
    first, second = Store(url, KEYS), Store(url, KEYS)
    waits, migrating = threading.Event(), threading.Thread(target=second.migrate)
    event.listen(second.engine, "checkout", lambda *_: threading.Timer(0.1, waits.set).start(), once=True)

    with first.begin() as writer:
        writer.connection()
        migrating.start()
        waits.wait(10)
    migrating.join(30)

    second.require_migrated()
    with first.begin() as writer, second.begin() as late:
        writer.connection()
        with pytest.raises(OperationalError, match="locked"):
            late.connection()
    first.close()
    second.close()


def test_a_migration_that_fails_leaves_nothing_behind(empty: Store) -> None:
    event.listen(empty.engine, "before_cursor_execute", _break_at("CREATE TABLE announcement"))

    with pytest.raises(RuntimeError, match="the power is cut"):
        empty.migrate()

    with empty.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM sqlite_master")) == 0


def _break_at(beginning: str) -> Any:
    def listen(_c: object, _cu: object, statement: str, *_: object) -> None:
        if statement.strip().startswith(beginning):
            raise RuntimeError("the power is cut")

    return listen


# Transactions


def add(store: Store, row: Base) -> None:
    with store.begin() as db:
        db.add(row)


def test_what_is_written_together_is_kept_together_or_not_at_all(store: Store) -> None:
    def half_way() -> None:
        with store.begin() as db:
            workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")
            db.flush()
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        half_way()

    with store.read() as db:
        assert db.scalar(text("SELECT count(*) FROM workspace")) == 0


def test_what_was_read_stays_usable_after_its_transaction(store: Store) -> None:
    with store.begin() as db:
        workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")
    add(store, make.person("U0ANA", id=None))

    with store.read() as db:
        ana = people.find(db, make.WORKSPACE, "U0ANA")

    assert ana is not None
    assert (ana.name, ana.zone) == ("Ana", make.LISBON)


def test_on_sqlite_a_transaction_that_writes_takes_the_lock_at_once_and_survives_a_power_cut(file: Store) -> None:
    """A later lock would fail when two writers meet; a weaker sync would forget a claim and send twice."""
    heard = said(file.engine)

    with file.begin() as db:
        durable = db.scalar(text("PRAGMA synchronous")), db.scalar(text("PRAGMA journal_mode"))
    with file.read() as db:
        db.scalar(text("SELECT 1"))

    assert [statement for statement in heard if statement.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN"]
    assert durable == (2, "wal")


def test_on_sqlite_references_are_kept_and_what_is_deleted_leaves_the_file(file: Store) -> None:
    with file.read() as db:
        assert (db.scalar(text("PRAGMA foreign_keys")), db.scalar(text("PRAGMA secure_delete"))) == (1, 1)


def test_nobody_is_stored_in_a_workspace_that_is_not_there(store: Store) -> None:
    with pytest.raises(IntegrityError):
        add(store, make.person("U0ANA", id=None))


def test_on_sqlite_a_second_writer_waits_two_seconds_at_most(file: Store) -> None:
    """A listener has three seconds to answer."""
    with file.read() as db:
        assert db.scalar(text("PRAGMA busy_timeout")) == 2000


def test_on_sqlite_two_writers_follow_each_other(file: Store) -> None:
    with file.begin() as db:
        workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")
    failures: list[OperationalError] = []

    def write(number: int) -> None:
        try:
            with file.begin() as db:
                assert len(people.all_of(db, make.WORKSPACE)) >= 0
                db.add(make.person(f"U0P{number}", id=None))
        except OperationalError as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    _run(threads)

    with file.read() as db:
        assert (failures, len(people.all_of(db, make.WORKSPACE))) == ([], 8)


def _run(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_an_error_of_the_database_does_not_hold_what_was_to_be_stored(store: Store) -> None:
    """Its text may reach a log."""
    with pytest.raises(IntegrityError) as error:
        add(store, make.person("U0ANA", id=None, name="A name nobody should read in a log"))

    assert "A name nobody should read" not in str(error.value)


# Times


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with store.begin() as db:
        workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")

    with pytest.raises(StatementError, match="a time without a zone"):
        add(store, make.person("U0ANA", id=None, gone_at=datetime.fromisoformat("2027-03-01 09:00")))


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(make.moments("1970-01-02", "2100-01-01"), st.timezones())
def test_a_moment_comes_back_as_the_same_moment_in_utc(store: Store, moment: datetime, zone: ZoneInfo) -> None:
    with store.begin() as db:
        workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")
    with store.begin() as db:
        db.execute(update(Workspace).values(wait_until=moment.astimezone(zone)))

    with store.read() as db:
        found = db.get_one(Workspace, make.WORKSPACE).wait_until

    assert found == moment
    assert found.utcoffset() == timedelta()


def test_a_moment_is_written_as_machines_read_it() -> None:
    assert utc(make.MONDAY) == "2027-03-01T09:00:00Z"
