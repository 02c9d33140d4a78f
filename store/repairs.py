"""Repairs: somebody was left alone, and a round of their own looks for a new partner."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Db

from store import agenda, programmes
from store.models import Member, Person, Programme, Proposal, Round, RoundKind, RoundState, Subject

OPEN = (RoundState.WORKING, RoundState.PROPOSED)


@dataclass(frozen=True)
class Repair:
    """What is proposed for somebody who was left alone."""

    round: Round
    programme: Programme
    alone: Person
    couples: tuple[tuple[Proposal, Person, Person], ...]
    """Each with the mentor and the mentee."""

    @property
    def changes(self) -> int:
        """How many other pairs, of which nobody has heard yet, change for it."""
        return len(self.round.insight.get("dropped", []))

    @property
    def people(self) -> set[int]:
        return {person.id for _, *both in self.couples for person in both}


def ask(db: Db, member: Member, now: datetime) -> None:
    """Looks for a new partner for them, unless somebody does already, or the programme has ended."""
    programme = programmes.get(db, member.programme_id)
    is_open = select(Round.id).where(Round.about == member.id, Round.kind == RoundKind.REPAIR, Round.state.in_(OPEN))
    if programme.closed_at is not None or db.scalar(is_open.limit(1)) is not None:
        return
    made = Round(
        workspace_id=member.workspace_id,
        programme_id=programme.id,
        created_by=programme.created_by,
        created_at=now,
        seed=int(now.timestamp()),
        placed=0,
        total=0,
        state=RoundState.WORKING,
        kind=RoundKind.REPAIR,
        about=member.id,
        leased_until=now,
        tell=programme.created_by,
    )
    db.add(made)
    db.flush()
    agenda.look(db, made.workspace_id, Subject.ROUND, made.id, now)


def drop(db: Db, members: Collection[int]) -> None:
    """These have a partner now, or want none: what was proposed for them is no longer needed."""
    db.execute(
        update(Round)
        .where(Round.kind == RoundKind.REPAIR, Round.about.in_(members), Round.state.in_(OPEN))
        .values(state=RoundState.DISCARDED, tell=None)
    )


def proposed(db: Db, workspace_id: str) -> list[Repair]:
    """Those that wait for a coordinator, oldest first."""
    rounds = db.scalars(
        select(Round)
        .where(
            Round.workspace_id == workspace_id,
            Round.kind == RoundKind.REPAIR,
            Round.state == RoundState.PROPOSED,
        )
        .order_by(Round.id)
    )
    return [of(db, made) for made in rounds]


def of(db: Db, made: Round) -> Repair:
    proposals = db.scalars(select(Proposal).where(Proposal.round_id == made.id).order_by(Proposal.id))
    return Repair(
        round=made,
        programme=programmes.get(db, made.programme_id),
        alone=_person(db, int(made.about or 0)),
        couples=tuple((each, _person(db, each.mentor_id), _person(db, each.mentee_id)) for each in proposals),
    )


def _person(db: Db, member_id: int) -> Person:
    return db.scalars(select(Person).join(Member, Member.person_id == Person.id).where(Member.id == member_id)).one()
