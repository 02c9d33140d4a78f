"""What has been taken from Slack is remembered only as long as Slack might bring it again."""

import logging
from datetime import datetime, time, timedelta

from bot.clock import night
from bot.house import House
from store import events

log = logging.getLogger(__name__)

KEPT = timedelta(days=7)  # Slack brings an event again for an hour, and what stands in a form for as long as it is open
AT_NIGHT = time(3, 45)


def forget(house: House, _number: int) -> datetime:
    """Deletes the marks of old events, some at a time; returns when to look again."""
    now = house.clock()
    with house.store.begin() as db:
        forgotten = events.forget(db, now - KEPT)
    if forgotten:
        log.info("forgot events=%s", forgotten)
    return now if forgotten == events.SOME else night(now, AT_NIGHT)
