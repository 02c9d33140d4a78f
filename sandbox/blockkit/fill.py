"""What Slack fills in by itself: ids that were left out, and the small fields of text objects."""

from collections.abc import Callable
from typing import Any

from sandbox.records import Json


def filled(blocks: list[Json], new_id: Callable[[str], str]) -> list[Json]:
    """A copy of the blocks with every id and default in place."""
    return [_block(block, new_id) for block in blocks]


def _block(block: Json, new_id: Callable[[str], str]) -> Json:
    copy: Json = _texts(block)
    if not copy.get("block_id"):
        copy["block_id"] = new_id("b")
    several = copy["elements"] if copy["type"] == "actions" else []
    for element in [copy.get("accessory"), copy.get("element"), *several]:
        if isinstance(element, dict) and element.get("type") != "image" and not element.get("action_id"):
            element["action_id"] = new_id("a")
    return copy


def _texts(value: Any) -> Any:
    if isinstance(value, list):
        return [_texts(item) for item in value]
    if not isinstance(value, dict):
        return value
    copy = {key: _texts(item) for key, item in value.items()}
    if copy.get("type") == "plain_text" and "text" in copy:
        copy.setdefault("emoji", True)
    if copy.get("type") == "mrkdwn":
        copy.setdefault("verbatim", False)
    return copy
