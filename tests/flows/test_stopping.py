"""Asked to end (SIGTERM) while hundreds are due and Slack is silent: soon, in order, nothing lost, nothing doubled."""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Condition
from time import monotonic
from typing import Any

import pytest
import web
from benchmarks import _programmes
from benchmarks._programmes import NOW, WORKSPACE, slack_id
from conftest import KEY, Databases
from cryptography.fernet import Fernet, MultiFernet
from nursery import Nursery
from sqlalchemy import select
from web import SILENCE, Asked, Reply

from bot import clock
from sandbox.bot import Bot, free_port
from store.database import Store
from store.models import Delivery, DeliveryState

ROOT = Path(__file__).parents[2]
SOON = 60.0
DUE = 300
ANSWERED = 60
"""After so many messages Slack falls silent."""
STOPS_WITHIN = 4.0  # seconds, sooner than what Slack doesn't answer is given up
A_MOMENT = 2.0  # seconds, for a process to go


class Conversations:
    """What is in everybody's DM, by Slack's word. Silent, it keeps every other message and answers none."""

    def __init__(self) -> None:
        self.change = Condition()
        self.stored: list[tuple[str, str]] = []
        self.heard: set[str] = set()
        self.is_silent = False
        self.unanswered = 0

    def posted(self, asked: Asked) -> Reply:
        to, mark = asked.fields["channel"].replace("U", "D"), asked.fields["metadata"]["event_payload"]["id"]
        with self.change:
            self.change.notify_all()
            self.heard.add(mark)
            self.unanswered += self.is_silent
            if not self.is_silent or self.unanswered % 2:
                self.stored.append((to, mark))
            if self.is_silent:
                return SILENCE
            self.is_silent = len(self.stored) == ANSWERED
            return Reply({"ok": True, "channel": to, "ts": f"{len(self.stored)}.000001"})

    def history(self, asked: Asked) -> Reply:
        of = asked.fields["channel"]
        with self.change:
            found = [{"ts": "1.1", "metadata": {"event_payload": {"id": mark}}} for to, mark in self.stored if to == of]
        return Reply({"ok": True, "messages": found})

    def until(self, what: Any) -> None:
        with self.change:
            assert self.change.wait_for(what, SOON), "it did not happen"


@dataclass
class Machine:
    """Where processes of the bot are started, one after the other."""

    slack: web.Slack
    database: str
    folder: Path
    nursery: Nursery | None

    @property
    def log(self) -> Path:
        return self.folder / "bot.log"

    @contextmanager
    def bot(self, ahead: timedelta) -> Iterator[Bot]:
        """`ahead`: how far its clock is."""
        port, clock_file = free_port(), self.folder / "clock"
        clock_file.write_text(str(ahead.total_seconds()))
        settings = {
            "PATH": os.environ["PATH"],
            "SLACK_BOT_TOKEN": "xoxb-test",
            "SLACK_SIGNING_SECRET": "made-up",
            "SLACK_API_URL": self.slack.url,
            "SLACK_MESSAGES_PER_SECOND": "1000",
            "FLIPSIDE_STOPS_WITHIN": str(STOPS_WITHIN),
            "DATABASE_URL": self.database,
            "FLIPSIDE_KEYS": KEY,
            "FLIPSIDE_CLOCK_FILE": str(clock_file),
            "PORT": str(port),
        }
        made = Bot([sys.executable, "app.py", "serve"], settings, port, self.log, ROOT)
        if self.nursery is not None:
            made.spawn = self.nursery.spawn
        made.start()
        try:
            yield made
        finally:
            made.kill()


def ended(bot: Bot) -> float:
    """Asks it to end, and says how many seconds it took."""
    begun = monotonic()
    assert bot.stop() == 0
    return monotonic() - begun


@pytest.mark.long
def test_in_the_midst_of_hundreds_it_ends_as_soon_as_it_should_and_the_next_one_goes_on(
    databases: Databases, nursery: Nursery | None, tmp_path: Path
) -> None:
    database = databases.make("sqlite", with_people=False)
    store = Store(database, MultiFernet([Fernet(KEY)]))
    _programmes.seed(store, DUE // 2, due=DUE)
    ahead = NOW - clock.real()
    there = Conversations()
    me = Reply({"ok": True, "team_id": WORKSPACE, "team": "Bench", "user_id": "U0BOT"})

    with web.slack(auth_test=me, chat_postMessage=there.posted, conversations_history=there.history) as slack:
        machine = Machine(slack, database, tmp_path, nursery)
        with machine.bot(ahead) as first:
            there.until(lambda: there.unanswered >= 8)
            asked_at = clock.real() + ahead
            assert ended(first) <= STOPS_WITHIN + A_MOMENT
        left = deliveries(store)
        assert max(each.claimed_at for each in left) < asked_at + timedelta(seconds=1), "claims stop at once"
        unanswered = [each for each in left if each.state in (DeliveryState.CLAIMED, DeliveryState.UNKNOWN)]
        assert {each.mark for each in unanswered} <= there.heard, "only what Slack has heard of is in doubt"
        untried = [each for each in left if each.mark not in there.heard]
        assert {each.state for each in untried} == {DeliveryState.WAITING}
        assert max(each.lease_until for each in untried) < asked_at + timedelta(seconds=1), "it goes out at once"

        there.is_silent = False
        with machine.bot(ahead + timedelta(minutes=5)) as second:
            there.until(lambda: len(there.stored) >= DUE)
            settled(store)
            assert ended(second) <= STOPS_WITHIN / 2

    assert Counter(to for to, _ in there.stored) == Counter(slack_id(number).replace("U", "D") for number in range(DUE))
    said = machine.log.read_text()
    assert "Traceback" not in said
    assert "ended with work under way" not in said, "nothing hung"
    store.close()


def deliveries(store: Store) -> list[Delivery]:
    since: datetime = NOW - timedelta(minutes=1)
    with store.read() as db:
        return list(db.scalars(select(Delivery).where(Delivery.claimed_at >= since)))


def settled(store: Store) -> None:
    """Waits until all is known to be there."""
    until = monotonic() + SOON
    while {each.state for each in deliveries(store)} != {DeliveryState.SENT}:
        assert monotonic() < until, "it did not happen"
