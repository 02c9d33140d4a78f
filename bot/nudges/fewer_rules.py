"""Which nudges somebody may have fewer of, and which are left out then: every second one, or all."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from bot.due import Due
from store.models import Nudge

LEFT_OUT = "fewer of these were wanted"
"""The ledger's word for it."""


class Family(StrEnum):
    """What people mean by "these": kinds of nudges that are one to them."""

    PREPARATION = "preparation"
    LOOKING_BACK = "looking_back"
    REMINDERS = "reminders"
    SHARED = "shared"


class Share(StrEnum):
    """How many of them come, where it isn't all."""

    HALF = "half"
    NONE = "none"


# Kinds that are in no family keep the rhythm going, and are few: asking for a date and whether they met (without them
# there is no next talk), the choice of how to go on, and what comes once. They stop by themselves when it is done.
FAMILIES: Mapping[str, Family] = {
    "preparation": Family.PREPARATION,
    "reflection": Family.LOOKING_BACK,
    "halfway": Family.LOOKING_BACK,
    "halfway_better": Family.LOOKING_BACK,
    "aims": Family.LOOKING_BACK,
    "ending": Family.LOOKING_BACK,
    "ending_better": Family.LOOKING_BACK,
    "reminder": Family.REMINDERS,
    "note_shared": Family.SHARED,
    "answer_shared": Family.SHARED,
}


def families(kinds: Collection[str]) -> list[Family]:
    """In the order in which they are told."""
    return [family for family in Family if any(FAMILIES.get(kind) is family for kind in kinds)]


def fewer(now: Share | None) -> Share:
    """What one more press makes of it."""
    return Share.HALF if now is None else Share.NONE


def share(wanted: Mapping[str, str], family: Family) -> Share | None:
    """None where all come."""
    return Share(wanted[family]) if family in wanted else None


def left_out(live: Sequence[Due], told: Sequence[Nudge], wanted: Mapping[str, str]) -> list[Due]:
    """Of what is due now, what they don't want: all of a family, or every second one as they became due.

    `told` is the ledger. What they put off is theirs by their own wish, whatever they want fewer of.
    """
    if not wanted:
        return []
    found: list[Due] = []
    for family in Family:
        theirs = sorted(
            (due for due in live if FAMILIES.get(due.kind) is family and not due.is_wished and not due.is_notice),
            key=lambda due: (due.opens_at, due.key),
        )
        match share(wanted, family):
            case Share.NONE:
                found += theirs
            case Share.HALF:
                found += _every_second(theirs, [nudge for nudge in told if FAMILIES.get(nudge.kind) is family])
    return found


def _every_second(theirs: Sequence[Due], told: Sequence[Nudge]) -> list[Due]:
    """One is left out if the one that was due before it came; the press itself follows one that came."""
    was_left_out = {
        (nudge.due_at, nudge.key): nudge.dropped is not None
        for nudge in told
        if nudge.dropped in (None, LEFT_OUT) and not nudge.is_wished
    }
    found = []
    for due in theirs:
        place = (due.opens_at, due.key)
        before = max((each for each in was_left_out if each < place), default=None)
        was_left_out[place] = before is None or not was_left_out[before]
        if was_left_out[place]:
            found.append(due)
    return found
