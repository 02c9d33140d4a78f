"""The engine is asked in a process of its own, and answers, fails or is stopped."""

import logging
from datetime import timedelta

import pytest
from pairing.candidates import DAY, mentee, mentor

from bot.pairing import workshop
from bot.pairing.problem import Problem

TWO = {"problem": Problem(1, DAY, (mentor(),), (mentee(),), {"ana": (), "marcus": ()}).to_json()}
AT_ONCE = timedelta(0)


def test_it_answers_and_says_how_far_it_is() -> None:
    heard: list[workshop.Progress | None] = []

    answer = workshop.ask("round", TWO, lambda progress: not heard.append(progress), every=AT_ONCE)

    assert [pair[:2] for pair in answer["pairs"]] == [[1, 2]]
    assert [doing for doing, _, _ in filter(None, heard)] != []


def test_work_that_nobody_wants_any_more_is_stopped() -> None:
    with pytest.raises(workshop.Stopped):
        workshop.ask("round", TWO, lambda _: False, every=AT_ONCE)


def test_work_that_takes_too_long_is_no_answer(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(workshop.NoAnswer):
        workshop.ask("round", TWO, patience=AT_ONCE)

    assert "took too long" in caplog.text


@pytest.mark.usefixtures("quick_engine")
def test_what_the_engine_cannot_do_is_no_answer_and_the_log_names_nobody(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), pytest.raises(workshop.NoAnswer):
        workshop.ask("dance", TWO)

    assert "pairing failed task=dance" in caplog.text
    assert "marcus" not in caplog.text
