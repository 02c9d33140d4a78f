"""A sign-up that was begun and never sent is forgotten after a month."""

import logging
from datetime import datetime, time, timedelta

from bot.clock import night
from bot.house import House
from store import agenda, drafts

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)
AT_NIGHT = time(3, 30)


def forget(house: House, _number: int) -> datetime:
    """Deletes what nobody has touched for so long; returns when to look again."""
    now = house.clock()
    with house.store.begin() as db:
        theirs = drafts.drop_untouched(db, house.workspace_id, now - KEPT)
        agenda.touch(db, house.workspace_id, theirs, now)
    if theirs:
        log.info("forgot drafts=%s", len(theirs))
    return night(now, AT_NIGHT)
