"""What all tests share: databases of both kinds, a local workspace with the bot in it, a browser."""

import gc
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any
from zlib import crc32

import hypothesis
import pytest
import towns as towns_
from cryptography.fernet import Fernet, MultiFernet
from nursery import ROOT, Nursery, ran, sharing
from towns import KEY, MONDAY, Databases, Story, Towns, a_quiet_start

from bot import working_time
from sandbox import Sandbox
from store import database
from store.database import Store

__all__ = ["KEY", "MONDAY", "Databases"]  # what tests take from here

gc.disable()  # until all is collected: hardly anything of it is garbage
hypothesis.settings.register_profile("flipside", deadline=None, max_examples=50)  # a busy machine is no failure
hypothesis.settings.register_profile("long", deadline=None)  # by hand, until it is stopped
hypothesis.settings.load_profile("flipside")

DATABASES = ("sqlite", "postgresql")
database.create_engine = sharing(database.create_engine)  # SQL is made of a statement once, not once in each test


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-transcripts", action="store_true", help="write what a pair reads in six months anew")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, so that no worker begins one when the others have ended."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end, and is nothing to look through for garbage again and again."""
    gc.freeze()
    gc.enable()


def missing(what: str, why: str) -> None:
    """Skips loudly; where FLIPSIDE_REQUIRE names it (as CI does), fails instead."""
    said = f"{what} is missing, so this was NOT tested: {why}"
    if what in os.environ.get("FLIPSIDE_REQUIRE", "").split(","):
        pytest.fail(said)
    warnings.warn(said, stacklevel=2)
    pytest.skip(said)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    with towns_.databases(missing) as made:
        yield made


@pytest.fixture(autouse=True)
def nobody_lives_anywhere() -> Iterator[None]:
    """Where most people live is remembered by the process, which is the tests' own here."""
    yield
    working_time.most_live_in(None)


@pytest.fixture(params=DATABASES)
def store(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Store]:
    """An empty migrated store, once on SQLite and once on PostgreSQL."""
    with databases.lent(request.param) as url:
        opened = Store(url, MultiFernet([Fernet(KEY)]))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery | None]:
    with towns_.nursery() as made:
        yield made


@pytest.fixture(scope="session")
def towns(databases: Databases, nursery: Nursery | None, tmp_path_factory: pytest.TempPathFactory) -> Towns:
    return Towns(databases, nursery, tmp_path_factory.mktemp("towns"))


Town = Callable[..., Sandbox]
Operate = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def town(towns: Towns, databases: Databases, tmp_path: Path) -> Iterator[Town]:
    """Starts local workspaces; at the end none may have had a refusal or a failure."""
    with ExitStack() as stack:
        started: list[Sandbox] = []

        def start(
            kind: str = "sqlite",
            *,
            after: Story | None = a_quiet_start,
            now: datetime | None = None,
            expects_errors: bool = False,
            **more: Any,
        ) -> Sandbox:
            box = towns.make(tmp_path / f"town{len(started)}", kind, after, now, **more)
            stack.callback(databases.drop, box.bot.env["DATABASE_URL"])
            stack.enter_context(box)
            stack.callback(box.kill_bot)  # at once: how it ends when it is asked to has a story of its own
            if not expects_errors:
                started.append(box)
            return box

        yield start
        for box in started:
            assert box.errors == [], box.errors


@pytest.fixture
def operate(nursery: Nursery | None) -> Operate:
    """`python app.py WORDS` with the settings of a bot, and others."""

    def done(box: Sandbox, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        return ran(nursery, [sys.executable, "app.py", *words], box.bot.env | env, ROOT)

    return done


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    """Of database: a story has the one or the other, by its name. Where it matters, it is told with `both`."""
    return DATABASES[crc32(request.node.name.encode()) % 2]


both = pytest.mark.parametrize("kind", DATABASES)


@pytest.fixture
def box(town: Town, kind: str) -> Sandbox:
    """The local workspace on a Monday morning."""
    return town(kind)


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
