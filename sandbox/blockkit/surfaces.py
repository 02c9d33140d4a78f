"""What Slack refuses in a message, a modal or a Home: its blocks together, and each of them."""

from collections.abc import Callable, Iterator
from typing import Any

from sandbox.blockkit import elements
from sandbox.blockkit.texts import Problems, listed, problem, text_length, text_object, too_long

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MARKDOWN_MOST = 12_000

EVERYWHERE = {
    "section",
    "header",
    "divider",
    "context",
    "actions",
    "input",
    "image",
    "rich_text",
    "video",
    "card",
}
IN_MESSAGES = {"markdown", "context_actions", "task_card", "plan", "call", "alert"}
IN_MESSAGES_AND_HOME = {"table", "data_table", "data_visualization", "carousel", "container"}
ALLOWED = {
    "message": EVERYWHERE | IN_MESSAGES | IN_MESSAGES_AND_HOME,
    "modal": EVERYWHERE | {"alert"},
    "home": EVERYWHERE | IN_MESSAGES_AND_HOME,
}


def message_problems(blocks: list[Any]) -> list[str]:
    """What Slack would find wrong with the blocks of a message; empty if nothing."""
    return [*listed(blocks, 0, MESSAGE_BLOCKS, "/blocks"), *_blocks(blocks, "message", "/blocks")]


def view_problems(view: Any, kind: str) -> list[str]:
    """What Slack would find wrong with a view of this kind; empty if nothing."""
    return list(_view(view, kind))


def _view(view: Any, kind: str) -> Problems:
    if not isinstance(view, dict):
        yield problem("must be an object", "/view")
        return
    if view.get("type") != kind:
        yield problem(f"must be of type {kind}", "/view/type")
        return
    blocks = view.get("blocks")
    yield from listed(blocks, 1 if kind == "modal" else 0, VIEW_BLOCKS, "/view/blocks")
    blocks = blocks if isinstance(blocks, list) else []
    yield from _blocks(blocks, kind, "/view/blocks")
    yield from too_long(view.get("private_metadata"), 3000, "/view/private_metadata")
    yield from too_long(view.get("callback_id"), 255, "/view/callback_id")
    yield from too_long(view.get("external_id"), 255, "/view/external_id")
    if kind == "home":
        for extra in {"title", "submit", "close"} & {field for field in view if view[field] is not None}:
            yield problem(f"invalid additional property: {extra}", "/view")
        return
    yield from text_object(view.get("title"), 24, "/view/title", plain=True)
    for button in ("submit", "close"):
        yield from text_object(view.get(button), 24, f"/view/{button}", plain=True, needed=False)
    if not view.get("submit") and any(_is(block, "input") for block in blocks):
        yield problem("missing required field: submit", "/view")
    if sum(1 for value in _all_elements(blocks) if value.get("focus_on_load")) > 1:
        yield problem("only one element can have focus_on_load", "/view/blocks")


def _is(block: Any, kind: str) -> bool:
    return isinstance(block, dict) and block.get("type") == kind


def _all_elements(blocks: list[Any]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        if isinstance(block, dict):
            several = block["elements"] if isinstance(block.get("elements"), list) else []
            for value in [block.get("accessory"), block.get("element"), *several]:
                if isinstance(value, dict):
                    yield value


def _blocks(blocks: list[Any], surface: str, at: str) -> Problems:
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        here = f"{at}/{number}"
        if not isinstance(block, dict) or block.get("type") not in ALLOWED[surface]:
            yield problem(f"unsupported type: {block.get('type') if isinstance(block, dict) else block}", here)
            continue
        yield from too_long(block.get("block_id"), elements.ID_MOST, f"{here}/block_id")
        if block.get("block_id") and block["type"] != "markdown":
            if block["block_id"] in seen:
                yield problem(f'block_id "{block["block_id"]}" already exists', here)
            seen.add(block["block_id"])
        yield from _CHECKS.get(block["type"], _unchecked)(block, here)
        yield from _action_ids(block, here)
    words = [str(block.get("text", "")) for block in blocks if _is(block, "markdown")]
    if sum(map(text_length, words)) > MARKDOWN_MOST:
        yield problem(f"must be less than {MARKDOWN_MOST + 1} characters", at)
    if surface == "message" and sum(1 for block in blocks if _is(block, "table")) > 1:
        yield problem("only_one_table_allowed", at)


def _action_ids(block: dict[str, Any], at: str) -> Problems:
    names = [value["action_id"] for value in _all_elements([block]) if value.get("action_id")]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield problem(f'action_id "{name}" already exists', f"{at}/elements")


def _unchecked(_block: dict[str, Any], _at: str) -> Problems:
    yield from ()


def _unknown(block: dict[str, Any], known: set[str], at: str) -> Problems:
    for extra in sorted(set(block) - known - {"type", "block_id"}):
        yield problem(f"invalid additional property: {extra}", at)


def _element(value: Any, allowed: set[str], at: str) -> Problems:
    if not isinstance(value, dict) or value.get("type") not in allowed:
        yield problem("unsupported element", at)
    else:
        yield from elements.element(value, at)


def _section(block: dict[str, Any], at: str) -> Problems:
    yield from _unknown(block, {"text", "fields", "accessory", "expand"}, at)
    fields = block.get("fields")
    if block.get("text") is None and not fields:
        yield problem("must provide text or fields", at)
    yield from text_object(block.get("text"), 3000, f"{at}/text", needed=False)
    if fields is not None:
        yield from listed(fields, 1, 10, f"{at}/fields")
        for number, field in enumerate(fields if isinstance(fields, list) else []):
            yield from text_object(field, 2000, f"{at}/fields/{number}")
    if block.get("accessory") is not None:
        yield from _element(block["accessory"], elements.AS_ACCESSORY, f"{at}/accessory")


def _header(block: dict[str, Any], at: str) -> Problems:
    yield from _unknown(block, {"text"}, at)
    yield from text_object(block.get("text"), 150, f"{at}/text", plain=True)


def _divider(block: dict[str, Any], at: str) -> Problems:
    yield from _unknown(block, set(), at)


def _context(block: dict[str, Any], at: str) -> Problems:
    yield from _unknown(block, {"elements"}, at)
    parts = block.get("elements")
    yield from listed(parts, 1, 10, f"{at}/elements")
    for number, part in enumerate(parts if isinstance(parts, list) else []):
        if _is(part, "image"):
            yield from elements.image(part, f"{at}/elements/{number}")
        else:
            yield from text_object(part, 3000, f"{at}/elements/{number}")


def _actions(block: dict[str, Any], at: str) -> Problems:
    yield from _unknown(block, {"elements"}, at)
    parts = block.get("elements")
    yield from listed(parts, 1, 25, f"{at}/elements")
    for number, part in enumerate(parts if isinstance(parts, list) else []):
        yield from _element(part, elements.IN_ACTIONS, f"{at}/elements/{number}")


def _input(block: dict[str, Any], at: str) -> Problems:
    yield from _unknown(block, {"label", "element", "hint", "optional", "dispatch_action"}, at)
    yield from text_object(block.get("label"), 2000, f"{at}/label", plain=True)
    yield from text_object(block.get("hint"), 2000, f"{at}/hint", plain=True, needed=False)
    yield from _element(block.get("element"), elements.AS_INPUT, f"{at}/element")
    if block.get("dispatch_action") and _is(block.get("element"), "file_input"):
        yield problem("dispatch_action is not allowed with file_input", at)


def _image(block: dict[str, Any], at: str) -> Problems:
    yield from _unknown(block, {"image_url", "slack_file", "alt_text", "title"}, at)
    yield from elements.image(block, at)
    yield from text_object(block.get("title"), 2000, f"{at}/title", plain=True, needed=False)


def _rich_text(block: dict[str, Any], at: str) -> Problems:
    parts = block.get("elements")
    yield from listed(parts, 0, 10_000, f"{at}/elements")
    kinds = {f"rich_text_{kind}" for kind in ("section", "list", "preformatted", "quote")}
    for number, part in enumerate(parts if isinstance(parts, list) else []):
        if not isinstance(part, dict) or part.get("type") not in kinds:
            yield problem("unsupported element", f"{at}/elements/{number}")


_CHECKS: dict[str, Callable[[dict[str, Any], str], Problems]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "rich_text": _rich_text,
}
