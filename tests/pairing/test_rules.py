"""A reorganisation breaks a rule of a live pair, and the coordinator is asked."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pairing.candidates import DAY, IDS, MANAGERS, ground, mentee, mentor, teams

from bot.due import Due
from bot.pairing import rules
from bot.pairing.bars import Bar, left_out
from bot.pairing.candidates import Ground
from bot.pairing.rules import ASK_AGAIN, Break, Couple
from bot.reporting_lines import ReportingLines, doubtful
from store.snapshots import Broken


def couple(**facts: Any) -> Couple:
    return replace(Couple("ana", "marcus", teams("Platform"), teams("Sales leads")), **facts)


LINES = st.dictionaries(st.sampled_from(IDS), MANAGERS, max_size=5)
TEAMS = st.frozensets(st.sampled_from(["Red", "red ", "Blue", "Teal"]), max_size=2)
COUPLES = st.builds(
    lambda two, mine, theirs: Couple(*two, mine, theirs),
    st.lists(st.sampled_from(IDS), min_size=2, max_size=2, unique=True),
    TEAMS,
    TEAMS,
)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ({"ana": ("lead",), "lead": ("marcus",)}, Break.MENTEE_ABOVE),
        ({"marcus": ("chief", "lead"), "lead": ("ana",)}, Break.MENTOR_ABOVE),
    ],
)
def test_a_new_boss_breaks_the_rule_of_a_live_pair_at_any_depth_and_by_dotted_line(
    lines: dict[str, tuple[str, ...] | None], found: Break
) -> None:
    assert rules.breaks(couple(), ground(lines).lines) == {found}


def test_a_new_team_breaks_it_too_and_so_does_the_one_they_named_themselves() -> None:
    told = couple(mentee_teams=teams("Sales leads", " platform"))

    assert rules.breaks(told, ground().lines) == {Break.SAME_TEAM}


@given(COUPLES, LINES)
def test_a_live_pair_breaks_a_rule_only_when_a_new_one_would_surely_be_barred_for_it(
    two: Couple, lines: dict[str, tuple[str, ...] | None]
) -> None:
    known = ReportingLines({**dict.fromkeys(IDS, ()), **lines})
    has_circles = bool(doubtful(lines).circles)
    new = mentor(slack_id=two.mentor, teams=two.mentor_teams), mentee(slack_id=two.mentee, teams=two.mentee_teams)
    bars = {bar for bar, _ in left_out(new[0], [new[1]], Ground(known, frozenset(), DAY))}

    found = rules.breaks(two, known)

    assert (Break.SAME_TEAM in found) == (Bar.SAME_TEAM in bars)
    is_above = bool(found & {Break.MENTOR_ABOVE, Break.MENTEE_ABOVE})
    assert not is_above or Bar.REPORTING_LINE in bars
    assert has_circles or is_above == (Bar.REPORTING_LINE in bars)
    assert len(found & {Break.MENTOR_ABOVE, Break.MENTEE_ABOVE}) <= 1


def test_who_is_in_a_circle_is_surely_above_nobody_in_it_but_those_below_the_circle_keep_their_bosses() -> None:
    lines: dict[str, tuple[str, ...] | None] = {"ana": ("marcus",), "marcus": ("ana",), "bo": ("ana",)}

    assert rules.breaks(couple(), ground(lines).lines) == set()
    assert rules.breaks(couple(mentor="bo", mentee="ana"), ground(lines).lines) == {Break.MENTEE_ABOVE}


def test_what_is_not_known_breaks_nothing() -> None:
    nothing = couple(mentor_teams=frozenset(), mentee_teams=frozenset())

    assert rules.breaks(nothing, ReportingLines({"ana": None, "marcus": None})) == set()


STATES = st.dictionaries(st.integers(1, 4), st.frozensets(st.sampled_from(Break)))
STANDING = st.sets(st.tuples(st.integers(1, 6), st.sampled_from(list(Break)).map(str)))


@given(STATES, STANDING)
def test_each_rule_a_pair_breaks_stands_once_and_no_longer_than_it_is_broken(
    now: dict[int, frozenset[Break]], standing: set[tuple[int, str]]
) -> None:
    changes = rules.changes(now, standing)

    after = (standing | changes.found) - changes.mended
    assert not changes.found & standing, "what is known already isn't found again"
    assert changes.mended <= standing
    assert {each for each in after if each[0] in now} == {
        (pair, str(rule)) for pair, its in now.items() for rule in its
    }
    assert {each for each in standing if each[0] not in now} <= after, "of pairs that have ended nothing is said"
    assert rules.changes(now, after) == rules.Changes(), "and the next look finds nothing new"


def asked(*broken: Broken, me: int = 9) -> list[Due]:
    snapshot = make.snapshot(person=make.person("U0RUTH", id=me), runs=(make.running(*broken),))
    return [due for due in rules.due(snapshot) if due.kind == "rule_broken"]


def test_the_coordinator_is_asked_at_once_and_again_after_a_week_of_silence() -> None:
    first, again = asked(make.broken())

    assert (first.opens_at, first.closes_at) == (make.MONDAY, make.MONDAY + timedelta(days=7))
    assert (again.opens_at, again.closes_at) == (make.MONDAY + timedelta(days=7), make.at("2027-09-01 09:00"))
    assert first.is_notice
    assert not first.at_once, "in working hours"
    assert first.key != again.key


def test_all_that_one_reorganisation_broke_is_told_in_one_message_and_the_next_in_another() -> None:
    later = make.MONDAY + timedelta(days=2)

    found = asked(
        make.broken(id=81),
        make.broken("same_team", id=82),
        make.broken(id=83, pair_id=6, pair={"id": 6}),
        make.broken(id=84, pair_id=7, pair={"id": 7}, found_at=later),
    )

    assert [due.opens_at for due in found] == [make.MONDAY, make.MONDAY + timedelta(days=7), later, later + ASK_AGAIN]
    assert len({due.key for due in found}) == 4


def test_nobody_is_asked_about_a_pair_of_their_own() -> None:
    assert asked(make.broken(), me=1) == []
    assert asked(make.broken(), me=2) == []
