"""The rhythm of a pair: the months or fortnights since their introduction, in each of which they meet once."""

from datetime import date, timedelta

from bot.working_time import add_months
from store.models import Cadence

FORTNIGHT = timedelta(days=14)
WORTH_A_TALK = timedelta(days=7)  # what is left at the end of a programme is asked about if it is as long as this


def begins(introduced: date, number: int, cadence: Cadence) -> date:
    """The first day of that month or fortnight; number 1 begins with the introduction."""
    if cadence is Cadence.FORTNIGHTLY:
        return introduced + (number - 1) * FORTNIGHT
    return add_months(introduced, number - 1)


def number_on(introduced: date, day: date, cadence: Cadence) -> int:
    """In which month or fortnight of a pair the day lies; days before the introduction count as the first."""
    if cadence is Cadence.FORTNIGHTLY:
        return max(1, (day - introduced) // FORTNIGHT + 1)
    months = (day.year - introduced.year) * 12 + day.month - introduced.month
    return max(1, months + (begins(introduced, months + 1, cadence) <= day))


def last(introduced: date, ends: date | None, cadence: Cadence) -> int | None:
    """The last month or fortnight of a pair that ends on that day; None where it goes on."""
    return None if ends is None else number_on(introduced, ends - WORTH_A_TALK, cadence)
