"""Rounds of matching and what they propose."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Db

from store.models import Proposal, Round, RoundState


def find(db: Db, workspace_id: str, round_id: int) -> Round | None:
    return db.scalar(select(Round).where(Round.workspace_id == workspace_id, Round.id == round_id))


def proposals(db: Db, round_id: int) -> Sequence[Proposal]:
    """Best first."""
    return db.scalars(
        select(Proposal).where(Proposal.round_id == round_id).order_by(Proposal.fit.desc(), Proposal.id)
    ).all()


def discard_open(db: Db, programme_id: int) -> None:
    """A new round takes the place of one that was never published."""
    db.execute(
        update(Round)
        .where(Round.programme_id == programme_id, Round.state == RoundState.PROPOSED)
        .values(state=RoundState.DISCARDED)
    )


def decide(db: Db, round_id: int, state: RoundState) -> bool:
    """Publishes or discards a proposed round, once: says whether this call did it."""
    changed = db.execute(
        update(Round)
        .where(Round.id == round_id, Round.state == RoundState.PROPOSED)
        .values(state=state)
        .returning(Round.id)
    )
    return changed.first() is not None
