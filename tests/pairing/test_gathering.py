"""What is stored of a member is what pairing goes by."""

from datetime import date

import make
from pairing.company import Company

from bot.pairing import gathering
from bot.pairing.weights import A_LOT, weights
from store import keys
from store.database import Store
from store.models import Holder, Member, Pair, Programme, Source


def test_who_waits_is_known_with_their_hours_their_teams_and_that_they_are_first_in_line(store: Store) -> None:
    company = Company(store)
    with store.begin() as db:
        db.delete(db.query(Pair).one())
        for member in db.query(Member):
            member.is_first_in_line, member.rounds_waited = True, 2
            member.hours = ["morning", "midday"]
    company.tell("U0ANA", Source.PERSON, team="Platform guild")

    with store.read() as db:
        ana, oliver = gathering.waiting(db, db.query(Programme).one(), make.MONDAY)

    assert (ana.teams, oliver.teams) == ({"Platform", "Platform guild"}, {"Sales"})
    assert ana.hours == oliver.hours == {"morning", "midday"}
    assert ana.is_first_in_line
    assert ana.rounds_waited == 2


def test_what_they_do_since_when_and_what_they_told_in_confidence_counts_in_the_fit(store: Store) -> None:
    company = Company(store)
    company.tell("U0ANA", manager="U0GRACE", team="U0ANA", level=2, function="Design", started_on="2026-06-01")
    with store.begin() as db:
        db.delete(db.query(Pair).one())
        member, person = db.query(Member).first(), company.person("U0ANA", db)
        assert member is not None
        member.networks = keys.seal(db, Holder.PERSON, person.id, "women parents")
        member.avoid = keys.seal(db, Holder.PERSON, person.id, "U0GRACE")
        db.query(Programme).one().weights = {"topics": A_LOT}

    with store.read() as db:
        problem = gathering.problem(db, db.query(Programme).one(), make.MONDAY, seed=1)

    [ana] = problem.mentors
    assert (ana.function, ana.started_on) == ("Design", date(2026, 6, 1))
    assert (ana.networks, ana.avoid) == ({"women", "parents"}, {"U0GRACE"})
    assert problem.weights == weights({"topics": A_LOT})


def test_whoever_is_in_a_pair_that_may_be_changed_can_give_up_their_seat(store: Store) -> None:
    Company(store)
    with store.read() as db:
        [programme], [pair] = db.query(Programme).all(), db.query(Pair).all()

        nobody = gathering.problem(db, programme, make.MONDAY, 1)
        both = gathering.problem(db, programme, make.MONDAY, 1, seated=[(pair.mentor_id, pair.mentee_id)])

    assert (nobody.mentors, nobody.mentees) == ((), ())
    assert [each.capacity for each in (*both.mentors, *both.mentees)] == [1, 1]
