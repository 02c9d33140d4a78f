"""What is due around a meeting, and when a date may be set.

Nothing here asks what time it is: each message is a window, and whether it was sent is another's business.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot import dates, rhythm, working_time
from bot.due import Due
from bot.sessions import cancelling_rules
from bot.working_time import WorkingTime
from store.models import GOES_ON, Cadence, Onward, Pair, Session, SessionState
from store.snapshots import Partnership, Snapshot

LENGTH = timedelta(minutes=45)
# Which question for a date comes when: 0 opens a month or fortnight, 1 and 2 follow up. 48 hours and a week are the
# practice of a published agreement; the introduction itself opens the first one. In a fortnight one question is enough.
ASK_FIRST = {1: timedelta(hours=48), 2: timedelta(days=7)}
ASK_LATER = {
    Cadence.MONTHLY: {0: timedelta(), 2: timedelta(days=7)},
    Cadence.FORTNIGHTLY: {0: timedelta()},
}
# Months or fortnights in a row without a date, of those that are asked about: then nobody asks until they set one.
SILENT_AFTER = 3
ASK_AFTER_CANCELLING = 3  # working days: a word about the cancelling, if any, comes on the first
CHECKIN_WORTH_ASKING = timedelta(days=14)
NOTICE_BEFORE = timedelta(hours=1)  # a reminder later than that is no help

# Which of several goes first where the weekly budget doesn't allow all.
WORTH = {"reminder": 50, "checkin": 40, "preparation": 30, "plan": 10}


def due(snapshot: Snapshot) -> list[Due]:
    found: list[Due] = []
    for each in snapshot.partnerships:
        if each.is_there:
            found += cancelling_rules.cancelled(each)
        if not each.is_under_way:
            continue
        mine = working_time.of(each.me)
        for session in each.sessions:
            found += _around(each, session, mine)
        found += [*_booked(each, mine), *cancelling_rules.put_off(each, mine)]
        if each.i_am_mentee:
            found += [*_planned(each), *_plan(each, mine)]
    return found


def _around(each: Partnership, session: Session, mine: WorkingTime) -> list[Due]:
    """Preparation, reminder and check-in of one planned meeting, for one of the two."""
    # One counts as missed where there is a later date and nobody has said so.
    is_open = session.state is SessionState.MISSED and session.settled_at is None
    if not is_open and session.state is not SessionState.PLANNED:
        return []
    checkin = _of(each, session, "checkin", *_checkin(session, mine))
    if is_open:
        return [checkin]
    told_at = dates.told_at(each, session)
    return [_preparation(each, session, told_at), *_reminder(each, session, mine, told_at), checkin]


def _preparation(each: Partnership, session: Session, told_at: datetime) -> Due:
    """Once for each meeting, however often it is moved: nobody is asked the same question twice."""
    once = _of(each, session, "preparation", dates.prepares_after(each, session, told_at), session.starts_at)
    key = f"preparation:{each.pair.id}:{session.number}:{each.me.id}"
    return once._replace(key=key, question=session.preparation)


def _reminder(each: Partnership, session: Session, mine: WorkingTime, told_at: datetime) -> list[Due]:
    """Not where the date was set after the reminder would have come: they have just heard it. Nor where they hear it
    only then, or later; who has set it is reminded in the morning all the same, but not in the minute of the word."""
    opens = _reminder_at(session.starts_at, mine)
    is_news = opens <= told_at < session.starts_at and (session.booked_by != each.me.id or told_at == opens)
    if session.booked_at >= opens or is_news:
        return []
    return [_of(each, session, "reminder", opens, session.starts_at)._replace(is_pressing=True)]


def _reminder_at(starts_at: datetime, mine: WorkingTime) -> datetime:
    """When work begins that day; for a meeting first thing in the morning, on the working day before."""
    day = mine.local_date(starts_at)
    morning = mine.start_of(day)
    if mine.is_working_day(day) and starts_at - morning >= NOTICE_BEFORE:
        return morning
    return mine.start_of(mine.working_days_before(day, 1))


def _checkin(session: Session, mine: WorkingTime) -> tuple[datetime, datetime]:
    opens = mine.start_of(mine.working_days_after(mine.local_date(session.starts_at), 1))
    return opens, opens + CHECKIN_WORTH_ASKING


def _of(each: Partnership, session: Session, kind: str, opens_at: datetime, closes_at: datetime) -> Due:
    return Due(
        key=f"{kind}:{each.pair.id}:{session.number}:{session.sequence}:{each.me.id}",
        kind=kind,
        opens_at=opens_at,
        closes_at=closes_at,
        worth=WORTH[kind],
        pair_id=each.pair.id,
        session_id=session.id,
    )


def _planned(each: Partnership) -> list[Due]:
    """To both, in their group DM, when both are at work: the date that one of them has just set, or moved."""
    return [
        Due(
            key=f"planned:{each.pair.id}:{session.number}:{session.sequence}",
            kind="planned",
            opens_at=session.booked_at,
            closes_at=session.starts_at,
            is_notice=True,
            group=each.pair,
            with_others=(working_time.of(each.partner),),
            pair_id=each.pair.id,
            session_id=session.id,
        )
        for session in each.sessions
        if session.state is SessionState.PLANNED
    ]


def _booked(each: Partnership, mine: WorkingTime) -> list[Due]:
    """To the one who set a date, at once, where the group hears of it only later."""
    mine_to_hear = [
        session
        for session in each.sessions
        if session.state is SessionState.PLANNED and session.booked_by == each.me.id
    ]
    both = (mine, working_time.of(each.partner)) if mine_to_hear else ()
    return [
        Due(
            key=f"booked:{each.pair.id}:{session.number}:{session.sequence}",
            kind="booked",
            opens_at=session.booked_at,
            closes_at=session.starts_at,
            is_notice=True,
            at_once=True,
            pair_id=each.pair.id,
            session_id=session.id,
        )
        for session in mine_to_hear
        if not all(time.is_open(session.booked_at) for time in both)
    ]


def _plan(each: Partnership, mine: WorkingTime) -> list[Due]:
    """Asks the mentee for a date, month by month or fortnight by fortnight, as long as it has none.

    Not those who chose to end it.
    """
    if each.pair.onward is not None and each.pair.onward not in GOES_ON:
        return []
    found: list[Due] = []
    ends: datetime | None = None
    for number in _periods(each, mine):
        begins, ends = ends or period_of(each, number, mine), period_of(each, number + 1, mine)
        if _rests(each, number, mine) or has_date(each.sessions, number, begins):
            continue
        turns = ASK_FIRST if number == 1 else ASK_LATER[each.programme.cadence]
        opens = [_after_cancelling(each.sessions, begins + wait, mine) for wait in turns.values()]
        # Each question closes when the next one opens: after a silence of ours there is one, not both.
        windows = zip(turns, opens, [*opens[1:], ends], strict=True)
        found += [_ask(each, number, turn, at, until) for turn, at, until in windows if at < until]
    return found


def _periods(each: Partnership, mine: WorkingTime) -> range:
    """The months or fortnights that may be asked about: from the one of the last sign of life, and some more."""
    assert each.pair.introduced_at is not None  # noqa: S101 -- asked for by the caller
    since = (each.pair.introduced_at, each.pair.onward_at, each.mine.state_since, each.theirs.state_since)
    signs = [*since, *(_alive_at(session) for session in each.sessions)]
    latest = max(sign for sign in signs if sign is not None)
    introduced, cadence = mine.local_date(each.pair.introduced_at), each.programme.cadence
    ends = mine.local_date(each.pair.ends_at) if each.pair.ends_at else None
    first = rhythm.number_on(introduced, mine.local_date(latest), cadence)
    is_asked_each_time = each.pair.onward is not Onward.LESS_OFTEN
    last = rhythm.last(introduced, ends, cadence)
    most = first + (SILENT_AFTER if is_asked_each_time else 2 * SILENT_AFTER)
    return range(first, min(most, last or most) + 1)


def _alive_at(session: Session) -> datetime:
    """When the pair showed by it that they go on."""
    cancelled_at = session.cancelled_at if session.state is SessionState.CANCELLED else None
    return cancelled_at or session.starts_at


def _after_cancelling(sessions: Sequence[Session], opens_at: datetime, mine: WorkingTime) -> datetime:
    """Whoever has just cancelled a date was offered a new one then."""
    days = [mine.local_date(session.cancelled_at) for session in sessions if session.cancelled_at]
    rested = [mine.start_of(mine.working_days_after(day, ASK_AFTER_CANCELLING)) for day in days]
    return max([opens_at, *rested])


def _rests(each: Partnership, number: int, mine: WorkingTime) -> bool:
    """Of a pair that goes on less often, every other month or fortnight after those of the programme."""
    if each.pair.onward is not Onward.LESS_OFTEN or each.pair.introduced_at is None:
        return False
    introduced, cadence = mine.local_date(each.pair.introduced_at), each.programme.cadence
    months = each.programme.months
    last = rhythm.last(introduced, working_time.add_months(introduced, months) if months else None, cadence)
    return last is not None and number > last and (number - last) % 2 == 1


def is_asked_next(each: Partnership, now: datetime) -> bool:
    """Whether the mentee is asked for a date in the month or fortnight after this one."""
    assert each.pair.introduced_at is not None  # noqa: S101 -- only an introduced pair meets
    mentee = working_time.of(each.me if each.i_am_mentee else each.partner)
    introduced, today = mentee.local_date(each.pair.introduced_at), mentee.local_date(now)
    following = rhythm.number_on(introduced, today, each.programme.cadence) + 1
    opens = period_of(each, following, mentee)
    return any(due.opens_at == opens for due in _plan(each, mentee))


def _ask(each: Partnership, number: int, turn: int, opens_at: datetime, closes_at: datetime) -> Due:
    return Due(
        key=f"plan:{each.pair.id}:{number}:{turn}",
        kind="plan",
        opens_at=opens_at,
        closes_at=closes_at,
        worth=WORTH["plan"],
        pair_id=each.pair.id,
        about=turn,
    )


def has_date(sessions: Sequence[Session], number: int, begins: datetime) -> bool:
    """Nothing is to be asked: that month or fortnight has a date or had its meeting, or the pair is ahead of it."""
    held = sum(session.state is SessionState.HELD for session in sessions)
    return held >= number or any(
        session.starts_at >= begins and session.state is not SessionState.CANCELLED for session in sessions
    )


def period_of(each: Partnership, number: int, mine: WorkingTime) -> datetime:
    """When that month or fortnight of the pair begins, counted from the introduction, at the start of work."""
    introduced_at = each.pair.introduced_at
    assert introduced_at is not None  # noqa: S101 -- asked for by the caller
    if number == 1:
        return introduced_at
    day = rhythm.begins(mine.local_date(introduced_at), number, each.programme.cadence)
    return mine.start_of(mine.working_day(day))


def window(each: Partnership, now: datetime) -> tuple[datetime, datetime]:
    """Within which a date is suggested: what is left of this month or fortnight, a fortnight at least."""
    introduced_at, time = each.pair.introduced_at, working_time.of(each.me)
    assert introduced_at is not None  # noqa: S101 -- asked for by the caller
    number = rhythm.number_on(time.local_date(introduced_at), time.local_date(now), each.programme.cadence)
    until = max(period_of(each, number + 1, time), now + rhythm.FORTNIGHT)
    return now, min(until, each.pair.ends_at or until)


def next_number(sessions: Sequence[Session]) -> int:
    """Which meeting the next one is; a missed one keeps its number."""
    return max((session.number for session in sessions), default=0) + 1


def date_problems(
    day: str | None, at: str | None, zone_name: str | None, now: datetime, pair: Pair
) -> datetime | dict[str, str]:
    """The moment somebody picked in their zone, in UTC, or what to mend by the name of the field."""
    if not day:
        return {"day": "Choose a day."}
    if not at:
        return {"time": "Choose a time."}
    zone = working_time.zone(zone_name)
    local = datetime.combine(date.fromisoformat(day), time.fromisoformat(at), zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        return {"time": "The clocks go forward that night, and this time doesn't exist. Choose another."}
    if moment <= now:
        return {"day": "That is in the past. Choose a day to come."}
    if pair.ends_at is not None and moment > pair.ends_at:
        return {"day": "That is after your programme's last day. Choose an earlier one."}
    return moment
