"""The questions to look back, as they are asked."""

import make
import pytest

from bot.due import Message
from bot.reflection import blocks, look_blocks
from store.models import Side


def said(kind: str, question: str, **facts: object) -> Message:
    return {**blocks.MESSAGES, **look_blocks.MESSAGES}[kind](make.telling(kind, question=question, **facts))


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        ("reflection", "refl-1-felt-free"),
        ("halfway", "halfway.question.mentee"),
        ("halfway_better", "halfway_better.question.mentee"),
        ("ending", "ending.question.mentee"),
        ("ending_better", "ending_better.question.mentee"),
    ],
)
def test_each_asks_the_question_that_was_claimed_and_says_who_can_read_the_answer(kind: str, question: str) -> None:

    text = said(kind, question).text

    assert f"> {make.words().question(question, Side.MENTEE)}" in text
    assert text.count("?") == 1, "one question in a message"
    assert "Only you see your answer" in text
    assert "<@U0OLIVER>" in text


def test_a_question_that_was_taken_out_meanwhile_leaves_no_brace_behind() -> None:
    assert "{" not in said("reflection", "gone").text


def test_the_hopes_of_the_beginning_come_with_the_halfway_question() -> None:
    text = said("halfway", "halfway.question.mentor", hopes="To be heard").text

    assert text.startswith("When you joined, you hoped for this:\n> To be heard")


def test_the_aims_are_shown_as_they_were_agreed() -> None:
    text = said("aims", "", agreement={"purpose": "See the floor"}).text

    assert "> See the floor" in text
    assert "\n> " not in said("aims", "").text
