"""What time it is. Rules never ask: time reaches them as an argument."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

Clock = Callable[[], datetime]


def night(now: datetime, at: time) -> datetime:
    """The next time it is that hour; in UTC, since a workspace has no zone of its own."""
    tonight = datetime.combine(now.astimezone(UTC).date(), at, UTC)
    return tonight if tonight > now else tonight + timedelta(days=1)


def real() -> datetime:
    return datetime.now(UTC)


def movable(offset_file: Path) -> Clock:
    """The real time plus the seconds in a file, which the local workspace moves. No file means no offset."""

    def now() -> datetime:
        try:
            offset = float(offset_file.read_text())
        except (FileNotFoundError, ValueError):
            offset = 0.0
        return real() + timedelta(seconds=offset)

    return now
