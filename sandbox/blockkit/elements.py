"""What Slack refuses in the elements of blocks: buttons, menus, pickers and inputs."""

import re
from collections.abc import Callable
from typing import Any

from sandbox.blockkit.texts import Problems, confirm, listed, problem, text_object, too_long

ID_MOST = 255
# Slack's reference says 150 for an option's value, one of its type files 75: the lower is held to.
OPTION_VALUE_MOST = 75
OPTION_TEXT_MOST = 75
INPUT_MOST = 3000

SELECTS = {f"{kind}_select" for kind in ("static", "external", "users", "conversations", "channels")}
MULTI_SELECTS = {f"multi_{kind}" for kind in SELECTS}
PICKERS = {"datepicker", "timepicker"}
CHOICES = {"checkboxes", "radio_buttons"}
TYPED = {"plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input"}

AS_ACCESSORY = SELECTS | MULTI_SELECTS | PICKERS | CHOICES | {"button", "image", "overflow", "workflow_button"}
IN_ACTIONS = (AS_ACCESSORY - {"image"}) | {"datetimepicker", "rich_text_input"}
AS_INPUT = SELECTS | MULTI_SELECTS | PICKERS | CHOICES | TYPED | {"datetimepicker", "file_input"}


def element(value: dict[str, Any], at: str) -> Problems:
    """What is wrong with one element; its type is already known to be allowed there."""
    kind = value["type"]
    if kind == "image":
        yield from image(value, at)
        return
    yield from too_long(value.get("action_id"), ID_MOST, f"{at}/action_id")
    yield from confirm(value.get("confirm"), f"{at}/confirm")
    yield from text_object(value.get("placeholder"), 150, f"{at}/placeholder", plain=True, needed=False)
    yield from _CHECKS.get(kind, _nothing)(value, at)


def image(value: dict[str, Any], at: str) -> Problems:
    """An image: by its address or as a Slack file, and never without words for those who cannot see it."""
    if bool(value.get("image_url")) == bool(value.get("slack_file")):
        yield problem("must provide one of image_url or slack_file", at)
    yield from too_long(value.get("image_url"), 3000, f"{at}/image_url")
    if not value.get("alt_text"):
        yield problem("missing required field: alt_text", at)
    yield from too_long(value.get("alt_text"), 2000, f"{at}/alt_text")


def _nothing(_value: dict[str, Any], _at: str) -> Problems:
    yield from ()


def _button(value: dict[str, Any], at: str) -> Problems:
    yield from text_object(value.get("text"), 75, f"{at}/text", plain=True)
    yield from too_long(value.get("value"), 2000, f"{at}/value")
    yield from too_long(value.get("url"), 3000, f"{at}/url")
    yield from too_long(value.get("accessibility_label"), 75, f"{at}/accessibility_label")
    if value.get("style") not in (None, "primary", "danger"):
        yield problem("must be one of: primary, danger", f"{at}/style")


def _options(most: int, *, plain: bool) -> Callable[[dict[str, Any], str], Problems]:
    def check(value: dict[str, Any], at: str) -> Problems:
        if "options" in value and "option_groups" in value:
            yield problem("must provide only one of options or option_groups", at)
            return
        if "option_groups" in value and value["type"].endswith("static_select"):
            groups = value["option_groups"]
            yield from listed(groups, 1, 100, f"{at}/option_groups")
            for number, group in enumerate(groups if isinstance(groups, list) else []):
                here = f"{at}/option_groups/{number}"
                yield from text_object(group.get("label"), 75, f"{here}/label", plain=True)
                yield from _option_list(group.get("options"), 100, f"{here}/options", plain=plain)
        else:
            yield from _option_list(value.get("options"), most, f"{at}/options", plain=plain)
        yield from _initial(value, at)
        yield from _max_selected(value, at)

    return check


def _option_list(options: Any, most: int, at: str, *, plain: bool) -> Problems:
    yield from listed(options, 1, most, at)
    for number, option in enumerate(options if isinstance(options, list) else []):
        yield from option_problems(option, f"{at}/{number}", plain=plain)


def option_problems(option: Any, at: str, *, plain: bool = True) -> Problems:
    if not isinstance(option, dict):
        yield problem("must be an object", at)
        return
    yield from text_object(option.get("text"), OPTION_TEXT_MOST, f"{at}/text", plain=plain)
    if not isinstance(option.get("value"), str) or not option["value"]:
        yield problem("missing required field: value", at)
    else:
        yield from too_long(option["value"], OPTION_VALUE_MOST, f"{at}/value")
    yield from text_object(option.get("description"), 75, f"{at}/description", plain=plain, needed=False)
    yield from too_long(option.get("url"), 3000, f"{at}/url")


def all_options(value: dict[str, Any]) -> list[dict[str, Any]]:
    """Every option of a menu, out of its groups too."""
    groups = [option for group in value.get("option_groups") or [] for option in group.get("options", [])]
    return [*(value.get("options") or []), *groups]


def _initial(value: dict[str, Any], at: str) -> Problems:
    """What is chosen at first must equal one of the options exactly."""
    initial = value.get("initial_options")
    if initial is not None:
        yield from listed(initial, 1, 100, f"{at}/initial_options")
    chosen = [value["initial_option"]] if value.get("initial_option") is not None else list(initial or [])
    known = all_options(value)
    if any(option not in known for option in chosen):
        yield problem("must be one of the provided options", f"{at}/initial_option{'s' if initial else ''}")


def _max_selected(value: dict[str, Any], at: str) -> Problems:
    most = value.get("max_selected_items")
    if most is not None and (not isinstance(most, int) or most < 1):
        yield problem("must be greater than 0", f"{at}/max_selected_items")


def _plain_text(value: dict[str, Any], at: str) -> Problems:
    least, most = value.get("min_length", 0), value.get("max_length", INPUT_MOST)
    if not isinstance(least, int) or not 0 <= least <= INPUT_MOST:
        yield problem(f"must be between 0 and {INPUT_MOST}", f"{at}/min_length")
    elif not isinstance(most, int) or not 1 <= most <= INPUT_MOST:
        yield problem(f"must be between 1 and {INPUT_MOST}", f"{at}/max_length")
    elif least > most:
        yield problem("must not be greater than max_length", f"{at}/min_length")
    yield from too_long(value.get("initial_value"), INPUT_MOST, f"{at}/initial_value")


def _number(value: dict[str, Any], at: str) -> Problems:
    if not isinstance(value.get("is_decimal_allowed"), bool):
        yield problem("missing required field: is_decimal_allowed", at)
    for field in ("min_value", "max_value", "initial_value"):
        if field in value and not isinstance(value[field], str):
            yield problem("must be a string", f"{at}/{field}")


def _matches(field: str, pattern: str, said: str) -> Callable[[dict[str, Any], str], Problems]:
    def check(value: dict[str, Any], at: str) -> Problems:
        given = value.get(field)
        if given is not None and not re.fullmatch(pattern, str(given)):
            yield problem(said, f"{at}/{field}")

    return check


def _only_conversations_filter(value: dict[str, Any], at: str) -> Problems:
    if "filter" in value and "conversations" not in value["type"]:
        yield problem("invalid additional property: filter", at)
    yield from _max_selected(value, at)


def _files(value: dict[str, Any], at: str) -> Problems:
    if not 1 <= value.get("max_files", 10) <= 10:
        yield problem("must be between 1 and 10", f"{at}/max_files")


def _external(value: dict[str, Any], at: str) -> Problems:
    if "options" in value or "option_groups" in value:
        yield problem("invalid additional property: options", at)
    yield from _max_selected(value, at)


_CHECKS: dict[str, Callable[[dict[str, Any], str], Problems]] = {
    "button": _button,
    "workflow_button": _button,
    "static_select": _options(100, plain=True),
    "multi_static_select": _options(100, plain=True),
    "overflow": _options(5, plain=True),
    "checkboxes": _options(10, plain=False),
    "radio_buttons": _options(10, plain=False),
    "plain_text_input": _plain_text,
    "number_input": _number,
    "file_input": _files,
    "external_select": _external,
    "multi_external_select": _external,
    "datepicker": _matches("initial_date", r"\d{4}-\d{2}-\d{2}", "must be in the format YYYY-MM-DD"),
    "timepicker": _matches("initial_time", r"\d{2}:\d{2}", "must be in the format HH:mm"),
    "datetimepicker": _matches("initial_date_time", r"\d{10}", "must be a 10 digit timestamp"),
    **dict.fromkeys(
        [f"{multi}{kind}_select" for multi in ("", "multi_") for kind in ("users", "conversations", "channels")],
        _only_conversations_filter,
    ),
}
