"""What was solved in a round is kept sealed, and goes when somebody leaves who told something in confidence."""

from collections.abc import Collection
from datetime import timedelta

import make
import pytest
from sqlalchemy import select

from store import keys, members, programmes, proofs
from store.models import DataKey, Holder, Person, Round
from tests.store.kept import Kept

SECRET = "U0OLIVER is on nobody's list but hers"
NOW = make.MONDAY + timedelta(days=2)


def keep(kept: Kept, confided: Collection[int], text: str = SECRET) -> None:
    with kept.store.begin() as db:
        proofs.keep(db, db.get_one(Round, kept.pair.round_id), text, confided)


def read(kept: Kept) -> str | None:
    with kept.store.read() as db:
        return proofs.read(db, db.get_one(Round, kept.pair.round_id))


def leave(kept: Kept, person: Person) -> None:
    with kept.store.begin() as db:
        members.leave_programme(db, programmes.get(db, kept.programme.id), person.id, NOW)


def test_it_is_sealed_and_can_be_read_again(kept: Kept) -> None:
    keep(kept, [kept.pair.mentor_id])

    with kept.store.read() as db:
        sealed = db.scalar(select(Round.problem).where(Round.id == kept.pair.round_id))
    assert sealed is not None
    assert b"OLIVER" not in sealed
    assert read(kept) == SECRET


def test_a_later_one_takes_its_place(kept: Kept) -> None:
    keep(kept, [])
    keep(kept, [], "solved again")

    assert read(kept) == "solved again"


def test_it_goes_with_its_key_when_somebody_leaves_who_told_something(kept: Kept) -> None:
    keep(kept, [kept.pair.mentor_id])

    leave(kept, kept.ana)

    assert read(kept) is None
    with kept.store.read() as db:
        assert db.scalars(select(DataKey.id).where(DataKey.holder == Holder.ROUND)).all() == []


def test_it_stays_when_somebody_leaves_who_told_nothing(kept: Kept) -> None:
    keep(kept, [kept.pair.mentor_id])

    leave(kept, kept.oliver)

    assert read(kept) == SECRET


def test_it_is_not_kept_if_somebody_who_told_something_has_left_since(kept: Kept) -> None:
    """They left while the round was being solved."""
    leave(kept, kept.ana)

    keep(kept, [kept.pair.mentor_id])

    assert read(kept) is None


def test_another_programme_keeps_its_own(kept: Kept) -> None:
    keep(kept, [kept.pair.mentor_id])

    with kept.store.begin() as db:
        proofs.forget(db, kept.programme.id + 1, kept.pair.mentor_id)

    assert read(kept) == SECRET


def test_without_its_key_it_is_gone(kept: Kept) -> None:
    keep(kept, [])
    with kept.store.begin() as db:
        keys.destroy(db, Holder.ROUND, kept.pair.round_id)

    with pytest.raises(keys.Unreadable):
        read(kept)
