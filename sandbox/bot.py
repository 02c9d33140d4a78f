"""The bot as a child process: started, waited for, killed, stopped. No child outlives the workspace."""

import contextlib
import http.client
import logging
import os
import random
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Protocol

log = logging.getLogger(__name__)

READY_WITHIN = 30.0
STOPS_WITHIN = 15.0
_LOOK_AGAIN = 0.02
_LOUD = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b|^Traceback")


class BotDidNotStart(Exception):
    """The bot ended, or was not ready in time; the text has the end of what it printed."""


class Process(Protocol):
    """What of a child process is used here: subprocess.Popen, or something that behaves like it."""

    pid: int
    returncode: int | Any

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def terminate(self) -> None: ...


Spawn = Callable[[list[str], dict[str, str], Path, Path], Process]
"""Starts a command with an environment in a folder, in a session of its own, printing to a file."""


class Bot:
    """One child at a time, in a process group of its own so that its own children go with it."""

    def __init__(self, command: list[str], env: dict[str, str], port: int, log_file: Path, where: Path) -> None:
        self.command = command
        self.env = env
        self.port = port
        self.log_file = log_file
        self.where = where
        self.spawn: Spawn = spawn
        self.echo: Callable[[str], None] | None = None
        self.lives = 0
        self._ear: threading.Thread | None = None
        self._process: Process | None = None
        self._was_ready = False

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def listens(self) -> bool:
        """It is ready for Slack's requests: not while it starts, though it may speak by then."""
        return self.is_running and self._was_ready

    def crashed(self, grace: float = 0.0) -> int | None:
        """The exit code of a bot that ended without being asked to, told once; None if all is well.

        A dying bot's connections close a moment before it is gone: `grace` is how long to wait for that.
        """
        process = self._process
        if process is None:
            return None
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            return None
        self._end_group(process)
        return process.returncode

    def run(self, command: list[str]) -> None:
        """Run a command to its end with the bot's environment; raise if it fails."""
        with self.log_file.open("ab") as out:
            done = subprocess.run(command, env=self.env, cwd=self.where, stdout=out, stderr=out, check=False)  # noqa: S603
        if done.returncode:
            raise BotDidNotStart(f"{' '.join(command)} ended with {done.returncode}:\n{self.last_words()}")

    def start(self) -> None:
        """Start it and wait until it is ready for Slack, or was killed."""
        if self.is_running:
            return
        self.lives += 1
        self._was_ready = False
        if self.echo:
            heard = started(self.command, self.env, self.where, subprocess.PIPE)
            self._process = heard
            self._ear = threading.Thread(target=self._pass_on, args=(heard, self.echo), daemon=True)
            self._ear.start()
        else:
            self._process = self.spawn(self.command, self.env, self.where, self.log_file)
        self._wait_until_ready(self._process)

    def _wait_until_ready(self, process: Process) -> None:
        for _ in range(int(READY_WITHIN / _LOOK_AGAIN)):
            if self._answers("/readyz"):
                self._was_ready = True
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = process.wait(_LOOK_AGAIN)
                if self._process is not process:
                    return  # killed on purpose while it started
                self._end_group(process)
                raise BotDidNotStart(f"the bot ended with {code}:\n{self.last_words()}")
        self.kill()
        raise BotDidNotStart(f"the bot was not ready in {READY_WITHIN:.0f} seconds:\n{self.last_words()}")

    def _answers(self, path: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _pass_on(self, process: subprocess.Popen[bytes], echo: Callable[[str], None]) -> None:
        """Keep what it prints in the file, and show what a person should look at."""
        loud = False
        if process.stdout is None:
            return
        with self.log_file.open("ab") as file, process.stdout:
            for line in process.stdout:
                file.write(line)
                file.flush()
                text = line.decode("utf-8", "replace").rstrip()
                # Lines that begin with a space go on with the one before, as a traceback does.
                loud = bool(_LOUD.search(text)) or (loud and text.startswith(" "))
                if loud:
                    echo(text)

    def heard_out(self) -> None:
        """Wait until the last line of a bot that ended was passed on."""
        if self._ear is not None:
            self._ear.join(timeout=5)

    def freeze(self) -> None:
        """Stop it in its tracks, so that it reads nothing more."""
        if self._process is not None and self.is_running:
            os.kill(self._process.pid, signal.SIGSTOP)

    def kill(self) -> None:
        """End it with SIGKILL, and everything that it started."""
        if self._process is not None:
            self._end_group(self._process)

    def stop(self) -> int:
        """Ask it to end (SIGTERM) and return its exit code; kill it if it does not."""
        process = self._process
        if process is None:
            return 0
        try:
            # To the bot alone: what it started is its own to stop.
            process.terminate()
            return process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            log.warning("the bot did not stop in %s seconds and was killed", STOPS_WITHIN)
            return -signal.SIGKILL
        finally:
            self._end_group(process)

    def _end_group(self, process: Process) -> None:
        # Forgotten at once, so that no later signal can reach a stranger with the same number.
        self._process = None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def last_words(self, lines: int = 30) -> str:
        text = self.log_file.read_text("utf-8", "replace") if self.log_file.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def spawn(command: list[str], env: dict[str, str], where: Path, log_file: Path) -> Process:
    with log_file.open("ab") as file:
        return started(command, env, where, file)


def started(command: list[str], env: dict[str, str], where: Path, out: int | IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603
        command, env=env, cwd=where, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
    )


def free_port() -> int:
    """A port nobody listens on, below those that the system gives to outgoing connections.

    The bot comes back on the same port after a kill, so no passing connection may take it meanwhile.
    """
    for _ in range(200):
        port = random.randint(15_000, 31_000)  # noqa: S311
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise BotDidNotStart("no free port found between 15000 and 31000")
