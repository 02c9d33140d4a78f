"""What people do in six months, by a seed: they book, move, cancel, meet, answer, pause, leave.

They see what a person sees, the buttons of the messages that reach them, and press them hours or days later or never.
What they do is stored by the listeners' own functions, all of an hour in one transaction; the answers, forms and Homes
that would show it are left out.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session as Db

from bot.ending import listeners as ending
from bot.house import House
from bot.membership import listeners as membership
from bot.nudges import attention
from bot.reflection import listeners as reflection
from bot.sessions import cancelling
from bot.sessions import listeners as talks
from bot.slack.kit import Answers
from bot.slack.listening import Ask
from bot.writing import taking
from store import agenda, pairs, people, snapshots
from store.database import Store
from store.models import Onward, Pair, Session, SessionState
from store.snapshots import Partnership, Snapshot
from tests.benchmarks._people import DAY, FOR_EVER, HOUR, NEWS, PLACES, SHIFTS, Couple, Letter, One, buttons

BEFORE = datetime(2000, 1, 1, tzinfo=UTC)


class AtOnce(Store):
    """Many acts in one transaction."""

    def __init__(self, store: Store) -> None:
        self.keys, self.engine, self._real = store.keys, store.engine, store
        self._db: Db | None = None

    @property
    def under_way(self) -> Db:
        assert self._db is not None
        return self._db

    @contextmanager
    def together(self) -> Iterator[None]:
        with self._real.begin() as self._db:
            yield
        self._db = None

    @contextmanager
    def begin(self) -> Iterator[Db]:
        yield self.under_way
        self.under_way.flush()

    read = begin


_NEWEST = (
    select(Session.id, Session.sequence, Session.starts_at, Session.booked_at, Session.state)
    .where(Session.pair_id == bindparam("pair"))
    .order_by(Session.number.desc())
    .limit(1)
)
Act = Callable[["Life", One, Any], None]
Doing = tuple[One, Act, Any]


class Life:
    """What everybody does, hour by hour."""

    def __init__(
        self,
        store: Store,
        house: House | None,
        everyone: Sequence[One],
        couples: Sequence[Couple],
        ends_at: datetime,
        first_hour: datetime,
    ) -> None:
        self.everyone = {one.id: one for one in everyone}
        self.by_slack_id = {one.slack_id: one for one in everyone}
        self.couples = {couple.id: couple for couple in couples}
        self.ends_at, self._first_hour = ends_at, first_hour
        self.booked: dict[int, list[datetime]] = {}
        """When each talk got, lost or changed its date, by its id."""
        self.acts = 0
        self._of: dict[int, list[Couple]] = {}
        for couple in couples:
            for one in couple.both:
                self._of.setdefault(one.id, []).append(couple)
        self._together = AtOnce(store)
        self._store = store
        self._bot = replace(house, store=self._together) if house is not None else None
        self._coming: list[tuple[datetime, int, int, Act, Any]] = []
        self._numbers = count()
        self._known: dict[int, Snapshot] = {}
        self.now = datetime.min.replace(tzinfo=UTC)

    # ---- The clock

    def next_act(self) -> datetime | None:
        return self._coming[0][0] if self._coming else None

    def later(self, one: One, at: datetime, act: Act, what: Any = None) -> None:
        if at < self.ends_at:
            hours = -((self._first_hour - at) // HOUR)  # rounded up
            heappush(self._coming, (self._first_hour + hours * HOUR, one.id, next(self._numbers), act, what))

    def act_at(self, now: datetime) -> None:
        """All that is done by then."""
        self.now = now
        if self._coming and self._coming[0][0] <= now:
            with self._together.together():
                self.act_by(now)

    def act_by(self, now: datetime) -> None:
        doings = self.due(now)
        self.look_around([one for one, _, _ in doings])
        for one, act, what in doings:
            if not one.is_out:
                self.acts += 1
                one.acted_at = now
                self.do(act, one, what)

    def due(self, now: datetime) -> list[Doing]:
        """Who does what, in the order in which they thought of it."""
        found = []
        while self._coming and self._coming[0][0] <= now:
            _, who, _, act, what = heappop(self._coming)
            found.append((self.everyone[who], act, what))
        return found

    def look_around(self, them: Sequence[One]) -> None:
        """How the affairs of all who do something in this hour stand, read at once."""
        self._known = snapshots.of_people(self.db, sorted({one.id for one in them}))

    def partnership(self, one: One, pair_id: int) -> Partnership | None:
        known = self._known.get(one.id)
        if known is not None:
            return next((each for each in known.partnerships if each.pair.id == pair_id), None)
        return snapshots.partnership(self.db, people.get(self.db, one.id), pair_id)

    def do(self, act: Act, one: One, what: Any) -> None:
        act(self, one, what)
        if act is not met and act is not not_this_month:  # these change nothing but a talk, which all see as it is
            for each in (one, *self.partners(one)):
                self._known.pop(each.id, None)

    @property
    def db(self) -> Db:
        """The transaction of this hour."""
        return self._together.under_way

    @property
    def house(self) -> House:
        assert self._bot is not None
        return self._bot

    # ---- What they see

    def sees(self, one: One, letter: Letter) -> None:
        """A message is there: they do something about it in a while, or not."""
        shown = buttons(letter.blocks)
        offered = [value for name, value in shown if name.startswith("sessions.suggested.")]
        has_date = any(name == "sessions.cancel" for name, _ in shown)
        for name, value in shown:
            if name == "go.meet" and one.plans and not has_date:
                self._thinks_of_a_date(one, int(value), offered)
            elif name == "sessions.met":
                self._was_it_held(one, value)
        choices = [value for name, value in shown if name.startswith("ending.choose")]
        if choices and one.chance.random() < 0.7:
            self.later(one, self._soon(one, 20), choose, one.chance.choice(choices))
        menu = [value for name, value in shown if name == "nudges.menu"]
        if menu and one.chance.random() < 0.03:
            self.later(one, self._soon(one, 0.5), attend, one.chance.choice(menu))
        if "reflection" in letter.text.casefold() and one.chance.random() < 0.05:
            self.later(one, self._soon(one, 4), write)

    def _thinks_of_a_date(self, one: One, pair_id: int, offered: Sequence[str]) -> None:
        couple, chance = self.couples[pair_id], one.chance
        if one is not couple.mentee or chance.random() < 0.25:
            return
        if offered and chance.random() < 0.8:
            self.later(one, self._soon(one, 12), press_a_date, chance.choice(offered))
        else:
            self.later(one, self._soon(one, 24), book, pair_id)

    def _was_it_held(self, one: One, value: str) -> None:
        drawn = one.chance.random()
        if drawn < 0.75:
            self.later(one, self._soon(one, 5), met, value)
        elif drawn < 0.85:
            self.later(one, self._soon(one, 5), not_this_month, value)

    def _soon(self, one: One, hours: float) -> datetime:
        """So many hours later or so; mostly while they are at work."""
        at = self.now + timedelta(hours=one.chance.expovariate(1 / hours))
        if one.chance.random() < 0.85:
            for _ in range(24 * 7):
                if one.is_at_work(at):
                    break
                at += HOUR
        return at

    # ---- What comes of itself

    def begin(self, now: datetime) -> None:
        """A few will pause, leave, move or choose other hours one day."""
        self.now = now
        days = (self.ends_at - now) / DAY
        for one in self.everyone.values():
            for share, act in ((0.10, pause), (0.05, leave), (0.05, move_house), (0.04, other_hours)):
                if one.chance.random() < share:
                    self.later(one, now + DAY * one.chance.uniform(5, max(6.0, days)), act)

    def partners(self, one: One) -> list[One]:
        return [each for couple in self._of.get(one.id, ()) for each in couple.both if each is not one]

    # ---- What they do it with

    def ask(self, one: One, value: str = "") -> Ask:
        me = people.get(self.db, one.id)
        return Ask(self.house, self.house.client, me, self.now, value, "T", None, None, {}, Answers({}))

    def some_day(self, one: One) -> tuple[str, str]:
        """A day and a time by their own clock: a few later today or tomorrow, most within the month."""
        days = one.chance.choice((0, 1, 1, 2)) if one.chance.random() < 0.12 else one.chance.randint(2, 24)
        day = one.wall(self.now).date() + timedelta(days=days)
        return day.isoformat(), f"{one.chance.randint(9, 16):02}:{one.chance.choice((0, 30)):02}"

    def pauses(self, one: One) -> str:
        """Until which day; some go on before it."""
        day = self.now.date() + timedelta(days=one.chance.randint(4, 30))
        one.changes(self.now, datetime.combine(day, time(), UTC) + NEWS + NEWS)
        if one.chance.random() < 0.3:
            self.later(one, self.now + DAY * one.chance.uniform(1, 10), resume)
        return day.isoformat()

    def _newest(self, pair_id: int) -> Any:
        with self._reading() as db:
            return db.execute(_NEWEST, {"pair": pair_id}).first()

    @contextmanager
    def _reading(self) -> Iterator[Db]:
        if self._bot is not None:
            yield self.db
            return
        with self._store.read() as db:
            yield db

    def has_booked(self, one: One, pair_id: int) -> None:
        """The date stands, as far as it could be set; some are moved or cancelled before they come."""
        found = self._newest(pair_id)
        is_new = found is not None and self.booked.get(found.id, [BEFORE])[-1] < found.booked_at
        if found is None or found.state is not SessionState.PLANNED or not is_new:
            return
        self.booked.setdefault(found.id, []).append(found.booked_at)
        couple, chance = self.couples[pair_id], one.chance
        drawn, before = chance.random(), self.now + (found.starts_at - self.now) * chance.random()
        if drawn < 0.12:
            self.later(chance.choice(couple.both), before, book, pair_id)
        elif drawn < 0.18:
            self.later(chance.choice(couple.both), before, cancel, f"{found.id}:{found.sequence}")


# ---- Acts


def book(life: Life, one: One, pair_id: int) -> None:
    """By the form; a few for tomorrow or later today, most within the month."""
    picked = life.some_day(one)
    talks.set_date(life.db, life.house.prompts, life.partnership(one, pair_id), None, picked, life.now)
    life.has_booked(one, pair_id)


def press_a_date(life: Life, one: One, value: str) -> None:
    pair_id, _, moment = value.partition(":")
    talks.take_date(life.db, life.house.prompts, life.partnership(one, int(pair_id)), moment, life.now)
    life.has_booked(one, int(pair_id))


def cancel(life: Life, one: One, value: str) -> None:
    session_id, _, sequence = value.partition(":")
    each = life.partnership(one, life.db.get_one(Session, int(session_id)).pair_id)
    if each is not None:
        cancelling.cancel_in(life.db, each, int(session_id), int(sequence), life.now)
    life.booked[int(session_id)].append(life.now)


def met(life: Life, _: One, value: str) -> None:
    """What the press stores; the form for notes that it opens is left out."""
    _settle(life, value, SessionState.HELD)


def not_this_month(life: Life, _: One, value: str) -> None:
    _settle(life, value, SessionState.MISSED)


def _settle(life: Life, value: str, state: SessionState) -> None:
    session_id, _, sequence = value.partition(":")
    session = life.db.get_one(Session, int(session_id))
    if str(session.sequence) == sequence:
        talks.settle_in(life.db, session.id, state, life.now)


def choose(life: Life, one: One, value: str) -> None:
    pair_id, _, rest = value.partition(":")
    last, _, onward = rest.rpartition(":")
    ending.choose_in(life.db, life.partnership(one, int(pair_id)), last, Onward(onward), life.now)


def write(life: Life, one: One, _: Any) -> None:
    """A few words back, as an answer to what they were asked."""
    db, me = life.db, people.get(life.db, one.id)
    ts = f"{int(life.now.timestamp())}.{next(life._numbers):06}"
    questions = reflection.meant(db, me, None, life.now)
    taking.answer(db, me, taking.Post(f"D{one.slack_id[1:]}", ts, None, "Yes."), questions, life.now)


def attend(life: Life, one: One, value: str) -> None:
    """Later, or fewer of these, from the menu below a nudge."""
    word = value.partition(":")[0]
    if word == "why":
        return
    attention.chosen(life.ask(one, value))
    one.changes(life.now, FOR_EVER if word == "fewer" else life.now + NEWS + NEWS)
    one.put_off += word != "fewer"


def pause(life: Life, one: One, _: Any) -> None:
    membership.pause(life.ask(one, life.pauses(one)))


def resume(life: Life, one: One, _: Any) -> None:
    membership.resume(life.ask(one))


def leave(life: Life, one: One, _: Any) -> None:
    db = life.db
    programme = db.scalars(select(Pair.programme_id).where(Pair.id.in_([each.id for each in life._of[one.id]]))).first()
    membership.left(life.ask(one, str(programme)))
    one.is_out = True
    one.changes(life.now, FOR_EVER)
    for couple in life._of[one.id]:
        couple.left_at = couple.left_at or life.now


def move_house(life: Life, one: One, _: Any) -> None:
    zone, country = one.chance.choice(PLACES)
    one.moves(life.now, zone=zone, country=country)
    me = people.get(life.db, one.id)
    me.zone, me.country = one.zone, one.country
    _touch(life, one)


def other_hours(life: Life, one: One, _: Any) -> None:
    starts, ends = one.chance.choice(SHIFTS)
    one.moves(life.now, starts=time(starts), ends=time(ends))
    me = people.get(life.db, one.id)
    me.works_from, me.works_until = one.starts, one.ends
    _touch(life, one)


def _touch(life: Life, one: One) -> None:
    concerned = [one.id, *pairs.partners(life.db, one.id, life.now)]
    agenda.touch(life.db, life.house.workspace_id, concerned, life.now)
    one.changes(life.now)
