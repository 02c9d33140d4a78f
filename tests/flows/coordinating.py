"""What coordinators set and see, and the buttons they have about somebody."""

from itertools import pairwise

from flows.telling import last, plain, words

from sandbox import Sandbox
from sandbox.records import Json, Message

BY_APPROVAL = {"Who can join": "Whoever a coordinator says yes to"}


def told(box: Sandbox, who: str) -> str:
    """The last that somebody heard in their DM."""
    return plain(box, last(box.dm(who)))


def of_ruth(box: Sandbox) -> str:
    return words(box, box.open_home("ruth"))


def change(box: Sandbox, who: str = "ruth", **changes: object) -> dict[str, str]:
    box.command(who, "/flipside programme")
    return box.submit(who, changes)


def buttons_about(box: Sandbox, who: str, thing: Message | Json | None) -> str:
    """What the buttons below the line about somebody carry."""
    blocks = thing.blocks if isinstance(thing, Message) else (thing or {})["blocks"]
    [value] = {
        str(below["elements"][0]["value"])
        for above, below in pairwise(blocks)
        if below["type"] == "actions" and f"<@{box.find(who)}>" in str(above.get("text"))
    }
    return value
