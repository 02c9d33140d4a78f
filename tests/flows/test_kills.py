"""The bot is killed at the worst moments and started again: nothing is doubled, nothing is lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from conftest import Town
from flows.telling import (
    AI,
    begin,
    book,
    everything_told,
    join,
    last,
    on,
    pair_up,
    publish,
    set_up,
    survive,
    texts,
    words,
)

from sandbox import Sandbox
from sandbox.faults import POINTS, Point

# What everybody got by the end of the month, written down from a month without a kill.
CHANNEL = ["*Look Up* is opening.", "The kick-off is on Friday."]
GROUP = ["@ana and @oliver, please meet each other", "@ana and @oliver, your talk has a date"]
ANA = [
    "You have joined *Look Up* as a mentor.",
    "Your next talk with @oliver",
    "A reminder of your talk with @oliver",
    "Did you and @oliver meet?",
    "A question after your talk with @oliver:\n> When did you speak most freely in this talk?",
    "How she listens.",
    "Thank you, your answer is kept.",
]
OLIVER = [
    "You have joined *Look Up* as a mentee.",
    "Your next talk with @ana",
    "A reminder of your talk with @ana",
    "Did you and @ana meet?",
    "A question after your talk with @ana:\n> When did you listen best in this talk?",
]
PAIRED = "The pairs of *Look Up*: 1 of 1 introduced, none still to come."
ASKED_OF_RUTH = [PAIRED, "Slack did not say whether your announcement was posted. Please look in <#C0ANNOUNCE>"]

BEFORE: Point = "before_storing"
STORED: Point = "after_storing"
ANSWERED: Point = "after_answering"
Happens = Callable[[], object]


class Luck:
    """Each thing that happens meets the next point of a kill; where there is none, it just happens. A number is that
    of a bot that is killed before, and back after it."""

    def __init__(self, box: Sandbox, *points: Point | int) -> None:
        self.box = box
        self.points = list(points)

    def meets(self, happens: Happens) -> None:
        point = self.points.pop(0) if self.points else None
        if point is None:
            happens()
        elif isinstance(point, int):
            self.box.kill_bot(point)
            happens()
            self.box.start_bot()
        else:
            survive(self.box, point, happens)


def a_month(box: Sandbox, luck: Luck) -> None:
    set_up(box)
    luck.meets(lambda: join(box, "ana", "Mentor", [AI]))
    join(box, "oliver", "Mentee", [AI])
    publish(box)
    luck.meets(lambda: box.advance_to(on("2027-03-01", "09:00")))  # the introduction
    luck.meets(lambda: book(box, "oliver", "2027-03-11", "15:00"))
    luck.meets(lambda: box.advance_to(on("2027-03-08", "09:00")))  # the preparation
    luck.meets(lambda: box.advance_to(on("2027-03-11", "09:00")))  # the reminder
    luck.meets(lambda: box.advance_to(on("2027-03-12", "09:00")))  # "did you meet?"
    box.press("oliver", "We met")
    box.submit("oliver", {"private": "She knows more than I do."})
    luck.meets(lambda: box.advance_to(on("2027-03-15", "09:01")))  # the question to look back
    luck.meets(lambda: box.write("ana", "How she listens."))
    luck.meets(lambda: announce(box, "The kick-off is on Friday."))


def announce(box: Sandbox, text: str) -> None:
    box.command("ruth", "/flipside announce")
    box.submit("ruth", {"What would you like to say?": text})
    box.submit("ruth", {})


def test_a_month_without_a_kill(town: Town) -> None:
    box = town()

    a_month(box, Luck(box))
    box.advance_to(on("2027-03-20"))

    they_got_what_a_month_brings(box)
    assert begin(box, box.dm("ruth"), [PAIRED]) == [PAIRED]


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "clocks_off", "points"),
    [
        ("sqlite", (0,), (BEFORE, STORED, ANSWERED, BEFORE, STORED, ANSWERED, BEFORE, STORED, ANSWERED)),
        ("postgresql", (0, 3), (2, ANSWERED, BEFORE, STORED, 1, 2, STORED, ANSWERED, BEFORE)),
    ],
)
def test_a_month_goes_on_with_a_kill_at_each_message(
    town: Town, kind: str, clocks_off: tuple[int, ...], points: tuple[Point | int, ...]
) -> None:
    """On PostgreSQL with two bots, one of which goes before. Whichever speaks is killed; at times one is down."""
    box = town(kind, bots=len(clocks_off), clocks_off=clocks_off)

    a_month(box, Luck(box, *points))
    # The last of the kills met the announcement, so its author is asked.
    box.press("ruth", "Post it again" if points[-1] == BEFORE else "It is there")
    box.advance_to(on("2027-03-20"))

    killed = sum(point in POINTS for point in points)
    assert box.kills == dict.fromkeys((BEFORE, STORED, ANSWERED), killed // 3), "each kind of kill, as often"
    assert all(box.callers[number + 1, "chat.postMessage"] for number in range(len(clocks_off))), "each bot sends"
    they_got_what_a_month_brings(box)
    assert begin(box, box.dm("ruth"), ASKED_OF_RUTH) == ASKED_OF_RUTH
    box.command("ana", "/flipside mydata")
    assert words(box, box.modal("ana")).count("How she listens.") == 1, "the answer is kept once"


def they_got_what_a_month_brings(box: Sandbox) -> None:
    assert begin(box, box.messages("#announcements"), CHANNEL) == CHANNEL
    assert begin(box, box.group("ana", "oliver"), GROUP) == GROUP
    assert begin(box, box.dm("ana"), ANA) == ANA
    assert begin(box, box.dm("oliver"), OLIVER) == OLIVER
    assert box.dm("noor") == []


def test_an_unclear_announcement_is_not_posted_twice_by_itself_and_its_author_decides(town: Town) -> None:
    box = town(after=set_up)

    survive(box, "after_storing", lambda: announce(box, "The kick-off is on Friday."))
    box.advance(timedelta(days=1))
    assert texts(box.messages("#announcements"))[1:] == ["The kick-off is on Friday.\nFrom <@U0RUTHADEY>"]
    assert begin(box, box.dm("ruth"), ASKED_OF_RUTH[1:]) == ASKED_OF_RUTH[1:]
    box.press("ruth", "It is there")
    box.advance(timedelta(days=1))
    assert len(box.messages("#announcements")) == 2, "nothing is posted again"
    assert "Good: it is there." in words(box, box.dm("ruth")[0])

    survive(box, "before_storing", lambda: announce(box, "Bring a question."))
    box.advance(timedelta(days=1))
    assert len(box.messages("#announcements")) == 2, "nothing is posted without her word"
    box.fail_next("chat.postMessage", "reset")
    box.press("ruth", "Post it again")
    box.advance(timedelta(days=1))
    assert len(box.messages("#announcements")) == 2, "unclear once more, it is asked about once more"
    box.press("ruth", "Post it again", where=box.dm("ruth")[-1])
    box.advance(timedelta(days=1))
    assert texts(box.messages("#announcements"))[2:] == ["Bring a question.\nFrom <@U0RUTHADEY>"]
    assert len(box.dm("ruth")) == 3, "each attempt is asked about once"


def test_after_a_week_down_each_gets_one_message_not_a_heap_and_nothing_stale(town: Town) -> None:
    """The preparation of Wednesday and the reminder of Monday come as one, since both are still worth saying."""
    box = town(after=pair_up)
    book(box, "oliver", "2027-03-08", "15:00")
    box.advance_to(on("2027-03-02", "12:00"))

    box.kill_bot()
    box.advance_to(on("2027-03-08", "10:00"))
    box.write("ana", "Is anybody there?")
    assert len(box.dm("oliver")) == 1, "while it is down, nothing comes"
    box.start_bot()
    box.advance(timedelta(hours=1))

    _, _, *to_ana = texts(box.dm("ana"))
    reply, to_ana = sorted(to_ana, key=lambda text: "I'm a bot" not in text)
    _, to_oliver = texts(box.dm("oliver"))
    assert "A reminder of your talk" in to_ana
    assert "What would help you to speak openly" in to_ana
    assert "A reminder of your talk" in to_oliver
    assert "What could you do so that your mentor can speak openly" in to_oliver
    assert "I'm a bot" in reply

    # Down again, from before the next talk until after it: the reminder is no longer worth saying.
    book(box, "oliver", "2027-03-11", "15:00", "Move the date")
    box.kill_bot()
    box.advance_to(on("2027-03-12", "12:00"))
    box.start_bot()
    box.advance(timedelta(days=1))
    assert begin(box, box.dm("oliver")[2:], ["Did you and @ana meet?"]) == ["Did you and @ana meet?"]
    assert begin(box, box.dm("ana")[4:], ["Did you and @oliver meet?"]) == ["Did you and @oliver meet?"]


def test_a_meeting_counts_as_held_once_its_note_is_kept_whatever_was_lost_before(town: Town) -> None:
    """Killed when the form for the note had opened, but "We met" was not stored yet."""
    box = town(after=pair_up)
    book(box, "oliver", "2027-03-11", "15:00")
    box.advance_to(on("2027-03-12", "10:00"))

    box.kill_at("after_storing", "views.open")
    box.press("oliver", "We met")
    box.start_bot()
    assert box.submit("oliver", {"shared": "Ask earlier."}) == {}

    box.command("oliver", "/flipside pair")
    assert "You have met once." in last(box.ephemerals("oliver"))
    assert "Ask earlier." not in everything_told(box), "a note is told to nobody by itself"
