"""The company's HR directory as it speaks: SCIM 2.0 over HTTP, a page of users at a time.

https://datatracker.ietf.org/doc/html/rfc7644#section-3.4.2. The token goes to the address of SCIM_URL and nowhere else,
and into no log. What isn't an answer by the protocol is trouble, never an empty company.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from bot import working_time

TIMEOUT = 10.0  # seconds
PAGE = 100
MOST_REDIRECTS = 3
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user"
ENTERPRISE_OLD = "urn:scim:schemas:extension:enterprise:1.0"
LONGEST = 200
LONGEST_ID = 255
LONGEST_WAIT = 3600.0  # seconds; whoever asks for more is asked again after that
CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
SLACK_ID = re.compile(r"[UW][A-Z0-9]{8,20}")


@dataclass(frozen=True)
class Page:
    users: Sequence[Any]
    total: int


@dataclass(frozen=True)
class Trouble:
    """Why there is no page."""

    code: str
    retry_after: float | None = None
    """Seconds, where the server said so."""
    is_lasting: bool = False
    """Somebody has to do something about it: asking again doesn't help."""

    @property
    def said(self) -> str:
        """For the operator."""
        return SAID.get(self.code, f"The HR directory at SCIM_URL can't be read: {self.code}.")


SAID = {
    "http_401": "The HR directory refuses SCIM_TOKEN (401): it is wrong, or has expired.",
    "http_403": "The HR directory refuses SCIM_TOKEN (403): it may not read /Users.",
    "http_404": "There is no /Users at SCIM_URL (404): is the address right?",
    "redirected": "The HR directory redirects to another host. The token is not sent there: set SCIM_URL to it.",
    "not_scim": "What is at SCIM_URL does not answer as SCIM does: is the address right?",
    "nobody": "The HR directory says that nobody works there. Nothing was changed.",
    "incomplete": "The HR directory names fewer people than it counts, three times over. Nobody counts as gone.",
}
LASTING = {400, 401, 403, 404, 405, 410, 501}


class Directory:
    """The server at SCIM_URL."""

    def __init__(self, url: str, token: str) -> None:
        self._address = f"{url.rstrip('/')}/Users"
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/scim+json, application/json"}
        self._http = httpx.Client(headers=headers, timeout=TIMEOUT, follow_redirects=False)

    def close(self) -> None:
        self._http.close()

    def page(self, start: int) -> Page | Trouble:
        """Users from that place on, counted from 1. The server may give fewer than it is asked for."""
        try:
            answer = self._get(start)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Trouble(type(error).__name__)
        return answer if isinstance(answer, Trouble) else _page(answer)

    def _get(self, start: int) -> httpx.Response | Trouble:
        answer = self._http.get(self._address, params={"startIndex": start, "count": PAGE})
        for _ in range(MOST_REDIRECTS):
            if answer.next_request is None:
                break
            if _origin(answer.next_request.url) != _origin(answer.request.url):
                return Trouble("redirected", is_lasting=True)
            answer = self._http.send(answer.next_request)
        return answer


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _page(answer: httpx.Response) -> Page | Trouble:
    if not answer.is_success:
        is_lasting = answer.status_code in LASTING or answer.is_redirect
        return Trouble(f"http_{answer.status_code}", _retry_after(answer), is_lasting)
    try:
        told = answer.json()
    except ValueError:
        return Trouble("not_scim")
    users = _of(told, "Resources")
    total = _of(told, "totalResults")
    if isinstance(total, int) and total == 0:
        return Trouble("nobody")
    if not isinstance(users, list) or not isinstance(total, int):
        return Trouble("not_scim")
    return Page(users, total)


def _retry_after(answer: httpx.Response) -> float | None:
    """In seconds or as a date; None where it isn't said, or not in such a way."""
    said = answer.headers.get("Retry-After")
    if said is None:
        return None
    try:
        seconds = float(said) if said.strip().isdigit() else _until(said)
    except (ValueError, TypeError):
        return None
    return min(max(seconds, 1.0), LONGEST_WAIT)


def _until(said: str) -> float:
    return (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds()


# What a user says


def user_id(user: object) -> str | None:
    """The server's id of a user, by which managers are named; None where it is none."""
    found = _of(user, "id")
    return found if isinstance(found, str) and 0 < len(found) <= LONGEST_ID and not CONTROL.search(found) else None


def facts(user: object) -> dict[str, Any]:
    """What counts for us. What is not in the form that the protocol gives it is not known."""
    enterprise = _enterprise(user)
    found = {
        "account": _account(user),
        "email": _email(user),
        "name": _name(user),
        "title": _text(_of(user, "title")),
        "department": _text(_of(enterprise, "department")),
        "manager": _manager(enterprise, user_id(user)),
        "zone": _zone(user),
        "country": _country(user),
        "is_active": str(_of(user, "active")).casefold() != "false",  # some servers send it as a text
    }
    return {name: value for name, value in found.items() if value is not None}


def _of(thing: object, name: str) -> Any:
    """The attribute of that name; SCIM's names don't tell small letters from capitals."""
    if not isinstance(thing, Mapping):
        return None
    if name in thing:
        return thing[name]
    return next((value for key, value in thing.items() if str(key).casefold() == name.casefold()), None)


def _text(value: object, limit: int = LONGEST) -> str | None:
    text = CONTROL.sub(" ", value).strip()[:limit] if isinstance(value, str) else ""
    return text or None


def _enterprise(user: object) -> object:
    return _of(user, ENTERPRISE) or _of(user, ENTERPRISE_OLD)


def _manager(enterprise: object, own_id: str | None) -> str | None:
    """The manager's id: in SCIM 2.0 a value, or just its address; in SCIM 1.1 `managerId`; in places a text."""
    manager = _of(enterprise, "manager")
    if isinstance(manager, Mapping):
        address = _text(_of(manager, "$ref"), 2000)
        found = _text(_of(manager, "value")) or _text(_of(manager, "managerId")) or (address or "").rpartition("/")[2]
    else:
        found = _text(manager) or _text(_of(enterprise, "managerId")) or ""
    return found if found and found != own_id else None


def _account(user: object) -> str | None:
    """An id that may be that of their Slack account, as Slack's own SCIM has it."""
    given = (_of(user, name) for name in ("id", "externalId"))
    return next((each for each in given if isinstance(each, str) and SLACK_ID.fullmatch(each)), None)


def _email(user: object) -> str | None:
    """The primary one, or that of work, or any; some have it for a user name only."""
    emails = [each for each in _list(_of(user, "emails")) if _address(_of(each, "value"))]
    best = sorted(emails, key=lambda each: (_of(each, "primary") is not True, _of(each, "type") != "work"))
    return _address(_of(best[0], "value")) if best else _address(_of(user, "userName"))


def _address(value: object) -> str | None:
    text = _text(value, 321)
    return text.lower() if text and len(text) <= 320 and re.fullmatch(r"[^@\s]+@[^@\s]+", text) else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _name(user: object) -> str | None:
    name = _of(user, "name")
    parts = [_text(_of(name, "givenName")), _text(_of(name, "familyName"))]
    whole = " ".join(part for part in parts if part)
    return _text(_of(user, "displayName")) or _text(_of(name, "formatted")) or whole or _text(_of(user, "userName"))


def _zone(user: object) -> str | None:
    zone = _text(_of(user, "timezone"))
    return zone if zone in working_time.known_zones() else None


def _country(user: object) -> str | None:
    """Where they work, or what their locale says: `pt-PT`."""
    addresses = _list(_of(user, "addresses"))
    best = sorted(addresses, key=lambda each: (_of(each, "primary") is not True, _of(each, "type") != "work"))
    locale = _text(_of(user, "locale")) or ""
    said = [*(_text(_of(each, "country")) for each in best), *re.split(r"[-_]", locale)[1:]]
    return next((each.upper() for each in said if each and re.fullmatch(r"[A-Za-z]{2}", each)), None)
