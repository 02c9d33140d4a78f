"""What Slack would refuse of blocks and views: by the SDK's own models, and by the limits they don't know.

https://docs.slack.dev/reference/block-kit counts, so we count as its clients do: UTF-16 units.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.due import Message
from bot.slack.kit import Answers

Json = dict[str, Any]

TEXTS = {  # by the place of a text object
    "section.text": 3000,
    "context.elements": 3000,
    "header.text": 150,
    "button.text": 75,
    "input.label": 2000,
    "input.hint": 2000,
    ".placeholder": 150,
    "option_groups.label": 75,
    "confirm.title": 100,
    "confirm.text": 300,
    "confirm.confirm": 30,
    "confirm.deny": 30,
    "option.text": 75,
    "option.description": 75,
    "modal.title": 24,
    "modal.submit": 24,
    "modal.close": 24,
}
STRINGS = {
    "value": 150,
    "button.value": 2000,
    "url": 3000,
    "accessibility_label": 75,
    "action_id": 255,
    "block_id": 255,
    "callback_id": 255,
    "private_metadata": 3000,
    "initial_value": 3000,
}
OPTIONS = {"static_select": 100, "multi_static_select": 100, "checkboxes": 10, "radio_buttons": 10}
MOST_GROUPS = 100
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def of_message(message: Message) -> list[str]:
    blocks = [dict(block) for block in message.blocks]
    lacking = [] if message.text.strip() else ["a message without a text is read to nobody"]
    too_long = ["its text is cut"] if units(message.text) > 40_000 else []
    return [*lacking, *too_long, *_by_the_sdk(Block.parse_all, blocks), *_of_blocks(blocks, "message")]


def of_view(view: Json) -> list[str]:
    has_inputs = any(block["type"] == "input" for block in view["blocks"])
    lacking = ["a form without a submit"] if has_inputs and "submit" not in view else []
    return [
        *lacking,
        *_by_the_sdk(lambda it: [View(**it)], view),
        *_of_blocks(view["blocks"], view["type"]),
        *_walk(view),
    ]


def of_blocks(blocks: list[Json]) -> list[str]:
    """Of what is a part of the Home."""
    return of_view({"type": "home", "blocks": blocks or [{"type": "divider"}]})


def _by_the_sdk(read: Any, given: Any) -> list[str]:
    try:
        for each in read(given):
            each.to_dict()
    except SlackObjectFormationError as error:
        return [str(error)]
    return []


def _of_blocks(blocks: list[Json], surface: str) -> list[str]:
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    actions = [Counter(found) for found in (list(action_ids([block])) for block in blocks)]
    return [
        *(f"{name} is there twice" for name, count in ids.items() if count > 1),
        *(f"{name} is there twice in one block" for each in actions for name, count in each.items() if count > 1),
        *([f"{len(blocks)} blocks"] if not 1 <= len(blocks) <= MOST_BLOCKS[surface] else []),
        *(problem for block in blocks for problem in _walk(block)),
    ]


def _walk(thing: Json, place: str = "") -> Iterator[str]:
    kind = str(thing.get("type") or place.rpartition(".")[2])
    yield from _options(thing, kind)
    for name, value in thing.items():
        if name != "blocks":
            yield from _value(kind, name, value)


def _value(kind: str, name: str, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping) and value.get("type") in ("plain_text", "mrkdwn"):
        yield from _text(kind, name, value)
    elif isinstance(value, Mapping):
        yield from _walk(dict(value), f"{kind}.{'option' if name == 'initial_option' else name}")
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for each in value:
            is_option = name in ("options", "initial_options")
            yield from _value(kind, name, each) if not is_option else _walk(each, f"{kind}.option")
    elif isinstance(value, str):
        limit = STRINGS.get(f"{kind}.{name}", STRINGS.get(name))
        if limit is not None and units(value) > limit:
            yield f"{kind}.{name} has {units(value)} characters, not {limit}"


def _text(kind: str, name: str, text: Mapping[str, Any]) -> Iterator[str]:
    limit = TEXTS.get(f"{kind}.{name}", TEXTS.get(f".{name}"))
    if limit is None:
        yield f"nobody knows the limit of {kind}.{name}"
    elif not 1 <= units(text["text"]) <= limit:
        yield f"{kind}.{name} has {units(text['text'])} characters, not 1 to {limit}"


def _options(thing: Json, kind: str) -> Iterator[str]:
    if kind in OPTIONS:
        groups = [group["options"] for group in thing.get("option_groups", [thing])]
        values = [option["value"] for group in groups for option in group]
        if not all(1 <= len(group) <= OPTIONS[kind] for group in groups) or len(groups) > MOST_GROUPS:
            yield f"{kind} has {len(values)} options"
        if len(set(values)) < len(values):
            yield f"{kind} has an option twice"
        chosen = [thing["initial_option"]] if "initial_option" in thing else thing.get("initial_options", [])
        if any(all(each not in group for group in groups) for each in chosen):
            yield f"{kind} begins with something that is no option"


# The ids on it


def elements(blocks: Iterable[Json]) -> Iterator[Json]:
    """Everything that can be pressed or filled in."""
    for block in blocks:
        if block["type"] == "input":
            yield block["element"]
        elif block["type"] == "actions":
            yield from block["elements"]
        elif "accessory" in block:
            yield block["accessory"]


def action_ids(blocks: Iterable[Json]) -> Iterator[str]:
    """The ids of what can be pressed; a field of a form is read by its block."""
    outside_forms = [block for block in blocks if block["type"] != "input"]
    return (str(element["action_id"]) for element in elements(outside_forms))


# Filling in a form as Slack does

EMPTY: Mapping[str, Json] = {
    "plain_text_input": {"value": None},
    "number_input": {"value": None},
    "static_select": {"selected_option": None},
    "radio_buttons": {"selected_option": None},
    "multi_static_select": {"selected_options": []},
    "multi_external_select": {"selected_options": []},
    "checkboxes": {"selected_options": []},
    "users_select": {"selected_user": None},
    "multi_users_select": {"selected_users": []},
    "conversations_select": {"selected_conversation": None},
    "datepicker": {"selected_date": None},
    "timepicker": {"selected_time": None},
    "file_input": {"files": []},
}
INITIAL = {
    "initial_value": "value",
    "initial_option": "selected_option",
    "initial_options": "selected_options",
    "initial_user": "selected_user",
    "initial_users": "selected_users",
    "initial_date": "selected_date",
    "initial_time": "selected_time",
}


def filled(view: Json, answers: Mapping[str, Any]) -> Answers:
    """The state of a form: what it begins with, with these answers by block id. Options are given by value."""
    fields = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    unknown = set(answers) - set(fields)
    assert not unknown, f"the form has no {unknown}"
    values = {name: {"value": _state(element, answers.get(name))} for name, element in fields.items()}
    return Answers({"state": {"values": values}})


def _state(element: Json, answer: Any) -> Json:
    kind = str(element["type"])
    state = {"type": kind, **EMPTY[kind]}
    state |= {INITIAL[name]: value for name, value in element.items() if name in INITIAL}
    if answer is None:
        return state
    [name] = EMPTY[kind]
    if name == "selected_option":
        return state | {name: _option(element, answer)}
    if name == "selected_options":
        return state | {name: [_option(element, value) for value in answer]}
    return state | {name: answer}


def _option(element: Json, value: str) -> Json:
    groups = [group["options"] for group in element.get("option_groups", [element])]
    return next(option for group in groups for option in group if option["value"] == str(value))
