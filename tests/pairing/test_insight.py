"""What the rules cost, what a wish costs and what other weights would change: true where everything can be tried."""

import json
from collections.abc import Collection
from dataclasses import replace
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pairing.candidates import DAY, mentee, mentor
from pairing.small_rounds import Pair, allowed, problems, rounds

from bot.pairing.bars import Bar, hard_bar, open_bars
from bot.pairing.candidates import Candidate
from bot.pairing.engine import reach
from bot.pairing.engine.insight import cost, overview, preview, unplaced
from bot.pairing.fit import fit
from bot.pairing.problem import Problem
from bot.pairing.weights import WEIGHABLE


def worth(problem: Problem, pairs: Collection[Pair]) -> tuple[int, int]:
    """How many are placed, and how well they fit as far as it is open."""
    fits = (fit(problem.mentor[one], problem.mentee[other], problem.ground) for one, other in pairs)
    return len(pairs), sum(each.open_total for each in fits)


def best(problem: Problem) -> tuple[tuple[int, int], list[Pair]]:
    """By trying every round."""
    kept = set(problem.pins)
    found = [each for each in rounds(problem, allowed(problem) | kept) if kept <= each]
    pairs = max(found, key=lambda each: (worth(problem, each), sorted(each)))
    return worth(problem, pairs), sorted(pairs)


# ---- Before a round


@given(problems)
def test_each_rule_is_counted_pair_by_pair(problem: Problem) -> None:
    bars = {
        (one, other): set(open_bars(one, other, problem.ground)) for one in problem.mentors for other in problem.mentees
    }

    found = overview(problem)

    assert found["possible"] == sum(not each for each in bars.values())
    assert {each["bar"]: (each["removes"], each["only"]) for each in found["rules"]} == {
        bar.value: (removes, sum(each == {bar} for each in bars.values()))
        for bar in Bar
        if (removes := sum(bar in each for each in bars.values()))
    }


@given(problems)
def test_a_rule_makes_those_unplaceable_who_would_have_somebody_without_it(problem: Problem) -> None:
    found = overview(problem)

    def has_somebody(person: Candidate, without: Bar | None) -> bool:
        return any(
            set(open_bars(one, other, problem.ground)) <= {without}
            for one in problem.mentors
            for other in problem.mentees
            if person in (one, other)
        )

    nobody = {each.member_id: each for each in (*problem.mentees, *problem.mentors) if not has_somebody(each, None)}
    assert found["nobody"] == list(nobody)
    for rule in found["rules"]:
        assert rule["who"] == [one for one, each in nobody.items() if has_somebody(each, Bar(rule["bar"]))]
        assert rule["unplaceable"] == len(rule["who"])


@given(problems)
def test_as_many_can_be_placed_as_the_best_round_places(problem: Problem) -> None:
    found = overview(problem)

    free = replace(problem, pinned=frozenset(), forbidden=frozenset())
    assert found["placed"] == best(free)[0][0]
    assert found["placed"] <= found["placeable"] <= found["mentees"]


def company(mentors: list[Candidate], mentees: list[Candidate], **facts: Any) -> Problem:
    lines = {each.slack_id: () for each in (*mentors, *mentees)}
    return Problem(seed=1, day=DAY, mentors=tuple(mentors), mentees=tuple(mentees), lines=lines, **facts)


def several(make: Any, first: int, *facts: dict[str, Any]) -> list[Candidate]:
    return [
        make(member_id=number, slack_id=f"U{number}", teams=frozenset({f"T{number}"}), **each)
        for number, each in enumerate(facts, first)
    ]


def test_a_topic_that_more_wish_for_than_places_offer_is_short() -> None:
    ai, remote, green = ({"topics": (topic,)} for topic in ("ai_tools", "remote_work", "green"))
    mentors, mentees = several(mentor, 1, ai, remote, remote, remote), several(mentee, 11, ai, ai, remote, green)

    found = overview(company(mentors, mentees))["short"]

    assert [(each["topic"], each["wanted"], each["offered"]) for each in found] == [("green", 1, 0), ("ai_tools", 2, 1)]
    assert found[1]["worth"] > 0


def test_where_there_is_enough_of_everything_nothing_is_short() -> None:
    ai, remote = ({"topics": (topic,)} for topic in ("ai_tools", "remote_work"))

    found = overview(company(several(mentor, 1, ai, ai, remote, remote), several(mentee, 11, ai, remote)))

    assert found["short"] == []


def test_an_overview_of_nobody_is_of_nobody() -> None:
    found = overview(company([], []))

    assert found == {
        "mentors": 0, "mentees": 0, "seats": 0, "possible": 0, "placeable": 0, "placed": 0,
        "nobody": [], "rules": [], "short": [],
    }  # fmt: skip


# ---- What a wish costs


def wished(problem: Problem, seed: int) -> dict[str, Any] | None:
    """Something that a coordinator might ask for."""
    chance = Random(seed)
    everyone = [(one.member_id, other.member_id) for one in problem.mentors for other in problem.mentees]
    if not everyone:
        return None
    pairs = best(problem)[1]
    if len(pairs) > 1 and chance.random() < 0.3:
        return {"swap": chance.sample(pairs, 2)}
    return {"forbid": chance.choice(pairs)} if pairs and chance.random() < 0.4 else {"pin": chance.choice(everyone)}


def together(wish: dict[str, Any]) -> set[Pair]:
    """Who would be a pair by it."""
    if "swap" in wish:
        (one, ones), (other, others) = wish["swap"]
        return {(one, others), (other, ones)}
    return {wish["pin"]} if "pin" in wish else set()


def granted(problem: Problem, wish: dict[str, Any]) -> Problem:
    """The problem with the wish in it."""
    wanted, apart = together(wish), {wish["forbid"]} if "forbid" in wish else set[Pair]()
    kept = {pair for pair in problem.pinned - apart if pair[1] not in {mentee for _, mentee in wanted}}
    return replace(problem, forbidden=(problem.forbidden - wanted) | apart, pinned=frozenset(kept | wanted))


@given(problems, st.integers(0, 2**32))
def test_a_wish_costs_what_the_best_round_with_it_is_worse(problem: Problem, seed: int) -> None:
    before, pairs = best(problem)
    wish = wished(problem, seed)
    if wish is None:
        return

    found = cost(problem, pairs, wish)

    with_it = granted(problem, wish)
    if not together(wish) <= set(with_it.pins):
        two = [(problem.mentor[one], problem.mentee[other]) for one, other in sorted(together(wish))]
        hard = [hard_bar(*each, problem.ground) for each in two]
        assert found == {"bar": next((bar.value for bar in hard if bar), "no_seat")}
        return
    after = best(with_it)[0]
    assert found["placed"] == min(after[0] - before[0], 0)
    assert (found["open_fit"] == "none") == (after[1] >= before[1])


@given(problems, st.integers(0, 2**32))
def test_whoever_would_lose_their_partner_is_named(problem: Problem, seed: int) -> None:
    _, pairs = best(problem)
    wish = wished(problem, seed)
    if wish is None:
        return

    found = cost(problem, pairs, wish)

    lost = [each for each in found.get("who", []) if each["how"] == "partner"]
    placed = {each for pair in pairs for each in pair}
    assert {each["member"] for each in lost} <= placed
    mentees = [each for each in lost if each["member"] in problem.mentee]
    assert len(mentees) >= -found.get("placed", 0)


def test_a_pair_that_reports_to_one_another_can_not_be_had_at_any_price() -> None:
    problem = company(several(mentor, 1, {}), several(mentee, 11, {}))
    problem = replace(problem, lines={"U1": ("U11",), "U11": ()})

    assert cost(problem, [], {"pin": (1, 11)}) == {"bar": "reporting_line"}


def test_a_wish_that_changes_nothing_costs_nothing() -> None:
    problem = company(several(mentor, 1, {}), several(mentee, 11, {}))

    assert cost(problem, [(1, 11)], {"pin": (1, 11)}) == {"placed": 0, "open_fit": "none", "who": [], "moves": 0}


def test_who_would_lose_to_a_wish_is_told_and_how() -> None:
    """There is one mentor for two: whoever is wished for takes the place of the other."""
    problem = company(several(mentor, 1, {}), several(mentee, 11, {}, {"topics": ()}))

    found = cost(problem, [(1, 11)], {"pin": (1, 12)})

    assert found["who"] == [{"member": 11, "how": "partner"}, {"member": 1, "how": "band"}]
    assert (found["placed"], found["open_fit"]) == (0, "much")


def test_what_has_nothing_to_do_with_a_wish_is_no_part_of_its_cost() -> None:
    """The second two could fit better by themselves: nobody loses it by what is wished of the first two."""
    ai, remote = ({"topics": (topic,)} for topic in ("ai_tools", "remote_work"))
    apart = [
        {**each, "languages": frozenset({language})}
        for each, language in ((ai, "en"), (ai, "en"), (ai, "de"), (remote, "de"))
    ]
    problem = company(several(mentor, 1, *apart), several(mentee, 11, *apart))
    crossed = [(1, 11), (2, 12), (3, 14), (4, 13)]

    found = cost(problem, crossed, {"swap": [(1, 11), (2, 12)]})

    assert found == {"placed": 0, "open_fit": "none", "who": [], "moves": 0}


def test_in_a_repair_a_wish_costs_what_the_next_smallest_repair_is_worse() -> None:
    """1 is alone and gets 11. 2 and 12 are a pair that may be changed; 3 waits too, and is nobody's business here."""
    problem = company(several(mentor, 1, {}, {}, {}), several(mentee, 11, {}, {}, {"topics": ()}))
    repair = {"pairs": [[2, 12]], "member": 1, "most_changes": 2}
    pairs = [(1, 11), (2, 12)]

    assert cost(problem, pairs, {"forbid": (1, 11)}, repair=repair) == {
        "placed": 0, "open_fit": "much", "who": [{"member": 11, "how": "partner"}, {"member": 1, "how": "band"}],
        "moves": 1,
    }  # fmt: skip
    assert cost(problem, pairs, {"pin": (1, 11)}, repair=repair) == {
        "placed": 0, "open_fit": "none", "who": [], "moves": 0,
    }  # fmt: skip


def test_in_a_repair_a_wish_may_leave_alone_whom_it_is_for() -> None:
    problem = company(several(mentor, 1, {}, {}), several(mentee, 11, {}, {}))
    repair = {"pairs": [[2, 12]], "member": 1, "most_changes": 0}

    found = cost(problem, [(1, 11), (2, 12)], {"forbid": (1, 11)}, repair=repair)

    assert found["placed"] == -1
    assert [each["member"] for each in found["who"] if each["how"] == "partner"] == [1, 11]


# ---- What other weights would change


@given(problems)
def test_the_same_weights_change_nothing(problem: Problem) -> None:
    found = preview(problem, {})

    assert found["changed"] == 0
    assert all(before == after for before, after in found["parts"].values())
    assert set(found["parts"]) == {part.value for part in WEIGHABLE}


def test_a_preview_says_in_how_many_pairs_each_part_is_before_and_after() -> None:
    """With topics as usual each gets their wish; without them, somebody from another department."""
    ai, remote = ({"topics": (topic,)} for topic in ("ai_tools", "remote_work"))
    mentors = several(mentor, 1, {**ai, "department": "Sales"}, {**remote, "department": "Law"})
    mentees = several(mentee, 11, {**ai, "department": "Sales"}, {**remote, "department": "Law"})

    found = preview(company(mentors, mentees), {"topics": 0})

    assert (found["same"], found["changed"]) == (0, 2)
    assert found["parts"]["topics"] == [2, 0]
    assert found["parts"]["department"] == [0, 2]


# ---- All of it


@pytest.mark.parametrize("answer", [overview, lambda problem: preview(problem, {"site": 3})])
def test_answers_are_plain_data(answer: Any) -> None:
    found = answer(company(several(mentor, 1, {}, {}), several(mentee, 11, {})))

    assert json.loads(json.dumps(found)) == found


@given(problems)
def test_a_large_round_is_looked_at_in_pieces_that_make_the_same_whole(problem: Problem) -> None:
    pairs = best(problem)[1]
    whole = overview(problem), unplaced(problem, pairs)

    with patch.object(reach, "AT_ONCE", 3):
        pieces = overview(problem), unplaced(problem, pairs)

    assert pieces == whole
