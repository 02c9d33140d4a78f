"""Trouble of every kind on request: what the bot meets, what is stored, and what it does wrong."""

import threading
from datetime import timedelta

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import CannotDo, Sandbox
from sandbox.api import METHODS
from sandbox.chances import Chances
from sandbox.limits import CROWDED, TIER
from sandbox.limits import SPECIAL as WITHOUT_TIER
from tests.sandbox.conftest import MANIFEST, MONDAY, TINY_BOT
from tests.sandbox.kit import ANA

MINUTE = timedelta(minutes=1)
POST = "chat.postMessage"


@pytest.fixture
def make(tmp_path):
    """Slack's own client against a server without a bot."""
    boxes = []

    def made(**more):
        box = Sandbox(tmp_path, now=MONDAY, manifest=MANIFEST, bot_command=TINY_BOT, **more)
        box.server.start()
        boxes.append(box)
        client = WebClient(box.token, base_url=f"{box.url}/api/", retry_handlers=[])
        client.box = box
        return client

    yield made
    for box in boxes:
        box.server.stop()


@pytest.fixture
def client(make):
    return make()


def said(box):
    return [message.text for message in box.dm("ana")]


def post(client, text="hi", to=ANA):
    return client.chat_postMessage(channel=to, text=text)


def later(client, seconds):
    client.box.space.clock.set(client.box.now + timedelta(seconds=seconds))


def refused(call):
    """The code of a refusal and its Retry-After."""
    with pytest.raises(SlackApiError) as failure:
        call()
    return failure.value.response["error"], failure.value.response.headers.get("Retry-After")


# Storms of 429


def test_a_storm_lasts_for_a_span_of_the_workspaces_time_and_is_over_then(client):
    client.box.storm(5 * MINUTE, POST, retry_after=60)

    assert refused(lambda: post(client)) == ("ratelimited", "60")
    client.auth_test()
    later(client, 61)
    assert refused(lambda: post(client)) == ("ratelimited", "60")
    later(client, 300)
    post(client)

    assert said(client.box) == ["hi"]
    assert client.box.errors == []


def test_a_call_before_retry_after_is_over_is_refused_again_and_noted(client):
    client.box.storm(timedelta(seconds=1), POST, retry_after=30)
    refused(lambda: post(client))

    assert refused(lambda: post(client)) == ("ratelimited", "30")  # it may have been on its way
    later(client, 20)
    assert refused(lambda: post(client)) == ("ratelimited", "10")
    later(client, 11)
    post(client)

    noted = [(refusal.method, refusal.error, refusal.detail) for refusal in client.box.errors]
    assert noted == [(POST, "called_too_early", {"seconds_left": 10, "bot": 1})]
    assert said(client.box) == ["hi"]


def test_a_storm_over_all_methods_shuts_each_for_itself(client):
    client.box.storm(MINUTE, retry_after=20)

    assert refused(client.auth_test) == ("ratelimited", "20")
    later(client, 15)
    assert refused(lambda: post(client)) == ("ratelimited", "20")
    assert client.box.errors == []


def test_a_share_of_a_storm_is_the_same_for_the_same_seed(make):
    def struck(seed):
        client = make()
        client.box.storm(60 * MINUTE, retry_after=1, share=0.5, seed=seed)
        outcomes = []
        for _ in range(20):
            later(client, 2)
            try:
                client.auth_test()
                outcomes.append(True)
            except SlackApiError:
                outcomes.append(False)
        return outcomes

    assert struck(1) == struck(1) != struck(2)
    assert set(struck(1)) == {True, False}


# Slow answers


class Calling(threading.Thread):
    """A call in a thread of its own, since it waits."""

    def __init__(self, call):
        super().__init__(daemon=True)
        self.call, self.outcome = call, None
        self.start()

    def run(self):
        try:
            self.outcome = self.call()["ok"]
        except Exception as error:
            self.outcome = type(error).__name__

    def ended(self):
        self.join(10)
        return self.outcome


def test_a_slow_answer_is_held_until_it_is_released(client):
    client.box.slow_next(POST)

    call = Calling(lambda: post(client))
    held = client.box.wait_until_held()
    assert (held.method, held.bot, held.is_stored, said(client.box)) == (POST, 1, True, ["hi"])
    assert call.is_alive()
    client.box.release()

    assert call.ended() is True
    assert client.box.held == []


def test_a_bot_may_give_up_before_slack_stores_what_it_asked_for(client):
    client.box.slow_next(POST, stored=False)
    hasty = WebClient(client.box.token, base_url=client.base_url, retry_handlers=[], timeout=0.2)

    call = Calling(lambda: post(hasty))
    held = client.box.wait_until_held()
    assert call.ended() == "TimeoutError"
    assert held.given_up.wait(10)
    before = said(client.box)
    client.box.release()

    assert (before, said(client.box)) == ([], ["hi"])


def test_something_may_happen_while_an_answer_is_held(client):
    seen = []
    client.box.slow_next(POST, meanwhile=lambda: seen.extend(said(client.box)))

    post(client)

    assert seen == ["hi"]


def test_who_still_waits_is_answered_when_all_trouble_is_taken_back(client):
    client.box.slow_next(POST, stored=False)

    call = Calling(lambda: post(client))
    client.box.wait_until_held()
    client.box.no_trouble()

    assert (call.ended(), said(client.box), client.box.held) == (True, ["hi"], [])


def test_an_answer_may_be_late_by_real_seconds(client):
    client.box.slow_next("*", seconds=0.01, stored=False)

    post(client)

    assert said(client.box) == ["hi"]


# Tokens and channels


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive"])
def test_with_a_revoked_token_every_call_is_refused_until_it_is_restored(client, code):
    client.box.revoke(code)

    assert refused(client.auth_test)[0] == refused(lambda: post(client))[0] == code
    client.box.restore()
    post(client)

    assert said(client.box) == ["hi"]
    assert client.box.errors == []


def test_nobody_can_post_into_an_archived_channel(heard):
    def said_there():
        return heard.answer(POST, {"channel": "C0ANNOUNCE", "text": "hi"}, heard.token).get("error")

    heard.archive("#announcements")
    while_archived = said_there()
    with pytest.raises(CannotDo):
        heard.write("ana", "hello", channel="#announcements")
    heard.unarchive("#announcements")

    assert (while_archived, said_there()) == ("is_archived", None)


# By chance


def test_trouble_by_chance_is_decided_by_the_seed_alone():
    shares = {"before_storing": 0.1, "after_answering": 0.1, "reset": 0.2, "html": 0.1, "too_many": 0.1, "slow": 0.1}

    def told(seed):
        chances = Chances(seed, ("*",), **shares)
        for _ in range(100):
            chances.befalls(POST)
            chances.befalls("views.publish")
        return chances.met

    first = told(7)
    assert first == told(7) != told(8)
    assert {decided.what for decided in first} == {*shares, ""}
    assert {decided.stored for decided in first if decided.what == "reset"} == {True, False}
    again = Chances(7, **shares)
    assert first[-1] == again.decide("views.publish", 100)
    assert first[0] == again.decide(POST, 1)
    with pytest.raises(ValueError, match="more than all"):
        Chances(7, reset=0.6, html=0.5)


def test_chance_brings_what_was_decided_and_nothing_once_it_is_taken_back(client):
    chances = client.box.random_faults(3, POST, error=0.5, stored=1)
    outcomes = []
    for number in range(10):
        try:
            post(client, str(number))
            outcomes.append("")
        except SlackApiError:
            outcomes.append("error")
    client.auth_test()
    assert outcomes == [decided.what for decided in chances.met]
    assert set(outcomes) == {"", "error"}
    assert said(client.box) == [str(number) for number in range(10)]

    client.box.random_faults(3, "*", error=1)
    client.auth_test()  # without which no bot starts
    client.box.no_trouble()
    post(client)


def test_a_bot_is_killed_at_random_and_comes_back(box):
    box.random_faults(5, before_storing=0.2, after_storing=0.2, after_answering=0.2)

    for number in range(6):
        box.command("ana", f"/tiny say {number}")
        box.start_bot()

    met = [decided.what for decided in box.faults.chances.met]
    lost = [str(number) for number in range(6) if met[number] == "before_storing"]
    assert said(box) == [str(number) for number in range(6) if str(number) not in lost]
    assert box.kills.total() == 6 - met.count("")
    assert box.errors == []


# Slack's own limits


def broken(box):
    return [(each.limit, each.method, each.channel) for each in box.broken_limits]


def test_more_than_a_message_a_second_into_one_channel_is_noted(client):
    post(client, "one")
    post(client, "elsewhere", "C0ANNOUNCE")
    later(client, 1)
    post(client, "two")
    post(client, "three", "D0ANADUART")

    assert said(client.box) == ["one", "two", "three"]
    assert broken(client.box) == [(CROWDED, POST, "D0ANADUART")]
    assert client.box.crowded == client.box.broken_limits
    assert 0 < client.box.crowded[0].wait <= 1


def test_where_limits_are_enforced_slack_says_later_for_that_channel_alone(make):
    client = make(limits="enforce")
    post(client, "one")

    assert refused(lambda: post(client, "two")) == ("ratelimited", "1")
    post(client, "elsewhere", "C0ANNOUNCE")
    later(client, 1.1)
    post(client, "two")

    assert said(client.box) == ["one", "two"]
    assert len(client.box.crowded) == 1
    assert client.box.errors == []


@pytest.mark.parametrize("limits", ["note", "enforce"])
def test_calls_beyond_a_methods_tier_are_noted_and_refused_where_that_is_asked_for(make, limits):
    client = make(limits=limits)
    for _ in range(20):
        client.conversations_list()
    later(client, 20)

    if limits == "enforce":
        assert refused(client.conversations_list) == ("ratelimited", "40")
    else:
        client.conversations_list()
    client.auth_test()
    later(client, 41)
    client.conversations_list()

    assert broken(client.box) == [("20 calls a minute", "conversations.list", "")]


def test_too_many_messages_a_minute_in_the_workspace_are_noted(slack):
    for number in range(405):
        slack.space.clock.set(slack.space.now() + timedelta(seconds=0.1))
        slack.desk.counted.posted(POST, f"C{number}", 2)

    noted = slack.desk.counted.broken
    assert len(noted) == 5
    assert {(each.bot, each.limit) for each in noted} == {(2, "messages a minute in the workspace")}


def test_each_method_of_the_workspace_has_its_limit():
    assert set(METHODS) == set(TIER) | set(WITHOUT_TIER)


# Events


def texts(listener):
    return [body["event"]["text"] for body in listener.payloads]


def test_an_event_may_come_twice(heard, listener):
    heard.repeat_events()

    heard.write("ana", "one")
    heard.write("ana", "two")

    assert texts(listener) == ["one", "one", "two"]
    assert listener.payloads[0]["event_id"] == listener.payloads[1]["event_id"] != listener.payloads[2]["event_id"]


def test_an_event_may_come_late(heard, listener):
    heard.delay_events(MINUTE)

    heard.write("ana", "one")
    heard.write("ana", "two")
    before = texts(listener)
    heard.advance(2 * MINUTE)

    assert (before, texts(listener)) == (["two"], ["two", "one"])


def test_events_may_come_in_reverse_order(heard, listener):
    heard.reverse_events(3)

    for word in ("one", "two", "three", "four"):
        heard.write("ana", word)

    assert texts(listener) == ["three", "two", "one", "four"]


def test_events_that_wait_for_more_to_come_do_not_wait_for_ever(heard, listener):
    heard.reverse_events(3)

    heard.write("ana", "one")
    heard.write("ana", "two")
    before = texts(listener)
    heard.advance(MINUTE)

    assert (before, texts(listener)) == ([], ["two", "one"])


def test_events_by_chance_are_decided_by_the_seed_alone(heard, listener):
    chances = heard.random_events(4, twice=0.5)

    for number in range(8):
        heard.write("ana", str(number))

    expected = [str(number) for number in range(8) for _ in range(1 + chances.decide(number + 1)[0])]
    assert texts(listener) == expected
    assert 8 < len(expected) < 16
