"""A meeting on its way into somebody's calendar."""

from bot.sessions import calendar
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Person, Session
from store.snapshots import Partnership

CALENDAR = "sessions.calendar"
CALENDAR_FILE = "sessions.file"
CALENDAR_LINK = "sessions.link"


def add_to_calendar(session: Session) -> Block:
    return kit.button(CALENDAR, "Add to my calendar", str(session.id))


def calendar_file(session: Session, label: str) -> Block:
    return kit.button(CALENDAR_FILE, label, str(session.id))


def choices(each: Partnership, session: Session) -> Block:
    """A link for each of the common web calendars, the file for all others."""
    links = calendar.links(session, title(each))
    buttons = [kit.button(f"{CALENDAR_LINK}.{name}", label, url=url) for name, (label, url) in links.items()]
    return kit.modal(
        "sessions.calendars",
        "Add to my calendar",
        [
            kit.section(f"Your talk with {kit.mention(each.partner.slack_id)}: {kit.moment(session.starts_at)}"),
            kit.actions(*buttons),
            kit.section("Another calendar? The file works in Apple Calendar, Outlook, Thunderbird and most others."),
            kit.actions(calendar_file(session, "Calendar file")),
            kit.context(
                "A link opens your calendar with the talk filled in. When the date is moved or cancelled, a new file "
                "changes what a file has made; an entry made by a link is yours to change."
            ),
        ],
    )


def title(each: Partnership) -> str:
    """As it stands in a calendar: the same for both."""
    mentor, mentee = both(each)
    return f"{mentee.name} and {mentor.name}"


def both(each: Partnership) -> tuple[Person, Person]:
    """The mentor and the mentee."""
    return (each.partner, each.me) if each.i_am_mentee else (each.me, each.partner)
