"""Reads the company's file into the directory, all or nothing."""

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session as Db

from bot.directory import rules
from bot.directory.rules import Row
from store import agenda, members, people
from store.database import Store
from store.models import Person


@dataclass(frozen=True)
class Report:
    """What became of a file: how many were new, changed or as before, or what is wrong on which line."""

    added: int = 0
    changed: int = 0
    same: int = 0
    problems: tuple[str, ...] = ()


def people_from(path: Path, store: Store, workspace_id: str, now: datetime) -> Report:
    rows, problems = _read(path)
    if problems:
        return Report(problems=tuple(problems))
    with store.begin() as db:
        return _keep(db, rows, workspace_id, now)


def _read(path: Path) -> tuple[list[Row], list[str]]:
    rows: list[Row] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if lacking := set(rules.REQUIRED) - set(reader.fieldnames or ()):
                return [], [f"line 1: the header lacks {', '.join(sorted(lacking))}"]
            for fields in reader:
                row = rules.read({name: value for name, value in fields.items() if isinstance(value, str | None)})
                if isinstance(row, str):
                    problems.append(f"line {reader.line_num}: {row}")
                elif row.slack_id in seen:
                    problems.append(f"line {reader.line_num}: {row.slack_id} is on line {seen[row.slack_id]} too")
                else:
                    seen[row.slack_id] = reader.line_num
                    rows.append(row)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        return [], [f"{path.name} can't be read as a UTF-8 CSV file: {type(error).__name__}"]
    return rows, problems


def _keep(db: Db, rows: list[Row], workspace_id: str, now: datetime) -> Report:
    known = people.by_slack_id(db, workspace_id, [row.slack_id for row in rows])
    counts: Counter[str] = Counter()
    touched = []
    for row in rows:
        person = known.get(row.slack_id)
        if person is None:
            db.add(_set(Person(workspace_id=workspace_id, slack_id=row.slack_id, name=row.name), row))
            counts["added"] += 1
            continue
        _set(person, row)
        is_changed = db.is_modified(person)
        counts["changed" if is_changed else "same"] += 1
        if is_changed and members.of_person(db, person.id):
            touched.append(person.id)
    db.flush()
    agenda.touch(db, workspace_id, touched, now)
    return Report(counts["added"], counts["changed"], counts["same"])


def _set(person: Person, row: Row) -> Person:
    """Takes over what the file knows; an empty field leaves what was known."""
    for name in ("name", "title", "department", "team", "site", "level", "manager", "zone", "country"):
        value = getattr(row, name)
        if value is not None and value != getattr(person, name):
            setattr(person, name, value)
    for name in ("dotted_managers", "languages"):
        values = list(getattr(row, name))
        if values and values != getattr(person, name):
            setattr(person, name, values)
    return person
