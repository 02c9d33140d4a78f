"""How a pair goes on: the question, what suits both, the last words, and what the Home shows of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.due import Builder, Message, Telling
from bot.ending import rules
from bot.prompts import Prompts
from bot.slack import kit
from bot.slack.kit import Block
from store.models import GOES_ON, Onward
from store.snapshots import Partnership

CHOOSE = "ending.choose"
THANKS = "ending.thanks"
LESSON = "ending.lesson"
DIFFERENCE = "ending.difference"

MOST_PAIRS = 45  # a message holds 50 blocks
LABELS = {
    Onward.AS_NOW: "As now",
    Onward.LESS_OFTEN: "Less often",
    Onward.INFORMALLY: "Informally",
    Onward.FINISH: "Finish here",
}


def going_on(telling: Telling) -> Message:
    each = telling.partnership
    when = kit.day(each.pair.ends_at) if each.pair.ends_at else ""
    text = telling.prompts.say("going_on", partner=kit.mention(each.partner.slack_id), when=when)
    options = telling.prompts.say("going_on.options")
    return Message(f"{text}\n\n{options}", [kit.section(text), kit.section(options), _choices(each)])


def _choices(each: Partnership, wish: Onward | None = None) -> Block:
    """The choice that stands, if there is one, is the green button."""
    return kit.actions(
        *(
            kit.button(
                f"{CHOOSE}.{onward.value}",
                label,
                f"{each.pair.id}:{each.pair.ending}:{onward.value}",
                style="primary" if onward is wish else None,
            )
            for onward, label in LABELS.items()
        )
    )


def together(telling: Telling) -> Message:
    """In the group DM: what suits both, and nothing about whose wish it was.

    Of one who would like to finish nobody learns: it is told as if they'd rather meet informally.
    """
    each = telling.partnership
    mentor, mentee = (each.partner, each.me) if each.i_am_mentee else (each.me, each.partner)
    goes_on = each.pair.onward in GOES_ON
    text = telling.prompts.say(
        f"together.{each.pair.onward if goes_on else 'ends'}",
        mentor=kit.mention(mentor.slack_id),
        mentee=kit.mention(mentee.slack_id),
        when=kit.day(each.pair.ends_at) if each.pair.ends_at else "",
    )
    buttons = [kit.actions(kit.go("meet", "Pick a date", str(each.pair.id)))] if goes_on else []
    return Message(text, [kit.section(text), *buttons])


def farewell(telling: Telling) -> Message:
    """The last message: thanks, and what one can keep or pass on."""
    each, prompts = telling.partnership, telling.prompts
    partner = kit.mention(each.partner.slack_id)
    parts = [prompts.say("farewell", partner=partner, programme=kit.escape(each.programme.name))]
    if rules.has_met(each):
        parts.append(prompts.say("farewell.can", partner=partner))
        parts += [prompts.say("farewell.difference", partner=partner)] if each.i_am_mentee else []
    shown = [*(kit.section(part) for part in parts), kit.actions(*_can(each))]
    return Message("\n\n".join(parts), shown)


def _can(each: Partnership) -> list[Block]:
    value = str(each.pair.id)
    keep = kit.go("keepsake", "Keep a copy", value)
    if not rules.has_met(each):
        return [keep]
    difference = [kit.button(DIFFERENCE, "What I did differently", value)] if each.i_am_mentee else []
    return [keep, kit.button(THANKS, "Say thanks", value), *difference, kit.button(LESSON, "Share a lesson", value)]


def home(each: Partnership, wish: Onward | None, prompts: Prompts, now: datetime) -> list[Block]:
    """Towards the end how one would like to go on; and what a pair that has met can keep or pass on."""
    if each.pair.introduced_at is None or (not rules.has_met(each) and not rules.is_open(each.pair, now)):
        return []
    return [*(_asked(each, wish, prompts) if rules.is_open(each.pair, now) else []), kit.actions(*_can(each))]


def _asked(each: Partnership, wish: Onward | None, prompts: Prompts) -> list[Block]:
    when = kit.day(each.pair.ends_at) if each.pair.ends_at else ""
    said = prompts.say("going_on", partner=kit.mention(each.partner.slack_id), when=when)
    return [kit.section(said), kit.section(prompts.say("going_on.options")), _choices(each, wish)]


def of_which(mine: Sequence[Partnership]) -> Message:
    """A copy of which pair's writing, the newest first."""
    text = "Of which pair would you like a copy?"
    newest = list(mine)[: -MOST_PAIRS - 1 : -1]
    buttons = [kit.go("keepsake", f"With {each.partner.name}", str(each.pair.id)) for each in newest]
    return Message(text, [kit.section(text), *(kit.actions(button) for button in buttons)])


def chosen(wish: Onward) -> str:
    """The answer to a choice."""
    return (
        f"You chose: {LABELS[wish].lower()}. Only you see it. Until it is decided, you can change it on the Home tab."
    )


MESSAGES: Mapping[str, Builder] = {"going_on": going_on, "together": together, "farewell": farewell}
