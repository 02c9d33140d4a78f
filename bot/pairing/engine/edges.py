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
    """The seats of each column, one after the other; no more of them than edges lead there."""

    def __init__(self, market: Market, edges: Edges) -> None:
        wanted = np.bincount(edges.columns, minlength=len(market.mentors))
        self.of_column = np.minimum(market.capacity, wanted)
        self.first = np.cumsum(self.of_column) - self.of_column
        self.number = int(self.of_column.sum())
        self.column = np.repeat(np.arange(len(market.mentors)), self.of_column)
        self.of_edge = self.of_column[edges.columns]

    def by_edge(self, edges: Edges) -> Ints:
        """Of each edge all seats that it leads to, one after the other."""
        ends = np.cumsum(self.of_edge)
        within = np.arange(int(self.of_edge.sum())) - np.repeat(ends - self.of_edge, self.of_edge)
        seats: Ints = np.repeat(self.first[edges.columns], self.of_edge) + within
        return seats

    def taken(self, column: Ints) -> Ints:
        """The seat of each row when rows sit in these columns, -1 for nowhere."""
        order = np.argsort(column, kind="stable")
        order = order[column[order] >= 0]
        inside = column[order]
        found = np.full(len(column), -1)
        found[order] = self.first[inside] + np.arange(len(order)) - np.searchsorted(inside, inside)
        return found
