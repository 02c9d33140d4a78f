"""A company's file read into the directory, while somebody else writes; and reporting lines at any depth.

    python -m tests.benchmarks.directory [--people 50000] [--lines 100000]

The file is read by a process of its own; meanwhile this one writes to the same SQLite database as often as it can, as
listeners do, and looks how long it has to wait. The second reading changes everyone, the third nothing. The reporting
lines are asked once by `ReportingLines` and once by a walk that remembers nothing. The last line is one JSON object.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import text

from bot.directory import csvfile
from bot.reporting_lines import LineUp, Relation, ReportingLines
from store import workspaces
from store.database import Store
from tests.benchmarks._measured import commit

KEY = "dGhpcyBrZXkgaXMgZm9yIGEgYmVuY2htYXJrIG9ubHk="
TEAM = "T0BENCH"
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
SPAN = 8  # people who report to one manager
PAUSE = 0.001  # seconds between two writes of the other one
READINGS = {"new": "Lisbon", "changed": "Porto", "same": "Porto"}


def write_file(path: Path, people: int, site: str) -> None:
    """A company as a tree; managers are named by e-mail address, so that each must be found."""
    with path.open("w", encoding="utf-8") as file:
        file.write(
            "Slack ID,E-mail,Full name,Job title,Department,Team,Location,Grade,Line manager,Time zone,Country\n"
        )
        for number in range(people):
            boss = f"person{number // SPAN}@bench.example" if number else "-"
            who = f"U{number:08d},person{number}@bench.example,Person Number {number},Engineer"
            where = f"Department {number % 20},Team {number // SPAN},{site},{20 - len(str(number))}"
            file.write(f"{who},{where},{boss},Europe/Lisbon,PT\n")


def read_file(path: str, database: str) -> None:
    """What the process that reads does: it prints that it begins, its seconds, and how much memory they took."""
    store = Store(database, MultiFernet([Fernet(KEY)]))
    print("ready", flush=True)  # noqa: T201
    before = _peak_mb()
    begun, begun_cpu = time.perf_counter(), time.process_time()
    report = csvfile.people_from(Path(path), store, TEAM, NOW)
    took, cpu = time.perf_counter() - begun, time.process_time() - begun_cpu
    counts = report.counts()
    print(json.dumps({"seconds": took, "cpu": cpu, "mb": _peak_mb() - before, **counts}))  # noqa: T201


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_reading(path: Path, database: str, store: Store) -> dict[str, float]:
    """One reading, and the longest that another's write took meanwhile, in milliseconds."""
    command = [sys.executable, "-m", "tests.benchmarks.directory", "--read", str(path), database]
    reader = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    longest = 0.0
    writes = 0
    assert reader.stdout is not None
    reader.stdout.readline()
    while reader.poll() is None:
        begun = time.perf_counter()
        with store.begin() as db:
            db.execute(text("UPDATE workspace SET bot_user = 'U0BOT'"))
        longest = max(longest, time.perf_counter() - begun)
        writes += 1
        time.sleep(PAUSE)
    said = json.loads(reader.communicate()[0])
    return {**said, "longest_ms": longest * 1000, "writes": writes}


def measure_readings(people: int) -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/bench.db"
        store = Store(database, MultiFernet([Fernet(KEY)]))
        store.migrate()
        with store.begin() as db:
            workspaces.keep(db, TEAM, "Bench", "U0BOT")
        found = {}
        for name, site in READINGS.items():
            write_file(Path(folder, "people.csv"), people, site)
            found[name] = measure_reading(Path(folder, "people.csv"), database, store)
        store.close()
        return found


def company(people: int) -> dict[str, LineUp]:
    """A tree in which one in twenty has a dotted line to somebody higher up."""
    chance = random.Random(1)
    lines: dict[str, LineUp] = {"U00000000": ()}
    for number in range(1, people):
        boss = f"U{number // SPAN:08d}"
        dotted = (f"U{chance.randrange(number):08d}",) if chance.random() < 0.05 else ()
        lines[f"U{number:08d}"] = (boss, *dotted)
    return lines


def naive(lines: dict[str, LineUp]) -> Callable[[str, str], Relation]:
    """A walk up from both for each question, remembering nothing; it sees neither gaps nor circles."""

    def above(person: str) -> set[str]:
        found: set[str] = set()
        ahead = [person]
        while ahead:
            line = lines.get(ahead.pop())
            new = set(line) - found if isinstance(line, tuple) else set()
            found |= new
            ahead += new
        return found

    def relation(one: str, other: str) -> Relation:
        related = one == other or one in above(other) or other in above(one)
        return Relation.ABOVE_OR_BELOW if related else Relation.UNRELATED

    return relation


def measure_lines(people: int) -> dict[str, float]:
    """Everyone who would be a mentor against everyone who would be a mentee, as pairing asks."""
    lines = company(people)
    chance = random.Random(2)
    half = min(300, people // 4)
    some = [f"U{chance.randrange(people):08d}" for _ in range(2 * half)]
    asked = [(one, other) for one in some[:half] for other in some[half:]]
    begun = time.perf_counter()
    ours = ReportingLines(lines)
    made = time.perf_counter() - begun
    answers = [ours.relation(*two) for two in asked]
    ours_took = time.perf_counter() - begun - made
    walk = naive(lines)
    begun = time.perf_counter()
    walked = [walk(*two) for two in asked]
    naive_took = time.perf_counter() - begun
    if answers != walked:
        raise RuntimeError("the two ways don't agree")
    tracemalloc.start()
    everyone = ReportingLines(lines)
    for person in lines:
        everyone.relation(person, "U00000000")
    megabytes = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return {
        "lines_people": people,
        "lines_questions": len(asked),
        "lines_made_ms": round(made * 1000, 1),
        "lines_ours_us": round(ours_took / len(asked) * 1e6, 2),
        "lines_walk_us": round(naive_took / len(asked) * 1e6, 2),
        "lines_ratio_to_walk": round(naive_took / (made + ours_took), 2),
        "lines_everyone_mb": round(megabytes, 1),
    }


def run(people: int, lines: int) -> dict[str, float | int | str]:
    readings = measure_readings(people)
    print(f"{'reading':10} {'rows':>8} {'seconds':>8} {'MB':>6} {'longest wait ms':>16} {'writes':>7}")  # noqa: T201
    for name, each in readings.items():
        figures = f"{each['seconds']:8.2f} {each['mb']:6.1f} {each['longest_ms']:16.0f} {each['writes']:7.0f}"
        print(f"{name:10} {people:8} {figures}")  # noqa: T201
    found = measure_lines(lines)
    print(f"{'lines':10} {lines:8} {found['lines_ours_us']} us a question, {found['lines_walk_us']} us by a walk")  # noqa: T201
    return {
        f"import_seconds_{people}": round(readings["new"]["seconds"], 2),
        "import_cpu_seconds": round(readings["new"]["cpu"], 2),
        "import_changed_seconds": round(readings["changed"]["seconds"], 2),
        "import_same_seconds": round(readings["same"]["seconds"], 2),
        "import_peak_mb": round(max(each["mb"] for each in readings.values()), 1),
        "longest_writer_hold_ms": round(max(each["longest_ms"] for each in readings.values()), 1),
        **found,
        "commit": commit(),
    }


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=50_000)
    options.add_argument("--lines", type=int, default=100_000)
    options.add_argument("--read", nargs=2, metavar=("FILE", "DATABASE"), help="what the benchmark starts")
    given = options.parse_args()
    if given.read:
        read_file(*given.read)
    else:
        print(json.dumps(run(given.people, given.lines)))  # noqa: T201
