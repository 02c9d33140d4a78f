"""The door for what people write to the bot in a DM: an answer to the open question, or a word.

Bolt acknowledges an event before its listener runs, so a kill there would lose what a person wrote. What is written is
therefore stored in a middleware, before that ack, together with the event's id: raising there makes Slack deliver it
again, and a second coming changes nothing.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk import WebClient
from sqlalchemy.orm import Session as Db

from bot import command, errors
from bot.due import Message
from bot.house import House
from bot.reflection import listeners as reflection
from bot.signup.conversation import answering, reading
from bot.signup.conversation import listeners as conversation
from bot.signup.conversation import rules as conversation_rules
from bot.signup.conversation.blocks import offer
from bot.slack import kit, speaking
from store import events, nudges, people
from store.models import Draft, Person

log = logging.getLogger(__name__)

ANSWERED = "flipside.answered"
TEXTLESS = "I can keep words, but not files or voice clips. Please write it here, if you like."


def register(app: App, house: House) -> None:
    def store_first(req: BoltRequest, next: Callable[[], BoltResponse]) -> BoltResponse:
        body = req.body
        if body.get("type") != "event_callback":
            return next()
        event = body["event"]
        if not is_written_by_a_person(event) and not is_changed_by_a_person(event):
            return next()
        try:
            taken = store(house, str(body["event_id"]), event)
        except Exception as error:
            # Slack delivers it again after a 500, and what was written is not lost.
            errors.told(error, event.get("user"), "store a message")
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


def is_changed_by_a_person(event: dict[str, Any]) -> bool:
    """An edit of what somebody wrote in a DM; Slack sends the same where it only adds a link's picture."""
    after, before = event.get("message") or {}, event.get("previous_message") or {}
    return (
        event.get("type") == "message"
        and event.get("channel_type") == "im"
        and event.get("subtype") == "message_changed"
        and "bot_id" not in after
        and "user" in after
        and after.get("text") != before.get("text")
    )


def store(house: House, event_id: str, event: dict[str, Any]) -> bool | None:
    """Whether it was kept as an answer; None if this event has come before."""
    now = house.clock()
    if event.get("subtype") == "message_changed":
        with house.store.begin() as db:
            return _changed(db, house, event["message"], now) if events.take(db, event_id, now) else None
    text = kit.unescape(str(event.get("text") or "")).strip()
    refused = _refused(house, event, text)
    with house.store.begin() as db:
        if not events.take(db, event_id, now):
            return None
        me = people.find(db, house.workspace_id, str(event["user"]))
        return me is not None and bool(text) and _answers(db, house, me, event, text, refused, now)


def _refused(house: House, event: dict[str, Any], text: str) -> dict[str, str]:
    """Whom of the people they mention they can't name. Slack may be asked, so it is done before the transaction."""
    if not reading.people(text):
        return {}
    with house.store.read() as db:
        me = people.find(db, house.workspace_id, str(event["user"]))
    return conversation.refused(house, house.client, me, text) if me else {}


def _changed(db: Db, house: House, message: dict[str, Any], now: datetime) -> bool:
    """Somebody mends what they wrote while they sign up: what was taken stays, and they are told how to change it."""
    me = people.find(db, house.workspace_id, str(message["user"]))
    draft = conversation.open_draft(db, me) if me else None
    if me is None or draft is None or not conversation.was_in(draft, str(message["ts"])):
        return False
    return conversation.say(db, house, draft, me, "edited", now)


def _answers(
    db: Db, house: House, me: Person, event: dict[str, Any], text: str, refused: dict[str, str], now: datetime
) -> bool:
    """Gives it to the question it answers: in a question's thread that one, else the one that was asked last."""
    thread = event.get("thread_ts")
    draft = conversation.open_draft(db, me)
    is_word = text.lower() in command.BY_WORD or text.lower() == "help"
    if draft is None:
        return not is_word and _reflects(db, me, event, text, now)
    if _is_in_another_thread(db, me, thread, now):
        return not is_word and (
            _reflects(db, me, event, text, now) or conversation.say(db, house, draft, me, "earlier", now)
        )
    if _is_in_an_earlier_thread(db, draft, me, thread):
        return conversation.say(db, house, draft, me, "earlier", now)
    if not answering.is_control(text):
        # In the midst of a free text every word is a word of theirs; elsewhere it is one that the bot knows.
        if is_word and draft.question not in conversation_rules.FREE:
            return False
        asked = reflection.asked_at(db, me, thread, now)
        if asked is not None and asked > draft.changed_at:
            return not is_word and _reflects(db, me, event, text, now)
    return conversation.take(db, house, draft, me, text, str(event["ts"]), refused, now)


def _reflects(db: Db, me: Person, event: dict[str, Any], text: str, now: datetime) -> bool:
    return reflection.take(db, me, text, str(event["channel"]), str(event["ts"]), event.get("thread_ts"), now)


def _is_in_another_thread(db: Db, me: Person, thread: str | None, now: datetime) -> bool:
    """Under a message of ours that is no question of a sign-up, or may be a question to look back."""
    if thread is None:
        return False
    nudge = nudges.of_message(db, me.id, thread)
    if nudge is None:
        return reflection.asked_at(db, me, thread, now) is not None
    return nudge.kind != conversation_rules.KIND


def _is_in_an_earlier_thread(db: Db, draft: Draft, me: Person, thread: str | None) -> bool:
    nudge = nudges.of_message(db, me.id, thread) if thread else None
    return nudge is not None and not conversation.is_current(draft, nudge)


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
    if text == "join":
        return offer()
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
