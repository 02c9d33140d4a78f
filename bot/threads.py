"""The threads of Slack's requests, and those of work that is too long for a request or the ticker."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Condition, Event
from typing import Any

from bot import errors

log = logging.getLogger(__name__)


class Listeners(ThreadPoolExecutor):
    """The threads of Slack's requests. It knows when none is at work, and says when one has ended."""

    def __init__(self, threads: int, ended: Callable[[], None], *, name: str = "listener") -> None:
        super().__init__(threads, thread_name_prefix=name)
        self._ended = ended
        self._busy = 0
        self._change = Condition()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        with self._change:
            self._busy += 1
        future = super().submit(fn, *args, **kwargs)
        future.add_done_callback(self._done)
        return future

    def _done(self, _future: Future[Any]) -> None:
        with self._change:
            self._busy -= 1
            self._change.notify_all()
        self._ended()

    def wait_until_idle(self, seconds: float) -> bool:
        with self._change:
            return self._change.wait_for(lambda: self._busy == 0, seconds)


class Background:
    """Does what takes long beside everything else; without threads of its own, at once in the caller's.

    What is done here must have been stored first, and be taken up again by the agenda if the process dies.
    """

    def __init__(self, threads: int = 0, ended: Callable[[], None] = lambda: None) -> None:
        self._threads = Listeners(threads, ended, name="background") if threads else None
        self._stopping = Event()
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

    def stop(self) -> None:
        self._stopping.set()
        if self._threads is not None:
            self._threads.shutdown(wait=True)


def _told(work: Callable[[], None], doing: str) -> None:
    try:
        work()
    except Exception as error:
        errors.told(error, None, doing)  # the agenda takes up what was left
