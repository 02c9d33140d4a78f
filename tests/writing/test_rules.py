"""What a message means, which messages are one text, and what is said about each, once."""

from datetime import timedelta
from typing import Any

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.due import Due
from bot.writing import rules
from store.kept import Shared
from store.models import Became, MemberState
from store.snapshots import Partnership

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "became", "rest"),
    [
        ("note he listens", Became.NOTE, "he listens"),
        ("Note: he listens", Became.NOTE, "he listens"),
        ("NOTE\nhe listens\nand waits", Became.NOTE, "he listens\nand waits"),
        ("action send the list", Became.ACTION, "send the list"),
        ("Thanks, for the time", Became.THANKS, "for the time"),
    ],
)
def test_a_first_word_says_what_the_rest_is(text: str, became: Became, rest: str) -> None:
    said = rules.begun(text)

    assert said is not None
    assert (said.became, said.text) == (became, rest)


@pytest.mark.parametrize(
    ("text", "is_asked", "is_shown"),
    [
        ("action send the list", False, False),
        ("action send the list", True, True),
        ("action: send the list", True, False),
        ("note he never listens", True, False),
        ("thanks: for the time", False, True),
    ],
)
def test_what_the_partner_would_read_is_shown_first_where_it_may_be_an_answer(
    text: str, is_asked: bool, is_shown: bool
) -> None:
    said = rules.begun(text)

    assert said is not None
    assert rules.is_shown_first(said, is_asked=is_asked) is is_shown


@pytest.mark.parametrize("text", ["note", "notes from me", "notebook", "A note", "thankful", "actions speak", "note: "])
def test_what_only_looks_like_such_a_word_is_a_text_like_any_other(text: str) -> None:
    assert rules.begun(text) is None


@pytest.mark.parametrize("text", ["who sees this?", "Who can see this", "who reads  my answers?", "WHO CAN READ THAT"])
def test_who_sees_this_can_be_asked_in_several_ways(text: str) -> None:
    assert rules.word(text) == "who sees this"


@pytest.mark.parametrize("text", ["Thank you!", "thanks.", "THX"])
def test_bare_thanks_are_one_word(text: str) -> None:
    assert rules.word(text) == "thanks"


@given(st.text())
def test_any_text_is_read_and_none_is_lost(text: str) -> None:
    said = rules.begun(text)

    assert said is None or (said.text and said.text in text)
    assert rules.word(text) == rules.word(rules.word(text))


@pytest.mark.parametrize(
    ("minutes", "asked", "thread", "goes_on"),
    [
        (5, None, None, True),
        (6, None, None, False),
        (2, -1, None, True),
        (2, 1, None, False),  # something was asked since
        (2, None, "1.0", False),  # what was written in a thread stays there
    ],
)
def test_messages_within_a_few_minutes_are_one_text(
    minutes: int, asked: int | None, thread: str | None, goes_on: bool
) -> None:
    begun = make.writing(thread_ts=thread)
    asked_at = None if asked is None else make.MONDAY + asked * MINUTE

    assert rules.goes_on(begun, make.MONDAY, asked_at, make.MONDAY + minutes * MINUTE) is goes_on


def dues(each: Partnership | None = None, **parts: Any) -> list[Due]:
    return rules.due(make.snapshot(each or make.partnership(), **parts))


@pytest.mark.parametrize(
    ("became", "kept_id", "kind"),
    [
        (Became.ANSWER, 51, "reflection_kept"),
        (Became.NOTE, 71, "note_kept"),
        (Became.ACTION, 71, "action_kept"),
        (Became.NOTE, None, "which_pair"),
        (Became.UNDECIDED, None, "which_question"),
        (Became.THANKS, None, "thanks_shown"),
    ],
)
def test_each_text_gets_its_reply_at_once_and_outside_the_budget(
    became: Became, kept_id: int | None, kind: str
) -> None:
    [due] = dues(writings=(make.writing(became=became, kept_id=kept_id),))

    assert (due.kind, due.about, due.opens_at) == (kind, 91, make.MONDAY)
    assert due.is_notice
    assert due.at_once
    assert not due.asks


def test_thanks_that_were_passed_on_and_texts_of_before_get_no_reply() -> None:
    passed_on = make.writing(became=Became.THANKS, kept_id=95)
    of_before = make.writing(kept_id=51, turn=0)

    assert dues(writings=(passed_on, of_before)) == []


@given(st.lists(st.sampled_from(Became), max_size=12), st.integers(1, 5))
def test_no_two_replies_have_the_same_key_and_each_change_has_its_own(became: list[Became], turn: int) -> None:
    texts = [make.writing(id=number, became=each, turn=turn) for number, each in enumerate(became)]
    later = [make.writing(id=number, became=each, turn=turn + 1) for number, each in enumerate(became)]

    keys = [due.key for texts_then in (texts, later) for due in dues(writings=tuple(texts_then))]
    assert len(set(keys)) == len(keys)


def test_what_a_partner_shares_is_a_gentle_word_within_the_budget() -> None:
    [due] = dues(shared=(Shared("note:12:1700000000", 5, make.MONDAY),))

    assert (due.kind, due.pair_id, due.is_notice, due.at_once) == ("note_shared", 5, False, False)
    assert due.key.startswith("note:12:1700000000:shared:")


def test_it_waits_while_the_pair_is_on_hold() -> None:
    shared = (Shared("note:12:1700000000", 5, make.MONDAY),)

    assert dues(make.partnership(partner_state=MemberState.PAUSED), shared=shared) == []
    assert dues(make.partnership(ended_at=make.MONDAY), shared=shared) == []
