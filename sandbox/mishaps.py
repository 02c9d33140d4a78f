"""What happens to events on their way: some come twice, in another order, or late. Slack promises none of it away."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sandbox.records import Json

WAITS_FOR_MORE = timedelta(seconds=30)


@dataclass(eq=False)
class Letter:
    """One event, and how often it was tried."""

    body: Json
    due: datetime
    tries: int = 0
    reason: str = ""


@dataclass(frozen=True)
class EventChances:
    """Shares of events (0 to 1) that come twice or late. The n-th event meets the same in every run of a seed."""

    seed: int
    twice: float = 0.0
    late: float = 0.0
    delay: timedelta = timedelta(minutes=1)

    def decide(self, number: int) -> tuple[bool, bool]:
        """Whether the event of this number (from 1 on) comes twice, and whether it comes late."""
        chance = random.Random(f"{self.seed} event {number}")  # noqa: S311
        return chance.random() < self.twice, chance.random() < self.late


class Mishaps:
    """What was asked for, and the events that are held to be turned round. Its caller has the lock."""

    def __init__(self) -> None:
        self._twice = 0
        self._late: list[timedelta] = []
        self._reversed = 0
        self.held: list[Letter] = []
        self._chances: EventChances | None = None
        self._number = 0

    def repeat(self, times: int) -> None:
        self._twice += times

    def delay(self, span: timedelta, times: int) -> None:
        self._late += [span] * times

    def turn_round(self, count: int) -> None:
        self._reversed = count

    def leave_to(self, chances: EventChances | None) -> None:
        self._chances, self._number = chances, 0

    def forget(self) -> None:
        self._twice, self._late, self._reversed = 0, [], 0
        self.leave_to(None)

    def befall(self, letter: Letter) -> list[Letter]:
        """The letters to carry in place of this one, in their order; one that is not due yet is late."""
        if self._reversed:
            self.held.append(letter)
            return self.let_go() if len(self.held) >= self._reversed else []
        twice, span = self._twice > 0, self._late.pop(0) if self._late else timedelta()
        self._twice -= twice
        if self._chances is not None:
            self._number += 1
            by_chance, late = self._chances.decide(self._number)
            twice, span = twice or by_chance, max(span, self._chances.delay if late else timedelta())
        letter.due += span
        return [letter, replace(letter)] if twice else [letter]

    def let_go_due(self) -> datetime | None:
        """When those that are held go, though fewer came than were to be turned round."""
        return self.held[0].due + WAITS_FOR_MORE if self.held else None

    def let_go(self) -> list[Letter]:
        """Those that are held, the last one first."""
        held, self.held, self._reversed = self.held[::-1], [], 0
        return held
