"""A pair writes down what it wants to keep of a meeting, and what each will do."""

import logging
from collections.abc import Mapping

from sqlalchemy.orm import Session as Db

from bot import picking
from bot.sessions import noting_blocks as blocks
from bot.sessions import todo_blocks
from bot.sessions.listeners import settle_in
from bot.slack.listening import Ask, Filed, Form, Word, Wrong
from store import agenda, events, kept, notes, snapshots
from store.models import Session, SessionState
from store.snapshots import Partnership

log = logging.getLogger(__name__)

GONE = "That isn't on your list any more."
NO_SESSION = "You can write a note once you have met."


def note(ask: Ask) -> None:
    each = picking.pair(ask, "note")
    if each is None:
        return
    there_were = [session for session in each.sessions if session.state is not SessionState.CANCELLED]
    past = [session for session in there_were if session.starts_at <= ask.now]
    if not past:
        ask.reply(NO_SESSION)
        return
    ask.show(blocks.note_form(each, past[-1]))


def note_filed(form: Form) -> Wrong | None:
    noted = blocks.read_note(form.answers)
    session_id, _, has_met = form.private.partition(":")
    if len(noted.actions) > blocks.MOST_ACTIONS:
        return Wrong({"actions": f"Up to {blocks.MOST_ACTIONS}, please: the ones you'll really do."})
    with form.house.store.begin() as db:
        mine = [
            (each, session)
            for each in snapshots.partnerships(db, form.me)
            for session in each.sessions
            if str(session.id) == session_id
        ]
        if not mine:
            return Wrong({"private": picking.NOT_YOURS})
        if events.take(db, f"view:{form.view_id}", form.now):  # a form sent twice is one note
            if has_met:  # it came from "We met", whose own word may have been lost on the way
                settle_in(db, mine[0][1].id, SessionState.HELD, form.now, minutes=noted.minutes, way=noted.way)
            _keep(db, form, *mine[0], noted)
    log.info("noted session=%s by=%s", session_id, form.me.slack_id)
    return None


def _keep(db: Db, form: Form, each: Partnership, session: Session, noted: blocks.Noted) -> None:
    scope, pair_id, me = each.pair.workspace_id, each.pair.id, each.me.id
    if noted.private:
        notes.add_note(db, scope, pair_id, session.id, me, noted.private, form.now, is_shared=False)
    if noted.shared:
        notes.add_note(db, scope, pair_id, session.id, me, noted.shared, form.now, is_shared=True)
    for action in noted.actions:
        notes.add_action(db, scope, pair_id, session.id, me, action, form.now, due_on=noted.due_on)
    agenda.touch(db, scope, [me, each.partner.id], form.now)


def done(ask: Ask) -> None:
    """Ticks an action off: in a message the button gives way to what was done, and the Home is drawn anew."""
    with ask.house.store.begin() as db:
        action = kept.tick_off(db, ask.me.id, ask.value, ask.now)
        ticked = notes.action_written(db, action) if action else None
    if ticked is None:
        ask.reply(GONE)
    elif ask.response_url is not None:
        ask.answered(todo_blocks.ticked(ticked))


PRESSES: Mapping[str, Word] = {todo_blocks.DONE: done}
FORMS: Mapping[str, Filed] = {blocks.NOTE_FORM: note_filed}
