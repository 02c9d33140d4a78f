"""Six themes in their order, over however many months."""

from datetime import timedelta

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import rhythm
from bot.themes import THEMES, of_six, of_talk, theme_of
from store.models import Cadence, Session, SessionState

ACTS = st.sampled_from(["date", "date", "prepare", "held", "missed", "cancelled"])
lengths = st.integers(2, 60)


@pytest.mark.parametrize(
    ("months", "themes"),
    [
        (1, [1]),
        (2, [1, 6]),
        (3, [1, 4, 6]),
        (6, [1, 2, 3, 4, 5, 6]),
        (9, [1, 2, 2, 3, 4, 4, 5, 5, 6]),
        (12, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]),
    ],
)
def test_the_themes_are_spread_over_the_months(months: int, themes: list[int]) -> None:
    assert [theme_of(month, months) for month in range(1, months + 1)] == themes


@given(months=lengths)
def test_the_first_month_has_the_first_theme_the_last_one_the_last_and_none_goes_back(months: int) -> None:
    themes = [theme_of(month, months) for month in range(1, months + 1)]

    assert (themes[0], themes[-1]) == (1, 6)
    assert themes == sorted(themes)
    if months >= 6:
        assert set(themes) == set(THEMES)


@given(months=lengths, more=st.integers(0, 60))
def test_whoever_goes_on_after_the_last_month_stays_with_its_theme(months: int, more: int) -> None:
    assert theme_of(months + more, months) == 6


@given(month=st.integers(1, 600))
def test_who_goes_on_and_on_begins_anew_after_six_months(month: int) -> None:
    assert of_six(theme_of(month, None)) == (month - 1) % 6 + 1


@given(months=lengths | st.none(), acts=st.lists(st.tuples(ACTS, st.integers(0, 900)), max_size=30))
def test_over_any_moves_and_cancellings_each_talk_has_the_theme_of_its_month_or_of_the_last_talk_if_that_was_later(
    months: int | None, acts: list[tuple[str, int]]
) -> None:
    """What they have prepared with stays, whenever they meet."""
    talks: list[Session] = []
    given_in: list[int] = []  # the month in which each was to be when it got its theme
    has_prepared = False

    for act, days in acts:
        is_next = not talks or talks[-1].state in (SessionState.HELD, SessionState.MISSED)
        if act == "date":
            at = make.MONDAY + timedelta(days=days, hours=2)
            if is_next:
                talks.append(make.session(at, len(talks) + 1))
                given_in.append(0)
            has_prepared = has_prepared and not is_next
            if not has_prepared:
                talks[-1].theme = of_talk(make.partnership(sessions=talks, months=months), at)
                given_in[-1] = rhythm.number_on(make.MONDAY.date(), at.date(), Cadence.MONTHLY)
            talks[-1].starts_at, talks[-1].state = at, SessionState.PLANNED
        elif act == "prepare":
            has_prepared = has_prepared or not is_next
        elif not is_next:
            talks[-1].state = SessionState(act)

    so_far = 1
    for talk, month in zip(talks, given_in, strict=True):
        so_far = max(so_far, month)
        assert of_six(talk.theme) == (of_six(so_far) if months is None else theme_of(so_far, months))
