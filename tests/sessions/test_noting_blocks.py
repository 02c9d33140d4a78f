"""The form for notes is read back as filled in, and the Home shows what was written."""

from dataclasses import replace
from datetime import date

import limits
import make
from hypothesis import given
from hypothesis import strategies as st
from make import at

from bot.sessions import noting_blocks as blocks
from bot.sessions import todo_blocks
from bot.sessions.todo_blocks import DONE
from store.models import Became, Way

THURSDAY_THREE = at("2027-06-17 15:00")
NOW = at("2027-06-14 10:00")


@given(
    private=st.none() | st.text(min_size=1, max_size=80),
    shared=st.none() | st.text(min_size=1, max_size=80),
    actions=st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1), max_size=12),
)
def test_notes_and_one_action_a_line_are_read_back(private: str | None, shared: str | None, actions: list[str]) -> None:
    form = blocks.note_form(make.partnership(), make.session(THURSDAY_THREE))

    noted = blocks.read_note(
        limits.filled(form, {"private": private, "shared": shared, "actions": "\n\n".join(actions) or None})
    )

    assert noted == blocks.Noted((private or "").strip() or None, (shared or "").strip() or None, actions)


def test_how_long_it_was_and_how_they_met_is_asked_where_they_have_just_met_and_read_back() -> None:
    form = blocks.note_form(make.partnership(), make.session(THURSDAY_THREE), has_met=True)

    noted = blocks.read_note(limits.filled(form, {"minutes": "60", "way": "in_person", "due": "2027-07-01"}))

    assert (noted.minutes, noted.way, noted.due_on) == (60, Way.IN_PERSON, date(2027, 7, 1))
    later = blocks.note_form(make.partnership(), make.session(THURSDAY_THREE))
    assert "minutes" not in {block.get("block_id") for block in later["blocks"]}


def test_a_form_with_nothing_in_it_keeps_nothing() -> None:
    form = blocks.note_form(make.partnership(), make.session(THURSDAY_THREE))

    assert blocks.read_note(limits.filled(form, {})) == blocks.Noted(None, None, [])


def test_before_their_introduction_a_pair_is_not_on_the_home() -> None:
    assert blocks.home(make.partnership(introduced_at=None, ends_at=None), [], [], NOW) == []


def test_only_ones_own_actions_can_be_ticked_off() -> None:
    each = make.partnership()
    mine, theirs = make.written("Mine", id=1, author_id=1), make.written("Theirs", id=2, author_id=2)

    shown = blocks.home(each, [], [mine, theirs], NOW)

    done = [element["value"] for element in limits.elements(shown) if element["action_id"] == DONE]
    assert done == [mine.ref]


def test_a_long_thing_to_do_is_shortened_wherever_it_comes_back() -> None:
    """It can have been written as a message of 40,000 characters, which no message of ours has room for."""
    action = make.written("&" * 40_000, what=Became.ACTION)
    theirs = replace(action, author_id=2)
    shown = f"{'&amp;' * 299}…"

    home = blocks.home(make.partnership(), [], [action, theirs], make.MONDAY)

    assert todo_blocks.listed([action]) == f"• {shown}"
    assert [row["text"]["text"] for row in todo_blocks.brought_back([action], make.words())[1:]] == [f"• {shown}"]
    said = [block["text"]["text"] for block in home if block["type"] == "section"]
    assert said[-2:] == [f"You: {shown}", f"<@U0OLIVER>: {shown}"]
