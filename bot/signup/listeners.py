"""Somebody joins, changes their answers, pauses, goes on, leaves."""

import logging
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session as Db

from bot.signup import blocks, rules
from bot.slack.listening import Ask, Filed, Form, Word, Wrong
from store import agenda, events, keys, members, pairs, programmes
from store.models import Holder, Member, MemberState, Pair, Person, Programme

log = logging.getLogger(__name__)

NOT_IN = "You aren't in a programme just now. You can join with the word *join*."


def join(ask: Ask) -> None:
    with ask.house.store.read() as db:
        programme = _meant(db, ask)
        member = members.find(db, programme.id, ask.me.id) if programme else None
    why = rules.may_join(programme, member, ask.me)
    if programme is None or why is not None:
        ask.reply(why or rules.NO_PROGRAMME)
        return
    ask.show(blocks.form(programme, ask.house.prompts))


def _meant(db: Db, ask: Ask) -> Programme | None:
    """The programme of the button, or the newest open one."""
    if ask.value.isdigit():
        return programmes.find(db, ask.house.workspace_id, int(ask.value))
    return programmes.newest(db, ask.house.workspace_id)


def profile(ask: Ask) -> None:
    with ask.house.store.read() as db:
        place = members.newest_of(db, ask.me.id)
        hopes = _opened(db, ask.me, place[0].hopes) if place else None
        avoid = _opened(db, ask.me, place[0].avoid) if place else None
    if place is None:
        ask.reply(NOT_IN)
        return
    member, programme = place
    ask.show(blocks.form(programme, ask.house.prompts, member, hopes, (avoid or "").split()))


def filed(form: Form) -> Wrong | None:
    """The form, to join or to change."""
    with form.house.store.begin() as db:
        programme = programmes.find(db, form.house.workspace_id, int(form.private))
        if programme is not None:
            programmes.lock(db, programme.id)
        member = members.find(db, programme.id, form.me.id) if programme else None
        is_change = member is not None and member.state is not MemberState.LEFT
        answers = blocks.read(form.answers, member if is_change else None)
        why = None if is_change else rules.may_join(programme, member, form.me)
        if programme is None or why:
            return Wrong({"topics": why or "This programme is no longer there."})
        if problems := rules.problems(answers):
            return Wrong(problems)
        if events.take(db, f"view:{form.view_id}", form.now):  # a form sent twice is one sign-up
            _keep(db, programme, form.me, answers, form.now)
    log.info("%s person=%s side=%s", "changed" if is_change else "joined", form.me.slack_id, answers.side)
    return None


def _keep(db: Db, programme: Programme, me: Person, answers: rules.Answers, now: datetime) -> None:
    assert answers.side is not None  # noqa: S101 -- the rules asked for it
    member = members.on_side(db, programme.id, me.id, answers.side)
    if member is None:
        member = _new(programme, me, answers, now)
        db.add(member)
    else:
        _change(member, answers, now)
    member.hopes = keys.seal(db, Holder.PERSON, me.id, answers.hopes) if answers.hopes else None
    member.avoid = keys.seal(db, Holder.PERSON, me.id, " ".join(answers.avoid)) if answers.avoid else None
    db.flush()
    agenda.touch(db, programme.workspace_id, [me.id], now)


def _new(programme: Programme, me: Person, answers: rules.Answers, now: datetime) -> Member:
    assert answers.side is not None  # noqa: S101 -- the rules asked for it
    return Member(
        workspace_id=programme.workspace_id,
        programme_id=programme.id,
        person_id=me.id,
        side=answers.side,
        topics=list(answers.topics),
        languages=list(answers.languages),
        ways=list(answers.ways),
        joined_at=now,
        changed_at=now,
        consented_at=now,
        consent=rules.CONSENT,
    )


def _change(member: Member, answers: rules.Answers, now: datetime) -> None:
    member.topics, member.languages, member.ways = (
        list(answers.topics),
        list(answers.languages),
        list(answers.ways),
    )
    member.revision, member.changed_at = member.revision + 1, now
    if member.state is MemberState.LEFT:
        member.state, member.joined_at, member.state_since = MemberState.ACTIVE, now, now
        member.consented_at, member.consent = now, rules.CONSENT


def _opened(db: Db, me: Person, sealed: bytes | None) -> str | None:
    return keys.unseal(db, Holder.PERSON, me.id, sealed) if sealed else None


def pause(ask: Ask) -> None:
    _move(ask, MemberState.PAUSED)


def resume(ask: Ask) -> None:
    _move(ask, MemberState.ACTIVE)


def _move(ask: Ask, state: MemberState) -> None:
    """Holds or goes on, in all their programmes; said twice, it changes nothing the second time."""
    with ask.house.store.begin() as db:
        places = [member for member, _ in members.of_person(db, ask.me.id) if member.state is not MemberState.LEFT]
        moved = [member for member in places if member.state is not state]
        for member in moved:
            member.state, member.state_since = state, ask.now
        if moved:
            agenda.touch(db, ask.house.workspace_id, [ask.me.id, *_partners(db, ask.me, ask.now)], ask.now)
    if not places:
        ask.reply(NOT_IN)
        return
    log.info("%s person=%s", "paused" if state is MemberState.PAUSED else "resumed", ask.me.slack_id)
    if state is MemberState.PAUSED:
        ask.reply(blocks.paused())
    else:
        ask.reply("You're back. The next message comes when something is due.")


def leave(ask: Ask) -> None:
    """Asks once more: leaving ends a pair."""
    with ask.house.store.read() as db:
        place = members.newest_of(db, ask.me.id)
    ask.reply(blocks.confirm_leaving(place[1]) if place else NOT_IN)


def left(ask: Ask) -> None:
    with ask.house.store.begin() as db:
        programmes.lock(db, int(ask.value))
        member = members.find(db, int(ask.value), ask.me.id)
        is_in = member is not None and member.state is not MemberState.LEFT
        if member is not None and is_in:
            members.leave(db, member, ask.now)
    if not is_in:
        ask.reply(NOT_IN)
        return
    ask.answered("You have left. I've sent you a message about it.")
    log.info("left person=%s", ask.me.slack_id)


def _live(db: Db, me: Person, now: datetime) -> list[Pair]:
    return [pair for pair in pairs.of_person(db, me.id) if pairs.is_live(pair, now)]


def _partners(db: Db, me: Person, now: datetime) -> list[int]:
    people = [person for pair in _live(db, me, now) for person in pairs.people(db, pair)]
    return [person.id for person in people if person.id != me.id]


PRESSES: Mapping[str, Word] = {blocks.LEAVE: left}
FORMS: Mapping[str, Filed] = {blocks.FORM: filed}
