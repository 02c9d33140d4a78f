"""Those whom a round leaves without a partner: which rules stood in the way, and the smallest change that would help.

It runs in the engine, and knows open facts and the pairs only. A change is said to place somebody if after it there is
a round in which they have a partner and everybody who has one now still has one.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from bot.pairing.bars import Bar
from bot.pairing.candidates import Candidate
from bot.pairing.engine.reach import NEVER, NOBODY, Bits, Mask, Places, Reach, spans
from bot.pairing.engine.tables import Tables
from bot.pairing.meeting import ways_in_common
from bot.pairing.problem import Problem
from bot.reporting_lines import Relation, ReportingLines
from store.models import Side, Way

Pairs = Iterable[Sequence[int]]
"""Ids of members, mentor first."""
Change = dict[str, Any]

MOST_AT_ONCE = 3  # mentees that a mentor may take

# What a directory may be completed with, and what may be asked of people or be overridden by a coordinator. Reporting
# lines, teams and whoever was paired before are never a matter of choice.
GAPS = (Bar.LEVEL_UNKNOWN, Bar.TEAM_UNKNOWN, Bar.REPORTING_LINE_UNKNOWN)
SOFT = (Bar.NO_LANGUAGE, Bar.LEVEL)
NEWCOMER = "?"  # nobody has this id


def unplaced(problem: Problem, pairs: Pairs) -> list[dict[str, Any]]:
    """Each member without a partner: `member`, `side`, the number `of` others, `bars` as `bars.left_out`, and `change`.

    The smallest change comes by its `kind`, the first of these that is enough:
    - `none`: nothing that may be named stands in the way;
    - `wish`: a coordinator wanted them apart from the member `with`;
    - `gap`: the directory lacks what the rules in `what` need to know of them or of the member `with`;
    - `seat`: the mentor `with` takes one more;
    - `way`, `site`: they also meet that way, or at that site;
    - `rule`: the rule `what` is overridden for them and the member `with`;
    - `topic`: one more on the other side, if possible for the topic `what`, once the directory has no gap for the
      rules in `gaps`.
    """
    left = _LeftOver(problem.without_secrets(), pairs)
    return [*left.mentees(), *left.mentors()]


class _LeftOver:
    """A round as far as it is open, and who has nobody in it."""

    def __init__(self, problem: Problem, pairs: Pairs) -> None:
        self._problem = replace(problem, pinned=frozenset())
        tables = Tables(self._problem)
        mentor_at = {member: place for place, member in enumerate(tables.mentor_ids.tolist())}
        mentee_at = {member: place for place, member in enumerate(tables.mentee_ids.tolist())}
        self._mentor_of = np.full(len(mentee_at), NOBODY)
        is_fixed = np.zeros(len(mentee_at), dtype=bool)
        for mentor, mentee in pairs:
            if mentor not in mentor_at or mentee not in mentee_at:
                continue  # one of them has left since
            self._mentor_of[mentee_at[mentee]] = mentor_at[mentor]
            is_fixed[mentee_at[mentee]] = (mentor, mentee) in problem.pinned
        self._capacity = tables.capacity
        self._reach = Reach(_allowed(tables), tables.capacity, self._mentor_of, is_fixed)

    def mentees(self) -> Iterator[dict[str, Any]]:
        has_room = self._reach.steps_to_room(np.zeros(len(self._capacity), dtype=bool)) != NEVER
        steps = self._reach.steps_to_room(self._capacity < MOST_AT_ONCE)
        everyone, meeting = self._problem.mentees, _Meeting(self._problem.mentors, self._problem.day)
        left = [everyone[row] for row in np.flatnonzero(self._mentor_of == NOBODY)]
        some = replace(self._problem, mentees=tuple(left))
        tables = Tables(some)
        for start, stop in spans(len(left), len(some.mentors)):
            fits = tables.block(start, stop)
            people = _People(left[start:stop], some.mentors, tables.bars(start, stop), some.forbidden, has_room)
            for place in range(stop - start):
                worth = np.where(fits[place] == tables.barred, -1, fits[place] + tables.column_offset)
                seat = self._seat(np.where(steps == NEVER, -1, worth), steps)
                change = people.change(place) or seat or meeting.change(people, place) or people.override(place)
                yield self._told(left[start + place], people.seen, place, change)

    def mentors(self) -> Iterator[dict[str, Any]]:
        """A look at all of them together first: where there are many, few of them need a closer one."""
        everyone, to_spare = self._problem.mentors, self._reach.mentees_to_spare()
        left = [everyone[column] for column in np.flatnonzero((self._reach.mentees_of == 0) & (self._capacity > 0))]
        seen = _Seen.nobody(len(left))
        for part in self._before_mentees(left, to_spare):
            seen = seen + part.seen
        closer = [left[place] for place in np.flatnonzero(seen.could_change & ~seen.has_some)]
        changes = self._changes(closer, to_spare)
        for place, person in enumerate(left):
            change = {"kind": "none"} if seen.has_some[place] else changes.get(person.member_id)
            yield self._told(person, seen, place, change)

    def _changes(self, mentors: Sequence[Candidate], to_spare: Mask) -> dict[int, Change | None]:
        """The change for each of these mentors, by their ids, if there is one but somebody new."""
        found: dict[int, Change | None] = {}
        meeting = _Meeting(self._problem.mentees, self._problem.day)
        for start, stop in spans(len(mentors), len(to_spare)):
            some = mentors[start:stop]
            bars = Tables(replace(self._problem, mentors=tuple(some))).bars(0, len(to_spare))
            people = _People(some, self._problem.mentees, _turned(bars), self._problem.forbidden, to_spare)
            for place, person in enumerate(some):
                change = people.change(place) or meeting.change(people, place) or people.override(place)
                found[person.member_id] = change
        return found

    def _before_mentees(self, mentors: Sequence[Candidate], to_spare: Mask) -> Iterator["_People"]:
        """These mentors before some of the mentees at a time."""
        tables = Tables(replace(self._problem, mentors=tuple(mentors)))
        for start, stop in spans(len(to_spare), len(mentors)):
            bars, others = _turned(tables.bars(start, stop)), self._problem.mentees[start:stop]
            yield _People(mentors, others, bars, self._problem.forbidden, to_spare[start:stop])

    def _seat(self, worth: Places, steps: Places) -> Change | None:
        """One more place with a mentor: of those nearest to room, the one who would fit best, or whom it hangs on."""
        if not (worth >= 0).any():
            return None
        nearest = (worth >= 0) & (steps == steps[worth >= 0].min())
        best = int(np.argmax(np.where(nearest, worth, -1)))
        return {"kind": "seat", "with": self._problem.mentors[self._reach.where_it_ends(best, steps)].member_id}

    def _told(self, person: Candidate, seen: "_Seen", place: int, change: Change | None) -> dict[str, Any]:
        return {
            "member": person.member_id,
            "side": person.side.value,
            "of": int(seen.of[place]),
            "bars": seen.why(place),
            "change": change or self._newcomer(person),
        }

    def _newcomer(self, person: Candidate) -> Change:
        return {"kind": "topic", "what": next(iter(person.topics), None), "gaps": self._gaps(person)}

    def _gaps(self, person: Candidate) -> list[str]:
        """What bars them from everybody, whoever came: what isn't known of themselves."""
        gaps = {
            Bar.LEVEL_UNKNOWN: person.level is None,
            Bar.TEAM_UNKNOWN: not any(person.teams),
            Bar.REPORTING_LINE_UNKNOWN: self._lines.relation(person.slack_id, NEWCOMER) is Relation.UNKNOWN,
            Bar.NO_LANGUAGE: not person.languages,
            Bar.NO_WAY_TO_MEET: not ways_in_common(person, person, self._problem.day),
        }
        return [bar.value for bar, is_gap in gaps.items() if is_gap]

    @cached_property
    def _lines(self) -> ReportingLines:
        return ReportingLines({**self._problem.lines, NEWCOMER: ()})


@dataclass(frozen=True)
class _Seen:
    """What stands between some people and the others, counted for each of these people."""

    of: Places
    """How many others there are, themselves left out."""
    counts: Mapping[Bar, Places]
    has_some: Mask
    """Somebody could be theirs as things stand."""
    could_change: Mask
    """Somebody could be theirs after a change."""

    @classmethod
    def nobody(cls, people: int) -> "_Seen":
        nothing, no = np.zeros(people, dtype=np.int64), np.zeros(people, dtype=bool)
        return cls(nothing, dict.fromkeys(Bar, nothing), no, no)

    def __add__(self, more: "_Seen") -> "_Seen":
        return _Seen(
            self.of + more.of,
            {bar: self.counts[bar] + more.counts[bar] for bar in Bar},
            self.has_some | more.has_some,
            self.could_change | more.could_change,
        )

    def why(self, place: int) -> list[list[Any]]:
        """Which rules bar how many, most frequent first; whoever none bars is not available."""
        found = {bar: int(self.counts[bar][place]) for bar in Bar}
        order = sorted((bar for bar in Bar if found[bar]), key=lambda bar: -found[bar])
        return [[bar.value, found[bar]] for bar in order]


class _People:
    """Some without a partner before some of the other side: a row for each, a column for each of the others."""

    def __init__(
        self,
        people: Sequence[Candidate],
        others: Sequence[Candidate],
        bars: Mapping[Bar, Mask],
        forbidden: Collection[tuple[int, int]],
        are_to_be_had: Mask,
    ) -> None:
        """To be had is who could be theirs while nobody loses their partner. Forbidden is what coordinators wish."""
        self.people, self._others, self._bars = people, others, bars
        shape = len(people), len(others)
        self._rules, self._gaps = np.zeros(shape, dtype=np.uint8), np.zeros(shape, dtype=np.uint8)
        for bar, found in bars.items():
            self._rules += found
            if bar in GAPS:
                self._gaps += found
        are_apart = _apart(people, others, forbidden)
        self._may = ~are_apart & are_to_be_had
        self._wished_apart = (self._rules == 0) & are_apart & are_to_be_had
        self._by_gaps = (self._gaps > 0) & (self._gaps == self._rules) & self._may

    @cached_property
    def _has_some(self) -> Mask:
        found: Mask = ((self._rules == 0) & self._may).any(axis=1)
        return found

    @cached_property
    def _has_wish(self) -> Mask:
        found: Mask = self._wished_apart.any(axis=1)
        return found

    @cached_property
    def _has_gap(self) -> Mask:
        found: Mask = self._by_gaps.any(axis=1)
        return found

    @cached_property
    def seen(self) -> _Seen:
        is_other = ~self._bars[Bar.SAME_PERSON]
        counts = {bar: np.count_nonzero(found & is_other, axis=1) for bar, found in self._bars.items()}
        counts[Bar.NOT_AVAILABLE] = np.count_nonzero(self._rules == 0, axis=1)
        alone = (self._rules == 1) & self._may
        could_change = self._has_wish | self._has_gap
        for bar in (Bar.NO_WAY_TO_MEET, *SOFT):
            could_change = could_change | (self._bars[bar] & alone).any(axis=1)
        return _Seen(np.count_nonzero(is_other, axis=1), counts, self._has_some, could_change)

    def change(self, place: int) -> Change | None:
        """The smallest change that asks nothing of anybody."""
        if self._has_some[place]:
            return {"kind": "none"}
        if self._has_wish[place]:
            return {"kind": "wish", "with": self._first(self._wished_apart[place])}
        return self._gap(place) if self._has_gap[place] else None

    def _gap(self, place: int) -> Change:
        other = int(np.argmin(np.where(self._by_gaps[place], self._gaps[place], len(Bar))))
        what = [bar.value for bar in GAPS if self._bars[bar][place, other]]
        return {"kind": "gap", "what": what, "with": self._others[other].member_id}

    def barred_only_by(self, bar: Bar, place: int) -> Mask:
        """To whom nothing else stands in the way."""
        found: Mask = self._bars[bar][place] & (self._rules[place] == 1) & self._may[place]
        return found

    def override(self, place: int) -> Change | None:
        """One rule softened."""
        for bar in SOFT:
            if (found := self.barred_only_by(bar, place)).any():
                return {"kind": "rule", "what": bar.value, "with": self._first(found)}
        return None

    def _first(self, found: Mask) -> int:
        return self._others[int(np.argmax(found))].member_id


class _Meeting:
    """What would let somebody meet others whom they have no way to meet: one more way, or another site."""

    def __init__(self, others: Sequence[Candidate], day: date) -> None:
        kinds: dict[Any, int] = {}
        self._others, self._day = others, day
        self._kind_of = np.array([kinds.setdefault(_how(each), len(kinds)) for each in others], dtype=np.int64)
        self._known: dict[Any, tuple[str, str] | None] = {}

    def change(self, people: _People, place: int) -> Change | None:
        """A way before a site; then what would open the most people to them."""
        found = np.flatnonzero(people.barred_only_by(Bar.NO_WAY_TO_MEET, place))
        opens: Counter[tuple[str, str]] = Counter()
        first: dict[tuple[str, str], int] = {}
        _, firsts, counts = np.unique(self._kind_of[found], return_index=True, return_counts=True)
        for first_one, many in zip(firsts, counts, strict=True):
            other = self._others[found[first_one]]
            if (change := self._opens(people.people[place], other)) is not None:
                opens[change] += int(many)
                first.setdefault(change, other.member_id)
        if not opens:
            return None
        kind, what = min(opens, key=lambda change: (change[0] != "way", -opens[change], change))
        return {"kind": kind, "what": what, "with": first[kind, what]}

    def _opens(self, person: Candidate, other: Candidate) -> tuple[str, str] | None:
        key = _how(person), _how(other)
        if key not in self._known:
            ways = (("way", way.value, replace(person, ways=person.ways | {way})) for way in Way)
            moved = ("site", other.site or "", replace(person, site=other.site))
            might = ((kind, what) for kind, what, changed in (*ways, moved) if self._meet(changed, other))
            self._known[key] = next(might, None)
        return self._known[key]

    def _meet(self, person: Candidate, other: Candidate) -> bool:
        mentor, mentee = (person, other) if person.side is Side.MENTOR else (other, person)
        return bool(ways_in_common(mentor, mentee, self._day))


def _how(person: Candidate) -> tuple[Any, ...]:
    """All that says how they can meet."""
    return person.ways, person.site, person.zone


def _allowed(tables: Tables) -> Bits:
    """Which pairs are allowed, a bit each."""
    rows, columns = len(tables.mentee_ids), len(tables.mentor_ids)
    found = np.zeros((rows, (columns + 7) // 8), dtype=np.uint8)
    for start, stop in spans(rows, columns):
        found[start:stop] = np.packbits(tables.block(start, stop) != tables.barred, axis=1)
    return found


def _turned(bars: Mapping[Bar, Mask]) -> dict[Bar, Mask]:
    """A row for each mentor."""
    return {bar: np.ascontiguousarray(found.T) for bar, found in bars.items()}


def _apart(people: Sequence[Candidate], others: Sequence[Candidate], forbidden: Collection[tuple[int, int]]) -> Mask:
    """Where a coordinator wants two apart, whichever of them is the mentor."""
    row_of = {each.member_id: row for row, each in enumerate(people)}
    column_of = {each.member_id: column for column, each in enumerate(others)}
    found = np.zeros((len(people), len(others)), dtype=bool)
    for pair in forbidden:
        for one, other in (pair, pair[::-1]):
            if one in row_of and other in column_of:
                found[row_of[one], column_of[other]] = True
    return found
