"""Signed requests to the bot, with Slack's three seconds."""

import hashlib
import hmac
import http.client
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

SLACK_WAITS = 3.0  # https://docs.slack.dev/apis/events-api#responding


class NoAnswer(Exception):
    """The bot could not be reached or did not answer in time; its text is Slack's retry reason."""


@dataclass(frozen=True)
class Answer:
    """What the bot said."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body read as JSON; None if it is empty or something else."""
        try:
            return json.loads(self.body) if self.body.strip() else None
        except ValueError:
            return None


def signature(secret: str, timestamp: str, body: str) -> str:
    """Slack's signature v0 of a body."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def send(port: int, secret: str, body: str, content_type: str, extra: dict[str, str] | None = None) -> Answer:
    """POST a signed body to the bot. The signature holds the real time: the workspace may be far ahead."""
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(secret, timestamp, body),
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    }
    return post(port, "/slack/events", body, headers | (extra or {}), SLACK_WAITS)


def send_form(port: int, secret: str, fields: dict[str, Any]) -> Answer:
    return send(port, secret, urlencode(fields), "application/x-www-form-urlencoded")


def send_payload(port: int, secret: str, payload: dict[str, Any]) -> Answer:
    """An interaction: a form with the JSON in one field."""
    return send_form(port, secret, {"payload": json.dumps(payload)})


def send_event(port: int, secret: str, body: dict[str, Any], retry: dict[str, str]) -> Answer:
    return send(port, secret, json.dumps(body), "application/json", retry)


def post(port: int, path: str, body: str, headers: dict[str, str], wait: float) -> Answer:
    """One request to the bot on its own connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=wait)
    try:
        connection.request("POST", path, body.encode(), headers)
        response = connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        told = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, text, told)
    except TimeoutError:
        raise NoAnswer("http_timeout") from None
    except (OSError, http.client.HTTPException):
        raise NoAnswer("connection_failed") from None
    finally:
        connection.close()
