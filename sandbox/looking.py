"""What a person sees, and how they say what they mean: a label, an option's words, somebody's handle."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sandbox.blockkit.state import SEVERAL, interactive, options_of
from sandbox.filling import CannotDo
from sandbox.people import Person
from sandbox.records import Json, Message, View
from sandbox.workspace import Workspace


def find_person(space: Workspace, name: str) -> str:
    """The id of someone by their id, handle or whole name."""
    for person in space.people.values():
        if name.removeprefix("@") in (person.id, person.handle, person.name):
            return person.id
    raise CannotDo(f"nobody here is called {name}")


def find_channel(space: Workspace, name: str) -> str:
    """The id of a conversation by its id or a channel's name."""
    if name in space.conversations:
        return name
    place = space.channel_named(name)
    if place is None:
        raise CannotDo(f"there is no channel {name}")
    return place.id


def escaped(space: Workspace, text: str) -> str:
    """A command's text with the names in it as ids, for a manifest that asks for that."""
    handles = {person.handle: person.id for person in space.people.values()}
    text = re.sub(r"@([\w.-]+)", lambda at: f"<@{handles[at[1]]}>" if at[1] in handles else at[0], text)

    def channel(at: re.Match[str]) -> str:
        place = space.channel_named(at[1])
        return f"<#{place.id}|{'' if place.is_private else place.name}>" if place else at[0]

    return re.sub(r"#([\w-]+)", channel, text)


def seen(space: Workspace, user: str) -> list[Message]:
    """Every message that a person can see, oldest first."""
    places = [place for place in space.conversations.values() if user in place.members]
    messages = [message for place in places for message in place.messages if message.is_seen_by(user)]
    return sorted(messages, key=lambda message: message.ts)


def _things(space: Workspace, user: str, where: Message | str | None) -> Iterator[View | Message]:
    """What a person would look at for something to press, in that order."""
    if isinstance(where, Message):
        yield where
        return
    if where is None:
        yield from space.modals(user)[-1:]
        yield from reversed(seen(space, user))
    home = space.home(user)
    if home is not None:
        yield home


def find_usable(
    space: Workspace, user: str, what: str, where: Message | str | None, value: str | None
) -> tuple[View | Message, Json, Json]:
    """Of what a person sees, the newest with an element of this label or action id; block and element too."""
    for thing in _things(space, user, where):
        for block, element in interactive(thing.blocks):
            called = what in (element["action_id"], _label(block, element))
            if called and (value is None or element.get("value") == value):
                return thing, block, element
    raise CannotDo(f"{space.people[user].handle} sees nothing to press called {what!r}")


def _label(block: Json, element: Json) -> str | None:
    if element["type"] in ("button", "workflow_button"):
        return plain(element["text"]["text"])
    if block["type"] == "input":
        return plain(block["label"]["text"])
    return None


def plain(text: str) -> str:
    """Text as a person reads it."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def find_field(view: View, what: str) -> tuple[Json, Json]:
    """The field of a form by its label, its block id or its action id."""
    fields = [(block, element) for block, element in interactive(view.blocks) if element["type"] != "button"]
    for block, element in fields:
        if what in (block["block_id"], element["action_id"], _label(block, element)):
            return block, element
    raise CannotDo(f"this form has no {what!r}, but {[_label(*field) or field[0]['block_id'] for field in fields]}")


def raw_value(space: Workspace, element: Json, meant: Any) -> Any:
    """What a person means (an option's words, a handle, #a-channel, a datetime) as an element's raw value."""
    if element["type"] in SEVERAL:
        several = meant if isinstance(meant, list | tuple | set) else [] if meant is None else [meant]
        return [_raw_one(space, element, one) for one in several]
    return None if meant is None else _raw_one(space, element, meant)


def _raw_one(space: Workspace, element: Json, meant: Any) -> Any:
    kind = element["type"].removeprefix("multi_")
    if kind in ("static_select", "radio_buttons", "checkboxes", "overflow"):
        return option_value(options_of(element), meant)
    if kind == "users_select":
        return find_person(space, meant.id if isinstance(meant, Person) else str(meant))
    if kind in ("conversations_select", "channels_select"):
        return find_channel(space, str(meant))
    if kind == "datetimepicker" and isinstance(meant, datetime):
        return int(meant.timestamp())
    return meant


def option_value(options: list[Json], meant: Any) -> str:
    """The value of the option with these words, or with this value."""
    for option in options:
        if str(meant) in (plain(option["text"]["text"]), option["value"]):
            return str(option["value"])
    raise CannotDo(f"{meant!r} is not among {[option['text']['text'] for option in options]}")
