"""The threads of Slack's requests, and those of work that is too long for a request or the ticker."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Condition, Event
from time import monotonic
from typing import Any

from bot import errors

log = logging.getLogger(__name__)


class Listeners(ThreadPoolExecutor):
    """The threads of Slack's requests. It knows when none is at work, and says when one has ended."""

    def __init__(
        self,
        threads: int,
        ended: Callable[[], None] = lambda: None,
        took: Callable[[float], None] = lambda _: None,
        *,
        name: str = "listener",
    ) -> None:
        """`took` is told how many seconds each has taken, the waiting for a thread included."""
        super().__init__(threads, thread_name_prefix=name)
        self._ended, self._took = ended, took
        self._busy = 0
        self._change = Condition()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        with self._change:
            self._busy += 1
        begun = monotonic()
        future = super().submit(fn, *args, **kwargs)
        future.add_done_callback(lambda _: self._done(monotonic() - begun))
        return future

    def _done(self, seconds: float) -> None:
        self._took(seconds)
        with self._change:
            self._busy -= 1
            self._change.notify_all()
        self._ended()

    def wait_until_idle(self, seconds: float | None) -> bool:
        with self._change:
            return self._change.wait_for(lambda: self._busy == 0, seconds)

    def stop(self, seconds: float | None = None) -> bool:
        """Whether all have ended by then. Nothing new is begun afterwards."""
        is_idle = self.wait_until_idle(seconds)
        self.shutdown(wait=is_idle)
        return is_idle


class Background:
    """Does what takes long beside everything else; without threads of its own, at once in the caller's.

    What is done here must have been stored first, and be taken up again by the agenda if the process dies.
    """

    def __init__(
        self, threads: int = 0, ended: Callable[[], None] = lambda: None, stopping: Event | None = None
    ) -> None:
        self._threads = Listeners(threads, ended, name="background") if threads else None
        self._stopping = stopping or Event()
        self.begun = 0
        """How much work was ever begun."""

    def do(self, work: Callable[[], None], doing: str) -> None:
        """`doing` names the work in the log if it fails."""
        self.begun += 1
        if self._threads is None:
            _told(work, doing)
        else:
            self._threads.submit(_told, work, doing)

    @property
    def is_stopping(self) -> bool:
        """The process is asked to end: work that takes long lets go of what it was at."""
        return self._stopping.is_set()

    def wait_until_idle(self, seconds: float) -> bool:
        return self._threads is None or self._threads.wait_until_idle(seconds)

    def stop(self, seconds: float | None = None) -> bool:
        """Whether all has let go of what it was at by then."""
        self._stopping.set()
        return self._threads is None or self._threads.stop(seconds)


def _told(work: Callable[[], None], doing: str) -> None:
    try:
        work()
    except Exception as error:
        errors.told(error, None, doing)  # the agenda takes up what was left
