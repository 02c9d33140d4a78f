"""What Slack takes in a while, shared by all processes: messages, conversations opened, histories read, Homes drawn.

A person's own act is never held back by it (they wait for the answer); what it says is counted all the same, so that
what nobody waits for goes later. Figures: Slack's rate limits, by method and workspace; one message a second in a
conversation. Of a minute's allowance a part may go at once, so the rest is spread over more than the minute.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session as Db

from bot.house import House
from bot.slack.speaking import NOT_GRANTED, RATE_LIMITED
from store import lanes, workspaces
from store.lanes import Pace, Use

MESSAGES = "chat.postMessage"
OPENING = "conversations.open"
HISTORY = "conversations.history"
CHANGES = "chat.update"
HOMES = "views.publish"
PEOPLE = "users.info"
MINUTE = timedelta(minutes=1)
A_SECOND_APART = Pace(timedelta(seconds=1))
CLOCKS_DISAGREE = timedelta(seconds=5)  # of processes on several machines: by so much, at most, one is ahead
AT_A_TIME = timedelta(seconds=5)  # so long a workspace's messages may be saved up: a tick comes every so often


def _tier(per_minute: int, burst: int) -> Pace:
    return Pace(MINUTE / (per_minute - burst), burst)


PACES = {
    OPENING: _tier(50, 10),
    HISTORY: _tier(50, 10),
    CHANGES: _tier(50, 10),
    HOMES: _tier(100, 25),
    PEOPLE: _tier(100, 25),
}


def dm(person_id: int) -> str:
    """The lane of somebody's DM, whether Slack has told its id or not."""
    return f"person {person_id}"


def group(pair_id: int) -> str:
    return f"pair {pair_id}"


def channel(slack_id: str) -> str:
    return f"channel {slack_id}"


class Gate:
    """How some lanes stand. What is changed is kept; what others may change meanwhile must be locked for that."""

    def __init__(
        self, db: Db, house: House, names: Collection[str], now: datetime, *, locks: Collection[str] = ()
    ) -> None:
        self._workspace_id, self._now = house.workspace_id, now
        per_second = house.settings.messages_per_second
        self._messages = Pace(timedelta(seconds=1 / per_second), max(1, int(per_second * AT_A_TIME.total_seconds())))
        self._uses = lanes.locked(db, house.workspace_id, locks, now) if locks else {}
        self._uses |= lanes.of(db, house.workspace_id, set(names) - set(locks), now)
        self._changed: set[str] = set()

    def room(self, name: str) -> int:
        return self._uses[name].room(self._pace(name), self._now)

    def is_closed(self, name: str) -> bool:
        """Slack asked for quiet there: no answer to anybody goes out either."""
        return self._uses[name].is_closed(self._now)

    def opens_at(self, name: str) -> datetime:
        """When there is room again for many at once: looking for each alone would be much looking, and Slack tells who
        rests twenty times a minute at most (dnd.teamInfo is of tier 2)."""
        pace = self._pace(name)
        return self._uses[name].opens_at(pace, self._now, (pace.burst * 4 + 4) // 5)

    def closed_until(self, name: str) -> datetime | None:
        return self._uses[name].closed_until

    def use(self, name: str, count: int = 1) -> None:
        self._put(name, self._uses[name].used(self._pace(name), self._now, count))

    def close(self, name: str, until: datetime) -> None:
        self._put(name, self._uses[name].closed(until))

    def keep(self, db: Db) -> None:
        lanes.keep(db, self._workspace_id, {name: self._uses[name] for name in self._changed})

    def _put(self, name: str, use: Use) -> None:
        self._uses[name] = use
        self._changed.add(name)

    def _pace(self, name: str) -> Pace:
        return self._messages if name == MESSAGES else PACES.get(name, A_SECOND_APART)


def spoke(house: House, where: str) -> None:
    """Something was said there, or is being said, because somebody acted."""
    with house.store.begin() as db:
        gate = Gate(db, house, (), house.clock(), locks=(MESSAGES, where))
        gate.use(MESSAGES)
        gate.use(where)
        gate.keep(db)


def heard(house: House, name: str, code: str, retry_after: float) -> datetime:
    """Slack said "later", and all processes wait: with that (429), or with all if the workspace is shut. Until when.

    What isn't granted for one thing says nothing of the messages: with a group's opening only introductions wait.
    """
    now = house.clock()
    until = now + timedelta(seconds=retry_after) + CLOCKS_DISAGREE
    with house.store.begin() as db:
        if code in RATE_LIMITED:
            house.metrics.rate_limited.labels(name).inc()
        if code in RATE_LIMITED or (code in NOT_GRANTED and name != MESSAGES):
            gate = Gate(db, house, (), now, locks=(name,))
            gate.close(name, until)
            gate.keep(db)
        else:
            workspaces.wait(db, house.workspace_id, until)
    return until


def quiet(db: Db, house: House, names: Collection[str], now: datetime) -> dict[str, datetime]:
    """Which of them are closed, and until when."""
    gate, shut_until = Gate(db, house, names, now), workspaces.waits_until(db, house.workspace_id)
    known = {name: [at for at in (gate.closed_until(name), shut_until) if at is not None] for name in names}
    return {name: max(found) for name, found in known.items() if found}


def is_quiet(db: Db, house: House, name: str, now: datetime) -> bool:
    """Slack wants to be left alone with that."""
    return any(until > now for until in quiet(db, house, (name,), now).values())


def passes(house: House, *names: str, counted: Collection[str] = ()) -> datetime | None:
    """Lets one through all of them now, or says when to come again.

    `counted`: of these, what only has to be open, since somebody waits for the answer.
    """
    with house.store.begin() as db:
        now, shut_until = house.clock(), workspaces.waits_until(db, house.workspace_id)
        if shut_until is not None and shut_until > now:
            return shut_until
        gate = Gate(db, house, (), now, locks=names)
        full = [
            gate.opens_at(name) for name in names if gate.is_closed(name) or not (name in counted or gate.room(name))
        ]
        if full:
            return max(full)
        for name in names:
            gate.use(name)
        gate.keep(db)
    return None
