"""Whether somebody is in at once, later or not, and what becomes of forms that come twice or too late."""

from datetime import timedelta

from conftest import MONDAY, Town
from flows.forms import ABOUT, AGREED, close_all, filled
from flows.kept import decided, leaves, person, places, records
from flows.telling import AI, DATA, REMOTE, begin, buttons, change, join, last, on, sending, set_up, texts, words

from sandbox import Sandbox
from sandbox.records import Json
from store import agenda, members
from store.models import MemberState, Side

# When, and whether at once


def test_before_it_opens_and_after_it_closed_people_are_told_when(box: Sandbox) -> None:
    set_up(box)
    decided(box, signup_from=on("2027-03-10", "09:00"), signup_until=on("2027-03-20"))

    box.command("ana", "/flipside join")
    assert last(box.ephemerals("ana")) == "You can't join just yet: sign-up opens on Wednesday, 10 March."
    assert "sign-up opens on Wednesday, 10 March" in words(box, box.open_home("ana"))
    assert buttons(box.home("ana")) == []

    box.advance_to(on("2027-03-11"))
    join(box, "ana", "Mentor", [AI])

    box.advance_to(on("2027-03-21"))
    box.command("bea", "/flipside join")
    assert last(box.ephemerals("bea")) == "Sign-up closed on Friday, 19 March."
    change(box, "ana", offers=[DATA])
    assert places(box, "ana")[0].topics == ["data"], "who is in may still change their answers"


def test_where_a_yes_is_needed_people_have_asked_to_join_until_it_is_given(box: Sandbox) -> None:
    set_up(box)
    decided(box, needs_approval=True)

    join(box, "ana", "Mentor", [AI])

    assert "You have asked to join *Look Up* as a mentor." in last(box.dm("ana"))
    assert places(box, "ana")[0].state is MemberState.APPLIED
    assert "You have asked to join *Look Up* as a mentor" in words(box, box.open_home("ana"))
    assert buttons(box.home("ana")) == ["Change my answers", "When I may write to you", "What is stored", "Leave"]
    box.command("ana", "/flipside join")
    assert last(box.ephemerals("ana")).startswith("You have asked to join already.")

    change(box, "ana", offers=[DATA])
    assert "Your answers in *Look Up* are changed." in last(box.dm("ana"))
    assert "look at each sign-up themselves" in last(box.dm("ana"))
    assert (places(box, "ana")[0].state, places(box, "ana")[0].topics) == (MemberState.APPLIED, ["data"])


def test_who_is_let_in_by_others_hears_it_in_working_hours(town: Town) -> None:
    box = town(after=set_up)
    decided(box, needs_approval=True)
    join(box, "ana", "Both", [AI], wishes=[DATA])
    box.advance_to(on("2027-03-01", "22:00"))
    heard = len(box.dm("ana"))

    ana = person(box, "ana").id
    with records(box) as db:
        for member, _ in members.of_person(db, ana):
            members.admit(member, box.now)
        agenda.touch(db, box.team_id, [ana], box.now)
    box.advance(timedelta(hours=1))

    assert len(box.dm("ana")) == heard, "not at night"
    box.advance_to(on("2027-03-02", "10:00"))
    [told] = texts(box.dm("ana"))[heard:]
    assert told.startswith("You are in: there is a place for you in *Look Up* as a mentor and a mentee.")


def test_who_is_turned_down_hears_it_kindly_and_may_ask_again(town: Town) -> None:
    box = town(after=set_up)
    decided(box, needs_approval=True)
    join(box, "ana", "Mentor", [AI])
    box.command("ana", "/flipside profile")
    box.submit("ana")
    close_all(box, "ana")

    ana = person(box, "ana").id
    with records(box) as db:
        [(member, _)] = members.of_person(db, ana)
        member.state, member.state_since, member.changed_at = MemberState.DECLINED, box.now, box.now
        member.revision += 1
        agenda.touch(db, box.team_id, [member.person_id], box.now)
    box.advance(timedelta(hours=2))

    assert begin(box, box.dm("ana")[1:], ["The people who run *Look Up* could not take your sign-up this time."]) == [
        "The people who run *Look Up* could not take your sign-up this time."
    ]
    assert "@noor" in words(box, box.dm("ana")[-1])
    join(box, "ana", "Mentor", [DATA])  # who asks again is asked again for their consent
    assert "You have asked to join *Look Up*" in last(box.dm("ana"))
    assert places(box, "ana")[0].consented_at > MONDAY + timedelta(hours=2)
    assert [member.state for member in places(box, "ana")] == [MemberState.APPLIED]


def test_where_all_places_are_taken_people_wait_in_a_list_and_know_their_place(box: Sandbox) -> None:
    set_up(box)
    decided(box, places=1)
    join(box, "ana", "Both", [AI], wishes=[DATA])
    join(box, "bea", "Mentor", [AI])
    join(box, "oliver", "Both", [DATA], wishes=[AI])

    assert "on the waiting list of *Look Up* as a mentor, at number 1" in last(box.dm("bea"))
    assert "on the waiting list of *Look Up* as a mentor and a mentee, at number 2" in last(box.dm("oliver"))
    assert "*number 2* on its waiting list" in words(box, box.open_home("oliver"))
    assert {member.state for member in places(box, "oliver")} == {MemberState.QUEUED}
    change(box, "oliver", sides="Mentee")
    assert "*number 2*" in words(box, box.home("oliver")), "who changes their answers keeps their place"
    change(box, "oliver", sides="Both", offers=[REMOTE])
    assert "*number 2*" in words(box, box.home("oliver"))

    leaves(box, "ana")
    assert "You are in: there is a place for you in *Look Up* as a mentor." in last(box.dm("bea"))
    assert "*number 1*" in words(box, box.open_home("oliver"))
    leaves(box, "bea")
    assert "You are in: there is a place for you in *Look Up* as a mentor and a mentee." in last(box.dm("oliver"))
    assert {member.state for member in places(box, "oliver")} == {MemberState.ACTIVE}


# Twice, and too late


def test_joining_twice_is_answered_and_changes_nothing(box: Sandbox) -> None:
    set_up(box)
    join(box, "ana", "Mentor", [AI])

    box.command("ana", "/flipside join")

    assert last(box.ephemerals("ana")).startswith("You're in already.")
    assert box.modal("ana") is None
    box.press("ana", "Join", where=box.messages("#announcements")[0])
    assert last(box.ephemerals("ana")).startswith("You're in already.")
    assert len(places(box, "ana")) == 1


def last_page(box: Sandbox, who: str, side: str = "Mentor", topic: str = AI) -> Json:
    """Somebody has filled in all pages; the request of sending the last."""
    box.command(who, "/flipside join")
    assert box.submit(who, ABOUT | {"sides": side}) == {}
    assert box.submit(who, {"wishes" if side == "Mentee" else "offers": [topic]}) == {}
    return sending(box, who, AGREED)


def test_the_last_page_sent_twice_is_one_sign_up(box: Sandbox) -> None:
    set_up(box)
    form = last_page(box, "ana")

    answers = [box.send_payload(form) for _ in range(2)]
    box.settle()

    assert [answer.json() for answer in answers] == [{"response_action": "clear"}] * 2
    assert len(places(box, "ana")) == len(box.dm("ana")) == 1
    assert places(box, "ana")[0].revision == 1


def test_of_two_open_forms_the_first_counts_and_the_other_is_told_so(town: Town) -> None:
    box = town(after=set_up)
    on_the_phone = last_page(box, "ana", "Mentee", DATA)
    close_all(box, "ana")
    at_the_desk = last_page(box, "ana")
    assert box.send_payload(at_the_desk).json() == {"response_action": "clear"}

    late = box.send_payload(on_the_phone).json()
    box.settle()

    assert late["errors"] == {"manager": "You're in already. You can change your answers with *Change my answers*."}
    [member] = places(box, "ana")
    assert (member.side, member.topics) == (Side.MENTOR, ["ai_tools"])


def test_two_forms_that_are_filled_in_by_turns_never_mix_the_sides(town: Town) -> None:
    box = town(after=set_up)
    box.command("ana", "/flipside join")
    box.submit("ana", ABOUT)
    as_mentor = sending(box, "ana", {"offers": [AI]})
    close_all(box, "ana")
    box.command("ana", "/flipside join")
    box.submit("ana", ABOUT | {"sides": "Mentee"})

    answer = box.send_payload(as_mentor).json()

    assert answer["response_action"] == "push"
    close_all(box, "ana")
    box.command("ana", "/flipside join")
    assert filled(box, "ana", "sides") == "Mentor", "what was sent last counts"


def test_a_form_sent_for_a_programme_that_has_ended_stores_nothing(town: Town) -> None:
    box = town(after=set_up)
    form = last_page(box, "ana")
    decided(box, closed_at=box.now)

    answer = box.send_payload(form).json()

    assert answer["errors"] == {"manager": "This programme no longer takes new members."}
    assert places(box, "ana") == []


def test_a_form_sent_after_sign_up_closed_is_told_so_on_any_page(town: Town) -> None:
    box = town(after=set_up)
    box.command("ana", "/flipside join")
    decided(box, signup_until=box.now)

    assert box.submit("ana", ABOUT) == {"I'd like to join as": "Sign-up closed on Monday, 1 March."}


def test_a_form_sent_when_it_came_to_need_a_yes_or_was_full_meanwhile_goes_there(town: Town) -> None:
    box = town(after=set_up)
    ana, bea = last_page(box, "ana"), last_page(box, "bea")
    decided(box, needs_approval=True)
    box.send_payload(ana)
    decided(box, needs_approval=False, places=0)
    box.send_payload(bea)
    box.settle()

    assert [places(box, who)[0].state for who in ("ana", "bea")] == [MemberState.APPLIED, MemberState.QUEUED]
    assert "You have asked to join" in last(box.dm("ana"))
    assert "on the waiting list" in last(box.dm("bea"))
