"""The form for a date, and every message around a meeting."""

from collections.abc import Mapping
from datetime import datetime

from bot import working_time
from bot.due import Builder, Message, Telling
from bot.sessions import calendar
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Person, Session, SessionState
from store.snapshots import Partnership

DATE_FORM = "sessions.date"
MET = "sessions.met"
NOT_YET = "sessions.not_yet"
NOT_THIS_MONTH = "sessions.not_this_month"
CALENDAR_FILE = "sessions.file"
CALENDAR_LINK = "sessions.link"


def when(session: Session) -> str:
    """The date as each reader's own clock shows it."""
    return kit.moment(session.starts_at)


def date_form(each: Partnership, session: Session | None) -> Block:
    """Asks for a day and a time in the zone of the person who picks."""
    zone = working_time.zone(each.me.zone)
    day: Block = {"type": "datepicker", "placeholder": kit.plain("Choose a day")}
    at: Block = {"type": "timepicker", "timezone": zone.key}
    if session is not None:
        local = session.starts_at.astimezone(zone)
        day["initial_date"], at["initial_time"] = f"{local:%Y-%m-%d}", f"{local:%H:%M}"
    return kit.modal(
        DATE_FORM,
        "Pick a date",
        [
            kit.section(f"When do you and {kit.mention(each.partner.slack_id)} meet? 45 minutes do."),
            kit.field("day", "Day", day),
            kit.field("time", "Time", at, hint=f"In your own time zone, {zone.key}. Each sees it in theirs."),
        ],
        submit="Set the date",
        close="Not now",
        private=f"{each.pair.id}:{session.id if session else ''}",
    )


def _session(telling: Telling) -> Session:
    return next(each for each in telling.partnership.sessions if each.id == telling.nudge.session_id)


def _partner(telling: Telling) -> str:
    return kit.mention(telling.partnership.partner.slack_id)


def pick(label: str, pair_id: int, *, style: str | None = None) -> Block:
    return kit.go("meet", label, str(pair_id), style=style)


def plan(telling: Telling) -> Message:
    """Asks for a date: when a month begins, after 48 hours, after a week."""
    name = ("plan.month", "plan.first", "plan.again")[telling.nudge.about or 0]
    text = telling.prompts.say(name, partner=_partner(telling))
    return Message(
        text,
        [kit.section(text), kit.actions(pick("Pick a date", telling.partnership.pair.id, style="primary"))],
    )


def planned(telling: Telling) -> Message:
    """In the group DM: the date is set, or moved."""
    each, session = telling.partnership, _session(telling)
    mentor, mentee = (each.partner, each.me) if each.i_am_mentee else (each.me, each.partner)
    text = telling.prompts.say(
        "moved" if session.sequence else "planned",
        mentor=kit.mention(mentor.slack_id),
        mentee=kit.mention(mentee.slack_id),
        when=when(session),
    )
    link = calendar.link(session, title(mentor, mentee))
    buttons = kit.actions(
        kit.button(CALENDAR_FILE, "Calendar file", str(session.id)),
        kit.button(CALENDAR_LINK, "Google Calendar", url=link),
        pick("Move it", each.pair.id),
    )
    return Message(text, [kit.section(text), buttons])


def booked(telling: Telling) -> Message:
    """To the one who set the date while the other was not at work."""
    text = telling.prompts.say("booked", partner=_partner(telling), when=when(_session(telling)))
    return Message(text, [kit.section(text), kit.actions(pick("Move it", telling.partnership.pair.id))])


def title(mentor: Person, mentee: Person) -> str:
    return f"{mentee.name} and {mentor.name}"


def preparation(telling: Telling) -> Message:
    text = telling.prompts.say("preparation", partner=_partner(telling), when=when(_session(telling)))
    if telling.question:
        text += "\n\n" + telling.prompts.say("preparation.question", question=telling.question)
    if telling.actions:
        listed = "\n".join(f"• {kit.escape(action.text)}" for action in telling.actions)
        text += "\n\n" + telling.prompts.say("preparation.actions", actions=listed)
    pair_id = telling.partnership.pair.id
    buttons = [pick("Move the date", pair_id), kit.go("ideas", "Other questions", f"pair {pair_id}")]
    return Message(text, [kit.section(text), kit.actions(*buttons)])


def reminder(telling: Telling) -> Message:
    text = telling.prompts.say("reminder", partner=_partner(telling), when=when(_session(telling)))
    return Message(text, [kit.section(text), kit.actions(pick("Move the date", telling.partnership.pair.id))])


def checkin(telling: Telling) -> Message:
    session = _session(telling)
    dated = f"{session.id}:{session.sequence}"  # an answer about a date that was moved must not settle the new one
    text = telling.prompts.say("checkin", partner=_partner(telling))
    buttons = kit.actions(
        kit.button(MET, "We met", dated, style="primary"),
        kit.button(NOT_YET, "Not yet, pick a new date", dated),
        kit.button(NOT_THIS_MONTH, "Not this month", dated),
    )
    return Message(text, [kit.section(text), buttons])


def card(each: Partnership, now: datetime) -> Message:
    """Their pair at a glance: who, when next, whom to turn to."""
    text = "\n".join(
        [
            f"{kit.mention(each.partner.slack_id)} is your {each.theirs.side} in *{kit.escape(each.programme.name)}*.",
            _next(each, now),
            _concern(each),
        ]
    )
    return Message(text, [kit.section(text), kit.actions(*_buttons(each, now))])


def _next(each: Partnership, now: datetime) -> str:
    upcoming = _upcoming(each, now)
    held = sum(session.state is SessionState.HELD for session in each.sessions)
    met = "" if not held else " You have met once." if held == 1 else f" You have met {held} times."
    return (f"You meet {when(upcoming)}." if upcoming else "You have no date yet.") + met


def _upcoming(each: Partnership, now: datetime) -> Session | None:
    planned = (session for session in each.sessions if session.state is SessionState.PLANNED)
    return next((session for session in planned if session.starts_at > now), None)


def _concern(each: Partnership) -> str:
    return f"With a concern of any kind, turn to {kit.mention(each.programme.contact)}."


def _buttons(each: Partnership, now: datetime) -> list[Block]:
    pair_id = each.pair.id
    is_set = _upcoming(each, now) is not None
    buttons = [pick("Move the date", pair_id) if is_set else pick("Pick a date", pair_id, style="primary")]
    if any(session.starts_at <= now for session in each.sessions):
        buttons.append(kit.go("note", "Write a note", str(each.pair.id)))
    buttons.append(kit.go("ideas", "Questions to talk about", f"pair {pair_id}"))
    return [*buttons, kit.go("part", "This isn't working for me", str(pair_id))]


MESSAGES: Mapping[str, Builder] = {
    "plan": plan,
    "planned": planned,
    "booked": booked,
    "preparation": preparation,
    "reminder": reminder,
    "checkin": checkin,
}
