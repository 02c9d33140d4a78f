"""The questions to look back, as they are asked."""

import make
import pytest

from bot.reflection import blocks


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        ("reflection", "refl-1-felt-free"),
        ("halfway", "halfway-hopes"),
        ("ending", "ending-well-and-better"),
    ],
)
def test_each_asks_the_question_that_was_claimed_and_says_who_can_read_the_answer(kind: str, question: str) -> None:
    asked = make.words().twins[question]

    said = blocks.asked(make.telling(kind, question=question)).text

    assert f"> {asked.mentee}" in said
    assert "Only you see your answer" in said
    assert "<@U0OLIVER>" in said


def test_a_question_that_was_taken_out_meanwhile_leaves_no_brace_behind() -> None:
    assert "{" not in blocks.asked(make.telling("reflection", question="gone")).text
