"""Somebody says that their pair isn't working. It ends for both alike: nobody is told who asked, and nothing keeps it.

Both get the same words in their own working hours, both may ask for somebody new, and both are first in line then.
"""

import logging
from collections.abc import Mapping

from bot.pairing import parting_blocks as blocks
from bot.slack.listening import Ask, Word
from store import agenda, members, pairs, programmes, snapshots

log = logging.getLogger(__name__)

NO_PAIR = "You have no partner just now, so there is nothing to end."
PARTED = "This pair has ended. You both get the same message about it; nobody hears who asked."


def part(ask: Ask) -> None:
    """Asks once more, since a pair that has ended stays so; whoever is in several says which."""
    with ask.house.store.read() as db:
        mine = snapshots.live(snapshots.partnerships(db, ask.me), ask.now)
    known = [each for each in mine if each.pair.introduced_at is not None]
    meant = [each for each in known if ask.number in (None, each.pair.id)]
    if not meant:
        ask.reply(NO_PAIR)
    else:
        ask.reply(blocks.confirm_parting(meant[0]) if len(meant) == 1 else blocks.which_to_part(meant))


def parted(ask: Ask) -> None:
    """It ends as if somebody else had decided it, so that afterwards nothing tells the two apart."""
    with ask.house.store.begin() as db:
        mine = next((each for each in pairs.of_person(db, ask.me.id) if each.id == ask.number), None)
        if mine is not None:
            programmes.lock(db, mine.programme_id)
            db.refresh(mine)  # it may have ended meanwhile
        is_on = mine is not None and pairs.is_live(mine, ask.now)
        if mine is not None and is_on:
            agenda.touch(db, mine.workspace_id, members.end_pair(db, mine, ask.now, ended_by=None), ask.now)
    if mine is not None and is_on:
        log.info("ended pair=%s", mine.id)  # without who asked: logs are read
    ask.answered(PARTED if mine is not None else NO_PAIR)


PRESSES: Mapping[str, Word] = {blocks.PART: parted}
