"""Who could still get somebody without anyone losing theirs, by chains of moves through a round.

It runs in the engine: which pairs are allowed is held as one bit each, 50 MB for 20,000 people a side.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

Bits = np.ndarray[Any, np.dtype[np.uint8]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Places = np.ndarray[Any, np.dtype[np.int64]]

AT_ONCE = 1 << 22  # cells of a block: what is worked on at a time stays small
NOBODY = NEVER = -1


def spans(rows: int, columns: int) -> Iterator[tuple[int, int]]:
    """The rows of a table in blocks of a size that fits into memory many times over."""
    step = max(1, AT_ONCE // max(columns, 1))
    return ((start, min(start + step, rows)) for start in range(0, rows, step))


class Reach:
    """A round over the pairs that are allowed: rows are mentees, columns mentors, by their place in the tables."""

    def __init__(self, allowed: Bits, capacity: Places, mentor_of: Places, is_fixed: Mask) -> None:
        """`allowed` is packed along the mentors; `mentor_of` has `NOBODY` for a mentee who has none.

        Those who are fixed keep the mentor they have: a coordinator wants it so.
        """
        self._allowed, self._capacity = allowed, capacity
        self._mentor_of, self._is_fixed = mentor_of, is_fixed
        self._mentees_of = np.bincount(mentor_of[mentor_of >= 0], minlength=len(capacity))

    @property
    def mentees_of(self) -> Places:
        """How many mentees each mentor has."""
        return self._mentees_of

    def has_one_of(self, mentees: Places, mentors: Mask) -> Mask:
        """Which of these mentees may pair with one of those mentors."""
        wanted = np.packbits(mentors)
        found = np.zeros(len(mentees), dtype=bool)
        for start, stop in spans(len(mentees), self._allowed.shape[1]):
            found[start:stop] = (self._allowed[mentees[start:stop]] & wanted).any(axis=1)
        return found

    def may_have_one_of(self, mentees: Places) -> Mask:
        """Which mentors may pair with one of these mentees."""
        found = np.zeros(self._allowed.shape[1], dtype=np.uint8)
        for start, stop in spans(len(mentees), self._allowed.shape[1]):
            found |= np.bitwise_or.reduce(self._allowed[mentees[start:stop]], axis=0)
        return np.unpackbits(found, count=len(self._capacity)).astype(bool)

    def steps_to_room(self, might_take_more: Mask) -> Places:
        """How many mentees have to change their mentor before each mentor can take one more; `NEVER` if none can.

        No step where they have a place free, or might take more; else a mentee of theirs goes to somebody else who is
        fewer steps from room. Every mentee who has a mentor keeps one, if not always the same.
        """
        steps = np.where((self._capacity > self._mentees_of) | might_take_more, 0, NEVER)
        held = np.flatnonzero((self._mentor_of >= 0) & ~self._is_fixed)
        can_go, step = held, 0
        while can_go.size:
            held, step = held[steps[self._mentor_of[held]] == NEVER], step + 1
            can_go = held[self.has_one_of(held, steps != NEVER)]
            steps[self._mentor_of[can_go]] = step
        return steps

    def where_it_ends(self, mentor: int, steps: Places) -> int:
        """The mentor whose place it takes that this one can take one more."""
        while steps[mentor] > 0:
            mine = np.flatnonzero((self._mentor_of == mentor) & ~self._is_fixed)
            nearer = (steps != NEVER) & (steps < steps[mentor])
            mover = mine[self.has_one_of(mine, nearer)][0]
            may_go = np.unpackbits(self._allowed[mover], count=len(steps)).astype(bool)
            mentor = int(np.argmax(may_go & nearer))
        return mentor

    def mentees_to_spare(self) -> Mask:
        """Mentees whom a mentor without anybody could have while everyone else who has somebody still does.

        They have nobody, or their mentor has another mentee, or may take one to spare instead.
        """
        to_spare = self._mentor_of < 0
        if not self._capacity.size:
            return to_spare
        can_move = ~to_spare & ~self._is_fixed
        to_spare |= can_move & (self._mentees_of[self._mentor_of] > 1)
        news = np.flatnonzero(to_spare)
        while news.size:
            could_change = self.may_have_one_of(news)
            found = can_move & ~to_spare & could_change[self._mentor_of]
            to_spare |= found
            news = np.flatnonzero(found)
        return to_spare
