"""What a pair talks about when: six themes in their order, over however many months."""

from datetime import datetime

from bot import rhythm, working_time
from store.models import Cadence, SessionState
from store.snapshots import Partnership

THEMES = range(1, 7)  # trust and aims, a wider view, half-way, into practice, beyond the pair, looking back
GONE_BY = (SessionState.HELD, SessionState.MISSED)


def of_talk(each: Partnership, starts_at: datetime) -> int:
    """That of the month in which the pair's next talk begins, by the mentee's calendar. It never goes back behind that
    of a talk they had, or let pass; a talk that only gets another date is not behind itself."""
    assert each.pair.introduced_at is not None  # noqa: S101 -- only an introduced pair meets
    calendar = working_time.of(each.me if each.i_am_mentee else each.partner)
    begun, day = calendar.local_date(each.pair.introduced_at), calendar.local_date(starts_at)
    month = rhythm.number_on(begun, day, Cadence.MONTHLY)
    gone_by = [session.theme for session in each.sessions if session.state in GONE_BY]
    return max([theme_of(month, each.programme.months), *gone_by])


def theme_of(month: int, months: int | None) -> int:
    """The theme of a month, counted from 1 at the introduction, of so many; None: the pair goes on and on, and so do
    its themes, the seventh being the first anew.

    The first month has the first theme and the last one the last. Whoever goes on after that stays with the last.
    """
    if months is None:
        return month
    if months == 1:
        return THEMES[0]
    steps, span = len(THEMES) - 1, months - 1
    return min(THEMES[0] + (2 * steps * (month - 1) + span) // (2 * span), THEMES[-1])


def of_six(theme: int) -> int:
    """Which of the six it is, of a pair that goes on and on."""
    return (theme - 1) % len(THEMES) + 1
