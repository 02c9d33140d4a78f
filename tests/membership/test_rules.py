"""How long a pause lasts, where a member stands, and what follows from pausing, going on and leaving."""

from datetime import UTC, date, datetime, timedelta

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import working_time
from bot.membership import rules
from bot.membership.rules import Stand
from bot.working_time import WorkingTime
from store.models import IS_OUT, Member, MemberState, Side
from store.snapshots import Place

A_DAY = timedelta(days=1)
LISBON = working_time.of(make.person(country="PT"))
NOON = make.at("2027-03-03 12:00")
ZONES = st.sampled_from(
    ["Europe/Lisbon", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "America/Nuuk", "Australia/Lord_Howe", None]
)
COUNTRIES = st.sampled_from(["PT", "GB", "US", "JP", None])


def kinds(snapshot: make.Snapshot) -> list[str]:
    return [due.kind for due in rules.due(snapshot)]


def of_places(*places: Place) -> make.Snapshot:
    return make.snapshot(places=places)


# How long a pause lasts


@pytest.mark.parametrize(
    ("said", "morning"),
    [
        ("2027-03-20", "2027-03-22"),
        ("2027-03-29", "2027-03-29"),
        ("2027-03-26", "2027-03-29"),
        (" A Week ", "2027-03-10"),
        ("two weeks", "2027-03-17"),
        ("a month", "2027-04-05"),
        ("2028-03-03", "2028-03-03"),
    ],
    ids=["a Saturday", "in summer time", "Good Friday", "a week", "two weeks", "a month", "a year ahead"],
)
def test_a_pause_ends_as_work_begins_on_that_day_or_the_next_working_day(said: str, morning: str) -> None:
    """The month from 3 March would end on a Saturday, 3 April."""
    assert rules.end_of_pause(said, LISBON, NOON) == make.at(f"{morning} 09:00")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("2027-03-02", rules.PAST),
        ("2027-03-03", rules.PAST),
        ("0001-01-01", rules.PAST),
        ("2028-03-05", rules.TOO_LONG),
        ("9999-12-31", rules.TOO_LONG),
        ("2027-02-30", rules.UNREADABLE),
        ("20/3/2027", rules.UNREADABLE),
        ("tomorrow", rules.UNREADABLE),
        ("", rules.UNREADABLE),
    ],
)
def test_a_day_that_will_not_do_is_answered_in_words(said: str, why: str) -> None:
    assert rules.end_of_pause(said, LISBON, NOON) == why


def test_which_day_it_is_depends_on_where_one_lives() -> None:
    late = datetime(2027, 3, 3, 22, tzinfo=UTC)  # already Thursday in Auckland
    auckland = working_time.of(make.person(zone="Pacific/Auckland"))

    assert rules.end_of_pause("2027-03-04", auckland, late) == rules.PAST
    assert rules.end_of_pause("2027-03-04", LISBON, late) == make.at("2027-03-04 09:00")


@given(st.text(max_size=30) | st.dates().map(str), ZONES, make.moments("2027-01-01", "2030-01-01"))
def test_whatever_is_typed_is_a_moment_of_their_working_time_to_come_or_a_reason(
    said: str, zone: str | None, now: datetime
) -> None:
    mine = working_time.of(make.person(zone=zone))

    until = rules.end_of_pause(said, mine, now)

    assert until in (rules.PAST, rules.TOO_LONG, rules.UNREADABLE) or (
        isinstance(until, datetime)
        and until > now
        and mine.is_open(until)
        and mine.start_of(_day(until, mine)) == until
    )


@given(st.integers(1, 366), ZONES, COUNTRIES, make.moments("2027-01-01", "2030-01-01"))
def test_no_pause_ends_before_the_day_that_was_chosen(
    days: int, zone: str | None, country: str | None, now: datetime
) -> None:
    mine = working_time.of(make.person(zone=zone, country=country))
    day = mine.local_date(now) + timedelta(days)

    until = rules.end_of_pause(day.isoformat(), mine, now)

    assert isinstance(until, datetime)
    assert day <= _day(until, mine) <= day + timedelta(days=12)


def _day(at: datetime, mine: WorkingTime) -> date:
    return mine.local_date(at)


# Where somebody stands


@pytest.mark.parametrize(
    ("facts", "room", "is_over", "stand"),
    [
        ({}, 1, False, Stand.WAITING),
        ({"is_first_in_line": True}, 1, False, Stand.FIRST_IN_LINE),
        ({"wants_partner": False}, 1, False, Stand.RESTING),
        ({}, 1, True, Stand.RESTING),
        ({}, 0, False, Stand.PAIRED),
        ({"wants_partner": False}, 0, False, Stand.PAIRED),
        ({"state": MemberState.PAUSED, "is_first_in_line": True}, 1, False, Stand.PAUSED),
        ({"state": MemberState.APPLIED}, 1, False, Stand.APPLIED),
        ({"state": MemberState.QUEUED}, 1, False, Stand.QUEUED),
        ({"state": MemberState.DECLINED}, 1, False, Stand.OUT),
        ({"state": MemberState.LEFT}, 1, True, Stand.OUT),
    ],
)
def test_everybody_stands_somewhere(facts: dict[str, object], room: int, is_over: bool, stand: Stand) -> None:
    assert rules.stand(make.member(**facts), room, is_over=is_over) is stand


# What they hear of their own leaving


def test_leaving_is_confirmed_at_once_and_is_no_news_the_day_after() -> None:
    [due] = rules.due(of_places(make.place(state=MemberState.LEFT, changed_at=NOON)))

    assert (due.kind, due.opens_at, due.closes_at, due.at_once) == ("left", NOON, NOON + A_DAY, True)


def test_leaving_a_second_time_is_confirmed_anew() -> None:
    first, second = (
        rules.due(of_places(make.place(state=MemberState.LEFT, changed_at=NOON + A_DAY * days)))[0] for days in (0, 9)
    )

    assert first.key != second.key


def test_who_was_on_both_sides_hears_it_once() -> None:
    both = [make.place(side=side, id=id, state=MemberState.LEFT) for side, id in ((Side.MENTOR, 11), (Side.MENTEE, 12))]

    assert kinds(of_places(*both)) == ["left"]


def test_who_came_back_on_the_other_side_has_not_left() -> None:
    gone, back = make.place(id=11, state=MemberState.LEFT), make.place(side=Side.MENTEE, id=12)

    assert kinds(of_places(gone, back)) == []


def test_who_gave_up_one_side_and_was_turned_down_on_the_other_is_not_told_that_they_left() -> None:
    given_up = make.place(id=11, state=MemberState.LEFT, changed_at=NOON)
    refused = make.place(side=Side.MENTEE, id=12, state=MemberState.DECLINED, changed_at=NOON + timedelta(hours=1))

    assert kinds(of_places(given_up, refused)) == []


@pytest.mark.parametrize("state", [state for state in MemberState if state is not MemberState.LEFT])
def test_who_has_not_left_hears_nothing_of_leaving(state: MemberState) -> None:
    assert kinds(of_places(make.place(state=state))) == []


# What they hear of their own pause

UNTIL = make.at("2027-03-22 09:00")


def pausing(state: MemberState = MemberState.PAUSED, **facts: object) -> Place:
    return make.place(state=state, **({"state_since": NOON, "paused_until": UNTIL} | facts))


def test_the_agenda_looks_at_them_on_the_day_their_pause_ends() -> None:
    [due] = rules.due(of_places(pausing()))

    assert (due.kind, due.opens_at, due.is_notice, due.at_once) == ("pause_over", UNTIL, True, False)


def test_a_pause_that_the_clock_has_ended_is_the_same_news_for_a_week() -> None:
    """Counted from when it was ended, so that a bot that was down over the date still says so."""
    late = UNTIL + A_DAY * 30

    [before], [after] = (
        rules.due(of_places(pausing())),
        rules.due(of_places(pausing(MemberState.ACTIVE, state_since=late))),
    )

    assert before.key == after.key
    assert (after.opens_at, after.closes_at) == (late, late + rules.GOING_ON_IS_NEWS)


def test_a_pause_without_a_date_ends_by_nothing_but_their_word() -> None:
    assert kinds(of_places(pausing(paused_until=None))) == []


def test_a_pause_in_two_programmes_is_one_pause() -> None:
    both = [pausing(id=id, programme_id=id) for id in (11, 12)]

    assert kinds(of_places(*both)) == ["pause_over"]


@pytest.mark.parametrize("state", IS_OUT)
def test_who_left_while_they_were_paused_hears_nothing_of_the_pause(state: MemberState) -> None:
    assert "pause_over" not in kinds(of_places(pausing(state)))


@pytest.mark.parametrize(
    ("state", "until", "is_overdue"),
    [
        (MemberState.PAUSED, UNTIL, True),
        (MemberState.PAUSED, UNTIL + timedelta(seconds=1), False),
        (MemberState.PAUSED, None, False),
        (MemberState.ACTIVE, UNTIL, False),
        (MemberState.LEFT, UNTIL, False),
    ],
)
def test_only_a_pause_whose_date_has_come_is_over(state: MemberState, until: datetime | None, is_overdue: bool) -> None:
    assert bool(rules.overdue([pausing(state, paused_until=until)], UNTIL)) is is_overdue


@pytest.mark.parametrize("is_ahead", [True, False])
def test_a_pause_has_a_day_it_ends_on_while_that_is_ahead(is_ahead: bool) -> None:
    now = UNTIL - A_DAY if is_ahead else UNTIL

    assert rules.ends_at(pausing().member, now) == (UNTIL if is_ahead else None)


# What they hear of their partner


def test_a_partner_hears_that_the_pair_has_ended() -> None:
    ended = make.partnership(ended_at=make.MONDAY + A_DAY, ended_by=2)

    [due] = rules.due(make.snapshot(ended))

    assert (due.kind, due.opens_at, due.at_once) == ("partner_left", make.MONDAY + A_DAY, False)


@pytest.mark.parametrize("side", Side)
def test_both_hear_it_when_neither_ended_it(side: Side) -> None:
    ended = make.partnership(side, ended_at=make.MONDAY + A_DAY, ended_by=None)

    assert kinds(make.snapshot(ended)) == ["partner_left"]


def test_who_left_hears_nothing_of_their_partner() -> None:
    ended = make.partnership(state=MemberState.LEFT, ended_at=make.MONDAY + A_DAY, ended_by=1)

    assert kinds(make.snapshot(ended)) == []


def test_who_left_too_and_came_back_hears_nothing_of_a_pair_of_the_past() -> None:
    ended = make.partnership(ended_at=make.MONDAY + A_DAY, ended_by=2)
    ended.mine.joined_at = make.MONDAY + A_DAY * 9

    assert kinds(make.snapshot(ended)) == []


def test_two_who_were_never_introduced_hear_nothing_of_each_other() -> None:
    ended = make.partnership(introduced_at=None, ends_at=None, ended_at=make.MONDAY + A_DAY, ended_by=2)

    assert kinds(make.snapshot(ended)) == []


def test_a_pause_is_told_to_the_partner_once_for_each_pause() -> None:
    first, second = (
        make.partnership(partner_state=MemberState.PAUSED, partner_since=make.MONDAY + A_DAY * day) for day in (1, 9)
    )

    [one], [other] = rules.due(make.snapshot(first)), rules.due(make.snapshot(second))

    assert (one.kind, other.kind) == ("partner_paused", "partner_paused")
    assert one.key != other.key


def test_another_date_for_the_same_pause_is_no_news_to_the_partner() -> None:
    paused = make.partnership(partner_state=MemberState.PAUSED, partner_since=make.MONDAY)
    before = rules.due(make.snapshot(paused))
    paused.theirs.paused_until = UNTIL

    assert rules.due(make.snapshot(paused)) == before


def test_going_on_is_told_to_those_who_heard_of_the_pause() -> None:
    back = make.partnership(partner_since=make.MONDAY + A_DAY)
    heard = make.nudge("partner_paused", delivery_id=41)

    assert kinds(make.snapshot(back, nudges=(heard,))) == ["partner_resumed"]


def test_a_pause_that_ended_before_it_was_told_is_not_spoken_of() -> None:
    back = make.partnership(partner_since=make.MONDAY + A_DAY)

    assert kinds(make.snapshot(back)) == []


@pytest.mark.parametrize("partner_state", [MemberState.PAUSED, MemberState.ACTIVE])
def test_who_is_paused_themselves_hears_of_their_partners_pause_when_they_go_on(partner_state: MemberState) -> None:
    each = make.partnership(partner_state=partner_state, partner_since=make.MONDAY, state=MemberState.PAUSED)
    heard = make.snapshot(each, nudges=(make.nudge("partner_paused", delivery_id=41),))
    while_paused = kinds(heard)

    each.mine.state, each.mine.state_since = MemberState.ACTIVE, make.MONDAY + A_DAY

    [due] = rules.due(heard)
    assert while_paused == []
    assert due.opens_at == make.MONDAY + A_DAY
    assert due.kind == ("partner_paused" if partner_state is MemberState.PAUSED else "partner_resumed")


def test_after_their_months_are_over_a_partner_hears_nothing_of_a_pause() -> None:
    over = make.partnership(
        partner_state=MemberState.PAUSED,
        partner_since=make.at("2027-10-01 10:00"),
        ends_at=make.at("2027-09-01 09:00"),
    )

    dues = rules.due(make.snapshot(over))

    assert all(due.closes_at is not None and due.closes_at <= make.at("2027-10-01 10:00") for due in dues)


@given(
    state=st.sampled_from(MemberState),
    partner_state=st.sampled_from(MemberState),
    is_introduced=st.booleans(),
    is_ended=st.booleans(),
    ended_by=st.none() | st.sampled_from([1, 2]),
)
def test_of_one_pair_there_is_never_more_than_one_thing_to_hear_and_nothing_after_leaving(
    state: MemberState, partner_state: MemberState, is_introduced: bool, is_ended: bool, ended_by: int | None
) -> None:
    each = make.partnership(
        state=state,
        partner_state=partner_state,
        partner_since=make.MONDAY,
        introduced_at=make.MONDAY if is_introduced else None,
        ended_at=make.MONDAY if is_ended else None,
        ended_by=ended_by,
    )

    dues = rules.due(make.snapshot(each, nudges=(make.nudge("partner_paused", delivery_id=41),)))

    assert len(dues) <= 1
    assert not any(due.asks or due.at_once for due in dues)
    assert dues == [] or (is_introduced and state not in IS_OUT)


def test_looking_for_a_partner_has_nothing_to_do_with_a_pause() -> None:
    member: Member = make.member(state=MemberState.PAUSED, wants_partner=False)

    assert rules.stand(member, 1, is_over=False) is Stand.PAUSED
    assert rules.looks(member, 1, is_over=False) is Stand.RESTING
