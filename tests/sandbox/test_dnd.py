"""Who has their notifications off: for whoever may ask, in Slack's shape."""

from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.desk import Desk
from sandbox.manifest import Manifest
from tests.sandbox.conftest import MONDAY, TINY_BOT, Slack
from tests.sandbox.kit import ANA, BEA

ROOT = Path(__file__).parents[2]
HOUR = timedelta(hours=1)


@pytest.fixture
def asking(tmp_path: Path):
    """The real app's manifest, with all that it asks for granted."""
    desk = Desk(tmp_path, now=MONDAY, bot_command=TINY_BOT)
    yield Slack(desk)
    desk.server.stop()


def test_a_window_is_told_while_it_is_on_or_to_come_and_one_for_those_who_never_rest(asking):
    asking.desk.staff.rest(ANA, MONDAY, MONDAY + HOUR)

    said = asking("dnd.teamInfo", users=f"{ANA},{BEA}")["users"]
    asking.space.clock.set(MONDAY + HOUR)

    begins = int(MONDAY.timestamp())
    nothing = {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
    assert said[ANA] == {"dnd_enabled": True, "next_dnd_start_ts": begins, "next_dnd_end_ts": begins + 3600}
    assert said[BEA] == nothing
    assert asking("dnd.teamInfo", users=ANA)["users"] == {ANA: nothing}, "it is over"


def test_fifty_people_can_be_asked_about_at_once_and_only_those_of_the_workspace(asking):
    assert asking("dnd.teamInfo", users=",".join([ANA] * 50))["ok"]
    assert asking("dnd.teamInfo", users=",".join([ANA] * 51))["error"] == "invalid_arguments"
    assert asking("dnd.teamInfo", users="U0NOBODY")["error"] == "user_not_visible"
    assert asking("dnd.teamInfo")["error"] == "no_users_provided"


def test_whoever_installs_the_app_may_keep_it_from_asking(tmp_path: Path):
    desk = Desk(tmp_path, now=MONDAY, bot_command=TINY_BOT, denies=["dnd:read"])
    answer = desk.answer("dnd.teamInfo", {"users": ANA}, desk.token)
    desk.server.stop()

    assert (answer["error"], answer["needed"]) == ("missing_scope", "dnd:read")


def test_what_the_app_needs_can_not_be_denied():
    with pytest.raises(ValueError, match="not optional: chat:write"):
        Manifest.read(ROOT / "manifest.yml").without(["chat:write"])
