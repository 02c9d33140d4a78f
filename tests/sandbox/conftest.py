"""A workspace without a bot, one with a bot that only listens, and one with the tiny bot."""

import json
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from nursery import Nursery

from sandbox import Sandbox
from sandbox.desk import Desk
from tests.sandbox.kit import ANA

HERE = Path(__file__).resolve().parent
MANIFEST = HERE / "manifest.yml"
TINY_BOT = [sys.executable, str(HERE / "tiny_bot.py")]
MONDAY = datetime(2027, 3, 1, 8, tzinfo=UTC)


class Slack:
    """Slack as the bot meets it, without HTTP between."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.space = desk.space

    def __call__(self, method: str, **args: Any) -> dict[str, Any]:
        return self.desk.answer(method, args, self.desk.token)

    def trigger(self, user: str = "U0ANADUART") -> str:
        return self.space.triggers.new(user, self.space.now())


@pytest.fixture
def slack(tmp_path: Path) -> Iterator[Slack]:
    desk = Desk(tmp_path, now=MONDAY, manifest=MANIFEST, bot_command=TINY_BOT)
    yield Slack(desk)
    desk.server.stop()


SILENCE = 0


class Listener:
    """In the place of the bot: keeps every request, and answers as it is told to, or else with 200."""

    is_running = True
    lives = 1

    @property
    def listens(self) -> bool:
        return self.is_running

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, str], str]] = []
        self.answers: deque[tuple[int, str, dict[str, str]]] = deque()
        self.settles: Callable[[], dict[str, Any]] = lambda: {"next_look_at": None}
        self.stopped = threading.Event()
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                if self.path == "/settle":
                    status, told, headers = 200, json.dumps(listener.settles()), {}
                else:
                    listener.heard.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                    status, told, headers = listener.answers.popleft() if listener.answers else (200, "", {})
                if status == SILENCE:
                    listener.stopped.wait(10)
                    return
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(told.encode())

            def log_message(self, *_args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, status: int = 200, body: Any = "", **headers: str) -> None:
        told = body if isinstance(body, str) else json.dumps(body)
        self.answers.append((status, told, {name.replace("_", "-"): value for name, value in headers.items()}))

    @property
    def payloads(self) -> list[dict[str, Any]]:
        """What was heard, read: a form's fields, the JSON in its payload, or a JSON body."""
        return [self._read(body) for _, _, body in self.heard]

    @property
    def acts(self) -> list[dict[str, Any]]:
        """Of these what people did by a command, a button or a form: events come when the postman gets to them."""
        return [each for each in self.payloads if "event" not in each]

    @staticmethod
    def _read(body: str) -> dict[str, Any]:
        if body.startswith("{"):
            return dict(json.loads(body))
        fields = dict(parse_qsl(body, keep_blank_values=True))
        return dict(json.loads(fields["payload"])) if "payload" in fields else fields

    def crashed(self, _grace: float = 0) -> None:
        """It never does."""

    def stop(self) -> int:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        return 0

    def start(self) -> None:
        """It has."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.stop()


@pytest.fixture
def manifest() -> Path:
    """What the bot that only listens may do and hears of."""
    return MANIFEST


@pytest.fixture
def heard(tmp_path: Path, manifest: Path, listener: Listener) -> Iterator[Sandbox]:
    """A workspace whose bot only listens."""
    box = Sandbox(tmp_path, now=MONDAY, manifest=manifest, bot_command=TINY_BOT)
    box.bot = listener  # type: ignore[assignment]
    box.server.start()
    box.postman.start()
    yield box
    box.postman.stop()
    box.server.stop()


def tiny(folder: Path, nursery: Nursery | None, **more: Any) -> Sandbox:
    """A workspace with the tiny bot, which is born ready where that can be."""
    made = Sandbox(folder, now=MONDAY, manifest=MANIFEST, bot_command=TINY_BOT, **more)
    for bot in made.bots if nursery is not None else ():
        bot.spawn = nursery.spawn
    return made


@pytest.fixture
def box(tmp_path: Path, nursery: Nursery | None) -> Iterator[Sandbox]:
    with tiny(tmp_path, nursery) as running:
        yield running


@pytest.fixture
def prepared(slack: Slack) -> Callable[[str, dict[str, Any]], dict[str, Any]]:
    """A DM with a message of the bot's, one of Ana's and an ephemeral one, and their time stamps by name."""
    dm = slack("conversations.open", users=ANA)["channel"]["id"]
    own = slack("chat.postMessage", channel=ANA, text="hello")["ts"]
    whispered = slack("chat.postEphemeral", channel=dm, user=ANA, text="psst")["message_ts"]
    hers = slack.desk.acting.write(ANA, dm, "hello back").ts
    names = {"own": own, "whispered": whispered, "hers": hers}

    def call(method: str, args: dict[str, Any]) -> dict[str, Any]:
        told = {key: names.get(value, value) if key in ("ts", "message_ts") else value for key, value in args.items()}
        if method == "views.open":
            told = {"trigger_id": slack.trigger()} | told
        return slack(method, **told)

    return call
