"""Files that people sent in Slack: asked about, and read into memory, with our token only from Slack's own address.
And text files for them.
"""

import logging
import time
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urljoin, urlsplit

import httpx
from slack_sdk import WebClient

from bot import gate
from bot.house import House
from bot.slack.speaking import TIMEOUT, Refused, Unclear, call
from store.models import Person

log = logging.getLogger(__name__)

MOST_BYTES = 20 * 1024**2
PATIENCE = 60.0  # seconds for the whole of it
MOST_REDIRECTS = 3
SLACKS = ("slack.com", "slack-gov.com")
GONE = {"file_not_found", "file_deleted", "files_disabled"}
PAGE = (b"<!doctype html", b"<html")


class Trouble(StrEnum):
    """Why a file can't be read."""

    GONE = "gone"
    NO_SCOPE = "no_scope"
    TOO_LARGE = "too_large"
    STRANGE = "strange"  # it doesn't lie with Slack, or Slack refuses it for a reason of its own
    LATER = "later"  # it may go in a while


@dataclass(frozen=True)
class Unreadable:
    trouble: Trouble


def read(client: WebClient, file_id: str) -> bytes | Unreadable:
    """The file's bytes, as it lies in Slack now. Nothing of what is in it is logged or kept."""
    answer = call(lambda: client.files_info(file=file_id))
    if isinstance(answer, Refused | Unclear):
        log.warning("file not read file=%s error=%s", file_id, answer.code)
        return Unreadable(_trouble(answer))
    file = answer["file"]
    address = str(file.get("url_private_download") or file.get("url_private") or "")
    if int(file.get("size") or 0) > MOST_BYTES:
        return Unreadable(Trouble.TOO_LARGE)
    try:
        found = _download(address, str(client.token), client.base_url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        log.warning("file not read file=%s error=%s", file_id, type(error).__name__)
        return Unreadable(Trouble.LATER)
    if isinstance(found, Unreadable):
        log.warning("file not read file=%s error=%s", file_id, found.trouble)
    return found


def _trouble(refused: Refused | Unclear) -> Trouble:
    if refused.code in GONE:
        return Trouble.GONE
    if refused.code == "missing_scope":
        return Trouble.NO_SCOPE
    is_passing = isinstance(refused, Unclear) or refused.is_passing
    return Trouble.LATER if is_passing else Trouble.STRANGE


def _download(address: str, token: str, api: str) -> bytes | Unreadable:
    until = time.monotonic() + PATIENCE
    with httpx.Client(timeout=TIMEOUT, follow_redirects=False) as http:
        for _ in range(MOST_REDIRECTS + 1):
            if not is_slacks(address, api):
                return Unreadable(Trouble.STRANGE)  # our token is for nobody else
            with http.stream("GET", address, headers={"Authorization": f"Bearer {token}"}) as answer:
                if not answer.has_redirect_location:
                    return _taken(answer, until)
                address = urljoin(address, answer.headers["location"])
    return Unreadable(Trouble.STRANGE)


def is_slacks(address: str, api: str) -> bool:
    """Whether it is an address of Slack's, or of the local workspace whose Web API this is."""
    try:
        parts, ours = urlsplit(address), urlsplit(api)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme == "https" and port in (None, 443) and host.endswith(tuple(f".{each}" for each in SLACKS)):
        return True
    return bool(host) and (parts.scheme, host, port) == (ours.scheme, ours.hostname, ours.port)


def _taken(answer: httpx.Response, until: float) -> bytes | Unreadable:
    if answer.status_code in (404, 410):
        return Unreadable(Trouble.GONE)
    if answer.status_code == 429 or answer.status_code >= 500:
        return Unreadable(Trouble.LATER)
    is_page = answer.headers.get("content-type", "").startswith("text/html")
    if is_page or answer.status_code in (401, 403):
        return Unreadable(Trouble.NO_SCOPE)  # Slack shows a page to sign in to whoever may not read a file
    if answer.status_code != 200:
        return Unreadable(Trouble.STRANGE)
    found = bytearray()
    for part in answer.iter_bytes():
        found += part
        if len(found) > MOST_BYTES:
            return Unreadable(Trouble.TOO_LARGE)
        if time.monotonic() > until:
            return Unreadable(Trouble.LATER)
    return Unreadable(Trouble.NO_SCOPE) if found.lstrip()[:20].lower().startswith(PAGE) else bytes(found)


def send(house: House, client: WebClient, person: Person, content: str, name: str, title: str) -> bool:
    """Puts a text file into somebody's DM, best effort: a file carries no mark by which it could be found again."""
    gate.spoke(house, gate.dm(person.id))
    opened = call(lambda: client.conversations_open(users=[person.slack_id]))
    if isinstance(opened, Refused) and opened.retry_after is not None:
        gate.heard(house, gate.OPENING, opened.code, opened.retry_after)
    if isinstance(opened, Refused | Unclear):
        return False
    channel = str(opened["channel"]["id"])
    sent = call(lambda: client.files_upload_v2(channel=channel, content=content, filename=name, title=title))
    return not isinstance(sent, Refused | Unclear)
