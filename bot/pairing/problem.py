"""A round to be solved, as plain data."""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from bot.pairing.bars import barred
from bot.pairing.candidates import Candidate, Ground
from bot.pairing.fit import fit


@dataclass(frozen=True)
class Problem:
    """A round for the solver to solve, ready for JSON: ids are those of members."""

    seed: int
    mentors: tuple[tuple[int, int], ...]
    """Id and capacity."""
    mentees: tuple[int, ...]
    edges: tuple[tuple[int, int, int], ...]
    """Each allowed pair: mentor, mentee, fit. What is barred is not in it."""


def problem(mentors: Iterable[Candidate], mentees: Iterable[Candidate], ground: Ground, seed: int) -> Problem:
    """Every allowed pair with its fit. The same people make the same problem in whatever order they come."""
    juniors = sorted(mentors, key=attrgetter("member_id"))
    seniors = sorted(mentees, key=attrgetter("member_id"))
    return Problem(
        seed=seed,
        mentors=tuple((mentor.member_id, mentor.capacity) for mentor in juniors),
        mentees=tuple(mentee.member_id for mentee in seniors),
        edges=tuple(
            (mentor.member_id, mentee.member_id, fit(mentor, mentee, ground.day).total)
            for mentor in juniors
            for mentee in seniors
            if barred(mentor, mentee, ground) is None
        ),
    )
