"""A pair books its meetings, moves them, says whether they met, and keeps what it wants to keep."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from conftest import Town
from flows.telling import (
    AI,
    begin,
    book,
    buttons,
    everything_told,
    join,
    last,
    on,
    pair_up,
    plain,
    pressing,
    publish,
    set_up,
    texts,
    words,
)
from icalendar import Calendar

from sandbox import Sandbox
from sandbox.blockkit.state import interactive
from sandbox.records import Json, Message


def calendar_file(box: Sandbox, who: str, where: Message) -> dict[str, object]:
    """Presses the button and opens the file that comes in the DM."""
    box.press(who, "Add to my calendar", where=where)
    box.press(who, "Calendar file")
    box.close(who)
    box.close(who)
    [file] = box.dm(who)[-1].files if box.dm(who)[-1].files else box.dm(who)[-2].files
    content = box.space.files[file["id"]].content or b""
    assert file["name"].endswith(".ics")
    [event] = Calendar.from_ical(content.decode()).walk("VEVENT")
    return {
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "starts": event.decoded("DTSTART"),
        "lasts": event.decoded("DTEND") - event.decoded("DTSTART"),
        "title": str(event["SUMMARY"]),
    }


def moment(at: datetime) -> str:
    """How a message names a moment, for each reader's own clock."""
    return f"<!date^{int(at.timestamp())}^"


def test_a_date_is_picked_in_ones_own_zone_and_moved_with_the_calendar_following(town: Town) -> None:
    box = town()
    pair_up(box, "ana", "marcus")  # Lisbon and New York

    box.press("marcus", "Pick a date")
    assert box.submit("marcus", {"Day": "2027-02-26", "Time": "10:00"}) == {
        "Day": "That is in the past. Choose a day to come."
    }
    assert box.submit("marcus", {"Day": "2027-03-14", "Time": "02:30"}) == {
        "Time": "The clocks go forward that night, and this time doesn't exist. Choose another."
    }
    [said] = box.submit("marcus", {"Day": "2028-03-14", "Time": "10:00"}).values()
    assert said == "That is after your programme's last day. Choose an earlier one."
    assert box.submit("marcus", {"Day": "2027-03-18", "Time": "10:00"}) == {}

    planned = box.group("ana", "marcus")[-1]
    first = on("2027-03-18", "14:00")  # New York has put its clocks forward by then, Lisbon has not
    assert plain(box, planned.text).startswith("@ana and @marcus, your talk has a date: " + moment(first))
    entry = calendar_file(box, "ana", planned)
    assert entry["starts"] == first
    assert (entry["sequence"], entry["lasts"]) == (0, timedelta(minutes=45))
    assert entry["title"] == "Marcus Reid and Ana Duarte"
    box.press("ana", "Add to my calendar", where=planned)
    links = [element["url"] for _, element in interactive((box.modal("ana") or {})["blocks"]) if "url" in element]
    assert [urlsplit(link).netloc for link in links] == [
        "calendar.google.com",
        "outlook.live.com",
        "outlook.office.com",
    ]
    assert parse_qs(urlsplit(links[0]).query)["dates"] == ["20270318T140000Z/20270318T144500Z"]
    box.press("ana", "Google Calendar")
    box.close("ana")

    box.press("ana", "Move it", where=planned)
    form = box.modal("ana") or {}
    shown = {block["block_id"]: block["element"] for block in form["blocks"] if block["type"] == "input"}
    assert shown["day"]["initial_date"] == "2027-03-18"
    assert shown["time"]["initial_time"] == "14:00", "it is two in the afternoon in Lisbon"
    assert box.submit("ana", {}) == {}
    assert box.group("ana", "marcus")[-1] is planned, "the same date again is no news"

    book(box, "ana", "2027-03-19", "15:00", "Move it")
    moved = box.group("ana", "marcus")[-1]
    second = on("2027-03-19", "15:00")
    assert plain(box, moved.text).startswith("@ana and @marcus, your talk has a new date: " + moment(second))
    again = calendar_file(box, "marcus", moved)
    assert (again["uid"], again["sequence"], again["starts"]) == (entry["uid"], 1, second)
    assert calendar_file(box, "ana", planned)["sequence"] == 1, "the old button gives the new date"

    box.advance_to(on("2027-03-19", "16:00"))
    reminders = [text for text in texts(box.dm("marcus")) if text.startswith("A reminder")]
    assert [moment(second) in text for text in reminders] == [True], "one reminder, of the date that counts"
    assert sum("think about before then" in text for text in texts(box.dm("marcus"))) == 1


def test_not_yet_finds_a_new_date_and_not_this_month_waits_for_the_next(town: Town) -> None:
    box = town(after=pair_up)
    book(box, "oliver", "2027-03-11", "15:00")
    box.advance_to(on("2027-03-12", "10:00"))
    assert buttons(box.dm("oliver")[-1]) == ["We met", "Not yet, pick a new date", "We won't this month"]

    box.press("oliver", "Not yet, pick a new date")
    assert box.submit("oliver", {"Day": "2027-03-18", "Time": "11:00"}) == {}
    assert plain(box, last(box.group("ana", "oliver"))).startswith("@ana and @oliver, your talk has a new date")

    # Ana's question about the first date still has its buttons: a late answer doesn't settle the new one.
    asked = box.dm("ana")[-1]
    late = [pressing(box, "ana", asked, "We met"), pressing(box, "ana", asked, "We won't this month")]
    assert [box.send_payload(press).status for press in late] == [200, 200]
    box.settle()
    box.command("oliver", "/flipside pair")
    assert "You meet <!date^" in last(box.ephemerals("oliver"))
    assert "You have met" not in last(box.ephemerals("oliver"))
    box.advance_to(on("2027-03-19", "10:00"))
    assert sum("A reminder" in text for text in texts(box.dm("oliver"))) == 2, "the new date gets its reminder"
    assert sum("Did you and" in text for text in texts(box.dm("oliver"))) == 2, "and is asked about too"

    box.press("oliver", "We won't this month")
    assert "Not this month, then." in words(box, box.dm("oliver")[-1])
    assert buttons(box.dm("oliver")[-1]) == []
    so_far = len(box.dm("oliver"))
    box.advance_to(on("2027-04-01", "07:59"))
    assert len(box.dm("oliver")) == so_far, "no reflection, no question for a date"
    box.advance_to(on("2027-04-01", "08:01"))
    assert last(box.dm("oliver")).startswith("A new month: when would you like to meet")

    # At the end of a talk they set the date of the next one: they are asked about the first all the same.
    book(box, "oliver", "2027-04-08", "10:00")
    box.advance_to(on("2027-04-08", "10:50"))
    book(box, "oliver", "2027-05-06", "10:00", button="Pick a date")
    box.advance_to(on("2027-04-09", "10:00"))
    assert "Did you and" in last(box.dm("ana"))
    box.press("oliver", "We met", where=box.dm("oliver")[-1])
    box.close("oliver")
    box.command("oliver", "/flipside pair")
    assert "You have met once." in last(box.ephemerals("oliver"))
    assert f"You meet {moment(on('2027-05-06', '09:00'))}" in last(box.ephemerals("oliver"))


def test_notes_are_read_by_whom_they_are_for_and_actions_come_back_until_they_are_done(town: Town) -> None:
    box = town(after=pair_up)
    book(box, "oliver", "2027-03-11", "15:00")
    box.advance_to(on("2027-03-12", "10:00"))

    box.press("oliver", "We met")
    actions = "SENDTHEMINUTES\n\n Invite "
    noted = {"private": "I TALKEDTOOMUCH.", "shared": "ASKEARLIER about plans.", "actions": actions}
    noted |= {"due": "2027-04-01"}
    assert box.submit("oliver", noted) == {}
    box.command("ana", "/flipside note")
    assert box.submit("ana", {"private": "He WASKIND."}) == {}

    of_oliver, of_ana = words(box, box.open_home("oliver")), words(box, box.open_home("ana"))
    assert "> I TALKEDTOOMUCH.\nWritten by you, for you alone" in of_oliver
    assert "> ASKEARLIER about plans.\nWritten by you, for both of you" in of_oliver
    assert "You: SENDTHEMINUTES" in of_oliver
    assert "> ASKEARLIER about plans.\nWritten by @oliver, for both of you" in of_ana
    assert "> He WASKIND.\nWritten by you, for you alone" in of_ana
    assert "@oliver: SENDTHEMINUTES" in of_ana
    assert "TALKEDTOOMUCH" not in of_ana
    assert "WASKIND" not in of_oliver
    assert "Done" not in buttons(box.home("ana")), "what he will do is his to tick off"

    box.advance_to(on("2027-04-01", "10:00"))
    book(box, "oliver", "2027-04-08", "11:00")
    box.advance_to(on("2027-04-05", "10:00"))
    assert "you could begin with it:\n• SENDTHEMINUTES (by Thu 1 Apr)\n• Invite (by Thu 1 Apr)" in last(
        box.dm("oliver")
    )
    assert last(box.dm("ana")).startswith("Your next talk with")
    assert "SENDTHEMINUTES" not in last(box.dm("ana"))

    first, second = (button["value"] for button in dones(box.dm("oliver")[-1].blocks))
    box.press("oliver", "Done", where=box.dm("oliver")[-1], value=first)
    assert "Done: SENDTHEMINUTES" in words(box, box.dm("oliver")[-1])
    assert [button["value"] for button in dones(box.dm("oliver")[-1].blocks)] == [second], "the rest stays"
    assert "You: SENDTHEMINUTES" not in words(box, box.home("oliver"))
    assert "You: Invite (by Thu 1 Apr)" in words(box, box.home("oliver"))
    assert "SENDTHEMINUTES" not in words(box, box.home("ana")), "his partner's Home is drawn anew"
    box.press("oliver", "Done", where="home")
    assert "Invite" not in words(box, box.home("oliver"))
    assert "TALKEDTOOMUCH" not in everything_told(box, but="oliver")
    assert "WASKIND" not in everything_told(box, but="ana")


def dones(blocks: list[Json]) -> list[Json]:
    return [block["accessory"] for block in blocks if block.get("accessory")]


def test_a_pause_holds_everything_and_going_on_goes_on(town: Town) -> None:
    box = town(after=pair_up)
    book(box, "oliver", "2027-03-11", "15:00")
    box.advance_to(on("2027-03-09", "10:00"))
    assert begin(box, box.dm("ana")[1:], ["Your next talk with @oliver"]) == ["Your next talk with @oliver"]

    box.command("oliver", "/flipside pause")
    box.command("oliver", "/flipside pause")
    assert last(box.ephemerals("oliver")).startswith("You're paused.")
    told = ["Your next talk with @oliver", "Your talks with @oliver are paused for now."]
    box.advance_to(on("2027-03-15", "10:00"))
    assert begin(box, box.dm("ana")[1:], told) == told, "no reminder, no question, and one word about the pause"

    box.command("oliver", "/flipside resume")
    box.advance(timedelta(hours=1))
    told += ["Your talks with @oliver can go on.", "Did you and @oliver meet?"]
    assert begin(box, box.dm("ana")[1:], told) == told
    assert plain(box, last(box.dm("oliver"))).startswith("Did you and @ana meet?")
    assert "paused" not in words(box, box.open_home("oliver"))


def test_somebody_with_two_pairs_is_asked_which_one_they_mean(town: Town) -> None:
    """In two programmes, since a mentor takes one partner in each."""
    box = town(after=pair_up)
    set_up(box, Name="Second Look")
    join(box, "ana", "Mentor", [AI])
    join(box, "sofia", "Mentee", [AI], into="Second Look")
    publish(box, "2")
    box.advance_to(on("2027-03-02", "10:00"))
    home = words(box, box.open_home("ana"))
    assert "You and Oliver Hartley" in home
    assert "You and Sofia Almeida" in home

    box.command("ana", "/flipside meet")
    asked = box.ephemerals("ana")[-1]
    assert buttons(asked) == ["With Oliver Hartley", "With Sofia Almeida"]
    book(box, "ana", "2027-03-11", "10:00", "With Sofia Almeida")
    assert "your talk has a date" in last(box.group("ana", "sofia"))
    assert len(box.group("ana", "oliver")) == 1

    box.command("ana", "/flipside pair")
    box.press("ana", "With Sofia Almeida")
    assert box.modal("ana") is None, "who asks for a pair is shown the pair, not the form for a date"
    assert "your mentee in *Second Look*" in last(box.ephemerals("ana"))
