"""A meeting for people's calendars: a file, and links that fill in the form of a web calendar."""

from datetime import datetime
from urllib.parse import quote, urlencode

from icalendar import Calendar, Event

from bot.sessions.rules import LENGTH
from store.models import Session, SessionState

# The longer address that many use, with `0/deeplink`, ends on a blank page for work accounts:
# https://github.com/add2cal/add-to-calendar-button/issues/412
OUTLOOK = {
    "outlook": ("Outlook.com", "https://outlook.live.com/calendar/action/compose"),
    "office": ("Microsoft 365", "https://outlook.office.com/calendar/action/compose"),
}


def file(session: Session, title: str, now: datetime) -> str:
    """The meeting as an .ics file. Its UID stays and its sequence rises, so a moved date moves the entry.

    Of a cancelled meeting it is a cancellation, which takes the entry out.
    """
    is_cancelled = session.state is SessionState.CANCELLED
    event = Event()
    event.add("uid", f"session-{session.id}@flipside")
    event.add("sequence", session.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", session.starts_at)
    event.add("dtend", session.starts_at + LENGTH)
    event.add("summary", title)
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Flipside//mentoring//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_cancelled else "PUBLISH")
    calendar.add_component(event)
    return str(calendar.to_ical().decode())


def links(session: Session, title: str) -> dict[str, tuple[str, str]]:
    """By a short name, what a web calendar is called and its form with the meeting filled in.

    Nothing is sent there before a link is pressed.
    """
    starts, ends = session.starts_at, session.starts_at + LENGTH
    google = {"action": "TEMPLATE", "text": title, "dates": f"{_stamp(starts)}/{_stamp(ends)}"}
    fields = {
        "rru": "addevent",
        "subject": title,
        "startdt": _iso(starts),
        "enddt": _iso(ends),
    }
    outlook = urlencode(fields, quote_via=quote)  # Outlook shows a + for a space as a +
    return {
        "google": ("Google Calendar", "https://calendar.google.com/calendar/render?" + urlencode(google)),
        **{name: (label, f"{url}?{outlook}") for name, (label, url) in OUTLOOK.items()},
    }


def _stamp(at: datetime) -> str:
    return at.strftime("%Y%m%dT%H%M%SZ")


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
