"""A pair writes down how it works together: one proposes, the other says yes or changes it."""

import logging
from collections.abc import Mapping

from bot import picking
from bot.agreement import blocks, rules
from bot.agreement.rules import Filing
from bot.slack.listening import Ask, Filed, Form, Word, Wrong
from store import agenda, agreements, pairs, snapshots
from store.models import Agreement

log = logging.getLogger(__name__)

LOOK_FIRST = "Your partner has proposed something meanwhile. Close this form and look at it first, on your Home."
IS_AGREED = "You have both said yes to this. It is on your Home."
IS_OLD = "There is something newer by now. Your Home has it."
IS_MINE = "You proposed this yourself: it is for your partner to say yes."
AGREED = "That is agreed, then. I'll tell your partner, and it is on your Home."


def agree(ask: Ask) -> None:
    """Opens the form; where the other waits for a yes, what they propose."""
    each = picking.pair(ask, "agree")
    if each is None:
        return
    latest = agreements.latest(each.agreements)
    terms = _terms(ask, latest)
    if latest is not None and latest.agreed_at is None and latest.proposed_by != each.me.id:
        ask.show(blocks.proposal(each, terms, latest))
    else:
        ask.show(blocks.form(each, terms, latest))


def _terms(ask: Ask, version: Agreement | None) -> dict[str, str]:
    if version is None:
        return {}
    with ask.house.store.read() as db:
        return agreements.terms(db, version)


def change(ask: Ask) -> None:
    """Other words than those the partner proposes."""
    each = picking.pair(ask, "agree")
    if each is not None:
        latest = agreements.latest(each.agreements)
        ask.begin(blocks.form(each, _terms(ask, latest), latest))


def filed(form: Form) -> Wrong | None:
    pair_id, _, seen = form.private.partition(":")
    terms = blocks.read(form.answers)
    with form.house.store.begin() as db:
        pairs.lock(db, int(pair_id))
        each = snapshots.partnership(db, form.me, int(pair_id))
        if each is None or not picking.is_on(each, form.now):
            return form.wrong(picking.NOT_YOURS)
        latest = agreements.latest(each.agreements)
        its_terms = agreements.terms(db, latest) if latest else {}
        filing = rules.filing(terms, latest, its_terms, int(seen), form.me.id)
        if filing is Filing.LOOK_FIRST:
            return form.wrong(LOOK_FIRST)
        if filing is Filing.PROPOSE:
            version = latest.version + 1 if latest else 1
            agreements.propose(db, each.pair.workspace_id, each.pair.id, version, terms, form.me.id, form.now)
        elif filing is Filing.AGREE and latest is not None:
            latest.agreed_at = form.now
        agenda.touch(db, each.pair.workspace_id, [each.me.id, each.partner.id], form.now)
    log.info("agreement %s pair=%s by=%s", filing, pair_id, form.me.slack_id)
    return None


def say_yes(ask: Ask) -> None:
    ask.answered(_say_yes(ask))


def _say_yes(ask: Ask) -> str:
    """What is answered. Only the newest version can be agreed to, and only by the one who didn't propose it."""
    with ask.house.store.read() as db:
        pair_id = next(
            (
                each.pair.id
                for each in snapshots.partnerships(db, ask.me)
                for version in each.agreements
                if version.id == ask.number
            ),
            None,
        )
    if pair_id is None:
        return picking.NOT_YOURS
    with ask.house.store.begin() as db:
        pairs.lock(db, pair_id)
        each = snapshots.partnership(db, ask.me, pair_id)
        if each is None or not picking.is_on(each, ask.now):
            return picking.NOT_YOURS
        latest = each.agreements[-1]
        if latest.id != ask.number:
            return IS_OLD
        if latest.agreed_at is not None:
            return IS_AGREED
        if latest.proposed_by == ask.me.id:
            return IS_MINE
        latest.agreed_at = ask.now
        agenda.touch(db, each.pair.workspace_id, [each.me.id, each.partner.id], ask.now)
    log.info("agreed pair=%s by=%s", pair_id, ask.me.slack_id)
    return AGREED


PRESSES: Mapping[str, Word] = {blocks.AGREE: say_yes, blocks.CHANGE: change}
FORMS: Mapping[str, Filed] = {blocks.FORM: filed}
