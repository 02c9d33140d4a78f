"""The questions of a pair: the same for both, each in their words, about what the programme is for; and ideas."""

from conftest import Town
from flows.telling import AI, book, buttons, join, last, on, publish, set_up, words

from sandbox import Sandbox


def pair_up(box: Sandbox) -> None:
    """Ana mentors Oliver in a programme about how work is changing."""
    set_up(box, **{"What comes closest to it?": "How work is changing"})
    join(box, "ana", "Mentor", [AI])
    join(box, "oliver", "Mentee", [AI])
    publish(box)
    box.advance_to(on("2027-03-01", "10:00"))


def asked(box: Sandbox, who: str) -> str:
    """The question in the newest message."""
    return next(line for line in last(box.dm(who)).splitlines() if line.startswith("> "))


def test_both_get_the_same_question_in_their_own_words_and_the_second_talk_is_about_the_objective(town: Town) -> None:
    box = town()
    pair_up(box)
    book(box, "oliver", "2027-03-04", "15:00")
    box.advance_to(on("2027-03-01", "12:00"))
    assert asked(box, "ana") == "> What would help you to speak openly in these talks?"
    assert asked(box, "oliver") == "> What could you do so that your mentor can speak openly with you?"

    # The date is moved: the question stays, and comes once.
    told = len(box.dm("ana"))
    book(box, "oliver", "2027-03-05", "15:00", "Move the date")
    box.advance_to(on("2027-03-08", "12:00"))
    assert sum("Your next talk with" in message.text for message in box.dm("ana")[told:]) == 0
    box.press("ana", "We met")
    box.close("ana")
    box.advance_to(on("2027-03-10", "12:00"))
    assert asked(box, "ana") == "> When did you speak most freely in this talk?"
    assert asked(box, "oliver") == "> When did you listen best in this talk?"

    # The second talk is about what the programme is for.
    box.command("oliver", "/flipside meet")
    assert box.submit("oliver", {"Day": "2027-03-17", "Time": "15:00"}) == {}
    box.advance_to(on("2027-03-12", "12:00"))
    assert asked(box, "ana") == "> What makes a job worth staying in for you?"
    assert asked(box, "oliver") == "> What do you think makes people stay here, and how sure are you?"
    box.advance_to(on("2027-03-18", "12:00"))
    box.press("oliver", "We met")
    box.close("oliver")
    box.write("oliver", "nothing is asked yet")
    box.advance_to(on("2027-03-22", "12:00"))
    assert asked(box, "ana") == "> What did you say about work that you are seldom asked about?"
    box.write("ana", "About the hours.", thread_ts=box.dm("ana")[-1].ts)  # the first talk's question is open, too
    box.settle()
    box.command("ana", "/flipside mydata")
    stored = words(box, box.modal("ana"))
    assert "Its question before the talk: “What would help you to speak openly in these talks?”" in stored
    assert "“What did you say about work that you are seldom asked about?” — About the hours." in stored


def test_whoever_looks_for_a_question_finds_their_months_theme_and_from_there_all_others(town: Town) -> None:
    box = town()
    box.command("oliver", "/flipside ideas")
    assert last(box.ephemerals("oliver")).startswith("These questions are for people who take part.")
    pair_up(box)

    box.command("oliver", "/flipside ideas")
    first = words(box, box.modal("oliver"))
    assert "Your next talk with @ana is about this." in first
    assert "*Before a talk*\n• What do you think makes people stay here, and how sure are you?" in first
    assert "• What could you do so that your mentor can speak openly with you?" in first
    assert "What would help you to speak openly" not in first, "that is his mentor's side"
    assert "Page 1 of 12." in first
    box.press("oliver", "More")
    assert "*After a talk*\n• What matters to your mentor at work that you did not expect?" in words(
        box, box.modal("oliver")
    )
    box.choose("oliver", "ideas.theme", "Into practice")
    practice = words(box, box.modal("oliver"))
    assert "• What could you let people try for a month, just to see?" in practice
    assert "is about this" not in practice
    box.press("oliver", "Back")
    assert "Page 6 of 12." in words(box, box.modal("oliver"))
    box.choose("oliver", "ideas.theme", "Into practice")
    assert words(box, box.modal("oliver")) == practice
    box.close("oliver")

    box.command("ana", "/flipside ideas beyond")
    assert "• Which of the things you talk about would you be glad for others to hear?" in words(box, box.modal("ana"))
    box.close("ana")
    box.open_home("ana")
    box.press("ana", "Questions to talk about", where="home")
    assert "Your next talk with @oliver is about this." in words(box, box.modal("ana"))
    box.close("ana")
    box.write("ana", "ideas")
    assert buttons(box.dm("ana")[-1]) == ["Ideas"]
    box.command("ana", "/flipside leave")
    box.press("ana", "Leave the programme")
    box.command("ana", "/flipside ideas")
    assert last(box.ephemerals("ana")).startswith("These questions are for people who take part.")
