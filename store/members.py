"""Who takes part in which programme."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session as Db

from store import agenda, directory, drafts, pairs, people, programmes, proofs, repairs, topics
from store.models import IS_OUT, TAKES_PART, Member, MemberState, Pair, Person, Programme, Side, Source


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


def get(db: Db, member_id: int) -> Member:
    return db.get_one(Member, member_id)


def by_id(db: Db, ids: Collection[int]) -> Mapping[int, Member]:
    """Whatever became of them."""
    return {each.id: each for each in db.scalars(select(Member).where(Member.id.in_(ids)))}


def ids_of_person(db: Db, person_id: int) -> Sequence[int]:
    """Of all their places, in the order in which they took them."""
    return db.scalars(_PLACES, {"person": person_id}).all()


_PLACES = select(Member.id).where(Member.person_id == bindparam("person")).order_by(Member.id)


def of_person(db: Db, person_id: int) -> Sequence[tuple[Member, Programme]]:
    return of_people(db, [person_id])


def of_people(db: Db, ids: Sequence[int]) -> Sequence[tuple[Member, Programme]]:
    return [(member, programme) for member, programme in db.execute(_OF_PEOPLE, {"people": ids})]


# Made once: making it takes longer than asking it.
_OF_PEOPLE = (
    select(Member, Programme)
    .join(Programme, Programme.id == Member.programme_id)
    .where(Member.person_id.in_(bindparam("people", expanding=True)))
    .order_by(Member.id)
)


def with_room(
    db: Db, programme_id: int, now: datetime, among: Collection[int] | None = None
) -> list[tuple[Member, Person, int]]:
    """Who waits for a partner, in id order: active, still in Slack, wanting one, and with room for that many more.

    Whose months with a partner are over doesn't wait: they'd be asked to begin anew without having said so.
    `among`: only those of these members.
    """
    everyone = of_programme(db, programme_id, among)
    all_pairs = pairs.of_programme(db, programme_id, among)
    over = _over(all_pairs, now)
    live = Counter(
        member_id for pair in all_pairs if pairs.is_live(pair, now) for member_id in (pair.mentor_id, pair.mentee_id)
    )
    known = people.by_id(db, [member.person_id for member in everyone])
    found = []
    for member in everyone:
        person = known[member.person_id]
        space = _capacity(member) - live[member.id]
        is_here = member.state is MemberState.ACTIVE and person.gone_at is None
        if is_here and member.wants_partner and not _is_over(member, over) and space > 0:
            found.append((member, person, space))
    return found


def _capacity(member: Member) -> int:
    return member.capacity if member.side is Side.MENTOR else 1


def _over(all_pairs: Sequence[Pair], now: datetime) -> dict[int, datetime]:
    """Member id to when their months with a partner were over, the last time."""
    found: dict[int, datetime] = {}
    for pair in all_pairs:
        if pair.ended_at is None and pair.ends_at is not None and pair.ends_at <= now:
            for member_id in (pair.mentor_id, pair.mentee_id):
                found[member_id] = max(pair.ends_at, found.get(member_id, pair.ends_at))
    return found


def _is_over(member: Member, over: Mapping[int, datetime]) -> bool:
    """Their months ended, and they haven't joined anew since."""
    return member.id in over and over[member.id] > member.joined_at


def of_programme(db: Db, programme_id: int, among: Collection[int] | None = None) -> Sequence[Member]:
    """Everyone who takes part (of these members), those on a pause too, in id order."""
    return _in_states(db, programme_id, TAKES_PART, among)


def applied(db: Db, programme_id: int) -> Sequence[Member]:
    """Who waits for a coordinator's yes, oldest first."""
    return _in_states(db, programme_id, (MemberState.APPLIED,))


def queued(db: Db, programme_id: int) -> Sequence[Member]:
    """Who waits for a place to come free, the next one first."""
    return sorted(_in_states(db, programme_id, (MemberState.QUEUED,)), key=lambda each: (each.joined_at, each.id))


def _in_states(
    db: Db, programme_id: int, states: Sequence[MemberState], among: Collection[int] | None = None
) -> Sequence[Member]:
    query = select(Member).where(Member.programme_id == programme_id, Member.state.in_(states)).order_by(Member.id)
    return db.scalars(query if among is None else query.where(Member.id.in_(among))).all()


def count(db: Db, programme_id: int) -> int:
    """How many people take part. Somebody on both sides takes one place."""
    return len({member.person_id for member in of_programme(db, programme_id)})


def present(db: Db, programme_id: int) -> set[int]:
    """The ids of all who take part, or have asked to."""
    states = [state for state in MemberState if state not in IS_OUT]
    return {member.person_id for member in _in_states(db, programme_id, states)}


def is_full(db: Db, programme: Programme) -> bool:
    """Whether all places are taken."""
    return programme.places is not None and count(db, programme.id) >= programme.places


def place_in_queue(db: Db, member: Member) -> int:
    """The number of somebody who waits for a place: 1 is the next. Somebody on both sides counts once."""
    order = dict.fromkeys(each.person_id for each in queued(db, member.programme_id))
    return list(order).index(member.person_id) + 1


def room(db: Db, member: Member, now: datetime) -> tuple[int, bool]:
    """How many more partners they could have, and whether their months with one are over."""
    mine = pairs.of_member(db, member.id)
    live = sum(pairs.is_live(pair, now) for pair in mine)
    return _capacity(member) - live, _is_over(member, _over(mine, now))


def locked(db: Db, person_id: int) -> Sequence[tuple[Member, Programme]]:
    """Their places in every programme, to be changed: nobody else changes who is in these programmes meanwhile."""
    lock_programmes(db, [person_id])
    return of_person(db, person_id)


def lock_programmes(db: Db, people: Collection[int]) -> None:
    """All programmes in which one of them has a place, in the order of their ids.

    Whoever will change people and their places does this first: the other way round two could wait for each other.
    """
    theirs = select(Member.programme_id).where(Member.person_id.in_(people)).distinct().order_by(Member.programme_id)
    for programme_id in db.scalars(theirs).all():
        programmes.lock(db, programme_id)


def pause(member: Member, until: datetime | None, now: datetime) -> None:
    """On hold until then, or until they say so. Said again it changes the date alone: it is one pause."""
    if member.state is not MemberState.PAUSED:
        member.state, member.state_since = MemberState.PAUSED, now
    member.paused_until = until


def resume(member: Member, now: datetime) -> None:
    """They go on by their own word, so nobody has to tell them that a pause has come to its date."""
    if member.state is MemberState.PAUSED:
        member.state, member.state_since = MemberState.ACTIVE, now
    member.paused_until = None


def wake(member: Member, now: datetime) -> bool:
    """Whether their pause has come to its date: then it ends now."""
    is_over = member.state is MemberState.PAUSED and member.paused_until is not None and member.paused_until <= now
    if is_over:
        member.state, member.state_since = MemberState.ACTIVE, now
    return is_over


def seek(db: Db, member: Member, now: datetime) -> None:
    """They would like another partner. Whose partner left has waited longest; whose months are over begins anew."""
    if not member.wants_partner:
        member.wants_partner = member.is_first_in_line = True
        db.flush()
        repairs.ask(db, member, now)
    if room(db, member, now)[1]:
        member.joined_at = now
    agenda.touch(db, member.workspace_id, [member.person_id], now)


def rest(db: Db, member: Member, now: datetime) -> None:
    """They stay, but would rather have no partner for now."""
    member.wants_partner = member.is_first_in_line = False
    repairs.drop(db, [member.id])
    agenda.touch(db, member.workspace_id, [member.person_id], now)


def leave_programme(db: Db, programme: Programme, person_id: int, now: datetime) -> bool:
    """They leave it, on both sides if they are on both; whether they were in it, or wanted to be."""
    programmes.lock(db, programme.id)
    mine = [member for member in in_programme(db, programme.id, person_id) if member.state not in IS_OUT]
    leave(db, mine, now)
    return bool(mine)


def leave(db: Db, mine: Sequence[Member], now: datetime) -> None:
    """These places of somebody's are given up. All whom it touches are touched together: in turn, two who leave at once
    could wait for each other."""
    touched = set[int]().union(*(_leave(db, member, now) for member in mine))
    if mine:
        agenda.touch(db, mine[0].workspace_id, touched, now)


def _leave(db: Db, member: Member, now: datetime) -> set[int]:
    """The membership and its pairs end together: no nudge is claimed after this has committed.

    The programme must be locked, and the member read after that: leaving twice would be told twice.

    What was told in confidence is forgotten, in rounds too. A partner who knows of the pair is asked whether they want
    another; one who was never introduced just goes on waiting. A place that comes free goes to the next in the list.
    """
    member.state, member.state_since, member.changed_at = MemberState.LEFT, now, now
    member.hopes = member.avoid = member.networks = member.paused_until = None
    member.wants_partner, member.is_first_in_line = True, False  # should they come back, they begin anew
    drafts.drop(db, member.programme_id, member.person_id)
    topics.withdraw(db, member.id)
    proofs.forget(db, member.programme_id, member.id)
    repairs.drop(db, [member.id])
    touched = {member.person_id}
    for pair in pairs.of_member(db, member.id):
        if pairs.is_live(pair, now):
            touched |= end_pair(db, pair, now, ended_by=member.person_id)
    db.flush()
    return touched | let_in(db, db.get_one(Programme, member.programme_id), now)


def end_pair(db: Db, pair: Pair, now: datetime, *, ended_by: int | None) -> set[int]:
    """Ends a live pair; the ids of its two people. Whoever did not end it hears of it, if they ever knew of it.

    Somebody who never met their partner knows nothing of it and goes on waiting, and nobody has waited longer.
    """
    pair.ended_at, pair.ended_by = now, ended_by
    both = [get(db, pair.mentor_id), get(db, pair.mentee_id)]
    for member in both:
        if member.person_id == ended_by:
            continue
        if pair.introduced_at is not None:
            member.wants_partner = False
        else:
            member.is_first_in_line = True
            if ended_by is not None:
                repairs.ask(db, member, now)
    return {member.person_id for member in both}


def let_in(db: Db, programme: Programme, now: datetime) -> set[int]:
    """Gives places that came free to the next in the list; the ids of those who got one.

    Of two who leave at once the second waits here for the first, so that no place is given twice or to nobody.
    """
    programmes.lock(db, programme.id)
    waiting = queued(db, programme.id) if programme.closed_at is None else []
    present = {member.person_id for member in of_programme(db, programme.id)} if waiting else set()
    found: set[int] = set()
    for member in waiting:
        is_free = programme.places is None or len(present) < programme.places
        if is_free or member.person_id in present:  # somebody on both sides takes one place
            admit(member, now)
            present.add(member.person_id)
            found.add(member.person_id)
    db.flush()
    return found


def admit(member: Member, now: datetime) -> None:
    """They are in, not by their own act just now: they are told so."""
    member.state, member.state_since, member.revision = MemberState.ACTIVE, now, member.revision + 1
    member.changed_at = member.let_in_at = now


def deactivated(db: Db, person: Person, now: datetime, updated: int = 0) -> None:
    """Slack says that their account is closed. What it said of them before stays, for when it is opened again."""
    known = directory.without(person.known, Source.SLACK, now)
    if updated:
        known[Source.SLACK] = known[Source.SLACK] | {directory.UPDATED: updated}
    directory.believe(person, known)
    gone(db, person, now)


def approve(db: Db, programme: Programme, person_id: int, now: datetime) -> bool:
    """A coordinator says yes: they are in, or in the list where all places are taken. False if they don't ask."""
    places = in_programme(db, programme.id, person_id)
    asked = [place for place in places if place.state is MemberState.APPLIED]
    takes_part = any(place.state in TAKES_PART for place in places)
    for place in asked:
        if takes_part:
            admit(place, now)  # with a place on the other side they need no second one
        else:
            queue(place, now)
    db.flush()
    agenda.touch(db, programme.workspace_id, let_in(db, programme, now) | {person_id}, now)
    return bool(asked)


def queue(member: Member, now: datetime) -> None:
    """They wait for a place, in the order in which people asked."""
    member.state, member.state_since, member.revision = MemberState.QUEUED, now, member.revision + 1
    member.changed_at = now


def turn_down(db: Db, programme: Programme, person_id: int, now: datetime) -> bool:
    """A coordinator says no; what was told in confidence is forgotten. False if they don't ask."""
    asked = [place for place in in_programme(db, programme.id, person_id) if place.state is MemberState.APPLIED]
    for place in asked:
        place.state, place.state_since, place.revision = MemberState.DECLINED, now, place.revision + 1
        place.changed_at = now
        place.hopes = place.avoid = place.networks = None
        drafts.drop(db, programme.id, person_id)
        topics.withdraw(db, place.id)
    agenda.touch(db, programme.workspace_id, [person_id], now)
    return bool(asked)


def gone(db: Db, person: Person, now: datetime) -> None:
    """Their account was deactivated, or the company's directory no longer has them: they leave everything."""
    if person.gone_at is not None:
        return
    places = locked(db, person.id)
    person.gone_at = now
    leave(db, [member for member, _ in places if member.state not in IS_OUT], now)
    drafts.drop_all(db, person.id)
    is_named = [person.id == each.created_by or person.slack_id == each.contact for each in _open(db, person)]
    if any(is_named):
        agenda.touch(db, person.workspace_id, [], now)  # the coordinators' Homes say so


def _open(db: Db, person: Person) -> Sequence[Programme]:
    return programmes.open_now(db, person.workspace_id)
