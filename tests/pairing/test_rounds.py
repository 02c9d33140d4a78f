"""The life of a round in a real store: taken up, taken up again, stopped, given up."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import make
import pytest
from pairing.company import Company

from bot.house import House
from bot.pairing import rounds, rules, weekly, workshop
from bot.pairing.review import starting
from bot.pairing.rounds import LEASE, MOST_TRIES, Shift
from bot.settings import Settings
from bot.slack.kit import Answers
from bot.slack.listening import Ask
from store import programmes, snapshots
from store import rounds as kept
from store.database import Store
from store.models import Pair, Programme, Proposal, Round, RoundState, Wish

LATER = make.MONDAY + timedelta(minutes=5)
pytestmark = pytest.mark.usefixtures("quick_engine")


class Office:
    """Ana and Oliver wait for a partner, and Ruth has asked for pairs."""

    def __init__(self, store: Store) -> None:
        self.company = Company(store)
        self.store = store
        with store.begin() as db:
            db.delete(db.query(Pair).one())
            db.delete(db.query(Round).one())
        for who, level in (("U0ANA", 2), ("U0OLIVER", 5)):
            self.company.tell(who, manager="U0GRACE", team=who, level=level, zone=make.LISBON)
        self.ask()

    def ask(self) -> None:
        with self.store.begin() as db:
            programme = programmes.lock(db, db.query(Programme).one().id)
            rounds.begin(db, programme, self.company.ruth, make.MONDAY)

    def house(self, now: datetime) -> House:
        return House(None, self.store, make.words(), lambda: now, None, make.WORKSPACE)  # type: ignore[arg-type]

    def look(self, now: datetime = make.MONDAY) -> datetime | None:
        return rounds.look(self.house(now), self.round.id)

    @property
    def round(self) -> Round:
        with self.store.read() as db:
            return db.query(Round).order_by(Round.id.desc()).first()  # type: ignore[return-value]

    def change(self, **facts: object) -> None:
        with self.store.begin() as db:
            made = kept.lock(db, make.WORKSPACE, self.round.id)
            for name, value in facts.items():
                setattr(made, name, value)

    @property
    def proposed(self) -> list[Proposal]:
        with self.store.read() as db:
            return list(kept.proposals(db, self.round.id))

    @property
    def told(self) -> list[str]:
        """What is due to Ruth about rounds."""
        with self.store.read() as db:
            return [due.kind for due in rules.due(snapshots.of(db, self.company.ruth)) if due.kind == "round_ready"]


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


def test_the_next_look_solves_it_and_whoever_does_not_see_it_is_to_be_told(office: Office) -> None:
    office.look()

    assert (office.round.state, office.round.placed, office.round.is_checked) == (RoundState.PROPOSED, 1, True)
    assert len(office.proposed) == 1
    assert office.told == ["round_ready"]
    assert office.look(LATER) is None, "there is nothing more to do"


def test_while_somebody_works_on_it_nobody_else_takes_it_up(office: Office) -> None:
    until = make.MONDAY + LEASE
    office.change(leased_until=until)

    assert office.look() == until
    assert office.round.state is RoundState.WORKING


def test_when_their_lease_has_run_out_it_is_taken_up_again(office: Office) -> None:
    office.change(leased_until=make.MONDAY + LEASE, progress={"tries": 1})

    office.look(LATER)

    assert office.round.state is RoundState.PROPOSED


def test_a_round_that_ends_the_process_each_time_is_given_up_and_told(office: Office) -> None:
    office.change(progress={"tries": MOST_TRIES})

    office.look()

    assert office.round.state is RoundState.FAILED
    assert office.told == ["round_ready"]


def test_what_was_stopped_or_taken_over_meanwhile_proposes_nothing(office: Office) -> None:
    late = Shift(office.house(make.MONDAY), office.round.id, make.MONDAY)
    office.change(leased_until=LATER)

    late.work()

    assert office.round.state is RoundState.WORKING
    assert office.proposed == []


def test_a_coordinator_who_stops_it_stops_the_engine_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """She presses Stop once the engine is at work, in a process of its own."""
    asked: list[datetime] = []
    stopped: list[str] = []
    solve = workshop.ask

    def ask(task: str, *more: Any) -> dict[str, Any]:
        try:
            return solve(task, *more, every=timedelta(0))
        except workshop.Stopped:
            stopped.append(task)
            raise

    def clock() -> datetime:
        asked.append(make.MONDAY)
        if len(asked) == 3:  # two before the engine begins; from then on one for each look at whether it is wanted
            with office.store.begin() as db:
                rounds.stop(db, db.query(Round).one())
        return make.MONDAY

    monkeypatch.setattr(workshop, "ask", ask)
    rounds.look(replace(office.house(make.MONDAY), clock=clock), office.round.id)

    assert stopped == ["round"]
    assert (office.round.state, office.proposed) == (RoundState.FAILED, [])
    assert office.round.progress["is_stopped"]
    assert office.told == [], "she knows"


def test_of_two_replicas_one_solves_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks: list[str] = []
    solve = workshop.ask

    def ask(task: str, *more: Any) -> dict[str, Any]:
        tasks.append(task)
        return solve(task, *more)

    monkeypatch.setattr(workshop, "ask", ask)
    round_id, both_are_there = office.round.id, Barrier(2)

    def look(_: int) -> None:
        both_are_there.wait()
        rounds.look(office.house(make.MONDAY), round_id)

    with ThreadPoolExecutor(2) as replicas:
        list(replicas.map(look, range(2)))

    assert tasks == ["round"]
    assert (office.round.state, len(office.proposed)) == (RoundState.PROPOSED, 1)


class Slack:
    """Opens a modal, and meanwhile something happens; keeps what is drawn there afterwards."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self.meanwhile = meanwhile
        self.drawn: list[str] = []

    def views_open(self, view: dict[str, Any], **_: object) -> dict[str, Any]:
        self.opened = view
        self.meanwhile()
        return {"view": {"id": "V1", "hash": "1"}}

    def views_update(self, view: dict[str, Any], **_: object) -> dict[str, Any]:
        self.drawn.append(view["callback_id"])
        return {"view": {"id": "V1", "hash": "2"}}


def test_work_that_ends_while_somebody_opens_it_is_drawn_for_them(office: Office) -> None:
    slack, settings = Slack(office.look), Settings.model_construct(coordinators=("U0RUTH",))
    house = replace(office.house(make.MONDAY), client=slack, settings=settings)  # type: ignore[arg-type]
    ruth, value = office.company.person("U0RUTH"), str(office.round.id)

    starting.look_at(Ask(house, house.client, ruth, make.MONDAY, value, "T1", None, None, {}, Answers({})))

    assert slack.drawn == ["pairing.review"]
    assert office.told == [], "she sees it"


def test_whoever_coordinates_no_more_is_told_so_and_sees_no_pairs(office: Office) -> None:
    office.look()
    slack, settings = Slack(office.look), Settings.model_construct(coordinators=("U0NOOR",))
    house = replace(office.house(make.MONDAY), client=slack, settings=settings)  # type: ignore[arg-type]
    ruth, value = office.company.person("U0RUTH"), str(office.round.id)

    starting.look_at(Ask(house, house.client, ruth, make.MONDAY, value, "T1", None, None, {}, Answers({})))

    assert starting.NOT_FOR_YOU in str(slack.opened)
    assert "mentors" not in str(slack.opened)


def test_where_nothing_was_proposed_before_a_stopped_round_is_none(office: Office) -> None:
    with office.store.begin() as db:
        rounds.stop(db, db.query(Round).one())

    assert office.round.state is RoundState.FAILED
    assert office.look(LATER) is None


def test_what_was_proposed_before_stands_when_the_work_around_wishes_is_stopped(office: Office) -> None:
    office.look()
    with office.store.begin() as db:
        rounds.begin_again(db, db.query(Round).one(), office.company.ruth, LATER)
    with office.store.begin() as db:
        rounds.stop(db, db.query(Round).one())

    assert office.round.state is RoundState.PROPOSED
    assert len(office.proposed) == 1


def test_a_round_is_solved_again_around_what_is_wished(office: Office) -> None:
    office.look()
    [pair] = office.proposed
    with office.store.begin() as db:
        made = db.query(Round).one()
        kept.wish(db, made, (pair.mentor_id, pair.mentee_id), Wish.FORBID, office.company.ruth, LATER)
        rounds.begin_again(db, made, office.company.ruth, LATER)

    office.look(LATER)

    assert office.round.state is RoundState.PROPOSED
    assert office.proposed == []


def test_where_a_coordinator_asks_again_of_a_weekly_round_they_hear_that_nobody_is_possible(office: Office) -> None:
    office.change(is_weekly=True)
    office.look()
    with office.store.begin() as db:
        made = db.query(Round).one()
        [pair] = kept.proposals(db, made.id)
        kept.wish(db, made, (pair.mentor_id, pair.mentee_id), Wish.FORBID, office.company.ruth, LATER)
        rounds.begin_again(db, made, office.company.ruth, LATER)

    office.look(LATER)

    assert (office.round.state, office.told) == (RoundState.PROPOSED, ["round_ready"])


def test_a_new_round_takes_the_place_of_one_that_was_never_published(office: Office) -> None:
    office.look()
    office.ask()

    with office.store.read() as db:
        assert [each.state for each in db.query(Round).order_by(Round.id)] == [
            RoundState.DISCARDED,
            RoundState.WORKING,
        ]


def test_each_week_a_round_is_begun_anew_but_not_one_of_which_somebody_wished_something(office: Office) -> None:
    def a_week() -> int:
        with office.store.read() as db:
            programme_id = db.query(Programme).one().id
        weekly.propose(office.house(LATER), programme_id)
        return office.round.id

    with office.store.begin() as db:
        db.query(Programme).one().pairs_weekly = True
    first = office.round.id
    assert a_week() == first, "somebody waits for it"
    office.look()
    second = a_week()
    assert second != first

    office.look(LATER)
    [pair] = office.proposed
    with office.store.begin() as db:
        made = db.query(Round).filter_by(id=second).one()
        kept.wish(db, made, (pair.mentor_id, pair.mentee_id), Wish.PIN, office.company.ruth, LATER)
    assert a_week() == second


def test_a_programme_that_ended_meanwhile_gets_no_pairs(office: Office) -> None:
    with office.store.begin() as db:
        db.query(Programme).one().closed_at = make.MONDAY

    office.look()

    assert office.round.state is RoundState.DISCARDED


def test_a_process_that_is_asked_to_end_lets_go_of_the_work_for_the_next(office: Office) -> None:
    stopping = office.house(make.MONDAY)
    stopping.background.stop()

    rounds.look(stopping, office.round.id)

    assert (office.round.state, office.round.leased_until) == (RoundState.WORKING, make.MONDAY)
    office.look()
    assert office.round.state is RoundState.PROPOSED
