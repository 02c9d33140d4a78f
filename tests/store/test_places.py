"""Who gets a place: in the order in which people asked, never more than there are, each place to one person once."""

from datetime import timedelta

import make
import pytest
from beside import beside
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session as Db

from store import drafts, members, people, programmes, topics, workspaces
from store.database import Store
from store.models import IS_OUT, TAKES_PART, Member, MemberState, Programme, Side, TopicProposal, TopicState

NOW = make.MONDAY + timedelta(days=1)


@pytest.fixture
def town(store: Store) -> Store:
    with store.begin() as db:
        workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")
    with store.begin() as db:
        db.add_all([make.person(f"U{number}", id=number) for number in range(1, 13)])
    return store


def set_up(db: Db, **terms: object) -> Programme:
    made = make.programme(id=None, created_by=1, **terms)
    db.add(made)
    db.flush()
    return made


def add(db: Db, programme: Programme, person: int, state: MemberState, *sides: Side, minute: int = 0) -> None:
    """Somebody in that state, since that minute, on these sides; as a mentor if nothing is said."""
    for side in sides or (Side.MENTOR,):
        since = make.MONDAY + timedelta(minutes=minute)
        facts = {"programme_id": programme.id, "person_id": person, "state": state, "joined_at": since}
        db.add(make.member(side, id=None, state_since=since, changed_at=since, **facts))
    db.flush()


def states(store: Store, programme: Programme) -> dict[int, set[MemberState]]:
    """By person."""
    found: dict[int, set[MemberState]] = {}
    with store.read() as db:
        for state in MemberState:
            for member in db.query(Member).filter_by(programme_id=programme.id, state=state):
                found.setdefault(member.person_id, set()).add(member.state)
    return found


standing = st.lists(
    st.tuples(
        st.sampled_from([MemberState.QUEUED, MemberState.QUEUED, MemberState.ACTIVE, MemberState.PAUSED]),
        st.sampled_from([(Side.MENTOR,), (Side.MENTEE,), (Side.MENTOR, Side.MENTEE)]),
        st.integers(0, 5),
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(standing, st.none() | st.integers(2, 14))
def test_places_go_to_those_who_asked_first_as_long_as_there_are_any(
    town: Store, everyone: list[tuple[MemberState, tuple[Side, ...], int]], places: int | None
) -> None:
    with town.begin() as db:
        programme = set_up(db, places=places)
        for number, (state, sides, minute) in enumerate(everyone, 1):
            add(db, programme, number, state, *sides, minute=minute)
        in_order = list(dict.fromkeys(member.person_id for member in members.queued(db, programme.id)))
        before = members.count(db, programme.id)

        found = members.let_in(db, programme, NOW)

        free = len(in_order) if places is None else max(0, places - before)
        assert found == set(in_order[:free]), "the next ones, and no more than there are places"
        assert members.count(db, programme.id) == before + len(found)
        assert members.let_in(db, programme, NOW) == set(), "and nobody twice"
        both = [member for member in members.of_programme(db, programme.id) if member.person_id in found]
        assert all((member.let_in_at, member.changed_at) == (NOW, NOW) for member in both)
        assert not {member.person_id for member in members.queued(db, programme.id)} & found, "both sides came in"


def test_of_two_who_leave_at_once_each_makes_room_for_another(town: Store) -> None:
    with town.begin() as db:
        programme = set_up(db, places=2)
        for number, state in enumerate([MemberState.ACTIVE] * 2 + [MemberState.QUEUED] * 3, 1):
            add(db, programme, number, state, minute=number)

    def leave(db: Db, person: int) -> None:
        [member] = members.in_programme(db, programme.id, person)
        members.leave(db, [member], NOW)

    with town.begin() as db:
        leave(db, 1)
        second = beside(town, lambda db: leave(db, 2))
    second.result()

    now = states(town, programme)
    assert [now[number] for number in (3, 4)] == [{MemberState.ACTIVE}] * 2
    assert now[5] == {MemberState.QUEUED}
    with town.read() as db:
        assert [members.in_programme(db, programme.id, number)[0].revision for number in (3, 4, 5)] == [2, 2, 1]


def test_nobody_comes_into_a_programme_that_has_ended(town: Store) -> None:
    with town.begin() as db:
        programme = set_up(db, closed_at=NOW)
        add(db, programme, 1, MemberState.QUEUED)

        assert members.let_in(db, programme, NOW) == set()


def test_a_yes_is_for_both_sides_and_counts_once(town: Store) -> None:
    with town.begin() as db:
        programme = set_up(db, needs_approval=True)
        add(db, programme, 1, MemberState.APPLIED, Side.MENTOR, Side.MENTEE)

        assert members.approve(db, programme, 1, NOW)
        assert not members.approve(db, programme, 1, NOW)
        assert not members.turn_down(db, programme, 1, NOW)

    assert states(town, programme) == {1: {MemberState.ACTIVE}}


def test_whoever_takes_part_needs_no_second_place_for_the_other_side(town: Store) -> None:
    with town.begin() as db:
        programme = set_up(db, needs_approval=True, places=2)
        add(db, programme, 1, MemberState.ACTIVE, Side.MENTOR)
        add(db, programme, 2, MemberState.ACTIVE)
        add(db, programme, 3, MemberState.QUEUED)
        add(db, programme, 1, MemberState.APPLIED, Side.MENTEE)

        members.approve(db, programme, 1, NOW)

    assert states(town, programme) == {1: {MemberState.ACTIVE}, 2: {MemberState.ACTIVE}, 3: {MemberState.QUEUED}}


def test_a_no_forgets_what_was_told_in_confidence(town: Store) -> None:
    with town.begin() as db:
        programme = set_up(db, needs_approval=True)
        add(db, programme, 1, MemberState.APPLIED)
        [member] = members.in_programme(db, programme.id, 1)
        member.hopes = member.avoid = member.networks = b"sealed"

        assert members.turn_down(db, programme, 1, NOW)

        assert (member.state, member.hopes, member.avoid, member.networks) == (MemberState.DECLINED, None, None, None)
        assert member.state_since == member.changed_at == NOW


def test_a_no_forgets_a_change_that_was_begun_and_a_topic_nobody_has_decided_on(town: Store) -> None:
    with town.begin() as db:
        programme = set_up(db, needs_approval=True)
        add(db, programme, 1, MemberState.APPLIED)
        proposal(db, programme, 1, Side.MENTOR)
        drafts.keep(db, programme, people.get(db, 1), {"avoid": ["U2"]}, NOW)
        [member] = members.in_programme(db, programme.id, 1)

        members.turn_down(db, programme, 1, NOW)

        assert drafts.find(db, programme.id, 1) is None
        assert topics.of_member(db, [member.id]) == []


# Topics


def proposal(db: Db, programme: Programme, person: int, side: Side) -> TopicProposal:
    member = next((each for each in members.in_programme(db, programme.id, person) if each.side is side), None)
    assert member is not None
    made = make.topic_proposal(id=None, programme_id=programme.id, member_id=member.id)
    db.add(made)
    db.flush()
    return made


def topics_of(db: Db, programme: Programme, person: int) -> list[list[str]]:
    return [member.topics for member in members.in_programme(db, programme.id, person)]


def test_an_accepted_topic_is_in_the_list_and_among_theirs_without_a_new_revision(town: Store) -> None:
    with town.begin() as db:
        programme = set_up(db)
        add(db, programme, 1, MemberState.ACTIVE)
        made = proposal(db, programme, 1, Side.MENTOR)

        topics.accept(db, made, "Wool", 2, NOW)

        assert topics.own(db, make.WORKSPACE) == {f"own_{made.id}": "Wool"}
        assert topics_of(db, programme, 1) == [["ai_tools", f"own_{made.id}"]]
        assert members.in_programme(db, programme.id, 1)[0].revision == 1
        assert (made.state, made.decided_by, made.decided_at) == (TopicState.ACCEPTED, 2, NOW)


def test_a_merged_topic_is_added_unless_they_have_it_on_either_side(town: Store) -> None:
    with town.begin() as db:
        programme = set_up(db)
        add(db, programme, 1, MemberState.ACTIVE, Side.MENTOR, Side.MENTEE)
        mentor, mentee = members.in_programme(db, programme.id, 1)
        mentor.topics, mentee.topics = ["ai_tools"], ["data"]

        for topic in ("ai_tools", "data", "remote_work"):
            topics.merge(db, proposal(db, programme, 1, Side.MENTOR), topic, 2, NOW)

        assert topics_of(db, programme, 1) == [["ai_tools", "remote_work"], ["data"]]
        assert topics.own(db, make.WORKSPACE) == {}


def test_a_topic_that_was_left_out_changes_nothing_but_itself(town: Store) -> None:
    with town.begin() as db:
        programme = set_up(db)
        add(db, programme, 1, MemberState.ACTIVE)
        made = proposal(db, programme, 1, Side.MENTOR)

        topics.decline(db, made, 2, NOW)

        assert topics_of(db, programme, 1) == [["ai_tools"]]
        assert topics.own(db, make.WORKSPACE) == {}
        assert topics.open_in(db, programme.id) == []


@pytest.mark.parametrize("state", MemberState)
def test_only_topics_of_people_who_are_still_there_wait_for_a_decision(town: Store, state: MemberState) -> None:
    with town.begin() as db:
        programme = set_up(db)
        add(db, programme, 1, state)
        made = proposal(db, programme, 1, Side.MENTOR)

        assert topics.open_in(db, programme.id) == ([made] if state not in IS_OUT else [])
        assert topics.to_decide(db, make.WORKSPACE, made.id) is made
        assert topics.to_decide(db, "T0OTHER", made.id) is None
        assert members.present(db, programme.id) == (set() if state in IS_OUT else {1})
        assert members.count(db, programme.id) == (state in TAKES_PART)


# Whose they are


def test_requests_go_to_whoever_runs_a_programme_and_ended_ones_are_found_apart(town: Store) -> None:
    with town.begin() as db:
        mine, ended = set_up(db), set_up(db, closed_at=NOW)
        theirs = make.programme(id=None, created_by=2)
        db.add(theirs)
        db.flush()

        assert programmes.run_by(db, 1) == [mine, ended]
        assert programmes.run_by(db, 2) == [theirs]
        assert programmes.open_now(db, make.WORKSPACE) == [theirs, mine]
        assert programmes.ended(db, make.WORKSPACE) == [ended]


def test_whoever_waits_for_a_lock_sees_what_was_changed_meanwhile(town: Store) -> None:
    with town.begin() as db:
        made = set_up(db, places=2)
    seen: list[int | None] = []

    def look(db: Db) -> None:
        programmes.find(db, make.WORKSPACE, made.id)
        seen.append(programmes.lock(db, made.id).places)

    with town.begin() as db:
        programmes.lock(db, made.id).places = 5
        db.flush()
        other = beside(town, look)
    other.result()

    assert seen == [5]
