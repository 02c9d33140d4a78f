"""The few pairs among which a best round is looked for, and the seats that they lead to."""

from dataclasses import dataclass

import numpy as np

from bot.pairing.engine.market import Ints, Market


@dataclass(frozen=True)
class Edges:
    """Pairs, sorted by row and column, none of them twice."""

    rows: Ints
    columns: Ints

    @classmethod
    def of(cls, market: Market, *keys: Ints) -> "Edges":
        """A key is row * number of columns + column."""
        rows, columns = np.divmod(np.unique(np.concatenate(keys)), max(len(market.mentors), 1))
        return cls(rows, columns)


class Seats:
    """The seats of each column, one after the other; no more of them than edges lead there.

    Where there are as many seats as edges, each edge has one of its own: whoever has room for everybody takes no more
    work than whoever has room for one. Elsewhere an edge leads to all seats of its column.
    """

    def __init__(self, market: Market, edges: Edges) -> None:
        columns, width = edges.columns, max(len(market.mentors), 1)
        wanted = np.bincount(columns, minlength=len(market.mentors))
        self.of_column = np.minimum(market.capacity, wanted)
        self.first = np.cumsum(self.of_column) - self.of_column
        self.number = int(self.of_column.sum())
        self.column = np.repeat(np.arange(len(market.mentors)), self.of_column)
        self._has_own = (market.capacity >= wanted)[columns]
        self.of_edge = np.where(self._has_own, 1, self.of_column[columns])
        self._first_of_edge = self.first[columns] + np.where(self._has_own, _place_among_equals(columns), 0)
        self._keys, self._width = edges.rows * width + columns, width

    def by_edge(self) -> Ints:
        """Of each edge all seats that it leads to, one after the other."""
        ends = np.cumsum(self.of_edge)
        within = np.arange(int(self.of_edge.sum())) - np.repeat(ends - self.of_edge, self.of_edge)
        seats: Ints = np.repeat(self._first_of_edge, self.of_edge) + within
        return seats

    def taken(self, column: Ints) -> Ints:
        """The seat of each row when rows sit in these columns, to which edges lead; -1 for nowhere."""
        rows = np.flatnonzero(column >= 0)
        edge = np.searchsorted(self._keys, rows * self._width + column[rows])
        beside = np.where(self._has_own[edge], 0, _place_among_equals(column[rows]))
        found = np.full(len(column), -1)
        found[rows] = self._first_of_edge[edge] + beside
        return found


def _place_among_equals(numbers: Ints) -> Ints:
    """How many of those before each are the same."""
    order = np.argsort(numbers, kind="stable")
    in_order = numbers[order]
    found = np.empty_like(order)
    found[order] = np.arange(len(order)) - np.searchsorted(in_order, in_order)
    return found
