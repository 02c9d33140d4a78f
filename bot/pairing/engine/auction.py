"""Prices at which about as many want to sit with each mentor as can: a good start for the search, and nothing more.

Rows bid for the seat that is worth most to them, by as much as it is worth more than the second best and a step
beyond; whoever is outbid bids again. What follows from these prices is proven elsewhere.
"""

import numpy as np

from bot.pairing.engine.market import Ints, Market, Mask, Values, Width
from bot.pairing.engine.placing import Places

TOGETHER = 1024  # rows that bid at the same time
BIDS = 20  # for each row, at most, on the average
LEFT = 32, 1_000  # so many rows may be left over, and one more of so many: the search seats the last ones sooner
STEPS = 32  # steps in the largest part of a fit that is of two together
SEATS = 8  # of one column for which bids are kept
NO_SEAT = 2**40
BELOW = 2  # the largest parts of a fit by which the first price of a full column is certainly low enough


class Auction:
    """What is asked for in each column, and who sits where by the bids so far."""

    def __init__(self, market: Market, places: Places) -> None:
        self.market = market
        self.contested = places.contested
        self.closed = market.capacity == 0, (market.capacity == 0) | places.full
        """The columns in which nobody may bid: who is contested, and who is not."""
        self.step = max(1, market.largest_cell // STEPS)
        seats = min(SEATS, int(market.capacity.max(initial=1)))
        first = _first_prices(market, places)
        has_seat = np.arange(seats) < market.capacity[:, None]
        self.bids = np.where(has_seat, first[:, None], NO_SEAT)
        self.sitting = np.full(self.bids.shape, -1)
        self.prices = first

    def run(self) -> None:
        waiting = np.arange(len(self.contested))
        left = LEFT[0] + len(waiting) // LEFT[1]
        bids = BIDS * len(waiting)
        while len(waiting) > left and bids > 0:
            bidding, later = waiting[:TOGETHER], waiting[TOGETHER:]
            waiting = np.concatenate([later, self._bid(bidding)])
            bids -= len(bidding)

    def _bid(self, rows: Ints) -> Ints:
        """One bid of each; returns who has to bid again, and leaves out who wants no seat at these prices."""
        best, bid = np.empty_like(rows), np.full(len(rows), -1)
        wants = np.zeros(len(rows), np.bool_)
        for contested, closed in zip((True, False), self.closed, strict=True):
            mine = np.flatnonzero(self.contested[rows] == contested)
            if len(mine):
                least = -self.market.of_row[rows[mine]] if contested else None
                best[mine], bid[mine], wants[mine] = self._choose(rows[mine], closed, least)
        return self._sit(rows[wants], best[wants], bid[wants])

    def _choose(self, rows: Ints, closed: Mask, least: Ints | None) -> tuple[Ints, Ints, Mask]:
        """The best column for each, a bid for it, and whether it is worth more than `least`."""
        asked, width = self.market.asked(self.prices, closed)
        found = [_two_best(self.market, batch, asked, width) for batch in self.market.batches(rows)]
        best, worth, second = (np.concatenate(each) for each in zip(*found, strict=True))
        least = np.full(len(rows), width.floor + 1) if least is None else np.maximum(least, width.floor + 1)
        more = np.minimum(worth - np.maximum(second, least), self.market.largest_cell)
        return best, self.prices[best] + more + self.step, worth >= least

    def _sit(self, rows: Ints, columns: Ints, bids: Ints) -> Ints:
        """The highest bid for each column gets its cheapest seat; returns who has none."""
        order = np.lexsort((np.arange(len(rows)), -bids, columns))
        first = np.ones(len(order), np.bool_)
        first[1:] = columns[order][1:] != columns[order][:-1]
        winning = order[first]
        column = columns[winning]
        seat = self.bids[column].argmin(axis=1)
        outbid = self.sitting[column, seat]
        self.sitting[column, seat], self.bids[column, seat] = rows[winning], bids[winning]
        self.prices[column] = self.bids[column].min(axis=1)
        return np.concatenate([rows[order[~first]], outbid[outbid >= 0]])


def _first_prices(market: Market, places: Places) -> Ints:
    """Nothing; but in full columns about what those would give who only just find a place."""
    prices = np.zeros(len(market.mentors), np.int64)
    seats = int(market.capacity[places.full].sum())
    if seats:
        rows = np.flatnonzero(places.contested)
        asked, width = market.asked(prices, ~places.full)
        best = [market.values(batch, asked, width).max(axis=1).astype(np.int64) for batch in market.batches(rows)]
        worth = np.sort(np.concatenate(best) + market.of_row[rows])
        prices[places.full] = worth[-seats] - BELOW * market.largest_cell
    return prices


def _two_best(market: Market, rows: Ints, asked: Values, width: Width) -> tuple[Ints, Ints, Ints]:
    """The best column for each row, what it is worth, and what the second best is."""
    values = market.values(rows, asked, width)
    each = np.arange(len(rows))
    best = values.argmax(axis=1)
    worth = values[each, best].astype(np.int64)
    values[each, best] = np.iinfo(width.dtype).min
    return best, worth, values.max(axis=1).astype(np.int64)
