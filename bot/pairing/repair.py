"""The smallest repair: a new partner for somebody who was left alone, with as few other pairs changed as can be.

It runs in the pairing process and looks nothing up. Only pairs whose two know nothing of them yet may be changed,
and of those whom it changes nobody is left alone in turn.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from bot.pairing.fit import Fit, fit
from bot.pairing.problem import Problem

MOST_CHANGES = 2

Couple = tuple[int, int]
"""A mentor and a mentee, by the ids of their members."""


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
    `mine` are of their own side, `theirs` of the other one."""

    free: Sequence[int]
    """Of the other side, in id order: who waits and has room."""
    pairs: Mapping[Couple, int]
    """Pairs that may be changed, (mine, theirs), with how well they fit."""
    worth: Callable[[int, int], int | None]
    """How well (mine, theirs) fit; None where they may not pair."""


def smallest(alone: int, around: Around, most_changes: int = MOST_CHANGES) -> Chain | None:
    """The repair with the fewest changes, and of those the one that fits best; of equal ones that of the smallest ids.

    Pairs in it are (mine, theirs). No person is in it twice: whoever came twice would make it longer than it must be.
    """

    @cache
    def best(left: int, changes: int) -> Chain | None:
        chains = _through(left, around, lambda other: best(other, changes - 1)) if changes else _ends(left, around)
        return max(chains, key=lambda chain: chain.gain, default=None)

    tried = (best(alone, changes) for changes in range(most_changes + 1))
    return next((chain for chain in tried if chain is not None), None)


def _ends(alone: int, around: Around) -> list[Chain]:
    worths = ((other, around.worth(alone, other)) for other in around.free)
    return [Chain(((alone, other),), (), worth) for other, worth in worths if worth is not None]


def _through(alone: int, around: Around, help: Callable[[int], Chain | None]) -> list[Chain]:
    """Takes somebody out of a pair that may be changed; whom they leave alone is helped in turn."""
    found = []
    for (left, other), before in sorted(around.pairs.items()):
        worth = around.worth(alone, other) if left != alone else None
        rest = help(left) if worth is not None else None
        if worth is not None and rest is not None:
            made, dropped = ((alone, other), *rest.made), ((left, other), *rest.dropped)
            found.append(Chain(made, dropped, worth - before + rest.gain))
    return found


def repair_of(request: Mapping[str, Any], _say: Callable[[str, int, int], None]) -> dict[str, Any]:
    """The engine's task: `problem`, `pairs`, `member` and `most_changes` in, what `repair` says out."""
    pairs = [(mentor, mentee) for mentor, mentee in request["pairs"]]
    return repair(Problem.from_json(request["problem"]), pairs, request["member"], request["most_changes"])


def repair(
    problem: Problem, pairs: Collection[Couple], member: int, most_changes: int = MOST_CHANGES
) -> dict[str, Any]:
    """For JSON: `pairs` to be made, each with its open fit, and those `dropped` for it; none where nobody is found.

    `pairs` may be changed: their mentors' seats count as taken, and who is in them has no other wish.
    """
    is_mentor = member in problem.mentor
    is_known = is_mentor or member in problem.mentee
    chain = smallest(member, _around(problem, pairs, is_mentor=is_mentor), most_changes) if is_known else None
    made, dropped = (chain.made, chain.dropped) if chain is not None else ((), ())
    couples = _couples(made, is_mentor=is_mentor)
    return {
        "pairs": [[*couple, _fit(problem, couple).open_total] for couple in couples],
        "dropped": [list(couple) for couple in _couples(dropped, is_mentor=is_mentor)],
        "placed": len(couples),
        "total": sum(_fit(problem, couple).total for couple in couples),
    }


def _around(problem: Problem, pairs: Collection[Couple], *, is_mentor: bool) -> Around:
    seats = Counter({each.member_id: each.capacity for each in problem.mentors})
    seats.subtract(mentor for mentor, _ in pairs)
    taken = {mentee for _, mentee in pairs}

    def couple(mine: int, theirs: int) -> Couple:
        return (mine, theirs) if is_mentor else (theirs, mine)

    def worth(mine: int, theirs: int) -> int | None:
        mentor, mentee = couple(mine, theirs)
        may = problem.may_pair(problem.mentor[mentor], problem.mentee[mentee])
        return _fit(problem, (mentor, mentee)).total if may else None

    return Around(
        free=sorted(problem.mentee.keys() - taken) if is_mentor else sorted(each for each in seats if seats[each] > 0),
        pairs={couple(*each): _fit(problem, each).total for each in pairs},
        worth=worth,
    )


def _couples(pairs: Collection[tuple[int, int]], *, is_mentor: bool) -> list[Couple]:
    return sorted(((mine, theirs) if is_mentor else (theirs, mine) for mine, theirs in pairs), key=itemgetter(1))


def _fit(problem: Problem, couple: Couple) -> Fit:
    mentor, mentee = couple
    return fit(problem.mentor[mentor], problem.mentee[mentee], problem.ground)
