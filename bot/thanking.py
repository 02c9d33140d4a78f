"""Who may be thanked, by whichever way."""

from datetime import datetime, timedelta

from store.models import IS_OUT
from store.snapshots import Partnership

STILL_SAID = timedelta(days=60)  # after the end thanks and lessons are still passed on for so long


def may_thank(each: Partnership, now: datetime) -> bool:
    """Whether one of the two can have thanks passed on: once they know each other, until long after the end."""
    pair = each.pair
    is_there = pair.introduced_at is not None and pair.ended_at is None
    is_late = pair.ends_at is not None and now >= pair.ends_at + STILL_SAID
    has_left = each.mine.state in IS_OUT or each.theirs.state in IS_OUT
    return is_there and not is_late and not has_left
