"""Two bots on one database migrate, begin and end at once. That they share the work, see `test_kills`."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import KEY, MONDAY, Databases, both
from nursery import Nursery

from sandbox import Sandbox
from sandbox.bots import at_once


@pytest.fixture
def unprepared(kind: str, databases: Databases, nursery: Nursery | None, tmp_path: Path) -> Iterator[Sandbox]:
    """A workspace whose database has no tables yet; nothing runs."""
    url = databases.empty(kind)
    box = Sandbox(tmp_path, url, MONDAY, prepare=False, key=KEY, bots=2)
    for bot in box.bots:
        bot.spawn = nursery.spawn if nursery else bot.spawn
    yield box
    box.stop()
    databases.drop(url)


@both
def test_two_migrate_start_and_stop_at_once(unprepared: Sandbox) -> None:
    command = [sys.executable, "app.py", "migrate"]

    codes = at_once(lambda bot: bot.spawn(command, bot.env, bot.where, bot.log_file).wait(), [*unprepared.bots])
    unprepared.start()

    assert codes == [0, 0]
    assert [bot.is_running for bot in unprepared.bots] == [True, True]
    assert unprepared.stop_bot() == 0
    assert unprepared.errors == []
    assert "Traceback" not in "".join(bot.last_words() for bot in unprepared.bots)
