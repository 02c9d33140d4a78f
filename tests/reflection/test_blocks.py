"""The questions to look back, as they are asked."""

import make
import pytest

from bot.reflection import blocks


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        ("reflection", "refl-mentee-1-aims"),
        ("halfway", "halfway-mentee-hopes"),
        ("ending", "ending-mentee-well-and-better"),
    ],
)
def test_each_asks_the_question_that_was_claimed_and_says_who_can_read_the_answer(kind: str, question: str) -> None:
    asked = make.words().question_by_id(question)
    assert asked is not None

    said = blocks.asked(make.telling(kind, question=question)).text

    assert f"> {asked.text}" in said
    assert "Only you see your answer" in said
    assert "<@U0OLIVER>" in said


def test_a_question_that_was_taken_out_meanwhile_leaves_no_brace_behind() -> None:
    assert "{" not in blocks.asked(make.telling("reflection", question="gone")).text
