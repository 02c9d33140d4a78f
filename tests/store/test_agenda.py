"""When somebody must next be looked at: earlier wins, every change is noticed, and a claim that comes late is none."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial

import make
import pytest
from conftest import KEY, Databases
from cryptography.fernet import Fernet, MultiFernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update
from sqlalchemy.orm import Session as Db

from store import agenda, people, workspaces
from store.agenda import Among, Entry
from store.database import Store
from store.models import Agenda, Person, Subject
from tests.store.kept import Kept, keep

NOW = make.MONDAY
HOUR = timedelta(hours=1)


def look(kept: Kept, person: Person, hours: float) -> None:
    with kept.store.begin() as db:
        agenda.look(db, make.WORKSPACE, Subject.PERSON, person.id, NOW + HOUR * hours)


def due(kept: Kept, hours: float = 0, limit: int = 10) -> list[Entry]:
    with kept.store.read() as db:
        return agenda.due(db, make.WORKSPACE, NOW + HOUR * hours, limit)


def whom(entries: list[Entry]) -> list[int]:
    return [entry.subject_id for entry in entries]


def test_who_is_touched_is_looked_at_now(kept: Kept) -> None:
    with kept.store.begin() as db:
        agenda.touch(db, make.WORKSPACE, [kept.oliver.id, kept.ana.id, kept.ana.id], NOW)

    assert whom(due(kept)) == [kept.ana.id, kept.oliver.id]


def test_an_earlier_moment_wins_and_a_later_one_changes_nothing(kept: Kept) -> None:
    look(kept, kept.ana, 5)
    look(kept, kept.ana, 2)
    look(kept, kept.ana, 9)

    assert whom(due(kept, 1)) == []
    assert whom(due(kept, 2)) == [kept.ana.id]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 100), min_size=1, max_size=5))
def test_whatever_the_order_it_is_looked_at_at_the_earliest_of_them(kept: Kept, hours: list[int]) -> None:
    with kept.store.begin() as db:
        db.execute(update(Agenda).values(look_at=None))

    for each in hours:
        look(kept, kept.ana, each)

    [entry] = due(kept, 1000)
    assert entry.look_at == NOW + HOUR * min(hours)


def test_what_is_due_comes_oldest_first_and_no_more_than_asked_for(kept: Kept) -> None:
    look(kept, kept.ana, 3)
    look(kept, kept.oliver, 1)
    look(kept, kept.noor, 2)

    assert whom(due(kept, 5)) == [kept.oliver.id, kept.noor.id, kept.ana.id]
    assert whom(due(kept, 5, limit=2)) == [kept.oliver.id, kept.noor.id]


def test_a_person_and_an_announcement_of_one_number_are_two(kept: Kept) -> None:
    with kept.store.begin() as db:
        agenda.look(db, make.WORKSPACE, Subject.PERSON, 7, NOW)
        agenda.look(db, make.WORKSPACE, Subject.ANNOUNCEMENT, 7, NOW)

    assert [entry.subject for entry in due(kept)] == [Subject.PERSON, Subject.ANNOUNCEMENT]


def test_of_two_who_look_at_something_first_at_once_neither_fails_and_the_earlier_moment_wins(kept: Kept) -> None:
    with kept.store.begin() as db:
        agenda.look(db, make.WORKSPACE, Subject.RULES, 0, NOW + HOUR)
        other = kept.beside(lambda db: agenda.look(db, make.WORKSPACE, Subject.RULES, 0, NOW))

    other.result()
    assert [(entry.subject, entry.look_at) for entry in due(kept)] == [(Subject.RULES, NOW)]


def test_another_workspace_has_an_agenda_of_its_own(kept: Kept) -> None:
    with kept.store.begin() as db:
        workspaces.keep(db, "T0ELSEWHERE", "Elsewhere", "U0FLIPSIDE")
        db.flush()
        agenda.look(db, "T0ELSEWHERE", Subject.PERSON, 999, NOW)

    assert due(kept, 1000) == []
    assert next_look(kept) is None


# Claiming


def test_a_claim_sets_the_next_moment(kept: Kept) -> None:
    look(kept, kept.ana, 0)
    [entry] = due(kept)

    with kept.store.begin() as db:
        assert agenda.move(db, entry, NOW + HOUR * 4)

    assert whom(due(kept, 3)) == []
    assert whom(due(kept, 4)) == [kept.ana.id]


def test_with_no_next_moment_they_are_left_alone_until_something_changes(kept: Kept) -> None:
    look(kept, kept.ana, 0)
    with kept.store.begin() as db:
        agenda.move(db, due(kept)[0], None)
    before = due(kept, 1000)

    look(kept, kept.ana, 6)

    assert before == []
    assert whom(due(kept, 6)) == [kept.ana.id]


def test_of_two_claims_of_one_look_the_second_comes_too_late(kept: Kept) -> None:
    look(kept, kept.ana, 0)
    [entry] = due(kept)

    with kept.store.begin() as db:
        first = agenda.move(db, entry, NOW + HOUR)
    with kept.store.begin() as db:
        second = agenda.move(db, entry, NOW + HOUR * 2)

    assert (first, second) == (True, False)
    assert due(kept, 1)[0].look_at == NOW + HOUR


def test_a_claim_comes_too_late_if_anything_changed_since_it_was_read(kept: Kept) -> None:
    """Even a change that asks for a later look: it may have taken away what the claim is about."""
    look(kept, kept.ana, 0)
    [entry] = due(kept)
    look(kept, kept.ana, 50)

    with kept.store.begin() as db:
        assert not agenda.move(db, entry, None)

    assert whom(due(kept)) == [kept.ana.id]


# Taking


def take(kept: Kept, limit: int = 10, among: Among = Among.ALL, at: datetime = NOW) -> list[Entry]:
    with kept.store.begin() as db:
        return agenda.take(db, make.WORKSPACE, at, at + HOUR, limit, among)


def urge(kept: Kept, *people: Person) -> None:
    with kept.store.begin() as db:
        agenda.touch(db, make.WORKSPACE, [each.id for each in people], NOW)


def test_who_has_just_done_something_goes_before_those_who_have_been_due_for_long(kept: Kept) -> None:
    look(kept, kept.ana, -5)
    look(kept, kept.oliver, -4)
    urge(kept, kept.noor)

    assert whom(take(kept)) == [kept.noor.id, kept.ana.id, kept.oliver.id]


def test_what_one_has_taken_is_nobody_elses_until_the_lease_is_over(kept: Kept) -> None:
    look(kept, kept.ana, 0)
    look(kept, kept.oliver, 0)

    first, second = take(kept, 1), take(kept)

    assert (whom(first), whom(second), whom(take(kept))) == ([kept.ana.id], [kept.oliver.id], [])
    assert whom(take(kept, at=NOW + HOUR)) == [kept.ana.id, kept.oliver.id]


def test_two_processes_take_at_once_and_neither_waits_for_the_other(databases: Databases) -> None:
    """PostgreSQL passes over what another is just taking; SQLite has one writer."""
    url = databases.make("postgresql", with_people=False)
    store = Store(url, MultiFernet([Fernet(KEY)]))
    kept = keep(store)
    look(kept, kept.ana, 0)
    look(kept, kept.oliver, 0)

    with store.begin() as db, store.begin() as other:
        first = agenda.take(db, make.WORKSPACE, NOW, NOW + HOUR, 1)
        second = agenda.take(other, make.WORKSPACE, NOW, NOW + HOUR, 10)

    assert (whom(first), whom(second)) == ([kept.ana.id], [kept.oliver.id])
    store.close()
    databases.drop(url)


CHANGES: dict[str, Callable[[Db, list[Entry]], object]] = {
    "hold": agenda.hold,
    "move_unchanged": lambda db, entries: agenda.move_unchanged(db, dict.fromkeys(entries, NOW)),
    "touch_many": lambda db, entries: agenda.touch_many(db, make.WORKSPACE, sorted(whom(entries)), NOW),
}


@pytest.mark.parametrize("how", CHANGES)
def test_whoever_acts_on_a_pair_and_who_changes_both_beside_do_not_wait_for_each_other(kept: Kept, how: str) -> None:
    """Whoever comes second waits, in whichever order the two came into the agenda."""
    for each in (kept.oliver, kept.ana):
        look(kept, each, 0)
    entries = take(kept)

    def beside(db: Db) -> None:
        if db.get_bind().dialect.name == "postgresql":
            db.execute(text("set local enable_indexscan = off"))  # as where there are thousands
            db.execute(text("set local enable_bitmapscan = off"))
        CHANGES[how](db, entries)

    with kept.store.begin() as db:
        agenda.touch(db, make.WORKSPACE, [kept.ana.id], NOW)
        begun = kept.beside(beside)
        agenda.touch(db, make.WORKSPACE, [kept.oliver.id], NOW)

    begun.result()


def test_whom_nothing_reaches_and_whom_it_reaches_again_coordinators_see_at_once(kept: Kept) -> None:
    with kept.store.begin() as db:
        db.execute(
            update(Person).where(Person.id == kept.noor.id).values(home_opened_at=NOW, home_shows_programme=True)
        )

    def stale() -> list[int]:
        with kept.store.begin() as db:
            found = [each.id for each in people.stale_homes(db, make.WORKSPACE, 10)]
            people.home_drawn(db, kept.noor.id, NOW)
        return found

    with kept.store.begin() as db:
        people.unreachable(db, people.get(db, kept.ana.id), NOW)
    assert stale() == [kept.noor.id]
    with kept.store.begin() as db:
        people.unreachable(db, people.get(db, kept.ana.id), NOW)
    assert stale() == [], "they know"
    with kept.store.begin() as db:
        assert people.reachable(db, people.get(db, kept.ana.id), NOW)
    assert stale() == [kept.noor.id]


def test_coordinators_who_act_at_once_do_not_wait_for_each_other(kept: Kept) -> None:
    """Whatever one of them changes of their own makes the Homes of all of them stale."""
    coordinators = [kept.ana.id, kept.oliver.id, kept.noor.id]
    with kept.store.begin() as db:
        agenda.touch(db, make.WORKSPACE, coordinators, NOW)
        db.execute(update(Person).values(home_opened_at=NOW, home_shows_programme=True))

    def act(db: Db, who: int) -> None:
        people.get(db, who).works_from = time(10)
        agenda.touch(db, make.WORKSPACE, [who], NOW)

    with kept.store.begin() as db:
        db.execute(update(Person).where(Person.id == coordinators[1]).values(home_stale_at=None))
        begun = [kept.beside(partial(act, who=who)) for who in (coordinators[0], coordinators[2])]

    for each in begun:
        each.result()
    with kept.store.read() as db:
        assert {person.home_stale_at for person in people.all_of(db, make.WORKSPACE)} == {NOW}


def test_what_changes_after_it_was_taken_is_due_at_once_and_the_claim_comes_too_late(kept: Kept) -> None:
    look(kept, kept.ana, 0)
    entries = take(kept)
    urge(kept, kept.ana)

    with kept.store.begin() as db:
        held = agenda.hold(db, entries)

    assert held == []
    assert [(entry.subject_id, entry.is_urgent) for entry in take(kept)] == [(kept.ana.id, True)]


def test_where_there_is_no_room_for_messages_only_who_waits_for_an_answer_is_taken(kept: Kept) -> None:
    look(kept, kept.ana, 0)
    urge(kept, kept.oliver)
    with kept.store.begin() as db:
        agenda.look(db, make.WORKSPACE, Subject.RULES, 0, NOW)

    def could(among: Among) -> list[tuple[Subject, int]]:
        with kept.store.read() as db:
            is_any = agenda.is_due(db, make.WORKSPACE, NOW, among)
        taken = [(entry.subject, entry.subject_id) for entry in take(kept, 10, among)]
        assert is_any == bool(taken)
        return taken

    assert could(Among.WORK) == [(Subject.RULES, 0)]
    assert could(Among.WORK) == []
    assert could(Among.URGENT) == [(Subject.PERSON, kept.oliver.id)]
    assert could(Among.URGENT) == []
    assert could(Among.ALL) == [(Subject.PERSON, kept.ana.id)]


def test_the_next_moments_of_many_are_set_at_once_but_not_of_whoever_changed(kept: Kept) -> None:
    look(kept, kept.ana, 0)
    look(kept, kept.oliver, 0)
    [ana, oliver] = take(kept)
    urge(kept, kept.oliver)

    with kept.store.begin() as db:
        agenda.move_unchanged(db, {ana: NOW + HOUR * 5, oliver: None})

    assert whom(due(kept)) == [kept.oliver.id]
    assert whom(due(kept, 5)) == [kept.oliver.id, kept.ana.id]
    with kept.store.begin() as db:
        agenda.move_held(db, {ana.id: None, oliver.id: NOW + HOUR * 9})
    assert (whom(due(kept, 8)), whom(due(kept, 9))) == ([], [kept.oliver.id])


# A workspace that has to wait


def test_while_slack_asks_for_quiet_nobody_of_that_workspace_is_looked_at(kept: Kept) -> None:
    look(kept, kept.ana, 0)

    with kept.store.begin() as db:
        workspaces.wait(db, make.WORKSPACE, NOW + HOUR)

    assert (whom(due(kept, 0.9)), whom(due(kept, 1))) == ([], [kept.ana.id])


def test_who_asks_for_a_longer_quiet_wins(kept: Kept) -> None:
    look(kept, kept.ana, 0)

    with kept.store.begin() as db:
        workspaces.wait(db, make.WORKSPACE, NOW + HOUR * 3)
        workspaces.wait(db, make.WORKSPACE, NOW + HOUR)

    assert whom(due(kept, 2)) == []


def test_a_restart_does_not_forget_the_quiet(kept: Kept) -> None:
    look(kept, kept.ana, 0)
    with kept.store.begin() as db:
        workspaces.wait(db, make.WORKSPACE, NOW + HOUR)

    with kept.store.begin() as db:
        workspaces.keep(db, make.WORKSPACE, "Tidewell Ltd", "U0FLIPSIDE")

    assert whom(due(kept, 0.5)) == []


# The next moment of all


def next_look(kept: Kept) -> object:
    with kept.store.read() as db:
        return agenda.next_look(db, make.WORKSPACE)


def test_with_nothing_ahead_there_is_no_next_moment(kept: Kept) -> None:
    assert next_look(kept) is None


def test_the_next_moment_is_the_earliest_of_all(kept: Kept) -> None:
    look(kept, kept.ana, 5)
    look(kept, kept.oliver, 3)

    assert next_look(kept) == NOW + HOUR * 3


def test_the_next_moment_is_one_at_which_there_is_room_for_a_message(kept: Kept) -> None:
    look(kept, kept.ana, 1)

    def following(urgent_from: float, others_from: float) -> object:
        with kept.store.read() as db:
            moments = NOW + HOUR * urgent_from, NOW + HOUR * others_from
            return agenda.next_look(db, make.WORKSPACE, *moments)

    assert following(0, 0) == NOW + HOUR
    assert following(0, 3) == NOW + HOUR * 3
    urge(kept, kept.oliver)
    assert following(0, 3) == NOW
    assert following(2, 3) == NOW + HOUR * 2


def test_the_next_moment_waits_for_the_quiet_to_end(kept: Kept) -> None:
    look(kept, kept.ana, 1)
    with kept.store.begin() as db:
        workspaces.wait(db, make.WORKSPACE, NOW + HOUR * 2)

    assert next_look(kept) == NOW + HOUR * 2


# Homes


def stale(kept: Kept) -> list[str]:
    with kept.store.read() as db:
        return [person.slack_id for person in people.stale_homes(db, make.WORKSPACE, 10)]


def open_home(kept: Kept, person: Person, *, shows_programme: bool = False) -> None:
    with kept.store.begin() as db:
        people.open_home(db, person.id, NOW, shows_programme=shows_programme)
        people.home_drawn(db, person.id, NOW)


def test_a_change_makes_the_homes_of_those_it_touches_and_of_coordinators_stale(kept: Kept) -> None:
    open_home(kept, kept.ana)
    open_home(kept, kept.oliver)
    open_home(kept, kept.noor, shows_programme=True)

    with kept.store.begin() as db:
        agenda.touch(db, make.WORKSPACE, [kept.ana.id], NOW + HOUR)

    assert sorted(stale(kept)) == ["U0ANA", "U0NOOR"]


def test_a_home_that_was_never_opened_is_never_drawn(kept: Kept) -> None:
    with kept.store.begin() as db:
        agenda.touch(db, make.WORKSPACE, [kept.ana.id], NOW)

    assert stale(kept) == []


def test_a_home_that_became_stale_while_it_was_drawn_is_drawn_again(kept: Kept) -> None:
    open_home(kept, kept.ana)
    with kept.store.begin() as db:
        agenda.touch(db, make.WORKSPACE, [kept.ana.id], NOW + HOUR)

    with kept.store.begin() as db:
        people.home_drawn(db, kept.ana.id, NOW)

    assert stale(kept) == ["U0ANA"]
