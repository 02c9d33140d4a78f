"""What was solved in each round, sealed with a key of the round's own, so that it can be checked again.

What people told in confidence is in it: it goes when one of those who did leaves, or takes some of it back.
"""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Db

from store import keys
from store.models import IS_OUT, Holder, Member, Round


def keep(db: Db, made: Round, text: str, confided: Collection[int]) -> None:
    """In place of an earlier one; not if one of those who told something in confidence has left since it was read.

    `confided` are the members whose word it is. The programme is locked.
    """
    out = select(Member.id).where(Member.programme_id == made.programme_id, Member.state.in_(IS_OUT))
    is_stale = not set(db.scalars(out)).isdisjoint(confided)
    made.problem = None if is_stale else keys.seal(db, Holder.ROUND, made.id, text)
    made.confided = [] if is_stale else sorted(confided)


def read(db: Db, made: Round) -> str | None:
    """None where nothing was kept, or it was forgotten. Raises `keys.Unreadable`."""
    return None if made.problem is None else keys.unseal(db, Holder.ROUND, made.id, made.problem)


def forget(db: Db, programme_id: int, member_id: int) -> None:
    """Somebody leaves, or takes back what they told in confidence: rounds that hold it can't be checked any more."""
    here = (Round.programme_id == programme_id, Round.problem.is_not(None))
    for round_id, confided in db.execute(select(Round.id, Round.confided).where(*here)).all():
        if member_id in confided:
            db.execute(update(Round).where(Round.id == round_id).values(problem=None, confided=[]))
            keys.destroy(db, Holder.ROUND, round_id)
