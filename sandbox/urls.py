"""Trigger ids and response urls: the two things that Slack hands out and that wear out."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

TRIGGER_LASTS = timedelta(seconds=3)
URL_LASTS = timedelta(minutes=30)
URL_USES = 5


class WornOut(Exception):
    """A trigger or url that Slack would not take (any more); its text is Slack's code."""


@dataclass
class Trigger:
    """Leave to open one modal, soon, for one person."""

    user: str
    made: datetime
    used: bool = False


class Triggers:
    """The trigger ids handed out."""

    def __init__(self) -> None:
        self._known: dict[str, Trigger] = {}

    def new(self, user: str, now: datetime) -> str:
        name = f"{len(self._known) + 1}.{int(now.timestamp())}.{user.lower()}"
        self._known[name] = Trigger(user, now)
        return name

    def use(self, name: str, now: datetime) -> str:
        """Whose it is; it is good for three seconds and one use."""
        trigger = self._known.get(name)
        if trigger is None:
            raise WornOut("invalid_trigger_id")
        if trigger.used:
            raise WornOut("exchanged_trigger_id")
        if now - trigger.made > TRIGGER_LASTS:
            raise WornOut("expired_trigger_id")
        trigger.used = True
        return trigger.user


@dataclass
class Url:
    """Where the bot may answer one act: in its conversation, or in place of the message that was pressed."""

    user: str
    channel: str
    made: datetime
    message: str | None = None
    uses: int = 0


@dataclass
class Urls:
    """The response urls handed out."""

    known: dict[str, Url] = field(default_factory=dict)

    def new(self, name: str, user: str, channel: str, now: datetime, message: str | None = None) -> str:
        self.known[name] = Url(user, channel, now, message)
        return name

    def use(self, name: str, now: datetime) -> Url:
        """The url, which is good for half an hour and five uses."""
        url = self.known.get(name)
        if url is None:
            raise WornOut("invalid_url")
        if now - url.made > URL_LASTS:
            raise WornOut("expired_url")
        if url.uses >= URL_USES:
            raise WornOut("used_url")
        url.uses += 1
        return url
