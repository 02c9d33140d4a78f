"""How each of a pair would like to go on after their months, sealed with their own key, and what became of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session as Db

from store import keys
from store.models import Holder, Onward, Pair, Preference


def of_pairs(db: Db, pair_ids: Sequence[int]) -> dict[int, list[Preference]]:
    """In the order in which they chose, sealed."""
    found: dict[int, list[Preference]] = {pair_id: [] for pair_id in pair_ids}
    for each in db.scalars(_OF_PAIRS, {"pairs": list(pair_ids)}):
        found[each.pair_id].append(each)
    return found


# Made once: making it takes longer than asking it.
_OF_PAIRS = select(Preference).where(Preference.pair_id.in_(bindparam("pairs", expanding=True))).order_by(Preference.id)


def of_ending(db: Db, pair: Pair) -> list[Preference]:
    """What the two would like at the end they come to, or came to."""
    return [each for each in of_pairs(db, [pair.id])[pair.id] if each.ending == pair.ending]


def wish(db: Db, preference: Preference) -> Onward:
    return Onward(keys.unseal(db, Holder.PERSON, preference.person_id, preference.sealed))


def choose(db: Db, pair: Pair, person_id: int, wish: Onward, now: datetime) -> None:
    """What they would like; chosen anew, the last word counts."""
    sealed = keys.seal(db, Holder.PERSON, person_id, wish.value)
    mine = next((each for each in of_ending(db, pair) if each.person_id == person_id), None)
    if mine is not None:
        mine.sealed = sealed
        return
    db.add(
        Preference(
            workspace_id=pair.workspace_id,
            pair_id=pair.id,
            person_id=person_id,
            ending=pair.ending,
            sealed=sealed,
            chosen_at=now,
        )
    )
    db.flush()


def of_person(db: Db, person_id: int) -> Sequence[Preference]:
    return db.scalars(select(Preference).where(Preference.person_id == person_id).order_by(Preference.id)).all()
