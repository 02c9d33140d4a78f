"""One look at all whose moment has come: what is due is chosen, claimed, and sent."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError, OperationalError

from bot import errors, gate
from bot.gate import Gate
from bot.house import House
from bot.nudges import claims, features, looks, outcomes, reconcile, resting
from bot.nudges.looks import Look
from bot.nudges.outbox import Outbox
from bot.nudges.outcomes import LEASE
from bot.nudges.parcels import Task
from bot.nudges.reconcile import Again
from store import agenda, announcements, nudges
from store.agenda import Among, Entry
from store.models import Delivery, Subject

log = logging.getLogger(__name__)

BATCH = 200
MOST_ROUNDS = 1000  # a tick ends some day, whatever is wrong with a row
MOST_STEPS = 50  # of the workspace's own work: then Homes are drawn, and the next tick goes on
A_MOMENT = 0.2  # seconds, while messages are under way, until others may be due


def tick(house: House) -> int:
    """Looks at everybody due, until nobody is, or Slack takes no more for now. How many were looked at."""
    looked = steps = 0
    with Outbox(house) as outbox:
        for _ in range(MOST_ROUNDS):
            is_enough = steps >= MOST_STEPS or house.stopping.is_set()
            entries = [] if is_enough or outbox.is_full else take(house)
            if not entries and (not outbox.is_busy or house.stopping.is_set()):
                break
            if entries:
                house.pulse.beat()
            _look(house, outbox, entries)
            house.metrics.looked_at.inc(len(entries))
            steps += sum(entry.subject in features.JOBS for entry in entries)
            looked += len(entries)
            outbox.keep(0.0 if entries else A_MOMENT)
    return looked


def next_look(house: House) -> datetime | None:
    """The next moment anybody is to be looked at, as far as Slack takes messages by then."""
    now = house.clock()
    with house.store.read() as db:
        state = Gate(db, house, (gate.MESSAGES,), now)
        closed_until, full_until = state.closed_until(gate.MESSAGES), state.opens_at(gate.MESSAGES)
        return agenda.next_look(db, house.workspace_id, closed_until, full_until if full_until > now else None)


def take(house: House) -> list[Entry]:
    """The next ones, for this process alone until a lease has run out; of people only as many as may be written to."""
    now = house.clock()
    with house.store.read() as db:
        if not agenda.is_due(db, house.workspace_id, now):
            return []  # as each tick ends
        state = Gate(db, house, (gate.MESSAGES,), now)
        among, most = Among.ALL, min(state.room(gate.MESSAGES), BATCH)
        if state.opens_at(gate.MESSAGES) > now:
            among, most = Among.WORK if state.is_closed(gate.MESSAGES) else Among.URGENT, BATCH
            if not agenda.is_due(db, house.workspace_id, now, among):
                return []
    with house.store.begin() as db:
        return agenda.take(db, house.workspace_id, now, now + LEASE, most, among)


def _look(house: House, outbox: Outbox, entries: Sequence[Entry]) -> None:
    _guarded(house, outbox, [entry for entry in entries if entry.subject is Subject.PERSON], _look_at_people)
    others = [entry for entry in entries if entry.subject is not Subject.PERSON]
    for done, entry in enumerate(others):
        if house.stopping.is_set():
            _look_again(house, others[done:], house.clock())
            break
        is_announcement = entry.subject is Subject.ANNOUNCEMENT
        _guarded(house, outbox, [entry], _look_at_announcement if is_announcement else _work)
        house.pulse.beat()


def _guarded(
    house: House, outbox: Outbox, entries: Sequence[Entry], do: Callable[[House, Outbox, Sequence[Entry]], None]
) -> None:
    """What fails is told in the log, and looked at again when the lease has run out: it stops nobody else's."""
    try:
        if entries:
            do(house, outbox, entries)
    except (OperationalError, IntegrityError) as error:
        # The database was busy, or somebody else was first.
        log.warning("not looked at subjects=%s error=%s", _named(entries), type(error).__name__)
    except Exception as error:
        if len(entries) == 1:
            errors.told(error, None, f"look at {_named(entries)}")
        for entry in entries if len(entries) > 1 else ():
            _guarded(house, outbox, [entry], do)


def _named(entries: Sequence[Entry]) -> str:
    return ",".join(f"{entry.subject}:{entry.subject_id}" for entry in entries)


def _look_at_people(house: House, outbox: Outbox, entries: Sequence[Entry]) -> None:
    now = house.clock()
    with house.store.read() as db:
        found = looks.of_people(db, [entry.subject_id for entry in entries], now, house.settings.nudges_a_week)
    seen: dict[Entry, Look] = {}
    left: list[Delivery] = []
    for entry in entries:
        look = found.get(entry.subject_id)
        if look is None or house.stopping.is_set():
            continue
        left_behind = look.left_behind(now)
        if left_behind:
            left += left_behind  # what comes of it is looked at anew
        elif any(move(house.store, look.snapshot, now) for move in features.MOVES):
            _look_again(house, [entry], now)  # and so is what the clock has changed
        else:
            seen[entry] = look
    _settle_up(house, outbox, left)
    rested = resting.heeded(house, [(look.snapshot, look.choice) for look in seen.values()], now)
    awake = {entry: replace(seen[entry], choice=choice) for entry, choice in zip(seen, rested, strict=True)}
    if house.stopping.is_set():
        _look_again(house, entries, now)  # by the next process, at once
    else:
        outbox.send(claims.claim(house, awake, now))


def _settle_up(house: House, outbox: Outbox, deliveries: Sequence[Delivery]) -> None:
    """One that fails is tried again in a while; it must not silence the person's others."""
    again: list[Again] = []
    for delivery in deliveries:
        if house.stopping.is_set():
            return
        try:
            found = reconcile.settle_up(house, outbox, delivery)
        except Exception as error:
            outcomes.troubled(house, delivery, error)
        else:
            again += [found] if found is not None else []
        house.pulse.beat()
    if again:
        reconcile.send_again(house, outbox, again)


def _look_again(house: House, entries: Sequence[Entry], now: datetime) -> None:
    with house.store.begin() as db:
        for entry in sorted(entries, key=lambda each: each.subject_id):
            agenda.look(db, entry.workspace_id, entry.subject, entry.subject_id, now, is_urgent=entry.is_urgent)


def _work(house: House, _outbox: Outbox, entries: Sequence[Entry]) -> None:
    """A step of the workspace's own work; it says itself when the next one is due."""
    for entry in entries:
        following = features.JOBS[entry.subject](house, entry.subject_id)
        with house.store.begin() as db:
            agenda.move(db, entry, following)  # not if somebody asked for it meanwhile: then it is due again


def _look_at_announcement(house: House, outbox: Outbox, entries: Sequence[Entry]) -> None:
    [entry] = entries
    now = house.clock()
    with house.store.read() as db:
        left_behind = looks.left_behind(nudges.unsettled(db, announcement_id=entry.subject_id), now)
    if left_behind:
        _settle_up(house, outbox, left_behind)
        return
    delivery = None
    with house.store.begin() as db:
        announcement = announcements.find(db, entry.subject_id)
        pending = nudges.unsettled(db, announcement_id=entry.subject_id)
        if announcement is None or announcement.settled_at is not None or pending:
            agenda.move(db, entry, looks.first(pending))
            return
        where = gate.channel(announcement.channel)
        state = Gate(db, house, (), now, locks=(gate.MESSAGES, where))
        if state.is_closed(gate.MESSAGES) or not state.room(where):
            agenda.move(db, entry, max(state.opens_at(gate.MESSAGES), state.opens_at(where)))
            return
        if agenda.move(db, entry, now + LEASE):
            delivery = claims.delivery(house, now, announcement.channel, announcement_id=announcement.id)
            db.add(delivery)
            state.use(gate.MESSAGES)
            state.use(where)
            state.keep(db)
    outbox.send([Task(delivery, looked_for_at=entry.look_at)] if delivery is not None else [])
