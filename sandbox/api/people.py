"""auth, users, team and user groups."""

from typing import Any

from sandbox import people
from sandbox.api.call import Call, Refusal, method
from sandbox.people import Person
from sandbox.records import Json


@method("auth.test")
def auth_test(call: Call) -> Json:
    enterprise = call.workspace.people[people.BOT_USER].enterprise
    told: dict[str, Any] = {
        "url": f"https://{people.TEAM_DOMAIN}.slack.com/",
        "team": people.TEAM_NAME,
        "user": "flipside",
        "team_id": people.TEAM_ID,
        "user_id": people.BOT_USER,
        "bot_id": people.BOT_ID,
        "is_enterprise_install": False,
    }
    return told | ({"enterprise_id": enterprise} if enterprise else {})


@method("apps.connections.open")
def open_connection(_call: Call) -> Json:
    # The local workspace delivers over HTTP only, and a bot token may not open a socket in Slack either.
    raise Refusal("not_allowed_token_type")


@method("users.info", "users:read")
def users_info(call: Call) -> Json:
    return {"user": _user(call, _person(call), call.flag("include_locale"))}


@method("users.list", "users:read")
def users_list(call: Call) -> Json:
    """Deactivated people, guests and bots are in it, people of other companies and workspaces are not."""
    everyone = sorted((one for one in call.workspace.people.values() if one.is_here), key=lambda person: person.id)
    page, following = call.page(everyone, default=200)
    members = [_user(call, person, call.flag("include_locale")) for person in page]
    return {
        "members": members,
        "cache_ts": int(call.now.timestamp()),
        "response_metadata": {"next_cursor": following},
    }


@method("users.profile.get", "users.profile:read")
def profile(call: Call) -> Json:
    person = _person(call)
    shown = people.profile(person, with_email=_sees_email(call))
    return {"profile": shown | {"fields": people.custom_fields(person)}}


@method("team.profile.get", "users.profile:read")
def team_profile(call: Call) -> Json:
    section = {
        "id": "S0ABOUT",
        "team_id": people.TEAM_ID,
        "section_type": "custom",
        "label": "About",
        "order": 1,
        "is_hidden": False,
    }
    fields = people.field_definitions(call.workspace.people.values())
    return {"profile": {"fields": fields, "sections": [section]}}


@method("team.info", "team:read")
def team_info(_call: Call) -> Json:
    team: dict[str, Any] = {"id": people.TEAM_ID, "name": people.TEAM_NAME, "domain": people.TEAM_DOMAIN}
    return {"team": team | {"email_domain": "tidewell.example", "icon": {"image_default": True}}}


@method("usergroups.users.list", "usergroups:read")
def group_members(call: Call) -> Json:
    if call.needed("usergroup") != people.COORDINATORS_GROUP:
        raise Refusal("no_such_subteam")
    staff = call.workspace.people.values()
    return {"users": [person.id for person in staff if person.is_coordinator and not person.deleted]}


def _person(call: Call) -> Person:
    found = call.workspace.people.get(call.needed("user"))
    if found is None:
        raise Refusal("user_not_found")
    return found


def _sees_email(call: Call) -> bool:
    return "users:read.email" in call.scopes


def _user(call: Call, person: Person, with_locale: bool) -> Json:
    return people.user(person, call.now, with_email=_sees_email(call), with_locale=with_locale)
