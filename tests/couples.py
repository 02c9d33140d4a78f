"""Pairs made in an empty workspace, whose people act through the bot's own listeners, with a Slack in this process."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import make
from cryptography.fernet import Fernet
from lives import Life
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import working_time
from bot.house import House
from bot.reflection import listeners as reflection
from bot.sessions import listeners as talks
from bot.settings import Settings
from bot.slack.kit import Answers
from bot.slack.listening import Ask, Form
from bot.slack.who import heard_from
from bot.writing import taking
from store import agenda, members, pairs, people, sessions
from store.database import Store
from store.models import Cadence, Person, Session, Side

Answer = Callable[[str, dict[str, Any]], dict[str, Any] | None]
TICK = timedelta(microseconds=1)


class Slack(WebClient):
    """Takes everything at once, unless told otherwise; not what is for a closed account. No conversation is kept."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__("xoxb-test")
        self.clock = clock
        self.calls: Counter[str] = Counter()
        self.closed: set[str] = set()
        self.refused: set[str] = set()
        self._numbers = count(1)

    def api_call(self, api_method: str, **call: Any) -> Any:
        sent = {**(call.get("params") or {}), **(call.get("json") or {})}
        self.calls[api_method] += 1
        return self.answer(api_method, sent)

    def answer(self, method: str, sent: dict[str, Any]) -> dict[str, Any]:
        match method:
            case "conversations.open":
                return self._opened(sent["users"].split(",") if isinstance(sent["users"], str) else sent["users"])
            case "chat.postMessage":
                self.refuse({sent["channel"]} & self.closed, "user_disabled")
                channel, ts = sent["channel"].replace("U0", "D0"), self.stamp()
                self.posted(channel, ts, sent)
                return {"ok": True, "channel": channel, "ts": ts}
            case "dnd.teamInfo":
                return {"ok": True, "users": {}}
            case "users.info":
                return {"ok": True, "user": {"id": sent["user"], "deleted": sent["user"] in self.closed}}
            case "views.open" | "views.push" | "views.update":
                return {"ok": True, "view": {"id": "V0VIEW", "hash": "1"}}
        raise AssertionError(f"nothing else is asked of Slack: {method}")

    def posted(self, channel: str, ts: str, sent: dict[str, Any]) -> None:
        """What becomes of it is whoever's who wants to know."""

    def stamp(self) -> str:
        return f"{next(self._numbers)}.000001"

    def _opened(self, users: Sequence[str]) -> dict[str, Any]:
        self.refuse({each for each in users if each in self.closed}, "users_not_found")
        if len(users) == 1:
            return {"ok": True, "channel": {"id": users[0].replace("U0", "D0")}}
        return {"ok": True, "channel": {"id": "G0" + "".join(sorted(users)).replace("U0", "")}}

    def refuse(self, gone: set[str], code: str) -> None:
        self.refused |= gone
        if gone:
            raise refusal(code)


def refusal(code: str, status: int = 200, headers: Mapping[str, str] | None = None) -> SlackApiError:
    class Response(dict[str, object]):
        status_code = status

    answer = Response(ok=False, error=code)
    answer.headers = dict(headers or {})  # type: ignore[attr-defined]
    return SlackApiError("refused", answer)


@dataclass
class Couples(Life):
    """People of one programme and their pairs."""

    slack: Slack = field(init=False)
    people: dict[int, str] = field(default_factory=dict)
    """Their Slack ids, by their own."""
    pairs: list[int] = field(default_factory=list)
    acted: dict[int, datetime] = field(default_factory=dict)
    """When each of them did something last."""
    numbers: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        self.slack = self.new_slack()
        self.house = self.new_house(self.store, lambda: self.now)

    def new_slack(self) -> Slack:
        return Slack(lambda: self.now)

    def new_house(self, store: Store, clock: Callable[[], datetime], **env: Any) -> House:
        told = {"SLACK_BOT_TOKEN": "xoxb-test", "SLACK_SIGNING_SECRET": "made-up"} | env
        settings = Settings(**told, FLIPSIDE_KEYS=Fernet.generate_key().decode())
        return House(settings, store, make.words(), clock, self.slack, make.WORKSPACE)

    def pair_up(
        self,
        everyone: Mapping[str, dict[str, Any]],
        couples: Sequence[tuple[str, str]],
        months: int | None,
        cadence: Cadence,
    ) -> None:
        """These people, by Slack id, are paired just now, mentor and mentee; nobody has been introduced yet."""
        self.empty()
        with self.store.begin() as db:
            known = {slack_id: make.person(slack_id, id=None, **facts) for slack_id, facts in everyone.items()}
            noor = make.person("U0NOOR", id=None)
            db.add_all([*known.values(), noor])
            db.flush()
            programme = make.programme(id=None, created_by=noor.id, months=months, cadence=cadence)
            db.add(programme)
            db.flush()
            scope: dict[str, Any] = {"programme_id": programme.id, "id": None}
            mentors = {mentor for mentor, _ in couples}
            places = {
                slack_id: make.member(
                    Side.MENTOR if slack_id in mentors else Side.MENTEE, person_id=each.id, capacity=2, **scope
                )
                for slack_id, each in known.items()
            }
            round_ = make.round_(created_by=noor.id, **scope)
            db.add_all([*places.values(), round_])
            db.flush()
            made = [
                make.pair(
                    round_id=round_.id, mentor_id=places[mentor].id, mentee_id=places[mentee].id, introduced_at=None,
                    ends_at=None, **scope,
                )
                for mentor, mentee in couples
            ]  # fmt: skip
            db.add_all(made)
            db.flush()
            self.people = {each.id: each.slack_id for each in known.values()}
            self.acted = dict.fromkeys(self.people, self.now)  # they have joined
            self.pairs = [pair.id for pair in made]
            self.programme, self.coordinator = programme, noor.id
            agenda.touch(db, make.WORKSPACE, list(self.people), self.now)

    # What they do

    def me(self, person_id: int) -> Person:
        self.acted[person_id] = self.now
        with self.store.read() as db:
            me = people.get(db, person_id)
        heard_from(self.house, me)  # as at each door
        return me

    def ask(self, who: int, value: str = "") -> Ask:
        filled = Answers({})
        return Ask(self.house, self.slack, self.me(who), self.now, value, "T", None, None, {}, filled)

    def form(self, who: int, private: str, filled: dict[str, dict[str, Any]]) -> Form:
        answers = Answers({"state": {"values": {name: {"x": each} for name, each in filled.items()}}})
        view_id = f"V{next(self.numbers)}"
        return Form(self.house, self.slack, self.me(who), self.now, answers, private, view_id, tuple(filled))

    def both(self, pair_id: int) -> tuple[int, int]:
        with self.store.read() as db:
            mentor, mentee = pairs.people(db, pairs.get(db, pair_id))
        return mentor.id, mentee.id

    def talks(self, pair_id: int) -> list[Session]:
        with self.store.read() as db:
            return sessions.of_pairs(db, [pair_id])[pair_id]

    def book(self, pair_id: int, who: int, hours: int) -> None:
        """A date so many hours ahead; moves the one there is."""
        at = self.now + timedelta(hours=hours)
        local = at.astimezone(working_time.zone(self.me(who).zone))
        filled = {"day": {"selected_date": f"{local:%Y-%m-%d}"}, "time": {"selected_time": f"{local:%H:%M}"}}
        talks.date_filed(self.form(who, f"{pair_id}:", filled))

    def press_of_last(self, pair_id: int, press: Callable[[Ask], None], who: int) -> None:
        if mine := self.talks(pair_id):
            press(self.ask(who, f"{mine[-1].id}:{mine[-1].sequence}"))

    def write(self, who: int) -> None:
        """An answer to what they were asked."""
        ts = f"{int(self.now.timestamp())}.{next(self.numbers):06}"
        me = self.me(who)
        with self.store.begin() as db:
            questions = reflection.meant(db, me, None, self.now)
            taking.answer(db, me, taking.Post(f"D{who}", ts, None, "Yes."), questions, self.now)

    def move_house(self, who: int, place: tuple[str, str | None]) -> None:
        with self.store.begin() as db:
            me = people.get(db, who)
            me.zone, me.country = place
            agenda.touch(db, make.WORKSPACE, [who, *pairs.partners(db, who, self.now)], self.now)

    def be_gone(self, who: int) -> None:
        with self.store.begin() as db:
            members.gone(db, people.get(db, who), self.now)
