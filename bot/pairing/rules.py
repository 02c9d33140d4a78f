"""What is due to a pair and about it: its introduction, and a word to the coordinator when it breaks a rule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby

from bot import working_time
from bot.due import Due
from bot.pairing.bars import share_a_team
from bot.reporting_lines import ReportingLines
from store.models import MemberState, Round, RoundKind
from store.snapshots import Broken, Partnership, Running, Snapshot

ASK_AGAIN = timedelta(days=7)
PUBLICATION = "publication"


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
    if share_a_team(couple.mentor_teams, couple.mentee_teams):
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


def _rounds(snapshot: Snapshot) -> list[Due]:
    """The round they asked for is there, or there is none: whoever has seen it come isn't told.

    A round that was begun by itself is told in working hours; a repair that is about themselves, to somebody else.
    """
    return [
        Due(
            f"{_ready(each)}:{each.id}:{each.version}",
            _ready(each),
            each.leased_until or each.created_at,
            is_notice=True,
            at_once=_ready(each) == "round_ready",
            about=each.id,
        )
        for each in snapshot.asked
        if not any(each.id == one.round.id and snapshot.person.id in one.people for one in snapshot.repairs)
    ]


def _ready(made: Round) -> str:
    if made.kind is RoundKind.REPAIR:
        return "repair_ready"
    return "weekly_ready" if made.is_weekly else "round_ready"


# ---- The introduction


def due(snapshot: Snapshot) -> list[Due]:
    return [*_introductions(snapshot), *_rounds(snapshot), *_publications(snapshot), *_broken(snapshot)]


def publication_key(round_id: int) -> str:
    return f"{PUBLICATION}:{round_id}"


def _publications(snapshot: Snapshot) -> list[Due]:
    """One message for each round they published; it is changed while its pairs are introduced."""
    return [
        Due(
            key=publication_key(each.round.id),
            kind=PUBLICATION,
            opens_at=each.round.published_at,
            is_notice=True,
            at_once=True,
            about=each.round.id,
        )
        for each in snapshot.publications
        if each.round.published_at is not None
    ]


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
