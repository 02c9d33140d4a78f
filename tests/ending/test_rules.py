"""When a pair is asked how it goes on, what suits both, and who hears of what."""

from dataclasses import replace
from datetime import timedelta

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import at

from bot import working_time
from bot.due import Due
from bot.ending import rules
from bot.thanking import may_thank
from store.models import Consent, MemberState, Onward, Preference, Saying, SayingKind, Side
from store.snapshots import Partnership

ENDS = at("2027-09-01 09:00")
FRIDAY = at("2027-08-20 09:00")


def dues(each: Partnership, kind: str) -> list[Due]:
    return [due for due in rules.due(make.snapshot(each)) if due.kind == kind]


def kinds(each: Partnership) -> set[str]:
    return {due.kind for due in rules.due(make.snapshot(each))}


def having(each: Partnership, *preferences: Preference, sayings: tuple[Saying, ...] = ()) -> Partnership:
    return replace(each, preferences=preferences, sayings=sayings)


# How they go on


def test_each_is_asked_twelve_days_before_the_end_and_once_at_each_end() -> None:
    [due] = dues(make.partnership(), "going_on")
    [again] = dues(make.partnership(ending=2), "going_on")

    assert (due.opens_at, due.closes_at) == (FRIDAY, ENDS)
    assert due.key != again.key


def test_who_has_chosen_isnt_asked_again_and_what_the_other_chose_changes_nothing() -> None:
    assert dues(having(make.partnership(), make.preference(1)), "going_on") == []
    assert len(dues(having(make.partnership(), make.preference(2)), "going_on")) == 1


def test_a_pair_without_an_end_is_asked_nothing() -> None:
    assert kinds(make.partnership(ends_at=None)) == set()


@pytest.mark.parametrize(
    ("wishes", "suits"),
    [
        ([Onward.AS_NOW, Onward.AS_NOW], Onward.AS_NOW),
        ([Onward.AS_NOW, Onward.LESS_OFTEN], Onward.LESS_OFTEN),
        ([Onward.FINISH, Onward.LESS_OFTEN], Onward.FINISH),
        ([Onward.AS_NOW], Onward.INFORMALLY),
        ([Onward.FINISH], Onward.FINISH),
    ],
)
def test_the_quieter_wish_counts_and_silence_is_no_yes_to_more_dates(wishes: list[Onward], suits: Onward) -> None:
    assert rules.suits_both(wishes) is suits


@given(st.lists(st.sampled_from(Onward), min_size=1, max_size=2))
def test_whose_wish_it_was_makes_no_difference(wishes: list[Onward]) -> None:
    assert rules.suits_both(wishes) is rules.suits_both(wishes[::-1])
    assert list(Onward).index(rules.suits_both(wishes)) >= max(list(Onward).index(wish) for wish in wishes)


def test_one_choice_decides_after_a_week_unless_the_months_are_over_before() -> None:
    early, late = make.preference(2, chosen_at=FRIDAY), make.preference(2, chosen_at=at("2027-08-30 10:00"))

    assert rules.waits_until(having(make.partnership(), early)) == FRIDAY + timedelta(days=7)
    assert rules.waits_until(having(make.partnership(), late)) is None
    assert rules.waits_until(make.partnership()) is None


def test_what_suits_both_is_told_once_in_their_group() -> None:
    told_at = at("2027-08-23 10:00")
    as_mentee = make.partnership(onward=Onward.FINISH, onward_at=told_at)
    as_mentor = make.partnership(Side.MENTOR, onward=Onward.FINISH, onward_at=told_at)
    going_on = make.partnership(onward=Onward.AS_NOW, onward_at=told_at, ending=2)

    [due] = dues(as_mentee, "together")
    assert (due.key, due.opens_at, due.group) == ("together:5:1", told_at, as_mentee.pair)
    assert dues(as_mentor, "together") == []
    assert [due.key for due in dues(going_on, "together")] == ["together:5:1"]


@pytest.mark.parametrize("facts", [{"state": MemberState.PAUSED}, {"ended_at": make.MONDAY}, {"introduced_at": None}])
def test_on_hold_ended_or_not_begun_hears_nothing(facts: dict[str, object]) -> None:
    each = having(make.partnership(**facts), make.preference(2), sayings=(make.saying(),))  # type: ignore[arg-type]

    assert rules.due(make.snapshot(each)) == []


def test_the_last_words_come_when_nobody_can_go_on_any_more() -> None:
    """Where one's morning comes before the other's, the pair may still go on until its last moment."""
    [due] = dues(make.partnership(Side.MENTOR, zone="Pacific/Auckland", ends_at=ENDS), "farewell")

    assert due.opens_at == ENDS


@given(wish=st.sampled_from(list(rules.MORE_MONTHS)), ends_at=make.moments("2027-03-01", "2028-12-31"))
def test_those_who_go_on_have_at_least_so_many_months_more(wish: Onward, ends_at: object) -> None:
    mine = working_time.of(make.person())

    later = rules.later_end(ends_at, wish, mine)  # type: ignore[arg-type]

    day = working_time.add_months(mine.local_date(ends_at), rules.MORE_MONTHS[wish])  # type: ignore[arg-type]
    assert mine.is_open(later)
    assert timedelta() <= mine.local_date(later) - day <= timedelta(days=4)


# What they pass on


def test_what_is_for_one_alone_goes_to_them_and_nothing_to_its_author() -> None:
    thanks = make.saying(for_all=False)
    difference = make.saying(SayingKind.DIFFERENCE, id=96, for_all=False)
    mine = make.saying(id=97, for_all=False, author_id=1)

    assert kinds(having(make.partnership(ends_at=None), sayings=(thanks, difference, mine))) == {"thanks", "difference"}


@pytest.mark.parametrize(
    ("answer", "author_id", "heard"),
    [
        (None, 2, {"ask_to_post"}),
        (None, 1, set()),
        (Consent.POSTED, 2, set()),
        (Consent.POSTED, 1, {"saying_posted"}),
        (Consent.KEPT, 1, {"saying_kept"}),
        (Consent.REWORDED, 1, set()),
    ],
    ids=["asked", "my own", "I agreed", "they agreed", "they keep it", "they have other words"],
)
def test_words_for_all_ask_the_other_and_their_author_hears_the_answer(
    answer: Consent | None, author_id: int, heard: set[str]
) -> None:
    saying = make.saying(author_id=author_id, answer=answer, answered_at=make.MONDAY if answer else None)

    assert kinds(having(make.partnership(ends_at=None), sayings=(saying,))) == heard


def test_things_are_passed_on_from_the_first_talk_until_two_months_after_the_end() -> None:
    met = make.partnership(sessions=[make.held(at("2027-03-18 15:00"))])

    assert not rules.may_say(make.partnership(), FRIDAY)
    assert may_thank(make.partnership(), FRIDAY)
    assert rules.may_say(met, ENDS + timedelta(days=59))
    assert not rules.may_say(met, ENDS + timedelta(days=60))
    left = make.partnership(sessions=met.sessions, partner_state=MemberState.LEFT)
    assert not rules.may_say(left, FRIDAY)
