"""The door for what people write to the bot in a DM: an answer to the open question, or a word.

Bolt acknowledges an event before its listener runs, so a kill there would lose what a person wrote. What is written is
therefore stored in a middleware, before that ack, together with the event's id: raising there makes Slack deliver it
again, and a second coming changes nothing. The replies to what was taken are messages that are due (`bot/writing`);
what wasn't taken is answered after the ack, at most once.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk import WebClient
from sqlalchemy.orm import Session as Db

from bot import command, errors, gate
from bot.due import Message
from bot.house import House
from bot.reflection import listeners as reflection
from bot.signup.conversation import answering, reading
from bot.signup.conversation import listeners as conversation
from bot.signup.conversation import rules as conversation_rules
from bot.signup.conversation.blocks import offer
from bot.slack import kit, speaking, who
from bot.slack.kit import Block
from bot.writing import rules, taking
from store import agenda, events, nudges, people
from store.models import Draft, Nudge, Person, Subject

log = logging.getLogger(__name__)

TAKEN = "flipside.taken"
VOICES = ("audio/", "video/")
LATEST = timedelta(hours=2)  # what comes later than that Slack brings no more: then a message never comes itself

Taken = bool | str
"""Whether a message was taken, or the name of the text that answers it."""


def register(app: App, house: House) -> None:
    def store_first(req: BoltRequest, next: Callable[[], BoltResponse]) -> BoltResponse:
        body = req.body
        if body.get("type") != "event_callback":
            return next()
        event = body["event"]
        if not is_written_by_a_person(event) and not is_changed_by_a_person(event):
            return next()
        try:
            _hear(house, event)
            taken = store(house, str(body["event_id"]), event)
        except Exception as error:
            # Slack delivers it again after a 500, and what was written is not lost.
            errors.told(error, _stands(event).get("user"), "store a message")
            return BoltResponse(status=500)
        if taken is None:
            return BoltResponse(status=200)
        req.context[TAKEN] = taken
        return next()

    def written(event: dict[str, Any], context: dict[str, Any], client: WebClient) -> None:
        message = reply(house, event, context[TAKEN]) if TAKEN in context else None
        if message is not None:
            say(house, client, event, message)

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
    """An edit or a deletion of what they wrote in a DM; Slack sends the same where it only adds a link's picture."""
    after, before = event.get("message") or {}, event.get("previous_message") or {}
    if event.get("type") != "message" or event.get("channel_type") != "im":
        return False
    if is_deletion(event):
        return "bot_id" not in before and "user" in before
    is_edit = event.get("subtype") == "message_changed" and "bot_id" not in after and "user" in after
    return is_edit and after.get("text") != before.get("text")


def is_deletion(event: dict[str, Any]) -> bool:
    """A message with replies isn't taken away: a stone with a text of Slack's own stands in its place."""
    is_stone = (event.get("message") or {}).get("subtype") == "tombstone"
    return event.get("subtype") == "message_deleted" or (event.get("subtype") == "message_changed" and is_stone)


def _stands(event: dict[str, Any]) -> dict[str, Any]:
    """The message it is about, as it stands in Slack now: without a word where it was deleted."""
    if is_deletion(event):
        return {**event["previous_message"], "channel": event["channel"], "text": ""}
    if event.get("subtype") == "message_changed":
        return {**event["message"], "channel": event["channel"]}
    return event


def _hear(house: House, event: dict[str, Any]) -> None:
    """Before it is stored: programmes are locked before agenda rows, everywhere, and it may lock one."""
    with house.store.read() as db:
        me = people.find(db, house.workspace_id, str(_stands(event)["user"]))
    if me is not None:
        who.heard_from(house, me)


def store(house: House, event_id: str, event: dict[str, Any]) -> Taken | None:
    """What became of it; None if this event has come before, or was changed or deleted before it came."""
    now, message = house.clock(), _stands(event)
    text = kit.unescape(str(message.get("text") or "")).strip()
    refused = _refused(house, message, text)
    with house.store.begin() as db:
        if not events.take(db, event_id, now):
            return None
        # Events come out of order: a message that comes after the word about its change is older than that.
        is_first = events.take(db, f"message:{message['channel']}:{message['ts']}", now)
        me = people.find(db, house.workspace_id, str(message["user"]))
        if not is_written_by_a_person(event):
            return me is None or _changed(db, house, me, message, text, refused, now, is_first=is_first)
        if not is_first:
            return None
        return me is not None and bool(text) and _answers(db, house, me, message, text, refused, now)


def _refused(house: House, message: dict[str, Any], text: str) -> dict[str, str]:
    """Whom of the people they mention they can't name. Slack may be asked, so it is done before the transaction."""
    if not reading.people(text):
        return {}
    with house.store.read() as db:
        me = people.find(db, house.workspace_id, str(message["user"]))
    return conversation.refused(house, house.client, me, text) if me else {}


def _changed(
    db: Db,
    house: House,
    me: Person,
    message: dict[str, Any],
    text: str,
    refused: dict[str, str],
    now: datetime,
    *,
    is_first: bool,
) -> Taken:
    """Somebody mends or takes back what they wrote: what is kept follows.

    Of a message that hasn't come itself this is what counts. While they sign up what was taken stays, and they are
    told how to change it. What was never taken is passed over.
    """
    ts = str(message["ts"])
    said = taking.changed(db, me, str(message["channel"]), ts, text, now)
    if said is not None:
        return said or True
    if text and is_first and now - datetime.fromtimestamp(float(ts), UTC) < LATEST:
        return _answers(db, house, me, message, text, refused, now)
    draft = conversation.open_draft(db, me)
    if text and draft is not None and conversation.was_in(draft, ts):
        conversation.say(db, house, draft, me, "edited", now)
    return True


def _answers(
    db: Db, house: House, me: Person, message: dict[str, Any], text: str, refused: dict[str, str], now: datetime
) -> Taken:
    """Gives it to the question it answers: in a question's thread that one, else the one that is open."""
    thread = message.get("thread_ts")
    draft = conversation.open_draft(db, me)
    is_word = is_known(text)
    if draft is None and not is_word:
        # One message of theirs after the other: two at once must not both begin an answer. (With a sign-up open the
        # programme would have to be locked before.)
        agenda.look(db, me.workspace_id, Subject.PERSON, me.id, now)
        return _takes(db, me, message, text, now)
    if draft is None:
        return False
    if _is_in_another_thread(db, me, thread, now):
        return not is_word and (
            _takes(db, me, message, text, now) or conversation.say(db, house, draft, me, "earlier", now)
        )
    if _is_in_an_earlier_thread(db, draft, me, thread):
        return conversation.say(db, house, draft, me, "earlier", now)
    if not answering.is_control(text):
        # In the midst of a free text every word is a word of theirs; elsewhere it is one that the bot knows.
        if is_word and draft.question not in conversation_rules.FREE:
            return False
        asked = reflection.asked_at(db, me, thread, now)
        if asked is not None and asked > draft.changed_at:
            return not is_word and _takes(db, me, message, text, now)
    return conversation.take(db, house, draft, me, text, str(message["ts"]), refused, now)


def is_known(text: str) -> bool:
    """A word of the bot's, and nothing else."""
    return rules.word(text) in command.BY_WORD or rules.word(text) in WORDS


def _takes(db: Db, me: Person, message: dict[str, Any], text: str, now: datetime) -> Taken:
    """As a note, something to do or thanks if it begins so; else as an answer."""
    post = taking.Post(str(message["channel"]), str(message["ts"]), message.get("thread_ts"), text)
    said = rules.begun(text)
    questions: Sequence[Nudge] = reflection.meant(db, me, post.thread_ts, now)
    if said is not None and post.thread_ts is None:
        return taking.begin(db, me, post, said, now, is_asked=bool(questions)) or "chat.no_pair"
    if questions and reading.is_wordless(text) and not taking.is_more(db, me, post, questions, now):
        return "chat.sign"
    return taking.answer(db, me, post, questions, now)


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


# What is answered after the ack


def reply(house: House, event: dict[str, Any], taken: Taken) -> Message | None:
    """What to say to a message; None where a reply is due by itself, and where there is nothing to say."""
    if isinstance(taken, str):
        return _said(house, taken)
    files = event.get("files") or []
    if taken:
        return _said(house, "chat.file_beside") if files else None
    text = str(_stands(event).get("text") or "").strip()
    if not text:
        is_voice = any(str(file.get("mimetype", "")).startswith(VOICES) for file in files)
        return _said(house, "chat.voice" if is_voice else "chat.file")
    return _offer(house, rules.word(text))


def _said(house: House, name: str, *buttons: Block) -> Message:
    text = house.prompts.say(name)
    return Message(text, [kit.section(text), *([kit.actions(*buttons)] if buttons else [])])


def _offer(house: House, word: str) -> Message:
    """The words one can use, each as a button."""
    if word == "join":
        return offer()
    if word in WORDS:
        return WORDS[word](house)
    entry = command.BY_WORD.get(word)
    if entry is not None:
        said = f"Press the button to {entry.does}."
        return Message(said, [kit.section(said), kit.actions(kit.go(entry.word, entry.word.capitalize()))])
    return _said(
        house,
        "chat.nothing_open",
        kit.go("pair", "My pair"),
        kit.go("meet", "Pick a date"),
        kit.go("note", "Write a note"),
        kit.go("help", "More"),
    )


def _help(house: House) -> Message:
    text = house.prompts.say("chat.help", command=house.settings.command)
    return Message(text, [kit.section(text), kit.actions(kit.go("help", "More"))])


# Words of the DM alone, besides those of the command.
WORDS: Mapping[str, Callable[[House], Message]] = {
    "help": _help,
    "stop": lambda house: _said(house, "chat.stop", kit.go("pause", "Pause"), kit.go("leave", "Leave")),
    "thanks": lambda house: _said(house, "chat.thanks", kit.go("thanks", "Say thanks")),
    "action": lambda house: _said(house, "chat.action", kit.go("note", "Write a note")),
    "who sees this": lambda house: _said(house, "chat.who_sees"),
}


def say(house: House, client: WebClient, event: dict[str, Any], message: Message) -> None:
    with house.store.read() as db:
        me = people.find(db, house.workspace_id, str(_stands(event).get("user")))
    if me is not None:
        gate.spoke(house, gate.dm(me.id))
    thread = {"thread_ts": event["thread_ts"]} if event.get("thread_ts") else {}
    answer = speaking.call(
        lambda: client.chat_postMessage(
            channel=event["channel"], text=message.text, blocks=list(message.blocks), **thread
        )
    )
    if isinstance(answer, speaking.Refused | speaking.Unclear):
        log.warning("not replied person=%s error=%s", _stands(event).get("user"), answer.code)
    if isinstance(answer, speaking.Refused) and answer.retry_after is not None:
        gate.heard(house, gate.MESSAGES, answer.code, answer.retry_after)
