"""When a reading of the directory goes on after something went wrong. The workspace's messages never wait for it."""

import logging
from datetime import datetime, timedelta

from bot.house import House
from bot.slack import speaking
from bot.slack.speaking import Refused, Unclear
from store import readings
from store.models import Source

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
MENDING = timedelta(hours=1)  # a lacking scope, a wrong token: somebody has to do something about it first


def after(house: House, source: Source, why: Refused | Unclear, now: datetime) -> datetime:
    """Keeps what Slack said in place of an answer; when to ask again."""
    attempts = keep(house, source, why.code)
    if isinstance(why, Unclear):
        return now + pause(attempts)
    if why.code in speaking.RATE_LIMITED:
        return now + timedelta(seconds=why.retry_after or 0)
    return now + MENDING


def keep(house: House, source: Source, code: str) -> int:
    """How often in a row it went wrong."""
    log.warning("not read source=%s error=%s", source, code)
    with house.store.begin() as db:
        return readings.failed(db, house.workspace_id, source, code)


def pause(attempts: int) -> timedelta:
    """Twice as long each time."""
    return min(FIRST_PAUSE * (1 << min(attempts - 1, 20)), LONGEST_PAUSE)
