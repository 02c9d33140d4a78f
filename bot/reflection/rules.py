"""When the question after a talk is due, and which question an answer belongs to."""

from datetime import timedelta

from bot import working_time
from bot.due import Due
from bot.working_time import WorkingTime
from store.models import Session, SessionState
from store.snapshots import Partnership, Snapshot

AFTER = timedelta(days=2)
WORTH_ASKING = timedelta(days=21)
ANSWERED_WITHIN = timedelta(days=21)  # a plain message later than that is no answer to it
KINDS = ("reflection", "halfway", "halfway_better", "ending", "ending_better")
"""What a plain message can answer; the last four are `look_rules`'."""
WORTH = {"reflection": 20}


def due(snapshot: Snapshot) -> list[Due]:
    found: list[Due] = []
    for each in snapshot.partnerships:
        if not each.is_under_way:
            continue
        mine = working_time.of(each.me)
        found += [_after(each, session, mine) for session in each.sessions if _is_asked_about(session)]
    return found


def _is_asked_about(session: Session) -> bool:
    return session.state is SessionState.HELD and session.reflection is not None


def _after(each: Partnership, session: Session, mine: WorkingTime) -> Due:
    """Two days after somebody said that they met, at the start of work."""
    assert session.settled_at is not None  # noqa: S101 -- a held session was settled
    day = mine.working_day(mine.local_date(session.settled_at + AFTER))
    opens = mine.start_of(day)
    return Due(
        key=f"reflection:{each.pair.id}:{session.number}:{each.me.id}",
        kind="reflection",
        opens_at=opens,
        closes_at=opens + WORTH_ASKING,
        worth=WORTH["reflection"],
        asks=True,
        pair_id=each.pair.id,
        session_id=session.id,
        question=session.reflection,
    )
