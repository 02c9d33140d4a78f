"""Short questions about people, pairs, notes, rounds and events: who may read what, and what happens once."""

from datetime import datetime, timedelta

import make
import pytest
from sqlalchemy.exc import IntegrityError

from store import events, keys, members, notes, pairs, people, rounds, snapshots
from store import kept as texts
from store.keys import Unreadable
from store.models import Holder, MemberState, Person, RoundState, Side, Wish
from tests.store.kept import Kept

NOW = make.MONDAY
DAY = timedelta(days=1)


# Events


def take(kept: Kept, event_id: str) -> bool:
    with kept.store.begin() as db:
        return events.take(db, event_id, NOW)


def test_an_event_is_taken_once(kept: Kept) -> None:
    assert [take(kept, "Ev1"), take(kept, "Ev1"), take(kept, "Ev2")] == [True, False, True]


def test_events_are_remembered_until_slack_brings_them_no_more(kept: Kept) -> None:
    take(kept, "Ev1")

    def forgotten(before: datetime) -> int:
        with kept.store.begin() as db:
            return events.forget(db, before)

    assert (forgotten(NOW), take(kept, "Ev1")) == (0, False)
    assert (forgotten(NOW + DAY), take(kept, "Ev1")) == (1, True)


def test_an_event_whose_effect_was_not_kept_can_come_again(kept: Kept) -> None:
    def fail() -> None:
        with kept.store.begin() as db:
            events.take(db, "Ev1", NOW)
            raise RuntimeError("the effect failed")

    with pytest.raises(RuntimeError, match="the effect failed"):
        fail()

    assert take(kept, "Ev1")


# Notes and actions


def note(kept: Kept, author: Person, text: str, *, is_shared: bool) -> None:
    with kept.store.begin() as db:
        notes.add_note(db, make.WORKSPACE, kept.pair.id, kept.session.id, author.id, text, NOW, is_shared=is_shared)


def readable(kept: Kept, person: Person, limit: int = 10) -> list[str]:
    with kept.store.read() as db:
        return [written.text for written in notes.readable(db, person.id, kept.pair.id, limit)]


def test_a_private_note_is_its_authors_and_a_shared_one_the_pairs(kept: Kept) -> None:
    note(kept, kept.ana, "Ana's own", is_shared=False)
    note(kept, kept.oliver, "Oliver's own", is_shared=False)
    note(kept, kept.ana, "for both", is_shared=True)

    assert readable(kept, kept.ana) == ["for both", "Ana's own"]
    assert readable(kept, kept.oliver) == ["for both", "Oliver's own"]


def test_the_newest_notes_come_first_and_no_more_than_asked_for(kept: Kept) -> None:
    note(kept, kept.ana, "one", is_shared=True)
    note(kept, kept.ana, "two", is_shared=True)
    note(kept, kept.ana, "three", is_shared=True)

    assert readable(kept, kept.ana, limit=2) == ["three", "two"]


def test_somebody_sees_all_they_wrote(kept: Kept) -> None:
    note(kept, kept.ana, "own", is_shared=False)
    note(kept, kept.ana, "shared", is_shared=True)
    note(kept, kept.oliver, "theirs", is_shared=True)

    with kept.store.read() as db:
        assert [written.text for written in notes.of_person(db, kept.ana.id)] == ["shared", "own"]


def test_without_its_authors_key_a_private_note_is_gone_and_a_shared_one_is_not(kept: Kept) -> None:
    note(kept, kept.ana, "own", is_shared=False)
    note(kept, kept.ana, "shared", is_shared=True)

    with kept.store.begin() as db:
        keys.destroy(db, Holder.PERSON, kept.ana.id)

    assert readable(kept, kept.oliver) == ["shared"]
    with pytest.raises(Unreadable):
        readable(kept, kept.ana)


def test_only_ones_own_action_can_be_ticked_off_and_then_it_is_no_longer_open(kept: Kept) -> None:
    with kept.store.begin() as db:
        notes.add_action(db, make.WORKSPACE, kept.pair.id, kept.session.id, kept.ana.id, "Write to Bo", NOW)
        [action] = notes.actions(db, [kept.pair.id], is_open=True)

    with kept.store.begin() as db:
        by_partner = texts.tick_off(db, kept.oliver.id, action.ref, NOW)
        by_owner = texts.tick_off(db, kept.ana.id, action.ref, NOW)

    assert by_partner is None
    assert by_owner is not None
    with kept.store.read() as db:
        assert notes.actions(db, [kept.pair.id], is_open=True) == []
        assert [each.is_done for each in notes.actions(db, [kept.pair.id], is_open=False)] == [True]


def test_an_action_ticked_off_twice_keeps_its_first_moment(kept: Kept) -> None:
    with kept.store.begin() as db:
        notes.add_action(db, make.WORKSPACE, kept.pair.id, kept.session.id, kept.ana.id, "Write to Bo", NOW)
        [action] = notes.actions(db, [kept.pair.id], is_open=True)
        texts.tick_off(db, kept.ana.id, action.ref, NOW)

    with kept.store.begin() as db:
        again = texts.tick_off(db, kept.ana.id, action.ref, NOW + DAY)

    assert again is not None
    assert again.done_at == NOW


def test_the_actions_of_one_owner_are_theirs_alone(kept: Kept) -> None:
    with kept.store.begin() as db:
        for person in (kept.ana, kept.oliver):
            notes.add_action(db, make.WORKSPACE, kept.pair.id, kept.session.id, person.id, person.name, NOW)

    with kept.store.read() as db:
        mine = notes.actions(db, [kept.pair.id], owner_id=kept.ana.id, is_open=True)

    assert [each.text for each in mine] == ["Ana"]


# Reporting lines


@pytest.mark.parametrize(
    ("manager", "dotted", "line"),
    [
        (None, [], None),
        (None, ["U0BO"], None),
        ("", [], ()),
        ("", ["U0BO"], ("U0BO",)),
        ("U0GRACE", ["U0BO", "U0CY"], ("U0GRACE", "U0BO", "U0CY")),
    ],
    ids=["not known", "only a dotted line known", "nobody", "a dotted line alone", "a line and dotted lines"],
)
def test_a_line_that_is_not_known_is_told_apart_from_reporting_to_nobody(
    kept: Kept, manager: str | None, dotted: list[str], line: tuple[str, ...] | None
) -> None:
    with kept.store.begin() as db:
        db.add(make.person("U0DI", id=None, manager=manager, dotted_managers=dotted))

    with kept.store.read() as db:
        assert people.reporting_lines(db, make.WORKSPACE)["U0DI"] == line


def test_a_person_is_known_once_in_a_workspace(kept: Kept) -> None:
    with pytest.raises(IntegrityError):
        kept.add(make.person("U0ANA", id=None))


# Members and pairs


def test_somebody_who_left_holds_no_place_but_is_still_found(kept: Kept) -> None:
    with kept.store.begin() as db:
        found = members.find(db, kept.programme.id, kept.ana.id)
        assert found is not None
        found.state = MemberState.LEFT

    with kept.store.read() as db:
        assert members.find(db, kept.programme.id, kept.ana.id) is not None
        assert [each.person_id for each in members.of_programme(db, kept.programme.id)] == [kept.oliver.id]


def waiting(kept: Kept, now: object = NOW) -> list[str]:
    with kept.store.read() as db:
        return [person.name for _, person, _ in members.with_room(db, kept.programme.id, now)]  # type: ignore[arg-type]


def join(kept: Kept, side: Side, **facts: object) -> None:
    """Noor joins, too."""
    kept.add(make.member(side, id=None, programme_id=kept.programme.id, person_id=kept.noor.id, **facts))


def test_who_has_no_partner_waits_for_one(kept: Kept) -> None:
    join(kept, Side.MENTEE)

    assert waiting(kept) == ["Noor"]


@pytest.mark.parametrize("state", [MemberState.PAUSED, MemberState.LEFT])
def test_who_paused_or_left_does_not_wait(kept: Kept, state: MemberState) -> None:
    join(kept, Side.MENTOR, state=state)

    assert waiting(kept) == []


def test_who_is_gone_from_slack_does_not_wait(kept: Kept) -> None:
    join(kept, Side.MENTOR)
    with kept.store.begin() as db:
        people.get(db, kept.noor.id).gone_at = NOW

    assert waiting(kept) == []


def test_a_mentor_with_room_for_another_waits_although_they_have_a_partner(kept: Kept) -> None:
    with kept.store.begin() as db:
        members.get(db, kept.pair.mentor_id).capacity = 2

    assert waiting(kept) == ["Ana"]


def test_both_wait_again_when_their_pair_was_ended_but_not_when_their_months_are_over(kept: Kept) -> None:
    """To begin anew after the last month, somebody has to say so."""
    over = waiting(kept, make.at("2028-01-10 10:00"))
    with kept.store.begin() as db:
        pairs.get(db, kept.pair.id).ended_at = NOW

    assert (over, waiting(kept)) == ([], ["Ana", "Oliver"])


def test_who_was_ever_paired_is_known_mentor_first(kept: Kept) -> None:
    with kept.store.begin() as db:
        pairs.get(db, kept.pair.id).ended_at = NOW

    with kept.store.read() as db:
        assert pairs.met(db, make.WORKSPACE) == {("U0ANA", "U0OLIVER")}
        assert pairs.met(db, "T0ELSEWHERE") == set()


def test_each_of_a_pair_sees_the_other(kept: Kept) -> None:
    with kept.store.read() as db:
        [hers], [his] = snapshots.partnerships(db, kept.ana), snapshots.partnerships(db, kept.oliver)

    assert (hers.partner.name, hers.i_am_mentee, hers.mine.side) == ("Oliver", False, Side.MENTOR)
    assert (his.partner.name, his.i_am_mentee, his.theirs.side) == ("Ana", True, Side.MENTOR)
    assert [session.id for session in hers.sessions] == [kept.session.id]


def test_nobody_sees_a_pair_they_are_not_in(kept: Kept) -> None:
    with kept.store.read() as db:
        assert snapshots.partnerships(db, kept.noor) == ()


@pytest.mark.parametrize(
    ("facts", "is_live"),
    [
        ({}, True),
        ({"ends_at": None}, True),
        ({"ended_at": NOW}, False),
        ({"ends_at": NOW}, False),
        ({"ends_at": NOW + DAY}, True),
    ],
)
def test_a_pair_lives_until_somebody_left_or_their_months_are_over(facts: dict[str, object], is_live: bool) -> None:
    assert pairs.is_live(make.pair(**facts), NOW) is is_live


# Rounds


def test_what_a_coordinator_left_out_of_a_round_is_not_published_until_it_is_put_back(kept: Kept) -> None:
    with kept.store.begin() as db:
        made = make.round_(id=None, programme_id=kept.programme.id, created_by=kept.noor.id)
        db.add(made)
        db.flush()
        mentor, mentee = (
            make.member(side, id=None, programme_id=kept.programme.id, person_id=kept.noor.id) for side in Side
        )
        db.add_all([mentor, mentee])
        db.flush()
        db.add(make.proposal(id=None, round_id=made.id, mentor_id=mentor.id, mentee_id=mentee.id))
        db.flush()
        pair = (mentor.id, mentee.id)

    def wish(wish: Wish | None) -> tuple[int, int, int]:
        with kept.store.begin() as db:
            rounds.wish(db, made, pair, wish, kept.noor.id, make.MONDAY)
            theirs = rounds.with_one_of(db, made.id, [mentor.id])
            return rounds.count_kept(db, made.id), len(rounds.kept(db, made.id)), len(theirs)

    assert [wish(Wish.FORBID), wish(Wish.PIN), wish(Wish.FORBID), wish(None)] == [
        (0, 0, 0),
        (1, 1, 1),
        (0, 0, 0),
        (1, 1, 1),
    ]


def test_a_new_round_takes_the_place_of_one_that_was_never_published(kept: Kept) -> None:
    with kept.store.begin() as db:
        published = make.round_(
            id=None, programme_id=kept.programme.id, created_by=kept.noor.id, state=RoundState.PUBLISHED
        )
        proposed = make.round_(id=None, programme_id=kept.programme.id, created_by=kept.noor.id)
        db.add_all([published, proposed])
        db.flush()
        rounds.discard_open(db, kept.programme.id)

    with kept.store.read() as db:
        states = [rounds.find(db, make.WORKSPACE, each.id) for each in (published, proposed)]

    assert [each.state for each in states if each] == [RoundState.PUBLISHED, RoundState.DISCARDED]


def test_proposals_come_best_first(kept: Kept) -> None:
    round_id, mentor, mentee = kept.pair.round_id, kept.pair.mentor_id, kept.pair.mentee_id
    with kept.store.begin() as db:
        db.add_all(
            [
                make.proposal(id=None, round_id=round_id, mentor_id=mentor, mentee_id=mentee, fit=10),
                make.proposal(id=None, round_id=round_id, mentor_id=mentee, mentee_id=mentor, fit=90),
            ]
        )

    with kept.store.read() as db:
        assert [each.fit for each in rounds.proposals(db, round_id)] == [90, 10]


def test_no_two_people_are_paired_twice_on_the_same_sides(kept: Kept) -> None:
    again = {"mentor_id": kept.pair.mentor_id, "mentee_id": kept.pair.mentee_id, "round_id": kept.pair.round_id}

    with pytest.raises(IntegrityError):
        kept.add(make.pair(id=None, programme_id=kept.programme.id, **again))
