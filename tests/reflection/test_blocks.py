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


@pytest.mark.parametrize("agreement", [None, {"purpose": "See the floor"}])
def test_a_pair_without_an_end_is_at_no_half_of_anything(agreement: dict[str, str] | None) -> None:
    each = make.partnership(months=None)
    looked = look_blocks.halfway(make.telling("halfway", each, question="halfway.question.mentee"))
    aims = look_blocks.aims(make.telling("aims", each, agreement=agreement))

    assert "half" not in f"{looked.text}{aims.text}".lower()
    assert "> Are these talks giving you what you hoped for?" in looked.text


def test_the_aims_are_shown_as_they_were_agreed() -> None:
    text = said("aims", "", agreement={"purpose": "See the floor"}).text

    assert "> See the floor" in text
    assert "\n> " not in said("aims", "").text
