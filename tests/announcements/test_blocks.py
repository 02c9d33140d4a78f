"""An announcement is shown, carried and posted as it was written, and nothing in it comes alive."""

import limits
import make
from hypothesis import example, given
from hypothesis import strategies as st

from bot.announcements import blocks, rules


@given(st.text(min_size=1, max_size=300))
def test_what_was_written_is_what_the_form_gives(text: str) -> None:
    read = limits.filled(blocks.form(make.programme()), {"text": text}).text("text")

    assert read == (text.strip() or None)


@given(st.integers(1, 10**9), st.text(max_size=300))
def test_the_preview_carries_programme_and_text_unchanged(programme_id: int, text: str) -> None:
    view = blocks.preview(make.programme(id=programme_id), text, "U0ANA")

    assert blocks.previewed(view["private_metadata"]) == (programme_id, text)


@given(st.text(min_size=1, max_size=200))
@example("x" * rules.MOST_CHARACTERS)
@example("🎈" * (rules.MOST_CHARACTERS // 2))
@example("\u202e")
def test_whatever_may_be_posted_can_be_shown(text: str) -> None:
    text = text.strip()

    view = blocks.preview(make.programme(), text, "U0ANA")

    assert rules.problem(text) is not None or limits.of_view(view) == []


@given(st.text(min_size=1, max_size=200))
def test_no_mention_in_it_comes_alive_where_it_is_read_as_marked_text(text: str) -> None:
    message = blocks.posted(f"<!channel> {text} <@U0BO>", "U0ANA")

    shown = "".join(block["text"]["text"] for block in message.blocks if block["type"] == "section")
    assert "<!channel>" not in message.text + shown
    assert message.text.count("<@") == 1  # the author's, on the last line
    assert "<@" not in shown
    assert message.blocks[0]["text"]["verbatim"]  # so that an @channel typed plainly stays letters


def test_its_author_can_say_that_it_is_there_or_have_it_posted_again() -> None:
    told = make.telling("announcement_unclear", snapshot=make.snapshot(troubled=(make.trouble(),)), about=61)

    message = blocks.unclear(told)

    assert "<#C0ANNOUNCE>" in message.text
    assert list(limits.action_ids(message.blocks)) == [blocks.IS_THERE, blocks.AGAIN]
