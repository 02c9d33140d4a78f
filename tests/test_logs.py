"""Log lines have one shape: a few words, then `key=value`. As JSON each key is a field; of a failure no words."""

import ast
import json
import logging
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot import logs

ROOT = Path(__file__).parents[1]
SHAPE = re.compile(r"(%s|[a-zA-Z' ,]+)+( \w+=%s)*( %s)?")
LEVELS = {"debug", "info", "warning", "error", "critical", "exception", "log"}
SECRET = "I would rather not meet Marcus"

# What a line may say: ids, kinds, counts, codes. Whoever adds a key answers for it that nobody wrote what stands there.
KEYS = {
    "action",
    "answer",
    "at",
    "attempts",
    "by",
    "checked",
    "code",
    "delivery",
    "details",
    "doing",
    "done",
    "drafts",
    "ended",
    "error",
    "events",
    "exit",
    "fields",
    "file",
    "group",
    "how",
    "key",
    "keys",
    "kind",
    "kinds",
    "lag",
    "messages",
    "of",
    "pair",
    "pairs",
    "people",
    "person",
    "programme",
    "proposal",
    "question",
    "reference",
    "round",
    "rule",
    "rules",
    "said",
    "seconds",
    "session",
    "side",
    "source",
    "standing",
    "state",
    "subjects",
    "swap",
    "task",
    "topic",
    "tries",
    "type",
    "until",
    "upload",
    "view",
    "weights",
    "what",
    "wish",
}


@cache
def calls() -> list[tuple[str, ast.Call]]:
    """Each line that the bot or its store logs."""
    return list(_calls())


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for path in [ROOT / "app.py", *(ROOT / "bot").rglob("*.py"), *(ROOT / "store").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in LEVELS and ast.unparse(node.func.value) in ("log", "logger", "logging"):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def template(call: ast.Call) -> tuple[str, list[ast.expr]]:
    """What it says, and what is put into it."""
    assert isinstance(call.func, ast.Attribute)
    said, *given = call.args[1:] if call.func.attr == "log" else call.args
    assert isinstance(said, ast.Constant), ast.unparse(call)
    return str(said.value), given


def test_each_line_is_a_few_words_and_then_keys() -> None:
    found = {place: template(call) for place, call in calls()}

    assert len(found) > 80
    odd = {place: said for place, (said, _) in found.items() if not SHAPE.fullmatch(said)}
    assert odd == {}


def test_each_key_is_one_that_holds_nothing_of_what_people_wrote() -> None:
    found = {place: re.findall(r"(\w+)=%s", template(call)[0]) for place, call in calls()}

    assert {place: set(keys) - KEYS for place, keys in found.items() if set(keys) - KEYS} == {}


def test_no_line_is_given_an_exception_nor_its_text() -> None:
    """`type(error).__name__` and a code of Slack's are fine; `error` itself may hold what somebody wrote."""
    for place, call in calls():
        assert isinstance(call.func, ast.Attribute)
        assert call.func.attr != "exception", place
        assert {each.arg for each in call.keywords} <= {"level"}, place
        given = [ast.unparse(each) for each in template(call)[1]]
        assert not {"error", "str(error)", "repr(error)"} & set(given), place


# The two formats


def record(
    said: str, *given: object, name: str = "bot.sessions.listeners", failure: object = None
) -> logging.LogRecord:
    return logging.LogRecord(name, logging.INFO, "f.py", 1, said, given, failure)  # type: ignore[arg-type]


def as_json(made: logging.LogRecord) -> dict[str, object]:
    line = logs.Json().format(made)
    assert "\n" not in line
    told = json.loads(line)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", told.pop("at"))
    assert (told.pop("level"), told.pop("logger")) == ("info", made.name)
    return dict(told)


def test_as_json_each_key_is_a_field_and_numbers_stay_numbers() -> None:
    assert as_json(record("booked pair=%s by=%s", 7, "U0ANA")) == {"event": "booked", "pair": 7, "by": "U0ANA"}
    assert as_json(record("not shown error=%s", None)) == {"event": "not shown", "error": None}


def test_what_happened_may_be_filled_in_too() -> None:
    assert as_json(record("agreement %s pair=%s", "changed", 7)) == {"event": "agreement changed", "pair": 7}
    assert as_json(record("read source=%s %s", "scim", "added=1 gone=2")) == {
        "event": "read added=1 gone=2",
        "source": "scim",
    }


def test_a_value_that_looks_like_a_key_stays_a_value() -> None:
    assert as_json(record("booked by=%s", "U0 pair=%s")) == {"event": "booked", "by": "U0 pair=%s"}


@pytest.mark.parametrize("said", ["100% of it", "a library says x=%d"])
def test_a_librarys_line_is_all_words(said: str) -> None:
    given = (1,) if "%d" in said else ()

    assert as_json(record(said, *given, name="uvicorn.error")) == {"event": said.replace("%d", "1")}


def failure() -> object:
    try:
        raise ValueError(SECRET)
    except ValueError:
        return sys.exc_info()


@pytest.mark.parametrize("form", [logs.Json(), logs.Text(logs.TEXT)])
def test_of_a_failure_only_its_kind_and_the_lines_it_passed_are_told(form: logging.Formatter) -> None:
    """Libraries log exceptions with their words, and those may be somebody's."""
    line = form.format(record("it failed", name="uvicorn.error", failure=failure()))

    assert SECRET not in line
    assert "ValueError at tests/test_logs.py:" in line or "ValueError at test_logs.py" in line
    assert "raceback" in line, "whoever looks for failures finds it"
