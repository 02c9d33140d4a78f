"""Pausing, leaving, looking for another partner and being gone, as they are stored on both databases."""

from collections.abc import Callable
from datetime import datetime, timedelta

import make
import pytest
from sqlalchemy.orm import Session as Db

from store import agenda, drafts, keys, members, pairs, people, programmes, topics
from store.models import Holder, Member, MemberState, Person, Side, TopicProposal, TopicState
from tests.store.kept import Kept

NOW = make.MONDAY + timedelta(days=2)
DAY = timedelta(days=1)


def mentor(db: Db, kept: Kept) -> Member:
    return members.get(db, kept.pair.mentor_id)


def mentee(db: Db, kept: Kept) -> Member:
    return members.get(db, kept.pair.mentee_id)


def join(kept: Kept, slack_id: str, side: Side = Side.MENTEE, **facts: object) -> Member:
    """Somebody new joins, or somebody known on another side."""
    with kept.store.begin() as db:
        person = people.find(db, make.WORKSPACE, slack_id)
        if person is None:
            person = make.person(slack_id, id=None)
            db.add(person)
            db.flush()
        made = make.member(side, id=None, programme_id=kept.programme.id, person_id=person.id, **facts)
        db.add(made)
    return made


def leave(kept: Kept, person: Person, now: datetime = NOW) -> bool:
    with kept.store.begin() as db:
        return members.leave_programme(db, programmes.get(db, kept.programme.id), person.id, now)


def touched(kept: Kept) -> list[int]:
    with kept.store.read() as db:
        return [entry.subject_id for entry in agenda.due(db, make.WORKSPACE, NOW + DAY * 400, 10)]


# Leaving


def test_leaving_ends_the_pair_and_both_are_looked_at(kept: Kept) -> None:
    assert leave(kept, kept.oliver)

    with kept.store.read() as db:
        pair = pairs.get(db, kept.pair.id)
        assert (pair.ended_at, pair.ended_by) == (NOW, kept.oliver.id)
        assert mentee(db, kept).state is MemberState.LEFT
    assert touched(kept) == [kept.ana.id, kept.oliver.id]


def test_whoever_leaves_on_both_sides_and_who_acts_beside_do_not_wait_for_each_other(kept: Kept) -> None:
    """Noor mentors Oliver, and has Ana for a mentor."""
    places = {side: join(kept, "U0NOOR", side).id for side in (Side.MENTOR, Side.MENTEE)}
    facts = {"id": None, "programme_id": kept.programme.id, "round_id": kept.pair.round_id}
    kept.add(make.pair(mentor_id=places[Side.MENTOR], mentee_id=kept.pair.mentee_id, **facts))
    kept.add(make.pair(mentor_id=kept.pair.mentor_id, mentee_id=places[Side.MENTEE], **facts))
    with kept.store.begin() as db:
        agenda.touch(db, make.WORKSPACE, [kept.ana.id, kept.oliver.id, kept.noor.id], NOW)

    with kept.store.begin() as db:
        agenda.touch(db, make.WORKSPACE, [kept.ana.id], NOW)
        leaving = kept.beside(
            lambda db: members.leave_programme(db, programmes.get(db, kept.programme.id), kept.noor.id, NOW)
        )
        agenda.touch(db, make.WORKSPACE, [kept.oliver.id], NOW)

    leaving.result()


def test_leaving_again_changes_nothing(kept: Kept) -> None:
    leave(kept, kept.oliver)

    assert not leave(kept, kept.oliver, NOW + DAY)

    with kept.store.read() as db:
        assert mentee(db, kept).changed_at == NOW
        assert pairs.get(db, kept.pair.id).ended_at == NOW


@pytest.mark.parametrize("state", [MemberState.APPLIED, MemberState.QUEUED, MemberState.PAUSED])
def test_whoever_waits_or_is_paused_can_leave(kept: Kept, state: MemberState) -> None:
    made = join(kept, "U0BEA", state=state, paused_until=NOW + DAY if state is MemberState.PAUSED else None)

    with kept.store.begin() as db:
        assert members.leave_programme(db, kept.programme, made.person_id, NOW)

    with kept.store.read() as db:
        assert (members.get(db, made.id).state, members.get(db, made.id).paused_until) == (MemberState.LEFT, None)
        assert [*members.applied(db, kept.programme.id), *members.queued(db, kept.programme.id)] == []


def test_both_sides_are_left_at_once(kept: Kept) -> None:
    other = join(kept, "U0OLIVER", Side.MENTOR)

    leave(kept, kept.oliver)

    with kept.store.read() as db:
        assert {members.get(db, each).state for each in (other.id, kept.pair.mentee_id)} == {MemberState.LEFT}
        assert {members.get(db, each).changed_at for each in (other.id, kept.pair.mentee_id)} == {NOW}


def test_secrets_the_draft_and_an_undecided_topic_are_forgotten(kept: Kept) -> None:
    with kept.store.begin() as db:
        mine = mentee(db, kept)
        mine.hopes = mine.avoid = mine.networks = keys.seal(db, Holder.PERSON, kept.oliver.id, "secret")
        drafts.keep(db, kept.programme, kept.oliver, {"hopes": "secret"}, NOW)
        scope = {"workspace_id": make.WORKSPACE, "programme_id": kept.programme.id, "proposed_at": NOW}
        open_one = TopicProposal(member_id=mine.id, text="Bees", **scope)
        taken = TopicProposal(member_id=mine.id, text="Trees", state=TopicState.ACCEPTED, topic="trees", **scope)
        of_ana = TopicProposal(member_id=kept.pair.mentor_id, text="Seas", **scope)
        db.add_all([open_one, taken, of_ana])

    leave(kept, kept.oliver)

    with kept.store.read() as db:
        mine = mentee(db, kept)
        assert (mine.hopes, mine.avoid, mine.networks) == (None, None, None)
        assert drafts.find(db, kept.programme.id, kept.oliver.id) is None
        assert [each.text for each in topics.open_in(db, kept.programme.id)] == ["Seas"]
        assert topics.own(db, make.WORKSPACE) == {"trees": "Trees"}, "what the workspace has taken over stays"


def test_a_place_that_comes_free_goes_to_the_next_in_the_list(kept: Kept) -> None:
    with kept.store.begin() as db:
        programmes.get(db, kept.programme.id).places = 2
    second = join(kept, "U0BEA", state=MemberState.QUEUED, joined_at=NOW - DAY)
    first = join(kept, "U0CEM", state=MemberState.QUEUED, joined_at=NOW - DAY * 2)
    both = join(kept, "U0CEM", Side.MENTOR, state=MemberState.QUEUED, joined_at=NOW - DAY / 2)
    with kept.store.read() as db:
        places = [members.place_in_queue(db, each) for each in (first, second, both)]

    leave(kept, kept.oliver)

    assert places == [1, 2, 1], "somebody on both sides has one place in the list"
    with kept.store.read() as db:
        states = [members.get(db, each.id).state for each in (first, both, second)]
        assert states == [MemberState.ACTIVE, MemberState.ACTIVE, MemberState.QUEUED]
        assert members.place_in_queue(db, second) == 1


# Who is left


def waiting(kept: Kept, now: datetime = NOW) -> list[str]:
    with kept.store.read() as db:
        return [person.name for _, person, _ in members.with_room(db, kept.programme.id, now)]


def seek(kept: Kept, member_id: int, now: datetime = NOW) -> None:
    with kept.store.begin() as db:
        members.seek(db, members.get(db, member_id), now)


def test_a_partner_who_knew_of_the_pair_waits_when_they_say_so_and_is_first(kept: Kept) -> None:
    leave(kept, kept.oliver)
    before = waiting(kept)

    seek(kept, kept.pair.mentor_id)

    assert (before, waiting(kept)) == ([], ["Ana"])
    with kept.store.read() as db:
        assert mentor(db, kept).is_first_in_line


def test_a_partner_who_was_never_introduced_goes_on_waiting_and_is_first(kept: Kept) -> None:
    with kept.store.begin() as db:
        pair = pairs.get(db, kept.pair.id)
        pair.introduced_at = pair.ends_at = None

    leave(kept, kept.oliver)

    assert waiting(kept) == ["Ana"]
    with kept.store.read() as db:
        assert mentor(db, kept).is_first_in_line


def test_when_a_coordinator_ends_a_pair_neither_waits_until_they_say_so(kept: Kept) -> None:
    with kept.store.begin() as db:
        ids = members.end_pair(db, pairs.get(db, kept.pair.id), NOW, ended_by=None)

    assert ids == {kept.ana.id, kept.oliver.id}
    assert waiting(kept) == []


def test_whose_months_are_over_begins_anew_but_not_first(kept: Kept) -> None:
    later = make.at("2027-10-04 10:00")
    with kept.store.read() as db:
        stood = members.room(db, mentor(db, kept), later)

    seek(kept, kept.pair.mentor_id, later)

    assert stood == (1, True)
    assert waiting(kept, later) == ["Ana"]
    with kept.store.read() as db:
        assert not mentor(db, kept).is_first_in_line


def test_resting_takes_them_off_the_list_and_asking_puts_them_back(kept: Kept) -> None:
    made = join(kept, "U0BEA")

    with kept.store.begin() as db:
        members.rest(db, members.get(db, made.id), NOW)
    resting = waiting(kept)
    seek(kept, made.id)

    assert (resting, waiting(kept)) == ([], ["Bea"])


def test_who_comes_back_begins_with_nothing_left_of_before(kept: Kept) -> None:
    with kept.store.begin() as db:
        members.end_pair(db, pairs.get(db, kept.pair.id), NOW, ended_by=None)

    leave(kept, kept.oliver, NOW + DAY)

    with kept.store.read() as db:
        assert (mentee(db, kept).wants_partner, mentee(db, kept).is_first_in_line) == (True, False)


@pytest.mark.parametrize(("capacity", "room"), [(1, 0), (3, 2)])
def test_a_mentor_has_room_for_as_many_as_they_take(kept: Kept, capacity: int, room: int) -> None:
    with kept.store.begin() as db:
        mentor(db, kept).capacity = capacity

    with kept.store.read() as db:
        assert members.room(db, mentor(db, kept), NOW) == (room, False)
        assert members.room(db, mentee(db, kept), NOW) == (0, False)


# Pausing


def moved(kept: Kept, change: Callable[[Member], object]) -> Member:
    with kept.store.begin() as db:
        [(mine, _)] = members.locked(db, kept.oliver.id)
        change(mine)
    with kept.store.read() as db:
        return mentee(db, kept)


def test_a_second_pause_is_the_same_pause_with_another_date(kept: Kept) -> None:
    moved(kept, lambda mine: members.pause(mine, None, NOW))

    mine = moved(kept, lambda mine: members.pause(mine, NOW + DAY * 5, NOW + DAY))

    assert (mine.state, mine.state_since, mine.paused_until) == (MemberState.PAUSED, NOW, NOW + DAY * 5)


def test_a_pause_wakes_on_its_date_and_not_before_nor_twice(kept: Kept) -> None:
    woken: list[bool] = []
    moved(kept, lambda mine: members.pause(mine, NOW + DAY, NOW))
    for at in (NOW + DAY / 2, NOW + DAY, NOW + DAY * 2):
        mine = moved(kept, lambda mine, at=at: woken.append(members.wake(mine, at)))  # type: ignore[misc]

    assert woken == [False, True, False]
    assert (mine.state, mine.state_since) == (MemberState.ACTIVE, NOW + DAY)


def test_going_on_by_their_own_word_leaves_no_date_behind(kept: Kept) -> None:
    moved(kept, lambda mine: members.pause(mine, NOW + DAY, NOW))

    mine = moved(kept, lambda mine: members.resume(mine, NOW + DAY / 2))

    assert (mine.state, mine.state_since, mine.paused_until) == (MemberState.ACTIVE, NOW + DAY / 2, None)


# Being gone


def be_gone(kept: Kept, person: Person, now: datetime = NOW) -> None:
    with kept.store.begin() as db:
        members.gone(db, people.get(db, person.id), now)


def test_who_is_gone_has_left_everything_once(kept: Kept) -> None:
    with kept.store.begin() as db:
        other = make.programme(id=None, name="Other", created_by=kept.noor.id)
        db.add(other)
        db.flush()
        db.add(make.member(Side.MENTEE, id=None, programme_id=other.id, person_id=kept.ana.id))
        drafts.keep(db, other, people.get(db, kept.ana.id), {}, NOW)

    be_gone(kept, kept.ana)
    be_gone(kept, kept.ana, NOW + DAY)

    with kept.store.read() as db:
        assert {member.state for member, _ in members.of_person(db, kept.ana.id)} == {MemberState.LEFT}
        assert people.get(db, kept.ana.id).gone_at == NOW
        assert pairs.get(db, kept.pair.id).ended_by == kept.ana.id
        assert drafts.of_person(db, kept.ana.id) == []
        assert not mentee(db, kept).wants_partner


@pytest.mark.parametrize(("who", "is_named"), [("noor", True), ("bea", False)])
def test_the_homes_of_coordinators_are_drawn_anew_when_a_contact_is_gone(kept: Kept, who: str, is_named: bool) -> None:
    bea = make.person("U0BEA", id=None)
    kept.add(bea)
    with kept.store.begin() as db:
        people.open_home(db, kept.oliver.id, NOW, shows_programme=True)
        people.home_drawn(db, kept.oliver.id, NOW)

    be_gone(kept, kept.noor if who == "noor" else bea)

    with kept.store.read() as db:
        assert bool(people.stale_homes(db, make.WORKSPACE, 10)) is is_named


def test_only_pairs_alive_have_partners(kept: Kept) -> None:
    def partners() -> list[int]:
        with kept.store.read() as db:
            return pairs.partners(db, kept.ana.id, NOW)

    before = partners()
    leave(kept, kept.oliver)

    assert (before, partners()) == ([kept.oliver.id], [])
