"""The words that people may change without a developer: texts, topics and questions from `prompts/en/*.toml`.

All are read and checked at the start: a missing text, a placeholder nobody fills, two questions with one id
stop the bot with the name of the file and the entry.
"""

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

LANGUAGE = "en"
MONTHS = 6

# Which placeholders each text of texts.toml may use. A text that is not listed here is not used anywhere.
TEXTS: Mapping[str, frozenset[str]] = {
    name: frozenset(fields.split())
    for name, fields in {
        "announcement": "programme objective months contact",
        "joined": "programme side",
        "changed": "programme",
        "joined.mentor_next": "programme",
        "joined.mentee_next": "programme",
        "introduction": "mentor mentee programme objective",
        "introduction.first": "mentee contact",
        "plan.first": "partner",
        "plan.again": "partner",
        "plan.month": "partner",
        "planned": "mentor mentee when",
        "moved": "mentor mentee when",
        "booked": "partner when",
        "preparation": "partner when question",
        "preparation.actions": "actions",
        "reminder": "partner when",
        "checkin": "partner",
        "reflection": "partner question",
        "halfway": "partner question",
        "halfway.hopes": "hopes",
        "ending": "partner programme question",
        "reflection_kept": "",
        "partner_left": "partner programme",
        "partner_paused": "partner",
        "partner_resumed": "partner",
        "left": "programme",
        "announcement_unclear": "channel",
        "announcement_refused": "channel",
    }.items()
}
KINDS = ("preparation", "reflection", "halfway", "ending")
SIDES = ("mentor", "mentee")


class BadPrompt(Exception):
    """Something in `prompts/` is missing or wrong; the message says which file and entry."""


@dataclass(frozen=True)
class Question:
    """A question of the bank; the id is kept for ever, so that nobody is asked it twice."""

    id: str
    text: str


@dataclass(frozen=True)
class Prompts:
    texts: Mapping[str, str]
    topics: Mapping[str, str]
    questions: Mapping[tuple[str, str, int], Question]

    def with_topics(self, more: Mapping[str, str]) -> "Prompts":
        """The same words with more topics: id to label."""
        return replace(self, topics={**self.topics, **more})

    def say(self, name: str, **fields: str) -> str:
        """A text with its placeholders filled. The fields must be fit for mrkdwn already."""
        return self.texts[name].format(**fields)

    def question(self, kind: str, side: str, number: int) -> Question | None:
        """The question of that month for that side; the half-way and last ones have number 0."""
        return self.questions.get((kind, side, number))

    def question_by_id(self, question_id: str) -> Question | None:
        return next((each for each in self.questions.values() if each.id == question_id), None)

    def topic(self, topic_id: str) -> str:
        """Its label; a topic that was taken out of the list keeps its id as a name."""
        return self.topics.get(topic_id, topic_id.replace("_", " "))


def load(folder: Path) -> Prompts:
    here = folder / LANGUAGE
    return Prompts(
        texts=_texts(here / "texts.toml"),
        topics=_topics(here / "topics.toml"),
        questions=_questions(here),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadPrompt(f"{path} is missing") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadPrompt(f"{path} can't be read: {error}") from None


def _texts(path: Path) -> dict[str, str]:
    found = {name: _text(path, name, text) for name, text in _read(path).items()}
    if lacking := TEXTS.keys() - found.keys():
        raise BadPrompt(f"{path} lacks {', '.join(sorted(lacking))}")
    for name, text in found.items():
        if name not in TEXTS:
            raise BadPrompt(f"{path}: nothing uses the text {name}")
        if strange := _placeholders(path, name, text) - TEXTS[name]:
            raise BadPrompt(f"{path}: {name} has {{{strange.pop()}}}, which nothing fills")
    return found


def _text(path: Path, name: str, text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        raise BadPrompt(f"{path}: {name} must be a text")
    return text.strip()


def _placeholders(path: Path, name: str, text: str) -> set[str]:
    try:
        parts = [(field, form) for _, field, form, _ in string.Formatter().parse(text) if field is not None]
        return {f"{field}:{form}" if form else field for field, form in parts}
    except ValueError as error:
        raise BadPrompt(f"{path}: {name} has a brace that is not a placeholder: {error}") from None


def _topics(path: Path) -> dict[str, str]:
    topics = {name: _text(path, name, label) for name, label in _read(path).items()}
    for name, label in topics.items():
        if len(label) > 75 or len(name) > 75:
            raise BadPrompt(f"{path}: {name} is longer than the 75 characters a menu can show")
    if not 1 <= len(topics) <= 100:
        raise BadPrompt(f"{path} must have 1 to 100 topics: a menu shows no more")
    return topics


def _questions(folder: Path) -> dict[tuple[str, str, int], Question]:
    found: dict[tuple[str, str, int], Question] = {}
    for kind in KINDS:
        path = folder / f"{kind}.toml"
        for row in _read(path).get("question", []):
            key = (kind, str(row.get("side")), row.get("month", 0))
            question = Question(_text(path, "id", row.get("id")), _text(path, str(row.get("id")), row.get("text")))
            if key not in _needed():
                raise BadPrompt(f"{path}: {question.id} is for no side or month there is")
            if "\n" in question.text:
                raise BadPrompt(f"{path}: {question.id} must be one line, since it is shown as a quotation")
            if key in found or any(question.id == other.id for other in found.values()):
                raise BadPrompt(f"{path}: {question.id} is there twice, or another has its place")
            found[key] = question
    for key in _needed():
        if key not in found:
            raise BadPrompt(f"{folder / key[0]}.toml lacks a question for the {key[1]}, month {key[2]}")
    return found


def _needed() -> list[tuple[str, str, int]]:
    monthly = [(kind, side, month) for kind in KINDS[:2] for side in SIDES for month in range(1, MONTHS + 1)]
    return monthly + [(kind, side, 0) for kind in KINDS[2:] for side in SIDES]
