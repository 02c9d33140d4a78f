"""Somebody passes on thanks, a lesson, or what they did differently; the other agrees to what is for all, or not."""

import logging
from collections.abc import Mapping
from functools import partial

from sqlalchemy.orm import Session as Db

from bot import picking
from bot.ending import rules
from bot.ending import saying_blocks as blocks
from bot.ending.blocks import DIFFERENCE, LESSON, THANKS
from bot.slack.listening import Ask, Filed, Form, Word, Wrong
from bot.thanking import may_thank
from store import agenda, announcements, events, notes, programmes, sayings, snapshots
from store.models import Consent, Saying, SayingKind
from store.snapshots import Partnership

log = logging.getLogger(__name__)

TOO_EARLY = "Once you have met, you can pass something on here."
IS_ANSWERED = "This has been answered already."
WILL_BE_POSTED = "Thank you. I'm posting it in these words."
STAYS = "It stays between the two of you. I'll tell your partner kindly."


def opened(kind: SayingKind, ask: Ask) -> None:
    with ask.house.store.read() as db:
        each = snapshots.partnership(db, ask.me, ask.number)
    if each is None or not rules.may_say(each, ask.now):
        ask.reply(picking.NOT_YOURS if each is None or rules.has_met(each) else TOO_EARLY)
        return
    ask.show(blocks.form(kind, each))


def thanks(ask: Ask) -> None:
    """By a word: to the partner of the only pair they have, or of the one they pick."""
    each = picking.pair(ask, "thanks", may_thank)
    if each is not None:
        ask.show(blocks.form(SayingKind.THANKS, each))


def filed(form: Form) -> Wrong | None:
    said = blocks.read(form.answers, form.private)
    with form.house.store.read() as db:
        each = snapshots.partnership(db, form.me, said.pair_id)
    if each is None or not rules.may_pass_on(said.kind, each, form.now):
        return form.wrong(picking.NOT_YOURS)
    with form.house.store.begin() as db:
        replaced = _open(db, each, said.instead_of)
        if not events.take(db, f"view:{form.view_id}", form.now):
            return None  # a form sent twice says it once
        if said.instead_of is not None and replaced is None:
            db.rollback()  # the form stays open: sent again, it is told the same
            return form.wrong(IS_ANSWERED)
        if replaced is not None:
            replaced.answer, replaced.answered_at = Consent.REWORDED, form.now
        _keep(db, form, each, said)
    log.info("said kind=%s pair=%s by=%s", said.kind, said.pair_id, form.me.slack_id)
    return None


def _keep(db: Db, form: Form, each: Partnership, said: blocks.Said) -> None:
    scope, pair_id, me = each.pair.workspace_id, each.pair.id, each.me.id
    if said.reader == blocks.ME:
        notes.add_note(db, scope, pair_id, None, me, said.text, form.now, is_shared=False)
    else:
        for_all = said.reader == blocks.ALL
        sayings.add(db, scope, pair_id, me, said.kind, said.text, form.now, for_all=for_all)
    agenda.touch(db, scope, [me, each.partner.id], form.now)


def _open(db: Db, each: Partnership, saying_id: int | None) -> Saying | None:
    """The partner's words that wait for an answer, with nobody else answering meanwhile."""
    found = sayings.find(db, each.pair.workspace_id, saying_id or 0)
    is_theirs = found is not None and found.pair_id == each.pair.id and found.author_id == each.partner.id
    return found if found is not None and is_theirs and found.for_all and found.answer is None else None


def post(ask: Ask) -> None:
    """It is posted by the announcements' own way: once, and asked about where Slack doesn't say."""
    ask.answered(_answered(ask, Consent.POSTED))


def keep(ask: Ask) -> None:
    ask.answered(_answered(ask, Consent.KEPT))


def _answered(ask: Ask, answer: Consent) -> str:
    each = _about(ask)
    if each is None:
        return picking.NOT_YOURS
    with ask.house.store.begin() as db:
        saying = _open(db, each, ask.number)
        if saying is None:
            return IS_ANSWERED
        saying.answer, saying.answered_at = answer, ask.now
        if answer is Consent.POSTED:
            programme = programmes.get(db, each.pair.programme_id)
            announcements.add(db, programme, saying.author_id, "", f"{announcements.SAYING}{saying.id}", ask.now)
        agenda.touch(db, each.pair.workspace_id, [each.me.id, each.partner.id], ask.now)
    log.info("answered a saying answer=%s pair=%s by=%s", answer, each.pair.id, ask.me.slack_id)
    return WILL_BE_POSTED if answer is Consent.POSTED else STAYS


def _about(ask: Ask) -> Partnership | None:
    """The pair whose words the button is about, while they can still be passed on."""
    with ask.house.store.read() as db:
        mine = snapshots.partnerships(db, ask.me)
    about = ((each, saying) for each in mine for saying in each.sayings if saying.id == ask.number)
    return next((each for each, saying in about if rules.may_pass_on(saying.kind, each, ask.now)), None)


def reword(ask: Ask) -> None:
    """Other words for the lesson: they take the place of the partner's, who is asked then."""
    each = _about(ask)
    if each is None:
        ask.reply(picking.NOT_YOURS)
        return
    with ask.house.store.begin() as db:
        saying = _open(db, each, ask.number)
        text = sayings.text(db, saying) if saying else None
    if saying is None:
        ask.answered(IS_ANSWERED)
    else:
        ask.show(blocks.form(SayingKind.LESSON, each, text, saying.id))


PRESSES: Mapping[str, Word] = {
    THANKS: partial(opened, SayingKind.THANKS),
    LESSON: partial(opened, SayingKind.LESSON),
    DIFFERENCE: partial(opened, SayingKind.DIFFERENCE),
    blocks.POST: post,
    blocks.KEEP: keep,
    blocks.REWORD: reword,
}
FORMS: Mapping[str, Filed] = {blocks.FORM: filed}
