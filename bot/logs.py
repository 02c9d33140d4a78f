"""Log lines: what happened in a few words, then `key=value`. As text for people, or as JSON for machines.

Every line of ours is written as `log.info("booked pair=%s by=%s", ...)`; a test holds all of them to that. An
exception's own text may hold what a person wrote, so its type and the lines it passed are told in its place.
"""

import json
import logging
import re
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from bot.errors import where

TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"
FIELD = re.compile(r" ?(\w+)=%s")
OURS = ("bot.", "store.", "app", "__main__")
PLAIN = (str, int, float, bool, type(None))


def set_up(level: str, is_json: bool) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(Json() if is_json else Text(TEXT))
    logging.basicConfig(level=level, handlers=[handler])
    # At DEBUG the SDK logs every request, with what people wrote.
    for loud in ("alembic", "slack_sdk", "slack_bolt", "httpx", "httpcore"):
        logging.getLogger(loud).setLevel(logging.WARNING)


class Text(logging.Formatter):
    def formatException(self, ei: Any) -> str:
        return f"Traceback {_failure(ei)}"


class Json(logging.Formatter):
    """One object a line: `at`, `level`, `logger`, `event`, and each key of the line as it stands there."""

    def format(self, record: logging.LogRecord) -> str:
        event, fields = _read(record)
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": event,
            **{name: value if isinstance(value, PLAIN) else str(value) for name, value in fields.items()},
        }
        if record.exc_info:
            told["traceback"] = _failure(record.exc_info)
        return json.dumps(told)


def _read(record: logging.LogRecord) -> tuple[str, dict[str, Any]]:
    """What happened, and the keys of a line of ours; a library's line is all words."""
    template, given = str(record.msg), record.args
    if not record.name.startswith(OURS) or not isinstance(given, tuple) or template.count("%s") != len(given):
        return record.getMessage(), {}
    values, fields = iter(given), {}
    words = ""
    for part in re.split(r"( ?\w+=%s|%s)", template):
        named = FIELD.fullmatch(part)
        if named is not None:
            fields[named[1]] = next(values)
        else:
            words += str(next(values)) if part == "%s" else part
    return words.strip(), fields


def _failure(found: Any) -> str:
    kind, error, _trace = found
    trace: TracebackType | None = _trace
    return f"{kind.__name__ if kind else None} at {where(error) if trace is not None else None}"
