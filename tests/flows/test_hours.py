"""Somebody chooses when they may be written to, and how often; and has their notifications off for a while."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from conftest import Town
from flows.kept import person
from flows.telling import AI, book, buttons, join, last, on, pair_up, publish, set_up, texts, words

from sandbox import Sandbox

LONDON = ZoneInfo("Europe/London")


def came(box: Sandbox, who: str, since: datetime) -> list[str]:
    """When each message to them came since, by the clock in London."""
    return [f"{message.time.astimezone(LONDON):%a %H:%M}" for message in box.dm(who) if message.time > since]


def test_messages_come_in_the_hours_that_somebody_chose_and_not_while_they_rest(town: Town) -> None:
    box = town(after=set_up)
    join(box, "ana", "Mentor", [AI])
    join(box, "oliver", "Mentee", [AI])
    box.rest("ana", until=on("2027-03-01", "14:00"))
    publish(box)
    box.advance_to(on("2027-03-01", "17:00"))
    begun = box.now
    [introduced] = box.group("ana", "oliver")
    assert on("2027-03-01", "14:00") <= introduced.time < on("2027-03-01", "14:01"), "both are at work long before"

    box.command("oliver", "/flipside hours")
    asked = words(box, box.modal("oliver"))
    assert "In your time zone, Europe/London." in asked
    assert "Public holidays of Britain (UK) stay free." in asked
    assert "before 17:00" in box.submit("oliver", {"From": "17:00", "Until": "09:00"})["Until"]
    assert (
        box.submit(
            "oliver",
            {
                "From": "13:00",
                "Until": "18:00",
                "On these days": ["Tuesday", "Thursday"],
                "Messages a week, at most": "1",
            },
        )
        == {}
    )
    assert "I write *from 13:00 until 18:00*, on Tuesday and Thursday" in words(box, box.modal("oliver"))
    box.close("oliver")

    box.rest("oliver", since=on("2027-03-04", "12:00"), until=on("2027-03-04", "15:00"))
    box.advance_to(on("2027-03-05", "09:00"))
    assert came(box, "oliver", begun) == ["Thu 15:00"], "asked for a date on Wednesday otherwise"

    box.advance_to(on("2027-03-11", "14:59"))
    assert came(box, "oliver", begun) == ["Thu 15:00"], "once a week"
    box.advance_to(on("2027-03-11", "15:01"))
    assert came(box, "oliver", begun) == ["Thu 15:00", "Thu 15:00"], "the second question, two days late"

    box.rest("oliver", until=box.now + timedelta(days=1))
    book(box, "oliver", "2027-03-16", "15:00")
    assert "your talk has a date" in last(box.group("ana", "oliver")), "news of a date waits for nobody's rest"


def test_the_form_is_a_press_away_and_what_is_stored_can_be_seen(town: Town) -> None:
    box = town(after=pair_up)
    assert "When I may write to you" in buttons(box.open_home("ana"))

    box.press("ana", "When I may write to you", where="home")
    assert box.submit("ana", {"From": "22:00", "Until": "06:00"}) == {}
    box.close("ana")
    ana = person(box, "ana")
    assert (ana.works_from, ana.works_until, ana.work_days, ana.nudges_a_week) == (time(22), time(6), [], 3)

    box.command("ana", "/flipside profile")
    box.press("ana", "When I may write to you")
    assert box.submit("ana", {"On these days": ["Saturday"]}) == {}
    assert person(box, "ana").work_days == [5]
    box.close("ana")
    assert "Change answers" in str(box.modal("ana")), "the profile is still there"
    box.close("ana")

    box.command("ana", "/flipside mydata")
    told = words(box, box.modal("ana"))
    assert "From 22:00\nUntil 06:00\nOn Saturday\nMessages a week, at most: 3" in told
    box.command("oliver", "/flipside mydata")
    assert "22:00" not in words(box, box.modal("oliver")), "what is hers alone"
    assert not any("22:00" in text for text in texts(box.group("ana", "oliver")))
