"""Each benchmark runs at a tiny size; what it measures is looked at in `make bench`, never here."""

from benchmarks import requests


def test_the_requests_benchmark_runs_and_says_what_it_measured() -> None:
    found = requests.run(100)

    assert found["requests"] == 100
    assert found["ratio"] > 0
    assert found["commit"]
