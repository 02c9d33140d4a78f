"""An HR directory that misbehaves as real ones do."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import web


class Wild:
    """Answers as it is told to: users, or what happens instead, by the number of the request."""

    def __init__(self) -> None:
        self.users: list[dict[str, Any]] = [user(number) for number in range(12)]
        self.most = 5
        self.order: Callable[[list[dict[str, Any]], int], list[dict[str, Any]]] = lambda users, _turn: users
        self.instead: dict[int, tuple[int, str, dict[str, str]]] = {}
        self.asked: list[dict[str, str]] = []
        self.url = ""

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, str, dict[str, str]]:
        number = len(self.asked)
        query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        self.asked.append(query | {"path": urlsplit(path).path, "token": headers.get("Authorization", "")})
        if number in self.instead:
            return self.instead[number]
        start, count = int(query["startIndex"]), min(int(query["count"]), self.most)
        page = self.order(self.users, number)[start - 1 : start - 1 + count]
        told = {"totalResults": len(self.users), "itemsPerPage": len(page), "startIndex": start, "Resources": page}
        return 200, json.dumps(told), {"Content-Type": "application/scim+json"}


def user(number: int, **more: Any) -> dict[str, Any]:
    email = f"p{number}@tidewell.example"
    return {"id": f"id-{number}", "userName": email, "displayName": f"P{number}", "active": True} | more


@contextmanager
def serving(made: Wild) -> Iterator[Wild]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body, headers = made.answer(self.path, dict(self.headers))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """What was asked is remembered."""

    with web.server() as server:
        made.url = f"http://127.0.0.1:{server.server_port}/scim/v2"
        server.RequestHandlerClass = Handler
        yield made
