"""What is stored about somebody, on pages they can turn."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.slack import kit
from bot.slack.kit import Block

BACK = "mydata.back"
ON = "mydata.on"

PAGE_SIZE = 30
CHUNK = 2800


@dataclass(frozen=True)
class Kept:
    """One thing that is stored: what it is, who can read it, and its text."""

    what: str
    text: str


def pages(kept: Sequence[Kept], page: int) -> Block:
    pieces = [piece for each in kept for piece in _pieces(each)]
    last = max(0, (len(pieces) - 1) // PAGE_SIZE)
    page = min(max(page, 0), last)
    blocks = pieces[page * PAGE_SIZE : (page + 1) * PAGE_SIZE] or [kit.section("Nothing is stored about you.")]
    buttons = []
    if page > 0:
        buttons.append(kit.button(BACK, "Back", str(page - 1)))
    if page < last:
        buttons.append(kit.button(ON, "More", str(page + 1)))
    turning = [kit.actions(*buttons), kit.context(f"Page {page + 1} of {last + 1}")] if buttons else []
    return kit.modal("mydata.pages", "What is stored", [*blocks, *turning])


def _pieces(each: Kept) -> list[Block]:
    """All of it: a text too long for one block goes on in the next."""
    parts = list(kit.pieces(each.text, CHUNK)) or ["–"]
    return [kit.section(f"*{kit.escape(each.what)}*\n{parts[0]}"), *(kit.section(part) for part in parts[1:])]
