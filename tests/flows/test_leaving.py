"""People leave, and accounts are closed: what was told is forgotten, and nobody is asked for anything any more."""

from datetime import timedelta

import pytest
from conftest import Town, both
from flows.absence import heard, leave, told
from flows.kept import records, the_person, the_place
from flows.telling import AI, DATA, book, buttons, join, last, on, pair_up, pressing, publish, set_up, texts, words

from store import drafts, members
from store.models import Member, MemberState, Side

# Leaving


@both
def test_who_leaves_a_pair_gives_no_reason_and_the_partner_hears_a_neutral_word(town: Town, kind: str) -> None:
    box = town(kind, after=pair_up)

    leave(box, "oliver")

    assert "You have left *Look Up*" in last(heard(box, "oliver"))
    box.advance(timedelta(days=1))
    assert told(box, "ana", "oliver") == ["ended"]
    said = last(heard(box, "ana"))
    assert not any(word in said for word in ("left", "because", "reason was"))
    assert buttons(heard(box, "ana")[-1]) == [
        "Find me a new partner",
        "Not now",
        "Leave the programme",
        "Keep a copy of my notes",
    ]
    box.advance(timedelta(days=60))
    assert (len(heard(box, "oliver")), len(heard(box, "ana"))) == (2, 2), "nothing is due after that"


def test_leaving_twice_is_answered_and_changes_nothing(town: Town) -> None:
    box = town(after=pair_up)
    box.command("oliver", "/flipside leave")
    sure = box.ephemerals("oliver")[-1]
    first, again = (pressing(box, "oliver", sure, "Leave the programme") for _ in range(2))

    assert [box.send_payload(first).status, box.send_payload(again).status] == [200, 200]
    box.settle()
    box.command("oliver", "/flipside leave")

    assert last(box.ephemerals("oliver")) == ("You aren't in a programme just now. You can join with the word *join*.")
    box.advance(timedelta(days=1))
    assert sum("You have left" in text for text in texts(heard(box, "oliver"))) == 1
    assert told(box, "ana", "oliver") == ["ended"]


def test_somebody_paused_can_leave_and_the_pause_is_heard_of_no_more(town: Town) -> None:
    box = town(after=pair_up)
    box.command("oliver", "/flipside pause 2027-03-20")

    leave(box, "oliver")
    box.advance_to(on("2027-04-10"))

    assert told(box, "ana", "oliver") == ["paused", "ended"]
    assert told(box, "oliver", "ana") == []
    assert "You have left *Look Up*" in last(heard(box, "oliver"))


@pytest.mark.parametrize("state", [MemberState.APPLIED, MemberState.QUEUED])
def test_who_waits_to_be_let_in_sees_where_they_stand_can_not_pause_and_can_leave(
    town: Town, state: MemberState
) -> None:
    box = town(after=set_up)
    join(box, "ana", "Mentor", [AI])
    join(box, "bea", "Mentor", [AI])
    with records(box) as db:
        for who in ("ana", "bea"):
            the_place(db, box, who)[0].state = state
    says = {MemberState.APPLIED: "You have asked to join *Look Up*", MemberState.QUEUED: "You're *number 2*"}

    assert says[state] in words(box, box.open_home("bea"))
    assert buttons(box.home("bea")) == ["Change my answers", "When I may write to you", "What is stored", "Leave"]
    box.command("bea", "/flipside pause")
    box.command("bea", "/flipside resume")
    assert [text[:22] for text in texts(box.ephemerals("bea"))[-2:]] == ["You aren't in yet, so "] * 2

    leave(box, "ana")
    leave(box, "bea")
    with records(box) as db:
        mine, programme = the_place(db, box, "bea")
        assert mine.state is MemberState.LEFT
        assert [*members.applied(db, programme.id), *members.queued(db, programme.id)] == []
    assert "You have left *Look Up*" in last(heard(box, "bea"))


def test_what_was_told_in_confidence_is_forgotten_when_somebody_leaves(town: Town) -> None:
    box = town(after=set_up)
    join(box, "ana", "Mentor", [AI], hopes="TOBESEEN")
    with records(box) as db:
        drafts.keep(db, the_place(db, box, "ana")[1], the_person(db, box, "ana"), {"hopes": "HALFSAID"}, box.now)
    box.command("ana", "/flipside mydata")
    assert "TOBESEEN" in words(box, box.modal("ana"))
    box.close("ana")

    leave(box, "ana")

    box.command("ana", "/flipside mydata")
    assert "TOBESEEN" not in words(box, box.modal("ana"))
    with records(box) as db:
        mine, _ = the_place(db, box, "ana")
        assert (mine.hopes, mine.avoid, mine.networks) == (None, None, None)
        assert drafts.of_person(db, mine.person_id) == []


def test_somebody_in_two_programmes_is_asked_which_one_they_leave(town: Town) -> None:
    box = town(after=pair_up)
    set_up(box, Name="Second Look")
    join(box, "ana", "Mentor", [AI])
    home = words(box, box.open_home("ana"))
    assert "You take part in *Look Up* as a mentor.\nYou take part in *Second Look* as a mentor. You're on" in home

    box.command("ana", "/flipside leave")
    assert buttons(box.ephemerals("ana")[-1]) == ["Look Up", "Second Look"]
    box.press("ana", "Second Look")
    assert last(box.ephemerals("ana")).startswith("Leave *Second Look*?")
    box.press("ana", "Leave the programme")

    assert last(heard(box, "ana")).startswith("You have left *Second Look*")
    box.advance(timedelta(days=1))
    assert told(box, "oliver", "ana") == [], "the pair in the other programme lives on"
    assert "You take part in *Second Look*" not in words(box, box.home("ana"))

    box.press("ana", "Second Look", where=box.ephemerals("ana")[0])
    assert last(box.ephemerals("ana")).startswith("You aren't in that programme any more")
    leave(box, "ana")
    assert last(heard(box, "ana")).startswith("You have left *Look Up*"), "where there is one, nobody is asked which"


def test_who_leaves_leaves_both_sides_and_hears_it_once(town: Town) -> None:
    box = town(after=pair_up)
    with records(box) as db:
        mine, programme = the_place(db, box, "ana")
        facts = {"topics": [], "languages": ["en"], "ways": ["online"], "consent": "2026-11"}
        times = dict.fromkeys(("joined_at", "changed_at", "consented_at"), mine.joined_at)
        scope = {"workspace_id": box.team_id, "programme_id": programme.id, "person_id": mine.person_id}
        db.add(Member(side=Side.MENTEE, **scope, **facts, **times))
    box.advance(timedelta(minutes=1))

    leave(box, "ana")

    with records(box) as db:
        both = members.in_programme(db, programme.id, mine.person_id)
        assert [each.state for each in both] == [MemberState.LEFT, MemberState.LEFT]
    assert sum("You have left" in text for text in texts(heard(box, "ana"))) == 1


# Being gone


def test_a_partner_whose_account_is_closed_has_left_and_is_told_nothing(town: Town, kind: str) -> None:
    box = town(kind, after=pair_up, expects_errors=True)  # Slack may refuse a message before the bot knows
    book(box, "oliver", "2027-03-11", "15:00")
    box.open_home("oliver")
    said = len(heard(box, "oliver"))

    box.deactivate("oliver")
    box.advance_to(on("2027-03-09", "12:00"))

    assert told(box, "ana", "oliver") == ["ended"]
    assert len(heard(box, "oliver")) == said
    assert "You aren't looking for a partner just now." in words(box, box.open_home("ana"))
    assert "@oliver" not in words(box, box.open_home("ruth"))


def test_whose_account_comes_back_weeks_later_is_not_told_then_that_they_left(town: Town) -> None:
    box = town(expects_errors=True, after=pair_up)
    said = len(heard(box, "oliver"))
    box.deactivate("oliver")
    box.advance_to(on("2027-04-12", "12:00"))
    assert told(box, "ana", "oliver") == ["ended"]

    box.people[box.find("oliver")].deleted = False
    home = words(box, box.open_home("oliver"))
    box.advance(timedelta(days=3))

    assert "*Look Up* is open." in home, "they may join anew"
    assert len(heard(box, "oliver")) == said


def test_an_introduction_to_somebody_who_is_gone_is_given_up_and_the_other_goes_on_waiting(town: Town) -> None:
    box = town(after=set_up)
    join(box, "jamal", "Mentor", [DATA])
    join(box, "isabel", "Mentee", [DATA])
    publish(box)
    assert box.group("jamal", "isabel") == [], "it is night where he lives"

    box.deactivate("jamal")
    with records(box) as db:  # as the company's directory says it, before anything was sent
        members.gone(db, the_person(db, box, "jamal"), box.now)
    box.advance(timedelta(days=2))

    assert box.group("jamal", "isabel") == []
    assert len(heard(box, "isabel")) == 1, "she never heard of him"
    assert "You're *first in line* for the next round of pairing" in words(box, box.open_home("isabel"))
    join(box, "cem", "Mentor", [DATA])
    publish(box)
    box.advance(timedelta(hours=8))
    assert len(box.group("cem", "isabel")) == 1


def test_what_somebody_gone_asked_for_is_nobodys_work_any_more_and_no_home_breaks(town: Town) -> None:
    box = town(after=set_up)
    join(box, "ana", "Mentor", [AI])
    box.open_home("ruth")
    box.open_home("ana")
    with records(box) as db:
        mine, programme = the_place(db, box, "ana")
        mine.state = MemberState.QUEUED
        drafts.keep(db, programme, the_person(db, box, "ana"), {"hopes": "HALFSAID"}, box.now)
    with records(box) as db:
        members.gone(db, the_person(db, box, "ana"), box.now)
        members.gone(db, the_person(db, box, "noor"), box.now)
    box.advance(timedelta(minutes=1))

    with records(box) as db:
        assert list(members.queued(db, programme.id)) == []
        assert drafts.of_person(db, mine.person_id) == []
    home = words(box, box.home("ruth"))
    assert "@noor, whom people turn to with a concern in *Look Up*, no longer has an account here." in home
    assert "Something went wrong" not in home
    assert "no longer has an account" not in words(box, box.open_home("bea")), "that is for coordinators to see"
