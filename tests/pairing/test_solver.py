"""The solver's rounds are the best there are, and its own process finds the same ones."""

import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.pairing import solver, workshop
from bot.pairing.fit import FIT_AT_MOST
from bot.pairing.problem import Problem


@dataclass(frozen=True)
class Market:
    """A round as a table, for people: rows are mentees, columns are mentors, None is barred."""

    fits: list[list[int | None]]
    capacities: list[int]

    @property
    def mentors(self) -> list[tuple[int, int]]:
        return [(100 + column, capacity) for column, capacity in enumerate(self.capacities)]

    @property
    def mentees(self) -> list[int]:
        return list(range(len(self.fits)))

    @property
    def edges(self) -> list[tuple[int, int, int]]:
        return [
            (100 + column, row, fit)
            for row, fits in enumerate(self.fits)
            for column, fit in enumerate(fits)
            if fit is not None
        ]

    @property
    def fit(self) -> dict[tuple[int, int], int]:
        return {(mentor, mentee): fit for mentor, mentee, fit in self.edges}

    def solved(self, seed: int = 7) -> list[tuple[int, int]]:
        return solver.solve(self.mentors, self.mentees, self.edges, seed)

    def worth(self, pairs: list[tuple[int, int]]) -> tuple[int, int]:
        return len(pairs), sum(self.fit[pair] for pair in pairs)

    def problem(self, seed: int = 7) -> Problem:
        return Problem(seed, tuple(self.mentors), tuple(self.mentees), tuple(self.edges))


@st.composite
def markets(draw: st.DrawFn, fits: st.SearchStrategy[int] = st.integers(1, 9)) -> Market:  # noqa: B008 -- immutable
    rows, columns = draw(st.integers(0, 5)), draw(st.integers(0, 4))
    cell = st.none() | fits
    row = st.lists(cell, min_size=columns, max_size=columns)
    return Market(
        draw(st.lists(row, min_size=rows, max_size=rows)),
        draw(st.lists(st.integers(0, 3), min_size=columns, max_size=columns)),
    )


def best(market: Market, row: int = 0, left: tuple[int, ...] | None = None) -> tuple[int, int]:
    """Every round there is, tried one after the other."""
    left = tuple(market.capacities) if left is None else left
    if row == len(market.fits):
        return 0, 0
    found = [best(market, row + 1, left)]
    for column, fit in enumerate(market.fits[row]):
        if fit is not None and left[column]:
            after = (*left[:column], left[column] - 1, *left[column + 1 :])
            placed, total = best(market, row + 1, after)
            found.append((placed + 1, total + fit))
    return max(found)


@settings(max_examples=250)
@given(markets())
@example(Market([[5, 1], [3, None]], [1, 1]))
def test_no_round_places_more_or_fits_better(market: Market) -> None:
    assert market.worth(market.solved()) == best(market)


@given(markets(fits=st.sampled_from([1, FIT_AT_MOST])))
@example(Market([[1, None, None], [FIT_AT_MOST, 1, None], [None, FIT_AT_MOST, 1]], [1, 1, 1]))
def test_even_the_largest_fit_never_buys_a_place_of_someone_else(market: Market) -> None:
    assert market.worth(market.solved()) == best(market)


@given(markets(fits=st.integers(0, 2**44)))
def test_totals_stay_exact_with_very_large_fits(market: Market) -> None:
    assert market.worth(market.solved()) == best(market)


@given(markets())
def test_nobody_is_barred_over_capacity_or_twice(market: Market) -> None:
    pairs = market.solved()

    assert set(pairs) <= set(market.fit)
    assert len({mentee for _, mentee in pairs}) == len(pairs)
    assert Counter(mentor for mentor, _ in pairs) <= Counter(dict(market.mentors))


@given(markets(fits=st.integers(1, 2)), st.randoms(use_true_random=False), st.integers(0, 99))
def test_the_same_round_in_any_order_has_the_same_answer(market: Market, chance: Any, seed: int) -> None:
    mentors, mentees, edges = market.mentors, market.mentees, market.edges

    for rows in (mentors, mentees, edges):
        chance.shuffle(rows)

    assert solver.solve(mentors, mentees, edges, seed) == market.solved(seed)


@given(markets(fits=st.integers(1, 2)), st.integers(), st.integers())
def test_a_seed_decides_between_equals_only(market: Market, seed: int, other: int) -> None:
    assert market.worth(market.solved(seed)) == market.worth(market.solved(other))


def test_another_seed_may_choose_another_of_equal_rounds() -> None:
    market = Market([[4, 4], [4, 4]], [1, 1])

    assert len({tuple(market.solved(seed)) for seed in range(20)}) == 2


def test_a_recorded_seed_gives_the_recorded_round_on_any_machine() -> None:
    """If this changes, with a new scipy perhaps, stored rounds can't be run again: think twice."""
    market = Market([[3, 3, 3], [3, 3, 3], [3, 3, 3]], [1, 1, 1])

    assert [market.solved(seed) for seed in (1, 2)] == [
        [(100, 2), (101, 0), (102, 1)],
        [(100, 1), (101, 0), (102, 2)],
    ]


def test_a_barred_pair_is_absent_and_not_merely_cheap() -> None:
    """The second mentee can only have the first mentor, so the first gives up their best fit."""
    assert Market([[5, 1], [3, None]], [1, 1]).solved() == [(100, 1), (101, 0)]


def test_a_mentor_who_may_take_three_takes_three_when_that_fits_best() -> None:
    market = Market([[9, 1], [8, 1], [7, 1], [6, 5]], [3, 3])

    assert market.solved() == [(100, 0), (100, 1), (100, 2), (101, 3)]


def test_with_too_few_mentors_those_are_placed_who_fit_best() -> None:
    assert Market([[4], [9], [6]], [2]).solved() == [(100, 1), (100, 2)]


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
def test_a_round_without_a_possible_pair_is_empty(market: Market) -> None:
    assert market.solved() == []


def test_fits_that_cant_be_summed_exactly_are_refused_with_a_reason() -> None:
    with pytest.raises(solver.TooLarge, match="too large to be summed exactly over 2 places"):
        Market([[2**50, 1], [1, 1]], [1, 1]).solved()


@pytest.mark.parametrize(
    ("mentors", "mentees", "edges", "reason"),
    [
        ([(1, 1), (1, 2)], [5], [], "someone is listed twice"),
        ([(1, 1)], [5, 5], [], "someone is listed twice"),
        ([(1, -1)], [5], [], "a mentor has room for less than nobody"),
        ([(1, 1)], [5], [(1, 5, 3), (1, 5, 4)], "a pair is listed twice"),
        ([(1, 1)], [5], [(2, 5, 3)], "the pair 2, 5 has someone who is not listed"),
        ([(1, 1)], [5], [(1, 6, 3)], "the pair 1, 6 has someone who is not listed"),
        ([(1, 1)], [5], [(1, 5, -3)], "the pair 1, 5 has a fit below nothing"),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused_with_a_reason(
    mentors: list[tuple[int, int]], mentees: list[int], edges: list[tuple[int, int, int]], reason: str
) -> None:
    with pytest.raises(solver.BadProblem, match=reason):
        solver.solve(mentors, mentees, edges, seed=7)


# ---- The solver's own process


@settings(max_examples=2, deadline=None)  # each starts a process, which takes half a second
@given(markets())
@example(Market([], []))
@example(Market([[5, 1], [3, None]], [1, 1]))
def test_the_process_finds_the_same_round_as_the_function(market: Market) -> None:
    found = workshop.propose(market.problem())

    assert list(found.pairs) == market.solved()
    assert (found.placed, found.total) == best(market)


def test_a_process_that_fails_is_no_answer_and_tells_nobody_why(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(workshop.NoAnswer) as failed:
        workshop.propose(Problem(7, ((1, 1),), (5,), ((1, 5, -3),)))

    assert str(failed.value) == "the solver failed"
    assert "the pair 1, 5 has a fit below nothing" in caplog.text


def test_a_process_that_takes_too_long_is_no_answer() -> None:
    with pytest.raises(workshop.NoAnswer, match="too long"):
        workshop.propose(Market([[1]], [1]).problem(), patience=timedelta())


def test_the_process_can_be_started_from_any_folder(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert workshop.propose(Market([[4]], [1]).problem()).pairs == ((100, 0),)


def test_the_bot_never_loads_numpy_or_scipy_itself() -> None:
    code = "import sys, bot.pairing.workshop; print({'numpy', 'scipy'} & set(sys.modules))"

    child = [sys.executable, "-c", code]
    loaded = subprocess.run(child, cwd=workshop.HOUSE, capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == "set()"
