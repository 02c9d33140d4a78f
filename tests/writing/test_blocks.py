"""The forms are read back as they were filled in, and what is found fits the query."""

import limits
import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.due import Wrote
from bot.slack import kit
from bot.writing import blocks, search_blocks
from store.models import Became

words_of = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)
texts = st.lists(words_of, min_size=1, max_size=400).map(lambda words: (" ".join(words) * 20)[:40_000].strip())


@given(texts, st.integers(50, 3000))
def test_a_text_in_parts_has_all_of_it_and_no_part_is_too_long(text: str, limit: int) -> None:
    parts = kit.parts(text, limit)

    assert "".join(part + after for part, after in parts) == text
    assert all(limits.units(part) <= limit for part, _ in parts)


@given(texts)
def test_a_form_that_is_sent_as_it_was_shown_changes_nothing(text: str) -> None:
    form = blocks.edit_form(make.written(text), "")
    shown = {block["block_id"]: block["element"].get("initial_value") for block in form["blocks"]}

    glue = form["private_metadata"].split(" ")[1]
    read = blocks.read_edit(limits.filled(form, shown), glue)

    assert read.split() == text.split()


@pytest.mark.parametrize(
    ("count", "asked", "note"),
    [
        (0, "no question of mine is open any more", "A note for me"),
        (1, "Does it answer this question?", "A note for me"),
        (2, "more than one question is open", "None: a note for me"),
    ],
)
def test_what_it_answers_is_asked_by_how_many_questions_are_open(count: int, asked: str, note: str) -> None:
    questions = [make.nudge("reflection", id=number, question="refl-1-felt-free") for number in range(count)]
    wrote = Wrote(make.writing(became=Became.UNDECIDED), "He listens", None, questions)

    shown = blocks.which_question(make.telling("which_question", wrote=wrote))

    assert asked in shown.text
    labels = [element["text"]["text"] for element in limits.elements(shown.blocks)]
    assert labels == [*["This one"] * count, note, "Don't keep it"]


def test_the_name_of_whom_a_question_is_about_stays_letters() -> None:
    pairs = [make.partnership(id=number) for number in (5, 6)]
    for each in pairs:
        each.partner.name = "<!here>"
    questions = [make.nudge("reflection", question="refl-1-felt-free")]
    wrote = Wrote(make.writing(became=Became.UNDECIDED), "He listens", None, questions)

    shown = blocks.which_question(make.telling("which_question", snapshot=make.snapshot(*pairs), wrote=wrote))

    assert "<!here>" not in shown.text
    assert "(&lt;!here&gt;)" in shown.text


def test_every_word_of_a_query_must_be_there_in_any_case() -> None:
    written = [make.written("He listens to PLANS"), make.written("plans"), make.written("Straße")]

    assert [each.text for each in search_blocks.matching(written, "plans LISTENS")] == ["He listens to PLANS"]
    assert [each.text for each in search_blocks.matching(written, "strasse")] == ["Straße"]
    assert search_blocks.matching(written, " ") == written


def test_each_page_goes_on_where_the_one_before_ended() -> None:
    written = [make.written(f"text {number}", id=number) for number in range(20)]
    pairs = {5: make.partnership()}

    pages = [search_blocks.pages(written, pairs, "Europe/Lisbon", "text", page) for page in range(3)]

    opened = [
        element["value"]
        for page in pages
        for element in limits.elements(page["blocks"])
        if element["action_id"] == blocks.READ
    ]
    assert opened == [each.ref for each in written]
    assert search_blocks.pages(written, pairs, None, "text", 99) == search_blocks.pages(written, pairs, None, "text", 2)
