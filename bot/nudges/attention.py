"""Somebody puts a nudge off, wants fewer of its kind, or asks why it came."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session as Db

from bot import working_time
from bot.nudges import attention_blocks as blocks
from bot.nudges import features, fewer_rules, later_rules, rules
from bot.nudges.attention_blocks import Reasons
from bot.nudges.fewer_rules import Family
from bot.nudges.later_rules import Later
from bot.slack import kit
from bot.slack.listening import Ask, Filed, Word
from store import agenda, nudges, people, snapshots
from store.models import Nudge, Subject

log = logging.getLogger(__name__)


def chosen(ask: Ask) -> None:
    """What was picked in the menu, and in which message."""
    word, _, number = ask.value.partition(":")
    ask = replace(ask, value=number)
    if word == blocks.FEWER:
        fewer(ask)
    elif word == blocks.WHY:
        why(ask)
    elif word in set(Later):
        later(ask, Later(word))
    else:
        ask.reply(ask.house.prompts.say("later.nothing"))


def later(ask: Ask, until: Later) -> None:
    """All of the message that is worth saying then comes back, once."""
    prompts, at = ask.house.prompts, later_rules.moment(until, working_time.of(ask.me), ask.now)
    if at is None:
        ask.reply(prompts.say("later.day_over"))
        return
    with ask.house.store.begin() as db:
        agenda.look(db, ask.house.workspace_id, Subject.PERSON, ask.me.id, ask.now)
        said = _put_off(db, ask, at)
    if isinstance(said, str):
        ask.reply(prompts.say(said))
    else:
        ask.answered(prompts.say("later.kept", when=kit.moment(said)))


def _put_off(db: Db, ask: Ask, at: datetime) -> datetime | str:
    """When it comes back, by the first press of two; or the name of what to say instead."""
    told = nudges.told_in(db, ask.me.id, ask.number or 0, to_change=True)
    if before := next((nudge.put_off_until for nudge in told if nudge.put_off_until is not None), None):
        return before
    snapshot = snapshots.of(db, ask.me.id)
    there = later_rules.still_open(told, features.due(snapshot, ask.now), snapshot)
    worth = later_rules.worth_saying(list(there.values()), at)
    for nudge in told:
        if there.get(nudge.id) in worth:
            nudge.put_off_until = at
            log.info("put off person=%s key=%s until=%s", ask.me.slack_id, nudge.key, at)
    if worth:
        return at
    return "later.too_late" if there else "later.nothing"


def fewer(ask: Ask) -> None:
    """One press: every second one is left out from now on. One more: all."""
    with ask.house.store.begin() as db:
        kinds = {nudge.kind for nudge in nudges.told_in(db, ask.me.id, ask.number or 0)}
        families = fewer_rules.families(kinds)
        wanted = ask.me.fewer
        if families:
            agenda.touch(db, ask.house.workspace_id, [ask.me.id], ask.now)
            me = people.to_change(db, ask.me.id)
            shares = {family.value: fewer_rules.fewer(fewer_rules.share(me.fewer, family)) for family in families}
            me.fewer = wanted = {**me.fewer, **{family: share.value for family, share in shares.items()}}
            log.info("wants fewer person=%s of=%s", me.slack_id, ",".join(f"{f}:{wanted[f]}" for f in families))
    if kinds:
        ask.reply(blocks.fewer(kinds, wanted, ask.house.prompts, ask.house.settings.command))
    else:
        ask.reply(ask.house.prompts.say("why.unknown"))


def as_before(ask: Ask) -> None:
    """All of them come again. What was left out isn't made up for."""
    if ask.value not in set(Family):
        return
    with ask.house.store.begin() as db:
        agenda.touch(db, ask.house.workspace_id, [ask.me.id], ask.now)
        me = people.to_change(db, ask.me.id)
        me.fewer = {family: share for family, share in me.fewer.items() if family != ask.value}
    log.info("as before person=%s of=%s", ask.me.slack_id, ask.value)
    ask.answered(ask.house.prompts.say(f"fewer.{ask.value}.all"))


def why(ask: Ask) -> None:
    """From the ledger alone."""
    with ask.house.store.read() as db:
        carried = nudges.told_in(db, ask.me.id, ask.number or 0)
        reasons = _reasons(db, ask, carried) if carried else None
    if reasons is None:
        ask.reply(ask.house.prompts.say("why.unknown"))
    else:
        ask.show(blocks.why(reasons, ask.house.prompts))


def _reasons(db: Db, ask: Ask, carried: Sequence[Nudge]) -> Reasons:
    delivery = nudges.get_delivery(db, ask.number or 0)
    counted = nudges.nudged_since(db, [ask.me.id], delivery.claimed_at - rules.WEEK).get(ask.me.id, [])
    is_counted = not all(nudge.is_wished for nudge in carried)
    return Reasons(
        carried=carried,
        came_at=delivery.sent_at or delivery.attempted_at or delivery.claimed_at,
        zone=working_time.of(ask.me).zone.key,
        number=sum(at <= delivery.claimed_at for at in counted) if is_counted else 0,
        most=rules.budget(ask.me, ask.house.settings.nudges_a_week),
        wanted=ask.me.fewer,
    )


PRESSES: Mapping[str, Word] = {blocks.MENU: chosen, blocks.AS_BEFORE: as_before}
FORMS: Mapping[str, Filed] = {}
