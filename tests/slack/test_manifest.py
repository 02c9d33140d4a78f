"""manifest.yml tells Slack exactly what the code uses, in a form that Slack's own schema takes."""

import ast
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from slack_sdk import WebClient

from bot.settings import Settings
from bot.slack import manifest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCHEMA = json.loads((HERE / "manifest.schema.json").read_text(encoding="utf-8"))

# What each call of Slack's needs. https://docs.slack.dev/reference/methods has a page for each.
SCOPES: dict[str, set[str]] = {
    "auth_test": set(),
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"im:history", "mpim:history"},  # read only where the bot itself has posted
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_open": {"im:write", "mpim:write"},
    "dnd_teamInfo": {"dnd:read"},
    "files_info": {"files:read"},
    "files_upload_v2": {"files:write"},
    "team_profile_get": {"users.profile:read"},
    "usergroups_users_list": {"usergroups:read"},
    "users_info": {"users:read", "users:read.email"},  # the company's directory knows people by e-mail address
    "users_list": {"users:read", "users:read.email"},
    "users_profile_get": {"users.profile:read"},
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
}
# The events that each of Bolt's names stands for, as far as the code takes them; what they need to be sent.
EVENTS = {
    "app_home_opened": ("app_home_opened", set()),
    "message": ("message.im", {"im:history"}),
    "team_join": ("team_join", {"users:read"}),
    "user_change": ("user_change", {"users:read"}),
}


@cache
def nodes() -> list[ast.AST]:
    paths = [ROOT / "app.py", *(ROOT / "bot").rglob("*.py")]
    return [node for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]


def name_of(node: ast.AST) -> str:
    """`client` for `client`, `ask.client` and `house.client`."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def methods() -> set[str]:
    """Every method of Slack's that the code names, called at once or later."""
    known = {name for name in dir(WebClient) if not name.startswith("_") and callable(getattr(WebClient, name))}
    return {
        node.attr
        for node in nodes()
        if isinstance(node, ast.Attribute) and node.attr in known and name_of(node.value) == "client"
    }


def events() -> set[str]:
    """What the app listens to, by Bolt's names."""
    return {
        str(node.args[0].value)
        for node in nodes()
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (name_of(node.func.value), node.func.attr) == ("app", "event")
        and isinstance(node.args[0], ast.Constant)
    }


def the_manifest() -> dict[str, Any]:
    return manifest.read()


def test_slacks_schema_takes_it() -> None:
    jsonschema.Draft7Validator(SCHEMA).validate(the_manifest())


def test_slacks_schema_refuses_a_manifest_that_is_wrong() -> None:
    wrong = the_manifest() | {"display_information": {"name": "x" * 99}}

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(SCHEMA).validate(wrong)


def test_it_names_the_command_that_the_code_answers() -> None:
    commands = the_manifest()["features"]["slash_commands"]

    assert [each["command"] for each in commands] == [Settings.model_fields["command"].default]
    assert commands[0]["should_escape"], "names typed in a command must come as ids"


def test_its_scopes_are_those_of_the_calls_and_events_in_the_code_and_no_others() -> None:
    used = methods()
    assert used <= set(SCOPES), "look up what the new call needs, and add it above"

    needed = set().union(*(SCOPES[name] for name in used), *(EVENTS[name][1] for name in events()))
    assert sorted(the_manifest()["oauth_config"]["scopes"]["bot"]) == sorted(needed | {"commands"})


def test_what_the_bot_can_do_without_may_be_left_out_by_whoever_installs_it() -> None:
    scopes = the_manifest()["oauth_config"]["scopes"]

    assert scopes["bot_optional"] == ["dnd:read"]
    assert set(scopes["bot_optional"]) <= set(scopes["bot"]), "Slack wants them in both lists"


def test_the_table_of_calls_above_lists_none_that_is_no_longer_made() -> None:
    assert set(SCOPES) == methods()


def test_its_events_are_those_that_the_code_listens_to() -> None:
    listened = {EVENTS[name][0] for name in events()}

    assert set(the_manifest()["settings"]["event_subscriptions"]["bot_events"]) == listened


def test_buttons_forms_and_the_home_are_switched_on() -> None:
    found = the_manifest()

    assert found["settings"]["interactivity"]["is_enabled"]
    assert found["features"]["app_home"]["home_tab_enabled"]
    assert found["features"]["app_home"]["messages_tab_enabled"]
    assert not found["features"]["app_home"]["messages_tab_read_only_enabled"], "people answer by writing back"


def test_it_is_the_form_for_socket_mode() -> None:
    text = manifest.FILE.read_text(encoding="utf-8")

    assert the_manifest()["settings"]["socket_mode_enabled"]
    assert "request_url" not in text


# Over HTTP


@pytest.mark.parametrize("url", ["https://flipside.example.com", "https://flipside.example.com/"])
def test_the_form_for_http_names_one_address_for_everything(url: str) -> None:
    found = yaml.safe_load(manifest.over_http(url))

    addresses = [
        found["settings"]["event_subscriptions"]["request_url"],
        found["settings"]["interactivity"]["request_url"],
        found["settings"]["interactivity"]["message_menu_options_url"],
        *(command["url"] for command in found["features"]["slash_commands"]),
    ]
    assert set(addresses) == {"https://flipside.example.com/slack/events"}
    assert not found["settings"]["socket_mode_enabled"]
    jsonschema.Draft7Validator(SCHEMA).validate(found)


def test_but_for_that_it_is_the_same() -> None:
    over_http, over_a_socket = yaml.safe_load(manifest.over_http("https://flipside.example.com")), the_manifest()

    assert over_http["oauth_config"] == over_a_socket["oauth_config"]
    assert over_http["display_information"] == over_a_socket["display_information"]
    assert list(over_http) == list(over_a_socket)
