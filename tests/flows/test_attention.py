"""What people do about a nudge that came: they put it off, want fewer of its kind, or ask why it came."""

from datetime import timedelta

from conftest import Town
from flows.telling import book, buttons, deliver, last, menu, on, pair_up, plain, pressing, texts, words, written

from sandbox import Sandbox
from sandbox.blockkit.state import interactive
from sandbox.records import Message

MENU = "nudges.menu"


def meet(box: Sandbox, day: str, at: str = "15:00") -> None:
    """They set a date, talk, and Oliver says so the next morning."""
    book(box, "oliver", day, at)
    box.advance_to(on(day, "23:00"))
    box.advance(timedelta(hours=12))
    box.press("oliver", "We met")
    box.close("oliver")


def test_what_is_put_off_comes_back_once_and_not_if_it_was_done_meanwhile(town: Town) -> None:
    box = town(after=pair_up)
    assert menu(box.dm("oliver")[0]) == [], "the answer to their own joining is a notice"
    assert menu(box.group("ana", "oliver")[0]) == []
    box.advance_to(on("2027-03-03", "10:00"))
    asked = box.dm("oliver")[-1]
    assert menu(asked) == ["Later today", "Tomorrow", "Fewer of these", "Why did I get this?"]
    assert "Pick a date" in buttons(asked)

    twice = pressing(box, "oliver", asked, MENU, selected_option={"value": f"tomorrow:{number(asked)}"})
    assert [box.send_payload(twice).status for _ in range(2)] == [200, 200]
    box.settle()
    asked = box.dm("oliver")[-1]
    assert (menu(asked), "Pick a date" in buttons(asked)) == ([], True), "what it asks can still be answered"
    assert f"I'll bring this back on <!date^{int(on('2027-03-04', '09:00').timestamp())}^" in asked.text
    box.advance_to(on("2027-03-04", "08:59"))
    assert box.dm("oliver")[-1] is asked
    box.advance_to(on("2027-03-04", "12:00"))
    again = box.dm("oliver")[-1]
    assert again.text == asked.text.partition("\nI'll bring")[0]
    assert len(box.dm("oliver")) == 3, "once, though it was pressed twice"

    box.choose("oliver", MENU, "Later today")
    book(box, "oliver", "2027-03-11", "15:00")
    box.advance_to(on("2027-03-05", "17:00"))
    assert len(box.dm("oliver")) == 3, "there is a date now"

    box.advance_to(on("2027-03-08", "10:00"))
    several = box.dm("oliver")[-1].text
    assert "Your next talk with" in several
    assert "your first talk" in several
    box.choose("oliver", MENU, "Tomorrow")
    box.advance_to(on("2027-03-09", "10:00"))
    assert box.dm("oliver")[-1].text == several, "in one message again"
    assert len(box.dm("oliver")) == 5

    box.advance_to(on("2027-03-11", "10:00"))
    assert menu(box.dm("oliver")[-1]) == ["Later today", "Fewer of these", "Why did I get this?"], "at three it is over"
    reminder = box.dm("oliver")[-1]
    late = pressing(box, "oliver", reminder, MENU, selected_option={"value": f"week:{number(reminder)}"})
    box.send_payload(late)
    box.settle()
    assert last(box.ephemerals("oliver")) == "By then it would be too late for this one, so nothing is changed."
    hers = box.dm("ana")[-1]
    forged = [{"value": f"{word}:{number(reminder)}"} for word in ("why", "fewer", "week")]
    for each in forged:
        box.send_payload(pressing(box, "ana", hers, MENU, selected_option=each))
        box.settle()
    assert [text[:12] for text in texts(box.ephemerals("ana"))[-3:]] == ["I can't find"] * 2 + ["There is not"]


def number(message: Message) -> str:
    """Of the delivery, as the menu has it."""
    [first, *_] = [element for _, element in interactive(message.blocks) if element["action_id"] == MENU]
    return str(first["options"][0]["value"].partition(":")[2])


def test_a_question_that_was_put_off_is_one_question(town: Town) -> None:
    box = town(after=pair_up)
    meet(box, "2027-03-11")
    box.advance_to(on("2027-03-15", "09:30"))
    asked = box.dm("oliver")[-1]
    assert asked.text.startswith("A question after your talk")

    box.choose("oliver", MENU, "Later today")
    box.advance_to(on("2027-03-15", "13:00"))
    assert plain(box, last(box.dm("oliver"))).startswith("A question after your talk"), "on the same day, by their wish"
    deliver(box, written(box, "oliver", "When I stopped talking.", "Ev1"))
    assert "When I stopped talking." in words(box, box.dm("oliver")[-1])
    assert "Which" not in last(box.dm("oliver")), "it is asked once, so there is nothing to choose"
    box.choose("oliver", MENU, "Next week")
    assert "nothing to bring back" in last(box.ephemerals("oliver"))


def test_fewer_is_every_second_one_then_none_and_one_press_undoes_it(town: Town) -> None:
    box = town(after=pair_up)
    book(box, "oliver", "2027-03-04", "15:00")
    box.advance_to(on("2027-03-04", "10:00"))
    box.choose("oliver", MENU, "Why did I get this?")
    said = words(box, box.modal("oliver"))
    assert "On the morning of a talk each of you is reminded of it" in said
    assert "in your working hours by the clock of Europe/London" in said
    assert "of at most 3 such messages in seven days" in said
    assert "“Fewer of these”" in said
    box.close("oliver")

    box.choose("oliver", MENU, "Fewer of these")
    half = "As you asked, every second reminder of a talk is left out."
    assert last(box.ephemerals("oliver")) == half
    assert half in words(box, box.open_home("oliver"))
    box.command("oliver", "/flipside mydata")
    assert half in words(box, box.modal("oliver"))
    box.close("oliver")

    reminded = []
    for day, morning in (("2027-03-18", "2027-03-19"), ("2027-03-25", "2027-03-26"), ("2027-04-01", "2027-04-02")):
        box.advance_to(on(day, "08:00") - timedelta(days=6))
        book(box, "oliver", day, "15:00")
        box.advance_to(on(day, "14:30") - timedelta(hours=1))
        reminded.append(any("A reminder of your talk" in text for text in texts(box.dm("oliver"))[-2:]))
        box.advance_to(on(morning, "10:00"))
        box.press("oliver", "We met")
        box.close("oliver")
    assert reminded == [False, True, False]
    assert sum("A reminder of your talk" in text for text in texts(box.dm("ana"))) == 4, "hers come as before"

    box.press("oliver", "As before", where="home")
    assert "You get a reminder of each talk again." in words(box, box.modal("oliver"))
    box.close("oliver")
    assert half not in words(box, box.home("oliver"))
    checkin = next(message for message in reversed(box.dm("oliver")) if "One tap is enough" in message.text)
    box.choose("oliver", MENU, "Fewer of these", where=checkin)
    assert last(box.ephemerals("oliver")).startswith("This one stays")
