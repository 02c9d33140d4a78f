"""Elements in a person's hands: which there are, what can be picked, what Slack's client holds back."""

import re
from datetime import date, time
from typing import Any

from sandbox.api.files import described
from sandbox.blockkit.state import SEVERAL, VALUE_FIELDS, interactive, is_empty, options_of, state
from sandbox.records import Json, Message, View
from sandbox.workspace import Workspace

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
FILES_MOST = 10
URL = re.compile(r"https?://\S+")
Typed = dict[str, dict[str, Any]]
NUMBER = re.compile(r"-?\d+(\.\d+)?")


class CannotDo(Exception):
    """Nobody could do that in Slack; the text says why."""


def find_element(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json]:
    for block, element in interactive(blocks):
        if block["block_id"] == block_id and element["action_id"] == action_id:
            return block, element
    raise CannotDo(f"there is nothing with block id {block_id} and action id {action_id}")


def key_of(where: View | Message) -> str:
    """The name under which what is typed or suggested there is kept."""
    return where.id if isinstance(where, View) else f"{where.channel}:{where.ts}"


def fill(space: Workspace, user: str, where: View | Message, values: Typed, raw: Typed, *, strict: bool = True) -> None:
    """Put raw values into the elements of a form; unless `strict`, what is not there any more is passed over."""
    known = {(block["block_id"], element["action_id"]): element for block, element in interactive(where.blocks)}
    for block_id, actions in raw.items():
        for action_id, value in actions.items():
            element = known.get((block_id, action_id))
            if element is not None:
                values.setdefault(block_id, {})[action_id] = given(space, user, element, value, where)
            elif strict:
                raise CannotDo(f"there is nothing with block id {block_id} and action id {action_id}")


def acted(space: Workspace, user: str, element: Json, chosen: Any, where: View | Message) -> tuple[Json, Json | None]:
    """The entry of `actions`, and the new state of the element if it keeps one."""
    kind = element["type"]
    if kind in ("button", "workflow_button"):
        action = {"type": kind, "text": element["text"]}
        return action | ({"value": element["value"]} if "value" in element else {}), None
    if kind == "overflow":
        return {"type": kind, "selected_option": _option(options_of(element), chosen)}, None
    told = given(space, user, element, chosen, where)
    return told, told


def given(space: Workspace, user: str, element: Json, raw: Any, where: View | Message) -> Json:
    """The state of an element with what a person gives; what cannot be picked raises."""
    kind = element["type"]
    if kind in SEVERAL:
        items = [] if raw is None else raw
        if not isinstance(items, list | tuple):
            raise CannotDo(f"{kind} takes a list, not {raw!r}")
        most = element.get("max_files", FILES_MOST) if kind == "file_input" else element.get("max_selected_items")
        if most is not None and len(items) > most:
            raise CannotDo(f"no more than {most} can be chosen")
        return state(element, [_one(space, user, element, item, where) for item in items])
    return state(element, None if raw in (None, "") else _one(space, user, element, raw, where))


def _one(space: Workspace, user: str, element: Json, raw: Any, where: View | Message) -> Any:
    kind = element["type"].removeprefix("multi_")
    block_id = next(block["block_id"] for block, other in interactive(where.blocks) if other is element)
    if kind in ("static_select", "radio_buttons", "checkboxes"):
        return _option(options_of(element), str(raw))
    if kind == "external_select":
        suggested = space.suggested.get(f"{key_of(where)}:{block_id}:{element['action_id']}", [])
        initial = [element.get("initial_option"), *element.get("initial_options", [])]
        return _option([*suggested, *[option for option in initial if option]], str(raw))
    if kind == "file_input":
        return _file(space, user, element, str(raw))
    if kind == "users_select":
        if not space.is_active(str(raw)):
            raise CannotDo(f"{raw} is nobody who can be chosen")
        return str(raw)
    if kind in ("conversations_select", "channels_select"):
        place = space.conversations.get(str(raw))
        if place is None or (place.is_private and user not in place.members):
            raise CannotDo(f"{raw} is no conversation that can be chosen")
        if kind == "channels_select" and (place.kind != "channel" or place.is_private):
            raise CannotDo(f"#{place.name} is no public channel")
        _check_filter(element, place.kind if place.kind != "channel" else ("private" if place.is_private else "public"))
        return place.id
    return _typed(kind, raw)


def _file(space: Workspace, user: str, element: Json, file_id: str) -> Json:
    """A file they have uploaded, of a kind that the form takes: Slack's client holds back others."""
    file = space.files.get(file_id)
    if file is None or file.user != user:
        raise CannotDo(f"{file_id} is no file of theirs")
    taken = element.get("filetypes")
    if taken and file.name.rpartition(".")[2].lower() not in taken:
        raise CannotDo(f"{file.name} is not of a kind that can be chosen here: {', '.join(taken)}")
    return described(space, file)


def _typed(kind: str, raw: Any) -> Any:
    try:
        if kind == "datepicker":
            return date.fromisoformat(str(raw)).isoformat()
        if kind == "timepicker":
            return time.fromisoformat(str(raw)).strftime("%H:%M")
        if kind == "datetimepicker":
            return int(raw)
    except ValueError:
        raise CannotDo(f"{raw} cannot be set in a {kind}") from None
    if kind == "rich_text_input" and not isinstance(raw, dict):
        written = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(raw)}]}
        return {"type": "rich_text", "elements": [written]}
    return raw if isinstance(raw, dict) else str(raw)


def _option(options: list[Json], value: Any) -> Json:
    found = next((option for option in options if option["value"] == value), None)
    if found is None:
        raise CannotDo(f"{value!r} is not among {[option['value'] for option in options]}")
    return found


def _check_filter(element: Json, kind: str) -> None:
    include = element.get("filter", {}).get("include")
    if include and kind not in include:
        raise CannotDo(f"a {kind} conversation cannot be chosen here")


def complaint(block: Json, values: dict[str, dict[str, Json]]) -> str | None:
    """What Slack's client says beside an input before it sends anything; None if all is well."""
    if block["type"] != "input":
        return None
    element = block["element"]
    told = values[block["block_id"]][element["action_id"]]
    if is_empty(told):
        return None if block.get("optional") else "Please complete this required field."
    kind, value = element["type"], told[VALUE_FIELDS[element["type"]]]
    if kind == "plain_text_input":
        if len(value) > element.get("max_length", 3000):
            return f"This entry has to be {element.get('max_length', 3000)} characters or less."
        if len(value) < element.get("min_length", 0):
            return f"This entry needs at least {element['min_length']} characters."
    if kind == "email_text_input" and not EMAIL.fullmatch(value):
        return "Please enter a valid e-mail address."
    if kind == "url_text_input" and not URL.fullmatch(value):
        return "Please enter a valid URL."
    return _number_complaint(element, value) if kind == "number_input" else None


def _number_complaint(element: Json, value: str) -> str | None:
    if not NUMBER.fullmatch(value) or ("." in value and not element["is_decimal_allowed"]):
        return "Please enter a valid number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None
