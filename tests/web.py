"""A tiny HTTP server that answers as it is told and remembers what it was asked: Slack, as far as a test needs it."""

import json
import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl

Json = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A call of Slack's Web API as it arrived."""

    method: str
    fields: Json


@dataclass(frozen=True)
class Reply:
    body: str | Json = field(default_factory=lambda: {"ok": True})
    status: int = 200
    headers: Json = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


RESET, SILENCE, HALF = Reply("reset"), Reply("silence"), Reply("half")
"""The connection breaks; nothing ever comes; half an answer comes."""

Answer = Reply | Callable[[Asked], Reply]


@dataclass
class Slack:
    """What answers: by method's name, else with `ok`."""

    url: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    closing: Event = field(default_factory=Event)

    @property
    def methods(self) -> list[str]:
        return [each.method for each in self.asked]

    def of(self, method: str) -> list[Json]:
        return [each.fields for each in self.asked if each.method == method]

    def reply(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        answer = self.answers.get(asked.method, Reply())
        return answer if isinstance(answer, Reply) else answer(asked)


@contextmanager
def slack(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None, **answers: Answer) -> Iterator[Slack]:
    """Methods are named as the SDK names them: `chat_postMessage=Reply(...)`. `tls`: what it shows who it is with."""
    named = {_dotted(name): answer for name, answer in answers.items()}
    with server(host) as serving:
        if tls is not None:
            serving.socket = tls.wrap_socket(serving.socket, server_side=True)
        made = Slack(f"http{'s' if tls else ''}://{host}:{serving.server_port}/api/", named)
        serving.RequestHandlerClass = _handler(made)
        try:
            yield made
        finally:
            made.closing.set()


@contextmanager
def server(host: str = "127.0.0.1") -> Iterator[ThreadingHTTPServer]:
    """Listens at a port of its own; whoever asked for it says what answers, as its `RequestHandlerClass`."""
    made = ThreadingHTTPServer((host, 0), BaseHTTPRequestHandler)
    made.daemon_threads = True
    Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield made
    finally:
        made.shutdown()
        made.server_close()


def _dotted(name: str) -> str:
    return name.replace("_", ".")


def _handler(made: Slack) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            is_json = "json" in self.headers.get("Content-Type", "")
            fields = json.loads(body or "{}") if is_json else dict(parse_qsl(body))
            reply = made.reply(Asked(self.path.rpartition("/")[2], fields))
            if reply is SILENCE:
                made.closing.wait()
            elif reply is RESET:
                # Closing with linger 0 sends a reset instead of an end.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
            else:
                self._write(reply)

        def _write(self, reply: Reply) -> None:
            lacking = 100 if reply is HALF else 0
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, str(value))
            self.send_header("Content-Length", str(len(reply.content) + lacking))
            self.end_headers()
            self.wfile.write(reply.content)

        def log_message(self, *_: object) -> None:
            """Silent: what was asked is remembered."""

    return Handler
