"""A published round becomes pairs in steps: whatever stops it, each pair is made once, as people stand by then."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import make
import pytest
from sqlalchemy.orm import Session as Db

from bot.house import House
from bot.pairing import publishing
from store import agenda, keys, members, pairs, programmes, publications, rounds, workspaces
from store.database import Store
from store.models import (
    Choice,
    Holder,
    Member,
    MemberState,
    Pair,
    Person,
    Programme,
    Round,
    RoundKind,
    RoundState,
    Side,
    Subject,
    Wish,
)

NOW = make.MONDAY + timedelta(days=1)


class Published:
    """Of so many proposed pairs a coordinator has published all but those left out."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.house = House(None, store, make.words(), lambda: NOW, None, make.WORKSPACE)  # type: ignore[arg-type]
        self.round = 0

    def propose(self, count: int, **facts: object) -> None:
        with self.store.begin() as db:
            workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")
        with self.store.begin() as db:
            ruth = make.person("U0RUTH", id=None)
            db.add(ruth)
            db.flush()
            programme = make.programme(id=None, created_by=ruth.id)
            db.add(programme)
            db.flush()
            made = make.round_(id=None, programme_id=programme.id, created_by=ruth.id, placed=count, **facts)
            db.add(made)
            db.flush()
            for number in range(count):
                both = [self._member(db, programme, side, number) for side in (Side.MENTOR, Side.MENTEE)]
                ids = {"mentor_id": both[0].id, "mentee_id": both[1].id}
                db.add(make.proposal(id=None, round_id=made.id, fit=count - number, **ids))
            self.round, self.ruth = made.id, ruth.id

    def _member(self, db: Db, programme: Programme, side: Side, number: int) -> Member:
        level, name = (2, "R") if side is Side.MENTOR else (6, "E")
        facts = {"level": level, "team": f"{name}{number}", "manager": ""}
        person = make.person(f"U0{name}{number:03}", id=None, **facts)
        db.add(person)
        db.flush()
        member = make.member(side, id=None, programme_id=programme.id, person_id=person.id, rounds_waited=2)
        db.add(member)
        db.flush()
        return member

    def join(self, number: int, at: datetime) -> int:
        """Somebody nobody is proposed for, who joined then."""
        with self.store.begin() as db:
            member = self._member(db, db.query(Programme).one(), Side.MENTOR, number)
            member.joined_at = at
            return member.id

    def begin(self) -> None:
        with self.store.begin() as db:
            made = rounds.lock(db, make.WORKSPACE, self.round)
            assert made is not None
            publishing.begin(db, made, self.ruth, NOW)

    def step(self) -> datetime | None:
        return publishing.step(self.house, self.round)

    def finish(self) -> None:
        """Steps until there is nothing more to do."""
        while self.step() is not None:
            pass

    def change(self, slack_id: str, **facts: object) -> None:
        with self.store.begin() as db:
            person = db.query(Person).filter_by(slack_id=slack_id).one()
            place = db.query(Member).filter_by(person_id=person.id).one()
            for name, value in facts.items():
                setattr(place if hasattr(Member, name) else person, name, value)

    @property
    def pairs(self) -> list[str]:
        """By the mentors' ids."""
        with self.store.read() as db:
            return [pairs.people(db, each)[0].slack_id for each in db.query(Pair).order_by(Pair.id)]

    @property
    def lost(self) -> list[tuple[str, str]]:
        with self.store.read() as db:
            found = publications.of(db, db.get_one(Round, self.round))
        return [(each.mentor.slack_id, each.why) for each in found.lost]

    @property
    def waited(self) -> dict[int, int]:
        with self.store.read() as db:
            return {each.id: each.rounds_waited for each in db.query(Member)}

    @property
    def state(self) -> RoundState:
        with self.store.read() as db:
            return db.get_one(Round, self.round).state


@pytest.fixture
def published(store: Store) -> Published:
    return Published(store)


def test_pairs_are_made_some_at_a_time_and_each_once_though_it_stops_between(published: Published) -> None:
    published.propose(120)
    published.begin()
    assert published.pairs == []
    published.step()
    assert len(published.pairs) == 50

    after_a_crash = Published(published.store)
    after_a_crash.round = published.round
    after_a_crash.finish()

    assert published.pairs == [f"U0R{number:03}" for number in range(120)], "best first"
    assert published.state is RoundState.PUBLISHED


def test_two_replicas_that_are_at_it_together_make_each_pair_once(published: Published) -> None:
    published.propose(120)
    published.begin()
    both_are_there = Barrier(2)

    def finish(_: int) -> None:
        both_are_there.wait()
        published.finish()

    with ThreadPoolExecutor(2) as replicas:
        list(replicas.map(finish, range(2)))

    assert published.pairs == [f"U0R{number:03}" for number in range(120)]
    assert published.lost == []
    assert published.state is RoundState.PUBLISHED


def test_a_step_that_does_not_commit_is_done_again(published: Published) -> None:
    published.propose(3)
    published.begin()
    with published.store.begin() as db:
        made = rounds.lock(db, make.WORKSPACE, published.round)
        assert made is not None
        publishing._go_on(db, programmes.lock(db, made.programme_id), made, NOW)
        db.rollback()

    published.finish()

    assert len(published.pairs) == 3


def test_what_a_coordinator_left_out_is_not_made(published: Published) -> None:
    published.propose(2)
    with published.store.begin() as db:
        first = rounds.proposals(db, published.round)[0]
        ids = {"round_id": published.round, "mentor_id": first.mentor_id, "mentee_id": first.mentee_id}
        db.add(Choice(**ids, wish=Wish.FORBID, made_by=published.ruth, made_at=NOW))

    published.begin()
    published.finish()

    assert published.pairs == ["U0R001"]
    assert published.lost == []


def test_before_it_is_published_what_would_be_is_counted_by_how_well_it_fits(published: Published) -> None:
    published.propose(3)
    with published.store.begin() as db:
        first, second, _ = rounds.proposals(db, published.round)
        first.reasons, second.reasons = {"band": "fair"}, {"band": "fair"}
        ids = {"round_id": published.round, "mentor_id": first.mentor_id, "mentee_id": first.mentee_id}
        db.add(Choice(**ids, wish=Wish.FORBID, made_by=published.ruth, made_at=NOW))

    with published.store.read() as db:
        assert rounds.count_kept(db, published.round) == 2
        assert rounds.count_kept(db, published.round, "fair") == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"state": MemberState.PAUSED}, "not_available"),
        ({"wants_partner": False}, "not_available"),
        ({"gone_at": NOW}, "not_available"),
        ({"manager": "U0E001"}, "reporting_line"),
        ({"team": "E1"}, "same_team"),
    ],
    ids=["paused", "rests", "gone", "a new boss", "a new team"],
)
def test_who_cannot_be_paired_by_then_is_not_and_the_coordinator_hears_what_is_open(
    published: Published, change: dict[str, object], why: str
) -> None:
    published.propose(3)
    published.begin()
    published.change("U0R001", **change)

    published.finish()

    assert published.pairs == ["U0R000", "U0R002"]
    assert published.lost == [("U0R001", why)]


def test_whom_somebody_does_not_want_to_meet_looks_like_somebody_who_has_paused(published: Published) -> None:
    published.propose(1)
    with published.store.begin() as db:
        person = db.query(Person).filter_by(slack_id="U0R000").one()
        place = db.query(Member).filter_by(person_id=person.id).one()
        place.avoid = keys.seal(db, Holder.PERSON, person.id, "U0E000")
    published.begin()

    published.finish()

    assert published.lost == [("U0R000", "not_available")]


def test_in_a_programme_that_was_ended_meanwhile_no_more_pairs_are_made(published: Published) -> None:
    published.propose(60)
    published.begin()
    published.step()
    with published.store.begin() as db:
        db.query(Programme).one().closed_at = NOW

    published.finish()

    assert len(published.pairs) == 50
    assert len(published.lost) == 10


def test_a_pinned_pair_may_break_a_rule_that_can_be_overridden(published: Published) -> None:
    published.propose(1)
    with published.store.begin() as db:
        only = rounds.proposals(db, published.round)[0]
        ids = {"round_id": published.round, "mentor_id": only.mentor_id, "mentee_id": only.mentee_id}
        db.add(Choice(**ids, wish=Wish.PIN, made_by=published.ruth, made_at=NOW))
    published.change("U0R000", level=6)
    published.begin()

    published.finish()

    assert published.pairs == ["U0R000"]


def test_a_whole_round_counts_as_waited_for_those_who_were_there_and_got_nobody(published: Published) -> None:
    published.propose(1)
    there, late = published.join(801, make.MONDAY), published.join(802, NOW)
    published.begin()

    published.finish()
    published.step()

    waited = published.waited
    assert (waited[there], waited[late]) == (3, 2)
    assert sorted(waited.values()) == [0, 0, 2, 3], "and who is paired has waited long enough"


def test_a_repair_counts_for_nobody(published: Published) -> None:
    published.propose(1, kind=RoundKind.REPAIR)
    there = published.join(801, make.MONDAY)
    published.begin()

    published.finish()

    assert published.waited[there] == 2


def test_who_is_paired_is_looked_at_and_so_is_the_coordinator(published: Published) -> None:
    published.propose(1)
    published.begin()

    published.finish()

    with published.store.read() as db:
        due = [(each.subject, each.subject_id) for each in agenda.due(db, make.WORKSPACE, NOW, 100)]
        people = {each.person_id for each in members.of_programme(db, db.query(Programme).one().id)}
    assert {subject_id for subject, subject_id in due if subject is Subject.PERSON} == {*people, published.ruth}
