"""Each benchmark runs at a tiny size; what it measures is looked at in `make bench`, never here."""

from pathlib import Path

import pytest
from benchmarks import _over_http, _six_months, _speed, directory, pairing, requests
from benchmarks._instant import instant
from conftest import Databases


def test_the_requests_benchmark_runs_and_says_what_it_measured() -> None:
    found = requests.run(100)

    assert found["requests"] == 100
    assert found["ratio"] > 0
    assert found["commit"]


def test_the_directory_benchmark_runs_and_says_what_it_measured() -> None:
    found = directory.run(people=30, lines=100)

    assert found["import_seconds_30"] > 0
    assert found["longest_writer_hold_ms"] > 0
    assert found["lines_ratio_to_walk"] > 0


@pytest.mark.long
def test_the_pairing_benchmark_runs_and_says_what_it_measured(tmp_path: Path) -> None:
    found = pairing.run([60], tmp_path / "growth.png", kinds=["loose"])  # each way is a process, for each kind

    assert found["loose_speedup"] >= 0
    assert found["loose_memory_ratio"] > 0
    assert found["seconds_60"] > 0
    assert (tmp_path / "growth.png").exists()


def test_the_speed_of_nudges_is_measured_beside_other_ways() -> None:
    with instant() as slack:
        growth = _speed.growth((10, 20), slack, messages=4, waves=2)
        said, ticked = _speed.ours(4, slack, 1)
        rates = [_speed.bare(4, slack), *said, *ticked, _speed.a_job_each(4, slack)]

    assert list(growth) == [10, 20]
    assert all(each > 0 for each in (*growth.values(), *rates))


def test_processes_share_what_is_due_on_postgresql(databases: Databases) -> None:
    with instant() as slack:
        found = _speed.replicas(lambda: databases.empty("postgresql"), slack, 20, sizes=[2])

    assert list(found) == [2]


def test_weeks_of_a_few_pairs_go_by_with_nothing_lost_doubled_or_unwelcome(tmp_path: Path) -> None:
    found = _six_months.six_months(12, tmp_path, seed=1, processes=1, days=25)
    _six_months.draw(found, tmp_path / "lives.png")

    assert found.messages > 0
    assert found.nudges_by_hour.total() > 0
    assert found.expected["introduction"] > 0
    assert (found.outside_hours, found.over_budget, found.doubled, found.lost.total()) == (0, 0, 0, 0), found.examples
    assert (tmp_path / "lives.png").exists()


def test_over_http_it_is_the_same() -> None:
    found = _over_http.six_months_over_http(3, seed=1, processes=1, days=16)

    assert found.acts > 0
    assert found.kinds["introduction"] > 0
    assert (found.outside_hours, found.over_budget, found.doubled, found.lost.total()) == (0, 0, 0, 0), found.examples
