"""What people see: their modals, their Home, their conversations."""

from sandbox import looking
from sandbox.api.views import shown as shown_view
from sandbox.moving import Moving
from sandbox.people import Person
from sandbox.records import Json, Message


class Seeing(Moving):
    """Looks at the workspace through people's eyes. People go by handle, id or whole name."""

    def find(self, name: str) -> str:
        """Somebody's id, by handle or whole name."""
        return looking.find_person(self.space, name)

    def channel(self, name: str) -> str:
        return looking.find_channel(self.space, name)

    @property
    def people(self) -> dict[str, Person]:
        return self.space.people

    def modals(self, who: str) -> list[Json]:
        """Their open modals, bottom to top."""
        with self.space.lock:
            return [shown_view(view) for view in self.space.modals(self.find(who))]

    def modal(self, who: str) -> Json | None:
        """The modal on top."""
        return next(reversed(self.modals(who)), None)

    def home(self, who: str) -> Json | None:
        """The Home that was last published for them."""
        with self.space.lock:
            view = self.space.home(self.find(who))
            return shown_view(view) if view else None

    def dm(self, who: str) -> list[Message]:
        """Their DM with the bot, with what only they see."""
        user = self.find(who)
        with self.space.lock:
            place = self.space.im_if_open(user)
            return [message for message in place.messages if message.is_seen_by(user)] if place else []

    def group(self, *who: str) -> list[Message]:
        """The group DM of these people and the bot."""
        with self.space.lock:
            place = self.space.group_if_open(map(self.find, who))
            return [message for message in place.messages if not message.ephemeral] if place else []

    def messages(self, channel: str) -> list[Message]:
        """What everybody in a conversation sees."""
        with self.space.lock:
            place = self.space.conversations[self.channel(channel)]
            return [message for message in place.messages if not message.ephemeral]

    def ephemerals(self, who: str) -> list[Message]:
        """Every ephemeral message that somebody got, oldest first."""
        with self.space.lock:
            return [message for message in looking.seen(self.space, self.find(who)) if message.ephemeral]
