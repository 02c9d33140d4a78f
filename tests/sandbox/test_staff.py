"""People's accounts change, and the bot hears what Slack would tell it; what Slack shows of profiles."""

from pathlib import Path

import pytest
import yaml

from sandbox import Sandbox
from sandbox.desk import Desk
from sandbox.filling import CannotDo
from tests.sandbox.conftest import MANIFEST, MONDAY, TINY_BOT, Listener, Slack
from tests.sandbox.kit import ANA, BEA

GRACE = "U0GRACEOKO"


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """The tiny bot's, with what it takes to see profiles and addresses."""
    told = yaml.safe_load(MANIFEST.read_text())
    told["oauth_config"]["scopes"]["bot"] += ["users.profile:read", "users:read.email"]
    told["settings"]["event_subscriptions"]["bot_events"] += ["team_join"]
    file = tmp_path / "manifest.yml"
    file.write_text(yaml.safe_dump(told))
    return file


@pytest.fixture
def seeing(tmp_path: Path, manifest: Path):
    desk = Desk(tmp_path, now=MONDAY, manifest=manifest, bot_command=TINY_BOT)
    yield Slack(desk)
    desk.server.stop()


def events(listener: Listener) -> list[dict]:
    return [body["event"] for body in listener.payloads if "event" in body]


# Profiles


def test_the_workspace_s_profile_fields_are_shown_with_their_types(seeing: Slack) -> None:
    fields = {one["label"]: one for one in seeing("team.profile.get")["profile"]["fields"]}

    assert {label: one["type"] for label, one in fields.items()} == {
        "Manager": "user",
        "Department": "options_list",
        "Function": "text",
        "Start date": "date",
        "Team": "text",
        "Office": "options_list",
        "Grade": "text",
    }
    assert "Engineering" in fields["Department"]["possible_values"]
    assert fields["Manager"]["possible_values"] is None


def test_a_profile_has_the_values_of_the_fields(seeing: Slack) -> None:
    fields = seeing("users.profile.get", user=ANA)["profile"]["fields"]

    assert fields["Xf0MANAGER"]["value"].startswith("U0")
    assert fields["Xf0DEPART"]["value"]
    assert "Xf0MANAGER" not in seeing("users.profile.get", user=GRACE)["profile"]["fields"], "she reports to nobody"
    assert seeing("users.profile.get", user="U0TRAINBOT")["profile"]["fields"] == [], "nothing is an empty list"


def test_profiles_need_the_scope(slack: Slack) -> None:
    for method in ("team.profile.get", "users.profile.get"):
        answer = slack(method, user=ANA)
        assert (answer["error"], answer["needed"]) == ("missing_scope", "users.profile:read")


# Events


def test_a_new_title_or_status_is_told_and_what_is_the_same_is_not(heard: Sandbox, listener: Listener) -> None:
    heard.change("ana", title="Principal")
    heard.change("ana", title="Principal")
    heard.set_status("ana", "Lunch")

    first, second = events(listener)
    assert (first["type"], first["user"]["id"], first["user"]["profile"]["title"]) == ("user_change", ANA, "Principal")
    assert second["user"]["profile"]["status_text"] == "Lunch"
    assert first["user"]["updated"] == int(MONDAY.timestamp()) or first["user"]["updated"] > int(MONDAY.timestamp())
    assert {"cache_ts", "event_ts"} <= set(first)


def test_no_event_tells_of_a_custom_field(heard: Sandbox, listener: Listener) -> None:
    heard.change("ana", manager=BEA)

    assert events(listener) == []


def test_somebody_new_is_told_of_and_in_the_lists(heard: Sandbox, listener: Listener) -> None:
    heard.hire("yara", "Yara Haddad", title="Analyst")

    [joined] = events(listener)
    assert (joined["type"], joined["user"]["name"], joined["user"]["is_bot"]) == ("team_join", "yara", False)
    assert heard.find("Yara Haddad") == joined["user"]["id"]


def test_a_closed_account_shows_little_and_an_opened_one_all_again(heard: Sandbox, listener: Listener) -> None:
    heard.deactivate("ana")
    heard.reactivate("ana")

    closed, opened = (event["user"] for event in events(listener))
    assert (closed["deleted"], "tz" in closed, "email" in closed["profile"]) == (True, False, False)
    assert (opened["deleted"], "tz" in opened, "email" in opened["profile"]) == (False, True, True)


def test_what_no_account_has_cannot_change(heard: Sandbox) -> None:
    with pytest.raises(ValueError, match="no shoe_size"):
        heard.change("ana", shoe_size=42)


# People of elsewhere


def test_people_of_elsewhere_are_in_no_list_but_can_be_looked_up(seeing: Slack) -> None:
    kim = seeing.desk.staff.invite_outsider("kim", "Kim Lund", "C0ANNOUNCE")

    assert kim.id not in {one["id"] for one in seeing("users.list", limit=900)["members"]}
    user = seeing("users.info", user=kim.id)["user"]
    assert user["team_id"] != "T0TIDEWELL"
    assert "email" not in user["profile"]
    assert "enterprise_id" not in seeing("auth.test")


def test_in_a_grid_everybody_shows_their_workspaces(seeing: Slack) -> None:
    lea = seeing.desk.staff.invite_outsider("lea", "Lea Ortiz", "C0ANNOUNCE", grid="E0TIDEWELL")

    assert seeing("auth.test")["enterprise_id"] == "E0TIDEWELL"
    theirs, ours = (seeing("users.info", user=one)["user"]["enterprise_user"] for one in (lea.id, ANA))
    assert (theirs["enterprise_id"], ours["teams"]) == ("E0TIDEWELL", ["T0TIDEWELL"])
    assert theirs["teams"] == [lea.team_id]


def test_people_of_elsewhere_have_no_commands_here(heard: Sandbox) -> None:
    heard.invite_outsider("kim", "Kim Lund")

    with pytest.raises(CannotDo, match="is from elsewhere"):
        heard.command("kim", "/tiny hello", "#announcements")
