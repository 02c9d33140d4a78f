"""The form for notes is read back as filled in, and the Home shows what was written."""

import limits
import make
from hypothesis import given
from hypothesis import strategies as st
from make import at

from bot.sessions import noting_blocks as blocks

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


def test_a_form_with_nothing_in_it_keeps_nothing() -> None:
    form = blocks.note_form(make.partnership(), make.session(THURSDAY_THREE))

    assert blocks.read_note(limits.filled(form, {})) == blocks.Noted(None, None, [])


def test_before_their_introduction_a_pair_is_not_on_the_home() -> None:
    assert blocks.home(make.partnership(introduced_at=None, ends_at=None), [], [], NOW) == []


def test_only_ones_own_actions_can_be_ticked_off() -> None:
    each = make.partnership()
    mine, theirs = make.written("Mine", id=1, author_id=1), make.written("Theirs", id=2, author_id=2)

    shown = blocks.home(each, [], [mine, theirs], NOW)

    done = [element["value"] for element in limits.elements(shown) if element["action_id"] == blocks.DONE]
    assert done == ["1"]
