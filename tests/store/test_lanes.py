"""How much Slack takes in a while: never more than that, whoever asks, and never less than could be."""

from datetime import timedelta

import make
from hypothesis import given
from hypothesis import strategies as st

from store import lanes
from store.lanes import Pace, Use
from tests.store.kept import Kept

NOW = make.MONDAY
SECOND = timedelta(seconds=1)

paces = st.builds(Pace, st.floats(0.01, 10).map(lambda seconds: SECOND * seconds), st.integers(1, 40))
waits = st.floats(0, 30).map(lambda seconds: SECOND * seconds)


@given(paces, st.lists(st.tuples(waits, st.integers(1, 50)), max_size=30))
def test_no_span_of_time_lets_through_more_than_its_share_and_a_burst(
    pace: Pace, asks: list[tuple[timedelta, int]]
) -> None:
    now, use, passed = NOW, Use(NOW), []
    for wait, wanted in asks:
        now += wait
        passing = min(wanted, use.room(pace, now))
        use = use.used(pace, now, passing)
        passed.append((now, passing))

    for first, (since, _) in enumerate(passed):
        for last, (until, _) in enumerate(passed[first:], first):
            through = sum(count for _, count in passed[first : last + 1])
            assert through <= pace.burst + (until - since) / pace.every + 1e-6


@given(paces, waits, st.integers(0, 100), st.integers(1, 60))
def test_it_opens_for_as_many_as_it_says_and_no_sooner(pace: Pace, wait: timedelta, used: int, count: int) -> None:
    now = NOW + wait
    use = Use(NOW).used(pace, NOW, used)
    most = min(count, pace.burst)

    opens_at = use.opens_at(pace, now, count)

    assert use.room(pace, opens_at) >= most
    if opens_at > now:
        assert use.room(pace, opens_at - pace.every / 50) < most


@given(paces, waits, waits, st.integers(0, 100))
def test_closed_nothing_goes_through_until_slack_said_and_then_as_ever(
    pace: Pace, first: timedelta, second: timedelta, used: int
) -> None:
    use = Use(NOW).used(pace, NOW, used).closed(NOW + first).closed(NOW + second)
    until = NOW + max(first, second)

    for at in (NOW, until - SECOND / 1000):
        assert at >= until or use.room(pace, at) == 0
    assert use.opens_at(pace, NOW) >= until
    assert use.room(pace, use.opens_at(pace, NOW)) >= 1


def test_what_goes_through_all_the_same_makes_the_next_wait_longer() -> None:
    pace = Pace(SECOND, 2)
    use = Use(NOW).used(pace, NOW, 5)

    assert use.room(pace, NOW) == 0
    assert use.opens_at(pace, NOW) == NOW + SECOND * 4
    assert use.room(pace, NOW + SECOND * 3.9) == 0


def test_one_keeps_what_the_other_finds(kept: Kept) -> None:
    pace = Pace(SECOND)
    with kept.store.begin() as db:
        [found] = lanes.locked(db, make.WORKSPACE, ["person 1"], NOW).values()
        assert found == Use(NOW)
        lanes.keep(db, make.WORKSPACE, {"person 1": found.used(pace, NOW).closed(NOW + SECOND * 9)})
    with kept.store.begin() as db:
        [again] = lanes.locked(db, make.WORKSPACE, ["person 1"], NOW).values()
        lanes.keep(db, make.WORKSPACE, {"person 1": again.used(pace, NOW)})

    with kept.store.read() as db:
        read = lanes.of(db, make.WORKSPACE, ["person 1", "person 2"], NOW)
    assert read == {"person 1": Use(NOW + SECOND * 2, NOW + SECOND * 9), "person 2": Use(NOW)}


def test_somebody_new_is_written_to_while_they_write_and_neither_waits_for_the_other(kept: Kept) -> None:
    """Their lane is made by whoever comes first; all messages have one lane, which both want before."""
    with kept.store.begin() as db:
        lanes.keep(db, make.WORKSPACE, {"chat.postMessage": Use(NOW)})

    with kept.store.begin() as db:
        lanes.locked(db, make.WORKSPACE, ["chat.postMessage"], NOW)
        writing = kept.beside(lambda db: lanes.locked(db, make.WORKSPACE, ["chat.postMessage", "person 1"], NOW))
        lanes.keep(db, make.WORKSPACE, {"person 1": Use(NOW + SECOND)})

    writing.result()


def test_another_workspace_has_lanes_of_its_own(kept: Kept) -> None:
    with kept.store.begin() as db:
        lanes.keep(db, make.WORKSPACE, {"messages": Use(NOW + SECOND)})

    with kept.store.read() as db:
        assert lanes.of(db, "T0ELSEWHERE", ["messages"], NOW) == {"messages": Use(NOW)}
