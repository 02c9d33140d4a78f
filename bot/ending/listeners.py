"""Somebody says how they would like to go on, and takes a copy of what they wrote."""

import logging
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session as Db

from bot import picking
from bot.ending import blocks, deciding, keepsake, rules
from bot.slack import files
from bot.slack.listening import Ask, Filed, Word
from store import agenda, endings, pairs, snapshots
from store.models import Onward
from store.snapshots import Partnership

log = logging.getLogger(__name__)

BOTH_HAVE_CHOSEN = "Thank you. You have both chosen now. I'll tell the two of you what suits you both."
NOTHING_TO_KEEP = "There is nothing to keep a copy of: you have had no partner yet."
NO_FILE = "Slack didn't take the file just now. Nothing is lost; please try again in a while."


def choose(ask: Ask) -> None:
    """Kept for their eyes alone; if the other has chosen too, it is decided."""
    pair_id, _, rest = ask.value.partition(":")
    ending, _, onward = rest.rpartition(":")
    with ask.house.store.begin() as db:
        pairs.lock(db, int(pair_id))
        said = choose_in(db, snapshots.partnership(db, ask.me, int(pair_id)), ending, Onward(onward), ask.now)
    ask.answered(said)


def choose_in(db: Db, each: Partnership | None, ending: str, wish: Onward, now: datetime) -> str:
    """Keeps what they wish, and decides if the other has chosen too; what is said to it."""
    if each is None:
        return picking.NOT_YOURS
    if problem := rules.problem(each.pair, ending, now):
        return problem
    endings.choose(db, each.pair, each.me.id, wish, now)
    is_decided = deciding.by_both(db, each.pair, now)
    agenda.touch(db, each.pair.workspace_id, [each.me.id, each.partner.id], now)
    log.info("chose how to go on pair=%s", each.pair.id)  # without who and what: logs are read
    return BOTH_HAVE_CHOSEN if is_decided else blocks.chosen(wish)


def keep_a_copy(ask: Ask) -> None:
    """Sends the file to whoever asks, of a pair that has ended too; best effort, since a file can't be told from its
    double."""
    with ask.house.store.read() as db:
        mine = [each for each in snapshots.partnerships(db, ask.me) if each.pair.introduced_at is not None]
    meant = [each for each in mine if ask.number in (None, each.pair.id)]
    if len(meant) != 1:
        ask.reply(blocks.of_which(meant) if meant else NOTHING_TO_KEEP)
        return
    [each] = meant
    with ask.house.store.read() as db:
        copy = keepsake.of(db, each, ask.house.words(db))
    is_sent = files.send(ask.house, ask.client, ask.me, copy.text, copy.name, copy.title)
    ask.reply(f"I've sent you a file in our direct messages. {copy.holds}" if is_sent else NO_FILE)


PRESSES: Mapping[str, Word] = {
    **{f"{blocks.CHOOSE}.{onward.value}": choose for onward in Onward},
}
FORMS: Mapping[str, Filed] = {}
