"""Somebody chooses when they may be written to."""

import logging
from collections.abc import Mapping

from bot.hours import blocks, rules
from bot.slack.listening import Ask, Filed, Form, Instead, Word, Wrong
from store import agenda, pairs, people

log = logging.getLogger(__name__)


def hours(ask: Ask) -> None:
    with ask.house.store.read() as db:
        me = people.get(db, ask.me.id)
    ask.show(blocks.form(me, rules.now(me, ask.house.settings.nudges_a_week)))


def chosen(form: Form) -> Wrong | Instead:
    """It holds at once, also for what waits for them and their partner together."""
    hours = blocks.read(form.answers)
    if wrong := rules.problems(hours):
        return Wrong(wrong)
    with form.house.store.begin() as db:
        concerned = [form.me.id, *pairs.partners(db, form.me.id, form.now)]
        agenda.touch(db, form.house.workspace_id, concerned, form.now)  # agenda rows are locked before people's
        rules.keep(people.get(db, form.me.id), hours)
    log.info("hours chosen person=%s", form.me.slack_id)
    return Instead(blocks.kept(hours))


PRESSES: Mapping[str, Word] = {}
FORMS: Mapping[str, Filed] = {blocks.FORM: chosen}
