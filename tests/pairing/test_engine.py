"""The engine answers in lines of JSON from a process of its own."""

import json
import subprocess
from typing import Any

import pytest
from pairing.candidates import DAY, mentee, mentor

from bot.pairing import workshop
from bot.pairing.engine import certificate, solving
from bot.pairing.engine.tables import Tables
from bot.pairing.problem import Problem

LINES: dict[str, Any] = dict.fromkeys(("ana", "bo", "marcus", "ruth"), ())
PROBLEM = Problem(
    7,
    DAY,
    (mentor(), mentor(member_id=3, slack_id="bo", capacity=2)),
    (mentee(), mentee(member_id=4, slack_id="ruth")),
    LINES,
)


def ask(request: Any) -> tuple[list[dict[str, Any]], str]:
    """What the engine writes, line by line, and what it says for the log."""
    said = subprocess.run(
        workshop.ENGINE,
        input=json.dumps(request) + "\n",
        cwd=workshop.HOUSE,
        capture_output=True,
        text=True,
        check=False,
    )
    return [json.loads(line) for line in said.stdout.splitlines()], said.stderr


def test_a_round_comes_after_its_progress_with_what_proves_it() -> None:
    *progress, last = ask({"task": "round", "problem": PROBLEM.to_json()})[0]

    answer = last["answer"]
    assert all(list(line) == ["progress"] for line in progress)
    assert (answer["placed"], answer["is_checked"]) == (2, True)
    pairs = [(mentor_id, mentee_id) for mentor_id, mentee_id, _ in answer["pairs"]]
    prices = {int(each): price for each, price in answer["prices"].items()}
    assert certificate.check(Tables(PROBLEM), pairs, prices, answer["placing"]) is None


@pytest.mark.usefixtures("quick_engine")
def test_a_round_is_checked_again_from_what_was_kept_of_it() -> None:
    answer = solving.round_of({"problem": PROBLEM.to_json()}, lambda *_: None)
    pairs = [pair[:2] for pair in answer["pairs"]]
    kept = {"task": "check", "problem": PROBLEM.to_json(), **answer, "pairs": pairs}

    def objection(**changed: Any) -> Any:
        return solving.check_of({**kept, **changed}, lambda *_: None)["objection"]

    assert ask(kept)[0][-1]["answer"] == {"objection": None}
    assert objection(pairs=pairs[:1]) == certificate.NOT_THE_BEST
    assert objection(total=answer["total"] + 1) == "the fits in it don't add up to what it says"


@pytest.mark.usefixtures("quick_engine")
def test_what_fails_says_so_kindly_and_names_nobody() -> None:
    broken = {**PROBLEM.to_json(), "mentors": [{"slack_id": "U0SECRET"}]}

    lines, said = ask({"task": "round", "problem": broken})

    assert lines == [{"error": "something went wrong in working the round out"}]
    assert said.startswith("KeyError at ")
    assert "U0SECRET" not in said


@pytest.mark.usefixtures("quick_engine")
def test_someone_listed_twice_is_an_error_with_a_reason() -> None:
    problem = PROBLEM.to_json()
    problem["mentors"] *= 2

    assert ask({"task": "round", "problem": problem})[0] == [{"error": "someone is listed twice"}]
