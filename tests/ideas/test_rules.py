"""Whose questions somebody may look through, and where they begin."""

from datetime import timedelta

import make
import pytest

from bot.ideas import blocks, rules
from store.models import MemberState, SessionState, Side
from store.snapshots import Partnership, Place

NAMES = blocks.names(make.words())
OLIVER = make.partnership(Side.MENTOR)


def shelves(*live: Partnership, days: int = 0, places: tuple[Place, ...] = ()) -> list[rules.Shelf]:
    mine = places or (Place(OLIVER.mine, OLIVER.programme),)
    return rules.shelves(mine, live, make.MONDAY + timedelta(days=days, hours=1))


@pytest.mark.parametrize(("days", "theme"), [(0, 1), (31, 2), (70, 3), (150, 5), (500, 6)])
def test_it_opens_at_what_the_month_of_their_pair_is_about(days: int, theme: int) -> None:
    [shelf] = shelves(OLIVER, days=days)

    assert shelf.theme == theme


def test_a_talk_that_has_a_date_says_what_it_is_about() -> None:
    past = make.held(make.MONDAY, 1, theme=1)
    booked = make.session(make.MONDAY + timedelta(days=33), 2, theme=4)

    [shelf] = shelves(make.partnership(Side.MENTOR, sessions=[past, booked]))

    assert shelf.theme == 4


def test_a_talk_that_was_cancelled_keeps_what_it_is_about_if_they_have_prepared_for_it() -> None:
    gone = make.session(make.MONDAY + timedelta(days=33), theme=4, state=SessionState.CANCELLED)
    each = make.partnership(Side.MENTOR, sessions=[gone])

    assert rules.theme_now(each, make.MONDAY, prepared={gone.id}) == 4
    assert rules.theme_now(each, make.MONDAY + timedelta(days=62)) == 3


def test_a_pair_that_goes_on_and_on_begins_the_six_anew() -> None:
    each = make.partnership(months=None)
    booked = make.partnership(months=None, sessions=[make.session(make.MONDAY + timedelta(days=200), theme=7)])

    assert rules.theme_now(each, make.MONDAY + timedelta(days=220)) == 2
    assert rules.theme_now(booked, make.MONDAY + timedelta(days=190)) == 1


def test_both_of_a_pair_find_the_month_by_the_mentees_calendar_and_no_theme_that_has_gone_by() -> None:
    now = make.at("2027-04-01 08:00", "Pacific/Auckland")
    mentor = make.partnership(Side.MENTOR, zone=make.LISBON, partner_zone="Pacific/Auckland")
    ahead = make.partnership(sessions=[make.held(make.MONDAY, theme=4)])

    assert (rules.theme_now(mentor, now), rules.theme_now(ahead, now)) == (2, 4)


def test_each_pair_has_its_own_and_a_side_without_one_comes_last() -> None:
    mentee = make.member(Side.MENTEE, id=99)
    second = make.partnership(Side.MENTOR, id=6, introduced_at=make.MONDAY - timedelta(days=40))
    places = (Place(mentee, OLIVER.programme), Place(OLIVER.mine, OLIVER.programme))

    found = shelves(OLIVER, second, places=places)

    assert [(shelf.key, shelf.theme) for shelf in found] == [("11.5", 1), ("11.6", 2), ("99.0", 1)]
    assert rules.meant("pair 6", found) is found[1]
    assert rules.meant("pair 7", found) is rules.meant("trust", found) is found[0]


@pytest.mark.parametrize("state", [MemberState.APPLIED, MemberState.QUEUED, MemberState.LEFT, MemberState.DECLINED])
def test_who_does_not_take_part_has_none(state: MemberState) -> None:
    assert shelves(places=(Place(make.member(state=state), make.programme()),)) == []


def test_a_pair_that_has_not_been_introduced_is_kept_quiet() -> None:
    [shelf] = shelves(make.partnership(Side.MENTOR, introduced_at=None))

    assert shelf.pair is None


@pytest.mark.parametrize(
    ("typed", "theme"),
    [("", None), ("4", 4), ("trust", 1), ("  Half-Way ", 3), ("beyond the pair", 5), ("7", None), ("sports", None)],
)
def test_a_theme_is_named_by_its_number_or_a_part_of_its_name(typed: str, theme: int | None) -> None:
    assert rules.theme_meant(typed, NAMES) == theme
