"""What becomes of a pair that breaks a rule: a coordinator decides, once."""

import logging
from collections.abc import Mapping

from sqlalchemy.orm import Session as Db

from bot.pairing import blocks
from bot.slack import who
from bot.slack.listening import Ask, Word
from store import agenda, members, pairs, people, programmes

log = logging.getLogger(__name__)

NOT_YOURS = "You are one of the two, so somebody else decides about this pair."
NOT_FOR_YOU = "Only the people who run the programme can decide that."
OVER = "That pair has ended meanwhile. Nothing was done."
MENDED = "The directory no longer says so: the pair keeps the rules again, and goes on. Nothing was done."
ENDED = "The pair has ended. Both hear that, and nothing about why."
KEPT = "They stay together, and I won't ask about this again. They have heard nothing of it."
LATER = "Take your time: it stays on your Home until somebody decides, and the two hear nothing meanwhile."


def end(ask: Ask) -> None:
    _decide(ask, is_ended=True)


def keep(ask: Ask) -> None:
    _decide(ask, is_ended=False)


def later(ask: Ask) -> None:
    _say(ask, LATER)


def _decide(ask: Ask, *, is_ended: bool) -> None:
    if not who.is_coordinator(ask.house, ask.client, ask.me.slack_id):
        ask.reply(NOT_FOR_YOU)
        return
    with ask.house.store.begin() as db:
        said, has_decided = _decided(db, ask, is_ended=is_ended)
    if has_decided:
        log.info("decided rules=%s ended=%s by=%s", ask.value, is_ended, ask.me.slack_id)
    _say(ask, said)


def _decided(db: Db, ask: Ask, *, is_ended: bool) -> tuple[str, bool]:
    """What to say, and whether this decided it. Of two who press, the first decides."""
    ids = [int(each) for each in ask.value.split(",") if each.isdigit()]
    asked = pairs.of_rules(db, ask.house.workspace_id, ids)
    if not asked:
        return OVER, False
    programme = programmes.lock(db, asked[0][1].programme_id)
    db.expire_all()  # they were read before the lock: somebody may have decided since
    asked = pairs.of_rules(db, ask.house.workspace_id, ids)
    broken, pair = [rule for rule, _ in asked], asked[0][1]
    both = [person.id for person in pairs.people(db, pair)]
    if ask.me.id in both:
        return NOT_YOURS, False
    if by := next((each.decided_by for each in broken if each.decided_by is not None), None):
        return blocks.decided(people.get(db, by), is_ended=pair.ended_at is not None), False
    if not pairs.is_live(pair, ask.now):
        return OVER, False
    standing = [each for each in broken if each.mended_at is None]
    if not standing:
        return MENDED, False
    for each in standing:
        each.decided_at, each.decided_by = ask.now, ask.me.id
    touched = members.end_pair(db, pair, ask.now, ended_by=None) if is_ended else set[int]()
    agenda.touch(db, ask.house.workspace_id, [*touched, programme.created_by], ask.now)
    return ENDED if is_ended else KEPT, True


def _say(ask: Ask, text: str) -> None:
    """In place of the buttons in a message; the Home is drawn anew by itself."""
    if ask.view is not None:
        ask.reply(text)
    else:
        ask.answered(text)


PRESSES: Mapping[str, Word] = {blocks.END: end, blocks.KEEP: keep, blocks.LATER: later}
