"""The door for words: `/flipside WORD` and every go button lead to a feature's listener, by one table."""

import re
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

import bot.agreement.listeners
import bot.announcements.listeners
import bot.directory.listeners
import bot.ending.listeners
import bot.ending.saying
import bot.hours.listeners
import bot.ideas.listeners
import bot.membership.listeners
import bot.mydata.listeners
import bot.pairing.listeners
import bot.pairing.parting
import bot.programme.listeners
import bot.sessions.listeners
import bot.sessions.noting
import bot.signup.listeners
import bot.writing.listeners
import bot.writing.searching
from bot.due import Message
from bot.house import House
from bot.slack import kit, who
from bot.slack.listening import Ask, Word, attend


@dataclass(frozen=True)
class Entry:
    word: str
    listener: Word
    does: str
    for_coordinators: bool = False


WORDS = (
    Entry("join", bot.signup.listeners.join, "join the programme"),
    Entry("profile", bot.signup.listeners.profile, "change my answers"),
    Entry("pair", bot.sessions.listeners.pair, "see my pair and our next date"),
    Entry("meet", bot.sessions.listeners.meet, "pick or move a date"),
    Entry("agree", bot.agreement.listeners.agree, "write down how my pair works together"),
    Entry("note", bot.sessions.noting.note, "write a note or what I'll do"),
    Entry("notes", bot.writing.searching.search, "read and search what we wrote down"),
    Entry("ideas", bot.ideas.listeners.ideas, "find a question to talk about"),
    Entry("thanks", bot.ending.saying.thanks, "thank my partner"),
    Entry("keepsake", bot.ending.listeners.keep_a_copy, "get a copy of what I wrote with my pair"),
    Entry("part", bot.pairing.parting.part, "end my pair kindly, without a reason"),
    Entry("hours", bot.hours.listeners.hours, "choose when I may write to you, and how often"),
    Entry("pause", bot.membership.listeners.pause, "get no messages until a date or until I say so"),
    Entry("resume", bot.membership.listeners.resume, "go on after a pause"),
    Entry("leave", bot.membership.listeners.leave, "leave the programme, without a reason"),
    Entry("mydata", bot.mydata.listeners.mydata, "see what is stored about me"),
    Entry("setup", bot.programme.listeners.setup, "set up a programme", for_coordinators=True),
    Entry("programme", bot.programme.listeners.programme, "change or end a programme", for_coordinators=True),
    Entry("match", bot.pairing.listeners.match, "propose pairs and publish them", for_coordinators=True),
    Entry(
        "announce",
        bot.announcements.listeners.announce,
        "post in the programme's channel",
        for_coordinators=True,
    ),
    Entry("directory", bot.directory.listeners.desk, "see where people are known from", for_coordinators=True),
)
BY_WORD = {entry.word: entry for entry in WORDS}
GO = re.compile(r"^go\.(\w+)$")


def register(app: App, house: House) -> None:
    def typed(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        word, _, rest = str(body.get("text") or "").strip().partition(" ")
        attend(
            house,
            client,
            body,
            rest.strip(),
            lambda ask: said(ask, word.lower()),
            f"word {word.lower()[:20]}",
        )

    def pressed(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        action = body["actions"][0]
        word = str(action["action_id"]).partition(".")[2]
        attend(house, client, body, str(action.get("value") or ""), lambda ask: said(ask, word), f"go {word}")

    app.command(house.settings.command)(typed)
    app.action(GO)(pressed)


def said(ask: Ask, word: str) -> None:
    """Does what the word means; for one nobody knows, and for none, says which there are."""
    entry = BY_WORD.get(word)
    if entry is None:
        ask.reply(usage(ask, word))
    elif entry.for_coordinators and not who.is_coordinator(ask.house, ask.client, ask.me.slack_id):
        ask.reply("That is for the people who run the programme. The contact on your Home can tell you who they are.")
    else:
        entry.listener(ask)


def usage(ask: Ask, word: str) -> Message:
    is_coordinator = who.is_coordinator(ask.house, ask.client, ask.me.slack_id)
    known = word in ("", "help")
    opening = (
        "Here is what you can type:" if known else f"I don't know “{kit.escape(word)}”. Here is what you can type:"
    )
    lines = [
        f"`{ask.house.settings.command} {entry.word}` {entry.does}"
        for entry in WORDS
        if is_coordinator or not entry.for_coordinators
    ]
    text = "\n".join([opening, *lines])
    return Message(text, [kit.section(text)])
