"""A coordinator says how much each open part of the fit counts in a programme, after a look at what that would change.

What is told in confidence always counts the same: it is no part of this.
"""

import logging
from collections.abc import Mapping

from bot import picking
from bot.house import House
from bot.pairing import gathering, weights, workshop
from bot.pairing.review import weighing_blocks
from bot.pairing.review.weighing_blocks import Stored
from bot.slack import listening, who
from bot.slack.listening import Answer, Ask, Filed, Form, Word
from store import programmes
from store.models import Programme

log = logging.getLogger(__name__)

NOT_FOR_YOU = "Only the people who run programmes can say what counts."
CHANGED_MEANWHILE = "Somebody else has changed what counts while this was open. Close it and open it again to see it."


def open_form(ask: Ask) -> None:
    programme = _programme(ask)
    if programme is not None:
        stored = _stored(programme)
        ask.show(weighing_blocks.what_counts(programme, stored, stored))


def _programme(ask: Ask) -> Programme | None:
    """The programme that the button is about, if it is still open and they may change it."""
    if not who.is_coordinator(ask.house, ask.client, ask.me.slack_id):
        ask.reply(NOT_FOR_YOU)
        return None
    with ask.house.store.read() as db:
        found = programmes.find(db, ask.house.workspace_id, ask.number or 0)
    if found is None or found.closed_at is not None:
        ask.reply(picking.HAS_ENDED)
        return None
    return found


def _stored(programme: Programme) -> Stored:
    return dict(programme.weights)


def preview(ask: Ask) -> None:
    """Says so at once, and what it would change when the engine has worked it out."""
    programme = _programme(ask) if ask.view is not None else None
    if ask.view is None or programme is None:
        return
    chosen = weighing_blocks.read(ask.filled)
    _, seen = weighing_blocks.opened(str(ask.view["private_metadata"]))
    shown = ask.turn(weighing_blocks.what_counts(programme, chosen, seen, weighing_blocks.WORKING))
    if shown is None:
        return

    def work() -> None:
        said = _changes(ask.house, programme, ask, chosen)
        listening.fill(ask.client, shown, weighing_blocks.what_counts(programme, chosen, seen, said))

    ask.house.background.do(work, f"preview weights of programme {programme.id}")


def _changes(house: House, programme: Programme, ask: Ask, chosen: Stored) -> list[str]:
    with house.store.read() as db:
        problem = gathering.problem(db, programme, ask.now, seed=0).without_secrets()
    try:
        found = workshop.ask("preview", {"problem": problem.to_json(), "weights": dict(chosen)})
    except workshop.NoAnswer:
        return list(weighing_blocks.CANT_SAY)
    return weighing_blocks.changes(found)


def kept(form: Form) -> Answer:
    if not who.is_coordinator(form.house, form.client, form.me.slack_id):
        return form.wrong(NOT_FOR_YOU)
    programme_id, seen = weighing_blocks.opened(form.private)
    chosen = weighing_blocks.read(form.answers)
    if not weights.counts(chosen):
        return form.wrong(weighing_blocks.NOTHING_COUNTS)
    with form.house.store.begin() as db:
        found = programmes.find(db, form.house.workspace_id, programme_id)
        programme = programmes.lock(db, found.id) if found is not None else None
        if programme is None or programme.closed_at is not None:
            return form.wrong(picking.HAS_ENDED)
        stored = _stored(programme)
        if stored not in (seen, chosen):
            return form.wrong(CHANGED_MEANWHILE)
        programme.weights = dict(chosen)
    log.info("weighed programme=%s by=%s weights=%s", programme_id, form.me.slack_id, dict(chosen))
    return None


PRESSES: Mapping[str, Word] = {weighing_blocks.WEIGHTS: open_form, weighing_blocks.PREVIEW: preview}
FORMS: Mapping[str, Filed] = {weighing_blocks.KEEP: kept}
