"""Who is above whom, at any depth, by line and dotted line, so that nobody is ever paired with their boss.

What can't be ruled out is said to be unknown, never guessed.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter


class Relation(StrEnum):
    """What two people are to each other in the reporting lines."""

    UNRELATED = "unrelated"
    ABOVE_OR_BELOW = "above_or_below"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class _Climb:
    """What the way up from someone shows."""

    above: frozenset[str]
    gaps: frozenset[str]
    """Those on the way, the person included, of whom nobody knows whom they report to."""
    goes_round: bool


class ReportingLines:
    """Slack id to the ids of those they report to, line first, then dotted lines.

    `()` is someone known to report to nobody; None, or no entry at all, is someone of whom it is not known.
    """

    def __init__(self, lines: Mapping[str, tuple[str, ...] | None]) -> None:
        self._lines = dict(lines)
        self._climbs: dict[str, _Climb] = {}
        self._ending = _ending(self._lines)

    def relation(self, one: str, other: str) -> Relation:
        """Whether one is above the other, whichever of the two; nobody is unrelated to themselves.

        Unknown where the way up from either goes round in a circle, or has a gap that may hide the other.
        """
        first, second = self._climb(one), self._climb(other)
        if one == other or one in second.above or other in first.above:
            return Relation.ABOVE_OR_BELOW
        if _may_be_under(first, second) or _may_be_under(second, first):
            return Relation.UNKNOWN
        return Relation.UNRELATED

    def _climb(self, person: str) -> _Climb:
        if person not in self._climbs:
            above = self._walk_up(person)
            gaps = (each for each in (person, *above) if self._lines.get(each) is None)
            self._climbs[person] = _Climb(above, frozenset(gaps), person not in self._ending)
        return self._climbs[person]

    def _walk_up(self, person: str) -> frozenset[str]:
        above: set[str] = set()
        ahead = [person]
        while ahead:
            new = set(self._lines.get(ahead.pop()) or ()) - above
            above |= new
            ahead.extend(new)
        return frozenset(above)


def _may_be_under(one: _Climb, other: _Climb) -> bool:
    """Whether the other may be an unseen boss of the one.

    A gap that is above both hides nothing: who is above you does not report to you. Without this, a directory
    that leaves the manager of its chief executive empty could pair nobody.
    """
    return one.goes_round or not one.gaps <= other.above


def _ending(lines: Mapping[str, tuple[str, ...] | None]) -> frozenset[str]:
    """Those whose ways up all come to an end: none of them runs into a circle."""
    sorter = TopologicalSorter({person: managers or () for person, managers in lines.items()})
    # A sorter that met a circle still hands out all that does not depend on it.
    with suppress(CycleError):
        sorter.prepare()
    ending: set[str] = set()
    while sorter.is_active():
        ready = sorter.get_ready()
        ending.update(ready)
        sorter.done(*ready)
    return frozenset(ending)
