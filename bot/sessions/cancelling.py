"""One of a pair cancels a date. Both hear it in neutral words, and nobody hears why."""

import logging
from collections.abc import Mapping

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
    else:
        ask.answered(_cancelled(ask, each, session.id, int(sequence)))


def _cancelled(ask: Ask, each: Partnership, session_id: int, sequence: int) -> str:
    """What is so now. Of two presses at once the first has done it."""
    with ask.house.store.begin() as db:
        pairs.lock(db, each.pair.id)
        session = sessions.get(db, session_id)
        if session.state is SessionState.CANCELLED:
            return CANCELLED
        if session.state is not SessionState.PLANNED or session.sequence != sequence:
            return EARLIER
        if session.starts_at <= ask.now:
            return GONE_BY
        session.state, session.settled_at = SessionState.CANCELLED, ask.now
        session.cancelled_at, session.cancelled_by = ask.now, ask.me.id
        session.sequence += 1
        session.cancellations += each.i_am_mentee
        agenda.touch(db, ask.house.workspace_id, [each.me.id, each.partner.id], ask.now)
    log.info("cancelled session=%s by=%s", session_id, ask.me.slack_id)
    return CANCELLED


PRESSES: Mapping[str, Word] = {blocks.CANCEL: cancel}
FORMS: Mapping[str, Filed] = {}
