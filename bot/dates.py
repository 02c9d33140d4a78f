"""When the two of a pair hear of a date that one of them has set, and when each gets what they prepare with."""

from datetime import datetime, timedelta

from bot import working_time
from store.models import Session
from store.snapshots import Partnership

PREPARE_BEFORE = 3  # working days
NEWS_FIRST = timedelta(minutes=5)  # between the word to both and what each gets about it, whoever is looked at first


def told_at(each: Partnership, session: Session) -> datetime:
    """When their group hears of the date as it is now: both are at work then, if they ever are at once."""
    mentee, mentor = (each.me, each.partner) if each.i_am_mentee else (each.partner, each.me)
    both = (working_time.of(mentee), working_time.of(mentor))
    return working_time.all_told(both, session.booked_at, session.starts_at, session.booked_at)


def prepares_at(each: Partnership, session: Session) -> datetime:
    """Three working days before, at the start of work; of a nearer date once they have been told, if they can be."""
    return prepares_after(each, session, told_at(each, session))


def prepares_after(each: Partnership, session: Session, told: datetime) -> datetime:
    """The same, where it is known when their group hears of the date."""
    mine = working_time.of(each.me)
    day = mine.working_days_before(mine.local_date(session.starts_at), PREPARE_BEFORE)
    known = told + NEWS_FIRST if told < session.starts_at else session.booked_at
    return max(mine.start_of(day), known)
