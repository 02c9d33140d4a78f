"""The smallest repair: a new partner for somebody who was left alone, with as few other pairs changed as can be.

Only pairs whose two know nothing of them yet may be changed, and of those whom it changes nobody is left alone in turn.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.pairing.engine.reach import spans
from bot.pairing.engine.tables import Tables
from bot.pairing.fit import fit
from bot.pairing.problem import Problem

Couple = tuple[int, int]
"""A mentor and a mentee, by the ids of their members; or (mine, theirs), as `Around` has it."""
Ints = NDArray[np.int64]
Worth = Callable[[Ints, Ints], Ints]

NEVER = -(2**40)  # what two are worth who may not pair: too little, whatever is added
POSSIBLE = NEVER // 2


@dataclass(frozen=True)
class Chain:
    """Pairs that come, each in the place of one that goes, but for the one more that is made."""

    made: tuple[Couple, ...]
    dropped: tuple[Couple, ...]
    gain: int
    """How much better all of them fit together than before."""


@dataclass(frozen=True)
class Around:
    """Whom somebody left alone might be paired with, and whom that would touch. Alike for both sides:
    `mine` are of their own side, `theirs` of the other one, both by their places in the tables."""

    mine: int
    """How many there are."""
    free: Collection[int]
    """Of theirs, who waits and has room."""
    pairs: Mapping[Couple, int]
    """Pairs that may be changed, (mine, theirs), with how well they fit."""
    worth: Worth
    """How well some of mine, a row each, and some of theirs fit; `NEVER` where they may not pair."""


def smallest(alone: int, around: Around, most_changes: int) -> Chain | None:
    """The repair with the fewest changes, and of those the one that fits best; of equal ones that of the first places.

    Pairs in it are (mine, theirs). No person is in it twice: whoever came twice would make it longer than it must be.
    """
    free, couples = sorted(around.free), sorted(around.pairs)
    left, other = np.array(couples, dtype=np.int64).reshape(-1, 2).T
    before = np.array([around.pairs[couple] for couple in couples], dtype=np.int64)
    steps = [_Step(around, np.array(free, dtype=np.int64), np.zeros(len(free), np.int64))]
    while steps[-1].of(alone)[0] < POSSIBLE:
        if len(steps) > most_changes:
            return None
        helped, _ = steps[-1].best(np.arange(around.mine))
        steps.append(_Step(around, other, helped[left] - before, left))
    gain, person, made, dropped = steps[-1].of(alone)[0], alone, [], []
    for step in reversed(steps[1:]):
        way_out = couples[step.of(person)[1]]
        made.append((person, way_out[1]))
        dropped.append(way_out)
        person = way_out[0]
    made.append((person, free[steps[0].of(person)[1]]))
    return Chain(tuple(made), tuple(dropped), gain)


@dataclass(frozen=True)
class _Step:
    """To whom of theirs one of mine might go, when so many changes may follow."""

    around: Around
    theirs: Ints
    then: Ints
    """Of each of them, by how much all others fit better after it."""
    left: Ints | None = None
    """Of each of them, whom of mine they leave."""

    def best(self, mine: Ints) -> tuple[Ints, Ints]:
        """Of each, how much better all fit at most, less than `POSSIBLE` for never; and to which of theirs they go."""
        gain, choice = np.full(len(mine), NEVER), np.zeros(len(mine), np.int64)
        for start, stop in spans(len(mine), len(self.theirs)):
            gains = self.around.worth(mine[start:stop], self.theirs) + self.then
            if self.left is not None:
                gains[mine[start:stop, None] == self.left] = NEVER
            if len(self.theirs):
                gain[start:stop], choice[start:stop] = gains.max(axis=1), gains.argmax(axis=1)
        return np.maximum(gain, NEVER), choice

    def of(self, one: int) -> tuple[int, int]:
        gain, choice = self.best(np.array([one]))
        return int(gain[0]), int(choice[0])


def repair_of(request: Mapping[str, Any], _say: Callable[[str, int, int], None]) -> dict[str, Any]:
    """The engine's task: `problem`, `pairs`, `member` and `most_changes` in, what `repair` says out."""
    pairs = [(mentor, mentee) for mentor, mentee in request["pairs"]]
    return repair(Problem.from_json(request["problem"]), pairs, request["member"], request["most_changes"])


def repair(problem: Problem, pairs: Collection[Couple], member: int, most_changes: int) -> dict[str, Any]:
    """For JSON: `pairs` to be made, each with its open fit, and those `dropped` for it; none where nobody is found."""
    before = set(pairs)
    after = repaired(problem, before, member, most_changes)
    made = _by_mentee(after - before)
    fits = [fit(problem.mentor[mentor], problem.mentee[mentee], problem.ground) for mentor, mentee in made]
    return {
        "pairs": [[*couple, worth.open_total] for couple, worth in zip(made, fits, strict=True)],
        "dropped": [list(couple) for couple in _by_mentee(before - after)],
        "placed": len(made),
        "total": sum(worth.total for worth in fits),
    }


def _by_mentee(pairs: Collection[Couple]) -> list[Couple]:
    return sorted(pairs, key=itemgetter(1))


def repaired(problem: Problem, pairs: Collection[Couple], member: int, most_changes: int) -> set[Couple]:
    """What these pairs become. They may be changed: their mentors' seats count as taken, and who is in them has no
    other wish. What is pinned comes first, and whoever it leaves alone is helped after the `member`."""
    work = _Work(problem, pairs)
    if member in problem.mentor or member in problem.mentee:
        for each in (member, *work.left_by_pins()):
            work.help(each, most_changes)
    return work.pairs


class _Work:
    """Pairs as they become, beginning with what is pinned."""

    def __init__(self, problem: Problem, pairs: Collection[Couple]) -> None:
        self._problem, self._before = problem, set(pairs)
        self._tables = Tables(problem)  # nobody may have a mentee there who is pinned
        self._cells = self._tables.block(0, len(problem.mentees))
        pinned = {mentee for _, mentee in problem.pins}
        self.pairs = {*problem.pins, *(pair for pair in pairs if pair[1] not in pinned)}
        for mentor, lacking in ((mentor, -seats) for mentor, seats in self._seats().items() if seats < 0):
            theirs = [pair for pair in self._changeable() if pair[0] == mentor]
            self.pairs -= set(sorted(theirs, key=lambda pair: (self._fit(pair), pair))[:lacking])

    def left_by_pins(self) -> list[int]:
        """Who lost their partner to what is pinned, and has nobody now."""
        placed = {each for pair in self.pairs for each in pair}
        return sorted({each for pair in self._before - self.pairs for each in pair} - placed)

    def help(self, alone: int, most_changes: int) -> None:
        """Finds somebody for them, with as many changes as are left, unless they have somebody by now."""
        if any(alone in pair for pair in self.pairs):
            return
        is_mentor = alone in self._problem.mentor

        def turned(pair: Couple) -> Couple:
            """From (mentor, mentee) to (mine, theirs), and back."""
            return pair if is_mentor else pair[::-1]

        sides = self._problem.mentor, self._problem.mentee
        mine, theirs = (list(side) for side in (sides if is_mentor else sides[::-1]))
        row, column = ({each: place for place, each in enumerate(ids)} for ids in (mine, theirs))
        pairs = {pair: turned(pair) for pair in self._changeable()}
        around = Around(
            mine=len(mine),
            free=[column[each] for each in (self._waiting() if is_mentor else self._with_room())],
            pairs={(row[one], column[other]): self._fit(pair) for pair, (one, other) in pairs.items()},
            worth=self._worth(is_mentor=is_mentor),
        )
        found = smallest(row[alone], around, most_changes - len(self._before - self.pairs))
        if found is not None:
            self.pairs -= {turned((mine[one], theirs[other])) for one, other in found.dropped}
            self.pairs |= {turned((mine[one], theirs[other])) for one, other in found.made}

    def _changeable(self) -> set[Couple]:
        return (self.pairs & self._before) - set(self._problem.pins)

    def _seats(self) -> Counter[int]:
        """Of each mentor, how many are free."""
        seats = Counter({each.member_id: each.capacity for each in self._problem.mentors})
        seats.subtract(mentor for mentor, _ in self.pairs)
        return seats

    def _with_room(self) -> list[int]:
        return [mentor for mentor, seats in self._seats().items() if seats > 0]

    def _waiting(self) -> list[int]:
        taken = {mentee for _, mentee in self.pairs}
        return [each for each in self._problem.mentee if each not in taken]

    def _fit(self, pair: Couple) -> int:
        return self._tables.fit(*pair)

    def _worth(self, *, is_mentor: bool) -> Worth:
        tables = self._tables
        cells, of_mine, of_theirs = self._cells, tables.row_offset, tables.column_offset
        if is_mentor:
            cells, of_mine, of_theirs = cells.T, of_theirs, of_mine

        def worth(mine: Ints, theirs: Ints) -> Ints:
            found = cells[np.ix_(mine, theirs)]
            return np.where(found == tables.barred, NEVER, of_mine[mine, None] + of_theirs[theirs] + found)

        return worth
