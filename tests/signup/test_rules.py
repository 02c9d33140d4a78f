"""When a sign-up is right, who may join, and what follows from joining, pausing and leaving."""

from dataclasses import replace
from datetime import timedelta

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.signup import rules
from bot.signup.rules import MOST_TOPICS, Answers
from store.models import Member, MemberState, Programme, Side

RIGHT = Answers(
    side=Side.MENTOR,
    topics=["ai_tools"],
    hopes=None,
    languages=["en"],
    ways=["online"],
    avoid=[],
    has_consented=True,
)
A_DAY = timedelta(days=1)


def kinds(snapshot: make.Snapshot) -> list[str]:
    return [due.kind for due in rules.due(snapshot)]


# The form


def test_a_form_with_all_that_is_asked_for_is_taken() -> None:
    assert rules.problems(RIGHT) == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"side": None}, "side"),
        ({"topics": []}, "topics"),
        ({"topics": ["topic"] * (MOST_TOPICS + 1)}, "topics"),
        ({"languages": []}, "languages"),
        ({"ways": []}, "ways"),
        ({"has_consented": False}, "consent"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_only_there(change: dict[str, object], field: str) -> None:
    assert list(rules.problems(replace(RIGHT, **change))) == [field]


@given(hopes=st.none() | st.text(), avoid=st.lists(st.text()))
def test_hopes_and_whom_one_would_rather_not_meet_are_never_wrong(hopes: str | None, avoid: list[str]) -> None:
    assert rules.problems(replace(RIGHT, hopes=hopes, avoid=avoid)) == {}


@given(
    st.builds(
        Answers,
        side=st.none() | st.sampled_from(Side),
        topics=st.lists(st.text(max_size=3), max_size=8),
        hopes=st.none(),
        languages=st.lists(st.just("en"), max_size=1),
        ways=st.lists(st.just("online"), max_size=1),
        avoid=st.just([]),
        has_consented=st.booleans(),
    )
)
def test_no_form_is_taken_without_consent_a_side_and_one_to_five_topics(answers: Answers) -> None:
    is_whole = answers.has_consented and answers.side is not None and 1 <= len(answers.topics) <= MOST_TOPICS
    is_whole = is_whole and bool(answers.languages) and bool(answers.ways)

    assert (rules.problems(answers) == {}) == is_whole


# Who may join

OPEN = make.programme(contact="U0NOOR")


def may_join(programme: Programme | None = OPEN, member: Member | None = None, who: str = "U0ANA") -> str | None:
    return rules.may_join(programme, member, make.person(who))


def test_anybody_may_join_an_open_programme() -> None:
    assert rules.may_join(make.programme(), None, make.person()) is None


def test_somebody_who_left_may_come_back() -> None:
    assert rules.may_join(make.programme(), make.member(state=MemberState.LEFT), make.person()) is None


@pytest.mark.parametrize("state", [MemberState.ACTIVE, MemberState.PAUSED])
def test_somebody_who_is_in_is_told_so(state: MemberState) -> None:
    assert str(rules.may_join(make.programme(), make.member(state=state), make.person())).startswith(
        "You're in already"
    )


def test_a_closed_programme_takes_nobody() -> None:
    assert "no longer takes new members" in str(
        rules.may_join(make.programme(closed_at=make.MONDAY), None, make.person())
    )


def test_without_a_programme_there_is_nothing_to_join() -> None:
    assert rules.may_join(None, None, make.person()) == rules.NO_PROGRAMME


def test_whom_people_turn_to_with_a_concern_can_not_be_anybodys_partner() -> None:
    assert "with a concern" in str(may_join(who="U0NOOR"))


# What they hear of their own acts


def test_joining_is_answered_at_once() -> None:
    [due] = rules.due(make.snapshot(places=(make.place(),)))

    assert (due.kind, due.at_once, due.is_notice, due.about) == ("joined", True, True, 11)


def test_each_change_of_the_answers_is_confirmed_once() -> None:
    first, second = (rules.due(make.snapshot(places=(make.place(revision=number),)))[0] for number in (1, 2))

    assert first.key != second.key


def test_leaving_is_confirmed_and_coming_back_is_greeted_anew() -> None:
    gone = make.place(state=MemberState.LEFT, state_since=make.MONDAY)
    back = make.place(revision=2)

    assert kinds(make.snapshot(places=(gone,))) == ["left"]
    assert kinds(make.snapshot(places=(back,))) == ["joined"]
    assert rules.due(make.snapshot(places=(gone,)))[0].key != rules.due(make.snapshot(places=(back,)))[0].key


# What they hear of their partner


def test_a_partner_hears_that_the_pair_has_ended() -> None:
    ended = make.partnership(ended_at=make.MONDAY + A_DAY, ended_by=2)

    [due] = rules.due(make.snapshot(ended))

    assert (due.kind, due.opens_at, due.at_once) == ("partner_left", make.MONDAY + A_DAY, False)


def test_who_left_hears_nothing_of_their_partner() -> None:
    ended = make.partnership(state=MemberState.LEFT, ended_at=make.MONDAY + A_DAY, ended_by=1)

    assert kinds(make.snapshot(ended)) == []


def test_two_who_were_never_introduced_hear_nothing_of_each_other() -> None:
    ended = make.partnership(introduced_at=None, ends_at=None, ended_at=make.MONDAY + A_DAY, ended_by=2)

    assert kinds(make.snapshot(ended)) == []


def test_a_pause_is_told_to_the_partner_once_for_each_pause() -> None:
    first, second = (
        make.partnership(partner_state=MemberState.PAUSED, partner_since=make.MONDAY + A_DAY * day) for day in (1, 9)
    )

    [one], [other] = rules.due(make.snapshot(first)), rules.due(make.snapshot(second))

    assert (one.kind, other.kind) == ("partner_paused", "partner_paused")
    assert one.key != other.key


def test_going_on_is_told_to_those_who_heard_of_the_pause() -> None:
    back = make.partnership(partner_since=make.MONDAY + A_DAY)
    heard = make.nudge("partner_paused", delivery_id=41)

    assert kinds(make.snapshot(back, nudges=(heard,))) == ["partner_resumed"]


def test_a_pause_that_ended_before_it_was_told_is_not_spoken_of() -> None:
    back = make.partnership(partner_since=make.MONDAY + A_DAY)

    assert kinds(make.snapshot(back)) == []


def test_after_their_months_are_over_a_partner_hears_nothing_of_a_pause() -> None:
    over = make.partnership(
        partner_state=MemberState.PAUSED,
        partner_since=make.at("2027-10-01 10:00"),
        ends_at=make.at("2027-09-01 09:00"),
    )

    dues = rules.due(make.snapshot(over))

    assert all(due.closes_at is not None and due.closes_at <= make.at("2027-10-01 10:00") for due in dues)


@given(
    state=st.sampled_from(MemberState),
    partner_state=st.sampled_from(MemberState),
    is_introduced=st.booleans(),
    ended_by=st.none() | st.sampled_from([1, 2]),
)
def test_of_one_pair_there_is_never_more_than_one_thing_to_hear(
    state: MemberState, partner_state: MemberState, is_introduced: bool, ended_by: int | None
) -> None:
    each = make.partnership(
        state=state,
        partner_state=partner_state,
        partner_since=make.MONDAY,
        introduced_at=make.MONDAY if is_introduced else None,
        ended_at=make.MONDAY if ended_by else None,
        ended_by=ended_by,
    )

    dues = rules.due(make.snapshot(each, nudges=(make.nudge("partner_paused", delivery_id=41),)))

    assert len(dues) <= 1
    assert not any(due.asks or due.at_once for due in dues)
