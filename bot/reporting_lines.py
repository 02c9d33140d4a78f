"""Who is above whom, at any depth, by line and dotted line, so that nobody is ever paired with their boss.

What can't be ruled out is said to be unknown, never guessed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from store.models import Line

LineUp = tuple[str, ...] | Line | None
Ways = Callable[[str], tuple[str, ...]]


class Relation(StrEnum):
    """What two people are to each other in the reporting lines."""

    UNRELATED = "unrelated"
    ABOVE_OR_BELOW = "above_or_below"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Doubts:
    """What can't be right in the lines, for those who can put it right. What people told themselves is left out."""

    circles: tuple[tuple[str, ...], ...]
    """Those who report to each other in a circle, each circle in the order of their ids."""
    dangling: tuple[tuple[str, str], ...]
    """Who names whom as a manager, where nobody knows the latter."""


def doubtful(lines: Mapping[str, LineUp]) -> Doubts:
    circles = tuple(sorted(tuple(sorted(circle)) for circle in _circles(lines, lambda each: _said(lines.get(each)))))
    dangling = ((each, boss) for each in sorted(lines) for boss in _said(lines[each]) if boss not in lines)
    return Doubts(circles, tuple(dangling))


@dataclass(frozen=True, slots=True)
class Climb:
    """What the way up from someone shows."""

    named: frozenset[str]
    """All who are above, by whatever word."""
    above: frozenset[str]
    """Those among them by the lines that are believed."""
    gaps: frozenset[str]
    """Those on the way, the person included, of whom nobody knows whom they report to."""
    goes_round: bool


class ReportingLines:
    """Slack id to the ids of those they report to, line first, then dotted lines.

    `()` is someone known to report to nobody; None, or no entry at all, is someone of whom it is not known. Neither is
    it known of someone who names a manager without an entry, or is part of a circle: what a person told themselves
    (`Line`) stands in for it there, and is one more line to bar a pair anywhere else.
    """

    def __init__(self, lines: Mapping[str, LineUp]) -> None:
        self._lines = lines
        self._circle_of = _numbered(_circles(lines, lambda each: _said(lines.get(each))))
        told = {each: line.told for each, line in lines.items() if isinstance(line, Line) and line.told is not None}
        self._told = {each: boss for each, boss in told.items() if self._is_doubtful(each) and self._may_be(boss)}
        # A word that makes a circle of its own is no better than what it stands in for.
        for circle in _circles(list(self._told), self._ways):
            for each in circle:
                self._told.pop(each, None)
        self._gaps = frozenset(filter(self._is_gap, lines))
        self._going_round = self._circle_of.keys() - self._told.keys()
        self._climbs: dict[str, Climb] = {}
        self._under: dict[str, Climb] = {}

    def relation(self, one: str, other: str) -> Relation:
        """Whether one is above the other, whichever of the two; nobody is unrelated to themselves.

        Unknown where the way up from either goes round in a circle, or has a gap that may hide the other.
        """
        first, second = self.climb(one), self.climb(other)
        if one == other or one in second.named or other in first.named:
            return Relation.ABOVE_OR_BELOW
        if _may_be_under(first, second) or _may_be_under(second, first):
            return Relation.UNKNOWN
        return Relation.UNRELATED

    def is_above(self, one: str, other: str) -> bool:
        """Whether the one is surely above the other, by anybody's word: not by a line that is part of a circle."""
        reached: set[str] = set()
        ahead = [other]
        while ahead:
            person = ahead.pop()
            mine = self._circle_of.get(person)
            believed = [
                boss for boss in _named(self._lines.get(person)) if mine is None or self._circle_of.get(boss) != mine
            ]
            new = [boss for boss in believed if boss not in reached]
            reached.update(new)
            ahead += new
        return one in reached

    def is_known(self, person: str) -> bool:
        """Whether it is known whom they report to, by the company's sources or by their own word."""
        return not self._is_gap(person)

    def _is_doubtful(self, person: str) -> bool:
        line = self._lines.get(person)
        if line is None or (isinstance(line, Line) and line.manager is None) or person in self._circle_of:
            return True
        return any(boss not in self._lines for boss in _said(line))

    def _is_gap(self, person: str) -> bool:
        return person not in self._told and self._is_doubtful(person)

    def _may_be(self, boss: str) -> bool:
        return not boss or boss in self._lines

    def _ways(self, person: str) -> tuple[str, ...]:
        """The lines up from someone, as far as they are believed."""
        said = _said(self._lines.get(person))
        told = self._told.get(person)
        if told is None:
            return said
        mine = self._circle_of.get(person, 0)
        kept = tuple(boss for boss in said if boss in self._lines and self._circle_of.get(boss, -1) != mine)
        return (*kept, told) if told else kept

    def climb(self, person: str) -> Climb:
        """The way up from someone. Those who have one boss and no other share what is remembered of it."""
        line = self._lines.get(person)
        if isinstance(line, tuple) and len(line) == 1 and not self._is_doubtful(person):
            return self._climb_under(line[0])
        if person not in self._climbs:
            self._climbs[person] = self._climb_by(_named(line), self._ways(person), person)
        return self._climbs[person]

    def _climb_under(self, boss: str) -> Climb:
        if boss not in self._under:
            self._under[boss] = self._climb_by((boss,), (boss,))
        return self._under[boss]

    def _climb_by(self, named: tuple[str, ...], believed: tuple[str, ...], *beginning: str) -> Climb:
        above = self._reach(named, lambda each: _named(self._lines.get(each)), lambda climb: climb.named)
        believably = self._reach(believed, self._ways, lambda climb: climb.above)
        passed = believably.union(beginning)
        return Climb(
            named=above,
            above=above if above == believably else believably,
            # Not `passed - self._lines.keys()`: that goes through all of the company for each person.
            gaps=(passed & self._gaps) | {each for each in passed if each not in self._lines},
            goes_round=not passed.isdisjoint(self._going_round),
        )

    def _reach(self, first: tuple[str, ...], lines: Ways, shown: Callable[[Climb], frozenset[str]]) -> frozenset[str]:
        reached = set(first)
        ahead = list(first)
        while ahead:
            person = ahead.pop()
            if person in self._under:
                reached |= shown(self._under[person])
                continue
            new = [boss for boss in lines(person) if boss not in reached]
            reached.update(new)
            ahead += new
        return frozenset(reached)


def _may_be_under(one: Climb, other: Climb) -> bool:
    """Whether the other may be an unseen boss of the one.

    A gap that is above both hides nothing: who is above you does not report to you. Without this, a directory
    that leaves the manager of its chief executive empty could pair nobody.
    """
    return one.goes_round or not one.gaps <= other.above


def _said(line: LineUp) -> tuple[str, ...]:
    """Who is above somebody by the company's sources."""
    if isinstance(line, Line):
        return tuple(filter(None, (line.manager, *line.dotted)))
    return line or ()


def _named(line: LineUp) -> tuple[str, ...]:
    """The same, and by their own word."""
    if isinstance(line, Line):
        return tuple(filter(None, (line.manager, *line.dotted, line.told)))
    return line or ()


def _circles(starts: Iterable[str], lines: Ways) -> list[list[str]]:
    """All the circles that somebody's way up runs into, by Gabow's algorithm: the knots of people who are above
    one another, each knot once."""
    met: dict[str, int] = {}
    done: set[str] = set()
    path: list[str] = []
    roots: list[str] = []
    found = []
    for start in starts:
        ahead: list[tuple[str, Iterator[str]]] = []
        step: str | None = start if start not in met else None
        while step is not None or ahead:
            if step is not None:
                met[step] = len(met)
                path.append(step)
                roots.append(step)
                ahead.append((step, iter(lines(step))))
            person, bosses = ahead[-1]
            step = None
            for boss in bosses:
                if boss not in met:
                    step = boss
                    break
                while boss not in done and met[roots[-1]] > met[boss]:
                    roots.pop()
            if step is not None:
                continue
            ahead.pop()
            if roots[-1] == person:
                roots.pop()
                knot = path[path.index(person) :] if path[-1] != person else [person]
                del path[-len(knot) :]
                done.update(knot)
                if len(knot) > 1 or person in lines(person):
                    found.append(knot)
    return found


def _numbered(circles: list[list[str]]) -> dict[str, int]:
    return {each: number for number, circle in enumerate(circles) for each in circle}
