"""What somebody sees of the bot and does with it, as they would read it: for people to read, and for a test to keep."""

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.telling import buttons, menu, plain, words

from sandbox import Sandbox
from sandbox.records import Json, Message

MOMENT = re.compile(r"<!date\^(\d+)\^([^|>]*)\|[^>]*>")
LINK = re.compile(r"<(https?:[^|>]+)\|([^>]+)>")


class Diary:
    """Of one person: all that reaches them, each thing at its time by their own clock, and what they do."""

    def __init__(self, box: Sandbox, who: str, *partners: str) -> None:
        self._box = box
        self._who = who
        self._partners = partners
        self._person = box.people[box.find(who)]
        self._zone = ZoneInfo(self._person.zone)
        self._seen: dict[tuple[str, str], str] = {}
        self._lines: list[str] = []
        self._day = ""

    def write(self, heading: str) -> str:
        """All of it, as Markdown."""
        self.look()
        return "\n".join([f"# {heading}", *self._lines, ""])

    def look(self) -> None:
        """Takes down what has reached them since the last look."""
        for message in sorted(self._messages(), key=lambda each: each.ts):
            if message.user != self._box.bot_id:
                continue
            key, said = (message.channel, message.ts), self._said(message)
            if key not in self._seen:
                self._at(message.time, f"Flipside, {self._place(message)}")
                self._lines += [*self._quoted(said)]
            elif self._seen[key] != said:
                self._at(self._box.now, f"The message of {self._clock(message.time)} changes")
                self._lines += [*self._quoted(said)]
            self._seen[key] = said

    def did(self, what: str) -> None:
        self._at(self._box.now, f"You {what}")

    def opened(self, view: Json | None) -> None:
        """A form is there now, or a page of something."""
        if view is not None:
            title = view["title"]["text"]
            self._lines += ["", f"A form opens: **{title}**", *self._quoted(self._read(view))]

    def _messages(self) -> Iterator[Message]:
        yield from self._box.dm(self._who)
        for partner in self._partners:
            yield from self._box.group(self._who, partner)
        yield from (each for each in self._box.ephemerals(self._who) if not each.channel.startswith("D"))

    def _place(self, message: Message) -> str:
        if message.ephemeral:
            return "only you can see it"
        return "to you" if message.channel.startswith("D") else "to both of you"

    def _said(self, message: Message) -> str:
        files = [f"[file: {each['name']}]" for each in message.files]
        return "\n".join([self._read(message) if message.blocks else self._plain(message.text), *files])

    def _read(self, view: Json | Message) -> str:
        said = self._plain(words(self._box, view))
        pressed = [f"[{label}]" for label in [*buttons(view), *(["⋯"] if menu(view) else [])]]
        for label in buttons(view):  # buttons are shown in a row of their own
            said = "\n".join(line for line in said.split("\n") if line != label)
        return "\n".join([said, *([" ".join(pressed)] if pressed else [])])

    def _plain(self, text: str) -> str:
        def clock(found: re.Match[str]) -> str:
            local = datetime.fromtimestamp(int(found[1]), self._zone)
            return found[2].format(date_long=f"{local:%A %d %B %Y}", time=f"{local:%H:%M}")

        return LINK.sub(r"\2", MOMENT.sub(clock, plain(self._box, text)))

    def _at(self, moment: datetime, what: str) -> None:
        local = moment.astimezone(self._zone)
        day = f"{local:%A %d %B %Y}"
        if day != self._day:
            self._lines += ["", f"## {day}"]
            self._day = day
        self._lines += ["", f"**{local:%H:%M}** {what}"]

    def _clock(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._zone):%d %B, %H:%M}"

    @staticmethod
    def _quoted(text: str) -> Iterator[str]:
        yield ""
        yield from (f"> {line}".rstrip() for line in text.split("\n"))
