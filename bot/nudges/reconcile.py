"""What became of a delivery that was told to wait, or whose attempt ended without an answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot import gate, working_time
from bot.due import Due
from bot.house import House
from bot.nudges import features, journal, outcomes, resting, rules
from bot.nudges.outbox import Outbox
from bot.nudges.parcels import Task
from bot.nudges.rules import Choice
from bot.slack import speaking
from bot.slack.speaking import Refused, Sent, Unclear
from store import nudges, snapshots
from store.models import Delivery, DeliveryState
from store.snapshots import Snapshot

ABSENCE_COUNTS = timedelta(days=1)  # older messages may have been cleaned away by the workspace's own rules
AROUND = timedelta(minutes=15)  # Slack's clock and ours may differ; the mark is the only one of its kind


class Found(StrEnum):
    """What the conversation's history says, where the message is not in it."""

    LATER = "later"
    ABSENT = "absent"
    NEVER_KNOWN = "never known"


@dataclass(frozen=True)
class Again:
    """What goes once more, of a delivery that isn't there, or of which nobody can know."""

    delivery: Delivery
    snapshot: Snapshot
    still: Sequence[Due]
    attempts: int
    may_be_there: bool


def settle_up(house: House, outbox: Outbox, delivery: Delivery) -> Again | None:
    """Kept if it is there, put off or given up; or what goes once more, which is for `send_again` to send."""
    is_absent = delivery.state is DeliveryState.WAITING or delivery.attempted_at is None
    if delivery.announcement_id is not None and not is_absent:
        # An announcement that may be there is never sent again by itself: its author is asked.
        outcomes.unclear(house, delivery, Unclear("no answer"))
    elif delivery.announcement_id is not None:
        opens_at = _opens_at(house, [gate.channel(str(delivery.target))], is_awaited=False)
        if opens_at is not None:
            outcomes.put_off(house, delivery, opens_at, DeliveryState.WAITING)
        else:
            _send(house, outbox, delivery, delivery.attempts)
    elif is_absent:
        return _again(house, delivery, attempts=delivery.attempts, may_be_there=False)
    else:
        return _after_an_unclear_attempt(house, delivery)
    return None


def _after_an_unclear_attempt(house: House, delivery: Delivery) -> Again | None:
    with house.store.read() as db:
        snapshot = snapshots.of(db, int(delivery.person_id or 0))
        carried = nudges.of_delivery(db, delivery.id)
    match _look_for(house, delivery, snapshot):
        case Sent() as found:
            outcomes.arrived(house, delivery, found, event="found")
            journal.reconciled(house, delivery, "found")
        case datetime() as opens_at:
            outcomes.put_off(house, delivery, _in_turn(house, delivery, opens_at), delivery.state)
        case Found.LATER:
            outcomes.put_off(house, delivery, house.clock() + outcomes.LEASE, delivery.state)
        case Found.NEVER_KNOWN if delivery.attempts > 1 or not all(nudge.is_notice for nudge in carried):
            # A missed nudge is better than a doubled one; a notice goes once more.
            outcomes.give_up(house, delivery, may_be_there=True)
            journal.reconciled(house, delivery, "given_up")
        case found:
            return _again(house, delivery, delivery.attempts + 1, may_be_there=found is Found.NEVER_KNOWN)
    return None


def _in_turn(house: House, delivery: Delivery, opens_at: datetime) -> datetime:
    """As Slack takes them, the oldest first. If all that wait came as soon as it takes any, a few would pass, and the
    others be put off once more, each time."""
    with house.store.read() as db:
        before = nudges.in_doubt_before(db, delivery)
    return opens_at + before * gate.PACES[gate.HISTORY].every


def _look_for(house: House, delivery: Delivery, snapshot: Snapshot) -> Sent | Found | datetime:
    """The message in the conversation's history, or whether its absence there means anything; or when to look again,
    if Slack takes no more of these for now."""
    assert delivery.attempted_at is not None  # noqa: S101 -- the caller asks for attempts only
    is_recent = house.clock() - delivery.attempted_at < ABSENCE_COUNTS
    channel = _conversation(delivery, snapshot)
    if channel is None:
        if (opens_at := gate.passes(house, gate.OPENING)) is not None:
            return opens_at
        opened = speaking.open_group(house.client, snapshot.person.slack_id)
        if not isinstance(opened, str):
            return _unread(house, gate.OPENING, opened, is_recent=is_recent)
        channel = opened
    if (opens_at := gate.passes(house, gate.HISTORY)) is not None:
        return opens_at
    oldest, latest = delivery.attempted_at - AROUND, delivery.attempted_at + AROUND
    found = speaking.find_marked(house.client, channel, delivery.mark, oldest.timestamp(), latest.timestamp())
    if isinstance(found, Refused | Unclear):
        return _unread(house, gate.HISTORY, found, is_recent=is_recent)
    return found or (Found.ABSENT if is_recent else Found.NEVER_KNOWN)


def _unread(house: House, lane: str, why: Refused | Unclear, *, is_recent: bool) -> Found:
    """History could not be read: tried again for a day where that may help, as after a quiet that Slack asked for."""
    if isinstance(why, Refused) and (why.retry_after is None or why.code in speaking.NOT_GRANTED):
        return Found.NEVER_KNOWN
    if isinstance(why, Refused) and why.retry_after is not None:
        gate.heard(house, lane, why.code, why.retry_after)
    return Found.LATER if is_recent else Found.NEVER_KNOWN


def _conversation(delivery: Delivery, snapshot: Snapshot) -> str | None:
    """The id of the conversation it was sent to: the group's, or the D id. None if Slack has to be asked for it."""
    target = delivery.target or snapshot.person.slack_id
    return target if target != snapshot.person.slack_id else snapshot.person.dm_channel


def _again(house: House, delivery: Delivery, attempts: int, *, may_be_there: bool) -> Again | None:
    """What of it is still worth saying; None where nothing is, and then it is given up."""
    with house.store.read() as db:
        snapshot = snapshots.of(db, int(delivery.person_id or 0))
        carried = nudges.of_delivery(db, delivery.id)
    now = house.clock()
    still = rules.still_due(features.due(snapshot, now), {nudge.key for nudge in carried}, now)
    if still:
        return Again(delivery, snapshot, still, attempts, may_be_there)
    outcomes.give_up(house, delivery, may_be_there=may_be_there)
    journal.reconciled(house, delivery, "given_up")
    return None


def send_again(house: House, outbox: Outbox, waiting: Sequence[Again]) -> None:
    """One more attempt with each, once nobody is disturbed by it. Who rests is asked for all of them at once.

    One that fails is tried again in a while; it must not hold up the others.
    """
    now = house.clock()
    ready = [rules.ready_at(each.still, working_time.of(each.snapshot.person), now) for each in waiting]
    told_now = [Choice(messages=[each.still] if at <= now else []) for each, at in zip(waiting, ready, strict=True)]
    rested = resting.heeded(house, [(each.snapshot, told) for each, told in zip(waiting, told_now, strict=True)], now)
    for each, at, choice in zip(waiting, ready, rested, strict=True):
        try:
            _once_more(house, outbox, each, at if choice.messages else choice.look_at or at, now)
        except Exception as error:
            outcomes.troubled(house, each.delivery, error)
        house.pulse.beat()


def _once_more(house: House, outbox: Outbox, each: Again, ready: datetime, now: datetime) -> None:
    is_awaited = all(due.at_once for due in each.still)
    # What may be there stays in doubt until it goes: should it not be due by then, it has had its time.
    known = each.delivery
    waiting = (known.state, known.attempts) if each.may_be_there else (DeliveryState.WAITING, each.attempts)
    lanes = _lanes(each.snapshot, each.still[0])
    opens_at = ready if ready > now else _opens_at(house, lanes, is_awaited=is_awaited)
    if opens_at is None or not each.may_be_there:
        journal.reconciled(house, known, "sent_again")
    if opens_at is not None:
        outcomes.put_off(house, known, opens_at, *waiting, is_awaited=is_awaited)  # it may wait overnight
    else:
        _send(house, outbox, known, each.attempts)


def _lanes(snapshot: Snapshot, due: Due) -> Sequence[str]:
    """What it goes through besides all messages: its conversation, and the opening of that where it has no id yet."""
    if due.group is None:
        return [gate.dm(snapshot.person.id)]
    where = gate.group(due.group.id)
    return [where] if due.group.channel is not None else [where, gate.OPENING]


def _opens_at(house: House, lanes: Sequence[str], *, is_awaited: bool) -> datetime | None:
    """When Slack takes it; None: now, and it is counted."""
    return gate.passes(house, gate.MESSAGES, *lanes, counted=(gate.MESSAGES,) if is_awaited else ())


def _send(house: House, outbox: Outbox, delivery: Delivery, attempts: int) -> None:
    """Under a new lease, unless somebody else has it."""
    until = house.clock() + outcomes.LEASE
    absent = {"attempted_at": None}  # until the next attempt begins, it surely isn't there
    with house.store.begin() as db:
        if not nudges.take(db, delivery, DeliveryState.CLAIMED, lease_until=until, attempts=attempts, **absent):
            return
        outcomes.agenda_of(db, delivery, until)
        fresh = nudges.get_delivery(db, delivery.id)
        about = replace(journal.about(db, fresh), attempts=attempts)
    journal.told("sending again", about)
    outbox.send([Task(fresh)])
