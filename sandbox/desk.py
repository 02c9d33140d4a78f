"""Slack's desk: what the bot asks is answered here, what people cause goes out to the bot from here."""

import os
import secrets
import sys
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.fernet import Fernet
from starlette.routing import BaseRoute

from sandbox import delivery
from sandbox.acting import Acting
from sandbox.answering import Answers
from sandbox.api import METHODS, Call, Refusal
from sandbox.bot import Bot, free_port
from sandbox.clock import Clock
from sandbox.delivery import Answer, NoAnswer
from sandbox.faults import Faults
from sandbox.manifest import Manifest
from sandbox.payloads import envelope
from sandbox.postman import Postman
from sandbox.records import Json
from sandbox.server import Server
from sandbox.staff import Staff
from sandbox.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
# With the first three Bolt would open a socket or go into OAuth mode; with the last the bot, which is started often,
# would be compiled anew each time.
NOT_FOR_THE_BOT = ("SLACK_APP_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "PYTHONDONTWRITEBYTECODE")
# No page can use this one: a browser asks the bot before it sends the headers of a signature, and the bot says no.
SECRET = "local-signing-secret"  # noqa: S105
TROUBLE = "We had some trouble connecting. Try again?"
DIES_WITHIN = 0.5


class Refused(NamedTuple):
    """Something that Slack would not take from the bot."""

    method: str
    error: str
    detail: Any


class Desk:
    """The workspace with all that stands around it: server, postman, planned faults and the bot's process."""

    def __init__(
        self,
        folder: Path,
        database_url: str | None = None,
        now: datetime | None = None,
        *,
        manifest: Path | None = None,
        bot_command: list[str] | None = None,
        port: int = 0,
        key: str | None = None,
        env: dict[str, str] | None = None,
        prepare: bool = True,
        denies: Collection[str] = (),
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        # Made anew each time: another page in the browser must not call the Web API with a token it can guess.
        self.token = f"xoxb-local-{secrets.token_hex(16)}"
        self.secret = SECRET
        self.manifest = Manifest.read(manifest or ROOT / "manifest.yml").without(denies)
        self.space = Workspace(Clock(folder / "clock", now))
        self.faults = Faults()
        self.calls: list[tuple[str, Json]] = []
        self.errors: list[Refused] = []
        self.server = Server(self, port)
        self.url = f"http://127.0.0.1:{self.server.port}"
        self.prepares = prepare and bot_command is None
        self._events = 0
        bot_port = free_port()
        database = database_url or f"sqlite:///{folder.resolve() / 'flipside.db'}"
        settings = self._settings(bot_port, database, key or Fernet.generate_key().decode()) | (env or {})
        command = bot_command or [sys.executable, "app.py", "serve"]
        self.bot = Bot(command, settings, bot_port, folder / "bot.log", ROOT)
        self.postman = Postman(self._send_event, self.space.now, self._refused_answer)
        self.space.on_event = self.emit
        self.space.scopes, self.space.base_url = self.manifest.scopes, self.url
        self.answers = Answers(self)
        self.acting = Acting(self)
        self.staff = Staff(self)

    def _settings(self, port: int, database_url: str, key: str) -> dict[str, str]:
        coordinators = [person.id for person in self.space.people.values() if person.is_coordinator]
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_FOR_THE_BOT}
        return inherited | {
            "SLACK_BOT_TOKEN": self.token,
            "SLACK_SIGNING_SECRET": self.secret,
            "SLACK_API_URL": f"{self.url}/api/",
            "PORT": str(port),
            "DATABASE_URL": database_url,
            "FLIPSIDE_KEYS": key,
            "FLIPSIDE_COORDINATORS": ",".join(coordinators),
            "FLIPSIDE_CLOCK_FILE": str(self.folder.resolve() / "clock"),
            "PYTHONUNBUFFERED": "1",
        }

    def page_routes(self) -> list[BaseRoute]:
        """What is served beside Slack's own addresses."""
        return []

    # What the bot asks

    def answer(self, method: str, args: Json, token: str) -> Json:
        """Slack's answer to a call of the bot's; a refusal is noted."""
        with self.space.lock:
            self.calls.append((method, dict(args)))
            try:
                return {"ok": True} | self._run(method, args, token)
            except Refusal as refusal:
                self.refuse(method, refusal.code, refusal.extra)
                return {"ok": False, "error": refusal.code} | refusal.extra

    def _run(self, method: str, args: Json, token: str) -> Json:
        known = METHODS.get(method)
        if known is None:
            raise Refusal("unknown_method", req_method=method)
        if not token:
            raise Refusal("not_authed")
        if token != self.token:
            raise Refusal("invalid_auth")
        call = Call(method, args, self.manifest.scopes, self.space, self.url, self.manifest.has_home)
        if known.scopes:
            call.needs_scope(*known.scopes)
        return known.run(call)

    def take_upload(self, file_id: str, content: bytes) -> bool:
        """Keep the bytes of an upload; False if nobody asked for it."""
        with self.space.lock:
            file = self.space.files.get(file_id)
            if file is None or file.shared:
                return False
            file.content = content
            return True

    def private_file(self, file_id: str, token: str) -> bytes | None:
        """The bytes behind `url_private`, for the bot alone and only with the scope for it; None for anybody else."""
        with self.space.lock:
            file = self.space.files.get(file_id)
            may_read = token == self.token and "files:read" in self.space.scopes
            return file.content if file is not None and file.user and may_read else None

    def take_response(self, url_id: str, body: Json) -> str:
        """What the bot sent to a response url; Slack's code if it is refused."""
        with self.space.lock:
            self.calls.append(("response_url", dict(body)))
        return self.answers.respond(url_id, body)

    # What goes to the bot

    def emit(self, kind: str, event: Json) -> None:
        """Send an event on its way, if the manifest subscribes to its kind."""
        if kind in self.manifest.events:
            self._events += 1
            moment = int(self.space.now().timestamp())
            self.postman.bring(envelope(event, f"Ev{moment}{self._events:05d}", moment))

    def _send_event(self, body: Json, retry: dict[str, str]) -> Answer:
        return self._sent("event", lambda: delivery.send_event(self.bot.port, self.secret, body, retry))

    def send_form(self, fields: Json) -> Answer:
        return self._sent("command", lambda: delivery.send_form(self.bot.port, self.secret, fields))

    def send_payload(self, payload: Json) -> Answer:
        kind = str(payload["type"])
        return self._sent(kind, lambda: delivery.send_payload(self.bot.port, self.secret, payload))

    def _sent(self, what: str, send: Callable[[], Answer]) -> Answer:
        """The bot's answer; silence is noted as its mistake only while it runs."""
        if not self.bot.is_running:
            raise NoAnswer("connection_failed")
        lives = self.bot.lives
        try:
            return send()
        except NoAnswer as silence:
            self.note_crash(DIES_WITHIN if str(silence) == "connection_failed" else 0)
            if self.bot.is_running and self.bot.lives == lives:
                self.refuse(what, "operation_timeout" if str(silence) == "http_timeout" else str(silence), "")
            raise

    # What went wrong

    def refuse(self, method: str, error: str, detail: Any) -> None:
        self.errors.append(Refused(method, error, detail))

    def trouble(self, user: str, what: str, code: str, detail: Any) -> None:
        """Note what Slack would not take, and show the person Slack's general failure."""
        self.refuse(what, code, detail)
        with self.space.lock:
            self.space.notices[user] = TROUBLE
            self.space.changed()

    def _refused_answer(self, what: str, answer: Answer) -> None:
        self.refuse(what, f"http_{answer.status}", answer.body[:300])

    def note_crash(self, grace: float = 0.0) -> None:
        """Note a bot that ended by itself."""
        code = self.bot.crashed(grace)
        if code is not None:
            self.space.changed()
            self.refuse("bot", f"ended with {code}", self.bot.last_words())
