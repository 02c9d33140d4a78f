"""A coordinator writes an announcement, looks at it, posts it; and says what became of one that is unclear."""

import logging
from collections.abc import Mapping

from bot import picking
from bot.announcements import blocks, rules
from bot.slack import who
from bot.slack.listening import Ask, Cleared, Filed, Form, OnTop, Word, Wrong
from store import agenda, announcements, nudges, programmes
from store.models import DeliveryState, Subject

log = logging.getLogger(__name__)

NO_PROGRAMME = "That programme is no longer there."


def announce(ask: Ask) -> None:
    programme = picking.programme(ask, "announce")
    if programme is not None:
        ask.show(blocks.form(programme))


def written(form: Form) -> Wrong | OnTop:
    text = form.answers.text("text")
    with form.house.store.read() as db:
        programme = programmes.find(db, form.house.workspace_id, int(form.private))
    if programme is None:
        return Wrong({"text": NO_PROGRAMME})
    if problem := rules.problem(text):
        return Wrong({"text": problem})
    return OnTop(blocks.preview(programme, str(text), form.me.slack_id))


def confirmed(form: Form) -> Wrong | Cleared:
    if not who.is_coordinator(form.house, form.client, form.me.slack_id):
        return Wrong({"": "Only coordinators can post announcements."})
    programme_id, text = blocks.previewed(form.private)
    with form.house.store.begin() as db:
        programme = programmes.find(db, form.house.workspace_id, programme_id)
        if programme is None:
            return Wrong({"": NO_PROGRAMME})
        announcements.add(db, programme, form.me.id, text, f"form:{form.view_id}", form.now)
    log.info("announced programme=%s by=%s", programme.id, form.me.slack_id)
    return Cleared()


NOTHING_OPEN = "That is settled already: nothing was done again."


def is_there(ask: Ask) -> None:
    is_done = _settle(ask, (DeliveryState.UNKNOWN,), DeliveryState.SENT)
    ask.answered("Good: it is there." if is_done else NOTHING_OPEN)


def again(ask: Ask) -> None:
    may = _is_a_saying(ask) or who.is_coordinator(ask.house, ask.client, ask.me.slack_id)
    is_done = may and _settle(ask, (DeliveryState.UNKNOWN, DeliveryState.REFUSED), DeliveryState.WAITING)
    ask.answered("I'm posting it again." if is_done else NOTHING_OPEN)


def _is_a_saying(ask: Ask) -> bool:
    """Words that one of a pair wrote and the other agreed to: that they may be posted is decided."""
    with ask.house.store.read() as db:
        found = announcements.find(db, int(ask.value))
        return found is not None and announcements.saying(found) is not None


def _settle(ask: Ask, of: tuple[DeliveryState, ...], state: DeliveryState) -> bool:
    """What the author found out, or wants: only of their own, and only of one that stands so."""
    changed = False
    with ask.house.store.begin() as db:
        announcement = announcements.find(db, int(ask.value))
        if announcement is None or announcement.author_id != ask.me.id:
            return False
        for delivery in nudges.of_announcement(db, announcement.id):
            if delivery.state in of:
                delivery.state, delivery.attempts = state, delivery.attempts + 1
                delivery.lease_until = ask.now
                announcement.settled_at = ask.now if state is DeliveryState.SENT else None
                changed = True
        agenda.look(db, ask.house.workspace_id, Subject.ANNOUNCEMENT, announcement.id, ask.now)
    return changed


PRESSES: Mapping[str, Word] = {blocks.IS_THERE: is_there, blocks.AGAIN: again}
FORMS: Mapping[str, Filed] = {blocks.FORM: written, blocks.PREVIEW: confirmed}
