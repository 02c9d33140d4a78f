"""Which questions people had: on either side, in any pair of the programme, whatever became of the meeting."""

import make

from store import questions
from store.models import SessionState, Side
from tests.store.kept import Kept


def had(kept: Kept, *who: int) -> set[str]:
    with kept.store.read() as db:
        return questions.had(db, kept.programme.id, who)


def test_what_is_allotted_to_a_meeting_counts_for_both(kept: Kept) -> None:
    assert had(kept, kept.ana.id) == had(kept, kept.oliver.id) == {"prep-of-talk-1", "refl-of-talk-1"}
    assert had(kept, kept.noor.id) == set()


def test_it_counts_whatever_became_of_the_meeting(kept: Kept) -> None:
    kept.add(
        make.session(
            make.MONDAY, 2, id=None, pair_id=kept.pair.id, booked_by=kept.ana.id, state=SessionState.CANCELLED,
            reflection=None,
        )
    )  # fmt: skip

    assert had(kept, kept.ana.id) == {"prep-of-talk-1", "refl-of-talk-1", "prep-of-talk-2"}


def test_what_was_asked_counts_even_where_no_meeting_says_so(kept: Kept) -> None:
    kept.nudge("halfway:1", question="halfway-hopes")

    assert "halfway-hopes" in had(kept, kept.ana.id)
    assert "halfway-hopes" not in had(kept, kept.oliver.id)


def test_what_a_mentor_had_counts_when_they_are_a_mentee_there(kept: Kept) -> None:
    with kept.store.begin() as db:
        mentor = make.member(Side.MENTOR, id=None, programme_id=kept.programme.id, person_id=kept.noor.id)
        mentee = make.member(Side.MENTEE, id=None, programme_id=kept.programme.id, person_id=kept.ana.id)
        db.add_all([mentor, mentee])
        db.flush()
        second = make.pair(
            id=None,
            programme_id=kept.programme.id,
            round_id=kept.pair.round_id,
            mentor_id=mentor.id,
            mentee_id=mentee.id,
        )
        db.add(second)
        db.flush()
        db.add(make.session(make.MONDAY, 7, id=None, pair_id=second.id, booked_by=kept.ana.id))

    assert had(kept, kept.ana.id) == {f"{kind}-of-talk-{number}" for kind in ("prep", "refl") for number in (1, 7)}
    assert had(kept, kept.oliver.id) == {"prep-of-talk-1", "refl-of-talk-1"}


def test_another_programme_is_another_matter(kept: Kept) -> None:
    with kept.store.begin() as db:
        other = make.programme(id=None, created_by=kept.noor.id)
        db.add(other)

    with kept.store.read() as db:
        assert questions.had(db, other.id, [kept.ana.id]) == set()
