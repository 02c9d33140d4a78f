"""A whole programme every two weeks, and one without an end, from the same rules as the monthly one.

The monthly one has a calendar of its own: `test_six_months.py`.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from conftest import Town
from flows.telling import AI, book, buttons, join, last, on, plain, publish, set_up, texts

from sandbox import Sandbox


def pair_up(box: Sandbox, **terms: str) -> None:
    set_up(box, **terms)
    join(box, "ana", "Mentor", [AI])
    join(box, "oliver", "Mentee", [AI])
    publish(box)
    box.advance(timedelta(hours=8))
    assert box.group("ana", "oliver"), "they are introduced"


def said(box: Sandbox, who: str, words: str) -> list[date]:
    """On which days somebody was told something with these words."""
    return [message.time.date() for message in box.dm(who) if words in message.text]


def weeks(first: str, count: int, apart: int) -> Iterator[datetime]:
    return (on(first, "15:00") + timedelta(weeks=apart * number) for number in range(count))


@pytest.mark.long
def test_seven_talks_in_three_months_every_two_weeks(town: Town) -> None:
    box = town()
    pair_up(box, **{"How often a pair meets": "Every two weeks", "How long a pair goes on": "3 months"})
    channel = next(text for text in texts(box.messages("#announcements")) if "is opening" in text)
    assert "For 3 months, you meet every two weeks, each time for about 45 minutes" in channel

    for starts in weeks("2027-03-04", 7, apart=2):
        box.advance_to(starts - timedelta(days=2, hours=2))
        book(box, "oliver", f"{starts:%Y-%m-%d}", "14:00")
        box.advance_to(starts + timedelta(days=6))  # Easter is among them
        box.press("oliver", "We met")
        box.close("oliver")
    box.advance_to(on("2027-07-01"))

    opened = said(box, "oliver", "in the next two weeks?")
    assert all((day - date(2027, 3, 1)).days % 14 < 4 for day in opened), opened
    assert len(said(box, "ana", "A reminder of your talk")) == 7
    assert said(box, "oliver", "Your regular talks with") == [date(2027, 6, 1)]
    assert said(box, "oliver", "A new month") == []


def test_a_programme_without_an_end_goes_on_and_a_pair_that_sets_no_date_is_left_in_peace(town: Town) -> None:
    box = town()
    pair_up(box, **{"How long a pair goes on": "No end: as long as both like"})
    channel = next(text for text in texts(box.messages("#announcements")) if "is opening" in text)
    assert "For as long as you both like, you meet once a month" in channel
    book(box, "oliver", "2027-03-10", "15:00")
    box.advance_to(on("2027-03-11", "10:00"))
    box.press("oliver", "We met")
    box.close("oliver")

    box.advance_to(on("2028-02-01"))

    asked = said(box, "oliver", "A new month: when would you like to meet")
    assert [(day.month, day.day) for day in asked] == [(4, 1), (5, 4), (6, 1)], "three months, then silence"
    assert said(box, "oliver", "regular talks") == []
    box.open_home("oliver")
    assert "Pick a date" in buttons(box.home("oliver"))

    book(box, "oliver", "2028-03-15", "15:00")
    box.advance_to(on("2028-04-05"))
    assert plain(box, last(box.group("ana", "oliver"))).startswith("@ana and @oliver, your talk has a date")
    asked = said(box, "oliver", "A new month: when would you like to meet")
    assert [(day.year, day.month) for day in asked][3:] == [(2028, 4)], "they are in touch again"
