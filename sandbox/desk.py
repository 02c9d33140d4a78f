"""Slack's desk: what the bot asks is answered here, what people cause goes out to the bot from here."""

import os
import secrets
import sys
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.fernet import Fernet
from starlette.routing import BaseRoute

from sandbox import delivery
from sandbox.acting import Acting
from sandbox.answering import Answers
from sandbox.api import METHODS, Call, Refusal
from sandbox.bot import Bot, free_port
from sandbox.bots import Bots
from sandbox.clock import Clock
from sandbox.delivery import Answer, NoAnswer
from sandbox.faults import Faults, Kill
from sandbox.limits import Counted, Limits, target
from sandbox.manifest import Manifest
from sandbox.patience import Patience
from sandbox.payloads import envelope
from sandbox.postman import Postman
from sandbox.records import Json
from sandbox.server import Server
from sandbox.staff import Staff
from sandbox.storms import Storms
from sandbox.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
# With the first three Bolt would open a socket or go into OAuth mode; with the last the bot, which is started often,
# would be compiled anew each time.
NOT_FOR_THE_BOT = ("SLACK_APP_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "PYTHONDONTWRITEBYTECODE")
# No page can use this one: a browser asks the bot before it sends the headers of a signature, and the bot says no.
SECRET = "local-signing-secret"  # noqa: S105
TROUBLE = "We had some trouble connecting. Try again?"
DIES_WITHIN = 0.5
Settings = dict[str, str]


class Refused(NamedTuple):
    """Something that Slack would not take from the bot."""

    method: str
    error: str
    detail: Any


class Desk:
    """The workspace with all that stands around it: server, postman, planned faults and the bots' processes.

    `bots` share the database; acts and events go to those that run, in turn or, from the seed `turns`, by chance.
    `clocks_off` says by how many seconds each bot's clock is wrong. Calls beyond Slack's limits are always noted; with
    `limits="enforce"` they are answered 429, too. With `restarts` a bot that died, by a planned kill say, is started
    again before an act ends and before time moves on, as whoever watches over it would.
    """

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
        bots: int = 1,
        turns: int | None = None,
        clocks_off: Sequence[float] = (),
        limits: Limits = "note",
        restarts: bool = False,
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
        self.storms = Storms()
        self.patience = Patience()
        self.counted = Counted(self.space.now)
        self.enforces = limits == "enforce"
        self.restarts = restarts
        self.calls: list[tuple[str, Json]] = []
        self.callers: Counter[tuple[int, str]] = Counter()  # how often which bot called which method
        self.errors: list[Refused] = []
        self.server = Server(self, port)
        self.url = f"http://127.0.0.1:{self.server.port}"
        self.prepares = prepare and bot_command is None
        self._events = 0
        settings = self._settings(database_url, key or Fernet.generate_key().decode())
        command = bot_command or [sys.executable, "app.py", "serve"]
        off = [*clocks_off, *[0.0] * bots]
        numbers = range(1, bots + 1)
        made = (self._new_bot(number, command, settings, env or {}, off[number - 1]) for number in numbers)
        self.bots = Bots(list(made), turns)
        self.postman = Postman(self._send_event, self.space.now, self._refused_answer)
        self.space.on_event = self.emit
        self.space.scopes, self.space.base_url = self.manifest.scopes, self.url
        self.answers = Answers(self)
        self.acting = Acting(self)
        self.staff = Staff(self)

    @property
    def bot(self) -> Bot:
        """The bot; the first one where there are several."""
        return self.bots[1]

    @bot.setter
    def bot(self, bot: Bot) -> None:
        self.bots.replace(1, bot)

    def _new_bot(self, number: int, command: list[str], settings: Settings, more: Settings, off: float) -> Bot:
        """Each has a port and a path of the Web API of its own, so that it is known who calls."""
        nth = "" if number == 1 else str(number)
        clock = self.folder.resolve() / "clock"
        if off:
            clock = clock.with_name(f"clock{number}")
            self.space.clock.show(clock, timedelta(seconds=off))
        port = free_port()
        path = f"bot{number}/api/" if nth else "api/"
        own = {"SLACK_API_URL": f"{self.url}/{path}", "PORT": str(port), "FLIPSIDE_CLOCK_FILE": str(clock)}
        return Bot(command, settings | own | more, port, self.folder / f"bot{nth}.log", ROOT)

    def _settings(self, database_url: str | None, key: str) -> Settings:
        coordinators = [person.id for person in self.space.people.values() if person.is_coordinator]
        database = database_url or f"sqlite:///{self.folder.resolve() / 'flipside.db'}"
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_FOR_THE_BOT}
        return inherited | {
            "SLACK_BOT_TOKEN": self.token,
            "SLACK_SIGNING_SECRET": self.secret,
            "DATABASE_URL": database,
            "FLIPSIDE_KEYS": key,
            "FLIPSIDE_COORDINATORS": ",".join(coordinators),
            "PYTHONUNBUFFERED": "1",
        }

    def page_routes(self) -> list[BaseRoute]:
        """What is served beside Slack's own addresses."""
        return []

    # What the bot asks

    def answer(self, method: str, args: Json, token: str, number: int = 1) -> Json:
        """Slack's answer to a call of the bot of this number; a refusal is noted."""
        with self.space.lock:
            self.calls.append((method, dict(args)))
            try:
                told = self._run(method, args, token)
            except Refusal as refusal:
                self.refuse(method, refusal.code, refusal.extra)
                return {"ok": False, "error": refusal.code} | refusal.extra
            if channel := target(self.space, method, args):
                self.counted.posted(method, channel, number)
            return {"ok": True} | told

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
            refusal = self.answers.respond(url_id, body)
            if not refusal and body.get("response_type") == "in_channel":
                self.counted.posted("response_url", self.space.urls.known[url_id].channel, 0)
            return refusal

    # What goes to the bot

    def emit(self, kind: str, event: Json) -> None:
        """Send an event on its way, if the manifest subscribes to its kind."""
        if kind in self.manifest.events:
            self._events += 1
            moment = int(self.space.now().timestamp())
            self.postman.bring(envelope(event, f"Ev{moment}{self._events:05d}", moment))

    def _send_event(self, body: Json, retry: dict[str, str]) -> Answer:
        return self._sent("event", lambda port: delivery.send_event(port, self.secret, body, retry))

    def send_form(self, fields: Json) -> Answer:
        return self._sent("command", lambda port: delivery.send_form(port, self.secret, fields))

    def send_payload(self, payload: Json) -> Answer:
        kind = str(payload["type"])
        return self._sent(kind, lambda port: delivery.send_payload(port, self.secret, payload))

    def _sent(self, what: str, send: Callable[[int], Answer]) -> Answer:
        """The answer of the bot whose turn it is; silence is noted as its mistake only while it runs."""
        bot = self.bots.next("event" if what == "event" else "act")
        if bot is None:
            raise NoAnswer("connection_failed")
        lives = bot.lives
        try:
            return send(bot.port)
        except NoAnswer as silence:
            self.note_crash(DIES_WITHIN if str(silence) == "connection_failed" else 0, bot)
            if bot.is_running and bot.lives == lives:
                self.refuse(what, "operation_timeout" if str(silence) == "http_timeout" else str(silence), "")
            raise

    def kill(self, bot: Bot, kill: Kill) -> None:
        """Kill this bot at a point that was planned, or met by chance. It counts if the bot was there."""
        if bot.is_running:
            self.faults.killed(kill)
        bot.kill()

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

    def note_crash(self, grace: float = 0.0, bot: Bot | None = None) -> None:
        """Note a bot that ended by itself: this one, or any."""
        for each in [bot] if bot else self.bots:
            code = each.crashed(grace)
            if code is not None:
                self.space.changed()
                self.refuse("bot", f"ended with {code}", each.last_words())
