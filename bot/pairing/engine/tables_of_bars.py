"""The rules that stand in the way of all pairs: by kinds of people, and between certain people."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.pairing.bars import Bar
from bot.pairing.candidates import Candidate, plain
from bot.pairing.engine.kinds import Index, Layer, between, columns_by, counted, distinct
from bot.pairing.engine.tables_of_meeting import Meeting
from bot.pairing.problem import Problem
from bot.reporting_lines import Climb


@dataclass(frozen=True)
class Climbs:
    """The ways up from everybody, in the order of the problem."""

    mentors: Sequence[Climb]
    mentees: Sequence[Climb]


def climbs(problem: Problem) -> Climbs:
    up = problem.ground.lines.climb
    return Climbs([up(each.slack_id) for each in problem.mentors], [up(each.slack_id) for each in problem.mentees])


Columns = Sequence[Sequence[Index]]
"""Of each mentee, the columns of mentors in several portions: mentees share those that many have."""


def of_kinds(problem: Problem, climbs: Climbs, meeting: Meeting, languages: Layer) -> dict[Bar, Layer]:
    """The rules that go by kinds of people. `languages` counts those that two have in common.

    A reporting line counts as unknown here even where one is known besides.
    """
    return {
        Bar.REPORTING_LINE_UNKNOWN: _lines_unknown(climbs),
        Bar.TEAM_UNKNOWN: _unknown(problem, lambda each: any(each.teams)),
        Bar.LEVEL: _levels(problem),
        Bar.LEVEL_UNKNOWN: _unknown(problem, lambda each: each.level is not None),
        Bar.NO_LANGUAGE: languages.mapped(lambda shared: shared == 0),
        Bar.NO_WAY_TO_MEET: meeting.impossible(),
    }


def _unknown(problem: Problem, is_known: Callable[[Candidate], bool]) -> Layer:
    def compare(mentees: Index, mentors: Index, kinds: list[bool]) -> NDArray[Any]:
        known = np.array(kinds, dtype=np.bool_)
        return np.logical_not(known[mentees] & known[mentors])

    return between(problem, is_known, compare)


def _levels(problem: Problem) -> Layer:
    def compare(mentees: Index, mentors: Index, kinds: list[int | None]) -> NDArray[Any]:
        is_known = np.array([each is not None for each in kinds], dtype=np.bool_)
        levels = np.array([each or 0 for each in kinds], dtype=np.int64)
        found: NDArray[Any] = (levels[mentors] >= levels[mentees]) & is_known[mentees] & is_known[mentors]
        return found

    return between(problem, lambda each: each.level, compare)


# ---- Reporting lines that can't be ruled out


def _lines_unknown(climbs: Climbs) -> Layer:
    """A gap on the way up from one that isn't above the other may hide the other, whichever of the two."""
    theirs, ours = climbs.mentees, climbs.mentors
    hidden, columns = distinct([_gaps(climb) for climb in ours])
    gaps = frozenset[str]().union(*(gaps for gaps in hidden if gaps is not None))
    kinds, rows = distinct([(_gaps(climb), climb.above & gaps) for climb in theirs])
    under = columns_by(lambda climb: climb.above, ours, frozenset[str]().union(*(climb.gaps for climb in theirs)))
    with_gap = columns_by(lambda gaps: gaps or (), hidden)
    sizes = np.array([-1 if gaps is None else len(gaps) for gaps in hidden])

    def spread(some: Index) -> NDArray[np.bool_]:
        found = np.empty((len(some), len(ours)), dtype=np.bool_)
        for row, kind in enumerate(some.tolist()):
            gaps, above = kinds[kind]
            is_hidden = counted(above, with_gap, len(hidden)) != sizes
            found[row] = True if gaps is None else is_hidden[columns] | (counted(gaps, under, len(ours)) < len(gaps))
        return found

    return Layer(rows, len(kinds), len(ours), spread)


def _gaps(climb: Climb) -> frozenset[str] | None:
    """None for somebody whose way up goes round in a circle: anything may be hidden there."""
    return None if climb.goes_round else climb.gaps


# ---- Rules between certain people


def of_pairs(problem: Problem, climbs: Climbs) -> dict[Bar, Columns]:
    """The rules that bar few mentors for each mentee."""
    by_id = columns_by(lambda each: [each.slack_id], problem.mentors)
    return {
        Bar.SAME_PERSON: _of(problem, by_id, lambda each: [each.slack_id]),
        Bar.REPORTING_LINE: _lines(problem, climbs, by_id),
        Bar.SAME_TEAM: _of(problem, columns_by(_teams, problem.mentors), _teams),
        Bar.PAIRED_BEFORE: _met(problem, by_id),
        Bar.NOT_AVAILABLE: _avoided(problem, by_id),
    }


def forbidden(problem: Problem) -> Columns:
    by_id = columns_by(lambda each: [each.member_id], problem.mentors)
    mentors = _by_second(problem.forbidden)
    return _of(problem, by_id, lambda each: mentors.get(each.member_id, ()))


def _of(
    problem: Problem, columns: Mapping[Any, Index], names: Callable[[Candidate], Iterable[Hashable]]
) -> list[list[Index]]:
    return [[columns[name] for name in names(each) if name in columns] for each in problem.mentees]


def _teams(each: Candidate) -> set[str]:
    return {plain(team) for team in each.teams if team}


def _lines(problem: Problem, climbs: Climbs, by_id: Mapping[str, Index]) -> list[list[Index]]:
    """Oneself, whoever is above, and whoever is below."""
    below = columns_by(lambda climb: climb.named, climbs.mentors, frozenset(each.slack_id for each in problem.mentees))
    return [
        [
            *(by_id[boss] for boss in climb.named if boss in by_id),
            *(columns[each.slack_id] for columns in (by_id, below) if each.slack_id in columns),
        ]
        for each, climb in zip(problem.mentees, climbs.mentees, strict=True)
    ]


def _met(problem: Problem, by_id: Mapping[str, Index]) -> list[list[Index]]:
    partners = _by_second([*problem.met, *((mentee, mentor) for mentor, mentee in problem.met)])
    return _of(problem, by_id, lambda each: partners.get(each.slack_id, ()))


def _avoided(problem: Problem, by_id: Mapping[str, Index]) -> list[list[Index]]:
    """Whom the mentee avoids, and who avoids the mentee."""
    mentees = frozenset(each.slack_id for each in problem.mentees)
    by = columns_by(lambda each: each.avoid, problem.mentors, mentees)
    avoided = _of(problem, by_id, lambda each: each.avoid)
    avoiding = _of(problem, by, lambda each: [each.slack_id])
    return [[*one, *other] for one, other in zip(avoided, avoiding, strict=True)]


def _by_second(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, set[Any]]:
    found: defaultdict[Any, set[Any]] = defaultdict(set)
    for first, second in pairs:
        found[second].add(first)
    return dict(found)
