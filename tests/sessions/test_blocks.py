"""The form for a date is read back as filled in; the messages around a meeting say when it is."""

from datetime import timedelta
from typing import Any

import limits
import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import at

from bot.sessions import blocks, calendar, rules
from store.models import SessionState, Side, Source

THURSDAY_THREE = at("2027-06-17 15:00")
NOW = at("2027-06-14 10:00")
ZONES = ["Europe/Lisbon", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"]


# The form for a date


@given(starts_at=make.moments("2027-03-02", "2027-08-30"), zone=st.sampled_from(ZONES))
def test_a_date_that_is_to_be_moved_is_read_back_as_the_same_moment(starts_at: Any, zone: str) -> None:
    starts_at = starts_at.replace(second=0, microsecond=0)
    each = make.partnership(zone=zone)
    form = blocks.date_form(each, make.session(starts_at))

    answers = limits.filled(form, {})

    now = starts_at - timedelta(days=1)
    read = rules.date_problems(answers.date("day"), answers.time("time"), zone, now, each.pair)
    assert read in (starts_at, starts_at - timedelta(hours=1))  # an hour that comes twice is taken as the first


def test_what_is_picked_is_what_is_read() -> None:
    form = blocks.date_form(make.partnership(), None)

    answers = limits.filled(form, {"day": "2027-06-17", "time": "15:00"})

    assert (answers.date("day"), answers.time("time")) == ("2027-06-17", "15:00")


def test_a_form_left_empty_is_read_as_nothing() -> None:
    answers = limits.filled(blocks.date_form(make.partnership(), None), {})

    assert (answers.date("day"), answers.time("time")) == (None, None)


def test_the_form_remembers_which_meeting_it_moves() -> None:
    session = make.session(THURSDAY_THREE, id=21)

    assert blocks.date_form(make.partnership(), session)["private_metadata"] == "5:21"
    assert blocks.date_form(make.partnership(), None)["private_metadata"] == "5:"


@pytest.mark.parametrize(
    ("country", "asks", "may_change"),
    [(Source.SLACK, True, False), (Source.PERSON, False, True), (Source.FILE, False, False), (None, False, False)],
    ids=["guessed", "their own word", "the company's word", "unasked"],
)
def test_where_they_live_is_asked_while_it_is_guessed_and_theirs_to_change_once_they_said_it(
    country: Source | None, asks: bool, may_change: bool
) -> None:
    form = blocks.date_form(make.partnership(), None, country=country)

    assert ("Public holidays of" in str(form["blocks"])) is asks
    assert ("Change" in str(form["blocks"])) is may_change


# The messages


def tell(kind: str, starts_at: Any = THURSDAY_THREE, **facts: Any) -> str:
    session = make.session(starts_at, id=21)
    told = make.telling(kind, make.partnership(sessions=[session]), session_id=21, **facts)
    return blocks.MESSAGES[kind](told).text


@pytest.mark.parametrize("kind", ["preparation", "reminder", "planned"])
def test_the_date_is_shown_to_each_by_their_own_clock(kind: str) -> None:
    said = tell(kind, question="prep-1-speak-openly")

    assert f"<!date^{int(THURSDAY_THREE.timestamp())}^" in said
    assert "|Thu 17 Jun 2027, 14:00 UTC>" in said


def test_the_reminder_does_not_say_today_since_it_may_come_on_the_day_before() -> None:
    """A meeting first thing in the morning is reminded of on the working day before."""
    assert "today" not in tell("reminder", at("2027-06-17 09:15"), due_at=at("2027-06-16 09:00"))


def test_the_preparation_asks_the_question_that_was_claimed_and_recalls_ones_own_actions() -> None:
    said = tell("preparation", question="prep-1-speak-openly", actions=[make.written("Write *to* <@U0BO>")])

    assert "> What could you do so that your mentor can speak openly with you?" in said
    assert "• Write *to* &lt;@U0BO&gt;" in said


def test_each_reads_the_question_in_the_words_of_their_own_side() -> None:
    mentor = make.partnership(Side.MENTOR, sessions=[make.session(THURSDAY_THREE, id=21)])
    told = make.telling("preparation", mentor, session_id=21, question="prep-1-speak-openly")

    assert "> What would help you to speak openly in these talks?" in blocks.preparation(told).text


@pytest.mark.parametrize("question", [None, "gone"])
def test_without_a_question_the_message_says_when_they_meet_and_leaves_no_empty_line_behind(
    question: str | None,
) -> None:
    said = tell("preparation", question=question)

    assert "Your next talk with <@U0OLIVER>" in said
    assert said.splitlines() == [said], "nothing stands below it"


def test_a_date_that_was_moved_is_told_as_a_new_date() -> None:
    session = make.session(THURSDAY_THREE, id=21, sequence=1)
    told = make.telling("planned", make.partnership(sessions=[session]), session_id=21)

    assert "has a new date" in blocks.planned(told).text


@pytest.mark.parametrize("side", Side)
def test_mentor_and_mentee_are_named_the_same_whoever_booked(side: Side) -> None:
    each = make.partnership(side, sessions=[make.session(THURSDAY_THREE, id=21)])
    mentor, mentee = (each.me, each.partner) if side is Side.MENTOR else (each.partner, each.me)

    said = blocks.planned(make.telling("planned", each, session_id=21)).text

    assert said.startswith(f"<@{mentor.slack_id}> and <@{mentee.slack_id}>")


def test_did_you_meet_has_three_answers_about_that_meeting() -> None:
    told = make.telling("checkin", make.partnership(sessions=[make.session(THURSDAY_THREE, id=21)]), session_id=21)

    buttons = list(limits.elements(blocks.checkin(told).blocks))

    assert [(button["action_id"], button["value"]) for button in buttons] == [
        (blocks.MET, "21:0"),
        (blocks.NOT_YET, "21:0"),
        (blocks.NOT_THIS_MONTH, "21:0"),
    ]


# The pair at a glance


def test_a_pair_with_a_date_can_move_it_and_one_without_can_pick_one() -> None:
    with_date = make.partnership(sessions=[make.session(THURSDAY_THREE)])

    labels = [
        [element["text"]["text"] for element in limits.elements(blocks.card(each, NOW).blocks)]
        for each in (with_date, make.partnership())
    ]

    assert [first for first, *_ in labels] == ["Move the date", "Pick a date"]


def test_after_a_meeting_a_note_can_be_written() -> None:
    each = make.partnership(sessions=[make.held(NOW - timedelta(days=3))])

    assert "go.note" in limits.action_ids(blocks.card(each, NOW).blocks)
    assert "You have met once." in blocks.card(each, NOW).text


def test_every_card_has_a_way_out_that_asks_for_no_reason() -> None:
    card = blocks.card(make.partnership(), NOW)

    assert [each["text"]["text"] for each in limits.elements(card.blocks)][-1] == "This isn't working for me"


def test_every_card_names_whom_to_turn_to_with_a_concern() -> None:
    assert "turn to <@U0NOOR>" in blocks.card(make.partnership(), NOW).text


# The calendar


def test_the_calendar_file_keeps_its_id_and_counts_up_when_the_date_is_moved() -> None:
    first = calendar.file(make.session(THURSDAY_THREE, id=21), "Oliver and Ana", NOW)
    moved = calendar.file(make.session(THURSDAY_THREE, id=21, sequence=1), "Oliver and Ana", NOW)

    assert "UID:session-21@flipside" in first
    assert "UID:session-21@flipside" in moved
    assert "SEQUENCE:0" in first
    assert "SEQUENCE:1" in moved
    assert "DTSTART:20270617T140000Z" in first
    assert "DTEND:20270617T144500Z" in first


def test_a_cancelled_talk_is_taken_out_of_the_calendar_by_the_same_id_and_a_higher_count() -> None:
    cancelled = make.session(THURSDAY_THREE, id=21, sequence=2, state=SessionState.CANCELLED)

    file = calendar.file(cancelled, "Oliver and Ana", NOW)

    assert {"METHOD:CANCEL", "STATUS:CANCELLED", "UID:session-21@flipside", "SEQUENCE:2"} <= set(file.splitlines())


def test_each_link_fills_in_a_web_calendar() -> None:
    links = calendar.links(make.session(THURSDAY_THREE), "Ana & Ölaf")

    google, outlook, office = (url for _, url in links.values())
    assert "dates=20270617T140000Z%2F20270617T144500Z" in google
    assert "text=Ana+%26+%C3%96laf" in google
    assert "subject=Ana%20%26%20%C3%96laf&startdt=2027-06-17T14%3A00%3A00Z&enddt=2027-06-17T14%3A45%3A00Z" in outlook
    assert outlook.partition("?")[2] == office.partition("?")[2]


@pytest.mark.parametrize("state", [SessionState.MISSED, SessionState.CANCELLED])
def test_a_date_that_was_given_up_is_not_the_next_one(state: SessionState) -> None:
    each = make.partnership(sessions=[make.session(THURSDAY_THREE, state=state)])

    assert "You have no date yet." in blocks.card(each, NOW).text
