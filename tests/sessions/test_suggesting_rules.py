"""Moments that suit both of a pair: on a calendar written by hand, and in every zone."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import make
from hypothesis import given
from hypothesis import strategies as st
from make import at

from bot.sessions import rules, suggesting_rules
from bot.working_time import PARTS_OF_DAY
from store.models import Cadence, Side
from store.snapshots import Partnership

ZONES = ("Europe/Lisbon", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Auckland")
MONDAY = at("2027-03-15 10:00")

zones = st.sampled_from(ZONES)
countries = st.sampled_from([None, "PT", "DE", "US", "IN", "NZ"])
parts = st.lists(st.sampled_from(list(PARTS_OF_DAY)), unique=True)
moments = make.moments("2027-03-02", "2028-02-01")


def offered(each: Partnership, now: datetime = MONDAY, taken: tuple[datetime, ...] = ()) -> list[datetime]:
    both = suggesting_rules.hours(each)
    return suggesting_rules.suggestions(*both, rules.window(each, now), rules.LENGTH, now, taken)


def by_clock(found: list[datetime], zone: str = make.LISBON) -> list[str]:
    return [f"{each.astimezone(ZoneInfo(zone)):%a %d %b %H:%M}" for each in found]


def test_three_moments_lie_on_different_days_and_times_with_three_working_days_to_prepare() -> None:
    in_berlin = make.partnership(country="PT")

    # Monday the 15th; Good Friday, the 26th, is a day off in Portugal. Berlin is an hour ahead.
    assert by_clock(offered(in_berlin)) == ["Thu 18 Mar 10:00", "Wed 24 Mar 14:00", "Wed 31 Mar 15:00"]


def test_the_hours_that_both_told_count() -> None:
    each = make.partnership(partner_zone=make.LISBON, hours=["morning", "midday"], partner_hours=["midday"])

    assert {found[-5:] for found in by_clock(offered(each))} == {"12:00", "13:00"}


def test_two_who_are_never_at_work_at_once_are_offered_nothing() -> None:
    assert offered(make.partnership(partner_zone="Pacific/Auckland")) == []


def test_another_talk_of_either_is_no_place_for_this_one() -> None:
    each = make.partnership()
    first, *others = offered(each)

    again = offered(each, taken=(first + timedelta(minutes=30),))

    assert first not in again
    assert again[1:] == others


def test_nobody_is_offered_a_time_after_the_programmes_last_day() -> None:
    in_the_last_days = at("2027-08-27 10:00")

    found = offered(make.partnership(country="PT"), in_the_last_days)

    assert by_clock(found) == ["Mon 30 Aug 10:00", "Tue 31 Aug 14:00"]


def test_in_a_fortnight_the_moments_are_nearer() -> None:
    far = offered(make.partnership())[-1]
    near = offered(make.partnership(cadence=Cadence.FORTNIGHTLY, months=3), at("2027-03-16 10:00"))[-1]

    assert (near - far).days < 0


@st.composite
def pairs(draw: st.DrawFn) -> Partnership:
    facts: dict[str, Any] = {"zone": draw(zones), "country": draw(countries), "partner_zone": draw(zones)}
    made = make.partnership(
        draw(st.sampled_from(Side)),
        cadence=draw(st.sampled_from(Cadence)),
        months=draw(st.sampled_from([6, 12, None])),
        hours=draw(parts),
        partner_hours=draw(parts),
        **facts,
    )
    made.partner.country = draw(countries)
    return made


@given(each=pairs(), now=moments, busy=st.lists(st.integers(0, 400), max_size=5))
def test_both_are_at_work_and_free_at_each_moment_and_it_lies_ahead(
    each: Partnership, now: datetime, busy: list[int]
) -> None:
    taken = tuple(now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours) for hours in busy)
    found = offered(each, now, taken)

    assert found == sorted(found)
    assert len({moment.astimezone(ZoneInfo(each.me.zone or "UTC")).date() for moment in found}) == len(found) <= 3
    for who in suggesting_rules.hours(each):
        assert all(who.hold(moment, rules.LENGTH) for moment in found)
        assert all(who.time.is_open(moment) for moment in found)
    assert all(moment > now and (each.pair.ends_at is None or moment < each.pair.ends_at) for moment in found)
    assert all(abs(moment - other) >= rules.LENGTH for moment in found for other in taken)


@given(each=pairs(), now=moments)
def test_both_of_a_pair_are_offered_the_same_days(each: Partnership, now: datetime) -> None:
    """Whoever opens the form: what counts is the mentee's calendar. Only the window is by the clock of who looks."""
    mentee, mentor = suggesting_rules.hours(each)

    found = suggesting_rules.suggestions(mentee, mentor, (now, now + timedelta(days=14)), rules.LENGTH, now)

    other = Partnership(each.pair, each.programme, each.partner, each.theirs, each.me, each.mine, each.sessions)
    again = suggesting_rules.suggestions(
        *suggesting_rules.hours(other), (now, now + timedelta(days=14)), rules.LENGTH, now
    )
    assert again == found
