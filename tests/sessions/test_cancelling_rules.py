"""Who hears what, and when, once a date is cancelled."""

from datetime import datetime
from typing import Any

import make
import pytest
from make import at

from bot.due import Due
from bot.sessions import rules
from store.models import MemberState, SessionState, Side
from store.snapshots import Partnership

THURSDAY_THREE = at("2027-03-18 15:00")
ANA, OLIVER = 1, 2


def cancelled(at_moment: datetime, by: int = ANA, side: Side = Side.MENTEE, **facts: Any) -> Partnership:
    """Ana, whose view it is, and Oliver: their date is cancelled by one of them."""
    told = {"state": SessionState.CANCELLED, "cancelled_at": at_moment, "cancelled_by": by, "sequence": 1}
    return make.partnership(side, sessions=[make.session(THURSDAY_THREE, **(told | facts))], partner_zone=make.LISBON)


def dues(each: Partnership, kind: str) -> list[Due]:
    return [due for due in rules.due(make.snapshot(each)) if due.kind == kind]


def test_who_cancels_hears_at_once_that_it_is_done_and_their_partner_when_at_work() -> None:
    in_the_evening = at("2027-03-16 21:00")

    [mine] = dues(cancelled(in_the_evening, by=ANA), "cancelled")
    [partners] = dues(cancelled(in_the_evening, by=OLIVER), "cancelled")

    assert (mine.opens_at, mine.at_once, partners.at_once) == (in_the_evening, True, False)
    assert mine.is_notice
    assert partners.is_notice


@pytest.mark.parametrize("by", [ANA, OLIVER])
def test_while_the_pair_is_on_hold_it_is_told_as_ever_but_not_to_one_who_has_paused(by: int) -> None:
    the_partner_paused = {"partner_state": MemberState.PAUSED}
    i_paused = {"state": MemberState.PAUSED}

    assert [due.kind for due in on_hold(by, **the_partner_paused)] == ["cancelled"]
    assert [due.kind for due in on_hold(by, **i_paused)] == (["cancelled"] if by == ANA else []), "their own act"
    assert on_hold(by, ended_at=make.MONDAY) == []


def on_hold(by: int, **facts: Any) -> list[Due]:
    """All that is due around a date that was cancelled."""
    told = {"state": SessionState.CANCELLED, "cancelled_at": at("2027-03-16 10:00"), "cancelled_by": by, "sequence": 1}
    each = make.partnership(sessions=[make.session(THURSDAY_THREE, cancellations=2, **told)], **facts)
    return list(rules.due(make.snapshot(each)))


def test_a_date_that_was_set_and_cancelled_in_one_night_is_no_news_for_the_partner() -> None:
    facts = {"booked_by": OLIVER, "booked_at": at("2027-03-15 20:00")}

    assert dues(cancelled(at("2027-03-15 22:00"), by=OLIVER, **facts), "cancelled") == []
    assert len(dues(cancelled(at("2027-03-16 10:00"), by=OLIVER, **facts), "cancelled")) == 1
    assert len(dues(cancelled(at("2027-03-15 22:00"), by=OLIVER, **facts, number=1), "cancelled")) == 0
    moved = facts | {"sequence": 2}
    assert len(dues(cancelled(at("2027-03-15 22:00"), by=OLIVER, **moved), "cancelled")) == 1, (
        "an earlier date was told"
    )


def test_nothing_else_is_due_around_a_date_that_is_cancelled() -> None:
    each = cancelled(at("2027-03-16 10:00"))

    assert {due.kind for due in rules.due(make.snapshot(each))} == {"cancelled", "plan"}


def test_a_new_date_says_enough() -> None:
    again = cancelled(at("2027-03-16 10:00"), state=SessionState.PLANNED, sequence=2)

    assert dues(again, "cancelled") == []


def test_who_has_just_cancelled_is_asked_for_a_date_three_working_days_later_at_the_earliest() -> None:
    on_the_ninth = at("2027-03-09 10:00")

    [asked] = [due for due in dues(cancelled(on_the_ninth), "plan") if due.key.startswith("plan:5:1:")]

    assert asked.opens_at == at("2027-03-12 09:00")


def test_that_holds_also_where_a_month_begins_the_next_morning() -> None:
    on_the_last_of_march = at("2027-03-31 16:00")

    asked = [due for due in dues(cancelled(on_the_last_of_march), "plan") if due.key.startswith("plan:5:2:")]

    assert [due.opens_at for due in asked] == [at("2027-04-05 09:00"), at("2027-04-08 09:00")]


def test_a_word_about_cancelling_and_the_question_for_a_date_come_on_different_days_over_a_weekend_too() -> None:
    each = cancelled(at("2027-03-05 10:00"), cancellations=2)  # a Friday; a week after the introduction is the Monday

    [word], [asked, *_] = dues(each, "put_off"), dues(each, "plan")

    assert (word.opens_at, asked.opens_at) == (at("2027-03-08 09:00"), at("2027-03-10 09:00"))


@pytest.mark.parametrize("side", Side)
def test_the_second_cancellation_of_the_mentee_in_a_row_brings_each_a_private_word_the_next_morning(side: Side) -> None:
    friday = at("2027-03-12 16:00")

    [word] = dues(cancelled(friday, side=side, cancellations=2), "put_off")

    assert (word.opens_at, word.group, word.is_notice) == (at("2027-03-15 09:00"), None, False)


@pytest.mark.parametrize(
    "facts",
    [{"cancellations": 1}, {"cancellations": 0}, {"cancellations": 2, "state": SessionState.HELD}],
    ids=["the first", "the mentor's own", "they met after all"],
)
def test_no_other_cancellation_does(facts: dict[str, Any]) -> None:
    assert dues(cancelled(at("2027-03-12 16:00"), **facts), "put_off") == []


def test_a_third_one_is_not_spoken_of_again() -> None:
    second, third = (cancelled(at(day), cancellations=count) for day, count in (("2027-03-09", 2), ("2027-03-10", 3)))

    assert dues(second, "put_off")[0].key == dues(third, "put_off")[0].key
