"""Which questions people had: on either side, in any pair of the programme, whatever became of the meeting."""

import make
from sqlalchemy import select
from sqlalchemy.orm import Session as Db

import bot.questions
from store import pairs, people, questions, snapshots
from store.models import Pair, Person, Session, SessionState, Side
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


def second_pair(kept: Kept) -> Pair:
    """Noor mentors Ana, who mentors Oliver."""
    facts = {"programme_id": kept.programme.id, "id": None}
    with kept.store.begin() as db:
        mentor = make.member(Side.MENTOR, person_id=kept.noor.id, **facts)
        mentee = make.member(Side.MENTEE, person_id=kept.ana.id, **facts)
        db.add_all([mentor, mentee])
        db.flush()
        pair = make.pair(round_id=kept.pair.round_id, mentor_id=mentor.id, mentee_id=mentee.id, **facts)
        db.add(pair)
    return pair


def test_what_a_mentor_had_counts_when_they_are_a_mentee_there(kept: Kept) -> None:
    kept.add(make.session(make.MONDAY, 7, id=None, pair_id=second_pair(kept).id, booked_by=kept.ana.id))

    assert had(kept, kept.ana.id) == {f"{kind}-of-talk-{number}" for kind in ("prep", "refl") for number in (1, 7)}
    assert had(kept, kept.oliver.id) == {"prep-of-talk-1", "refl-of-talk-1"}


def test_another_programme_is_another_matter(kept: Kept) -> None:
    with kept.store.begin() as db:
        other = make.programme(id=None, created_by=kept.noor.id)
        db.add(other)

    with kept.store.read() as db:
        assert questions.had(db, other.id, [kept.ana.id]) == set()


def set_date(kept: Kept, moment: str) -> Session:
    """Another date for the talk that has one."""
    with kept.store.begin() as db:
        [each] = snapshots.partnerships(db, people.get(db, kept.oliver.id))
        [session] = each.sessions
        session.starts_at = make.at(moment)
        bot.questions.allot(db, make.words(), each, session)
    return session


def test_a_talk_with_another_date_is_about_what_its_new_month_is_about(kept: Kept) -> None:
    """Not all questions that were meant for it are used up by that: nobody had them."""
    before = set_date(kept, "2027-03-18 15:00")

    moved = set_date(kept, "2027-05-18 15:00")
    back = set_date(kept, "2027-03-19 15:00")

    assert (before.theme, moved.theme, back.theme) == (1, 3, 1)
    assert (before.preparation, before.reflection) == (back.preparation, back.reflection)
    assert moved.preparation != before.preparation


def test_what_one_of_the_two_has_prepared_with_stays_for_both(kept: Kept) -> None:
    before = set_date(kept, "2027-03-18 15:00")
    kept.nudge("preparation:1", question=before.preparation, session_id=kept.session.id)

    moved = set_date(kept, "2027-05-18 15:00")

    assert (moved.theme, moved.preparation, moved.reflection) == (1, before.preparation, before.reflection)


def test_a_question_whose_moment_had_passed_was_not_prepared_with(kept: Kept) -> None:
    kept.nudge("preparation:1", session_id=kept.session.id, dropped="its moment had passed", delivery_id=None)

    assert set_date(kept, "2027-05-18 15:00").theme == 3


def test_of_two_pairs_that_share_somebody_and_book_at_once_each_gets_a_question_of_its_own(kept: Kept) -> None:
    second = second_pair(kept)

    def book(db: Db, pair: Pair, person: Person) -> None:
        pairs.lock(db, pair.id)
        each = next(each for each in snapshots.partnerships(db, person) if each.pair.id == pair.id)
        session = make.session(make.at("2027-03-22 15:00"), 9, id=None, pair_id=pair.id, booked_by=person.id)
        bot.questions.allot(db, make.words(), each, session)
        db.add(session)
        db.flush()

    with kept.store.begin() as db:
        book(db, kept.pair, kept.oliver)
        other = kept.beside(lambda db: book(db, second, kept.noor))
    other.result()

    with kept.store.read() as db:
        booked = db.scalars(select(Session).where(Session.number == 9)).all()
    assert len({session.preparation for session in booked}) == len({session.reflection for session in booked}) == 2
