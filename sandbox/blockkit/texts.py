"""Text objects and the checks that all of Block Kit shares. A problem is a sentence with a JSON pointer."""

from collections.abc import Iterator
from typing import Any

Problems = Iterator[str]


def text_length(text: str) -> int:
    """Length as counted against limits: in UTF-16 units, since Slack does not say, and these are the most."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def problem(said: str, at: str) -> str:
    return f"{said} [json-pointer:{at}]"


def too_long(value: Any, most: int, at: str) -> Problems:
    """A string that may be absent, but neither too long nor anything else."""
    if value is None:
        return
    if not isinstance(value, str):
        yield problem("must be a string", at)
    elif text_length(value) > most:
        yield problem(f"must be less than {most + 1} characters", at)


def text_object(value: Any, most: int, at: str, *, plain: bool = False, needed: bool = True) -> Problems:
    """A text object of 1 to `most` characters."""
    if value is None:
        if needed:
            yield problem("missing required field: " + at.rsplit("/", 1)[-1], at.rsplit("/", 1)[0])
        return
    if not isinstance(value, dict) or value.get("type") not in ("plain_text", "mrkdwn"):
        yield problem("must be a valid text object", at)
        return
    if plain and value["type"] != "plain_text":
        yield problem("must be of type plain_text", f"{at}/type")
    allowed = {"type", "text", "emoji" if value["type"] == "plain_text" else "verbatim"}
    for extra in sorted(set(value) - allowed):
        yield problem(f"invalid additional property: {extra}", at)
    text = value.get("text")
    if not isinstance(text, str) or not text:
        yield problem("must be more than 0 characters", f"{at}/text")
    else:
        yield from too_long(text, most, f"{at}/text")


def listed(value: Any, least: int, most: int, at: str) -> Problems:
    """A list of `least` to `most` items."""
    if not isinstance(value, list):
        yield problem("must be a list", at)
    elif len(value) < least:
        yield problem(f"no less than {least} items allowed", at)
    elif len(value) > most:
        yield problem(f"no more than {most} items allowed", at)


def needed(value: dict[str, Any], field: str, at: str) -> Problems:
    if value.get(field) in (None, ""):
        yield problem(f"missing required field: {field}", at)


def confirm(value: Any, at: str) -> Problems:
    """The dialogue that asks "are you sure?"."""
    if value is None:
        return
    if not isinstance(value, dict):
        yield problem("must be an object", at)
        return
    yield from text_object(value.get("title"), 100, f"{at}/title", plain=True)
    yield from text_object(value.get("text"), 300, f"{at}/text")
    yield from text_object(value.get("confirm"), 30, f"{at}/confirm", plain=True)
    yield from text_object(value.get("deny"), 30, f"{at}/deny", plain=True)
    if value.get("style") not in (None, "primary", "danger"):
        yield problem("must be one of: primary, danger", f"{at}/style")
