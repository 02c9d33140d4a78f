"""The real bot over Socket Mode, with a Slack of the test's own at the other end of the line."""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Condition, Thread
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl
from zlib import crc32

import httpx
import pytest
import uvicorn
from cryptography.fernet import Fernet
from nursery import Nursery
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.bot import Process, free_port, spawn
from sandbox.people import TEAM_ID

ROOT = Path(__file__).parents[2]
ANA = "U0ANADUART"
SOON = 20.0
"""How long to wait for what must happen; each wait ends as soon as it has."""
STOPS_WITHIN = 3  # seconds, sooner than a call of Slack's is given up
A_MOMENT = 2  # seconds, for a process to go

Json = dict[str, Any]


class Line:
    """Slack as the bot meets it: the Web API, one socket at a time, and the address for replies."""

    def __init__(self) -> None:
        self.change = Condition()
        self.connections = 0
        self.acks: dict[str, Json] = {}
        self.replies: list[Json] = []
        self.calls: list[tuple[str, Json]] = []
        self.answers: dict[str, Json] = {
            "auth.test": {"ok": True, "team_id": TEAM_ID, "team": "Tidewell", "user_id": "U0FLIPSIDE", "bot_id": "B0"},
            "users.info": {"ok": True, "user": {"id": ANA, "is_admin": False}},
            "chat.postMessage": {"ok": True, "channel": "D0ANA", "ts": "1.000001"},
        }
        self.silent: set[str] = set()
        """What is never answered."""
        self._socket: WebSocket | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._numbers = count(1)
        self.port = 0

    # Its server

    def web(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/api/{method}", self._call, methods=["POST"]),
                Route("/reply", self._reply, methods=["POST"]),
                WebSocketRoute("/link", self._link),
            ]
        )

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        body = (await request.body()).decode()
        is_json = "json" in request.headers.get("content-type", "")
        self._heard(self.calls, (method, json.loads(body or "{}") if is_json else dict(parse_qsl(body))))
        if method in self.silent:
            await asyncio.sleep(SOON)  # longer than anybody waits
        if method == "apps.connections.open" and method not in self.answers:
            return JSONResponse({"ok": True, "url": f"ws://127.0.0.1:{self.port}/link"})
        return JSONResponse(self.answers.get(method, {"ok": True}))

    async def _reply(self, request: Request) -> Response:
        self._heard(self.replies, await request.json())
        return PlainTextResponse("ok")

    async def _link(self, socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0"}})
        self._loop, self._socket = asyncio.get_running_loop(), socket
        with self.change:
            self.connections += 1
            self.change.notify_all()
        try:
            while True:
                ack = await socket.receive_json()
                with self.change:
                    self.acks[ack["envelope_id"]] = ack
                    self.change.notify_all()
        except WebSocketDisconnect:
            pass

    def _heard(self, kept: list[Any], thing: Any) -> None:
        with self.change:
            kept.append(thing)
            self.change.notify_all()

    # What a test does with it

    def until(self, what: Any) -> Any:
        """Waits until it is so."""
        with self.change:
            assert self.change.wait_for(what, SOON), "it did not happen"
            return what()

    def send(self, kind: str, payload: Json) -> Json:
        """Sends an envelope, and waits for its acknowledgement."""
        envelope_id = f"envelope-{next(self._numbers)}"
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
            "payload": payload,
        }
        self._do(self._socket.send_json(envelope))
        return dict(self.until(lambda: self.acks.get(envelope_id)))

    def drop(self) -> None:
        """Closes the connection, as Slack does every few hours."""
        self._do(self._socket.close(1001))

    def _do(self, coroutine: Any) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(SOON)

    def called(self, method: str) -> list[Json]:
        return [fields for name, fields in self.calls if name == method]

    def type(self, text: str) -> Json:
        """Ana types `/flipside TEXT`, and her client is told that it arrived."""
        return self.send(
            "slash_commands",
            {
                "command": "/flipside",
                "text": text,
                "user_id": ANA,
                "team_id": TEAM_ID,
                "channel_id": "C0GENERAL0",
                "trigger_id": "1.2.abc",
                "api_app_id": "A0",
                "response_url": f"http://127.0.0.1:{self.port}/reply",
            },
        )

    def press(self, action_id: str) -> Json:
        return self.send(
            "interactive",
            {
                "type": "block_actions",
                "team": {"id": TEAM_ID},
                "user": {"id": ANA, "team_id": TEAM_ID},
                "actions": [{"type": "button", "action_id": action_id, "block_id": "row", "value": "1"}],
                "message": {"ts": "1.0", "text": "Hello", "blocks": []},
                "container": {"type": "message"},
                "trigger_id": "1.2.abc",
                "api_app_id": "A0",
                "response_url": f"http://127.0.0.1:{self.port}/reply",
            },
        )

    def send_form(self, callback_id: str) -> Json:
        """Ana sends a form in which she filled in nothing."""
        view = {"id": "V1", "type": "modal", "callback_id": callback_id, "blocks": [], "state": {"values": {}}}
        return self.send(
            "interactive",
            {
                "type": "view_submission",
                "team": {"id": TEAM_ID},
                "user": {"id": ANA, "team_id": TEAM_ID},
                "api_app_id": "A0",
                "view": view,
            },
        )

    def happen(self, event: Json, event_id: str) -> Json:
        return self.send(
            "events_api",
            {
                "type": "event_callback",
                "event_id": event_id,
                "team_id": TEAM_ID,
                "api_app_id": "A0",
                "event": event,
                "authorizations": [{"team_id": TEAM_ID, "user_id": "U0FLIPSIDE", "is_bot": True}],
            },
        )

    def write(self, text: str, event_id: str) -> Json:
        """Ana writes to the bot in their DM; each event is about a message of its own."""
        ts = f"9.{crc32(event_id.encode()) % 1_000_000:06}"
        message = {"type": "message", "channel_type": "im", "channel": "D0ANA", "user": ANA, "text": text, "ts": ts}
        return self.happen(message, event_id)


@contextmanager
def a_line() -> Iterator[Line]:
    line = Line()
    server = uvicorn.Server(
        uvicorn.Config(line.web(), host="127.0.0.1", port=0, log_level="error", lifespan="off", ws="websockets-sansio")
    )
    server.config.load()
    [listening] = [server.config.bind_socket()]
    line.port = listening.getsockname()[1]
    thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield line
    finally:
        server.should_exit = server.force_exit = True
        thread.join(SOON)


@contextmanager
def serving(
    line: Line, database: str, log: Path, nursery: Nursery | None = None, port: int = 0, **more: str
) -> Iterator[Process]:
    """`python app.py serve`, from the beginning if there is no nursery."""
    settings = {
        "PATH": os.environ["PATH"],
        "SLACK_BOT_TOKEN": "xoxb-test",
        "SLACK_APP_TOKEN": "xapp-test",
        "SLACK_API_URL": f"http://127.0.0.1:{line.port}/api/",
        "DATABASE_URL": database,
        "FLIPSIDE_KEYS": Fernet.generate_key().decode(),
        "PORT": str(port or free_port()),
        **more,
    }
    bot = (nursery.spawn if nursery else spawn)([sys.executable, "app.py", "serve"], settings, ROOT, log)
    try:
        yield bot
    finally:
        if bot.poll() is None:
            os.kill(bot.pid, signal.SIGKILL)
        bot.wait()


@pytest.fixture(scope="module")
def line(databases: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """A bot that is connected."""
    log = tmp_path_factory.mktemp("sockets") / "bot.log"
    with a_line() as made, serving(made, databases.make("sqlite", with_people=True), log):
        made.until(lambda: made.connections)
        yield made


def test_a_command_is_acknowledged_and_answered(line: Line) -> None:
    before = len(line.replies)

    ack = line.type("help")

    assert set(ack) == {"envelope_id"}
    line.until(lambda: len(line.replies) > before)
    assert line.replies[-1]["response_type"] == "ephemeral"
    assert "`/flipside join` join the programme" in line.replies[-1]["text"]


def test_a_button_is_acknowledged_and_answered(line: Line) -> None:
    before = len(line.replies)

    line.press("go.help")

    line.until(lambda: len(line.replies) > before)
    assert "Here is what you can type:" in line.replies[-1]["text"]


def test_a_button_of_an_older_release_is_acknowledged_and_answered_kindly(line: Line) -> None:
    """Over a socket, what nobody acknowledges comes again and again."""
    before = len(line.replies)

    line.press("signup.an_old_button")

    line.until(lambda: len(line.replies) > before)
    assert "That button is from an older message" in line.replies[-1]["text"]


def test_a_form_nobody_knows_any_more_is_answered_in_its_place(line: Line) -> None:
    ack = line.send_form("signup.an_old_form")

    assert ack["payload"]["response_action"] == "update"


def test_a_word_opens_a_form(line: Line) -> None:
    line.answers["users.info"] = {"ok": True, "user": {"id": ANA, "is_admin": True}}

    line.type("setup")

    [opened] = line.until(lambda: line.called("views.open"))
    assert opened["trigger_id"] == "1.2.abc"
    assert opened["view"]["callback_id"] == "programme.form"


def test_a_wrong_form_stays_open_and_says_why_beside_the_field(line: Line) -> None:
    line.answers["users.info"] = {"ok": True, "user": {"id": ANA, "is_admin": True}}

    ack = line.send_form("programme.form")

    assert ack["payload"]["response_action"] == "errors"
    assert set(ack["payload"]["errors"]) == {"name", "objective", "channel", "contact", "months"}


def test_an_event_that_nobody_listens_to_is_acknowledged(line: Line) -> None:
    ack = line.happen({"type": "reaction_added", "user": ANA, "reaction": "eyes", "item": {}}, "EvReaction")

    assert set(ack) == {"envelope_id"}


def test_a_message_is_answered_once_however_often_it_comes(line: Line) -> None:
    line.write("Hello?", "EvHello")
    line.write("Hello?", "EvHello")
    line.write("Anybody?", "EvAnybody")

    line.until(lambda: len(line.called("chat.postMessage")) == 2)
    assert Counter(sent["channel"] for sent in line.called("chat.postMessage")) == {"D0ANA": 2}


def test_after_a_lost_connection_the_bot_is_there_again_and_sigterm_ends_it(
    databases: Any, nursery: Nursery | None, tmp_path: Path
) -> None:
    log = tmp_path / "bot.log"
    with a_line() as line, serving(line, databases.make("sqlite", with_people=True), log, nursery) as bot:
        line.until(lambda: line.connections == 1)

        line.drop()

        line.until(lambda: line.connections == 2)
        line.type("help")
        line.until(lambda: line.replies)
        bot.terminate()

        assert bot.wait(10) == 0
    assert "Traceback" not in log.read_text()


def test_an_operator_can_ask_it_too_and_whoever_waits_for_slack_does_not_hold_up_its_end(
    databases: Any, nursery: Nursery | None, tmp_path: Path
) -> None:
    log, port, database = tmp_path / "bot.log", free_port(), databases.make("sqlite", with_people=False)
    within = {"FLIPSIDE_STOPS_WITHIN": str(STOPS_WITHIN)}
    with a_line() as line, serving(line, database, log, nursery, port, **within) as bot:
        line.until(lambda: line.connections)
        line.answers["users.info"] = {"ok": True, "user": {"id": ANA, "is_admin": True}}
        line.silent.add("views.open")
        line.type("setup")
        line.until(lambda: line.called("views.open"))

        asked = {name: httpx.get(f"http://127.0.0.1:{port}/{name}") for name in ("healthz", "readyz", "metrics")}
        assert [each.status_code for each in asked.values()] == [200, 200, 200]
        assert 'flipside_request_seconds_count{type="command"} 1.0' in asked["metrics"].text
        assert httpx.post(f"http://127.0.0.1:{port}/slack/events").status_code == 404, "Slack has another way in"

        begun = monotonic()
        bot.terminate()
        assert bot.wait(SOON) == 0
        assert monotonic() - begun <= STOPS_WITHIN + A_MOMENT
    assert "Traceback" not in log.read_text()


def test_an_app_token_that_slack_refuses_is_told_by_the_name_of_its_setting(
    databases: Any, nursery: Nursery | None, tmp_path: Path
) -> None:
    log = tmp_path / "bot.log"
    with a_line() as line:
        line.answers["apps.connections.open"] = {"ok": False, "error": "invalid_auth"}
        with serving(line, databases.make("sqlite", with_people=True), log, nursery) as bot:
            assert bot.wait(SOON) == 1

    said = log.read_text()
    assert "Traceback" not in said
    assert "SLACK_APP_TOKEN" in said
