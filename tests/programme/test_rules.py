"""When a programme may be set up and changed, what waits for a coordinator, and how a pair is doing."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import at

from bot import working_time
from bot.due import Due
from bot.programme import rules
from bot.programme.rules import Answers, Suggestion, Wish
from store.models import MemberState, Programme, Session, SessionState, Side, TopicState
from store.snapshots import Place, Running, Snapshot

LISBON = ZoneInfo(make.LISBON)
ZONES = ["Europe/Lisbon", "Asia/Kolkata", "America/New_York", "Africa/Cairo", "Pacific/Kiritimati", "America/Santiago"]
RIGHT = Answers(name="Look Up", objective="Leaders learn.", channel="C1", contact="U1", months=6)
A_DAY = timedelta(days=1)
zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(date(2027, 2, 20), date(2029, 4, 1)).map(date.isoformat)


def problems(answers: Answers, before: Programme | None = None) -> dict[str, str]:
    return rules.problems(answers, LISBON, make.MONDAY, before)


@pytest.mark.parametrize("months", [3, 6])
def test_a_whole_form_is_taken(months: int) -> None:
    assert problems(replace(RIGHT, months=months)) == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": None}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"objective": None}, "objective"),
        ({"channel": None}, "channel"),
        ({"contact": None}, "contact"),
        ({"months": None}, "months"),
        ({"months": 7}, "months"),
        ({"places": "1"}, "places"),
        ({"places": "10001"}, "places"),
        ({"places": "-5"}, "places"),
        ({"places": "2.5"}, "places"),
        ({"places": "٣٣"}, "places"),
        ({"opens": "2027-02-28"}, "opens"),
        ({"closes": "2027-02-28"}, "closes"),
        ({"closes": "2029-03-31"}, "closes"),
        ({"opens": "2027-03-10", "closes": "2027-03-09"}, "closes"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(change: dict[str, object], field: str) -> None:
    assert list(problems(replace(RIGHT, **change))) == [field]


def test_a_change_needs_neither_channel_nor_months() -> None:
    assert problems(replace(RIGHT, channel=None, months=None), make.programme()) == {}


@given(st.integers(2, 10_000))
def test_any_number_of_places_from_two_on_is_taken_as_it_is(places: int) -> None:
    answers = replace(RIGHT, places=str(places))

    assert problems(answers) == {}
    assert rules.terms(answers, LISBON).places == places


@given(st.text(max_size=8))
def test_places_are_a_number_or_a_sentence_beside_the_field(typed: str) -> None:
    answers = replace(RIGHT, places=typed)

    found = problems(answers)

    assert list(found) == ["places"] or 2 <= (rules.terms(answers, LISBON).places or 0) <= 10_000


@given(zones, st.none() | days, st.none() | days, make.moments("2027-03-01", "2027-03-03"))
def test_sign_up_lasts_from_the_first_day_to_the_end_of_the_last(
    zone: ZoneInfo, opens: str | None, closes: str | None, now: datetime
) -> None:
    answers = replace(RIGHT, opens=opens, closes=closes)
    today = now.astimezone(zone).date().isoformat()

    if rules.problems(answers, zone, now):
        latest = (now.astimezone(zone).date() + rules.FARTHEST).isoformat()
        assert any(day and not today <= day <= latest for day in (opens, closes)) or (opens or "") > (closes or "")
        return
    terms = rules.terms(answers, zone)

    assert rules.day_of(terms.signup_from, zone) == (date.fromisoformat(opens) if opens else None)
    assert rules.day_of(terms.signup_until, zone) == (date.fromisoformat(closes) if closes else None)
    if terms.signup_from and terms.signup_until:
        assert terms.signup_until - terms.signup_from >= timedelta(hours=22), "a day of sign-up is nearly a day"
    if terms.signup_until and terms.signup_until > now:
        assert terms.signup_until.astimezone(zone).time() == time(23, 59)


@given(zones, zones, days, days)
def test_a_day_that_was_not_changed_keeps_its_moment_in_whatever_zone_it_is_looked_at(
    set_in: ZoneInfo, seen_in: ZoneInfo, opens: str, closes: str
) -> None:
    terms = rules.terms(replace(RIGHT, opens=opens, closes=closes), set_in)
    before = make.programme(signup_from=terms.signup_from, signup_until=terms.signup_until)
    shown = [rules.day_of(each, seen_in) for each in (before.signup_from, before.signup_until)]

    again = rules.terms(replace(RIGHT, opens=str(shown[0]), closes=str(shown[1])), seen_in, before)

    assert (again.signup_from, again.signup_until) == (before.signup_from, before.signup_until)


def test_a_day_that_has_gone_by_may_stay_and_may_be_taken_away() -> None:
    before = make.programme(signup_from=at("2027-01-04 00:00"), signup_until=at("2027-01-29 23:59"))

    assert problems(replace(RIGHT, opens="2027-01-04", closes="2027-01-29"), before) == {}
    assert problems(replace(RIGHT, opens="2027-01-04", closes="2027-03-05"), before) == {}
    assert problems(RIGHT, before) == {}
    assert list(problems(replace(RIGHT, opens="2027-01-05", closes="2027-01-29"), before)) == ["opens"]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Look Down"},
        {"objective": "Another"},
        {"contact": "U0ANA"},
        {"needs_approval": True},
        {"places": 5},
        {"signup_from": make.MONDAY},
        {"signup_until": make.MONDAY},
        {"closed_at": make.MONDAY},
    ],
)
def test_whoever_opened_a_form_before_a_change_is_known_by_what_they_saw(change: dict[str, object]) -> None:
    assert rules.seen(make.programme()) == rules.seen(make.programme())
    assert rules.seen(make.programme()) != rules.seen(make.programme(**change))


# What waits for a coordinator

moments = make.moments("2027-02-26", "2027-03-08")
working = st.builds(
    lambda zone, country: working_time.of(make.person(zone=zone, country=country)),
    st.sampled_from(ZONES),
    st.sampled_from([None, "PT", "IN"]),
)


@given(moments, working)
def test_what_comes_in_is_told_in_working_hours_and_within_a_quarter_of_an_hour_of_them(
    since: datetime, mine: working_time.WorkingTime
) -> None:
    told = rules.told_at(since, mine)

    assert told > since
    assert mine.is_open(told)
    assert told <= mine.next_open(since + rules.BUNCH) + rules.GRACE


@given(st.lists(moments, min_size=2, max_size=2), working)
def test_who_came_first_is_told_first(since: list[datetime], mine: working_time.WorkingTime) -> None:
    first, second = sorted(since)

    assert rules.told_at(first, mine) <= rules.told_at(second, mine)


def test_a_night_of_requests_is_one_message_at_nine() -> None:
    mine = working_time.of(make.person())
    night = [at("2027-03-02 16:50"), at("2027-03-02 23:10"), at("2027-03-03 08:59")]

    assert {rules.told_at(each, mine) for each in night} == {at("2027-03-03 09:00") + rules.GRACE}
    assert rules.told_at(at("2027-03-03 09:00"), mine) == at("2027-03-03 09:15") + rules.GRACE


@st.composite
def runnings(draw: st.DrawFn) -> Running:
    """People who asked to join, on one side or both, and topics they proposed."""
    asked = draw(st.lists(moments, max_size=8))
    applied, proposals = [], []
    for number, since in enumerate(asked, 1):
        person = make.person(f"U{number}", id=number)
        sides = draw(st.sampled_from([[Side.MENTOR], [Side.MENTEE], [Side.MENTOR, Side.MENTEE], []]))
        for side in sides:
            facts = {"state": MemberState.APPLIED, "state_since": since, "person_id": number}
            applied.append((make.member(side, id=10 * number + (side is Side.MENTEE), **facts), person))
        for each in range(draw(st.integers(0, 2))):
            made = make.topic_proposal(id=100 + 10 * number + each, proposed_at=draw(moments))
            proposals.append((made, person))
    return Running(make.programme(), tuple(draw(st.permutations(applied))), tuple(proposals), ())


def names(requests: list[rules.Request]) -> list[tuple[str, int]]:
    return [
        ("topic", each.proposal.id) if isinstance(each, Suggestion) else ("person", each.person.id) for each in requests
    ]


@given(runnings())
def test_everybody_who_asks_is_one_request_and_every_topic_is_one(running: Running) -> None:
    found = rules.requests(running)

    people = {person.id for _, person in running.applied}
    topics = {proposal.id for proposal, _ in running.proposals}
    assert sorted(names(found)) == sorted([("person", each) for each in people] + [("topic", each) for each in topics])
    places = [place.id for each in found if isinstance(each, Wish) for place in each.places]
    assert sorted(places) == sorted(member.id for member, _ in running.applied)
    assert [each.since for each in found] == sorted(each.since for each in found)


@given(runnings(), st.sampled_from(ZONES))
def test_every_request_is_told_in_exactly_one_message(running: Running, zone: str) -> None:
    me = make.person(id=9, zone=zone)
    dues = rules.due(make.snapshot(person=me, runs=(running,)))

    told = [name for due in dues for name in names(rules.bunch(running, working_time.of(me), due.opens_at))]

    assert Counter(told) == Counter(names(rules.requests(running)))
    assert len({due.key for due in dues}) == len(dues)


@given(runnings(), st.sampled_from(ZONES))
def test_who_takes_a_programme_over_hears_of_all_that_waits_in_one_message(running: Running, zone: str) -> None:
    me, taken_over = make.person(id=9, zone=zone), make.at("2027-03-09 11:00")
    running.programme.run_since = taken_over

    dues = rules.due(make.snapshot(person=me, runs=(running,)))

    assert len(dues) == min(1, len(rules.requests(running)))
    assert {due.opens_at for due in dues} <= {rules.told_at(taken_over, working_time.of(me))}


@given(runnings(), moments)
def test_a_message_that_is_due_grows_no_more(running: Running, now: datetime) -> None:
    """What is stored after a message may have gone out belongs to a later one: else it would never be told.

    Storing a request may take some seconds from when it was made.
    """
    me = working_time.of(make.person())
    before = Running(
        running.programme,
        tuple(each for each in running.applied if (each[0].state_since or now) <= now - rules.GRACE),
        tuple(each for each in running.proposals if each[0].proposed_at <= now - rules.GRACE),
        (),
    )
    moments_due = {rules.told_at(each.since, me) for each in rules.requests(before)}

    for moment in [each for each in moments_due if each <= now]:
        assert names(rules.bunch(before, me, moment)) == names(rules.bunch(running, me, moment))


@given(runnings())
def test_nobody_decides_any_more_in_a_programme_that_has_ended(running: Running) -> None:
    ended = Running(make.programme(closed_at=make.MONDAY), running.applied, running.proposals, ())

    assert rules.requests(ended) == []
    assert rules.due(make.snapshot(runs=(ended,))) == []


def test_who_takes_a_programme_over_is_told_what_waits_there() -> None:
    waits = (make.member(state=MemberState.APPLIED, state_since=make.MONDAY), make.person())
    running = Running(make.programme(), (waits,), (), ())

    keys = {rules.due(make.snapshot(person=make.person(id=each), runs=(running,)))[0].key for each in (8, 9)}

    assert len(keys) == 2


def test_who_moves_to_another_zone_is_not_told_again_of_what_still_waits() -> None:
    running = Running(
        make.programme(),
        ((make.member(state=MemberState.APPLIED, state_since=at("2027-03-02 23:10")), make.person()),),
        (),
        (),
    )
    [told] = rules.due(make.snapshot(person=make.person(id=9, zone="Europe/Lisbon"), runs=(running,)))
    nudge = make.nudge("requests", key=told.key, due_at=told.opens_at, about=running.programme.id, person_id=9)

    after = make.snapshot(person=make.person(id=9, zone="America/New_York"), runs=(running,), nudges=(nudge,))

    assert [due.key for due in rules.due(after)] == [told.key]


# Topics


def decided(**facts: object) -> list[Due]:
    proposal = make.topic_proposal(**({"decided_at": make.MONDAY, "decided_by": 9} | facts))
    return rules.due(make.snapshot(places=(make.place(),), proposals=(proposal,)))


@pytest.mark.parametrize("state", [TopicState.ACCEPTED, TopicState.MERGED, TopicState.DECLINED])
def test_whoever_proposed_a_topic_hears_what_became_of_it(state: TopicState) -> None:
    [due] = decided(state=state)

    assert (due.kind, due.about, due.opens_at, due.at_once) == ("topic_decided", 81, make.MONDAY, False)


def test_nothing_is_said_of_a_topic_that_waits_that_the_bot_merged_or_that_they_decided_themselves() -> None:
    assert decided(state=TopicState.OPEN, decided_at=None, decided_by=None) == []
    assert decided(state=TopicState.MERGED, decided_by=None) == []
    assert decided(state=TopicState.ACCEPTED, decided_by=1) == []


LIST = {"ai_tools": "AI tools in daily work", "own_5": "Straße und Schnee"}


@pytest.mark.parametrize(
    ("label", "topic"),
    [
        ("ai  TOOLS in daily work ", "ai_tools"),
        ("STRASSE und  schnee", "own_5"),
        ("AI tools", None),
        ("", None),
    ],
)
def test_topics_are_the_same_whatever_their_capitals_and_spaces(label: str, topic: str | None) -> None:
    assert rules.same_topic(label, LIST) == topic


@pytest.mark.parametrize(
    ("label", "chosen", "field"),
    [
        ("Knitting", None, []),
        (None, "ai_tools", []),
        ("Knitting", "ai_tools", []),
        (None, None, ["label"]),
        ("x" * 76, None, ["label"]),
        ("two\nlines", None, ["label"]),
        ("ai tools in daily work", None, ["label"]),
        (None, "gone", ["topic"]),
    ],
)
def test_a_topic_needs_a_new_name_or_one_of_the_list(label: str | None, chosen: str | None, field: list[str]) -> None:
    assert list(rules.topic_problems(label, chosen, LIST)) == field


# The end


def ended(*places: Place, **parts: object) -> list[str]:
    return [due.key for due in rules.due(make.snapshot(places=places, **parts)) if due.kind == "programme_ended"]


def place_in(programme: Programme, side: Side = Side.MENTOR, **facts: object) -> Place:
    return Place(make.member(side, id=11 if side is Side.MENTOR else 12, **facts), programme)


OVER = make.programme(closed_at=make.MONDAY + A_DAY)


@pytest.mark.parametrize("state", [MemberState.APPLIED, MemberState.QUEUED, MemberState.ACTIVE, MemberState.PAUSED])
def test_whoever_still_waits_when_a_programme_ends_is_told_once(state: MemberState) -> None:
    both = [place_in(OVER, side, state=state) for side in Side]

    assert ended(*both) == ["programme_ended:3:1"]
    assert ended(place_in(make.programme(), state=state)) == []


@pytest.mark.parametrize("state", [MemberState.LEFT, MemberState.DECLINED])
def test_whoever_is_out_already_hears_nothing_of_the_end(state: MemberState) -> None:
    assert ended(place_in(OVER, state=state)) == []


def paired(**pair: object) -> Snapshot:
    each = make.partnership(**pair)
    return make.snapshot(each, places=(Place(each.mine, OVER),))


def kinds(snapshot: Snapshot) -> list[str]:
    return [due.kind for due in rules.due(snapshot)]


def test_a_pair_goes_on_in_peace_when_its_programme_ends() -> None:
    assert kinds(paired()) == []
    assert kinds(paired(introduced_at=None, ends_at=None)) == []
    assert kinds(paired(ends_at=make.MONDAY + timedelta(hours=1))) == [], "their months were over"


def test_whose_partner_leaves_after_the_end_hears_that_there_will_be_no_other() -> None:
    assert kinds(paired(ended_at=make.MONDAY + A_DAY * 9)) == ["programme_ended"]


def test_somebody_with_a_partner_on_one_side_is_not_told_that_there_is_none() -> None:
    each = make.partnership(Side.MENTEE)
    other = Place(make.member(Side.MENTOR, id=99), OVER)

    assert kinds(make.snapshot(each, places=(Place(each.mine, OVER), other))) == []


# How a pair is doing


def is_quiet(*sessions: Session, after: timedelta, **pair: object) -> bool:
    return rules.health(make.pair(**pair), sessions, make.MONDAY + after).is_quiet


def test_a_pair_that_was_just_introduced_is_not_quiet() -> None:
    assert not is_quiet(after=A_DAY * 9)


def test_a_pair_that_let_both_questions_pass_without_a_date_is_quiet() -> None:
    assert is_quiet(after=A_DAY * 10)


def test_a_pair_with_a_date_is_never_quiet() -> None:
    assert not is_quiet(make.session(make.MONDAY + A_DAY * 60), after=A_DAY * 50)


def test_a_pair_that_has_met_this_month_is_not_quiet() -> None:
    assert not is_quiet(make.held(make.MONDAY + A_DAY * 10), after=A_DAY * 25)


def test_a_pair_that_met_once_and_then_no_more_is_quiet() -> None:
    assert is_quiet(make.held(make.MONDAY + A_DAY * 10), after=A_DAY * 60)


def test_a_pair_that_is_still_to_be_introduced_is_not_quiet() -> None:
    assert not is_quiet(after=A_DAY * 90, introduced_at=None)


def test_meetings_held_are_counted_and_missed_ones_are_not() -> None:
    sessions = [make.held(at("2027-03-04 15:00")), make.session(at("2027-03-11 15:00"), 2, state=SessionState.MISSED)]

    assert rules.health(make.pair(), sessions, make.MONDAY + A_DAY * 20).held == 1


@st.composite
def histories(draw: st.DrawFn) -> list[Session]:
    """Meetings as a pair can have them: those of the past settled, at most one with a date to come."""
    days = sorted(draw(st.lists(st.integers(1, 200), max_size=6, unique=True)))
    states = [draw(st.sampled_from([SessionState.HELD, SessionState.MISSED, SessionState.CANCELLED])) for _ in days]
    if states and draw(st.booleans()):
        states[-1] = SessionState.PLANNED
    return [
        make.session(make.MONDAY + A_DAY * day, number, state=state)
        for number, (day, state) in enumerate(zip(days, states, strict=True), 1)
    ]


@given(histories(), st.integers(0, 200))
def test_the_next_date_lies_ahead_and_whoever_has_one_is_not_quiet(sessions: list[Session], days: int) -> None:
    now = make.MONDAY + A_DAY * days

    health = rules.health(make.pair(), sessions, now)

    assert health.next_at is None or (health.next_at > now and not health.is_quiet)
    assert health.held <= len(sessions)


@given(histories(), st.integers(0, 200))
def test_nobody_is_called_quiet_within_nine_days_of_their_last_date(sessions: list[Session], days: int) -> None:
    now = make.MONDAY + A_DAY * days
    last: datetime = max((each.starts_at for each in sessions if each.starts_at <= now), default=make.MONDAY)

    assert not (rules.health(make.pair(), sessions, now).is_quiet and now - last <= rules.QUIET)
