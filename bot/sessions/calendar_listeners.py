"""Somebody puts a meeting into their calendar, or takes it out."""

from collections.abc import Mapping

from bot import picking
from bot.sessions import calendar, calendar_blocks
from bot.sessions.listeners import own
from bot.slack import files
from bot.slack.listening import Ask, Filed, Word
from store.models import SessionState

CANCELLED = (
    "I've sent you a file in our direct messages. Opened in your calendar, it takes the talk out. If yours doesn't "
    "understand it, just delete the entry there."
)
SENT = "I've sent you the calendar file in our direct messages."
NOT_TAKEN = "Slack didn't take the file just now. Please try once more in a while, or use one of the links."


def choose(ask: Ask) -> None:
    """Opens the links and the file; of a date that was cancelled meanwhile, says so."""
    each, session = own(ask, ask.value)
    if each is None or session is None:
        ask.reply(picking.NOT_YOURS)
    elif session.state is SessionState.CANCELLED:
        ask.reply("This talk is cancelled. You can add the new date when there is one.")
    else:
        ask.show(calendar_blocks.choices(each, session))


def send_file(ask: Ask) -> None:
    """Sends the file to whoever pressed; best effort, since a file can't be told from its double."""
    each, session = own(ask, ask.value)
    if each is None or session is None:
        ask.reply(picking.NOT_YOURS)
        return
    is_cancelled = session.state is SessionState.CANCELLED
    title = calendar_blocks.title(each)
    filename = "cancelled.ics" if is_cancelled else "meeting.ics"
    is_sent = files.send(ask.house, ask.client, ask.me, calendar.file(session, title, ask.now), filename, title)
    ask.reply((CANCELLED if is_cancelled else SENT) if is_sent else NOT_TAKEN)


def follow_link(_ask: Ask) -> None:
    """A link opens by itself; Slack still wants its press acknowledged."""


PRESSES: Mapping[str, Word] = {
    calendar_blocks.CALENDAR: choose,
    calendar_blocks.CALENDAR_FILE: send_file,
    **{f"{calendar_blocks.CALENDAR_LINK}.{name}": follow_link for name in ("google", *calendar.OUTLOOK)},
}
FORMS: Mapping[str, Filed] = {}
