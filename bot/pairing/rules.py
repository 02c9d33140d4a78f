"""Who may pair, how well two fit, and why: decided from plain values, by rules that a coordinator can read.

Nothing that is shown depends on anything told in confidence: bars, bands and reasons come from open facts.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from bot import working_time
from bot.due import Due
from bot.reporting_lines import Relation, ReportingLines
from store.models import MemberState, Side, Way
from store.snapshots import Broken, Partnership, Running, Snapshot

TALK_NEEDS = timedelta(hours=2)  # working hours that two must share to meet online
PARTS_OF_DAY = {
    "morning": (working_time.STARTS, time(12)),
    "midday": (time(12), time(14)),
    "afternoon": (time(14), working_time.ENDS),
}

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


@dataclass(frozen=True)
class Candidate:
    """A member who waits for a partner. `None` is "not known"; topics come strongest or dearest first."""

    member_id: int
    slack_id: str
    side: Side
    capacity: int
    """How many more they can take; counts for mentors."""
    level: int | None
    teams: frozenset[str]
    """The team the directory believes they are in, and the one they named themselves; empty is "not known"."""
    department: str | None
    site: str | None
    zone: str | None
    languages: frozenset[str]
    topics: tuple[str, ...]
    ways: frozenset[str]
    avoid: frozenset[str]
    """Slack ids of those they do not want to be paired with. A secret: nothing shown may depend on it."""
    rounds_waited: int
    hours: frozenset[str] = frozenset()
    """Parts of their working day that suit them; empty: any."""
    is_first_in_line: bool = False
    """Their partner left and they want another: it counts as the longest wait there is."""


@dataclass(frozen=True)
class Ground:
    """What the rules need to know besides the two."""

    lines: ReportingLines
    met: frozenset[tuple[str, str]]
    """Slack ids of all that were ever paired, mentor first; they are barred either way round."""
    day: date
    """The day whose clocks say how many working hours two zones share."""


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


# ---- Who may pair


class Bar(StrEnum):
    """A rule that stands in the way of a pair."""

    SAME_PERSON = "same_person"
    REPORTING_LINE = "reporting_line"
    REPORTING_LINE_UNKNOWN = "reporting_line_unknown"
    SAME_TEAM = "same_team"
    TEAM_UNKNOWN = "team_unknown"
    LEVEL = "level"
    LEVEL_UNKNOWN = "level_unknown"
    NO_LANGUAGE = "no_language"
    NO_WAY_TO_MEET = "no_way_to_meet"
    PAIRED_BEFORE = "paired_before"
    NOT_AVAILABLE = "not_available"


WORDS: Mapping[Bar, str] = {
    Bar.SAME_PERSON: "they are one and the same person",
    Bar.REPORTING_LINE: "one is above the other in the reporting line, by line or dotted line",
    Bar.REPORTING_LINE_UNKNOWN: "a reporting line between them can't be ruled out: the directory has a gap",
    Bar.SAME_TEAM: "they are in the same team",
    Bar.TEAM_UNKNOWN: "the directory does not say which team one of them is in",
    Bar.LEVEL: "the mentor's level is not below the mentee's",
    Bar.LEVEL_UNKNOWN: "the directory does not say which level one of them has",
    Bar.NO_LANGUAGE: "they have no language in common",
    Bar.NO_WAY_TO_MEET: (
        "they have no way to meet in common: in person needs the same site, "
        "online needs two working hours that both zones share"
    ),
    Bar.PAIRED_BEFORE: "they have been paired before",
    Bar.NOT_AVAILABLE: "nobody available",
}


def words(bar: Bar) -> str:
    """The rule in words fit to show to a coordinator. All that is private shares one wording."""
    return WORDS[bar]


def barred(mentor: Candidate, mentee: Candidate, ground: Ground) -> Bar | None:
    """The first rule that bars the two, or None if they may pair.

    A secret comes last, so that it never changes which open rule is named. Show `left_out`, not this: of one
    pair by name, "nobody available" would give the secret away.
    """
    is_unwanted = mentee.slack_id in mentor.avoid or mentor.slack_id in mentee.avoid
    return next(_open_bars(mentor, mentee, ground), Bar.NOT_AVAILABLE if is_unwanted else None)


def left_out(person: Candidate, others: Iterable[Candidate], ground: Ground) -> list[tuple[Bar, int]]:
    """For someone nobody was found for: which rules bar how many of the other side, most frequent first.

    Each rule counts on its own, so one of the others may count under several. Whoever no open rule bars
    counts as not available: their place went to someone else, or there is a private reason. The two look the
    same, so this list never depends on a secret.
    """
    found: Counter[Bar] = Counter()
    for other in others:
        if other.slack_id != person.slack_id:
            is_mentor = person.side is Side.MENTOR
            mentor, mentee = (person, other) if is_mentor else (other, person)
            found.update(list(_open_bars(mentor, mentee, ground)) or [Bar.NOT_AVAILABLE])
    order = list(Bar)
    return sorted(found.items(), key=lambda each: (-each[1], order.index(each[0])))


def _open_bars(mentor: Candidate, mentee: Candidate, ground: Ground) -> Iterator[Bar]:
    """Every rule that bars the two and may be named."""
    if mentor.slack_id == mentee.slack_id:
        yield Bar.SAME_PERSON
    yield from _line_bars(ground.lines.relation(mentor.slack_id, mentee.slack_id))
    yield from _team_bars(mentor.teams, mentee.teams)
    yield from _level_bars(mentor.level, mentee.level)
    if not mentor.languages & mentee.languages:
        yield Bar.NO_LANGUAGE
    if not _ways(mentor, mentee, ground.day):
        yield Bar.NO_WAY_TO_MEET
    if {(mentor.slack_id, mentee.slack_id), (mentee.slack_id, mentor.slack_id)} & ground.met:
        yield Bar.PAIRED_BEFORE


def _line_bars(relation: Relation) -> Iterator[Bar]:
    if relation is Relation.ABOVE_OR_BELOW:
        yield Bar.REPORTING_LINE
    elif relation is Relation.UNKNOWN:
        yield Bar.REPORTING_LINE_UNKNOWN


def _team_bars(mentor: frozenset[str], mentee: frozenset[str]) -> Iterator[Bar]:
    if not (any(mentor) and any(mentee)):
        yield Bar.TEAM_UNKNOWN
    elif _share_a_team(mentor, mentee):
        yield Bar.SAME_TEAM


def _share_a_team(mentor: frozenset[str], mentee: frozenset[str]) -> bool:
    """Where the directory and their own word name two teams, each of them counts."""
    return any(_same(one, other) for one in mentor for other in mentee)


def _level_bars(mentor: int | None, mentee: int | None) -> Iterator[Bar]:
    if mentor is None or mentee is None:
        yield Bar.LEVEL_UNKNOWN
    elif mentor >= mentee:
        yield Bar.LEVEL


def _ways(mentor: Candidate, mentee: Candidate, day: date) -> frozenset[str]:
    """The ways to meet that both like and that are possible for them."""
    possible = set()
    if _same(mentor.site, mentee.site):
        possible.add(Way.IN_PERSON.value)
    if _shared_hours(mentor.zone, mentee.zone, day) >= TALK_NEEDS:
        possible.add(Way.ONLINE.value)
    return mentor.ways & mentee.ways & possible


@lru_cache(maxsize=10_000)
def _shared_hours(mentor: str | None, mentee: str | None, day: date) -> timedelta:
    """None at all where a zone is not known: a talk online can't be promised then."""
    if not (mentor and mentee):
        return timedelta()
    return working_time.overlap(working_time.zone(mentor), working_time.zone(mentee), day)


@lru_cache(maxsize=10_000)
def _suitable_hours(
    mentor: str | None, mentor_hours: frozenset[str], mentee: str | None, mentee_hours: frozenset[str], day: date
) -> timedelta:
    """Of the working hours they share, those that suit both. It bars nobody: it only counts in the fit."""
    if not (mentor and mentee):
        return timedelta()
    one, other = working_time.zone(mentor), working_time.zone(mentee)
    return working_time.overlap(one, other, day, _parts(mentor_hours), _parts(mentee_hours))


def _parts(hours: frozenset[str]) -> working_time.Parts:
    found = tuple(PARTS_OF_DAY[part] for part in sorted(hours & PARTS_OF_DAY.keys()))
    return found or working_time.WHOLE_DAY


def _same(one: str | None, other: str | None) -> bool:
    """Both known and the same; directories are not strict about capitals and spaces."""
    return bool(one and other) and _plain(one) == _plain(other)


def _differ(one: str | None, other: str | None) -> bool:
    """Both known and not the same."""
    return bool(one and other) and _plain(one) != _plain(other)


def _plain(name: str | None) -> str:
    return " ".join((name or "").split()).casefold()


# ---- How well they fit


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
            Part.DEPARTMENT: OTHER_DEPARTMENT * _differ(mentor.department, mentee.department),
            Part.SITE: OTHER_SITE * _differ(mentor.site, mentee.site),
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
    ways = _ways(mentor, mentee, day)
    shared = _suitable_hours(mentor.zone, mentor.hours, mentee.zone, mentee.hours, day)
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


# ---- Why them


def reasons(mentor: Candidate, mentee: Candidate, fit: Fit, day: date) -> dict[str, Any]:
    """Why these two, as plain data to store with a proposal; words are made of it later.

    Every key is always there; what is nothing to speak of is an empty list. `waited` is the longer wait of
    the two, in rounds; `first_in_line` says that one of them lost a partner and is next.
    """
    return {
        "band": fit.band.value,
        "topics": [topic for topic in dict.fromkeys(mentee.topics) if topic in mentor.topics],
        "departments": _if_different(mentor.department, mentee.department),
        "sites": _if_different(mentor.site, mentee.site),
        "languages": sorted(mentor.languages & mentee.languages),
        "ways": sorted(_ways(mentor, mentee, day)),
        "waited": max(mentor.rounds_waited, mentee.rounds_waited),
        "first_in_line": mentor.is_first_in_line or mentee.is_first_in_line,
    }


def _if_different(mentor: str | None, mentee: str | None) -> list[str | None]:
    return [mentor, mentee] if _differ(mentor, mentee) else []


# ---- The life of a pair

ASK_AGAIN = timedelta(days=7)


class Break(StrEnum):
    """What a change in the directory can make of a pair that kept the rules when it was made."""

    MENTOR_ABOVE = "mentor_above"
    MENTEE_ABOVE = "mentee_above"
    SAME_TEAM = "same_team"


@dataclass(frozen=True)
class Couple:
    """The two of a live pair, as the directory has them now."""

    mentor: str
    """Slack ids."""
    mentee: str
    mentor_teams: frozenset[str]
    mentee_teams: frozenset[str]


def breaks(couple: Couple, lines: ReportingLines) -> frozenset[Break]:
    """The rules they surely break. What isn't known breaks nothing: it would have kept them from being paired."""
    found = set()
    if lines.is_above(couple.mentee, couple.mentor):
        found.add(Break.MENTEE_ABOVE)
    elif lines.is_above(couple.mentor, couple.mentee):
        found.add(Break.MENTOR_ABOVE)
    if _share_a_team(couple.mentor_teams, couple.mentee_teams):
        found.add(Break.SAME_TEAM)
    return frozenset(found)


@dataclass(frozen=True)
class Changes:
    """Of pairs and rules, by pair and rule: what is newly broken, and what the directory no longer says."""

    found: frozenset[tuple[int, str]] = frozenset()
    mended: frozenset[tuple[int, str]] = frozenset()


def changes(now: Mapping[int, frozenset[Break]], standing: Iterable[tuple[int, str]]) -> Changes:
    """`now` has every live pair that was looked at; of others in `standing` nothing is said."""
    broken = frozenset((pair_id, rule.value) for pair_id, rules in now.items() for rule in rules)
    known = frozenset(each for each in standing if each[0] in now)
    return Changes(found=broken - known, mended=known - broken)


def told_together(running: Running, me: int) -> dict[datetime, list[Broken]]:
    """What one look found, for one message. Nobody is told of a pair of their own: others decide about it."""
    theirs = [each for each in running.broken if me not in (each.mentor.id, each.mentee.id)]
    by_look = sorted(theirs, key=lambda each: (each.broken.found_at, each.pair.id, each.broken.id))
    return {at: list(found) for at, found in groupby(by_look, key=lambda each: each.broken.found_at)}


def _broken(snapshot: Snapshot) -> list[Due]:
    """To the coordinator of the pairs, and once more after a week in which nobody decided. The pair hears nothing."""
    return [
        due
        for running in snapshot.runs
        for at, broken in told_together(running, snapshot.person.id).items()
        for due in _ask_about(running.programme.id, at, broken)
    ]


def _ask_about(programme_id: int, found_at: datetime, broken: Sequence[Broken]) -> list[Due]:
    ends = [each.pair.ends_at for each in broken]
    over_at = max((at for at in ends if at is not None), default=None) if None not in ends else None
    key, again = f"rule_broken:{programme_id}:{found_at:%Y%m%dT%H%M%S.%f}", found_at + ASK_AGAIN
    first = Due(key, "rule_broken", found_at, again, is_notice=True, about=programme_id)
    return [first, Due(f"{key}:again", "rule_broken", again, over_at, is_notice=True, about=programme_id)]


# ---- The introduction


def due(snapshot: Snapshot) -> list[Due]:
    return [*_introductions(snapshot), *_broken(snapshot)]


def _introductions(snapshot: Snapshot) -> list[Due]:
    """The introduction of each new pair, once, when both are at work. The mentee's look at the agenda carries it."""
    return [
        Due(
            key=f"introduction:{each.pair.id}",
            kind="introduction",
            opens_at=each.pair.published_at,
            is_notice=True,
            group=each.pair,
            with_others=(working_time.of(each.partner),),
            pair_id=each.pair.id,
        )
        for each in snapshot.partnerships
        if each.i_am_mentee and _is_to_be_introduced(each)
    ]


def _is_to_be_introduced(each: Partnership) -> bool:
    """Until they have been, and while both take part."""
    are_in = each.mine.state is each.theirs.state is MemberState.ACTIVE
    return each.pair.introduced_at is None and each.pair.ended_at is None and are_in
