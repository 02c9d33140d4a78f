"""How long a pause lasts, where a member stands, and what follows from pausing, going on and leaving."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby

from bot.due import Due
from bot.working_time import WorkingTime, add_months
from store.models import IS_OUT, TAKES_PART, Member, MemberState
from store.snapshots import Partnership, Place, Snapshot

LONGEST_PAUSE = timedelta(days=366)
# Somebody whose account comes back weeks later isn't told then that they have left.
LEAVING_IS_NEWS = timedelta(days=1)
GOING_ON_IS_NEWS = timedelta(days=7)

A_WEEK, TWO_WEEKS, A_MONTH = "a week", "two weeks", "a month"

UNREADABLE = (
    "I can't read that as a date. Write it like this: *pause 2027-03-20*. Nothing was changed; *pause* alone holds "
    "everything until you say so."
)
PAST = "That day is not ahead of us. Choose a later one. Nothing was changed."
TOO_LONG = "That is more than a year ahead. Choose an earlier day, or pause until you say so. Nothing was changed."


def end_of_pause(said: str, mine: WorkingTime, now: datetime) -> datetime | str:
    """When a pause until that day ends: as work begins, on the next working day if it is none. Or why it can't."""
    today = mine.local_date(now)
    day = _day(said.strip().lower(), today)
    if day is None:
        return UNREADABLE
    if day <= today:
        return PAST
    if day - today > LONGEST_PAUSE:
        return TOO_LONG
    return mine.start_of(mine.working_day(day))


def _day(said: str, today: date) -> date | None:
    spans = {A_WEEK: today + timedelta(days=7), TWO_WEEKS: today + timedelta(days=14), A_MONTH: add_months(today, 1)}
    if said in spans:
        return spans[said]
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def overdue(places: Sequence[Place], now: datetime) -> list[Place]:
    """Those whose pause has come to its date."""
    return [place for place in places if _is_overdue(place.member, now)]


def _is_overdue(member: Member, now: datetime) -> bool:
    return member.state is MemberState.PAUSED and member.paused_until is not None and member.paused_until <= now


def ends_at(member: Member, now: datetime) -> datetime | None:
    """When the pause they are on ends by itself, if it does."""
    is_on = member.state is MemberState.PAUSED and member.paused_until is not None and member.paused_until > now
    return member.paused_until if is_on else None


class Stand(StrEnum):
    """Where somebody stands in a programme."""

    OUT = "out"
    APPLIED = "applied"
    QUEUED = "queued"
    PAUSED = "paused"
    PAIRED = "paired"  # with no room for another partner
    RESTING = "resting"  # a partner is gone or their months are over, and they haven't asked for another
    WAITING = "waiting"
    FIRST_IN_LINE = "first in line"


FREE = (Stand.RESTING, Stand.WAITING, Stand.FIRST_IN_LINE)


def stand(member: Member, room: int, *, is_over: bool) -> Stand:
    """`room`: how many more partners they could have; `is_over`: their months with one are over."""
    if member.state in IS_OUT:
        return Stand.OUT
    if member.state is not MemberState.ACTIVE:
        return Stand(member.state.value)
    return looks(member, room, is_over=is_over)


def looks(member: Member, room: int, *, is_over: bool) -> Stand:
    """Whether they look for a partner, a pause aside."""
    if room <= 0:
        return Stand.PAIRED
    if is_over or not member.wants_partner:
        return Stand.RESTING
    return Stand.FIRST_IN_LINE if member.is_first_in_line else Stand.WAITING


def due(snapshot: Snapshot) -> list[Due]:
    told = [*_left(snapshot), *_pause_over(snapshot)]
    for each in snapshot.partnerships:
        told += _partner(each, snapshot)
    return told


def _left(snapshot: Snapshot) -> list[Due]:
    """The answer to their own leaving: one for a programme, also where they were on both sides."""
    found = []
    by_programme = sorted(snapshot.places, key=lambda place: place.programme.id)
    for programme_id, places in groupby(by_programme, key=lambda place: place.programme.id):
        mine = [place.member for place in places]
        last = max(mine, key=lambda member: (member.changed_at, member.id))
        # Whoever gave up a side and was turned down on the other one since hasn't left: they were never in.
        if last.state is not MemberState.LEFT or any(member.state not in IS_OUT for member in mine):
            continue
        found.append(
            Due(
                key=f"left:{programme_id}:{snapshot.person.id}:{_stamp(last.changed_at)}",
                kind="left",
                opens_at=last.changed_at,
                closes_at=last.changed_at + LEAVING_IS_NEWS,
                is_notice=True,
                at_once=True,
                about=last.id,
            )
        )
    return found


def _pause_over(snapshot: Snapshot) -> list[Due]:
    """That their pause came to its date: once, in however many programmes. Who went on before then has said so."""
    found: dict[datetime, Due] = {}
    for place in snapshot.places:
        member = place.member
        until = member.paused_until
        if until is None or member.state not in TAKES_PART:
            continue
        # While it lasts, the window makes the agenda look at them on that day; then it is counted from its end.
        is_on = member.state is MemberState.PAUSED
        opens_at = until if is_on else max(until, member.state_since or until)
        found[until] = Due(
            key=f"pause_over:{snapshot.person.id}:{_stamp(until)}",
            kind="pause_over",
            opens_at=opens_at,
            closes_at=None if is_on else opens_at + GOING_ON_IS_NEWS,
            is_notice=True,
        )
    return list(found.values())


def _partner(each: Partnership, snapshot: Snapshot) -> list[Due]:
    """What they hear of a partner who left, paused or came back: neutral, and only if they ever met them."""
    if each.pair.introduced_at is None or each.mine.state in IS_OUT:
        return []
    if each.pair.ended_at is not None:
        return _ended(each, each.pair.ended_at)
    if each.mine.state is not MemberState.ACTIVE:
        return []  # nothing to hold or to go on with: what is so then is told when they go on themselves
    if each.theirs.state is MemberState.PAUSED:
        return _held(each)
    return _goes_on(each, snapshot)


def _ended(each: Partnership, ended_at: datetime) -> list[Due]:
    """Not to the one who ended it, nor to somebody who has left and come back since."""
    pair, me = each.pair, each.me
    if pair.ended_by == me.id or ended_at < each.mine.joined_at:
        return []
    return [Due(f"partner_left:{pair.id}:{me.id}", "partner_left", ended_at, is_notice=True, pair_id=pair.id)]


def _held(each: Partnership) -> list[Due]:
    pair, since = each.pair, each.theirs.state_since
    if since is None:
        return []
    key = f"partner_paused:{pair.id}:{each.me.id}:{_stamp(since)}"
    opens_at = max(since, each.mine.state_since or since)
    return [Due(key, "partner_paused", opens_at, pair.ends_at, is_notice=True, pair_id=pair.id)]


def _goes_on(each: Partnership, snapshot: Snapshot) -> list[Due]:
    """To those who heard of the pause."""
    pair, since = each.pair, each.theirs.state_since
    pauses = [
        nudge
        for nudge in snapshot.nudges
        if (nudge.kind, nudge.pair_id) == ("partner_paused", pair.id) and nudge.dropped is None
    ]
    if not pauses or since is None:
        return []
    key = f"partner_resumed:{pair.id}:{each.me.id}:{pauses[-1].id}"
    opens_at = max(since, each.mine.state_since or since)
    return [Due(key, "partner_resumed", opens_at, pair.ends_at, is_notice=True, pair_id=pair.id)]


def _stamp(at: datetime) -> int:
    return int(at.timestamp())
