"""What was told in confidence is used, never shown: change it while the pairs stay, and every byte stays the same."""

import json
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import make
from hypothesis import given, settings
from hypothesis import strategies as st
from pairing.small_rounds import Pair, a_problem, allowed, problems, rounds, with_secrets

from bot.pairing import why
from bot.pairing.engine import insight, leftover
from bot.pairing.fit import fit
from bot.pairing.problem import Problem
from bot.pairing.reasons import reasons
from bot.pairing.review import weighing_blocks
from store.models import Side

WORDS = make.words()


def a_round(problem: Problem, chance: Random) -> list[Pair]:
    """Any round that could be, for whatever reason nobody sees."""
    kept = set(problem.pins)
    found = [each for each in rounds(problem, allowed(problem) | kept) if kept <= each]
    most = max(map(len, found))
    return sorted(chance.choice([each for each in found if len(each) >= most - 1]))


def everything_shown(problem: Problem, pairs: Sequence[Pair], chance: Random) -> dict[str, Any]:
    """All that anybody is shown of these pairs, as plain data and in words, in the order in which it is shown."""
    names = {member: f"<@{each.slack_id}>" for member, each in {**problem.mentor, **problem.mentee}.items()}
    overview, unplaced = insight.overview(problem), leftover.unplaced(problem, pairs)
    costs = [insight.cost(problem, pairs, wish) for wish in _wishes(problem, pairs, chance)]
    preview = insight.preview(problem, {"topics": chance.randrange(4), "site": chance.randrange(4)})
    return {
        "pairs": _best_first(problem, pairs),
        "unplaced": [unplaced, [why.unplaced(each, WORDS, names) for each in unplaced]],
        "overview": [overview, why.overview(overview, WORDS, names)],
        "costs": [costs, [why.cost(each, WORDS, names) for each in costs]],
        "preview": [preview, weighing_blocks.changes(preview)],
    }


def _best_first(problem: Problem, pairs: Sequence[Pair]) -> list[Any]:
    """Each pair with its band and its reasons in words for each reader, as the review sorts them."""
    found = []
    for one, other in pairs:
        mentor, mentee = problem.mentor[one], problem.mentee[other]
        facts = reasons(mentor, mentee, problem.ground)
        said = [why.reasons(facts, WORDS, reader) for reader in (None, *Side)]
        found.append([-fit(mentor, mentee, problem.ground).open_total, one, other, facts, said])
    return sorted(found, key=lambda each: each[:3])


def _wishes(problem: Problem, pairs: Sequence[Pair], chance: Random) -> list[dict[str, Any]]:
    wishes: list[dict[str, Any]] = [{"forbid": pair} for pair in pairs[:1]]
    if len(pairs) > 1:
        wishes.append({"swap": chance.sample(pairs, 2)})
    if problem.mentors and problem.mentees:
        wishes.append({"pin": (chance.choice(problem.mentors).member_id, chance.choice(problem.mentees).member_id)})
    return wishes


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.data())
def test_a_secret_changes_no_byte_of_what_is_shown(seed: int, data: st.DataObject) -> None:
    problem = a_problem(Random(seed))
    pairs = a_round(problem, Random(seed))

    other = data.draw(with_secrets(problem))

    before, after = (json.dumps(everything_shown(each, pairs, Random(seed))) for each in (problem, other))
    assert after == before


@given(problems, st.data())
def test_what_is_worked_out_for_people_is_worked_out_without_secrets(problem: Problem, data: st.DataObject) -> None:
    """The bot may leave them out before it asks: the answer is the same."""
    told = data.draw(with_secrets(problem))

    bare = told.without_secrets()

    assert json.dumps(insight.overview(told)) == json.dumps(insight.overview(bare))
    assert not any(each.avoid or each.networks for each in (*bare.mentors, *bare.mentees))


def test_somebody_who_is_avoided_and_somebody_whose_place_is_taken_look_alike() -> None:
    """Both mentees could have the one mentor there is by every rule that may be named."""
    problem = next(
        each
        for each in map(a_problem, map(Random, range(10_000)))
        if len(each.mentors) == 1 and len(each.mentees) == 2 and len(allowed(each)) == 2 and not each.pinned
    )
    (mentor,), (first, second) = problem.mentors, problem.mentees
    avoided = replace(problem, mentors=(replace(mentor, avoid=frozenset({second.slack_id})),))
    pairs = [(mentor.member_id, first.member_id)]

    taken, not_wanted = (leftover.unplaced(each, pairs)[0] for each in (problem, avoided))

    assert taken == not_wanted
    assert taken["bars"] == [["not_available", 1]]
