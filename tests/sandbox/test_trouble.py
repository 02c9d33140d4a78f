"""The bot killed at exact points, and answers that fail: what is stored then, and what the bot got to know."""

import sys
from concurrent.futures import ThreadPoolExecutor
from http.client import RemoteDisconnected
from urllib.error import URLError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import Sandbox
from tests.sandbox.conftest import MANIFEST, MONDAY, TINY_BOT
from tests.sandbox.kit import ANA


@pytest.fixture
def client(tmp_path):
    """Slack's own client against the server, with no bot there."""
    box = Sandbox(tmp_path, now=MONDAY, manifest=MANIFEST, bot_command=TINY_BOT)
    box.server.start()
    client = WebClient(box.token, base_url=f"{box.url}/api/", retry_handlers=[])
    client.box = box
    yield client
    box.server.stop()


def said(box):
    return [message.text for message in box.dm("ana")]


@pytest.mark.parametrize(
    ("point", "stored"), [("before_storing", []), ("after_storing", ["hello"]), ("after_answering", ["hello"])]
)
def test_a_kill_leaves_exactly_what_was_stored_and_a_bot_that_knows_nothing(box, tmp_path, point, stored):
    box.kill_at(point)

    box.command("ana", "/tiny note hello")

    assert said(box) == stored
    assert box.kills == {point: 1}
    assert not box.bot_is_running
    # The bot notes down what it got an answer to: it never got that far.
    assert not (tmp_path / "noted").exists()
    assert box.errors == []


def test_a_bot_comes_back_and_hears_what_it_missed(box):
    box.kill_at("after_answering", times=2)

    box.write("ana", "one")
    box.start_bot()
    box.write("ana", "two")
    box.start_bot()
    box.write("ana", "three")

    heard = [text for text in said(box) if text.startswith("heard")]
    assert box.kills == {"after_answering": 2}
    # Whether the kill came before or after the event's own ack is chance: it may be heard again, never not at all.
    assert {text.split()[1] for text in heard} == {"one", "two", "three"}
    assert box.errors == []


def test_a_kill_waits_for_a_call_that_slack_would_take(client):
    client.box.kill_at("after_storing", "chat.update")

    with pytest.raises(SlackApiError, match="message_not_found"):
        client.chat_update(channel=client.conversations_open(users=ANA)["channel"]["id"], ts="1.000001", text="hi")

    assert client.box.kills == {}


def test_a_bot_that_dies_by_itself_is_noted(box):
    with pytest.raises(Exception, match="connection_failed"):
        box.command("ana", "/tiny die")

    assert [(refused.method, refused.error) for refused in box.errors] == [("bot", "ended with 7")]


def test_a_bot_that_is_killed_while_it_starts_is_down_and_no_failure(tmp_path):
    never_ready = [sys.executable, "-c", "import time; time.sleep(60)"]
    box = Sandbox(tmp_path, now=MONDAY, manifest=MANIFEST, bot_command=never_ready)
    box.server.start()
    starting = ThreadPoolExecutor(1).submit(box.bot.start)
    while not box.bot_is_running:
        assert not starting.done()

    box.kill_bot()

    assert starting.result(timeout=10) is None
    assert not box.bot_is_running
    box.server.stop()


def test_a_bot_stops_in_peace(box):
    assert box.stop_bot() == 0
    assert box.errors == []


def test_too_many_requests_tell_when_to_come_back(client):
    client.box.fail_next("chat.postMessage", 429, retry_after=7)

    with pytest.raises(SlackApiError) as failure:
        client.chat_postMessage(channel=ANA, text="hi")
    client.chat_postMessage(channel=ANA, text="hi again")

    assert failure.value.response.status_code == 429
    assert failure.value.response["error"] == "ratelimited"
    assert failure.value.response.headers["Retry-After"] == "7"
    assert said(client.box) == ["hi again"]


@pytest.mark.parametrize(("stored", "left"), [(False, []), (True, ["hi"])])
@pytest.mark.parametrize("status", [500, "html", "reset"])
def test_an_unclear_answer_may_hide_a_stored_message(client, status, stored, left):
    client.box.fail_next("chat.postMessage", status, stored=stored)

    with pytest.raises((SlackApiError, URLError, RemoteDisconnected, ConnectionError)):
        client.chat_postMessage(channel=ANA, text="hi")

    assert said(client.box) == left
    assert [method for method, _ in client.box.calls] == ["chat.postMessage"]
    assert client.box.errors == []


def test_a_refusal_can_be_asked_for(client):
    client.box.fail_next("chat.postMessage", "restricted_action")

    with pytest.raises(SlackApiError, match="restricted_action"):
        client.chat_postMessage(channel=ANA, text="hi")


def test_a_reset_is_a_reset(client):
    client.box.fail_next("auth.test", "reset")

    with pytest.raises((ConnectionResetError, RemoteDisconnected, URLError)):
        client.auth_test()
    assert client.auth_test()["user_id"] == "U0FLIPSIDE"


def test_without_a_token_and_with_a_wrong_one(client):
    nobody = WebClient("", base_url=client.base_url)

    with pytest.raises(SlackApiError, match="not_authed"):
        nobody.auth_test()
    with pytest.raises(SlackApiError, match="invalid_auth"):
        client.auth_test(token="xoxb-other")


def test_each_answer_tells_the_scopes(client):
    assert "chat:write" in client.auth_test().headers["x-oauth-scopes"].split(",")
