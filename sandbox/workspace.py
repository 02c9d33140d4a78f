"""The state of the local workspace, behind one lock, and the few ways it changes."""

import hashlib
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sandbox import people
from sandbox.clock import Clock
from sandbox.people import BOT_USER, Person
from sandbox.records import Conversation, File, Json, Message, View
from sandbox.showing import shown
from sandbox.urls import Triggers, Urls

ANNOUNCEMENTS = "C0ANNOUNCE"


class Workspace:
    """All that Slack would hold. Take `lock` to look or change; never wait for the bot while holding it."""

    def __init__(self, clock: Clock) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.revision = 1
        self.serial = 0
        self.last_ts = 0
        self._minute = 0
        self.people: dict[str, Person] = people.company()
        self.conversations: dict[str, Conversation] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, str] = {}
        self.files: dict[str, File] = {}
        self.typed: dict[str, dict[str, dict[str, Json]]] = {}
        self.suggested: dict[str, list[Json]] = {}
        self.notices: dict[str, str] = {}
        self.rests: dict[str, tuple[int, int]] = {}
        self.scopes: tuple[str, ...] = ()
        self.base_url = ""
        self.triggers = Triggers()
        self.urls = Urls()
        self.on_event: Callable[[str, Json], None] = lambda _kind, _event: None
        self._open_channels()

    def _open_channels(self) -> None:
        staff = [person.id for person in self.people.values() if not person.is_bot and not person.deleted]
        full = [user for user in staff if not self.people[user].is_restricted]
        seniors = [user for user in full if self.people[user].level >= 5]
        for channel in (
            Conversation(ANNOUNCEMENTS, "channel", "announcements", [*staff, BOT_USER]),
            Conversation("C0GENERAL0", "channel", "general", full),
            Conversation("C0LEADERS0", "channel", "leadership", seniors, is_private=True),
            Conversation("C0OLDNEWS0", "channel", "old-news", [*full, BOT_USER], is_archived=True),
        ):
            channel.created = int(self.now().timestamp())
            self.conversations[channel.id] = channel

    def now(self) -> datetime:
        return self.clock.now()

    def changed(self) -> None:
        """Tell the page that there is something new to draw."""
        self.revision += 1

    def note_minute(self) -> None:
        """Count a new minute as a change, for the clocks on the page."""
        minute = int(self.now().timestamp()) // 60
        if minute != self._minute:
            self._minute = minute
            self.changed()

    def new_ts(self) -> str:
        """A message's time stamp: the present, and later than any before it."""
        self.last_ts = max(self.last_ts + 1, int(self.now().timestamp() * 1_000_000))
        return f"{self.last_ts // 1_000_000}.{self.last_ts % 1_000_000:06d}"

    def new_id(self, prefix: str) -> str:
        self.serial += 1
        return f"{prefix}{self.serial:08d}"

    def new_hash(self) -> str:
        return f"{self.new_ts().split('.')[0]}.{hashlib.sha256(self.new_id('').encode()).hexdigest()[:8]}"

    # People and conversations

    def is_active(self, user: str) -> bool:
        return user in self.people and not self.people[user].deleted

    def im(self, user: str) -> Conversation:
        """Their DM with the bot, opened if it is not."""
        found = self.im_if_open(user)
        if found is None:
            found = Conversation(self.im_id(user), "im", "directmessage", [user, BOT_USER])
            found.created = int(self.now().timestamp())
            self.conversations[found.id] = found
            self.changed()
        return found

    def im_if_open(self, user: str) -> Conversation | None:
        return self.conversations.get(self.im_id(user))

    @staticmethod
    def im_id(user: str) -> str:
        return f"D{user[1:]}"

    def group_if_open(self, users: Iterable[str]) -> Conversation | None:
        """The one group DM of exactly these people and the bot."""
        wanted = {*users, BOT_USER}
        groups = (place for place in self.conversations.values() if place.kind == "mpim")
        return next((group for group in groups if set(group.members) == wanted), None)

    def open_group(self, users: Iterable[str]) -> Conversation:
        members = sorted({*users, BOT_USER})
        handles = "--".join(self.people[user].handle for user in members)
        group = Conversation(self.new_id("G0"), "mpim", f"mpdm-{handles}-1", members, is_private=True, creator=BOT_USER)
        group.created = int(self.now().timestamp())
        self.conversations[group.id] = group
        self.changed()
        return group

    def channel_named(self, name: str) -> Conversation | None:
        wanted = name.removeprefix("#")
        places = (place for place in self.conversations.values() if place.kind == "channel")
        return next((place for place in places if place.name == wanted), None)

    def join(self, place: Conversation, user: str) -> None:
        """Let a person or the bot into a channel; the bot hears of it where it is a member."""
        place.members.append(user)
        self.changed()
        if BOT_USER in place.members:
            event = {
                "type": "member_joined_channel",
                "user": user,
                "channel": place.id,
                "team": people.TEAM_ID,
            }
            self.on_event("member_joined_channel", event | {"channel_type": "G" if place.is_private else "C"})

    def read(self, channel: str, user: str) -> None:
        """Mark everything in a conversation as read by this person."""
        place = self.conversations[channel]
        if place.messages and place.read.get(user) != place.messages[-1].ts:
            place.read[user] = place.messages[-1].ts
            self.changed()

    # Messages

    def post(self, message: Message) -> Message:
        """Store it, and send the event of it where the bot is a member and it is no ephemeral one."""
        place = self.conversations[message.channel]
        place.messages.append(message)
        place.read[message.user] = message.ts
        self.changed()
        if not message.ephemeral:
            self._message_event(place, shown(message))
        return message

    def edit(self, message: Message, before: Json) -> None:
        """Send the event of a change already made."""
        self.changed()
        place = self.conversations[message.channel]
        event: Json = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": self.new_ts()}
        self._message_event(place, event | {"message": shown(message), "previous_message": before})

    def delete(self, message: Message) -> None:
        place = self.conversations[message.channel]
        place.messages.remove(message)
        self.changed()
        if not message.ephemeral:
            event: Json = {
                "type": "message",
                "subtype": "message_deleted",
                "hidden": True,
                "ts": self.new_ts(),
            }
            self._message_event(place, event | {"deleted_ts": message.ts, "previous_message": shown(message)})

    def _message_event(self, place: Conversation, event: Json) -> None:
        if BOT_USER not in place.members:
            return
        is_private_channel = place.kind == "channel" and place.is_private
        kind, word = _MESSAGE_EVENTS["private" if is_private_channel else place.kind]
        extra: dict[str, Any] = {"channel": place.id, "channel_type": word, "event_ts": event["ts"]}
        if "bot_id" not in event and "subtype" not in event:
            extra["client_msg_id"] = f"11111111-2222-3333-4444-{event['ts'].replace('.', '')[-12:]}"
        self.on_event(kind, event | extra)

    # Views

    def modals(self, user: str) -> list[View]:
        """Their open modals, bottom to top."""
        return [self.views[view] for view in self.stacks.get(user, [])]

    def home(self, user: str) -> View | None:
        return self.views.get(self.homes.get(user, ""))

    def close(self, view: View) -> None:
        """Take it off its person's stack, with any above it."""
        stack = self.stacks.get(view.user, [])
        if view.id in stack:
            keep = stack.index(view.id)
            for gone in stack[keep:]:
                self.views.pop(gone, None)
            del stack[keep:]
            self.changed()


_MESSAGE_EVENTS = {
    "im": ("message.im", "im"),
    "mpim": ("message.mpim", "mpim"),
    "channel": ("message.channels", "channel"),
    "private": ("message.groups", "group"),
}
