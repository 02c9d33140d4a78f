"""When each question to look back is due, and which question an answer belongs to."""

from datetime import datetime, timedelta

from bot import working_time
from bot.due import Due
from bot.working_time import WorkingTime
from store.models import Session, SessionState
from store.snapshots import Partnership, Snapshot

AFTER = timedelta(days=2)
WORTH_ASKING = timedelta(days=21)
ANSWERED_WITHIN = timedelta(days=21)  # a plain message later than that is no answer to it
KINDS = ("reflection", "halfway", "ending")
WORTH = {"ending": 25, "halfway": 22, "reflection": 20}
SHORTEST_WITH_HALFWAY = 6  # months


def due(snapshot: Snapshot) -> list[Due]:
    found: list[Due] = []
    for each in snapshot.partnerships:
        if not each.is_under_way:
            continue
        mine = working_time.of(each.me)
        found += [_after(each, session, mine) for session in each.sessions if _is_asked_about(session)]
        found += [*_halfway(each, mine), *_ending(each, mine)]
    return [*found, *_kept(snapshot)]


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


def _halfway(each: Partnership, mine: WorkingTime) -> list[Due]:
    """On the working day after the first half; a short programme has no half-way look."""
    months = each.programme.months or 0  # one that goes on has no half
    if months < SHORTEST_WITH_HALFWAY or each.pair.introduced_at is None:
        return []
    begun = mine.local_date(each.pair.introduced_at)
    middle = mine.working_day(working_time.add_months(begun, months // 2))
    opens = mine.start_of(mine.working_days_after(middle, 1))
    return [_look(each, "halfway", opens)]


def _ending(each: Partnership, mine: WorkingTime) -> list[Due]:
    if each.pair.ends_at is None:
        return []
    return [_look(each, "ending", mine.start_of(mine.working_day(mine.local_date(each.pair.ends_at))))]


def _look(each: Partnership, kind: str, opens: datetime) -> Due:
    return Due(
        key=f"{kind}:{each.pair.id}:{each.me.id}",
        kind=kind,
        opens_at=opens,
        closes_at=opens + WORTH_ASKING,
        worth=WORTH[kind],
        asks=True,
        pair_id=each.pair.id,
    )


def _kept(snapshot: Snapshot) -> list[Due]:
    """The reply to each answer, at once."""
    return [
        Due(
            key=f"reflection_kept:{answer.id}",
            kind="reflection_kept",
            opens_at=answer.written_at,
            is_notice=True,
            at_once=True,
            about=answer.id,
        )
        for answer in snapshot.reflections
    ]
