"""When each is asked to look at how it is going, half-way and at the end: two questions, one after the other."""

from datetime import datetime, timedelta

from bot import working_time
from bot.due import Due
from bot.reflection.rules import WORTH_ASKING
from bot.working_time import WorkingTime
from store.models import Pair, SessionState
from store.snapshots import Partnership, Snapshot

SHORTEST_WITH_HALFWAY = 4  # months
CYCLE = 6  # months: how long those of a programme without an end are taken to be
AIMS_AFTER = 2  # working days
LOOK_BACK_BEFORE = timedelta(days=14)
ENDS_WITH_QUESTIONS = 2
WORTH = {"ending": 25, "ending_better": 24, "halfway": 22, "halfway_better": 21, "aims": 15}


def due(snapshot: Snapshot) -> list[Due]:
    found: list[Due] = []
    for each in snapshot.partnerships:
        if not each.is_under_way:
            continue
        if not any(session.state is SessionState.HELD for session in each.sessions):
            continue  # who never met has no talks to look back at
        mine = working_time.of(each.me)
        found += [*_halfway(each, mine), *_aims(each, snapshot, mine), *_ending(each, mine)]
        found += _better(each, snapshot, mine)
    return found


def _halfway(each: Partnership, mine: WorkingTime) -> list[Due]:
    """On the working day after the first half; a short programme has no half-way look."""
    months = each.programme.months or CYCLE
    if months < SHORTEST_WITH_HALFWAY or each.pair.introduced_at is None:
        return []
    begun = mine.local_date(each.pair.introduced_at)
    middle = mine.working_day(working_time.add_months(begun, months // 2))
    return [_asks(each, "halfway", "", mine.start_of(mine.working_days_after(middle, 1)))]


def _aims(each: Partnership, snapshot: Snapshot, mine: WorkingTime) -> list[Due]:
    """What they agreed to want, some days after the half-way question has gone out, whenever that was."""
    asked = [
        nudge
        for nudge in snapshot.nudges
        if (nudge.kind, nudge.pair_id) == ("halfway", each.pair.id) and nudge.dropped is None
    ]
    if not asked:
        return []
    opens_at = mine.start_of(mine.working_days_after(mine.local_date(asked[-1].claimed_at), AIMS_AFTER))
    return [
        Due(
            key=f"aims:{each.pair.id}:{each.me.id}",
            kind="aims",
            opens_at=opens_at,
            closes_at=opens_at + WORTH_ASKING,
            worth=WORTH["aims"],
            asks=True,  # a message of its own, though nobody has to write back
            pair_id=each.pair.id,
        )
    ]


def _ending(each: Partnership, mine: WorkingTime) -> list[Due]:
    """Two weeks before their months are over: then they still have time to talk about it, and to go on.

    From the third end on there is no question left that they haven't had.
    """
    if each.pair.ends_at is None or each.pair.ending > ENDS_WITH_QUESTIONS:
        return []
    day = mine.working_day(mine.local_date(each.pair.ends_at - LOOK_BACK_BEFORE))
    return [_asks(each, "ending", _again(each.pair), mine.start_of(day))]


def _again(pair: Pair) -> str:
    """In the key of what is asked at each end: those who go on come to another one."""
    return f":{pair.ending}" if pair.ending > 1 else ""


def _better(each: Partnership, snapshot: Snapshot, mine: WorkingTime) -> list[Due]:
    """The second question: to those who have answered the first, at whichever end it was, and not on the same day."""
    answered = {answer.nudge_id: answer.written_at for answer in snapshot.reflections}
    theirs = [nudge for nudge in snapshot.nudges if nudge.pair_id == each.pair.id and nudge.id in answered]
    # A question that was put off has come twice, and may have been answered twice: it counts once.
    firsts = {first.meaning: first for first in theirs if first.kind in ("halfway", "ending")}
    return [
        _asks(
            each,
            f"{first.kind}_better",
            first.meaning.removeprefix(f"{first.kind}:{each.pair.id}:{each.me.id}"),
            mine.start_of(mine.working_days_after(mine.local_date(answered[first.id]), 1)),
        )
        for first in firsts.values()
    ]


def _asks(each: Partnership, kind: str, again: str, opens_at: datetime) -> Due:
    return Due(
        key=f"{kind}:{each.pair.id}:{each.me.id}{again}",
        kind=kind,
        opens_at=opens_at,
        closes_at=opens_at + WORTH_ASKING,
        worth=WORTH[kind],
        asks=True,
        pair_id=each.pair.id,
        question=f"{kind}{'.again' if again else ''}.question.{each.mine.side}",
    )
