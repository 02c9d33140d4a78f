"""What is known of a person by a source, whatever kind of source it is, and what may be wrong with it."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from bot import working_time
from bot.due import Due
from store.models import DirectoryUpload
from store.snapshots import Snapshot

SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,20}\Z")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\Z")
COUNTRY = re.compile(r"[A-Z]{2}\Z")
CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
DAYS = (
    *("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d", "%d.%m.%Y"),
    *("%d %b %Y", "%d-%b-%Y", "%b %d, %Y", "%d %B %Y", "%d-%B-%Y", "%B %d, %Y"),
)
YEARS = range(1900, 2101)
LONGEST_EMAIL = 320
LONGEST = 200
LEVELS = range(-999_999, 1_000_000)
NO_LEVEL = "level must be a whole number, higher for more senior"
NO_DAY = "started_on must be a day such as 2021-04-01; 04/05/2021 could be two different days"
OWN_MANAGER = "nobody is their own manager"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One person as a source has them. None, or an empty list, is what the source doesn't know."""

    slack_id: str | None = None
    email: str | None = None
    key: str | None = None
    """The source's own id of them, such as an employee number: managers may be named by it."""
    name: str | None = None
    title: str | None = None
    department: str | None = None
    function: str | None = None
    started_on: str | None = None
    """As `2021-04-01`."""
    team: str | None = None
    site: str | None = None
    level: int | None = None
    manager: str | None = None
    """By Slack id, e-mail address or key; "" for somebody who reports to nobody."""
    dotted_managers: tuple[str, ...] = ()
    zone: str | None = None
    country: str | None = None
    languages: tuple[str, ...] = ()
    is_active: bool = True
    """Not when they have left the company: their other facts then don't matter."""


def problem(row: Row) -> str | None:
    """What is wrong with a row, if anything, in words that repeat nothing of it: they may reach a log."""
    if CONTROL.search("".join(_texts(row))):
        return "a field holds a character that no text has"
    if row.slack_id is not None and not SLACK_ID.match(row.slack_id):
        return "slack_id must be a person's Slack id, such as U012ABCDEF"
    if row.slack_id is row.email is row.key is None:
        return "there must be a Slack id, an e-mail address or an employee id"
    if row.email is not None and not is_email(row.email):
        return "email must be an e-mail address"
    return _problem_of_facts(row) if row.is_active else None


def _problem_of_facts(row: Row) -> str | None:
    if not row.name:
        return "name is missing"
    if any(len(text) > LONGEST for text in _texts(row) if text != row.email):
        return f"a field has more than {LONGEST} characters"
    if row.level is not None and row.level not in LEVELS:
        return NO_LEVEL
    if row.started_on is not None and day(row.started_on) != row.started_on:
        return NO_DAY
    if row.zone is not None and row.zone not in working_time.known_zones():
        return "zone must be the name of a time zone, such as Europe/Lisbon"
    if row.country is not None and not COUNTRY.match(row.country):
        return "country must be two capital letters, such as PT"
    ids = {row.slack_id, row.email, row.key} - {None}
    return OWN_MANAGER if ids & {row.manager, *row.dotted_managers} else None


def is_identified(row: Row) -> bool:
    """Whether it is clear whom the row is about, whatever else is wrong with it."""
    ids = (row.slack_id, row.email, row.key)
    return problem(Row(slack_id=row.slack_id, email=row.email, key=row.key, is_active=False)) is None and any(ids)


def is_email(text: str) -> bool:
    return len(text) <= LONGEST_EMAIL and EMAIL.match(text) is not None


@lru_cache(maxsize=10_000)
def day(text: str) -> str | None:
    """The day that the text means, as `2021-04-01`; None where it means none, or could mean another one too."""
    for form in DAYS:
        try:
            found = datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 -- a day, wherever it is
        except ValueError:
            continue
        return found.isoformat() if found.year in YEARS else None
    return None


def _texts(row: Row) -> list[str]:
    facts = (row.slack_id, row.email, row.key, row.name, row.title, row.department, row.function, row.team, row.site)
    others = (row.manager, row.zone, row.country, *row.dotted_managers, *row.languages)
    return [text for text in (*facts, *others) if text]


# ---- What the desk says of people, and of files that were sent


def lacking(level: int | None, teams: Collection[str], *, has_line: bool) -> list[str]:
    """What isn't known of somebody that pairing needs: until it is, they can't be anybody's partner."""
    known = {"manager": has_line, "team": bool(teams), "level": level is not None}
    return [name for name, is_known in known.items() if not is_known]


def due(snapshot: Snapshot) -> list[Due]:
    """To whoever sent a file, at once: what is in it, until they say what to do with it, and what became of it."""
    return [due for upload in snapshot.uploads for due in _of_upload(upload)]


def _of_upload(upload: DirectoryUpload) -> list[Due]:
    if upload.done_at is not None:
        return [] if upload.report.get("dropped") else [_notice("upload_done", upload, upload.done_at)]
    if upload.checked_at is None or upload.wanted_at is not None:
        return []
    return [_notice("upload_checked", upload, upload.checked_at)]


def _notice(kind: str, upload: DirectoryUpload, at: datetime) -> Due:
    return Due(f"{kind}:{upload.id}", kind, at, is_notice=True, at_once=True, about=upload.id)
