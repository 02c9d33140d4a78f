"""When we fail, a person gets a kind sentence and the log the place; what they wrote is in neither."""

import logging

import pytest

from bot import errors

SECRET = "I would rather not meet Marcus"


def fail(text: str) -> None:
    raise ValueError(text)


def caught(text: str) -> ValueError:
    with pytest.raises(ValueError, match=text) as error:
        fail(text)
    return error.value


def test_the_sentence_and_the_log_share_a_reference(caplog: pytest.LogCaptureFixture) -> None:
    said = errors.told(caught(SECRET), "U0ANA", "signup.form")

    reference = said.rpartition(" ")[2].strip(".")
    assert f"reference={reference} person=U0ANA doing=signup.form" in caplog.text
    assert len(reference) == 8


def test_neither_shows_what_the_exception_says(caplog: pytest.LogCaptureFixture) -> None:
    said = errors.told(caught(SECRET), "U0ANA", "signup.form")

    assert SECRET not in said
    assert SECRET not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)


def test_the_log_has_the_kind_of_failure_and_the_lines_it_passed(caplog: pytest.LogCaptureFixture) -> None:
    errors.told(caught(SECRET), None, "a tick")

    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert "error=ValueError" in record.getMessage()
    assert record.getMessage().endswith(":fail")


def test_a_failure_that_was_never_raised_is_told_too() -> None:
    assert "something went wrong on our side" in errors.told(ValueError(SECRET), None, "a tick")


def test_each_failure_has_a_reference_of_its_own() -> None:
    assert errors.told(caught("one"), None, "a tick") != errors.told(caught("one"), None, "a tick")
