"""Trouble on request: the bot killed at an exact point of a call, and answers that fail."""

import threading
from collections import Counter
from dataclasses import dataclass
from typing import Literal

Point = Literal["before_storing", "after_storing", "after_answering"]
POINTS = ("before_storing", "after_storing", "after_answering")


@dataclass
class Failure:
    """How the next calls of a method fail, and whether Slack did what was asked nevertheless."""

    method: str
    status: int | str
    stored: bool
    retry_after: int
    times: int


@dataclass
class Kill:
    """Where the bot dies in the next calls of a method."""

    method: str
    point: Point
    times: int
    after: int = 0
    """So many calls are left alone first."""


class Faults:
    """What is planned, and a count of the kills that happened."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures: list[Failure] = []
        self._kills: list[Kill] = []
        self.kills: Counter[str] = Counter()

    def plan_kill(self, kill: Kill) -> None:
        if kill.point not in POINTS:
            raise ValueError(f"{kill.point} is none of {', '.join(POINTS)}")
        with self._lock:
            self._kills.append(kill)

    def plan_failure(self, failure: Failure) -> None:
        with self._lock:
            self._failures.append(failure)

    def kill_for(self, method: str) -> Kill | None:
        """The kill planned for this call, which `killed` marks as done."""
        with self._lock:
            kill = next((kill for kill in self._kills if kill.method == method), None)
            if kill is not None and kill.after > 0:
                kill.after -= 1
                return None
            return kill

    def killed(self, kill: Kill) -> None:
        with self._lock:
            self.kills[kill.point] += 1
            kill.times -= 1
            self._kills = [planned for planned in self._kills if planned.times > 0]

    def failure_for(self, method: str) -> Failure | None:
        """The failure planned for this call, used up by asking."""
        with self._lock:
            found = next((failure for failure in self._failures if failure.method == method), None)
            if found is not None:
                found.times -= 1
                self._failures = [planned for planned in self._failures if planned.times > 0]
            return found
