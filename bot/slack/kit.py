"""Block Kit in short words, with Slack's limits kept and people's text made harmless.

Limits: https://docs.slack.dev/reference/block-kit
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, cast

Block = dict[str, Any]

SECTION_LIMIT = 3000
LABEL_LIMIT = 75
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    """Someone's text for mrkdwn: no mention, link or broadcast in it comes alive."""
    return _UNWANTED.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What a person typed, from the text of an event, where Slack has escaped exactly these three."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def shorten(text: str, limit: int) -> str:
    """At most that many UTF-16 units, which is how Slack's clients count."""
    if _units(text) <= limit:
        return text
    text = text[:limit]  # one sign after the other is taken off what is near already: a text can be very long
    while _units(text) >= limit:
        text = text[:-1]
    return text.rstrip() + "…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def pieces(text: str, limit: int) -> Iterator[str]:
    """All of someone's text, escaped, in pieces of at most that many units; no sign is cut in two."""
    piece, length = "", 0
    for sign in map(escape, text):
        if piece and length + _units(sign) > limit:
            yield piece
            piece, length = "", 0
        piece, length = piece + sign, length + _units(sign)
    if piece:
        yield piece


def parts(text: str, limit: int) -> list[tuple[str, str]]:
    """All of someone's text in parts that fit into a field, each with the space or line end that stood after it."""
    found: list[tuple[str, str]] = []
    while _units(text) > limit:
        end = min(len(text), limit)
        while _units(text[:end]) > limit:
            end -= 1
        cut = max(text.rfind("\n", end // 2, end), text.rfind(" ", end // 2, end)) if end else -1
        if cut > 0:
            found.append((text[:cut], text[cut]))
            text = text[cut + 1 :]
        else:
            found.append((text[:end], ""))
            text = text[end:]
    return [*found, (text, "")]


def mention(slack_id: str) -> str:
    return f"<@{slack_id}>"


def quote(text: str) -> str:
    """Someone's words, marked as such on every line."""
    return "\n".join(f"> {line}" for line in escape(text).splitlines())


def moment(at: datetime) -> str:
    """A moment, shown to each reader in their own zone; where it can't be, in UTC, and saying so."""
    fallback = f"{at.astimezone(UTC):%a %d %b %Y, %H:%M} UTC"
    return f"<!date^{int(at.timestamp())}^{{date_long}} at {{time}}|{fallback}>"


def day(at: datetime) -> str:
    """The day of a moment, in each reader's own zone and words."""
    return f"<!date^{int(at.timestamp())}^{{date_long}}|{at.astimezone(UTC):%a %d %b %Y}>"


def day_and_time(local: datetime) -> str:
    """A moment on a button, which can't show each reader their own: by the clock of the zone it is given in."""
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"


def plain(text: str, limit: int = LABEL_LIMIT) -> Block:
    return {"type": "plain_text", "text": shorten(text, limit) or "–", "emoji": True}


def section(text: str, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": _mrkdwn(text)}
    return block | ({"accessory": accessory} if accessory else {})


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, 150)}


def context(text: str) -> Block:
    return {"type": "context", "elements": [_mrkdwn(text)]}


def _mrkdwn(text: str) -> Block:
    """Verbatim: an @channel or #channel that somebody typed stays letters."""
    return {"type": "mrkdwn", "text": shorten(text, SECTION_LIMIT) or "–", "verbatim": True}


def divider() -> Block:
    return {"type": "divider"}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def button(
    action_id: str,
    label: str,
    value: str = "",
    *,
    style: str | None = None,
    url: str | None = None,
    spoken: str | None = None,
) -> Block:
    block: Block = {"type": "button", "action_id": action_id, "text": plain(label)}
    extra = {"value": value, "style": style, "url": url, "accessibility_label": spoken and shorten(spoken, LABEL_LIMIT)}
    return block | {name: given for name, given in extra.items() if given}


def confirmed(button: Block, title: str, text: str, yes: str, no: str) -> Block:
    """The button, asking once more before it acts."""
    asks = {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }
    return button | {"confirm": asks}


def go(word: str, label: str, value: str = "", *, style: str | None = None) -> Block:
    """A button that does what the command's word would: one feature reaches another without knowing it."""
    return button(f"go.{word}", label, value, style=style)


def option(value: str, label: str, description: str | None = None) -> Block:
    extra = {"description": plain(description)} if description else {}
    return {"text": plain(label), "value": value} | extra


def options(choices: Mapping[Any, str]) -> list[Block]:
    return [option(str(value), label) for value, label in choices.items()]


def overflow(action_id: str, choices: list[Block]) -> Block:
    """A small menu, behind three dots."""
    return {"type": "overflow", "action_id": action_id, "options": choices}


def field(
    block_id: str,
    label: str,
    element: Block,
    *,
    hint: str | None = None,
    optional: bool = False,
    action_id: str = "value",
) -> Block:
    """A question of a form, read back by its block. Only a menu that asks us for options needs another action id."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 2000),
        "element": element | {"action_id": action_id},
        "optional": optional,
    }
    return block | ({"hint": plain(hint, 2000)} if hint else {})


def text_input(initial: str | None = None, *, many_lines: bool = False, most: int = 3000) -> Block:
    element: Block = {"type": "plain_text_input", "multiline": many_lines, "max_length": most}
    return element | ({"initial_value": initial} if initial else {})


def pick_day(initial: date | None = None) -> Block:
    element: Block = {"type": "datepicker", "placeholder": plain("Choose a day")}
    return element | ({"initial_date": initial.isoformat()} if initial else {})


def choose_one(kind: str, choices: list[Block], initial: str | None = None, placeholder: str = "") -> Block:
    """`kind` is static_select or radio_buttons."""
    element: Block = {"type": kind, "options": choices}
    chosen = [choice for choice in choices if choice["value"] == initial]
    if placeholder and kind != "radio_buttons":
        element["placeholder"] = plain(placeholder, 150)
    return element | ({"initial_option": chosen[0]} if chosen else {})


def choose_among(groups: Mapping[str, Mapping[Any, str]], initial: str | None = None, placeholder: str = "") -> Block:
    """One of more than a hundred, in groups with a name; people find theirs by typing."""
    listed = {name: options(choices) for name, choices in groups.items()}
    element: Block = {
        "type": "static_select",
        "option_groups": [{"label": plain(name), "options": choices} for name, choices in listed.items()],
    }
    chosen = [choice for choices in listed.values() for choice in choices if choice["value"] == initial]
    if placeholder:
        element["placeholder"] = plain(placeholder, 150)
    return element | ({"initial_option": chosen[0]} if chosen else {})


def choose_many(kind: str, choices: list[Block], initial: Iterable[str] = (), placeholder: str = "") -> Block:
    """`kind` is multi_static_select or checkboxes."""
    element: Block = {"type": kind, "options": choices}
    by_value = {choice["value"]: choice for choice in choices}
    chosen = [by_value[value] for value in initial if value in by_value]
    if placeholder and kind != "checkboxes":
        element["placeholder"] = plain(placeholder, 150)
    return element | ({"initial_options": chosen} if chosen else {})


def person_menu(block_id: str, action_id: str, text: str, placeholder: str) -> Block:
    """A menu of people outside a form: a choice comes at once, and stands in what is filled in from then on."""
    menu = {"type": "users_select", "action_id": action_id, "placeholder": plain(placeholder, 150)}
    return section(text, menu) | {"block_id": block_id}


def search_many(chosen: list[Block], placeholder: str) -> Block:
    """A menu that is searched by typing, for more options than a menu can show; we are asked for what fits."""
    element: Block = {"type": "multi_external_select", "min_query_length": 0, "placeholder": plain(placeholder, 150)}
    return element | ({"initial_options": chosen} if chosen else {})


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str | None = None,
    close: str = "Close",
    private: str = "",
) -> Block:
    view: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "close": plain(close, 24),
        "blocks": list(blocks),
        "private_metadata": private,
    }
    return view | ({"submit": plain(submit, 24)} if submit else {})


class Answers:
    """What a person filled in, by block id. Empty is None or an empty list, whatever Slack sends for it."""

    def __init__(self, view: Mapping[str, Any]) -> None:
        self._values = cast(Mapping[str, Mapping[str, Any]], view.get("state", {}).get("values", {}))

    def _element(self, block_id: str) -> Mapping[str, Any]:
        return cast(Mapping[str, Any], next(iter(self._values.get(block_id, {}).values()), {}))

    def text(self, block_id: str) -> str | None:
        value = self._element(block_id).get("value")
        return value.strip() or None if isinstance(value, str) else None

    def one(self, block_id: str) -> str | None:
        chosen = self._element(block_id).get("selected_option")
        return str(chosen["value"]) if chosen else None

    def many(self, block_id: str) -> list[str]:
        return [str(each["value"]) for each in self._element(block_id).get("selected_options") or []]

    def person(self, block_id: str) -> str | None:
        return self._element(block_id).get("selected_user")

    def people(self, block_id: str) -> list[str]:
        return list(self._element(block_id).get("selected_users") or [])

    def channel(self, block_id: str) -> str | None:
        return self._element(block_id).get("selected_conversation")

    def files(self, block_id: str) -> list[Mapping[str, Any]]:
        """What Slack says of each file that was put in."""
        return list(self._element(block_id).get("files") or [])

    def date(self, block_id: str) -> str | None:
        return self._element(block_id).get("selected_date")

    def time(self, block_id: str) -> str | None:
        return self._element(block_id).get("selected_time")
