"""Hundreds are due in one minute: they hear as fast as Slack takes it, whoever acts hears at once, and nobody twice."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, pairwise
from threading import Lock
from typing import Any

import make
import pytest
from benchmarks import _programmes
from benchmarks._programmes import NOW, WORKSPACE, slack_id
from cryptography.fernet import Fernet
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import chat, gate
from bot.due import Message
from bot.house import House
from bot.nudges import forecast, tick
from bot.settings import Settings
from store import agenda, members, people
from store.database import Store

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
on_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
Answer = Callable[[str, dict[str, Any]], dict[str, Any] | None]


class Slack(WebClient):
    """Takes everything at once, unless told otherwise; called by several threads."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__("xoxb-test")
        self._clock, self._numbers, self._lock = clock, count(1), Lock()
        self.posted: list[tuple[datetime, str]] = []
        self.calls: Counter[str] = Counter()
        self.answers: Answer = lambda _method, _sent: None
        self.rests: Callable[[str], bool] = lambda _who: False
        self.asked_who_rests: list[datetime] = []

    def api_call(self, api_method: str, **call: Any) -> Any:
        sent = {**(call.get("params") or {}), **(call.get("json") or {})}
        with self._lock:
            self.calls[api_method] += 1
            if api_method == "dnd.teamInfo":
                return {"ok": True, "users": self._resting(sent["users"].split(","))}
            answer = self.answers(api_method, sent)
            if answer is not None:
                return answer
            assert api_method == "chat.postMessage"
            self.posted.append((self._clock(), sent["channel"]))
            return {"ok": True, "channel": sent["channel"].replace("U", "D"), "ts": f"{next(self._numbers)}.000001"}

    def _resting(self, everyone: list[str]) -> dict[str, Any]:
        """Until midnight; asked twenty times in a minute at most, as Slack has it."""
        now = self._clock()
        if sum(now - at < MINUTE for at in self.asked_who_rests) >= 20:
            raise later(30)
        self.asked_who_rests.append(now)
        window = {"next_dnd_start_ts": 1, "next_dnd_end_ts": int((now + 12 * 60 * MINUTE).timestamp())}
        return {each: {"dnd_enabled": True, **window} for each in everyone if self.rests(each)}


def later(seconds: int) -> SlackApiError:
    return refusal("ratelimited", 429, {"Retry-After": str(seconds)})


def refusal(code: str, status: int = 200, said: dict[str, str] | None = None) -> SlackApiError:
    class Response(dict[str, object]):
        status_code = status
        headers = said or {}

    return SlackApiError("refused", Response(ok=False, error=code))


@dataclass
class Morning:
    """Some of a programme's pairs are asked whether they met. Time stands until a test moves it."""

    store: Store
    now: datetime = NOW
    settings: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.slack = Slack(lambda: self.now)
        self.house = self.replica()

    def replica(self, ahead: timedelta = timedelta()) -> House:
        """A process of its own on the same database, whose clock may be ahead."""
        env = {"SLACK_BOT_TOKEN": "xoxb-test", "SLACK_SIGNING_SECRET": "made-up"} | self.settings
        told = Settings(**env, FLIPSIDE_KEYS=Fernet.generate_key().decode())
        return House(told, self.store, make.words(), lambda: self.now + ahead, self.slack, WORKSPACE)

    def tick(self) -> int:
        """How many messages went out."""
        before = len(self.slack.posted)
        tick.tick(self.house)
        return len(self.slack.posted) - before

    def go_on(self, until: datetime) -> None:
        while (at := tick.next_look(self.house)) is not None and at <= until:
            self.now = max(at, self.now + SECOND / 1000)
            self.tick()


@pytest.fixture
def morning(store: Store) -> Iterator[Morning]:
    _programmes.seed(store, 60, due=100)
    return Morning(store)


def test_they_hear_five_a_second_and_each_once(morning: Morning) -> None:
    assert morning.tick() == 25, "what a rest has saved up"
    assert morning.tick() == 0

    morning.go_on(NOW + timedelta(minutes=5))

    told = [to for _, to in morning.slack.posted]
    assert sorted(told) == sorted({slack_id(number) for number in range(100)})
    assert max(at for at, _ in morning.slack.posted) <= NOW + SECOND * 17, "and no slower than it must be"
    for since, _ in morning.slack.posted:
        within = [at for at, _ in morning.slack.posted if since <= at < since + SECOND * 10]
        assert len(within) <= 25 + 5 * 10


@on_sqlite
def test_whoever_acts_in_that_minute_is_answered_at_once_and_goes_before_the_others(morning: Morning) -> None:
    morning.tick()
    with morning.store.begin() as db:
        for member, _ in members.locked(db, 90):
            members.leave(db, [member], morning.now)
        agenda.touch(db, WORKSPACE, [90], morning.now)

    assert morning.tick() == 1
    assert morning.slack.posted[-1][1] == slack_id(88)
    assert morning.tick() == 0


@on_sqlite
def test_whoever_acts_twice_in_a_second_does_not_wait_for_the_others_either(morning: Morning) -> None:
    morning.tick()
    gate.spoke(morning.house, gate.dm(90))
    with morning.store.begin() as db:
        for member, _ in members.locked(db, 90):
            members.leave(db, [member], morning.now)

    morning.go_on(NOW + SECOND)

    assert slack_id(88) in [to for _, to in morning.slack.posted[25:]]


def test_processes_share_the_budget(morning: Morning) -> None:
    other = morning.replica(SECOND)

    tick.tick(morning.house)
    tick.tick(other)
    assert len(morning.slack.posted) <= 25 + 5, "a clock that is ahead by a second has a second's worth more"
    while tick.next_look(morning.house) is not None and morning.now < NOW + timedelta(minutes=2):
        morning.now += SECOND
        tick.tick(other)
        tick.tick(morning.house)
        assert len(morning.slack.posted) <= 30 + 5 * (morning.now - NOW) / SECOND

    assert sorted(to for _, to in morning.slack.posted) == [slack_id(number) for number in range(100)]


@on_sqlite
def test_when_slack_says_later_all_processes_wait_as_long_and_then_go_on(morning: Morning) -> None:
    other = morning.replica()

    def busy(method: str, _sent: dict[str, Any]) -> None:
        if method == "chat.postMessage" and morning.now < NOW + SECOND * 40:
            raise later(40)

    morning.slack.answers = busy
    tick.tick(morning.house)
    asked = morning.slack.calls["chat.postMessage"]
    assert asked <= 8, "at most those that were on their way at that moment"
    for seconds in (1, 10, 39):
        morning.now = NOW + SECOND * seconds
        assert (tick.tick(other), tick.tick(morning.house)) == (0, 0)
    assert morning.slack.calls["chat.postMessage"] == asked
    assert tick.next_look(other) == NOW + SECOND * 40 + gate.CLOCKS_DISAGREE
    assert "Slack has asked for quiet" in forecast.at(other, morning.now)

    morning.go_on(NOW + timedelta(minutes=5))
    assert sorted(to for _, to in morning.slack.posted) == [slack_id(number) for number in range(100)]


@on_sqlite
def test_when_slack_says_later_to_a_reply_nobody_else_is_written_to_either(morning: Morning) -> None:
    morning.slack.answers = lambda _method, _sent: (_ for _ in ()).throw(later(40))
    word = Message("Hello.", [])

    chat.say(morning.house, morning.slack, {"type": "message", "user": slack_id(3), "channel": "D0THREE"}, word)

    morning.now = NOW + SECOND * 39
    assert morning.tick() == 0
    assert morning.slack.calls["chat.postMessage"] == 1


@on_sqlite
def test_a_message_that_slack_never_answers_holds_up_nobody_elses(morning: Morning) -> None:
    asked: list[str] = []

    def silent(_method: str, sent: dict[str, Any]) -> None:
        if sent["channel"] == slack_id(3):
            asked.append(sent["channel"])
            raise TimeoutError

    morning.slack.answers = silent
    morning.go_on(NOW + timedelta(seconds=30))

    assert len(morning.slack.posted) == 99
    assert asked == [slack_id(3)]


@on_sqlite
def test_where_hundreds_are_gone_slack_is_not_asked_about_all_of_them_at_once(morning: Morning) -> None:
    tried: Counter[str] = Counter()

    def gone(method: str, sent: dict[str, Any]) -> dict[str, Any]:
        if method == "users.info":
            if morning.slack.calls[method] == 20:
                raise later(30)
            return {"ok": True, "user": {"id": sent["user"], "deleted": True}}
        tried[sent["metadata"]["event_payload"]["id"]] += 1
        raise refusal("user_disabled")

    morning.slack.answers = gone
    for seconds in range(30):
        morning.now = NOW + SECOND * seconds
        morning.tick()

    assert morning.slack.calls["users.info"] == 20, "then Slack said later"
    assert len(tried) >= 100
    assert set(tried.values()) == {1}
    with morning.store.read() as db:
        closed = [each for each in people.by_id(db, range(2, 102)).values() if each.gone_at is not None]
        assert len(closed) == 19, "the night's list tells of the others"


@on_sqlite
def test_whoever_rests_is_left_alone_however_many_others_are_due(store: Store) -> None:
    _programmes.seed(store, 300, due=600)
    morning = Morning(store)
    morning.slack.rests = lambda who: who.endswith("7")

    morning.go_on(NOW + 10 * MINUTE)

    told = {to for _, to in morning.slack.posted}
    assert told == {slack_id(number) for number in range(600) if not slack_id(number).endswith("7")}


@on_sqlite
def test_whoever_rests_is_left_alone_too_where_many_are_to_be_sent_once_more(store: Store) -> None:
    """Slack wanted all of them later, and by then some have their notifications off."""
    _programmes.seed(store, 20, due=25)
    morning = Morning(store)
    morning.slack.answers = lambda _method, _sent: (_ for _ in ()).throw(later(30))
    morning.tick()

    morning.slack.answers = lambda _method, _sent: None
    resting = {slack_id(number) for number in range(20, 25)}
    morning.slack.rests = lambda who: who in resting
    morning.go_on(NOW + 10 * MINUTE)

    assert {to for _, to in morning.slack.posted} == {slack_id(number) for number in range(20)}


@on_sqlite
def test_an_answer_that_slack_wanted_later_comes_then_and_not_after_all_the_others(store: Store) -> None:
    _programmes.seed(store, 160, due=300)
    morning = Morning(store)
    morning.tick()
    with morning.store.begin() as db:
        for member, _ in members.locked(db, 310):
            members.leave(db, [member], morning.now)
    for other in range(400, 450):
        gate.spoke(morning.house, gate.dm(other))  # people who act use up what others wait for
    who, told = slack_id(308), list[str]()

    def busy(method: str, sent: dict[str, Any]) -> None:
        if (method, sent["channel"], told) == ("chat.postMessage", who, []):
            told.append("later")
            raise later(2)

    morning.slack.answers = busy
    morning.tick()
    morning.go_on(NOW + MINUTE / 2)

    assert told == ["later"]
    [at] = [at for at, to in morning.slack.posted if to == who]
    assert at - NOW <= 2 * SECOND + gate.CLOCKS_DISAGREE + SECOND
    assert len(morning.slack.posted) < 200, "many still wait"


@on_sqlite
def test_two_messages_to_one_person_are_a_second_apart(morning: Morning) -> None:
    """Somebody is asked whether they met, and leaves in that moment; their partner is asked, and hears of it."""
    with morning.store.begin() as db:
        them = people.by_id(db, [90, 91])
        for member, _ in members.locked(db, 90):
            members.leave(db, [member], morning.now)
        agenda.touch(db, WORKSPACE, list(them), morning.now)
    morning.go_on(NOW + timedelta(minutes=5))

    for who in (slack_id(88), slack_id(89)):
        theirs = sorted(at for at, to in morning.slack.posted if to == who)
        assert all(second - first >= SECOND for first, second in pairwise(theirs))
