"""A workspace in trouble: a Slack that may do anything with what it is asked, and two processes that a test drives."""

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import make
from couples import Couples, Slack, refusal
from processes import Process, Stepped, here, pause
from sqlalchemy import func, select

from bot.nudges import tick
from bot.nudges.outcomes import LEASE
from store import announcements, members, nudges, people, programmes
from store.models import Agenda, Delivery, MemberState, Nudge, Person, Subject

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
QUARTER, A_WEEK = timedelta(minutes=15), timedelta(days=7)
POST, OPEN, HISTORY, REST = "chat.postMessage", "conversations.open", "conversations.history", "dnd.teamInfo"
PACED = (POST, OPEN, HISTORY, REST)
CHANNEL = "C0ANNOUNCE"
CLOCKS_OFF = timedelta(seconds=3)
ANSWERS = {"joined", "left", "booked", "cancelled", "reflection_kept", "which_question"}
AT_ONCE = ANSWERS | {"announcement_unclear", "announcement_refused"}
"""What may come at night: to somebody who has just done something, or whose announcement went wrong."""
JUST_NOW = timedelta(minutes=15)
REFUSALS = ("channel_not_found", "is_archived", "restricted_action", "msg_too_long", "never_heard_of")
SHUT = ("invalid_auth", "token_revoked", "org_login_required")


@dataclass(frozen=True)
class Fate:
    """What becomes of a request to Slack."""

    answer: str = "ok"  # or "lost", "broken", "later", or a code of Slack's
    is_stored: bool = True
    """Whether Slack does it, where its answer doesn't say."""
    after: int = 0
    """Seconds until Slack does it."""
    wait: int = 30
    """For "later"."""


@dataclass(frozen=True)
class Post:
    """A message that is in Slack."""

    at: datetime
    clock: datetime
    """What the clock of the process showed that sent it, when it began."""
    channel: str
    ts: str
    mark: str
    text: str
    carried: tuple[Nudge, ...]
    is_prompt: bool
    """It began in the very moment for which it was let through."""

    @property
    def kinds(self) -> set[str]:
        return {nudge.kind for nudge in self.carried}

    @property
    def is_awaited(self) -> bool:
        return self.kinds <= AT_ONCE


class TroubledSlack(Slack):
    """Keeps what it takes, and answers as it is fated."""

    def __init__(self, town: "Town") -> None:
        super().__init__(lambda: town.now)
        self.town = town
        self.fates: dict[str, deque[Fate]] = defaultdict(deque)
        self.wire: list[tuple[datetime, int, Callable[[], None]]] = []
        self.said: list[Post] = []
        self.quiet: dict[str, datetime] = {}
        self.unread: set[str] = set()
        """Conversations whose history couldn't be read when it was asked for."""
        self.history_is_open = True
        self.resting: dict[str, datetime] = {}
        self.unreachable: dict[str, str] = {}
        """Whose DM takes nothing, and what Slack says of it."""
        self.tried: dict[str, list[datetime]] = defaultdict(list)
        """When something was to be posted there."""

    def is_well_again(self) -> None:
        self.fates.clear()
        self.resting.clear()
        self.history_is_open = True

    def answer(self, method: str, sent: dict[str, Any]) -> dict[str, Any]:
        if method in PACED:
            self._is_quiet(method)
        begun = self.clock(), self.town.clock_here()
        fate = self.fates[method].popleft() if self.fates[method] and here() is not None else Fate()
        found: dict[str, Any] = {}
        if fate.answer == "ok" or (fate.is_stored and fate.answer in ("lost", "broken", "internal_error")):
            self._happens(fate.after, found, method, sent, begun)
        elif fate.after:
            pause(at=self.clock() + SECOND * fate.after)
        if "error" in found and fate.answer == "ok":
            self._is_never_read(method, sent)
            raise found["error"]
        return self._says(fate, method, sent, found)

    def _happens(self, after: int, found: dict[str, Any], method: str, sent: dict[str, Any], begun: Any) -> None:
        """Now, or when its time has come, whatever has become of the process then."""

        def do() -> None:
            try:
                found["answer"] = self._done(method, sent, begun)
            except Exception as error:
                found["error"] = error

        if not after or here() is None:
            do()
        else:
            self.wire.append((self.clock() + SECOND * after, len(self.wire), do))
            pause(lambda: bool(found), self.clock() + SECOND * after)
        pause()  # it is done, and nobody knows yet

    def _says(self, fate: Fate, method: str, sent: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
        match fate.answer:
            case "ok":
                return found["answer"]
            case "lost":
                self._goes_unread(method, sent)
                raise ConnectionResetError
            case "broken":
                self._goes_unread(method, sent)
                raise refusal("<html>", 503)
            case "later":
                self._goes_unread(method, sent)
                self.quiet[method] = max(self.clock() + SECOND * fate.wait, self.quiet.get(method, self.clock()))
                self._hurry()
                raise refusal("ratelimited", 429, {"Retry-After": str(fate.wait)})
            case code if code in SHUT:
                self._goes_unread(method, sent)
                if method != REST:
                    until = self.clock() + SECOND * 300
                    for each in PACED:
                        self.quiet[each] = max(until, self.quiet.get(each, until))
                self._hurry()
            case "internal_error":
                self._goes_unread(method, sent)
            case _:
                self._is_never_read(method, sent)
        raise refusal(fate.answer)

    def _hurry(self) -> None:
        """Whoever hears it writes it down before anything else happens."""
        if (strand := here()) is not None:
            strand.hurries = True

    def _is_never_read(self, method: str, sent: dict[str, Any]) -> None:
        if method == HISTORY:
            self.unread.add(sent["channel"])
        elif method == OPEN and "," not in sent["users"]:
            self.unread.add(sent["users"].replace("U0", "D0"))

    def _goes_unread(self, method: str, sent: dict[str, Any]) -> None:
        """It was to be read, but for a day it couldn't, or nobody was there to read it: then absence tells nothing."""
        if method == HISTORY:
            attempted_at = float(sent["oldest"]) + 900
            if self.clock().timestamp() - attempted_at > 86_000:
                self.unread.add(sent["channel"])
        elif method == OPEN and "," not in sent["users"] and self.town.waits_long(sent["users"]):
            self.unread.add(sent["users"].replace("U0", "D0"))

    def _is_quiet(self, method: str) -> None:
        until = self.quiet.get(method)
        if until is not None and self.clock() < until - CLOCKS_OFF - SECOND:
            self.town.is_wrong(f"{method} at {self.clock()} though Slack wanted quiet until {until}")

    def _done(self, method: str, sent: dict[str, Any], begun: tuple[datetime, datetime]) -> dict[str, Any]:
        match method:
            case "chat.postMessage":
                self.tried[sent["channel"]].append(self.clock())
                self.refuse({sent["channel"]} & self.closed, "user_disabled")
                if sent["channel"] in self.unreachable:
                    raise refusal(self.unreachable[sent["channel"]])
                channel, ts = sent["channel"].replace("U0", "D0"), self.stamp()
                self.town.heard(channel, ts, sent, begun[1])
                return {"ok": True, "channel": channel, "ts": ts}
            case "conversations.history":
                return self._history(sent)
            case "dnd.teamInfo":
                return {"ok": True, "users": {who: self._rests(who) for who in sent["users"].split(",")}}
        return super().answer(method, sent)

    def stamp(self) -> str:
        return f"{self.clock().timestamp():.0f}.{next(self._numbers):06}"

    def _history(self, sent: dict[str, Any]) -> dict[str, Any]:
        self._goes_unread(HISTORY, sent)
        if not self.history_is_open:
            raise refusal("channel_not_found")
        oldest, latest, start = float(sent["oldest"]), float(sent["latest"]), int(sent.get("cursor") or 0)
        there = [each for each in self.said if each.channel == sent["channel"] and oldest <= float(each.ts) <= latest]
        page = [
            {"ts": each.ts, "metadata": {"event_payload": {"id": each.mark}}} for each in there[::-1][start : start + 2]
        ]
        more = str(start + 2) if start + 2 < len(there) else ""
        return {"ok": True, "messages": page, "response_metadata": {"next_cursor": more}}

    def _rests(self, who: str) -> dict[str, Any]:
        until = self.resting.get(who)
        if until is None or until <= self.clock():
            return {"dnd_enabled": False}
        return {"dnd_enabled": True, "next_dnd_start_ts": 1, "next_dnd_end_ts": int(until.timestamp())}


@dataclass
class Town(Couples):
    """The people, Slack, and two processes; and what is known of what must be."""

    slack: TroubledSlack = field(init=False)
    ahead: dict[str, timedelta] = field(default_factory=lambda: {"A": timedelta(), "B": CLOCKS_OFF})
    runs: dict[str, Process] = field(default_factory=dict)
    houses: dict[str, Any] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)
    left: dict[int, int] = field(default_factory=dict)
    """The number of the last nudge when they left."""
    lived: dict[int, list[tuple[datetime, Person]]] = field(default_factory=lambda: defaultdict(list))
    """How somebody lived until then."""
    per_second: float = 5
    news: int = 0
    """Announcements so far."""

    def new_slack(self) -> TroubledSlack:
        return TroubledSlack(self)

    def is_wrong(self, what: str) -> None:
        self.trouble.append(what)

    def clock_here(self) -> datetime:
        strand = here()
        return strand.process.clock() if strand is not None else self.now

    # Processes

    def start(self, name: str) -> None:
        """The process works from here on; it may be at it still."""
        if name in self.runs and not self.runs[name].is_over:
            return
        house = self.houses.get(name)
        if house is None:
            clock = lambda ahead=self.ahead[name]: self.now + ahead  # noqa: E731
            pace = {"SLACK_MESSAGES_PER_SECOND": str(self.per_second)}
            house = self.houses[name] = self.new_house(Stepped(self.store), clock, **pace)
        self.runs[name] = Process(house.clock, lambda: tick.tick(house))

    def kill(self, name: str) -> None:
        if name in self.runs:
            self.runs.pop(name).kill()
        self.houses.pop(name, None)

    def finish(self, chance: Random, *names: str) -> None:
        """Until they have done what there is to do; where they wait for Slack's answer, time passes."""
        for _ in range(2000):
            running = [self.runs[name] for name in names if name in self.runs and not self.runs[name].is_over]
            if not running:
                return
            if len(running) > 1:
                taken = [each.run(chance, chance.randint(1, 4)) for each in running]
                if any(taken):
                    continue
            elif running[0].run(chance):
                continue
            waits = [each.waits_until for each in running if each.waits_until is not None]
            assert waits, "a process that waits for nothing"
            self.advance(max(min(waits) - max(self.ahead.values()), self.now + SECOND))
        raise AssertionError("a tick without end")

    def advance(self, until: datetime) -> None:
        """What is on the wire arrives in its moment."""
        while self.slack.wire and min(self.slack.wire)[0] <= until:
            first = min(self.slack.wire, key=lambda each: each[:2])
            self.slack.wire.remove(first)
            self.now = max(self.now, first[0])
            first[2]()
        self.now = max(self.now, until)

    def pass_on(self, until: datetime, up: str, chance: Random) -> None:
        """From look to look, by one of those that are up; where none is, nobody looks."""
        looks = 0
        while up and (at := tick.next_look(self.house)) is not None and at < until:
            name = chance.choice(up)
            begins = max(at - self.ahead[name], self.now)  # by its own clock
            self.advance(begins if looks % 10 < 9 else begins + SECOND)
            self.start(name)
            self.finish(chance, name)
            looks += 1
            assert looks < 500, f"they look again and again, at {self.now}"
        self.advance(until)
        if up:
            self.start(up[0])
            self.finish(chance, up[0])

    def announce(self) -> None:
        self.news += 1
        self.acted[self.coordinator] = self.now
        with self.store.begin() as db:
            programme = programmes.get(db, self.programme.id)
            key = f"form:V{next(self.numbers)}"
            announcements.add(db, programme, self.coordinator, f"News {key}.", key, self.now)

    # What is known

    def everyone_to(self, channel: str) -> list[int]:
        return [each for each, slack_id in self.people.items() if slack_id.removeprefix("U0") in channel] or (
            [self.coordinator] if channel == "D0NOOR" else []
        )

    def waits_long(self, slack_id: str) -> bool:
        with self.store.read() as db:
            mine = db.scalars(
                select(Delivery.attempted_at)
                .join(Person, Person.id == Delivery.person_id)
                .where(Person.slack_id == slack_id, Delivery.state.in_(nudges.UNSETTLED))
            )
            return any(at is not None and self.now - at > timedelta(hours=23, minutes=50) for at in mine)

    def heard(self, channel: str, ts: str, sent: dict[str, Any], clock: datetime) -> None:
        mark = sent["metadata"]["event_payload"]["id"]
        with self.store.read() as db:
            delivery = db.scalars(select(Delivery).where(Delivery.mark == mark)).one()
            carried = tuple(nudges.of_delivery(db, delivery.id))
            readers = {each: people.get(db, each) for each in self.everyone_to(channel)}
        is_prompt = delivery.lease_until - LEASE == clock
        post = Post(self.now, clock, channel, ts, mark, sent["text"], carried, is_prompt)
        self.slack.said.append(post)
        if channel != CHANNEL:
            self._judge(post, delivery, readers)

    def _judge(self, post: Post, delivery: Delivery, readers: dict[int, Person]) -> None:
        if not post.carried:
            self.is_wrong(f"an empty message to {post.channel}")
        awake = {who: self._is_at_work(who, person) for who, person in readers.items()}
        if all(awake.values()) or (post.kinds <= AT_ONCE and self._has_acted(delivery, post)):
            return
        is_no_night = all(make.is_awake(person, self.now) for person in readers.values())
        both, due_at = list(readers.values()), min(nudge.due_at for nudge in post.carried)
        meet = self.ever_meet(both) and bool(self.days_together(both, due_at, due_at + A_WEEK))
        if (awake.get(delivery.person_id or 0) or is_no_night) and not meet:
            return
        self.is_wrong(f"{post.kinds} wakes {awake} in {post.channel} at {self.now}")

    def _has_acted(self, delivery: Delivery, post: Post) -> bool:
        is_about_trouble = any(kind.startswith("announcement") for kind in post.kinds)
        return is_about_trouble or self.now - self.acted[delivery.person_id or 0] < JUST_NOW + 2 * MINUTE

    def _is_at_work(self, who: int, person: Person) -> bool:
        """Within the minutes that a message may be on its way, and wherever they lived in these."""
        lately = [person, *(each for until, each in self.lived[who] if self.now - until < 2 * MINUTE)]
        return any(make.on_the_wall(each, self.now - ago * MINUTE / 2) for each in lately for ago in (-1, 0, 1, 2, 3))

    def ever_meet(self, readers: Sequence[Person]) -> bool:
        return bool(self.days_together(readers, self.now, self.now + 14 * DAY))

    def days_together(self, readers: Sequence[Person], since: datetime, until: datetime) -> set[date]:
        """On which all of them are at work in the same moment."""
        moments = (since + QUARTER * number for number in range(max(0, (until - since) // QUARTER)))
        return {at.date() for at in moments if all(make.on_the_wall(each, at) for each in readers)}

    def state(self, who: int) -> MemberState:
        with self.store.read() as db:
            return members.of_person(db, who)[0][0].state

    def last_number(self) -> int:
        with self.store.read() as db:
            return int(db.scalar(select(func.max(Nudge.id))) or 0)

    def to_be_looked_at(self) -> list[int]:
        with self.store.read() as db:
            due = select(Agenda.subject_id).where(Agenda.subject == Subject.PERSON, Agenda.look_at <= self.now)
            return [each for each in db.scalars(due.order_by(Agenda.subject_id)) if each in self.people]

    def put_off_until(self, who: int) -> datetime | None:
        """The last moment to which they put something off."""
        with self.store.read() as db:
            return max((each.put_off_until for each in nudges.of_person(db, who) if each.put_off_until), default=None)

    def lives_elsewhere(self, who: int) -> None:
        with self.store.read() as db:
            self.lived[who].append((self.now, people.get(db, who)))
