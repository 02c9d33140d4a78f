"""A round to be solved, as plain data: all that a process of its own needs to know."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Any

from bot.pairing.bars import barred, hard_bar
from bot.pairing.candidates import Candidate, Ground
from bot.pairing.weights import USUAL, Part, Weights
from bot.reporting_lines import LineUp, ReportingLines
from store.models import Line, Side

Pairs = frozenset[tuple[int, int]]
"""Ids of members, mentor first."""


class BadProblem(ValueError):
    """The problem contradicts itself; the message says where."""


@dataclass(frozen=True)
class Problem:
    """Who waits, what stands between whom, and what a coordinator wishes.

    People are sorted by their ids, and of lines and past pairs only those are kept that these people can be barred by:
    the same people make the same problem in whatever order they come, whoever else there is.
    """

    seed: int
    day: date
    mentors: tuple[Candidate, ...]
    mentees: tuple[Candidate, ...]
    lines: Mapping[str, LineUp]
    met: frozenset[tuple[str, str]] = frozenset()
    """Slack ids, mentor first."""
    weights: Weights = field(default_factory=lambda: USUAL)
    pinned: Pairs = frozenset()
    """A coordinator wants these together, and these apart."""
    forbidden: Pairs = frozenset()

    def __post_init__(self) -> None:
        keep = object.__setattr__  # frozen from here on
        keep(self, "mentors", _sorted(self.mentors))
        keep(self, "mentees", _sorted(self.mentees))
        everyone = {each.slack_id for each in (*self.mentors, *self.mentees)}
        keep(self, "lines", _upwards(everyone, self.lines))
        keep(self, "met", frozenset(pair for pair in self.met if everyone.issuperset(pair)))
        keep(self, "pinned", frozenset(self.pinned))
        keep(self, "forbidden", frozenset(self.forbidden))

    @cached_property
    def ground(self) -> Ground:
        return Ground(ReportingLines(self.lines), self.met, self.day, self.weights)

    @cached_property
    def mentor(self) -> Mapping[int, Candidate]:
        """By id."""
        return {each.member_id: each for each in self.mentors}

    @cached_property
    def mentee(self) -> Mapping[int, Candidate]:
        """By id."""
        return {each.member_id: each for each in self.mentees}

    @cached_property
    def pins(self) -> tuple[tuple[int, int], ...]:
        """The pinned pairs that are placed before all others, mentor first, sorted by mentee.

        Not those that a hard rule bars, nor more than there is room for: of too many the first by their ids are placed.
        """
        seats = Counter({each.member_id: each.capacity for each in self.mentors})
        placed: dict[int, int] = {}
        for mentor_id, mentee_id in sorted(self.pinned - self.forbidden):
            if mentee_id not in placed and seats[mentor_id] > 0 and self._may_be_pinned(mentor_id, mentee_id):
                placed[mentee_id] = mentor_id
                seats[mentor_id] -= 1
        return tuple((placed[mentee_id], mentee_id) for mentee_id in sorted(placed))

    def _may_be_pinned(self, mentor_id: int, mentee_id: int) -> bool:
        mentor, mentee = self.mentor.get(mentor_id), self.mentee.get(mentee_id)
        return mentor is not None and mentee is not None and hard_bar(mentor, mentee, self.ground) is None

    @cached_property
    def capacity(self) -> Mapping[int, int]:
        """Of each mentor, how many more they can take once the pinned pairs are placed."""
        taken = Counter(mentor_id for mentor_id, _ in self.pins)
        return {each.member_id: each.capacity - taken[each.member_id] for each in self.mentors}

    def may_pair(self, mentor: Candidate, mentee: Candidate) -> bool:
        """Whether a round may put the two together, beside the pins: not who is placed by a pin already."""
        pair = (mentor.member_id, mentee.member_id)
        if pair in self.forbidden or pair[1] in self._pinned_mentees:
            return False
        return barred(mentor, mentee, self.ground) is None

    @cached_property
    def _pinned_mentees(self) -> frozenset[int]:
        return frozenset(mentee_id for _, mentee_id in self.pins)

    def without_secrets(self) -> "Problem":
        """As it would be if nobody had told anything in confidence: all that is shown is made of this."""
        return replace(self, mentors=_opened(self.mentors), mentees=_opened(self.mentees))

    def to_json(self) -> dict[str, Any]:
        """All of it, secrets too, as plain data in an order of its own."""
        return {
            "seed": self.seed,
            "day": self.day.isoformat(),
            "mentors": [_candidate_to_json(each) for each in self.mentors],
            "mentees": [_candidate_to_json(each) for each in self.mentees],
            "lines": {each: _line_to_json(self.lines[each]) for each in sorted(self.lines)},
            "met": sorted(map(list, self.met)),
            "weights": {part.value: factor for part, factor in self.weights.items()},
            "pinned": sorted(map(list, self.pinned)),
            "forbidden": sorted(map(list, self.forbidden)),
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Problem":
        return cls(
            seed=given["seed"],
            day=date.fromisoformat(given["day"]),
            mentors=tuple(map(_candidate_from_json, given["mentors"])),
            mentees=tuple(map(_candidate_from_json, given["mentees"])),
            lines={each: _line_from_json(line) for each, line in given["lines"].items()},
            met=frozenset((mentor, mentee) for mentor, mentee in given["met"]),
            weights={Part(part): factor for part, factor in given["weights"].items()},
            pinned=frozenset((mentor, mentee) for mentor, mentee in given["pinned"]),
            forbidden=frozenset((mentor, mentee) for mentor, mentee in given["forbidden"]),
        )


def _sorted(people: Iterable[Candidate]) -> tuple[Candidate, ...]:
    found = tuple(sorted(people, key=attrgetter("member_id")))
    if len({each.member_id for each in found}) < len(found):
        raise BadProblem("someone is listed twice")
    if any(each.capacity < 0 for each in found):
        raise BadProblem("someone has room for less than nobody")
    return found


def _upwards(people: Collection[str], lines: Mapping[str, LineUp]) -> dict[str, LineUp]:
    """The lines of these people and of all above them."""
    found: dict[str, LineUp] = {}
    ahead = list(people)
    while ahead:
        person = ahead.pop()
        if person not in found and person in lines:
            found[person] = lines[person]
            ahead += _named(lines[person])
    return found


def _named(line: LineUp) -> tuple[str, ...]:
    if isinstance(line, Line):
        return tuple(filter(None, (line.manager, *line.dotted, line.told)))
    return line or ()


def _opened(people: Iterable[Candidate]) -> tuple[Candidate, ...]:
    return tuple(replace(each, avoid=frozenset(), networks=frozenset()) for each in people)


SETS = ("teams", "languages", "ways", "avoid", "networks", "hours")


def _candidate_to_json(candidate: Candidate) -> dict[str, Any]:
    started_on = candidate.started_on.isoformat() if candidate.started_on else None
    sets = {name: sorted(getattr(candidate, name)) for name in SETS}
    return {**vars(candidate), **sets, "topics": list(candidate.topics), "started_on": started_on}


def _candidate_from_json(given: Mapping[str, Any]) -> Candidate:
    sets = {name: frozenset(given[name]) for name in SETS}
    started_on = date.fromisoformat(given["started_on"]) if given["started_on"] else None
    others = {"side": Side(given["side"]), "topics": tuple(given["topics"]), "started_on": started_on}
    return Candidate(**{**given, **sets, **others})


def _line_to_json(line: LineUp) -> Any:
    if isinstance(line, Line):
        return {"manager": line.manager, "dotted": list(line.dotted), "told": line.told}
    return None if line is None else list(line)


def _line_from_json(given: Any) -> LineUp:
    if isinstance(given, Mapping):
        return Line(given["manager"], tuple(given["dotted"]), given["told"])
    return None if given is None else tuple(given)
