"""Which question a meeting gets: nobody gets one twice, both sides stay together, the themes keep their order."""

from collections import defaultdict
from datetime import timedelta

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import questions, themes
from bot.prompts import BANK, Twin
from store.models import Focus, SessionState, Side
from store.snapshots import Partnership

WORDS = make.words().twins
ALL = tuple(WORDS.values())
foci = st.sampled_from(Focus)
lengths = st.sampled_from([3, 6, 9, 12, None])


def meet(each: Partnership, had: set[str], days: int) -> tuple[Partnership, dict[str, Twin | None]]:
    """The next meeting of a pair, so many days after the introduction, with what it gets."""
    number = len(each.sessions) + 1
    starts_at = make.MONDAY + timedelta(days=days, hours=1)
    theme = themes.of_talk(each, starts_at)
    found = {kind: questions.choose(ALL, kind, theme, each.programme.focus, had, number) for kind in BANK}
    session = make.held(starts_at, number, theme=theme)
    after = Partnership(
        each.pair, each.programme, each.me, each.mine, each.partner, each.theirs, (*each.sessions, session)
    )
    return after, found


def pair(months: int | None, focus: Focus) -> Partnership:
    each = make.partnership(ends_at=None)
    each.programme.months, each.programme.focus = months, focus
    return each


@given(focus=foci, months=lengths, gaps=st.lists(st.integers(1, 20), min_size=1, max_size=80), data=st.data())
def test_over_any_bookings_of_pairs_that_share_a_mentor_nobody_gets_a_question_twice(
    focus: Focus, months: int | None, gaps: list[int], data: st.DataObject
) -> None:
    """Ana mentors three, and one of them is somebody's mentor, too. What one has had, none of their pairs gets."""
    people = [("ana", "bo"), ("ana", "cy"), ("ana", "di"), ("di", "ed")]
    pairs = [pair(months, focus) for _ in people]
    had: dict[str, list[str]] = defaultdict(list)
    day = 0

    for gap in gaps:
        day += gap
        at = data.draw(st.integers(0, len(people) - 1))
        pairs[at], found = meet(pairs[at], {*had[people[at][0]], *had[people[at][1]]}, day)
        for twin in filter(None, found.values()):
            for name in people[at]:
                had[name].append(twin.id)

    assert all(len(set(ids)) == len(ids) for ids in had.values())
    for each in pairs:
        themes = [session.theme for session in each.sessions]
        assert themes == sorted(themes)


@given(focus=foci, gap=st.integers(10, 16))
def test_a_year_of_fortnightly_talks_never_runs_out_and_keeps_to_its_theme(focus: Focus, gap: int) -> None:
    each, had = pair(12, focus), set[str]()

    for number in range(1, 27):
        each, found = meet(each, had, min(number * gap, 364))
        for twin in found.values():
            assert twin is not None, f"talk {number}"
            assert twin.theme == each.sessions[-1].theme
            assert twin.objective in (None, focus)
            assert twin.id not in had
            had.add(twin.id)


@given(focus=foci)
def test_six_months_have_a_question_of_each_theme_and_every_other_talk_is_about_the_objective(focus: Focus) -> None:
    each, had, seen = pair(6, focus), set[str](), []

    for number in range(6):
        each, found = meet(each, had, number * 31)
        seen.append([(twin.theme, twin.objective) for twin in found.values() if twin])
        had |= {twin.id for twin in found.values() if twin}

    assert seen == [[(theme, focus if theme % 2 == 0 else None)] * 2 for theme in range(1, 7)]


def test_forty_eight_talks_are_had_before_nothing_is_left() -> None:
    had = set[str]()

    for _ in range(48):
        twin = questions.choose(ALL, "preparation", 3, "digital", had, 1)
        assert twin is not None
        had.add(twin.id)

    assert questions.choose(ALL, "preparation", 3, "digital", had, 1) is None


def twin(id: str, theme: int | None, objective: str | None = None) -> Twin:
    return Twin(id, "preparation", theme, objective, "?", "?")


@pytest.mark.parametrize(
    ("bank", "first"),
    [
        ([twin("any", None), twin("next", 4), twin("now", 3), twin("past", 2)], "now"),
        ([twin("next", 4), twin("past", 2), twin("any", None)], "any"),
        ([twin("first", 1), twin("next", 4), twin("past", 2)], "past"),
        ([twin("last", 6), twin("next", 4)], "next"),
        ([twin("a", 3), twin("b", 3)], "a"),
        ([twin("own", 3, "future"), twin("all", 3)], "all"),
        ([twin("own", 3, "future"), twin("all", 2)], "own"),
        ([twin("others", 3, "digital")], None),
    ],
    ids=[
        "the theme goes first",
        "then what fits any month",
        "then the last theme gone by",
        "then the next to come",
        "of equals the first of the bank",
        "an odd talk begins with what is for all",
        "the theme goes before whose turn it is",
        "another objective's are not asked",
    ],
)
def test_what_goes_first(bank: list[Twin], first: str | None) -> None:
    found = questions.choose(bank, "preparation", 3, "future", set(), 1)

    assert (found.id if found else None) == first


def test_the_seventh_theme_is_the_first_anew() -> None:
    bank = [twin("last", 6), twin("first", 1)]

    assert questions.choose(bank, "preparation", 7, "future", set(), 1) == bank[1]


def test_an_even_talk_begins_with_the_objective() -> None:
    bank = [twin("all", 3), twin("own", 3, "future")]

    assert questions.choose(bank, "preparation", 3, "future", set(), 2) == bank[1]


@pytest.mark.parametrize("months", [6, None])
def test_a_meeting_that_was_let_go_does_not_take_its_theme_back(months: int | None) -> None:
    late = make.session(make.at("2027-07-20 15:00"), theme=5, state=SessionState.MISSED)

    assert themes.of_talk(make.partnership(sessions=[late], months=months), make.at("2027-04-02 15:00")) == 5


@pytest.mark.parametrize("state", [SessionState.PLANNED, SessionState.CANCELLED])
def test_a_meeting_that_gets_another_date_is_not_behind_itself(state: SessionState) -> None:
    late = make.session(make.at("2027-07-20 15:00"), theme=5, state=state)

    assert themes.of_talk(make.partnership(sessions=[late]), make.at("2027-04-02 15:00")) == 2


def test_the_month_begins_by_the_mentees_calendar_whoever_books() -> None:
    """Introduced on 1 March at nine in Lisbon. In Auckland it is the second month when it isn't yet in Lisbon."""
    moment = make.at("2027-04-01 08:00", "Pacific/Auckland")
    mentee = make.partnership(zone="Pacific/Auckland", partner_zone=make.LISBON)
    mentor = make.partnership(Side.MENTOR, zone=make.LISBON, partner_zone="Pacific/Auckland")

    assert themes.of_talk(mentee, moment) == themes.of_talk(mentor, moment) == 2
    assert themes.of_talk(make.partnership(), moment) == 1
