"""The best round of a company, beside scipy's solver for the same table and beside two ways that don't look far.

    python -m tests.benchmarks.pairing [--sizes 500 1000 2000 5000 10000 20000] [--plot build/pairing.png]

The people come from `_company`, whose seed is stated. Each way runs in a process of its own, one after the other, and
tells the time it took and the most memory it ever held (`ru_maxrss`, with Python and the people themselves). "fits" is
the time to prepare the fits, "search" the time for the round; ours works most of the fits out while it searches. The
speedups compare scipy's search alone, its table ready before it, with all of ours, by the time on the clock. Each round
of ours is checked by the checker, and must be as good as scipy's. The last line is one JSON object.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks import _company
from tests.benchmarks._measured import commit

ROOT = Path(__file__).parents[2]
SIZES = (500, 1_000, 2_000, 5_000, 10_000, 20_000)
KINDS = ("loose", "tight")
COMPARED_AT = 10_000
SCIPY_UP_TO = 10_000  # beyond that, its table alone takes more than 3 GB
BLINKS = 5
Found = dict[str, Any]


# ---- What the processes do


def ours(side: int, kind: str) -> Found:
    from bot.pairing.engine import certificate, solver
    from bot.pairing.engine.tables import Tables

    problem = _company.waiting(side, kind)
    begun, cpu = time.perf_counter(), time.process_time()
    tables = Tables(problem)
    made = time.perf_counter()
    found = solver.solve(tables)
    ended, cpu = time.perf_counter(), time.process_time() - cpu
    peak = _peak_mb()
    objection = certificate.check(tables, found.pairs, found.prices, found.placing)
    checked = time.perf_counter() - ended
    if objection is not None:
        raise RuntimeError(objection)
    times = {"fits": made - begun, "search": ended - made, "seconds": ended - begun, "cpu": cpu, "check": checked}
    return {**times, "peak_mb": peak, "placed": found.placed, "total": found.total}


def scipy(side: int, kind: str) -> Found:
    """Its table is filled as it likes it best, with no copy: the smaller side in rows, costs instead of worth."""
    from scipy.optimize import linear_sum_assignment

    from bot.pairing.engine.tables import Tables

    problem = _company.waiting(side, kind)
    begun, cpu = time.perf_counter(), time.process_time()
    tables = Tables(problem)
    seats = np.repeat(np.arange(side), tables.capacity)
    placing = 1_000 * side
    costs = np.empty((side, len(seats)))
    for start in range(0, side, 100):
        rows = slice(start, min(start + 100, side))
        block = tables.block(rows.start, rows.stop)
        fits = block + (tables.row_offset[rows, None] + tables.column_offset)
        costs[rows] = np.where(block == tables.barred, 0, -placing - fits)[:, seats]
    made = time.perf_counter()
    chosen = costs[linear_sum_assignment(costs)]
    ended = time.perf_counter()
    placed = int((chosen < 0).sum())
    times = {"fits": made - begun, "search": ended - made, "seconds": ended - begun, "cpu": time.process_time() - cpu}
    return {**times, "peak_mb": _peak_mb(), "placed": placed, "total": int(-chosen.sum()) - placed * placing}


def best_pair_first(side: int, kind: str) -> Found:
    """The two who fit best of all, then of all who are left, and so on."""
    return _without_looking_far(side, kind, _best_pair_first)


def first_come(side: int, kind: str) -> Found:
    """Each mentee, in the order of their ids, gets the best mentor who is left."""
    return _without_looking_far(side, kind, _first_come)


Worth = np.ndarray[Any, Any]


def _without_looking_far(side: int, kind: str, way: Callable[[Worth, Worth], int]) -> Found:
    from bot.pairing.engine.tables import Tables

    problem = _company.waiting(side, kind)
    begun, cpu = time.perf_counter(), time.process_time()
    tables = Tables(problem)
    worth = np.empty((side, side), np.int16)
    for start in range(0, side, 500):
        rows = slice(start, min(start + 500, side))
        block = tables.block(rows.start, rows.stop)
        fits = block + (tables.row_offset[rows, None] + tables.column_offset)
        worth[rows] = np.where(block == tables.barred, -1, fits)
    made = time.perf_counter()
    fits_of_pairs = way(worth, tables.capacity.copy())
    ended = time.perf_counter()
    times = {"fits": made - begun, "search": ended - made, "seconds": ended - begun, "cpu": time.process_time() - cpu}
    return {**times, "peak_mb": _peak_mb(), "placed": len(fits_of_pairs), "total": sum(fits_of_pairs)}


def _best_pair_first(worth: Worth, seats: Worth) -> list[int]:
    """By what was the best for each row when it was last looked at."""
    left = np.where(seats > 0, 0, -10_000).astype(np.int16)
    ahead = [(-int(worth[row, column]), row, int(column)) for row, column in enumerate((worth + left).argmax(axis=1))]
    heapify(ahead)
    found = []
    while ahead:
        fit, row, column = heappop(ahead)
        if fit > 0:
            continue
        if seats[column] > 0:
            found.append(-fit)
            seats[column] -= 1
            left[column] = 0 if seats[column] else -10_000
        else:
            now = worth[row] + left
            best = int(now.argmax())
            heappush(ahead, (-int(now[best]), row, best))
    return found


def _first_come(worth: Worth, seats: Worth) -> list[int]:
    left = np.where(seats > 0, 0, -10_000).astype(np.int16)
    found = []
    for row in worth:
        now = row + left
        best = int(now.argmax())
        if now[best] >= 0:
            found.append(int(now[best]))
            seats[best] -= 1
            left[best] = 0 if seats[best] else -10_000
    return found


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


WAYS = {"ours": ours, "scipy": scipy, "best pair first": best_pair_first, "first come": first_come}


# ---- What is made of them


def measure(way: str, side: int, kind: str) -> Found:
    """The quickest of a few, where it takes less than a blink: there, anything else on the machine takes as long."""
    command = [sys.executable, "-m", "tests.benchmarks.pairing", "--one", way, str(side), kind]
    times = BLINKS if 500 <= side <= 1_000 else 1
    said = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True) for _ in range(times)]
    quickest = min((json.loads(each.stdout.splitlines()[-1]) for each in said), key=itemgetter("seconds"))
    found: Found = {"way": way, "side": side, "kind": kind, **quickest}
    print(_line(found), flush=True)  # noqa: T201
    return found


HEAD = f"{'':16} {'people a side':>13}  round  fits s search s   cpu s     MB  placed     total"


def _line(each: Found) -> str:
    times = f"{each['fits']:7.2f} {each['search']:8.2f} {each['cpu']:7.2f} {each['peak_mb']:6.0f}"
    return f"{each['way']:16} {each['side']:13} {each['kind']:>6} {times} {each['placed']:7} {each['total']:9}"


def run(sizes: Sequence[int], plot: Path | None = None, kinds: Sequence[str] = KINDS) -> Found:
    print(HEAD)  # noqa: T201
    compared = max(each for each in sizes if each <= COMPARED_AT)
    found = [measure("ours", side, kind) for side in sizes for kind in kinds]
    found += [measure("scipy", side, kind) for side in sizes if side <= SCIPY_UP_TO for kind in kinds]
    found += [measure(way, compared, kind) for way in ("best pair first", "first come") for kind in kinds]
    by = {(each["way"], each["side"], each["kind"]): each for each in found}
    _must_agree(by)
    for kind in kinds:
        _tell_losses(by, compared, kind)
    if plot is not None:
        draw(found, plot)
    return {**_figures(by, compared, sizes, kinds), "sizes": list(sizes), "seed": _company.SEED, "commit": commit()}


def _must_agree(by: dict[tuple[str, int, str], Found]) -> None:
    for (way, side, kind), each in by.items():
        mine = by["ours", side, kind]
        if way == "scipy" and (each["placed"], each["total"]) != (mine["placed"], mine["total"]):
            raise RuntimeError(f"scipy found another round: {side} {kind}")


def _tell_losses(by: dict[tuple[str, int, str], Found], side: int, kind: str) -> None:
    best = by["ours", side, kind]
    for way in ("best pair first", "first come"):
        each = by[way, side, kind]
        fewer, less = best["placed"] - each["placed"], 100 * (1 - each["total"] / best["total"])
        print(f"{way}, {kind}, {side} a side: places {fewer} fewer, and loses {less:.2f} % of the total")  # noqa: T201


def _figures(by: dict[tuple[str, int, str], Found], compared: int, sizes: Sequence[int], kinds: Sequence[str]) -> Found:
    figures: Found = {"compared_at": compared}
    for kind in kinds:
        mine, theirs = by["ours", compared, kind], by["scipy", compared, kind]
        figures[f"{kind}_speedup"] = round(theirs["search"] / mine["seconds"], 2)
        figures[f"{kind}_speedup_of_search"] = round(theirs["search"] / mine["search"], 2)
        figures[f"{kind}_memory_ratio"] = round(mine["peak_mb"] / theirs["peak_mb"], 3)
        figures[f"{kind}_seconds"] = round(mine["seconds"], 2)
        figures[f"{kind}_scipy_seconds"] = round(theirs["search"], 2)
        figures[f"{kind}_cpu_ratio"] = round(theirs["cpu"] / mine["cpu"], 2)
    for side in sizes:
        figures[f"peak_mb_{side}"] = round(max(by["ours", side, kind]["peak_mb"] for kind in kinds))
        figures[f"seconds_{side}"] = round(max(by["ours", side, kind]["seconds"] for kind in kinds), 3)
        if side <= SCIPY_UP_TO:
            slowest = max(kinds, key=lambda kind: by["ours", side, kind]["seconds"])
            figures[f"scipy_seconds_{side}"] = round(by["scipy", side, slowest]["seconds"], 3)
            figures[f"scipy_search_seconds_{side}"] = round(by["scipy", side, slowest]["search"], 3)
    return figures


def draw(found: Sequence[Found], path: Path) -> None:
    """How time and memory grow with the people on a side."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (times, memory) = pyplot.subplots(1, 2, figsize=(11, 4.5))
    for way, kind in sorted(Counter((each["way"], each["kind"]) for each in found if each["way"] in ("ours", "scipy"))):
        some = sorted(
            (each for each in found if (each["way"], each["kind"]) == (way, kind)), key=lambda each: each["side"]
        )
        sides = [each["side"] for each in some]
        style = {"label": f"{way}, {kind}", "marker": "o", "linestyle": "-" if way == "ours" else "--"}
        times.plot(sides, [each["seconds"] for each in some], **style)
        memory.plot(sides, [each["peak_mb"] for each in some], **style)
    for axes, name in ((times, "seconds, fits included"), (memory, "peak memory of the process, MB")):
        axes.set(xscale="log", yscale="log", xlabel="mentors, and as many mentees", ylabel=name)
        axes.grid(visible=True, alpha=0.3)
        axes.legend()
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
    print(f"drawn: {path}")  # noqa: T201


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options.add_argument("--plot", type=Path, default=ROOT / "build" / "pairing.png")
    options.add_argument("--one", nargs=3, metavar=("WAY", "SIDE", "KIND"), help="what the benchmark starts")
    given = options.parse_args()
    if given.one:
        way, side, kind = given.one
        print(json.dumps(WAYS[way](int(side), kind)))  # noqa: T201
    else:
        print(json.dumps(run(given.sizes, given.plot)))  # noqa: T201
