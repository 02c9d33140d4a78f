"""The coordinator who published a round is kept posted: one message of theirs says how far it is, and is changed.

Changing it again does no harm, so whatever was lost on the way is just said once more.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy.orm import Session as Db

from bot import gate
from bot.house import House
from bot.pairing import news_blocks
from bot.pairing.rules import publication_key
from bot.slack import speaking
from bot.slack.speaking import Refused, Unclear
from store import agenda, publications, rounds
from store.models import Delivery, Nudge, Pair, Subject
from store.publications import Publication

PACE = timedelta(seconds=5)  # introductions come faster than anybody reads
AGAIN = timedelta(seconds=30)

log = logging.getLogger(__name__)


def arrived(db: Db, nudge: Nudge, _delivery: Delivery, now: datetime) -> None:
    """The message is there: what has come since it was written is told next."""
    agenda.look(db, nudge.workspace_id, Subject.ROUND, int(nudge.about or 0), now)


def look(db: Db, pair: Pair, now: datetime) -> None:
    """Something became of this pair, so there is something to tell, soon."""
    agenda.look(db, pair.workspace_id, Subject.ROUND, pair.round_id, now + PACE)


def tell(house: House, round_id: int) -> datetime | None:
    """Says how far a published round is, if that is news; returns when to try again where it didn't work."""
    with house.store.read() as db:
        made = rounds.find(db, house.workspace_id, round_id)
        sent = publications.message(db, made, publication_key(made.id)) if made is not None else None
        if made is None or sent is None or sent.channel is None or sent.ts is None:
            return None
        found = publications.of(db, made)
    if made.progress.get("told") == found.tally:
        return None
    opens_at = gate.passes(house, gate.CHANGES)
    if opens_at is not None:
        return opens_at
    said = news_blocks.how_far(found, house.prompts)
    outcome = speaking.change(house.client, sent.channel, sent.ts, said)
    if outcome is None or not _may_try_again(outcome):
        return _keep(house, found)
    return _later(house, outcome)


def _may_try_again(outcome: Refused | Unclear) -> bool:
    log.warning("progress not told error=%s", outcome.code)
    return isinstance(outcome, Unclear) or outcome.is_passing


def _later(house: House, outcome: Refused | Unclear) -> datetime:
    if isinstance(outcome, Unclear) or outcome.retry_after is None:
        return house.clock() + AGAIN
    return gate.heard(house, gate.CHANGES, outcome.code, outcome.retry_after)


def _keep(house: House, said: Publication) -> datetime | None:
    """What was said; to be said anew if something has come since, be it that another process said it meanwhile."""
    with house.store.begin() as db:
        made = rounds.lock(db, house.workspace_id, said.round.id)
        if made is None:
            return None
        made.progress = {**made.progress, "told": said.tally}
        is_news = publications.of(db, made).tally != said.tally
    return house.clock() if is_news else None
