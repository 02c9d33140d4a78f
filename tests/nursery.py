"""Bots that are born ready: a process that has imported the bot once, and forks one for each test.

Importing costs more than most stories do, and so does making SQL of each statement for the first time. The stories
that others begin with are therefore lived by this process itself, and those that it forks know what it has learnt.
What is forked is a process of its own, as real as one that was started: its own group, its own signals, its own end.
"""

import contextlib
import functools
import gc
import json
import logging
import os
import random
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).parents[1]
ENDS_WITHIN = 30.0  # seconds
QUICK_ENGINE = Path(__file__).with_name("quick_engine.py")


# What isn't imported before it is needed, besides the bot itself.
LATE = (
    "app",
    "anyio._backends._asyncio",
    "apscheduler.triggers.interval",
    "encodings.idna",
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "uvicorn.lifespan.off",
    "uvicorn.loops.asyncio",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
)


class Engines:
    """The process that forks an engine for each question, seen from the tests."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.door = str(Path(self._folder.name) / "engine")
        self._process = subprocess.Popen([sys.executable, QUICK_ENGINE, "serve", self.door], stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._folder.cleanup()


def command(door: str) -> tuple[str, ...]:
    """What stands in for `workshop.ENGINE`."""
    return sys.executable, "-I", "-S", str(QUICK_ENGINE), "ask", door


class Nursery:
    """The process that forks, seen from the tests."""

    def __init__(self) -> None:
        mine, its = socket.socketpair()
        self._engines = Engines()
        command = [sys.executable, __file__, str(its.fileno()), self._engines.door]
        self._process = subprocess.Popen(command, cwd=ROOT, pass_fds=[its.fileno()])
        its.close()
        self._socket = mine
        self._file = mine.makefile("rw", encoding="utf-8")
        self._lock = threading.Lock()

    def ask(self, **request: Any) -> Any:
        with self._lock:
            self._file.write(json.dumps(request) + "\n")
            self._file.flush()
            return json.loads(self._file.readline())

    def spawn(self, command: list[str], env: dict[str, str], where: Path, log_file: Path) -> "Child":
        """The command must be `python app.py ...`, or another file that needs no more than the bot imports."""
        return Child(self, self.ask(argv=command[1:], env=env, where=str(where), log=str(log_file)))

    def run(
        self, command: list[str], env: dict[str, str], where: Path, timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """As `subprocess.run` that captures what is said."""
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            asked = {"argv": command[1:], "env": env, "where": str(where), "log": str(out), "err": str(err)}
            child = Child(self, self.ask(**asked))
            try:
                code = child.wait(timeout)
            except subprocess.TimeoutExpired:
                os.kill(child.pid, signal.SIGKILL)
                child.wait()
                raise
            return subprocess.CompletedProcess(command, code, out.read_text("utf-8"), err.read_text("utf-8"))

    def live(self, command: list[str], env: dict[str, str], where: Path, log_file: Path) -> "Life":
        """As `spawn`, but by the process itself: it forks no other until this one has ended."""
        self._lock.acquire()
        self._file.write(
            json.dumps({"lives": command[1:], "env": env, "where": str(where), "log": str(log_file)}) + "\n"
        )
        self._file.flush()
        return Life(self)

    def has_lived(self, timeout: float | None) -> int | None:
        if not select.select([self._socket], [], [], timeout)[0]:
            return None
        code = int(json.loads(self._file.readline() or "-9"))
        self._lock.release()
        return code

    def ask_to_end(self) -> None:
        self._process.terminate()

    def close(self) -> None:
        self._file.close()
        self._socket.close()
        self._process.wait()
        self._engines.close()


class Life:
    """A bot that is the process that forks, for a while. It can't be killed, only asked to end."""

    pid = 1 << 30  # nobody's
    stdout = None

    def __init__(self, nursery: Nursery) -> None:
        self.returncode: int | None = None
        self._nursery = nursery

    def poll(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = ENDS_WITHIN) -> int:
        if self.returncode is None:
            self.returncode = self._nursery.has_lived(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired("app.py", timeout or 0)
        return self.returncode

    def terminate(self) -> None:
        if self.poll() is None:
            self._nursery.ask_to_end()


class Child:
    """As much of subprocess.Popen as the local workspace needs."""

    stdout = None

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._nursery = nursery
        self._ended = os.pidfd_open(pid)
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        with self._lock:
            if self.returncode is None:
                if not select.select([self._ended], [], [], timeout)[0]:
                    raise subprocess.TimeoutExpired("app.py", timeout or 0)
                self.returncode = int(self._nursery.ask(ended=self.pid))
                os.close(self._ended)
            return self.returncode

    def terminate(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)


def ran(
    nursery: Nursery | None, command: list[str], env: dict[str, str], where: Path, timeout: float = 60.0
) -> subprocess.CompletedProcess[str]:
    """What `python app.py ...` does and says, to its end."""
    if nursery is not None:
        return nursery.run(command, env, where, timeout)
    return subprocess.run(command, cwd=where, env=env, capture_output=True, text=True, timeout=timeout, check=False)


# In the process that forks


def main(number: int, door: str) -> None:
    sys.path.insert(0, str(ROOT))
    gc.disable()
    prepare(door)
    gc.enable()

    with socket.socket(fileno=number) as tests, tests.makefile("rw", encoding="utf-8") as file:
        for line in file:
            request = json.loads(line)
            if "ended" in request:
                answer = os.waitstatus_to_exitcode(os.waitpid(request["ended"], 0)[1])
            elif "lives" in request:
                answer = live(request)
            else:
                gc.freeze()  # what is inherited is nothing to look through, page by page
                answer = os.fork() or be(request, tests)
            file.write(json.dumps(answer) + "\n")
            file.flush()


def prepare(door: str) -> None:
    """Imports once, for all who are born here, what each of them would."""
    for late in LATE:
        import_module(late)
    import typer.main
    from slack_bolt.listener import thread_runner
    from sqlalchemy.orm import configure_mappers

    from bot import working_time
    from bot.pairing import workshop
    from sandbox.people import company
    from store import database

    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # of a bot that has just ended
    configure_mappers()
    workshop.ENGINE = command(door)
    database.create_engine = sharing(database.create_engine)
    for module, name in ((tomllib, "loads"), (typer.main, "get_command")):  # half of what a start costs
        setattr(module, name, functools.cache(getattr(module, name)))

    # Bolt looks a hundred times a second whether a listener has answered, which is what most of a story would wait for.
    thread_runner.time = SimpleNamespace(time=time.time, sleep=lambda _: time.sleep(0.001))

    for each in company().values():  # calendars and zones are loaded when they are first asked for
        working_time.days_off(each.country)
        working_time.zone(each.zone)


def sharing(create: Callable[..., Any]) -> Callable[..., Any]:
    """All engines of one kind of database have the dialect and the compiled statements of the first."""
    first: dict[str, Any] = {}

    def made(*args: Any, **options: Any) -> Any:
        engine = create(*args, **options)
        like = first.setdefault(engine.dialect.name, engine)
        engine.dialect = engine.pool._dialect = like.dialect
        engine._compiled_cache = like._compiled_cache
        return engine

    return made


def be(request: dict[str, Any], tests: socket.socket) -> int:
    """Becomes the bot; never comes back."""
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        logging.root.handlers.clear()  # those of a bot that this process was
        tests.close()
        random.seed()
        code = run(request["argv"], request)
    finally:
        os._exit(code)


def live(request: dict[str, Any]) -> int:
    """Is the bot until it ends."""
    from bot import working_time

    env, where, out, err = dict(os.environ), os.getcwd(), os.dup(1), os.dup(2)
    try:
        return run(request["lives"], request)
    finally:
        working_time.most_live_in(None)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.environ.clear()
        os.environ.update(env)
        os.chdir(where)
        for kept, number in ((out, 1), (err, 2)):
            os.dup2(kept, number)
            os.close(kept)


def run(argv: list[str], request: dict[str, Any]) -> int:
    """What the command does, to its end."""
    code = 1
    try:
        for number, file in ((1, request["log"]), (2, request.get("err", request["log"]))):
            said = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.dup2(said, number)
            os.close(said)
        os.environ.clear()
        os.environ.update(request["env"])
        os.chdir(request["where"])
        sys.argv = argv
        if argv[0] == "app.py":
            import app

            app.cli()
        else:
            runpy.run_path(argv[0], run_name="__main__")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        traceback.print_exc()
    with contextlib.suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    return code


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
