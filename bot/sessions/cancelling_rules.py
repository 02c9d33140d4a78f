"""What is due once a date is cancelled: a neutral word to both; and to each a private one when it was the second of the
mentee's in a row."""

from datetime import timedelta

from bot import dates
from bot.due import Due
from bot.working_time import WorkingTime
from store.models import MemberState, Session, SessionState
from store.snapshots import Partnership

STILL_NEWS = timedelta(days=3)  # after the date: long enough for a weekend
IN_A_ROW = 2
WORTH_SAYING = timedelta(days=7)
WORTH = 35


def cancelled(each: Partnership) -> list[Due]:
    """To the one who did it at once, to their partner at work. Once there is a new date, that says enough.

    On hold it is told too, so that nobody waits for a talk in vain; who has paused hears of it when they go on.
    """
    last = each.sessions[-1] if each.sessions else None
    if last is None or last.state is not SessionState.CANCELLED or last.cancelled_at is None:
        return []
    is_mine = last.cancelled_by == each.me.id
    if not is_mine and (each.mine.state is MemberState.PAUSED or not _had_heard(each, last)):
        return []
    return [
        Due(
            key=f"cancelled:{each.pair.id}:{last.number}:{last.sequence}:{each.me.id}",
            kind="cancelled",
            opens_at=last.cancelled_at,
            closes_at=max(last.starts_at, last.cancelled_at) + STILL_NEWS,
            is_notice=True,
            at_once=is_mine,
            pair_id=each.pair.id,
            session_id=last.id,
        )
    ]


def _had_heard(each: Partnership, session: Session) -> bool:
    """Of the date, or of an earlier one: set and cancelled in one night, it was never told."""
    if session.booked_by == each.me.id or session.sequence > 1:
        return True
    return session.cancelled_at is not None and dates.told_at(each, session) <= session.cancelled_at


def put_off(each: Partnership, mine: WorkingTime) -> list[Due]:
    """The next morning, once for each meeting; not if they have met after all."""
    return [
        _private(each, session, mine)
        for session in each.sessions
        if session.cancellations >= IN_A_ROW and session.state in (SessionState.PLANNED, SessionState.CANCELLED)
    ]


def _private(each: Partnership, session: Session, mine: WorkingTime) -> Due:
    assert session.cancelled_at is not None  # noqa: S101 -- it was cancelled twice
    opens = mine.start_of(mine.working_days_after(mine.local_date(session.cancelled_at), 1))
    return Due(
        key=f"put_off:{each.pair.id}:{session.number}:{each.me.id}",
        kind="put_off",
        opens_at=opens,
        closes_at=opens + WORTH_SAYING,
        worth=WORTH,
        pair_id=each.pair.id,
        session_id=session.id,
    )
