"""Who takes part in which programme."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from store import agenda, pairs, people
from store.models import IS_OUT, TAKES_PART, Member, MemberState, Pair, Person, Programme, Side


def find(db: Db, programme_id: int, person_id: int) -> Member | None:
    """The person's place in the programme, one they left included."""
    return db.scalar(
        select(Member)
        .where(Member.programme_id == programme_id, Member.person_id == person_id)
        .order_by(Member.state.in_(IS_OUT), Member.id.desc())
        .limit(1)
    )


def in_programme(db: Db, programme_id: int, person_id: int) -> Sequence[Member]:
    """Their places in it, one for each side they are on or were on."""
    return db.scalars(
        select(Member).where(Member.programme_id == programme_id, Member.person_id == person_id).order_by(Member.id)
    ).all()


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
        if member.state not in IS_OUT and programme.closed_at is None
    ]
    return max(present, key=lambda place: place[1].id, default=None)


def with_room(db: Db, programme_id: int, now: datetime) -> list[tuple[Member, Person, int]]:
    """Who waits for a partner, in id order: active, still in Slack, wanting one, and with room for that many more.

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
        is_here = member.state is MemberState.ACTIVE and person.gone_at is None
        if is_here and member.wants_partner and not _is_over(member, over) and room > 0:
            found.append((member, person, room))
    return found


def _is_over(member: Member, over: Mapping[int, datetime]) -> bool:
    """Their months ended, and they haven't joined anew since."""
    return member.id in over and over[member.id] > member.joined_at


def of_programme(db: Db, programme_id: int) -> Sequence[Member]:
    """Everyone who takes part, those on a pause too, in id order."""
    return _in_states(db, programme_id, TAKES_PART)


def applied(db: Db, programme_id: int) -> Sequence[Member]:
    """Who waits for a coordinator's yes, oldest first."""
    return _in_states(db, programme_id, (MemberState.APPLIED,))


def queued(db: Db, programme_id: int) -> Sequence[Member]:
    """Who waits for a place to come free, the next one first."""
    return sorted(_in_states(db, programme_id, (MemberState.QUEUED,)), key=lambda each: (each.joined_at, each.id))


def _in_states(db: Db, programme_id: int, states: Sequence[MemberState]) -> Sequence[Member]:
    return db.scalars(
        select(Member).where(Member.programme_id == programme_id, Member.state.in_(states)).order_by(Member.id)
    ).all()


def is_full(db: Db, programme: Programme) -> bool:
    """Whether all places are taken. Somebody on both sides takes one."""
    if programme.places is None:
        return False
    return len({member.person_id for member in of_programme(db, programme.id)}) >= programme.places


def leave(db: Db, member: Member, now: datetime) -> None:
    """The membership and its pairs end together: no nudge is claimed after this has committed.

    What was told in confidence is forgotten. A partner who knows of the pair is asked whether they want another;
    one who was never introduced just goes on waiting. A place that comes free goes to the next in the list.
    """
    member.state, member.state_since, member.changed_at = MemberState.LEFT, now, now
    member.hopes = member.avoid = member.networks = None
    member.is_first_in_line = False
    touched = {member.person_id}
    for pair in pairs.of_member(db, member.id):
        if pairs.is_live(pair, now):
            touched |= end_pair(db, pair, now, ended_by=member.person_id)
    db.flush()
    touched |= let_in(db, db.get_one(Programme, member.programme_id), now)
    agenda.touch(db, member.workspace_id, touched, now)


def end_pair(db: Db, pair: Pair, now: datetime, *, ended_by: int | None) -> set[int]:
    """Ends a live pair; the ids of its two people. Whoever did not end it hears of it, if they ever knew of it."""
    pair.ended_at, pair.ended_by = now, ended_by
    both = [get(db, pair.mentor_id), get(db, pair.mentee_id)]
    for member in both:
        if member.person_id != ended_by and pair.introduced_at is not None:
            member.wants_partner = False
    return {member.person_id for member in both}


def let_in(db: Db, programme: Programme, now: datetime) -> set[int]:
    """Gives places that came free to the next in the list; the ids of those who got one."""
    found: set[int] = set()
    for member in queued(db, programme.id):
        if programme.closed_at is not None or (is_full(db, programme) and member.person_id not in found):
            break
        admit(member, now)
        db.flush()
        found.add(member.person_id)
    return found


def admit(member: Member, now: datetime) -> None:
    """They are in, not by their own act just now: they are told so."""
    member.state, member.state_since, member.revision = MemberState.ACTIVE, now, member.revision + 1
    member.changed_at = member.let_in_at = now


def gone(db: Db, person: Person, now: datetime) -> None:
    """Their account was deactivated, or the company's directory no longer has them: they leave everything."""
    if person.gone_at is not None:
        return
    person.gone_at = now
    for member, _ in of_person(db, person.id):
        if member.state not in IS_OUT:
            leave(db, member, now)
