"""The answers to pausing and leaving, what partners hear, and where somebody stands on their Home."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.due import Builder, Message, Telling
from bot.membership.rules import A_MONTH, A_WEEK, TWO_WEEKS, Stand
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Member, Programme, Side

LEAVE = "membership.leave"
SEEK = "membership.seek"
NOT_NOW = "membership.not_now"
PAUSE_FOR = "membership.pause_for"
PAUSE_DATE = "membership.pause_date"
PAUSE_FORM = "membership.pause"

NOT_IN = "You aren't in a programme just now. You can join with the word *join*."
NOT_IN_YET = "You aren't in yet, so there is nothing to hold: I write only when there is news of your place."
NOT_IN_THAT = "You aren't in that programme any more, and there is nothing more you need to do."
BACK = "You're back. The next message comes when something is due."
NOT_PAUSED = "You aren't paused: nothing is on hold on your side."
HAVE_LEFT = "You have left. I've sent you a message about it."
RESTING = "All right. If you'd like a partner later, say so on the Home tab."
HAS_ENDED = "That programme has ended, so there are no more rounds of pairing in it."
PAIRED = "You have a partner already. If you haven't been introduced yet, I'll do so when you are both at work."

SIDES = {Side.MENTOR: "mentor", Side.MENTEE: "mentee"}
SPANS = {"week": (A_WEEK, "For a week"), "fortnight": (TWO_WEEKS, "For two weeks"), "month": (A_MONTH, "For a month")}
"""By the end of the button's id: what `pause` understands, and the label."""
UNTIL_I_SAY_SO = "open"
MOST_PROGRAMMES = 40  # a message holds 50 blocks


def in_words(day: date) -> str:
    """A day within a year."""
    return f"{day:%A} {day.day} {day:%B}"


def paused(until: date | None) -> Message:
    """It holds already; for how long can be said now or never."""
    text = (
        f"You're paused{f' until *{in_words(until)}*' if until else ''}. No reminders or questions will come "
        f"{'before then' if until else 'until you say so'}. If you have a partner, they hear only that your talks "
        "are paused, not for how long."
    )
    buttons = [kit.button(f"{PAUSE_FOR}.{name}", label, said) for name, (said, label) in SPANS.items()]
    buttons.append(kit.button(PAUSE_DATE, "Until a date"))
    if until:
        buttons.append(kit.button(f"{PAUSE_FOR}.{UNTIL_I_SAY_SO}", "Until I say so"))
    return Message(text, [kit.section(text), kit.actions(*buttons, kit.go("resume", "Go on"))])


def pause_form() -> Block:
    day: Block = {"type": "datepicker", "placeholder": kit.plain("Choose a day")}
    hint = "Messages come again from that morning on. Your partner doesn't hear the date."
    return kit.modal(
        PAUSE_FORM, "Pause until", [kit.field("day", "Until", day, hint=hint)], submit="Pause", close="Not now"
    )


def pause_kept(until: date) -> Block:
    return kit.modal("membership.reply", "Paused", [kit.section(f"You're paused until *{in_words(until)}*.")])


def confirm_leaving(programme: Programme) -> Message:
    text = (
        f"Leave *{kit.escape(programme.name)}*? You needn't give a reason. If you have a partner, they get a kind "
        "message that gives no cause. What you told in confidence is forgotten."
    )
    button = kit.button(LEAVE, "Leave the programme", str(programme.id), style="danger")
    return Message(text, [kit.section(text), kit.actions(button)])


def which_to_leave(programmes: Sequence[Programme]) -> Message:
    text = "Which programme would you like to leave?"
    buttons = [kit.actions(kit.go("leave", each.name, str(each.id))) for each in programmes]
    return Message(text, [kit.section(text), *buttons[:MOST_PROGRAMMES]])


def come_back(programme: Programme) -> Message:
    text = f"You have left *{kit.escape(programme.name)}* since. You are welcome to join again."
    return Message(text, [kit.section(text), kit.actions(kit.go("join", "Join", str(programme.id)))])


# What is told without being asked for


def left(telling: Telling) -> Message:
    place = next(each for each in telling.snapshot.places if each.member.id == telling.nudge.about)
    text = telling.prompts.say("left", programme=kit.escape(place.programme.name))
    if not any(each.pair.introduced_at is not None for each in telling.snapshot.partnerships):
        return Message(text, [kit.section(text)])
    return Message(text, [kit.section(text), kit.actions(kit.go("keepsake", "Keep a copy of my notes"))])


def pause_over(telling: Telling) -> Message:
    text = telling.prompts.say("pause_over")
    return Message(text, [kit.section(text), kit.actions(kit.go("pause", "Pause again"))])


def partner_news(telling: Telling) -> Message:
    """The partner paused or came back."""
    text = telling.prompts.say(telling.nudge.kind, partner=kit.mention(telling.partnership.partner.slack_id))
    return Message(text, [kit.section(text)])


def partner_left(telling: Telling) -> Message:
    """The pair has ended, whoever ended it. A new partner is offered, not given."""
    each = telling.partnership
    programme = each.programme
    said = telling.prompts.say(
        "partner_left",
        partner=kit.mention(each.partner.slack_id),
        programme=kit.escape(programme.name),
        contact=kit.mention(programme.contact),
    )
    keep = kit.go("keepsake", "Keep a copy of my notes", str(each.pair.id))
    if programme.closed_at is not None or each.mine.wants_partner:
        return Message(said, [kit.section(said), kit.actions(keep)])
    offer = telling.prompts.say("partner_left.next")
    buttons = kit.actions(
        kit.button(SEEK, "Find me a new partner", str(each.mine.id), style="primary"),
        kit.button(NOT_NOW, "Not now", str(each.mine.id)),
        kit.go("leave", "Leave the programme", str(programme.id)),
        keep,
    )
    return Message(f"{said}\n\n{offer}", [kit.section(said), kit.section(offer), buttons])


# The Home


@dataclass(frozen=True)
class Seat:
    """A place of theirs in a programme, and where they stand in it."""

    member: Member
    programme: Programme
    stand: Stand
    number: int | None = None
    """In the list of those who wait for a place in the programme."""
    until: date | None = None
    """The day their pause ends."""


def home(seats: Sequence[Seat]) -> list[Block]:
    """Where they stand in each programme they are in, or want to be in, and what they can do about it."""
    blocks: list[Block] = []
    for seat in seats:
        blocks.append(kit.section(_stands(seat)))
        if seat.stand is Stand.RESTING and seat.programme.closed_at is None:
            blocks.append(kit.actions(kit.button(SEEK, "Find me a new partner", str(seat.member.id))))
    buttons = [
        kit.go("profile", "Change my answers"),
        kit.go("hours", "When I may write to you"),
        kit.go("mydata", "What is stored"),
        kit.go("leave", "Leave"),
    ]
    if any(seat.stand is Stand.PAUSED for seat in seats):
        buttons.insert(1, kit.go("resume", "Go on"))
    elif any(seat.stand not in (Stand.APPLIED, Stand.QUEUED) for seat in seats):
        buttons.insert(1, kit.go("pause", "Pause"))
    return [*blocks, kit.actions(*buttons)] if seats else []


def _stands(seat: Seat) -> str:
    name, side = kit.escape(seat.programme.name), SIDES[seat.member.side]
    if seat.stand is Stand.APPLIED:
        return (
            f"You have asked to join *{name}* as a {side}. The people who run it look at each sign-up; "
            "I'll write as soon as they have."
        )
    if seat.stand is Stand.QUEUED:
        return (
            f"All places in *{name}* are taken just now. You're *number {seat.number}* on its waiting list, as a "
            f"{side}; I'll write as soon as there is a place for you."
        )
    part = f"You take part in *{name}* as a {side}."
    if seat.stand is Stand.PAIRED:
        return part
    return " ".join([part, stands(seat.stand, seat.until), *_waited(seat)])


def _waited(seat: Seat) -> list[str]:
    """How long they have waited for a partner, in rounds."""
    rounds = seat.member.rounds_waited
    if not rounds or seat.stand not in (Stand.WAITING, Stand.FIRST_IN_LINE):
        return []
    return [f"You have waited for {'one round' if rounds == 1 else f'{rounds} rounds'} of pairing; that counts."]


def stands(stand: Stand, until: date | None = None) -> str:
    """In a sentence or two, for somebody who is in."""
    match stand:
        case Stand.PAUSED if until:
            return f"You're *paused* until {in_words(until)}: nothing comes before then."
        case Stand.PAUSED:
            return "You're *paused*: nothing comes until you go on."
        case Stand.WAITING:
            return "You're on the list for the next round of pairing; I'll write as soon as you have a partner."
        case Stand.FIRST_IN_LINE:
            return "You're *first in line* for the next round of pairing; I'll write as soon as you have a partner."
        case Stand.RESTING:
            return "You aren't looking for a partner just now."
        case Stand.PAIRED:
            return PAIRED
        case _:
            return NOT_IN_YET


def unattended(programme: Programme, *, contact: bool, creator: str | None) -> list[Block]:
    """For coordinators: whom a programme names, and who is no longer there. `creator`: the Slack id of one gone."""
    name, found = kit.escape(programme.name), []
    if contact:
        found.append(
            f":warning: {kit.mention(programme.contact)}, whom people turn to with a concern in *{name}*, no longer "
            "has an account here. Please choose somebody else."
        )
    if creator:
        found.append(
            f":warning: {kit.mention(creator)}, who set up *{name}*, no longer has an account here, so nobody gets "
            "its requests by message. Somebody can take them over."
        )
    change = kit.go("programme", "Change", str(programme.id))
    return [kit.section(text, change) for text in found]


MESSAGES: Mapping[str, Builder] = {
    "left": left,
    "pause_over": pause_over,
    "partner_left": partner_left,
    "partner_paused": partner_news,
    "partner_resumed": partner_news,
}
