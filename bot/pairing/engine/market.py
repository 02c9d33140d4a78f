"""What the search for the best round looks at: the fits of everyone with everyone, and prices laid over them.

Rows are mentees, columns are mentors. Both stand in an order that the seed alone decides, so that ties between equal
rounds follow the seed and nothing else. All numbers are whole.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.pairing.engine.tables import Tables

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Values = NDArray[Any]
"""Whole numbers, as small as they can be kept."""

READ = 512  # rows read from the tables together
CELLS = 2**20  # about as many values are looked at together: they stay in the processor's cache


@dataclass(frozen=True)
class Width:
    """A kind of whole number that values can be counted in: worth from -`room` to `room` and more by any cell's."""

    dtype: type[Any]
    room: int
    cell: int
    bar: int

    @property
    def floor(self) -> int:
        """Whatever is allowed is worth more; columns that are closed and pairs that are barred are worth less."""
        return -self.room - 1

    @property
    def closed(self) -> int:
        """The price of a column where nobody may sit down."""
        return 2 * self.room + self.cell


# A barred cell has the largest number there is: its bar makes it worth less than any that is allowed. For 16 bits that
# number is either 255 or -1. The widest does for as many people as ever worked in one company.
WIDTHS = (
    Width(np.int16, 4_000, 2_000, 2**14),
    Width(np.int32, 2**27, 2**16, 2**29),
    Width(np.int64, 2**59, 2**16, 2**61),
)


class Market:
    def __init__(self, tables: Tables, say: Callable[[int, int], None]) -> None:
        """Reads all of the tables; a cell here takes as much memory as one of theirs."""
        seed = tables.problem.seed
        rows, columns = _shuffled(tables.mentee_ids, seed), _shuffled(tables.mentor_ids, seed)
        self.mentees, self.mentors = tables.mentee_ids[rows], tables.mentor_ids[columns]
        self.of_row = tables.row_offset[rows].astype(np.int64)
        self.of_column = tables.column_offset[columns].astype(np.int64)
        self.capacity = tables.capacity[columns].astype(np.int64)
        self.barred = tables.barred
        self.cells = np.empty((len(rows), len(columns)), tables.dtype)
        place = np.argsort(rows, kind="stable")
        for start in range(0, len(rows), READ):
            say(start, len(rows))
            stop = min(start + READ, len(rows))
            self.cells[place[start:stop]] = tables.block(start, stop).take(columns, axis=1)
        self.step = max(1, CELLS // max(len(columns), 1))
        self.largest_cell = max((int(self._allowed(each).max(initial=0)) for each in self.blocks()), default=0)

    def _allowed(self, rows: slice) -> Values:
        """The cells of these rows, with nothing where two may not pair."""
        cells = self.cells[rows]
        return np.where(cells != self.barred, cells, 0)

    def blocks(self) -> Iterator[slice]:
        """All rows, as many at a time as are best looked at together."""
        return (slice(start, start + self.step) for start in range(0, len(self.mentees), self.step))

    def batches(self, rows: Ints) -> Iterator[Ints]:
        return (rows[start : start + self.step] for start in range(0, len(rows), self.step))

    def may(self, rows: slice | Ints | int) -> Mask:
        return np.not_equal(self.cells[rows], self.barred)

    def fits(self, rows: Ints, columns: Ints) -> Ints:
        """How well allowed pairs fit."""
        return self.cells[rows, columns] + self.of_row[rows] + self.of_column[columns]

    def asked(self, prices: Ints, closed: Mask) -> tuple[Values, Width]:
        """Prices of columns as `values` takes them, and what values are counted in. In closed columns nobody sits."""
        asked = prices - self.of_column
        largest = int(np.abs(asked).max(initial=0))
        width = next(each for each in WIDTHS if largest <= each.room and self.largest_cell <= each.cell)
        return np.where(closed, width.closed, asked).astype(width.dtype), width

    def values(self, rows: slice | Ints, asked: Values, width: Width) -> Values:
        """What each column is worth to these rows after its price, without what the row adds to every fit."""
        cells = self.cells[rows]
        values = cells.astype(width.dtype)
        values -= asked
        # Shifting a comparison is many times quicker than writing where it holds.
        values -= np.left_shift(cells == self.barred, width.bar.bit_length() - 1, dtype=width.dtype)
        return values


def _shuffled(ids: Ints, seed: int) -> Ints:
    """The places of ids in an order that the seed alone decides, on any machine."""
    keys = [sha256(f"{seed} {each}".encode()).digest() for each in ids.tolist()]
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)
