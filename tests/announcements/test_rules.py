"""When an announcement may be posted, and when its author hears of one."""

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.announcements import rules
from store.models import DeliveryState


def test_a_sentence_may_be_posted() -> None:
    assert rules.problem("We begin on Monday.") is None


@pytest.mark.parametrize("text", [None, ""])
def test_nothing_may_not_be_posted(text: str | None) -> None:
    assert rules.problem(text) == "Write what you'd like to say."


@pytest.mark.parametrize("word", ["<!channel>", "<!here>", "<!everyone>"])
def test_nobody_calls_a_whole_channel(word: str) -> None:
    assert "never calls a whole channel" in str(rules.problem(f"Hello {word}!"))


@pytest.mark.parametrize(("text", "is_taken"), [("x" * 2500, True), ("x" * 2501, False), ("🎈" * 1251, False)])
def test_its_length_is_counted_as_slack_counts(text: str, is_taken: bool) -> None:
    assert (rules.problem(text) is None) is is_taken


@given(st.text(min_size=1, max_size=4000))
def test_whatever_is_taken_fits_where_the_preview_carries_it(text: str) -> None:
    assert rules.problem(text) is not None or len(text.encode("utf-16-le")) // 2 <= 2500


@pytest.mark.parametrize(
    ("state", "kind"),
    [(DeliveryState.UNKNOWN, "announcement_unclear"), (DeliveryState.REFUSED, "announcement_refused")],
)
def test_its_author_hears_at_once_of_one_that_is_not_surely_there(state: DeliveryState, kind: str) -> None:
    [due] = rules.due(make.snapshot(troubled=(make.trouble(state),)))

    assert (due.kind, due.about, due.at_once, due.is_notice) == (kind, 61, True, True)
