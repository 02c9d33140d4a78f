"""Processes of a test's own, which run only as far as it lets them, and are gone where it says so.

A step of a thread ends before a transaction begins, or where Slack has just heard something. Nothing else happens
meanwhile, so whatever is drawn happens again in the same way.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from queue import Empty
from random import Random
from typing import Any
from unittest.mock import patch

from sqlalchemy.orm import Session

from bot.nudges import outbox
from store.database import Store

_here = threading.local()
Holds = Callable[[], bool]


class Killed(BaseException):
    """The process is no more: nothing of ours catches it."""


class Process:
    """One run of the work, with all threads it begins."""

    def __init__(self, clock: Callable[[], datetime], work: Callable[[], object]) -> None:
        self.clock = clock
        self.is_dead = False
        self.errors: list[BaseException] = []
        self.strands: list[Strand] = []
        Strand(target=work, process=self).start()

    @property
    def is_over(self) -> bool:
        return all(each.is_over for each in self.strands)

    def run(self, chance: Random, steps: int | None = None) -> bool:
        """So many steps of whichever thread chance takes, or until all are at an end or wait; whether it took one."""
        taken = 0
        while taken != steps and (able := [each for each in self.strands if each.is_able]):
            chance.choice(able).step()
            taken += 1
        if self.errors:
            raise self.errors[0]
        return taken > 0

    @property
    def waits_until(self) -> datetime | None:
        return min((each.waits_until for each in self.strands if not each.is_over and each.waits_until), default=None)

    def kill(self) -> None:
        self.is_dead = True
        for each in self.strands:
            while not each.is_over:
                each.step()


class Strand:
    """A thread that runs while it has the turn; made as `Thread` is."""

    def __init__(self, *, target: Callable[[], object], process: Process | None = None, **_: Any) -> None:
        self.process = process or _here.strand.process
        self.process.strands.append(self)
        self.is_over = False
        self.hurries = False
        """The next transaction belongs to this step."""
        self.waits_until: datetime | None = None
        self._waits_for: Holds | None = None
        self._work = target
        self._turn, self._back = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def is_able(self) -> bool:
        if self.is_over:
            return False
        if self._waits_for is not None:
            return self._waits_for()
        return self.waits_until is None or self.process.clock() >= self.waits_until

    def step(self) -> None:
        self._turn.release()
        self._back.acquire()

    def pause(self, until: Holds | None, at: datetime | None) -> None:
        if self.process.is_dead:
            raise Killed
        self._waits_for, self.waits_until = until, at
        self._back.release()
        self._turn.acquire()
        self._waits_for = self.waits_until = None
        if self.process.is_dead:
            raise Killed

    def _run(self) -> None:
        _here.strand = self
        self._turn.acquire()
        try:
            if not self.process.is_dead:
                self._work()
        except Killed:
            pass
        except BaseException as error:
            self.process.errors.append(error)
        finally:
            self.is_over = True
            self._back.release()


def here() -> Strand | None:
    """The thread that asks, if it is one of a process."""
    return getattr(_here, "strand", None)


def pause(until: Holds | None = None, at: datetime | None = None) -> None:
    """A step ends here; the next begins when this holds, which may be so at that moment, or else at that moment.

    A test's own thread goes straight on.
    """
    strand = here()
    if strand is not None:
        strand.pause(until, at)


class Stepped(Store):
    """The same database, as a process sees it: anything may happen before each of its transactions."""

    def __init__(self, store: Store) -> None:
        self.keys, self.engine = store.keys, store.engine

    @contextmanager
    def begin(self) -> Iterator[Session]:
        self._step()
        with super().begin() as db:
            yield db

    @contextmanager
    def read(self) -> Iterator[Session]:
        self._step()
        with super().read() as db:
            yield db

    def _step(self) -> None:
        strand = here()
        if strand is None or not strand.hurries:
            pause()
        else:
            strand.hurries = False


class _Queue:
    """As `SimpleQueue`, for threads that take turns."""

    def __init__(self) -> None:
        self._items: deque[Any] = deque()

    def put(self, item: Any) -> None:
        self._items.append(item)

    def get(self, timeout: float | None = None) -> Any:
        strand = here()
        if not self._items and strand is not None:
            at = strand.process.clock() + timedelta(seconds=timeout) if timeout is not None else None
            pause(lambda: bool(self._items) or (at is not None and strand.process.clock() >= at), at)
        return self.get_nowait()

    def get_nowait(self) -> Any:
        if not self._items:
            raise Empty
        return self._items.popleft()


class _Lock:
    """As `Lock`."""

    def __init__(self) -> None:
        self._is_held = False

    def __enter__(self) -> None:
        if self._is_held:
            pause(lambda: not self._is_held)
        self._is_held = True

    def __exit__(self, *_: object) -> None:
        self._is_held = False


@contextmanager
def taking_turns() -> Iterator[None]:
    """The senders' threads are such as these, and hear at once what others heard from Slack."""
    with patch.multiple(outbox, Thread=Strand, SimpleQueue=_Queue, Lock=_Lock, LISTEN_EVERY=0):
        yield
