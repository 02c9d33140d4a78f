"""Rounds as tables of numbers, for people: who fits whom is said outright, instead of being worked out."""

from dataclasses import dataclass, field
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

FIRST_MENTOR = 100


@dataclass(frozen=True)
class Market:
    """Rows are mentees (0, 1, …), columns are mentors (100, 101, …), None is barred. It stands in for `Tables`."""

    cells: list[list[int | None]]
    capacities: list[int]
    of_mentees: list[int] | None = None
    """What each adds to every fit; nothing, unless said otherwise."""
    of_mentors: list[int] | None = None
    seed: int = 7
    pins: tuple[tuple[int, int], ...] = ()
    large: bool = False
    ids: list[int] = field(default_factory=list)
    """Of the mentees, if they are others."""

    dtype = property(lambda self: np.dtype(np.uint16 if self.large else np.uint8))
    barred = property(lambda self: int(np.iinfo(self.dtype).max))
    problem = property(lambda self: SimpleNamespace(seed=self.seed, pins=self.pins))
    mentee_ids = property(lambda self: np.array(self.ids or range(len(self.cells)), dtype=np.int64))
    mentor_ids = property(lambda self: np.arange(len(self.capacities), dtype=np.int64) + FIRST_MENTOR)
    capacity = property(lambda self: np.array(self.capacities, dtype=np.int64))
    row_offset = property(lambda self: np.array(self.of_mentees or [0] * len(self.cells), dtype=np.int64))
    column_offset = property(lambda self: np.array(self.of_mentors or [0] * len(self.capacities), dtype=np.int64))

    def block(self, start: int, stop: int) -> Any:
        rows = [[self.barred if cell is None else cell for cell in row] for row in self.cells[start:stop]]
        return np.array(rows, dtype=self.dtype).reshape(stop - start, len(self.capacities))

    def fit(self, mentor: int, mentee: int) -> int:
        row, column = self.mentee_ids.tolist().index(mentee), mentor - FIRST_MENTOR
        cell = self.cells[row][column]
        return (9 if cell is None else cell) + int(self.row_offset[row]) + int(self.column_offset[column])

    def may(self, mentor: int, mentee: int) -> bool:
        return self.cells[self.mentee_ids.tolist().index(mentee)][mentor - FIRST_MENTOR] is not None

    def worth(self, pairs: list[tuple[int, int]]) -> tuple[int, int]:
        return len(pairs), sum(self.fit(*pair) for pair in pairs)

    @property
    def best(self) -> tuple[int, int]:
        """By trying out every round there is."""
        return max(self.worth(pairs) for pairs in self.rounds())

    def rounds(self) -> list[list[tuple[int, int]]]:
        """Every round there is."""
        choices = [[None, *(self.mentor_ids.tolist())] for _ in self.cells]
        found = []
        for chosen in product(*choices):
            pairs = [(mentor, row) for mentor, row in zip(chosen, self.mentee_ids.tolist(), strict=True) if mentor]
            is_fair = all(
                chosen.count(each) <= room for each, room in zip(self.mentor_ids, self.capacities, strict=True)
            )
            if is_fair and all(self.may(*pair) for pair in pairs):
                found.append(pairs)
        return found

    @property
    def best_by_scipy(self) -> tuple[int, int]:
        """By scipy's solver for tables without gaps: what is barred is worth nothing there, and dropped afterwards."""
        cells = self.block(0, len(self.cells)).astype(np.float64)
        may = cells != self.barred
        fits = cells + self.row_offset[:, None] + self.column_offset
        placing = 1 + len(self.cells) * (fits * may).max(initial=0)
        worth = np.repeat(np.where(may, fits + placing, 0), self.capacities, axis=1)
        rows, seats = linear_sum_assignment(worth, maximize=True)
        columns = np.repeat(np.arange(len(self.capacities)), self.capacities)[seats]
        placed = may[rows, columns]
        return int(placed.sum()), int(fits[rows, columns][placed].sum())


SMALL = st.integers(0, 9)


@st.composite
def markets(draw: st.DrawFn, fits: st.SearchStrategy[int] = SMALL, offsets: st.SearchStrategy[int] = SMALL) -> Market:
    """Few enough people to try everything out."""
    rows, columns = draw(st.integers(0, 5)), draw(st.integers(0, 4))
    row = st.lists(st.none() | fits, min_size=columns, max_size=columns)
    return Market(
        cells=draw(st.lists(row, min_size=rows, max_size=rows)),
        capacities=draw(st.lists(st.integers(0, 3), min_size=columns, max_size=columns)),
        of_mentees=draw(st.lists(offsets, min_size=rows, max_size=rows)),
        of_mentors=draw(st.lists(offsets, min_size=columns, max_size=columns)),
        seed=draw(st.integers(0, 99)),
        large=draw(st.booleans()),
    )


@st.composite
def larger_markets(draw: st.DrawFn) -> Market:
    """Up to some dozens a side; few kinds of people, many ties, and not everyone can be placed."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    rows, columns = draw(st.integers(1, 60)), draw(st.integers(1, 60))
    most = draw(st.sampled_from([1, 5, 120, 250]))
    cells = chance.integers(0, most + 1, (rows, columns))
    ranks = chance.integers(0, draw(st.sampled_from([1, 4, 30])), rows), chance.integers(0, 30, columns)
    is_barred = (chance.random((rows, columns)) < draw(st.sampled_from([0.1, 0.5, 0.9]))) | (
        ranks[0][:, None] > ranks[1]
    )
    return Market(
        cells=[
            [None if bar else int(cell) for cell, bar in zip(*row, strict=True)]
            for row in zip(cells, is_barred, strict=True)
        ],
        capacities=chance.integers(0, draw(st.sampled_from([2, 4, 40])), columns).tolist(),
        of_mentees=(chance.integers(0, 3, rows) * 60).tolist(),
        of_mentors=(chance.integers(0, 3, columns) * 60).tolist(),
        seed=draw(st.integers(0, 99)),
    )
