"""Anything happens in any order to a few pairs, to two processes and to Slack: nothing is lost, nothing doubled.

Slack may take a message and not say so, break down, ask for quiet or refuse; processes are frozen and killed at any
step, or work at once with clocks that disagree; people act meanwhile. Then all is well again for a month, whose dates
are set here. What must hold is in promises.py, and so is what isn't promised.

Processes are frozen anywhere but between their last look at a lease and the sending.

For long: `pytest tests/nudges/test_machine.py --hypothesis-profile=long`, until it is stopped.
"""

import logging
from contextlib import ExitStack
from datetime import datetime, timedelta
from random import Random
from typing import Any

import make
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from nudges import acts, promises
from nudges.troubled import (
    CHANNEL,
    CLOCKS_OFF,
    DAY,
    HISTORY,
    MINUTE,
    OPEN,
    POST,
    REFUSALS,
    REST,
    SECOND,
    SHUT,
    Fate,
    Town,
)
from processes import taking_turns
from sqlalchemy import select

from bot.announcements import listeners as announcing
from bot.nudges import tick
from store import agenda, announcements, nudges
from store.database import Store
from store.models import (
    Announcement,
    Cadence,
    Delivery,
    DeliveryState,
    SessionState,
    Subject,
)

HOUR = timedelta(hours=1)
TROUBLED_FOR = timedelta(weeks=8)
EVERYONE = ("U0ANA", "U0OLIVER", "U0KOFI", "U0BEA", "U0CEM")
COUPLES = (("U0ANA", "U0OLIVER"), ("U0ANA", "U0KOFI"), ("U0BEA", "U0CEM"))

SLOWLY = st.sampled_from([0, 0, 0, 4, 19])
WAITS = st.sampled_from([1, 20, 90, 4000])
FATES = st.one_of(
    st.builds(Fate, after=SLOWLY),
    st.builds(Fate, st.sampled_from(["lost", "broken", "internal_error"]), st.booleans(), SLOWLY),
    st.builds(Fate, st.just("later"), wait=WAITS),
    st.builds(Fate, st.sampled_from(SHUT), st.just(False)),
    st.builds(Fate, st.sampled_from(REFUSALS), st.just(False)),
)
TROUBLE = st.one_of(
    st.builds(Fate, st.sampled_from(["lost", "broken"]), st.booleans(), SLOWLY),
    st.builds(Fate, st.just("later"), wait=WAITS),
)
MANY = 10_000
HOURS = st.integers(1, 600)
CHANCE = st.integers(0, 2**16)
PROCESSES = ("A", "B")
NAMES = st.sampled_from(PROCESSES)
STEPS = st.integers(1, 25)


class Nudging(RuleBasedStateMachine):
    """Rules draw plain numbers: what they mean depends on how things stand."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.town = Town(store)
        self.ended = ExitStack()
        self.ended.enter_context(taking_turns())
        failures, log = Failures(self.town), logging.getLogger("bot.errors")
        log.addHandler(failures)
        self.ended.callback(log.removeHandler, failures)
        self.has_begun = False

    @initialize(
        places=st.lists(st.sampled_from(acts.PLACES), min_size=5, max_size=5),
        count=st.integers(2, 3),
        per_second=st.sampled_from([5.0, 5.0, 0.2]),
        cadence=st.sampled_from(Cadence),
        behind=st.booleans(),
        fates=st.lists(FATES, max_size=8),
    )
    def they_are_paired(
        self,
        places: list[dict[str, Any]],
        count: int,
        per_second: float,
        cadence: Cadence,
        behind: bool,
        fates: list[Fate],
    ) -> None:
        town = self.town
        town.per_second = per_second
        if behind:
            town.ahead["B"] = -CLOCKS_OFF
        couples = COUPLES[:count]
        there = [who for who in EVERYONE if any(who in couple for couple in couples)]
        town.pair_up(dict(zip(there, places, strict=False)), couples, 12, cadence)
        town.until = town.now + TROUBLED_FOR
        self.slack_is_fated_to(fates)
        self.has_begun = True

    # Time and processes

    @rule(minutes=st.integers(1, 90), up=st.sampled_from(["A", "B", "AB", ""]), chance=CHANCE)
    def minutes_pass(self, minutes: int, up: str, chance: int) -> None:
        self._pass(MINUTE * minutes, up, chance)

    @rule(hours=st.integers(1, 24 * 9), up=st.sampled_from(["A", "B", "AB", "AB", ""]), chance=CHANCE)
    def hours_pass(self, hours: int, up: str, chance: int) -> None:
        self._pass(HOUR * hours, up, chance)

    def _pass(self, span: timedelta, up: str, chance: int) -> None:
        town = self.town
        town.pass_on(max(town.now, min(town.now + span, town.until)), up, Random(chance))

    @rule(seconds=st.integers(1, 150))
    def seconds_pass_without_anybody(self, seconds: int) -> None:
        self.town.advance(self.town.now + SECOND * seconds)

    @rule()
    def until_the_next_look(self) -> None:
        """So that something is due in the steps that follow."""
        at = tick.next_look(self.town.house)
        if at is not None and self.town.now < at < self.town.until:
            self.town.advance(at)

    @rule(name=NAMES, steps=STEPS, chance=CHANCE)
    def some_steps(self, name: str, steps: int, chance: int) -> None:
        """And there it is left, until it goes on or is killed."""
        self.town.start(name)
        self.town.runs[name].run(Random(chance), steps)

    @rule(name=NAMES, chance=CHANCE)
    def it_goes_on(self, name: str, chance: int) -> None:
        self.town.start(name)
        self.town.finish(Random(chance), name)

    @rule(chance=CHANCE)
    def both_at_once(self, chance: int) -> None:
        self.town.start("A")
        self.town.start("B")
        self.town.finish(Random(chance), "A", "B")

    @rule(name=NAMES, steps=STEPS, chance=CHANCE)
    def a_kill(self, name: str, steps: int, chance: int) -> None:
        """In the midst of its work, wherever that is then."""
        self.some_steps(name, steps, chance)
        self.town.kill(name)

    @rule(
        name=NAMES, steps=STEPS, seconds=st.integers(61, 400), others=st.integers(1, 60), more=st.integers(0, 50),
        chance=CHANCE,
    )  # fmt: skip
    def it_stands_still_for_longer_than_its_lease(
        self, name: str, steps: int, seconds: int, others: int, more: int, chance: int
    ) -> None:
        """With work in its hands, which the other takes up. It goes on before the other has done it, or after."""
        self.until_the_next_look()
        self.some_steps(name, steps, chance)
        self.seconds_pass_without_anybody(seconds)
        self.some_steps(PROCESSES[1 - PROCESSES.index(name)], others, chance)
        self._pass(SECOND * more, name, chance)
        self.town.finish(Random(chance), *PROCESSES)

    @rule(name=NAMES, steps=STEPS, chance=CHANCE)
    def it_is_asked_to_end(self, name: str, steps: int, chance: int) -> None:
        self.some_steps(name, steps, chance)
        self.town.houses[name].stopping.set()
        self.town.finish(Random(chance), name)
        self.town.kill(name)

    # Slack

    @rule(fates=st.lists(FATES, min_size=1, max_size=4))
    def slack_is_fated_to(self, fates: list[Fate]) -> None:
        """What goes out from here on; something is due soon."""
        self.town.slack.fates[POST].extend(fates)
        self.until_the_next_look()

    @rule(method=st.sampled_from([OPEN, HISTORY, HISTORY, REST]), fates=st.lists(TROUBLE, min_size=1, max_size=3))
    def slack_stumbles(self, method: str, fates: list[Fate]) -> None:
        self.town.slack.fates[method].extend(fates)

    @rule(code=st.sampled_from(["invalid_auth", "token_revoked", *REFUSALS]), method=st.sampled_from([OPEN, HISTORY]))
    def slack_refuses(self, code: str, method: str) -> None:
        self.town.slack.fates[method].append(Fate(code, is_stored=False))

    @rule(is_open=st.sampled_from([True, True, False]))
    def histories_can_be_read(self, is_open: bool) -> None:
        self.town.slack.history_is_open = is_open

    @rule(number=st.integers(0, 4), hours=st.integers(1, 60))
    def somebody_rests(self, number: int, hours: int) -> None:
        who = list(self.town.people.values())[number % len(self.town.people)]
        self.town.slack.resting[who] = self.town.now + HOUR * hours

    # People

    @rule(what=st.sampled_from(acts.TALKS), number=st.integers(0, 2), is_mentor=st.booleans(), amount=HOURS)
    def a_pair_acts(self, what: str, number: int, is_mentor: bool, amount: int) -> None:
        pair_id = self.town.pairs[number % len(self.town.pairs)]
        acts.act(self.town, what, pair_id, self.town.both(pair_id)[0 if is_mentor else 1], amount)

    @rule(what=st.sampled_from(acts.PERSONAL), number=st.integers(0, 4), amount=st.integers(0, 600))
    def somebody_changes(self, what: str, number: int, amount: int) -> None:
        acts.act(self.town, what, self.town.pairs[0], list(self.town.people)[number % len(self.town.people)], amount)

    @rule(what=st.sampled_from(acts.GOING), number=st.integers(0, 40))
    def somebody_goes(self, what: str, number: int) -> None:
        """Few do, or nobody would be left."""
        if number < len(self.town.people):
            acts.act(self.town, what, self.town.pairs[0], list(self.town.people)[number], 0)

    @rule(
        what=st.sampled_from(acts.MEANWHILE), number=st.integers(0, 4), amount=HOURS,
        name=NAMES, steps=st.integers(1, 12), chance=CHANCE,
    )  # fmt: skip
    def somebody_acts_while_they_are_looked_at(
        self, what: str, number: int, amount: int, name: str, steps: int, chance: int
    ) -> None:
        """A process has seen how things stand with them, and hasn't done yet what follows from that."""
        self.until_the_next_look()
        seen = self.town.to_be_looked_at()
        self.some_steps(name, steps, chance)
        if seen:
            who = seen[number % len(seen)]
            theirs = [pair_id for pair_id in self.town.pairs if who in self.town.both(pair_id)]
            acts.act(self.town, what, theirs[-1], who, amount)
        self.it_goes_on(name, chance)

    @rule(number=st.integers(0, 4), until=st.integers(0, 3), up=st.sampled_from(["A", "AB"]), chance=CHANCE)
    def somebody_puts_something_off_and_off(self, number: int, until: int, up: str, chance: int) -> None:
        """When it comes back, it is put off once more."""
        who = list(self.town.people)[number % len(self.town.people)]
        for _ in range(2):
            acts.act(self.town, "snooze", self.town.pairs[0], who, until)
            at = self.town.put_off_until(who)
            if at is not None and at > self.town.now:
                self._pass(at + MINUTE - self.town.now, up, chance)

    @rule(number=st.integers(0, 9))
    def an_announcement(self, number: int) -> None:
        town = self.town
        if number < 3:
            town.announce()

    @rule()
    @precondition(lambda self: self.town.news)
    def its_author_looks_for_it(self) -> None:
        """Asked about one, she says whether it is there, or has it posted again."""
        town = self.town
        with town.store.read() as db:
            unclear = db.execute(
                select(Announcement.id, Announcement.text, Delivery.state)
                .join(Delivery, Delivery.announcement_id == Announcement.id)
                .where(Delivery.state.in_([DeliveryState.UNKNOWN, DeliveryState.REFUSED]))
            ).all()
        if town.slack.wire:
            return  # what is on its way may still come
        for number, text, state in unclear:
            is_there = any(each.channel == CHANNEL and text in each.text for each in town.slack.said)
            assert not (is_there and state is DeliveryState.REFUSED)
            ask = town.ask(town.coordinator, str(number))
            if is_there:
                announcing.is_there(ask)
            else:
                self._again(ask, number)

    def _again(self, ask: Any, number: int) -> None:
        with self.town.store.begin() as db:  # as `again`, for whom Slack needn't be asked whether she may
            found = announcements.find(db, number)
            assert found is not None
            for delivery in nudges.of_announcement(db, number):
                delivery.state, delivery.attempts = DeliveryState.WAITING, delivery.attempts + 1
                delivery.lease_until, found.settled_at = ask.now, None
            agenda.look(db, make.WORKSPACE, Subject.ANNOUNCEMENT, number, ask.now)

    # Promises

    @invariant()
    def it_holds(self) -> None:
        if self.has_begun:
            promises.holds(self.town)

    def teardown(self) -> None:
        try:
            if self.has_begun and not self.town.trouble:
                self._all_is_well_again()
                promises.holds_in_the_end(self.town)
        finally:
            for name in PROCESSES:
                self.town.kill(name)
            self.ended.close()

    def _all_is_well_again(self) -> None:
        """For a month, in which each pair has one more talk."""
        town = self.town
        town.slack.is_well_again()
        town.finish(Random(1), *PROCESSES)
        since = town.now
        self._days_pass(9)
        talks = [(pair_id, self._books(pair_id)) for pair_id in promises.under_way(town, since)]
        self._days_pass(9)
        self._days_pass(9)
        for pair_id, at in talks:
            promises.had_their_talk(town, pair_id, at)

    def _days_pass(self, days: int) -> None:
        """On the second of them it is asked about news that may not have come."""
        town = self.town
        town.pass_on(town.now + DAY, "AB", Random(2))
        self.its_author_looks_for_it()
        town.pass_on(town.now + DAY * (days - 1), "AB", Random(3))
        promises.holds(town)

    def _books(self, pair_id: int) -> datetime:
        """About eight days ahead."""
        _, mentee = self.town.both(pair_id)
        self.town.book(pair_id, mentee, 8 * 24)
        [planned] = [each for each in self.town.talks(pair_id) if each.state is SessionState.PLANNED]
        assert abs(planned.starts_at - self.town.now - DAY * 8) < timedelta(minutes=2)
        return planned.starts_at


class Failures(logging.Handler):
    """Our own, as the log tells them: they go wrong in the town."""

    def __init__(self, town: Town) -> None:
        super().__init__(logging.ERROR)
        self.town = town

    def emit(self, record: logging.LogRecord) -> None:
        self.town.is_wrong(record.getMessage())


def run(store: Store, examples: int) -> None:
    """Ten at a time in the long run: of more, most would be much the same."""
    told = {"suppress_health_check": list(HealthCheck), "stateful_step_count": 40, "max_examples": examples}
    told |= {"derandomize": True, "phases": [Phase.generate]}  # to make a life smaller takes minutes
    is_long = settings.get_current_profile_name() == "long"
    if is_long:
        told |= {"derandomize": False, "phases": list(Phase), "stateful_step_count": 60, "max_examples": 10}
    for _ in range(MANY if is_long else 1):
        run_state_machine_as_test(lambda: Nudging(store), settings=settings(**told))


@pytest.mark.long
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_whatever_happens_nothing_is_lost_and_nothing_comes_twice(store: Store) -> None:
    run(store, 10)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_so_it_is_on_postgresql(store: Store) -> None:
    run(store, 2)
