"""Somebody looks for a question to talk about. Nothing is stored."""

from collections.abc import Mapping

from bot.due import Message
from bot.ideas import blocks, rules
from bot.ideas.rules import Shelf
from bot.slack import kit
from bot.slack.listening import Ask, Filed, Word
from store import members, questions, snapshots
from store.snapshots import Place

NOT_IN = "These questions are for people who take part. Once you do, you find them here."


def ideas(ask: Ask) -> None:
    """Opens at the theme they typed, else at what their next talk is about."""
    shelves = _shelves(ask)
    if not shelves:
        ask.reply(Message(NOT_IN, [kit.section(NOT_IN), kit.actions(kit.go("join", "Join"))]))
        return
    prompts, shelf = ask.house.prompts, rules.meant(ask.value, shelves)
    theme = rules.theme_meant(ask.value, blocks.names(prompts)) or shelf.theme
    ask.show(blocks.pages(shelf, shelves, blocks.first_page(theme), prompts))


def _shelves(ask: Ask) -> list[Shelf]:
    with ask.house.store.read() as db:
        places = [Place(member, programme) for member, programme in members.of_person(db, ask.me.id)]
        live = snapshots.live(snapshots.partnerships(db, ask.me), ask.now)
        prepared = questions.prepared(db, [session.id for each in live for session in each.sessions])
    return rules.shelves(places, live, ask.now, prepared)


def turn(ask: Ask) -> None:
    """To the page of the button."""
    _show(ask, page=ask.number)


def to_theme(ask: Ask) -> None:
    _, page = _shown(ask)
    said = ask.filled.one(blocks.block(blocks.THEME, page)) or ""
    chosen = rules.theme_meant(said, blocks.names(ask.house.prompts))
    _show(ask, page=blocks.first_page(chosen) if chosen else None)


def to_side(ask: Ask) -> None:
    """The questions of another pair, or side, where its month is."""
    key, _ = _shown(ask)
    _show(ask, key=ask.filled.one(blocks.block(blocks.SIDE, key)))


def _shown(ask: Ask) -> tuple[str, int]:
    return blocks.read(str((ask.view or {})["private_metadata"]))


def _show(ask: Ask, page: int | None = None, key: str | None = None) -> None:
    shelves, (key_before, page_before) = _shelves(ask), _shown(ask)
    if not shelves:
        ask.answered(NOT_IN)
        return
    shelf = next((each for each in shelves if each.key == (key or key_before)), shelves[0])
    shown = blocks.first_page(shelf.theme) if key else page_before if page is None else page
    ask.change(str((ask.view or {})["id"]), blocks.pages(shelf, shelves, shown, ask.house.prompts))


PRESSES: Mapping[str, Word] = {
    blocks.BACK: turn,
    blocks.ON: turn,
    blocks.THEME: to_theme,
    blocks.SIDE: to_side,
}
FORMS: Mapping[str, Filed] = {}
