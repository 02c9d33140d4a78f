"""What is due around a meeting and when a date may be set: on calendars written by hand, and in every zone."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import make
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from make import at

from bot import dates, working_time
from bot.dates import NEWS_FIRST, PREPARE_BEFORE
from bot.due import Due
from bot.sessions import rules
from store.models import Cadence, Onward, SessionState, Side
from store.snapshots import Partnership

# March 2027 in Lisbon: the 1st is a Monday, Good Friday is the 26th, summer time begins on Sunday the 28th.
THURSDAY_THREE = at("2027-03-18 15:00")
ABOUT = ("preparation", "reminder", "checkin")

zones = st.sampled_from(make.ZONES)
countries = st.sampled_from([None, "PT", "DE", "US", "IN", "NZ", "ES"])
moments = make.moments("2027-01-04", "2028-12-31")


def dues(each: Partnership, kind: str = "") -> list[Due]:
    return [due for due in rules.due(make.snapshot(each)) if due.kind.startswith(kind)]


def only(each: Partnership, kind: str) -> Due:
    [due] = dues(each, kind)
    return due


def asked(each: Partnership) -> list[tuple[datetime, datetime | None]]:
    """When they are asked for a date: from and until."""
    return [(due.opens_at, due.closes_at) for due in dues(each, "plan") if due.kind == "plan"]


def meeting(starts_at: datetime, **facts: Any) -> Partnership:
    """A pair with one meeting that has a date."""
    session_facts = {
        name: facts.pop(name) for name in ("booked_at", "booked_by", "sequence", "preparation") if name in facts
    }
    return make.partnership(sessions=[make.session(starts_at, **session_facts)], **facts)


# Preparation


def test_the_question_to_prepare_with_comes_three_working_days_before() -> None:
    assert only(meeting(THURSDAY_THREE), "preparation").opens_at == at("2027-03-15 09:00")


def test_a_weekend_is_no_working_day() -> None:
    tuesday = at("2027-03-16 15:00")

    assert only(meeting(tuesday), "preparation").opens_at == at("2027-03-11 09:00")


def test_a_holiday_of_ones_own_country_is_no_working_day() -> None:
    wednesday_after_easter = at("2027-03-31 15:00")

    in_portugal = only(meeting(wednesday_after_easter, country="PT"), "preparation")
    nowhere = only(meeting(wednesday_after_easter), "preparation")

    assert in_portugal.opens_at == at("2027-03-25 09:00")
    assert nowhere.opens_at == at("2027-03-26 09:00")


def test_of_a_nearer_date_it_comes_when_they_have_been_told_of_it() -> None:
    """On Wednesday at seven in the evening; in New York it is three then, in Lisbon they hear of it the next day."""
    by_day, in_the_evening = at("2027-03-17 11:30"), at("2027-03-17 19:00")
    near = meeting(THURSDAY_THREE, booked_at=by_day)
    far = meeting(THURSDAY_THREE, booked_at=in_the_evening, partner_zone="America/New_York")

    assert only(near, "preparation").opens_at == by_day + NEWS_FIRST
    assert only(far, "preparation").opens_at == at("2027-03-18 13:00") + NEWS_FIRST


def test_it_does_not_wait_for_news_that_come_too_late() -> None:
    each = meeting(at("2027-03-18 11:00"), booked_at=at("2027-03-17 19:00"), partner_zone="America/New_York")

    assert only(each, "preparation").opens_at == at("2027-03-17 19:00")


def test_it_is_worth_nothing_once_they_meet() -> None:
    assert only(meeting(THURSDAY_THREE), "preparation").closes_at == THURSDAY_THREE


def test_both_get_the_question_that_their_meeting_was_given() -> None:
    mentor, mentee = (meeting(THURSDAY_THREE, side=side, preparation="prep-1-x") for side in Side)

    assert only(mentor, "preparation").question == only(mentee, "preparation").question == "prep-1-x"


def test_a_meeting_for_which_no_question_was_left_is_announced_all_the_same() -> None:
    each = meeting(THURSDAY_THREE, preparation=None, side=Side.MENTOR)

    assert {due.kind for due in dues(each)} == {"preparation", "reminder", "checkin"}
    assert only(each, "preparation").question is None


# The reminder


def test_the_reminder_comes_on_the_day_when_work_begins() -> None:
    reminder = only(meeting(THURSDAY_THREE), "reminder")

    assert (reminder.opens_at, reminder.closes_at) == (at("2027-03-18 09:00"), THURSDAY_THREE)


@pytest.mark.parametrize("time", ["07:00", "09:00", "09:59"])
def test_for_an_early_meeting_it_comes_on_the_working_day_before(time: str) -> None:
    monday = at(f"2027-03-15 {time}")

    assert only(meeting(monday), "reminder").opens_at == at("2027-03-12 09:00")


def test_for_a_meeting_on_a_day_off_it_comes_on_the_working_day_before() -> None:
    assert only(meeting(at("2027-03-20 15:00")), "reminder").opens_at == at("2027-03-19 09:00")


def test_who_set_the_date_after_the_reminder_would_have_come_is_not_reminded() -> None:
    """They have just heard it."""
    assert dues(meeting(THURSDAY_THREE, booked_at=at("2027-03-18 09:30")), "reminder") == []


@pytest.mark.parametrize(
    ("starts_at", "partner_zone", "reminded"),
    [
        (THURSDAY_THREE, "Europe/Berlin", [0, 0]),
        (THURSDAY_THREE, "America/New_York", [1, 0]),
        (at("2027-03-18 11:00"), "America/New_York", [1, 1]),
    ],
    ids=["at nine", "in the afternoon", "never: it would come too late"],
)
def test_nobody_is_reminded_of_a_date_before_they_hear_of_it_or_in_the_same_minute(
    starts_at: datetime, partner_zone: str, reminded: list[int]
) -> None:
    """It was set at night, for the next day, by me or by my partner."""
    facts = {"booked_at": at("2027-03-17 22:00"), "partner_zone": partner_zone}

    found = [dues(meeting(starts_at, booked_by=who, **facts), "reminder") for who in (1, 2)]

    assert [len(each) for each in found] == reminded


def test_a_reminder_is_pressing_since_it_is_useless_later() -> None:
    assert only(meeting(THURSDAY_THREE), "reminder").is_pressing


def test_each_hears_by_their_own_clock() -> None:
    kolkata = meeting(THURSDAY_THREE, zone="Asia/Kolkata")

    assert only(kolkata, "reminder").opens_at == at("2027-03-18 09:00", "Asia/Kolkata")


# Did you meet?


def test_the_question_whether_they_met_comes_on_the_next_working_day() -> None:
    friday = at("2027-03-19 15:00")

    assert only(meeting(friday), "checkin").opens_at == at("2027-03-22 09:00")


def test_it_waits_for_the_end_of_the_holidays() -> None:
    before_easter = at("2027-03-25 15:00")

    assert only(meeting(before_easter, country="DE", zone="Europe/Berlin"), "checkin").opens_at == at(
        "2027-03-30 09:00", "Europe/Berlin"
    )


def test_once_it_is_said_whether_they_met_nothing_more_is_due_around_that_meeting() -> None:
    settled = [
        make.partnership(Side.MENTOR, sessions=[make.session(THURSDAY_THREE, state=state)])
        for state in (SessionState.HELD, SessionState.MISSED, SessionState.CANCELLED)
    ]

    assert [dues(each) for each in settled] == [[], [], []]


def test_who_sets_the_next_date_at_the_end_of_a_talk_is_still_asked_whether_they_met() -> None:
    let_pass = make.session(THURSDAY_THREE, state=SessionState.MISSED, settled_at=None)
    each = make.partnership(Side.MENTOR, sessions=[let_pass, make.session(at("2027-04-15 15:00"), 2)])

    assert [due.session_id for due in dues(each, "checkin")] == [21, 22]
    assert [due.session_id for due in [*dues(each, "preparation"), *dues(each, "reminder")]] == [22, 22]


# A date that is moved


def test_a_moved_date_is_reminded_of_and_asked_about_anew_but_prepared_for_once() -> None:
    first = meeting(THURSDAY_THREE, side=Side.MENTOR)
    moved = meeting(THURSDAY_THREE + timedelta(days=7), side=Side.MENTOR, sequence=1, booked_at=at("2027-03-16 10:00"))

    again = {due.key for due in dues(moved)} - {due.key for due in dues(first)}

    assert sorted(key.split(":")[0] for key in again) == ["checkin", "reminder"]


def test_a_date_is_told_to_the_pair_once_for_each_time_it_is_set() -> None:
    first = only(meeting(THURSDAY_THREE), "planned")
    moved = only(meeting(THURSDAY_THREE, sequence=1), "planned")

    assert first.key != moved.key
    assert (first.group, first.is_notice) == (make.pair(), True)


def test_the_pair_is_told_when_both_are_at_work() -> None:
    told = only(meeting(THURSDAY_THREE, partner_zone="America/New_York"), "planned")

    assert not told.at_once
    assert told.with_others == (working_time.of(make.person(zone="America/New_York")),)


@pytest.mark.parametrize(
    ("booked_at", "kinds"),
    [("2027-03-15 10:00", []), ("2027-03-15 20:00", ["booked"]), ("2027-03-14 10:00", ["booked"])],
    ids=["both at work", "in the evening", "on a Sunday"],
)
def test_who_sets_a_date_while_the_other_is_not_at_work_hears_at_once_that_it_is_set(
    booked_at: str, kinds: list[str]
) -> None:
    each = meeting(THURSDAY_THREE, booked_at=at(booked_at))

    assert [due.kind for due in dues(each, "booked")] == kinds
    assert all(due.at_once and due.is_notice and due.group is None for due in dues(each, "booked"))


def test_only_the_one_who_set_it_hears_that() -> None:
    each = meeting(THURSDAY_THREE, booked_at=at("2027-03-14 10:00"))
    each.me.id = 2

    assert dues(each, "booked") == []


def test_the_pair_is_told_through_one_of_the_two_so_that_it_is_told_once() -> None:
    assert dues(meeting(THURSDAY_THREE, side=Side.MENTOR), "planned") == []


# No date yet


def test_without_a_date_there_is_a_question_after_48_hours_and_one_after_a_week() -> None:
    [(first, first_ends), (second, second_ends)] = asked(make.partnership(months=1))

    assert (first, second) == (make.MONDAY + timedelta(hours=48), make.MONDAY + timedelta(days=7))
    assert (first_ends, second_ends) == (second, at("2027-04-01 09:00"))


def test_after_both_questions_of_a_month_there_is_silence() -> None:
    asking = dues(make.partnership(months=1), "plan")

    assert [due for due in asking if due.opens_at > make.MONDAY + timedelta(days=7)] == []


def test_each_later_month_opens_with_a_question_and_asks_once_more_after_a_week() -> None:
    met = make.held(at("2027-03-11 15:00"))

    april = asked(make.partnership(months=2, sessions=[met]))

    assert [opens for opens, _ in april] == [at("2027-04-01 09:00"), at("2027-04-08 09:00")]


def test_those_who_go_on_are_asked_on_and_less_often_means_every_other_month() -> None:
    def months(onward: Onward) -> set[str]:
        """They have decided in their second month of two."""
        chosen = {"onward": onward, "onward_at": at("2027-04-20 09:00"), "ends_at": at("2027-11-01 09:00")}
        return {due.key.split(":")[2] for due in dues(make.partnership(months=2, **chosen), "plan")}

    assert months(Onward.AS_NOW) == {"2", "3", "4", "5"}
    assert months(Onward.LESS_OFTEN) == {"2", "4", "6", "8"}, "as often as the others before there is silence"
    assert months(Onward.FINISH) == set()


def test_a_month_that_begins_on_a_day_off_begins_on_the_next_working_day() -> None:
    met = make.held(at("2027-03-11 15:00"))

    # They were introduced on a Monday the 1st; the 1st of May 2027 is a Saturday.
    may = [opens for opens, _ in asked(make.partnership(months=3, sessions=[met]))][2:]

    assert may == [at("2027-05-03 09:00"), at("2027-05-10 09:00")]


@pytest.mark.parametrize("state", [SessionState.PLANNED, SessionState.HELD, SessionState.MISSED])
def test_a_month_with_a_date_is_not_asked_about(state: SessionState) -> None:
    each = make.partnership(months=1, sessions=[make.session(at("2027-03-11 15:00"), state=state)])

    assert asked(each) == []


def test_a_cancelled_date_is_no_date() -> None:
    each = make.partnership(months=1, sessions=[make.session(at("2027-03-11 15:00"), state=SessionState.CANCELLED)])

    assert len(asked(each)) == 2


def test_a_pair_that_is_ahead_is_not_asked_for_a_meeting_it_has_had() -> None:
    two = [make.held(at("2027-03-11 15:00")), make.held(at("2027-03-25 15:00"), 2)]

    assert asked(make.partnership(months=2, sessions=two)) == []


def test_only_the_mentee_is_asked_since_they_book() -> None:
    assert asked(make.partnership(Side.MENTOR)) == []


# Nothing at all


@pytest.mark.parametrize("facts", make.NOT_UNDER_WAY.values(), ids=make.NOT_UNDER_WAY)
def test_a_pair_on_hold_or_at_its_end_or_before_its_beginning_hears_nothing(facts: dict[str, Any]) -> None:
    assert dues(meeting(THURSDAY_THREE, **facts)) == []


# What always holds


@given(starts_at=moments, zone=zones, country=countries, side=st.sampled_from(Side), booked=st.integers(0, 40 * 24))
def test_all_that_is_no_answer_to_an_act_opens_when_that_person_is_at_work(
    starts_at: datetime, zone: str, country: str | None, side: Side, booked: int
) -> None:
    """Except where a nearer date makes it due at once: then it waits for the working hours elsewhere."""
    booked_at = starts_at - timedelta(hours=booked)
    each = meeting(starts_at, zone=zone, country=country, side=side, booked_at=booked_at)
    time = working_time.of(each.me)

    opening = [due.opens_at for due in dues(each) if not due.at_once and due.kind != "plan"]

    nearer = (booked_at, dates.told_at(each, each.sessions[0]) + NEWS_FIRST)
    assert [moment for moment in opening if not time.is_open(moment) and moment not in nearer] == []


@given(starts_at=moments, zone=zones, partner_zone=zones, side=st.sampled_from(Side), booked=st.integers(0, 200))
def test_what_is_said_about_a_date_comes_after_the_word_that_it_is_set(
    starts_at: datetime, zone: str, partner_zone: str, side: Side, booked: int
) -> None:
    """Each of the two, when the other has set it."""
    set_then: dict[str, Any] = {"booked_at": starts_at - timedelta(hours=booked), "booked_by": 2}
    mentee = meeting(starts_at, zone=zone, partner_zone=partner_zone, side=Side.MENTEE, **set_then)
    mentor = meeting(starts_at, zone=partner_zone, partner_zone=zone, side=Side.MENTOR, **set_then)
    told = only(mentee, "planned")
    both = (working_time.of(mentee.me), *told.with_others)
    told_at = working_time.all_told(both, told.opens_at, told.closes_at, told.opens_at)
    assume(told_at < starts_at)

    about = [due.opens_at for due in dues(mentee if side is Side.MENTEE else mentor) if due.kind in ABOUT]

    assert [moment for moment in about if moment <= told_at] == []


@given(starts_at=moments, zone=zones, country=countries)
def test_preparation_reminder_and_checkin_come_in_this_order(
    starts_at: datetime, zone: str, country: str | None
) -> None:
    each = meeting(starts_at, zone=zone, country=country, side=Side.MENTOR, booked_at=starts_at - timedelta(days=60))

    preparation, reminder, checkin = (only(each, kind) for kind in ("preparation", "reminder", "checkin"))

    assert (preparation.kind, reminder.kind, checkin.kind) == ("preparation", "reminder", "checkin")
    assert preparation.opens_at < reminder.opens_at < starts_at < checkin.opens_at


@given(starts_at=moments, zone=zones, country=countries)
def test_three_working_days_lie_between_the_question_and_the_day(
    starts_at: datetime, zone: str, country: str | None
) -> None:
    each = meeting(starts_at, zone=zone, country=country, booked_at=starts_at - timedelta(days=60))
    time = working_time.of(each.me)

    opens = only(each, "preparation").opens_at.astimezone(ZoneInfo(zone))
    days = (time.local_date(starts_at) - opens.date()).days
    between = [opens.date() + timedelta(days=number) for number in range(days)]

    assert sum(time.is_working_day(day) for day in between) == PREPARE_BEFORE
    assert opens.hour == 9


@given(starts_at=moments, zone=zones, country=countries)
def test_the_reminder_leaves_an_hour_at_least(starts_at: datetime, zone: str, country: str | None) -> None:
    long_ago = starts_at - timedelta(days=60)
    reminder = only(meeting(starts_at, zone=zone, country=country, booked_at=long_ago), "reminder")

    assert starts_at - reminder.opens_at >= timedelta(hours=1)


@given(
    starts=st.lists(moments, min_size=1, max_size=4, unique=True).map(sorted),
    zone=zones,
    side=st.sampled_from(Side),
    sequence=st.integers(0, 3),
)
def test_no_two_things_that_are_due_share_a_key_and_every_window_opens_before_it_closes(
    starts: list[datetime], zone: str, side: Side, sequence: int
) -> None:
    sessions = [make.session(moment, number, sequence=sequence) for number, moment in enumerate(starts, 1)]

    due = dues(make.partnership(side, sessions=sessions, zone=zone))

    assert len({each.key for each in due}) == len(due)
    assert [
        each for each in due if each.kind in ("reminder", "checkin", "plan") and each.opens_at >= each.closes_at
    ] == []


@given(starts_at=moments, zone=zones)
def test_the_two_of_a_pair_never_share_a_key(starts_at: datetime, zone: str) -> None:
    session = make.session(starts_at)
    mentor = make.partnership(Side.MENTOR, sessions=[session], zone=zone)
    mentee = make.partnership(Side.MENTEE, sessions=[session], zone=zone)
    mentee.me.id = 2

    assert not {due.key for due in dues(mentor)} & {due.key for due in dues(mentee)}


# Months and fortnights

cadences = st.sampled_from(Cadence)
lengths = st.sampled_from([3, 6, 12, None])


def asked_in(number: int, **facts: Any) -> list[datetime]:
    """When they are asked for a date in that month or fortnight."""
    each = make.partnership(**facts)
    return [due.opens_at for due in dues(each, "plan") if due.key.startswith(f"plan:5:{number}:")]


def test_in_a_fortnight_there_is_one_question_for_a_date_after_the_first_two_weeks() -> None:
    first, second = (asked_in(number, cadence=Cadence.FORTNIGHTLY) for number in (1, 2))

    assert first == [make.MONDAY + timedelta(hours=48), make.MONDAY + timedelta(days=7)]
    assert second == [at("2027-03-15 09:00")]


def test_after_three_months_in_a_row_without_a_date_nobody_asks_until_they_set_one() -> None:
    in_silence = {due.key.split(":")[2] for due in dues(make.partnership(months=None), "plan")}
    met = make.held(at("2027-11-10 15:00"))
    again = {due.key.split(":")[2] for due in dues(make.partnership(months=None, sessions=[met]), "plan")}

    assert in_silence == {"1", "2", "3", "4"}
    assert again == {"10", "11", "12"}, "November is the ninth"


@pytest.mark.parametrize(
    ("facts", "now", "is_promised"),
    [
        ({}, "2027-03-19 10:00", True),
        ({"cadence": Cadence.FORTNIGHTLY}, "2027-03-19 10:00", True),
        ({}, "2027-08-20 10:00", False),  # the last month
        ({"months": 2, "ends_at": at("2027-11-01 09:00"), "onward": Onward.LESS_OFTEN}, "2027-04-19 10:00", False),
        ({"onward": Onward.INFORMALLY}, "2027-03-19 10:00", False),
    ],
)
@pytest.mark.parametrize("side", Side)
def test_who_says_not_this_month_is_promised_a_question_in_the_next_only_if_there_is_one(
    side: Side, facts: dict[str, Any], now: str, *, is_promised: bool
) -> None:
    missed = make.session(at(now) - timedelta(days=1))

    assert rules.is_asked_next(make.partnership(side, sessions=[missed], **facts), at(now)) is is_promised


def test_a_pause_is_no_silence() -> None:
    each = make.partnership(months=None)
    each.mine.state_since = at("2028-01-20 10:00")

    assert [due.key for due in dues(each, "plan")][:2] == ["plan:5:11:0", "plan:5:11:2"]


@st.composite
def lives(draw: st.DrawFn) -> Partnership:
    """Pairs in any rhythm, with meetings held, missed, planned and cancelled."""
    starts = sorted(draw(st.lists(moments, max_size=5, unique=True)))
    states = [draw(st.sampled_from(SessionState)) for _ in starts]
    sessions = [make.session(start, number, state=states[number - 1]) for number, start in enumerate(starts, 1)]
    for session in sessions:
        if session.state is SessionState.CANCELLED:
            session.cancelled_at = session.starts_at - timedelta(hours=draw(st.integers(1, 500)))
            session.cancellations = draw(st.integers(0, 3))
    facts: dict[str, Any] = {"cadence": draw(cadences), "months": draw(lengths), "zone": draw(zones)}
    return make.partnership(sessions=sessions, country=draw(countries), **facts)


@given(lives())
def test_questions_for_a_date_come_in_order_at_work_and_end_with_the_programme(each: Partnership) -> None:
    mine = working_time.of(each.me)
    found = [due for due in dues(each, "plan") if due.kind == "plan"]

    numbers = [int(due.key.split(":")[2]) for due in found]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) <= rules.SILENT_AFTER + 1
    assert all(due.opens_at < (due.closes_at or due.opens_at) for due in found)
    later = [due for due in found if int(due.key.split(":")[2]) > 1 and not any(s.cancelled_at for s in each.sessions)]
    assert all(mine.is_open(due.opens_at) for due in later if due.about == 0)
    ends = each.pair.ends_at
    assert ends is None or all(due.opens_at < ends for due in found if due.about == 0)


@given(lives())
def test_no_two_windows_of_a_pair_share_a_key_whatever_its_rhythm(each: Partnership) -> None:
    keys = [due.key for due in dues(each)]

    assert len(keys) == len(set(keys))
