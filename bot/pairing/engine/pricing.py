"""Prices that prove a round the best, and a look at every pair there is for one by which someone would do better.

Each seat beside a mentor has a price; a mentee who sits there keeps what the fit is worth beyond it. The round is the
best if nobody could keep more elsewhere, if prices are asked in full columns only, and if whoever has no place would
keep nothing anywhere.
"""

from typing import Any

import numpy as np

from bot.pairing.engine.edges import Edges
from bot.pairing.engine.market import Ints, Market, Mask
from bot.pairing.engine.placing import Places

MOST = 48  # edges of one row that are kept at a time


def fair_prices(market: Market, places: Places, edges: Edges, column: Ints, near: Ints) -> Ints:
    """Prices by which the round of `column` is the best among these edges, as near to a guess as is simple to find.

    It must be the best among them, and the edges must hold its pairs. Prices of places that are always full may be
    below nothing, until what it is worth to be placed at all is added to them.
    """
    fit = market.fits(edges.rows, edges.columns)
    has_place = column >= 0
    has = np.zeros(len(column), np.int64)
    has[has_place] = market.fits(np.flatnonzero(has_place), column[has_place])

    beyond = (int(has_place.sum()) + 1) * (int(fit.max(initial=0)) + 1)  # no way from price to price is longer
    least = np.where(places.full, -beyond, 0)
    without = ~has_place[edges.rows]
    np.maximum.at(least, edges.columns[without], fit[without])
    most = np.full(len(least), beyond)
    may_leave = has_place & places.contested
    np.minimum.at(most, column[may_leave], has[may_leave])
    taken = np.bincount(column[has_place], minlength=len(least))
    most[(taken < market.capacity) & ~places.full] = 0

    if without.any():  # a guess says how prices differ, and these how high they are: they would keep nothing anywhere
        near = near + np.where(places.full, (fit - near[edges.columns])[without].max(), 0)

    sits = column[edges.rows]
    moves = ~without & (sits != edges.columns)
    here, there, gain = sits[moves], edges.columns[moves], (fit - has[edges.rows])[moves]
    most = _settled(most, there, here, -gain, np.minimum)
    return _settled(np.maximum(np.minimum(near, most), least), here, there, gain, np.maximum)


def _settled(prices: Ints, source: Ints, target: Ints, gain: Ints, better: Any) -> Ints:
    """Moves the price of each target to that of a source and the gain on top, until no price moves any more."""
    order = np.argsort(target, kind="stable")
    source, target, gain = source[order], target[order], gain[order]
    begins = np.flatnonzero(np.diff(target, prepend=-1))
    target = target[begins]
    for _ in range(len(prices) + 1):
        offered = better(better.reduceat(prices[source] + gain, begins), prices[target]) if len(target) else prices[:0]
        if np.array_equal(offered, prices[target]):
            return prices
        prices = prices.copy()
        prices[target] = offered
    raise RuntimeError("the round isn't the best among these pairs")


def near_best(market: Market, places: Places, prices: Ints, within: int) -> Ints:
    """Keys of the pairs that are worth almost as much to a mentee as their best."""
    anything = np.full(len(market.mentees), np.iinfo(np.int64).min)
    return _worth_more(market, places, prices, anything, within)


def better_off(market: Market, places: Places, prices: Ints, column: Ints, within: int) -> Ints:
    """Keys of pairs by which a mentee would keep more than they do now, the best of them and what comes close to it.

    If there are none, the prices prove the round.
    """
    has_place = np.flatnonzero(column >= 0)
    keeps = -market.of_row
    keeps[has_place] += market.fits(has_place, column[has_place]) - prices[column[has_place]]
    return _worth_more(market, places, prices, keeps, within)


def _worth_more(market: Market, places: Places, prices: Ints, than: Ints, within: int) -> Ints:
    """Of each row the pairs that are worth more, and no less than the best by so much; of too many some."""
    keys = [np.empty(0, np.int64)]
    for contested in (False, True):
        closed = (market.capacity == 0) | (places.full if not contested else False)
        asked, width = market.asked(prices, closed)
        for rows in market.batches(np.flatnonzero(places.contested == contested)):
            values = market.values(rows, asked, width)
            best = values.max(axis=1).astype(np.int64)
            more = np.maximum(than[rows], width.floor) + 1
            least = np.where(best < more, best + 1, np.maximum(best - within, more))
            keys.append(_some_of_each(rows, values >= least.astype(width.dtype)[:, None]))
    return np.concatenate(keys)


def _some_of_each(rows: Ints, is_chosen: Mask) -> Ints:
    """Keys of what is chosen; where that is too much of one row, other columns for other rows."""
    row, column = np.divmod(np.flatnonzero(is_chosen), is_chosen.shape[1])
    many = np.bincount(row, minlength=len(rows))
    within = np.arange(len(row)) - (np.cumsum(many) - many)[row]
    kept = (within - rows[row] * MOST) % many[row] < MOST
    found: Ints = rows[row[kept]] * is_chosen.shape[1] + column[kept]
    return found
