"""Whom nothing that we write reaches, though they are here: Slack refuses it, whatever it says.

Nothing is tried in their DM until they do something in Slack, or for a week; then it is tried once more, and so each
week, since what keeps us from them may end without a word of theirs. What was refused isn't made up for; what is worth
saying by then is due as ever. What goes to the group of a pair goes meanwhile, too.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.due import Due
from store.models import Person

TRY_AGAIN_AFTER = timedelta(days=7)


def tried_again_at(person: Person) -> datetime | None:
    """From when on something is tried again; None for whom it reaches, as far as we know."""
    tried_at = person.unreachable_tried_at
    return None if tried_at is None else tried_at + TRY_AGAIN_AFTER


def not_before(dues: Sequence[Due], person: Person, now: datetime) -> list[Due]:
    """What is due to them, and in their DM nothing of it before something is tried again."""
    at = tried_again_at(person)
    if at is None or at <= now:
        return list(dues)
    return [due if due.group is not None else _opens_at(due, at, now) for due in dues]


def _opens_at(due: Due, at: datetime, now: datetime) -> Due:
    """What closes before then never opens; once it has closed it is as it was, and the ledger says that it passed."""
    if due.closes_at is not None and due.closes_at <= now:
        return due
    return due._replace(opens_at=max(due.opens_at, at if due.closes_at is None else min(at, due.closes_at)))
