"""When a programme may be set up and changed, who is told of its end, and how a pair is doing."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import at

from bot.programme import rules
from bot.programme.rules import Answers
from store.models import Cadence, MemberState, Onward, Programme, Session, SessionState, Side
from store.snapshots import Place, Snapshot

LISBON = ZoneInfo(make.LISBON)
ZONES = ["Europe/Lisbon", "Asia/Kolkata", "America/New_York", "Africa/Cairo", "Pacific/Kiritimati", "America/Santiago"]
RIGHT = Answers(name="Look Up", objective="Leaders learn.", channel="C1", contact="U1", months=6)
A_DAY = timedelta(days=1)
zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(date(2027, 2, 20), date(2029, 4, 1)).map(date.isoformat)


def problems(answers: Answers, before: Programme | None = None) -> dict[str, str]:
    return rules.problems(answers, LISBON, make.MONDAY, before)


@pytest.mark.parametrize("months", [3, 6, 12])
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
        ({"months": 2}, "months"),
        ({"months": 13}, "months"),
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


def test_a_programme_may_go_on_without_an_end() -> None:
    assert problems(replace(RIGHT, months=None, is_ongoing=True)) == {}


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


def is_quiet(*sessions: Session, after: timedelta, cadence: Cadence = Cadence.MONTHLY, **pair: object) -> bool:
    return rules.health(make.pair(**pair), cadence, sessions, make.MONDAY + after).is_quiet


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


def test_in_a_fortnightly_programme_a_pair_is_quiet_sooner() -> None:
    met = make.held(make.MONDAY + A_DAY * 10)

    assert not is_quiet(met, after=A_DAY * 25)
    assert is_quiet(met, after=A_DAY * 25, cadence=Cadence.FORTNIGHTLY)


def test_a_pair_that_goes_on_less_often_is_quiet_later_and_one_that_comes_to_its_end_never() -> None:
    met = make.held(make.MONDAY + A_DAY * 170)

    assert is_quiet(met, after=A_DAY * 260, onward=Onward.AS_NOW)
    assert not is_quiet(met, after=A_DAY * 260, onward=Onward.LESS_OFTEN)
    assert is_quiet(met, after=A_DAY * 275, onward=Onward.LESS_OFTEN)
    assert not is_quiet(met, after=A_DAY * 260, onward=Onward.FINISH)


def test_a_far_date_that_was_cancelled_hides_no_silence() -> None:
    cancelled_at = make.MONDAY + A_DAY * 20
    gone = make.session(make.MONDAY + A_DAY * 90, state=SessionState.CANCELLED, cancelled_at=cancelled_at)

    assert not is_quiet(gone, after=A_DAY * 29)
    assert is_quiet(gone, after=A_DAY * 40)


def test_a_pair_that_is_still_to_be_introduced_is_not_quiet() -> None:
    assert not is_quiet(after=A_DAY * 90, introduced_at=None)


def test_meetings_held_are_counted_and_missed_ones_are_not() -> None:
    sessions = [make.held(at("2027-03-04 15:00")), make.session(at("2027-03-11 15:00"), 2, state=SessionState.MISSED)]

    assert rules.health(make.pair(), Cadence.MONTHLY, sessions, make.MONDAY + A_DAY * 20).held == 1


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

    health = rules.health(make.pair(), Cadence.MONTHLY, sessions, now)

    assert health.next_at is None or (health.next_at > now and not health.is_quiet)
    assert health.held <= len(sessions)


@given(histories(), st.integers(0, 200))
def test_nobody_is_called_quiet_within_nine_days_of_their_last_date(sessions: list[Session], days: int) -> None:
    now = make.MONDAY + A_DAY * days
    last: datetime = max((each.starts_at for each in sessions if each.starts_at <= now), default=make.MONDAY)

    assert not (rules.health(make.pair(), Cadence.MONTHLY, sessions, now).is_quiet and now - last <= rules.QUIET)
