"""Hands work to the engine, which runs in a process of its own, so that the bot never loads numpy and scipy."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryFile
from threading import Thread
from time import monotonic
from typing import IO, Any

PATIENCE = timedelta(minutes=10)
BEAT = timedelta(seconds=1)
LISTEN = 0.25  # seconds between two looks at whether it has said something
HOUSE = Path(__file__).parents[2]
ENGINE = (sys.executable, "-m", "bot.pairing.engine")

log = logging.getLogger(__name__)

Progress = tuple[str, int, int]
"""What it is doing, how much of it is done, and of how much."""
Beat = Callable[[Progress | None], bool]
"""Called every so often with how far it is; where it says no, the work is stopped."""


class NoAnswer(Exception):
    """The engine failed or took too long. What it said is in the log, and is shown to nobody."""


class Stopped(Exception):
    """Nobody wants the answer any more."""


def ask(
    task: str,
    request: Mapping[str, Any],
    beat: Beat = lambda _: True,
    patience: timedelta = PATIENCE,
    every: timedelta = BEAT,
) -> dict[str, Any]:
    """The engine's answer; raises `NoAnswer` or `Stopped`, and then the process is gone.

    It takes half a second at least: never call it before an ack, or in a transaction.
    """
    with TemporaryFile() as said:
        try:
            # In a session of its own: Ctrl-C is for us, and we let go of the work so that it is taken up again.
            process = subprocess.Popen(  # noqa: S603 -- our own interpreter and our own module
                ENGINE,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                encoding="utf-8",
                cwd=HOUSE,
                start_new_session=True,
            )
        except OSError as error:
            log.error("pairing could not start error=%s", type(error).__name__)
            raise NoAnswer("the engine could not be started") from None
        try:
            return _answer(process, {"task": task, **request}, beat, patience, every, said)
        finally:
            process.kill()
            process.wait()


def _answer(
    process: subprocess.Popen[str],
    request: Mapping[str, Any],
    beat: Beat,
    patience: timedelta,
    every: timedelta,
    said: IO[bytes],
) -> dict[str, Any]:
    """Reads what the engine says line by line, and stops where nobody wants it any more."""
    progress, next_beat = None, monotonic() + every.total_seconds()
    for line in _lines(process, request, monotonic() + patience.total_seconds()):
        heard = _read(line)
        if "answer" in heard:
            return dict(heard["answer"])
        if "error" in heard:
            log.error("pairing failed task=%s said=%s", request["task"], heard["error"])
            raise NoAnswer("the engine gave up")
        progress = tuple(heard["progress"]) if "progress" in heard else progress
        if monotonic() >= next_beat:
            next_beat = monotonic() + every.total_seconds()
            if not beat(progress):
                raise Stopped
    log.error("pairing failed task=%s exit=%s said=%s", request["task"], process.wait(), _last_line(said))
    raise NoAnswer("the engine ended without an answer")


def _lines(process: subprocess.Popen[str], request: Mapping[str, Any], until: float) -> Iterator[str]:
    """What it says, and an empty line whenever it says nothing for a while; ends when it has ended."""
    lines: SimpleQueue[str | None] = SimpleQueue()
    Thread(target=_talk, args=(process, request, lines), daemon=True).start()
    while monotonic() < until:
        try:
            line = lines.get(timeout=LISTEN)
        except Empty:
            line = ""
        if line is None:
            return
        yield line
    log.error("pairing took too long task=%s", request["task"])
    raise NoAnswer("the engine took too long")


def _talk(process: subprocess.Popen[str], request: Mapping[str, Any], lines: "SimpleQueue[str | None]") -> None:
    assert process.stdin is not None  # noqa: S101 -- both are pipes
    assert process.stdout is not None  # noqa: S101
    try:
        with process.stdin as to_engine:
            to_engine.write(json.dumps(request) + "\n")
        with process.stdout as from_engine:
            for line in from_engine:
                lines.put(line)
    except (OSError, ValueError):
        pass  # it was stopped, or is gone: the end of its lines says so
    lines.put(None)


def _read(line: str) -> dict[str, Any]:
    try:
        heard = json.loads(line) if line.strip() else {}
    except ValueError:
        heard = {}
    return heard if isinstance(heard, dict) else {}


def _last_line(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read().decode(errors="replace").strip().rpartition("\n")[2][:300]
