"""Somebody pauses, goes on, leaves, or asks for a new partner."""

import logging
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session as Db

from bot import working_time
from bot.due import Message
from bot.membership import blocks, rules
from bot.membership.rules import Stand
from bot.slack.listening import Ask, Filed, Form, Instead, Word, Wrong
from store import agenda, members, pairs, programmes
from store.database import Store
from store.models import IS_OUT, TAKES_PART, Member, MemberState, Person, Programme

log = logging.getLogger(__name__)


def pause(ask: Ask) -> None:
    """Holds everything at once. Said again without a date, it keeps the one there is and offers others."""
    until = _until(ask, ask.value)
    if isinstance(until, str):
        ask.reply(until)
        return
    held = _hold(ask.house.store, ask.me, until, ask.now, keeps_date=not ask.value)
    ask.reply(held if isinstance(held, str) else blocks.paused(_day(held.paused_until, ask.me)))


def pause_for(ask: Ask) -> None:
    """A button that says how long."""
    until = _until(ask, ask.value)
    held = until if isinstance(until, str) else _hold(ask.house.store, ask.me, until, ask.now)
    ask.answered(held if isinstance(held, str) else blocks.paused(_day(held.paused_until, ask.me)).text)


def _until(ask: Ask, said: str) -> datetime | str | None:
    return rules.end_of_pause(said, working_time.of(ask.me), ask.now) if said else None


def pause_date(ask: Ask) -> None:
    ask.show(blocks.pause_form())


def pause_filed(form: Form) -> Wrong | Instead:
    until = rules.end_of_pause(form.answers.date("day") or "", working_time.of(form.me), form.now)
    held = until if isinstance(until, str) else _hold(form.house.store, form.me, until, form.now)
    if isinstance(held, str):
        return Wrong({"day": held})
    day = _day(held.paused_until, form.me)
    assert day is not None  # noqa: S101 -- it was kept with a date
    return Instead(blocks.pause_kept(day))


def _day(at: datetime | None, me: Person) -> date | None:
    return working_time.of(me).local_date(at) if at else None


def _hold(store: Store, me: Person, until: datetime | None, now: datetime, *, keeps_date: bool = False) -> Member | str:
    """All their places are on hold; one of them, or why there is nothing to hold."""
    with store.begin() as db:
        held, why = _taking_part(db, me)
        if not held:
            return why
        if keeps_date:
            until = next((at for each in held if (at := rules.ends_at(each, now))), None)
        for each in held:
            members.pause(each, until, now)
        _touch(db, me, now)
    log.info("paused person=%s", me.slack_id)
    return held[0]


def resume(ask: Ask) -> None:
    with ask.house.store.begin() as db:
        held, why = _taking_part(db, ask.me)
        was_paused = any(each.state is MemberState.PAUSED for each in held)
        for each in held:
            members.resume(each, ask.now)
        if held:
            _touch(db, ask.me, ask.now)
    if was_paused:
        log.info("resumed person=%s", ask.me.slack_id)
    ask.reply(why if not held else blocks.BACK if was_paused else blocks.NOT_PAUSED)


def _taking_part(db: Db, me: Person) -> tuple[list[Member], str]:
    """Their places in programmes, and what to say where there are none."""
    places = [member for member, _ in members.locked(db, me.id)]
    held = [member for member in places if member.state in TAKES_PART]
    is_coming = any(member.state not in IS_OUT for member in places)
    return held, blocks.NOT_IN_YET if is_coming else blocks.NOT_IN


def _touch(db: Db, me: Person, now: datetime) -> None:
    agenda.touch(db, me.workspace_id, [me.id, *pairs.partners(db, me.id, now)], now)


def leave(ask: Ask) -> None:
    """Asks once more, since leaving ends a pair; in several programmes, which one."""
    with ask.house.store.read() as db:
        present = {each.id: each for member, each in members.of_person(db, ask.me.id) if member.state not in IS_OUT}
    meant = [each for each in present.values() if ask.value in ("", str(each.id))] or list(present.values())
    if ask.number is not None and ask.number not in present:
        ask.reply(blocks.NOT_IN_THAT)
    elif not meant:
        ask.reply(blocks.NOT_IN)
    else:
        ask.reply(blocks.confirm_leaving(meant[0]) if len(meant) == 1 else blocks.which_to_leave(meant))


def left(ask: Ask) -> None:
    """They are out, on both sides if they were on both. Pressed again, it changes nothing."""
    with ask.house.store.begin() as db:
        programme = programmes.find(db, ask.house.workspace_id, ask.number) if ask.number is not None else None
        ended = members.leave_programme(db, programme, ask.me.id, ask.now) if programme else False
    if not ended:
        ask.answered(blocks.NOT_IN_THAT)
        return
    ask.answered(blocks.HAVE_LEFT)
    log.info("left person=%s", ask.me.slack_id)


def seek(ask: Ask) -> None:
    """They would like a new partner."""
    with ask.house.store.begin() as db:
        found = _meant(db, ask)
        if found is not None and found[1].closed_at is None and _looks(db, found[0], ask.now) is Stand.RESTING:
            members.seek(db, found[0], ask.now)
            log.info("seeks a partner person=%s", ask.me.slack_id)
        said = _stands(db, ask, found)
    _say(ask, said)


def not_now(ask: Ask) -> None:
    """They would rather not, or not yet; if they had asked for one before, they are off the list again."""
    with ask.house.store.begin() as db:
        found = _meant(db, ask)
        is_free = found is not None and _looks(db, found[0], ask.now) in rules.FREE
        if found is not None and is_free:
            members.rest(db, found[0], ask.now)
        said = blocks.RESTING if is_free else _stands(db, ask, found)
    _say(ask, said)


def _meant(db: Db, ask: Ask) -> tuple[Member, Programme] | None:
    """The place of theirs that the button is about, with nobody else changing it meanwhile."""
    places = members.locked(db, ask.me.id)
    return next((place for place in places if str(place[0].id) == ask.value), None)


def _looks(db: Db, member: Member, now: datetime) -> Stand | None:
    """Whether they look for a partner, a pause aside; None for who takes no part."""
    room, is_over = members.room(db, member, now)
    return rules.looks(member, room, is_over=is_over) if member.state in TAKES_PART else None


def _stands(db: Db, ask: Ask, found: tuple[Member, Programme] | None) -> Message | str:
    """Where they stand now, as the answer to a press."""
    if found is None:
        return blocks.NOT_IN_THAT
    member, programme = found
    if programme.closed_at is not None:
        return blocks.HAS_ENDED
    room, is_over = members.room(db, member, ask.now)
    stand = rules.stand(member, room, is_over=is_over)
    if stand is Stand.OUT:
        return blocks.come_back(programme)
    return blocks.stands(stand, _day(rules.ends_at(member, ask.now), ask.me))


def _say(ask: Ask, said: Message | str) -> None:
    """In place of the buttons; a Home is drawn anew by itself, and has its answer in a modal."""
    is_home = ask.view is not None and ask.view.get("type") == "home"
    if isinstance(said, Message) or is_home:
        ask.reply(said)
    else:
        ask.answered(said)


PRESSES: Mapping[str, Word] = {
    blocks.LEAVE: left,
    blocks.SEEK: seek,
    blocks.NOT_NOW: not_now,
    blocks.PAUSE_DATE: pause_date,
    **{f"{blocks.PAUSE_FOR}.{name}": pause_for for name in (*blocks.SPANS, blocks.UNTIL_I_SAY_SO)},
}
FORMS: Mapping[str, Filed] = {blocks.PAUSE_FORM: pause_filed}
