"""The company's file: any usual CSV, whatever it calls its columns and however it was saved."""

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from charset_normalizer import from_bytes

from bot.directory import reading, rules
from bot.directory.reading import Heard, Progress, Report
from bot.directory.rules import Row
from store.database import Store
from store.models import Source

NOBODY = "-"  # as a manager: they report to nobody, as against not known

# What the columns may be called, the likeliest first where a file has several for one field. Case, spaces and
# punctuation don't matter.
COLUMNS: Mapping[str, Sequence[str]] = {
    "slack_id": ("Slack ID", "Slack user ID", "Slack member ID", "User ID", "Member ID", "Slack"),
    "email": ("Email", "Work email", "Email address", "Work email address", "Business email", "Primary email", "Mail"),
    "key": ("Key", "Employee ID", "Employee number", "Employee no", "Personnel number", "Worker ID", "Staff ID", "ID"),
    "name": ("Name", "Full name", "Display name", "Employee name", "Preferred name"),
    "title": ("Title", "Job title", "Business title", "Position", "Role"),
    "department": ("Department", "Dept", "Department name", "Division", "Business unit"),
    "function": ("Function", "Job function", "Job family", "Discipline", "Profession"),
    "team": ("Team", "Team name"),
    "site": ("Site", "Location", "Office", "Work location", "Office location"),
    "level": ("Level", "Grade", "Job level", "Job grade", "Career level", "Seniority"),
    "started_on": (
        *("Started on", "Start date", "Employment start date", "Hire date", "Original hire date", "Date of hire"),
        *("Joining date", "Date of joining", "Joined on", "Here since"),
    ),
    "manager": (
        *("Manager Slack ID", "Manager email", "Manager's email", "Manager email address", "Line manager email"),
        *("Reports to email", "Supervisor email", "Manager ID", "Manager employee ID", "Line manager ID"),
        *("Supervisor ID", "Manager", "Line manager", "Reports to", "Supervisor"),
    ),
    "dotted_managers": (
        *("Dotted managers", "Dotted manager", "Dotted line managers", "Dotted line manager", "Dotted line"),
        *("Matrix manager", "Matrix managers", "Secondary manager", "Dotted line to"),
    ),
    "zone": ("Zone", "Time zone", "TZ"),
    "country": ("Country", "Country code"),
    "languages": ("Languages", "Language", "Spoken languages"),
}
TEXTS = ("slack_id", "key", "name", "title", "department", "function", "team", "site", "zone", "country")
LEVEL = re.compile(r"[+-]?[0-9]{1,6}")
LIST = re.compile(r"[;,|]")
DELIMITERS = ",;\t"
SAMPLE = 65_536
USUAL = "cp1252"
BLOCK = 1 << 20
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Unreadable(Exception):
    """The file as a whole can't be read; says why."""


def people_from(
    path: Path,
    store: Store,
    workspace_id: str,
    now: datetime,
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    dry_run: bool = False,
    partial: bool = False,
    progress: Progress | None = None,
    heard: Heard | None = None,
) -> Report:
    """Reads a file into the directory, all or nothing, or the good rows alone.

    `columns` says which header has which field, where the header doesn't say so by itself.
    """
    try:
        file = opened(path, columns or {}, encoding)
    except Unreadable as error:
        return Report(is_done=False, problems=(str(error),))
    report = reading.apply(
        store,
        workspace_id,
        Source.FILE,
        file.rows,
        now,
        dry_run=dry_run,
        partial=partial,
        progress=progress,
        heard=heard,
    )
    return replace(report, notes=file.notes)


def told(report: Report, done: Iterable[str] = (), *, is_dry: bool = False) -> Iterator[str]:
    """The report in lines for people: what was done, how the file was read, what is wrong, what is doubtful."""
    if report.is_done:
        would = "It would be: " if is_dry else ""
        gone = f", {report.gone} gone" if report.gone else ""
        skipped = f", {report.skipped} skipped" if report.skipped else ""
        yield f"{would}{report.added} added, {report.changed} changed, {report.same} as before{gone}{skipped}."
    else:
        yield "Nothing was changed. What is wrong:"
    yield from done
    yield from report.problems
    if report.more_problems:
        yield f"and {report.more_problems} more"
    yield from report.notes
    if report.warnings:
        yield "What is doubtful, and counts as not known:"
        yield from report.warnings


@dataclass(frozen=True)
class File:
    """A file of which it is known how to read it."""

    path: Path
    encoding: str
    delimiter: str
    width: int
    places: Mapping[str, int]
    """Which column has which field, counted from 0."""
    notes: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, Row | str]]:
        for line, fields in _records(self.path, self.encoding, self.delimiter):
            if line == 1 or (not isinstance(fields, str) and not any(map(str.strip, fields))):
                continue
            yield line, fields if isinstance(fields, str) else self._row(fields)

    def _row(self, fields: Sequence[str]) -> Row | str:
        if len(fields) < self.width or any(map(str.strip, fields[self.width :])):
            return f"it has {len(fields)} fields, and the header {self.width}"
        given = {name: " ".join(fields[place].split()) for name, place in self.places.items()}
        return read(given, has_keys="key" in self.places)


def read(given: Mapping[str, str], *, has_keys: bool) -> Row | str:
    """The row that these fields make, or why they make none."""
    level, manager, dotted = given.get("level"), given.get("manager"), _list(given.get("dotted_managers"))
    if level and not LEVEL.fullmatch(level):
        return rules.NO_LEVEL
    started_on = rules.day(given["started_on"]) if given.get("started_on") else None
    if given.get("started_on") and started_on is None:
        return rules.NO_DAY
    named = [each for each in (manager, *dotted) if each and each != NOBODY]
    if not has_keys and not all(map(_is_known_by_all, named)):
        return "managers must be Slack ids or e-mail addresses; - for somebody who reports to nobody"
    texts: dict[str, Any] = {name: given.get(name) or None for name in TEXTS}
    return Row(
        **texts,
        email=given.get("email", "").lower() or None,
        level=int(level) if level else None,
        started_on=started_on,
        manager="" if manager == NOBODY else _reference(manager or "") or None,
        dotted_managers=tuple(_reference(each) for each in dotted if each != NOBODY),
        languages=_list(given.get("languages")),
    )


def _is_known_by_all(name: str) -> bool:
    return rules.is_email(name) or rules.SLACK_ID.match(name) is not None


def _reference(name: str) -> str:
    return name.lower() if "@" in name else name


def _list(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in LIST.split(text) if part.strip()) if text else ()


def opened(path: Path, columns: Mapping[str, str], encoding: str | None) -> File:
    """Finds out how the file is to be read; raises `Unreadable`."""
    try:
        found, why = (encoding, "as asked") if encoding else _encoding(path)
        _decode_all(path, found)
        with path.open(encoding=found, newline="") as file:
            first = file.readline(SAMPLE)
        delimiter = max(DELIMITERS, key=first.count)
        _, header = next(_records(path, found, delimiter), (1, []))
    except OSError as error:
        raise Unreadable(f"{path.name} can't be read: {type(error).__name__}") from error
    except (LookupError, ValueError) as error:
        raise Unreadable(f"{path.name} can't be read in this encoding: say which it is with --encoding") from error
    if isinstance(header, str):
        raise Unreadable(f"line 1: {header}")
    places = _places(header, columns)
    unused = [_shown(name) for place, name in enumerate(header) if name.strip() and place not in places.values()]
    notes = [f"Read as {found} ({why})."] + ([f"Columns not used: {', '.join(unused)}."] if unused else [])
    width = max((place for place, name in enumerate(header) if name.strip()), default=-1) + 1
    return File(path, found, delimiter, width, places, tuple(notes))


def _encoding(path: Path) -> tuple[str, str]:
    """What the file is encoded in, and how we know."""
    with path.open("rb") as file:
        start = file.read(SAMPLE)
    for mark, encoding in BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return encoding, "by the mark at its beginning"
    for zeros, encoding in ((start[1::2], "utf-16-le"), (start[::2], "utf-16-be")):
        if zeros.count(0) * 2 > len(zeros):
            return encoding, "by its zeros"
    try:
        _decode_all(path, "utf-8")
    except UnicodeDecodeError:
        guess = _guess(_telling(path))
        if guess is None:
            raise
        return guess, "a guess: look at the names, and say --encoding if it is wrong"
    return "utf-8", "by itself"


def _guess(telling: bytes) -> str | None:
    """Where several are as likely, the one that spreadsheets of the West save in."""
    found = from_bytes(telling)
    best = found.best()
    if best is None:
        return None
    as_likely = [each.encoding for each in found if (each.chaos, each.coherence) == (best.chaos, best.coherence)]
    return USUAL if USUAL in as_likely else best.encoding


def _telling(path: Path) -> bytes:
    """The lines by which an encoding can be guessed: those that aren't plain ASCII."""
    found, size = [], 0
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                found.append(line)
                size += len(line)
            if size > SAMPLE:
                break
    return b"".join(found)


def _decode_all(path: Path, encoding: str) -> None:
    with path.open(encoding=encoding, newline="") as file:
        while file.read(BLOCK):
            pass


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """The records of the file, each with the line it begins on, or what is wrong with it."""
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                yield line, next(reader)
            except StopIteration:
                return
            except csv.Error:
                last = reader.line_num
                yield line, "a quotation mark isn't closed" + (f", up to line {last}" if last > line else "")


def _places(header: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    names = [_plain(name) for name in header]
    if twice := next((name for place, name in enumerate(names) if name and name in names[:place]), None):
        raise Unreadable(f"line 1: the header has {_shown(header[names.index(twice)])} twice")
    found: dict[str, int] = {}
    for field, name in columns.items():
        if field not in COLUMNS:
            raise Unreadable(f"there is no field {_shown(field)}: the fields are {', '.join(COLUMNS)}")
        if _plain(name) not in names:
            raise Unreadable(f"line 1: the header has no {_shown(name)}, which --column names")
        found[field] = names.index(_plain(name))
    for field, usual in COLUMNS.items():
        places = [names.index(name) for name in map(_plain, usual) if name in names]
        free = [place for place in places if place not in found.values()]
        if field not in found and free:
            found[field] = free[0]
    if "name" not in found:
        raise Unreadable("line 1: the header lacks name")
    if not {"slack_id", "email", "key"} & set(found):
        raise Unreadable("line 1: the header lacks slack_id or email")
    return found


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _shown(name: str) -> str:
    """A name out of a file or a command, fit for a terminal."""
    return "".join(each if each.isprintable() else "?" for each in name.strip())[:60]
