"""How a pair goes on is decided: when both have said how they would like to, or a week after the first has."""

import logging
from datetime import datetime

from sqlalchemy.orm import Session as Db

from bot import working_time
from bot.ending import rules
from store import agenda, endings, pairs
from store.database import Store
from store.models import GOES_ON, Pair
from store.snapshots import Snapshot

log = logging.getLogger(__name__)


def by_both(db: Db, pair: Pair, now: datetime) -> bool:
    """Whether it is decided, now that one of the two has chosen. The pair must be locked."""
    preferences = endings.of_ending(db, pair)
    if len(preferences) < 2:
        return False
    _decide(db, pair, now)
    return True


def by_the_clock(store: Store, snapshot: Snapshot, now: datetime) -> bool:
    """Whether one choice has decided now, since the other has said nothing for a week."""
    ripe = [each for each in snapshot.partnerships if not each.is_on_hold and _is_ripe(rules.waits_until(each), now)]
    decided = 0
    for each in ripe:
        with store.begin() as db:
            pairs.lock(db, each.pair.id)
            pair = pairs.get(db, each.pair.id)
            if rules.is_open(pair, now) and pair.ending == each.pair.ending:
                _decide(db, pair, now)
                decided += 1
    return decided > 0  # where it is too late for it, nothing has changed, and nobody is looked at anew for it


def _is_ripe(until: datetime | None, now: datetime) -> bool:
    return until is not None and until <= now


def _decide(db: Db, pair: Pair, now: datetime) -> None:
    assert pair.ends_at is not None  # noqa: S101 -- who comes to no end isn't asked
    mentor, mentee = pairs.people(db, pair)
    pair.onward = rules.suits_both([endings.wish(db, each) for each in endings.of_ending(db, pair)])
    pair.onward_at = now
    if pair.onward in GOES_ON:
        pair.ends_at = rules.later_end(pair.ends_at, pair.onward, working_time.of(mentee))
        pair.ending += 1
    agenda.touch(db, pair.workspace_id, [mentor.id, mentee.id], now)
    log.info("goes on pair=%s how=%s", pair.id, pair.onward)
