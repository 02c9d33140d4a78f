"""What a tick costs among many pairs, and how many nudges go out in a second.

Beside a bare loop that only posts, beside a job of APScheduler's for each nudge, and with two processes on PostgreSQL.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from threading import Event

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from cryptography.fernet import Fernet, MultiFernet
from slack_sdk import WebClient

from bot import prompts
from bot.house import House
from bot.nudges import claims, looks, tick
from bot.nudges.looks import Look
from bot.nudges.outbox import Outbox
from bot.settings import PROMPTS, Settings
from bot.slack import speaking
from store.agenda import Entry
from store.database import Store
from tests.benchmarks import _programmes
from tests.benchmarks._programmes import NOW, WORKSPACE, slack_id

ROOT = Path(__file__).parents[2]
KEY = "dGhpcyBrZXkgaXMgZm9yIGEgYmVuY2htYXJrIG9ubHk="
TEXT = "Did you and <@U100000001> meet yesterday? " * 5
BLOCKS = [
    {"type": "section", "text": {"type": "mrkdwn", "text": TEXT}},
    {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "met", "text": {"type": "plain_text", "text": "We met"}}],
    },
]
A_WHILE = 120.0  # seconds
AS_MANY_AS_IT_CAN = 1000  # messages a second: what Slack takes is not what is measured


@dataclass
class Town:
    """A seeded database, and the house as a process of the bot's has it. Its clock stands between two waves."""

    store: Store
    slack: str
    now: datetime = NOW

    def __post_init__(self) -> None:
        env = {"SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_SIGNING_SECRET": "bench", "SLACK_API_URL": self.slack}
        told = Settings(**env, FLIPSIDE_KEYS=KEY, SLACK_MESSAGES_PER_SECOND=AS_MANY_AS_IT_CAN)
        client = speaking.client(told.slack_bot_token, told.slack_api_url)
        self.house = House(told, self.store, prompts.load(PROMPTS), lambda: self.now, client, WORKSPACE)

    def wave(self) -> float:
        """Seconds that the next wave takes, from the look at whoever is due to the last outcome stored."""
        begun = time.perf_counter()
        tick.tick(self.house)
        took = time.perf_counter() - begun
        self.now += timedelta(minutes=1)
        return took

    def said(self) -> float:
        """Seconds of the next wave without looking: what is due is known, and is claimed, worded, sent and marked."""
        seen = list(self._looked())
        begun = time.perf_counter()
        with Outbox(self.house) as outbox:
            for some in seen:
                outbox.send(claims.claim(self.house, some, self.now))
                outbox.keep()
        took = time.perf_counter() - begun
        self.now += timedelta(minutes=1)
        return took

    def _looked(self) -> Iterator[dict[Entry, Look]]:
        while entries := tick.take(self.house):
            ids = [entry.subject_id for entry in entries]
            with self.store.read() as db:
                found = looks.of_people(db, ids, self.now, self.house.settings.nudges_a_week)
            yield {entry: found[entry.subject_id] for entry in entries}


def opened(url: str) -> Store:
    return Store(url, MultiFernet([Fernet(KEY)]), connections=20)


def seeded(folder: str, pairs: int, due: int, waves: int) -> Store:
    store = opened(f"sqlite:///{folder}/bench.db")
    store.migrate()
    _programmes.seed(store, pairs, due, waves)
    return store


def growth(sizes: Sequence[int], slack: str, messages: int = 100, waves: int = 6) -> dict[int, float]:
    """Milliseconds of a tick that sends so many messages, by how many pairs there are; the first wave warms up."""
    found = {}
    for pairs in sizes:
        with tempfile.TemporaryDirectory() as folder:
            store = seeded(folder, pairs, messages, waves)
            town = Town(store, slack)
            took = [town.wave() for _ in range(waves)]
            store.close()
        found[pairs] = median(took[1:]) * 1000
    return found


# How many in a second


def ours(count: int, slack: str, waves: int) -> tuple[list[float], list[float]]:
    """Nudges a second through claim, render, send and mark, wave by wave; and of whole ticks, which look first."""
    with tempfile.TemporaryDirectory() as folder:
        store = seeded(folder, count * (waves + 1), count, 2 * (waves + 1))
        town = Town(store, slack)
        took = [(town.said(), town.wave()) for _ in range(waves + 1)][1:]
        store.close()
    return [count / said for said, _ in took], [count / ticked for _, ticked in took]


def bare(count: int, slack: str) -> float:
    """Messages a second of a loop that only posts one after the other."""
    client = speaking.client("xoxb-bench", slack)
    begun = time.perf_counter()
    for number in range(count):
        post(client, slack_id(number))
    return count / (time.perf_counter() - begun)


def post(client: WebClient, target: str) -> None:
    client.chat_postMessage(
        channel=target,
        text=TEXT,
        blocks=BLOCKS,
        unfurl_links=False,
        unfurl_media=False,
        metadata={"event_type": "flipside", "event_payload": {"id": "0" * 32}},
    )


class Posted:
    """What the jobs of APScheduler share: they are stored by name."""

    client: WebClient
    left = 0
    all_done = Event()


def posted(target: str) -> None:
    post(Posted.client, target)
    Posted.left -= 1
    if Posted.left == 0:
        Posted.all_done.set()


def a_job_each(count: int, slack: str) -> float:
    """Messages a second where each nudge is a job of APScheduler's in a job store, kept until it has run."""
    Posted.client, Posted.left = speaking.client("xoxb-bench", slack), count
    Posted.all_done.clear()
    with tempfile.TemporaryDirectory() as folder:
        stores = {"default": SQLAlchemyJobStore(f"sqlite:///{folder}/jobs.db")}
        scheduler = BackgroundScheduler(jobstores=stores, executors={"default": ThreadPoolExecutor(1)}, timezone=UTC)
        due = datetime.now(UTC) - timedelta(seconds=1)
        scheduler.start(paused=True)
        for number in range(count):
            told = {"args": [slack_id(number)], "misfire_grace_time": None}
            scheduler.add_job(f"{__name__}:posted", "date", run_date=due, **told)
        begun = time.perf_counter()
        scheduler.resume()
        assert Posted.all_done.wait(A_WHILE), "the jobs did not end"
        took = time.perf_counter() - begun
        scheduler.shutdown()
    return count / took


# Two processes


def together(url: str, slack: str, processes: int) -> tuple[float, list[int]]:
    """Seconds until all that is due has gone out, and how many each process looked at."""
    command = [sys.executable, "-m", "tests.benchmarks._speed", url, slack]
    children = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    for child in children:
        assert child.stdout is not None
        child.stdout.readline()
    begun = time.perf_counter()
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    looked = [int(json.loads(child.communicate()[0])) for child in children]
    return time.perf_counter() - begun, looked


def replica(url: str, slack: str) -> None:
    """A process that waits for the word, and then sends what is due until nothing is."""
    town = Town(opened(url), slack)
    with town.store.read():
        print("ready", flush=True)  # noqa: T201 -- whoever started it waits for this
    sys.stdin.readline()
    print(json.dumps(tick.tick(town.house)))  # noqa: T201


def replicas(make: Callable[[], str], slack: str, count: int, sizes: Sequence[int] = (1, 2)) -> dict[int, float]:
    """Nudges a second with one process and with two, each time on a database of its own."""
    found = {}
    for processes in sizes:
        url = make()
        store = opened(url)
        store.migrate()
        _programmes.seed(store, count // 2, count)
        store.close()
        took, looked = together(url, slack, processes)
        assert sum(looked) == count, f"{looked} of {count}"
        found[processes] = count / took
    return found


if __name__ == "__main__":
    replica(*sys.argv[1:])
