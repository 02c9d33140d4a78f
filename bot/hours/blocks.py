"""The form in which somebody chooses when they may be written to, and how it is read back."""

from collections.abc import Sequence
from datetime import time

from bot import countries, working_time
from bot.hours.rules import NUDGES, Hours
from bot.slack import kit
from bot.slack.kit import Answers, Block
from store.models import Person

FORM = "hours.form"
TITLE = "When I may write"

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def form(person: Person, hours: Hours) -> Block:
    intro = (
        "Reminders and questions come only within these hours. The answer to something you did yourself comes at once."
    )
    most = "A reminder on the day of a talk, and news such as a new partner, come besides."
    days = kit.options(dict(enumerate(DAYS)))
    numbers = kit.options({number: str(number) for number in NUDGES})
    blocks = [
        kit.section(intro),
        kit.field("starts", "From", _clock(hours.starts), hint=_whose_clock(person)),
        kit.field(
            "ends", "Until", _clock(hours.ends), hint="Earlier than that for a night shift, such as 22:00 to 06:00."
        ),
        kit.field(
            "days", "On these days", kit.choose_many("checkboxes", days, map(str, hours.days)), hint=_free(person)
        ),
        kit.field(
            "nudges",
            "Messages a week, at most",
            kit.choose_one("static_select", numbers, str(hours.nudges), "Choose a number"),
            hint=most,
        ),
    ]
    return kit.modal(FORM, TITLE, blocks, submit="Save", close="Not now")


def _clock(at: time | None) -> Block:
    element: Block = {"type": "timepicker", "placeholder": kit.plain("Choose a time")}
    return element | ({"initial_time": f"{at:%H:%M}"} if at else {})


def _whose_clock(person: Person) -> str:
    zone = working_time.zone(person.zone).key.replace("_", " ")
    if person.zone not in working_time.known_zones():
        return f"I don't know your time zone, and take it to be {zone}."
    return f"In your time zone, {zone}."


def _free(person: Person) -> str | None:
    name = countries.names().get(person.country or "")
    return f"Public holidays of {name} stay free." if name and working_time.days_off(person.country) else None


def read(given: Answers) -> Hours:
    number = given.one("nudges")
    return Hours(
        starts=_time(given.time("starts")),
        ends=_time(given.time("ends")),
        days=tuple(int(day) for day in given.many("days") if day in "0123456"),
        nudges=int(number) if number and number.isdecimal() else None,
    )


def _time(said: str | None) -> time | None:
    return time.fromisoformat(said) if said else None


def kept(hours: Hours) -> Block:
    messages = "one message" if hours.nudges == 1 else f"{hours.nudges} messages"
    said = f"Saved. From now on I write *{_span(hours)}*, on {named(hours.days)}, and at most *{messages}* a week."
    return kit.modal("hours.reply", TITLE, [kit.section(said)])


def _span(hours: Hours) -> str:
    assert hours.starts is not None and hours.ends is not None  # noqa: S101, PT018 -- they have no problems
    is_over_midnight = hours.ends <= hours.starts
    return f"from {hours.starts:%H:%M} until {hours.ends:%H:%M}{' the next day' if is_over_midnight else ''}"


def named(days: Sequence[int]) -> str:
    """As in "Monday, Tuesday and Friday"."""
    names = [DAYS[day] for day in days]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
