"""What people do, in the words of the programme: the stories are told with these."""

from datetime import timedelta

from sandbox import Sandbox
from sandbox.records import Message

LOOK_UP = {
    "Name": "Look Up",
    "What is it for?": "Leaders learn how work is changing.",
    "Channel for announcements": "#announcements",
    "Contact for concerns": "noor",
    "How long, meeting once a month": "6 months",
}


def set_up(box: Sandbox, **changes: str) -> None:
    """Ruth, a coordinator, opens the programme."""
    box.command("ruth", "/flipside setup")
    assert box.submit("ruth", LOOK_UP | changes) == {}


def join(box: Sandbox, who: str, side: str, topics: list[str], **more: object) -> None:
    answers = {"side": side, "topics": topics, "languages": ["English"], "ways": ["Online"], "consent": ["I agree"]}
    box.command(who, "/flipside join")
    assert box.submit(who, answers | more) == {}


AI = "AI tools in daily work"
DATA = "Working with data"
REMOTE = "Remote and hybrid work"


def pair_up(box: Sandbox, mentor: str = "ana", mentee: str = "oliver") -> None:
    """Opens the programme, and pairs these two; they are introduced when both are at work."""
    set_up(box)
    join(box, mentor, "Mentor", [AI])
    join(box, mentee, "Mentee", [AI])
    publish(box)
    box.advance(timedelta(hours=8))
    assert box.group(mentor, mentee), "they are introduced"


def publish(box: Sandbox) -> None:
    box.command("ruth", "/flipside match")
    assert box.submit("ruth", {}) == {}
    box.close("ruth")


def book(box: Sandbox, who: str, day: str, time: str, button: str = "Pick a date") -> None:
    box.press(who, button)
    assert box.submit(who, {"Day": day, "Time": time}) == {}


def texts(messages: list[Message]) -> list[str]:
    return [message.text for message in messages]


def last(messages: list[Message]) -> str:
    return messages[-1].text
