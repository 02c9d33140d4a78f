"""How a process ends when it is asked to: nothing new is begun, what is under way has a few seconds."""

import logging
import os
import signal
from queue import Empty, SimpleQueue
from threading import Event
from time import monotonic
from typing import NoReturn

log = logging.getLogger(__name__)


class AskedToStop:
    """By Ctrl-C or SIGTERM. The main thread waits for it here, and from then on `stopping` is set."""

    def __init__(self, stopping: Event, seconds: float) -> None:
        """What isn't ended in so many seconds is left for the next process, as after a kill."""
        self._stopping, self._seconds = stopping, seconds
        self._ends_at: float | None = None
        # No Event may be set in a handler: the thread that it interrupts may hold the Event's lock.
        self._signals: SimpleQueue[int] = SimpleQueue()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda got, _: self._signals.put(got))

    def within(self, seconds: float) -> bool:
        try:
            self._signals.get(timeout=seconds)
        except Empty:
            return False
        self.begin()
        return True

    def begin(self) -> None:
        """The seconds run from here, whether somebody asked or there is no going on."""
        self._stopping.set()
        if self._ends_at is None:
            self._ends_at = monotonic() + self._seconds

    def seconds_left(self) -> float:
        return max(0.0, (self._ends_at or 0.0) - monotonic())


def leave(code: int) -> NoReturn:
    """Ends the process without a thread that hangs; its work is taken up when its lease has run out."""
    log.warning("ended with work under way")
    logging.shutdown()
    os._exit(code)
