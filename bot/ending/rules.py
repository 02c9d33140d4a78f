"""When a pair is asked how it goes on, what suits both, and who hears what somebody wants passed on."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import working_time
from bot.due import Due
from bot.thanking import STILL_SAID, may_thank
from bot.working_time import WorkingTime
from store.models import Consent, Onward, Pair, Preference, Saying, SayingKind, SessionState
from store.snapshots import Partnership, Snapshot

CHOOSE_BEFORE = timedelta(days=12)  # two days after the look back
OPEN_BEFORE = timedelta(days=14)  # wherever they live: one's morning comes before the other's
WAIT = timedelta(days=7)  # for the other one's choice
IS_NEWS = timedelta(days=14)
FAREWELL_FOR = timedelta(days=21)
MORE_MONTHS = {Onward.AS_NOW: 3, Onward.LESS_OFTEN: 6}
WORTH = {"farewell": 28, "going_on": 26}
FINAL = (Onward.INFORMALLY, Onward.FINISH)

IS_DECIDED = "This is decided already, or it is too early for it. Your Home has how things stand."
EARLIER = "That was about an earlier end of your months. Your Home has the choice for the one to come."


def due(snapshot: Snapshot) -> list[Due]:
    found: list[Due] = []
    for each in snapshot.partnerships:
        if not each.is_under_way:
            continue
        mine = working_time.of(each.me)
        found += [*_going_on(each, mine), *_together(each), *_farewell(each, mine), *_said(each)]
    return found


# How they go on


def is_open(pair: Pair, now: datetime) -> bool:
    """Whether the two may say how they would like to go on."""
    if pair.ends_at is None or pair.ended_at is not None or pair.onward in FINAL:
        return False
    return pair.ends_at - OPEN_BEFORE <= now < pair.ends_at


def problem(pair: Pair, ending: str, now: datetime) -> str | None:
    """Why what was offered at that end of theirs can't be chosen; None if it can."""
    if not is_open(pair, now):
        return IS_DECIDED
    return None if ending == str(pair.ending) else EARLIER


def chosen(each: Partnership) -> list[Preference]:
    """Of those who have chosen at this end, in the order in which they did."""
    return [preference for preference in each.preferences if preference.ending == each.pair.ending]


def suits_both(wishes: Sequence[Onward]) -> Onward:
    """The quieter of two wishes. Who says nothing is taken to be glad to meet informally: more needs their word."""
    quietest = [*wishes, *([Onward.INFORMALLY] if len(wishes) < 2 else [])]
    return max(quietest, key=list(Onward).index)


def waits_until(each: Partnership) -> datetime | None:
    """When it is decided by one choice alone. None where nobody has chosen, or their months are over before."""
    preferences, ends_at = chosen(each), each.pair.ends_at
    if not preferences or ends_at is None or each.pair.onward in FINAL:
        return None
    until = preferences[0].chosen_at + WAIT
    return until if until < ends_at else None


def later_end(ends_at: datetime, wish: Onward, mentee: WorkingTime) -> datetime:
    """When the months of those who go on are over."""
    day = working_time.add_months(mentee.local_date(ends_at), MORE_MONTHS[wish])
    return mentee.start_of(mentee.working_day(day))


def _going_on(each: Partnership, mine: WorkingTime) -> list[Due]:
    pair = each.pair
    has_chosen = any(preference.person_id == each.me.id for preference in chosen(each))
    if pair.ends_at is None or pair.onward in FINAL or has_chosen:
        return []
    return [
        Due(
            key=f"going_on:{pair.id}:{each.me.id}:{pair.ending}",
            kind="going_on",
            opens_at=mine.start_of(mine.working_day(mine.local_date(pair.ends_at - CHOOSE_BEFORE))),
            closes_at=pair.ends_at,
            worth=WORTH["going_on"],
            asks=True,  # a message of its own, answered with a button
            pair_id=pair.id,
        )
    ]


def _together(each: Partnership) -> list[Due]:
    """To both, in their group DM: what suits them both. Until it is decided, the moment at which one choice decides."""
    if not each.i_am_mentee:
        return []
    pair, until = each.pair, waits_until(each)
    found = [_in_the_group(each, pair.ending, until, pair.ends_at)] if until is not None else []
    if pair.onward is not None and pair.onward_at is not None:
        # Those who go on have another end before them; this was decided at the one before.
        ending = pair.ending if pair.onward in FINAL else pair.ending - 1
        found.append(_in_the_group(each, ending, pair.onward_at, pair.onward_at + IS_NEWS))
    return found


def _in_the_group(each: Partnership, ending: int, opens_at: datetime, closes_at: datetime | None) -> Due:
    return Due(
        key=f"together:{each.pair.id}:{ending}",
        kind="together",
        opens_at=opens_at,
        closes_at=closes_at,
        is_notice=True,
        group=each.pair,
        with_others=(working_time.of(each.partner),),
        pair_id=each.pair.id,
    )


def _farewell(each: Partnership, mine: WorkingTime) -> list[Due]:
    if each.pair.ends_at is None:
        return []
    morning = mine.start_of(mine.working_day(mine.local_date(each.pair.ends_at)))
    opens_at = max(morning, each.pair.ends_at)  # until then they may still go on
    return [
        Due(
            key=f"farewell:{each.pair.id}:{each.me.id}:{each.pair.ending}",
            kind="farewell",
            opens_at=opens_at,
            closes_at=opens_at + FAREWELL_FOR,
            worth=WORTH["farewell"],
            pair_id=each.pair.id,
        )
    ]


# What they pass on


def may_say(each: Partnership, now: datetime) -> bool:
    """As `may_thank`, for what comes of their talks: not before they have met."""
    return may_thank(each, now) and has_met(each)


def may_pass_on(kind: SayingKind, each: Partnership, now: datetime) -> bool:
    return may_thank(each, now) if kind is SayingKind.THANKS else may_say(each, now)


def has_met(each: Partnership) -> bool:
    return any(session.state is SessionState.HELD for session in each.sessions)


def _said(each: Partnership) -> list[Due]:
    found = [_heard(each, saying) for saying in each.sayings]
    return [due for due in found if due is not None]


def _heard(each: Partnership, saying: Saying) -> Due | None:
    """What one of the two hears of it: the reader what it is, the author what became of it."""
    if saying.author_id == each.me.id:
        told = {Consent.POSTED: "saying_posted", Consent.KEPT: "saying_kept"}
        kind = told.get(saying.answer) if saying.answer is not None else None
        return _notice(kind, each, saying, saying.answered_at) if kind and saying.answered_at else None
    if not saying.for_all:
        return _notice(saying.kind.value, each, saying, saying.written_at)
    return _notice("ask_to_post", each, saying, saying.written_at) if saying.answer is None else None


def _notice(kind: str, each: Partnership, saying: Saying, opens_at: datetime) -> Due:
    return Due(
        key=f"{kind}:{saying.id}:{each.me.id}",
        kind=kind,
        opens_at=opens_at,
        closes_at=opens_at + STILL_SAID,
        is_notice=True,
        pair_id=each.pair.id,
        about=saying.id,
    )
