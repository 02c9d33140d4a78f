"""Messages as the Web API and the events show them."""

from sandbox import people
from sandbox.records import Json, Message


def shown(message: Message, *, metadata: bool = False) -> Json:
    """A message as the Web API and the events show it; of metadata only the type, unless asked for."""
    body: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    body["team"] = people.TEAM_ID
    if message.from_app:
        body |= {"bot_id": people.BOT_ID, "app_id": people.APP_ID, "bot_profile": bot_profile()}
    if message.subtype:
        body["subtype"] = message.subtype
    if message.blocks:
        body["blocks"] = message.blocks
    if message.thread_ts:
        body["thread_ts"] = message.thread_ts
    if message.edited:
        body["edited"] = {"user": message.user, "ts": message.edited}
    if message.files:
        body["files"] = message.files
    if message.metadata:
        kept = message.metadata if metadata else {"event_type": message.metadata["event_type"]}
        body["metadata"] = kept
    return body


def bot_profile() -> Json:
    return {
        "id": people.BOT_ID,
        "app_id": people.APP_ID,
        "name": "flipside",
        "icons": {},
        "deleted": False,
        "updated": 1757300000,
        "team_id": people.TEAM_ID,
    }
