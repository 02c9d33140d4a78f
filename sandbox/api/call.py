"""One call of the Web API: its arguments, its rights, and the refusals that any method may give."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.people import BOT_USER
from sandbox.records import Conversation, Json
from sandbox.workspace import Workspace

TS = re.compile(r"\d{1,12}\.\d{1,6}")


class Refusal(Exception):
    """Slack says no: its code, and what else the answer holds."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra

    @classmethod
    def of_arguments(cls, *problems: str) -> "Refusal":
        """`invalid_arguments`, with what is wrong in the place where Slack tells it."""
        messages = [f"[ERROR] {problem}" for problem in problems]
        return cls("invalid_arguments", response_metadata={"messages": messages})


@dataclass
class Call:
    """What a method gets to work with."""

    method: str
    args: Json
    scopes: tuple[str, ...]
    workspace: Workspace
    base_url: str = ""
    has_home: bool = True

    @property
    def now(self) -> datetime:
        return self.workspace.now()

    def text(self, name: str, default: str = "") -> str:
        value = self.args.get(name)
        return default if value is None else str(value)

    def needed(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise Refusal.of_arguments(f"missing required field: {name}")
        return value

    def flag(self, name: str) -> bool:
        return str(self.args.get(name, "")).lower() in ("true", "1")

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.text(name) or default)
        except ValueError:
            raise Refusal.of_arguments(f"must be a number [json-pointer:/{name}]") from None

    def parsed(self, name: str, code: str) -> Any:
        """A structured argument: JSON in a form field, or itself in a JSON body; None when absent."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise Refusal(code) from None

    def needs_scope(self, *any_of: str) -> None:
        if not set(any_of) & set(self.scopes):
            raise Refusal("missing_scope", needed=",".join(any_of), provided=",".join(self.scopes))

    def place(self, name: str = "channel") -> Conversation:
        """The conversation named by id; the bot does not learn of private ones that it is not in."""
        found = self.workspace.conversations.get(self.needed_channel(name))
        if found is None or (found.is_private and BOT_USER not in found.members):
            raise Refusal("channel_not_found")
        return found

    def needed_channel(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise Refusal("channel_not_found" if self.method.startswith("chat.") else "invalid_arguments")
        return value

    def page(self, items: list[Any], default: int = 100, most: int = 1000) -> tuple[list[Any], str]:
        """The page of `items` that cursor and limit ask for, and the next cursor ("" at the end)."""
        start = 0
        if cursor := self.text("cursor"):
            if not re.fullmatch(r"next:\d+", cursor):
                raise Refusal("invalid_cursor")
            start = int(cursor.removeprefix("next:"))
        limit = self.number("limit", default)
        if limit < 1 or limit > most:
            raise Refusal("invalid_limit")
        end = start + limit
        return items[start:end], f"next:{end}" if end < len(items) else ""


@dataclass(frozen=True)
class Method:
    """A function, and the scopes of which it needs one."""

    run: Callable[[Call], Json]
    scopes: tuple[str, ...]


METHODS: dict[str, Method] = {}

type_of_method = Callable[[Call], Json]


def method(name: str, *scopes: str) -> Callable[[type_of_method], type_of_method]:
    """Answer this method with the function below; a call needs one of these scopes, if any are given."""

    def register(run: type_of_method) -> type_of_method:
        METHODS[name] = Method(run, scopes)
        return run

    return register
