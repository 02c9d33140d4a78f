"""Two months of six pairs in six zones: what they do, and the calendar of what each of them gets, written by hand.

Nothing here is computed by the code under test. All times are by the clock on the wall of whoever acts or reads; a
group has the mentee's. Days off that matter: 10 March (Kolkata, Singapore), 14 and 15 April (Kolkata). The clocks go
forward on 14 March in New York and on 28 March in Europe, and back on 4 April in Auckland.
"""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox import Sandbox
from tests.flows.telling import join, publish, set_up

YEAR = 2027
TOPICS = {
    ("ana", "oliver"): "AI tools in daily work",
    ("jamal", "isabel"): "Working with data",
    ("gita", "sofia"): "Our culture and its unwritten rules",
    ("tane", "weilin"): "Remote and hybrid work",
    ("bea", "marcus"): "How customers see us",
    ("cem", "leila"): "Giving and receiving feedback",
}
THREE = (("gita", "sofia"), ("tane", "weilin"), ("bea", "marcus"))

ACTS = """
    Mon 01 Mar 10:00 oliver books 2027-03-11 14:00
    Mon 01 Mar 10:30 sofia books 2027-03-12 10:00
    Mon 01 Mar 10:00 marcus books 2027-03-09 11:00
    Tue 02 Mar 10:00 weilin books 2027-03-11 11:00
    Wed 03 Mar 15:00 isabel books 2027-03-12 15:00
    Wed 10 Mar 11:00 bea met
    Wed 10 Mar 12:00 cem parts
    Wed 10 Mar 15:00 isabel moves 2027-03-16 14:30
    Fri 12 Mar 10:00 tane met
    Fri 12 Mar 11:00 oliver met
    Mon 15 Mar 10:00 sofia met
    Mon 15 Mar 11:00 marcus pauses
    Mon 15 Mar 12:00 ana writes
    Wed 17 Mar 10:00 jamal met
    Wed 17 Mar 12:00 gita writes
    Thu 01 Apr 10:00 sofia books 2027-04-16 10:00
    Thu 01 Apr 11:00 oliver books 2027-04-15 11:00
    Mon 05 Apr 10:00 weilin books 2027-04-20 11:00
    Mon 05 Apr 10:00 marcus resumes
    Thu 08 Apr 10:00 marcus books 2027-04-14 10:00
    Fri 09 Apr 15:00 isabel books 2027-04-22 15:00
    Mon 12 Apr 11:00 oliver postpones
    Thu 15 Apr 10:00 bea met
    Fri 16 Apr 10:00 oliver met
    Mon 19 Apr 11:00 gita met
    Mon 19 Apr 11:00 oliver writes
    Wed 21 Apr 10:00 weilin met
"""
ENDS = "Wed 28 Apr 14:00"  # in London

CALENDAR = {
    # They meet month by month, and he puts one off until tomorrow.
    "ana": """
        Mon 01 Mar 08:00 joined
        Mon 08 Mar 09:00 preparation
        Thu 11 Mar 09:00 reminder
        Fri 12 Mar 09:00 check-in
        Mon 15 Mar 09:00 reflection
        Mon 15 Mar 12:00 kept
        Mon 12 Apr 09:00 preparation
        Thu 15 Apr 09:00 reminder
        Fri 16 Apr 09:00 check-in
        Mon 19 Apr 09:00 reflection
    """,
    "oliver": """
        Mon 01 Mar 08:00 joined
        Mon 08 Mar 09:00 preparation
        Thu 11 Mar 09:00 reminder
        Fri 12 Mar 09:00 check-in
        Mon 15 Mar 09:00 reflection
        Thu 01 Apr 09:00 month
        Mon 12 Apr 09:00 preparation
        Tue 13 Apr 09:00 preparation
        Thu 15 Apr 09:00 reminder
        Fri 16 Apr 09:00 check-in
        Mon 19 Apr 09:00 reflection
        Mon 19 Apr 11:00 kept
    """,
    "ana oliver": """
        Mon 01 Mar 09:00 introduction
        Mon 01 Mar 10:00 planned
        Thu 01 Apr 11:00 planned
    """,
    # She takes her time, moves the first date, and nobody says whether they met for the second time.
    "jamal": """
        Mon 01 Mar 03:00 joined
        Tue 09 Mar 09:00 preparation
        Tue 16 Mar 09:00 reminder
        Wed 17 Mar 09:00 check-in
        Fri 19 Mar 09:00 reflection
        Mon 19 Apr 09:00 preparation
        Thu 22 Apr 09:00 reminder
        Fri 23 Apr 09:00 check-in
    """,
    "isabel": """
        Mon 01 Mar 08:00 joined
        Wed 03 Mar 14:00 no date
        Tue 09 Mar 09:00 preparation
        Tue 16 Mar 09:00 reminder
        Wed 17 Mar 09:00 check-in
        Fri 19 Mar 09:00 reflection
        Thu 01 Apr 09:00 month
        Thu 08 Apr 09:00 still no date
        Mon 19 Apr 09:00 preparation
        Thu 22 Apr 09:00 reminder
        Fri 23 Apr 09:00 check-in
    """,
    "jamal isabel": """
        Mon 01 Mar 14:00 introduction
        Wed 03 Mar 15:00 planned
        Wed 10 Mar 15:00 moved
        Fri 09 Apr 15:00 planned
    """,
    # His days off are others than hers; the second time he is the first to say that they met.
    "gita": """
        Mon 01 Mar 13:30 joined
        Mon 08 Mar 09:00 preparation
        Fri 12 Mar 09:00 reminder
        Mon 15 Mar 09:00 check-in
        Wed 17 Mar 09:00 reflection
        Wed 17 Mar 12:00 kept
        Fri 09 Apr 09:00 preparation
        Fri 16 Apr 09:00 reminder
        Mon 19 Apr 09:00 check-in
        Wed 21 Apr 09:00 reflection
    """,
    "sofia": """
        Mon 01 Mar 08:00 joined
        Tue 09 Mar 09:00 preparation
        Fri 12 Mar 09:00 reminder
        Mon 15 Mar 09:00 check-in
        Wed 17 Mar 09:00 reflection
        Thu 01 Apr 09:00 month
        Tue 13 Apr 09:00 preparation
        Fri 16 Apr 09:00 reminder
        Wed 21 Apr 09:00 reflection
    """,
    "gita sofia": """
        Mon 01 Mar 09:00 introduction
        Mon 01 Mar 10:30 planned
        Thu 01 Apr 10:00 planned
    """,
    # When he is at work, she still sleeps. The first time he says that they met before she is asked.
    "tane": """
        Mon 01 Mar 21:00 joined
        Mon 08 Mar 09:00 preparation
        Thu 11 Mar 09:00 reminder
        Fri 12 Mar 09:00 check-in
        Mon 15 Mar 09:00 reflection
        Thu 15 Apr 09:00 preparation
        Tue 20 Apr 09:00 reminder
        Wed 21 Apr 09:00 check-in
        Fri 23 Apr 09:00 reflection
    """,
    "weilin": """
        Mon 01 Mar 16:00 joined
        Fri 05 Mar 09:00 preparation
        Thu 11 Mar 09:00 reminder
        Mon 15 Mar 09:00 reflection
        Fri 02 Apr 09:00 month
        Thu 15 Apr 09:00 preparation
        Tue 20 Apr 09:00 reminder
        Wed 21 Apr 09:00 check-in
        Fri 23 Apr 09:00 reflection
    """,
    "tane weilin": """
        Tue 02 Mar 09:00 introduction
        Tue 02 Mar 10:00 planned
        Mon 05 Apr 10:00 planned
    """,
    # She is asked first, and answers. He pauses for three weeks.
    "bea": """
        Mon 01 Mar 08:00 joined
        Thu 04 Mar 09:00 preparation
        Tue 09 Mar 09:00 reminder
        Wed 10 Mar 09:00 check-in
        Fri 12 Mar 09:00 reflection
        Mon 15 Mar 15:00 paused
        Mon 05 Apr 15:00 goes on
        Fri 09 Apr 09:00 preparation
        Wed 14 Apr 09:00 reminder
        Thu 15 Apr 09:00 check-in
        Mon 19 Apr 09:00 reflection
    """,
    "marcus": """
        Mon 01 Mar 03:00 joined
        Thu 04 Mar 09:00 preparation
        Tue 09 Mar 09:00 reminder
        Fri 12 Mar 09:00 reflection
        Mon 05 Apr 10:00 month
        Thu 08 Apr 09:00 still no date
        Fri 09 Apr 09:00 preparation
        Wed 14 Apr 09:00 reminder
        Mon 19 Apr 09:00 reflection
    """,
    "bea marcus": """
        Mon 01 Mar 09:00 introduction
        Mon 01 Mar 10:00 planned
        Thu 08 Apr 10:00 planned
    """,
    # They never find a date, and he ends it.
    "cem": """
        Mon 01 Mar 09:00 joined
        Wed 10 Mar 12:00 parted
    """,
    "leila": """
        Mon 01 Mar 08:00 joined
        Wed 03 Mar 09:00 no date
        Mon 08 Mar 09:00 still no date
        Wed 10 Mar 11:00 parted
    """,
    "cem leila": """
        Mon 01 Mar 09:00 introduction
    """,
}


def pair_up(box: Sandbox) -> None:
    """Twelve people join, and are paired; nobody has been introduced yet."""
    _pair_up(box, TOPICS)


def three_pair_up(box: Sandbox) -> None:
    """Six of them, as for a shorter story."""
    _pair_up(box, THREE)


def _pair_up(box: Sandbox, pairs: Collection[tuple[str, str]]) -> None:
    box.hire("tane", "Tane Walker", zone="Pacific/Auckland", country="NZ", title="Support engineer")
    set_up(box)
    facts = {"tane": {"department": "Engineering", "team": "Support", "level": "2", "manager": "jonas"}}
    for mentor, mentee in pairs:
        join(box, mentor, "Mentor", [TOPICS[mentor, mentee]], **facts.get(mentor, {}))
        join(box, mentee, "Mentee", [TOPICS[mentor, mentee]])
    publish(box)


def moment(text: str, zone: ZoneInfo) -> datetime:
    """`Mon 01 Mar 09:00` by the clocks of this zone."""
    found = datetime.strptime(f"{YEAR} {text}", "%Y %a %d %b %H:%M").replace(tzinfo=zone)
    assert f"{found:%a}" == text[:3], f"{text} is another day of the week"
    return found
