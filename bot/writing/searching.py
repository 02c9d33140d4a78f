"""Somebody looks through what was written: theirs, and what is shared in their pairs."""

from collections.abc import Mapping

from bot.house import House
from bot.slack.kit import Block
from bot.slack.listening import Ask, Filed, Form, Instead, Word
from bot.writing import search_blocks as blocks
from store import kept, snapshots
from store.models import Person


def search(ask: Ask) -> None:
    """Opens it, with the words after the command looked for."""
    ask.show(_found(ask.house, ask.me, ask.value[: blocks.LONGEST_QUERY], 0))


def turn(ask: Ask) -> None:
    if ask.view is not None and ask.value.isdecimal():
        query = str(ask.view.get("private_metadata") or "")
        ask.change(str(ask.view["id"]), _found(ask.house, ask.me, query, int(ask.value)))


def searched(form: Form) -> Instead:
    return Instead(_found(form.house, form.me, form.answers.text("query") or "", 0))


def _found(house: House, me: Person, query: str, page: int) -> Block:
    with house.store.read() as db:
        mine = {each.pair.id: each for each in snapshots.partnerships(db, me)}
        written = kept.readable(db, me.id, list(mine))
    return blocks.pages(written, mine, me.zone, query, page)


PRESSES: Mapping[str, Word] = {blocks.BACK: turn, blocks.ON: turn}
FORMS: Mapping[str, Filed] = {blocks.FORM: searched}
