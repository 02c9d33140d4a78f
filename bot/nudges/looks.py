"""What is seen of somebody whose moment has come, and what follows from it. Nothing here changes anything."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session as Db

from bot import errors, working_time
from bot.due import Due
from bot.nudges import features, fewer_rules, later_rules, rules
from bot.nudges.rules import Choice
from store import nudges, snapshots
from store.models import Delivery, DeliveryState
from store.snapshots import Snapshot

A_DAY_AND_MORE = timedelta(days=2)  # in whichever zone, and whatever its clocks do


@dataclass(frozen=True)
class Look:
    """What was seen of one person, and what follows."""

    snapshot: Snapshot
    choice: Choice
    pending: Sequence[Delivery] = ()
    """What is on its way to them, or may be there."""
    left_out: Sequence[tuple[Due, str]] = ()
    """What they won't get though its moment hasn't passed, and why."""

    def left_behind(self, now: datetime) -> list[Delivery]:
        return left_behind(self.pending, now)


def of(db: Db, person_id: int, now: datetime, usual: int = rules.BUDGET) -> Look:
    """What to send to a person at that moment, and why not the rest.

    `usual`: how many messages a week whoever didn't choose gets.
    """
    snapshot = snapshots.of(db, person_id)
    return _looks(db, {person_id: (snapshot, features.due(snapshot, now))}, now, usual)[person_id]


def of_people(db: Db, ids: Sequence[int], now: datetime, usual: int) -> dict[int, Look]:
    """As `of`, for many people in hardly more questions.

    Without those whose affairs no rule could read: that is told in the log.
    """
    known = {}
    for person_id, snapshot in snapshots.of_people(db, ids).items():
        try:
            known[person_id] = snapshot, features.due(snapshot, now)
        except Exception as error:
            errors.told(error, snapshot.person.slack_id, "look at a person")
    return _looks(db, known, now, usual)


def _looks(db: Db, known: Mapping[int, tuple[Snapshot, Sequence[Due]]], now: datetime, usual: int) -> dict[int, Look]:
    taken = _taken(db, known, now)
    pending = nudges.unsettled_of(db, list(known))
    open_now = {who: rules.open_now(dues, taken, now) for who, (_, dues) in known.items()}
    nudgeable = [who for who, dues in open_now.items() if any(not due.is_notice for due in dues)]
    askable = [who for who, dues in open_now.items() if any(due.asks for due in dues)]
    nudged = nudges.nudged_since(db, nudgeable, now - rules.WEEK)
    asked = nudges.asked_since(db, askable, features.ASKING, now - A_DAY_AND_MORE)
    found = {}
    for who, (snapshot, dues) in known.items():
        left_out = _left_out(dues, open_now[who], snapshot)
        not_due = taken | {due.key for due, _ in left_out} if left_out else taken
        mine, budget = working_time.of(snapshot.person), rules.budget(snapshot.person, usual)
        choice = rules.choose(dues, not_due, nudged.get(who, ()), asked.get(who, ()), mine, now, budget)
        found[who] = Look(snapshot, choice, pending.get(who, ()), left_out)
    return found


def _left_out(dues: Sequence[Due], open_now: Sequence[Due], snapshot: Snapshot) -> list[tuple[Due, str]]:
    unwanted = fewer_rules.left_out(open_now, snapshot.nudges, snapshot.person.fewer)
    settled = later_rules.settled(dues, snapshot)
    return [*((due, fewer_rules.LEFT_OUT) for due in unwanted), *((due, later_rules.SETTLED) for due in settled)]


def _taken(db: Db, known: Mapping[int, tuple[Snapshot, Sequence[Due]]], now: datetime) -> set[str]:
    """Which of the keys whose moment has come were claimed before, or were said to have passed.

    One that comes later may have been claimed, too, as of a talk that was moved: then somebody is looked at once more.
    """
    keys = [key for _, dues in known.values() for due in dues for key in rules.keys_now(due, now)]
    workspace_id = next((snapshot.person.workspace_id for snapshot, _ in known.values()), "")
    return nudges.taken(db, workspace_id, keys)


def left_behind(pending: Collection[Delivery], now: datetime) -> list[Delivery]:
    """Deliveries that nobody settled before their lease ran out, or that have waited long enough."""
    return [each for each in pending if each.lease_until <= now and not awaits_its_author(each)]


def first(pending: Collection[Delivery]) -> datetime | None:
    """When the first of the deliveries under way has to be looked at, if nobody settles it before."""
    return min((each.lease_until for each in pending if not awaits_its_author(each)), default=None)


def awaits_its_author(delivery: Delivery) -> bool:
    return delivery.announcement_id is not None and delivery.state is DeliveryState.UNKNOWN
