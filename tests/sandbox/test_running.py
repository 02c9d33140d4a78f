"""`python -m sandbox` as a person runs it: started, stopped, and gone on with."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import Sandbox, saved
from sandbox.bot import Bot, BotDidNotStart, free_port
from sandbox.desk import Desk
from tests.sandbox.conftest import HERE, MANIFEST, MONDAY, TINY_BOT
from tests.sandbox.kit import ANA, modal

ROOT = HERE.parent.parent


def run(folder, port, *options):
    env = os.environ | {"PYTHONPATH": str(ROOT), "SANDBOX_PORT": str(port), "TINY_FOLDER": str(folder)}
    command = [sys.executable, str(HERE / "try_page.py"), *options]
    return subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)


def children(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_a_signal_stops_all_of_it(tmp_path, number):
    port = free_port()
    process = run(tmp_path, port)
    line = next(line for line in process.stderr if "http" in line)
    started = children(process.pid)

    process.send_signal(number)
    code = process.wait(20)
    process.stderr.close()

    assert re.search(rf"http://127\.0\.0\.1:{port} ", line)
    assert code == 0
    assert len(started) == 1
    assert not Path(f"/proc/{started[0]}").exists()
    assert json.loads((tmp_path / "workspace.json").read_text())["version"] == 1


def test_a_taken_port_is_a_sentence_that_says_what_to_do(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        process = run(tmp_path, port)
        _, said = process.communicate(timeout=20)

    assert process.returncode == 1
    assert said == f"Port {port} is taken: choose another one, as in SANDBOX_PORT={port + 10} make run\n"


def test_everything_is_there_again_after_a_restart(tmp_path):
    first = Sandbox(tmp_path, now=MONDAY, manifest=MANIFEST, bot_command=TINY_BOT)
    first.answer("chat.postMessage", {"channel": ANA, "text": "kept"}, first.token)
    first.answer("views.publish", {"user_id": ANA, "view": {"type": "home", "blocks": []}}, first.token)
    trigger = first.space.triggers.new(ANA, first.now)
    first.answer("views.open", {"trigger_id": trigger, "view": modal()}, first.token)
    asked = first.answer("files.getUploadURLExternal", {"filename": "a.ics", "length": 3}, first.token)
    first.take_upload(asked["file_id"], b"ICS")
    first.space.people["U0BEAWHITL"].deleted = True
    first.staff.hire("tane", "Tane Walker", zone="Pacific/Auckland", country="NZ")
    saved.save(first, tmp_path / "workspace.json")
    first.server.stop()

    second = Sandbox(tmp_path, manifest=MANIFEST, bot_command=TINY_BOT)
    taken_up = saved.load(second, tmp_path / "workspace.json")
    saved.save(second, tmp_path / "again.json")
    second.server.stop()

    assert taken_up
    assert [message.text for message in second.dm("ana")] == ["kept"]
    assert second.dm("ana") == first.dm("ana")
    assert (second.home("ana"), second.modal("ana")) == (first.home("ana"), first.modal("ana"))
    assert second.people["U0BEAWHITL"].deleted
    assert second.people[second.find("tane")] == first.people[first.find("tane")]
    assert second.space.files[asked["file_id"]].content == b"ICS"
    assert second.now >= MONDAY
    assert json.loads((tmp_path / "again.json").read_text()) == json.loads((tmp_path / "workspace.json").read_text())


def test_nothing_saved_is_a_new_workspace(tmp_path):
    desk = Desk(tmp_path, now=MONDAY, manifest=MANIFEST, bot_command=TINY_BOT)
    desk.server.stop()

    assert not saved.load(desk, tmp_path / "workspace.json")


def test_a_bot_that_does_not_start_says_its_last_words(tmp_path):
    command = [sys.executable, "-c", "import sys; sys.exit('FLIPSIDE_KEYS is missing')"]
    box = Sandbox(tmp_path, now=MONDAY, manifest=MANIFEST, bot_command=command)

    with pytest.raises(BotDidNotStart, match="FLIPSIDE_KEYS is missing"):
        box.start()
    assert not box.bot_is_running


def test_only_what_a_person_should_look_at_is_shown(tmp_path):
    lines = ["INFO all well", "WARNING look", "ERROR boom", "  in line 7", "INFO fine", "Traceback (most recent)"]
    command = [sys.executable, "-c", f"print({chr(10).join(lines)!r})"]
    bot = Bot(command, dict(os.environ), free_port(), tmp_path / "bot.log", tmp_path)
    shown = []
    bot.echo = shown.append

    with pytest.raises(BotDidNotStart):
        bot.start()
    bot.heard_out()

    assert shown == ["WARNING look", "ERROR boom", "  in line 7", "Traceback (most recent)"]
    assert (tmp_path / "bot.log").read_text().splitlines() == lines


def test_a_bot_never_gets_what_would_turn_it_to_another_mode(tmp_path, monkeypatch):
    for name in ("SLACK_APP_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        monkeypatch.setenv(name, "x")

    desk = Desk(tmp_path, now=MONDAY, manifest=MANIFEST, bot_command=TINY_BOT)
    desk.server.stop()

    assert not {"SLACK_APP_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"} & set(desk.bot.env)
    assert desk.bot.env["FLIPSIDE_COORDINATORS"] == "U0RUTHADEY,U0NOORSIDD"
