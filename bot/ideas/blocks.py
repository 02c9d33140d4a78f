"""The pages of questions."""

from collections.abc import Iterable, Sequence

from bot.ideas.rules import Shelf
from bot.prompts import BANK, Prompts, Twin
from bot.slack import kit
from bot.slack.kit import Block
from bot.themes import THEMES
from store.snapshots import Partnership

THEME = "ideas.theme"
SIDE = "ideas.side"
BACK = "ideas.back"
ON = "ideas.on"

WHEN = {"preparation": "Before a talk", "reflection": "After a talk"}
PAGES = len(THEMES) * len(BANK)  # each theme has one of before a talk, and one of after it
SECTION = 2500  # letters, so that a line more finds room
MOST = 100  # options a menu can show


def names(prompts: Prompts) -> list[str]:
    return [prompts.texts[f"theme.{theme}"] for theme in THEMES]


def pages(shelf: Shelf, mine: Sequence[Shelf], page: int, prompts: Prompts) -> Block:
    """One page of questions, for a pair of theirs. `mine` are all there are, to choose from."""
    page = min(max(page, 0), PAGES - 1)
    theme, kind = THEMES[page // len(BANK)], BANK[page % len(BANK)]
    found = on_page(prompts.twins.values(), page, shelf.place.programme.focus)
    lines = [f"• {twin.text(shelf.place.member.side)}" for twin in found]
    turning = [kit.button(BACK, "Back", str(page - 1))] if page > 0 else []
    turning += [kit.button(ON, "More", str(page + 1))] if page < PAGES - 1 else []
    return kit.modal(
        "ideas.pages",
        "Questions to talk about",
        [
            *([_whose(shelf, mine)] if len(mine) > 1 else []),
            _menu(theme, page, prompts),
            *([kit.context(_next_talk(shelf.pair))] if shelf.pair and theme == shelf.theme else []),
            kit.section(f"*{WHEN[kind]}*"),
            *map(kit.section, _sections(lines)),
            kit.actions(*turning),
            kit.context(f"Page {page + 1} of {PAGES}. {prompts.say('ideas.free')}"),
        ],
        private=f"{shelf.key}:{page}",
    )


def first_page(theme: int) -> int:
    return THEMES.index(theme) * len(BANK)


def on_page(bank: Iterable[Twin], page: int, objective: str) -> list[Twin]:
    """The questions of a page, those of the objective first; what fits any month is on every theme's."""
    theme, kind = THEMES[page // len(BANK)], BANK[page % len(BANK)]
    found = [
        twin
        for twin in bank
        if twin.kind == kind and twin.theme in (theme, None) and twin.objective in (objective, None)
    ]
    return sorted(found, key=lambda twin: twin.objective is None)


def _menu(theme: int, page: int, prompts: Prompts) -> Block:
    options = kit.options(dict(zip(THEMES, names(prompts), strict=True)))
    menu = kit.choose_one("static_select", options, str(theme)) | {"action_id": THEME}
    return {**kit.section("*Theme*", menu), "block_id": block(THEME, page)}


def block(menu: str, shown: object) -> str:
    """Another one for each page: Slack keeps what stood in a menu of the same name when a view is drawn anew."""
    return f"{menu}:{shown}"


def _whose(shelf: Shelf, mine: Sequence[Shelf]) -> Block:
    options = kit.options({each.key: _called(each) for each in mine[:MOST]})
    menu = kit.choose_one("static_select", options, shelf.key) | {"action_id": SIDE}
    return {**kit.section("*For you as*", menu), "block_id": block(SIDE, shelf.key)}


def _called(shelf: Shelf) -> str:
    side, programme = shelf.place.member.side.capitalize(), shelf.place.programme.name
    return f"{side} of {shelf.pair.partner.name}" if shelf.pair else f"{side} in {programme}"


def _next_talk(each: Partnership) -> str:
    return f"Your next talk with {kit.mention(each.partner.slack_id)} is about this."


def _sections(lines: Iterable[str]) -> list[str]:
    """As many lines as find room in each."""
    found: list[str] = []
    for line in lines:
        if found and len(found[-1]) + len(line) < SECTION:
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return found


def read(private: str) -> tuple[str, int]:
    """Which shelf is shown, by its key, and which page."""
    key, _, page = private.partition(":")
    return key, int(page)
