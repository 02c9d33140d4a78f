"""How all pairs can meet, by their kinds: at one site, and online in the hours that both work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot import working_time
from bot.pairing.candidates import Candidate, known
from bot.pairing.engine.kinds import Index, Layer, between, distinct, joined
from bot.pairing.fit import IN_PERSON, OTHER_SITE, SHARED_HOUR, SHARED_HOURS_AT_MOST
from bot.pairing.meeting import TALK_NEEDS
from bot.pairing.problem import Problem
from bot.pairing.weights import Part
from store.models import Way

NEITHER, APART, TOGETHER = range(3)  # not both known, or not both like it; two sites; one at which both like to meet
HOUR = timedelta(hours=1).total_seconds()
Work = tuple[tuple[tuple[float, float], ...], ...]
"""When somebody works yesterday, today and tomorrow: from and until when, in seconds of UTC; () if it isn't known."""


@dataclass(frozen=True)
class Meeting:
    """How two can meet: what the fit and the rules both go by."""

    sites: Layer
    """One of `NEITHER`, `APART`, `TOGETHER`."""
    hours: Layer
    """The hours that suit both, whole ones, up to as many as count; -1 for two who can't meet online."""

    def impossible(self) -> Layer:
        apart = self.sites.mapped(lambda found: found != TOGETHER)
        return joined(apart, self.hours.mapped(lambda found: found < 0), np.logical_and)


def meeting(problem: Problem) -> Meeting:
    return Meeting(_sites(problem), _hours(problem))


def points(problem: Problem, by: Meeting, dtype: np.dtype[Any]) -> tuple[Layer, Layer]:
    """What two sites or the same one are worth, and the hours for a talk online."""
    practical = problem.weights[Part.PRACTICAL]
    by_site = np.array([0, problem.weights[Part.SITE] * OTHER_SITE, practical * IN_PERSON], dtype=dtype)
    by_hours = (np.arange(SHARED_HOURS_AT_MOST + 1) * practical * SHARED_HOUR).astype(dtype)
    hours = by.hours.mapped(lambda found: by_hours[np.maximum(found, 0)])
    return by.sites.mapped(lambda found: by_site[found]), hours


def _sites(problem: Problem) -> Layer:
    def compare(mentees: Index, mentors: Index, kinds: list[tuple[str | None, bool]]) -> NDArray[Any]:
        _, site = distinct([site for site, _ in kinds])
        is_known = np.array([site is not None for site, _ in kinds], dtype=np.bool_)
        likes = np.array([likes for _, likes in kinds], dtype=np.bool_)
        together = np.where(likes[mentees] & likes[mentors], TOGETHER, NEITHER)
        found = np.where(site[mentees] == site[mentors], together, APART)
        return np.where(is_known[mentees] & is_known[mentors], found, NEITHER).astype(np.int8)

    return between(problem, lambda each: (known(each.site), Way.IN_PERSON in each.ways), compare)


def _hours(problem: Problem) -> Layer:
    theirs, rows = distinct([_habits(each, problem.day) for each in problem.mentees])
    ours, columns = distinct([_habits(each, problem.day) for each in problem.mentors])
    shared = _overlaps([day for day, _, _ in ours], [day for day, _, _ in theirs])
    suitable = _overlaps([suits for _, suits, _ in ours], [suits for _, suits, _ in theirs])
    we_like, they_like = (np.array([likes for *_, likes in side], dtype=np.bool_) for side in (ours, theirs))
    may_talk = np.logical_and.outer(we_like, they_like) & (shared >= TALK_NEEDS.total_seconds())
    hours = np.minimum(suitable // HOUR, SHARED_HOURS_AT_MOST)
    table = np.where(may_talk, hours, -1).astype(np.int8).T
    return Layer(rows, len(theirs), len(columns), lambda kinds: table[kinds][:, columns])


def _habits(each: Candidate, day: date) -> tuple[Work, Work, bool]:
    """When they work, when of that suits them, and whether they like to meet online."""
    suits = _work(each.zone, each.hours.intersection(working_time.PARTS_OF_DAY), day)
    return _work(each.zone, frozenset(), day), suits, Way.ONLINE in each.ways


@lru_cache(maxsize=10_000)
def _work(zone: str | None, hours: frozenset[str], day: date) -> Work:
    if not zone:
        return ()
    there = working_time.zone(zone)

    def seconds(day: date, at: time) -> float:
        return working_time.at_utc(day, at, there).timestamp()

    days = (day + timedelta(each) for each in (-1, 0, 1))
    return tuple(
        tuple((seconds(each, starts), seconds(each, ends)) for starts, ends in working_time.parts_of_day(hours))
        for each in days
    )


def _overlaps(ours: Sequence[Work], theirs: Sequence[Work]) -> NDArray[np.float64]:
    """How many seconds two work at once, as `working_time.overlap` has it: a row for each of ours.

    Time is cut wherever anybody begins or ends: of each piece somebody works all or nothing.
    """
    cuts = np.array(sorted({at for work in (*ours, *theirs) for day in work for part in day for at in part}))
    ours_at, theirs_at = _pieces(ours, cuts), _pieces(theirs, cuts)
    lengths = np.diff(cuts)
    found = np.zeros((len(ours), len(theirs)))
    for one, other in working_time.NEAR:
        np.maximum(found, (ours_at[one + 1] * lengths) @ theirs_at[other + 1].T, out=found)
    return found


def _pieces(works: Sequence[Work], cuts: NDArray[np.float64]) -> NDArray[np.float64]:
    """By day, person and piece: 1 where they work."""
    found = np.zeros((3, len(works), max(len(cuts) - 1, 0)))
    for number, work in enumerate(works):
        for day, its_parts in enumerate(work):
            for starts, ends in its_parts:
                found[day, number, np.searchsorted(cuts, starts) : np.searchsorted(cuts, ends)] = 1
    return found
