"""What a sign-up by writing asks next, and what it makes of an answer. Everything here is a plain value."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.due import Due
from bot.signup.rules import (
    Answers,
    from_json,
    overlong,
    problems,
    tidied,
    to_json,
    with_known,
)
from store.models import Draft, Way
from store.snapshots import Snapshot

KIND = "signup_question"
LONGEST_HOPES = 3000  # what the form takes, in UTF-16 units as Slack counts
LATE = timedelta(seconds=5)  # clocks differ a little
JUST_NOW = timedelta(seconds=30)

OPTIONAL: Mapping[str, Any] = {"hopes": None, "hours": (), "networks": (), "avoid": (), "department": None}
"""What may be skipped, and what is kept then."""
FREE = ("hopes", "site", "department", "team")
"""Answered in any words, also such as are commands elsewhere."""
ASIDES = {"own_offer": "offers", "own_wish": "wishes", "hopes_long": "hopes"}
"""A question about an answer, and the question that was answered."""
OWN = {"offers": "own_offer", "wishes": "own_wish"}
QUESTIONS = (
    *("sides", "offers", "own_offer", "capacity", "wishes", "own_wish", "hopes", "hopes_long", "languages", "ways"),
    *("site", "hours", "networks", "avoid", "manager", "department", "team", "level", "consent", "summary"),
)
ENDED = ("stopped", "closed")
"""Nothing is asked any more: the last word is on its way, then the draft goes."""
ASKED_BY: Mapping[str, str] = {"has_consented": "consent", "own_offer": "offers", "own_wish": "wishes"}
"""The question by which a wrong answer is mended, where it goes by another name."""


@dataclass(frozen=True)
class Room:
    """What one has to know to understand an answer."""

    topics: Mapping[str, str]
    networks: Mapping[str, str]
    levels: Mapping[int, str]
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What is believed about them, by the name of the answer."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Of the people they named, those who can't be named here, by Slack id, and why."""


@dataclass(frozen=True)
class Talk:
    """Where a conversation is."""

    question: str = "sides"
    answers: Answers = field(default_factory=Answers)
    done: frozenset[str] = frozenset()
    """The questions they have answered or skipped."""
    word: str = "begin"
    """What is said before the question, by the name of its text; empty for nothing."""
    about: str = ""
    """What that word is about, to be filled in."""
    found: tuple[str, ...] = ()
    """What was understood of an answer that isn't taken yet."""
    text: str = ""
    """What they wrote, where they are asked about it before it is taken."""

    @property
    def is_over(self) -> bool:
        return self.question in ENDED


def to_draft(talk: Talk) -> dict[str, Any]:
    """As a draft keeps it: the answers as the form keeps them too, and what only a conversation needs."""
    own = {name: getattr(talk, name) for name in ("word", "about", "text")}
    return {**to_json(talk.answers), "talk": {**own, "found": list(talk.found), "done": sorted(talk.done)}}


def of_draft(kept: Mapping[str, Any], question: str) -> Talk:
    """Where it was. A draft that the form has changed meanwhile goes on with what the form kept."""
    answers = from_json(kept)
    own = kept.get("talk")
    if question not in (*QUESTIONS, *ENDED):
        question = "summary"  # of another release
    if own is None:
        return Talk(question=question, answers=answers, done=_given(answers, Answers()), word="")
    lists = {"done": frozenset(own["done"]), "found": tuple(own["found"])}
    return Talk(question=question, answers=answers, **{**own, **lists})


def _given(answers: Answers, blank: Answers) -> frozenset[str]:
    """The questions that the form has answered; its defaults answer nothing."""
    named = {ASKED_BY.get(name, name) for name in to_json(answers) if getattr(answers, name) != getattr(blank, name)}
    return frozenset(named)


# What is asked, in which order


def questions(answers: Answers, room: Room) -> Iterator[str]:
    """All that is asked of somebody with these answers, in order."""
    yield "sides"
    if answers.is_mentor:
        yield from ("offers", "capacity")
    if answers.is_mentee:
        yield "wishes"
    yield from ("hopes", "languages", "ways")
    if Way.IN_PERSON in answers.ways:
        yield "site"
    yield "hours"
    if room.networks:
        yield "networks"
    yield from ("avoid", "manager", "department", "team", "level", "consent")


def begun(answers: Answers, room: Room, blank: Answers) -> Talk:
    """At the first question; after a form that was begun, at the first that it didn't answer.

    `blank` is what would stand there if they had answered nothing yet.
    """
    return replace(on(Talk(answers=answers, done=_given(answers, blank)), room), word="begin", about="")


def ended(question: str, why: str = "") -> Talk:
    """Nothing of it is kept but what the last word needs."""
    return Talk(question=question, word="", about=why)


def whole(answers: Answers, room: Room) -> Answers:
    """The answers as they are sent: what belongs to their sides, with what is known in place of what was left open."""
    return with_known(tidied(answers, room.topics), room.facts)


def wrong(answers: Answers, room: Room) -> dict[str, str]:
    """What to mend, by the question."""
    found = {**overlong(answers), **problems(whole(answers, room), is_change=False)}
    return {ASKED_BY.get(name, name): why for name, why in found.items()}


def on(talk: Talk, room: Room) -> Talk:
    """The next question that isn't answered, or not rightly any more, else the summary."""
    problem = wrong(talk.answers, room)
    for question in questions(talk.answers, room):
        if question not in talk.done:
            return ask(talk, question)
        if question in problem:
            return ask(talk, question, "wrong", problem[question])
    return ask(talk, "summary")


def to_mend(talk: Talk, name: str, why: str, room: Room) -> Talk:
    """Something that was right is not any more: asked again, or said where it isn't asked."""
    question = ASKED_BY.get(name, name)
    return ask(talk, question if question in questions(talk.answers, room) else "summary", "wrong", why)


def ask(talk: Talk, question: str, word: str = "", about: str = "") -> Talk:
    return replace(talk, question=question, word=word, about=about, found=(), text="")


def again(talk: Talk, word: str, about: str = "", found: Sequence[str] = ()) -> Talk:
    """The same question, with a word on what would help."""
    return replace(talk, word=word, about=about, found=tuple(found))


def said_again(talk: Talk, word: str, about: str = "") -> Talk:
    return again(talk, word, about, talk.found)


def answered(talk: Talk, room: Room, question: str, **changes: Any) -> Talk:
    """Takes the answer, if it is right, and goes on."""
    answers = replace(talk.answers, **changes)
    why = wrong(answers, room).get(question)
    if why is not None:
        given = changes.get(question)
        kept = tuple(map(str, given)) if isinstance(given, tuple) else ()
        return replace(ask(talk, question, "wrong", why), found=kept)
    return on(replace(talk, answers=answers, done=talk.done | {question}), room)


# When something is said


def mark(draft: Draft) -> str:
    """Tells a conversation from an earlier one, whose row's number a database may give again."""
    return f"{draft.id}.{int(draft.started_at.timestamp() * 1000)}"


def key(draft: Draft) -> str:
    return f"{KIND}:{mark(draft)}:{draft.turn}"


def is_open(draft: Draft) -> bool:
    return draft.question is not None and draft.question not in ENDED


def due(snapshot: Snapshot) -> list[Due]:
    """What the bot says next, at once: the open question, or the last word."""
    return [
        Due(
            key=key(draft),
            kind=KIND,
            opens_at=draft.changed_at,
            is_notice=True,
            at_once=True,
            about=draft.id,
        )
        for draft in snapshot.drafts
        if draft.question is not None
    ]


def has_crossed(written_at: datetime, draft: Draft) -> bool:
    """Whether it was written before the open question was, and came late: then it can't be an answer to it."""
    return written_at < draft.changed_at - LATE
