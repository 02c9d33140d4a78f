"""A file is read from Slack alone: our token goes to nobody else, and what can't be read is a value."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import web

from bot.slack import files, speaking
from bot.slack.files import Trouble, Unreadable

TOKEN = "xoxb-1"
CONTENT = b"slack_id,name\nU0ANA,SECRETNAME\n"
Served = tuple[int, dict[str, str], bytes]


class Host:
    """A web server that answers by path, and remembers which token each path was asked with."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.served: dict[str, Served] = {}
        self.tokens: dict[str, str] = {}

    def serve(self, path: str, body: bytes = CONTENT, status: int = 200, **headers: str) -> str:
        kind = {"Content-Type": "text/csv"}
        self.served[path] = status, kind | {name.replace("_", "-"): value for name, value in headers.items()}, body
        return self.url + path

    def tell(self, **answer: Any) -> None:
        """What files.info answers."""
        self.serve("/api/files.info", json.dumps(answer).encode(), Content_Type="application/json")

    def keep(self, path: str = "/file.csv", **facts: Any) -> None:
        """Slack has this file, which lies at this path."""
        self.tell(ok=True, file={"id": "F1", "size": 10, "url_private_download": self.url + path} | facts)

    def read(self) -> bytes | Unreadable:
        return files.read(speaking.client(TOKEN, f"{self.url}/api/"), "F1")


@contextmanager
def hosting() -> Iterator[Host]:
    with web.server() as server:
        host = Host(f"http://127.0.0.1:{server.server_port}")

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                host.tokens[self.path] = self.headers.get("Authorization", "")
                status, headers, body = host.served[self.path]
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                """Silent: what was asked is remembered."""

        server.RequestHandlerClass = Handler
        yield host


@pytest.fixture
def slack() -> Iterator[Host]:
    with hosting() as host:
        host.serve("/file.csv")
        host.keep()
        yield host


@pytest.fixture
def stranger() -> Iterator[Host]:
    with hosting() as host:
        host.serve("/file.csv")
        yield host


def test_a_file_is_read_with_our_token(slack: Host) -> None:
    assert slack.read() == CONTENT
    assert slack.tokens["/file.csv"] == f"Bearer {TOKEN}"


def test_our_token_never_goes_to_another_host_neither_at_once_nor_by_a_redirect(slack: Host, stranger: Host) -> None:
    slack.keep(url_private_download=f"{stranger.url}/file.csv")
    at_once = slack.read()
    slack.serve("/file.csv", b"", 302, Location=f"{stranger.url}/file.csv")
    slack.keep()
    by_a_redirect = slack.read()

    assert at_once == by_a_redirect == Unreadable(Trouble.STRANGE)
    assert stranger.tokens == {}


def test_a_redirect_on_slacks_own_host_is_followed_but_not_for_ever(slack: Host) -> None:
    slack.serve("/moved.csv")
    slack.serve("/file.csv", b"", 302, Location="/moved.csv")
    assert slack.read() == CONTENT

    slack.serve("/file.csv", b"", 302, Location="/file.csv")
    assert slack.read() == Unreadable(Trouble.STRANGE)


@pytest.mark.parametrize(
    ("address", "is_slacks"),
    [
        ("https://files.slack.com/files-pri/T1-F1/download/a.csv", True),
        ("https://acme.enterprise.slack.com/a.csv", True),
        ("https://files.slack-gov.com/a.csv", True),
        ("http://127.0.0.1:8760/files-pri/a.csv", True),
        ("http://files.slack.com/a.csv", False),
        ("https://files.slack.com:8443/a.csv", False),
        ("https://slack.com.evil.example/a.csv", False),
        ("https://evilslack.com/a.csv", False),
        ("https://files.slack.com@evil.example/a.csv", False),
        ("https://evil.example/?files.slack.com", False),
        ("http://127.0.0.1:8761/a.csv", False),
        ("file:///etc/passwd", False),
        ("https://files.slack.com:port/a.csv", False),
        ("", False),
    ],
)
def test_only_slacks_own_addresses_are_slacks(address: str, is_slacks: bool) -> None:
    assert files.is_slacks(address, "http://127.0.0.1:8760/api/") is is_slacks


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("file_not_found", Trouble.GONE),
        ("file_deleted", Trouble.GONE),
        ("missing_scope", Trouble.NO_SCOPE),
        ("ratelimited", Trouble.LATER),
        ("internal_error", Trouble.LATER),
        ("something_new", Trouble.STRANGE),
    ],
)
def test_what_slack_refuses_is_a_value(slack: Host, code: str, trouble: Trouble) -> None:
    slack.tell(ok=False, error=code)

    assert slack.read() == Unreadable(trouble)


def _page(host: Host) -> None:
    host.serve("/file.csv", b"  <!DOCTYPE html><html>Sign in</html>")


CASES: dict[str, tuple[Callable[[Host], object], Trouble]] = {
    "a page to sign in": (lambda host: host.serve("/file.csv", b"<p>", Content_Type="text/html"), Trouble.NO_SCOPE),
    "a page under another name": (_page, Trouble.NO_SCOPE),
    "not allowed": (lambda host: host.serve("/file.csv", status=403), Trouble.NO_SCOPE),
    "gone": (lambda host: host.serve("/file.csv", status=404), Trouble.GONE),
    "a bad moment": (lambda host: host.serve("/file.csv", status=503), Trouble.LATER),
    "elsewhere, but not where": (lambda host: host.serve("/file.csv", status=302), Trouble.STRANGE),
    "half of it": (lambda host: host.serve("/file.csv", Content_Length="999"), Trouble.LATER),
    "too large, and it says so": (lambda host: host.keep(size=files.MOST_BYTES + 1), Trouble.TOO_LARGE),
    "too large": (lambda host: host.serve("/file.csv", b"x" * (files.MOST_BYTES + 1)), Trouble.TOO_LARGE),
    "nowhere": (lambda host: host.keep(url_private_download=""), Trouble.STRANGE),
}


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_read_says_why(slack: Host, case: str) -> None:
    happens, trouble = CASES[case]
    happens(slack)

    assert slack.read() == Unreadable(trouble)


def test_nothing_of_a_file_reaches_the_log(slack: Host, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        slack.read()
        slack.serve("/file.csv", status=503)
        slack.read()

    ours = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    assert ours == ["file not read file=F1 error=later"]
    assert "SECRETNAME" not in caplog.text
    assert TOKEN not in caplog.text
