"""A sign-up by writing is taken up again whatever happens in between: other programmes, silence, restarts and kills."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from conftest import Town, both
from flows.kept import decided, places, records
from flows.telling import DATA, book, deliver, join, last, on, pair_up, set_up, survive, written
from flows.writing import (
    BY_WRITING,
    HOPES,
    JOINED,
    OFFERS,
    THE_SAME,
    asked,
    begin,
    open_drafts,
    say,
    say_in_thread,
    told_of,
)

from sandbox import Sandbox
from sandbox.faults import Point
from store import drafts
from store.models import Draft, Side

# Several programmes, and what changes meanwhile


def test_where_there_are_two_programmes_it_asks_which_and_keeps_them_apart(town: Town) -> None:
    box = town(after=set_up)
    set_up(box, Name="Look Around")

    begin(box)
    assert last(box.ephemerals("ana")).startswith("Which programme would you like to join?")
    with records(box) as db:
        look_around = db.query(Draft).all()
    assert look_around == []
    box.press("ana", "I'd rather write", where=box.ephemerals("ana")[-1])
    assert "Let's begin with *Look Around*." in last(box.dm("ana"))
    assert "*Look Around*" in say(box, "stop")


def test_a_programme_that_closes_meanwhile_is_said_and_nothing_is_kept(town: Town) -> None:
    box = town(after=set_up)
    begin(box)
    say(box, "mentor")
    decided(box, signup_until=box.now)

    reply = say(box, "AI tools")

    assert "I can't take your answers for *Look Up* any more, and nothing of them is kept. Sign-up closed on" in reply
    assert open_drafts(box) == []
    box.write("ana", "join")
    box.press("ana", "I'd rather write")
    assert last(box.ephemerals("ana")).startswith("Sign-up closed on")


def test_joining_by_the_form_meanwhile_ends_the_conversation(town: Town) -> None:
    box = town(after=set_up)
    begin(box)
    say(box, "mentor")
    older = box.dm("ana")[-1]

    join(box, "ana", "Mentee", [DATA])

    assert "no question of mine is open" in say(box, "AI tools")
    box.press("ana", "Next", where=older)
    assert last(box.ephemerals("ana")).startswith("That sign-up is no longer open.")
    assert [member.side for member in places(box, "ana")] == [Side.MENTEE]


def test_what_was_begun_in_the_form_goes_on_by_writing(town: Town) -> None:
    box = town(after=set_up)
    box.command("ana", "/flipside join")
    box.fill("ana", {"sides": "Mentor", "hopes": "To be heard.", "languages": ["English"], "ways": ["Online"]})

    box.press("ana", "I'd rather write")

    assert OFFERS in last(box.dm("ana"))
    assert "Which hours" in say(box, "AI tools", "1")


# Silence, restarts and kills


def test_silence_reminds_nobody_and_ends_nothing_for_a_month(town: Town) -> None:
    box = town(after=set_up)
    begin(box)
    say(box, "mentor")
    so_far = len(box.dm("ana"))

    box.advance(timedelta(days=25))
    assert len(box.dm("ana")) == so_far
    assert "Here we are again, with *Look Up*." in say(box, "Go on")
    assert OFFERS in say(box, "join")
    box.kill_bot()
    box.start_bot()
    assert "How many mentees" in say(box, "AI tools")

    box.advance(timedelta(days=32))
    assert "no question of mine is open" in say(box, "Go on")
    assert open_drafts(box) == []


def test_an_answer_written_while_the_bot_is_down_is_taken_when_it_is_back(town: Town) -> None:
    box = town("postgresql")
    set_up(box)
    begin(box)

    box.kill_bot()
    box.write("ana", "mentor")
    box.start_bot()
    box.advance(timedelta(minutes=3))

    assert OFFERS in last(box.dm("ana"))
    assert asked(box, OFFERS) == 1


POINTS: tuple[Point, ...] = ("before_storing", "after_storing", "after_answering")


@both
def test_a_kill_at_each_point_loses_no_answer_and_asks_nothing_twice(town: Town, kind: str) -> None:
    box = town(kind)
    set_up(box)
    begin(box)

    for number, (question, answer) in enumerate(BY_WRITING):
        assert question in last(box.dm("ana"))
        happens = writing(box, answer)
        if 1 <= number <= 9:
            survive(box, POINTS[number % 3], happens)
        else:
            happens()

    assert box.kills == dict.fromkeys(POINTS, 3)
    assert JOINED in last(box.dm("ana"))
    assert all(asked(box, question) == 1 for question, _ in BY_WRITING)
    assert [told_of(member) for member in places(box, "ana")] == [THE_SAME]


def writing(box: Sandbox, answer: str) -> Callable[[], object]:
    return lambda: box.write("ana", answer)


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_while_it_says_that_it_stopped_keeps_nothing_and_says_it_once(town: Town, point: Point) -> None:
    box = town(after=set_up)
    begin(box)
    say(box, "mentor")

    survive(box, point, writing(box, "stop"))

    assert asked(box, "I've stopped") == 1
    assert open_drafts(box) == []


def test_events_that_come_twice_or_late_change_nothing_twice(box: Sandbox) -> None:
    set_up(box)
    begin(box)
    late = written(box, "ana", "both", "Ev0LATE")
    mentor = written(box, "ana", "mentor", "Ev0MENTOR")
    assert [deliver(box, mentor), deliver(box, mentor, retry=1), deliver(box, mentor, retry=2)] == [200, 200, 200]
    assert asked(box, OFFERS) == 1

    box.advance(timedelta(minutes=10))
    say(box, "AI tools", "2")
    assert HOPES in last(box.dm("ana"))
    assert deliver(box, late) == 200, "written before the question was asked, it can't be what they hope for"
    assert "What you wrote crossed with my question" in last(box.dm("ana"))
    assert HOPES in last(box.dm("ana"))
    with records(box) as db:
        [draft] = db.query(Draft).all()
        assert drafts.answers(db, draft)["hopes"] is None
    assert deliver(box, mentor, retry=3) == 200
    assert asked(box, HOPES) == 2


def test_a_question_to_look_back_and_a_sign_up_share_the_dm(town: Town) -> None:
    """In its thread a question gets what is written there; else the one that was asked last."""
    box = town(after=pair_up)
    book(box, "oliver", "2027-03-11", "15:00")
    box.advance_to(on("2027-03-12", "10:00"))
    box.press("oliver", "We met")
    box.close("oliver")
    set_up(box, Name="Look Around")
    begin(box, "oliver")
    box.advance_to(on("2027-03-15", "10:00"))
    set_up(box, Name="Look Ahead")
    question = box.dm("ana")[-1]
    box.write("ana", "join")
    box.press("ana", "I'd rather write")
    box.press("ana", "I'd rather write", where=box.ephemerals("ana")[-1])
    assert "Let's begin with *Look Ahead*." in last(box.dm("ana"))

    assert OFFERS in say(box, "mentor"), "the sign-up's question is the newest"
    assert "Thank you, your answer is kept." in say_in_thread(box, "How she listens.", question.ts)
    assert "You wrote under an earlier message" in say_in_thread(box, "AI tools", box.dm("ana")[0].ts)
    assert "How many mentees" in say(box, "AI tools")

    assert "Thank you, your answer is kept." in say(box, "That I ask too late.", who="oliver"), "it was asked last"
    assert "I've stopped" in say(box, "stop", who="oliver"), "a way out is one at any time"
