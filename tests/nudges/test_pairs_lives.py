"""Lives of one or two pairs from their introduction on: whatever they do, what the bot sends keeps its promises.

All of it is the bot's own, from what somebody presses to the message that is built and sent, with a Slack in this
process that takes everything at once.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import make
import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lives import Life
from slack_sdk import WebClient
from sqlalchemy import select

from bot import themes, working_time
from bot.ending import listeners as ending
from bot.house import House
from bot.membership import listeners as membership
from bot.nudges import tick
from bot.nudges.rules import BUDGET, FRESH, WEEK
from bot.reflection import listeners as reflection
from bot.sessions import cancelling
from bot.sessions import listeners as talks
from bot.settings import Settings
from bot.slack.kit import Answers
from bot.slack.listening import Ask, Form
from bot.writing import taking
from store import agenda, members, nudges, pairs, people, sessions
from store.database import Store
from store.models import Cadence, Delivery, MemberState, Nudge, Onward, Person, Session, Side

PLACES = (
    ("Europe/Lisbon", "PT"),
    ("America/New_York", "US"),
    ("Asia/Kathmandu", None),
    ("Pacific/Auckland", "NZ"),
    ("Pacific/Pago_Pago", None),
)
ANSWERS = {"joined", "left", "booked", "cancelled", "reflection_kept", "which_question"}
"""What may come at night: to somebody who has just done something."""
AFTER_LEAVING = {"left"}
PRESSING = {"reminder"}
NEAR = timedelta(days=30)


class Slack(WebClient):
    """Takes everything at once, and says so to whoever wants to know."""

    def __init__(self, posted: Callable[[str, str, str], None]) -> None:
        super().__init__("xoxb-test")
        self._posted = posted
        self._numbers = count(1)

    def api_call(self, api_method: str, **call: Any) -> Any:
        sent = {**(call.get("params") or {}), **(call.get("json") or {})}
        match api_method:
            case "conversations.open":
                return {"ok": True, "channel": {"id": "G0" + "".join(sent["users"]).replace("U0", "")}}
            case "chat.postMessage":
                mark = sent["metadata"]["event_payload"]["id"]
                self._posted(sent["channel"], sent["text"], mark)
                return {
                    "ok": True,
                    "channel": sent["channel"].replace("U0", "D0"),
                    "ts": f"{next(self._numbers)}.000001",
                }
            case "views.open" | "views.push" | "views.update":
                return {"ok": True, "view": {"id": "V0VIEW", "hash": "1"}}
        raise AssertionError(f"nothing else is asked of Slack: {api_method}")


@dataclass(frozen=True)
class Said:
    """A message that went out."""

    at: datetime
    to: tuple[int, ...]
    kinds: tuple[str, ...]
    nudges: tuple[Nudge, ...]
    text: str

    @property
    def is_nudge(self) -> bool:
        return not any(nudge.is_notice for nudge in self.nudges)


@dataclass
class PairsLife(Life):
    """Ana mentors Oliver, and in some lives Kofi too."""

    people: dict[int, str] = field(default_factory=dict)
    pairs: list[int] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    acted: dict[int, datetime] = field(default_factory=dict)
    months: dict[int, int] = field(default_factory=dict)
    """In which month of the pair each talk was to be, by the mentee's calendar of then, when they prepared for it."""
    prepared: set[int | None] = field(default_factory=set)
    trouble: Exception | None = None
    numbers: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        env: dict[str, Any] = {"SLACK_BOT_TOKEN": "xoxb-test", "SLACK_SIGNING_SECRET": "made-up"}
        house = Settings(**env, FLIPSIDE_KEYS=Fernet.generate_key().decode())
        self.slack = Slack(self._posted)
        self.house = House(house, self.store, make.words(), lambda: self.now, self.slack, make.WORKSPACE)

    def begin(self, places: list[tuple[str, str | None]], months: int | None, cadence: Cadence) -> None:
        """They have just been paired, and live on until they are introduced."""
        self.empty()
        ids = ("U0ANA", "U0OLIVER", "U0KOFI")
        with self.store.begin() as db:
            everyone = [
                make.person(slack_id, id=None, zone=zone, country=country)
                for slack_id, (zone, country) in zip(ids, places, strict=False)
            ]
            noor = make.person("U0NOOR", id=None)
            db.add_all([*everyone, noor])
            db.flush()
            programme = make.programme(id=None, created_by=noor.id, months=months, cadence=cadence)
            db.add(programme)
            db.flush()
            scope: dict[str, Any] = {"programme_id": programme.id, "id": None}
            sides = [Side.MENTOR, *[Side.MENTEE] * (len(everyone) - 1)]
            places_ = [
                make.member(side, person_id=each.id, capacity=2, **scope)
                for side, each in zip(sides, everyone, strict=True)
            ]
            round_ = make.round_(created_by=noor.id, **scope)
            db.add_all([*places_, round_])
            db.flush()
            mentor, *mentees = places_
            made = [
                make.pair(
                    round_id=round_.id, mentor_id=mentor.id, mentee_id=mentee.id, introduced_at=None, ends_at=None,
                    **scope,
                )
                for mentee in mentees
            ]  # fmt: skip
            db.add_all(made)
            db.flush()
            self.people = {each.id: each.slack_id for each in everyone}
            self.acted = dict.fromkeys(self.people, self.now)  # they have joined
            self.pairs = [pair.id for pair in made]
            self.programme = programme
            agenda.touch(db, make.WORKSPACE, list(self.people), self.now)
        self.pass_time(24 * 7, is_down=False)
        with self.store.read() as db:
            assert all(pairs.get(db, pair_id).introduced_at for pair_id in self.pairs)

    def look(self) -> None:
        tick.tick(self.house)
        if self.trouble is not None:
            raise self.trouble
        with self.store.read() as db:
            assert not any(nudges.unsettled(db, person_id=each) for each in self.people), "a message that isn't sent"

    def _posted(self, channel: str, text: str, mark: str) -> None:
        """What is wrong is kept for later: the tick goes on whatever happens to one message."""
        try:
            self._judge(channel, text, mark)
        except Exception as error:
            self.trouble = self.trouble or error

    def _judge(self, channel: str, text: str, mark: str) -> None:
        """Looked at as it arrives: zones and places change."""
        with self.store.read() as db:
            delivery = db.scalars(select(Delivery).where(Delivery.mark == mark)).one()
            carried = nudges.of_delivery(db, delivery.id)
            of_pairs = [pairs.get(db, nudge.pair_id) for nudge in carried if nudge.pair_id]
            to = [delivery.person_id or 0]
            if channel.startswith("G"):  # whose nudge it is comes first
                to += [each.id for each in pairs.people(db, of_pairs[0]) if each.id not in to]
            them = {each: people.get(db, each) for each in to}
            states = {each: members.of_person(db, each)[0][0].state for each in self.people}
            both = {each.id for pair in of_pairs for each in pairs.people(db, pair)}
        said = Said(self.now, tuple(to), tuple(nudge.kind for nudge in carried), tuple(carried), text)
        self.said.append(said)
        self.prepared |= {nudge.session_id for nudge in carried if nudge.kind == "preparation"}
        kinds = set(said.kinds)
        assert kinds, "an empty message"
        for each in to:
            is_out = states[each] is MemberState.LEFT
            assert not is_out or kinds <= AFTER_LEAVING, f"{kinds} after leaving"
        if any(pair.ended_at for pair in of_pairs):
            assert kinds <= {"partner_left"}, f"{kinds} after the pair has ended"
        if said.is_nudge:
            assert all(states[each] is MemberState.ACTIVE for each in both), f"{kinds} on a pause"
        self._is_welcome(said, them)

    def _is_welcome(self, said: Said, them: dict[int, Person]) -> None:
        """Within the working hours of all who see it, or the answer to what they have just done."""
        asleep = [each for each in said.to if not working_time.of(them[each]).is_open(self.now)]
        has_acted = self.now - self.acted.get(said.to[0], make.MONDAY - WEEK) < FRESH
        if not asleep or (set(said.kinds) <= ANSWERS and has_acted):
            return
        theirs = [working_time.of(each) for each in them.values()]
        moments = (self.now + timedelta(minutes=15) * number for number in range(4 * 24 * 14))
        never_meet = len(theirs) > 1 and not any(all(each.is_open(at) for each in theirs) for at in moments)
        wakes = f"{said.kinds} wakes {asleep} at {self.now}"
        assert never_meet, wakes
        assert said.to[0] not in asleep, wakes

    # What they do

    def _me(self, person_id: int) -> Person:
        self.acted[person_id] = self.now
        with self.store.read() as db:
            return people.get(db, person_id)

    def _ask(self, who: int, value: str = "") -> Ask:
        filled = Answers({})
        return Ask(self.house, self.slack, self._me(who), self.now, value, "T", None, None, {}, filled)

    def both(self, pair_id: int) -> tuple[int, int]:
        with self.store.read() as db:
            mentor, mentee = pairs.people(db, pairs.get(db, pair_id))
        return mentor.id, mentee.id

    def talks(self, pair_id: int) -> list[Session]:
        with self.store.read() as db:
            return sessions.of_pairs(db, [pair_id])[pair_id]

    def book(self, pair_id: int, who: int, hours: int) -> None:
        """A date so many hours ahead; moves the one there is."""
        me = self._me(who)
        at = self.now + timedelta(hours=hours)
        local = at.astimezone(working_time.zone(me.zone))
        filled = {
            "day": {"x": {"selected_date": f"{local:%Y-%m-%d}"}},
            "time": {"x": {"selected_time": f"{local:%H:%M}"}},
        }
        answers = Answers({"state": {"values": filled}})
        talks.date_filed(
            Form(
                self.house, self.slack, me, self.now, answers, f"{pair_id}:", f"V{next(self.numbers)}", ("day", "time")
            )
        )
        for session in self.talks(pair_id):
            if session.booked_at == self.now and session.id not in self.prepared:
                self.months[session.id] = self._month(pair_id, session.starts_at)

    def _month(self, pair_id: int, at: datetime) -> int:
        with self.store.read() as db:
            pair = pairs.get(db, pair_id)
            calendar = working_time.of(pairs.people(db, pair)[1])
        assert pair.introduced_at is not None
        return themes.month_of(calendar.local_date(pair.introduced_at), calendar.local_date(at))

    def press_of_last(self, pair_id: int, press: Callable[[Ask], None], who: int) -> None:
        if mine := self.talks(pair_id):
            press(self._ask(who, f"{mine[-1].id}:{mine[-1].sequence}"))

    def meet(self, pair_id: int, who: int, hours: int) -> None:
        """They set a date, talk, and one of them says so: at once, or only the week after."""
        self.book(pair_id, who, hours)
        mine = self.talks(pair_id)
        if mine and self.now < mine[-1].starts_at <= self.now + NEAR:
            self.pass_until(mine[-1].starts_at + timedelta(hours=1 + hours % 150))
            self.press_of_last(pair_id, talks.met, who)

    def write(self, who: int) -> None:
        """An answer to what they were asked."""
        ts = f"{int(self.now.timestamp())}.{next(self.numbers):06}"
        me = self._me(who)
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

    def act(self, what: str, number: int, is_mentor: bool, amount: int) -> None:
        pair_id = self.pairs[number % len(self.pairs)]
        who = self.both(pair_id)[0 if is_mentor else 1]
        match what:
            case "meet":
                self.meet(pair_id, who, amount)
            case "book":
                self.book(pair_id, who, amount)
            case "met":
                self.press_of_last(pair_id, talks.met, who)
            case "missed":
                self.press_of_last(pair_id, talks.not_this_month, who)
            case "cancel":
                self.press_of_last(pair_id, cancelling.cancel, who)
            case "write":
                self.write(who)
            case "pause":
                day = self.now.date() + timedelta(days=2 + amount // 24)
                membership.pause(self._ask(who, "" if amount % 5 == 0 else day.isoformat()))
            case "resume":
                membership.resume(self._ask(who))
            case "choose":
                with self.store.read() as db:
                    end = pairs.get(db, pair_id).ending
                onward = list(Onward)[amount % len(Onward)]
                ending.choose(self._ask(who, f"{pair_id}:{end}:{onward.value}"))
            case "move house":
                self.move_house(who, PLACES[amount % len(PLACES)])
            case "leave":
                membership.left(self._ask(who, str(self.programme.id)))
            case "gone":
                self.be_gone(who)
        self.look()

    # What can be asked of it

    def keeps_its_promises(self) -> None:
        for person_id in self.people:
            self._asks_nothing_twice(person_id)
            self._keeps_the_budget(person_id)
        for pair_id in self.pairs:
            self._has_its_themes_in_order(pair_id)
            self._is_in_step(pair_id)

    def _asks_nothing_twice(self, person_id: int) -> None:
        told = [nudge for said in self.said if person_id in said.to for nudge in said.nudges]
        bank = Counter(nudge.question for nudge in told if nudge.question in make.words().twins)
        assert [question for question, times in bank.items() if times > 1] == []
        looks = Counter(nudge.key for nudge in told)
        assert [key for key, times in looks.items() if times > 1] == []

    def _keeps_the_budget(self, person_id: int) -> None:
        mine = [said for said in self.said if said.is_nudge and person_id in said.to]
        for number, said in enumerate(mine):
            before = [each for each in mine[:number] if each.at > said.at - WEEK]
            assert len(before) < BUDGET or set(said.kinds) <= PRESSING, f"{said.kinds} at {said.at}"

    def _has_its_themes_in_order(self, pair_id: int) -> None:
        so_far = 1
        for session in self.talks(pair_id):
            so_far = max(so_far, self.months[session.id])
            theme = themes.theme_of(so_far, self.programme.months)
            assert session.theme == theme, f"talk {session.number}"

    def _is_in_step(self, pair_id: int) -> None:
        """What the two were asked about a talk is one question, each in the words of their side."""
        mentor, _ = self.both(pair_id)
        asked = [
            (nudge, said)
            for said in self.said
            for nudge in said.nudges
            if nudge.pair_id == pair_id and nudge.kind in ("preparation", "reflection")
        ]
        for session in self.talks(pair_id):
            for kind in ("preparation", "reflection"):
                mine = [(nudge, said) for nudge, said in asked if (nudge.session_id, nudge.kind) == (session.id, kind)]
                assert {nudge.question for nudge, _ in mine} <= {getattr(session, kind)}
                for nudge, said in mine:
                    side = Side.MENTOR if nudge.person_id == mentor else Side.MENTEE
                    assert (make.words().question(nudge.question, side) or "") in said.text


HOURS = st.integers(1, 24 * 25)
OFTEN = st.sampled_from(["meet"] * 6 + ["book", "met", "missed", "cancel", "write", "choose"])
SELDOM = st.sampled_from(["pause", "resume", "resume", "move house", "write", "cancel", "book", "choose"])
GOES = st.sampled_from(["leave", "gone"])
SILENCE = st.sampled_from([0, 1, 10, 30, 24 * 4]) | st.integers(0, 24 * 40)


def acts(what: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[list[Any]]:
    one = st.tuples(what, st.integers(0, 1), st.booleans(), HOURS)
    return st.lists(
        st.tuples(one, SILENCE, st.sampled_from([False, False, False, True])), min_size=least, max_size=most
    )


STORIES = st.tuples(acts(OFTEN, 2, 4), acts(SELDOM, 0, 2), acts(OFTEN, 1, 3), acts(GOES, 0, 1), acts(OFTEN, 0, 1)).map(
    lambda parts: [each for part in parts for each in part]
)
PROGRAMMES = st.tuples(st.sampled_from([3, 6, 12, None]), st.sampled_from(Cadence))
lived = given(st.lists(st.sampled_from(PLACES), min_size=2, max_size=3), PROGRAMMES, STORIES)
Story = list[tuple[tuple[str, int, bool, int], int, bool]]


def live(
    store: Store, places: list[tuple[str, str | None]], programme: tuple[int | None, Cadence], story: Story
) -> None:
    life = PairsLife(store)
    life.begin(places, *programme)
    for act, hours, is_down in story:
        life.act(*act)
        life.pass_time(hours, is_down=is_down)
    life.pass_time(24 * 14, is_down=False)
    life.keeps_its_promises()


def on(kind: str, examples: int) -> Callable[[Any], Any]:
    """Few on PostgreSQL: there it is the statements that are looked at, here the rules."""
    few = settings(
        max_examples=examples,
        derandomize=True,  # the same lives on every machine, so that a failure is of the change at hand
        phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a life takes a second: making it smaller takes minutes
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    return lambda test: pytest.mark.parametrize("store", [kind], indirect=True)(few(test))


@on("sqlite", 6)
@lived
def test_whatever_pairs_do_all_that_reaches_them_is_welcome_new_and_in_order(
    store: Store, places: list[tuple[str, str | None]], programme: tuple[int | None, Cadence], story: Story
) -> None:
    live(store, places, programme, story)


@on("postgresql", 2)
@lived
def test_so_it_is_on_postgresql(
    store: Store, places: list[tuple[str, str | None]], programme: tuple[int | None, Cadence], story: Story
) -> None:
    live(store, places, programme, story)
