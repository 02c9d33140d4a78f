"""A pair books and moves its meetings, and says whether they were held."""

import logging
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session as Db

from bot import questions
from bot.due import Message
from bot.prompts import Prompts
from bot.sessions import blocks, calendar, noting_blocks, rules
from bot.slack import kit
from bot.slack.listening import Ask, Filed, Form, Word, Wrong
from bot.slack.speaking import Refused, Unclear, call
from store import agenda, pairs, sessions, snapshots
from store.models import Session, SessionState
from store.snapshots import Partnership

log = logging.getLogger(__name__)

NO_PAIR = "You have no partner yet. I'll write as soon as you do."
NOT_YOURS = "That was for a pair you're no longer in."
ON_HOLD = "Your talks are paused for now. A date can be set when they go on."


def meet(ask: Ask) -> None:
    """Opens the form for the next date, or for moving it."""
    each = meant(ask, "meet")
    if each is None:
        return
    if each.is_on_hold:
        ask.reply(ON_HOLD)
        return
    session = sessions.planned(each.sessions)
    ask.show(blocks.date_form(each, session if session and session.starts_at > ask.now else None))


def pair(ask: Ask) -> None:
    each = meant(ask, "pair")
    if each is not None:
        ask.reply(blocks.card(each, ask.now))


def meant(ask: Ask, word: str) -> Partnership | None:
    """The pair of the button, or the only one they have; if they have several, they are asked which."""
    with ask.house.store.read() as db:
        mine = [each for each in snapshots.partnerships(db, ask.me) if _is_on(each, ask.now)]
    if ask.number is not None:
        mine = [each for each in mine if each.pair.id == ask.number]
    if len(mine) == 1:
        return mine[0]
    ask.reply(_which(mine, word) if mine else NO_PAIR)
    return None


def _is_on(each: Partnership, now: datetime) -> bool:
    return each.pair.introduced_at is not None and pairs.is_live(each.pair, now)


def _which(mine: list[Partnership], word: str) -> Message:
    buttons = [kit.go(word, f"With {each.partner.name}", str(each.pair.id)) for each in mine]
    text = "Which of your pairs do you mean?"
    return Message(text, [kit.section(text), *(kit.actions(button) for button in buttons)])


def date_filed(form: Form) -> Wrong | None:
    pair_id, _, session_id = form.private.partition(":")
    with form.house.store.begin() as db:
        pairs.lock(db, int(pair_id))
        each = _mine(db, form, int(pair_id))
        if each is None or not _is_on(each, form.now):
            return Wrong({"day": NOT_YOURS})
        if each.is_on_hold:
            return Wrong({"day": ON_HOLD})
        at = rules.date_problems(form.answers.date("day"), form.answers.time("time"), form.me.zone, form.now, each.pair)
        if isinstance(at, dict):
            return Wrong(at)
        _book(db, form.house.prompts, each, int(session_id) if session_id else None, at, form.now)
    log.info("booked pair=%s by=%s", pair_id, form.me.slack_id)
    return None


def _mine(db: Db, form: Form, pair_id: int) -> Partnership | None:
    return next((each for each in snapshots.partnerships(db, form.me) if each.pair.id == pair_id), None)


def _book(db: Db, prompts: Prompts, each: Partnership, session_id: int | None, at: datetime, now: datetime) -> None:
    """Moves the meeting the form was opened for, or sets a new one; the same date again changes nothing."""
    planned = [session for session in each.sessions if session.state is SessionState.PLANNED]
    moved = next((session for session in planned if session.id == session_id), None) or _standing(each, now)
    if moved is not None and moved.starts_at == at:
        return
    if moved is not None:
        moved.starts_at, moved.state, moved.settled_at = at, SessionState.PLANNED, None
        moved.sequence, moved.booked_at, moved.booked_by = moved.sequence + 1, now, each.me.id
    else:
        _let_pass(each, now)
        session = Session(
            workspace_id=each.pair.workspace_id,
            pair_id=each.pair.id,
            number=rules.next_number(each.sessions),
            starts_at=at,
            booked_by=each.me.id,
            booked_at=now,
        )
        questions.allot(db, prompts, each, session)
        db.add(session)
    agenda.touch(db, each.pair.workspace_id, [each.me.id, each.partner.id], now)


def _standing(each: Partnership, now: datetime) -> Session | None:
    """A date to come that was set while this form was open: it is moved, so there is never more than one."""
    session = sessions.planned(each.sessions)
    return session if session is not None and session.starts_at > now else None


def _let_pass(each: Partnership, now: datetime) -> None:
    """A meeting of the past that nobody said anything about counts as missed once a new date is set."""
    session = sessions.planned(each.sessions)
    if session is not None and session.starts_at <= now:
        session.state, session.settled_at = SessionState.MISSED, now


def met(ask: Ask) -> None:
    """They met: the form for notes opens first, since Slack gives three seconds for it."""
    each, session = _asked_about(ask)
    if each is None or session is None:
        return
    ask.show(noting_blocks.note_form(each, session, has_met=True))
    _settle(ask, session.id, SessionState.HELD)
    ask.answered("You met. Your notes are on the Home; a question to look back comes in two days.")


def not_yet(ask: Ask) -> None:
    each, session = _asked_about(ask)
    if each is None or session is None:
        return
    ask.show(blocks.date_form(each, session if session.state is SessionState.PLANNED else None))


def not_this_month(ask: Ask) -> None:
    _, session = _asked_about(ask)
    if session is None:
        return
    if session.state is SessionState.HELD:
        ask.answered("Your partner has said that you met.")
        return
    _settle(ask, session.id, SessionState.MISSED)
    ask.answered("Not this month, then. Next month I'll ask for a new date.")


def _asked_about(ask: Ask) -> tuple[Partnership | None, Session | None]:
    """The meeting of a "did you meet?", if it is theirs and still has the date that was asked about."""
    session_id, _, sequence = ask.value.partition(":")
    each, session = _session(ask, session_id)
    if each is None or session is None:
        ask.reply(NOT_YOURS)
    elif str(session.sequence) != sequence:
        ask.answered("This was about an earlier date. Your Home has the one that stands.")
        return None, None
    return each, session


def _session(ask: Ask, session_id: str) -> tuple[Partnership | None, Session | None]:
    """The meeting with that id, if it is one of their own."""
    with ask.house.store.read() as db:
        for each in snapshots.partnerships(db, ask.me):
            for session in each.sessions:
                if str(session.id) == session_id:
                    return each, session
    return None, None


def _settle(ask: Ask, session_id: int, state: SessionState) -> None:
    with ask.house.store.begin() as db:
        settle_in(db, session_id, state, ask.now)
    log.info("session %s session=%s by=%s", state, session_id, ask.me.slack_id)


def settle_in(db: Db, session_id: int, state: SessionState, now: datetime) -> None:
    """Whether it was held. The first "we met" stands; a meeting held isn't unsaid by the other."""
    session = sessions.get(db, session_id)
    if session.state is SessionState.HELD:
        return
    session.state, session.settled_at = state, now
    people = pairs.people(db, pairs.get(db, session.pair_id))
    agenda.touch(db, session.workspace_id, [person.id for person in people], now)


def calendar_file(ask: Ask) -> None:
    """Sends the file to whoever pressed; best effort, since a file can't be told from its double."""
    each, session = _session(ask, ask.value)
    if each is None or session is None:
        ask.reply(NOT_YOURS)
        return
    name = blocks.title(*((each.partner, each.me) if each.i_am_mentee else (each.me, each.partner)))
    content = calendar.file(session, name, ask.now)
    channel = call(lambda: ask.client.conversations_open(users=[ask.me.slack_id]))
    if not isinstance(channel, Refused | Unclear):
        channel = call(
            lambda: ask.client.files_upload_v2(
                channel=channel["channel"]["id"], content=content, filename="meeting.ics", title=name
            )
        )
    if isinstance(channel, Refused | Unclear):
        ask.reply(f"Slack didn't take the file. This link does the same: {calendar.link(session, name)}")
    else:
        ask.reply("I've sent you the calendar file in our direct messages.")


def calendar_link(_ask: Ask) -> None:
    """A link opens by itself; Slack still wants its press acknowledged."""


PRESSES: Mapping[str, Word] = {
    blocks.MET: met,
    blocks.NOT_YET: not_yet,
    blocks.NOT_THIS_MONTH: not_this_month,
    blocks.CALENDAR_FILE: calendar_file,
    blocks.CALENDAR_LINK: calendar_link,
}
FORMS: Mapping[str, Filed] = {blocks.DATE_FORM: date_filed}
