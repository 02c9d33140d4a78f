"""What somebody takes with them of a pair: their own notes, answers and actions, and the agreement, as a text file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session as Db

from bot import terms, working_time
from bot.prompts import Prompts
from store import agreements, notes, reflections, sayings
from store.models import SessionState
from store.snapshots import Partnership


@dataclass(frozen=True)
class Keepsake:
    """A file in Markdown, which is plain text too."""

    name: str
    title: str
    text: str
    holds: str
    """What is in it, in a sentence."""


@dataclass(frozen=True)
class Part:
    """A part of it: what it is called, and each thing in it with its day."""

    title: str
    noun: str
    things: Sequence[tuple[datetime, str]]


def of(db: Db, each: Partnership, words: Prompts) -> Keepsake:
    """Only what they wrote themselves, and what the two agreed on: nothing their partner wrote."""
    parts = [_agreement(db, each), *_parts(db, each, words)]
    there = [part for part in parts if part.things]
    title = f"My talks with {each.partner.name} in {each.programme.name}"
    text = "\n".join([f"# {title}", "", _talks(each), *(line for part in there for line in _lines(part, each))])
    counted = ", ".join(_counted(part) for part in there)
    holds = f"In it: {counted}." if there else "There is nothing written in it yet but your dates."
    return Keepsake("my-talks.md", title, text + "\n", f"{holds} Your partner's notes and answers are not in it.")


def _counted(part: Part) -> str:
    """As in "2 notes"."""
    return f"{len(part.things)} {part.noun}{'' if len(part.things) == 1 else 's'}"


def _talks(each: Partnership) -> str:
    held = [session for session in each.sessions if session.state is SessionState.HELD]
    return (
        "We met on " + ", ".join(_day(session.starts_at, each) for session in held) if held else "We haven't met yet."
    )


def _agreement(db: Db, each: Partnership) -> Part:
    version = agreements.standing(each.agreements)
    if version is None or version.agreed_at is None:
        return Part("Our agreement", "agreement", ())
    return Part("Our agreement", "agreement", [(version.agreed_at, terms.text(agreements.terms(db, version)))])


def _parts(db: Db, each: Partnership, words: Prompts) -> list[Part]:
    me, pair_id = each.me.id, each.pair.id
    written = [note for note in reversed(notes.of_person(db, me)) if note.pair_id == pair_id]
    actions = notes.actions(db, [pair_id], owner_id=me, is_open=False)
    answers = [answer for answer in reflections.of_person(db, me) if answer.pair_id == pair_id]
    said = [saying for saying in each.sayings if saying.author_id == me]
    return [
        Part("My notes", "note", [(note.written_at, note.text) for note in written]),
        Part(
            "What I said I would do",
            "action",
            [(one.written_at, _done(one.text, is_done=one.is_done)) for one in actions],
        ),
        Part(
            "My answers",
            "answer",
            [
                (one.written_at, _answer(words.question(one.question, each.mine.side), reflections.text(db, one)))
                for one in answers
            ],
        ),
        Part("What I passed on", "message", [(one.written_at, sayings.text(db, one)) for one in said]),
    ]


def _done(text: str, *, is_done: bool) -> str:
    return f"[{'x' if is_done else ' '}] {text}"


def _answer(question: str | None, text: str) -> str:
    return f"{question}\n{text}" if question else text


def _lines(part: Part, each: Partnership) -> Iterator[str]:
    yield from ("", f"## {part.title}")
    for at, text in part.things:
        yield from ("", f"{_day(at, each)}", "", text)


def _day(at: datetime, each: Partnership) -> str:
    return f"{at.astimezone(working_time.zone(each.me.zone)):%d %B %Y}"
