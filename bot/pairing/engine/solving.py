"""What the engine does for a round: solve it and check the solution, check one that was solved before, or say what may
be said of it.
"""

from collections.abc import Mapping
from typing import Any

from bot.pairing.engine import certificate, insight, leftover
from bot.pairing.engine.solver import Progress, solve
from bot.pairing.engine.tables import Tables
from bot.pairing.fit import fit
from bot.pairing.problem import Problem


def round_of(request: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """The best round of the `problem`, with its prices, and whether the checker finds that they prove it."""
    problem = Problem.from_json(request["problem"])
    tables = Tables(problem)
    solution = solve(tables, progress)
    progress("Checking that no other round is better", 0, 0)
    return {
        "pairs": [[mentor, mentee, _open_fit(problem, mentor, mentee)] for mentor, mentee in solution.pairs],
        "placed": solution.placed,
        "total": solution.total,
        "prices": {str(mentor): price for mentor, price in solution.prices.items()},
        "placing": solution.placing,
        "is_checked": certificate.check(tables, solution.pairs, solution.prices, solution.placing) is None,
        "unplaced": leftover.unplaced(problem, solution.pairs),
    }


def _open_fit(problem: Problem, mentor: int, mentee: int) -> int:
    return fit(problem.mentor[mentor], problem.mentee[mentee], problem.ground).open_total


def check_of(request: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """`objection`: why the `prices` don't prove that the `pairs` are the best round of the `problem`, None if they do.

    The `placed` and the `total` that are said of the round must be right, too.
    """
    progress("Checking that no other round is better", 0, 0)
    tables = Tables(Problem.from_json(request["problem"]))
    pairs = [(mentor, mentee) for mentor, mentee in request["pairs"]]
    prices = {int(mentor): price for mentor, price in request["prices"].items()}
    objection = certificate.check(tables, pairs, prices, request["placing"])
    if objection is None and request["placed"] != len(pairs):
        objection = "it doesn't place as many as it says"
    if objection is None and request["total"] != sum(tables.fit(*pair) for pair in pairs):
        objection = "the fits in it don't add up to what it says"
    return {"objection": objection}


def overview_of(request: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    return insight.overview(Problem.from_json(request["problem"]), progress)


def unplaced_of(request: Mapping[str, Any], progress: Progress) -> list[dict[str, Any]]:
    progress("Looking at who is left over", 0, 0)
    return leftover.unplaced(Problem.from_json(request["problem"]), request["pairs"])


def cost_of(request: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """`repair` is there for a round that is one."""
    problem = Problem.from_json(request["problem"])
    return insight.cost(problem, request["pairs"], request["wish"], progress, request.get("repair"))


def preview_of(request: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    return insight.preview(Problem.from_json(request["problem"]), request["weights"], progress)
