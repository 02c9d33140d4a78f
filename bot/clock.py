"""What time it is. Rules never ask: time reaches them as an argument."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

Clock = Callable[[], datetime]


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
