"""What a row of the company's file must be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import available_timezones

REQUIRED = ("slack_id", "name")
NOBODY = "-"
SLACK_ID = re.compile(r"^[UW][A-Z0-9]{2,20}$")
COUNTRY = re.compile(r"^[A-Z]{2}$")


@dataclass(frozen=True)
class Row:
    """One person as the file has them; None where the field is empty."""

    slack_id: str
    name: str
    title: str | None
    department: str | None
    team: str | None
    site: str | None
    level: int | None
    manager: str | None
    dotted_managers: tuple[str, ...]
    zone: str | None
    country: str | None
    languages: tuple[str, ...]


def read(fields: Mapping[str, str | None]) -> Row | str:
    """The row, or what is wrong with it."""
    given = {name: (value or "").strip() for name, value in fields.items() if name}
    if problem := _problem(given):
        return problem
    manager = given.get("manager") or None
    return Row(
        slack_id=given["slack_id"],
        name=given["name"],
        title=given.get("title") or None,
        department=given.get("department") or None,
        team=given.get("team") or None,
        site=given.get("site") or None,
        level=int(given["level"]) if given.get("level") else None,
        manager="" if manager == NOBODY else manager,
        dotted_managers=_list(given.get("dotted_managers")),
        zone=given.get("zone") or None,
        country=given.get("country") or None,
        languages=_list(given.get("languages")),
    )


def _list(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(";") if part.strip())


def _problem(given: Mapping[str, str]) -> str | None:
    if any("\x00" in value for value in given.values()):
        return "a field holds a character that no text has (NUL)"
    if not SLACK_ID.match(given.get("slack_id", "")):
        return "slack_id must be a person's Slack id, such as U012ABCDEF"
    if not given.get("name"):
        return "name is missing"
    if given.get("level") and not re.match(r"^-?\d{1,6}$", given["level"]):
        return "level must be a whole number, higher for more senior"
    if given.get("zone") and given["zone"] not in available_timezones():
        return "zone must be the name of a time zone, such as Europe/Lisbon"
    if given.get("country") and not COUNTRY.match(given["country"]):
        return "country must be two capital letters, such as PT"
    managers = (given.get("manager", ""), *_list(given.get("dotted_managers")))
    line, *dotted = managers
    if (line not in ("", NOBODY) and not SLACK_ID.match(line)) or not all(map(SLACK_ID.match, dotted)):
        return "managers must be Slack ids; - for somebody who reports to nobody"
    if given["slack_id"] in managers:
        return "nobody is their own manager"
    return None
