"""What an operator sees of a morning: each message's outcome is counted and logged once, and names nothing but ids."""

import json
import logging
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from benchmarks import _programmes
from benchmarks._programmes import NOW, WORKSPACE
from nudges.test_pace import Morning, later
from prometheus_client import generate_latest
from slack_sdk.errors import SlackApiError
from sqlalchemy import event

from bot import logs
from bot.nudges.standing import Standing
from store import agenda
from store.database import Store

SECOND = timedelta(seconds=1)
LOST = 40
WHO = {
    name: _programmes.slack_id(number)
    for number, name in enumerate(("gone", "lost", "absent", "unread", "busy", "plain"))
}


def refusing(code: str, status: int = 200) -> SlackApiError:
    class Response(dict[str, object]):
        status_code = status
        headers: dict[str, str] = {}  # noqa: RUF012

    return SlackApiError("no", Response(ok=False, error=code))


@pytest.fixture
def morning(store: Store) -> Morning:
    """Six people are due."""
    _programmes.seed(store, 10, due=len(WHO))
    made = Morning(store)
    made.house.metrics.registry.register(Standing(made.house))
    return made


def figures(morning: Morning, *prefixes: str) -> dict[str, float]:
    """What is told there, without what is 0."""
    told = generate_latest(morning.house.metrics.registry).decode()
    lines = [line.rsplit(" ", 1) for line in told.splitlines() if line.startswith(tuple(prefixes))]
    return {name: float(value) for name, value in lines if float(value)}


def lines(caplog: pytest.LogCaptureFixture, *events: str) -> list[dict[str, Any]]:
    found = [json.loads(logs.Json().format(record)) for record in caplog.records]
    return [each for each in found if each["logger"] == "bot.nudges.journal" and each["event"] in events]


def a_mixed_morning(morning: Morning) -> None:
    """Slack refuses one for good, loses the answer to three, says "later" to one, and takes one at once."""
    first: Counter[str] = Counter()

    def answer(method: str, sent: dict[str, Any]) -> dict[str, Any] | None:
        who = str(sent.get("channel")).replace("D", "U")
        first[f"{method} {who}"] += 1
        if method == "users.info":
            return {"ok": True, "user": {"id": sent["user"], "deleted": False}}
        if method == "conversations.history":
            if who == WHO["unread"]:
                raise refusing("channel_not_found")
            found = [{"ts": "7.000001", "metadata": {"event_payload": {"id": marks[who]}}}]
            return {"ok": True, "messages": found if who == WHO["lost"] else []}
        if who in marks or first[f"{method} {who}"] > 1:
            return None
        if who in (WHO["lost"], WHO["absent"], WHO["unread"]):
            marks[who] = sent["metadata"]["event_payload"]["id"]
            raise TimeoutError
        if who == WHO["gone"]:
            raise refusing("restricted_action")
        if who == WHO["busy"]:
            raise later(5)
        return None

    marks: dict[str, str] = {}
    morning.slack.answers = answer
    morning.go_on(NOW + timedelta(minutes=5))


def test_each_outcome_is_counted_and_has_its_line(morning: Morning, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        a_mixed_morning(morning)

    told = figures(morning, "flipside_messages", "flipside_message_lag_seconds_count", "flipside_slack")
    held = told.pop("flipside_messages_held_back_total", 0)
    assert told == {
        'flipside_messages_sent_total{of="nudge"}': 4,
        'flipside_messages_refused_total{what="for_good"}': 1,
        'flipside_messages_refused_total{what="later"}': 1,
        "flipside_messages_unknown_total": 3,
        'flipside_messages_reconciled_total{what="found"}': 1,
        'flipside_messages_reconciled_total{what="sent_again"}': 1,
        'flipside_messages_reconciled_total{what="given_up"}': 1,
        "flipside_message_lag_seconds_count": 4,
        'flipside_slack_rate_limited_total{method="chat.postMessage"}': 1,
    }
    assert held <= len(WHO)

    by_person = {
        name: [each["event"] for each in lines(caplog, *EVENTS) if each["person"] == who] for name, who in WHO.items()
    }
    assert by_person["plain"] == ["claimed", "sent"] or by_person["plain"] == [
        "claimed",
        "put off",
        "sending again",
        "sent",
    ]
    assert by_person["gone"][-1] == "refused"
    assert by_person["lost"][-2:] == ["unclear", "found"]
    assert by_person["absent"][-3:] == ["unclear", "sending again", "sent"]
    assert by_person["unread"][-2:] == ["unclear", "given up"]
    assert by_person["busy"][-4:] == ["refused", "put off", "sending again", "sent"]


EVENTS = ("claimed", "sent", "found", "refused", "unclear", "put off", "sending again", "given up", "dropped")


def test_a_line_says_which_message_to_whom_and_how_late_and_never_what_it_says(
    morning: Morning, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        a_mixed_morning(morning)

    [line] = [each for each in lines(caplog, "sent") if each["person"] == WHO["absent"]]
    assert set(line) == {
        "at", "level", "logger", "event", "delivery", "kinds", "keys", "person", "attempts", "error", "lag", "until"
    }  # fmt: skip
    assert (line["kinds"], line["attempts"], line["error"]) == ("checkin", 2, None)
    assert line["keys"].startswith("checkin:")
    assert 60 <= line["lag"] < 300
    assert len(line["delivery"]) == 32
    everything = caplog.text + generate_latest(morning.house.metrics.registry).decode()
    for hidden in ("Person 1", "Look Up", "Did you", "meet?", "xoxb-test"):
        assert hidden not in everything


def test_a_history_that_a_proxy_holds_back_is_read_later_and_nothing_is_given_up(morning: Morning) -> None:
    """It says 429 with a page of its own instead of Slack's code."""
    histories = iter([refusing("Too many requests, please!", 429)] * 3)

    def answer(method: str, _sent: dict[str, Any]) -> dict[str, Any] | None:
        if method == "conversations.history":
            trouble = next(histories, None)
            if trouble is None:
                return {"ok": True, "messages": []}
            raise trouble
        if morning.now < NOW + SECOND * 30:
            raise TimeoutError
        return None

    morning.slack.answers = answer
    morning.go_on(NOW + timedelta(minutes=30))

    assert figures(morning, "flipside_messages_reconciled", "flipside_slack", "flipside_messages_sent") == {
        'flipside_messages_reconciled_total{what="sent_again"}': len(WHO),
        'flipside_slack_rate_limited_total{method="conversations.history"}': 3,
        'flipside_messages_sent_total{of="nudge"}': len(WHO),
    }


def test_of_many_lost_answers_each_is_looked_for_in_its_turn(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """Slack shows some fifty histories a minute: nobody is put off again and again until theirs is shown."""
    _programmes.seed(store, 50, due=LOST)
    morning = Morning(store)
    shown: Counter[datetime] = Counter()

    def answer(method: str, _sent: dict[str, Any]) -> dict[str, Any] | None:
        if method == "conversations.history":
            shown[morning.now.replace(second=0, microsecond=0)] += 1
            return {"ok": True, "messages": []}
        if morning.now < NOW + SECOND * 30:
            raise TimeoutError
        return None

    morning.slack.answers = answer
    with caplog.at_level(logging.INFO):
        morning.go_on(NOW + timedelta(minutes=10))

    assert len(morning.slack.posted) == LOST
    assert max(shown.values()) <= 50
    assert len(lines(caplog, "put off")) <= LOST


def test_what_slack_finds_badly_made_is_sent_in_words_alone_and_that_is_told(
    morning: Morning, caplog: pytest.LogCaptureFixture
) -> None:
    def answer(_method: str, sent: dict[str, Any]) -> dict[str, Any] | None:
        if sent.get("blocks"):
            raise refusing("invalid_blocks")
        words.append(sent["text"])
        return None

    words: list[str] = []
    morning.slack.answers = answer
    morning.go_on(NOW + timedelta(minutes=5))

    assert Counter(to for _, to in morning.slack.posted) == Counter(WHO.values())
    assert all("meet" in each for each in words)
    assert caplog.text.count("error=invalid_blocks") == len(WHO)


def test_a_moment_that_passed_is_counted_and_told(morning: Morning, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        morning.now = NOW + timedelta(days=30)
        morning.tick()

    dropped = figures(morning, "flipside_nudges_dropped")
    assert dropped['flipside_nudges_dropped_total{why="too_late"}'] == len(lines(caplog, "dropped"))
    assert {each["error"] for each in lines(caplog, "dropped")} == {"too_late"}


def test_what_is_due_and_how_late_is_asked_when_somebody_scrapes(morning: Morning) -> None:
    morning.now = NOW + timedelta(minutes=3)
    before = figures(morning, "flipside_due")
    assert before['flipside_due{of="person"}'] == len(WHO)
    assert 180 <= before['flipside_due_oldest_seconds{of="person"}'] < 240

    morning.slack.answers = lambda _method, _sent: (_ for _ in ()).throw(later(40))
    morning.tick()

    now = figures(
        morning, "flipside_due", "flipside_gate", "flipside_messages_unsettled", "flipside_database", "flipside_looked"
    )
    assert 'flipside_due{of="person"}' not in now
    assert now['flipside_gate_closed_seconds{method="chat.postMessage"}'] == 45
    assert now['flipside_messages_unsettled{state="waiting"}'] == len(WHO)
    assert now["flipside_database_up"] == 1
    assert now["flipside_looked_at_total"] >= len(WHO)


def test_the_time_in_which_no_process_was_there_counts_as_lag(
    morning: Morning, caplog: pytest.LogCaptureFixture
) -> None:
    morning.now = NOW + timedelta(minutes=10)
    with caplog.at_level(logging.INFO):
        morning.tick()

    assert [each["lag"] >= 600 for each in lines(caplog, "sent")] == [True] * len(WHO)
    assert (
        figures(morning, "flipside_message_lag_seconds_bucket")['flipside_message_lag_seconds_bucket{le="900.0"}'] == 6
    )


def test_a_scrape_costs_a_few_queries_however_much_is_due(morning: Morning) -> None:
    asked: list[str] = []
    event.listen(morning.store.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    figures(morning)
    few = len(asked)
    with morning.store.begin() as db:
        agenda.touch(db, WORKSPACE, range(2, 20), morning.now)
    asked.clear()
    figures(morning)

    assert len(asked) == few <= 8


def test_without_the_database_the_rest_is_still_told(morning: Morning) -> None:
    a_mixed_morning(morning)
    morning.store.engine.dispose()
    morning.store.engine = type(morning.store)("sqlite:////nowhere/at/all.db", morning.store.keys).engine

    told = generate_latest(morning.house.metrics.registry).decode()

    assert "flipside_database_up 0.0" in told
    assert 'flipside_messages_sent_total{of="nudge"} 4.0' in told
    assert "flipside_due{" not in told


def test_each_house_counts_for_itself(morning: Morning) -> None:
    other = morning.replica()

    a_mixed_morning(morning)

    assert b'flipside_messages_sent_total{of="nudge"} 0.0' in generate_latest(other.metrics.registry)
