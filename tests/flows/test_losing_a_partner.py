"""Whoever loses a partner hears it in neutral words and is offered another."""

from datetime import timedelta

import pytest
from conftest import Town
from flows.absence import heard, leave, told
from flows.kept import records, the_place
from flows.telling import (
    AI,
    buttons,
    find_pairs,
    join,
    last,
    on,
    pair_up,
    pressing,
    publish,
    set_up,
    survive,
    texts,
    words,
)

from sandbox.faults import Point
from store import agenda, members, pairs, programmes
from store.models import MemberState


def test_whose_partner_left_is_first_in_line_with_one_button(town: Town) -> None:
    box = town(after=set_up)
    join(box, "ana", "Mentor", [AI])
    join(box, "oliver", "Mentee", [AI])
    publish(box)
    box.advance_to(on("2027-03-01", "10:00"))
    leave(box, "oliver")
    assert "You aren't looking for a partner just now." in words(box, box.open_home("ana"))
    join(box, "marcus", "Mentee", [AI])
    find_pairs(box)
    assert (box.modal("ruth") or {}).get("submit") is None, "nobody is put on the list without having said so"
    box.close("ruth")

    asked = heard(box, "ana")[-1]
    again = pressing(box, "ana", asked, "Find me a new partner")
    late = pressing(box, "ana", asked, "Find me a new partner")
    box.press("ana", "Find me a new partner")
    answer = "You're *first in line* for the next round of pairing; I'll write as soon as you have a partner."
    assert answer in words(box, heard(box, "ana")[-1])
    assert buttons(heard(box, "ana")[-1]) == []
    assert answer in words(box, box.home("ana"))
    assert box.send_payload(again).status == 200
    box.settle()
    assert words(box, heard(box, "ana")[-1]).count("first in line") == 2, "the offer, and the answer"

    publish(box)
    assert "first in line" not in words(box, box.home("ana"))
    assert box.send_payload(late).status == 200
    box.settle()
    assert "You have a partner already." in words(box, heard(box, "ana")[-1])
    box.advance_to(on("2027-03-02", "18:00"))
    assert len(box.group("ana", "marcus")) == 1
    with records(box) as db:
        mine, _ = the_place(db, box, "ana")
        assert (mine.wants_partner, mine.is_first_in_line) == (True, False), "it counts for one round"


def test_not_now_is_an_answer_and_the_home_keeps_the_offer(town: Town) -> None:
    box = town(after=pair_up)
    leave(box, "oliver")

    box.press("ana", "Not now")

    assert "say so on the Home tab" in words(box, heard(box, "ana")[-1])
    assert "You aren't looking for a partner just now." in words(box, box.open_home("ana"))
    box.advance(timedelta(days=30))
    assert len(heard(box, "ana")) == 2, "nobody is asked again"
    box.press("ana", "Find me a new partner", where="home")
    assert "first in line" in words(box, box.modal("ana")), "a press on the Home is answered in a modal"
    box.close("ana")
    assert "first in line" in words(box, box.home("ana"))
    assert "Find me a new partner" not in buttons(box.home("ana"))


def test_an_offer_pressed_after_leaving_is_answered_with_the_way_back(town: Town) -> None:
    box = town(after=pair_up)
    leave(box, "oliver")
    seeks = pressing(box, "ana", heard(box, "ana")[-1], "Find me a new partner")
    declines = pressing(box, "ana", heard(box, "ana")[-1], "Not now")
    strange = pressing(box, "ana", heard(box, "ana")[-1], "Not now", value="999999")

    box.press("ana", "Leave the programme")
    box.press("ana", "Leave the programme")
    assert last(heard(box, "ana")).startswith("You have left")
    for press in (seeks, declines):
        assert box.send_payload(press).status == 200
        box.settle()
        assert last(box.ephemerals("ana")) == "You have left *Look Up* since. You are welcome to join again."
    assert box.send_payload(strange).status == 200
    box.settle()

    with records(box) as db:
        assert the_place(db, box, "ana")[0].state is MemberState.LEFT
    box.press("ana", "Join")
    assert (box.modal("ana") or {})["title"]["text"] == "Join, 1 of 3"


def test_when_a_coordinator_ends_a_pair_both_hear_the_same(town: Town) -> None:
    box = town(after=pair_up)

    with records(box) as db:
        [pair] = pairs.live(db, box.team_id, box.now)
        touched = members.end_pair(db, pair, box.now, ended_by=None)
        agenda.touch(db, box.team_id, touched, box.now)
    box.advance(timedelta(days=1))

    assert (told(box, "ana", "oliver"), told(box, "oliver", "ana")) == (["ended"], ["ended"])
    assert buttons(heard(box, "oliver")[-1])[0] == "Find me a new partner"


def test_in_a_programme_that_has_ended_there_is_no_offer_and_an_old_one_says_so(town: Town) -> None:
    box = town(after=pair_up)
    leave(box, "oliver")
    with records(box) as db:
        programmes.get(db, the_place(db, box, "ana")[1].id).closed_at = box.now

    box.press("ana", "Find me a new partner")

    assert "That programme has ended" in words(box, heard(box, "ana")[-1])
    with records(box) as db:
        assert not the_place(db, box, "ana")[0].wants_partner


def test_after_their_months_people_wait_for_nobody_until_they_say_so(town: Town) -> None:
    """With the button of their Home, or by leaving and joining anew."""
    box = town(after=pair_up)
    box.advance(timedelta(days=200))

    box.open_home("ana")
    assert "on the list" not in words(box, box.home("ana"))
    box.press("ana", "Find me a new partner", where="home")
    assert "You're on the list for the next round" in words(box, box.modal("ana"))
    box.close("ana")
    assert "on the list" in words(box, box.home("ana"))
    leave(box, "oliver")
    join(box, "oliver", "Mentee", [AI])

    assert "You have joined" in last(heard(box, "oliver"))
    box.open_home("oliver")
    assert "on the list" in words(box, box.home("oliver"))
    assert told(box, "ana", "oliver") == [], "their pair was over; nothing ended"


@pytest.mark.parametrize("point", ["before_storing", "after_storing", "after_answering"])
def test_a_partner_hears_it_once_although_the_bot_is_killed_while_it_says_so(town: Town, point: Point) -> None:
    box = town(after=pair_up)
    box.command("oliver", "/flipside leave")
    box.fail_next("chat.postMessage", 429, retry_after=20)  # nothing is sent yet

    box.press("oliver", "Leave the programme")
    survive(box, point, lambda: box.advance(timedelta(seconds=30)))
    box.advance(timedelta(days=1))

    assert sum("You have left" in text for text in texts(heard(box, "oliver"))) == 1
    assert told(box, "ana", "oliver") == ["ended"]
