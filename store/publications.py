"""Rounds on their way to people: what became of each pair that was published."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, select
from sqlalchemy.orm import Session as Db

from store import agenda, members, people, programmes, rounds
from store.models import (
    BrokenRule,
    Choice,
    Delivery,
    DeliveryState,
    Nudge,
    Pair,
    Person,
    Programme,
    Proposal,
    Round,
    Subject,
    Wish,
)

MOST_RECENT = 5
MOST_LOST = 10  # by name; the others are counted
INTRODUCTION = "introduction"
GAVE_WAY = "gave_way"  # its two have other partners, so that somebody left alone has one
REFUSED = "refused"  # Slack did not take the introduction
NOT_AVAILABLE = (
    "not_available"  # one of them had gone or paused, or was promised to somebody else: nobody is told which
)


@dataclass(frozen=True)
class Lost:
    """A pair that was published and comes to nothing."""

    mentor: Person
    mentee: Person
    why: str
    """`refused`, `not_available`, or the open rule that stands in the way."""


@dataclass(frozen=True)
class Publication:
    """How far a published round is."""

    round: Round
    programme: Programme
    introduced: int
    coming: int
    """Made, or still to be made, and not introduced yet."""
    lost: tuple[Lost, ...]
    lost_count: int

    @property
    def of(self) -> int:
        return int(self.round.progress["of"])

    @property
    def tally(self) -> list[int]:
        """What there is to tell of it: as long as this is the same, nothing is new."""
        return [self.introduced, self.coming, self.lost_count]


def of(db: Db, made: Round) -> Publication:
    pairs = db.execute(
        select(Pair.id, Pair.mentor_id, Pair.mentee_id, Pair.introduced_at, Pair.ended_at)
        .where(Pair.round_id == made.id)
        .order_by(Pair.id)
    ).all()
    introduced = sum(each.introduced_at is not None for each in pairs)
    never = [each for each in pairs if each.introduced_at is None and each.ended_at is not None]
    lost = [*made.progress.get("unpaired", []), *_never_introduced(db, never)]
    return Publication(
        round=made,
        programme=programmes.get(db, made.programme_id),
        introduced=introduced,
        coming=int(made.progress["of"]) - introduced - len(lost),
        lost=tuple(_by_name(db, lost[:MOST_LOST])),
        lost_count=len(lost),
    )


def _never_introduced(db: Db, pairs: Sequence[Any]) -> list[tuple[int, int, str]]:
    refused = _refused(db, [each.id for each in pairs])
    return [(each.mentor_id, each.mentee_id, REFUSED if each.id in refused else NOT_AVAILABLE) for each in pairs]


def _refused(db: Db, pair_ids: Sequence[int]) -> set[int]:
    rows = db.execute(
        select(Nudge.pair_id)
        .join(Delivery, Delivery.id == Nudge.delivery_id)
        .where(Nudge.kind == INTRODUCTION, Nudge.pair_id.in_(pair_ids), Delivery.state == DeliveryState.REFUSED)
    )
    return {int(pair_id) for (pair_id,) in rows if pair_id is not None}


def _by_name(db: Db, lost: Iterable[Sequence[Any]]) -> list[Lost]:
    return [Lost(_person(db, mentor_id), _person(db, mentee_id), str(why)) for mentor_id, mentee_id, why in lost]


def _person(db: Db, member_id: int) -> Person:
    return people.get(db, members.get(db, member_id).person_id)


def recent(db: Db, person_id: int) -> list[Publication]:
    """What they published last, the newest first."""
    rounds = db.scalars(
        select(Round).where(Round.published_by == person_id).order_by(Round.id.desc()).limit(MOST_RECENT)
    )
    return [of(db, made) for made in rounds]


def message(db: Db, made: Round, key: str) -> Delivery | None:
    """The message that tells how far it is, once it has arrived; `key` is its nudge's."""
    return db.scalar(
        select(Delivery)
        .join(Nudge, Nudge.delivery_id == Delivery.id)
        .where(
            Nudge.workspace_id == made.workspace_id,
            Nudge.key == key,
            Delivery.state == DeliveryState.SENT,
        )
    )


def batch(db: Db, round_id: int, start: int, most: int) -> Sequence[Proposal]:
    """The next of what is published, best first: the proposals that nobody left out."""
    left_out = and_(
        Choice.round_id == Proposal.round_id,
        Choice.mentor_id == Proposal.mentor_id,
        Choice.mentee_id == Proposal.mentee_id,
        Choice.wish == Wish.FORBID,
    )
    return db.scalars(
        select(Proposal)
        .where(Proposal.round_id == round_id, ~select(Choice.id).where(left_out).exists())
        .order_by(Proposal.fit.desc(), Proposal.id)
        .offset(start)
        .limit(most)
    ).all()


def placed(db: Db, round_id: int) -> set[int]:
    """The members of the pairs that were made of it."""
    rows = db.execute(select(Pair.mentor_id, Pair.mentee_id).where(Pair.round_id == round_id))
    return {member_id for row in rows for member_id in row}


def undo(db: Db, pair: Pair, now: datetime) -> None:
    """A pair of which nobody has heard never was, so its two may be paired another time. Its round is told so."""
    made = rounds.lock(db, pair.workspace_id, pair.round_id)
    if made is not None:
        unpaired = [*made.progress.get("unpaired", []), [pair.mentor_id, pair.mentee_id, GAVE_WAY]]
        made.progress = {**made.progress, "unpaired": unpaired}
        agenda.look(db, pair.workspace_id, Subject.ROUND, made.id, now)
    db.execute(delete(BrokenRule).where(BrokenRule.pair_id == pair.id))
    db.execute(delete(Nudge).where(Nudge.pair_id == pair.id))  # dropped: nothing has gone out
    db.delete(pair)
    db.flush()


def unknown_to_them(db: Db, programme_id: int) -> Sequence[Pair]:
    """Published pairs of which nothing has gone out yet: their two know nothing of each other. In id order."""
    told = select(Nudge.id).where(Nudge.pair_id == Pair.id, Nudge.dropped.is_(None)).exists()
    return db.scalars(
        select(Pair)
        .where(Pair.programme_id == programme_id, Pair.introduced_at.is_(None), Pair.ended_at.is_(None), ~told)
        .order_by(Pair.id)
    ).all()
