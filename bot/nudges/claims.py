"""What goes out now is claimed: each nudge under its key, each message with a lease, as much as Slack takes."""

import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from bot import gate
from bot.due import Due
from bot.gate import Gate
from bot.house import House
from bot.nudges import journal, looks, rules
from bot.nudges.journal import About
from bot.nudges.looks import Look
from bot.nudges.outcomes import LEASE
from bot.nudges.parcels import Task
from store import agenda, nudges
from store.agenda import Entry
from store.models import Delivery, Nudge
from store.snapshots import Snapshot

log = logging.getLogger(__name__)

PASSED = "its moment had passed"


def claim(house: House, seen: Mapping[Entry, Look], now: datetime) -> list[Task]:
    """Takes what goes out now to these people. Nothing of whoever something has changed for since the entry was read.

    No claim commits after a leave has committed: both change the person's entry.
    """
    try:
        return _claim(house, seen, now) if seen else []
    except IntegrityError:
        # Somebody else claimed the same for a group: each alone then, and theirs is looked at anew.
        if len(seen) > 1:
            return [task for entry, look in seen.items() for task in claim(house, {entry: look}, now)]
        log.warning("not claimed person=%s", *(entry.subject_id for entry in seen))
        return []


@dataclass(frozen=True)
class _Message:
    delivery: Delivery
    dues: Sequence[Due]
    nudges: list[Nudge] = field(default_factory=list)


@dataclass(frozen=True)
class _Claimed:
    """What was claimed for one person at one look, and when to look at them next."""

    entry: Entry
    look: Look
    messages: Sequence[_Message]
    then: datetime | None
    is_awaited: bool = False
    """They wait for an answer that couldn't go yet."""


def _claim(house: House, seen: Mapping[Entry, Look], now: datetime) -> list[Task]:
    with house.store.begin() as db:
        dms, shared = _lanes(seen)
        state = Gate(db, house, dms, now, locks=shared)
        held = agenda.hold(db, list(seen))
        first = _apart(seen, held)
        claimed = [_of_one(house, entry, seen[entry], state, now) for entry in first]
        messages = [(each.look.snapshot, message) for each in claimed for message in each.messages]
        nudges.add(db, [message.delivery for _, message in messages])
        for snapshot, message in messages:
            made = message.delivery.id
            message.nudges.extend(_nudge(snapshot, due, now, delivery_id=made) for due in message.dues)
        said = [nudge for _, message in messages for nudge in message.nudges]
        nudges.add(db, said + [nudge for each in claimed for nudge in _unsaid(each.look, now)])
        again: dict[int, datetime | None] = dict.fromkeys((entry.id for entry in held), now)
        agenda.move_held(db, again | {each.entry.id: _look_at(each) for each in claimed})
        agenda.urge(db, [each.entry.id for each in claimed if each.is_awaited])
        state.keep(db)
    _log(house, claimed)
    return [task for each in claimed for task in _tasks(each)]


def _apart(seen: Mapping[Entry, Look], held: Sequence[Entry]) -> list[Entry]:
    """Of two who carry the same to their group, one goes first; the other is looked at again."""
    keys: set[str] = set()
    first = []
    for entry in held:
        choice = seen[entry].choice
        theirs = {due.key for message in choice.messages for due in message}
        theirs |= {rules.key_if_dropped(due) for due in choice.dropped}
        theirs |= {due.key for due, _ in seen[entry].left_out}
        if not keys & theirs:
            keys |= theirs
            first.append(entry)
    return first


def _lanes(seen: Mapping[Entry, Look]) -> tuple[set[str], set[str]]:
    """People's own, which are claimed with their entries, and those that others may go through meanwhile."""
    messages = [(look.snapshot, message) for look in seen.values() for message in look.choice.messages]
    wheres = {(message[0].group is None, _where(snapshot, message)) for snapshot, message in messages}
    groups = {where for is_dm, where in wheres if not is_dm}
    return {where for is_dm, where in wheres if is_dm}, {gate.MESSAGES, gate.OPENING, *groups} if messages else set()


def _where(snapshot: Snapshot, message: Sequence[Due]) -> str:
    pair = message[0].group
    return gate.group(pair.id) if pair is not None else gate.dm(snapshot.person.id)


def _of_one(house: House, entry: Entry, look: Look, state: Gate, now: datetime) -> _Claimed:
    messages, is_awaited = [], False
    then = [look.choice.look_at, looks.first(look.pending)]
    for dues in look.choice.messages:
        waits_until = _passes(state, _where(look.snapshot, dues), dues)
        if waits_until is None:
            made = delivery(house, now, _target(look.snapshot, dues), person_id=entry.subject_id)
            messages.append(_Message(made, dues))
        else:
            house.metrics.held_back.inc()
            is_awaited |= _is_awaited(dues)
        then.append(waits_until)
    return _Claimed(entry, look, messages, min((at for at in then if at is not None), default=None), is_awaited)


def _is_awaited(message: Sequence[Due]) -> bool:
    return all(due.at_once for due in message)


def _passes(state: Gate, where: str, message: Sequence[Due]) -> datetime | None:
    """Lets a message through, or says when to come again. Whoever waits for an answer doesn't wait for the others."""
    if state.is_closed(gate.MESSAGES) or not (_is_awaited(message) or state.room(gate.MESSAGES)):
        return state.opens_at(gate.MESSAGES)
    is_opened = message[0].group is not None and message[0].group.channel is None
    lanes = [where, gate.OPENING] if is_opened else [where]
    full = [state.opens_at(lane) for lane in lanes if not state.room(lane)]
    if full:
        return max(full)
    for lane in (gate.MESSAGES, *lanes):
        state.use(lane)
    return None


def _target(snapshot: Snapshot, message: Sequence[Due]) -> str | None:
    """A group's id where it is known."""
    pair = message[0].group
    return pair.channel if pair is not None else snapshot.person.slack_id


def delivery(
    house: House,
    now: datetime,
    target: str | None,
    *,
    person_id: int | None = None,
    announcement_id: int | None = None,
) -> Delivery:
    """A message that is about to be sent, by whoever makes it and nobody else until the lease has run out."""
    return Delivery(
        workspace_id=house.workspace_id,
        mark=secrets.token_hex(16),
        lease_until=now + LEASE,
        claimed_at=now,
        person_id=person_id,
        announcement_id=announcement_id,
        target=target,
    )


def _unsaid(look: Look, now: datetime) -> list[Nudge]:
    """What the ledger has of what is never said."""
    passed = [
        _nudge(look.snapshot, due, now, key=rules.key_if_dropped(due), dropped=PASSED) for due in look.choice.dropped
    ]
    return [*passed, *(_nudge(look.snapshot, due, now, dropped=why) for due, why in look.left_out)]


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
        key=key or due.key,
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


def _look_at(each: _Claimed) -> datetime | None:
    """When to look at them next, should nobody say what became of what was claimed."""
    leases = [message.delivery.lease_until for message in each.messages]
    return min((at for at in (each.then, *leases) if at is not None), default=None)


def _tasks(each: _Claimed) -> list[Task]:
    entry = replace(each.entry, version=each.entry.version + 1)
    snapshot = each.look.snapshot
    is_plain = len(each.messages) == 1 and snapshot.person.unreachable_since is None  # else its arrival is news
    follows = (entry, each.then) if is_plain else None
    since = entry.look_at
    return [Task(message.delivery, snapshot, message.dues, message.nudges, follows, since) for message in each.messages]


def _log(house: House, claimed: Sequence[_Claimed]) -> None:
    for each in claimed:
        slack_id = each.look.snapshot.person.slack_id
        for message in each.messages:
            journal.told("claimed", journal.about_nudges(message.delivery, message.nudges, slack_id))
        for due in each.look.choice.dropped:
            journal.dropped(house, About(None, due.kind, due.key, slack_id, 0), "too_late")
        for due, why in each.look.left_out:
            journal.dropped(house, About(None, due.kind, due.key, slack_id, 0), "not_wanted", why)
