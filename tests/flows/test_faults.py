"""Slack is busy, breaks down half-way, says things twice; people press twice: each thing happens once."""

from datetime import timedelta

from conftest import Town
from flows.telling import (
    AI,
    DATA,
    begin,
    book,
    deliver,
    find_pairs,
    join,
    last,
    on,
    pair_up,
    pressing,
    publish,
    sending,
    set_up,
    texts,
    words,
    written,
)

from sandbox import Sandbox

JOINED = ["You have joined *Look Up* as a mentor."]
PAIRED = ["@ana and @oliver, please meet each other"]


def test_when_slack_says_later_all_messages_wait_as_long_as_it_says_and_none_is_lost(town: Town) -> None:
    box = town(after=set_up)

    box.fail_next("chat.postMessage", 429, retry_after=300)
    join(box, "ana", "Mentor", [AI])
    join(box, "bea", "Mentor", [AI])
    join(box, "oliver", "Mentee", [AI])
    box.advance(timedelta(seconds=280))
    assert [box.dm("ana"), box.dm("bea"), box.dm("oliver")] == [[], [], []]
    box.advance(timedelta(seconds=30))
    assert begin(box, box.dm("ana"), JOINED) == begin(box, box.dm("bea"), JOINED) == JOINED
    assert len(box.dm("oliver")) == 1

    publish(box)
    box.fail_next("conversations.open", 429, retry_after=60)
    box.fail_next("chat.postMessage", 429, retry_after=60, times=3)
    box.advance_to(on("2027-03-01", "09:10"))
    introduced = box.group("ana", "oliver") or box.group("bea", "oliver")
    assert len(introduced) == 1, "in the end the pair is introduced, once"


def joins_in_trouble(box: Sandbox, who: str, status: int | str, *, stored: bool) -> None:
    box.fail_next("chat.postMessage", status, stored=stored)
    join(box, who, "Mentor", [AI])
    box.advance(timedelta(minutes=3))
    assert begin(box, box.dm(who), JOINED) == JOINED


def test_what_slack_answers_with_nonsense_or_not_at_all_arrives_exactly_once(town: Town) -> None:
    """Stored in spite of it, it is found in the history; not stored, it is sent again."""
    box = town(after=set_up)

    joins_in_trouble(box, "ana", "html", stored=True)
    joins_in_trouble(box, "bea", "html", stored=False)
    joins_in_trouble(box, "cem", "reset", stored=True)
    joins_in_trouble(box, "dana", "reset", stored=False)
    joins_in_trouble(box, "esi", "internal_error", stored=True)
    joins_in_trouble(box, "farid", 500, stored=False)
    box.advance(timedelta(days=2))

    assert [len(box.dm(who)) for who in ("ana", "bea", "cem", "dana", "esi", "farid")] == [1, 1, 1, 1, 1, 1]


def test_an_introduction_that_slack_stored_without_saying_so_is_found_in_the_group(town: Town) -> None:
    box = town(after=set_up)
    join(box, "ana", "Mentor", [AI])
    join(box, "oliver", "Mentee", [AI])
    publish(box)

    box.fail_next("chat.postMessage", "reset", stored=True)
    box.fail_next("conversations.history", "html")
    box.advance_to(on("2027-03-01", "09:10"))

    assert begin(box, box.group("ana", "oliver"), PAIRED) == PAIRED
    book(box, "oliver", "2027-03-11", "15:00")
    assert "your talk has a date" in last(box.group("ana", "oliver")), "from then on the pair counts as introduced"


def test_an_answer_whose_event_comes_twice_is_kept_once_and_answered_once(town: Town) -> None:
    box = town(after=pair_up)
    book(box, "oliver", "2027-03-11", "15:00")
    box.advance_to(on("2027-03-12", "10:00"))
    box.press("oliver", "We met")
    box.close("oliver")
    box.advance_to(on("2027-03-15", "10:00"))

    answer = written(box, "ana", "How she listens.", "Ev0TWICE")
    assert [deliver(box, answer), deliver(box, answer, retry=1), deliver(box, answer, retry=2)] == [200, 200, 200]

    assert texts(box.dm("ana"))[5:] == ["Thank you, your answer is kept.\n> How she listens.\nOnly you can read it."]
    box.command("ana", "/flipside mydata")
    assert words(box, box.modal("ana")).count("How she listens.") == 1

    chat = written(box, "oliver", "Anything else, by the way?", "Ev0CHAT")
    box.write("oliver", "That I ask too late.")
    box.advance(timedelta(minutes=6))
    assert [deliver(box, chat), deliver(box, chat, retry=1)] == [200, 200]
    assert sum("I'm a bot" in text for text in texts(box.dm("oliver"))) == 1


def test_buttons_pressed_twice_act_once(town: Town) -> None:
    box = town(after=pair_up)
    book(box, "oliver", "2027-03-11", "15:00")
    box.advance_to(on("2027-03-12", "10:00"))
    asked = box.dm("oliver")[-1]

    first, second = pressing(box, "oliver", asked, "We met"), pressing(box, "oliver", asked, "We met")
    assert [box.send_payload(first).status, box.send_payload(second).status] == [200, 200]
    box.settle()
    box.close("oliver")
    box.command("oliver", "/flipside pair")
    assert "You have met once." in last(box.ephemerals("oliver"))
    box.advance_to(on("2027-03-15", "10:00"))
    assert sum("A question after your talk" in text for text in texts(box.dm("oliver"))) == 1

    box.command("oliver", "/flipside leave")
    sure = box.ephemerals("oliver")[-1]
    first, second = (pressing(box, "oliver", sure, "Leave the programme") for _ in range(2))
    assert [box.send_payload(first).status, box.send_payload(second).status] == [200, 200]
    box.settle()
    box.advance_to(on("2027-03-16", "10:00"))
    assert sum("You have left *Look Up*" in text for text in texts(box.dm("oliver"))) == 1
    assert sum("has ended" in text for text in texts(box.dm("ana"))) == 1


def sends_twice(box: Sandbox, who: str, answers: dict[str, object]) -> None:
    """Slack lost the first answer, and the person presses the form's button again."""
    form = sending(box, who, answers)
    assert [box.send_payload(form).status, box.send_payload(form).status] == [200, 200]
    box.settle()
    while box.modal(who):
        box.close(who)


def test_forms_that_come_twice_count_once(town: Town) -> None:
    box = town()
    box.command("ruth", "/flipside setup")
    look_up = {"Name": "Look Up", "What is it for?": "To learn.", "Channel for announcements": "#announcements"}
    sends_twice(box, "ruth", look_up | {"Contact for concerns": "noor"})
    box.command("ana", "/flipside join")
    assert box.submit("ana", {"sides": "Mentor", "languages": ["English"], "ways": ["Online"]}) == {}
    assert box.submit("ana", {"offers": [AI]}) == {}
    sends_twice(box, "ana", {"has_consented": ["I agree"]})
    assert begin(box, box.dm("ana"), JOINED) == JOINED
    box.command("ana", "/flipside profile")
    assert box.submit("ana") == {}
    assert box.submit("ana", {"offers": [AI, DATA]}) == {}
    sends_twice(box, "ana", {})
    assert len(box.dm("ana")) == 2, "each sign-up and each change is confirmed once"

    join(box, "oliver", "Mentee", [AI])
    find_pairs(box)
    assert box.submit("ruth") == {}, "she is asked once more"
    sends_twice(box, "ruth", {})
    box.advance_to(on("2027-03-01", "10:00"))
    assert len(box.messages("#announcements")) == 1
    assert begin(box, box.group("ana", "oliver"), PAIRED) == PAIRED

    box.press("oliver", "Pick a date")
    sends_twice(box, "oliver", {"Day": "2027-03-11", "Time": "15:00"})
    assert len(box.group("ana", "oliver")) == 2, "one word about one date"

    box.advance_to(on("2027-03-12", "10:00"))
    box.press("oliver", "We met")
    sends_twice(box, "oliver", {"shared": "Ask earlier.", "actions": "Ask on Mondays"})
    home = words(box, box.open_home("ana"))
    assert (home.count("Ask earlier."), home.count("Ask on Mondays")) == (1, 1)

    box.command("ruth", "/flipside announce")
    box.submit("ruth", {"What would you like to say?": "Lunch on Friday."})
    sends_twice(box, "ruth", {})
    assert len(box.messages("#announcements")) == 2


def test_an_hour_without_slack_loses_nothing(town: Town) -> None:
    """The history can be read and shows each time that the message isn't there."""
    box = town(after=set_up)
    join(box, "ana", "Mentor", [AI])
    join(box, "oliver", "Mentee", [AI])
    publish(box)

    box.fail_next("chat.postMessage", 500, stored=False, times=7)
    box.advance(timedelta(hours=8))

    assert len(box.group("ana", "oliver")) == 1
    book(box, "oliver", "2027-03-11", "15:00")
    assert len(box.group("ana", "oliver")) == 2
