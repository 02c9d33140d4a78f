"""What an operator can ask over HTTP: is it there, is it well, what has it done. Slack's part is told in the flows."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import httpx
import pytest
from benchmarks import _programmes
from conftest import KEY, Databases
from cryptography.fernet import Fernet, MultiFernet
from nudges.test_pace import Morning
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

import app
from bot.nudges import tick
from bot.nudges.outbox import Outbox
from bot.nudges.standing import Standing
from bot.pulse import HANGS_AFTER, Pulse
from bot.slack import serving
from bot.slack.serving import Server
from store.database import Store

SOON = 5.0  # seconds
READY = (200, "ready")


class Stopwatch:
    """A clock that only goes forward, and only when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def morning(databases: Databases, watch: Stopwatch) -> Iterator[Morning]:
    store = Store(databases.make("sqlite", with_people=False), MultiFernet([Fernet(KEY)]))
    _programmes.seed(store, 10, due=4)
    made = Morning(store)
    made.house = replace(made.house, pulse=Pulse(watch))
    made.house.metrics.registry.register(Standing(made.house))
    yield made
    store.close()


@pytest.fixture
def server(morning: Morning) -> Iterator[Server]:
    web = serving.web(lambda: app.not_ready(morning.house), morning.house.metrics.registry)
    made = Server(web, "127.0.0.1", 0)
    made.start()
    yield made
    assert made.stop(SOON)


@pytest.fixture
def asked(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}") as made:
        yield made


def readiness(asked: httpx.Client) -> tuple[int, str]:
    answer = asked.get("/readyz")
    return answer.status_code, answer.text


def test_it_is_not_ready_when_no_tick_has_got_on_for_a_while(
    asked: httpx.Client, morning: Morning, watch: Stopwatch
) -> None:
    assert readiness(asked) == READY
    watch.seconds += HANGS_AFTER - 1
    assert readiness(asked) == READY
    watch.seconds += 1
    assert readiness(asked) == (503, "not ready: no tick has got on with anything for 120 seconds")
    assert asked.get("/healthz").text == "ok", "the process answers all the same"

    app.work(morning.house)

    assert readiness(asked) == READY


def test_a_tick_that_sends_for_many_minutes_is_alive(asked: httpx.Client, morning: Morning, watch: Stopwatch) -> None:
    """Each answer of Slack's takes a minute."""

    def slow(_method: str, _sent: object) -> None:
        watch.seconds += 60

    morning.slack.answers = slow
    morning.house = replace(
        morning.house, settings=morning.house.settings.model_copy(update={"messages_per_second": 1})
    )
    tick.tick(morning.house)

    assert watch.seconds == 1000 + 60 * 4
    assert readiness(asked) == READY


def test_a_tick_that_waits_for_an_answer_that_never_comes_is_not(
    asked: httpx.Client, morning: Morning, watch: Stopwatch
) -> None:
    """It goes round and round while messages are under way, but gets on with nothing."""
    never = Event()
    morning.slack.answers = lambda _method, _sent: never.wait(20) and None
    with Outbox(morning.house) as outbox:
        tick._look(morning.house, outbox, tick.take(morning.house))
        watch.seconds += HANGS_AFTER
        outbox.keep(0.01)

        assert readiness(asked)[0] == 503
        never.set()

    assert readiness(asked) == READY


def test_it_is_not_ready_without_its_database(asked: httpx.Client, morning: Morning) -> None:
    morning.store.engine = Store("sqlite:////nowhere/at/all.db", morning.store.keys).engine

    assert readiness(asked) == (503, "not ready: the database does not answer")
    assert asked.get("/healthz").status_code == 200
    assert asked.get("/metrics").status_code == 200


def test_it_is_not_ready_when_it_is_ending(asked: httpx.Client, morning: Morning) -> None:
    morning.house.stopping.set()

    assert readiness(asked) == (503, "not ready: it is ending")


def test_the_metrics_are_such_as_prometheus_reads(asked: httpx.Client, morning: Morning) -> None:
    tick.tick(morning.house)

    answer = asked.get("/metrics")

    assert answer.headers["content-type"].startswith("text/plain; version=")
    families = {each.name: each for each in text_string_to_metric_families(answer.text)}
    ours = {name: each for name, each in families.items() if name.startswith("flipside_")}
    assert len(ours) >= 18
    assert {name for name, each in ours.items() if not each.documentation or each.type == "unknown"} == set()
    values = {(label, value) for each in ours.values() for one in each.samples for label, value in one.labels.items()}
    assert {label for label, _ in values} == {"of", "what", "why", "level", "type", "method", "state", "le"}
    assert len({each for each in values if each[0] != "le"}) < 40, "labels of few values"


def test_the_readme_says_what_each_of_them_tells(asked: httpx.Client) -> None:
    readme = (Path(app.__file__).parent / "README.md").read_text(encoding="utf-8")
    names = {line.split()[2] for line in asked.get("/metrics").text.splitlines() if line.startswith("# TYPE flipside_")}

    assert {name for name in names if f"`{name}`" not in readme} == set()


def test_a_port_that_somebody_else_has_is_told_by_its_setting(server: Server) -> None:
    with pytest.raises(serving.PortTaken) as refused:
        Server(Starlette(), "127.0.0.1", server.port)

    assert str(refused.value) == f"PORT: nobody can listen on {server.port} here (Address already in use)"


def test_it_answers_until_it_is_stopped(server: Server, asked: httpx.Client) -> None:
    assert asked.get("/healthz").text == "ok"
    assert server.stop(SOON)
    with pytest.raises(httpx.ConnectError):
        asked.get("/healthz")
