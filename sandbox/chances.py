"""Trouble by chance, from a seed: the n-th call of a method meets the same in every run."""

import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from sandbox.faults import ANY, POINTS, Failure, Kill, Plan, Slow

STARTING = "auth.test"
_STATUS: dict[str, int | str] = {"reset": "reset", "error": 500, "html": "html", "too_many": 429}


class Decided(NamedTuple):
    """What chance brought to one call: `what` is the name of a share, or "" for nothing."""

    method: str
    number: int
    what: str
    stored: bool


@dataclass
class Chances:
    """Shares of calls (0 to 1, together at most 1) that meet trouble. Which do depends on nothing but the seed,
    the method and how many calls of that method came before (those told to wait do not count): `decide` says it again
    at any time.
    """

    seed: int
    methods: tuple[str, ...] = ("chat.postMessage",)
    """Of which methods; `"*"` is all but `auth.test`, without which the bot does not start."""
    before_storing: float = 0.0
    after_storing: float = 0.0
    after_answering: float = 0.0
    reset: float = 0.0
    error: float = 0.0
    html: float = 0.0
    too_many: float = 0.0
    slow: float = 0.0
    stored: float = 0.5
    """The share of resets, errors and pages of HTML that Slack has stored nevertheless, and of slow answers at once."""
    retry_after: int = 5
    slow_seconds: float = 0.2
    """Real ones. The bot gives up if this is longer than it waits."""
    met: list[Decided] = field(default_factory=list)
    """Every decision that was taken, in order."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        if sum(self._shares().values()) > 1:
            raise ValueError("the shares of trouble are more than all calls")

    def _shares(self) -> dict[str, float]:
        names = (*POINTS, *_STATUS, "slow")
        return {name: getattr(self, name) for name in names}

    def decide(self, method: str, number: int) -> Decided:
        """What this call of the method meets, counted from 1."""
        chance = random.Random(f"{self.seed} {method} {number}")  # noqa: S311
        drawn, stored = chance.random(), chance.random() < self.stored
        for what, share in self._shares().items():
            if drawn < share:
                return Decided(method, number, what, stored)
            drawn -= share
        return Decided(method, number, "", False)

    def befalls(self, method: str) -> Plan | None:
        """What the next call of this method meets."""
        if method not in self.methods and (ANY not in self.methods or method == STARTING):
            return None
        with self._lock:
            self._calls[method] += 1
            decided = self.decide(method, self._calls[method])
            self.met.append(decided)
        return self._plan(decided)

    def _plan(self, decided: Decided) -> Plan | None:
        for point in POINTS:
            if decided.what == point:
                return Kill("", point=point)
        if decided.what == "slow":
            return Slow("", stored=decided.stored, seconds=self.slow_seconds)
        if decided.what not in _STATUS:
            return None
        status = _STATUS[decided.what]
        stored = decided.stored and status != 429
        return Failure("", status=status, stored=stored, retry_after=self.retry_after, shuts=True)
