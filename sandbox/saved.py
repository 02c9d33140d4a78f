"""The workspace in a file, so that a second run goes on where the first stopped."""

import base64
import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.mishaps import Letter
from sandbox.people import Person, company
from sandbox.records import Conversation, File, Json, Message, View
from sandbox.urls import Url

if TYPE_CHECKING:
    from sandbox.desk import Desk

VERSION = 1


def save(desk: "Desk", file: Path) -> None:
    """Write everything down; the file is replaced in one step."""
    fresh = file.with_suffix(".new")
    with desk.space.lock:
        told = json.dumps(_told(desk), ensure_ascii=False)
    fresh.write_text(told, encoding="utf-8")
    os.replace(fresh, file)


def _told(desk: "Desk") -> Json:
    space = desk.space
    return {
        "version": VERSION,
        "deleted": [person.id for person in space.people.values() if person.deleted],
        "hired": [asdict(person) for person in space.people.values() if person.id not in company()],
        "serial": space.serial,
        "last_ts": space.last_ts,
        "conversations": [asdict(place) for place in space.conversations.values()],
        "views": [asdict(view) for view in space.views.values()],
        "stacks": space.stacks,
        "homes": space.homes,
        "typed": space.typed,
        "suggested": space.suggested,
        "notices": space.notices,
        "rests": space.rests,
        "files": [_file_told(file) for file in space.files.values()],
        "urls": {name: asdict(url) | {"made": url.made.isoformat()} for name, url in space.urls.known.items()},
        "events": [asdict(letter) | {"due": letter.due.isoformat()} for letter in desk.postman.kept()],
    }


def _file_told(file: File) -> Json:
    content = None if file.content is None else base64.b64encode(file.content).decode()
    return asdict(file) | {"content": content}


def load(desk: "Desk", file: Path) -> bool:
    """Take up what was saved; False if there is nothing, or it is of another version."""
    if not file.exists():
        return False
    told = json.loads(file.read_text(encoding="utf-8"))
    if told.get("version") != VERSION:
        return False
    space = desk.space
    with space.lock:
        space.people |= {one["id"]: _person(one) for one in told.get("hired", ())}
        for person in space.people.values():
            person.deleted = person.id in told["deleted"]
        space.serial, space.last_ts = told["serial"], told["last_ts"]
        space.conversations = {one["id"]: _conversation(one) for one in told["conversations"]}
        space.views = {one["id"]: View(**one) for one in told["views"]}
        space.stacks, space.homes = told["stacks"], told["homes"]
        space.typed, space.suggested, space.notices = told["typed"], told["suggested"], told["notices"]
        space.rests = {user: (begins, ends) for user, (begins, ends) in told.get("rests", {}).items()}
        space.files = {one["id"]: _file(one) for one in told["files"]}
        space.urls.known = {
            name: Url(**url | {"made": datetime.fromisoformat(url["made"])}) for name, url in told["urls"].items()
        }
    desk.postman.keep([Letter(**letter | {"due": datetime.fromisoformat(letter["due"])}) for letter in told["events"]])
    return True


def _person(told: Json) -> Person:
    lists: Json = {name: tuple(value) for name, value in told.items() if isinstance(value, list)}
    return Person(**told | lists)


def _conversation(told: Json) -> Conversation:
    return Conversation(**told | {"messages": [Message(**message) for message in told["messages"]]})


def _file(told: Json) -> File:
    content = None if told["content"] is None else base64.b64decode(told["content"])
    return File(**told | {"content": content})
