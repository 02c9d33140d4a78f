"""How well two fit: a whole number made of named parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.pairing.candidates import Candidate, differ
from bot.pairing.meeting import suitable_hours, ways_in_common
from store.models import Way

# The weights of the fit. Topics lead; one round waited is worth about as much as the dearest wish come true,
# and three rounds outweigh all the rest together.
PLACED = 1  # to be placed is always worth something
WISHES, LATER_WISH = (12, 8, 5, 3, 2), 1
STRENGTHS, LATER_STRENGTH = (4, 3, 2), 1
TOPICS_AT_MOST = 100
OTHER_DEPARTMENT = 20
OTHER_SITE = 10
IN_PERSON = 10
SHARED_HOUR, SHARED_HOURS_AT_MOST = 1, 8
MORE_LANGUAGE, MORE_LANGUAGES_AT_MOST = 2, 2
ROUND_WAITED, ROUNDS_AT_MOST = 50, 6  # for each of the two

FIT_AT_MOST = (
    PLACED
    + TOPICS_AT_MOST
    + OTHER_DEPARTMENT
    + max(OTHER_SITE, IN_PERSON)  # never both: one wants two sites, the other wants one
    + SHARED_HOUR * SHARED_HOURS_AT_MOST
    + MORE_LANGUAGE * MORE_LANGUAGES_AT_MOST
    + 2 * ROUND_WAITED * ROUNDS_AT_MOST
)
"""No pair ever fits better; none that is allowed fits worse than `PLACED`."""

STRONG, GOOD = 75, 45  # from where on a fit is called so; without a topic in common none reaches "good"


class Part(StrEnum):
    """What a fit is made of."""

    PLACED = "placed"
    TOPICS = "topics"
    DEPARTMENT = "department"
    SITE = "site"
    PRACTICAL = "practical"
    LANGUAGES = "languages"
    WAITED = "waited"


# A band says how well two fit: it is made of open parts, and of none that says how long someone has waited.
IN_BAND = (Part.TOPICS, Part.DEPARTMENT, Part.SITE, Part.PRACTICAL, Part.LANGUAGES)


class Band(StrEnum):
    """How well two fit, as far as anyone is told."""

    STRONG = "strong"
    GOOD = "good"
    FAIR = "fair"


@dataclass(frozen=True)
class Fit:
    """How well two fit: whole numbers by name, from 1 to `FIT_AT_MOST` in all."""

    parts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.parts.values())

    @property
    def band(self) -> Band:
        worth = sum(self.parts[part] for part in IN_BAND)
        if worth >= STRONG:
            return Band.STRONG
        return Band.GOOD if worth >= GOOD else Band.FAIR


def fit(mentor: Candidate, mentee: Candidate, day: date) -> Fit:
    """How well two who may pair fit. All of it is open: nothing told in confidence counts yet."""
    return Fit(
        {
            Part.PLACED: PLACED,
            Part.TOPICS: _topics(mentor.topics, mentee.topics),
            Part.DEPARTMENT: OTHER_DEPARTMENT * differ(mentor.department, mentee.department),
            Part.SITE: OTHER_SITE * differ(mentor.site, mentee.site),
            Part.PRACTICAL: _practical(mentor, mentee, day),
            Part.LANGUAGES: _more_languages(mentor, mentee),
            Part.WAITED: ROUND_WAITED * (_rounds(mentor) + _rounds(mentee)),
        }
    )


def _topics(offered: Sequence[str], wanted: Sequence[str]) -> int:
    """How far what is offered covers what is wanted: a dear wish met by a strong offer counts most."""
    strengths = _by_rank(offered, STRENGTHS, LATER_STRENGTH)
    wishes = _by_rank(wanted, WISHES, LATER_WISH)
    worth = sum(wish * strengths[topic] for topic, wish in wishes.items() if topic in strengths)
    return min(worth, TOPICS_AT_MOST)


def _by_rank(topics: Sequence[str], weights: Sequence[int], later: int) -> dict[str, int]:
    ranked = enumerate(dict.fromkeys(topics))
    return {topic: weights[rank] if rank < len(weights) else later for rank, topic in ranked}


def _practical(mentor: Candidate, mentee: Candidate, day: date) -> int:
    """How easily they meet in the ways that both like."""
    ways = ways_in_common(mentor, mentee, day)
    shared = suitable_hours(mentor.zone, mentor.hours, mentee.zone, mentee.hours, day)
    hours = shared // timedelta(hours=1)
    online = SHARED_HOUR * min(hours, SHARED_HOURS_AT_MOST) if Way.ONLINE in ways else 0
    return online + IN_PERSON * (Way.IN_PERSON in ways)


def _more_languages(mentor: Candidate, mentee: Candidate) -> int:
    """One language in common is a rule and counts nothing; each further one makes a talk a little easier."""
    more = len(mentor.languages & mentee.languages) - 1
    return MORE_LANGUAGE * min(max(more, 0), MORE_LANGUAGES_AT_MOST)


def _rounds(candidate: Candidate) -> int:
    if candidate.is_first_in_line:
        return ROUNDS_AT_MOST
    return min(max(candidate.rounds_waited, 0), ROUNDS_AT_MOST)
