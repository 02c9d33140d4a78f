"""What a pair talks about when: six themes in their order, over however many months."""

from datetime import date, datetime

from bot import working_time
from bot.working_time import add_months
from store.snapshots import Partnership

THEMES = range(1, 7)  # trust and aims, a wider view, half-way, into practice, beyond the pair, looking back
CYCLE = len(THEMES)  # months after which an ongoing pair begins anew


def of_talk(each: Partnership, starts_at: datetime) -> int:
    """That of the month in which a new talk of the pair begins, by the mentee's calendar. It never goes back, unless
    the pair goes on and on and its months begin anew."""
    assert each.pair.introduced_at is not None  # noqa: S101 -- only an introduced pair meets
    calendar = working_time.of(each.me if each.i_am_mentee else each.partner)
    month = month_of(calendar.local_date(each.pair.introduced_at), calendar.local_date(starts_at))
    found = theme_of(month, each.programme.months)
    if each.programme.months is None:
        return found
    return max([found, *(session.theme for session in each.sessions)])


def theme_of(month: int, months: int | None) -> int:
    """The theme of a month, counted from 1 at the introduction, of so many; None: the pair goes on and on.

    The first month has the first theme and the last one the last. Whoever goes on after that stays with the last.
    """
    if months is None:
        return (month - 1) % CYCLE + 1
    if months == 1:
        return THEMES[0]
    steps, span = CYCLE - 1, months - 1
    return min(THEMES[0] + (2 * steps * (month - 1) + span) // (2 * span), THEMES[-1])


def month_of(begun: date, day: date) -> int:
    """Which month of a pair a day falls in, 1 from the day of the introduction on."""
    gone = (day.year - begun.year) * 12 + day.month - begun.month
    return max(1, gone + (add_months(begun, gone) <= day))
