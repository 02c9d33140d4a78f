"""The JSON under the page, and who may use it."""

import http.client
import json

import pytest

from tests.sandbox.kit import ANA, actions, button, entry, modal, option

DM = "D0ANADUART"


@pytest.fixture
def call(heard):
    """A request as a browser sends it; headers can be spoilt."""

    def send(method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", heard.server.port)
        usual = {"Content-Type": "application/json", "Origin": heard.url} if method == "POST" else {}
        usual |= {name.replace("_", "-"): value for name, value in headers.items()}
        told = None if body is None else json.dumps(body)
        connection.request(method, path, told, {name: value for name, value in usual.items() if value})
        response = connection.getresponse()
        raw = response.read().decode()
        connection.close()
        is_json = "json" in response.headers.get("content-type", "")
        return response.status, json.loads(raw) if is_json else raw, response.headers

    return send


def act(call, **body):
    return call("POST", "/ui/act", {"as": ANA} | body)[1]


def state(call):
    return call("GET", f"/ui/state?as={ANA}")[1]


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/", {"Host": "evil.example:8750"}),
        ("GET", "/ui/state?as=", {"Host": "127.0.0.1"}),
        ("GET", "/ui/state?as=", {"Origin": "http://evil.example"}),
        ("GET", "/files/F000000001", {"Host": "evil.example"}),
        ("POST", "/ui/act", {"Host": "evil.example:8750"}),
        ("POST", "/ui/act", {"Origin": "http://evil.example"}),
        ("POST", "/ui/act", {"Origin": "null"}),
        ("POST", "/ui/act", {"Origin": ""}),
        ("POST", "/ui/clock", {"Content_Type": "text/plain"}),
        ("POST", "/ui/bot", {"Content_Type": "application/x-www-form-urlencoded"}),
        ("GET", "/ui/faults", {"Origin": "http://evil.example"}),
        ("POST", "/ui/faults", {"Origin": "http://evil.example"}),
    ],
)
def test_a_strange_page_gets_nothing(call, heard, method, path, headers):
    before = heard.space.revision

    status, _, _ = call(method, path, {"as": ANA, "do": "write"} if method == "POST" else None, **headers)

    assert status == 403
    assert heard.space.revision == before


def test_localhost_is_the_same_place(call, heard):
    host = f"localhost:{heard.server.port}"

    assert call("POST", "/ui/act", {"as": ANA, "do": "home"}, Host=host, Origin=f"http://{host}")[0] == 200


@pytest.mark.parametrize("path", ["/", "/ui/state?as=", "/nothing.js", "/files/F0"])
def test_every_answer_keeps_strict_headers(call, path):
    headers = call("GET", path)[2]

    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
    assert "unsafe" not in policy
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


@pytest.mark.parametrize("path", ["/..%2fbox.py", "/box.py", "/.hidden.js", "/page/main.js"])
def test_only_files_of_the_page_are_served(call, path):
    assert call("GET", path)[0] == 404


def test_the_state_is_told_once_per_revision(call):
    told = state(call)

    status, _, _ = call("GET", f"/ui/state?as={ANA}&rev={told['rev']}")
    assert status == 204
    assert told["me"]["zone"] == "Europe/Lisbon"
    assert told["zone_now"] == "Mon 1 Mar 2027, 08:00 (Europe/Lisbon)"
    assert [place["name"] for place in told["conversations"]] == ["announcements", "general", "Flipside"]


def test_the_first_look_is_a_coordinators_and_a_stranger_is_not_known(call):
    assert call("GET", "/ui/state?as=")[1]["me"]["id"] == "U0RUTHADEY"
    assert call("GET", "/ui/state?as=U0X")[0] == 404


def test_a_message_is_read_pressed_and_unread_again(call, heard, listener):
    blocks = [actions(button(action_id="go"), block_id="b")]
    ts = heard.answer("chat.postMessage", {"channel": ANA, "text": "hi", "blocks": blocks}, heard.token)["ts"]
    unread = state(call)["conversations"][-1]["unread"]

    act(call, do="read", channel=DM)
    pressed = act(call, do="press", message={"channel": DM, "ts": ts}, block_id="b", action_id="go")

    assert (unread, state(call)["conversations"][-1]["unread"]) == (1, 0)
    assert pressed == {"ok": True}
    assert listener.acts[-1]["actions"][0]["action_id"] == "go"


def test_a_form_goes_out_with_raw_values_and_its_errors_come_back(call, heard, listener):
    blocks = [entry({"type": "static_select", "action_id": "v", "options": [option()]}, block_id="i")]
    trigger = heard.space.triggers.new(ANA, heard.now)
    heard.answer("views.open", {"trigger_id": trigger, "view": modal(*blocks)}, heard.token)
    view = state(call)["modals"][-1]["id"]
    listener.answer(body={"response_action": "errors", "errors": {"i": "No."}})

    unknown = act(call, do="submit", view=view, values={"i": {"v": "two"}})
    missing = act(call, do="submit", view=view, values={"i": {"v": None}})
    wrong = act(call, do="submit", view=view, values={"i": {"v": "one"}})
    right = act(call, do="submit", view=view, values={"i": {"v": "one"}})

    assert unknown == {"ok": False, "error": "'two' is not among ['one']"}
    assert missing == {"ok": True, "errors": {"i": "Please complete this required field."}}
    assert wrong == {"ok": True, "errors": {"i": "No."}}
    assert right == {"ok": True}
    assert state(call)["modals"] == []


def test_a_chosen_file_is_kept_for_the_form_under_its_id(call, heard):
    kept = act(call, do="upload", name="people.csv", content="c2xhY2tfaWQ=")
    wrong = call("POST", "/ui/act", {"as": ANA, "do": "upload", "name": "people.csv", "content": "not base 64"})

    file = heard.space.files[kept["file"]]
    assert (file.name, file.content, file.user) == ("people.csv", b"slack_id", ANA)
    assert wrong[0] == 400


def test_a_press_takes_along_what_stands_in_the_form(call, heard, listener):
    inputs = entry({"type": "plain_text_input", "action_id": "t"}, block_id="i")
    trigger = heard.space.triggers.new(ANA, heard.now)
    view = heard.answer(
        "views.open",
        {"trigger_id": trigger, "view": modal(inputs, actions(button(action_id="go"), block_id="b"))},
        heard.token,
    )["view"]["id"]

    act(call, do="press", view=view, block_id="b", action_id="go", values={"i": {"t": "so far"}, "gone": {"x": "1"}})

    assert listener.acts[-1]["view"]["state"]["values"]["i"]["t"]["value"] == "so far"


def test_options_of_earlier_typing_stay_choosable(call, heard, listener):
    menu = entry({"type": "multi_external_select", "action_id": "v"}, block_id="i")
    trigger = heard.space.triggers.new(ANA, heard.now)
    view = heard.answer("views.open", {"trigger_id": trigger, "view": modal(menu)}, heard.token)["view"]["id"]
    listener.answer(body={"options": [option("Maps", "maps")]})
    listener.answer(body={"options": [option("Music", "music")]})

    first = act(call, do="suggest", view=view, block_id="i", action_id="v", value="ma")
    act(call, do="suggest", view=view, block_id="i", action_id="v", value="mu")
    sent = act(call, do="submit", view=view, values={"i": {"v": ["maps", "music"]}})

    assert first["options"] == [option("Maps", "maps")]
    assert sent == {"ok": True}


def test_the_clock_moves_forward_only(call):
    assert call("POST", "/ui/clock", {"days": 1})[1]["steps"] == 1
    assert call("POST", "/ui/clock", {"hours": -1})[1] == {"ok": False, "error": "the clock only moves forward"}


@pytest.mark.parametrize("body", [[], {"as": ANA}, {"as": ANA, "do": "submit", "view": 1}, {"do": "home"}])
def test_what_is_not_understood_is_told_so(call, body):
    status, told, _ = call("POST", "/ui/act", body)

    assert (status, told["ok"]) in ((400, False), (200, False))


def test_a_bot_that_is_away_is_told_in_a_sentence(call, listener):
    listener.is_running = False

    told = act(call, do="command", channel="C0GENERAL0", text="/tiny hello")

    assert told == {"ok": False, "error": "The bot did not answer in time (operation_timeout)."}
    assert state(call)["notice"] == "operation_timeout"


def test_a_file_is_downloaded_and_never_shown_in_place(call, heard):
    asked = heard.answer("files.getUploadURLExternal", {"filename": "meeting 1.ics", "length": 3}, heard.token)
    heard.take_upload(asked["file_id"], b"ICS")
    before = call("GET", f"/files/{asked['file_id']}")[0]
    done = {"files": [{"id": asked["file_id"]}], "channel_id": heard.space.im(ANA).id}
    heard.answer("files.completeUploadExternal", done, heard.token)

    status, body, headers = call("GET", state(call)["messages"][DM][-1]["files"][0]["url"])

    assert (before, status, body) == (404, 200, "ICS")
    assert headers["content-disposition"] == 'attachment; filename="meeting_1.ics"'
