"""The solver's rounds are the best there are, and what it leaves behind proves it."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pairing.markets import Market, larger_markets, markets

from bot.pairing.engine import certificate, solver
from bot.pairing.engine.edges import Edges, Seats
from bot.pairing.engine.market import Market as Priced

FIT_AT_MOST = 250


def solved(market: Market) -> list[tuple[int, int]]:
    return solver.solve(market).pairs


@settings(max_examples=150, deadline=None)
@given(markets())
@example(Market([[5, 1], [3, None]], [1, 1]))
@example(Market([[5], [3], [4]], [2], of_mentees=[0, 9, 0]))
def test_no_round_places_more_or_fits_better(market: Market) -> None:
    found = solver.solve(market)

    assert (found.placed, found.total) == market.worth(found.pairs) == market.best


@settings(max_examples=60, deadline=None)
@given(markets(fits=st.sampled_from([1, FIT_AT_MOST]), offsets=st.sampled_from([0, 5_000])))
@example(Market([[1, None, None], [FIT_AT_MOST, 1, None], [None, FIT_AT_MOST, 1]], [1, 1, 1]))
def test_even_the_largest_fit_never_buys_a_place_of_someone_else(market: Market) -> None:
    assert market.worth(solved(market)) == market.best


@settings(max_examples=100, deadline=None)
@given(larger_markets())
def test_larger_rounds_are_as_good_as_those_of_scipy_and_proven(market: Market) -> None:
    found = solver.solve(market)

    assert (found.placed, found.total) == market.worth(found.pairs) == market.best_by_scipy
    assert certificate.check(market, found.pairs, found.prices, found.placing) is None


@settings(max_examples=60, deadline=None)
@given(larger_markets())
def test_nobody_is_barred_over_capacity_or_twice(market: Market) -> None:
    pairs = solved(market)

    assert all(market.may(*pair) for pair in pairs)
    assert len({mentee for _, mentee in pairs}) == len(pairs)
    room = dict(zip(market.mentor_ids.tolist(), market.capacities, strict=True))
    assert Counter(mentor for mentor, _ in pairs) <= Counter(room)


@settings(max_examples=50, deadline=None)
@given(larger_markets())
def test_the_same_round_is_found_again(market: Market) -> None:
    assert solver.solve(market) == solver.solve(market)


def test_another_seed_may_choose_another_of_equal_rounds() -> None:
    found = [solved(Market([[4, 4], [4, 4]], [1, 1], seed=seed)) for seed in range(20)]

    assert len({tuple(each) for each in found}) == 2


def test_a_recorded_seed_gives_the_recorded_round_on_any_machine() -> None:
    """If this changes, with a new scipy perhaps, stored rounds can't be run again: think twice."""
    found = [solved(Market([[3, 3, 3], [3, 3, 3], [3, 3, 3]], [1, 1, 1], seed=seed)) for seed in (1, 2)]

    assert found == [[(101, 0), (100, 1), (102, 2)], [(101, 0), (102, 1), (100, 2)]]


def test_a_barred_pair_is_absent_and_not_merely_cheap() -> None:
    """The second mentee can only have the first mentor, so the first gives up their best fit."""
    assert solved(Market([[5, 1], [3, None]], [1, 1])) == [(101, 0), (100, 1)]


def test_a_mentor_who_may_take_three_takes_three_when_that_fits_best() -> None:
    assert solved(Market([[9, 1], [8, 1], [7, 1], [6, 5]], [3, 3])) == [(100, 0), (100, 1), (100, 2), (101, 3)]


def test_room_for_everybody_is_no_more_work_than_room_for_one() -> None:
    """Hundreds of seats that each of hundreds might take would be tens of thousands of choices beside each mentor."""
    everyone = Edges(np.arange(400), np.zeros(400, np.int64))

    work = [Seats(Priced(Market([[1]] * 400, [room]), print), everyone).by_edge() for room in (1, 400, 9999)]

    assert [len(each) for each in work] == [400, 400, 400]


def test_with_too_few_mentors_those_are_placed_who_fit_best() -> None:
    assert solved(Market([[4], [9], [6]], [2])) == [(100, 1), (100, 2)]


def test_with_too_few_mentors_a_long_wait_counts() -> None:
    assert solved(Market([[4], [9], [6]], [1], of_mentees=[60, 0, 0])) == [(100, 0)]


@pytest.mark.parametrize(
    "market",
    [
        Market([], []),
        Market([[], []], []),
        Market([], [1, 2]),
        Market([[None, None], [None, None]], [1, 3]),
        Market([[5, 5]], [0, 0]),
    ],
    ids=["nobody", "mentees only", "mentors only", "all barred", "no room"],
)
def test_a_round_without_a_possible_pair_is_empty_and_proven(market: Market) -> None:
    found = solver.solve(market)

    assert (found.pairs, found.placed, found.total) == ([], 0, 0)
    assert certificate.check(market, found.pairs, found.prices, found.placing) is None


@pytest.mark.parametrize("capacity", [1, 3])
def test_a_round_of_people_who_all_fit_alike_is_full(capacity: int) -> None:
    found = solver.solve(Market([[7] * 300] * 300, [capacity] * 300))

    assert (found.placed, found.total) == (300, 2_100)


def test_far_more_mentees_than_seats_fill_every_seat() -> None:
    market = Market([[(row * column) % 97 for column in range(20)] for row in range(400)], [2] * 20)

    found = solver.solve(market)

    assert (found.placed, found.total) == market.best_by_scipy


def test_pinned_pairs_are_in_the_round_and_in_its_total() -> None:
    """Tables hold nobody for a pinned mentee, and a seat less beside the mentor."""
    found = solver.solve(Market([[None, None], [4, 6]], [0, 1], pins=((100, 0),)))

    assert (found.pairs, found.placed, found.total) == ([(100, 0), (101, 1)], 2, 9 + 6)


def test_fits_that_cant_be_summed_exactly_are_refused_with_a_reason() -> None:
    with pytest.raises(solver.TooLarge, match="too large to be summed exactly over 2 places"):
        solver.solve(Market([[1, 1], [1, 1]], [1, 1], of_mentees=[2**50, 1]))


def test_whoever_waits_hears_what_is_being_done() -> None:
    heard: list[tuple[str, int, int]] = []

    solver.solve(Market([[5, 1], [3, 2]], [1, 1]), lambda *said: heard.append(said))

    assert [doing for doing, _, _ in heard][:2] == ["Looking at who fits whom", "Counting how many can be placed"]
