"""Six months of four pairs in four zones, against a calendar written by hand.

Nothing here is computed by the code under test: for each person it says, day by day and by their own clock, which
message they get. The days off that matter: 3 and 31 May (London), 27 May (Lisbon), 5 July (New York).
The clocks go forward on 14 March in New York and on 28 March in Europe.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from conftest import Town
from flows import calendar_names
from flows.telling import book, join, publish, set_up

from sandbox import Sandbox
from sandbox.records import Message

LISBON, LONDON = ZoneInfo("Europe/Lisbon"), ZoneInfo("Europe/London")
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")

SAYS = {
    **calendar_names.SAYS,
    "are half-way": "half-way",
    "It may be a good moment": "aims",
    "a look back:": "look back",
    "How would you like to go on?": "going on",
    "Your regular talks with": "farewell",
    "has ended. Pairs end": "partner left",
    "You have left": "left",
}

# Ana in Lisbon mentors Oliver in London. They meet month by month; he answers, or she does, or nobody.
ANA = """
    Mon 01 Mar 08:00 joined
    Fri 05 Mar 09:00 preparation
    Wed 10 Mar 09:00 reminder
    Thu 11 Mar 09:00 check-in
    Mon 15 Mar 09:00 reflection
    Mon 15 Mar 12:00 kept
    Mon 12 Apr 09:00 preparation
    Thu 15 Apr 09:00 reminder
    Fri 16 Apr 09:00 check-in
    Mon 10 May 09:00 reflection
    Mon 24 May 09:00 preparation
    Wed 26 May 09:00 reminder
    Fri 28 May 09:00 check-in
    Mon 31 May 09:00 reflection
    Wed 02 Jun 09:00 half-way
    Fri 04 Jun 09:00 aims
    Tue 15 Jun 09:00 preparation
    Fri 18 Jun 09:00 reminder
    Mon 21 Jun 09:00 check-in
    Wed 23 Jun 09:00 reflection
    Thu 01 Jul 10:05 preparation
    Mon 05 Jul 09:00 reminder
    Tue 06 Jul 09:00 check-in
    Thu 08 Jul 10:05 reflection
    Wed 18 Aug 09:00 look back
    Fri 20 Aug 09:00 going on
    Wed 01 Sep 09:00 farewell
"""
OLIVER = """
    Mon 01 Mar 08:00 joined
    Fri 05 Mar 09:00 preparation
    Wed 10 Mar 09:00 reminder
    Thu 11 Mar 09:00 check-in
    Mon 15 Mar 09:00 reflection
    Thu 01 Apr 09:00 month
    Mon 12 Apr 09:00 preparation
    Thu 15 Apr 09:00 reminder
    Fri 16 Apr 09:00 check-in
    Tue 04 May 09:00 month
    Mon 10 May 09:00 reflection
    Tue 11 May 09:00 still no date
    Mon 24 May 09:00 preparation
    Thu 27 May 09:00 reminder
    Fri 28 May 09:00 check-in
    Tue 01 Jun 09:00 reflection + month
    Thu 03 Jun 09:00 half-way
    Mon 07 Jun 09:00 aims
    Tue 08 Jun 09:00 still no date
    Tue 15 Jun 09:00 preparation
    Fri 18 Jun 09:00 reminder
    Mon 21 Jun 09:00 check-in
    Wed 23 Jun 09:00 reflection
    Thu 01 Jul 09:00 month
    Thu 01 Jul 10:05 preparation
    Mon 05 Jul 09:00 reminder
    Thu 08 Jul 09:00 reflection
    Mon 02 Aug 09:00 month
    Mon 09 Aug 09:00 still no date
    Wed 18 Aug 09:00 look back
    Fri 20 Aug 09:00 going on
    Wed 01 Sep 09:00 farewell
"""
ANA_AND_OLIVER = """
    Mon 01 Mar 09:00 introduction
    Mon 01 Mar 10:00 planned
    Thu 01 Apr 12:00 planned
    Wed 12 May 09:30 planned
    Wed 09 Jun 10:00 planned
    Thu 01 Jul 10:00 planned
"""

# Jamal in New York mentors Isabel in Lisbon. The first date is moved twice, the second month is let go. She sets dates
# before he is up: she hears at once, the group when he is at work.
JAMAL = """
    Mon 01 Mar 03:00 joined
    Tue 09 Mar 09:00 preparation
    Mon 15 Mar 09:00 reminder
    Mon 22 Mar 09:00 reminder
    Tue 23 Mar 09:00 check-in
    Thu 25 Mar 09:00 reflection
    Mon 19 Apr 09:00 preparation
    Thu 22 Apr 09:00 reminder
    Wed 02 Jun 09:00 half-way
    Fri 04 Jun 09:00 aims
    Wed 18 Aug 09:00 look back
    Fri 20 Aug 09:00 going on
    Wed 01 Sep 09:00 farewell
"""
ISABEL = """
    Mon 01 Mar 08:00 joined
    Wed 03 Mar 14:00 no date
    Tue 09 Mar 09:00 preparation
    Thu 11 Mar 12:00 booked
    Tue 16 Mar 09:00 reminder
    Wed 17 Mar 09:00 check-in
    Wed 17 Mar 10:00 booked
    Mon 22 Mar 09:00 reminder
    Tue 23 Mar 09:00 check-in
    Thu 25 Mar 09:00 reflection
    Thu 01 Apr 09:00 month
    Thu 01 Apr 10:00 booked
    Mon 19 Apr 09:00 preparation
    Thu 22 Apr 09:00 reminder
    Fri 23 Apr 09:00 check-in
    Mon 03 May 09:00 month
    Mon 10 May 09:00 still no date
    Tue 01 Jun 09:00 month
    Wed 02 Jun 09:00 half-way
    Fri 04 Jun 09:00 aims
    Tue 08 Jun 09:00 still no date
    Thu 01 Jul 09:00 month
    Thu 08 Jul 09:00 still no date
    Wed 18 Aug 09:00 look back
    Fri 20 Aug 09:00 going on
    Wed 01 Sep 09:00 farewell
"""
JAMAL_AND_ISABEL = """
    Mon 01 Mar 14:00 introduction
    Wed 03 Mar 15:00 planned
    Thu 11 Mar 14:00 moved
    Wed 17 Mar 13:00 moved
    Thu 01 Apr 14:00 planned
"""

# Cem in Berlin mentors Sofia in Lisbon, who never finds a date. In May he leaves.
CEM = """
    Mon 01 Mar 09:00 joined
    Wed 05 May 12:00 left
"""
SOFIA = """
    Mon 01 Mar 08:00 joined
    Wed 03 Mar 09:00 no date
    Mon 08 Mar 09:00 still no date
    Thu 01 Apr 09:00 month
    Thu 08 Apr 09:00 still no date
    Mon 03 May 09:00 month
    Wed 05 May 11:00 partner left
"""
CEM_AND_SOFIA = """
    Mon 01 Mar 09:00 introduction
"""

# Bea in London mentors Marcus in New York. They meet the very next day; from April to mid-June he pauses.
BEA = """
    Mon 01 Mar 08:00 joined
    Mon 01 Mar 15:05 preparation
    Tue 02 Mar 09:00 reminder
    Wed 03 Mar 09:00 check-in
    Mon 08 Mar 15:05 reflection
    Thu 01 Apr 16:00 paused
    Mon 14 Jun 15:00 goes on
    Mon 14 Jun 15:00 half-way
    Wed 16 Jun 09:00 aims
    Wed 18 Aug 09:00 look back
    Fri 20 Aug 09:00 going on
    Wed 01 Sep 14:00 farewell
"""
MARCUS = """
    Mon 01 Mar 03:00 joined
    Mon 01 Mar 10:05 preparation
    Wed 03 Mar 09:00 check-in
    Fri 05 Mar 09:00 reflection
    Thu 01 Apr 09:00 month
    Mon 14 Jun 10:00 half-way + still no date
    Wed 16 Jun 09:00 aims
    Thu 01 Jul 09:00 month
    Thu 08 Jul 09:00 still no date
    Mon 02 Aug 09:00 month
    Mon 09 Aug 09:00 still no date
    Wed 18 Aug 09:00 look back
    Fri 20 Aug 09:00 going on
    Wed 01 Sep 09:00 farewell
"""
BEA_AND_MARCUS = """
    Mon 01 Mar 14:00 introduction
    Mon 01 Mar 15:00 planned
"""


def begin(box: Sandbox) -> None:
    set_up(box)
    for mentor, mentee, topic in (
        ("ana", "oliver", "AI tools in daily work"),
        ("jamal", "isabel", "Working with data"),
        ("cem", "sofia", "Remote and hybrid work"),
        ("bea", "marcus", "How customers see us"),
    ):
        join(box, mentor, "Mentor", [topic])
        join(box, mentee, "Mentee", [topic])
    publish(box)


def at(box: Sandbox, zone: ZoneInfo, moment: str) -> None:
    """Time goes on to that moment of 2027 by this zone's clocks."""
    box.advance_to(datetime.strptime(f"2027 {moment}", "%Y %d %b %H:%M").replace(tzinfo=zone))


def met(box: Sandbox, who: str) -> None:
    box.press(who, "We met")
    box.close(who)


def live(box: Sandbox) -> None:
    """What the eight of them do in these six months, in the order of time."""
    at(box, LONDON, "01 Mar 10:00")
    book(box, "oliver", "2027-03-10", "14:00")
    at(box, NEW_YORK, "01 Mar 10:00")
    book(box, "marcus", "2027-03-02", "09:30")
    at(box, LISBON, "03 Mar 15:00")
    book(box, "isabel", "2027-03-12", "15:00")
    met(box, "marcus")
    at(box, LONDON, "11 Mar 12:00")
    met(box, "oliver")
    book(box, "isabel", "2027-03-16", "13:30", button="Move it")
    at(box, LISBON, "15 Mar 12:00")
    box.write("ana", "How decisions are made, step by step.")
    at(box, LISBON, "17 Mar 10:00")
    book(box, "isabel", "2027-03-22", "14:00", button="Not yet, pick a new date")
    at(box, LISBON, "23 Mar 15:00")
    met(box, "jamal")
    at(box, LISBON, "01 Apr 10:00")
    book(box, "isabel", "2027-04-22", "16:00")
    at(box, LONDON, "01 Apr 12:00")
    book(box, "oliver", "2027-04-15", "11:00")
    at(box, NEW_YORK, "01 Apr 11:00")
    box.command("marcus", "/flipside pause")
    at(box, LISBON, "23 Apr 10:00")
    box.press("isabel", "We won't this month")
    at(box, BERLIN, "05 May 12:00")
    box.command("cem", "/flipside leave")
    box.press("cem", "Leave the programme")
    at(box, LONDON, "06 May 10:00")
    met(box, "ana")
    at(box, LONDON, "12 May 09:30")
    book(box, "oliver", "2027-05-27", "15:00")
    at(box, LONDON, "28 May 10:00")
    met(box, "oliver")
    at(box, LONDON, "09 Jun 10:00")
    book(box, "oliver", "2027-06-18", "10:00")
    at(box, NEW_YORK, "14 Jun 10:00")
    box.command("marcus", "/flipside resume")
    at(box, LONDON, "21 Jun 11:00")
    met(box, "oliver")
    at(box, LONDON, "01 Jul 10:00")
    book(box, "oliver", "2027-07-05", "16:00")
    at(box, LISBON, "06 Jul 10:00")
    met(box, "ana")
    at(box, LISBON, "30 Sep 12:00")


def calendar(box: Sandbox, messages: list[Message], zone: ZoneInfo) -> list[str]:
    """The bot's messages as lines of a calendar, by this zone's clocks."""
    said = [message for message in messages if message.user == box.bot_id and not message.ephemeral]
    return [f"{message.time.astimezone(zone):%a %d %b %H:%M} {named(message.text)}" for message in said]


def named(text: str) -> str:
    """What a message is, by its words; parts of a merged one in their order."""
    found = sorted((text.index(words), name) for words, name in SAYS.items() if words in text)
    return " + ".join(name for _, name in found) or f"UNKNOWN: {text}"


def lines(calendar: str) -> list[str]:
    return [line.strip() for line in calendar.strip().splitlines()]


def questions(box: Sandbox, who: str) -> list[str]:
    return [line for message in box.dm(who) for line in message.text.splitlines() if line.startswith("> ")]


@pytest.mark.long
def test_everybody_gets_what_the_calendar_says_on_the_day_it_says(town: Town) -> None:
    """On PostgreSQL; as long a story on SQLite is in `test_transcript.py`."""
    box = town("postgresql")
    begin(box)

    live(box)

    assert calendar(box, box.dm("ana"), LISBON) == lines(ANA)
    assert calendar(box, box.dm("oliver"), LONDON) == lines(OLIVER)
    assert calendar(box, box.group("ana", "oliver"), LONDON) == lines(ANA_AND_OLIVER)
    assert calendar(box, box.dm("jamal"), NEW_YORK) == lines(JAMAL)
    assert calendar(box, box.dm("isabel"), LISBON) == lines(ISABEL)
    assert calendar(box, box.group("jamal", "isabel"), LISBON) == lines(JAMAL_AND_ISABEL)
    assert calendar(box, box.dm("cem"), BERLIN) == lines(CEM)
    assert calendar(box, box.dm("sofia"), LISBON) == lines(SOFIA)
    assert calendar(box, box.group("cem", "sofia"), LISBON) == lines(CEM_AND_SOFIA)
    assert calendar(box, box.dm("bea"), LONDON) == lines(BEA)
    assert calendar(box, box.dm("marcus"), NEW_YORK) == lines(MARCUS)
    assert calendar(box, box.group("bea", "marcus"), LONDON) == lines(BEA_AND_MARCUS)
    asked = {who: questions(box, who) for who in ("ana", "oliver", "jamal", "isabel", "bea", "marcus")}
    assert all(len(set(each)) == len(each) for each in asked.values()), "nobody is asked the same question twice"
