"""What befalls accounts and channels, and the events by which Slack tells the bot: user_change and its like."""

from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox import people
from sandbox.people import BOT_USER, Person
from sandbox.records import Json

if TYPE_CHECKING:
    from sandbox.desk import Desk

ELSEWHERE = "T0HARBOUR0"
FACTS = {field.name for field in fields(Person)} - {"id", "updated"}


class Staff:
    """Changes accounts under the lock. Whoever calls it waits for the bot."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._space = desk.space

    def deactivate(self, user: str) -> None:
        self.change(user, deleted=True)

    def reactivate(self, user: str) -> None:
        self.change(user, deleted=False)

    def change(self, user: str, **facts: Any) -> None:
        """The bot hears of what Slack's user object shows; a custom field of the profile causes no event."""
        if unknown := set(facts) - FACTS:
            raise ValueError(f"an account has no {', '.join(sorted(unknown))}")
        with self._space.lock:
            person = self._space.people[user]
            before = self._shown(person)
            for name, value in facts.items():
                setattr(person, name, value)
            if self._shown(person) != before:
                person.updated = self._now()
                self._tell("user_change", person)
            self._space.changed()

    def rest(self, user: str, begins: datetime, ends: datetime) -> None:
        """Their notifications are off between the two. The bot can ask; no event that it takes tells."""
        with self._space.lock:
            self._space.rests[user] = int(begins.timestamp()), int(ends.timestamp())
            self._space.changed()

    def hire(self, handle: str, name: str, **facts: Any) -> Person:
        with self._space.lock:
            defaults = {"email": f"{handle}@tidewell.example", "updated": self._now(), "languages": ("en",)}
            person = self._add(handle, name, **defaults | facts)
            for channel in self._space.conversations.values():
                if channel.name in ("announcements", "general") and not person.is_bot:
                    channel.members.append(person.id)
            self._tell("team_join", person)
            return person

    def invite_outsider(self, handle: str, name: str, channel: str, *, grid: str = "") -> Person:
        with self._space.lock:
            if grid:
                for each in self._space.people.values():
                    each.enterprise = grid if each.is_here else each.enterprise
            person = self._add(handle, name, team_id=ELSEWHERE, enterprise=grid)
            self._space.conversations[channel].members.append(person.id)
            return person

    def archive(self, channel: str) -> None:
        self._set_archived(channel, "channel_archive", is_archived=True)

    def unarchive(self, channel: str) -> None:
        self._set_archived(channel, "channel_unarchive", is_archived=False)

    def _set_archived(self, channel: str, kind: str, *, is_archived: bool) -> None:
        """Who did it is a person of the workspace: the first coordinator."""
        with self._space.lock:
            place = self._space.conversations[channel]
            if place.is_archived == is_archived:
                return
            place.is_archived = is_archived
            self._space.changed()
            somebody = next(person.id for person in self._space.people.values() if person.is_coordinator)
            if BOT_USER in place.members:
                moment = {"event_ts": self._space.new_ts()}
                self._desk.emit(kind, {"type": kind, "channel": channel, "user": somebody} | moment)

    def _add(self, handle: str, name: str, **facts: Any) -> Person:
        person = Person(f"U0{handle.upper():0<8}"[:10], handle, name, **facts)
        if person.id in self._space.people:
            raise ValueError(f"{person.id} is somebody else's")
        self._space.people[person.id] = person
        self._space.changed()
        return person

    def _tell(self, kind: str, person: Person) -> None:
        moment = {"cache_ts": self._now(), "event_ts": self._space.new_ts()}
        self._desk.emit(kind, {"type": kind, "user": self._shown(person)} | moment)

    def _shown(self, person: Person) -> Json:
        sees_email = "users:read.email" in self._desk.manifest.scopes
        return people.user(person, self._space.now(), with_email=sees_email and not person.deleted)

    def _now(self) -> int:
        return int(self._space.now().timestamp())
