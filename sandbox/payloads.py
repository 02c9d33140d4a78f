"""What Slack sends the bot when a person does something: the bodies of commands, interactions and events."""

from typing import Any

from sandbox import people
from sandbox.api.views import shown as shown_view
from sandbox.people import Person
from sandbox.records import Conversation, Json, Message, View
from sandbox.showing import shown
from sandbox.workspace import Workspace

# Slack still sends a token in bodies; it is deprecated and nobody should look at it.
_TOKEN = "deprecated"  # noqa: S105


def command(space: Workspace, user: Person, place: Conversation, name: str, text: str, url: str) -> Json:
    """The form fields of a slash command."""
    return {
        "token": _TOKEN,
        "team_id": people.TEAM_ID,
        "team_domain": people.TEAM_DOMAIN,
        "channel_id": place.id,
        "channel_name": "directmessage" if place.kind == "im" else place.name,
        "user_id": user.id,
        "user_name": user.handle,
        "command": name,
        "text": text,
        "api_app_id": people.APP_ID,
        "is_enterprise_install": "false",
        "response_url": url,
        "trigger_id": space.triggers.new(user.id, space.now()),
    }


def _interaction(kind: str, user: Person) -> Json:
    return {
        "type": kind,
        "user": {"id": user.id, "username": user.handle, "name": user.handle, "team_id": user.team_id},
        "api_app_id": people.APP_ID,
        "token": _TOKEN,
        "team": {"id": people.TEAM_ID, "domain": people.TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def action_in_message(
    space: Workspace,
    user: Person,
    place: Conversation,
    message: Message,
    values: Json,
    action: Json,
    url: str,
) -> Json:
    """A press or a pick in a message; of an ephemeral one Slack sends no `message`."""
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": place.id}
    container |= {"is_ephemeral": message.ephemeral}
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    body = _interaction("block_actions", user) | {
        "container": container,
        "trigger_id": space.triggers.new(user.id, space.now()),
        "channel": {"id": place.id, "name": "directmessage" if place.kind == "im" else place.name},
        "state": {"values": values},
        "response_url": url,
        "actions": [action | {"action_ts": space.new_ts()}],
    }
    return body if message.ephemeral else body | {"message": shown(message, metadata=True)}


def action_in_view(space: Workspace, user: Person, view: View, action: Json) -> Json:
    """A press or a pick in a modal or a Home: it has the view, but no channel and no response url."""
    return _interaction("block_actions", user) | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": space.triggers.new(user.id, space.now()),
        "view": shown_view(view),
        "actions": [action | {"action_ts": space.new_ts()}],
    }


def submission(space: Workspace, user: Person, view: View, response_urls: list[Json]) -> Json:
    return _interaction("view_submission", user) | {
        "trigger_id": space.triggers.new(user.id, space.now()),
        "view": shown_view(view),
        "response_urls": response_urls,
    }


def closed(user: Person, view: View) -> Json:
    return _interaction("view_closed", user) | {"view": shown_view(view), "is_cleared": False}


def suggestion(user: Person, place: Json, block_id: str, action_id: str, typed: str) -> Json:
    """Somebody types in a menu whose options the bot gives. There is no trigger id in it."""
    asked = {"block_id": block_id, "action_id": action_id, "value": typed}
    return _interaction("block_suggestion", user) | place | asked


def envelope(event: Json, event_id: str, event_time: int) -> Json:
    """The body of an event's delivery."""
    seen_by: dict[str, Any] = {"enterprise_id": None, "team_id": people.TEAM_ID, "user_id": people.BOT_USER}
    return {
        "token": _TOKEN,
        "team_id": people.TEAM_ID,
        "context_team_id": people.TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": people.APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": event_time,
        "authorizations": [seen_by | {"is_bot": True, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }


def message_text(text: str) -> tuple[str, list[Json]]:
    """What a person wrote, as message events carry it: escaped in `text`, as it is in the rich text."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    written = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return escaped, [{"type": "rich_text", "elements": [written]}]
