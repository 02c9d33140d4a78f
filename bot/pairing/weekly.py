"""Where a programme wishes it, pairs are proposed each Monday for a coordinator to look through."""

from datetime import datetime

from sqlalchemy.orm import Session as Db

from bot import working_time
from bot.house import House
from bot.pairing import rounds
from store import members, people, programmes
from store import rounds as kept
from store.models import Programme, RoundState, Side


def propose(house: House, programme_id: int) -> datetime | None:
    """Begins a round if somebody of each side waits; returns when to look again, None where it isn't wished any more.

    What a coordinator is at work on is left to them. Whoever runs the programme is told if there are pairs.
    """
    now = house.clock()
    with house.store.read() as db:  # takes a while in a large company, so nothing is being written meanwhile
        can_be_paired = _can_be_paired(db, programme_id, now)
    with house.store.begin() as db:
        programme = programmes.lock(db, programme_id)
        if programme.closed_at is not None or not programme.pairs_weekly:
            return None
        if not _is_in_hand(db, programme) and can_be_paired:
            rounds.begin(db, programme, programme.created_by, now).is_weekly = True
        runner = people.get(db, programme.created_by)
    return working_time.next_monday(working_time.zone(runner.zone), now)


def _is_in_hand(db: Db, programme: Programme) -> bool:
    """Somebody works on a round, or has wished something of it."""
    made = kept.open_of(db, programme.id)
    return made is not None and (made.state is not RoundState.PROPOSED or bool(kept.choices(db, made.id)))


def _can_be_paired(db: Db, programme_id: int, now: datetime) -> bool:
    sides = {place.side for place, _, _ in members.with_room(db, programme_id, now)}
    return sides == set(Side)
