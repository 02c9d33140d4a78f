"""Slack's own limits: which calls broke one, and how long it would have been to wait.

All in the workspace's time. https://docs.slack.dev/apis/web-api/rate-limits
"""

import threading
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from sandbox.records import Json

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

Limits = Literal["note", "enforce"]
CROWDED = "a message a second in a channel"
CROWD = "messages a minute in the workspace"
MINUTE = timedelta(minutes=1)
# A little less than the second: a message sent exactly then may arrive a little sooner after the one before.
SECOND = timedelta(seconds=0.95)
# Slack publishes no figure for the whole workspace and speaks of several hundred.
MESSAGES_A_MINUTE = 400
TIERS = {2: 20, 3: 50, 4: 100}  # calls a minute
TIER = {
    "apps.connections.open": 3,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.join": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "conversations.open": 3,
    "dnd.teamInfo": 2,
    "files.completeUploadExternal": 4,
    "files.getUploadURLExternal": 4,
    "files.info": 4,
    "team.info": 3,
    "team.profile.get": 3,
    "usergroups.users.list": 2,
    "users.info": 4,
    "users.list": 2,
    "users.profile.get": 4,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}
MANY = 1_000_000  # has limits of another kind
SPECIAL = {"auth.test": 300, "chat.getPermalink": 300, "chat.postMessage": MANY}  # the first two: "hundreds"
UNLISTED = 3
POSTS = {"chat.postMessage": "channel", "files.completeUploadExternal": "channel_id"}


class Broken(NamedTuple):
    """A limit and the call that went beyond it."""

    limit: str
    method: str
    channel: str
    when: datetime
    bot: int
    """Its number; 0 where it is not known, of what came to a response url."""
    wait: float
    """Seconds until it would have been in order."""


class Counted:
    """What was called and posted in the last minute, and every limit that was ever broken."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._calls: defaultdict[str, deque[datetime]] = defaultdict(deque)
        self._posts: deque[datetime] = deque()
        self._last: dict[str, datetime] = {}
        self.broken: list[Broken] = []

    def call(self, method: str, bot: int) -> Broken | None:
        """Whether one more call now is beyond the method's tier."""
        most = SPECIAL.get(method) or TIERS[TIER.get(method, UNLISTED)]
        with self._lock:
            now = self._now()
            wait = _wait(self._calls[method], now, most)
            return Broken(f"{most} calls a minute", method, "", now, bot, wait) if wait else None

    def called(self, method: str) -> None:
        with self._lock:
            self._calls[method].append(self._now())

    def message(self, method: str, channel: str, bot: int) -> Broken | None:
        """Whether one more message there now is too much for the channel, or for the workspace."""
        with self._lock:
            now = self._now()
            last = self._last.get(channel)
            if last is not None and now - last < SECOND:
                return Broken(CROWDED, method, channel, now, bot, (last + SECOND - now).total_seconds())
            wait = _wait(self._posts, now, MESSAGES_A_MINUTE)
            return Broken(CROWD, method, channel, now, bot, wait) if wait else None

    def posted(self, method: str, channel: str, bot: int) -> None:
        """Count a message that is there now."""
        broken = self.message(method, channel, bot)
        if broken is not None:
            self.note(broken)
        with self._lock:
            self._last[channel] = self._now()
            self._posts.append(self._last[channel])

    def note(self, broken: Broken) -> None:
        with self._lock:
            self.broken.append(broken)


def target(space: "Workspace", method: str, args: Json) -> str:
    """The id of the conversation that a call would post into; "" for a call that posts nothing."""
    if method not in POSTS:
        return ""
    named = str(args.get(POSTS[method]) or "")
    if named in space.people:
        return space.im_id(named)
    channel = space.channel_named(named)
    return channel.id if channel else named


def _wait(times: deque[datetime], now: datetime, most: int) -> float:
    """Seconds until there is room for one more in the minute; 0 if there is now."""
    while times and times[0] <= now - MINUTE:
        times.popleft()
    return (times[-most] + MINUTE - now).total_seconds() if len(times) >= most else 0.0
