"""Calls to Slack whose refusal is a value: what was said, what was refused, and what nobody can know.

The client has no retries: the SDK's own would post a message again after a lost connection, although Slack may
have stored the first (seen). Codes are sorted by Slack's own lists; a code nobody knows is a refusal.
"""

import logging
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.due import Message

log = logging.getLogger(__name__)

TIMEOUT = 10  # seconds; a lease must have more than that left before an attempt begins
MARK = "flipside"  # the event type of our messages' metadata
MAY_HAVE_WORKED = {"internal_error", "fatal_error", "request_timeout", "service_unavailable"}
RATE_LIMITED = {"ratelimited", "rate_limited", "http_429"}  # the last where a page stands in place of the code
PERSON_GONE = {"user_disabled", "user_not_found", "users_not_found", "user_not_visible"}
# Nobody is said to be gone, but what we write to them alone doesn't arrive: nor would anything else.
NOT_REACHED = {"cannot_dm_bot", "channel_not_found", "invalid_user_combination"}
MAY_NOT_WRITE = "restricted_action"  # and what begins so: the workspace keeps apps, or us, from writing there
# The whole workspace is shut to us for now: an operator has to do something, and then what is still due goes out.
WORKSPACE_SHUT = {
    "access_denied",
    "accesslimited",
    "account_inactive",
    "app_access_restricted",
    "ekm_access_denied",
    "enterprise_is_restricted",
    "invalid_auth",
    "message_limit_exceeded",
    "messages_tab_disabled",
    "missing_scope",
    "no_scopes",
    "not_allowed_token_type",
    "not_authed",
    "org_login_required",
    "team_access_not_granted",
    "team_added_to_org",
    "token_expired",
    "token_revoked",
    "two_factor_setup_required",
}
# Of these, what may be about one method alone: the others may still be granted.
NOT_GRANTED = {"missing_scope", "not_allowed_token_type"}
# A mistake of ours in how a message looks; its words alone may still be taken.
NOT_WELL_FORMED = {
    "block_mismatch",
    "invalid_arguments",
    "invalid_attachments",
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_blocks_too_long",
}
TRY_AGAIN_AFTER = 300.0  # seconds, for a workspace that is shut
CODE_LIMIT = 100
CODE = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True)
class Sent:
    channel: str
    ts: str


@dataclass(frozen=True)
class Refused:
    """Slack surely did not do it."""

    code: str
    retry_after: float | None = None
    """Seconds to wait, where Slack only said "later"."""

    @property
    def is_passing(self) -> bool:
        return self.retry_after is not None

    @property
    def is_gone(self) -> bool:
        return self.code in PERSON_GONE

    @property
    def is_about_person(self) -> bool:
        """To somebody alone nothing else would arrive either, whether they are gone or not."""
        return self.is_gone or self.code in NOT_REACHED or self.code.startswith(MAY_NOT_WRITE)


@dataclass(frozen=True)
class Unclear:
    """It may or may not have happened."""

    code: str


Outcome = Sent | Refused | Unclear


def client(token: str, base_url: str) -> WebClient:
    """One set of certificates for all calls: left to itself the SDK reads all of them for each (24 ms, measured)."""
    certificates = ssl.create_default_context() if base_url.startswith("https:") else None
    return WebClient(token, base_url=base_url, timeout=TIMEOUT, ssl=certificates, retry_handlers=[])


def call(do: Callable[[], Any]) -> Any | Refused | Unclear:
    """Slack's answer, or why there is none. Never raises for anything that Slack or the network does."""
    try:
        return do()
    except SlackApiError as error:
        return _refusal(error)
    except (SlackClientError, OSError, HTTPException, ValueError, AttributeError) as error:
        # (The SDK stumbles with an AttributeError over an answer that is JSON but no object.)
        return Unclear(type(error).__name__)


def _refusal(error: SlackApiError) -> Refused | Unclear:
    status = int(getattr(error.response, "status_code", 200))
    data = error.response.data if hasattr(error.response, "data") else error.response
    # Where a proxy answers with a page, the SDK puts a sentence in place of the code.
    said = data.get("error") if isinstance(data, dict) and CODE.fullmatch(str(data.get("error"))) else None
    code = said[:CODE_LIMIT] if isinstance(said, str) else f"http_{status}"
    if status == 429 or code in RATE_LIMITED:
        return Refused(code, _retry_after(error))
    if status >= 500 or code in MAY_HAVE_WORKED or said is None:
        return Unclear(code)  # where it isn't Slack that speaks, a proxy say, nobody knows what Slack did
    if code in WORKSPACE_SHUT:
        return Refused(code, TRY_AGAIN_AFTER)
    _log_details(code, data)
    return Refused(code)


def _retry_after(error: SlackApiError) -> float:
    headers = {name.lower(): value for name, value in getattr(error.response, "headers", {}).items()}
    try:
        return max(1.0, float(headers.get("retry-after", 30)))
    except (TypeError, ValueError):
        return 30.0


def _log_details(code: str, data: object) -> None:
    """What of our blocks Slack did not like: its words name the place, never the text."""
    details = data.get("response_metadata", {}).get("messages") if isinstance(data, dict) else None
    if details:
        log.error("refused code=%s details=%s", code, details)


def post(client: WebClient, target: str, message: Message, mark: str) -> Outcome:
    """Posts a message once. `target` is a person, a channel or a group DM; `mark` finds it again."""
    answer = call(
        lambda: client.chat_postMessage(
            channel=target,
            text=message.text,
            blocks=list(message.blocks) or None,
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": MARK, "event_payload": {"id": mark}},
        )
    )
    if isinstance(answer, Refused | Unclear):
        return answer
    return Sent(str(answer["channel"]), str(answer["ts"]))


def change(client: WebClient, channel: str, ts: str, message: Message) -> Refused | Unclear | None:
    """Puts other words into a message of ours. Done twice, it is as if it were done once."""
    answer = call(lambda: client.chat_update(channel=channel, ts=ts, text=message.text, blocks=list(message.blocks)))
    return answer if isinstance(answer, Refused | Unclear) else None


def open_group(client: WebClient, *slack_ids: str) -> str | Refused | Unclear:
    """The conversation of these people and the bot; the same people always have the same one."""
    answer = call(lambda: client.conversations_open(users=list(slack_ids)))
    return answer if isinstance(answer, Refused | Unclear) else str(answer["channel"]["id"])


def find_marked(
    client: WebClient, channel: str, mark: str, oldest: float, latest: float
) -> Sent | Refused | Unclear | None:
    """The message with that mark between two times, over all pages; None where history was read and lacks it."""
    cursor = ""
    while True:
        page = call(lambda at=cursor: _page(client, channel, oldest, latest, at))  # type: ignore[misc]
        if isinstance(page, Refused | Unclear):
            return page
        for message in page["messages"]:
            if message.get("metadata", {}).get("event_payload", {}).get("id") == mark:
                return Sent(channel, str(message["ts"]))
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return None


def _page(client: WebClient, channel: str, oldest: float, latest: float, cursor: str) -> Any:
    return client.conversations_history(
        channel=channel,
        oldest=f"{oldest:.6f}",
        latest=f"{latest:.6f}",
        inclusive=True,
        include_all_metadata=True,
        limit=200,
        cursor=cursor or None,
    )
