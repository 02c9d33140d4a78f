"""The best round, exactly: the most mentees placed, then the largest total fit.

It runs in a process of its own, `python -m bot.pairing.solver`: one JSON problem on stdin, one JSON answer on
stdout. Import it nowhere in the bot, since numpy and scipy cost 58 MB; `workshop.propose` starts it.
"""

import json
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

EXACT_BELOW = 2**53  # float64, which scipy counts in, holds every whole number up to here


class BadProblem(ValueError):
    """The problem contradicts itself; the message says where."""


class TooLarge(ValueError):
    """The fits are too large for the people to be summed exactly."""


def main() -> None:
    json.dump(answer(json.load(sys.stdin)), sys.stdout)


def answer(problem: Mapping[str, Any]) -> dict[str, Any]:
    edges = [(mentor, mentee, fit) for mentor, mentee, fit in problem["edges"]]
    mentors = [(mentor, capacity) for mentor, capacity in problem["mentors"]]
    pairs = solve(mentors, problem["mentees"], edges, problem["seed"])
    fits = {(mentor, mentee): fit for mentor, mentee, fit in edges}
    return {"pairs": pairs, "placed": len(pairs), "total": sum(fits[pair] for pair in pairs)}


def solve(
    mentors: Collection[tuple[int, int]],
    mentees: Collection[int],
    edges: Collection[tuple[int, int, int]],
    seed: int,
) -> list[tuple[int, int]]:
    """The pairs (mentor, mentee) of the best round, in the order of their ids.

    Mentors come with their capacity, edges are the allowed pairs (mentor, mentee, fit): what is not among
    them is never paired, however much it would help. The same input gives the same answer in any order.
    """
    _check(mentors, mentees, edges)
    choices = Counter(mentor for mentor, _, _ in edges)
    rooms = {mentor: min(capacity, choices[mentor]) for mentor, capacity in mentors}
    fits = {(mentor, mentee): fit for mentor, mentee, fit in edges}
    if not fits:
        return []
    columns = _in_order({mentor for mentor, _ in fits}, seed)
    rows = _in_order({mentee for _, mentee in fits}, seed)
    seats = np.repeat(np.arange(len(columns)), [rooms[mentor] for mentor in columns])
    worth = _worth(rows, columns, fits, places=min(len(rows), len(seats)))
    chosen = zip(*linear_sum_assignment(worth[:, seats], maximize=True), strict=True)
    found = ((columns[seats[seat]], rows[row]) for row, seat in chosen)
    return sorted(pair for pair in found if pair in fits)


def _check(
    mentors: Collection[tuple[int, int]], mentees: Collection[int], edges: Collection[tuple[int, int, int]]
) -> None:
    known = {mentor for mentor, _ in mentors}, set(mentees)
    if len(known[0]) < len(mentors) or len(known[1]) < len(mentees):
        raise BadProblem("someone is listed twice")
    if any(capacity < 0 for _, capacity in mentors):
        raise BadProblem("a mentor has room for less than nobody")
    if len({(mentor, mentee) for mentor, mentee, _ in edges}) < len(edges):
        raise BadProblem("a pair is listed twice")
    for mentor, mentee, fit in edges:
        if mentor not in known[0] or mentee not in known[1]:
            raise BadProblem(f"the pair {mentor}, {mentee} has someone who is not listed")
        if fit < 0:
            raise BadProblem(f"the pair {mentor}, {mentee} has a fit below nothing")


def _in_order(ids: Iterable[int], seed: int) -> list[int]:
    """Ids in an order that the seed alone decides, on any machine: ties between equal rounds follow it."""
    return sorted(ids, key=lambda each: (sha256(f"{seed} {each}".encode()).digest(), each))


def _worth(
    rows: list[int], columns: list[int], fits: Mapping[tuple[int, int], int], places: int
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """What each pair is worth: to be placed outweighs all the fit there could be.

    A barred pair is worth nothing: scipy uses it only to fill its table, and it is dropped from the answer.
    """
    best = max(fits.values())
    placed = places * best + 1
    # Inside the solver, prices and paths are sums over at most 2 * places pairs, there and back.
    if 8 * places * (placed + best) >= EXACT_BELOW:
        raise TooLarge(f"a fit of {best} is too large to be summed exactly over {places} places")
    row_of = {mentee: row for row, mentee in enumerate(rows)}
    column_of = {mentor: column for column, mentor in enumerate(columns)}
    worth = np.zeros((len(rows), len(columns)))
    for (mentor, mentee), fit in fits.items():
        worth[row_of[mentee], column_of[mentor]] = placed + fit
    return worth


if __name__ == "__main__":
    main()
