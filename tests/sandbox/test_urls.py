"""Trigger ids and response urls wear out."""

from datetime import timedelta

import pytest

from sandbox.urls import Triggers, Urls, WornOut
from tests.sandbox.conftest import MONDAY
from tests.sandbox.kit import modal, plain, section


def test_a_trigger_is_good_for_three_seconds():
    triggers = Triggers()
    early, late = triggers.new("U1", MONDAY), triggers.new("U1", MONDAY)

    assert triggers.use(early, MONDAY + timedelta(seconds=3)) == "U1"
    with pytest.raises(WornOut, match="expired_trigger_id"):
        triggers.use(late, MONDAY + timedelta(seconds=3.1))


def test_a_trigger_is_good_for_one_use():
    triggers = Triggers()
    trigger = triggers.new("U1", MONDAY)

    triggers.use(trigger, MONDAY)

    with pytest.raises(WornOut, match="exchanged_trigger_id"):
        triggers.use(trigger, MONDAY)


def test_a_modal_is_not_opened_with_a_trigger_that_was_used(slack):
    trigger = slack.trigger()
    slack("views.open", trigger_id=trigger, view=modal())

    answer = slack("views.open", trigger_id=trigger, view=modal())

    assert answer == {"ok": False, "error": "exchanged_trigger_id"}


def test_a_modal_is_not_opened_with_an_old_trigger(slack):
    trigger = slack.trigger()
    slack.space.clock.set(slack.space.now() + timedelta(seconds=4))

    answer = slack("views.open", trigger_id=trigger, view=modal())

    assert answer == {"ok": False, "error": "expired_trigger_id"}


def test_no_more_than_three_modals_are_stacked(slack):
    slack("views.open", trigger_id=slack.trigger(), view=modal())
    second = slack("views.push", trigger_id=slack.trigger(), view=modal())
    third = slack("views.push", trigger_id=slack.trigger(), view=modal())

    fourth = slack("views.push", trigger_id=slack.trigger(), view=modal())

    assert third["view"]["previous_view_id"] == second["view"]["id"]
    assert fourth == {"ok": False, "error": "push_limit_reached"}


def test_a_stale_hash_changes_nothing(slack):
    view = slack("views.open", trigger_id=slack.trigger(), view=modal())["view"]
    fresh = slack("views.update", view_id=view["id"], hash=view["hash"], view=modal(title=plain("Fresh")))["view"]

    stale = slack("views.update", view_id=view["id"], hash=view["hash"], view=modal(title=plain("Stale")))

    assert stale == {"ok": False, "error": "hash_conflict"}
    assert fresh["title"]["text"] == "Fresh"
    assert slack.space.views[view["id"]].drawn["title"]["text"] == "Fresh"


def test_an_external_id_is_taken_once(slack):
    slack("views.open", trigger_id=slack.trigger(), view=modal(external_id="a"))

    again = slack("views.open", trigger_id=slack.trigger("U0BEAWHITL"), view=modal(external_id="a"))

    assert again == {"ok": False, "error": "duplicate_external_id"}


def test_a_home_with_a_stale_hash_is_not_published(slack):
    home = {"type": "home", "blocks": [section()]}
    first = slack("views.publish", user_id="U0ANADUART", view=home)["view"]
    slack("views.publish", user_id="U0ANADUART", view=home)

    late = slack("views.publish", user_id="U0ANADUART", view=home, hash=first["hash"])

    assert late == {"ok": False, "error": "hash_conflict"}


def test_a_response_url_is_good_for_five_uses():
    urls = Urls()
    urls.new("R1", "U1", "C1", MONDAY)
    for _ in range(5):
        urls.use("R1", MONDAY)

    with pytest.raises(WornOut, match="used_url"):
        urls.use("R1", MONDAY)


def test_a_response_url_is_good_for_half_an_hour():
    urls = Urls()
    urls.new("R1", "U1", "C1", MONDAY)

    urls.use("R1", MONDAY + timedelta(minutes=30))

    with pytest.raises(WornOut, match="expired_url"):
        urls.use("R1", MONDAY + timedelta(minutes=31))


def test_a_worn_out_response_url_is_refused_and_noted(slack):
    slack.space.im("U0ANADUART")
    slack.space.urls.new("R1", "U0ANADUART", "D0ANADUART", slack.space.now())
    answers = [slack.desk.take_response("R1", {"text": f"{number}"}) for number in range(6)]

    assert answers == ["", "", "", "", "", "used_url"]
    assert slack.desk.errors == [("response_url", "used_url", "R1")]


@pytest.mark.parametrize(
    ("body", "error"), [({}, "no_text"), ({"blocks": [section("")]}, "invalid_blocks"), ({"text": " "}, "no_text")]
)
def test_a_response_url_refuses_what_a_message_would_not_take(slack, body, error):
    slack.space.im("U0ANADUART")
    slack.space.urls.new("R1", "U0ANADUART", "D0ANADUART", slack.space.now())

    assert slack.desk.take_response("R1", body) == error
    assert slack.space.conversations["D0ANADUART"].messages == []
