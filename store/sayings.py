"""What somebody of a pair wants passed on to the other, or said to all: sealed with the pair's key."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session as Db

from store import keys
from store.models import Holder, Saying, SayingKind


def of_pairs(db: Db, pair_ids: Sequence[int]) -> dict[int, list[Saying]]:
    """Oldest first, sealed."""
    found: dict[int, list[Saying]] = {pair_id: [] for pair_id in pair_ids}
    for each in db.scalars(_OF_PAIRS, {"pairs": list(pair_ids)}):
        found[each.pair_id].append(each)
    return found


# Made once: making it takes longer than asking it.
_OF_PAIRS = select(Saying).where(Saying.pair_id.in_(bindparam("pairs", expanding=True))).order_by(Saying.id)


def get(db: Db, saying_id: int) -> Saying:
    return db.get_one(Saying, saying_id)


def find(db: Db, workspace_id: str, saying_id: int) -> Saying | None:
    """To be changed: of two answers to it, one comes after the other."""
    return db.scalar(
        select(Saying).where(Saying.workspace_id == workspace_id, Saying.id == saying_id).with_for_update()
    )


def text(db: Db, saying: Saying) -> str:
    return keys.unseal(db, Holder.PAIR, saying.pair_id, saying.sealed)


def add(
    db: Db,
    workspace_id: str,
    pair_id: int,
    author_id: int,
    kind: SayingKind,
    text: str,
    now: datetime,
    *,
    for_all: bool,
) -> Saying:
    said = Saying(
        workspace_id=workspace_id,
        pair_id=pair_id,
        author_id=author_id,
        kind=kind,
        for_all=for_all,
        sealed=keys.seal(db, Holder.PAIR, pair_id, text),
        written_at=now,
    )
    db.add(said)
    return said


def of_person(db: Db, person_id: int) -> Sequence[Saying]:
    """All they wrote, oldest first."""
    return db.scalars(select(Saying).where(Saying.author_id == person_id).order_by(Saying.id)).all()
