"""Small builders of Block Kit, and the row of a table of refusals."""

from dataclasses import dataclass, field
from typing import Any

ANA, BEA, PAVEL, TRAINBOT = "U0ANADUART", "U0BEAWHITL", "U0PAVELDVO", "U0TRAINBOT"


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "hi", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(text), **more}


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def button(text: str = "Go", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), **more}


def option(text: str = "One", value: str = "one", **more: Any) -> dict[str, Any]:
    return {"text": plain(text), "value": value, **more}


def options(count: int) -> list[dict[str, Any]]:
    return [option(f"Option {number}", f"o{number}") for number in range(count)]


def select(**more: Any) -> dict[str, Any]:
    return {"type": "static_select", "options": options(2), **more}


def entry(element: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "label": plain("Say"),
        "element": element or {"type": "plain_text_input"},
        **more,
    }


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    title = {"type": "modal", "title": plain("Form"), "submit": plain("Send")}
    return title | {"blocks": list(blocks) or [entry()]} | more


@dataclass
class Row:
    """A call that is refused, its whole answer, and a call that is taken."""

    name: str
    method: str
    args: dict[str, Any]
    answer: dict[str, Any]
    taken: dict[str, Any] | None = None
    id: str = field(init=False)

    def __post_init__(self) -> None:
        self.id = self.name.replace(" ", "-")


def refused(code: str, **more: Any) -> dict[str, Any]:
    return {"ok": False, "error": code} | more


def too_long(most: int, at: str) -> str:
    return f"must be less than {most + 1} characters [json-pointer:{at}]"
