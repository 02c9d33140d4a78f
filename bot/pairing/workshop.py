"""Hands a round to the solver in a process of its own, so that the bot never loads numpy and scipy."""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.pairing.problem import Problem

PATIENCE = timedelta(seconds=120)
HOUSE = Path(__file__).parents[2]

log = logging.getLogger(__name__)


class NoAnswer(Exception):
    """The solver failed or took too long. What it said is in the log, and is shown to nobody."""


@dataclass(frozen=True)
class Answer:
    """The best round: the pairs (mentor, mentee) by the ids of their members, in id order."""

    pairs: tuple[tuple[int, int], ...]
    placed: int
    total: int


def propose(problem: Problem, patience: timedelta = PATIENCE) -> Answer:
    """The best round; raises `NoAnswer`. It takes half a second at least: never call it before an ack."""
    found = json.loads(_solve(json.dumps(vars(problem)), patience))
    pairs = tuple((mentor, mentee) for mentor, mentee in found["pairs"])
    return Answer(pairs, found["placed"], found["total"])


def _solve(problem: str, patience: timedelta) -> str:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bot.pairing.solver"],
            input=problem,
            capture_output=True,
            encoding="utf-8",
            cwd=HOUSE,
            timeout=patience.total_seconds(),
            check=True,
        )
    except subprocess.TimeoutExpired:
        log.error("pairing took too long seconds=%s", patience.total_seconds())
        raise NoAnswer("the solver took too long") from None
    except subprocess.CalledProcessError as error:
        last_line = error.stderr.strip().rpartition("\n")[2]
        log.error("pairing failed exit=%s said=%s", error.returncode, last_line)
        raise NoAnswer("the solver failed") from None
    except OSError as error:
        log.error("pairing could not start error=%s", error)
        raise NoAnswer("the solver could not be started") from None
    return done.stdout
