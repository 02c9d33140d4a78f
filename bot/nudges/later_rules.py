"""What is put off comes back: when that is, what it is by then, and what there is no need to bring back.

Nothing is queued for it. The nudge remembers until when it was put off; while its feature's rules still say that it is
due, it is due once more from that moment on, under a key of its own.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from bot.due import Due
from bot.working_time import WorkingTime
from store.models import LATER, Nudge
from store.snapshots import Snapshot

SETTLED = "done before it was to come back"
"""The ledger's word for what was put off and isn't due any more."""
A_WHILE = timedelta(hours=3)
STILL_HELPS = timedelta(hours=1)
SUNDAY = 6


class Later(StrEnum):
    """Until when somebody may put something off."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    WORKING_DAY = "working_day"  # the next one, where that isn't tomorrow
    WEEK = "week"


def moment(later: Later, mine: WorkingTime, now: datetime) -> datetime | None:
    """When it comes back, in their working hours. None for later today, when the day is nearly over."""
    today = mine.day_of(now)
    match later:
        case Later.TODAY:
            at = mine.next_open(now + A_WHILE)
            return at if mine.day_of(at) == today else None
        case Later.TOMORROW | Later.WORKING_DAY:
            return mine.start_of(mine.working_days_after(today, 1))
        case Later.WEEK:
            # Where the week begins on a Sunday, people are at work on it; elsewhere they come on Monday.
            days = (SUNDAY - today.weekday()) or (7 if mine.is_working_day(today) else 0)
            return mine.start_of(mine.working_day(today + timedelta(days=days)))


def offered(dues: Sequence[Due], mine: WorkingTime, now: datetime) -> Mapping[Later, datetime]:
    """The moments at which something of it would still be worth saying; none of them twice."""
    moments = {later: moment(later, mine, now) for later in Later}
    found = {later: at for later, at in moments.items() if at is not None and worth_saying(dues, at)}
    today = mine.day_of(now)
    is_tomorrow = mine.working_days_after(today, 1) == today + timedelta(days=1)
    found.pop(Later.WORKING_DAY if is_tomorrow else Later.TOMORROW, None)
    monday = found.get(Later.WEEK)
    return {later: at for later, at in found.items() if later is Later.WEEK or at != monday}


def worth_saying(dues: Sequence[Due], at: datetime) -> list[Due]:
    """Of these, what still helps at that moment, and isn't just about to be asked in other words."""
    return [due for due in dues if due.closes_at is None or at + STILL_HELPS <= due.closes_at]


def still_open(nudges: Sequence[Nudge], dues: Sequence[Due], snapshot: Snapshot) -> dict[int, Due]:
    """By the nudge's id, what it was about, where there is something left to do or to read."""
    if not nudges:
        return {}
    by_key, answered = {due.key: due for due in dues}, _answered(snapshot)
    return {
        nudge.id: by_key[nudge.meaning] for nudge in nudges if nudge.meaning in by_key and nudge.meaning not in answered
    }


def brought_back(dues: Sequence[Due], snapshot: Snapshot) -> list[Due]:
    """What was put off, as it is due again."""
    waiting = _put_off(snapshot)
    there = still_open(waiting, dues, snapshot)
    return [
        there[nudge.id]._replace(key=next_key(nudge), opens_at=nudge.put_off_until, is_wished=True)
        for nudge in waiting
        if nudge.id in there and nudge.put_off_until is not None
    ]


def settled(dues: Sequence[Due], snapshot: Snapshot) -> list[Due]:
    """What was put off and needn't come back: it was done meanwhile, or its pair has ended. Each is told once.

    What rests because one of the two has paused may still come.
    """
    put_off = _put_off(snapshot)
    resting = {each.pair.id for each in snapshot.partnerships if each.is_on_hold} if put_off else ()
    waiting = [
        nudge for nudge in put_off if nudge.pair_id not in resting and not _is_told(next_key(nudge), snapshot.nudges)
    ]
    there = still_open(waiting, dues, snapshot)
    return [_as_due(nudge) for nudge in waiting if nudge.id not in there]


def next_key(nudge: Nudge) -> str:
    """Under which it comes back."""
    times = int(nudge.key.partition(LATER)[2] or 0)
    return f"{nudge.meaning}{LATER}{times + 1}"


def _is_told(key: str, ledger: Sequence[Nudge]) -> bool:
    """It has come, or the ledger says why not."""
    return any(nudge.key == key or nudge.key.startswith(f"{key}:") for nudge in ledger)


def _put_off(snapshot: Snapshot) -> list[Nudge]:
    return [nudge for nudge in snapshot.nudges if nudge.put_off_until is not None and nudge.dropped is None]


def _answered(snapshot: Snapshot) -> Collection[str]:
    """Questions they have written something back to, whenever it was that they were asked."""
    ids = {reflection.nudge_id for reflection in snapshot.reflections}
    return {nudge.meaning for nudge in snapshot.nudges if nudge.id in ids}


def _as_due(nudge: Nudge) -> Due:
    assert nudge.put_off_until is not None  # noqa: S101 -- it is among what was put off
    return Due(
        key=next_key(nudge),
        kind=nudge.kind,
        opens_at=nudge.put_off_until,
        is_wished=True,
        pair_id=nudge.pair_id,
        session_id=nudge.session_id,
        question=nudge.question,
        about=nudge.about,
    )
