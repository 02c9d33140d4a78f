"""What follows from what became of a delivery: it arrived, was refused, or nobody knows.

Nobody touches an unsettled delivery before its `lease_until`: while it is being sent, while Slack said to wait, and
while Slack may still be storing what it didn't answer.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session as Db

from bot import errors, gate
from bot.house import House
from bot.nudges import features, journal
from bot.nudges.journal import About
from bot.nudges.parcels import Parcel, Task
from bot.slack import who
from bot.slack.speaking import Refused, Sent, Unclear
from store import agenda, announcements, members, nudges, people
from store.models import Announcement, Delivery, DeliveryState, Nudge, Subject

LEASE = timedelta(seconds=60)
MOST_DOUBLINGS = 6  # of the lease: about an hour


def arrived_plainly(house: House, sent: Sequence[tuple[Task, Sent]]) -> None:
    """These are there, and nothing follows but each person's next moment: all kept at once."""
    if not sent:
        return
    now = house.clock()
    with house.store.begin() as db:
        nudges.arrived(db, {task.delivery.id: (each.channel, each.ts) for task, each in sent}, now)
        agenda.move_unchanged(db, dict(task.follows for task, _ in sent if task.follows is not None))
        people.keep_dms(db, dict(dm for task, each in sent for dm in _new_dm(task, each)))
    for task, _ in sent:
        journal.arrived(house, journal.about_task(task), task.since, now)


def _new_dm(task: Task, sent: Sent) -> list[tuple[int, str]]:
    """To read its history, should it be needed."""
    person = task.snapshot.person if task.snapshot is not None else None
    is_new = person is not None and sent.channel.startswith("D") and person.dm_channel != sent.channel
    return [(person.id, sent.channel)] if person is not None and is_new else []


def arrived(
    house: House, delivery: Delivery, outcome: Sent, *, since: datetime | None = None, event: str = "sent"
) -> None:
    """It is there: what follows is stored in the same transaction. `since`: when it could first have gone."""
    now = house.clock()
    told = {"sent_at": now, "channel": outcome.channel, "ts": outcome.ts, "error": None}
    with house.store.begin() as db:
        if not nudges.settle(db, delivery.id, DeliveryState.SENT, **told):
            return
        carried = nudges.of_delivery(db, delivery.id)
        about = journal.about(db, delivery, carried)
        for nudge in carried:
            if nudge.kind in features.ARRIVED:
                features.ARRIVED[nudge.kind](db, nudge, nudges.get_delivery(db, delivery.id), now)
        _settled(db, delivery, now)  # agenda rows are locked before people's, everywhere
        if delivery.person_id is not None and outcome.channel.startswith("D"):
            person = people.get(db, delivery.person_id)
            people.reachable(db, person, now)
            person.dm_channel = outcome.channel  # to read its history, should it be needed
    journal.arrived(house, about, since or delivery.claimed_at, now, event)


def refused(house: House, delivery: Delivery, outcome: Refused, parcel: Parcel) -> None:
    """Slack surely didn't take it: later if it said so, else never."""
    with house.store.read() as db:
        journal.refused(house, journal.about(db, delivery), outcome)
    now = house.clock()
    if outcome.retry_after is not None:
        until = now + timedelta(seconds=outcome.retry_after) + gate.CLOCKS_DISAGREE
        put_off(house, delivery, until, DeliveryState.WAITING, is_awaited=parcel.is_awaited)
        return
    is_about_them = outcome.is_gone or (outcome.is_about_person and delivery.person_id is not None)
    gone = [each for each in parcel.to if is_about_them and _is_gone(house, each)]
    with house.store.begin() as db:
        if not nudges.take(db, delivery, DeliveryState.REFUSED, error=outcome.code):
            return
        for person in people.by_slack_id(db, delivery.workspace_id, gone).values():
            members.deactivated(db, person, now)  # first: programmes are locked before agenda rows, everywhere
        for nudge in nudges.of_delivery(db, delivery.id):
            if nudge.kind in features.NEVER_ARRIVED:
                features.NEVER_ARRIVED[nudge.kind](db, nudge, now)
        _settled(db, delivery, now)
        not_reached = set(parcel.to) - set(gone) if is_about_them and not parcel.is_group else set[str]()
        for person in people.by_slack_id(db, delivery.workspace_id, not_reached).values():  # nobody has a channel's id
            people.unreachable(db, person, now)


def _is_gone(house: House, slack_id: str) -> bool:
    """Where a company closes hundreds of accounts, Slack isn't asked about all at once: its list tells, next night."""
    if gate.passes(house, gate.PEOPLE) is not None:
        return False
    answer = who.is_gone(house.client, slack_id)
    if isinstance(answer, Refused) and answer.retry_after is not None:
        gate.heard(house, gate.PEOPLE, answer.code, answer.retry_after)
    return answer is True


def unclear(house: House, delivery: Delivery, outcome: Unclear) -> None:
    """It may or may not be there. An announcement's author is asked; for the rest the history is read in a while."""
    now = house.clock()
    with house.store.begin() as db:
        # Slack may still be storing it; and the oftener it was unclear, the longer we leave it alone.
        until = now + LEASE * 2 ** min(delivery.attempts - 1, MOST_DOUBLINGS)
        later = {"error": outcome.code, "lease_until": until}
        if not nudges.take(db, delivery, DeliveryState.UNKNOWN, **later):
            return
        about = journal.about(db, delivery)
        agenda_of(db, delivery, until)
        announcement = _announcement(db, delivery)
        if announcement is not None:
            agenda.look(db, delivery.workspace_id, Subject.PERSON, announcement.author_id, now)
    journal.unclear(house, about, outcome.code, until)


def put_off(
    house: House,
    delivery: Delivery,
    until: datetime,
    state: DeliveryState,
    attempts: int | None = None,
    *,
    is_awaited: bool = False,
) -> None:
    """Leaves it alone until then. `is_awaited`: it goes before what nobody waits for."""
    changes = {} if attempts is None else {"attempts": attempts}
    with house.store.begin() as db:
        if not nudges.take(db, delivery, state, lease_until=until, **changes):
            return
        about = journal.about(db, delivery)
        agenda_of(db, delivery, until, is_urgent=is_awaited)
    journal.told("put off", about, until=until)


def not_tried(house: House, left: Sequence[tuple[Delivery, Parcel, datetime]]) -> None:
    """Nothing of these was sent, and each is left alone until then. All at once: a process that ends may have many."""
    told: list[tuple[About, datetime]] = []
    with house.store.begin() as db:
        for delivery, parcel, until in sorted(left, key=lambda each: (each[0].person_id or 0, each[0].id)):
            if nudges.take(db, delivery, DeliveryState.WAITING, lease_until=until):
                told.append((journal.about(db, delivery), until))
                agenda_of(db, delivery, until, is_urgent=parcel.is_awaited)
    for about, until in told:
        journal.told("put off", about, until=until)


def troubled(house: House, delivery: Delivery, error: Exception) -> None:
    """Our own failure: told in the log with a reference, and tried again in a while; nothing of theirs is lost."""
    errors.told(error, None, f"send delivery {delivery.id}")
    with house.store.begin() as db:
        until = house.clock() + LEASE
        if nudges.take(db, delivery, delivery.state, lease_until=until):
            agenda_of(db, delivery, until)


def leave_out(db: Db, delivery: Delivery, carries: Collection[int]) -> list[About]:
    """What else was claimed for it is no longer due; which, to be told when that is stored."""
    left = [nudge for nudge in nudges.of_delivery(db, delivery.id) if nudge.id not in carries]
    return _release(db, delivery, left)


def give_up(house: House, delivery: Delivery, *, may_be_there: bool) -> None:
    """Ends a delivery that is no longer due, or of which nobody can know. Not if somebody else has taken it.

    What surely isn't there gives its keys back: it may become due again, as after a pause. What may be there keeps
    them, and life goes on as if it were.
    """
    now = house.clock()
    with house.store.begin() as db:
        if not nudges.take(db, delivery, DeliveryState.GIVEN_UP):
            return
        carried = nudges.of_delivery(db, delivery.id)
        about = journal.about(db, delivery, carried)
        left = [] if may_be_there else _release(db, delivery, carried)
        for nudge in carried if may_be_there else ():
            if nudge.kind in features.ARRIVED:
                features.ARRIVED[nudge.kind](db, nudge, nudges.get_delivery(db, delivery.id), now)
        _settled(db, delivery, now)
    journal.told("given up", about, code="may be there" if may_be_there else "no longer due")
    for each in left:
        journal.dropped(house, each, "no_longer_due")


def _release(db: Db, delivery: Delivery, left: Sequence[Nudge]) -> list[About]:
    """Gives the keys back: what they mean may become due again."""
    told = [journal.about(db, delivery, [nudge]) for nudge in left]
    for nudge in left:
        nudge.key, nudge.dropped = f"{nudge.key}:released:{delivery.id}", "no longer due"
    return told


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


def agenda_of(db: Db, delivery: Delivery, at: datetime, *, is_urgent: bool = False) -> None:
    """Looks at the delivery's subject at that moment at the latest."""
    if delivery.announcement_id is not None:
        agenda.look(db, delivery.workspace_id, Subject.ANNOUNCEMENT, delivery.announcement_id, at)
    else:
        agenda.look(db, delivery.workspace_id, Subject.PERSON, int(delivery.person_id or 0), at, is_urgent=is_urgent)
