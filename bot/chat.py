"""The door for what people write to the bot in a DM: an answer to the open question, or a word.

Bolt acknowledges an event before its listener runs, so a kill there would lose what a person wrote. What is written is
therefore stored in a middleware, before that ack, together with the event's id: raising there makes Slack deliver it
again, and a second coming changes nothing.
"""

import logging
from collections.abc import Callable
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk import WebClient

from bot import command, errors
from bot.due import Message
from bot.house import House
from bot.reflection import listeners as reflection
from bot.slack import kit, speaking
from store import events, people

log = logging.getLogger(__name__)

ANSWERED = "flipside.answered"
TEXTLESS = "I can keep words, but not files or voice clips. Please write it here, if you like."


def register(app: App, house: House) -> None:
    def store_first(req: BoltRequest, next: Callable[[], BoltResponse]) -> BoltResponse:
        body = req.body
        if body.get("type") != "event_callback" or not is_written_by_a_person(body["event"]):
            return next()
        try:
            taken = store(house, str(body["event_id"]), body["event"])
        except Exception as error:
            # Slack delivers it again after a 500, and what was written is not lost.
            errors.told(error, body["event"].get("user"), "store a message")
            return BoltResponse(status=500)
        if taken is None:
            return BoltResponse(status=200)
        req.context[ANSWERED] = taken
        return next()

    def written(event: dict[str, Any], context: dict[str, Any], client: WebClient) -> None:
        if is_written_by_a_person(event) and not context.get(ANSWERED):
            reply(client, event)

    app.middleware(store_first)
    app.event("message")(written)


def is_written_by_a_person(event: dict[str, Any]) -> bool:
    """A new message in a DM; not an edit, a deletion, or one of the bot's own."""
    return (
        event.get("type") == "message"
        and event.get("channel_type") == "im"
        and event.get("subtype") in (None, "file_share", "thread_broadcast")
        and "bot_id" not in event
        and "user" in event
    )


def store(house: House, event_id: str, event: dict[str, Any]) -> bool | None:
    """Whether it was kept as an answer; None if this event has come before."""
    text = kit.unescape(str(event.get("text") or "")).strip()
    with house.store.begin() as db:
        if not events.take(db, event_id, house.clock()):
            return None
        me = people.find(db, house.workspace_id, str(event["user"]))
        if me is None or not text or text.lower() in command.BY_WORD or text.lower() == "help":
            return False
        return reflection.take(
            db, me, text, str(event["channel"]), str(event["ts"]), event.get("thread_ts"), house.clock()
        )


def reply(client: WebClient, event: dict[str, Any]) -> None:
    """What was no answer gets the words one can use, each as a button."""
    text = str(event.get("text") or "").strip().lower()
    message = Message(TEXTLESS, [kit.section(TEXTLESS)]) if not text else _offer(text)
    answer = speaking.call(
        lambda: client.chat_postMessage(
            channel=event["channel"],
            text=message.text,
            blocks=list(message.blocks),
            **({"thread_ts": event["thread_ts"]} if event.get("thread_ts") else {}),
        )
    )
    if isinstance(answer, speaking.Refused | speaking.Unclear):
        log.warning("not replied person=%s error=%s", event["user"], answer.code)


def _offer(text: str) -> Message:
    entry = command.BY_WORD.get(text)
    if entry is not None:
        said = f"Press the button to {entry.does}."
        return Message(said, [kit.section(said), kit.actions(kit.go(entry.word, entry.word.capitalize()))])
    said = (
        "I'm a bot, and no question of mine is open just now, so I haven't kept what you wrote. These I can do for you:"
    )
    buttons = [
        kit.go("pair", "My pair"),
        kit.go("meet", "Pick a date"),
        kit.go("note", "Write a note"),
        kit.go("help", "More"),
    ]
    return Message(said, [kit.section(said), kit.actions(*buttons)])
