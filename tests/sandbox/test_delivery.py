"""What the bot hears when people do something: signed, and shaped as Slack shapes it."""

import json
from datetime import timedelta

import pytest
from slack_sdk.signature import SignatureVerifier

from sandbox import BotDidNotAnswer
from tests.sandbox.conftest import SILENCE
from tests.sandbox.kit import ANA, actions, button, entry, modal, option, section

GO = actions(button(action_id="go", value="pair:1"), block_id="b")


def post(box, **message):
    posted = box.answer("chat.postMessage", {"channel": ANA, "text": "hi"} | message, box.token)["message"]
    box.settle()
    return posted


def open_modal(box, *blocks, **more):
    trigger = box.space.triggers.new(ANA, box.now)
    return box.answer("views.open", {"trigger_id": trigger, "view": modal(*blocks, **more)}, box.token)["view"]


def test_every_request_is_signed_with_the_real_time(heard, listener):
    post(heard, blocks=[GO])
    heard.command("ana", "/tiny hello")
    heard.press("ana", "Go")
    heard.write("ana", "hello")

    kinds = [headers["content-type"] for _, headers, _ in listener.heard]
    form = "application/x-www-form-urlencoded"
    # The first is the event of the bot's own message.
    assert kinds == ["application/json", form, form, "application/json"]
    verifier = SignatureVerifier(heard.secret)
    assert all(verifier.is_valid_request(body, headers) for _, headers, body in listener.heard)


def test_a_command_comes_as_a_form(heard, listener):
    heard.command("ana", "/tiny hello @bea in #announcements")

    command = listener.acts[-1]
    assert command | {"response_url": "", "trigger_id": ""} == {
        "token": "deprecated",
        "team_id": "T0TIDEWELL",
        "team_domain": "tidewell",
        "channel_id": "D0ANADUART",
        "channel_name": "directmessage",
        "user_id": ANA,
        "user_name": "ana",
        "command": "/tiny",
        "text": "hello <@U0BEAWHITL> in <#C0ANNOUNCE|announcements>",
        "api_app_id": "A0FLIPSIDE",
        "is_enterprise_install": "false",
        "response_url": "",
        "trigger_id": "",
    }
    assert command["response_url"].startswith(f"{heard.url}/respond/")


def test_a_press_in_a_message_has_the_message_and_a_response_url(heard, listener):
    message = post(heard, blocks=[GO], metadata={"event_type": "a", "event_payload": {"key": "k"}})

    heard.press("ana", "Go")

    body = listener.acts[-1]
    told = {
        "type": "button",
        "action_id": "go",
        "block_id": "b",
        "value": "pair:1",
        "text": message["blocks"][0]["elements"][0]["text"],
    }
    assert body["type"] == "block_actions"
    assert [action | {"action_ts": ""} for action in body["actions"]] == [told | {"action_ts": ""}]
    assert body["container"] == {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": "D0ANADUART",
        "is_ephemeral": False,
    }
    assert body["message"] == message
    assert body["channel"] == {"id": "D0ANADUART", "name": "directmessage"}
    assert body["state"] == {"values": {}}
    assert {"response_url", "trigger_id", "user", "team"} <= set(body)


def test_a_press_in_an_ephemeral_message_comes_without_the_message(heard, listener):
    post(heard)
    heard.answer(
        "chat.postEphemeral", {"channel": "D0ANADUART", "user": ANA, "text": "psst", "blocks": [GO]}, heard.token
    )

    heard.press("ana", "Go")

    assert listener.acts[-1]["container"]["is_ephemeral"] is True
    assert "message" not in listener.acts[-1]


def test_a_press_in_the_home_has_a_view_but_no_channel(heard, listener):
    heard.answer(
        "views.publish", {"user_id": ANA, "view": {"type": "home", "callback_id": "h", "blocks": [GO]}}, heard.token
    )

    heard.press("ana", "go", where="home")

    body = listener.acts[-1]
    assert body["container"] == {"type": "view", "view_id": body["view"]["id"]}
    assert (body["view"]["type"], body["view"]["callback_id"]) == ("home", "h")
    assert not {"channel", "message", "response_url"} & set(body)


def test_a_pick_in_a_modal_tells_what_is_filled_in_so_far(heard, listener):
    picker = {"type": "datepicker", "action_id": "day"}
    view = open_modal(
        heard,
        entry({"type": "plain_text_input", "action_id": "t", "initial_value": "a"}, block_id="i"),
        actions(picker, block_id="p"),
    )

    heard.choose("ana", "day", "2027-03-04")

    body = listener.acts[-1]
    assert body["actions"][0]["selected_date"] == "2027-03-04"
    assert body["view"]["hash"] == view["hash"]
    assert body["view"]["state"]["values"] == {
        "i": {"t": {"type": "plain_text_input", "value": "a"}},
        "p": {"day": {"type": "datepicker", "selected_date": "2027-03-04"}},
    }


def test_a_submission_tells_every_kind_of_value(heard, listener):
    elements = {
        "text": {"type": "plain_text_input"},
        "one": {"type": "static_select", "options": [option()]},
        "many": {"type": "multi_static_select", "options": [option(), option("Two", "two")]},
        "radio": {"type": "radio_buttons", "options": [option()]},
        "boxes": {"type": "checkboxes", "options": [option()]},
        "day": {"type": "datepicker"},
        "time": {"type": "timepicker"},
        "moment": {"type": "datetimepicker"},
        "person": {"type": "users_select"},
        "place": {"type": "conversations_select"},
        "count": {"type": "number_input", "is_decimal_allowed": False},
        "empty": {"type": "multi_users_select"},
        "blank": {"type": "users_select"},
    }
    inputs = [
        entry(
            element | {"action_id": "v"},
            block_id=name,
            label={"type": "plain_text", "text": name.title()},
            optional=True,
        )
        for name, element in elements.items()
    ]
    open_modal(heard, *inputs, private_metadata="m", callback_id="form")

    answers = {
        "Text": "words",
        "One": "One",
        "Many": ["Two"],
        "Radio": "one",
        "Boxes": "One",
        "Day": "2027-03-10",
        "Time": "14:30",
    }
    errors = heard.submit(
        "ana", answers | {"Moment": heard.now, "Person": "bea", "place": "#announcements", "Count": 3}
    )

    view = listener.acts[-1]["view"]
    one = {"text": {"type": "plain_text", "text": "One", "emoji": True}, "value": "one"}
    two = {"text": {"type": "plain_text", "text": "Two", "emoji": True}, "value": "two"}
    assert errors == {}
    assert (view["private_metadata"], view["callback_id"]) == ("m", "form")
    assert {name: state["v"] for name, state in view["state"]["values"].items()} == {
        "text": {"type": "plain_text_input", "value": "words"},
        "one": {"type": "static_select", "selected_option": one},
        "many": {"type": "multi_static_select", "selected_options": [two]},
        "radio": {"type": "radio_buttons", "selected_option": one},
        "boxes": {"type": "checkboxes", "selected_options": [one]},
        "day": {"type": "datepicker", "selected_date": "2027-03-10"},
        "time": {"type": "timepicker", "selected_time": "14:30"},
        "moment": {"type": "datetimepicker", "selected_date_time": int(heard.now.timestamp())},
        "person": {"type": "users_select", "selected_user": "U0BEAWHITL"},
        "place": {"type": "conversations_select", "selected_conversation": "C0ANNOUNCE"},
        "count": {"type": "number_input", "value": "3"},
        "empty": {"type": "multi_users_select", "selected_users": []},
        "blank": {"type": "users_select", "selected_user": None},
    }
    assert heard.modal("ana") is None


def test_only_a_modal_that_asked_for_it_tells_that_it_was_closed(heard, listener):
    open_modal(heard, section())
    heard.close("ana")
    open_modal(heard, section(), notify_on_close=True)
    heard.close("ana")

    assert [(body["type"], body["is_cleared"]) for body in listener.payloads] == [("view_closed", False)]


def test_typing_in_an_external_menu_asks_the_bot_for_options(heard, listener):
    open_modal(heard, entry({"type": "external_select", "action_id": "v"}, block_id="topic"))
    listener.answer(body={"options": [option("Maps", "maps")]})
    listener.answer()

    heard.submit("ana", {"topic": "Maps"})

    asked, sent = listener.payloads
    assert (asked["type"], asked["action_id"], asked["block_id"], asked["value"]) == (
        "block_suggestion",
        "v",
        "topic",
        "Maps",
    )
    assert "trigger_id" not in asked
    assert sent["view"]["state"]["values"]["topic"]["v"]["selected_option"]["value"] == "maps"


def test_a_message_comes_as_an_event_with_its_text_escaped(heard, listener):
    heard.write("ana", "tea & <topics>")

    body = listener.payloads[-1]
    event = body["event"]
    assert (body["type"], body["event_id"][:2], body["authorizations"][0]["user_id"]) == (
        "event_callback",
        "Ev",
        "U0FLIPSIDE",
    )
    assert (event["type"], event["channel_type"], event["channel"], event["user"]) == (
        "message",
        "im",
        "D0ANADUART",
        ANA,
    )
    assert event["text"] == "tea &amp; &lt;topics&gt;"
    assert event["blocks"][0]["elements"][0]["elements"][0]["text"] == "tea & <topics>"
    assert "thread_ts" not in event


def test_a_reply_in_a_thread_tells_its_thread(heard, listener):
    message = post(heard)

    heard.write("ana", "indeed", thread_ts=message["ts"])

    assert listener.payloads[-1]["event"]["thread_ts"] == message["ts"]


def test_the_bots_own_messages_and_changes_are_events_too(heard, listener):
    message = post(heard)
    heard.answer("chat.update", {"channel": "D0ANADUART", "ts": message["ts"], "text": "ho"}, heard.token)
    heard.settle()

    posted, changed = (body["event"] for body in listener.payloads)
    assert posted["bot_id"] == "B0FLIPSIDE"
    assert (changed["subtype"], changed["message"]["text"], changed["previous_message"]["text"]) == (
        "message_changed",
        "ho",
        "hi",
    )
    assert "bot_id" not in changed


def test_what_the_manifest_does_not_subscribe_to_is_not_sent(heard, listener):
    heard.write("ana", "hello all", channel="#announcements")

    assert listener.heard == []


def test_opening_the_home_shows_the_view_once_there_is_one(heard, listener):
    heard.open_home("ana")
    heard.answer("views.publish", {"user_id": ANA, "view": {"type": "home", "blocks": [section()]}}, heard.token)
    heard.open_home("ana")

    first, second = (body["event"] for body in listener.payloads)
    assert (first["type"], first["tab"], first["channel"]) == ("app_home_opened", "home", "D0ANADUART")
    assert "view" not in first
    assert second["view"]["type"] == "home"


def test_somebody_who_leaves_is_told_of_with_few_fields(heard, listener):
    heard.deactivate("ana")

    user = listener.payloads[-1]["event"]["user"]
    assert (user["id"], user["deleted"]) == (ANA, True)
    assert not {"tz", "real_name", "is_admin"} & set(user)


def test_the_bot_hears_who_joins_its_channels(heard, listener):
    heard.answer("conversations.join", {"channel": "C0GENERAL0"}, heard.token)
    heard.settle()

    event = listener.payloads[-1]["event"]
    assert (event["type"], event["user"], event["channel"]) == ("member_joined_channel", "U0FLIPSIDE", "C0GENERAL0")


def test_an_event_is_tried_again_at_once_and_says_why(heard, listener):
    listener.answer(500, "boom")

    heard.write("ana", "hello")

    (_, first, body), (_, second, again) = listener.heard
    assert "x-slack-retry-num" not in first
    assert (second["x-slack-retry-num"], second["x-slack-retry-reason"]) == ("1", "http_error")
    assert json.loads(body)["event_id"] == json.loads(again)["event_id"]
    assert heard.errors == [("event message", "http_500", "boom")]


def test_an_event_is_tried_again_after_a_minute_and_after_five_more_and_then_lost(heard, listener):
    for _ in range(4):
        listener.answer(500)
    heard.write("ana", "hello")
    tries = [len(listener.heard)]

    for minutes in (0.9, 0.2, 4.7, 0.4, 60):
        heard.advance(timedelta(minutes=minutes))
        tries.append(len(listener.heard))

    assert tries == [2, 2, 3, 3, 4, 4]
    assert [headers.get("x-slack-retry-num") for _, headers, _ in listener.heard] == [None, "1", "2", "3"]
    assert len(heard.postman.lost) == 1


def test_an_event_is_not_tried_again_if_the_bot_says_so(heard, listener):
    listener.answer(500, X_Slack_No_Retry="1")

    heard.write("ana", "hello")

    assert len(listener.heard) == 1


def test_an_event_waits_while_the_bot_is_away(heard, listener):
    listener.is_running = False
    heard.write("ana", "hello")
    listener.is_running = True

    heard.start_bot()

    assert [headers["x-slack-retry-reason"] for _, headers, _ in listener.heard] == ["connection_failed"]
    assert heard.errors == []


def test_a_command_to_a_bot_that_is_away_times_out(heard, listener):
    listener.is_running = False

    with pytest.raises(BotDidNotAnswer):
        heard.command("ana", "/tiny hello")
    assert heard.space.notices[ANA] == "operation_timeout"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"response_action": "errors", "errors": {"nowhere": "?"}}, "invalid_errors"),
        ({"response_action": "errors", "errors": {"free": "?"}}, "invalid_errors"),
        ({"response_action": "update", "view": modal(title=None)}, "invalid_arguments"),
        ({"response_action": "push", "view": modal(blocks=[])}, "invalid_arguments"),
        ({"response_action": "shut"}, "invalid_response_action"),
    ],
)
def test_a_wrong_answer_to_a_submission_is_noted_and_the_person_sees_trouble(heard, listener, answer, error):
    open_modal(heard, entry(block_id="i", optional=True), section(block_id="free"))
    listener.answer(body=answer)

    heard.submit("ana", {})

    assert [refused.error for refused in heard.errors] == [error]
    assert heard.space.notices[ANA].startswith("We had some trouble")
    assert heard.modal("ana") is not None


def test_a_bot_that_answers_badly_is_noted(heard, listener):
    listener.answer(404, "unhandled request")

    heard.command("ana", "/tiny hello")

    assert heard.errors == [("command", "http_404", "unhandled request")]


def test_values_stay_over_an_update_where_the_ids_stay(heard):
    kept = entry({"type": "plain_text_input", "action_id": "t"}, block_id="kept", optional=True)
    view = open_modal(heard, kept, entry({"type": "plain_text_input", "action_id": "t"}, block_id="old", optional=True))
    heard.acting.press(ANA, heard.space.views[view["id"]], "kept", "t", "words")

    fresh = modal(kept, entry({"type": "plain_text_input", "action_id": "t"}, block_id="new", optional=True))
    updated = heard.answer("views.update", {"view_id": view["id"], "view": fresh}, heard.token)["view"]

    assert updated["state"]["values"]["kept"]["t"]["value"] == "words"
    assert updated["state"]["values"]["new"]["t"]["value"] is None


def test_a_slow_bot_is_not_waited_for(heard, listener, monkeypatch):
    monkeypatch.setattr("sandbox.delivery.SLACK_WAITS", 0.1)
    listener.answer(SILENCE)

    with pytest.raises(BotDidNotAnswer):
        heard.command("ana", "/tiny hello")
    assert heard.errors == [("command", "operation_timeout", "")]


def test_a_slow_event_is_tried_again_because_of_the_time(heard, listener, monkeypatch):
    monkeypatch.setattr("sandbox.delivery.SLACK_WAITS", 0.1)
    listener.answer(SILENCE)

    heard.write("ana", "hello")

    assert listener.heard[-1][1]["x-slack-retry-reason"] == "http_timeout"
