"""How two can meet: the ways that both like and that are possible for them, and the hours that both work."""

from datetime import date, timedelta
from functools import lru_cache

from bot import working_time
from bot.pairing.candidates import Candidate, same
from store.models import Way

TALK_NEEDS = timedelta(hours=2)  # working hours that two must share to meet online


def ways_in_common(mentor: Candidate, mentee: Candidate, day: date) -> frozenset[str]:
    """The ways to meet that both like and that are possible for them."""
    possible = set()
    if same(mentor.site, mentee.site):
        possible.add(Way.IN_PERSON.value)
    if shared_hours(mentor.zone, mentee.zone, day) >= TALK_NEEDS:
        possible.add(Way.ONLINE.value)
    return mentor.ways & mentee.ways & possible


@lru_cache(maxsize=10_000)
def shared_hours(mentor: str | None, mentee: str | None, day: date) -> timedelta:
    """None at all where a zone is not known: a talk online can't be promised then."""
    if not (mentor and mentee):
        return timedelta()
    return working_time.overlap(working_time.zone(mentor), working_time.zone(mentee), day)


@lru_cache(maxsize=10_000)
def suitable_hours(
    mentor: str | None, mentor_hours: frozenset[str], mentee: str | None, mentee_hours: frozenset[str], day: date
) -> timedelta:
    """Of the working hours they share, those that suit both. It bars nobody: it only counts in the fit."""
    if not (mentor and mentee):
        return timedelta()
    one, other = working_time.zone(mentor), working_time.zone(mentee)
    parts = working_time.parts_of_day(mentor_hours), working_time.parts_of_day(mentee_hours)
    return working_time.overlap(one, other, day, *parts)
