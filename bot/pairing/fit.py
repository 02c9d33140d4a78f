"""How well two fit: a whole number made of named parts.

Topics lead: a review of what is known of matching (Leadership & Organization Development Journal 43/3, 2022, p. 386)
recommends to go by what the learner needs and by what both said, and finds little research on differences. So all
differences together, which are what such a programme is for, weigh about half as much as topics can. Of each kind of
difference one is enough: they are counted, never measured. How easily two can meet only tips the scales. One round
waited is worth more than the dearest wish come true, and three rounds outweigh all the rest together: nobody is left
over again and again because others fit better. No study says how much each should count; these numbers are a
judgement, which a programme may change (`weights`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from bot.pairing.candidates import Candidate, Ground, differ
from bot.pairing.meeting import suitable_hours, ways_in_common
from bot.pairing.weights import OPEN as OPEN
from bot.pairing.weights import USUAL, Weights
from bot.pairing.weights import Part as Part
from store.models import Way

# The points of each part. As usual each counts twice, so that half of it ("a little") is a whole number too.
PLACED = 1  # to be placed is always worth something
WISHES, LATER_WISH = (6, 4, 3, 2, 1), 1
STRENGTHS, LATER_STRENGTH = (4, 3, 2), 1
TOPICS_COUNTED = 10  # of what somebody offers or wishes; what comes later is not much of an offer or a wish
OTHER_DEPARTMENT = 6
OTHER_FUNCTION = 6
OTHER_SITE = 5
TENURE_STEP = 1
TENURES = (1, 3, 7, 15)  # years here after which one sees the place with other eyes: the steps grow longer as we stay
IN_PERSON = 5  # as much as another site: to sit together is worth what two places would bring
SHARED_HOUR, SHARED_HOURS_AT_MOST = 1, 4  # with four hours to choose from, a talk finds its place
MORE_LANGUAGE, MORE_LANGUAGES_AT_MOST = 1, 2
ROUND_WAITED, ROUNDS_AT_MOST = 30, 6  # for each of the two
OTHER_NETWORK = 8  # never weighed; less than one difference that can be seen, so that pairs don't show it

TOPICS_AT_MOST = (
    sum(wish * strength for wish, strength in zip(WISHES, (*STRENGTHS, LATER_STRENGTH, LATER_STRENGTH), strict=True))
    + (TOPICS_COUNTED - len(WISHES)) * LATER_WISH * LATER_STRENGTH
)


def in_band_at_most(weights: Weights) -> int:
    """The most that the parts in a band ever come to."""
    return (
        weights[Part.TOPICS] * TOPICS_AT_MOST
        + weights[Part.DEPARTMENT] * OTHER_DEPARTMENT
        + weights[Part.FUNCTION] * OTHER_FUNCTION
        # Never both: one wants two sites, the other wants one.
        + max(weights[Part.SITE] * OTHER_SITE, weights[Part.PRACTICAL] * IN_PERSON)
        + weights[Part.TENURE] * TENURE_STEP * len(TENURES)
        + weights[Part.PRACTICAL] * SHARED_HOUR * SHARED_HOURS_AT_MOST
        + weights[Part.LANGUAGES] * MORE_LANGUAGE * MORE_LANGUAGES_AT_MOST
    )


def pair_at_most(weights: Weights) -> int:
    """The most that the parts come to that are of the two together, and not of one alone."""
    return in_band_at_most(weights) + OTHER_NETWORK


def fit_at_most(weights: Weights) -> int:
    """No pair ever fits better; none fits worse than `PLACED`."""
    return PLACED + pair_at_most(weights) + 2 * weights[Part.WAITED] * ROUND_WAITED * ROUNDS_AT_MOST


FIT_AT_MOST = fit_at_most(USUAL)

# A band says how well two fit: it is made of open parts, and of none that says how long someone has waited.
IN_BAND = tuple(part for part in OPEN if part not in (Part.PLACED, Part.WAITED))
# From where on a fit is called so, with weights as usual; without a topic in common none reaches "good" then.
STRONG, GOOD = 85, 55
BAND_OF = in_band_at_most(USUAL)


class Band(StrEnum):
    """How well two fit, as far as anyone is told."""

    STRONG = "strong"
    GOOD = "good"
    FAIR = "fair"


@dataclass(frozen=True)
class Fit:
    """How well two fit: whole numbers by name, with the weights that they were made with."""

    parts: Mapping[Part, int]
    weights: Weights = field(default_factory=lambda: USUAL)

    @property
    def total(self) -> int:
        return sum(self.parts.values())

    @property
    def open_total(self) -> int:
        """Without what is told in confidence: this may be compared where people see it."""
        return sum(self.parts[part] for part in OPEN)

    @property
    def band(self) -> Band:
        """Where they are on the way to the best there could be: other weights make nobody fit worse as a whole."""
        worth, of = sum(self.parts[part] for part in IN_BAND) * BAND_OF, in_band_at_most(self.weights)
        if not of or worth < GOOD * of:
            return Band.FAIR
        return Band.STRONG if worth >= STRONG * of else Band.GOOD


def fit(mentor: Candidate, mentee: Candidate, ground: Ground) -> Fit:
    """How well two fit, whether or not they may pair."""
    points = {
        Part.TOPICS: _topics(mentor.topics, mentee.topics),
        Part.DEPARTMENT: OTHER_DEPARTMENT * differ(mentor.department, mentee.department),
        Part.FUNCTION: OTHER_FUNCTION * differ(mentor.function, mentee.function),
        Part.SITE: OTHER_SITE * differ(mentor.site, mentee.site),
        Part.TENURE: TENURE_STEP * _steps_between(mentor.started_on, mentee.started_on, ground.day),
        Part.PRACTICAL: _practical(mentor, mentee, ground.day),
        Part.LANGUAGES: more_languages(mentor.languages, mentee.languages),
        Part.WAITED: ROUND_WAITED * (rounds(mentor) + rounds(mentee)),
    }
    weighed = {part: ground.weights[part] * worth for part, worth in points.items()}
    network = OTHER_NETWORK * brings_another(mentor.networks, mentee.networks)
    return Fit({Part.PLACED: PLACED, **weighed, Part.NETWORK: network}, ground.weights)


def _topics(offered: Sequence[str], wanted: Sequence[str]) -> int:
    """How far what is offered covers what is wanted: a dear wish met by a strong offer counts most."""
    strengths, wishes = by_strength(offered), by_wish(wanted)
    return sum(wish * strengths[topic] for topic, wish in wishes.items() if topic in strengths)


def by_strength(offered: Sequence[str]) -> dict[str, int]:
    return _by_rank(offered, STRENGTHS, LATER_STRENGTH)


def by_wish(wanted: Sequence[str]) -> dict[str, int]:
    return _by_rank(wanted, WISHES, LATER_WISH)


def _by_rank(topics: Sequence[str], weights: Sequence[int], later: int) -> dict[str, int]:
    ranked = enumerate(list(dict.fromkeys(topics))[:TOPICS_COUNTED])
    return {topic: weights[rank] if rank < len(weights) else later for rank, topic in ranked}


def _steps_between(one: date | None, other: date | None, day: date) -> int:
    first, second = tenure(one, day), tenure(other, day)
    return 0 if first is None or second is None else abs(first - second)


def tenure(started_on: date | None, day: date) -> int | None:
    """How many of `TENURES` somebody has behind them that day; None if it isn't known since when they are here."""
    if started_on is None:
        return None
    years = day.year - started_on.year - ((day.month, day.day) < (started_on.month, started_on.day))
    return sum(years >= each for each in TENURES)


def _practical(mentor: Candidate, mentee: Candidate, day: date) -> int:
    """How easily they meet in the ways that both like."""
    ways = ways_in_common(mentor, mentee, day)
    online = Way.ONLINE in ways
    hours = suitable_hours(mentor.zone, mentor.hours, mentee.zone, mentee.hours, day) if online else timedelta()
    return for_hours(hours) + IN_PERSON * (Way.IN_PERSON in ways)


def for_hours(shared: timedelta) -> int:
    return SHARED_HOUR * min(shared // timedelta(hours=1), SHARED_HOURS_AT_MOST)


def more_languages(one: frozenset[str], other: frozenset[str]) -> int:
    """One language in common is a rule and counts nothing; each further one makes a talk a little easier."""
    more = len(one & other) - 1
    return MORE_LANGUAGE * min(max(more, 0), MORE_LANGUAGES_AT_MOST)


def rounds(candidate: Candidate) -> int:
    """How many rounds count as waited."""
    if candidate.is_first_in_line:
        return ROUNDS_AT_MOST
    return min(max(candidate.rounds_waited, 0), ROUNDS_AT_MOST)


def brings_another(mentors: frozenset[str], mentees: frozenset[str]) -> bool:
    """Whether the mentor knows from inside what the mentee doesn't. Who told of nothing may have it all the same."""
    return bool(mentees) and bool(mentors - mentees)
