"""The work on a file that a coordinator sent: looked through first, imported when they say so. No copy is kept.

It is read from Slack each time. While it is worked on it lies in a folder of its own that is gone at the end.
"""

import logging
import re
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.directory import csvfile
from bot.directory.blocks import MOST_PROBLEMS
from bot.directory.reading import Report
from bot.house import House
from bot.slack import files
from bot.slack.files import Trouble, Unreadable
from store import agenda, uploads
from store.models import DirectoryUpload

log = logging.getLogger(__name__)

TRY_AGAIN_AFTER = timedelta(minutes=1)
PATIENCE = timedelta(hours=1)


def step(house: House, upload_id: int) -> datetime | None:
    """Does what is to be done with it now; when to try again if Slack doesn't give it."""
    with house.store.read() as db:
        upload = uploads.find(db, house.workspace_id, upload_id)
    if upload is None or upload.done_at is not None or (upload.checked_at is not None and upload.wanted_at is None):
        return None
    found = files.read(house.client, upload.file)
    now = house.clock()
    asked_at = upload.wanted_at or upload.asked_at
    if found == Unreadable(Trouble.LATER) and now - asked_at < PATIENCE:
        return now + TRY_AGAIN_AFTER
    if isinstance(found, Unreadable):
        _settle(house, upload, {"trouble": found.trouble.value}, is_done=True)
    elif upload.wanted_at is None:
        # All that is right counts, whether it was asked for or not: then they can choose.
        report = _import(house, upload, found, is_dry=True, is_partial=True)
        _settle(house, upload, {"checked": told(report)}, is_done=False)
    else:
        report = _import(house, upload, found, is_dry=False, is_partial=upload.is_partial)
        _settle(house, upload, {"done": told(report)}, is_done=True)
    return None


def _import(house: House, upload: DirectoryUpload, content: bytes, *, is_dry: bool, is_partial: bool) -> Report:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (re.sub(r"[^\w .-]", "_", upload.name)[:80].strip(". ") or "file")
        path.write_bytes(content)
        return csvfile.people_from(
            path, house.store, house.workspace_id, house.clock(), dry_run=is_dry, partial=is_partial
        )


def told(report: Report) -> dict[str, Any]:
    """What of a report is kept, to tell of it."""
    counts = {name: getattr(report, name) for name in ("added", "changed", "same", "gone", "skipped", "is_done")}
    return counts | {
        "problem_count": len(report.problems) + report.more_problems,
        "problems": list(report.problems[:MOST_PROBLEMS]),
        "warnings": list(report.warnings[:MOST_PROBLEMS]),
        "notes": list(report.notes[:MOST_PROBLEMS]),
    }


def _settle(house: House, upload: DirectoryUpload, found: dict[str, Any], *, is_done: bool) -> None:
    """Keeps what was found; the coordinator hears of it by their look at the agenda."""
    now = house.clock()
    with house.store.begin() as db:
        kept = uploads.lock(db, house.workspace_id, upload.id)
        if kept is None or kept.done_at is not None or kept.wanted_at != upload.wanted_at:
            return
        kept.report = {**kept.report, **found}
        kept.checked_at = kept.checked_at or now
        kept.done_at = now if is_done else None
        agenda.touch(db, house.workspace_id, [kept.person_id], now)
    log.info("file %s upload=%s", " ".join(found) if is_done else "checked", upload.id)
