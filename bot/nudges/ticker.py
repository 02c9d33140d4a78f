"""Ticks every few seconds, and at once when somebody did something. Work that is due is in the agenda, not here."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Lock, Thread
from time import monotonic

from apscheduler.schedulers.background import BackgroundScheduler

from bot import errors
from bot.clock import Clock, real

EVERY = 5  # seconds
A_MOMENT = 0.1  # seconds, before more is done that is due already


class Ticker:
    """Runs the work, one run at a time in this process. The work says when there is more, if that is known."""

    def __init__(self, work: Callable[[], datetime | None], clock: Clock = real) -> None:
        self._work, self._clock = work, clock
        self._running = Lock()
        self._woken = Event()
        self._stopping = Event()
        self._looked_at = -float(EVERY)  # by a clock that only ever goes forward
        # The scheduler only wakes: it would not run what it finds running, and forget that it was asked to.
        self._thread = Thread(target=self._tick, name="tick")
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = BackgroundScheduler(timezone=UTC)
        options = {"coalesce": True, "misfire_grace_time": None}  # never too late: a process that was down does it late
        self._scheduler.add_job(self._wake_again, "interval", seconds=EVERY, **options)

    def start(self) -> None:
        self._thread.start()
        self._scheduler.start()
        self.wake()  # whoever waited while no process was up has waited long enough

    def stop(self, seconds: float | None = None) -> bool:
        """Waits for the run under way, so long at most; whether it has ended."""
        self._stopping.set()
        self._woken.set()
        self._scheduler.shutdown(wait=True)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def wake(self) -> None:
        """Something may have become due: looks at once, or once more if it is looking now."""
        self._woken.set()

    def _wake_again(self) -> None:
        """Not if a run has begun just now: it has looked."""
        if monotonic() - self._looked_at >= EVERY / 2:
            self.wake()

    def run(self) -> datetime | None:
        """Works now, in the caller's thread, after the run under way; when there is more."""
        with self._running:
            self._woken.clear()
            self._looked_at = monotonic()
            following = self._work()
        more_in = max(A_MOMENT, (following - self._clock()).total_seconds()) if following is not None else EVERY
        if more_in < EVERY and self._scheduler.running:
            at = datetime.now(UTC) + timedelta(seconds=more_in)
            self._scheduler.add_job(self.wake, "date", run_date=at, id="more", replace_existing=True)
        return following

    def _tick(self) -> None:
        while self._woken.wait() and not self._stopping.is_set():
            try:
                self.run()
            except Exception as error:
                errors.told(error, None, "tick")  # the next tick tries again
