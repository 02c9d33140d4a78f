"""A round that was published becomes pairs, and each is introduced once, whatever happens on the way."""

from datetime import timedelta

import pytest
from conftest import Town
from flows.companies import introductions, proposed, publish, stored
from flows.telling import plain, set_up, texts

from sandbox import Sandbox
from sandbox.faults import Point
from store.models import Member, MemberState, Pair, Person, Round, RoundState


def told(box: Sandbox) -> str:
    """The one message that keeps Ruth posted, as it stands now."""
    [message] = [text for text in texts(box.dm("ruth")) if "The pairs of" in text]
    return plain(box, message)


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "point", "many"), [("sqlite", "after_storing", 200), ("postgresql", "before_storing", 40)]
)
def test_a_crash_half_way_through_200_introductions_doubles_none_and_loses_none(
    town: Town, kind: str, point: Point, many: int
) -> None:
    box = town(kind)
    set_up(box)
    half, soon = many // 2, many * 2 // 5
    round_id = proposed(box, many, later=many - soon)
    box.advance(timedelta(hours=1))
    publish(box, round_id)
    box.advance(timedelta(minutes=5))  # Slack opens some forty group DMs a minute
    assert introductions(box) == [1] * soon

    box.kill_at(point, after=half - soon)
    box.advance(timedelta(hours=1))
    assert box.kills[point] == 1
    assert half - 8 <= len(introductions(box)) <= half + 8, "it was killed half-way, with a few under way"
    box.start_bot()
    box.advance(timedelta(minutes=10))

    assert introductions(box) == [1] * many
    assert f"{many} of {many} introduced, none still to come" in told(box)
    with stored(box) as store, store.read() as db:
        assert {pair.introduced_at is not None for pair in db.query(Pair)} == {True}
        assert db.get_one(Round, round_id).state is RoundState.PUBLISHED


def test_the_coordinator_has_one_message_that_follows_what_becomes_of_the_pairs(town: Town) -> None:
    box = town(after=set_up)
    round_id = proposed(box, 4)
    with stored(box) as store, store.begin() as db:
        db.query(Person).filter_by(slack_id="U0EE000000").one().zone = "America/New_York"
        db.query(Person).filter_by(slack_id="U0EE000001").one().team = "U0OR000001"
        paused = db.query(Person).filter_by(slack_id="U0OR000002").one()
        db.query(Member).filter_by(person_id=paused.id).one().state = MemberState.PAUSED
    box.advance(timedelta(hours=2))

    publish(box, round_id)
    box.advance(timedelta(minutes=1))
    said = told(box)
    assert "are being introduced: 1 of 4 so far" in said
    assert "Still to come: 1." in said
    assert "• @mentor1 and @mentee1: they are in the same team" in said
    assert "• @mentor2 and @mentee2: one of them isn't available any more" in said, "not that somebody has paused"

    box.advance(timedelta(hours=6))
    assert "2 of 4 introduced, none still to come" in told(box)
    assert introductions(box) == [1, 1]


def test_where_slack_says_slowly_they_wait_as_long_as_it_says_and_none_is_lost(town: Town) -> None:
    box = town(after=set_up)
    round_id = proposed(box, 6)
    box.advance(timedelta(hours=1))

    box.storm(timedelta(seconds=30), "conversations.open", retry_after=30)
    box.fail_next("chat.update", 429, retry_after=10)
    publish(box, round_id)
    assert introductions(box) == []
    box.advance(timedelta(minutes=2))

    assert introductions(box) == [1] * 6
    assert "6 of 6 introduced" in told(box)


def test_a_message_that_cannot_be_changed_any_more_is_let_be(town: Town) -> None:
    box = town(after=set_up)
    round_id = proposed(box, 2)
    box.advance(timedelta(hours=1))

    box.fail_next("chat.update", "edit_window_closed", times=9)
    publish(box, round_id)
    box.advance(timedelta(minutes=2))

    assert introductions(box) == [1, 1]
    assert len([text for text in texts(box.dm("ruth")) if "The pairs of" in text]) == 1
    assert sum(method == "chat.update" for method, _ in box.calls) <= 2
