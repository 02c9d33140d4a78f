"""The pairs of a programme."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Integer, bindparam, or_, select
from sqlalchemy.orm import Session as Db
from sqlalchemy.orm import aliased

from store.models import BrokenRule, Member, Pair, Person, Programme


def get(db: Db, pair_id: int) -> Pair:
    return db.get_one(Pair, pair_id)


def lock(db: Db, pair_id: int) -> None:
    """Whoever sets a date in this pair's programme comes one after the other. (SQLite has one writer anyway.)

    The programme and not the pair alone: two pairs that share somebody must not be given the same question.
    """
    db.execute(_PROGRAMME_LOCKED, {"pair": pair_id}).first()


_PROGRAMME_LOCKED = (
    select(Programme)
    .join(Pair, Pair.programme_id == Programme.id)
    .where(Pair.id == bindparam("pair"))
    .with_for_update(of=Programme)
    .execution_options(populate_existing=True)
)


def of_person(db: Db, person_id: int) -> Sequence[Pair]:
    """All the pairs they were ever in, oldest first."""
    # Their places are read first: PostgreSQL would go through all pairs for two questions within the one.
    mine = db.scalars(select(Member.id).where(Member.person_id == person_id)).all()
    return db.scalars(
        select(Pair).where(or_(Pair.mentor_id.in_(mine), Pair.mentee_id.in_(mine))).order_by(Pair.id)
    ).all()


class Paired(NamedTuple):
    """A pair with all who are in it."""

    pair: Pair
    programme: Programme
    mentor: Member
    mentee: Member
    mentor_person: Person
    mentee_person: Person


# Made once: making it takes longer than asking it.
_MENTOR, _MENTEE = aliased(Member), aliased(Member)
_FIRST, _SECOND = aliased(Person), aliased(Person)
_PLACES = bindparam("places", expanding=True, type_=Integer)
_OF_PLACES = (
    select(Pair, Programme, _MENTOR, _MENTEE, _FIRST, _SECOND)
    .join(Programme, Programme.id == Pair.programme_id)
    .join(_MENTOR, _MENTOR.id == Pair.mentor_id)
    .join(_MENTEE, _MENTEE.id == Pair.mentee_id)
    .join(_FIRST, _FIRST.id == _MENTOR.person_id)
    .join(_SECOND, _SECOND.id == _MENTEE.person_id)
    .where(or_(Pair.mentor_id.in_(_PLACES), Pair.mentee_id.in_(_PLACES)))
    .order_by(Pair.id)
)


def of_places(db: Db, member_ids: Sequence[int]) -> list[Paired]:
    """All the pairs of these members, oldest first."""
    return [Paired(*row) for row in db.execute(_OF_PLACES, {"places": member_ids})]


def partners(db: Db, person_id: int, now: datetime) -> list[int]:
    """Who is paired with them now."""
    live = [pair for pair in of_person(db, person_id) if is_live(pair, now)]
    return [person.id for pair in live for person in people(db, pair) if person.id != person_id]


def of_member(db: Db, member_id: int) -> Sequence[Pair]:
    return db.scalars(
        select(Pair).where(or_(Pair.mentor_id == member_id, Pair.mentee_id == member_id)).order_by(Pair.id)
    ).all()


def of_programme(db: Db, programme_id: int, among: Collection[int] | None = None) -> Sequence[Pair]:
    """All of it, or those that one of these members is in."""
    query = select(Pair).where(Pair.programme_id == programme_id).order_by(Pair.id)
    theirs = or_(Pair.mentor_id.in_(among or ()), Pair.mentee_id.in_(among or ()))
    return db.scalars(query if among is None else query.where(theirs)).all()


def people(db: Db, pair: Pair) -> tuple[Person, Person]:
    """The mentor and the mentee."""
    both = db.execute(_OF_MEMBERS, {"mentor": pair.mentor_id, "mentee": pair.mentee_id})
    known = {member.id: person for member, person in both}
    return known[pair.mentor_id], known[pair.mentee_id]


_OF_MEMBERS = (
    select(Member, Person)
    .join(Person, Person.id == Member.person_id)
    .where(Member.id.in_([bindparam("mentor"), bindparam("mentee")]))
)


def live(db: Db, workspace_id: str, now: datetime) -> Sequence[Pair]:
    """All live pairs of the workspace, in id order."""
    return db.scalars(
        select(Pair)
        .where(
            Pair.workspace_id == workspace_id, Pair.ended_at.is_(None), or_(Pair.ends_at.is_(None), Pair.ends_at > now)
        )
        .order_by(Pair.id)
    ).all()


def broken(db: Db, programme_id: int) -> Sequence[tuple[BrokenRule, Pair]]:
    """The rules that live pairs of the programme break, and that nobody has decided about, oldest first."""
    rows = db.execute(
        select(BrokenRule, Pair)
        .join(Pair, Pair.id == BrokenRule.pair_id)
        .where(
            Pair.programme_id == programme_id,
            Pair.ended_at.is_(None),
            BrokenRule.mended_at.is_(None),
            BrokenRule.decided_at.is_(None),
        )
        .order_by(BrokenRule.id)
    )
    return [(rule, pair) for rule, pair in rows]


def couples(db: Db, workspace_id: str, now: datetime) -> list[tuple[Pair, Person, Person]]:
    """All live pairs with the mentor and the mentee, in id order."""
    mentor, mentee = aliased(Member), aliased(Member)
    first, second = aliased(Person), aliased(Person)
    rows = db.execute(
        select(Pair, first, second)
        .join(mentor, mentor.id == Pair.mentor_id)
        .join(mentee, mentee.id == Pair.mentee_id)
        .join(first, first.id == mentor.person_id)
        .join(second, second.id == mentee.person_id)
        .where(
            Pair.workspace_id == workspace_id, Pair.ended_at.is_(None), or_(Pair.ends_at.is_(None), Pair.ends_at > now)
        )
        .order_by(Pair.id)
    )
    return [(pair, one, other) for pair, one, other in rows]


def unmended(db: Db, workspace_id: str) -> Sequence[BrokenRule]:
    """The rules that pairs break, decided about or not, oldest first."""
    return db.scalars(
        select(BrokenRule)
        .where(BrokenRule.workspace_id == workspace_id, BrokenRule.mended_at.is_(None))
        .order_by(BrokenRule.id)
    ).all()


def of_rules(db: Db, workspace_id: str, ids: Sequence[int]) -> Sequence[tuple[BrokenRule, Pair]]:
    """These broken rules with their pairs, as they stand now."""
    rows = db.execute(
        select(BrokenRule, Pair)
        .join(Pair, Pair.id == BrokenRule.pair_id)
        .where(BrokenRule.workspace_id == workspace_id, BrokenRule.id.in_(ids))
        .order_by(BrokenRule.id)
    )
    return [(rule, pair) for rule, pair in rows]


def is_live(pair: Pair, now: datetime) -> bool:
    """Published, nobody left, and their months are not over."""
    return pair.ended_at is None and (pair.ends_at is None or now < pair.ends_at)


def met(db: Db, workspace_id: str) -> set[tuple[str, str]]:
    """Slack ids of all who were ever paired, mentor first."""
    mentor, mentee = aliased(Member), aliased(Member)
    first, second = aliased(Person), aliased(Person)
    rows = db.execute(
        select(first.slack_id, second.slack_id)
        .select_from(Pair)
        .join(mentor, mentor.id == Pair.mentor_id)
        .join(mentee, mentee.id == Pair.mentee_id)
        .join(first, first.id == mentor.person_id)
        .join(second, second.id == mentee.person_id)
        .where(Pair.workspace_id == workspace_id)
    )
    return {(one, other) for one, other in rows}
