"""Requests to join, places and proposed topics: coordinators decide once, and everybody hears what became of theirs."""

import re
from datetime import timedelta

from conftest import Town, both
from flows.absence import leave
from flows.coordinating import BY_APPROVAL, buttons_about, change, of_ruth, told
from flows.telling import AI, DATA, buttons, everything_told, join, last, on, pressing, publish, set_up, texts, words

from sandbox import Sandbox
from sandbox.records import Json, Message

QUARTER = timedelta(minutes=16)


def requests(box: Sandbox, who: str = "ruth") -> list[Message]:
    """The messages in which a coordinator is asked to decide."""
    return [message for message in box.dm(who) if message.text.startswith("Something in *")]


# Approval


def test_a_coordinator_lets_people_in_from_a_message(box: Sandbox) -> None:
    set_up(box, **BY_APPROVAL)
    box.advance_to(on("2027-03-01", "10:01"))
    join(box, "ana", "Mentor", [AI], hopes="To be HEARDBYSOMEONE for once.", avoid=["priya"])
    join(box, "oliver", "Mentee", [AI, DATA])
    assert told(box, "ana").startswith("You have asked to join *Look Up*")
    assert requests(box) == [], "the quarter of an hour is not over"
    assert "Members: 0" in of_ruth(box)
    assert "to decide: 2" in of_ruth(box)

    box.advance(QUARTER)
    [asked] = requests(box)
    said = words(box, asked)
    assert f"@ana (Engineering) would like to join as a mentor.\nOffers: {AI}" in said
    assert f"@oliver (Finance) would like to join as a mentee.\nWould like to learn: {AI}, {DATA}" in said
    assert buttons(asked) == ["Let them in", "Not this time"] * 2
    assert "HEARDBYSOMEONE" not in everything_told(box, but="ana")
    assert requests(box, "noor") == [], "it goes to the one who runs it"

    box.press("ruth", "Let them in", value=buttons_about(box, "ana", asked))
    assert told(box, "ana").startswith("You are in: there is a place for you in *Look Up* as a mentor.")
    [answered] = requests(box)
    assert "@ana is in and will hear of it." in words(box, answered)
    assert buttons(answered) == ["Let them in", "Not this time"], "Oliver's are still there"
    box.press("ruth", "Not this time")
    assert "@oliver hears that it isn't possible this time." in words(box, requests(box)[0])
    assert told(box, "oliver").startswith("The people who run *Look Up* could not take your sign-up this time.")
    assert "Members: 1 · pairs: 0, of them met: 0 · waiting: 1" in of_ruth(box)
    assert "to decide" not in of_ruth(box)
    box.advance(timedelta(days=3))
    assert len(requests(box)) == 1, "nobody is told of twice"


def test_a_request_that_was_decided_elsewhere_or_taken_back_is_answered_and_changes_nothing(town: Town) -> None:
    box = town()
    set_up(box, **BY_APPROVAL)
    for who in ("ana", "bea", "cem"):
        join(box, who, "Mentor", [AI])
    box.advance_to(on("2027-03-01", "10:00"))
    [asked] = requests(box)
    late = {
        who: pressing(box, "ruth", asked, "Let them in", value=buttons_about(box, who, asked))
        for who in ("ana", "bea", "cem")
    }

    # Noor, another coordinator, decides on her Home; Cem takes it back.
    noor = box.open_home("noor")
    box.press("noor", "Let them in", where="home", value=buttons_about(box, "ana", noor))
    box.press("noor", "Not this time", where="home", value=buttons_about(box, "bea", noor))
    assert box.modal("noor") is None, "the Home itself shows what was done"
    assert "@ana would like" not in words(box, box.home("noor"))
    box.command("cem", "/flipside leave")
    box.press("cem", "Leave the programme")
    heard = {who: texts(box.dm(who)) for who in late}

    answers = [words(box, requests(box)[0]) for event in late.values() if press_late(box, event)]
    assert "@ana is in already. Nothing was done twice." in answers[0]
    assert "Somebody has decided already that it isn't possible for @bea this time." in answers[1]
    assert "@cem has taken the request back. Nothing was changed." in answers[2]
    assert {who: texts(box.dm(who)) for who in late} == heard
    assert "Members: 1" in of_ruth(box)


def press_late(box: Sandbox, press: Json) -> bool:
    """Brings a press that was made before, or by hand."""
    is_taken = box.send_payload(press).is_ok
    box.settle()
    return is_taken


def test_nobody_decides_about_themselves_nor_without_being_a_coordinator(town: Town) -> None:
    box = town()
    set_up(box, **BY_APPROVAL | {"Contact for concerns": "grace"})
    join(box, "ruth", "Mentor", [AI])
    join(box, "ana", "Mentor", [AI])
    box.advance_to(on("2027-03-01", "10:00"))
    [asked] = requests(box)
    assert "This is you: somebody else who runs programmes decides it." in words(box, asked)
    assert buttons(asked) == ["Let them in", "Not this time"], "those about Ana"
    about_ana = buttons_about(box, "ana", asked)
    about_ruth = f"{about_ana.partition(':')[0]}:{buttons_about(box, 'ruth', box.open_home('noor')).partition(':')[2]}"

    forged = pressing(box, "ruth", asked, "Let them in", value=about_ruth)
    press_late(box, forged)
    assert last(box.ephemerals("ruth")).startswith("Nobody decides about themselves.")
    press_late(box, pressing(box, "bea", asked, "Let them in"))
    assert "Members: 0 · pairs: 0, of them met: 0 · waiting: 0 · to decide: 2" in of_ruth(box)

    box.press("noor", "Let them in", where="home", value=about_ruth)
    assert told(box, "ruth").startswith("You are in")


def test_what_comes_in_at_night_is_one_message_in_the_morning_and_its_number_is_kept_small(town: Town) -> None:
    box = town()
    set_up(box, **BY_APPROVAL)
    box.advance_to(on("2027-03-01", "18:00"))
    everyone = ["ana", "bea", "cem", "dana", "esi", "farid", "gita", "hugo", "ines", "jamal", "kavya", "leila"]
    for who in everyone:
        join(box, who, "Mentor", [AI])
        box.advance(timedelta(minutes=20))
    assert requests(box) == []

    box.advance_to(on("2027-03-02", "09:01"))
    [asked] = requests(box)
    assert buttons(asked) == ["Let them in", "Not this time"] * 10 + ["See all"]
    assert "… and 2 more; they are on your Home, too." in words(box, asked)
    box.press("ruth", "See all")
    assert all(f"@{who} " in words(box, box.modal("ruth")) for who in everyone)
    box.press("ruth", "Let them in")
    assert "@ana is in and will hear of it." in words(box, box.modal("ruth"))
    assert "Members: 1" in words(box, box.modal("ruth")), "the list is drawn anew"
    assert buttons(box.modal("ruth")).count("Let them in") == 11


def test_who_takes_a_programme_over_gets_its_requests(town: Town) -> None:
    box = town()
    set_up(box, **BY_APPROVAL)
    join(box, "ana", "Mentor", [AI])
    box.advance_to(on("2027-03-01", "15:00"))
    assert len(requests(box)) == 1

    box.command("noor", "/flipside programme")
    assert "Requests to join and new topics go to @ruth." in words(box, box.modal("noor"))
    box.press("noor", "Send them to me")
    assert "go to you from now on" in words(box, box.modal("noor"))
    box.close("noor")
    box.advance(QUARTER)
    assert len(requests(box, "noor")) == 1, "what is open comes to her, too"
    join(box, "bea", "Mentor", [AI])
    box.advance(QUARTER)
    assert "@bea" in words(box, requests(box, "noor")[-1])
    assert len(requests(box)) == 1
    box.command("noor", "/flipside programme")
    assert "Send them to me" not in buttons(box.modal("noor"))


def test_without_approval_whoever_asked_is_in(town: Town) -> None:
    box = town()
    set_up(box, **BY_APPROVAL | {"Places": "2"})
    box.advance_to(on("2027-03-01", "10:00"))
    for who in ("ana", "bea", "cem"):
        join(box, who, "Mentor", [AI])
        box.advance(timedelta(minutes=1))

    assert change(box, **{"Who can join": "Anybody who likes"}) == {}
    assert "2 people got a place just now and will hear of it.\n1 person waits" in words(box, box.modal("ruth"))
    box.close("ruth")
    assert told(box, "ana").startswith("You are in")
    assert told(box, "bea").startswith("You are in")
    assert "on the waiting list of *Look Up* as a mentor, at number 1" in told(box, "cem")
    assert "Members: 2 · pairs: 0, of them met: 0 · waiting: 2 · in the queue: 1" in of_ruth(box)


# Places


@both
def test_a_place_that_comes_free_goes_to_the_next_in_the_list_once(box: Sandbox) -> None:
    set_up(box, Places="2")
    box.advance_to(on("2027-03-01", "10:00"))
    for who in ("ana", "bea", "cem", "esi", "hugo"):
        join(box, who, "Mentor", [AI])
    assert [told(box, who).partition(" *")[0] for who in ("ana", "bea")] == ["You have joined"] * 2
    places = [re.findall(r"at number (\d)", told(box, who)) for who in ("cem", "esi", "hugo")]
    assert places == [["1"], ["2"], ["3"]]
    assert "Members: 2 · pairs: 0, of them met: 0 · waiting: 2 · in the queue: 3" in of_ruth(box)

    leave(box, "ana")
    assert told(box, "cem").startswith("You are in")
    assert "Members: 2" in of_ruth(box)
    assert "*number 1* on its waiting list" in words(box, box.open_home("esi"))
    assert change(box, Places="3") == {}
    assert "1 person got a place just now" in words(box, box.modal("ruth"))
    box.close("ruth")
    assert told(box, "esi").startswith("You are in")
    assert change(box, Places="2") == {}
    assert "3 people take part, 1 more than there are places. Nobody has to leave." in words(box, box.modal("ruth"))
    box.close("ruth")

    leave(box, "bea")
    assert "Members: 2 · pairs: 0, of them met: 0 · waiting: 2 · in the queue: 1" in of_ruth(box), "it is full still"
    leave(box, "cem")
    assert told(box, "hugo").startswith("You are in")
    told_so = [text for who in ("cem", "esi", "hugo") for text in texts(box.dm(who)) if text.startswith("You are in")]
    assert len(told_so) == 3, "once each"


def test_a_yes_to_somebody_when_all_places_are_taken_puts_them_in_the_list(town: Town) -> None:
    box = town()
    set_up(box, **BY_APPROVAL | {"Places": "2"})
    for who in ("ana", "bea", "cem"):
        join(box, who, "Mentor", [AI])
    box.advance_to(on("2027-03-01", "10:00"))
    [asked] = requests(box)

    for who in ("ana", "bea", "cem"):
        box.press("ruth", "Let them in", value=buttons_about(box, who, asked))
    assert "All places are taken, so @cem is in the waiting list, as number 1." in words(box, requests(box)[0])
    assert "at number 1" in told(box, "cem")
    leave(box, "ana")
    assert told(box, "cem").startswith("You are in")


# Topics that people propose


def test_topics_that_people_propose_are_accepted_merged_or_left_out(box: Sandbox) -> None:
    set_up(box)
    box.advance_to(on("2027-03-01", "10:00"))
    join(box, "ana", "Mentor", [AI], own_offer="Knitting & <!channel>")
    join(box, "bea", "Mentor", [], own_offer="Numbers")
    join(box, "cem", "Mentor", [], own_offer="Juggling")
    join(box, "oliver", "Mentee", [], own_wish="Brewing")
    box.advance(QUARTER)
    [asked] = requests(box)
    assert "@ana proposes a topic: *Knitting &amp; &lt;!channel&gt;*" in words(box, asked)
    assert buttons(asked) == ["Add it to the list", "Reword or merge", "Leave it out"] * 4

    box.press("ruth", "Add it to the list", value="1")
    assert "is in the list." in words(box, requests(box)[0])
    assert "is in the list of *Look Up* now, and among yours: Knitting" in told(box, "ana")
    box.press("ruth", "Reword or merge", value="2")
    assert box.submit("ruth", {"What it is to be called": "ai TOOLS in daily work"}) == {
        "What it is to be called": "This one is in the list already. Choose it below."
    }
    assert box.submit("ruth", {"Or the same as one of the list": DATA}) == {}
    assert f"it counts as yours: {DATA}" in told(box, "bea")
    box.press("ruth", "Leave it out", value="3")
    assert "“Juggling”" in told(box, "cem")
    box.press("ruth", "Reword or merge", value="4")
    assert box.submit("ruth", {"What it is to be called": "Brewing beer"}) == {}
    assert "among yours: Brewing beer" in told(box, "oliver")
    assert "to decide" not in of_ruth(box)
    heard = {who: len(box.dm(who)) for who in ("ana", "bea", "cem", "oliver")}

    box.press("ruth", "Leave it out", value="2")
    assert "This was decided already." in words(box, requests(box)[0])
    box.advance(timedelta(days=1))
    assert {who: len(box.dm(who)) for who in heard} == heard, "each is told once"
    join(box, "dana", "Mentor", ["Brewing beer"])
    assert "Brewing beer" in told(box, "dana"), "it stands in everybody's menu"
    publish(box)
    box.advance_to(on("2027-03-03", "18:00"))
    assert "Brewing beer" in words(box, box.group("dana", "oliver")[0])
