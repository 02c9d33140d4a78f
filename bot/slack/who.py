"""Who somebody is: their stored record, learned from Slack at the first meeting; and who may coordinate."""

import logging
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from slack_sdk import WebClient

from bot.house import House
from bot.slack.speaking import Refused, Unclear, call
from store import people
from store.models import Person

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stranger:
    """Somebody the programme can't take, and why, in words fit to show."""

    why: str


def meet(house: House, client: WebClient, slack_id: str) -> Person | Stranger:
    """The stored person. Someone new, or whose zone isn't known, is looked up in Slack and kept.

    Outsiders, guests and bots are not.
    """
    with house.store.read() as db:
        known = people.find(db, house.workspace_id, slack_id)
    if known is not None and known.gone_at is None and known.zone is not None:
        return known
    answer = call(lambda: client.users_info(user=slack_id))
    if isinstance(answer, Refused | Unclear):
        if known is not None and known.gone_at is None:
            return known
        return Stranger("I can't see who you are in Slack just now. Please try again in a minute.")
    user = answer["user"]
    if why := _turned_away(user, house.workspace_id):
        return Stranger(why)
    with house.store.begin() as db:
        return _keep(people.find(db, house.workspace_id, slack_id), house.workspace_id, user, db)


def _turned_away(user: dict[str, Any], workspace_id: str) -> str | None:
    if user.get("is_bot") or user.get("id") == "USLACKBOT":
        return "This is for people; bots can't take part."
    if user.get("is_stranger") or user.get("team_id", workspace_id) != workspace_id:
        return "This programme is for people of this workspace. Someone in your own company can tell you more."
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return "Guests can't take part in this programme. The people who run it can tell you more."
    return None


def _keep(known: Person | None, workspace_id: str, user: dict[str, Any], db: Any) -> Person:
    profile = user.get("profile", {})
    name = profile.get("display_name") or profile.get("real_name") or user.get("name") or user["id"]
    if known is None:
        known = Person(workspace_id=workspace_id, slack_id=user["id"], name=name)
        db.add(known)
    known.name = name
    known.zone = user.get("tz") or known.zone
    known.country = known.country or country_of(known.zone)
    known.title = profile.get("title") or known.title
    known.gone_at = None
    db.flush()
    log.info("met person=%s", known.slack_id)
    return known


def is_gone(client: WebClient, slack_id: str) -> bool:
    """Whether Slack says that their account was deactivated; a refusal alone doesn't."""
    answer = call(lambda: client.users_info(user=slack_id))
    return not isinstance(answer, Refused | Unclear) and bool(answer["user"].get("deleted"))


def country_of(zone: str | None) -> str | None:
    """The country of a zone by the time zone database, so that its public holidays are kept."""
    if zone is None:
        return None
    for line in files("tzdata.zoneinfo").joinpath("zone.tab").read_text().splitlines():
        country, _, rest = line.partition("\t")
        if rest.split("\t")[1:2] == [zone]:
            return country
    return None


def is_coordinator(house: House, client: WebClient, slack_id: str) -> bool:
    """By the setting; where it names nobody, the admins of the workspace. In doubt: no."""
    named = house.settings.coordinators
    if not named:
        answer = call(lambda: client.users_info(user=slack_id))
        return not isinstance(answer, Refused | Unclear) and bool(answer["user"].get("is_admin"))
    groups = [each for each in named if each.startswith("S")]
    return slack_id in named or any(slack_id in _group(client, group) for group in groups)


def _group(client: WebClient, group: str) -> list[str]:
    answer = call(lambda: client.usergroups_users_list(usergroup=group))
    if isinstance(answer, Refused | Unclear):
        log.warning("group not readable group=%s error=%s", group, answer.code)
        return []
    return list(answer["users"])
