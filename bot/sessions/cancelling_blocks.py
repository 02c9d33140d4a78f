"""The button that cancels a date, and what is said then."""

from bot.due import Message, Telling
from bot.sessions.calendar_blocks import calendar_file
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Session, SessionState

CANCEL = "sessions.cancel"


def cancel(session: Session) -> Block:
    return kit.confirmed(
        kit.button(CANCEL, "Cancel it", f"{session.id}:{session.sequence}"),
        "Cancel this talk?",
        "Your partner is told that it is cancelled, without a reason. You can pick a new date at any time.",
        "Cancel it",
        "Keep it",
    )


def _session(telling: Telling) -> Session:
    return next(each for each in telling.partnership.sessions if each.id == telling.nudge.session_id)


def cancelled(telling: Telling) -> Message:
    """To each of the two in the same neutral words, whoever did it."""
    each, session = telling.partnership, _session(telling)
    name = "cancelled.mine" if session.cancelled_by == each.me.id else "cancelled"
    partner = kit.mention(each.partner.slack_id)
    text = telling.prompts.say(name, partner=partner, when=kit.moment(session.starts_at))
    buttons = [
        kit.go("meet", "Pick a new date", str(each.pair.id), style="primary"),
        calendar_file(session, "Take it out of my calendar"),
    ]
    return Message(text, [kit.section(text), kit.actions(*buttons)])


def put_off(telling: Telling) -> Message:
    """The second cancellation in a row: help for the mentor, a gentle word to the mentee, each alone."""
    each, session = telling.partnership, _session(telling)
    text = telling.prompts.say(
        f"put_off.{each.mine.side}",
        partner=kit.mention(each.partner.slack_id),
        contact=kit.mention(each.programme.contact),
    )
    label = "Pick a date" if session.state is SessionState.CANCELLED else "Move the date"
    return Message(text, [kit.section(text), kit.actions(kit.go("meet", label, str(each.pair.id)))])
