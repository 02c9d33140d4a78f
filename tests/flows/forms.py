"""A form as somebody has it before them: what stands in it, and closing it. And what the pages of joining take."""

from typing import Any

from sandbox import Sandbox
from sandbox.records import Json

ABOUT = {"sides": "Mentor", "languages": ["English"], "ways": ["Online"]}
AGREED = {"has_consented": ["I agree"]}


def filled(box: Sandbox, who: str, field: str) -> Any:
    """What stands in a field of the top modal: text, ids, or the words of what is chosen."""
    view = box.modal(who) or {}
    [state] = view["state"]["values"][field].values()
    told = next(value for name, value in state.items() if name != "type")
    if isinstance(told, list):
        return [each["text"]["text"] if isinstance(each, dict) else each for each in told]
    return told["text"]["text"] if isinstance(told, dict) else told


def title(view: Json | None) -> str:
    return view["title"]["text"] if view else "nothing"


def close_all(box: Sandbox, who: str) -> None:
    while box.modal(who):
        box.close(who)
