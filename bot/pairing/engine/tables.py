"""The rules and the fit of all pairs at once, a block of mentees at a time: equal to `barred` and `fit` on every pair.

Import it nowhere in the bot, since numpy costs memory: only where rounds are solved and checked.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.pairing import fit as fits
from bot.pairing.bars import Bar
from bot.pairing.engine import tables_of_bars, tables_of_fit, tables_of_meeting
from bot.pairing.engine.kinds import Layer, fewer, in_common
from bot.pairing.problem import Problem
from bot.pairing.weights import Part

AT_ONCE = 1 << 18
"""So many pairs are worked out at a time: each step then finds what the last one did in the processor's cache."""


class Tables:
    """Rows are mentees, columns are mentors, both in the order of their ids.

    The fit of a pair is what `block` says plus `row_offset` of the mentee plus `column_offset` of the mentor.
    Pinned pairs (`problem.pins`) are placed already: their mentees' rows have nobody, and their mentors have a seat
    less in `capacity`.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        mentors, mentees = problem.mentors, problem.mentees
        self.mentor_ids = np.array([each.member_id for each in mentors], dtype=np.int64)
        self.mentee_ids = np.array([each.member_id for each in mentees], dtype=np.int64)
        self.capacity = np.array([problem.capacity[each.member_id] for each in mentors], dtype=np.int64)
        waited = problem.weights[Part.WAITED] * fits.ROUND_WAITED
        self.row_offset = np.array([fits.PLACED + waited * fits.rounds(each) for each in mentees], dtype=np.int64)
        self.column_offset = np.array([waited * fits.rounds(each) for each in mentors], dtype=np.int64)
        self.dtype: np.dtype[Any] = np.dtype(np.uint8 if fits.pair_at_most(problem.weights) < 255 else np.uint16)
        self.barred = int(np.iinfo(self.dtype).max)
        """What stands in a block where two may not pair: every bit is set."""
        climbs, meeting = tables_of_bars.climbs(problem), tables_of_meeting.meeting(problem)
        languages = in_common(problem, lambda each: each.languages)
        self._topics = tables_of_fit.topics(problem, self.dtype)
        self._parts = fewer(tables_of_fit.parts(problem, meeting, languages, self.dtype), np.add)
        self._by_kind = tables_of_bars.of_kinds(problem, climbs, meeting, languages)
        self._by_pair = tables_of_bars.of_pairs(problem, climbs)
        self._masks = [self._mask(each) for each in fewer(list(self._by_kind.values()), np.logical_or)]
        self._absent = [*self._by_pair.values(), tables_of_bars.forbidden(problem)]
        self._is_pinned = np.isin(self.mentee_ids, [mentee_id for _, mentee_id in problem.pins])

    def _mask(self, layer: Layer) -> Layer:
        return layer.mapped(lambda found: found * self.dtype.type(self.barred))

    def block(self, start: int, stop: int) -> NDArray[Any]:
        """The part of the fit that is of the two together, for the mentees from `start` to before `stop`."""
        found = np.empty((stop - start, len(self.mentor_ids)), dtype=self.dtype)
        step = max(1, AT_ONCE // max(1, found.shape[1]))
        spare = np.empty((min(step, len(found)), found.shape[1]), dtype=self.dtype)
        for first in range(start, stop, step):
            last = min(first + step, stop)
            self._write(first, last, found[first - start : last - start], spare[: last - first])
        return found

    def _write(self, start: int, stop: int, out: NDArray[Any], spare: NDArray[Any]) -> None:
        out.fill(0)
        self._topics.add(start, stop, out, spare)
        for layer in self._parts:
            layer.write(start, stop, spare)
            np.add(out, spare, out=out)
        for layer in self._masks:
            layer.write(start, stop, spare)
            np.bitwise_or(out, spare, out=out)
        for rule in self._absent:
            for row, portions in enumerate(rule[start:stop]):
                for columns in portions:
                    out[row, columns] = self.barred
        out[self._is_pinned[start:stop]] = self.barred

    def bars(self, start: int, stop: int) -> dict[Bar, NDArray[np.bool_]]:
        """Where each rule on its own stands in the way. Wishes of coordinators are no rules."""
        found = {bar: layer.of(start, stop) for bar, layer in self._by_kind.items()}
        for bar, rule in self._by_pair.items():
            found[bar] = np.zeros((stop - start, len(self.mentor_ids)), dtype=np.bool_)
            for row, portions in enumerate(rule[start:stop]):
                for columns in portions:
                    found[bar][row, columns] = True
        found[Bar.REPORTING_LINE_UNKNOWN] = found[Bar.REPORTING_LINE_UNKNOWN] & ~found[Bar.REPORTING_LINE]
        return {bar: found[bar] for bar in Bar}

    def fit(self, mentor_id: int, mentee_id: int) -> int:
        """The whole fit of two, whether or not they may pair."""
        problem = self.problem
        return fits.fit(problem.mentor[mentor_id], problem.mentee[mentee_id], problem.ground).total
