"""What is stored of a member is what pairing goes by; a published pair has waited long enough."""

from datetime import timedelta

import make
import pytest
from pairing.company import Company

from bot.pairing import listeners
from store.database import Store
from store.models import Member, Pair, Programme, Proposal, Round, Source


@pytest.fixture
def company(store: Store) -> Company:
    """Ana and Oliver are no pair yet, but proposed for one."""
    made = Company(store)
    with store.begin() as db:
        pair, round_ = db.query(Pair).one(), db.query(Round).one()
        ids = {"mentor_id": pair.mentor_id, "mentee_id": pair.mentee_id}
        db.delete(pair)
        db.add(make.proposal(id=None, round_id=round_.id, **ids))
        for member in db.query(Member):
            member.is_first_in_line, member.rounds_waited = True, 2
            member.hours = ["morning", "midday"]
    for who, level in (("U0ANA", 2), ("U0OLIVER", 5)):
        made.tell(who, manager="U0GRACE", team=who, level=level, zone=make.LISBON)
    return made


def test_who_waits_is_known_with_their_hours_their_teams_and_that_they_are_first_in_line(company: Company) -> None:
    company.tell("U0ANA", Source.PERSON, team="Platform guild")

    with company.store.read() as db:
        ana, oliver = listeners.waiting(db, db.query(Programme).one(), make.MONDAY)

    assert (ana.teams, oliver.teams) == ({"U0ANA", "Platform guild"}, {"U0OLIVER"})
    assert ana.hours == oliver.hours == {"morning", "midday"}
    assert ana.is_first_in_line
    assert ana.rounds_waited == 2


def test_who_is_paired_is_no_longer_first_in_line(company: Company) -> None:
    with company.store.begin() as db:
        paired = listeners._pair(db, db.query(Round).one(), make.MONDAY + timedelta(days=1))

    assert len(paired) == 1
    with company.store.read() as db:
        assert [(each.is_first_in_line, each.rounds_waited) for each in db.query(Member)] == [(False, 0), (False, 0)]


def test_who_is_left_over_stays_first_in_line(company: Company) -> None:
    with company.store.begin() as db:
        for each in db.query(Proposal):
            each.is_removed = True
        db.flush()
        listeners._pair(db, db.query(Round).one(), make.MONDAY)

    with company.store.read() as db:
        assert [(each.is_first_in_line, each.rounds_waited) for each in db.query(Member)] == [(True, 3), (True, 3)]
