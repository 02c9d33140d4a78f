"""Rounds of matching, what they propose, and what coordinators wish of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session as Db

from store.models import Choice, Proposal, Round, RoundKind, RoundState, Wish

OPEN = (RoundState.WORKING, RoundState.PROPOSED, RoundState.PUBLISHING)
"""Not decided, or not done with."""


def find(db: Db, workspace_id: str, round_id: int) -> Round | None:
    return db.scalar(select(Round).where(Round.workspace_id == workspace_id, Round.id == round_id))


def lock(db: Db, workspace_id: str, round_id: int) -> Round | None:
    """To be changed: nobody else changes it, its proposals or its wishes meanwhile."""
    return db.scalar(
        select(Round)
        .where(Round.workspace_id == workspace_id, Round.id == round_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def open_of(db: Db, programme_id: int) -> Round | None:
    """The newest round for everybody that is being worked on, proposed, or on its way to become pairs."""
    return db.scalar(
        select(Round)
        .where(Round.programme_id == programme_id, Round.kind == RoundKind.WHOLE, Round.state.in_(OPEN))
        .order_by(Round.id.desc())
        .limit(1)
    )


def discard_open(db: Db, programme_id: int, kinds: Collection[RoundKind] = (RoundKind.WHOLE,)) -> None:
    """What was never published isn't any more: a new round takes its place, or the programme has ended."""
    db.execute(
        update(Round)
        .where(
            Round.programme_id == programme_id,
            Round.kind.in_(kinds),
            Round.state.in_((RoundState.WORKING, RoundState.PROPOSED)),
        )
        .values(state=RoundState.DISCARDED, tell=None)
    )


def to_tell(db: Db, person_id: int) -> Sequence[Round]:
    """What they asked for, and have to be told of unless they see it come."""
    return db.scalars(
        select(Round)
        .where(Round.tell == person_id, Round.state.in_((RoundState.PROPOSED, RoundState.FAILED)))
        .order_by(Round.id)
    ).all()


# ---- What is proposed


def proposals(db: Db, round_id: int, first: int = 0, most: int | None = None) -> Sequence[Proposal]:
    """Best first; of a page, those from `first` on."""
    return db.scalars(
        select(Proposal)
        .where(Proposal.round_id == round_id)
        .order_by(Proposal.fit.desc(), Proposal.id)
        .offset(first)
        .limit(most)
    ).all()


def count(db: Db, round_id: int) -> int:
    return db.scalars(select(func.count(Proposal.id)).where(Proposal.round_id == round_id)).one()


def count_kept(db: Db, round_id: int, band: str | None = None) -> int:
    """How many pairs would be published; of those that fit so well. None of them is read."""
    apart = exists().where(_is_about_it(), Choice.wish == Wish.FORBID)
    those = select(func.count(Proposal.id)).where(Proposal.round_id == round_id, ~apart)
    return db.scalars(those if band is None else those.where(Proposal.reasons["band"].as_string() == band)).one()


def _is_about_it() -> ColumnElement[bool]:
    return and_(
        Choice.round_id == Proposal.round_id,
        Choice.mentor_id == Proposal.mentor_id,
        Choice.mentee_id == Proposal.mentee_id,
    )


def proposal(db: Db, round_id: int, proposal_id: int) -> Proposal | None:
    return db.scalar(select(Proposal).where(Proposal.round_id == round_id, Proposal.id == proposal_id))


def with_one_of(db: Db, round_id: int, member_ids: Sequence[int]) -> Sequence[Proposal]:
    """The pairs with one of these in them that would be published, best first."""
    theirs = or_(Proposal.mentor_id.in_(member_ids), Proposal.mentee_id.in_(member_ids))
    apart = exists().where(_is_about_it(), Choice.wish == Wish.FORBID)
    return db.scalars(
        select(Proposal).where(Proposal.round_id == round_id, theirs, ~apart).order_by(Proposal.fit.desc(), Proposal.id)
    ).all()


def between(db: Db, round_id: int, mentor_id: int, mentee_id: int) -> Sequence[Proposal]:
    """The proposal of these two, left out or not; there is one at most."""
    return db.scalars(
        select(Proposal).where(
            Proposal.round_id == round_id, Proposal.mentor_id == mentor_id, Proposal.mentee_id == mentee_id
        )
    ).all()


def propose(db: Db, round_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """These pairs in place of whatever was proposed: `mentor_id`, `mentee_id`, `fit`, `reasons` of each."""
    db.execute(delete(Proposal).where(Proposal.round_id == round_id))
    if rows:
        db.execute(insert(Proposal), [{"round_id": round_id, **row} for row in rows])


def take_out(db: Db, made: Round, those: Sequence[Proposal], freed: Collection[int]) -> None:
    """These aren't proposed any more, nor wished; it leaves the `freed` members without a partner. It is locked."""
    for each in those:
        here = (Choice.round_id == made.id, Choice.mentor_id == each.mentor_id, Choice.mentee_id == each.mentee_id)
        db.execute(delete(Choice).where(*here))
        db.delete(each)
    made.insight = {**made.insight, "freed": sorted({*made.insight.get("freed", []), *freed})}
    db.flush()


# ---- What coordinators wish


def choices(db: Db, round_id: int) -> Mapping[tuple[int, int], Choice]:
    """By mentor and mentee."""
    found = db.scalars(select(Choice).where(Choice.round_id == round_id).order_by(Choice.id))
    return {(each.mentor_id, each.mentee_id): each for each in found}


def changed(made: Round) -> None:
    """What it proposes, or what is wished of it, isn't what was solved: who looks at an older version is told."""
    made.version += 1
    made.insight = {**made.insight, "is_changed": True}


def wish(db: Db, made: Round, pair: tuple[int, int], wish: Wish | None, by: int, now: datetime) -> None:
    """Wants these two together, or apart, or (None) takes back what was wished of them."""
    mentor_id, mentee_id = pair
    db.execute(
        delete(Choice).where(Choice.round_id == made.id, Choice.mentor_id == mentor_id, Choice.mentee_id == mentee_id)
    )
    if wish is not None:
        db.add(Choice(round_id=made.id, mentor_id=mentor_id, mentee_id=mentee_id, wish=wish, made_by=by, made_at=now))
    db.flush()


def kept(db: Db, round_id: int) -> list[Proposal]:
    """What would be published: the proposals that nobody left out, best first."""
    apart = {pair for pair, each in choices(db, round_id).items() if each.wish is Wish.FORBID}
    return [each for each in proposals(db, round_id) if (each.mentor_id, each.mentee_id) not in apart]
