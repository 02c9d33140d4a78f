"""Storms of 429: for a while, calls of a method or of all are told to come later."""

import random
import threading
from dataclasses import dataclass
from datetime import datetime

from sandbox.faults import ANY


@dataclass
class Storm:
    """Until then, a share of the calls of this method (or `"*"`) is answered 429 with this Retry-After."""

    method: str
    until: datetime
    retry_after: int
    share: float
    seed: int

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311

    def strikes(self, method: str, now: datetime) -> bool:
        return self.method in (method, ANY) and now < self.until and self._chance.random() < self.share


class Storms:
    """Those that were asked for and are not over."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._storms: list[Storm] = []

    def begin(self, storm: Storm) -> None:
        with self._lock:
            self._storms.append(storm)

    def strike(self, method: str, now: datetime) -> Storm | None:
        """The storm that this call meets."""
        with self._lock:
            self._storms = [storm for storm in self._storms if now < storm.until]
            return next((storm for storm in self._storms if storm.strikes(method, now)), None)

    def raging(self, now: datetime) -> list[Storm]:
        with self._lock:
            return [storm for storm in self._storms if now < storm.until]

    def forget(self) -> None:
        with self._lock:
            self._storms.clear()
