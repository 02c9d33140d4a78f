"""The form for a date, and every message around a meeting."""

from collections.abc import Collection, Mapping
from datetime import datetime

from bot import countries, working_time
from bot.due import Builder, Message, Telling
from bot.sessions import rules, suggesting_rules, todo_blocks
from bot.sessions.calendar_blocks import add_to_calendar, both
from bot.sessions.cancelling_blocks import cancel, cancelled, put_off
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Cadence, Session, SessionState, Source
from store.snapshots import Partnership

DATE_FORM = "sessions.date"
MET = "sessions.met"
NOT_YET = "sessions.not_yet"
NOT_THIS_MONTH = "sessions.not_this_month"
SUGGESTED = "sessions.suggested"
ELSEWHERE = "sessions.elsewhere"

WE_WONT = {Cadence.MONTHLY: "We won't this month", Cadence.FORTNIGHTLY: "We won't this time"}


def when(session: Session) -> str:
    """The date as each reader's own clock shows it."""
    return kit.moment(session.starts_at)


def date_form(
    each: Partnership,
    session: Session | None,
    now: datetime | None = None,
    taken: Collection[datetime] = (),
    *,
    country: Source | None = None,
) -> Block:
    """Asks for a day and a time in the zone of the person who picks; with `now`, offers moments that suit both.

    `country`: by whose word they live where they do. A guess is asked about; their own word they can change.
    """
    zone = working_time.zone(each.me.zone)
    day: Block = {"type": "datepicker", "placeholder": kit.plain("Choose a day")}
    at: Block = {"type": "timepicker", "timezone": zone.key}
    if session is not None:
        local = session.starts_at.astimezone(zone)
        day["initial_date"], at["initial_time"] = f"{local:%Y-%m-%d}", f"{local:%H:%M}"
    offered = suggested(each, session, now, taken) if now else []
    return kit.modal(
        DATE_FORM,
        "Pick a date",
        [
            kit.section(f"When do you and {kit.mention(each.partner.slack_id)} meet? 45 minutes do."),
            kit.field("day", "Day", day),
            kit.field("time", "Time", at, hint=f"In your own time zone, {zone.key}. Each sees it in theirs."),
            *([kit.section("Or one of these, when you are both at work:"), kit.actions(*offered)] if offered else []),
            *_holidays(each, country),
        ],
        submit="Set the date",
        close="Not now",
        private=f"{each.pair.id}:{session.id if session else ''}",
    )


def _holidays(each: Partnership, country: Source | None) -> list[Block]:
    """Where they live is asked in passing while it is only guessed; what a record of the company's says stands."""
    if country is Source.SLACK:
        return [_country(each)]
    return [_their_country(each)] if country is Source.PERSON else []


def _country(each: Partnership) -> Block:
    menu = kit.choose_among(countries.by_letter(), each.me.country, "Choose a country")
    is_guessed = each.me.country in countries.names()
    return kit.field(
        "country",
        f"Public holidays of {countries.names()[str(each.me.country)]}, right?" if is_guessed else "Public holidays of",
        menu,
        hint="On these days you get no messages and no talk is suggested. At first I guess it from your time zone.",
        optional=True,
    )


def _their_country(each: Partnership) -> Block:
    name = countries.names().get(str(each.me.country), "your country")
    return kit.section(
        f"On public holidays of {name} you get no messages and no talk is suggested.",
        kit.button(ELSEWHERE, "Change", str(each.pair.id)),
    )


def suggested(each: Partnership, session: Session | None, now: datetime, taken: Collection[datetime]) -> list[Block]:
    """A button for each of up to three moments that suit both, by the clock of whoever reads it."""
    zone = working_time.zone(each.me.zone)
    meant = f"{session.id}:{session.sequence}" if session else ":"
    moments = suggesting_rules.suggestions(
        *suggesting_rules.hours(each), rules.window(each, now), rules.LENGTH, now, taken
    )
    return [
        kit.button(
            f"{SUGGESTED}.{number}",
            kit.day_and_time(at.astimezone(zone)),
            f"{each.pair.id}:{meant}:{int(at.timestamp())}",
        )
        for number, at in enumerate(moments, 1)
    ]


def _session(telling: Telling) -> Session:
    return next(each for each in telling.partnership.sessions if each.id == telling.nudge.session_id)


def _partner(telling: Telling) -> str:
    return kit.mention(telling.partnership.partner.slack_id)


def pick(label: str, pair_id: int, *, style: str | None = None) -> Block:
    return kit.go("meet", label, str(pair_id), style=style)


def plan(telling: Telling) -> Message:
    """Asks for a date: when a month or a fortnight begins, after 48 hours, after a week."""
    each, prompts = telling.partnership, telling.prompts
    opening = {Cadence.MONTHLY: "plan.month", Cadence.FORTNIGHTLY: "plan.fortnight"}[each.programme.cadence]
    name = (opening, "plan.first", "plan.again")[telling.nudge.about or 0]
    offered = suggested(each, None, telling.nudge.claimed_at, telling.taken)
    said = [prompts.say(name, partner=_partner(telling))]
    said += [prompts.say("plan.suggested", zone=working_time.zone(each.me.zone).key)] if offered else []
    style = None if offered else "primary"
    buttons = kit.actions(*offered, pick("Pick a date", each.pair.id, style=style))
    return Message("\n\n".join(said), [*map(kit.section, said), buttons])


def planned(telling: Telling) -> Message:
    """In the group DM: the date is set, or moved."""
    each, session = telling.partnership, _session(telling)
    mentor, mentee = both(each)
    text = telling.prompts.say(
        "moved" if session.sequence else "planned",
        mentor=kit.mention(mentor.slack_id),
        mentee=kit.mention(mentee.slack_id),
        when=when(session),
    )
    buttons = kit.actions(add_to_calendar(session), pick("Move it", each.pair.id), cancel(session))
    return Message(text, [kit.section(text), buttons])


def booked(telling: Telling) -> Message:
    """To the one who set the date while the other was not at work."""
    session = _session(telling)
    text = telling.prompts.say("booked", partner=_partner(telling), when=when(session))
    buttons = kit.actions(add_to_calendar(session), pick("Move it", telling.partnership.pair.id), cancel(session))
    return Message(text, [kit.section(text), buttons])


def preparation(telling: Telling) -> Message:
    text = telling.prompts.say("preparation", partner=_partner(telling), when=when(_session(telling)))
    if telling.question:
        text += "\n\n" + telling.prompts.say("preparation.question", question=telling.question)
    shown = [kit.section(text), *todo_blocks.brought_back(telling.actions, telling.prompts)]
    if telling.actions:
        text += "\n\n" + telling.prompts.say("preparation.actions", actions=todo_blocks.listed(telling.actions))
    pair_id = telling.partnership.pair.id
    buttons = [pick("Move the date", pair_id), kit.go("ideas", "Other questions", f"pair {pair_id}")]
    return Message(text, [*shown, kit.actions(*buttons)])


def reminder(telling: Telling) -> Message:
    session = _session(telling)
    text = telling.prompts.say("reminder", partner=_partner(telling), when=when(session))
    buttons = kit.actions(pick("Move the date", telling.partnership.pair.id), cancel(session))
    return Message(text, [kit.section(text), buttons])


def checkin(telling: Telling) -> Message:
    session = _session(telling)
    dated = f"{session.id}:{session.sequence}"  # an answer about a date that was moved must not settle the new one
    text = telling.prompts.say("checkin", partner=_partner(telling))
    buttons = kit.actions(
        kit.button(MET, "We met", dated, style="primary"),
        kit.button(NOT_YET, "Not yet, pick a new date", dated),
        kit.button(NOT_THIS_MONTH, WE_WONT[telling.partnership.programme.cadence], dated),
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
    upcoming = _upcoming(each, now)
    if upcoming is not None:
        buttons = [pick("Move the date", pair_id), cancel(upcoming), add_to_calendar(upcoming)]
    else:
        buttons = [pick("Pick a date", pair_id, style="primary")]
    if any(session.starts_at <= now and session.state is not SessionState.CANCELLED for session in each.sessions):
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
    "cancelled": cancelled,
    "put_off": put_off,
}
