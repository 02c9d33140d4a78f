"""The best round, exactly: the most mentees placed, then the largest total fit.

First how many can be placed, and by whom places are contested (`placing`). Then prices at which the market about clears
(`auction`), and the best round among the few pairs that look good at those prices. From it follow prices that are
exact for these few; a look at every pair there is (`pricing`) finds those by which somebody would do better. They are
added, and the best round is found anew, until nobody would: that is a proof, and the prices are kept for
`certificate.check`.

Import it nowhere in the bot, since numpy and scipy cost memory: it runs in a process of its own, `engine`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from bot.pairing.engine.auction import Auction
from bot.pairing.engine.edges import Edges, Seats
from bot.pairing.engine.market import Ints, Market
from bot.pairing.engine.placing import Places, most_places
from bot.pairing.engine.pricing import better_off, fair_prices, near_best
from bot.pairing.engine.tables import Tables

EXACT_BELOW = 2**53  # float64, which scipy counts in, holds every whole number up to here
CLOSE = 16  # what is within the largest part of a fit by this of somebody's best is looked at first

Progress = Callable[[str, int, int], None]
"""What is being done, in words fit to show; how much of it is done, and of how much: 0 where nobody knows."""


class TooLarge(ValueError):
    """The fits are too large for the people to be summed exactly."""


@dataclass(frozen=True)
class Solution:
    """The best round, and what proves it."""

    pairs: list[tuple[int, int]]
    """Ids of members, mentor first, sorted by mentee; pinned pairs are among them."""
    placed: int
    total: int
    """The sum of all fits."""
    prices: dict[int, int]
    """Of a seat beside each mentor, counted as a pair is: what it is worth to be placed, and the fit."""
    placing: int
    """What it is worth to be placed: more than all the fits of any round together."""


def solve(tables: Tables, progress: Progress | None = None) -> Solution:
    """Raises `TooLarge`. The same tables give the same round on any machine."""
    say = progress or _silent
    market = Market(tables, lambda done, of: say("Looking at who fits whom", done, of))
    placing = _placing(market)
    say("Counting how many can be placed", 0, 0)
    places = most_places(market)
    column, prices = _best_round(market, places, say)
    prices = np.where(market.capacity == 0, 2 * placing, prices + placing * places.full)
    return _solution(tables, market, column, prices, placing)


def _silent(_doing: str, _done: int, _of: int) -> None:
    """Nobody wants to know."""


def _placing(market: Market) -> int:
    """More than all the fits of any round together, and more than prices can differ by."""
    fit = market.largest_cell + int(market.of_row.max(initial=0)) + int(market.of_column.max(initial=0))
    placing = 4 * (min(len(market.mentees), int(market.capacity.sum())) + 1) * (fit + 1)
    if placing * (len(market.mentees) + 1) >= EXACT_BELOW:
        raise TooLarge(f"a fit of {fit} is too large to be summed exactly over {len(market.mentees)} places")
    return placing


def _best_round(market: Market, places: Places, say: Progress) -> tuple[Ints, Ints]:
    """Where each row sits, and the price of each column, below what it is worth to be placed where columns are full."""
    if not (places.column >= 0).any():
        return places.column, np.zeros(len(market.mentors), np.int64)
    say("Looking for the best pairs", 0, 0)
    auction = Auction(market, places)
    auction.run()
    prices, column = auction.prices, places.column
    within = max(1, market.largest_cell // CLOSE)
    keys = [near_best(market, places, prices, within), _pairs(market, column)]
    tries = 0
    while True:
        tries += 1
        say(f"Comparing them with every other pair, time {tries}", 0, 0)
        edges = Edges.of(market, *keys)
        column = _best_among(market, places, edges, prices, column)
        prices = fair_prices(market, places, edges, column, prices)
        better = better_off(market, places, prices, column, within // 4)
        if not len(better):
            return column, prices
        keys = [edges.rows * len(market.mentors) + edges.columns, better]


def _pairs(market: Market, column: Ints) -> Ints:
    """The keys of a round."""
    rows = np.flatnonzero(column >= 0)
    keys: Ints = rows * len(market.mentors) + column[rows]
    return keys


def _best_among(market: Market, places: Places, edges: Edges, prices: Ints, column: Ints) -> Ints:
    """Where each row sits in the best round that has these pairs alone; the better the prices, the sooner it is found.

    scipy finds the cheapest way to seat all rows in as many seats. Where a seat may stay free or a row without a place,
    the problem is put beside its mirror image, in which those meet themselves: each pair stands there twice, and the
    cheapest way is the best round on both sides.
    """
    seats, rows = Seats(market, edges), len(column)
    fit = market.fits(edges.rows, edges.columns)
    keeps = np.where(places.contested, 0, np.iinfo(np.int64).min)
    np.maximum.at(keeps, edges.rows, fit - prices[edges.columns])
    cost = np.repeat(keeps[edges.rows] + prices[edges.columns] - fit, seats.of_edge)
    row, seat = np.repeat(edges.rows, seats.of_edge), seats.by_edge()
    first = seats.taken(column)
    if seats.number > rows or places.contested.any():
        alone, empty = np.flatnonzero(places.contested), np.flatnonzero(~places.full[seats.column])
        row, seat = (
            np.concatenate([row, rows + seat, alone, rows + empty]),
            np.concatenate([seat, seats.number + row, seats.number + alone, empty]),
        )
        cost = np.concatenate([cost, cost, 2 * keeps[alone], 2 * prices[seats.column[empty]]])
        first = _with_mirror_image(first, seats.number)
    found = _cheapest(row, seat, cost, first)[:rows]
    is_seat = found < seats.number
    return np.where(is_seat, seats.column[np.where(is_seat, found, 0)], -1) if seats.number else np.full(rows, -1)


def _with_mirror_image(seat: Ints, seats: int) -> Ints:
    """The seats of rows, followed by those of the rows' mirror images, where whoever has no seat meets themselves."""
    rows = len(seat)
    sits = seat >= 0
    mirror = np.arange(seats)
    mirror[seat[sits]] = seats + np.flatnonzero(sits)
    return np.concatenate([np.where(sits, seat, seats + np.arange(rows)), mirror])


def _cheapest(rows: Ints, seats: Ints, cost: Ints, first: Ints) -> Ints:
    """The seat of each row in the cheapest way to seat all, begun with a way to seat all."""
    order = np.lexsort((first[rows] != seats, rows))
    begins = np.searchsorted(rows[order], np.arange(len(first) + 1))
    # Each edge costs one more: scipy takes what costs nothing for no edge.
    graph = csr_array((cost[order] + 1.0, seats[order], begins), shape=(len(first), len(first)))
    found: Ints = min_weight_full_bipartite_matching(graph)[1].astype(np.int64)
    return found


def _solution(tables: Tables, market: Market, column: Ints, prices: Ints, placing: int) -> Solution:
    has_place = np.flatnonzero(column >= 0)
    found = zip(market.mentors[column[has_place]].tolist(), market.mentees[has_place].tolist(), strict=True)
    pins = tables.problem.pins
    fits = [int(market.fits(has_place, column[has_place]).sum()), *(tables.fit(*pin) for pin in pins)]
    return Solution(
        pairs=sorted([*found, *pins], key=itemgetter(1)),
        placed=len(has_place) + len(pins),
        total=sum(fits),
        prices=dict(sorted(zip(market.mentors.tolist(), prices.tolist(), strict=True))),
        placing=placing,
    )
