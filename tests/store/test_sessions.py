"""When people have talks already, and what is told of one that was held."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.sessions.listeners import settle_in
from store import sessions
from store.models import Session, SessionState, Way
from tests.store.kept import Kept


def test_the_dates_of_either_count_as_taken_in_whichever_pair(kept: Kept) -> None:
    with kept.store.read() as db:
        of_ana, of_noor = sessions.taken(db, [kept.ana.id, kept.noor.id]), sessions.taken(db, [kept.noor.id])

    assert (of_ana, of_noor) == ([kept.session.starts_at], [])


@pytest.mark.parametrize("state", [SessionState.HELD, SessionState.MISSED, SessionState.CANCELLED])
def test_a_date_that_is_settled_is_free_again(kept: Kept, state: SessionState) -> None:
    with kept.store.begin() as db:
        sessions.get(db, kept.session.id).state = state

    with kept.store.read() as db:
        assert sessions.taken(db, [kept.ana.id]) == []


def test_how_long_and_in_which_way_they_met_is_kept_once_one_of_them_tells(kept: Kept) -> None:
    now = kept.session.starts_at + timedelta(days=1)
    with kept.store.begin() as db:
        settle_in(db, kept.session.id, SessionState.HELD, now)
        settle_in(db, kept.session.id, SessionState.HELD, now, minutes=50, way=Way.IN_PERSON)
        settle_in(db, kept.session.id, SessionState.HELD, now + timedelta(days=1))

    with kept.store.read() as db:
        told = sessions.get(db, kept.session.id)
    assert (told.minutes, told.way, told.settled_at) == (50, Way.IN_PERSON, now)


def test_of_two_answers_at_once_neither_settles_a_date_that_the_other_has_moved_or_unsays_that_they_met(
    kept: Kept,
) -> None:
    now = kept.session.starts_at + timedelta(days=1)
    with kept.store.begin() as db:
        assert sessions.get(db, kept.session.id).state is SessionState.PLANNED  # as one of the two has read it
        db.execute(
            update(Session).values(starts_at=now + timedelta(days=7)).execution_options(synchronize_session=False)
        )
        assert settle_in(db, kept.session.id, SessionState.MISSED, now) is SessionState.PLANNED
        later = now + timedelta(days=8)
        db.execute(update(Session).values(state=SessionState.HELD).execution_options(synchronize_session=False))
        assert settle_in(db, kept.session.id, SessionState.MISSED, later) is SessionState.HELD
