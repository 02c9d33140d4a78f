"""A programme is set up on its terms, changed and ended; several at once are kept apart."""

from conftest import Town
from flows.coordinating import BY_APPROVAL, buttons_about, change, of_ruth, told
from flows.telling import AI, LOOK_UP, buttons, join, last, on, pair_up, sending, set_up, sign_up, texts, words

from sandbox import Sandbox

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


# Changing and ending


def test_two_coordinators_do_not_overwrite_each_other(town: Town) -> None:
    box = town(after=set_up)
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
    box = town(after=set_up)
    box.command("ruth", "/flipside programme")
    twice = sending(box, "ruth", {"Name": "Look Further"})

    answers = [box.send_payload(twice) for _ in range(2)]

    assert answers[0] == answers[1]
    assert "*Look Further*" in of_ruth(box)


def test_ending_a_programme_leaves_its_pairs_in_peace_and_tells_those_who_waited(town: Town) -> None:
    box = town(after=pair_up)
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
    assert "*Look Up* has ended. Pairs finish their months as planned." in words(box, box.modal("ruth"))
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
    box = town(after=pair_up)
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
    box = town(after=set_up)
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
