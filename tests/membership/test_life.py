"""Lives of two people in two zones, lived through the store and the choosing: each thing is told once.

No Slack here: what is chosen is claimed, and counts as said. Whoever is looked at is looked at when the agenda says so.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import make
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lives import Life as Lived

from bot import working_time
from bot.membership import rules
from bot.nudges import features, looks
from store import agenda, members, pairs, people
from store.database import Store
from store.models import IS_OUT, Member, MemberState, Person, Side, Subject

A_DAY = timedelta(days=1)
ZONES = ("Europe/Lisbon", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland", "Pacific/Pago_Pago")
OURS = ("left", "pause_over", "partner_left", "partner_paused", "partner_resumed")
MOST_LOOKS = 50


@dataclass
class Life(Lived):
    """Ana mentors Oliver, from MONDAY on."""

    ids: tuple[int, int] = (0, 0)
    told: list[tuple[datetime, int, str]] = field(default_factory=list)
    """When, to whom and what."""
    pauses: Counter[int] = field(default_factory=Counter)
    """How often each began a pause."""
    dated: Counter[int] = field(default_factory=Counter)
    """How often the clock ended one."""

    def begin(self, zones: tuple[str, str]) -> None:
        self.empty()
        with self.store.begin() as db:
            both = [
                make.person(slack_id, id=None, zone=zone)
                for slack_id, zone in zip(("U0ANA", "U0OLIVER"), zones, strict=True)
            ]
            db.add_all(both)
            db.flush()
            self.ids = (both[0].id, both[1].id)
            programme = make.programme(id=None, created_by=both[0].id)
            db.add(programme)
            db.flush()
            scope = {"programme_id": programme.id}
            mentor = make.member(Side.MENTOR, id=None, person_id=both[0].id, **scope)
            mentee = make.member(Side.MENTEE, id=None, person_id=both[1].id, **scope)
            round_ = make.round_(id=None, created_by=both[0].id, **scope)
            db.add_all([mentor, mentee, round_])
            db.flush()
            db.add(make.pair(id=None, round_id=round_.id, mentor_id=mentor.id, mentee_id=mentee.id, **scope))
            agenda.touch(db, make.WORKSPACE, self.ids, self.now)
        self.look()

    # What they do

    def pause(self, who: int, days: int | None) -> None:
        with self.store.begin() as db:
            me = people.get(db, self.ids[who])
            mine = working_time.of(me)
            day = (mine.local_date(self.now) + timedelta(days or 0)).isoformat()
            until = rules.end_of_pause(day, mine, self.now) if days else None
            assert not isinstance(until, str)
            for member in self._taking_part(db, me):
                self.pauses[who] += member.state is MemberState.ACTIVE
                members.pause(member, until, self.now)
            self._touch(db, me)
        self.look()

    def resume(self, who: int) -> None:
        with self.store.begin() as db:
            me = people.get(db, self.ids[who])
            for member in self._taking_part(db, me):
                members.resume(member, self.now)
            self._touch(db, me)
        self.look()

    def leave(self, who: int) -> None:
        with self.store.begin() as db:
            [(_, programme)] = members.of_person(db, self.ids[who])
            members.leave_programme(db, programme, self.ids[who], self.now)
        self.look()

    def be_gone(self, who: int) -> None:
        with self.store.begin() as db:
            members.gone(db, people.get(db, self.ids[who]), self.now)
        self.look()

    def move_house(self, who: int, zone: str) -> None:
        with self.store.begin() as db:
            people.get(db, self.ids[who]).zone = zone
            agenda.touch(db, make.WORKSPACE, [self.ids[who]], self.now)
        self.look()

    def seek(self, who: int) -> None:
        with self.store.begin() as db:
            [(mine, _)] = members.locked(db, self.ids[who])
            room, is_over = members.room(db, mine, self.now)
            if mine.state not in IS_OUT and rules.looks(mine, room, is_over=is_over) is rules.Stand.RESTING:
                members.seek(db, mine, self.now)
        self.look()

    def _taking_part(self, db: object, me: Person) -> list[Member]:
        return [mine for mine, _ in members.locked(db, me.id) if mine.state not in IS_OUT]  # type: ignore[arg-type]

    def _touch(self, db: object, me: Person) -> None:
        partners = pairs.partners(db, me.id, self.now)  # type: ignore[arg-type]
        agenda.touch(db, make.WORKSPACE, [me.id, *partners], self.now)  # type: ignore[arg-type]

    def look(self) -> None:
        """As a tick does it: what the clock changes first, then what is due, until nobody is."""
        for _ in range(MOST_LOOKS):
            with self.store.read() as db:
                entries = agenda.due(db, make.WORKSPACE, self.now, 10)
            if not entries:
                return
            for entry in entries:
                self._look(entry)
        raise AssertionError("the tick never ends")

    def _look(self, entry: agenda.Entry) -> None:
        if entry.subject is Subject.ROUND:  # a new partner is looked for; here nobody else ever waits
            with self.store.begin() as db:
                agenda.move(db, entry, None)
            return
        assert entry.subject is Subject.PERSON
        with self.store.read() as db:
            look = looks.of(db, entry.subject_id, self.now)
        who = self.ids.index(entry.subject_id)
        if any(move(self.store, look.snapshot, self.now) for move in features.MOVES):
            self.dated[who] += 1
            return
        with self.store.begin() as db:
            dues = [due for message in look.choice.messages for due in message]
            for due in dues:
                facts = {"due_at": due.opens_at, "claimed_at": self.now, "is_notice": due.is_notice}
                named = {"pair_id": due.pair_id, "about": due.about, "session_id": due.session_id}
                person_id = entry.subject_id
                db.add(make.nudge(due.kind, id=None, key=due.key, person_id=person_id, **facts, **named))
            for due in look.choice.dropped:
                key = f"{due.key}:dropped:{int(due.opens_at.timestamp())}"
                db.add(make.nudge(due.kind, id=None, key=key, person_id=entry.subject_id, pair_id=None, dropped="late"))
            if not agenda.move(db, entry, look.choice.look_at):
                db.rollback()  # changed since it was read: looked at anew, as the tick does
                return
        assert all(working_time.of(look.snapshot.person).is_open(self.now) for due in dues if due.kind in OURS[1:])
        self.told += [(self.now, who, due.kind) for due in dues]

    # What can be asked of it

    def heard(self, who: int, *kinds: str) -> list[str]:
        return [kind for _, whom, kind in self.told if whom == who and kind in (kinds or OURS)]

    def state(self, who: int) -> MemberState:
        with self.store.read() as db:
            [(mine, _)] = members.of_person(db, self.ids[who])
        return mine.state


who = st.integers(0, 1)
STAYS = st.one_of(
    st.tuples(st.just("pause"), who, st.none() | st.integers(1, 20)),
    st.tuples(st.just("pause"), who, st.none() | st.integers(1, 20)),
    st.tuples(st.just("resume"), who),
    st.tuples(st.just("move"), who, st.sampled_from(ZONES)),
)
GOES = st.one_of(*(st.tuples(st.just(act), who) for act in ("leave", "gone", "seek")))
HOURS = st.sampled_from([0, 1, 9, 30]) | st.integers(0, 24 * 30)
"""How long nothing is done after an act."""
LIVES = st.tuples(
    st.lists(st.tuples(STAYS, HOURS, st.booleans()), min_size=2, max_size=8),
    st.lists(st.tuples(GOES, HOURS, st.booleans()), max_size=3),
    st.lists(st.tuples(STAYS, HOURS, st.booleans()), max_size=3),
).map(lambda parts: [*parts[0], *parts[1], *parts[2]])
Act = tuple[object, ...]


def act(life: Life, what: Act) -> None:
    match what:
        case ("pause", int(one), days):
            life.pause(one, days if isinstance(days, int) else None)
        case ("resume", int(one)):
            life.resume(one)
        case ("move", int(one), str(zone)):
            life.move_house(one, zone)
        case ("leave", int(one)):
            life.leave(one)
        case ("gone", int(one)):
            life.be_gone(one)
        case ("seek", int(one)):
            life.seek(one)


lived = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
on_one_database = pytest.mark.parametrize("store", ["sqlite"], indirect=True)  # it is the rules that are looked at


@on_one_database
@lived
@given(st.sampled_from(ZONES), st.sampled_from(ZONES), LIVES)
def test_whatever_they_do_each_thing_is_told_at_most_once_and_none_after_leaving(
    store: Store, first: str, second: str, story: list[tuple[Act, int, bool]]
) -> None:
    life = Life(store)
    life.begin((first, second))

    for what, hours, is_down in story:
        act(life, what)
        so_far = len(life.told)
        out = {one: life.state(one) in IS_OUT for one in (0, 1)}
        life.pass_time(hours, is_down=is_down)
        news = [(whom, kind) for _, whom, kind in life.told[so_far:]]
        assert [(whom, kind) for whom, kind in news if out[whom] and kind != "left"] == [], (
            "after leaving nothing is due"
        )
    life.pass_time(24 * 60, is_down=False)

    for one, other in ((0, 1), (1, 0)):
        assert life.heard(one).count("partner_left") <= 1
        assert life.heard(one).count("left") <= 1
        assert life.heard(one).count("partner_paused") <= life.pauses[other], "a change of the date is no news"
        assert life.heard(one).count("partner_resumed") <= life.heard(one).count("partner_paused")
        assert life.heard(one).count("pause_over") <= life.dated[one], "what the clock ended is told once"
        assert life.dated[one] <= life.pauses[one], "each pause ends once"
        turns = life.heard(one, "partner_paused", "partner_resumed")
        assert "partner_resumed" not in turns[:1], "nobody hears of an end whose beginning they didn't hear of"
        assert all(pair != ("partner_resumed",) * 2 for pair in pairwise(turns))


@on_one_database
@lived
@given(st.sampled_from(ZONES), st.integers(1, 60), st.booleans(), st.booleans())
def test_a_pause_with_a_date_ends_by_itself_and_all_hear_it_in_their_working_hours(
    store: Store, zone: str, days: int, is_down: bool, waits_first: bool
) -> None:
    life = Life(store)
    life.begin((zone, "Europe/Lisbon"))
    life.pass_time(30 if waits_first else 1, is_down=False)
    life.pause(0, days)
    with store.read() as db:
        [(mine, _)] = members.of_person(db, life.ids[0])
    until = mine.paused_until
    assert until is not None

    life.pass_time(int((until - life.now) / timedelta(hours=1)) - 1, is_down=False)
    before = life.state(0)
    life.pass_time(24 * 5, is_down=is_down)
    life.pass_time(24 * 5, is_down=False)

    assert (before, life.state(0)) == (MemberState.PAUSED, MemberState.ACTIVE)
    assert life.heard(0) == ["pause_over"]
    assert life.heard(1) in (["partner_paused", "partner_resumed"], [])
    [over] = [at for at, whom, kind in life.told if (whom, kind) == (0, "pause_over")]
    assert over >= until
    assert working_time.of(make.person(zone=zone)).is_open(over)


@pytest.mark.parametrize("days", [None, 3])
def test_a_look_at_somebody_on_a_pause_writes_nothing_of_theirs_before_its_date(store: Store, days: int | None) -> None:
    life = Life(store)
    life.begin(("Europe/Lisbon", "Europe/Lisbon"))
    life.pause(0, days)

    with store.read() as db:
        look = looks.of(db, life.ids[0], life.now + A_DAY)
        [(mine, _)] = members.of_person(db, life.ids[0])

    assert not any(move(store, look.snapshot, life.now + A_DAY) for move in features.MOVES)
    assert look.choice.look_at == mine.paused_until, "the agenda looks again on that day, or never"


def test_somebody_who_went_on_while_the_clock_looked_is_not_woken(store: Store) -> None:
    life = Life(store)
    life.begin(("Europe/Lisbon", "Europe/Lisbon"))
    life.pause(0, 3)
    with store.read() as db:
        seen = looks.of(db, life.ids[0], life.now + A_DAY * 4).snapshot

    life.now += A_DAY * 4
    with store.begin() as db:
        [(mine, _)] = members.locked(db, life.ids[0])
        members.resume(mine, life.now)

    assert not any(move(store, seen, life.now) for move in features.MOVES)
    with store.read() as db:
        [(mine, _)] = members.of_person(db, life.ids[0])
    assert mine.paused_until is None
