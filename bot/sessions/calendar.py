"""A meeting for people's calendars: a file, and a link that fills in a web calendar's form."""

from datetime import datetime
from urllib.parse import urlencode

from icalendar import Calendar, Event

from bot.sessions.rules import LENGTH
from store.models import Session


def file(session: Session, title: str, now: datetime) -> str:
    """The meeting as an .ics file. Its UID stays and its sequence rises, so a moved date moves the entry."""
    event = Event()
    event.add("uid", f"session-{session.id}@flipside")
    event.add("sequence", session.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", session.starts_at)
    event.add("dtend", session.starts_at + LENGTH)
    event.add("summary", title)
    calendar = Calendar()
    calendar.add("prodid", "-//Flipside//mentoring//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return str(calendar.to_ical().decode())


def link(session: Session, title: str) -> str:
    """Opens Google Calendar with the meeting filled in; nothing is sent there before it is pressed."""
    dates = f"{_stamp(session.starts_at)}/{_stamp(session.starts_at + LENGTH)}"
    return "https://calendar.google.com/calendar/render?" + urlencode(
        {"action": "TEMPLATE", "text": title, "dates": dates}
    )


def _stamp(at: datetime) -> str:
    return at.strftime("%Y%m%dT%H%M%SZ")
