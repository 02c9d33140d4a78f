"""Leaving, and what people hear when somebody pauses, goes on or leaves."""

from flows.telling import plain, texts

from sandbox import Sandbox
from sandbox.records import Message

PAUSED = "Your talks with @{} are paused for now."
GOES_ON = "Your talks with @{} can go on."
ENDED = "Your pair with @{} in *Look Up* has ended."
OVER = "Your pause has come to the day you chose."


def leave(box: Sandbox, who: str) -> None:
    box.command(who, "/flipside leave")
    box.press(who, "Leave the programme")


def heard(box: Sandbox, who: str) -> list[Message]:
    """What the bot wrote to them, without the answers for the moment."""
    return [message for message in box.dm(who) if message.user == box.bot_id and not message.ephemeral]


def told(box: Sandbox, who: str, partner: str) -> list[str]:
    """What they heard of a partner and of their own pause, in order."""
    starts = {text.format(partner): name for text, name in ((PAUSED, "paused"), (GOES_ON, "goes on"), (ENDED, "ended"))}
    said = [plain(box, text) for text in texts(heard(box, who))]
    names = (starts | {OVER: "over"}).items()
    return [name for text in said for start, name in names if text.startswith(start)]
