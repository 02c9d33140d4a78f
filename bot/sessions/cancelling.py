"""One of a pair cancels a date. Both hear it in neutral words, and nobody hears why."""

import logging
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session as Db

from bot import picking
from bot.sessions import cancelling_blocks as blocks
from bot.sessions.listeners import EARLIER, own
from bot.slack.listening import Ask, Filed, Word
from store import agenda, pairs, sessions
from store.models import SessionState
from store.snapshots import Partnership

log = logging.getLogger(__name__)

CANCELLED = "This talk is cancelled."
GONE_BY = "This date has gone by, so there is nothing to cancel."


def cancel(ask: Ask) -> None:
    session_id, _, sequence = ask.value.partition(":")
    each, session = own(ask, session_id)
    if each is None or session is None:
        ask.reply(picking.NOT_YOURS)
        return
    with ask.house.store.begin() as db:
        pairs.lock(db, each.pair.id)
        said = cancel_in(db, each, session.id, int(sequence), ask.now)
    ask.answered(said)


def cancel_in(db: Db, each: Partnership, session_id: int, sequence: int, now: datetime) -> str:
    """What is so now. Of two presses at once the first has done it."""
    session = sessions.get(db, session_id)
    if session.state is SessionState.CANCELLED:
        return CANCELLED
    if session.state is not SessionState.PLANNED or session.sequence != sequence:
        return EARLIER
    if session.starts_at <= now:
        return GONE_BY
    session.state, session.settled_at = SessionState.CANCELLED, now
    session.cancelled_at, session.cancelled_by = now, each.me.id
    session.sequence += 1
    session.cancellations += each.i_am_mentee
    agenda.touch(db, each.pair.workspace_id, [each.me.id, each.partner.id], now)
    log.info("cancelled session=%s by=%s", session_id, each.me.slack_id)
    return CANCELLED


PRESSES: Mapping[str, Word] = {blocks.CANCEL: cancel}
FORMS: Mapping[str, Filed] = {}
