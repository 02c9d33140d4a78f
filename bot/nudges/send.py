"""A claimed delivery on its way: said once, and its outcome kept.

Nobody touches an unsettled delivery before its `lease_until`: while it is being sent, while Slack said to wait, and
while Slack may still be storing what it didn't answer.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy.orm import Session as Db

from bot.house import House
from bot.nudges import features
from bot.nudges.parcels import Parcel, pack
from bot.slack import speaking, who
from bot.slack.speaking import Refused, Sent, Unclear
from store import agenda, announcements, members, nudges, people, workspaces
from store.models import Announcement, Delivery, DeliveryState, Nudge, Subject

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
MARGIN = timedelta(seconds=2 * speaking.TIMEOUT + 5)  # connecting and answering may each take the whole timeout
MOST_DOUBLINGS = 6  # of the lease: about an hour
OPEN_AGAIN_AFTER = timedelta(seconds=30)


def send(house: House, delivery: Delivery) -> None:
    """One attempt. The lease must have more to run than the attempt can take."""
    parcel = pack(house, delivery)
    if parcel is None:
        give_up(house, delivery, may_be_there=False)
        return
    target = _target(house, parcel)
    if isinstance(target, Unclear):
        put_off(house, delivery, house.clock() + OPEN_AGAIN_AFTER, DeliveryState.WAITING)
    elif isinstance(target, Refused):
        _refused(house, delivery, target, parcel)
    elif _begins(house, delivery, target, parcel):
        _keep(house, delivery, parcel, speaking.post(house.client, target, parcel.message, delivery.mark))


def _target(house: House, parcel: Parcel) -> str | Refused | Unclear:
    """Opening a conversation says nothing to anybody: where it fails, surely nothing was posted."""
    return speaking.open_group(house.client, *parcel.to) if parcel.is_group else parcel.to[0]


def _begins(house: House, delivery: Delivery, target: str, parcel: Parcel) -> bool:
    """Writes the attempt down before it is made; not if the lease is nearly over, or somebody else has it."""
    now = house.clock()
    if delivery.lease_until - now <= MARGIN:
        return False  # whoever looks when the lease has run out takes it from here
    with house.store.begin() as db:
        claimed = DeliveryState.CLAIMED
        if not nudges.take(db, delivery, claimed, attempted_at=now, target=target, lease_until=now + LEASE):
            return False
        for nudge in nudges.of_delivery(db, delivery.id) if parcel.leaves_some else ():
            if nudge.id not in parcel.carries:
                _release(nudge, delivery)
        agenda_of(db, delivery, now + LEASE)
    return True


def _keep(house: House, delivery: Delivery, parcel: Parcel, outcome: Sent | Refused | Unclear) -> None:
    match outcome:
        case Sent():
            arrived(house, delivery, outcome)
        case Refused():
            _refused(house, delivery, outcome, parcel)
        case Unclear():
            unclear(house, delivery, outcome)


def arrived(house: House, delivery: Delivery, outcome: Sent) -> None:
    """It is there: what follows is stored in the same transaction."""
    now = house.clock()
    told = {"sent_at": now, "channel": outcome.channel, "ts": outcome.ts, "error": None}
    with house.store.begin() as db:
        if not nudges.settle(db, delivery.id, DeliveryState.SENT, **told):
            return
        for nudge in nudges.of_delivery(db, delivery.id):
            if nudge.kind in features.ARRIVED:
                features.ARRIVED[nudge.kind](db, nudge, nudges.get_delivery(db, delivery.id), now)
        _settled(db, delivery, now)  # agenda rows are locked before people's, everywhere
        if delivery.person_id is not None and outcome.channel.startswith("D"):
            people.get(db, delivery.person_id).dm_channel = outcome.channel  # to read its history, should it be needed
    log.info("sent delivery=%s", delivery.mark)


def _refused(house: House, delivery: Delivery, outcome: Refused, parcel: Parcel) -> None:
    """Slack surely didn't take it: later if it said so, else never."""
    log.warning("refused delivery=%s error=%s retry_after=%s", delivery.mark, outcome.code, outcome.retry_after)
    now = house.clock()
    if outcome.retry_after is not None:
        until = now + timedelta(seconds=outcome.retry_after)
        with house.store.begin() as db:
            workspaces.wait(db, delivery.workspace_id, until)
        put_off(house, delivery, until, DeliveryState.WAITING)
        return
    is_about_them = outcome.is_gone or (outcome.code == "channel_not_found" and delivery.person_id is not None)
    gone = [each for each in parcel.to if is_about_them and who.is_gone(house.client, each)]
    with house.store.begin() as db:
        if not nudges.settle(db, delivery.id, DeliveryState.REFUSED, error=outcome.code):
            return
        for person in people.by_slack_id(db, delivery.workspace_id, gone).values():
            members.deactivated(db, person, now)  # first: programmes are locked before agenda rows, everywhere
        for nudge in nudges.of_delivery(db, delivery.id):
            if nudge.kind in features.NEVER_ARRIVED:
                features.NEVER_ARRIVED[nudge.kind](db, nudge, now)
        _settled(db, delivery, now)


def unclear(house: House, delivery: Delivery, outcome: Unclear) -> None:
    """It may or may not be there. An announcement's author is asked; for the rest the history is read in a while."""
    log.warning("unclear delivery=%s error=%s", delivery.mark, outcome.code)
    now = house.clock()
    with house.store.begin() as db:
        # Slack may still be storing it; and the oftener it was unclear, the longer we leave it alone.
        until = now + LEASE * 2 ** min(delivery.attempts - 1, MOST_DOUBLINGS)
        later = {"error": outcome.code, "lease_until": until}
        if not nudges.settle(db, delivery.id, DeliveryState.UNKNOWN, **later):
            return
        agenda_of(db, delivery, until)
        announcement = _announcement(db, delivery)
        if announcement is not None:
            agenda.look(db, delivery.workspace_id, Subject.PERSON, announcement.author_id, now)


def put_off(
    house: House, delivery: Delivery, until: datetime, state: DeliveryState, attempts: int | None = None
) -> None:
    """Leaves it alone until then."""
    changes = {} if attempts is None else {"attempts": attempts}
    with house.store.begin() as db:
        if nudges.settle(db, delivery.id, state, lease_until=until, **changes):
            agenda_of(db, delivery, until)


def give_up(house: House, delivery: Delivery, *, may_be_there: bool) -> None:
    """Ends a delivery that is no longer due, or of which nobody can know. Not if somebody else has taken it.

    What surely isn't there gives its keys back: it may become due again, as after a pause. What may be there keeps
    them, and life goes on as if it were.
    """
    now = house.clock()
    with house.store.begin() as db:
        if not nudges.take(db, delivery, DeliveryState.GIVEN_UP):
            return
        for nudge in nudges.of_delivery(db, delivery.id):
            if not may_be_there:
                _release(nudge, delivery)
            elif nudge.kind in features.ARRIVED:
                features.ARRIVED[nudge.kind](db, nudge, nudges.get_delivery(db, delivery.id), now)
        _settled(db, delivery, now)
    log.info("given up delivery=%s may_be_there=%s", delivery.mark, may_be_there)


def _release(nudge: Nudge, delivery: Delivery) -> None:
    """Gives the key back: what it means may become due again."""
    nudge.key, nudge.dropped = f"{nudge.key}:released:{delivery.id}", "no longer due"


def _settled(db: Db, delivery: Delivery, now: datetime) -> None:
    """Looks at the subject again: its next moment is worked out anew."""
    announcement = _announcement(db, delivery)
    if announcement is not None:
        announcement.settled_at = now
        agenda.look(db, delivery.workspace_id, Subject.PERSON, announcement.author_id, now)
    else:
        agenda_of(db, delivery, now)


def _announcement(db: Db, delivery: Delivery) -> Announcement | None:
    return announcements.find(db, delivery.announcement_id) if delivery.announcement_id is not None else None


def agenda_of(db: Db, delivery: Delivery, at: datetime) -> None:
    """Looks at the delivery's subject at that moment at the latest."""
    if delivery.announcement_id is not None:
        agenda.look(db, delivery.workspace_id, Subject.ANNOUNCEMENT, delivery.announcement_id, at)
    else:
        agenda.look(db, delivery.workspace_id, Subject.PERSON, int(delivery.person_id or 0), at)
