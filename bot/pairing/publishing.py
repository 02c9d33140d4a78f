"""A round that a coordinator published becomes pairs, some at a time, and each pair is introduced.

What was done is stored with each step, so a round that was stopped half-way goes on where it stood. Introductions
are notices: they go out once, when both are at work, as fast as Slack allows.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session as Db

from bot import working_time
from bot.house import House
from bot.pairing import gathering, mending, progress
from bot.pairing.bars import Bar, barred, hard_bar
from store import agenda, members, pairs, programmes, publications, repairs, rounds
from store.models import Delivery, Nudge, Pair, Programme, Proposal, Round, RoundKind, RoundState, Subject, Wish

AT_ONCE = 50  # pairs in one transaction: nobody waits for it

log = logging.getLogger(__name__)


def begin(db: Db, made: Round, by: int, now: datetime) -> int:
    """Publishes a proposed round, which is locked: `by` is the person who said so. How many pairs are on their way."""
    of = rounds.count_kept(db, made.id)
    made.state, made.published_at, made.published_by = RoundState.PUBLISHING, now, by
    made.tell, made.leased_until, made.progress = None, None, {"done": 0, "of": of}
    db.flush()
    agenda.look(db, made.workspace_id, Subject.ROUND, made.id, now)
    agenda.touch(db, made.workspace_id, [by], now)
    log.info("publishing round=%s pairs=%s by=%s", made.id, of, by)
    return of


def step(house: House, round_id: int) -> datetime | None:
    """Makes the next pairs, or says how far the round is; returns when to go on, None where somebody will say so."""
    now = house.clock()
    with house.store.begin() as db:
        found = rounds.find(db, house.workspace_id, round_id)
        programme = programmes.lock(db, found.programme_id) if found else None
        made = rounds.lock(db, house.workspace_id, round_id)
        if made is None or programme is None:
            return None
        if made.state is RoundState.PUBLISHING:
            _go_on(db, programme, made, now)
            return now
    return progress.tell(house, round_id)


def _go_on(db: Db, programme: Programme, made: Round, now: datetime) -> None:
    done = int(made.progress["done"])
    batch = publications.batch(db, made.id, done, AT_ONCE)
    if not batch:
        _finish(db, programme, made, now)
    elif done or made.kind is not RoundKind.REPAIR or mending.make_room(db, made, now):
        _keep(made, len(batch), _pair(db, programme, made, batch, now))
    else:
        _keep(made, len(batch), [(each, publications.NOT_AVAILABLE) for each in batch])


def _keep(made: Round, more: int, lost: Sequence[tuple[Proposal, str]]) -> None:
    """How far it is now, and which proposals came to nothing, and why."""
    unpaired = [*made.progress.get("unpaired", []), *([each.mentor_id, each.mentee_id, why] for each, why in lost)]
    made.progress = {**made.progress, "done": made.progress["done"] + more, "unpaired": unpaired}


def _pair(
    db: Db, programme: Programme, made: Round, batch: Sequence[Proposal], now: datetime
) -> list[tuple[Proposal, str]]:
    """Makes pairs of those who are free and may pair, as people stand now. Returns the others, with why not."""
    among = {member_id for each in batch for member_id in (each.mentor_id, each.mentee_id)}
    waiting = gathering.waiting(db, programme, now, among) if programme.closed_at is None else []
    present = {each.member_id: each for each in waiting}
    free = {member_id: each.capacity for member_id, each in present.items()}
    ground, wishes = gathering.ground(db, programme, now), rounds.choices(db, made.id)
    paired, lost = [], []
    for each in batch:
        both = (each.mentor_id, each.mentee_id)
        bar: Bar | None = Bar.NOT_AVAILABLE
        if all(free.get(member_id) for member_id in both):
            # Of what isn't a hard rule, whoever pinned the two was warned.
            stands = hard_bar if both in wishes and wishes[both].wish is Wish.PIN else barred
            bar = stands(present[each.mentor_id], present[each.mentee_id], ground)
        if bar is None:
            free.update({member_id: free[member_id] - 1 for member_id in both})
            paired.append(_made(each, made, now))
        else:
            lost.append((each, bar.value))
    _introduce(db, paired, now)
    if made.kind is RoundKind.REPAIR:
        _take_out(db, programme, {member_id for pair in paired for member_id in (pair.mentor_id, pair.mentee_id)}, now)
    return lost


def _made(proposal: Proposal, made: Round, now: datetime) -> Pair:
    return Pair(
        workspace_id=made.workspace_id,
        programme_id=made.programme_id,
        mentor_id=proposal.mentor_id,
        mentee_id=proposal.mentee_id,
        round_id=made.id,
        published_at=now,
        reasons=proposal.reasons,
    )


def _introduce(db: Db, paired: Sequence[Pair], now: datetime) -> None:
    """They have waited long enough; looking at them leads to their introduction."""
    db.add_all(paired)
    db.flush()
    places = [members.get(db, member_id) for pair in paired for member_id in (pair.mentor_id, pair.mentee_id)]
    for place in places:
        place.rounds_waited, place.is_first_in_line = 0, False
    repairs.drop(db, [place.id for place in places])
    db.flush()
    if paired:
        agenda.touch_many(db, paired[0].workspace_id, sorted({place.person_id for place in places}), now)


def _take_out(db: Db, programme: Programme, placed: set[int], now: datetime) -> None:
    """Who has a partner now has no place for another in a round that is still looked through: it has changed."""
    found = rounds.open_of(db, programme.id)
    made = rounds.lock(db, found.workspace_id, found.id) if found is not None else None
    if made is None or made.state is not RoundState.PROPOSED:
        return
    room = dict.fromkeys(placed, 0)
    room.update({place.id: space for place, _, space in members.with_room(db, programme.id, now, placed)})
    too_many = []
    for each in rounds.with_one_of(db, made.id, sorted(placed)):
        theirs = placed & {each.mentor_id, each.mentee_id}
        if all(room[member_id] for member_id in theirs):
            room.update({member_id: room[member_id] - 1 for member_id in theirs})
        else:
            too_many.append(each)
    left = [each for each in made.insight.get("unplaced", []) if each["member"] not in placed]
    made.insight = {**made.insight, "unplaced": left}
    if too_many:
        others = {member_id for each in too_many for member_id in (each.mentor_id, each.mentee_id)} - placed
        rounds.take_out(db, made, too_many, others)
        rounds.changed(made)


def _finish(db: Db, programme: Programme, made: Round, now: datetime) -> None:
    """All its pairs are made. Whoever was in a whole round and got nobody has waited for one more; for whom a repair
    came to nothing another is looked for."""
    made.state = RoundState.PUBLISHED
    log.info("published round=%s", made.id)
    placed = publications.placed(db, made.id)
    if made.kind is RoundKind.REPAIR:
        if made.about is not None and made.about not in placed:
            repairs.ask(db, members.get(db, made.about), now)
        return
    left = [
        place
        for place, _, _ in members.with_room(db, programme.id, now)
        if place.id not in placed and place.joined_at <= made.created_at
    ]
    for place in left:
        place.rounds_waited += 1
    db.flush()
    agenda.touch_many(db, made.workspace_id, sorted({place.person_id for place in left}), now)


# What became of an introduction


def introduced(db: Db, nudge: Nudge, delivery: Delivery, now: datetime) -> None:
    """The introduction has arrived: from now on their months are counted."""
    assert nudge.pair_id is not None  # noqa: S101 -- an introduction is of a pair
    pair = pairs.get(db, nudge.pair_id)
    mentor, mentee = pairs.people(db, pair)
    pair.introduced_at, pair.channel = now, delivery.channel
    time = working_time.of(mentee)
    months = programmes.get(db, pair.programme_id).months
    if months is not None:
        pair.ends_at = time.start_of(time.working_day(working_time.add_months(time.local_date(now), months)))
    progress.look(db, pair, now)
    agenda.touch(db, pair.workspace_id, [mentor.id, mentee.id], now)


def not_introduced(db: Db, nudge: Nudge, now: datetime) -> None:
    """The introduction can't arrive: there is no pair, and both are free for the next round."""
    pair = pairs.get(db, int(nudge.pair_id or 0))
    if pair.ended_at is None:
        members.end_pair(db, pair, now, ended_by=None)
    progress.look(db, pair, now)
    agenda.touch(db, pair.workspace_id, [person.id for person in pairs.people(db, pair)], now)
    log.warning("not introduced pair=%s", pair.id)
