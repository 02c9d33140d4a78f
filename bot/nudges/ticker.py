"""Ticks every few seconds, and at once when somebody did something. Work that is due is in the agenda, not here."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event, Lock
from time import monotonic

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from bot import errors

log = logging.getLogger(__name__)

EVERY = 5  # seconds


class Ticker:
    """Runs the work, one run at a time in this process."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._running = Lock()
        self._woken = Event()
        self._looked_at = -float(EVERY)  # by a clock that only ever goes forward
        self._scheduler = BackgroundScheduler(timezone=UTC)
        # Coalesced, one at a time, never too late to run: a process that was down does its work late, once.
        self._scheduler.add_job(
            self._tick,
            "interval",
            seconds=EVERY,
            id="tick",
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of each wake that finds a tick at work

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        """Waits for the run under way."""
        self._scheduler.shutdown(wait=True)

    def wake(self) -> None:
        """Something may have become due: looks at once, or once more if it is looking now."""
        self._woken.set()
        if self._scheduler.running:
            try:
                self._scheduler.modify_job("tick", next_run_time=datetime.now(UTC))
            except JobLookupError:
                log.info("not woken: stopping")

    def run(self) -> None:
        """Works now, in the caller's thread, after the run under way."""
        with self._running:
            self._woken.clear()
            self._looked_at = monotonic()
            self._work()

    def _tick(self) -> None:
        """Not if it was woken, and a run that began since has looked."""
        if monotonic() - self._looked_at >= EVERY / 2:
            self._woken.set()
        while self._woken.is_set():
            try:
                self.run()
            except Exception as error:
                errors.told(error, None, "tick")  # the next tick tries again
