"""Tables of what depends on what kind of people two are: small, however many people there are of each kind."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.pairing.candidates import Candidate
from bot.pairing.problem import Problem

Index = NDArray[np.intp]
Spread = Callable[[Index], NDArray[Any]]
"""For some kinds of mentees: a row each, with what they and each mentor are to one another."""

AT_HAND = 8 << 20
"""A layer of up to so many cells is made once; of more, only the part that is needed, each time it is needed."""


def distinct(keys: Sequence[Hashable]) -> tuple[list[Any], Index]:
    """The kinds there are, and which of them each one is."""
    numbers: dict[Hashable, int] = {}
    index = np.fromiter((numbers.setdefault(key, len(numbers)) for key in keys), dtype=np.intp, count=len(keys))
    return list(numbers), index


class Layer:
    """One thing about all pairs. Its rows are mentees, and there is one row in memory for each kind of them."""

    def __init__(self, rows: Index, kinds: int, columns: int, spread: Spread) -> None:
        self.rows, self.kinds, self.columns = rows, kinds, columns
        self._spread = spread
        self._all = spread(np.arange(kinds)) if kinds * columns <= AT_HAND else None

    def of_kinds(self, kinds: Index) -> NDArray[Any]:
        return self._spread(kinds) if self._all is None else self._all[kinds]

    def of(self, start: int, stop: int) -> NDArray[Any]:
        """What it says of the mentees from `start` to before `stop`."""
        return self.of_kinds(self.rows[start:stop])

    def write(self, start: int, stop: int, out: NDArray[Any]) -> None:
        """The same, into an array that is there."""
        if self._all is None:
            out[:] = self._spread(self.rows[start:stop])
        else:
            np.take(self._all, self.rows[start:stop], axis=0, out=out, mode="clip")  # "raise" would copy once more

    def mapped(self, change: Callable[[NDArray[Any]], NDArray[Any]]) -> "Layer":
        return Layer(self.rows, self.kinds, self.columns, lambda kinds: change(self.of_kinds(kinds)))

    @property
    def is_nothing(self) -> bool:
        return self._all is not None and not self._all.any()


def between(
    problem: Problem,
    kind: Callable[[Candidate], Hashable],
    compare: Callable[[Index, Index, list[Any]], NDArray[Any]],
) -> Layer:
    """What two kinds are to each other.

    `compare` gets the numbers of some kinds of mentees as a column, those of all mentors as a row, and what the kinds
    are by their numbers.
    """
    kinds, index = distinct([kind(each) for each in (*problem.mentees, *problem.mentors)])
    rows, columns = np.split(index, [len(problem.mentees)])
    count = int(rows.max(initial=-1)) + 1
    return Layer(rows, count, len(columns), lambda some: compare(some[:, np.newaxis], columns, kinds))


def in_common(problem: Problem, names: Callable[[Candidate], frozenset[str]]) -> Layer:
    """How many names the sets of two have in common."""
    sets, rows = distinct([names(each) for each in problem.mentees])
    having, width = columns_by(names, problem.mentors), len(problem.mentors)

    def spread(kinds: Index) -> NDArray[Any]:
        found = np.empty((len(kinds), width), dtype=np.uint16)
        for row, kind in enumerate(kinds.tolist()):
            found[row] = counted(sets[kind], having, width)
        return found

    return Layer(rows, len(sets), width, spread)


def columns_by(
    names: Callable[[Any], Iterable[Hashable]], columns: Iterable[Any], among: frozenset[Any] | None = None
) -> dict[Any, Index]:
    """Of each name, which columns have it."""
    found: defaultdict[Any, list[int]] = defaultdict(list)
    for column, each in enumerate(columns):
        for name in names(each):
            if among is None or name in among:
                found[name].append(column)
    return {name: np.array(those, dtype=np.intp) for name, those in found.items()}


def counted(names: Iterable[str], columns: Mapping[str, Index], width: int) -> NDArray[np.intp]:
    """How many of the names each column has."""
    found = np.zeros(width, dtype=np.intp)
    for name in names:
        if name in columns:
            found[columns[name]] += 1
    return found


def joined(one: Layer, other: Layer, by: np.ufunc) -> Layer:
    """The two as one layer."""
    both, rows = np.unique(one.rows * other.kinds + other.rows, return_inverse=True)
    firsts, seconds = np.divmod(both, max(other.kinds, 1))

    def spread(kinds: Index) -> NDArray[Any]:
        found: NDArray[Any] = by(one.of_kinds(firsts[kinds]), other.of_kinds(seconds[kinds]))
        return found

    return Layer(rows, len(both), one.columns, spread)


def fewer(layers: Sequence[Layer], by: np.ufunc) -> list[Layer]:
    """The same in fewer layers, as far as they can be had at hand: a block then takes fewer steps."""
    found: list[Layer] = []
    for layer in sorted((each for each in layers if not each.is_nothing), key=lambda each: each.kinds):
        last = found[-1] if found else None
        if last is not None and _kinds_of_both(last, layer) * layer.columns <= AT_HAND:
            found[-1] = joined(last, layer, by)
        else:
            found.append(layer)
    return found


def _kinds_of_both(one: Layer, other: Layer) -> int:
    return len(np.unique(one.rows * other.kinds + other.rows))
