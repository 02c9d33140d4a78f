"""Trouble asked for over HTTP, as the page or a script on this machine does it."""

import inspect
import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from sandbox import Sandbox
from sandbox.plans import TAKES
from tests.sandbox.kit import ANA

POST = "chat.postMessage"


@pytest.fixture
def ask(heard):
    def send(**body):
        headers = {"Content-Type": "application/json", "Origin": heard.url}
        told = json.dumps(body).encode() if body else None
        request = Request(f"{heard.url}/ui/faults", told, headers if body else {})  # noqa: S310
        try:
            with urlopen(request) as answer:  # noqa: S310
                return json.load(answer)
        except HTTPError as error:
            return {"status": error.code} | json.load(error)

    return send


def test_trouble_is_planned_listed_and_taken_back(ask, heard):
    ask(do="kill_at", point="after_storing", method="views.open", after=2)
    ask(do="fail_next", method=POST, status="reset", stored=True, times=3)
    ask(do="storm", lasts=60, method="users.info")
    told = ask(do="random_faults", seed=7, methods=["chat.update"], shares={"reset": 0.1})

    kinds = [(plan["kind"], plan.get("method") or plan["methods"]) for plan in told["planned"]]
    assert kinds == [("kill", "views.open"), ("failure", POST), ("storm", "users.info"), ("chances", ["chat.update"])]
    assert told["planned"][0]["after"] == 2
    assert ask()["planned"] == told["planned"]
    assert ask(do="no_trouble")["planned"] == []
    assert heard.planned() == []


def test_what_came_of_it_is_told(ask, heard):
    ask(do="revoke")
    assert ask()["planned"][0]["status"] == "token_revoked"
    ask(do="restore")
    ask(do="archive", channel="#announcements")
    for text in ("one", "two"):
        heard.answer(POST, {"channel": ANA, "text": text}, heard.token)
    heard.answer(POST, {"channel": "C0ANNOUNCE", "text": "hi"}, heard.token)

    told = ask()
    assert [(broken["method"], broken["bot"]) for broken in told["broken_limits"]] == [(POST, 1)]
    assert [refused["error"] for refused in told["errors"]] == ["is_archived"]
    assert (told["kills"], told["held"], told["bots"]) == ({}, [], [True])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"do": "explode"}, "explode is none of kill_at"),
        ({"do": "release", "times": 2}, "release takes no times, but nothing"),
        ({"do": "fail_next", "methods": POST}, "fail_next takes no methods, but method, times"),
        ({"do": "deactivate", "who": "nobody"}, "nobody here is called nobody"),
        ({"do": "fail_next"}, "Not understood"),
        ({"do": "kill_at", "point": "at_noon"}, "Not understood"),
        ({"do": "storm", "lasts": "long"}, "Not understood"),
        ({"do": "random_faults", "seed": 1, "shares": {"reset": 2}}, "Not understood"),
    ],
)
def test_what_is_not_understood_is_said(ask, heard, body, said):
    told = ask(**body)

    assert said in told["error"]
    assert heard.planned() == []


def test_each_takes_what_the_sandbox_takes():
    for name in set(TAKES) - {"random_faults"}:
        known = set(inspect.signature(getattr(Sandbox, name)).parameters) - {"self", "meanwhile"}
        assert set(TAKES[name]) == known, name
