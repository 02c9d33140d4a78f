"""A date costs one press, and so does cancelling it. Both hear of it in neutral words, in their own working hours."""

from datetime import timedelta

from conftest import Town
from flows.telling import book, buttons, last, on, pair_up, plain, pressing, texts, words
from icalendar import Calendar

from sandbox import Sandbox
from sandbox.records import Json


def entry(box: Sandbox, who: str) -> Json:
    """The calendar file that came last in somebody's DM."""
    file = next(message.files[0] for message in reversed(box.dm(who)) if message.files)
    calendar = Calendar.from_ical((box.space.files[file["id"]].content or b"").decode())
    [event] = calendar.walk("VEVENT")
    return {"method": str(calendar["METHOD"]), "uid": str(event["UID"]), "sequence": int(event["SEQUENCE"])}


def read(box: Sandbox, who: str) -> str:
    """All there is to read in somebody's DM by now."""
    return "\n".join(words(box, message) for message in box.dm(who))


def test_a_suggested_time_is_booked_with_one_press_and_an_old_button_says_what_is_so(town: Town) -> None:
    box = town(after=pair_up)
    box.advance_to(on("2027-03-03", "12:00"))
    asked = box.dm("oliver")[-1]
    assert "At each of these times you are both at work." in asked.text
    first, second, _, other = buttons(asked)
    assert (first, other) == ("Mon 8 Mar, 10:00", "Pick a date")
    stale = f"1:::{int(on('2027-03-02', '10:00').timestamp())}"
    press = [pressing(box, "oliver", asked, label) for label in (first, first, second)]
    late = pressing(box, "oliver", asked, first, value=stale)

    assert box.send_payload(late).status == 200
    box.settle()
    assert "That time has gone by" in read(box, "oliver")
    for each in press:
        assert box.send_payload(each).status == 200
        box.settle()

    told = [text for text in texts(box.group("ana", "oliver")) if "has a" in text]
    assert [plain(box, text)[:44] for text in told] == ["@ana and @oliver, your talk has a date: <!da"], "once"
    assert "Your talk has another date already" in read(box, "oliver")
    assert f"<!date^{int(on('2027-03-08', '10:00').timestamp())}^" in told[0]

    box.press("ana", "Move it", where=box.group("ana", "oliver")[-1])
    moments = [label for label in buttons(box.modal("ana")) if "Mar" in label]
    assert len(moments) == 3
    box.press("ana", moments[0])
    assert "Your talk has its date" in words(box, box.modal("ana"))
    assert "has a new date" in last(box.group("ana", "oliver"))


def test_a_cancelled_date_is_told_neutrally_and_taken_out_of_calendars_and_a_second_one_brings_help(town: Town) -> None:
    box = town(after=pair_up)
    book(box, "oliver", "2027-03-16", "15:00")
    planned = box.group("ana", "oliver")[-1]
    assert buttons(planned) == ["Add to my calendar", "Move it", "Cancel it"]
    box.press("ana", "Add to my calendar", where=planned)
    box.press("ana", "Calendar file")
    box.close("ana")
    box.close("ana")
    kept = entry(box, "ana")
    assert (kept["method"], kept["sequence"]) == ("PUBLISH", 0)

    box.advance_to(on("2027-03-03", "20:00"))
    cancelling = pressing(box, "oliver", planned, "Cancel it")
    assert [box.send_payload(cancelling).status, box.send_payload(cancelling).status] == [200, 200]
    box.settle()
    assert "This talk is cancelled." in words(box, box.group("ana", "oliver")[-1])
    assert buttons(box.group("ana", "oliver")[-1]) == []
    assert plain(box, last(box.dm("oliver"))).startswith("Your talk with @ana is cancelled: ")
    assert "is cancelled" not in last(box.dm("ana")), "she is not at work"
    box.advance_to(on("2027-03-04", "09:05"))
    assert plain(box, last(box.dm("ana"))).startswith("Your talk with @oliver is cancelled: ")
    told = box.dm("ana")[-1]
    assert buttons(told) == ["Pick a new date", "Take it out of my calendar"]
    box.press("ana", "Take it out of my calendar", where=told)
    gone = entry(box, "ana")
    assert (gone["method"], gone["uid"]) == ("CANCEL", kept["uid"])
    assert gone["sequence"] > kept["sequence"]
    assert "You have no date yet." in words(box, box.open_home("ana"))

    box.advance_to(on("2027-03-05", "10:00"))
    book(box, "ana", "2027-03-17", "15:00", button="Pick a new date")
    assert "has a new date" in last(box.group("ana", "oliver"))
    box.open_home("oliver")
    box.press("oliver", "Cancel it", where="home")
    assert "This talk is cancelled." in words(box, box.modal("oliver"))
    box.close("oliver")
    assert "You have no date yet." in words(box, box.home("oliver"))
    box.advance_to(on("2027-03-08", "09:05"))
    assert plain(box, last(box.dm("ana"))).startswith("Two dates in a row with @oliver were cancelled. I'm sorry")
    assert plain(box, last(box.dm("oliver"))).startswith(
        "Two dates in a row with @ana were cancelled. That can happen."
    )
    assert "Two dates in a row" not in str([each.text for each in box.group("ana", "oliver")])
    box.open_home("ruth")
    assert "cancel" not in words(box, box.home("ruth")), "no score anywhere"
    box.command("oliver", "/flipside mydata")
    assert "cancelled by you: 2 (only you)" in words(box, box.modal("oliver")), (
        "what is stored is shown to whom it is about"
    )
    box.close("oliver")
    box.command("ana", "/flipside mydata")
    assert "cancelled by" not in words(box, box.modal("ana"))
    box.close("ana")

    book(box, "oliver", "2027-03-22", "15:00", button="Pick a date")
    box.press("ana", "Cancel it", where=box.group("ana", "oliver")[-1])
    box.command("oliver", "/flipside mydata")
    assert "cancelled by you: 2 (only you)" in words(box, box.modal("oliver")), "the mentor's own is none of his"
    box.close("oliver")

    box.advance(timedelta(days=20))
    spoken = [text for who in ("ana", "oliver") for text in texts(box.dm(who)) if "Two dates in a row" in text]
    assert len(spoken) == 2, "once"
    box.command("oliver", "/flipside note")
    assert last(box.ephemerals("oliver")) == "You can write a note once you have met.", "not of a talk that never was"
