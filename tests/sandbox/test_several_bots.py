"""Several bots on one workspace: they share the work, and one is killed while the others go on."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from sandbox import BotDidNotAnswer, Sandbox
from sandbox.bots import Bots
from tests.sandbox.conftest import MANIFEST, MONDAY, TINY_BOT, Listener, tiny

POST = "chat.postMessage"


@pytest.fixture
def two(tmp_path, nursery):
    with tiny(tmp_path, nursery, bots=2, clocks_off=(0, 3)) as box:
        yield box


@pytest.fixture
def ears(tmp_path) -> Iterator[tuple[Sandbox, Listener, Listener]]:
    """A workspace whose two bots only listen."""
    box = Sandbox(tmp_path, now=MONDAY, manifest=MANIFEST, bot_command=TINY_BOT, bots=2)
    first, second = Listener(), Listener()
    box.bots.replace(1, first)
    box.bots.replace(2, second)
    box.server.start()
    box.postman.start()
    yield box, first, second
    for part in (box.postman, box.server, first, second):
        part.stop()


def said(box):
    return [message.text for message in box.dm("ana")]


def test_acts_go_to_the_bots_in_turn_and_the_workspace_knows_which_of_them_calls(two):
    for word in "abcd":
        two.command("ana", f"/tiny say {word}")

    assert said(two) == ["a", "b", "c", "d"]
    assert (two.callers[1, POST], two.callers[2, POST]) == (2, 2)


def test_the_bot_that_calls_is_killed_and_the_other_goes_on(two):
    two.kill_at("after_storing")

    two.command("ana", "/tiny say a")
    down = [bot.is_running for bot in two.bots]
    two.command("ana", "/tiny say b")
    two.command("ana", "/tiny say c")
    two.start_bot()

    assert sorted(down) == [False, True]
    assert said(two) == ["a", "b", "c"]
    assert two.kills == {"after_storing": 1}
    assert all(bot.is_running for bot in two.bots)
    assert two.errors == []


def test_one_is_stopped_started_and_killed_by_its_number(two):
    assert two.stop_bot(2) == 0
    assert [bot.is_running for bot in two.bots] == [True, False]
    two.start_bot(2)
    two.kill_bot(1)
    assert [bot.is_running for bot in two.bots] == [False, True]
    assert two.bot_is_running

    two.kill_bot()
    with pytest.raises(BotDidNotAnswer):
        two.command("ana", "/tiny say a")
    with pytest.raises(ValueError, match="there is no bot 3"):
        two.start_bot(3)


def test_an_event_is_brought_to_the_one_that_runs(two):
    two.kill_bot(1)

    two.write("ana", "one")
    two.write("ana", "two")

    assert said(two) == ["one", "heard one (retry none)", "two", "heard two (retry none)"]


def test_a_bots_clock_may_be_wrong(two, tmp_path):
    two.advance(timedelta(hours=1))

    right, wrong = (float((tmp_path / name).read_text()) for name in ("clock", "clock2"))
    assert wrong == pytest.approx(right + 3, abs=0.001)
    assert two.bots[2].env["FLIPSIDE_CLOCK_FILE"] == str(tmp_path / "clock2")


def test_all_are_waited_for_and_the_first_who_wants_to_look_again_is_heard(ears):
    box, first, second = ears
    asked = []

    def looks(name: str, at: datetime | None):
        def settle():
            asked.append(name)
            return {"next_look_at": at and at.isoformat()}

        return settle

    first.settles = looks("first", MONDAY + timedelta(hours=3))
    second.settles = looks("second", MONDAY + timedelta(hours=2))
    assert box.settle() == MONDAY + timedelta(hours=2)
    first.settles = looks("first", None)
    assert box.settle() == MONDAY + timedelta(hours=2)
    second.is_running = False
    assert box.settle() is None

    assert sorted(asked) == ["first", "first", "first", "second", "second"]


def test_while_one_of_them_still_calls_slack_all_are_asked_again(ears):
    box, first, second = ears
    left = [3]

    def settle():
        if left[0]:
            left[0] -= 1
            box.answer("auth.test", {}, box.token)
        return {"next_look_at": None}

    second.settles = settle
    box.settle()

    assert (left, len(box.calls)) == ([0], 3)
    assert first.heard == second.heard == []


def test_who_watches_over_the_bots_starts_them_again(tmp_path, nursery):
    with tiny(tmp_path, nursery, bots=2, turns=1, restarts=True) as watched:
        watched.kill_at("after_storing", times=2)

        watched.command("ana", "/tiny say a")
        alive = [bot.is_running for bot in watched.bots]
        watched.command("ana", "/tiny say b")
        watched.advance(timedelta(hours=1))

        assert alive == [bot.is_running for bot in watched.bots] == [True, True]
        assert sum(bot.lives for bot in watched.bots) == 4
        assert said(watched) == ["a", "b"]
        assert watched.errors == []


def test_by_a_seed_the_turn_is_a_matter_of_chance_and_the_same_each_time(ears):
    _, first, second = ears

    def turns(seed):
        bots = Bots([first, second], seed)
        return [bots.next() is first for _ in range(20)]

    assert turns(1) == turns(1) != turns(2)
    assert len(set(turns(1))) == 2
    first.is_running = False
    assert set(turns(1)) == {False}
    second.is_running = False
    assert Bots([first, second]).next() is None
