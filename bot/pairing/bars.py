"""Who may pair: the rules that stand in the way of two, in words that a coordinator can read.

Nothing that is shown depends on anything told in confidence.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from bot.pairing.candidates import Candidate, Ground, same
from bot.pairing.meeting import ways_in_common
from bot.reporting_lines import Relation
from store.models import Side


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


HARD = frozenset(
    {
        *(Bar.SAME_PERSON, Bar.REPORTING_LINE, Bar.REPORTING_LINE_UNKNOWN, Bar.SAME_TEAM, Bar.TEAM_UNKNOWN),
        *(Bar.PAIRED_BEFORE, Bar.NOT_AVAILABLE),
    }
)
"""The rules that not even a coordinator can override. Of the others they are warned."""

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
    return next(open_bars(mentor, mentee, ground), _secret_bar(mentor, mentee))


def hard_bar(mentor: Candidate, mentee: Candidate, ground: Ground) -> Bar | None:
    """The first rule that bars the two whatever a coordinator wishes. What is said of `barred` goes for it too."""
    found = (bar for bar in open_bars(mentor, mentee, ground) if bar in HARD)
    return next(found, _secret_bar(mentor, mentee))


def _secret_bar(mentor: Candidate, mentee: Candidate) -> Bar | None:
    is_unwanted = mentee.slack_id in mentor.avoid or mentor.slack_id in mentee.avoid
    return Bar.NOT_AVAILABLE if is_unwanted else None


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
            found.update(list(open_bars(mentor, mentee, ground)) or [Bar.NOT_AVAILABLE])
    order = list(Bar)
    return sorted(found.items(), key=lambda each: (-each[1], order.index(each[0])))


def open_bars(mentor: Candidate, mentee: Candidate, ground: Ground) -> Iterator[Bar]:
    """Every rule that bars the two and may be named."""
    if mentor.slack_id == mentee.slack_id:
        yield Bar.SAME_PERSON
    yield from _line_bars(ground.lines.relation(mentor.slack_id, mentee.slack_id))
    yield from _team_bars(mentor.teams, mentee.teams)
    yield from _level_bars(mentor.level, mentee.level)
    if not mentor.languages & mentee.languages:
        yield Bar.NO_LANGUAGE
    if not ways_in_common(mentor, mentee, ground.day):
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
    elif share_a_team(mentor, mentee):
        yield Bar.SAME_TEAM


def share_a_team(mentor: frozenset[str], mentee: frozenset[str]) -> bool:
    """Where the directory and their own word name two teams, each of them counts."""
    return any(same(one, other) for one in mentor for other in mentee)


def _level_bars(mentor: int | None, mentee: int | None) -> Iterator[Bar]:
    if mentor is None or mentee is None:
        yield Bar.LEVEL_UNKNOWN
    elif mentor >= mentee:
        yield Bar.LEVEL
