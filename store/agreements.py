"""What pairs agree on, version by version, sealed with the pair's key."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session as Db

from store import keys
from store.models import Agreement, Holder


def of_pairs(db: Db, pair_ids: Sequence[int]) -> dict[int, list[Agreement]]:
    """Oldest first, sealed."""
    found: dict[int, list[Agreement]] = {pair_id: [] for pair_id in pair_ids}
    for each in db.scalars(_OF_PAIRS, {"pairs": list(pair_ids)}):
        found[each.pair_id].append(each)
    return found


# Made once: making it takes longer than asking it.
_OF_PAIRS = (
    select(Agreement).where(Agreement.pair_id.in_(bindparam("pairs", expanding=True))).order_by(Agreement.version)
)


def terms(db: Db, agreement: Agreement) -> dict[str, str]:
    """What it says, by the name of the term."""
    found: dict[str, str] = json.loads(keys.unseal(db, Holder.PAIR, agreement.pair_id, agreement.sealed))
    return found


def propose(
    db: Db, workspace_id: str, pair_id: int, version: int, terms: Mapping[str, str], by: int, now: datetime
) -> None:
    """The pair must be locked: two versions with one number are refused by the database."""
    db.add(
        Agreement(
            workspace_id=workspace_id,
            pair_id=pair_id,
            version=version,
            sealed=keys.seal(db, Holder.PAIR, pair_id, json.dumps(dict(terms), ensure_ascii=False)),
            proposed_by=by,
            proposed_at=now,
        )
    )


def latest(versions: Sequence[Agreement]) -> Agreement | None:
    return versions[-1] if versions else None


def standing(versions: Sequence[Agreement]) -> Agreement | None:
    """The one that both have said yes to last."""
    return next((each for each in reversed(versions) if each.agreed_at is not None), None)
