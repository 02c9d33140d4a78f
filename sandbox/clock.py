"""The workspace's clock: the real time plus an offset, which each bot reads from a file."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path


class Clock:
    """Real time flows on; a step adds to it. The file holds the offset in seconds, as the bot reads it."""

    def __init__(self, file: Path, start: datetime | None = None) -> None:
        self._offset = timedelta()
        self._files = {file: timedelta()}
        if start is not None:
            self.set(start)
        elif file.exists():
            self._offset = timedelta(seconds=float(file.read_text()))
        else:
            self._write()

    def show(self, file: Path, off: timedelta) -> None:
        """Tell the time in this file, too, wrong by so much: the clock of a machine that goes before or after."""
        self._files[file] = off
        self._write()

    def now(self) -> datetime:
        """The present moment in the workspace."""
        return datetime.now(UTC) + self._offset

    def set(self, moment: datetime) -> None:
        """Make it that moment now."""
        self._offset = moment - datetime.now(UTC)
        self._write()

    def _write(self) -> None:
        # Replaced in one step: the bot may read at any moment and must never find half a number.
        for file, off in self._files.items():
            fresh = file.with_suffix(".new")
            fresh.write_text(f"{(self._offset + off).total_seconds():.6f}")
            os.replace(fresh, file)
