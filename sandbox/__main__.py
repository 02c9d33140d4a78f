"""`python -m sandbox`: the local workspace with the bot, its page's address printed, until Ctrl-C."""

import argparse
import errno
import os
import queue
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from cryptography.fernet import Fernet

from sandbox import saved
from sandbox.bot import BotDidNotStart
from sandbox.box import Sandbox
from sandbox.desk import ROOT

PORT = 8750
LOCAL = ROOT / ".local"
FILES = ("flipside.db", "flipside.db-wal", "flipside.db-shm", "prepared", "keys", "clock", "workspace.json", "bot.log")
SAVES_EVERY = 1.0


class Asked(Exception):
    """Somebody asked us to stop while the bot was starting."""


def main(folder: Path = LOCAL, manifest: Path | None = None, bot_command: list[str] | None = None) -> int:
    """Run until asked to stop; the exit code."""
    options = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    options.add_argument("--fresh", action="store_true", help="begin anew: forget the workspace and the bot's data")
    asked = options.parse_args()
    port = int(os.environ.get("SANDBOX_PORT") or PORT)
    if asked.fresh:
        for name in FILES:
            (folder / name).unlink(missing_ok=True)
    try:
        box = Sandbox(folder, manifest=manifest, bot_command=bot_command, port=port, key=_key(folder))
    except OSError as trouble:
        if trouble.errno != errno.EADDRINUSE:
            raise
        _say(f"Port {port} is taken: choose another one, as in SANDBOX_PORT={port + 10} make run")
        return 1
    return _run(box)


def _run(box: Sandbox) -> int:
    file = box.folder / "workspace.json"
    try:
        _on_signals(_stop)
        saved.load(box, file)
        box.bot.echo = lambda line: _say(f"bot: {line}")
        box.start()
        # From here on a signal raises nothing: wherever that broke in, a lock of this thread could stay taken.
        asked: queue.SimpleQueue[int] = queue.SimpleQueue()
        _on_signals(lambda number, _: asked.put(number))
        _say(f"The local workspace is at {box.url} (Ctrl-C stops it).")
        _watch(box, file, asked)
        return 0
    except Asked:
        return 0
    except BotDidNotStart as trouble:
        _say(f"The bot did not start: {trouble}")
        return 1
    finally:
        _on_signals(signal.SIG_IGN)
        box.stop()
        saved.save(box, file)


def _watch(box: Sandbox, file: Path, asked: queue.SimpleQueue[int]) -> None:
    """Until asked to stop: save what changes, bring events that are due again, say so when the bot has died."""
    revision, was_running = -1, True
    while True:
        if revision != box.space.revision:
            revision = box.space.revision
            saved.save(box, file)
        box.postman.bring_due()
        box.note_crash()
        if was_running and not box.bot_is_running:
            _say("The bot has stopped; the page can start it again.")
        was_running = box.bot_is_running
        try:
            asked.get(timeout=SAVES_EVERY)
        except queue.Empty:
            continue
        return


def _key(folder: Path) -> str:
    """The key of the local database, made at the first run."""
    file = folder / "keys"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(Fernet.generate_key().decode())
    return file.read_text().strip()


def _on_signals(do: Callable[[int, FrameType | None], Any] | signal.Handlers) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, do)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Asked


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
