"""A morning on which two are paired, and what goes wrong on it, one thing at a time."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import make
import pytest
from nudges.troubled import CHANNEL, DAY, HISTORY, OPEN, POST, SECOND, Fate, Town
from processes import taking_turns

from bot import gate
from bot.membership import listeners as membership
from bot.nudges import tick
from store import people
from store.database import Store
from store.models import Cadence

on_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
LISBON = {"zone": "Europe/Lisbon", "country": "PT"}
ONCE = {"D0ANA": 1, "D0OLIVER": 1, "G0ANAOLIVER": 1}
"""That they are in, to each; and the introduction."""


@pytest.fixture
def town(store: Store) -> Iterator[Town]:
    with taking_turns():
        made = Town(store)
        paired(made)
        yield made
        made.kill("A")
        made.kill("B")


def paired(town: Town, *, zone: str = "Europe/Lisbon", now: datetime = make.MONDAY) -> None:
    """With nothing left of an earlier morning."""
    town.kill("A")
    town.kill("B")
    town.slack.said.clear()
    town.now = now
    town.pair_up(
        {"U0ANA": LISBON, "U0OLIVER": {"zone": zone, "country": "PT"}}, [("U0ANA", "U0OLIVER")], 6, Cadence.MONTHLY
    )


def got(town: Town) -> Counter[str]:
    assert town.trouble == []
    return Counter(post.channel for post in town.slack.said if post.channel != CHANNEL)


@on_sqlite
def test_all_is_well(town: Town) -> None:
    town.pass_on(town.now + DAY, "AB", Random(1))

    assert got(town) == ONCE


@on_sqlite
def test_a_history_that_cannot_be_read_for_some_minutes_is_read_after_them(town: Town) -> None:
    """All of the workspace is shut to us for a moment: that tells nothing of what is in the history."""
    town.slack.fates[POST].extend([Fate("lost"), Fate("lost"), Fate("lost")])
    town.slack.fates[HISTORY].append(Fate("token_revoked", is_stored=False))

    town.pass_on(town.now + DAY, "A", Random(1))

    assert got(town) == ONCE


@on_sqlite
def test_a_conversation_is_opened_to_be_read_no_sooner_than_slack_lets_anybody_open_one(town: Town) -> None:
    """And no group is opened meanwhile: theirs would be at ten, when both are at work."""
    paired(town, zone="Atlantic/Azores", now=make.MONDAY + timedelta(minutes=50))
    town.slack.fates[POST].extend([Fate("lost"), Fate("lost")])
    town.slack.fates[OPEN].append(Fate("later", wait=900))

    town.pass_on(town.now + DAY, "AB", Random(1))

    assert got(town) == ONCE


@on_sqlite
def test_what_goes_once_more_waits_too_for_whoever_has_their_notifications_off_by_then(town: Town) -> None:
    town.slack.fates[POST].extend([Fate("lost", is_stored=False)] * 3)
    town.pass_on(town.now + SECOND * 30, "A", Random(1))
    until = town.now + timedelta(hours=3)
    town.slack.resting["U0OLIVER"] = until

    town.pass_on(town.now + DAY, "A", Random(1))

    assert got(town) == ONCE
    assert [each.at >= until for each in town.slack.said if each.channel == "G0ANAOLIVER"] == [True]


@on_sqlite
def test_where_groups_may_not_be_opened_only_what_goes_to_groups_waits(town: Town) -> None:
    """The app lacks a scope. Each message to somebody alone comes in its minute all the same."""
    town.slack.fates[OPEN].extend([Fate("missing_scope")] * 3)
    begun = town.now

    town.pass_on(begun + timedelta(minutes=1), "AB", Random(1))
    town.announce()
    town.pass_on(begun + timedelta(minutes=2), "AB", Random(1))
    assert Counter(post.channel for post in town.slack.said) == {"D0ANA": 1, "D0OLIVER": 1, CHANNEL: 1}

    town.pass_on(begun + DAY, "AB", Random(1))
    assert got(town) == ONCE


@on_sqlite
def test_a_channel_that_the_bot_may_not_write_to_holds_up_nobody(town: Town) -> None:
    """Slack's word for it sounds like more: the app is no member of that conversation. Its author is told."""
    paired(town, now=make.MONDAY - timedelta(minutes=2))
    town.pass_on(make.MONDAY - timedelta(minutes=1), "A", Random(1))
    town.slack.fates[POST].append(Fate("no_permission"))
    town.announce()

    town.pass_on(make.MONDAY + timedelta(minutes=1), "A", Random(1))

    assert got(town) == ONCE | {"D0NOOR": 1}


@on_sqlite
def test_what_may_be_there_since_the_evening_is_not_taken_for_unsaid_in_the_morning(town: Town) -> None:
    """Nobody can read whether they were introduced, and by the time they could be once more one of them has paused."""
    paired(town, now=make.MONDAY + timedelta(hours=7, minutes=59, seconds=30))
    town.slack.fates[POST].extend([Fate("lost")] * 3)
    town.slack.history_is_open = False
    town.pass_on(town.now + timedelta(hours=1), "A", Random(1))
    [oliver] = [each for each, slack_id in town.people.items() if slack_id == "U0OLIVER"]

    membership.pause(town.ask(oliver, ""))
    town.pass_on(town.now + DAY, "A", Random(1))
    membership.resume(town.ask(oliver))
    town.pass_on(town.now + 3 * DAY, "A", Random(1))

    assert got(town)["G0ANAOLIVER"] == 1
    counts = town.houses["A"].metrics.registry
    told = {
        what: counts.get_sample_value("flipside_messages_reconciled_total", {"what": what})
        for what in ("sent_again", "given_up")
    }
    assert told == {"sent_again": 2, "given_up": 1}, "each once, however long it waited for the morning"


@on_sqlite
def test_whom_nothing_reaches_is_tried_once_a_week_and_their_pair_is_introduced_all_the_same(town: Town) -> None:
    """That he is in; and the second question for a date. The first one's days went by meanwhile."""
    _, oliver = town.people
    town.slack.unreachable["U0OLIVER"] = "invalid_user_combination"
    town.pass_on(make.MONDAY + timedelta(days=18), "A", Random(1))

    assert town.slack.tried["U0OLIVER"] == [make.MONDAY, make.MONDAY + timedelta(days=7)]
    assert got(town) == {"D0ANA": 1, "G0ANAOLIVER": 1}
    with town.store.read() as db:
        assert people.get(db, oliver).unreachable_since == make.MONDAY

    del town.slack.unreachable["U0OLIVER"]
    town.pass_on(make.MONDAY + timedelta(days=32), "A", Random(1))
    assert got(town) == ONCE, "what was refused isn't made up for"
    with town.store.read() as db:
        assert people.get(db, oliver).unreachable_since is None, "next month's question has reached him"


@on_sqlite
def test_whoever_does_something_is_written_to_again_at_once(town: Town) -> None:
    """That they are in was refused, and isn't made up for. What is due by now comes in its time."""
    town.slack.unreachable["U0ANA"] = "channel_not_found"
    town.pass_on(town.now + timedelta(days=1), "A", Random(1))
    [ana, oliver], [pair] = town.people, town.pairs
    town.book(pair, oliver, 24)
    town.pass_on(town.now + timedelta(hours=1), "A", Random(1))
    assert len(town.slack.tried["U0ANA"]) == 1

    del town.slack.unreachable["U0ANA"]
    town.me(ana)
    town.pass_on(town.now + timedelta(days=1), "A", Random(1))

    assert "preparation" in {kind for post in town.slack.said if post.channel == "D0ANA" for kind in post.kinds}
    assert not any("joined" in post.kinds for post in town.slack.said if post.channel == "D0ANA")


@on_sqlite
def test_a_group_that_takes_nothing_says_nothing_of_its_people(town: Town) -> None:
    town.slack.unreachable["G0ANAOLIVER"] = "restricted_action"

    town.pass_on(town.now + DAY, "A", Random(1))

    with town.store.read() as db:
        assert [people.get(db, each).unreachable_since for each in town.people] == [None, None]


@on_sqlite
def test_when_slack_wants_quiet_while_a_group_is_opened_nothing_is_said_in_it_yet(town: Town) -> None:
    town.slack.fates[OPEN].append(Fate(after=4))
    town.slack.fates[POST].append(Fate("later", wait=90))

    town.pass_on(town.now + DAY, "A", Random(1))

    assert got(town) == ONCE


@on_sqlite
def test_when_it_took_long_to_open_a_group_its_message_is_sent_under_another_lease(town: Town) -> None:
    """Or else it would be on its way still when somebody looks for it, doesn't find it, and sends it again."""
    chance, begun = Random(1), town.now
    town.start("A")
    while town.last_number() < 3:
        town.runs["A"].run(chance, 1)

    town.slack.fates[OPEN].append(Fate(after=19))
    town.advance(begun + SECOND * 34)
    town.runs["A"].run(chance)
    town.slack.fates[POST].append(Fate(after=19))
    town.advance(begun + SECOND * 53)
    town.runs["A"].run(chance)
    town.advance(begun + SECOND * 61)
    town.start("B")
    town.finish(chance, "B")
    town.pass_on(town.now + DAY, "A", chance)

    assert got(town) == ONCE


@on_sqlite
@pytest.mark.parametrize("is_killed", [False, True], ids=["frozen", "killed"])
def test_wherever_a_process_stands_still_for_longer_than_its_lease_another_does_its_work_once(
    town: Town, is_killed: bool
) -> None:
    for steps in range(1, 37, 3):  # so many are taken in the first tick
        paired(town)
        town.start("A")
        town.runs["A"].run(Random(steps), steps)
        if is_killed:
            town.kill("A")

        town.pass_on(town.now + timedelta(minutes=5), "B", Random(1))
        town.pass_on(town.now + timedelta(minutes=5), "A", Random(1))

        assert got(town) == ONCE, f"after {steps} steps"


@on_sqlite
def test_what_somebody_else_has_taken_is_not_put_back_by_who_had_it_before(town: Town) -> None:
    """Letters waited in a process for longer than their lease; then it stands back, while they are sent anew."""
    chance = Random(1)
    town.start("A")
    while town.last_number() < 3:
        town.runs["A"].run(chance, 1)
    town.runs["A"].run(chance, 1)
    town.advance(town.now + SECOND * 61)

    for seed in range(20):
        town.finish(Random(seed), "A", "B")
        town.start("B")
    town.pass_on(town.now + DAY, "AB", chance)

    assert got(town) == ONCE


@on_sqlite
def test_who_rests_is_not_asked_while_all_of_slack_is_shut_to_us(town: Town) -> None:
    """One process has seen what is due, and stands still; another hears that Slack is shut."""
    chance = Random(1)
    town.start("A")
    town.runs["A"].run(chance, 4)
    town.slack.fates[POST].append(Fate("token_revoked", is_stored=False))
    town.advance(town.now + SECOND * 61)
    town.start("B")
    town.finish(chance, "B")

    town.finish(chance, "A")
    town.pass_on(town.now + DAY, "AB", chance)

    assert got(town) == ONCE


@on_sqlite
def test_what_is_sent_again_keeps_its_distance_in_a_conversation_too(town: Town) -> None:
    """Something was said there, and a second announcement is written, in the very second in which the first may go."""
    town.pass_on(town.now + DAY, "A", Random(1))
    town.slack.fates[POST].append(Fate("later", wait=20))
    town.announce()
    town.pass_on(town.now + SECOND, "A", Random(1))
    at = tick.next_look(town.house)
    assert at is not None
    town.advance(at)
    gate.spoke(town.house, gate.channel(CHANNEL))
    town.announce()

    town.pass_on(town.now + DAY, "A", Random(1))

    first, second = [post.at for post in town.slack.said if post.channel == CHANNEL]
    assert first - at >= SECOND
    assert second - first >= SECOND
