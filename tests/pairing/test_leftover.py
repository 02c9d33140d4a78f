"""Why somebody has nobody, and what would change it: true on small rounds, where everything can be tried."""

import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st
from pairing.small_rounds import Pair, allowed, problems, rounds, with_secrets

from bot.pairing.bars import Bar, left_out, open_bars
from bot.pairing.candidates import Candidate
from bot.pairing.engine.leftover import MOST_AT_ONCE, unplaced
from bot.pairing.problem import Problem
from store.models import Side

KINDS = ["none", "wish", "gap", "seat", "way", "site", "rule", "topic"]


@st.composite
def rounds_of(draw: st.DrawFn) -> tuple[Problem, list[Pair]]:
    """A problem and any round of it, the pinned pairs among the pairs."""
    problem = draw(problems)
    kept = set(problem.pins)
    found = [each for each in rounds(problem, allowed(problem) | kept) if kept <= each]
    best = max(map(len, found))
    return problem, sorted(draw(st.sampled_from([each for each in found if len(each) >= best - draw(st.booleans())])))


def can_be_placed(problem: Problem, pairs: Collection[Pair], member: int, more: Collection[Pair] = ()) -> bool:
    """Whether a round has a place for them and for everybody who has one in these pairs; pins stay."""
    kept = set(pairs) & problem.pinned
    wanted = {each for pair in pairs for each in pair} | {member}
    found = rounds(problem, allowed(problem) | set(more) | kept)
    return any(kept <= each and wanted <= {one for pair in each for one in pair} for each in found)


def between(person: Candidate, other: int, problem: Problem) -> tuple[Candidate, Candidate]:
    is_mentor = person.side is Side.MENTOR
    return (person, problem.mentee[other]) if is_mentor else (problem.mentor[other], person)


def with_people(problem: Problem, *people: Candidate, **facts: Any) -> Problem:
    """The same round, where these people are as said here, or new."""
    known = {**problem.mentor, **problem.mentee, **{each.member_id: each for each in people}}.values()
    mentors, mentees = ([each for each in known if each.side is side] for side in (Side.MENTOR, Side.MENTEE))
    return replace(problem, mentors=tuple(mentors), mentees=tuple(mentees), **facts)


def applied(problem: Problem, person: Candidate, change: dict[str, Any]) -> tuple[Problem, list[Pair]]:
    """The problem once the change is made, and the pair that is allowed on top where a rule gives way."""
    if change["kind"] == "topic":
        return newcomer(problem, person, change), []
    two = between(person, change.get("with", 0), problem) if "with" in change and change["kind"] != "seat" else None
    pair = [(two[0].member_id, two[1].member_id)] if two else []
    match change["kind"]:
        case "wish":
            return replace(problem, forbidden=problem.forbidden - set(pair)), []
        case "gap":
            assert two is not None
            assert {bar.value for bar in open_bars(*two, problem.ground)} == set(change["what"])
            return problem, pair
        case "rule":
            assert two is not None
            assert [bar.value for bar in open_bars(*two, problem.ground)] == [change["what"]]
            assert change["what"] in ("level", "no_language")
            return problem, pair
        case "seat":
            takes = problem.mentor[change["with"]]
            assert takes.capacity < MOST_AT_ONCE
            return with_people(problem, replace(takes, capacity=takes.capacity + 1)), []
        case "way":
            return with_people(problem, replace(person, ways=person.ways | {change["what"]})), []
        case "site":
            return with_people(problem, replace(person, site=change["what"])), []
    return problem, []


def newcomer(problem: Problem, person: Candidate, change: dict[str, Any]) -> Problem:
    """The gaps that are named are filled, and somebody new is there for that topic."""
    gaps = change["gaps"]
    known = replace(
        person,
        level=3 if "level_unknown" in gaps else person.level,
        teams=frozenset({"Known"}) if "team_unknown" in gaps else person.teams,
        zone="Europe/Lisbon" if "no_way_to_meet" in gaps else person.zone,
        site="Lisbon" if "no_way_to_meet" in gaps else person.site,
        slack_id="UKNOWN" if "reporting_line_unknown" in gaps else person.slack_id,
    )
    is_mentor = person.side is Side.MENTOR
    new = replace(
        known,
        member_id=99, slack_id="UNEW", side=Side.MENTEE if is_mentor else Side.MENTOR,
        level=(known.level or 0) + (1 if is_mentor else -1), teams=frozenset({"New"}),
        topics=(change["what"],), capacity=1,
    )  # fmt: skip
    lines = {**problem.lines, "UNEW": ("chief",), "UKNOWN": ("boss",), "boss": ("chief",), "chief": ()}
    return with_people(problem, known, new, lines=lines)


@given(rounds_of())
def test_the_smallest_change_places_them_and_nobody_loses_their_place(given_round: tuple[Problem, list[Pair]]) -> None:
    problem, pairs = given_round

    for each in unplaced(problem, pairs):
        person = {**problem.mentor, **problem.mentee}[each["member"]]
        changed, more = applied(problem, person, each["change"])
        event(f"{each['side']} {each['change']['kind']}")
        assert can_be_placed(changed, pairs, person.member_id, more), each


@given(rounds_of())
def test_no_smaller_change_would_do(given_round: tuple[Problem, list[Pair]]) -> None:
    problem, pairs = given_round

    for each in unplaced(problem, pairs):
        person = {**problem.mentor, **problem.mentee}[each["member"]]
        size = KINDS.index(each["change"]["kind"])
        assert not [
            (kind, changed)
            for kind, changed, more in smaller(problem, person)
            if KINDS.index(kind) < size and can_be_placed(changed, pairs, person.member_id, more)
        ]


def smaller(problem: Problem, person: Candidate) -> list[tuple[str, Problem, list[Pair]]]:
    """Every change there is of the first kinds."""
    others = problem.mentees if person.side is Side.MENTOR else problem.mentors
    found: list[tuple[str, Problem, list[Pair]]] = [("none", problem, [])]
    for other in others:
        two = between(person, other.member_id, problem)
        pair, bars = (two[0].member_id, two[1].member_id), set(open_bars(*two, problem.ground))
        if pair in problem.forbidden:
            found.append(("wish", replace(problem, forbidden=problem.forbidden - {pair}), []))
        elif bars and bars <= {Bar.LEVEL_UNKNOWN, Bar.TEAM_UNKNOWN, Bar.REPORTING_LINE_UNKNOWN}:
            found.append(("gap", problem, [pair]))
        elif bars in ({Bar.LEVEL}, {Bar.NO_LANGUAGE}):
            found.append(("rule", problem, [pair]))
        if other.side is Side.MENTOR and other.capacity < MOST_AT_ONCE:
            found.append(("seat", with_people(problem, replace(other, capacity=other.capacity + 1)), []))
        found.append(("site", with_people(problem, replace(person, site=other.site)), []))
    ways = [with_people(problem, replace(person, ways=person.ways | {way})) for way in ("online", "in_person")]
    return [*found, *(("way", changed, list[Pair]()) for changed in ways)]


@given(rounds_of())
def test_whoever_has_nobody_is_told_and_nobody_else(given_round: tuple[Problem, list[Pair]]) -> None:
    problem, pairs = given_round

    found = [each["member"] for each in unplaced(problem, pairs)]

    placed = {each for pair in pairs for each in pair}
    assert sorted(found) == [
        each.member_id for each in (*problem.mentors, *problem.mentees) if each.member_id not in placed
    ]


@given(rounds_of())
def test_the_rules_in_the_way_are_counted_as_one_by_one(given_round: tuple[Problem, list[Pair]]) -> None:
    problem, pairs = given_round

    for each in unplaced(problem, pairs):
        person = {**problem.mentor, **problem.mentee}[each["member"]]
        others = problem.mentees if person.side is Side.MENTOR else problem.mentors
        assert each["bars"] == [[bar.value, many] for bar, many in left_out(person, others, problem.ground)]


@given(rounds_of(), st.data())
def test_what_was_told_in_confidence_changes_nothing(
    given_round: tuple[Problem, list[Pair]], data: st.DataObject
) -> None:
    problem, pairs = given_round

    other = data.draw(with_secrets(problem))

    assert json.dumps(unplaced(other, pairs)) == json.dumps(unplaced(problem, pairs))
