"""Anything happens in any order to a few pairs, to two processes and to Slack: nothing is lost, nothing doubled.

Slack may take a message and not say so, break down, ask for quiet or refuse; processes are frozen and killed at any
step, or work at once with clocks that disagree; people act meanwhile. Then all is well again for a month, whose dates
are set here and whose messages are counted by hand.

What isn't promised, and isn't asked for (the README's "What exactly-once can't close"): where a history can't be read,
or not within a day, a notice may go twice and a nudge be missed. What Slack refuses for good is told to nobody.
Processes are frozen anywhere but between their last look at a lease and the sending.

For long: `pytest tests/nudges/test_machine.py --hypothesis-profile=long`, until it is stopped.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime, time, timedelta
from itertools import pairwise
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
from bot.ending import listeners as ending
from bot.membership import listeners as membership
from bot.nudges import attention, features, rules, tick
from bot.nudges.later_rules import Later
from bot.nudges.outcomes import LEASE
from bot.sessions import cancelling
from bot.sessions import listeners as talks
from store import agenda, announcements, members, nudges, pairs, people, snapshots
from store.database import Store
from store.models import (
    Agenda,
    Announcement,
    Cadence,
    Delivery,
    DeliveryState,
    MemberState,
    Nudge,
    Onward,
    SessionState,
    Subject,
)

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
BUDGET = 3
PRESSING = {"reminder"}
TROUBLED_FOR = timedelta(weeks=8)
PLACES: Sequence[dict[str, Any]] = (
    {"zone": "Europe/Lisbon", "country": "PT"},
    {"zone": "America/New_York", "country": "US"},
    {"zone": "Asia/Kathmandu", "work_days": [6, 0, 1, 2], "nudges_a_week": 1},
    {"zone": "Pacific/Auckland", "country": "NZ"},
    {"zone": "Pacific/Pago_Pago", "works_from": time(21), "works_until": time(5)},
    {"zone": "Africa/Cairo", "country": "EG"},
)
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


TALKS = ["book"] * 5 + ["met", "met", "missed", "cancel", "move", "write", "snooze", "snooze", "snooze", "fewer"]
PERSONAL = ["pause", "resume", "resume", "hours", "move house", "choose"]
GOING = ["leave", "come back", "close", "gone"]
MANY = 10_000
CHANCE = st.integers(0, 2**16)


class Nudging(RuleBasedStateMachine):
    """Rules draw plain numbers: what they mean depends on how things stand."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.town = Town(store)
        self.ended = ExitStack()
        self.ended.enter_context(taking_turns())
        self.failures = Failures()
        logging.getLogger("bot.errors").addHandler(self.failures)
        self.ended.callback(logging.getLogger("bot.errors").removeHandler, self.failures)
        self.has_begun = False

    @initialize(
        places=st.lists(st.sampled_from(PLACES), min_size=5, max_size=5),
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

    @rule(name=st.sampled_from("AB"), steps=st.integers(1, 25), chance=CHANCE)
    def some_steps(self, name: str, steps: int, chance: int) -> None:
        """And there it is left, until it goes on or is killed."""
        self.town.start(name)
        self.town.runs[name].run(Random(chance), steps)

    @rule(name=st.sampled_from("AB"), chance=CHANCE)
    def it_goes_on(self, name: str, chance: int) -> None:
        self.town.start(name)
        self.town.finish(Random(chance), name)

    @rule(chance=CHANCE)
    def both_at_once(self, chance: int) -> None:
        self.town.start("A")
        self.town.start("B")
        self.town.finish(Random(chance), "A", "B")

    @rule(name=st.sampled_from("AB"), steps=st.integers(1, 25), chance=CHANCE)
    def a_kill(self, name: str, steps: int, chance: int) -> None:
        """In the midst of its work, wherever that is then."""
        self.some_steps(name, steps, chance)
        self.town.kill(name)

    @rule(name=st.sampled_from("AB"), steps=st.integers(1, 25), chance=CHANCE)
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

    @rule(what=st.sampled_from(TALKS), number=st.integers(0, 2), is_mentor=st.booleans(), amount=st.integers(1, 600))
    def a_pair_acts(self, what: str, number: int, is_mentor: bool, amount: int) -> None:
        pair_id = self.town.pairs[number % len(self.town.pairs)]
        self._act(what, pair_id, self.town.both(pair_id)[0 if is_mentor else 1], amount)

    @rule(what=st.sampled_from(PERSONAL), number=st.integers(0, 4), amount=st.integers(0, 600))
    def somebody_changes(self, what: str, number: int, amount: int) -> None:
        self._act(what, self.town.pairs[0], list(self.town.people)[number % len(self.town.people)], amount)

    @rule(what=st.sampled_from(GOING), number=st.integers(0, 40))
    def somebody_goes(self, what: str, number: int) -> None:
        """Few do, or nobody would be left."""
        if number < len(self.town.people):
            self._act(what, self.town.pairs[0], list(self.town.people)[number], 0)

    def _act(self, what: str, pair_id: int, who: int, amount: int) -> None:
        town = self.town
        if town.people[who] in town.slack.closed:
            return
        with town.store.read() as db:
            is_gone = people.get(db, who).gone_at is not None
        match what:
            case _ if is_gone:
                return
            case "book" | "move":
                town.book(pair_id, who, amount)
            case "met":
                town.press_of_last(pair_id, talks.met, who)
            case "missed":
                town.press_of_last(pair_id, talks.not_this_month, who)
            case "cancel":
                town.press_of_last(pair_id, cancelling.cancel, who)
            case "write":
                town.write(who)
            case "snooze":
                self._attend(who, list(Later)[amount % len(Later)])
            case "fewer":
                self._attend(who, "fewer")
            case "pause":
                until = town.now.date() + DAY * (2 + amount // 24)
                membership.pause(town.ask(who, "" if amount % 5 == 0 else until.isoformat()))
            case "resume":
                membership.resume(town.ask(who))
            case "choose":
                ending.choose(town.ask(who, f"{pair_id}:1:{list(Onward)[amount % len(Onward)].value}"))
            case "hours":
                self._chooses_hours(who, amount)
            case "move house":
                place = PLACES[amount % len(PLACES)]
                town.lives_elsewhere(who)
                town.move_house(who, (place["zone"], place.get("country")))
            case "leave":
                membership.left(town.ask(who, str(town.programme.id)))
                town.left.setdefault(who, town.last_number())
            case "come back":
                self._comes_back(who)
            case "close":
                town.slack.closed.add(town.people[who])
            case "gone":
                town.be_gone(who)
                town.left.setdefault(who, town.last_number())

    def _attend(self, who: int, word: str) -> None:
        mine = [each for each in self.town.slack.said if who in self.town.everyone_to(each.channel)]
        with_menu = [each for each in mine if each.carried and not any(nudge.is_notice for nudge in each.carried)]
        if with_menu:
            attention.chosen(self.town.ask(who, f"{word}:{with_menu[-1].carried[0].delivery_id}"))

    def _chooses_hours(self, who: int, amount: int) -> None:
        """Their days and hours; the number of messages a week stays, since what went before counts in it."""
        town = self.town
        town.lives_elsewhere(who)
        with town.store.begin() as db:
            agenda.touch(db, make.WORKSPACE, [who, *pairs.partners(db, who, town.now)], town.now)
            me = people.get(db, who)
            me.works_from, me.works_until = [(None, None), (time(7), time(15)), (time(22), time(6))][amount % 3]
            me.work_days = [[], [0, 1, 2, 3], [6, 0, 1]][amount // 3 % 3]

    def _comes_back(self, who: int) -> None:
        town = self.town
        with town.store.begin() as db:
            for member, _ in members.locked(db, who):
                if member.state is MemberState.LEFT:
                    members.admit(member, town.now)
                    member.joined_at = town.now
                    town.left.pop(who, None)
            agenda.touch(db, make.WORKSPACE, [who], town.now)

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
        """What must hold at any time."""
        self.nothing_went_wrong()
        if self.has_begun:
            self.nothing_is_claimed_after_a_leave()
            self.somebody_will_look_at_what_is_under_way()
            self.nothing_goes_twice()

    def nothing_went_wrong(self) -> None:
        assert self.town.trouble == [], self.town.trouble
        assert self.failures.told == [], self.failures.told

    def nothing_is_claimed_after_a_leave(self) -> None:
        for who, number in self.town.left.items():
            with self.town.store.read() as db:
                since = db.scalars(
                    select(Nudge).where(Nudge.person_id == who, Nudge.id > number, Nudge.delivery_id.is_not(None))
                ).all()
            assert {nudge.kind for nudge in since} <= {"left"}, f"{who} has left"

    def somebody_will_look_at_what_is_under_way(self) -> None:
        with self.town.store.read() as db:
            pending = db.scalars(select(Delivery).where(Delivery.state.in_(nudges.UNSETTLED))).all()
            known = {(each.subject, each.subject_id): each.look_at for each in db.scalars(select(Agenda))}
        for each in pending:
            if each.announcement_id is None:
                look_at = known.get((Subject.PERSON, each.person_id or 0))
                assert look_at is not None, f"nobody looks at delivery {each.id}"
                assert look_at <= max(each.lease_until, self.town.now) + 2 * LEASE, f"delivery {each.id} waits too long"

    def nothing_goes_twice(self) -> None:
        times = Counter((post.channel, nudge.key) for post in self.town.slack.said for nudge in post.carried)
        notices = {nudge.key for post in self.town.slack.said for nudge in post.carried if nudge.is_notice}
        for (channel, key), number in times.items():
            may_go_twice = key in notices and channel in self.town.slack.unread
            assert number <= (2 if may_go_twice else 1), f"{key} went {number} times to {channel}"

    # The end

    def teardown(self) -> None:
        try:
            if self.has_begun and not self.town.trouble:
                self._all_is_well_again()
                self.it_holds()
                self._nothing_is_under_way()
                self._nothing_is_lost()
                self._each_has_their_budget()
                self._each_conversation_and_all_of_them_have_their_pace()
        finally:
            for name in ("A", "B"):
                self.town.kill(name)
            self.ended.close()

    def _all_is_well_again(self) -> None:
        """For a month, in which each pair has one more talk."""
        town, chance = self.town, Random(1)
        slack = town.slack
        slack.fates.clear()
        slack.resting.clear()
        slack.history_is_open = True
        town.finish(chance, "A", "B")
        self._a_day_or_more(9)
        booked = [(pair_id, self._books(pair_id)) for pair_id in self._under_way()]
        self._a_day_or_more(9)
        self._a_day_or_more(9)
        for pair_id, at in booked:
            self._had_their_talk(pair_id, at)

    def _a_day_or_more(self, days: int) -> None:
        self.town.pass_on(self.town.now + DAY, "AB", Random(2))
        self.its_author_looks_for_it()
        self.town.pass_on(self.town.now + DAY * (days - 1), "AB", Random(3))
        self.nothing_went_wrong()

    def _under_way(self) -> list[int]:
        """Pairs of two who are there and active. Each must have been introduced by now, in this very group."""
        found = []
        for pair_id in self.town.pairs:
            both = self.town.both(pair_id)
            with self.town.store.read() as db:
                pair = pairs.get(db, pair_id)
                is_here = not any(people.get(db, each).gone_at for each in both)
            introduced = sum(
                nudge.kind == "introduction" and nudge.pair_id == pair_id
                for post in self.town.slack.said
                for nudge in post.carried
            )
            if all(self.town.state(each) is MemberState.ACTIVE for each in both) and pair.ended_at is None and is_here:
                assert introduced >= 1, f"pair {pair_id} was never introduced"
                assert pair.introduced_at is not None, f"nobody knows that pair {pair_id} was introduced"
                if not any(self.town.people[each] in self.town.slack.closed for each in both):
                    found.append(pair_id)
        return found

    def _books(self, pair_id: int) -> datetime:
        """About eight days ahead."""
        _, mentee = self.town.both(pair_id)
        self.town.book(pair_id, mentee, 8 * 24)
        [planned] = [each for each in self.town.talks(pair_id) if each.state is SessionState.PLANNED]
        assert abs(planned.starts_at - self.town.now - DAY * 8) < timedelta(minutes=2)
        return planned.starts_at

    def _had_their_talk(self, pair_id: int, at: datetime) -> None:
        """The word that it is set, to both; and to each a preparation, a reminder, and "did you meet?"."""
        talk = next(each for each in self.town.talks(pair_id) if each.starts_at == at)
        both = self.town.both(pair_id)
        version = f"{pair_id}:{talk.number}:{talk.sequence}"
        once = [f"planned:{version}", *(f"reminder:{version}:{who}" for who in both)]
        once += [f"checkin:{version}:{who}" for who in both]
        once += [f"preparation:{pair_id}:{talk.number}:{who}" for who in both]
        arrived = {nudge.key: post.at for post in self.town.slack.said for nudge in post.carried}
        is_news = arrived.get(once[0], at) > at - DAY * 5  # then they have just heard it
        with self.town.store.read() as db:
            for key in once:
                if key in arrived or (is_news and key.startswith("reminder")):
                    continue
                if key.startswith("checkin") and people.get(db, int(key.rpartition(":")[2])).nudges_a_week == 1:
                    continue  # its turn comes, but maybe not in this month
                ledger = [(each.key, each.dropped) for each in nudges.about(db, make.WORKSPACE, key)]
                may_be = set[str | None]()
                if key.startswith(("reminder", "preparation")):
                    may_be.add("fewer of these were wanted")
                if key.startswith("preparation"):
                    may_be.add("its moment had passed")  # the week's budget was used up
                is_told = bool(may_be & {why for _, why in ledger})
                assert is_told or self._was_missed(db, self._claimed(db, key)), f"{key} is lost: {ledger}"

    def _was_missed(self, db: Any, nudge: Nudge | None) -> bool:
        """Slack refused it for good; or nobody can know, since no history could be read in time."""
        if nudge is None:
            return False
        delivery = nudges.get_delivery(db, nudge.delivery_id)
        if delivery.state is DeliveryState.REFUSED:
            return delivery.error in ("user_disabled", "users_not_found", *REFUSALS)
        person = people.get(db, nudge.person_id)
        where = {
            delivery.target or "",
            (delivery.target or "").replace("U0", "D0"),
            person.slack_id.replace("U0", "D0"),
        }
        return delivery.state is DeliveryState.GIVEN_UP and bool(where & self.town.slack.unread)

    def _claimed(self, db: Any, key: str) -> Nudge | None:
        found: Nudge | None = db.scalar(select(Nudge).where(Nudge.key == key, Nudge.delivery_id.is_not(None)))
        return found

    def _nothing_is_under_way(self) -> None:
        with self.town.store.read() as db:
            pending = db.scalars(select(Delivery).where(Delivery.state.in_(nudges.UNSETTLED))).all()
            posts = db.scalars(select(Announcement)).all()
        assert pending == [], pending
        for post in posts:
            times = sum(each.channel == CHANNEL and post.text in each.text for each in self.town.slack.said)
            assert times == 1, f"{post.text} was posted {times} times"
        following = tick.next_look(self.town.house)
        assert following is None or following > self.town.now

    def _nothing_is_lost(self) -> None:
        """What the ledger says arrived did; what was due a while ago is in it; what was put off came back."""
        town = self.town
        there = {post.mark for post in town.slack.said}
        with town.store.read() as db:
            sent = db.scalars(select(Delivery).where(Delivery.state == DeliveryState.SENT)).all()
            assert {each.mark for each in sent if each.announcement_id is None} <= there
            unsent = db.scalars(
                select(Nudge)
                .join(Delivery, Delivery.id == Nudge.delivery_id)
                .where(Nudge.dropped.is_(None), Delivery.mark.not_in(there))
            ).all()
            lost = [nudge for nudge in unsent if not self._was_missed(db, nudge)]
            assert lost == [], [(nudge.key, nudges.get_delivery(db, nudge.delivery_id or 0)) for nudge in lost]
            for who in town.people:
                self._got_what_was_due(db, who)
                self._got_what_they_put_off(db, who)
            for pair_id in town.pairs:
                self._know_that_they_are_parted(db, pair_id)

    def _got_what_was_due(self, db: Any, who: int) -> None:
        snapshot = snapshots.of(db, who)
        taken = {key for (key,) in db.execute(select(Nudge.key))}
        for due in features.due(snapshot):
            is_old = due.opens_at <= self.town.now - DAY * 8
            is_told = due.key in taken or rules.key_if_dropped(due) in taken
            if is_old and not is_told:
                has_closed = due.closes_at is not None and due.closes_at <= self.town.now
                is_over_budget = not (due.is_notice or has_closed or due.is_pressing)
                assert is_over_budget, f"{due.key} is lost"

    def _got_what_they_put_off(self, db: Any, who: int) -> None:
        mine = nudges.of_person(db, who)
        person = people.get(db, who)
        on_hold = {each.pair.id for each in snapshots.of(db, who).partnerships if each.is_on_hold}
        for nudge in mine:
            if nudge.put_off_until is None or nudge.put_off_until > self.town.now - DAY * 8:
                continue
            if person.gone_at is None and nudge.pair_id not in on_hold and nudge.dropped is None:
                again = [each for each in mine if each.meaning == nudge.meaning and each.id > nudge.id]
                assert again, f"{nudge.key} was put off, and never came back"

    def _know_that_they_are_parted(self, db: Any, pair_id: int) -> None:
        """Who knew their partner hears that they left, once."""
        pair = pairs.get(db, pair_id)
        if pair.ended_at is None or pair.introduced_at is None or pair.ended_by is None:
            return
        [partner] = [each for each in self.town.both(pair_id) if each != pair.ended_by]
        if self.town.state(partner) in (MemberState.ACTIVE, MemberState.PAUSED) and partner not in self.town.left:
            key = f"partner_left:{pair_id}:{partner}"
            joined_at = members.of_person(db, partner)[0][0].joined_at
            if joined_at <= pair.ended_at and not self._was_missed(db, self._claimed(db, key)):
                told = sum(nudge.key == key for post in self.town.slack.said for nudge in post.carried)
                assert told >= 1, f"{partner} was never told that pair {pair_id} has ended"

    def _each_has_their_budget(self) -> None:
        """By when each message was claimed: it may have had to wait since."""
        claims = defaultdict(list)
        for post in self.town.slack.said:
            mine = [nudge for nudge in post.carried if not nudge.is_notice and not nudge.is_wished]
            for nudge in mine[:1]:
                claims[nudge.person_id].append((nudge.claimed_at, {each.kind for each in mine}))
        with self.town.store.read() as db:
            budgets = {who: people.get(db, who).nudges_a_week or BUDGET for who in claims}
        for who, mine in claims.items():
            mine.sort(key=lambda each: each[0])
            for number, (at, kinds) in enumerate(mine):
                before = [each for each, _ in mine[:number] if each > at - WEEK + 2 * CLOCKS_OFF]
                assert len(before) < budgets[who] or kinds <= PRESSING, f"{kinds} at {at}, after {before}"

    def _each_conversation_and_all_of_them_have_their_pace(self) -> None:
        """By the clocks of the processes, for what went out in the moment for which it was let through."""
        prompt = sorted((each for each in self.town.slack.said if each.is_prompt), key=lambda each: each.clock)
        by_channel = defaultdict(list)
        for post in prompt:
            by_channel[post.channel].append(post)
        for channel, posts in by_channel.items():
            for first, second in pairwise(posts):
                assert second.clock - first.clock >= SECOND, f"{first.text[:40]} and {second.text[:40]} to {channel}"
        every, burst = SECOND / self.town.per_second, max(1, int(self.town.per_second * 5))
        for number, post in enumerate(prompt):
            since = post.clock - every * burst + SECOND / 100
            # Answers to people's own acts wait for nobody: one may have been let through after this, by a slower clock.
            before = [each for each in prompt[:number] if since < each.clock]
            counted = [each for each in before if not each.is_awaited or each.clock < post.clock - 2 * CLOCKS_OFF]
            is_full = len(counted) > 2 * burst - 1
            assert post.is_awaited or not is_full, f"{post.text[:40]} at {post.clock}"


class Failures(logging.Handler):
    """What our own failures say of themselves."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


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
