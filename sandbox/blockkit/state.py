"""What is filled in or picked: as `state.values` and `actions` show it, from what a person gives."""

from collections.abc import Iterator
from typing import Any

from sandbox.blockkit.elements import all_options
from sandbox.records import Json

# Under which name the value of each type of element is told, and whether there can be several.
VALUE_FIELDS = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "file_input": "files",
}
SEVERAL = {kind for kind, field in VALUE_FIELDS.items() if field.endswith("s")}
_INITIAL = {
    "value": "initial_value",
    "rich_text_value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
}


def interactive(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Each block with each of its elements that a person can use."""
    for block in blocks:
        several = block["elements"] if block["type"] == "actions" else []
        for element in [block.get("accessory"), block.get("element"), *several]:
            if isinstance(element, dict) and element.get("type") != "image":
                yield block, element


def starting(blocks: list[Json]) -> dict[str, dict[str, Json]]:
    """`state.values` of blocks as drawn, before anybody touched them."""
    values: dict[str, dict[str, Json]] = {}
    for block, element in interactive(blocks):
        if element["type"] in VALUE_FIELDS:
            field = VALUE_FIELDS[element["type"]]
            initial = element.get(_INITIAL.get(field) or field.replace("selected_", "initial_"))
            if initial is None and element["type"] in SEVERAL:
                initial = []
            values.setdefault(block["block_id"], {})[element["action_id"]] = state(element, initial)
    return values


def state(element: Json, value: Any) -> Json:
    """The state of an element with this value (an option as it is in the blocks)."""
    told = {"type": element["type"], VALUE_FIELDS[element["type"]]: value}
    if element["type"] == "timepicker" and "timezone" in element:
        told["timezone"] = element["timezone"]
    return told


def options_of(element: Json) -> list[Json]:
    """The options that can be picked, without what only the blocks need."""
    return [{key: option[key] for key in option if key != "url"} for option in all_options(element)]


def is_empty(told: Json) -> bool:
    """Whether nothing is filled in."""
    return told[VALUE_FIELDS[told["type"]]] in (None, "", [])
