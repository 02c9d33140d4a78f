"""What each said they would do, as it comes back before the next talk and on the Home, with a button to tick it off."""

from collections.abc import Sequence
from datetime import date

from bot.prompts import Prompts
from bot.slack import kit
from bot.slack.kit import Block
from store.notes import Written

DONE = "sessions.done"

MOST_BROUGHT_BACK = 8
SHOWN = 300  # characters of one; all of it is read where all notes and actions are


def listed(actions: Sequence[Written]) -> str:
    """All of them in words, one a line."""
    return "\n".join(f"• {said(action)}" for action in actions)


def brought_back(actions: Sequence[Written], words: Prompts) -> list[Block]:
    """What its owner said they would do, each with a button; nothing where there is nothing."""
    if not actions:
        return []
    more = len(actions) - MOST_BROUGHT_BACK
    rows = [to_do(action, f"• {said(action)}") for action in actions[:MOST_BROUGHT_BACK]]
    rest = [kit.context(f"And {more} more, on your Home tab.")] if more > 0 else []
    return [kit.section(words.say("preparation.actions", actions="").strip()), *rows, *rest]


def to_do(action: Written, shown: str) -> Block:
    """One of their own, to be ticked off."""
    spoken = kit.shorten(f"Done: {action.text}", kit.LABEL_LIMIT)
    return kit.section(shown, kit.button(DONE, "Done", action.ref, spoken=spoken))


def ticked(action: Written) -> str:
    return f"Done: {_shown(action)}"


def said(action: Written) -> str:
    """What is to be done, and by when."""
    return _shown(action) + _by(action.due_on)


def _shown(action: Written) -> str:
    return kit.escape(kit.shorten(action.text, SHOWN))


def _by(day: date | None) -> str:
    return f" (by {day:%a} {day.day} {day:%b})" if day else ""
