"""The clock moves from one due moment to the next, never back, and never past where it was sent."""

from datetime import datetime, timedelta

import pytest

from tests.sandbox.conftest import MONDAY

SOON = timedelta(seconds=5)


def test_a_week_is_moved_in_steps_and_each_due_thing_comes_at_its_time(box):
    box.command("ana", "/tiny later 2")
    box.command("ana", "/tiny later 50")

    steps = box.advance(timedelta(days=7))

    assert steps == 3
    told = {message.text: message.time - MONDAY for message in box.dm("ana")}
    assert timedelta(hours=2) <= told["after 2.0 h"] < timedelta(hours=2) + SOON
    assert timedelta(hours=50) <= told["after 50.0 h"] < timedelta(hours=50) + SOON
    assert timedelta(days=7) <= box.now - MONDAY < timedelta(days=7) + SOON


def test_next_goes_to_what_is_due_and_nowhere_else(box):
    box.command("ana", "/tiny later 2")

    assert box.advance_to_next() is not None
    assert timedelta(hours=2) <= box.now - MONDAY < timedelta(hours=2) + SOON
    assert box.advance_to_next() is None


def test_a_bot_that_always_wants_to_look_again_does_not_stop_the_clock(heard, listener):
    listener.settles = lambda: {"next_look_at": MONDAY.isoformat()}

    steps = heard.advance(timedelta(seconds=4))

    assert steps <= 4
    assert heard.now >= MONDAY + timedelta(seconds=4)


def test_no_step_passes_the_target(heard, listener):
    moments = []

    def settle():
        moments.append(heard.now)
        return {"next_look_at": (heard.now + timedelta(hours=7)).isoformat()}

    listener.settles = settle
    target = MONDAY + timedelta(hours=10)
    heard.advance_to(target)

    assert max(moments) < target + SOON
    assert moments == sorted(moments)


def test_the_bot_reads_the_same_clock(box, tmp_path):
    box.advance(timedelta(hours=1))

    offset = timedelta(seconds=float((tmp_path / "clock").read_text()))
    assert abs(datetime.now(MONDAY.tzinfo) + offset - box.now) < SOON


def test_time_passes_without_a_bot(box):
    box.kill_bot()

    assert box.advance(timedelta(days=1)) == 1


@pytest.mark.parametrize("zone", ["Z", "+00:00"])
def test_moments_are_understood_in_either_spelling(heard, listener, zone):
    due = f"{MONDAY + timedelta(hours=1):%Y-%m-%dT%H:%M:%S}{zone}"
    listener.settles = lambda: {"next_look_at": due}

    assert heard.settle() == MONDAY + timedelta(hours=1)
