"""The process that works rounds out: `python -m bot.pairing.engine`, so that the bot never loads numpy and scipy.

It reads one request, a line of JSON that names a task, and writes lines of JSON: any number of
`{"progress": [doing, done, of]}`, and then `{"answer": ...}` or `{"error": words}`. What it writes elsewhere, for the
log, names nobody either: where it failed, and at what, without the values.
"""

import json
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from bot.pairing.engine import repair, solving
from bot.pairing.engine.solver import Progress, TooLarge
from bot.pairing.problem import BadProblem

TASKS: Mapping[str, Callable[[Mapping[str, Any], Progress], Any]] = {
    "round": solving.round_of,
    "check": solving.check_of,
    "overview": solving.overview_of,
    "unplaced": solving.unplaced_of,
    "cost": solving.cost_of,
    "preview": solving.preview_of,
    "repair": repair.repair_of,
}

OURS = "something went wrong in working the round out"


def main() -> None:
    try:
        request = json.loads(sys.stdin.readline())
        _write({"answer": TASKS[request["task"]](request, _tell)})
    except (BadProblem, TooLarge) as error:
        _write({"error": str(error)})
    except Exception as error:  # whatever it is, the bot must hear that there will be no answer
        frames = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
        print(type(error).__name__, "at", *frames[-3:], file=sys.stderr)  # noqa: T201
        _write({"error": OURS})
        sys.exit(1)


def _tell(doing: str, done: int, of: int) -> None:
    _write({"progress": [doing, done, of]})


def _write(line: Mapping[str, Any]) -> None:
    print(json.dumps(line), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
