"""What six months of lives came to, by the receivers' clocks and by what people did; no rule of the bot's is asked.

The ledger says what kind of message it was and what it was about; whether it was welcome, came twice or should have
come and did not is worked out here, from the clock on the wall and from the lives.
"""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from store.database import Store
from store.models import Delivery, Nudge, Session, SessionState
from tests.benchmarks._living import Life
from tests.benchmarks._people import DAY, HOUR, Couple, Letter, One

WEEK = timedelta(days=7)
SEVEN_DAYS = WEEK - timedelta(minutes=1)
"""Within which the budget is counted here: what is claimed a week apart arrives some milliseconds nearer or farther."""
ANSWERED_WITHIN = timedelta(minutes=16)


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as it arrived, and what the clock on the wall of each who sees it said."""

    at: datetime
    mark: str
    to: tuple[int, ...]
    hours: tuple[int, ...]
    at_work: tuple[bool, ...]
    is_answer: bool
    """One of them had done something just before."""


@dataclass
class Lives:
    """The figures."""

    pairs: int = 0
    people: int = 0
    messages: int = 0
    acts: int = 0
    looks: int = 0
    ticks: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)
    nudges_by_hour: Counter[int] = field(default_factory=Counter)
    """By the hour on the receiver's wall: messages with nudges."""
    notices_by_hour: Counter[int] = field(default_factory=Counter)
    answers_by_hour: Counter[int] = field(default_factory=Counter)
    """Notices to somebody who had done something within a quarter of an hour."""
    outside_hours: int = 0
    """Nudges that came when the receiver wasn't at work."""
    weekly: Counter[int] = field(default_factory=Counter)
    """How many messages with nudges somebody got in a calendar week, and how often that was."""
    fullest: Counter[int] = field(default_factory=Counter)
    """The most that a person got in any seven days."""
    pressing: int = 0
    """Messages beyond the budget that were useless later."""
    wished: int = 0
    """Messages that brought back at their wish what they had put off."""
    over_budget: int = 0
    doubled: int = 0
    expected: Counter[str] = field(default_factory=Counter)
    """What must have come, by kind."""
    lost: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    """Some of what was wrong, in words."""


def together(parts: Sequence[Lives]) -> Lives:
    return reduce(_sum, parts)


def _sum(one: Lives, other: Lives) -> Lives:
    return Lives(**{each.name: getattr(one, each.name) + getattr(other, each.name) for each in fields(Lives)})


def seen(life: Life, letter: Letter, now: datetime) -> Posted:
    """As it arrives: people move, and choose other hours."""
    if letter.channel.startswith("G"):
        digits = letter.channel[1:]
        to = [int(digits[:8]), int(digits[8:])]
    else:
        to = [life.by_slack_id[letter.channel].id]
    them = [life.everyone[each] for each in to]
    return Posted(
        now,
        letter.mark,
        tuple(to),
        tuple(each.wall(now).hour for each in them),
        tuple(each.is_at_work(now) for each in them),
        any(each.acted_at is not None and now - each.acted_at < ANSWERED_WITHIN for each in them),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A nudge or notice that was in a message."""

    posted: Posted
    kind: str
    key: str
    person: int
    pair: int | None
    talk: int | None
    is_notice: bool
    is_wished: bool


def judged(store: Store, life: Life, posted: Sequence[Posted], begun: datetime, ends: datetime) -> Lives:
    told = _told(store, posted)
    found = Lives(pairs=len(life.couples), people=len(life.everyone), messages=len(posted), acts=life.acts)
    by_message: dict[str, list[Told]] = defaultdict(list)
    for each in told:
        by_message[each.posted.mark].append(each)
        found.kinds[each.kind] += 1
    nudged: dict[int, list[tuple[datetime, list[Told]]]] = defaultdict(list)
    for each in posted:
        inside = by_message[each.mark]
        if any(one.is_notice for one in inside) or not inside:
            (found.answers_by_hour if each.is_answer else found.notices_by_hour).update(each.hours)
            continue
        found.nudges_by_hour.update(each.hours)
        nudged[each.to[0]].append((each.at, inside))
        if not all(each.at_work):
            found.outside_hours += 1
            found.examples.append(f"outside hours: {[one.key for one in inside]} at {each.at}")
    for one in life.everyone.values():
        _weeks(found, one, nudged[one.id], begun)
    _twice(found, life, posted, told)
    _missing(found, store, life, told, nudged, ends)
    del found.examples[50:]
    return found


def _told(store: Store, posted: Sequence[Posted]) -> list[Told]:
    arrived = {each.mark: each for each in posted}
    columns = (Nudge.kind, Nudge.key, Nudge.person_id, Nudge.pair_id, Nudge.session_id, Nudge.is_notice)
    rows = select(Delivery.mark, *columns, Nudge.is_wished).join(Nudge, Nudge.delivery_id == Delivery.id)
    with store.read() as db:
        return [
            Told(arrived[mark], *about)
            for mark, *about in db.execute(rows.where(Nudge.dropped.is_(None)))
            if mark in arrived
        ]


# ---- How often


def _weeks(found: Lives, one: One, mine: list[tuple[datetime, list[Told]]], begun: datetime) -> None:
    mine.sort(key=lambda each: each[0])
    found.weekly.update(Counter((at - begun) // WEEK for at, _ in mine).values())
    counted: list[datetime] = []
    for at, inside in mine:
        if all(each.is_wished for each in inside):
            found.wished += 1
            continue
        before = len(counted) - bisect_right(counted, at - SEVEN_DAYS)
        if before >= one.budget:
            if {each.kind for each in inside if not each.is_wished} <= {"reminder"}:
                found.pressing += 1
            else:
                found.over_budget += 1
                found.examples.append(f"over budget {one.id}: {[each.key for each in inside]} at {at}")
        counted.append(at)
    times = [at for at, _ in mine]
    most = max((bisect_right(times, at) - bisect_right(times, at - SEVEN_DAYS) for at in times), default=0)
    found.fullest[most] += 1


# ---- Twice


def _twice(found: Lives, life: Life, posted: Sequence[Posted], told: Sequence[Told]) -> None:
    """A message twice; or, to the same person, the same about the same date of a talk."""
    marks = Counter(each.mark for each in posted)
    found.doubled += sum(times - 1 for times in marks.values())
    meant = Counter(meaning for each in told for meaning in _meanings(life, each))
    for meaning, times in meant.items():
        if times > 1:
            found.doubled += times - 1
            found.examples.append(f"{times} times: {meaning}")
    brought_back = Counter(each.person for each in told if each.is_wished)
    for one in life.everyone.values():
        if brought_back[one.id] > 0 and not one.put_off:
            found.doubled += brought_back[one.id]
            found.examples.append(f"never put off by {one.id}")


ONCE_A_TALK = {"preparation", "reflection", "put_off"}
BY_DATE = {"reminder", "checkin", "planned", "booked", "cancelled"}


def _meanings(life: Life, each: Told) -> Iterator[tuple[Any, ...]]:
    if each.is_wished:
        return
    for who in each.posted.to:
        if each.kind in ONCE_A_TALK:
            yield (each.kind, who, each.talk)
        elif each.kind in BY_DATE:  # and which of its dates it was then
            yield (each.kind, who, each.talk, bisect_right(life.booked.get(each.talk or 0, ()), each.posted.at))
        else:
            yield (each.kind, who, each.key)


# ---- What must have come


def _missing(
    found: Lives,
    store: Store,
    life: Life,
    told: Sequence[Told],
    nudged: dict[int, list[tuple[datetime, list[Told]]]],
    ends: datetime,
) -> None:
    came: dict[tuple[str, int, int | None, int | None], list[datetime]] = defaultdict(list)
    for each in told:
        for who in each.posted.to:
            came[each.kind, who, each.pair, each.talk].append(each.posted.at)
    oracle = _Oracle(found, came, {who: [at for at, _ in mine] for who, mine in nudged.items()}, life.booked, ends)
    talks: dict[int, list[Session]] = defaultdict(list)
    with store.read() as db:
        for talk in db.scalars(select(Session).order_by(Session.number)):
            talks[talk.pair_id].append(talk)
    for couple in life.couples.values():
        oracle.of_couple(couple, talks[couple.id])


@dataclass
class _Oracle:
    """A calendar of what must come, on the safe side: of the people to whom nothing else happened about then."""

    found: Lives
    came: dict[tuple[str, int, int | None, int | None], list[datetime]]
    nudged: dict[int, list[datetime]]
    booked: dict[int, list[datetime]]
    ends: datetime

    def of_couple(self, couple: Couple, talks: Sequence[Session]) -> None:
        opens = couple.published_at
        for one in couple.both:
            self._must(couple, one, "introduction", opens, opens + (10 if _meet(couple, opens) else 21) * DAY)
        # Of those who had three months there may be nothing to leave any more.
        if couple.left_at is not None and (couple.is_monthly or couple.left_at < couple.published_at + 75 * DAY):
            for one in couple.both:
                if not one.is_out:
                    self._must(couple, one, "partner_left", couple.left_at, couple.left_at + 10 * DAY, partner=False)
        for talk in talks:
            self._of_talk(couple, talk)
        self._of_months(couple, talks)

    def _of_talk(self, couple: Couple, talk: Session) -> None:
        starts, booked = talk.starts_at, talk.booked_at
        stood = talk.state is not SessionState.CANCELLED
        if stood and starts - booked > 8 * DAY:
            for one in couple.both:
                if self._heard_early(couple, one, talk):
                    that_day = _that_day(one.as_of(starts), starts)
                    self._must(couple, one, "reminder", *that_day, talk=talk.id, since=booked)
                if not self._is_full(one, starts - WEEK, starts):
                    self._must(couple, one, "preparation", booked, starts, talk=talk.id, ever=True)
                self._must(couple, one, "planned", booked, starts, talk=talk.id)
        if not stood:
            return
        if talk.state is SessionState.HELD and talk.settled_at and talk.reflection:
            for one in couple.both:
                if not self._is_full(one, talk.settled_at + 2 * DAY, talk.settled_at + 20 * DAY):
                    self._must(
                        couple, one, "reflection", talk.settled_at + DAY, talk.settled_at + 21 * DAY, talk=talk.id
                    )
        if talk.settled_at is None or talk.settled_at - starts > 12 * DAY:  # nobody said for long whether they met
            for one in couple.both:
                if not self._is_full(one, starts, starts + 8 * DAY):
                    self._must(couple, one, "checkin", starts, starts + 12 * DAY, talk=talk.id)

    def _heard_early(self, couple: Couple, one: One, talk: Session) -> bool:
        """Of its date as it stands: whoever hears of it only about then needs no reminder."""
        told = self.came.get(("planned", one.id, couple.id, talk.id), [])
        return any(talk.booked_at <= at <= talk.starts_at - 6 * DAY for at in told)

    def _of_months(self, couple: Couple, talks: Sequence[Session]) -> None:
        """Of a pair that meets monthly, each month without a date is asked about; and half-way they are asked."""
        met = self.came.get(("introduction", couple.mentee.id, couple.id, None))
        if not met or not couple.is_monthly:
            return
        mentee = couple.mentee.as_of(met[0])
        introduced = mentee.wall(met[0]).date()
        for month in range(1, 5):
            begins = _morning(mentee, _months_later(introduced, month))
            if not self._has_date(talks, begins, month + 1) and not self._is_full(
                couple.mentee, begins, begins + 9 * DAY
            ):
                # They may have moved meanwhile, to where that day begins earlier.
                self._must(couple, couple.mentee, "plan", begins - DAY, begins + 9 * DAY)
        middle = _morning(mentee, _months_later(introduced, 3))
        if any(talk.state is SessionState.HELD and (talk.settled_at or middle) < middle for talk in talks):
            for one in couple.both:
                if not self._is_full(one, middle, middle + 20 * DAY):
                    # Each by their own calendar: it may be a holiday's length earlier than the mentee's.
                    self._must(couple, one, "halfway", middle - 8 * DAY, middle + 20 * DAY)

    def _has_date(self, talks: Sequence[Session], begins: datetime, number: int) -> bool:
        """Nobody has to be asked for one; also where it is hard to say from here, or they have been silent for long."""
        if any(talk.cancelled_at is not None for talk in talks):
            return True
        # One that was moved may have stood on another day by then.
        standing = [talk for talk in talks if min(self.booked.get(talk.id, [talk.booked_at])) < begins + 9 * DAY]
        is_alive = any(begins - 45 * DAY < talk.starts_at for talk in standing)
        held = sum(talk.state is SessionState.HELD for talk in talks)
        return not is_alive or held >= number or any(talk.starts_at > begins - DAY for talk in standing)

    def _is_full(self, one: One, since: datetime, until: datetime) -> bool:
        """Their week had as many as they want: what can wait, waited, and its moment may have passed."""
        mine = self.nudged.get(one.id, [])
        return bisect_left(mine, until) - bisect_left(mine, since - WEEK) >= one.budget

    def _must(
        self,
        couple: Couple,
        one: One,
        kind: str,
        opens: datetime,
        closes: datetime,
        *,
        talk: int | None = None,
        since: datetime | None = None,
        partner: bool = True,
        ever: bool = False,
    ) -> None:
        who = couple.both if partner else (one,)
        if closes > self.ends or not all(each.is_settled((since or opens) - DAY, closes) for each in who):
            return
        self.found.expected[kind] += 1
        there = self.came.get((kind, one.id, couple.id, talk), [])
        if not any((ever or opens <= at) and at <= closes for at in there):
            self.found.lost[kind] += 1
            self.found.examples.append(
                f"{kind} of talk {talk} of pair {couple.id} to {one.id} ({one.zone}) between {opens} and {closes}"
            )


def _meet(couple: Couple, since: datetime) -> bool:
    """Whether they are at work together in the next days: some are only once the clocks of one of them have changed."""
    mentor, mentee = (one.as_of(since) for one in couple.both)
    quarters = (since + number * HOUR / 4 for number in range(8 * 24 * 4))
    return any(mentor.is_at_work(at) and mentee.is_at_work(at) for at in quarters)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _morning(one: One, day: date) -> datetime:
    """When their work begins on that day, or on the first after it on which they work."""
    while not one.works_on(day):
        day += DAY
    return datetime.combine(day, one.starts, ZoneInfo(one.zone)).astimezone(UTC)


def _that_day(one: One, starts: datetime) -> tuple[datetime, datetime]:
    """On the day of the talk, if they work then and it isn't the first thing in the morning; else in days before."""
    wall = one.wall(starts)
    begins = datetime.combine(wall.date(), one.starts, ZoneInfo(one.zone)).astimezone(UTC)
    is_day_shift = one.starts < one.ends
    if is_day_shift and one.works_on(wall.date()) and begins + HOUR <= starts:
        return datetime.combine(wall.date(), time(), ZoneInfo(one.zone)).astimezone(UTC), starts
    return starts - 16 * DAY, starts
