"""What people see on their Home, and what they hear when they type or write to the bot."""

from datetime import timedelta

from conftest import Town
from flows.telling import (
    AI,
    book,
    buttons,
    deliver,
    join,
    last,
    on,
    pair_up,
    pressing,
    sending,
    set_up,
    sign_up,
    texts,
    words,
    written,
)

from sandbox import Sandbox, delivery, payloads


def type_as(box: Sandbox, who: str, text: str) -> int:
    """The request of a slash command, from somebody who can't type one here."""
    user = box.people[box.find(who)]
    place = box.space.conversations[box.channel("#announcements")]
    url = f"{box.url}/respond/" + box.space.urls.new(box.space.new_id("R"), user.id, place.id, box.now)
    fields = payloads.command(box.space, user, place, "/flipside", text, url)
    status = delivery.send_form(box.bot.port, box.bot.env["SLACK_SIGNING_SECRET"], fields).status
    box.settle()
    return status


def test_the_home_goes_with_people_from_stranger_to_pair(town: Town) -> None:
    box = town()
    before = words(box, box.open_home("ana"))
    assert before.startswith("Learn from each other")
    assert "No programme is open just now." in before
    assert buttons(box.home("ana")) == []
    assert "No programme is open. Setting one up takes a minute." in words(box, box.open_home("ruth"))

    box.press("ruth", "Set up a programme", where="home")
    look_up = {"Name": "Look Up", "What is it for?": "Leaders learn.", "Channel for announcements": "#announcements"}
    assert box.submit("ruth", look_up | {"Contact for concerns": "noor"}) == {}
    stranger = words(box, box.open_home("ana"))
    assert "*Look Up* is open.\nLeaders learn." in stranger
    assert "turn to @noor" in stranger
    box.press("ana", "Join", where="home")
    sign_up(box, "ana", "Mentor", [AI])

    waiting = words(box, box.home("ana"))
    assert "You take part in *Look Up* as a mentor. You're on the list for the next round of pairing" in waiting
    assert buttons(box.home("ana")) == [
        "Change my answers",
        "Pause",
        "When I may write to you",
        "What is stored",
        "Leave",
    ]
    join(box, "oliver", "Mentee", [AI])
    of_ruth = words(box, box.home("ruth"))
    assert "Members: 2 · pairs: 0, of them met: 0 · waiting: 2" in of_ruth
    assert "• @ana, mentor\n• @oliver, mentee" in of_ruth

    box.press("ruth", "Pair people", where="home")
    box.press("ruth", "Find the best pairs")
    assert box.submit("ruth", {}) == box.submit("ruth", {}) == {}
    box.close("ruth")
    assert "• @ana → @oliver: about to be introduced" in words(box, box.home("ruth"))
    assert "You're on the list" not in words(box, box.home("ana"))
    box.advance_to(on("2027-03-01", "10:00"))
    paired = words(box, box.home("ana"))
    assert "You and Oliver Hartley" in paired
    assert "@oliver is your mentee in *Look Up*.\nYou have no date yet." in paired
    assert "With a concern of any kind, turn to @noor." in paired
    book_from_home(box, "ana")
    assert "You meet <!date^" in words(box, box.home("ana"))
    assert "• @ana → @oliver: not met yet, next <!date^" in words(box, box.home("ruth"))

    box.advance_to(on("2027-03-12", "12:00"))
    box.press("ana", "We met")
    box.close("ana")
    assert "You have met once." in words(box, box.home("ana"))
    assert "of them met: 1" in words(box, box.home("ruth"))
    assert "• @ana → @oliver: met once" in words(box, box.home("ruth"))
    box.press("ana", "Write a note", where="home")
    assert box.submit("ana", {"shared": "Ask earlier."}) == {}
    assert "> Ask earlier." in words(box, box.home("ana"))


def book_from_home(box: Sandbox, who: str) -> None:
    box.press(who, "Pick a date", where="home")
    assert box.submit(who, {"Day": "2027-03-11", "Time": "15:00"}) == {}


def test_what_a_button_of_the_home_has_to_say_it_says_in_a_modal(town: Town) -> None:
    box = town(after=set_up)
    box.open_home("ana")
    join(box, "ana", "Mentor", [AI])

    box.press("ana", "Pause", where="home")
    assert words(box, box.modal("ana")).startswith("You're paused.")
    box.press("ana", "Go on")
    assert words(box, box.modal("ana")).startswith("You're back.")
    while box.modal("ana"):
        box.close("ana")
    assert "paused" not in words(box, box.home("ana"))
    assert box.ephemerals("ana") == []

    box.press("ana", "What is stored", where="home")
    assert "Your place in Look Up" in words(box, box.modal("ana"))
    box.close("ana")
    box.press("ana", "Leave", where="home")
    assert words(box, box.modal("ana")).startswith("Leave *Look Up*? You needn't give a reason.")
    box.press("ana", "Leave the programme")
    assert "You have left" in words(box, box.modal("ana"))
    box.close("ana")
    assert "*Look Up* is open." in words(box, box.home("ana"))
    assert last(box.dm("ana")).startswith("You have left *Look Up*")


def test_words_are_answered_for_the_eyes_of_who_typed_them(town: Town) -> None:
    box = town(after=set_up)

    box.command("bea", "/flipside", channel="#general")
    box.command("bea", "/flipside help")
    box.command("bea", "/flipside dance <@U0ANADUART>")
    box.command("ruth", "/flipside HELP")
    empty, helped, unknown = texts(box.ephemerals("bea"))
    assert empty == helped
    assert empty.startswith("Here is what you can type:\n`/flipside join` join the programme\n")
    assert "/flipside match" not in empty, "what only coordinators can do isn't offered to others"
    assert unknown.startswith("I don't know “dance”. Here is what you can type:\n")
    assert "`/flipside match` propose pairs and publish them" in last(box.ephemerals("ruth"))

    for word in ("pair", "meet", "note"):
        box.command("bea", f"/flipside {word}")
    assert (
        texts(box.ephemerals("bea"))[3:] == ["You have no partner just now. As soon as you have one, I'll write."] * 3
    )
    for word in ("profile", "pause", "resume", "leave"):
        box.command("bea", f"/flipside {word}")
    assert (
        texts(box.ephemerals("bea"))[6:]
        == ["You aren't in a programme just now. You can join with the word *join*."] * 4
    )
    box.command("bea", "/flipside mydata")
    assert "Name: Bea Whitlock" in words(box, box.modal("bea"))

    box.close("bea")
    box.fail_next("views.open", "expired_trigger_id")
    box.command("bea", "/flipside join")
    assert last(box.ephemerals("bea")) == "That took too long for Slack to open the form. Please try once more."
    join(box, "bea", "Mentor", [AI])

    box.command("mei", "/flipside join")
    assert last(box.ephemerals("mei")).startswith("Guests can't take part in this programme.")
    assert "Guests can't take part" in words(box, box.open_home("mei"))
    assert type_as(box, "trainbot", "join") == 200
    assert "This is for people; bots can't take part." in str(box.calls[-1])
    assert [box.modal("mei"), box.modal("trainbot")] == [None, None]


def test_what_is_written_answers_the_open_question_or_gets_a_kind_reply(town: Town) -> None:
    box = town(after=pair_up)

    box.write("ana", "What do you think of <him> & me?")
    assert "no question of mine is open just now, so I haven't kept what you wrote" in last(box.dm("ana"))
    assert buttons(box.dm("ana")[-1]) == ["My pair", "Pick a date", "Write a note", "More"]
    box.press("ana", "My pair")
    assert "is your mentee in *Look Up*" in last(box.ephemerals("ana"))
    box.press("ana", "More")
    assert last(box.ephemerals("ana")).startswith("Here is what you can type:")
    box.write("ana", "Pause")
    assert last(box.dm("ana")) == "Press the button to get no messages until a date or until I say so."
    box.press("ana", "Pause")
    assert last(box.ephemerals("ana")).startswith("You're paused.")
    box.write("ana", "help")
    assert buttons(box.dm("ana")[-1]) == ["More"]

    so_far = len(box.dm("ana"))
    assert deliver(box, written(box, "ana", "", "Ev0FILE", subtype="file_share", files=[{"id": "F1"}])) == 200
    assert last(box.dm("ana")).startswith("I can't keep files:")
    changed = {"type": "message", "text": "No, wait.", "user": box.find("ana"), "ts": "1803900000.000100"}
    edit = written(box, "ana", "", "Ev0EDIT", subtype="message_changed", hidden=True, message=changed)
    gone = written(box, "ana", "", "Ev0GONE", subtype="message_deleted", hidden=True, previous_message=changed)
    for event in (edit, gone):
        del event["event"]["user"], event["event"]["text"]
    of_a_bot = written(box, "ana", "Next train: 12:40", "Ev0BOT", bot_id="B0TRAINBOT", subtype="bot_message")
    assert [deliver(box, event) for event in (edit, gone, of_a_bot)] == [200, 200, 200]
    assert len(box.dm("ana")) == so_far + 1, "an edit, a deletion and another bot are passed over"
    box.command("ana", "/flipside resume")

    # With a question open, what is written is the answer, in its thread or not; a word is a word even then.
    book(box, "oliver", "2027-03-11", "15:00")
    box.advance_to(on("2027-03-12", "10:00"))
    box.press("oliver", "We met")
    box.close("oliver")
    box.advance_to(on("2027-03-15", "10:00"))
    question = box.dm("ana")[-1]

    box.write("ana", "How he <listens> & waits.", thread_ts=question.ts)
    assert last(box.dm("ana")).startswith("Thank you, your answer is kept.")
    box.command("ana", "/flipside mydata")
    kept = words(box, box.modal("ana"))
    assert "How he &lt;listens&gt; &amp; waits." in kept
    box.close("ana")

    box.advance(timedelta(minutes=6))
    box.write("ana", "And one more thing.")
    assert "I haven't kept what you wrote" in last(box.dm("ana")), "the question was answered"
    box.advance(timedelta(days=1))
    box.write("oliver", "pair")
    assert buttons(box.dm("oliver")[-1]) == ["Pair"], "a word is a word, also while a question is open"
    box.write("oliver", "That I ask too late.")
    assert last(box.dm("oliver")).startswith("Thank you, your answer is kept.")


def test_buttons_and_forms_of_an_older_release_get_a_kind_word_and_a_200(town: Town) -> None:
    box = town(after=set_up)
    join(box, "ana", "Mentor", [AI])
    message = box.dm("ana")[0]

    old_button = pressing(box, "ana", message, "Change my answers", action_id="survey.open")
    assert box.send_payload(old_button).status == 200
    box.settle()
    assert last(box.ephemerals("ana")).startswith("That button is from an older message and no longer does anything.")
    old_word = pressing(box, "ana", message, "Change my answers", action_id="go.survey")
    assert box.send_payload(old_word).status == 200
    box.settle()
    assert last(box.ephemerals("ana")).startswith("I don't know “survey”.")

    box.command("ana", "/flipside profile")
    old_form = sending(box, "ana", {})
    old_form["view"]["callback_id"] = "survey.form"
    answer = box.send_payload(old_form)
    assert answer.status == 200
    assert answer.json()["response_action"] == "update"
    assert "no longer does anything" in str(answer.json()["view"])
    strange = [{"type": "message_action", "callback_id": "x"}, {"type": "shortcut", "callback_id": "x"}]
    assert [box.send_payload(old_form | each).status for each in strange] == [200, 200]
    nobody = {"type": "user_change", "user": {"id": "U0ANADUART"}}
    assert deliver(box, payloads.envelope(nobody, "Ev0STRANGE", 1803888000)) == 200
    assert "unanswered action=survey.open" in box.bot.log_file.read_text()

    forged = delivery.send_payload(box.bot.port, "not the secret", old_button)
    assert forged.status == 401


def test_what_is_typed_after_a_word_never_breaks_it(box: Sandbox) -> None:
    set_up(box)
    join(box, "ana", "Mentor", [AI])

    for typed in ("\u00b2", "9" * 30, "-1", "look up"):
        for word in ("join", "profile", "leave", "meet", "pause"):
            box.command("ana", f"/flipside {word} {typed}")
            while box.modal("ana"):
                box.close("ana")

    assert "went wrong" not in " ".join(texts(box.ephemerals("ana")))
