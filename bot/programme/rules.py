"""When a programme may be set up, and how it is going, as a coordinator may know it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.models import Pair, Session, SessionState

LENGTHS = (3, 6)  # months; the questions of the bank go up to six
NAME_LIMIT = 60
QUIET = timedelta(days=9)  # 48 hours, then a week: after both questions a pair without a date is flagged


@dataclass(frozen=True)
class Answers:
    name: str | None
    objective: str | None
    channel: str | None
    contact: str | None
    months: int | None


def problems(answers: Answers) -> dict[str, str]:
    """What to mend, by the name of the answer; empty if all is well."""
    found: dict[str, str] = {}
    if not answers.name:
        found["name"] = "Give the programme a name: it is used in every message."
    elif len(answers.name) > NAME_LIMIT:
        found["name"] = f"Up to {NAME_LIMIT} characters, please: it has to fit into a message."
    if not answers.objective:
        found["objective"] = "Say in a sentence what it is for."
    if not answers.channel:
        found["channel"] = "Choose the channel for announcements."
    if not answers.contact:
        found["contact"] = "Choose the person to turn to with a concern."
    if answers.months not in LENGTHS:
        found["months"] = "Choose how long it runs."
    return found


@dataclass(frozen=True)
class Health:
    """How one pair is doing: meetings held, the next date, and whether somebody should look."""

    pair: Pair
    held: int
    next_at: datetime | None
    is_quiet: bool


def health(pair: Pair, sessions: Sequence[Session], now: datetime) -> Health:
    held = [session for session in sessions if session.state is SessionState.HELD]
    planned = [session for session in sessions if session.state is SessionState.PLANNED]
    latest = max((session.starts_at for session in sessions), default=pair.introduced_at)
    has_date = any(session.starts_at > now for session in planned)
    is_quiet = not has_date and latest is not None and now - latest > QUIET and (not sessions or _late(pair, held, now))
    return Health(pair, len(held), planned[0].starts_at if has_date else None, is_quiet)


def _late(pair: Pair, held: Sequence[Session], now: datetime) -> bool:
    """Fewer meetings than months gone by."""
    assert pair.introduced_at is not None  # noqa: S101 -- a pair with sessions was introduced
    return len(held) < (now - pair.introduced_at - QUIET).days // 30 + 1
