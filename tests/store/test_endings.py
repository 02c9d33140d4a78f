"""How the two of a pair go on is decided once, from what each of them chose last."""

from datetime import timedelta

import make
import pytest

from bot.ending import deciding
from store import endings, pairs, snapshots
from store.models import DataKey, Onward, Pair
from tests.store.kept import Kept

AUGUST = make.at("2027-08-20 10:00")
DAY = timedelta(days=1)


def choose(kept: Kept, who: int, wish: Onward, at: object = AUGUST) -> bool:
    with kept.store.begin() as db:
        pair = pairs.get(db, kept.pair.id)
        endings.choose(db, pair, who, wish, at)  # type: ignore[arg-type]
        return deciding.by_both(db, pair, at)  # type: ignore[arg-type]


def stands(kept: Kept) -> Pair:
    with kept.store.read() as db:
        return pairs.get(db, kept.pair.id)


def test_both_decide_and_those_who_go_on_come_to_another_end(kept: Kept) -> None:
    assert not choose(kept, kept.ana.id, Onward.FINISH)
    assert not choose(kept, kept.ana.id, Onward.AS_NOW)
    assert choose(kept, kept.oliver.id, Onward.AS_NOW)

    pair = stands(kept)
    assert (pair.onward, pair.ending) == (Onward.AS_NOW, 2)
    assert pair.ends_at == make.at("2027-12-01 09:00")
    with kept.store.read() as db:
        assert endings.of_ending(db, pair) == [], "at the next end they choose anew"


@pytest.mark.parametrize(("after", "onward"), [(7 * DAY - DAY / 2, None), (7 * DAY, Onward.INFORMALLY)])
def test_the_clock_decides_a_week_after_the_first_choice(kept: Kept, after: timedelta, onward: Onward | None) -> None:
    choose(kept, kept.ana.id, Onward.LESS_OFTEN, AUGUST - 2 * DAY)
    choose(kept, kept.ana.id, Onward.AS_NOW)  # a change of mind makes nobody wait longer
    now = AUGUST - 2 * DAY + after
    with kept.store.read() as db:
        snapshot = snapshots.of(db, kept.oliver.id)

    assert deciding.by_the_clock(kept.store, snapshot, now) is (onward is not None)
    deciding.by_the_clock(kept.store, snapshot, now)  # another replica had looked, too

    pair = stands(kept)
    assert (pair.onward, pair.ends_at) == (onward, make.at("2027-09-01 09:00"))


def test_a_choice_that_is_looked_at_only_after_their_last_day_decides_nothing_and_holds_nobody_up(kept: Kept) -> None:
    """The bot was down: who is said to have changed is looked at anew, and must not be for ever."""
    ends_at = make.at("2027-09-01 09:00")
    choose(kept, kept.ana.id, Onward.AS_NOW, ends_at - 8 * DAY)
    with kept.store.read() as db:
        snapshot = snapshots.of(db, kept.oliver.id)

    assert not deciding.by_the_clock(kept.store, snapshot, ends_at + DAY)

    assert (stands(kept).onward, stands(kept).ends_at) == (None, ends_at)


def test_a_choice_can_be_read_with_the_key_of_its_own_person_alone(kept: Kept) -> None:
    choose(kept, kept.ana.id, Onward.FINISH)

    with kept.store.begin() as db:
        [mine] = endings.of_person(db, kept.ana.id)
        assert b"finish" not in mine.sealed
        assert endings.wish(db, mine) is Onward.FINISH
        assert [(key.holder.value, key.holder_id) for key in db.query(DataKey)] == [("person", kept.ana.id)]
