"""A round as plain data: nothing is lost on the way to the process that solves it, and nothing else is told."""

import json
from collections import Counter
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pairing.candidates import DAY, IDS, LINES, MENTEES, MENTORS, mentee, mentor, problems

from bot.pairing.bars import HARD, barred, open_bars
from bot.pairing.candidates import Candidate
from bot.pairing.fit import fit
from bot.pairing.problem import BadProblem, Problem
from bot.reporting_lines import LineUp, ReportingLines
from store.models import Side


def two(**facts: Any) -> Problem:
    """Two of each side, who all may pair."""
    people = [mentor(member_id=number, slack_id=IDS[number]) for number in (1, 2)]
    others = [mentee(member_id=number, slack_id=IDS[number]) for number in (3, 4)]
    given = {"mentors": people, "mentees": others, "lines": dict.fromkeys(IDS, ())} | facts
    return Problem(seed=7, day=DAY, **given)


@settings(max_examples=25)
@given(problems())
def test_a_problem_is_the_same_after_it_went_to_another_process(problem: Problem) -> None:
    assert Problem.from_json(json.loads(json.dumps(problem.to_json()))) == problem


@settings(max_examples=25)
@given(problems(), st.randoms(use_true_random=False))
def test_the_same_people_make_the_same_problem_in_any_order(problem: Problem, chance: Any) -> None:
    mentors, mentees, lines = list(problem.mentors), list(problem.mentees), list(problem.lines.items())

    for each in (mentors, mentees, lines):
        chance.shuffle(each)
    shuffled = replace(problem, mentors=tuple(mentors), mentees=tuple(mentees), lines=dict(lines))

    assert shuffled == problem
    assert json.dumps(shuffled.to_json()) == json.dumps(problem.to_json())


ALL_LINES: st.SearchStrategy[dict[str, LineUp]] = st.dictionaries(st.sampled_from([*IDS, "chief", "other"]), LINES)


@settings(max_examples=25)
@given(problems(lines=st.just({})), ALL_LINES)
def test_no_more_of_the_lines_is_kept_than_decides_who_may_pair(problem: Problem, lines: dict[str, LineUp]) -> None:
    everyone = {each.slack_id for each in (*problem.mentors, *problem.mentees)}

    kept = replace(problem, lines=lines)

    whole = ReportingLines(lines)
    assert kept.lines.items() <= lines.items()
    for one, other in product(sorted(everyone), repeat=2):
        assert kept.ground.lines.relation(one, other) is whole.relation(one, other)


def test_the_lines_of_those_who_are_above_nobody_here_stay_at_home() -> None:
    lines: dict[str, LineUp] = dict.fromkeys(IDS, ("chief",)) | {"chief": (), "stranger": ("chief",)}

    assert set(two(lines=lines).lines) == {"bo", "cy", "di", "eve", "chief"}
    assert two(met={("bo", "di"), ("bo", "stranger")}).met == {("bo", "di")}


@settings(max_examples=25)
@given(problems(), problems())
def test_without_secrets_two_problems_are_the_same_that_differ_in_secrets_alone(
    problem: Problem, other: Problem
) -> None:
    def with_secrets(people: tuple[Candidate, ...], of: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        theirs = dict(enumerate(of))
        return tuple(
            replace(each, avoid=theirs[number].avoid, networks=theirs[number].networks) if number in theirs else each
            for number, each in enumerate(people)
        )

    changed = replace(
        problem,
        mentors=with_secrets(problem.mentors, other.mentors),
        mentees=with_secrets(problem.mentees, other.mentees),
    )

    assert json.dumps(changed.without_secrets().to_json()) == json.dumps(problem.without_secrets().to_json())


@settings(max_examples=25)
@given(problems(), MENTORS, MENTEES)
def test_without_secrets_a_fit_is_what_may_be_shown_of_it(problem: Problem, one: Candidate, other: Candidate) -> None:
    assume(one.member_id not in problem.mentor and other.member_id not in problem.mentee)
    both = replace(problem, mentors=(*problem.mentors, one), mentees=(*problem.mentees, other))
    shown = both.without_secrets()

    found = fit(shown.mentor[one.member_id], shown.mentee[other.member_id], shown.ground)

    assert found.total == found.open_total == fit(one, other, both.ground).open_total


# ---- What a coordinator wishes


@settings(max_examples=25)
@given(problems())
def test_pins_never_break_a_hard_rule_nor_take_more_seats_than_there_are(problem: Problem) -> None:
    taken = Counter(mentor_id for mentor_id, _ in problem.pins)

    assert set(problem.pins) <= problem.pinned - problem.forbidden
    assert len({mentee_id for _, mentee_id in problem.pins}) == len(problem.pins)
    for mentor_id, mentee_id in problem.pins:
        one, other = problem.mentor[mentor_id], problem.mentee[mentee_id]
        assert not HARD & {*open_bars(one, other, problem.ground), barred(one, other, problem.ground)}
    for each in problem.mentors:
        assert problem.capacity[each.member_id] == each.capacity - taken[each.member_id] >= 0


def test_a_pin_overrides_what_two_people_can_get_round() -> None:
    level = [mentor(member_id=1, slack_id="bo", level=5, languages=frozenset({"de"}))]

    assert two(mentors=level, pinned={(1, 3)}).pins == ((1, 3),)


@pytest.mark.parametrize(
    "facts",
    [
        {"teams": frozenset({"Sales leads"})},
        {"teams": frozenset()},
        {"slack_id": "di"},
        {"avoid": frozenset({"di"})},
        {"slack_id": "ghost"},
        {"capacity": 0},
    ],
    ids=["same team", "team unknown", "same person", "not available", "line unknown", "no room"],
)
def test_a_pin_overrides_no_hard_rule(facts: dict[str, Any]) -> None:
    found = two(mentors=[mentor(**{"member_id": 1, "slack_id": "bo"} | facts)], pinned={(1, 3)})

    assert found.pins == ()


def test_of_too_many_pins_the_first_are_kept() -> None:
    assert two(pinned={(1, 3), (1, 4), (2, 3)}).pins == ((1, 3),)
    assert two(pinned={(9, 3), (1, 9), (2, 4)}).pins == ((2, 4),)


def test_who_is_pinned_and_kept_apart_is_kept_apart() -> None:
    assert two(pinned={(1, 3)}, forbidden={(1, 3)}).pins == ()


# ---- What contradicts itself


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        ([mentor(member_id=1), mentor(member_id=1, slack_id="bo")], "someone is listed twice"),
        ([mentor(capacity=-1)], "someone has room for less than nobody"),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused_with_a_reason(people: list[Candidate], reason: str) -> None:
    with pytest.raises(BadProblem, match=reason):
        two(mentors=people)


def test_sides_are_kept() -> None:
    found = Problem.from_json(json.loads(json.dumps(two().to_json())))

    assert [each.side for each in (*found.mentors, *found.mentees)] == [*[Side.MENTOR] * 2, *[Side.MENTEE] * 2]
