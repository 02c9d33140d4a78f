"""A claimed delivery on its way: said once, and its outcome kept. What is unclear is found out before a second try."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy.orm import Session as Db

from bot import working_time
from bot.announcements.blocks import posted
from bot.due import Message, Telling
from bot.house import House
from bot.nudges import features, rules
from bot.programme.blocks import opening
from bot.slack import kit, speaking
from bot.slack.speaking import Refused, Sent, Unclear
from store import agenda, announcements, notes, nudges, people, programmes, snapshots, workspaces
from store.models import Delivery, DeliveryState, Nudge, Subject
from store.snapshots import Snapshot

log = logging.getLogger(__name__)

MARGIN = timedelta(seconds=speaking.TIMEOUT + 5)
LEASE = timedelta(seconds=60)
ABSENCE_COUNTS = timedelta(days=1)  # older messages may have been cleaned away by the workspace's own rules
BEFORE, AFTER = timedelta(minutes=1), timedelta(minutes=2)
MOST_ATTEMPTS = 5


@dataclass(frozen=True)
class Parcel:
    """A message and where it goes: a person, a group DM still to be opened, or a channel."""

    message: Message
    to: tuple[str, ...]
    is_group: bool = False


def send(house: House, delivery: Delivery) -> None:
    """One attempt. The lease must have more to run than the attempt can take."""
    parcel = _pack(house, delivery)
    target = _target(house, parcel)
    if isinstance(target, Refused | Unclear):
        # Nothing was posted: opening a conversation says nothing to anybody, so this is sure.
        _refused(house, delivery, target if isinstance(target, Refused) else Refused(target.code, retry_after=30))
        return
    now = house.clock()
    if delivery.lease_until - now <= MARGIN:
        return  # whoever looks when the lease has run out takes it from here
    with house.store.begin() as db:
        fresh = nudges.get_delivery(db, delivery.id)
        fresh.attempted_at, fresh.target = now, target
    outcome = speaking.post(house.client, target, parcel.message, delivery.mark)
    match outcome:
        case Sent():
            _sent(house, delivery, outcome)
        case Refused():
            _refused(house, delivery, outcome)
        case Unclear():
            _unknown(house, delivery, outcome)


def _target(house: House, parcel: Parcel) -> str | Refused | Unclear:
    return speaking.open_group(house.client, *parcel.to) if parcel.is_group else parcel.to[0]


def _pack(house: House, delivery: Delivery) -> Parcel:
    if delivery.announcement_id is not None:
        return _announcement(house, delivery.announcement_id)
    with house.store.read() as db:
        snapshot = snapshots.of(db, int(delivery.person_id or 0))
        carried = nudges.of_delivery(db, delivery.id)
        actions = {
            nudge.id: notes.actions(db, [nudge.pair_id], owner_id=nudge.person_id, is_open=True)
            for nudge in carried
            if nudge.kind == "preparation" and nudge.pair_id is not None
        }
    command = house.settings.command
    told = [
        features.MESSAGES[nudge.kind](Telling(nudge, snapshot, house.prompts, command, actions.get(nudge.id, ())))
        for nudge in carried
    ]
    return Parcel(_merged(told), *_addressed(snapshot, carried))


def _merged(told: Sequence[Message]) -> Message:
    """Several nudges in one message, with a line between."""
    blocks = list(chain.from_iterable([kit.divider(), *message.blocks] for message in told))
    return Message("\n\n".join(message.text for message in told), blocks[1:])


def _addressed(snapshot: Snapshot, carried: Sequence[Nudge]) -> tuple[tuple[str, ...], bool]:
    group = {due.key: due.group for due in features.due(snapshot)}.get(carried[0].key)
    if group is None:
        return (snapshot.person.slack_id,), False
    each = next(one for one in snapshot.partnerships if one.pair.id == group.id)
    return tuple(sorted([each.me.slack_id, each.partner.slack_id])), True


def _announcement(house: House, announcement_id: int) -> Parcel:
    with house.store.read() as db:
        announcement = announcements.find(db, announcement_id)
        assert announcement is not None  # noqa: S101 -- the delivery refers to it
        programme = programmes.get(db, announcement.programme_id)
        author = people.get(db, announcement.author_id)
    if announcement.is_opening:
        return Parcel(opening(programme, house.prompts), (announcement.channel,))
    return Parcel(posted(announcement.text, author.slack_id), (announcement.channel,))


def _sent(house: House, delivery: Delivery, outcome: Sent) -> None:
    now = house.clock()
    with house.store.begin() as db:
        if not nudges.settle(
            db,
            delivery.id,
            DeliveryState.SENT,
            sent_at=now,
            channel=outcome.channel,
            ts=outcome.ts,
            error=None,
        ):
            return
        for nudge in nudges.of_delivery(db, delivery.id):
            if nudge.kind in features.ARRIVED:
                features.ARRIVED[nudge.kind](db, nudge, nudges.get_delivery(db, delivery.id), now)
        if delivery.person_id is not None:
            _keep_channel(db, delivery.person_id, outcome)
        _settled(db, delivery, now)
    log.info("sent delivery=%s", delivery.mark)


def _keep_channel(db: Db, person_id: int, outcome: Sent) -> None:
    """The D id of their DM, so that its history can be read when an outcome is unclear."""
    if outcome.channel.startswith("D"):
        people.get(db, person_id).dm_channel = outcome.channel


def _settled(db: Db, delivery: Delivery, now: datetime) -> None:
    """Looks at the subject again: its next moment is worked out anew."""
    announcement = announcements.find(db, delivery.announcement_id or 0)
    if announcement is not None:
        announcement.settled_at = now
        agenda.look(db, delivery.workspace_id, Subject.PERSON, announcement.author_id, now)
    else:
        agenda.look(db, delivery.workspace_id, Subject.PERSON, int(delivery.person_id or 0), now)


def _refused(house: House, delivery: Delivery, outcome: Refused) -> None:
    """Slack surely didn't take it: later if it said so, else never."""
    now = house.clock()
    with house.store.begin() as db:
        if outcome.retry_after is not None:
            until = now + timedelta(seconds=outcome.retry_after)
            workspaces.wait(db, delivery.workspace_id, until)
            nudges.settle(db, delivery.id, DeliveryState.WAITING, error=outcome.code)
            _look_again(db, delivery, until)
        elif nudges.settle(db, delivery.id, DeliveryState.REFUSED, error=outcome.code):
            _settled(db, delivery, now)
    log.warning("refused delivery=%s error=%s retry_after=%s", delivery.mark, outcome.code, outcome.retry_after)


def _unknown(house: House, delivery: Delivery, outcome: Unclear) -> None:
    now = house.clock()
    with house.store.begin() as db:
        nudges.settle(db, delivery.id, DeliveryState.UNKNOWN, error=outcome.code)
        _look_again(db, delivery, max(now, delivery.lease_until))  # Slack may still be storing it
        announcement = announcements.find(db, delivery.announcement_id or 0)
        if announcement is not None:
            agenda.look(db, delivery.workspace_id, Subject.PERSON, announcement.author_id, now)
    log.warning("unclear delivery=%s error=%s", delivery.mark, outcome.code)


def _look_again(db: Db, delivery: Delivery, at: datetime) -> None:
    if delivery.announcement_id is not None:
        agenda.look(db, delivery.workspace_id, Subject.ANNOUNCEMENT, delivery.announcement_id, at)
    else:
        agenda.look(db, delivery.workspace_id, Subject.PERSON, int(delivery.person_id or 0), at)


def settle_up(house: House, delivery: Delivery) -> datetime | None:
    """A delivery that was told to wait, or whose attempt ended without an answer: finds out what became of it.

    Returns when to look at it again, if it is still not settled.
    """
    is_absent = delivery.state is DeliveryState.WAITING or delivery.attempted_at is None
    if delivery.announcement_id is not None:
        _settle_announcement(house, delivery, is_absent=is_absent)
        return None
    with house.store.read() as db:
        snapshot = snapshots.of(db, int(delivery.person_id or 0))
        carried = nudges.of_delivery(db, delivery.id)
    now = house.clock()
    still = rules.still_due(features.due(snapshot), {nudge.key for nudge in carried}, now)
    if not is_absent:
        found = _look_for(house, delivery, snapshot)
        if isinstance(found, Sent):
            _sent(house, delivery, found)
            return None
        if found == LATER:
            return now + LEASE
        # Where nobody can know: a missed nudge is better than a doubled one; a notice goes once more.
        if found == NEVER_KNOWN and (delivery.attempts > 1 or not all(due.is_notice for due in still)):
            still = []
        if delivery.attempts >= MOST_ATTEMPTS:
            still = []
    if not still:
        _give_up(house, delivery)
        return None
    ready = rules.ready_at(still, working_time.of(snapshot.person), now)
    if ready > now:
        return ready
    _again(house, delivery, {due.key for due in still})
    return None


def _settle_announcement(house: House, delivery: Delivery, *, is_absent: bool) -> None:
    """Sent again if it is surely not there; else its author is asked."""
    if is_absent:
        _again(house, delivery, set())
    elif delivery.state is DeliveryState.CLAIMED:
        _unknown(house, delivery, Unclear("no answer"))


LATER, ABSENT, NEVER_KNOWN = "later", "absent", "never known"


def _look_for(house: House, delivery: Delivery, snapshot: Snapshot) -> Sent | str:
    """The message in the conversation's history, or whether its absence there means anything."""
    assert delivery.attempted_at is not None  # noqa: S101 -- the caller asks for attempts only
    channel = _conversation(house, delivery, snapshot)
    if not isinstance(channel, str):
        return LATER if isinstance(channel, Unclear) or channel.is_passing else NEVER_KNOWN
    oldest, latest = delivery.attempted_at - BEFORE, delivery.attempted_at + AFTER
    found = speaking.find_marked(house.client, channel, delivery.mark, oldest.timestamp(), latest.timestamp())
    match found:
        case Sent():
            log.info("found delivery=%s", delivery.mark)
            return found
        case Unclear():
            return LATER
        case Refused():
            return LATER if found.is_passing else NEVER_KNOWN
        case None:
            is_recent = house.clock() - delivery.attempted_at < ABSENCE_COUNTS
            return ABSENT if is_recent else NEVER_KNOWN


def _conversation(house: House, delivery: Delivery, snapshot: Snapshot) -> str | Refused | Unclear:
    """The id of the conversation it was sent to: the group's, the known D id, or Slack is asked for it."""
    target = delivery.target or snapshot.person.slack_id
    if target != snapshot.person.slack_id:
        return target
    return snapshot.person.dm_channel or speaking.open_group(house.client, snapshot.person.slack_id)


def _again(house: House, delivery: Delivery, still: set[str]) -> None:
    """One more attempt under a new lease, with what is still worth saying."""
    until = house.clock() + LEASE
    with house.store.begin() as db:
        if not nudges.lease(db, delivery, until, delivery.attempts + 1):
            return  # somebody else has it
        for nudge in nudges.of_delivery(db, delivery.id):
            if nudge.key not in still:
                nudge.dropped = "no longer due"
        fresh = nudges.get_delivery(db, delivery.id)
        db.refresh(fresh)
    log.info("sending again delivery=%s attempt=%s", fresh.mark, fresh.attempts)
    send(house, fresh)


def _give_up(house: House, delivery: Delivery) -> None:
    with house.store.begin() as db:
        nudges.settle(db, delivery.id, DeliveryState.GIVEN_UP)
    log.info("given up delivery=%s", delivery.mark)
