"""What is stored about somebody, on pages: all of it, however long, and nothing of it comes alive."""

import limits
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.mydata import blocks
from bot.mydata.blocks import Kept
from bot.slack import kit

HEADING = "*A note*\n"


def all_pages(*kept: Kept) -> list[limits.Json]:
    """Page after page, as far as the button for more leads."""
    views = [blocks.pages(kept, 0)]
    while blocks.ON in limits.action_ids(views[-1]["blocks"]):
        views.append(blocks.pages(kept, len(views)))
    return views


def shown(*kept: Kept) -> str:
    """What a person reads on all pages together; each block is unescaped by itself, as Slack does it."""
    sections = [block for view in all_pages(*kept) for block in view["blocks"] if block["type"] == "section"]
    return "".join(kit.unescape(section["text"]["text"]) for section in sections)


@settings(max_examples=30)
@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=200), st.sampled_from([1, 15, 60, 600]))
@example("x", 2801)
@example("&", 3000)
@example("🎈", 2000)
def test_all_of_a_long_text_is_shown(text: str, times: int) -> None:
    assert shown(Kept("A note", text * times)) == HEADING + text * times


@settings(max_examples=30)
@given(st.lists(st.integers(1, 9000), max_size=40))
def test_every_thing_is_on_some_page_and_every_page_is_one_that_slack_takes(sizes: list[int]) -> None:
    kept = [Kept(f"Note {number}", f"begin{number} " + "x" * size) for number, size in enumerate(sizes)]

    views = all_pages(*kept)

    assert [problem for view in views for problem in limits.of_view(view)] == []
    text = shown(*kept)
    assert [number for number in range(len(sizes)) if f"begin{number} " not in text] == []


def test_nothing_stored_is_said_in_words() -> None:
    assert shown() == "Nothing is stored about you."


def test_a_mention_in_a_note_is_shown_and_does_not_call_anybody() -> None:
    [view] = all_pages(Kept("A note", "<!channel> & <@U0BO>"))

    assert "&lt;!channel&gt; &amp; &lt;@U0BO&gt;" in view["blocks"][0]["text"]["text"]


@pytest.mark.parametrize("page", [-1, 99])
def test_a_page_that_is_no_longer_there_is_the_nearest_one(page: int) -> None:
    kept = [Kept(f"Note {number}", "x") for number in range(blocks.PAGE_SIZE + 1)]

    view = blocks.pages(kept, page)

    assert view["blocks"][-1]["elements"][0]["text"] == ("Page 1 of 2" if page < 0 else "Page 2 of 2")


def test_one_can_turn_the_pages_both_ways() -> None:
    kept = [Kept(f"Note {number}", "x") for number in range(2 * blocks.PAGE_SIZE + 1)]

    first, middle, last = all_pages(*kept)

    assert list(limits.action_ids(first["blocks"])) == [blocks.ON]
    assert list(limits.action_ids(middle["blocks"])) == [blocks.BACK, blocks.ON]
    assert list(limits.action_ids(last["blocks"])) == [blocks.BACK]
