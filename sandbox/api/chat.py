"""Saying, changing and taking back messages."""

from typing import Any

from sandbox.api.call import Call, Refusal, method
from sandbox.blockkit import text_length
from sandbox.blockkit.fill import filled
from sandbox.blockkit.surfaces import message_problems
from sandbox.people import BOT_USER, TEAM_DOMAIN
from sandbox.records import Conversation, Json, Message
from sandbox.showing import shown
from sandbox.workspace import Workspace

TEXT_CUT = 40_000
# Slack publishes 4,000 for chat.update and no figure for ephemeral messages: the same is kept for both.
TEXT_MOST = 4_000
# Slack publishes no figure for metadata; ids need far less than this.
METADATA_MOST = 8_000
ATTACHMENTS_MOST = 100


@method("chat.postMessage", "chat:write")
def post_message(call: Call) -> Json:
    place = _where_to_post(call)
    text, blocks = content(call)
    warning: Json = {}
    if text_length(text) > TEXT_CUT:
        text = text[:TEXT_CUT]
        messages = {"warnings": ["message_truncated"]}
        warning = {"warning": "message_truncated", "response_metadata": messages}
    message = Message(
        call.workspace.new_ts(),
        place.id,
        BOT_USER,
        text,
        filled(blocks or [], call.workspace.new_id),
        from_app=True,
    )
    message.thread_ts = call.text("thread_ts") or None
    message.metadata = _metadata(call)
    call.workspace.post(message)
    return {"channel": place.id, "ts": message.ts, "message": shown(message, metadata=True)} | warning


def _where_to_post(call: Call) -> Conversation:
    """The conversation of an id or a channel's name; for a person's id their DM with the bot.

    Slack has no documented answer for a deactivated person's id: the one of an unreachable person is given.
    """
    target = call.needed_channel("channel")
    space = call.workspace
    if person := space.people.get(target):
        if person.is_bot:
            raise Refusal("cannot_dm_bot")
        if person.deleted:
            raise Refusal("channel_not_found")
        return space.im(person.id)
    named = space.channel_named(target)
    if named is not None:
        call.args["channel"] = named.id
    place = call.place()
    if place.is_archived:
        raise Refusal("is_archived")
    public = place.kind == "channel" and not place.is_private and "chat:write.public" in call.scopes
    if BOT_USER not in place.members and not public:
        raise Refusal("not_in_channel")
    return place


def content(call: Call) -> tuple[str, list[Json] | None]:
    """The text and blocks of a message (None: not given), refused as Slack would."""
    text = call.text("text")
    blocks = call.parsed("blocks", "invalid_blocks_format")
    attachments = call.parsed("attachments", "invalid_attachments") or []
    if len(attachments) > ATTACHMENTS_MOST:
        raise Refusal("too_many_attachments")
    if blocks is not None:
        check_blocks(blocks)
    if not text.strip() and not blocks and not attachments:
        raise Refusal("no_text")
    return text, blocks


def check_blocks(blocks: Any) -> None:
    """Refuse blocks that Slack would refuse in a message."""
    if not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    problems = message_problems(blocks)
    if any("only_one_table_allowed" in problem for problem in problems):
        raise Refusal("only_one_table_allowed")
    if problems:
        messages = [f"[ERROR] {problem}" for problem in problems]
        raise Refusal("invalid_blocks", errors=problems, response_metadata={"messages": messages})


def _metadata(call: Call) -> Json | None:
    metadata = call.parsed("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise Refusal("invalid_metadata_format")
    if not metadata:
        return {}
    right_types = isinstance(metadata.get("event_type"), str) and isinstance(metadata.get("event_payload"), dict)
    if not right_types or set(metadata) - {"event_type", "event_payload", "entities"}:
        raise Refusal("invalid_metadata_schema")
    if len(str(metadata)) > METADATA_MOST:
        raise Refusal("metadata_too_large")
    return metadata


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(call: Call) -> Json:
    place = call.place()
    user = call.text("user")
    if user not in call.workspace.people:
        raise Refusal("user_not_in_channel" if user else "invalid_arguments")
    if place.is_archived:
        raise Refusal("is_archived")
    if BOT_USER not in place.members:
        raise Refusal("not_in_channel")
    if user not in place.members:
        raise Refusal("user_not_in_channel")
    text, blocks = content(call)
    if text_length(text) > TEXT_MOST:
        raise Refusal("msg_too_long")
    message = whisper(call.workspace, place.id, user, text, blocks or [], call.text("thread_ts") or None)
    return {"message_ts": message.ts}


def whisper(
    space: Workspace, channel: str, user: str, text: str, blocks: list[Json], thread_ts: str | None = None
) -> Message:
    """Show one person an ephemeral message of the bot's."""
    message = Message(space.new_ts(), channel, BOT_USER, text, filled(blocks, space.new_id), from_app=True)
    message.only_for = user
    message.thread_ts = thread_ts
    return space.post(message)


@method("chat.update", "chat:write")
def update(call: Call) -> Json:
    """Change a message of the bot's. Only the id of the conversation will do, not a person's."""
    message = _own_message(call, "cant_update_message")
    given_blocks = call.args.get("blocks") is not None
    text, blocks = content(call)
    if text_length(text) > TEXT_MOST:
        raise Refusal("msg_too_long")
    before = shown(message)
    metadata = _metadata(call)
    change(call.workspace, message, text, blocks if given_blocks else None)
    if metadata is not None:
        message.metadata = metadata or None
    call.workspace.edit(message, before)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shown(message)}


def change(space: Workspace, message: Message, text: str, blocks: list[Json] | None) -> None:
    """Give a message new words; blocks that are not given stay, as Slack's older reference has it."""
    message.text = text
    if blocks is not None:
        message.blocks = filled(blocks, space.new_id)
    message.edited = space.new_ts()
    for user in list(space.typed):
        space.typed[user].pop(f"{message.channel}:{message.ts}", None)


@method("chat.delete", "chat:write")
def delete(call: Call) -> Json:
    message = _own_message(call, "cant_delete_message")
    call.workspace.delete(message)
    return {"channel": message.channel, "ts": message.ts}


@method("chat.getPermalink")
def permalink(call: Call) -> Json:
    place = call.place()
    ts = call.needed("message_ts")
    if place.find(ts) is None:
        raise Refusal("message_not_found")
    link = f"https://{TEAM_DOMAIN}.slack.com/archives/{place.id}/p{ts.replace('.', '')}"
    return {"channel": place.id, "permalink": link}


def _own_message(call: Call, refusal: str) -> Message:
    place = call.place()
    message = place.find(call.needed("ts"))
    # Slack does not store ephemeral messages, so none is found by its ts.
    if message is None or message.ephemeral:
        raise Refusal("message_not_found")
    if not message.from_app:
        raise Refusal(refusal)
    if place.is_archived:
        raise Refusal("is_archived")
    return message
