"""On which terms people join, who lets them in, and several programmes at once: what coordinators and people see."""

import re
from datetime import timedelta
from itertools import pairwise

from conftest import Town
from flows.telling import (
    AI,
    DATA,
    LOOK_UP,
    buttons,
    everything_told,
    join,
    last,
    on,
    pair_up,
    plain,
    pressing,
    publish,
    sending,
    set_up,
    sign_up,
    texts,
    words,
)

from sandbox import Sandbox
from sandbox.records import Json, Message

BY_APPROVAL = {"Who can join": "Whoever a coordinator says yes to"}
QUARTER = timedelta(minutes=16)


def requests(box: Sandbox, who: str = "ruth") -> list[Message]:
    """The messages in which a coordinator is asked to decide."""
    return [message for message in box.dm(who) if message.text.startswith("Something in *")]


def told(box: Sandbox, who: str) -> str:
    """The last that somebody heard in their DM."""
    return plain(box, last(box.dm(who)))


def of_ruth(box: Sandbox) -> str:
    return words(box, box.open_home("ruth"))


def change(box: Sandbox, who: str = "ruth", **changes: object) -> dict[str, str]:
    box.command(who, "/flipside programme")
    return box.submit(who, changes)


# Setting up


def test_the_terms_of_a_programme_stand_in_its_announcement_and_on_the_coordinators_home(town: Town) -> None:
    box = town()
    box.command("ruth", "/flipside setup")
    wrong = {"Places": "1", "First day to sign up": "2027-02-26", "Last day to sign up": "2027-02-27"}
    assert box.submit("ruth", LOOK_UP | BY_APPROVAL | wrong) == {
        "Places": "A whole number from 2 to 10,000, or leave it empty.",
        "First day to sign up": "That day has gone by. Choose today or a later one, or leave it empty.",
        "Last day to sign up": "That day has gone by. Choose today or a later one, or leave it empty.",
    }
    right = {"Places": "20", "First day to sign up": "2027-03-08", "Last day to sign up": "2027-03-19"}
    assert box.submit("ruth", right) == {}

    [announced] = box.messages("#announcements")
    opens, closes = (int(on(*day).timestamp()) for day in (("2027-03-08",), ("2027-03-19", "23:59")))
    assert "somebody who runs the programme looks at it and says yes or no" in announced.text
    assert f"Sign-up opens: <!date^{opens}^" in announced.text, "Ruth's day begins in London"
    assert f"Sign-up closes: <!date^{closes}^" in announced.text
    assert f"By approval · Places: 20 · Sign-up opens <!date^{opens}^" in of_ruth(box)
    box.advance_to(on("2027-03-22", "09:00"))
    assert "Sign-up is closed" in of_ruth(box)


def test_nobody_signs_up_before_the_first_day_or_after_the_last(town: Town) -> None:
    box = town()
    set_up(box, **{"First day to sign up": "2027-03-08", "Last day to sign up": "2027-03-09"})

    box.command("ana", "/flipside join")
    assert box.modal("ana") is None
    assert "opens" in last(box.ephemerals("ana"))
    box.advance_to(on("2027-03-08", "09:00"))
    join(box, "ana", "Mentor", [AI])
    box.advance_to(on("2027-03-10", "09:00"))
    box.command("bea", "/flipside join")
    assert box.modal("bea") is None
    assert "closed" in last(box.ephemerals("bea"))

    assert change(box, **{"Last day to sign up": "2027-03-31"}) == {}
    join(box, "bea", "Mentor", [AI])
    box.command("ruth", "/flipside programme")
    box.press("ruth", "Close sign-up now")
    assert "Sign-up for *Look Up* is closed." in words(box, box.modal("ruth"))
    box.close("ruth")
    box.command("cem", "/flipside join")
    assert box.modal("cem") is None
    assert "Members: 2" in of_ruth(box)


# Approval


def buttons_about(box: Sandbox, who: str, thing: Message | Json | None) -> str:
    """What the buttons below the line about somebody carry."""
    blocks = thing.blocks if isinstance(thing, Message) else (thing or {})["blocks"]
    [value] = {
        str(below["elements"][0]["value"])
        for above, below in pairwise(blocks)
        if below["type"] == "actions" and f"<@{box.find(who)}>" in str(above.get("text"))
    }
    return value


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


def leave(box: Sandbox, who: str) -> None:
    box.command(who, "/flipside leave")
    box.press(who, "Leave the programme")


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


# Changing and ending


def test_two_coordinators_do_not_overwrite_each_other(town: Town) -> None:
    box = town()
    set_up(box)
    join(box, "ana", "Mentor", [AI])
    box.command("ruth", "/flipside programme")
    box.command("noor", "/flipside programme")
    assert box.submit("noor", {"Name": "Look Further", "Places": "20"}) == {}

    [(field, said)] = box.submit("ruth", {"What is it for?": "Something else."}).items()
    assert field == "Name"
    assert said.startswith("Somebody else changed this programme while your form was open")
    box.close("ruth")
    box.command("ruth", "/flipside programme")
    assert box.submit("ruth", {"Contact for concerns": "ana"}) == {
        "Contact for concerns": "They are in this programme themselves. Choose somebody who isn't."
    }
    assert box.submit("ruth", {"Contact for concerns": "grace", "What is it for?": "Something else."}) == {}
    assert box.modal("ruth") is None
    assert "turn to @grace" in words(box, box.open_home("bea"))
    assert "*Look Further* is open.\nSomething else." in words(box, box.home("bea"))
    box.command("bea", "/flipside programme")
    assert last(box.ephemerals("bea")).startswith("That is for the people who run the programme.")


def test_a_form_that_comes_twice_is_one_change(town: Town) -> None:
    box = town()
    set_up(box)
    box.command("ruth", "/flipside programme")
    twice = sending(box, "ruth", {"Name": "Look Further"})

    answers = [box.send_payload(twice) for _ in range(2)]

    assert answers[0] == answers[1]
    assert "*Look Further*" in of_ruth(box)


def test_ending_a_programme_leaves_its_pairs_in_peace_and_tells_those_who_waited(town: Town) -> None:
    box = town()
    pair_up(box)
    assert change(box, **BY_APPROVAL | {"Places": "3"}) == {}
    join(box, "bea", "Mentor", [AI])
    join(box, "cem", "Mentor", [AI])
    join(box, "esi", "Mentor", [AI])
    box.open_home("noor")
    box.press("noor", "Let them in", where="home", value=buttons_about(box, "bea", box.home("noor")))
    box.press("noor", "Let them in", where="home", value=buttons_about(box, "cem", box.home("noor")))
    if box.modal("noor"):
        box.close("noor")
    box.command("ruth", "/flipside match")
    while box.modal("ruth"):
        box.close("ruth")
    of_the_pair = {who: len(box.dm(who)) for who in ("ana", "oliver")}

    box.command("ruth", "/flipside programme")
    box.press("ruth", "End the programme")
    assert "*Look Up* has ended. Pairs finish their months as planned" in words(box, box.modal("ruth"))
    box.close("ruth")
    box.advance_to(on("2027-03-02", "12:00"))
    assert "can't find you a partner" in told(box, "bea")
    assert "I can't give you a place" in told(box, "cem")
    assert "I can't give you a place" in told(box, "esi")
    assert {who: len(box.dm(who)) for who in of_the_pair} == of_the_pair
    assert "*Look Up* has ended. 1 pair finishes its months." in of_ruth(box)

    for word in ("match", "announce", "programme"):
        box.command("ruth", f"/flipside {word}")
        assert box.modal("ruth") is None
    assert texts(box.ephemerals("ruth"))[-3:] == ["There is no open programme. Set one up first."] * 3
    box.command("dana", "/flipside join")
    assert box.modal("dana") is None
    box.press("oliver", "Pick a date")
    assert box.submit("oliver", {"Day": "2027-03-11", "Time": "15:00"}) == {}
    assert "You take part in *Look Up* as a mentor." in words(box, box.open_home("ana"))


# Several programmes


def test_with_two_programmes_a_coordinator_says_which_one_is_meant(town: Town) -> None:
    box = town()
    pair_up(box)
    set_up(box, Name="Look Down")
    join_in(box, "bea", "Look Down")

    for word in ("match", "announce", "programme"):
        box.command("ruth", f"/flipside {word}")
        asked = box.ephemerals("ruth")[-1]
        assert asked.text == "Which programme do you mean?"
        assert [line for line in words(box, asked).splitlines() if line.startswith("*")] == ["*Look Down*", "*Look Up*"]
        box.press("ruth", "This one", where=asked, value="1")
        assert "Look Up" in (words(box, box.modal("ruth")) + str(box.modal("ruth")))
        assert "Look Down" not in words(box, box.modal("ruth"))
        while box.modal("ruth"):
            box.close("ruth")

    home = of_ruth(box)
    assert home.index("*Look Down*\nMembers: 1 · pairs: 0") < home.index("*Look Up*\nMembers: 2 · pairs: 1")
    box.press("ruth", "Announce", where="home", value="2")
    assert "For Look Down, to" in words(box, box.modal("ruth"))
    box.close("ruth")
    box.press("ruth", "Pair people", where="home", value="2")
    assert "*Look Down*: 1 mentor and 0 mentees wait for a partner." in words(box, box.modal("ruth"))
    box.close("ruth")

    box.command("ruth", "/flipside announce")
    asked = box.ephemerals("ruth")[-1]
    box.command("noor", "/flipside programme 1")
    box.press("noor", "End the programme")
    box.press("ruth", "This one", where=asked, value="1")
    assert last(box.ephemerals("ruth")) == "That programme has ended. There is nothing more to do in it."
    box.command("ruth", "/flipside announce")
    assert "For Look Down, to" in words(box, box.modal("ruth")), "there is only one to mean now"


def join_in(box: Sandbox, who: str, programme: str) -> None:
    """Joins the programme of that name with the button of its announcement."""
    [opening] = [message for message in box.messages("#announcements") if f"*{programme}*" in message.text]
    box.press(who, "Join", where=opening)
    sign_up(box, who, "Mentor", [AI])


def test_somebody_in_two_programmes_sees_both_on_their_home(town: Town) -> None:
    box = town()
    set_up(box)
    set_up(box, Name="Look Down", **BY_APPROVAL)
    join_in(box, "ana", "Look Up")
    join_in(box, "ana", "Look Down")

    home = words(box, box.open_home("ana"))

    assert "You take part in *Look Up* as a mentor." in home
    assert "You have asked to join *Look Down* as a mentor." in home
    assert "*Look Up*\nMembers: 1" in of_ruth(box)
    assert "*Look Down*\nMembers: 0" in of_ruth(box)


def test_of_many_programmes_the_home_keeps_within_what_slack_takes(town: Town) -> None:
    box = town()
    for number in range(6):
        set_up(box, Name=f"Programme {number}", **BY_APPROVAL)
    join_in(box, "ana", "Programme 0")

    home = box.open_home("ruth")

    assert len((home or {})["blocks"]) <= 100
    assert buttons(home).count("Pair people") == 3
    assert buttons(home).count("Look") == 3
    box.press("ruth", "Look", where="home", value="1")
    assert "@ana (Engineering) would like to join" in words(box, box.modal("ruth"))
    box.press("ruth", "Let them in")
    assert "Members: 1" in words(box, box.modal("ruth"))


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
