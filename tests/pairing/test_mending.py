"""A repair in a real store: whom it may touch, and what becomes of it when they hear of each other meanwhile."""

from datetime import timedelta

import make
import pytest
from pairing.company import Company

from bot.house import House
from bot.pairing import mending, publishing
from bot.pairing.engine.repair import repair
from bot.pairing.review import whatif
from store import members, pairs, publications, repairs, rounds
from store.database import Store
from store.models import BrokenRule, Member, MemberState, Pair, Programme, Round, RoundKind, RoundState, Side

NOW = make.MONDAY + timedelta(days=1)
pytestmark = pytest.mark.usefixtures("quick_engine")


class Broken(Company):
    """Ana and Oliver are published and not introduced; Bea is alone, and Cem waits for somebody to mentor him."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        with store.begin() as db:
            self.programme = db.query(Programme).one().id
            db.query(Pair).one().introduced_at = None
        for slack_id in ("U0ANA", "U0OLIVER"):
            level = 2 if slack_id == "U0ANA" else 6
            self.tell(slack_id, manager="U0GRACE", team=slack_id, level=level, zone=make.LISBON)
        self.bea = self.add("U0BEA", Side.MENTOR, 2)

    def add(self, slack_id: str, side: Side, level: int, **facts: object) -> int:
        with self.store.begin() as db:
            person = make.person(slack_id, id=None, name=slack_id)
            db.add(person)
            db.flush()
            member = make.member(side, id=None, programme_id=self.programme, person_id=person.id, **facts)
            db.add(member)
            db.flush()
            found = member.id
        self.tell(slack_id, manager="U0GRACE", team=slack_id, level=level, zone=make.LISBON)
        return found

    def ask(self) -> int:
        with self.store.begin() as db:
            repairs.ask(db, members.get(db, self.bea), NOW)
            return db.query(Round).filter_by(kind=RoundKind.REPAIR).one().id

    def solved(self, round_id: int) -> dict[str, object]:
        """What the engine answers, kept as the round's proposal."""
        with self.store.begin() as db:
            made, programme = db.get_one(Round, round_id), db.query(Programme).one()
            problem, more = mending.problem(db, programme, made, NOW)
            answer = repair(problem, more["pairs"], more["member"], more["most_changes"])
            for mentor_id, mentee_id, fit in answer["pairs"]:
                ids = {"mentor_id": mentor_id, "mentee_id": mentee_id}
                db.add(make.proposal(id=None, round_id=made.id, fit=fit, **ids))
            made.insight, made.state = {"dropped": answer["dropped"]}, RoundState.PROPOSED
        return answer

    @property
    def house(self) -> House:
        return House(None, self.store, make.words(), lambda: NOW, None, make.WORKSPACE)  # type: ignore[arg-type]

    def publish(self, round_id: int) -> None:
        with self.store.begin() as db:
            publishing.begin(db, db.get_one(Round, round_id), self.ruth, NOW)
        while publishing.step(self.house, round_id) is not None:
            pass

    @property
    def live(self) -> set[tuple[str, str]]:
        with self.store.read() as db:
            found = [pairs.people(db, each) for each in pairs.live(db, make.WORKSPACE, NOW)]
        return {(mentor.slack_id, mentee.slack_id) for mentor, mentee in found}


@pytest.fixture
def company(store: Store) -> Broken:
    return Broken(store)


def test_a_pair_of_which_nobody_has_heard_gives_way_and_all_of_them_have_a_partner(company: Broken) -> None:
    """Cem can't meet Bea, since they are in one team; Ana can meet both."""
    company.add("U0CEM", Side.MENTEE, 6)
    company.tell("U0CEM", manager="U0GRACE", team="U0BEA", level=6, zone=make.LISBON)
    round_id = company.ask()

    answer = company.solved(round_id)
    company.publish(round_id)

    assert len(answer["dropped"]) == 1  # type: ignore[arg-type]
    assert company.live == {("U0BEA", "U0OLIVER"), ("U0ANA", "U0CEM")}


def test_who_gave_way_never_were_a_pair_and_may_be_paired_another_time(company: Broken) -> None:
    company.add("U0CEM", Side.MENTEE, 6)
    company.tell("U0CEM", manager="U0GRACE", team="U0BEA", level=6, zone=make.LISBON)
    round_id = company.ask()
    company.solved(round_id)
    with company.store.begin() as db:
        before = db.query(Pair).one()
        db.add(
            make.nudge("introduction", id=None, key="late", person_id=company.ruth, pair_id=before.id, dropped="late")
        )
        db.add(BrokenRule(workspace_id=make.WORKSPACE, pair_id=before.id, rule="same_team", found_at=NOW))
        db.get_one(Round, before.round_id).progress = {"of": 1, "done": 1}

    company.publish(round_id)

    with company.store.read() as db:
        assert pairs.met(db, make.WORKSPACE) == company.live == {("U0BEA", "U0OLIVER"), ("U0ANA", "U0CEM")}
        first = publications.of(db, db.get_one(Round, before.round_id))
    assert [(each.mentor.slack_id, each.why) for each in first.lost] == [("U0ANA", "gave_way")]
    assert first.coming == 0


def test_whoever_has_a_partner_now_is_proposed_to_nobody_else_in_a_round_that_is_looked_through(
    company: Broken,
) -> None:
    cem, dan = company.add("U0CEM", Side.MENTEE, 6), company.add("U0DAN", Side.MENTOR, 2)
    round_id = company.ask()
    company.solved(round_id)
    with company.store.begin() as db:
        whole = make.round_(id=None, programme_id=company.programme, created_by=company.ruth)
        whole.insight = {"unplaced": [{"member": company.bea, "side": "mentor"}]}
        db.add(whole)
        db.flush()
        db.add(make.proposal(id=None, round_id=whole.id, mentor_id=dan, mentee_id=cem))

    company.publish(round_id)

    assert ("U0BEA", "U0CEM") in company.live
    with company.store.read() as db:
        found = db.get_one(Round, whole.id)
        assert rounds.count(db, found.id) == 0
    assert found.insight == {"unplaced": [], "freed": [dan], "is_changed": True}
    assert found.version == 2, "and who looks at it is told"


def test_for_whom_a_repair_comes_to_nothing_another_is_looked_for(company: Broken) -> None:
    cem = company.add("U0CEM", Side.MENTEE, 6)
    round_id = company.ask()
    company.solved(round_id)
    with company.store.begin() as db:
        db.get_one(Member, cem).state = MemberState.PAUSED

    company.publish(round_id)

    with company.store.read() as db:
        _, again = db.query(Round).filter_by(kind=RoundKind.REPAIR).order_by(Round.id)
    assert (again.about, again.state) == (company.bea, RoundState.WORKING)


def test_nothing_is_done_if_the_two_have_heard_of_each_other_meanwhile(company: Broken) -> None:
    company.add("U0CEM", Side.MENTEE, 6)
    company.tell("U0CEM", manager="U0GRACE", team="U0BEA", level=6, zone=make.LISBON)
    round_id = company.ask()
    company.solved(round_id)
    with company.store.begin() as db:
        pair = db.query(Pair).one()
        person = pairs.people(db, pair)[1]
        db.add(make.nudge("introduction", id=None, key=f"introduction:{pair.id}", person_id=person.id, pair_id=pair.id))

    company.publish(round_id)

    assert company.live == {("U0ANA", "U0OLIVER")}
    with company.store.read() as db:
        found = publications.of(db, db.get_one(Round, round_id))
    assert [each.why for each in found.lost] == ["not_available", "not_available"]


def test_a_pair_whose_two_know_each_other_is_never_changed(company: Broken) -> None:
    company.change(introduced_at=make.MONDAY)
    company.add("U0CEM", Side.MENTEE, 6)
    company.tell("U0CEM", manager="U0GRACE", team="U0BEA", level=6, zone=make.LISBON)

    answer = company.solved(company.ask())

    assert answer["pairs"] == answer["dropped"] == []


def test_nor_is_one_in_which_somebody_has_paused(company: Broken) -> None:
    company.add("U0CEM", Side.MENTEE, 6)
    company.tell("U0CEM", manager="U0GRACE", team="U0BEA", level=6, zone=make.LISBON)
    with company.store.begin() as db:
        db.get_one(Member, db.query(Pair).one().mentee_id).state = MemberState.PAUSED

    assert company.solved(company.ask())["pairs"] == []


def test_whoever_waits_is_taken_first_and_no_pair_is_touched(company: Broken) -> None:
    cem = company.add("U0CEM", Side.MENTEE, 6)

    answer = company.solved(company.ask())

    assert [pair[:2] for pair in answer["pairs"]] == [[company.bea, cem]]  # type: ignore[attr-defined]
    assert answer["dropped"] == []


def test_one_repair_at_a_time_is_looked_for(company: Broken) -> None:
    company.ask()

    company.ask()

    with company.store.read() as db:
        assert db.query(Round).filter_by(kind=RoundKind.REPAIR).count() == 1


def test_in_a_programme_that_has_ended_none_is_looked_for(company: Broken) -> None:
    with company.store.begin() as db:
        db.query(Programme).one().closed_at = NOW
        repairs.ask(db, members.get(db, company.bea), NOW)

    with company.store.read() as db:
        assert db.query(Round).filter_by(kind=RoundKind.REPAIR).count() == 0


def test_whose_partner_left_before_they_met_is_looked_for_at_once(company: Broken) -> None:
    """They know of nothing, and go on waiting."""
    with company.store.begin() as db:
        pair = db.query(Pair).one()
        members.leave(db, [members.get(db, pair.mentee_id)], NOW)
        left = pair.mentor_id

    with company.store.read() as db:
        assert db.query(Round).filter_by(kind=RoundKind.REPAIR).one().about == left


def test_what_a_wish_costs_in_a_repair_is_told_of_the_pairs_that_it_touches(company: Broken) -> None:
    """Without it Ana and Oliver stay a pair, and Bea and Cem have nobody: neither of the first two loses anything."""
    company.add("U0CEM", Side.MENTEE, 6)
    company.tell("U0CEM", manager="U0GRACE", team="U0BEA", level=6, zone=make.LISBON)
    round_id = company.ask()
    [wish] = [pair[:2] for pair in company.solved(round_id)["pairs"] if pair[0] == company.bea]  # type: ignore[attr-defined]

    said = whatif.cost_in_words(company.house, round_id, {"forbid": wish}, (), company.person("U0RUTH"), NOW)

    assert said == "One mentee fewer would have a partner.\nWithout a partner then: <@U0BEA>, <@U0CEM>."
