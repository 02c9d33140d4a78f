"""A sign-up by writing, from its beginning or in its midst, and a whole one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import make

from bot.signup.conversation import answering, blocks, rules
from bot.signup.conversation.rules import Room, Talk
from bot.signup.rules import Answers
from store.models import Side

KNOWN = {"manager": "U0RUTH", "department": "People", "team": "Learning", "level": 3, "site": "London"}
QUESTIONS = rules.QUESTIONS


def room(facts: Mapping[str, Any] | None = None, **more: Any) -> Room:
    return replace(blocks.room_of(make.words(), facts or {}), **more)


def after(*said: str, talk: Talk | None = None, at: Room | None = None) -> Talk:
    """Where a conversation is once these were written, from its beginning unless told otherwise."""
    here = at or room()
    talk = talk or rules.begun(Answers(), here, Answers())
    for text in said:
        talk = answering.heard(talk, text, here)
    return talk


WHOLE = (
    *("both", "AI tools in daily work, meetings that work for everyone", "2", "caring", "To see more."),
    *("English, German", "both", "Lisbon", "morning", "1", "<@U0BEA>", "<@U0JONAS>", "Engineering", "Platform", "2"),
    "I agree",
)
ANSWERED = Answers(
    sides=(Side.MENTOR, Side.MENTEE),
    offers=("ai_tools", "meetings"),
    capacity=2,
    wishes=("caring",),
    hopes="To see more.",
    languages=("en", "de"),
    ways=("online", "in_person"),
    site="Lisbon",
    hours=("morning",),
    networks=("women",),
    avoid=("U0BEA",),
    manager="U0JONAS",
    department="Engineering",
    team="Platform",
    level=2,
    has_consented=True,
)


def at_question(question: str, answers: Answers = ANSWERED, facts: Mapping[str, Any] | None = None) -> Talk:
    """At that question, with all before it answered."""
    order = list(rules.questions(answers, room(facts)))
    done = order[: order.index(question)] if question in order else order
    return Talk(question=question, answers=answers, done=frozenset(done), word="")
