"""Trouble on request: the bot killed at an exact point of a call, answers that fail, come late or say "later"."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from sandbox.held import Held

if TYPE_CHECKING:
    from sandbox.chances import Chances

Point = Literal["before_storing", "after_storing", "after_answering"]
POINTS: tuple[Point, ...] = get_args(Point)
ANY = "*"  # in the place of a method


@dataclass(eq=False)
class Plan:
    """What befalls the next calls of a method, or of any."""

    method: str
    times: int | None = 1
    """None: until it is taken back."""

    def meets(self, method: str) -> bool:
        return self.method in (method, ANY)


@dataclass(eq=False)
class Kill(Plan):
    """The bot that calls dies."""

    point: Point = "before_storing"
    after: int = 0
    """So many calls are left alone first."""


@dataclass(eq=False)
class Failure(Plan):
    """The calls fail, whether or not Slack did what was asked."""

    status: int | str = 500
    stored: bool = False
    retry_after: int = 30
    shuts: bool = False
    """After a 429: to call again before its time is over is answered 429 too, and noted."""


@dataclass(eq=False)
class Slow(Plan):
    """The answers are held back: for so many real seconds, or until they are released or the bot gives up."""

    stored: bool = True
    """At once; else when it is released, be it after the bot has given up."""
    seconds: float | None = None
    meanwhile: Callable[[], object] | None = None


class Faults:
    """What is planned or left to chance, what is held back now, and a count of the kills that happened."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._plans: list[Plan] = []
        self.chances: Chances | None = None
        self._held: list[Held] = []
        self._holding = threading.Condition(self._lock)
        self.kills: Counter[str] = Counter()

    def plan(self, plan: Plan) -> None:
        if isinstance(plan, Kill) and plan.point not in POINTS:
            raise ValueError(f"{plan.point} is none of {', '.join(POINTS)}")
        with self._lock:
            self._plans.append(plan)

    def planned(self) -> list[Plan]:
        with self._lock:
            return list(self._plans)

    def forget(self, *plans: Plan) -> None:
        """Take these plans back; without any, all of them, and what is left to chance."""
        with self._lock:
            self._plans = [each for each in self._plans if plans and each not in plans]
            if not plans:
                self.chances = None

    def befalls(self, method: str) -> Plan | None:
        """What befalls this call, used up by asking: a kill before a failure, and what was planned before chance."""
        with self._lock:
            for kind in (Kill, Failure, Slow):
                found = next((plan for plan in self._plans if isinstance(plan, kind) and plan.meets(method)), None)
                if isinstance(found, Kill) and found.after > 0:
                    found.after -= 1
                elif found is not None:
                    self._use(found)
                    return found
        return self.chances.befalls(method) if self.chances else None

    def _use(self, plan: Plan) -> None:
        if plan.times is not None:
            plan.times -= 1
            if plan.times <= 0:
                self._plans.remove(plan)

    def give_back(self, kill: Kill) -> None:
        """It waits for the next call: this one Slack would not have taken. Chance gives no second one."""
        with self._lock:
            if kill.times is not None and kill.method:
                kill.times += 1
                if kill not in self._plans:
                    self._plans.insert(0, kill)

    def hold(self, held: Held, meanwhile: Callable[[], object] | None) -> None:
        """Keep it; do what was asked for the time being in a thread of its own, and release it then."""
        with self._holding:
            self._held = [*(each for each in self._held if not each.is_released), held]
            self._holding.notify_all()
        if meanwhile is not None:

            def do() -> None:
                try:
                    meanwhile()
                finally:
                    held.release()

            threading.Thread(target=do, name="meanwhile", daemon=True).start()

    def held(self) -> list[Held]:
        with self._lock:
            return [each for each in self._held if not each.is_released]

    def let_go(self) -> None:
        """Answer whoever still waits; what nobody waits for any more stays undone."""
        for held in self.held():
            if not held.given_up.is_set():
                held.release()

    def wait_until_held(self, at_most: float) -> Held:
        """The next call that is held back, or the last one."""
        with self._holding:
            self._holding.wait_for(lambda: any(not each.is_released for each in self._held), at_most)
            return next(each for each in reversed(self._held) if not each.is_released)

    def killed(self, kill: Kill) -> None:
        with self._lock:
            self.kills[kill.point] += 1
