"""When each looks at how it is going, half-way and at the end, on a calendar written by hand."""

from typing import Any

import make
import pytest
from make import at

from bot.due import Due
from bot.reflection import look_rules
from store.models import MemberState, Nudge, Side
from store.snapshots import Partnership


def met(side: Side = Side.MENTEE, **facts: Any) -> Partnership:
    """A pair that has met once."""
    return make.partnership(side, sessions=[make.held(at("2027-03-18 15:00"))], **facts)


def dues(each: Partnership, kind: str, **parts: Any) -> list[Due]:
    return [due for due in look_rules.due(make.snapshot(each, **parts)) if due.kind == kind]


def only(each: Partnership, kind: str, **parts: Any) -> Due:
    [due] = dues(each, kind, **parts)
    return due


def asked(each: Partnership, kind: str, number: int = 31) -> Nudge:
    """The question, once it has gone out."""
    return make.nudge(kind, id=number, key=only(each, kind).key)


def test_the_halfway_question_comes_on_the_working_day_after_the_first_half() -> None:
    # Introduced on Monday 1 March: half-way is Tuesday 1 June.
    assert only(met(), "halfway").opens_at == at("2027-06-02 09:00")
    assert only(met(months=12), "halfway").opens_at == at("2027-09-02 09:00")
    assert only(met(months=5), "halfway").opens_at == at("2027-05-04 09:00")


def test_a_short_programme_has_no_halfway_look() -> None:
    assert look_rules.due(make.snapshot(met(months=3, ends_at=None))) == []


def test_the_aims_are_looked_at_two_working_days_after_the_question_has_gone_out() -> None:
    asked = make.nudge("halfway", claimed_at=at("2027-06-10 15:00"))

    [due] = [due for due in look_rules.due(make.snapshot(met(), nudges=(asked,))) if due.kind == "aims"]

    assert due.opens_at == at("2027-06-14 09:00")
    assert dues(met(), "aims") == [], "not before"


def test_the_last_look_comes_two_weeks_before_their_months_are_over() -> None:
    assert only(met(), "ending").opens_at == at("2027-08-18 09:00")


def test_a_pair_that_never_met_has_nothing_to_look_back_at() -> None:
    assert look_rules.due(make.snapshot(make.partnership())) == []


def test_without_an_end_there_is_no_last_look() -> None:
    assert dues(met(ends_at=None), "ending") == []


@pytest.mark.parametrize("kind", ["halfway", "ending"])
@pytest.mark.parametrize("side", list(Side))
def test_who_answers_the_first_question_is_asked_the_second_on_the_next_working_day(kind: str, side: Side) -> None:
    each = met(side)
    first = asked(each, kind)
    answer = make.reflection(nudge_id=first.id, written_at=at("2027-06-04 16:00"))

    assert dues(each, f"{kind}_better", nudges=(first,)) == [], "who doesn't answer isn't asked on"
    second = only(each, f"{kind}_better", nudges=(first,), reflections=(answer,))

    assert second.opens_at == at("2027-06-07 09:00")
    assert second.question == f"{kind}_better.question.{side}"
    assert only(each, kind).asks
    assert second.asks


def test_an_answer_to_another_pair_asks_nothing_here() -> None:
    other = make.nudge("halfway", pair_id=6)
    answer = make.reflection(pair_id=6, nudge_id=other.id)

    assert dues(met(), "halfway_better", nudges=(other,), reflections=(answer,)) == []


def test_who_goes_on_hears_the_second_question_once_at_each_end() -> None:
    first, second = (asked(met(ending=ending), "ending", ending) for ending in (1, 2))
    went_on = met(ending=2, ends_at=at("2027-12-01 09:00"))
    answers = [make.reflection(nudge_id=ending) for ending in (1, 2)]

    [before] = dues(met(), "ending_better", nudges=(first,), reflections=answers)
    [then] = dues(went_on, "ending_better", nudges=(first,), reflections=answers)
    again = dues(went_on, "ending_better", nudges=(first, second), reflections=answers)

    assert then.key == before.key, "what they have answered is not asked anew once they go on"
    assert len({due.key for due in again}) == 2
    assert [due.question for due in again] == [
        "ending_better.question.mentee",
        "ending_better.again.question.mentee",
    ], "no question comes twice"


def test_those_who_went_on_look_back_once_more_at_their_next_end() -> None:
    again = met(ending=2, ends_at=at("2027-12-01 09:00"))

    assert only(again, "ending").key != only(met(), "ending").key
    assert only(again, "ending").question != only(met(), "ending").question
    assert dues(met(ending=3, ends_at=at("2028-03-01 09:00")), "ending") == [], "there is none left to ask"
    assert only(again, "halfway").key == only(met(), "halfway").key


@pytest.mark.parametrize(
    "facts",
    [
        {"state": MemberState.PAUSED},
        {"partner_state": MemberState.PAUSED},
        {"ended_at": make.MONDAY, "ended_by": 2},
        {"introduced_at": None, "ends_at": None},
    ],
    ids=["I have paused", "my partner has paused", "somebody left", "not introduced yet"],
)
def test_a_pair_on_hold_or_at_its_end_or_before_its_beginning_is_asked_nothing(facts: dict[str, Any]) -> None:
    assert look_rules.due(make.snapshot(met(**facts))) == []
