"""Files that people put into a form: who may see such a form, what the bot hears of them, and how it reads them."""

import urllib.request

import pytest
import yaml

from sandbox.desk import Desk
from sandbox.filling import CannotDo
from tests.sandbox.conftest import MANIFEST, MONDAY, TINY_BOT, Slack
from tests.sandbox.kit import ANA, BEA, entry, modal

FORM = modal(entry({"type": "file_input", "action_id": "v", "filetypes": ["csv"], "max_files": 1}, block_id="file"))


@pytest.fixture
def manifest(tmp_path):
    """That of the tiny bot, with the scope for reading files."""
    told = yaml.safe_load(MANIFEST.read_text())
    told["oauth_config"]["scopes"]["bot"].append("files:read")
    file = tmp_path / "manifest.yml"
    file.write_text(yaml.safe_dump(told))
    return file


@pytest.fixture
def reader(tmp_path, manifest):
    desk = Desk(tmp_path / "desk", now=MONDAY, manifest=manifest, bot_command=TINY_BOT)
    yield Slack(desk)
    desk.server.stop()


def form_open(box):
    trigger = box.space.triggers.new(ANA, box.now)
    return box.answer("views.open", {"trigger_id": trigger, "view": FORM}, box.token)["view"]


def get(url, token=""):
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
        return answer.url, answer.headers["content-type"], answer.read()


def test_a_form_that_takes_files_needs_the_scope_for_reading_them(slack, reader):
    refused = slack("views.open", trigger_id=slack.trigger(), view=FORM)
    taken = reader("views.open", trigger_id=reader.trigger(), view=FORM)

    assert (refused["ok"], refused["error"], refused["needed"]) == (False, "missing_scope", "files:read")
    assert taken["ok"]


def test_a_sent_form_tells_of_its_file_as_slack_does(heard, listener):
    form_open(heard)

    assert heard.submit("ana", {"file": [("people.csv", b"slack_id,name\n")]}) == {}

    told = listener.acts[-1]["view"]["state"]["values"]["file"]["v"]
    assert told["type"] == "file_input"
    [file] = told["files"]
    assert (file["name"], file["size"], file["user"], file["mimetype"]) == ("people.csv", 14, ANA, "text/csv")
    assert file["url_private_download"].startswith(f"{heard.url}/files-pri/T0TIDEWELL-{file['id']}/download/")


def test_a_required_file_that_is_lacking_keeps_the_form_open(heard, listener):
    form_open(heard)

    assert heard.submit("ana", {}) == {"Say": "Please complete this required field."}
    assert listener.heard == []


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ([("people.xlsx", b"x")], "not of a kind"),
        ([("a.csv", b"a"), ("b.csv", b"b")], "no more than 1"),
        ([("large.csv", b"x" * (10 * 1024**2 + 1))], "up to 10 MB"),
    ],
    ids=["another kind", "too many", "too large"],
)
def test_what_slacks_client_holds_back_is_held_back(heard, files, why):
    form_open(heard)

    with pytest.raises(CannotDo, match=why):
        heard.submit("ana", {"file": files})


def test_somebody_elses_file_is_nobodys_to_send(heard):
    view = form_open(heard)
    theirs = heard.acting.upload(BEA, "people.csv", b"x")

    with pytest.raises(CannotDo, match="no file of theirs"):
        heard.acting.submit(ANA, heard.space.views[view["id"]], {"file": {"v": [theirs]}})


def test_the_bot_asks_about_a_file_and_hears_when_it_is_gone(reader, slack):
    file = reader.desk.acting.upload(ANA, "people.csv", b"x")

    assert reader("files.info", file=file)["file"]["id"] == file
    assert reader("files.info", file="F0NOWHERE")["error"] == "file_not_found"
    assert slack("files.info", file=file)["error"] == "missing_scope"
    reader.desk.acting.delete_file(ANA, file)
    assert reader("files.info", file=file)["error"] == "file_deleted"


def test_only_the_bot_reads_a_file_and_anybody_else_is_shown_where_to_sign_in(heard):
    file = heard.acting.upload(ANA, "Our people.csv", b"slack_id,name\n")
    address = heard.answer("files.info", {"file": file}, heard.token)["file"]

    assert get(address["url_private"], heard.token)[2] == b"slack_id,name\n"
    assert get(address["url_private_download"], heard.token)[2] == b"slack_id,name\n"
    for token in ("", "xoxb-of-somebody"):
        url, kind, body = get(address["url_private"], token)
        assert url == f"{heard.url}/signin"
        assert kind.startswith("text/html")
        assert b"slack_id" not in body


def test_without_the_scope_not_even_the_bot_reads_it(slack):
    file = slack.desk.acting.upload(ANA, "people.csv", b"x")

    assert slack.desk.private_file(file, slack.desk.token) is None


def test_a_file_of_the_bots_own_is_not_served_there(reader):
    asked = reader("files.getUploadURLExternal", filename="a.ics", length=3)
    reader.desk.take_upload(asked["file_id"], b"ICS")

    assert reader.desk.private_file(asked["file_id"], reader.desk.token) is None
