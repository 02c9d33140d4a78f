"""What a coordinator may know of a programme, gathered from the store."""

from datetime import datetime

from sqlalchemy.orm import Session as Db

from bot.programme import rules
from bot.programme.overview_blocks import Overview
from store import members, pairs, people, programmes, sessions, snapshots
from store.models import Programme


def all_of(db: Db, workspace_id: str, now: datetime) -> list[Overview]:
    """Of each programme that is open, the newest first, then of those ended in which a pair still meets."""
    still_meet = {pair.programme_id for pair in pairs.live(db, workspace_id, now)}
    ended = [each for each in programmes.ended(db, workspace_id) if each.id in still_meet]
    return [of(db, each, now) for each in (*programmes.open_now(db, workspace_id), *ended)]


def of(db: Db, programme: Programme, now: datetime) -> Overview:
    by_member = {place.id: place.person_id for place in members.of_programme(db, programme.id)}
    known = people.by_id(db, by_member.values())
    live = [pair for pair in pairs.of_programme(db, programme.id) if pairs.is_live(pair, now)]
    held = sessions.of_pairs(db, [pair.id for pair in live])
    running = snapshots.running(db, programme)
    queued = members.queued(db, programme.id) if programme.closed_at is None else ()
    return Overview(
        programme=programme,
        members=len(known),
        waiting=[(person, place.side) for place, person, _ in members.with_room(db, programme.id, now)],
        pairs=[
            (
                known[by_member[pair.mentor_id]],
                known[by_member[pair.mentee_id]],
                rules.health(pair, programme.cadence, held[pair.id], now),
            )
            for pair in live
        ],
        queued=len({place.person_id for place in queued}),
        requests=rules.requests(running),
        broken=len(running.broken),
        unreachable=[each for each in known.values() if each.unreachable_since is not None],
    )
