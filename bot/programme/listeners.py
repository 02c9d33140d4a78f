"""A coordinator sets up a programme."""

import logging
from collections.abc import Mapping

from bot.programme import blocks, rules
from bot.slack import who
from bot.slack.listening import Ask, Filed, Form, Word, Wrong
from bot.slack.speaking import Refused, Unclear, call
from store import agenda, announcements, events
from store.models import Programme

log = logging.getLogger(__name__)


def setup(ask: Ask) -> None:
    ask.show(blocks.form())


def filed(form: Form) -> Wrong | None:
    answers = blocks.read(form.answers)
    if not who.is_coordinator(form.house, form.client, form.me.slack_id):
        return Wrong({"name": "Only coordinators can set up a programme."})
    if problems := rules.problems(answers) or _not_usable(form, answers):
        return Wrong(problems)
    with form.house.store.begin() as db:
        if not events.take(db, f"view:{form.view_id}", form.now):
            return None  # sent twice, set up once
        programme = Programme(
            workspace_id=form.house.workspace_id,
            name=str(answers.name),
            objective=str(answers.objective),
            channel=str(answers.channel),
            contact=str(answers.contact),
            created_by=form.me.id,
            created_at=form.now,
            months=int(answers.months or 0),
        )
        db.add(programme)
        db.flush()
        announcements.add(db, programme, form.me.id, "", f"form:{form.view_id}", form.now, is_opening=True)
        agenda.touch(db, form.house.workspace_id, [form.me.id], form.now)
    log.info("set up programme=%s by=%s", programme.id, form.me.slack_id)
    return None


def _not_usable(form: Form, answers: rules.Answers) -> dict[str, str]:
    """The channel must be one the bot may post in, the contact a person who can be reached."""
    found: dict[str, str] = {}
    channel = call(lambda: form.client.conversations_info(channel=str(answers.channel)))
    if isinstance(channel, Refused):
        found["channel"] = "I can't see that channel. Invite me to it first: type /invite there."
    elif not isinstance(channel, Unclear) and not channel["channel"].get("is_member"):
        found["channel"] = "I'm not in that channel yet. Invite me first: type /invite there."
    elif not isinstance(channel, Unclear) and channel["channel"].get("is_archived"):
        found["channel"] = "That channel is archived. Choose one that is in use."
    contact = who.meet(form.house, form.client, str(answers.contact))
    if isinstance(contact, who.Stranger):
        found["contact"] = "Choose someone of this workspace: " + contact.why
    return found


PRESSES: Mapping[str, Word] = {}
FORMS: Mapping[str, Filed] = {blocks.FORM: filed}
