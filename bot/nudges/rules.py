"""Of what is due to one person, what goes out now. Working hours, a weekly budget, one message instead of several."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain

from bot import working_time
from bot.due import Due
from bot.working_time import WorkingTime
from store.models import Person

WEEK = timedelta(days=7)
# Messages with nudges in any seven days, where nobody chose; what is pressing, or was put off, goes out besides.
BUDGET = 3
FRESH = timedelta(minutes=15)
PATIENCE = timedelta(days=7)  # with those who have their notifications off
UNHURRIED = frozenset({"introduction"})  # of notices, those that wait until notifications are on


@dataclass(frozen=True)
class Choice:
    """What to do about one person now, and when to look again."""

    messages: Sequence[Sequence[Due]] = ()
    """Each is one message: a notice alone, or one or several nudges."""
    dropped: Sequence[Due] = ()
    """Their moment passed before they could be said."""
    look_at: datetime | None = None
    held: dict[str, str] = field(default_factory=dict)
    """Why a due nudge waits, by key."""
    held_until: dict[str, datetime] = field(default_factory=dict)
    """When each of those is looked at again."""


def choose(
    dues: Sequence[Due],
    taken: Collection[str],
    nudged: Sequence[datetime],
    asked: Sequence[datetime],
    mine: WorkingTime,
    now: datetime,
    budget: int = BUDGET,
) -> Choice:
    """`taken` are keys claimed before, `nudged` the times of messages with nudges in the last seven days, `asked` those
    of nudges that want an answer by writing back. `budget`: at most so many messages with nudges in seven days.

    The same for any order of `dues`.
    """
    fresh = sorted((due for due in dues if due.key not in taken), key=_rank)
    live = open_now(fresh, taken, now)
    past = [due for due in fresh if due.closes_at is not None and due.opens_at <= now and due.closes_at <= now]
    dropped = [due for due in past if key_if_dropped(due) not in taken]
    ready = {due.key: _ready_at(due, mine, now) for due in live}
    notices = [due for due in live if due.is_notice and ready[due.key] <= now]
    is_asked = any(mine.day_of(at) == mine.day_of(now) for at in asked)
    recent = sorted(at for at in nudged if at > now - WEEK)
    free_at = recent[-budget] + WEEK if len(recent) >= budget else None
    nudges = _nudges([due for due in live if not due.is_notice], ready, free_at, now, is_asked=is_asked)
    held = _held(live, notices, nudges, ready, free_at, mine, now)
    later = [due.opens_at for due in fresh if due.opens_at > now]
    looks = [*later, *(at for at, _ in held.values())]
    return Choice(
        messages=[*([notice] for notice in notices), *([nudges] if nudges else [])],
        dropped=dropped,
        look_at=min(looks, default=None),
        held={key: why for key, (_, why) in held.items()},
        held_until={key: at for key, (at, _) in held.items()},
    )


def _rank(due: Due) -> tuple[bool, int, datetime, str]:
    """What they asked for goes first."""
    return not due.is_wished, -due.worth, due.opens_at, due.key


def budget(person: Person, usual: int) -> int:
    """How many messages with nudges they get in seven days at most. `usual`: where they didn't choose."""
    return person.nudges_a_week or usual


def open_now(dues: Sequence[Due], taken: Collection[str], now: datetime) -> list[Due]:
    """What nobody has claimed yet, and might be said now if nothing else stood against it."""
    fresh = [due for due in dues if due.key not in taken and due.opens_at <= now]
    return [due for due in fresh if due.closes_at is None or now < due.closes_at]


def key_if_dropped(due: Due) -> str:
    """The ledger's word for a window that passed: the same meaning may get another window, as a moved date does."""
    return f"{due.key}:dropped:{int(due.opens_at.timestamp())}"


def keys_now(due: Due, now: datetime) -> list[str]:
    """By which the ledger may know it at that moment; none before it opens."""
    if due.opens_at > now:
        return []
    is_past = due.closes_at is not None and due.closes_at <= now
    return [due.key, key_if_dropped(due)] if is_past else [due.key]


def _ready_at(due: Due, mine: WorkingTime, now: datetime) -> datetime:
    """When nobody who would see it is disturbed. An answer to one's own act is expected at once, but not next night."""
    if due.at_once and now - due.opens_at < FRESH:
        return now
    return working_time.all_told((mine, *due.with_others), due.opens_at, due.closes_at, now)


def _nudges(
    waiting: Sequence[Due], ready: dict[str, datetime], free_at: datetime | None, now: datetime, *, is_asked: bool
) -> list[Due]:
    """The nudges of one message. `free_at`: when the budget has room again if it has none now.

    `is_asked`: they have had a question today, and a second one waits for tomorrow. What comes back at their wish waits
    for neither: it may be the very question that they had today.
    """
    chosen: list[Due] = []
    for due in waiting:
        if free_at is not None and not (due.is_pressing or due.is_wished):
            continue
        is_one_too_many = due.asks and (any(each.asks for each in chosen) or (is_asked and not due.is_wished))
        if ready[due.key] <= now and not is_one_too_many:
            chosen.append(due)
    return chosen


def _held(
    live: Sequence[Due],
    notices: Sequence[Due],
    nudges: Sequence[Due],
    ready: dict[str, datetime],
    free_at: datetime | None,
    mine: WorkingTime,
    now: datetime,
) -> dict[str, tuple[datetime, str]]:
    """What waits: until when, and why."""
    held: dict[str, tuple[datetime, str]] = {}
    for due in live:
        if due in notices or due in nudges:
            continue
        if ready[due.key] > now:
            held[due.key] = ready[due.key], "outside working hours"
        elif free_at is not None and not (due.is_pressing or due.is_wished):
            held[due.key] = free_at, "the week's budget is used up"
        else:
            tomorrow = mine.start_of(mine.working_days_after(mine.day_of(now), 1))
            held[due.key] = tomorrow, "one question at a time"
    return held


def still_due(dues: Sequence[Due], keys: Collection[str], now: datetime) -> list[Due]:
    """Of what was claimed under these keys, what is worth saying now."""
    return [
        due
        for due in dues
        if due.key in keys and due.opens_at <= now and (due.closes_at is None or now < due.closes_at)
    ]


def ready_at(dues: Sequence[Due], mine: WorkingTime, now: datetime) -> datetime:
    """When all of it may be said without disturbing anybody."""
    return max(_ready_at(due, mine, now) for due in dues)


def waits_for_rest(due: Due, now: datetime) -> bool:
    """Whether it waits while somebody who would get it has their notifications off.

    Nudges and introductions do. Other notices are there when somebody looks, and Slack keeps them silent. Nothing waits
    for ever either: there are people whose notifications are always off.
    """
    may_wait = due.kind in UNHURRIED or not (due.is_notice or due.at_once)
    return may_wait and now - due.opens_at < PATIENCE


def rested(choice: Choice, resting: Mapping[str, datetime], now: datetime) -> Choice:
    """What goes out of what was chosen, where some of it goes to somebody with their notifications off.

    `resting` says until when, by key. What would be too late then goes out all the same: Slack keeps it silent.
    """
    waits = {
        due.key: resting[due.key]
        for due in chain(*choice.messages)
        if due.key in resting
        and waits_for_rest(due, now)
        and (due.closes_at is None or resting[due.key] < due.closes_at)
    }
    going = [[due for due in message if due.key not in waits] for message in choice.messages]
    looks = [*waits.values(), *([choice.look_at] if choice.look_at else [])]
    return replace(
        choice,
        messages=[message for message in going if message],
        look_at=min(looks, default=None),
        held=choice.held | dict.fromkeys(waits, "notifications are off"),
        held_until=choice.held_until | waits,
    )
