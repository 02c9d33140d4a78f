"""Who works at Tidewell, the made-up company of the local workspace, and how Slack would show them."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

PEOPLE_FILE = Path(__file__).with_name("people.csv")

NOBODY = "-"  # in the file: reports to nobody, as against not known

TEAM_ID = "T0TIDEWELL"
TEAM_NAME = "Tidewell"
TEAM_DOMAIN = "tidewell"
APP_ID = "A0FLIPSIDE"
BOT_ID = "B0FLIPSIDE"
BOT_USER = "U0FLIPSIDE"
COORDINATORS_GROUP = "S0COORDS"
LONG_AGO = 1_767_225_600  # when accounts were changed last that nobody has changed here: New Year 2026


@dataclass
class Person:
    """Someone (or some bot) with an account in the workspace."""

    id: str
    handle: str
    name: str
    email: str = ""
    title: str = ""
    department: str = ""
    function: str = ""
    team: str = ""
    site: str = ""
    level: int = 0
    started_on: str = ""
    manager: str = ""
    dotted_managers: tuple[str, ...] = ()
    zone: str = "Europe/London"
    country: str = ""
    languages: tuple[str, ...] = ()
    is_coordinator: bool = False
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    status: str = ""
    updated: int = LONG_AGO
    team_id: str = TEAM_ID
    """Another one for somebody of another company, or of another workspace of the same Enterprise Grid."""
    enterprise: str = ""
    teams: tuple[str, ...] = ()
    """Their workspaces in the Grid, where they are in one."""

    @property
    def is_here(self) -> bool:
        """They belong to this workspace, perhaps among others."""
        return TEAM_ID in (self.team_id, *self.teams)

    @property
    def locale(self) -> str:
        """The language and country of their Slack, as `pt-PT`."""
        return f"{self.languages[0]}-{self.country}" if self.languages and self.country else "en-GB"


# Accounts that no HR file would list, but every workspace has.
OTHERS = (
    Person(BOT_USER, "flipside", "Flipside", is_bot=True),
    Person("U0TRAINBOT", "trainbot", "Train times", is_bot=True),
    Person(
        "U0PAVELDVO",
        "pavel",
        "Pavel Dvorak",
        email="pavel.dvorak@tidewell.example",
        title="Sales associate",
        zone="Europe/Berlin",
        country="DE",
        languages=("de", "en"),
        deleted=True,
    ),
    Person(
        "U0MEIGUEST",
        "mei",
        "Mei Castellan",
        email="mei@castellan.example",
        title="Contractor",
        zone="Europe/Lisbon",
        country="PT",
        languages=("en",),
        is_restricted=True,
    ),
)


@dataclass(frozen=True)
class Field:
    """A custom field of profiles. Their ids differ from workspace to workspace, and the labels are free text."""

    id: str
    label: str
    kind: str
    value: Callable[[Person], str]


FIELDS = (
    Field("Xf0MANAGER", "Manager", "user", lambda person: person.manager),
    Field("Xf0DEPART", "Department", "options_list", lambda person: person.department),
    Field("Xf0FUNC", "Function", "text", lambda person: person.function),
    Field("Xf0TEAM", "Team", "text", lambda person: person.team),
    Field("Xf0SITE", "Office", "options_list", lambda person: person.site),
    Field("Xf0GRADE", "Grade", "text", lambda person: str(person.level or "")),
    Field("Xf0START", "Start date", "date", lambda person: person.started_on),
)


def company() -> dict[str, Person]:
    """Everyone with an account, by Slack id."""
    with PEOPLE_FILE.open(encoding="utf-8", newline="") as file:
        staff = [_person(row) for row in csv.DictReader(file)]
    return {person.id: person for person in [*staff, *(replace(other) for other in OTHERS)]}


def _person(row: dict[str, str]) -> Person:
    return Person(
        id=row["slack_id"],
        handle=row["handle"],
        name=row["name"],
        email=row["email"],
        title=row["title"],
        department=row["department"],
        function=row["function"],
        team=row["team"],
        site=row["site"],
        level=int(row["level"]),
        started_on=row["started_on"],
        manager="" if row["manager"] == NOBODY else row["manager"],
        dotted_managers=_list(row["dotted_managers"]),
        zone=row["zone"],
        country=row["country"],
        languages=_list(row["languages"]),
        is_coordinator=row["coordinator"] == "yes",
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)


def user(person: Person, now: datetime, *, with_email: bool, with_locale: bool = False) -> dict[str, Any]:
    """The user object of users.info. Deactivated people lack many fields, as in Slack."""
    shown: dict[str, Any] = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.handle,
        "deleted": person.deleted,
        "profile": profile(person, with_email=with_email),
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": person.updated,
    }
    if person.enterprise:
        shown["enterprise_user"] = _in_the_grid(person)
    if person.deleted:
        return shown | {"is_forgotten": False}
    shown |= {
        "color": "9f69e7",
        "real_name": person.name,
        "is_admin": person.is_coordinator,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": False,
        "is_email_confirmed": not person.is_bot,
        "who_can_share_contact_card": "EVERYONE",
    }
    if not person.is_here:
        shown["is_stranger"] = False  # true only for those whom the bot shares no channel with
    offset = now.astimezone(ZoneInfo(person.zone)).utcoffset()
    shown |= {
        "tz": person.zone,
        "tz_label": person.zone.split("/")[-1].replace("_", " "),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
    }
    return shown | ({"locale": person.locale} if with_locale else {})


def _in_the_grid(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "enterprise_id": person.enterprise,
        "enterprise_name": "Tidewell group",
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "teams": list(person.teams or (person.team_id,)),
    }


def profile(person: Person, *, with_email: bool) -> dict[str, Any]:
    """The profile part of a user; the address only with the scope for it."""
    first, _, last = person.name.partition(" ")
    shown: dict[str, Any] = {
        "title": person.title,
        "phone": "",
        "skype": "",
        "real_name": person.name,
        "real_name_normalized": person.name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "first_name": first,
        "last_name": last,
        "status_text": person.status,
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": person.id[-6:].lower(),
        "team": person.team_id,
    }
    if with_email and person.email and not person.is_bot and person.is_here:
        shown["email"] = person.email
    return shown


def custom_fields(person: Person) -> dict[str, Any] | list[Any]:
    """What is filled in of the custom fields. Nothing at all is an empty list, as Slack gives it."""
    filled = {field.id: {"value": field.value(person), "alt": ""} for field in FIELDS if field.value(person)}
    return filled or []


def field_definitions(everyone: Iterable[Person]) -> list[dict[str, Any]]:
    """What the workspace has for custom fields; a list of options has what is filled in anywhere."""
    staff = list(everyone)
    return [
        {
            "id": field.id,
            "ordering": number,
            "label": field.label,
            "hint": "",
            "type": field.kind,
            "possible_values": sorted({field.value(one) for one in staff} - {""})
            if field.kind == "options_list"
            else None,
            "options": {"is_scim": False, "is_protected": True},
            "is_hidden": False,
            "section_id": "S0ABOUT",
        }
        for number, field in enumerate(FIELDS)
    ]
