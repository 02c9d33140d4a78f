"""The forms of a programme are read back as they were filled in; nothing here tells more than it may."""

import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import limits
import make
from hypothesis import given
from hypothesis import strategies as st

from bot.programme import blocks, rules
from bot.programme.rules import Answers
from store.models import Cadence, Focus, MemberState, Person, Programme
from store.snapshots import Place

LISBON = ZoneInfo(make.LISBON)
RUTH = make.person("U0RUTH", id=9)
TERMS: dict[str, Any] = {
    "name": st.none() | st.text(min_size=1, max_size=60),
    "objective": st.none() | st.text(min_size=1, max_size=100),
    "contact": st.sampled_from([None, "U0NOOR"]),
    "approval": st.sampled_from(["open", "approval"]),
    "places": st.none() | st.integers(0, 99_999).map(str),
    "focus": st.sampled_from(Focus),
    "opens": st.none() | st.dates().map(lambda day: day.isoformat()),
    "closes": st.none() | st.dates().map(lambda day: day.isoformat()),
}
ANSWERS = {
    **TERMS,
    "cadence": st.sampled_from([each.value for each in Cadence]),
    "channel": st.sampled_from([None, "C0ANNOUNCE"]),
    "months": st.sampled_from(["3", "6", "12", "ongoing"]),
}


def meant(answers: dict[str, Any]) -> Answers:
    return Answers(
        name=(answers["name"] or "").strip() or None,
        objective=(answers["objective"] or "").strip() or None,
        contact=answers["contact"],
        needs_approval=answers["approval"] == "approval",
        places=answers["places"],
        opens=answers["opens"],
        closes=answers["closes"],
        channel=answers.get("channel"),
        cadence=Cadence(answers.get("cadence", "monthly")),
        months=None if answers.get("months", "ongoing") == "ongoing" else int(answers["months"]),
        is_ongoing=answers.get("months") == "ongoing",
        focus=answers["focus"],
    )


@given(st.fixed_dictionaries(ANSWERS))
def test_what_is_filled_in_is_what_is_read(answers: dict[str, Any]) -> None:
    assert blocks.read(limits.filled(blocks.form(LISBON), answers)) == meant(answers)


def test_six_months_open_to_all_are_proposed() -> None:
    proposed = blocks.read(limits.filled(blocks.form(LISBON), {}))

    assert proposed == Answers(name=None, objective=None, contact=None, months=6)


def change_form(programme: Programme, runner: Person = RUTH, viewer: Person = RUTH) -> dict[str, Any]:
    return blocks.change_form(programme, runner, viewer, make.MONDAY)


programmes = st.builds(
    make.programme,
    name=st.text(min_size=1, max_size=60).map(str.strip).filter(bool),
    needs_approval=st.booleans(),
    focus=st.sampled_from(Focus),
    places=st.none() | st.integers(2, 10_000),
    signup_from=st.none() | make.moments("2027-01-01", "2028-01-01"),
    signup_until=st.none() | make.moments("2028-01-02", "2028-06-01"),
)


@given(programmes, st.sampled_from(["Europe/Lisbon", "Asia/Kolkata", "America/New_York"]))
def test_a_form_that_is_sent_as_it_was_opened_changes_nothing(programme: Programme, zone: str) -> None:
    viewer = make.person(id=9, zone=zone)

    answers = blocks.read(limits.filled(change_form(programme, viewer=viewer), {}))

    assert rules.problems(answers, ZoneInfo(zone), make.MONDAY, programme) == {}
    assert rules.terms(answers, ZoneInfo(zone), programme) == rules.terms_of(programme)


@given(st.fixed_dictionaries(TERMS))
def test_what_is_changed_is_what_is_read(answers: dict[str, Any]) -> None:
    programme = make.programme()
    given_in = {name: value for name, value in answers.items() if value is not None}

    read = blocks.read(limits.filled(change_form(programme), given_in))

    kept = {"name": programme.name, "objective": programme.objective, "contact": programme.contact}
    assert read == meant({**answers, **kept, **given_in})


def test_the_form_carries_what_was_seen_and_offers_only_what_can_be_done() -> None:
    closed = make.programme(signup_until=make.MONDAY - timedelta(days=1))
    noor = make.person("U0NOOR", id=8)

    assert blocks.changing(change_form(closed)["private_metadata"]) == (3, rules.seen(closed))
    assert list(limits.action_ids(change_form(closed)["blocks"])) == ["programme.end"]
    assert list(limits.action_ids(change_form(make.programme(), viewer=noor)["blocks"])) == [
        "programme.take_over",
        "programme.close_signup",
        "programme.end",
    ]
    assert "go to <@U0RUTH>" in json.dumps(change_form(closed))


def test_what_cannot_be_undone_asks_once_more() -> None:
    elements = {each["action_id"]: each for each in limits.elements(change_form(make.programme())["blocks"])}

    assert "can't be opened again" in elements["programme.end"]["confirm"]["text"]["text"]
    assert "confirm" in elements["programme.close_signup"]


def test_a_change_says_what_the_form_does_not() -> None:
    assert blocks.news(make.programme(places=3), 3, let_in=0, queued=0) == []
    assert blocks.news(make.programme(places=3), 5, let_in=1, queued=2) == [
        "1 person got a place just now and will hear of it.",
        "2 people wait for a place.",
        "5 people take part, 2 more than there are places. Nobody has to leave.",
    ]


# The announcement


def test_the_opening_says_what_it_is_for_and_has_a_button_to_join_this_programme() -> None:
    message = blocks.opening(make.programme(id=3), make.words())

    assert "Leaders learn how work is changing." in message.text
    assert "<@U0NOOR>" in message.text
    assert "Sign-up" not in message.text
    assert "says yes or no" not in message.text
    [button] = limits.elements(message.blocks)
    assert (button["action_id"], button["value"]) == ("go.join", "3")


def test_the_opening_says_when_sign_up_begins_and_ends_and_that_somebody_looks_at_requests() -> None:
    opens, closes = make.at("2027-03-08 00:00"), make.at("2027-03-19 23:59")
    programme = make.programme(needs_approval=True, signup_from=opens, signup_until=closes)

    text = blocks.opening(programme, make.words()).text

    assert "somebody who runs the programme looks at it and says yes or no" in text
    assert f"Sign-up opens: <!date^{int(opens.timestamp())}^" in text
    assert f"Sign-up closes: <!date^{int(closes.timestamp())}^" in text


def test_whoever_waited_when_a_programme_ends_reads_that_it_is_no_fault_of_theirs() -> None:
    def said(state: MemberState) -> str:
        place = Place(make.member(state=state), make.programme(closed_at=make.MONDAY))
        return blocks.programme_ended(make.telling("x", snapshot=make.snapshot(places=(place,)), about=3)).text

    assert "I can't give you a place" in said(MemberState.APPLIED)
    assert said(MemberState.QUEUED) == said(MemberState.APPLIED)
    assert "can't find you a partner" in said(MemberState.ACTIVE)
