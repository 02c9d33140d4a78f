"""Who takes part in which programme."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from store import pairs, people
from store.models import Member, MemberState, Person, Programme, Side


def find(db: Db, programme_id: int, person_id: int) -> Member | None:
    """The person's place in the programme, one they left included."""
    return db.scalar(
        select(Member)
        .where(Member.programme_id == programme_id, Member.person_id == person_id)
        .order_by(Member.state == MemberState.LEFT, Member.id.desc())
        .limit(1)
    )


def on_side(db: Db, programme_id: int, person_id: int, side: Side) -> Member | None:
    """Their place on that side, one they left included."""
    return db.scalar(
        select(Member).where(Member.programme_id == programme_id, Member.person_id == person_id, Member.side == side)
    )


def get(db: Db, member_id: int) -> Member:
    return db.get_one(Member, member_id)


def of_person(db: Db, person_id: int) -> Sequence[tuple[Member, Programme]]:
    rows = db.execute(
        select(Member, Programme)
        .join(Programme, Programme.id == Member.programme_id)
        .where(Member.person_id == person_id)
        .order_by(Member.id)
    )
    return [(member, programme) for member, programme in rows]


def newest_of(db: Db, person_id: int) -> tuple[Member, Programme] | None:
    """Where a word such as `pause` applies: the place they hold in the programme set up last."""
    present = [
        (member, programme)
        for member, programme in of_person(db, person_id)
        if member.state != MemberState.LEFT and programme.closed_at is None
    ]
    return max(present, key=lambda place: place[1].id, default=None)


def with_room(db: Db, programme_id: int, now: datetime) -> list[tuple[Member, Person, int]]:
    """Who waits for a partner, in id order: active, still in Slack, and with room for that many more.

    Whose months with a partner are over doesn't wait: they'd be asked to begin anew without having said so.
    """
    everyone = of_programme(db, programme_id)
    all_pairs = pairs.of_programme(db, programme_id)
    over = {
        member_id: pair.ends_at
        for pair in all_pairs
        if pair.ended_at is None and pair.ends_at is not None and pair.ends_at <= now
        for member_id in (pair.mentor_id, pair.mentee_id)
    }
    live = Counter(
        member_id for pair in all_pairs if pairs.is_live(pair, now) for member_id in (pair.mentor_id, pair.mentee_id)
    )
    known = people.by_id(db, [member.person_id for member in everyone])
    found = []
    for member in everyone:
        person = known[member.person_id]
        room = (member.capacity if member.side is Side.MENTOR else 1) - live[member.id]
        is_free = member.state is MemberState.ACTIVE and person.gone_at is None and not _is_over(member, over)
        if is_free and room > 0:
            found.append((member, person, room))
    return found


def _is_over(member: Member, over: Mapping[int, datetime]) -> bool:
    """Their months ended, and they haven't joined anew since."""
    return member.id in over and over[member.id] > member.joined_at


def of_programme(db: Db, programme_id: int) -> Sequence[Member]:
    """Everyone who has not left, in id order."""
    return db.scalars(
        select(Member).where(Member.programme_id == programme_id, Member.state != MemberState.LEFT).order_by(Member.id)
    ).all()
