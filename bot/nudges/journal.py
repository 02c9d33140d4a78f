"""What an operator sees of each message: one line in the log for what became of it, and a count. Never a word of it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session as Db

from bot.house import House
from bot.nudges.parcels import Task
from bot.slack.speaking import WORKSPACE_SHUT, Refused
from store import nudges, people
from store.database import utc
from store.models import Delivery, DeliveryState, Nudge

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class About:
    """Which message, to whom and what about: by marks, ids and kinds alone."""

    mark: str | None
    kinds: str = ""
    keys: str = ""
    person: str | None = None
    attempts: int = 1
    carries: str = "announcement"
    """One of `metrics.MESSAGES`."""


def about(db: Db, delivery: Delivery, carried: Sequence[Nudge] | None = None) -> About:
    found = nudges.of_delivery(db, delivery.id) if carried is None else carried
    person = people.get(db, delivery.person_id) if delivery.person_id is not None else None
    return about_nudges(delivery, found, person.slack_id if person is not None else None)


def about_task(task: Task) -> About:
    """The same, of one that was claimed just now: nothing has to be looked up."""
    return about_nudges(
        task.delivery, task.nudges, task.snapshot.person.slack_id if task.snapshot is not None else None
    )


def about_nudges(delivery: Delivery, carried: Sequence[Nudge], person: str | None) -> About:
    kinds, keys = ",".join(each.kind for each in carried), ",".join(each.key for each in carried)
    if delivery.announcement_id is not None:
        kinds, carries = "announcement", "announcement"
    else:
        carries = "notice" if all(each.is_notice for each in carried) else "nudge"
    return About(delivery.mark, kinds, keys, person, delivery.attempts, carries)


def told(
    event: str,
    each: About,
    *,
    level: int = logging.INFO,
    code: str | None = None,
    lag: float | None = None,
    until: datetime | None = None,
) -> None:
    """The line. It has the same keys whatever happened, so that one search finds all that became of a message."""
    log.log(
        level,
        "%s delivery=%s kinds=%s keys=%s person=%s attempts=%s error=%s lag=%s until=%s",
        event,
        each.mark,
        each.kinds,
        each.keys,
        each.person,
        each.attempts,
        code,
        None if lag is None else round(lag, 3),
        utc(until) if until is not None else None,
    )


def arrived(house: House, each: About, since: datetime, now: datetime, event: str = "sent") -> None:
    """`since`: the moment it could first have gone."""
    lag = max(0.0, (now - since).total_seconds())
    house.metrics.sent.labels(each.carries).inc()
    house.metrics.lag.observe(lag)
    told(event, each, lag=lag)


def refused(house: House, each: About, outcome: Refused) -> None:
    passing = "workspace_shut" if outcome.code in WORKSPACE_SHUT else "later"
    house.metrics.refused.labels(passing if outcome.is_passing else "for_good").inc()
    told("refused", each, level=logging.WARNING, code=outcome.code)


def unclear(house: House, each: About, code: str, until: datetime) -> None:
    house.metrics.unknown.inc()
    told("unclear", each, level=logging.WARNING, code=code, until=until)


def reconciled(house: House, delivery: Delivery, what: str) -> None:
    """`delivery` as it was found. One that Slack told to wait was in no doubt."""
    if delivery.state is not DeliveryState.WAITING:
        house.metrics.reconciled.labels(what).inc()


def dropped(house: House, each: About, why: str, code: str | None = None) -> None:
    """`why` is one of `metrics.DROPPED`; `code` says it closer."""
    house.metrics.dropped.labels(why).inc()
    told("dropped", each, code=code or why)
