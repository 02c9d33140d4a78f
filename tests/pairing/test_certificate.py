"""The checker accepts the best round and no other, whatever prices come with it: as trying out every round would."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pairing.candidates import DAY, GROUNDS, members
from pairing.markets import Market, larger_markets, markets

from bot.pairing.candidates import Candidate, Ground
from bot.pairing.engine import certificate, solver
from bot.pairing.engine.certificate import NOT_THE_BEST
from bot.pairing.engine.tables import Tables
from bot.pairing.problem import Problem
from store.models import Side

MARKET = Market([[5, 1, 3], [3, None, 2], [4, 4, None]], [1, 1, 2])


def objection(market: Market, **changed: object) -> str | None:
    """What the checker says of the solver's round, with this changed."""
    found = replace(solver.solve(market), **changed)
    return certificate.check(market, found.pairs, found.prices, found.placing)


@settings(max_examples=120, deadline=None)
@given(markets())
def test_the_solvers_rounds_are_accepted(market: Market) -> None:
    assert objection(market) is None


@settings(max_examples=120, deadline=None)
@given(markets(), st.data())
def test_of_all_rounds_those_are_accepted_that_are_as_good_as_the_best(market: Market, data: st.DataObject) -> None:
    """With the prices of the best round, which are the most plausible there are."""
    found = solver.solve(market)
    pairs = data.draw(st.sampled_from(market.rounds()))

    said = certificate.check(market, pairs, found.prices, found.placing)

    assert said == (None if market.worth(pairs) == market.best else NOT_THE_BEST)


@settings(max_examples=80, deadline=None)
@given(markets(), st.data())
def test_no_prices_make_a_worse_round_the_best(market: Market, data: st.DataObject) -> None:
    pairs = data.draw(st.sampled_from(market.rounds()))
    assume(market.worth(pairs) != market.best)
    placing = data.draw(st.integers(0, 500))
    near = st.integers(0, 2 * placing + 20)
    prices = {mentor: data.draw(near) for mentor in market.mentor_ids.tolist()}

    assert certificate.check(market, pairs, prices, placing) is not None


@settings(max_examples=60, deadline=None)
@given(larger_markets(), st.data())
def test_inflated_prices_are_refused(market: Market, data: st.DataObject) -> None:
    """A seat that is free has no price; where all are taken, more for some seats is less for those who sit there."""
    found = solver.solve(market)
    taken = [mentor for mentor, _ in found.pairs]
    free = [
        mentor
        for mentor, seats in zip(market.mentor_ids.tolist(), market.capacities, strict=True)
        if taken.count(mentor) < seats
    ]
    assume(free)
    dearer = data.draw(st.sampled_from(free))

    prices = {**found.prices, dearer: found.prices[dearer] + data.draw(st.integers(1, 99))}

    assert certificate.check(market, found.pairs, prices, found.placing) == NOT_THE_BEST


@settings(max_examples=60, deadline=None)
@given(larger_markets(), st.data())
def test_a_round_with_a_pair_dropped_is_refused(market: Market, data: st.DataObject) -> None:
    found = solver.solve(market)
    assume(found.pairs)
    dropped = data.draw(st.integers(0, len(found.pairs) - 1))

    pairs = found.pairs[:dropped] + found.pairs[dropped + 1 :]

    assert certificate.check(market, pairs, found.prices, found.placing) == NOT_THE_BEST


@settings(max_examples=60, deadline=None)
@given(larger_markets(), st.data())
def test_a_round_with_two_mentors_swapped_is_refused_unless_it_is_as_good(market: Market, data: st.DataObject) -> None:
    found = solver.solve(market)
    swaps = [
        (one, other)
        for one, other in combinations(found.pairs, 2)
        if market.may(other[0], one[1]) and market.may(one[0], other[1])
    ]
    assume(swaps)
    one, other = data.draw(st.sampled_from(swaps))
    swapped = [(other[0], one[1]), (one[0], other[1])]

    pairs = [*(pair for pair in found.pairs if pair not in (one, other)), *swapped]

    said = certificate.check(market, pairs, found.prices, found.placing)
    assert said == (None if market.worth(pairs) == (found.placed, found.total) else NOT_THE_BEST)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"pairs": [(100, 0), (100, 1), (101, 2)]}, "it gives a mentor more people than they have room for"),
        ({"pairs": [(100, 0), (102, 0)]}, "it pairs a mentee twice"),
        ({"pairs": [(102, 0), (100, 1), (102, 2)]}, "it pairs two who may not be paired"),
        ({"pairs": [(100, 9)]}, "it pairs somebody who doesn't wait in this round"),
        ({"pairs": [(99, 0)]}, "it pairs somebody who doesn't wait in this round"),
        ({"prices": {100: 0, 101: 0}}, "its prices aren't those of the mentors in this round"),
        ({"prices": {100: 0, 101: -1, 102: 0}}, "one of its prices is below nothing"),
        ({"prices": {100: 0, 101: 0.5, 102: 0}}, "its numbers aren't whole numbers"),
        ({"prices": {100: 2**60, 101: 0, 102: 0}}, "its numbers are too large to be added up exactly"),
        ({"placing": 2**70}, "its numbers are too large to be added up exactly"),
        ({"placing": 15}, "to be placed counts too little in it against how well people fit"),
    ],
)
def test_a_round_that_is_wrong_is_refused_with_the_reason(changed: dict[str, object], said: str) -> None:
    assert objection(MARKET, **changed) == said


def test_a_pinned_pair_that_is_left_out_is_refused() -> None:
    market = Market([[None, None], [4, 6]], [0, 1], pins=((100, 0),))

    assert objection(market) is None
    assert objection(market, pairs=[(101, 1)]) == "it leaves out a pair that was pinned"


@settings(max_examples=60, deadline=None)
@given(members(Side.MENTOR), members(Side.MENTEE), GROUNDS, st.data())
def test_rounds_of_people_are_proven_with_every_wish_of_a_coordinator(
    mentors: list[Candidate], mentees: list[Candidate], ground: Ground, data: st.DataObject
) -> None:
    """And the order in which people come doesn't matter."""
    ids = st.tuples(*(st.sampled_from([each.member_id for each in side] or [0]) for side in (mentors, mentees)))
    wishes = {name: data.draw(st.frozensets(ids, max_size=2)) for name in ("pinned", "forbidden")}
    lines = dict.fromkeys(("ana", "bo", "cy", "di", "eve"), ())
    problem = Problem(7, DAY, tuple(mentors), tuple(mentees), lines, ground.met, **wishes)
    tables = Tables(problem)

    found = solver.solve(tables)

    assert certificate.check(tables, found.pairs, found.prices, found.placing) is None
    assert set(problem.pins) <= set(found.pairs)
    assert not problem.forbidden & set(found.pairs)
    assert found.total == sum(tables.fit(*pair) for pair in found.pairs)
    again = replace(problem, mentors=tuple(reversed(mentors)), mentees=tuple(reversed(mentees)))
    assert solver.solve(Tables(again)) == found
