"""Retry-After: whom Slack told to wait, and until when. Who does not wait is told so again, and it is noted."""

import math
import threading
from datetime import datetime, timedelta

# A call may be on its way while another one, of another replica say, is told to wait.
ON_ITS_WAY = timedelta(seconds=1)


class Patience:
    """Methods that are shut for a while, as Slack shuts them: for the workspace; a crowded channel for itself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shut: dict[tuple[str, str], tuple[datetime, datetime]] = {}

    def shut(self, method: str, now: datetime, seconds: float, channel: str = "") -> int:
        """Nobody may call this before so many seconds are over; they are returned, as Slack tells them."""
        whole = max(1, math.ceil(seconds))
        with self._lock:
            self._shut[method, channel] = now, now + timedelta(seconds=whole)
        return whole

    def left(self, method: str, now: datetime, channel: str = "") -> tuple[int, bool]:
        """How many seconds are left, and whether the caller can have known; (0, False) if it is open."""
        with self._lock:
            told, until = max(
                (self._shut.get(key, (now, now)) for key in {(method, ""), (method, channel)}), key=lambda span: span[1]
            )
        left = (until - now).total_seconds()
        return (math.ceil(left), now - told > ON_ITS_WAY) if left > 0 else (0, False)

    def forget(self) -> None:
        with self._lock:
            self._shut.clear()
