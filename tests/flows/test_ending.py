"""The end of a pair's months: how they go on, what they pass on, what they keep."""

from copy import deepcopy
from datetime import datetime, timedelta

from conftest import Town
from flows.kept import records
from flows.telling import (
    book,
    buttons,
    everything_told,
    last,
    on,
    pair_up,
    plain,
    pressing,
    texts,
    words,
)
from sqlalchemy import select

from sandbox import Sandbox
from store.models import Pair, Preference

ENDS = on("2027-03-29", "08:00")  # nine o'clock in London, where Oliver lives


def short_months(box: Sandbox) -> None:
    """Ana mentors Oliver, and their months are over in four weeks. They have met once."""
    pair_up(box)
    with records(box) as db:
        db.scalars(select(Pair)).one().ends_at = ENDS
    book(box, "oliver", "2027-03-04", "15:00")
    box.advance_to(on("2027-03-05", "10:00"))
    box.press("oliver", "We met")
    assert box.submit("oliver", {"private": "MINE alone", "shared": "OURS", "actions": "ASK twice"}) == {}


def when_their_months_are_over(box: Sandbox) -> datetime:
    with records(box) as db:
        ends_at = db.scalars(select(Pair)).one().ends_at
    assert ends_at is not None
    return ends_at


def in_the_channel(box: Sandbox) -> list[str]:
    return [plain(box, text) for text in texts(box.messages("#announcements"))]


def test_the_quieter_wish_is_told_to_both_together_and_nobody_learns_whose_it_was(town: Town) -> None:
    box = town(after=short_months)
    box.advance_to(on("2027-03-17", "10:00"))
    assert plain(box, last(box.dm("ana"))).startswith("Your months with @oliver end on")
    assert buttons(box.dm("ana")[-1]) == ["As now", "Less often", "Informally", "Finish here"]

    box.press("ana", "Finish here", where=box.dm("ana")[-1])
    assert "You chose: finish here. Only you see it." in words(box, box.dm("ana")[-1])
    box.open_home("ana")
    box.press("ana", "As now", where="home")
    assert "As now" in buttons(box.open_home("oliver")), "his own choice is open"
    group = len(box.group("ana", "oliver"))
    asked = deepcopy(box.dm("oliver")[-1])
    box.press("oliver", "Less often", where=box.dm("oliver")[-1])

    told = box.group("ana", "oliver")[group:]
    assert [plain(box, text).partition(".")[0] for text in texts(told)] == [
        "@ana and @oliver, this is what suits you both: you go on less often"
    ]
    assert when_their_months_are_over(box) == on("2027-09-29", "08:00"), "six months more"
    assert "goes on pair=1 how=less_often" in box.bot.log_file.read_text()
    box.send_payload(pressing(box, "oliver", asked, "Finish here"))
    box.settle()
    assert "This is decided already" in words(box, box.dm("oliver")[-1])
    assert "Less often" not in buttons(box.open_home("ana"))
    box.advance_to(on("2027-03-31", "12:00"))
    assert not any("end here" in text for text in texts(box.dm("ana"))), "no farewell: they go on"
    with records(box) as db:
        db.scalars(select(Pair)).one().ends_at = on("2027-04-12", "08:00")
    box.send_payload(pressing(box, "oliver", asked, "Finish here"))
    box.settle()
    assert any("That was about an earlier end" in words(box, each) for each in box.dm("oliver"))
    with records(box) as db:
        assert len(db.scalars(select(Preference)).all()) == 2, "what he pressed then is no wish for this end"


def test_one_who_hears_nothing_from_the_other_knows_after_a_week(town: Town) -> None:
    box = town(after=short_months)
    box.advance_to(on("2027-03-17", "10:00"))
    box.press("oliver", "As now", where=box.dm("oliver")[-1])
    group = len(box.group("ana", "oliver"))

    box.advance_to(on("2027-03-24", "09:00"))
    assert len(box.group("ana", "oliver")) == group
    box.advance_to(on("2027-03-24", "12:00"))
    [told] = texts(box.group("ana", "oliver")[group:])
    assert "your regular talks end as planned" in told
    assert when_their_months_are_over(box) == ENDS


def test_at_the_end_each_keeps_a_copy_and_passes_on_what_they_like(town: Town) -> None:
    box = town(after=short_months)
    box.press("oliver", "Our agreement", where=box.group("ana", "oliver")[0])
    box.submit("oliver", {"purpose": "AIMS", "How often we meet": "Once a month", "place": "Online"})
    box.press("ana", "Yes, that's what we do", where=box.dm("ana")[-1])
    box.advance_to(on("2027-03-29", "09:00"))
    assert plain(box, last(box.dm("ana"))).startswith("Your regular talks with @oliver in *Look Up* end here.")
    assert buttons(box.dm("ana")[-1]) == ["Keep a copy", "Say thanks", "Share a lesson"]
    box.write("ana", "thanks for the HOURS")
    box.press("ana", "Pass it on to Oliver Hartley")
    assert "> for the HOURS" in last(box.dm("oliver")), "the end is when people say thanks"
    box.command("ana", "/flipside thanks")
    assert box.submit("ana", {"text": "For the LAUGHS."}) == {}
    assert "> For the LAUGHS." in last(box.dm("oliver"))
    farewell = next(message for message in box.dm("oliver") if "What I did differently" in buttons(message))
    assert buttons(farewell) == ["Keep a copy", "Say thanks", "What I did differently", "Share a lesson"]

    box.press("oliver", "Keep a copy", where=farewell)
    [file] = next(message.files for message in reversed(box.dm("oliver")) if message.files)
    copy = (box.space.files[file["id"]].content or b"").decode()
    assert [
        part
        for part in ("MINE alone", "OURS", "[ ] ASK twice", "What our talks are for: AIMS", "We met on 04 March 2027")
        if part not in copy
    ] == []
    assert "2 notes, 1 action." in last(box.ephemerals("oliver"))

    box.press("oliver", "What I did differently", where=farewell)
    box.submit("oliver", {"text": "I ASKED FIRST.", "for": "Pass it on to Ana Duarte"})
    assert plain(box, last(box.dm("ana"))).endswith("would like you to know:\n> I ASKED FIRST.")
    box.press("oliver", "What I did differently", where=farewell)
    box.submit("oliver", {"text": "I LISTEN now.", "for": "For me"})

    box.press("oliver", "Say thanks", where=farewell)
    box.submit("oliver", {"text": "For your PATIENCE.", "for": "For all in the channel, if they agree"})
    asked = box.dm("ana")[-1]
    assert buttons(asked) == ["Yes, post it", "Keep it between us"]
    assert not any("PATIENCE" in text for text in in_the_channel(box)), "not before her yes"
    twice = pressing(box, "ana", asked, "Yes, post it")
    box.press("ana", "Yes, post it", where=asked)
    box.send_payload(twice)
    box.settle()
    assert [text for text in in_the_channel(box) if "PATIENCE" in text] == [
        "@oliver thanks @ana, in *Look Up*:\n> For your PATIENCE."
    ]
    assert plain(box, last(box.dm("oliver"))).startswith("@ana has agreed: your words are on their way")
    assert "LISTEN" not in everything_told(box, but="oliver")


def test_a_lesson_is_posted_in_the_words_that_both_agreed_on(town: Town) -> None:
    box = town(after=short_months)

    box.open_home("ana")
    box.press("ana", "Share a lesson", where="home")
    box.submit("ana", {"text": "Oliver is a GOOD listener."})
    asked = box.dm("oliver")[-1]
    assert buttons(asked) == ["Yes, post it", "Change the words", "Keep it between us"]
    late = pressing(box, "oliver", asked, "Yes, post it")
    box.press("oliver", "Change the words", where=asked)
    assert box.submit("oliver", {"text": "Ask before you ANSWER."}) == {}
    box.send_payload(late)
    box.settle()
    assert not any("GOOD" in text for text in in_the_channel(box)), "those words were replaced"
    box.press("ana", "Yes, post it", where=box.dm("ana")[-1])

    assert in_the_channel(box)[-1] == (
        "A lesson from a pair in *Look Up*, which both would like to share:\n> Ask before you ANSWER."
    )
    box.open_home("oliver")
    box.press("oliver", "Share a lesson", where="home")
    box.submit("oliver", {"text": "BETWEEN us."})
    asked = box.dm("ana")[-1]
    late = pressing(box, "ana", asked, "Keep it between us")
    box.press("ana", "Change the words", where=asked)
    box.send_payload(late)
    box.settle()
    answers = [list(box.submit("ana", {"text": "Something ELSE."}).values()) for _ in range(2)]
    assert answers == [["This has been answered already."]] * 2, "what isn't kept doesn't look kept"
    box.close("ana")
    assert plain(box, last(box.dm("oliver"))).startswith("@ana has read what you wrote and would like to keep it")
    box.advance(timedelta(days=1))
    assert "BETWEEN" not in "".join(in_the_channel(box))


def test_thanks_for_all_can_be_agreed_to_before_the_first_talk(town: Town) -> None:
    box = town(after=pair_up)
    box.command("oliver", "/flipside thanks")
    box.submit("oliver", {"text": "For saying YES.", "for": "For all in the channel, if they agree"})
    box.advance(timedelta(days=1))

    box.press("ana", "Yes, post it", where=box.dm("ana")[-1])

    assert in_the_channel(box)[-1] == "@oliver thanks @ana, in *Look Up*:\n> For saying YES."


def test_words_that_slack_did_not_take_are_posted_again_by_their_author(town: Town) -> None:
    """Who is no coordinator can't post in the channel otherwise; that these words may be there is decided."""
    box = town(after=short_months)
    box.open_home("ana")
    box.press("ana", "Share a lesson", where="home")
    box.submit("ana", {"text": "Ask FIRST."})
    box.fail_next("chat.postMessage", "not_in_channel", times=2)  # the channel, and the word to Ana that it is posted
    box.press("oliver", "Yes, post it", where=box.dm("oliver")[-1])

    assert plain(box, last(box.dm("ana"))).startswith("Slack did not take your announcement")
    assert "FIRST" not in "".join(in_the_channel(box))
    box.press("ana", "Post it again", where=box.dm("ana")[-1])
    assert in_the_channel(box)[-1].endswith("> Ask FIRST.")


def test_who_answers_the_look_back_is_asked_one_more_thing_on_the_next_working_day(town: Town) -> None:
    box = town(after=short_months)
    box.advance_to(on("2027-03-15", "10:00"))
    assert "> What went well for you in these talks?" in last(box.dm("ana"))
    box.write("ana", "He LISTENED.", thread_ts=box.dm("ana")[-1].ts)  # the talk's own question is open, too
    box.advance_to(on("2027-03-16", "10:00"))

    assert "> What could have been better for you?" in last(box.dm("ana"))
    assert not any("could have been better" in text for text in texts(box.dm("oliver"))), "he hasn't answered"
    box.write("ana", "More TIME.", thread_ts=box.dm("ana")[-1].ts)
    box.command("ana", "/flipside keepsake")
    [file] = next(message.files for message in reversed(box.dm("ana")) if message.files)
    copy = (box.space.files[file["id"]].content or b"").decode()
    assert "What went well for you in these talks?\nHe LISTENED." in copy
    assert "What could have been better for you?\nMore TIME." in copy
    assert "MINE alone" not in copy, "nothing that her partner wrote"
