"""The form that sets up a programme is read back as it was filled in; the overview tells no more than it may."""

import json
from typing import Any

import limits
import make
from hypothesis import given
from hypothesis import strategies as st

from bot.programme import blocks
from bot.programme.rules import Answers, Health
from store.models import Side

ANSWERS: dict[str, Any] = {
    "name": st.none() | st.text(min_size=1, max_size=60),
    "objective": st.none() | st.text(min_size=1, max_size=100),
    "channel": st.sampled_from([None, "C0ANNOUNCE"]),
    "contact": st.sampled_from([None, "U0NOOR"]),
    "months": st.sampled_from(["3", "6"]),
}


@given(st.fixed_dictionaries(ANSWERS))
def test_what_is_filled_in_is_what_is_read(answers: dict[str, Any]) -> None:
    read = blocks.read(limits.filled(blocks.form(), answers))

    assert read == Answers(
        name=(answers["name"] or "").strip() or None,
        objective=(answers["objective"] or "").strip() or None,
        channel=answers["channel"],
        contact=answers["contact"],
        months=int(answers["months"]),
    )


def test_six_months_are_proposed() -> None:
    assert blocks.read(limits.filled(blocks.form(), {})).months == 6


def test_the_opening_says_what_it_is_for_and_has_a_button_to_join_this_programme() -> None:
    message = blocks.opening(make.programme(id=3), make.words())

    assert "Leaders learn how work is changing." in message.text
    assert "<@U0NOOR>" in message.text
    [button] = limits.elements(message.blocks)
    assert (button["action_id"], button["value"]) == ("go.join", "3")


def test_the_overview_tells_who_waits_who_has_met_and_who_is_quiet() -> None:
    ana, oliver, noor = (make.person(each) for each in ("U0ANA", "U0OLIVER", "U0NOOR"))
    quiet = Health(make.pair(), held=0, next_at=None, is_quiet=True)
    overview = blocks.Overview(make.programme(), 3, [(noor, Side.MENTOR)], [(ana, oliver, quiet)])

    shown = json.dumps(blocks.home(overview), ensure_ascii=False)

    assert "Members: 3 · pairs: 1, of them met: 0 · waiting: 1" in shown
    assert "• <@U0NOOR>, mentor" in shown
    assert "• <@U0ANA> → <@U0OLIVER>: not met yet — *no date for a while*" in shown


def test_a_long_list_is_cut_and_says_so() -> None:
    waiting = [(make.person(f"U0P{number}"), Side.MENTOR) for number in range(25)]

    shown = json.dumps(blocks.home(blocks.Overview(make.programme(), 25, waiting, [])), ensure_ascii=False)

    assert "… and 5 more" in shown
