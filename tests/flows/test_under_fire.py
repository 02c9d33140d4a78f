"""Bots are killed again and again while Slack fails, and everybody gets what a calendar by hand says, once.

The same for two months and hundreds of kills is `make bench`.
"""

from datetime import UTC, datetime

import pytest
from conftest import Town
from flows.two_months import THREE, three_pair_up
from flows.under_fire import Fire, under_fire

UNTIL = datetime(2027, 3, 12, 18, tzinfo=UTC)


@pytest.mark.long
@pytest.mark.parametrize(("kind", "clocks_off", "seed"), [("sqlite", (0,), 1), ("postgresql", (0, 3), 2)])
def test_whatever_dies_and_fails_nothing_is_lost_and_nothing_doubled(
    town: Town, kind: str, clocks_off: tuple[int, ...], seed: int
) -> None:
    """On PostgreSQL with two bots, the clock of one of which is ahead."""
    bots = {"bots": len(clocks_off), "clocks_off": clocks_off, "restarts": True, "limits": "enforce"}
    box = town(kind, after=three_pair_up, **bots)

    found = under_fire(box, Fire(seed, kills=0.05), THREE, UNTIL)

    assert found.wrong == {}
    assert found.expected == found.sent == 28
    assert set(found.kills) == {"before_storing", "after_storing", "after_answering", "at_random"}, "of each kind"
    assert found.kills.total() >= 12
    assert set(found.faults) >= {"reset", "error", "html"}
    assert found.resent > 0
    assert found.reconciled > found.resent, "some were found, and some sent again"
