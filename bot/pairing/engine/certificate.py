"""Whether a round is the best, shown by its prices in one look at every pair: no search, and nothing of the solver's.

A pair is worth `placing` and its fit; `placing` is more than all the fits of any round together, so that a round that
is worth more places more, or places as many who fit better. Each seat beside a mentor has a price. Whatever the prices
are, no round is worth more than what is asked for all seats and what each mentee could gain at most beyond the price
of a seat: of what a pair is worth, the price goes to the one and the gain to the other. So a round that is worth
exactly as much is the best.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.pairing.engine.tables import Tables

ROWS = 64  # mentees looked at together
EXACT_BELOW = 2**62  # numpy counts in 64 bits: what one mentee gains must be below this by far

NOT_THE_BEST = "another round may place more people or fit better"


def check(tables: Tables, pairs: Sequence[tuple[int, int]], prices: Mapping[int, int], placing: int) -> str | None:
    """None if no other round places more people or fits better; otherwise why that isn't shown, in plain words.

    `pairs` and the keys of `prices` are ids of members, mentor first.
    """
    return _who(tables, pairs) or _numbers(tables, prices, placing) or _worth(tables, pairs, prices, placing)


def _who(tables: Tables, pairs: Sequence[tuple[int, int]]) -> str | None:
    """What is wrong with who is paired, apart from the rules."""
    pins = set(tables.problem.pins)
    capacity = dict(zip(tables.mentor_ids.tolist(), tables.capacity.tolist(), strict=True))
    capacity = {mentor: seats + sum(pin[0] == mentor for pin in pins) for mentor, seats in capacity.items()}
    mentees = set(tables.mentee_ids.tolist())
    if any(mentor not in capacity or mentee not in mentees for mentor, mentee in pairs):
        return "it pairs somebody who doesn't wait in this round"
    if max(Counter(mentee for _, mentee in pairs).values(), default=0) > 1:
        return "it pairs a mentee twice"
    if any(many > capacity[mentor] for mentor, many in Counter(mentor for mentor, _ in pairs).items()):
        return "it gives a mentor more people than they have room for"
    if not pins <= set(pairs):
        return "it leaves out a pair that was pinned"
    return None


def _numbers(tables: Tables, prices: Mapping[int, int], placing: int) -> str | None:
    if prices.keys() != set(tables.mentor_ids.tolist()):
        return "its prices aren't those of the mentors in this round"
    if any(type(each) is not int for each in (placing, *prices.values())):
        return "its numbers aren't whole numbers"
    if min(prices.values(), default=0) < 0:
        return "one of its prices is below nothing"
    if max(placing, *prices.values(), 0) >= EXACT_BELOW // ROWS:
        return "its numbers are too large to be added up exactly"
    return None


def _worth(tables: Tables, pairs: Sequence[tuple[int, int]], prices: Mapping[int, int], placing: int) -> str | None:
    """The one look at every pair."""
    price = np.array([prices[mentor] for mentor in tables.mentor_ids.tolist()], dtype=np.int64)
    paired = _column_of_each(tables, pairs)
    worth = sum(placing for column in paired.tolist() if column >= 0)
    bound = sum(seats * each for seats, each in zip(tables.capacity.tolist(), price.tolist(), strict=True))
    best_fit = 0
    for start in range(0, len(paired), ROWS):
        block = tables.block(start, min(start + ROWS, len(paired)))
        may = block != tables.barred
        offset = tables.row_offset[start : start + ROWS, None] + tables.column_offset
        fits = np.where(may, block + offset, 0)
        if fits.min(initial=0) < 0:
            return "a fit in it is below nothing"
        best_fit = max(best_fit, int(fits.max(initial=0)))
        gains = np.where(may, fits + (placing - price), 0)
        bound += int(gains.max(axis=1, initial=0).sum())
        row = np.flatnonzero(paired[start : start + ROWS] >= 0)
        column = paired[start : start + ROWS][row]
        if not may[row, column].all():
            return "it pairs two who may not be paired"
        worth += int(fits[row, column].sum())
    if placing <= best_fit * min(len(paired), int(tables.capacity.sum())):
        return "to be placed counts too little in it against how well people fit"
    return None if worth == bound else NOT_THE_BEST


def _column_of_each(tables: Tables, pairs: Sequence[tuple[int, int]]) -> NDArray[np.int64]:
    """Of each mentee the column of their mentor, -1 for nobody and for those who are pinned."""
    pins = set(tables.problem.pins)
    columns = {mentor: column for column, mentor in enumerate(tables.mentor_ids.tolist())}
    mentor_of = {mentee: mentor for mentor, mentee in pairs if (mentor, mentee) not in pins}
    return np.array([columns.get(mentor_of.get(each), -1) for each in tables.mentee_ids.tolist()], dtype=np.int64)
