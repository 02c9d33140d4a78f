"""The ticker works at once when it is woken, one run at a time, and loses no waking; listeners say when idle."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Condition, Event, Thread

import pytest

from bot.clock import real
from bot.nudges.ticker import EVERY, Ticker
from bot.threads import Listeners

SOON = 5.0
"""How long to wait for what must happen; each wait ends as soon as it has."""
A_MOMENT = 0.1
"""In which what must not happen would have."""


class Work:
    """Work that a test can hold up: each run waits until it may go on."""

    def __init__(self) -> None:
        self.begun, self.go_on = Event(), Event()
        self.ended = Condition()
        self.runs = self.at_once = self.most_at_once = 0

    def __call__(self) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.begun.set()
        assert self.go_on.wait(SOON)
        self.at_once -= 1
        with self.ended:
            self.runs += 1
            self.ended.notify_all()

    def has_run(self, times: int) -> bool:
        """Whether it has in the end been done so often."""
        with self.ended:
            return self.ended.wait_for(lambda: self.runs >= times, SOON)


@contextmanager
def ticking(work: Callable[[], datetime | None]) -> Iterator[Ticker]:
    ticker = Ticker(work)
    ticker.start()
    try:
        yield ticker
    finally:
        ticker.stop()


def test_it_looks_as_soon_as_it_is_started() -> None:
    work = Work()
    work.go_on.set()

    with ticking(work):
        assert work.begun.wait(EVERY / 2)


def test_waking_it_runs_the_work_at_once() -> None:
    work = Work()
    work.go_on.set()

    with ticking(work) as ticker:
        ticker.wake()

        assert work.begun.wait(SOON)


def test_waking_it_while_it_works_has_it_work_once_more() -> None:
    """What became due after the run under way had looked would otherwise wait for the next tick."""
    work = Work()

    with ticking(work) as ticker:
        ticker.wake()
        assert work.begun.wait(SOON)
        ticker.wake()
        work.go_on.set()

        assert work.has_run(2)


def test_what_comes_in_a_moment_is_not_left_to_the_next_tick() -> None:
    ran = Event()
    moments = iter([real(), None])

    def work() -> datetime | None:
        following = next(moments)
        if following is None:
            ran.set()
        return following

    with ticking(work) as ticker:
        ticker.wake()
        assert ran.wait(EVERY / 2)


def test_a_run_asked_for_waits_for_the_one_under_way() -> None:
    work = Work()

    with ticking(work) as ticker:
        ticker.wake()
        assert work.begun.wait(SOON)
        asked = Thread(target=ticker.run)
        asked.start()
        work.go_on.set()
        asked.join(SOON)

    assert work.has_run(2)
    assert work.most_at_once == 1


def test_stopping_it_waits_for_the_run_under_way() -> None:
    work = Work()
    ticker = Ticker(work)
    ticker.start()
    ticker.wake()
    assert work.begun.wait(SOON)
    stopping = Thread(target=ticker.stop)

    stopping.start()
    stopping.join(A_MOMENT)
    has_waited = stopping.is_alive()
    work.go_on.set()
    stopping.join(SOON)

    assert (has_waited, stopping.is_alive(), work.at_once) == (True, False, 0)


def test_waking_it_when_it_has_stopped_does_nothing() -> None:
    work = Work()
    work.go_on.set()
    with ticking(work) as ticker:
        pass

    ticker.wake()

    assert work.runs == 0


def test_waking_it_before_it_has_started_is_not_lost() -> None:
    work = Work()
    work.go_on.set()
    ticker = Ticker(work)
    ticker.wake()

    ticker.start()
    try:
        ticker.wake()
        assert work.begun.wait(SOON)
    finally:
        ticker.stop()


def test_work_that_fails_is_done_again_and_its_words_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The exception's own text may hold what a person wrote."""
    failed, again = Event(), Event()

    def work() -> None:
        if failed.is_set():
            again.set()
            return
        failed.set()
        raise ValueError("I would rather not meet Marcus")

    with ticking(work) as ticker:
        ticker.wake()
        assert failed.wait(SOON)
        ticker.wake()
        assert again.wait(SOON)

    assert "I would rather not meet Marcus" not in caplog.text
    assert "ValueError" in caplog.text


# Listeners


@pytest.fixture
def listeners() -> Iterator[Listeners]:
    made = Listeners(2, ended=lambda: None)
    yield made
    made.shutdown(wait=True)


def test_listeners_at_rest_are_idle(listeners: Listeners) -> None:
    assert listeners.wait_until_idle(0)


def test_they_are_not_idle_while_one_works_and_idle_when_it_has_ended(listeners: Listeners) -> None:
    go_on = Event()
    listeners.submit(go_on.wait, SOON)

    while_it_works = listeners.wait_until_idle(0)
    go_on.set()

    assert not while_it_works
    assert listeners.wait_until_idle(SOON)


def test_one_that_does_not_end_holds_up_nobody_who_stops_them(listeners: Listeners) -> None:
    go_on = Event()
    listeners.submit(go_on.wait, SOON)

    has_ended = listeners.stop(0)
    go_on.set()

    assert not has_ended
    assert listeners.stop(SOON)


def test_one_that_fails_has_ended_too(listeners: Listeners) -> None:
    failed = listeners.submit(int, "no number")

    assert isinstance(failed.exception(SOON), ValueError)
    assert listeners.wait_until_idle(SOON)


def test_the_end_of_each_is_told() -> None:
    ended = Event()
    listeners = Listeners(1, ended=ended.set)

    listeners.submit(int, "1").result(SOON)

    assert ended.wait(SOON)
    listeners.shutdown(wait=True)
