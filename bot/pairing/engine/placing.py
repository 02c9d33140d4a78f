"""How many can be placed at most, who competes for places, and for which: exactly, and without a look at the fits.

König's theorem is the proof. From someone without a place, follow whom they may have, who sits there, and whom those
may have, until a free seat is found: then everyone on the way moves over. If there is none, nobody more can be placed
there: those reached compete for columns that are full in every round that places as many, and nobody else sits there.
"""

from dataclasses import dataclass

import numpy as np

from bot.pairing.engine.market import Ints, Market, Mask


@dataclass(frozen=True)
class Places:
    """A round with as many places as there can be, and what all such rounds have in common."""

    column: Ints
    """Where each row sits, -1 for nowhere."""
    contested: Mask
    """Rows that compete for columns which are full in every such round: not all of them find a place."""
    full: Mask
    """Those columns. Only contested rows sit there, and they sit nowhere else."""


def most_places(market: Market) -> Places:
    placing = _Placing(market)
    placing.place_simply()
    without = np.flatnonzero(placing.column < 0).tolist()
    if without:
        placing.look_beside()
    for row in without:
        placing.place_by_moving(row)
    return Places(placing.column, placing.contested, placing.full)


class _Placing:
    def __init__(self, market: Market) -> None:
        self.market = market
        self.column = np.full(len(market.mentees), -1)
        self.seats = market.capacity.copy()
        """How many are free in each column."""
        self.open = market.capacity > 0
        """Columns that may lead to a free seat."""
        self.beside = np.zeros(len(self.column), np.int64)
        """In how many columns with a free seat each row may sit."""
        self.contested = np.zeros(len(self.column), np.bool_)
        self.full = np.zeros(len(self.seats), np.bool_)

    def place_simply(self) -> None:
        """Everyone in the first column that has a seat left, those with the fewest to choose from first."""
        free = self.seats > 0
        for row in np.argsort(self._choices(free), kind="stable").tolist():
            may = self.market.may(row) & free
            column = int(may.argmax()) if len(may) else 0
            if len(may) and may[column]:
                self._seat(row, column)
                free[column] = self.seats[column] > 0

    def look_beside(self) -> None:
        self.beside = self._choices(self.seats > 0)

    def _choices(self, columns: Mask) -> Ints:
        """In how many of these each row may sit."""
        found = [np.count_nonzero(self.market.may(rows) & columns, axis=1) for rows in self.market.blocks()]
        return np.concatenate([*found, np.empty(0, np.int64)])

    def place_by_moving(self, row: int) -> None:
        """Seats one more, by moving others over; or finds that it can't be done, and who competes for what."""
        reached = np.zeros_like(self.open)
        came_from = np.full(len(self.open), -1)
        seen, ahead = [], np.array([row])
        while len(ahead):
            beside = ahead[self.beside[ahead] > 0]
            if len(beside):
                self._move(int(beside[0]), came_from)
                return
            seen.append(ahead)
            new = np.zeros_like(reached)
            for rows in self.market.batches(ahead):
                may = self.market.may(rows) & (self.open & ~reached & ~new)
                beyond = np.flatnonzero(may.any(axis=0))
                came_from[beyond] = rows[may[:, beyond].argmax(axis=0)]
                new[beyond] = True
            reached |= new
            ahead = np.flatnonzero(np.append(new, False)[self.column])  # -1, nowhere, is the last
        self.contested[np.concatenate(seen)] = True
        self.full |= reached
        self.open &= ~reached  # nobody finds a free seat by way of these

    def _move(self, row: int, came_from: Ints) -> None:
        """Seats the row in a free seat, whoever came to it by its old column in that one, and so on."""
        column = int((self.market.may(row) & (self.seats > 0)).argmax())
        if self.seats[column] == 1:
            self.beside -= self.market.cells[:, column] != self.market.barred
        while row >= 0:
            left = int(self.column[row])
            self._seat(row, column)
            if left < 0:
                return
            self.seats[left] += 1
            row, column = int(came_from[left]), left

    def _seat(self, row: int, column: int) -> None:
        self.column[row] = column
        self.seats[column] -= 1
