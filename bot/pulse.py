"""Whether the ticks are alive: one that sends for many minutes gets on with something, one that hangs does not."""

from collections.abc import Callable
from time import monotonic

HANGS_AFTER = 120.0  # seconds without a beat: one step of a tick, or one answer of Slack's, takes less by far


class Pulse:
    """When a tick last began, ended, or got on with something."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """`clock` only ever goes forward, whatever becomes of the time of day."""
        self._clock = clock
        self._beat_at = clock()

    def beat(self) -> None:
        self._beat_at = self._clock()

    def seconds_since(self) -> float:
        return self._clock() - self._beat_at

    @property
    def has_stopped(self) -> bool:
        return self.seconds_since() >= HANGS_AFTER
