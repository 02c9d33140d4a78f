"""Who waits for a partner, and what the rules need to know besides."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from bot.pairing.weights import USUAL, Weights
from bot.reporting_lines import ReportingLines
from store.models import Side


@dataclass(frozen=True)
class Candidate:
    """A member who waits for a partner. `None` is "not known"; topics come strongest or dearest first."""

    member_id: int
    slack_id: str
    side: Side
    capacity: int
    """How many more they can take; counts for mentors."""
    level: int | None
    teams: frozenset[str]
    """The team the directory believes they are in, and the one they named themselves; empty is "not known"."""
    department: str | None
    site: str | None
    zone: str | None
    languages: frozenset[str]
    topics: tuple[str, ...]
    ways: frozenset[str]
    avoid: frozenset[str]
    """Slack ids of those they do not want to be paired with. A secret: nothing shown may depend on it."""
    rounds_waited: int
    function: str | None = None
    """What kind of work they do: people of one department may have several."""
    started_on: date | None = None
    """Since when they are at the company."""
    networks: frozenset[str] = frozenset()
    """Networks and experiences that they bring, told in confidence: a secret as `avoid` is."""
    hours: frozenset[str] = frozenset()
    """Parts of their working day that suit them; empty: any."""
    is_first_in_line: bool = False
    """Their partner left and they want another: it counts as the longest wait there is."""


@dataclass(frozen=True)
class Ground:
    """What the rules need to know besides the two."""

    lines: ReportingLines
    met: frozenset[tuple[str, str]]
    """Slack ids of all that were ever paired, mentor first; they are barred either way round."""
    day: date
    """The day whose clocks say how many working hours two zones share, and at which tenures are counted."""
    weights: Weights = field(default_factory=lambda: USUAL)


def same(one: str | None, other: str | None) -> bool:
    """Both known and the same; directories are not strict about capitals and spaces."""
    return bool(one and other) and plain(one) == plain(other)


def differ(one: str | None, other: str | None) -> bool:
    """Both known and not the same."""
    return bool(one and other) and plain(one) != plain(other)


def known(name: str | None) -> str | None:
    """The name without what is a matter of spelling; None if it isn't known."""
    return plain(name) if name else None


@lru_cache(maxsize=10_000)
def plain(name: str | None) -> str:
    return " ".join((name or "").split()).casefold()
