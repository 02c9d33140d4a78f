"""One look at all whose moment has come: what is due is chosen, claimed, and sent."""

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session as Db

from bot import errors, working_time
from bot.due import Due
from bot.house import House
from bot.nudges import features, fewer_rules, later_rules, reconcile, resting, rules, send
from bot.nudges.rules import Choice
from bot.nudges.send import LEASE
from store import agenda, announcements, nudges, snapshots, workspaces
from store.agenda import Entry
from store.database import utc
from store.models import Delivery, DeliveryState, Nudge, Subject
from store.snapshots import Snapshot

log = logging.getLogger(__name__)

BATCH = 100
MOST_ROUNDS = 1000  # a tick ends some day, whatever is wrong with a row
A_DAY_AND_MORE = timedelta(days=2)  # in whichever zone, and whatever its clocks do
MOST_STEPS = 50  # of the workspace's own work: then Homes are drawn, and the next tick goes on


def tick(house: House) -> int:
    """Looks at everybody due, until nobody is, or Slack asks to wait. How many were looked at."""
    looked = steps = 0
    for _ in range(MOST_ROUNDS):
        with house.store.read() as db:
            entries = agenda.due(db, house.workspace_id, house.clock(), BATCH)
        if not entries or steps >= MOST_STEPS:
            break
        steps += sum(entry.subject in features.JOBS for entry in entries)
        for entry in entries:
            has_called = _look(house, entry)
            looked += 1
            if has_called and entry is not entries[-1] and must_wait(house):
                return looked
    return looked


def must_wait(house: House) -> bool:
    """Slack asked this workspace to be quiet for a while."""
    with house.store.read() as db:
        return workspaces.is_waiting(db, house.workspace_id, house.clock())


def _look(house: House, entry: Entry) -> bool:
    """Whether Slack may have been called, and may have asked to wait."""
    try:
        if entry.subject is Subject.PERSON:
            return look_at_person(house, entry)
        if entry.subject is Subject.ANNOUNCEMENT:
            look_at_announcement(house, entry)
        else:
            work(house, entry)
    except (OperationalError, IntegrityError) as error:
        # The database was busy or somebody else was first: the row is still due, and looked at again.
        log.warning("not looked at subject=%s:%s error=%s", entry.subject, entry.subject_id, type(error).__name__)
        _put_off(house, entry)
    except Exception as error:
        # One person's trouble must not stop the others; it is told in the log, and tried again in a while.
        errors.told(error, None, f"look at {entry.subject} {entry.subject_id}")
        _put_off(house, entry)
    return True


def _put_off(house: House, entry: Entry) -> None:
    with house.store.begin() as db:
        agenda.move(db, entry, house.clock() + LEASE)


def look_at_person(house: House, entry: Entry) -> bool:
    """Whether there was anything to send or to look for."""
    now = house.clock()
    with house.store.read() as db:
        pending = nudges.unsettled(db, person_id=entry.subject_id)
        left_behind = _left_behind(pending, now)
        look = consider(db, entry.subject_id, now, house.settings.nudges_a_week) if not left_behind else None
    for delivery in left_behind:
        _go(house, delivery, reconcile.settle_up)
    if look is None:
        return True  # what came of it is looked at anew
    [choice] = resting.heeded(house, [(look.snapshot, look.choice)], now)  # for many people at once, if there are many
    claimed = claim(house, entry, replace(look, choice=choice), pending, now)
    for delivery in claimed:
        if must_wait(house):  # another process may have heard it
            break  # the leases of the rest run out, and they are surely not there
        _go(house, delivery, send.send)
    return bool(claimed)


def _go(house: House, delivery: Delivery, do: Callable[[House, Delivery], None]) -> None:
    """A message that can't be built is tried again in a while; it must not silence the person's others."""
    try:
        do(house, delivery)
    except Exception as error:
        # Told in the log with a reference; the delivery stays as it is, with a lease to run.
        errors.told(error, None, f"send delivery {delivery.id}")
        with house.store.begin() as db:
            until = house.clock() + LEASE
            if nudges.take(db, delivery, delivery.state, lease_until=until):
                send.agenda_of(db, delivery, until)


def work(house: House, entry: Entry) -> None:
    """A step of the workspace's own work; it says itself when the next one is due."""
    following = features.JOBS[entry.subject](house, entry.subject_id)
    with house.store.begin() as db:
        agenda.move(db, entry, following)  # not if somebody asked for it meanwhile: then it is due again


def look_at_announcement(house: House, entry: Entry) -> None:
    with house.store.read() as db:
        left_behind = _left_behind(nudges.unsettled(db, announcement_id=entry.subject_id), house.clock())
    for delivery in left_behind:
        _go(house, delivery, reconcile.settle_up)
    now = house.clock()
    with house.store.begin() as db:
        announcement = announcements.find(db, entry.subject_id)
        pending = nudges.unsettled(db, announcement_id=entry.subject_id)
        if announcement is None or announcement.settled_at is not None or pending:
            agenda.move(db, entry, _first(pending))
            return
        delivery = _delivery(house, now, announcement_id=announcement.id)
        db.add(delivery)
        is_mine = agenda.move(db, entry, now + LEASE)
        if not is_mine:
            db.rollback()
    if is_mine:
        _go(house, delivery, send.send)


def _first(pending: Sequence[Delivery]) -> datetime | None:
    """When the first of the deliveries under way has to be looked at, if nobody settles it before."""
    return min((each.lease_until for each in pending if not _awaits_its_author(each)), default=None)


def _awaits_its_author(delivery: Delivery) -> bool:
    return delivery.announcement_id is not None and delivery.state is DeliveryState.UNKNOWN


def _left_behind(pending: Sequence[Delivery], now: datetime) -> list[Delivery]:
    """Deliveries that nobody settled before their lease ran out, or that have waited long enough."""
    return [each for each in pending if each.lease_until <= now and not _awaits_its_author(each)]


@dataclass(frozen=True)
class Look:
    """What was seen of one person, and what follows."""

    snapshot: Snapshot
    choice: Choice
    left_out: Sequence[tuple[Due, str]] = ()
    """What they won't get though its moment hasn't passed, and why."""


def consider(db: Db, person_id: int, now: datetime, usual: int = rules.BUDGET) -> Look:
    """What to send to a person at that moment, and why not the rest. Changes nothing.

    `usual`: how many messages a week whoever didn't choose gets.
    """
    snapshot = snapshots.of(db, person_id)
    dues = features.due(snapshot)
    known = [key for due in dues for key in (due.key, rules.key_if_dropped(due))]
    taken = nudges.taken(db, snapshot.person.workspace_id, known) if known else set()
    open_now = rules.open_now(dues, taken, now)
    unwanted = fewer_rules.left_out(open_now, snapshot.nudges, snapshot.person.fewer)
    settled = later_rules.settled(dues, snapshot)
    left_out = [*((due, fewer_rules.LEFT_OUT) for due in unwanted), *((due, later_rules.SETTLED) for due in settled)]
    taken = taken | {due.key for due, _ in left_out}
    has_nudges = any(not due.is_notice for due in open_now)
    nudged = nudges.nudged_since(db, person_id, now - rules.WEEK) if has_nudges else []
    has_questions = any(due.asks for due in open_now)
    asked = nudges.asked_since(db, person_id, features.ASKING, now - A_DAY_AND_MORE) if has_questions else []
    mine = working_time.of(snapshot.person)
    choice = rules.choose(dues, taken, nudged, asked, mine, now, rules.budget(snapshot.person, usual))
    return Look(snapshot, choice, left_out)


def claim(house: House, entry: Entry, look: Look, pending: Sequence[Delivery], now: datetime) -> list[Delivery]:
    """Takes what goes out now, each nudge under its key. Nothing, if anything changed since the entry was read."""
    if any(move(house.store, look.snapshot, now) for move in features.MOVES):
        return []  # what the clock has changed is looked at anew
    with house.store.begin() as db:
        claimed = [_claim(house, db, look, dues, now) for dues in look.choice.messages]
        for due in look.choice.dropped:
            db.add(_nudge(look.snapshot, due, now, dropped="its moment had passed"))
            log.info("dropped person=%s key=%s", look.snapshot.person.slack_id, due.key)
        for due, why in look.left_out:
            db.add(_nudge(look.snapshot, due, now, key=due.key, dropped=why))
            log.info("left out person=%s key=%s why=%s", look.snapshot.person.slack_id, due.key, why)
        moments = [look.choice.look_at, _first([*pending, *claimed])]
        look_at = min((moment for moment in moments if moment is not None), default=None)
        if not agenda.move(db, entry, look_at):
            db.rollback()  # somebody changed it, or took it, since the entry was read
            return []
    return claimed


def _claim(house: House, db: Db, look: Look, dues: Sequence[Due], now: datetime) -> Delivery:
    delivery = _delivery(house, now, person_id=look.snapshot.person.id)
    db.add(delivery)
    db.flush()
    for due in dues:
        db.add(_nudge(look.snapshot, due, now, delivery_id=delivery.id))
        log.info("claimed person=%s key=%s due=%s", look.snapshot.person.slack_id, due.key, utc(due.opens_at))
    return delivery


def _delivery(
    house: House, now: datetime, *, person_id: int | None = None, announcement_id: int | None = None
) -> Delivery:
    return Delivery(
        workspace_id=house.workspace_id,
        mark=secrets.token_hex(16),
        lease_until=now + LEASE,
        claimed_at=now,
        person_id=person_id,
        announcement_id=announcement_id,
    )


def _nudge(
    snapshot: Snapshot,
    due: Due,
    now: datetime,
    *,
    delivery_id: int | None = None,
    dropped: str | None = None,
    key: str | None = None,
) -> Nudge:
    return Nudge(
        workspace_id=snapshot.person.workspace_id,
        key=key or (rules.key_if_dropped(due) if dropped else due.key),
        kind=due.kind,
        person_id=snapshot.person.id,
        is_notice=due.is_notice,
        is_wished=due.is_wished,
        due_at=due.opens_at,
        claimed_at=now,
        delivery_id=delivery_id,
        dropped=dropped,
        pair_id=due.pair_id,
        session_id=due.session_id,
        question=due.question,
        about=due.about,
    )
