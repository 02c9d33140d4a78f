"""What Slack answers is sorted into said, surely refused, and nobody knows: against a real server on this machine."""

import logging
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from slack_sdk import WebClient
from web import HALF, RESET, SILENCE, Reply, Slack

from bot.due import Message
from bot.slack import kit, speaking
from bot.slack.speaking import Refused, Sent, Unclear
from store.models import Delivery

MARK = "a" * 32
DAY = timedelta(days=1)
HELLO = Message("Hello", [kit.section("Hello")])
PAGE = "<html><body><h1>A page of a proxy between us and Slack</h1>" + "x" * 200 + "</body></html>"
STORED = Reply({"ok": True, "channel": "D0ANA", "ts": "1.000001"})


@pytest.fixture
def slack() -> Iterator[Slack]:
    with web.slack() as made:
        yield made


@pytest.fixture
def client(slack: Slack) -> WebClient:
    made = speaking.client("xoxb-test", slack.url)
    made.timeout = 1  # enough on this machine; `speaking.TIMEOUT` is for Slack
    return made


def post(slack: Slack, client: WebClient, answer: Reply) -> speaking.Outcome:
    slack.answers["chat.postMessage"] = answer
    return speaking.post(client, "U0ANA", HELLO, MARK)


# A message


def test_a_message_that_slack_took_is_sent(slack: Slack, client: WebClient) -> None:
    assert post(slack, client, STORED) == Sent("D0ANA", "1.000001")


def test_it_carries_its_mark_and_nothing_is_unfolded(slack: Slack, client: WebClient) -> None:
    post(slack, client, STORED)

    [sent] = slack.of("chat.postMessage")
    assert (sent["channel"], sent["text"]) == ("U0ANA", "Hello")
    assert sent["metadata"] == {"event_type": "flipside", "event_payload": {"id": MARK}}
    assert (sent["unfurl_links"], sent["unfurl_media"]) == (False, False)


@pytest.mark.parametrize(
    "code",
    [
        "channel_not_found",
        "not_in_channel",
        "no_permission",
        "is_archived",
        "msg_too_long",
        "invalid_blocks",
        "a_code_nobody_knows",
    ],
)
def test_a_code_is_a_refusal(slack: Slack, client: WebClient, code: str) -> None:
    outcome = post(slack, client, Reply({"ok": False, "error": code}))

    assert outcome == Refused(code)
    assert not outcome.is_passing
    assert not outcome.is_gone


@pytest.mark.parametrize("code", ["user_disabled", "user_not_found"])
def test_some_refusals_say_that_the_person_is_gone(slack: Slack, client: WebClient, code: str) -> None:
    outcome = post(slack, client, Reply({"ok": False, "error": code}))

    assert isinstance(outcome, Refused)
    assert outcome.is_gone
    assert outcome.is_about_person


def test_of_some_refusals_nothing_else_would_arrive_either() -> None:
    """The platform's "person not reachable"; how our message looks, or that we aren't in a channel, is none."""
    codes = ["channel_not_found", "invalid_user_combination", "cannot_dm_bot"]
    codes += ["restricted_action", "restricted_action_read_only_channel"]

    assert [Refused(code).is_about_person for code in codes] == [True] * 5
    assert [Refused(code).is_gone for code in codes] == [False] * 5
    assert not any(Refused(code).is_about_person for code in ("msg_too_long", "is_archived", "never_heard_of"))


@pytest.mark.parametrize(
    "code", ["account_inactive", "token_revoked", "invalid_auth", "missing_scope", "messages_tab_disabled"]
)
def test_a_workspace_that_is_shut_to_us_is_tried_again_later(slack: Slack, client: WebClient, code: str) -> None:
    """An operator has to do something; what is still due then goes out."""
    outcome = post(slack, client, Reply({"ok": False, "error": code}))

    assert isinstance(outcome, Refused)
    assert (outcome.is_passing, outcome.is_gone) == (True, False)


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (Reply({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": 7}), 7),
        (Reply({"ok": False, "error": "ratelimited"}, 429, {"retry-after": "0"}), 1),
        (Reply({"ok": False, "error": "ratelimited"}, 429), 30),
        (Reply({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "soon"}), 30),
        (Reply({"ok": False, "error": "rate_limited"}), 30),
        (Reply(PAGE, 429, {"Retry-After": 7, "Content-Type": "text/html"}), 7),
    ],
    ids=["as documented", "no wait", "no header", "no number", "as a code", "as a page"],
)
def test_too_fast_is_a_refusal_that_passes(slack: Slack, client: WebClient, answer: Reply, seconds: float) -> None:
    outcome = post(slack, client, answer)

    assert isinstance(outcome, Refused)
    assert outcome.retry_after == seconds
    assert outcome.is_passing


@pytest.mark.parametrize(
    "answer",
    [
        Reply({"ok": False, "error": "internal_error"}),
        Reply({"ok": False, "error": "fatal_error"}),
        Reply({"ok": False, "error": "request_timeout"}),
        Reply({"ok": False, "error": "service_unavailable"}),
        Reply({"ok": False, "error": "anything"}, 500),
        Reply(PAGE, 502, {"Content-Type": "text/html"}),
        Reply(PAGE, 503, {"Content-Type": "text/html"}),
        Reply("", 504),
        Reply(PAGE, 200, {"Content-Type": "text/html"}),
        Reply("", 200),
        Reply("[]", 200),
        Reply("null", 200),
        HALF,
        RESET,
        SILENCE,
    ],
    ids=[
        "internal_error",
        "fatal_error",
        "request_timeout",
        "service_unavailable",
        "500",
        "502 with a page",
        "503 with a page",
        "504 with nothing",
        "200 with a page",
        "200 with nothing",
        "200 with a list",
        "200 with null",
        "half an answer",
        "a connection that breaks",
        "no answer in time",
    ],
)
def test_where_slack_may_have_taken_it_nobody_knows(slack: Slack, client: WebClient, answer: Reply) -> None:
    assert isinstance(post(slack, client, answer), Unclear)


def test_where_nobody_listens_nobody_knows() -> None:
    with web.slack() as gone:
        client = speaking.client("xoxb-test", gone.url)

    assert isinstance(speaking.post(client, "U0ANA", HELLO, MARK), Unclear)


def certified(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate that says so, and who shows it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number(), now - DAY, now + DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    shown, secret = folder / "shown.pem", folder / "secret.pem"
    shown.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(shown, secret)
    return shown, tls


@pytest.mark.parametrize(
    ("name", "is_trusted", "is_told"),
    [("localhost", True, True), ("localhost", False, False), ("elsewhere.example", True, False)],
)
def test_only_a_slack_that_shows_who_it_is_is_told_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, is_trusted: bool, is_told: bool
) -> None:
    shown, tls = certified(tmp_path, name)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(shown))

    with web.slack("localhost", tls, chat_postMessage=STORED) as slack:
        client = speaking.client("xoxb-test", slack.url)
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)  # they were read then, once for all calls
        outcomes = [speaking.post(client, "U0ANA", HELLO, MARK) for _ in range(2)]

    assert [isinstance(each, Sent) for each in outcomes] == [is_told] * 2
    assert len(slack.methods) == 2 * is_told


@pytest.mark.parametrize("answer", [RESET, SILENCE, Reply("", 503), Reply({"ok": False, "error": "internal_error"})])
def test_nothing_is_ever_sent_twice_by_itself(slack: Slack, client: WebClient, answer: Reply) -> None:
    """The SDK's own retry posts again after a lost connection, although Slack may have stored the first."""
    post(slack, client, answer)

    assert slack.methods == ["chat.postMessage"]


@pytest.mark.parametrize("status", [200, 404, 429, 503])
def test_every_reason_fits_where_it_is_stored(slack: Slack, client: WebClient, status: int) -> None:
    outcome = post(slack, client, Reply(PAGE, status, {"Content-Type": "text/html"}))

    assert isinstance(outcome, Refused | Unclear)
    assert len(outcome.code) <= Delivery.__table__.columns["error"].type.length


def test_what_slack_did_not_like_of_the_blocks_is_logged(
    slack: Slack, client: WebClient, caplog: pytest.LogCaptureFixture
) -> None:
    details = {"messages": ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]}

    post(slack, client, Reply({"ok": False, "error": "invalid_blocks", "response_metadata": details}))

    assert "json-pointer:/blocks/0/text/text" in caplog.text


def test_a_mistake_of_our_own_is_not_taken_for_an_answer_of_slacks() -> None:
    def mistaken() -> Any:
        raise KeyError("ours")

    with pytest.raises(KeyError):
        speaking.call(mistaken)


# A conversation


def test_a_group_is_opened_for_its_people(slack: Slack, client: WebClient) -> None:
    slack.answers["conversations.open"] = Reply({"ok": True, "channel": {"id": "G0PAIR"}})

    assert speaking.open_group(client, "U0ANA", "U0OLIVER") == "G0PAIR"
    assert slack.of("conversations.open")[0]["users"] == "U0ANA,U0OLIVER"


# The history


def history(*marks: str | None, cursor: str = "") -> Reply:
    """A page of messages: of ours with their marks, of others with none."""
    messages = [
        {"ts": f"{number}.0", **({"metadata": {"event_payload": {"id": mark}}} if mark else {"text": "Hello"})}
        for number, mark in enumerate(marks, 1)
    ]
    return Reply({"ok": True, "messages": messages, "response_metadata": {"next_cursor": cursor}})


def pages(**by_cursor: Reply) -> Any:
    """`first` is the page without a cursor."""
    return lambda asked: by_cursor[asked.fields.get("cursor", "first")]


def find(client: WebClient) -> Any:
    return speaking.find_marked(client, "D0ANA", MARK, 100.5, 280.25)


def test_a_message_is_found_by_its_mark_on_a_later_page(slack: Slack, client: WebClient) -> None:
    slack.answers["conversations.history"] = pages(
        first=history("b" * 32, None, cursor="second"),
        second=history(None, cursor="third"),
        third=history(None, "c" * 32, MARK),
    )

    assert find(client) == Sent("D0ANA", "3.0")
    assert [asked.get("cursor") for asked in slack.of("conversations.history")] == [None, "second", "third"]


def test_it_is_absent_only_when_every_page_was_read(slack: Slack, client: WebClient) -> None:
    slack.answers["conversations.history"] = pages(first=history(None, cursor="second"), second=history("b" * 32))

    assert find(client) is None
    assert len(slack.asked) == 2


def test_a_page_that_can_not_be_read_leaves_it_open(slack: Slack, client: WebClient) -> None:
    slack.answers["conversations.history"] = pages(first=history(None, cursor="second"), second=Reply("", 503))

    assert isinstance(find(client), Unclear)


def test_a_history_that_is_closed_to_us_is_a_refusal(slack: Slack, client: WebClient) -> None:
    slack.answers["conversations.history"] = Reply({"ok": False, "error": "channel_not_found"})

    assert find(client) == Refused("channel_not_found")


def test_only_the_time_in_question_is_read_and_metadata_with_it(slack: Slack, client: WebClient) -> None:
    slack.answers["conversations.history"] = history()

    find(client)

    [asked] = slack.of("conversations.history")
    assert (asked["oldest"], asked["latest"]) == ("100.500000", "280.250000")
    assert asked["include_all_metadata"] in ("1", "true", "True")
    assert asked["inclusive"] in ("1", "true", "True")


@pytest.fixture(autouse=True)
def no_noise() -> Iterator[None]:
    """The SDK logs each failure by itself; here they are meant."""
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("slack_sdk").setLevel(logging.NOTSET)
