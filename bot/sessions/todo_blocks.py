"""What each said they would do, as it comes back before the next talk and on the Home, with a button to tick it off."""

from collections.abc import Sequence
from datetime import date

from bot.prompts import Prompts
from bot.slack import kit
from bot.slack.kit import Block
from store.notes import Written

DONE = "sessions.done"

MOST_BROUGHT_BACK = 8


def listed(actions: Sequence[Written]) -> str:
    """All of them in words, one a line."""
    return "\n".join(f"• {_said(action)}" for action in actions)


def brought_back(actions: Sequence[Written], words: Prompts) -> list[Block]:
    """What its owner said they would do, each with a button; nothing where there is nothing."""
    if not actions:
        return []
    more = len(actions) - MOST_BROUGHT_BACK
    rows = [to_do(action, f"• {_said(action)}") for action in actions[:MOST_BROUGHT_BACK]]
    rest = [kit.context(f"And {more} more, on your Home tab.")] if more > 0 else []
    return [kit.section(words.say("preparation.actions", actions="").strip()), *rows, *rest]


def to_do(action: Written, shown: str) -> Block:
    """One of their own, to be ticked off."""
    spoken = kit.shorten(f"Done: {action.text}", kit.LABEL_LIMIT)
    return kit.section(shown, kit.button(DONE, "Done", action.ref, spoken=spoken))


def ticked(action: Written) -> str:
    return f"Done: {kit.escape(kit.shorten(action.text, 300))}"


def _said(action: Written) -> str:
    return kit.escape(action.text) + by(action.due_on)


def by(day: date | None) -> str:
    """The day it is to be done by, as it follows what is to be done."""
    return f" (by {day:%a} {day.day} {day:%b})" if day else ""
