"""All pairs at once are what each pair is on its own."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pairing.candidates import DAY, IDS, NETWORKS, TOPICS, ZONES, mentee, mentor, problems

from bot.pairing.bars import Bar, open_bars
from bot.pairing.candidates import Candidate
from bot.pairing.engine import kinds, tables
from bot.pairing.engine.tables import Tables
from bot.pairing.fit import fit
from bot.pairing.problem import Problem
from bot.pairing.weights import A_LOT, WEIGHABLE, weights
from bot.working_time import PARTS_OF_DAY
from store.models import Side, Way

Cells = list[list[Any]]


def totals(of: Tables, *cuts: int) -> Cells:
    """What the tables say of every pair: None where two may not pair. Made in blocks that end at the cuts."""
    ends = sorted({0, len(of.mentee_ids), *(cut for cut in cuts if cut < len(of.mentee_ids))})
    blocks = [of.block(start, stop) for start, stop in pairwise(ends)]
    block = np.concatenate(blocks) if blocks else of.block(0, 0)
    whole = block.astype(np.int64) + of.row_offset[:, np.newaxis] + of.column_offset
    return np.where(block == of.barred, None, whole).tolist()  # type: ignore[no-any-return, call-overload]


def one_by_one(problem: Problem) -> Cells:
    return [
        [fit(one, other, problem.ground).total if problem.may_pair(one, other) else None for one in problem.mentors]
        for other in problem.mentees
    ]


@settings(max_examples=40)
@given(problems(), st.integers(1, 4), st.sampled_from([0, 3, kinds.AT_HAND]), st.sampled_from([1, tables.AT_ONCE]))
def test_every_pair_has_the_fit_in_the_tables_that_it_has_alone(
    problem: Problem, cut: int, at_hand: int, at_once: int
) -> None:
    """However little is kept at hand, and in whatever blocks they are made."""
    with pytest.MonkeyPatch.context() as limits:
        limits.setattr(kinds, "AT_HAND", at_hand)
        limits.setattr(tables, "AT_ONCE", at_once)
        found = totals(Tables(problem), cut)

    assert found == one_by_one(problem)


@pytest.mark.parametrize("seed", range(5))
def test_a_whole_company_is_worked_out_as_each_pair_is_alone(seed: int) -> None:
    """Many of these may pair, so that all of the fit is seen."""
    problem = company(random.Random(seed))

    found = totals(Tables(problem))

    assert found == one_by_one(problem)
    assert sum(cell is None for row in found for cell in row) < 0.9 * len(problem.mentors) * len(problem.mentees)


def company(chance: random.Random) -> Problem:
    """A tree of people, of whom every other one is a mentor."""
    ids = [f"U{number}" for number in range(60)]
    lines: dict[str, Any] = {each: (ids[(number - 1) // 4],) for number, each in enumerate(ids) if number}
    people = [somebody(chance, number, ids) for number in range(60)]
    words = {part.value: chance.choice([0, 1, 2, 3]) for part in WEIGHABLE}
    return two(
        mentors=[each for each in people if each.side is Side.MENTOR],
        mentees=[each for each in people if each.side is Side.MENTEE],
        lines={**lines, ids[0]: (), ids[59]: None, ids[58]: ("ghost",), ids[13]: (ids[14],), ids[14]: (ids[13],)},
        met={(ids[2], ids[3]), (ids[5], ids[4])},
        weights=weights(words if chance.random() < 0.5 else {}),
    )


def somebody(chance: random.Random, number: int, ids: list[str]) -> Candidate:
    def some(names: Iterable[str], most: int) -> list[str]:
        return chance.sample(sorted(names), chance.randint(0, most))

    return replace(
        mentee(level=chance.choice([3, 5, 5, 6, None])) if number % 2 else mentor(level=chance.choice([1, 2, 3])),
        member_id=number,
        slack_id=ids[number],
        teams=frozenset({f"Team {number % 17}", *some(["Guild", "guild"], 1)}),
        department=chance.choice(["Sales", "sales ", "People", "Design", None]),
        function=chance.choice(["Sales", "Data", None]),
        site=chance.choice(["Lisbon", "Berlin", None]),
        zone=chance.choice([*ZONES[:3], "Europe/Lisbon", "America/Los_Angeles", "Pacific/Auckland"]),
        languages=frozenset({"en", *some(["de", "pt", "fr"], 3)}),
        topics=tuple(some(TOPICS, 14)),
        ways=frozenset({Way.ONLINE, *some(Way, 2)}),
        avoid=frozenset(some(ids, 2)),
        rounds_waited=chance.randint(0, 8),
        started_on=chance.choice([None, date(chance.randint(2005, 2026), 3, chance.randint(1, 5))]),
        networks=frozenset(some(NETWORKS, 2)),
        hours=frozenset(some(PARTS_OF_DAY, 2)),
        is_first_in_line=chance.random() < 0.1,
    )


@settings(max_examples=40)
@given(problems())
def test_every_rule_bars_the_same_pairs_in_the_tables_as_alone(problem: Problem) -> None:
    assert barring(problem) == barring_one_by_one(problem)


@pytest.mark.parametrize("seed", range(3))
def test_every_rule_bars_the_same_pairs_of_a_whole_company(seed: int) -> None:
    problem = company(random.Random(seed))

    assert barring(problem) == barring_one_by_one(problem)


def barring(problem: Problem) -> dict[Bar, Cells]:
    return {bar: cells.tolist() for bar, cells in Tables(problem).bars(0, len(problem.mentees)).items()}


def barring_one_by_one(problem: Problem) -> dict[Bar, Cells]:
    return {
        bar: [[stands_in_the_way(bar, one, other, problem) for one in problem.mentors] for other in problem.mentees]
        for bar in Bar
    }


def stands_in_the_way(bar: Bar, one: Any, other: Any, problem: Problem) -> bool:
    if bar is Bar.NOT_AVAILABLE:
        return one.slack_id in other.avoid or other.slack_id in one.avoid
    return bar in open_bars(one, other, problem.ground)


def two(**facts: Any) -> Problem:
    """Two of each side, who all may pair."""
    people = [mentor(member_id=number, slack_id=IDS[number]) for number in (1, 2)]
    others = [mentee(member_id=number, slack_id=IDS[number]) for number in (3, 4)]
    given = {"mentors": people, "mentees": others, "lines": dict.fromkeys(IDS, ())} | facts
    return Problem(seed=7, day=DAY, **given)


def test_a_pinned_pair_is_placed_already_and_takes_one_seat() -> None:
    problem = two(pinned={(1, 3)})

    found = Tables(problem)

    assert problem.pins == ((1, 3),)
    assert found.capacity.tolist() == [0, 1]
    assert [[cell is None for cell in row] for row in totals(found)] == [[True, True], [False, False]]


def test_pairs_that_a_coordinator_keeps_apart_are_absent() -> None:
    assert [[cell is None for cell in row] for row in totals(Tables(two(forbidden={(2, 4)})))] == [
        [False, False],
        [False, True],
    ]


def test_with_weights_as_usual_a_pair_takes_one_byte() -> None:
    a_lot = weights({part.value: A_LOT for part in WEIGHABLE})

    assert Tables(two()).block(0, 2).nbytes == 4
    assert Tables(two(weights=a_lot)).block(0, 2).nbytes == 8


@pytest.mark.parametrize(("mentors", "mentees"), [((), ()), ((mentor(),), ()), ((), (mentee(),))])
def test_tables_of_nobody_are_empty(mentors: Any, mentees: Any) -> None:
    found = Tables(two(mentors=mentors, mentees=mentees))

    assert found.block(0, len(mentees)).shape == (len(mentees), len(mentors))
    assert {cells.shape for cells in found.bars(0, len(mentees)).values()} == {(len(mentees), len(mentors))}


@pytest.mark.parametrize("fact", ["department", "function", "site", "teams", "zone", "languages", "level"])
def test_people_who_have_nothing_alike_are_worked_out_too(fact: str) -> None:
    """Of each kind there is one: nothing can be kept at hand for all of them."""
    values = [of_its_own(fact, number) for number in range(60)]
    mentors = [replace(mentor(member_id=number, **{fact: values[number]})) for number in range(1, 30)]
    mentees = [replace(mentee(member_id=number, **{fact: values[number]})) for number in range(30, 60)]
    problem = two(mentors=mentors, mentees=mentees)

    with pytest.MonkeyPatch.context() as limits:
        limits.setattr(kinds, "AT_HAND", 100)
        found = totals(Tables(problem))

    assert found == one_by_one(problem)


def of_its_own(fact: str, number: int) -> Any:
    match fact:
        case "level":
            return number
        case "zone":
            return f"Etc/GMT{number % 27 - 14:+d}"
        case "teams" | "languages":
            return frozenset({"en", str(number)})
    return f"{fact} {number}"
