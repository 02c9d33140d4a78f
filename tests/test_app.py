"""The commands of `python app.py`: what they print, and that whatever is wrong ends with a sentence and exit code 1."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import make
import pytest
import web
import yaml
from click.testing import Result
from cryptography.fernet import Fernet, MultiFernet
from typer.testing import CliRunner
from web import RESET, Reply, Slack

import app
from bot.settings import Settings
from store import agenda, people, workspaces
from store.database import Store

ROOT = Path(__file__).parents[1]
KEY = Fernet.generate_key().decode()
SCHEMA = json.loads((Path(__file__).parent / "slack" / "manifest.schema.json").read_text(encoding="utf-8"))
ME = Reply({"ok": True, "team_id": make.WORKSPACE, "team": "Tidewell", "user_id": "U0FLIPSIDE"})
TOKEN = "xoxb-a-secret-of-ours"

Run = Callable[..., Result]


@pytest.fixture
def slack() -> Iterator[Slack]:
    with web.slack(auth_test=ME) as made:
        yield made


@pytest.fixture
def database(databases: Any) -> str:
    return str(databases.make("sqlite", with_people=False))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, database: str, slack: Slack) -> Run:
    """Runs a command with settings that are right but for the changes; None takes one away."""

    def run(*arguments: str, **changes: str | None) -> Result:
        settings = {
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_SIGNING_SECRET": "made-up",
            "SLACK_API_URL": slack.url,
            "DATABASE_URL": database,
            "FLIPSIDE_KEYS": KEY,
        }
        for field in Settings.model_fields.values():
            monkeypatch.delenv(str(field.alias), raising=False)
        for name, value in (settings | changes).items():
            if value is not None:
                monkeypatch.setenv(name, value)
        return CliRunner().invoke(app.cli, list(arguments))

    return run


def said(result: Result) -> str:
    """What a command said before it gave up; a traceback would be no sentence."""
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit), result.exception
    assert TOKEN not in result.output
    return result.output.strip()


# Keys and the manifest need no settings


def test_a_new_key_is_one_that_the_settings_take() -> None:
    keys = [CliRunner().invoke(app.cli, ["keys", "new"]).output.strip() for _ in range(2)]

    assert MultiFernet([Fernet(key) for key in keys])
    assert keys[0] != keys[1]


def test_the_manifest_is_printed_for_socket_mode() -> None:
    printed = CliRunner().invoke(app.cli, ["manifest"]).output

    assert yaml.safe_load(printed) == yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))


def test_the_manifest_is_printed_for_http_in_a_form_that_slack_takes() -> None:
    printed = CliRunner().invoke(app.cli, ["manifest", "--url", "https://flipside.example.com"]).output

    found = yaml.safe_load(printed)
    jsonschema.Draft7Validator(SCHEMA).validate(found)
    assert found["settings"]["interactivity"]["request_url"] == "https://flipside.example.com/slack/events"


def test_app_py_runs_from_any_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "app.py"), "keys", "new"], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert Fernet(done.stdout.strip())
    assert done.stderr == ""


def test_numpy_is_loaded_for_a_list_of_people_alone() -> None:
    """`bot.pairing.listed.trial` is imported inside the functions that need it: a running bot never pays for it. Nor
    for what the workshop asks its engine, which is a process of its own."""
    asked = "import app, sys; print(sorted({'numpy', 'scipy', 'bot.pairing.workshop'} & {*sys.modules}))"

    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout == "['bot.pairing.workshop']\n"


# What is wrong at the start


@pytest.mark.parametrize(
    "command", [["serve"], ["migrate"], ["nudge"], ["people", "import", "people.csv"], ["match", "1"]]
)
def test_missing_settings_are_named_and_nothing_else_happens(run: Run, slack: Slack, command: list[str]) -> None:
    result = run(*command, SLACK_BOT_TOKEN=None, FLIPSIDE_KEYS=None)

    assert said(result).splitlines() == [
        "SLACK_BOT_TOKEN is missing: see Settings in README.md",
        "FLIPSIDE_KEYS is missing: see Settings in README.md",
    ]
    assert slack.asked == []


def test_a_programme_is_looked_for_where_slack_says_until_the_database_knows(
    run: Run, slack: Slack, database: str
) -> None:
    none = "There is no programme 1. There is none at all yet."

    assert said(run("match", "1")) == none
    assert [each.method for each in slack.asked] == ["auth.test"]
    assert said(run("match", "1")) == none
    assert len(slack.asked) == 1, "there is one workspace, so Slack isn't asked which"
    store = Store(database, MultiFernet([Fernet(KEY)]))
    with store.begin() as db:
        workspaces.keep(db, "T0OTHER", "Another", "U0FLIPSIDE")
    store.close()
    assert said(run("match", "1")) == none
    assert len(slack.asked) == 2


def test_words_that_are_missing_are_named(run: Run, tmp_path: Path) -> None:
    assert said(run("serve", PROMPTS_DIR=str(tmp_path))) == f"{tmp_path / 'en' / 'texts.toml'} is missing"


def test_a_database_that_is_not_migrated_is_told_how(run: Run, tmp_path: Path) -> None:
    result = run("serve", DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}")

    assert said(result) == "the database is not migrated: run `python app.py migrate` first"


@pytest.mark.parametrize("command", ["serve", "migrate"])
@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "postgresql://flipside:hidden@127.0.0.1:1/flipside"])
def test_a_database_that_can_not_be_reached_is_told_in_a_sentence(run: Run, command: str, url: str) -> None:
    answer = said(run(command, DATABASE_URL=url))

    assert "DATABASE_URL" in answer
    assert "hidden" not in answer
    assert len(answer.splitlines()) == 1


def test_a_token_that_slack_refuses_is_told_by_the_name_of_its_setting(run: Run, slack: Slack) -> None:
    slack.answers["auth.test"] = Reply({"ok": False, "error": "invalid_auth"})

    assert said(run("serve")) == "Slack refuses SLACK_BOT_TOKEN: invalid_auth"


@pytest.mark.parametrize(
    "answer",
    [Reply("<html>A proxy</html>", 502, {"Content-Type": "text/html"}), Reply("<html>A proxy</html>"), RESET],
    ids=["a failing proxy", "a page", "a connection that breaks"],
)
def test_a_slack_that_does_not_answer_as_slack_is_told_by_the_name_of_its_setting(
    run: Run, slack: Slack, answer: Reply
) -> None:
    slack.answers["auth.test"] = answer

    assert "SLACK_API_URL" in said(run("serve"))


def test_a_slack_that_is_not_there_is_told_by_the_name_of_its_setting(run: Run) -> None:
    answer = said(run("serve", SLACK_API_URL="http://127.0.0.1:1/api/"))

    assert answer.startswith("Slack can't be reached at SLACK_API_URL")


# Migrating


def test_migrating_makes_the_tables_and_may_be_done_again(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"

    results = [run("migrate", DATABASE_URL=url) for _ in range(2)]

    assert [(each.exit_code, each.output) for each in results] == [(0, "The database is migrated.\n")] * 2
    assert run("nudge", "--dry-run", DATABASE_URL=url).exit_code == 0


# People


def test_people_are_imported_and_counted(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("slack_id,name\nU0ANA,Ana\nU0BO,Bo\n")

    first, again = run("people", "import", str(file)), run("people", "import", str(file))

    assert (first.exit_code, first.output.splitlines()) == (
        0,
        ["2 added, 0 changed, 0 as before.", "Read as utf-8 (by itself)."],
    )
    assert (again.exit_code, again.output.splitlines()[0]) == (0, "0 added, 0 changed, 2 as before.")


def test_a_wrong_file_changes_nothing_and_every_wrong_line_is_named(run: Run, tmp_path: Path, database: str) -> None:
    file = tmp_path / "people.csv"
    file.write_text("slack_id,name\nU0ANA,Ana\nBo,Bo\nU0CY,\n")

    answer = said(run("people", "import", str(file)))

    assert answer.splitlines() == [
        "Nothing was changed. What is wrong:",
        "line 3: slack_id must be a person's Slack id, such as U012ABCDEF",
        "line 4: name is missing",
        "Read as utf-8 (by itself).",
    ]
    store = Store(database, MultiFernet([Fernet(KEY)]))
    with store.read() as db:
        assert people.all_of(db, make.WORKSPACE) == []


def test_a_dry_run_says_what_would_be_done_and_changes_nothing(run: Run, tmp_path: Path, database: str) -> None:
    file = tmp_path / "people.csv"
    file.write_text("slack_id,name,Boss,shoe size\nU0ANA,Ana,U0BO,38\nU0CY,\nU0BO,Bo,,44\n")

    result = run(
        "people", "import", str(file), "--dry-run", "--partial", "--verbose", "--column", "manager=boss",
        "--encoding", "latin-1",
    )  # fmt: skip

    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "It would be: 2 added, 0 changed, 0 as before, 1 skipped.",
        "line 2: U0ANA added",
        "line 4: U0BO added",
        "line 3: it has 2 fields, and the header 4",
        "Read as latin-1 (as asked).",
        "Columns not used: shoe size.",
    ]
    store = Store(database, MultiFernet([Fernet(KEY)]))
    with store.read() as db:
        assert people.all_of(db, make.WORKSPACE) == []


def test_what_is_doubtful_in_the_file_is_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("slack_id,name,manager\nU0ANA,Ana,U0BO\nU0BO,Bo,U0ANA\nU0CY,Cy,U0GHOST\n")

    result = run("people", "import", str(file))

    assert result.output.splitlines()[2:] == [
        "What is doubtful, and counts as not known:",
        "these report to each other in a circle: Ana (U0ANA), Bo (U0BO)",
        "Cy (U0CY) reports to U0GHOST, whom nobody knows",
    ]


def test_a_column_option_without_a_header_is_refused(run: Run) -> None:
    assert said(run("people", "import", "people.csv", "--column", "manager")) == (
        "--column manager: it must be FIELD=HEADER"
    )


def test_a_file_that_is_not_there_is_told(run: Run) -> None:
    assert "nowhere.csv can't be read" in said(run("people", "import", "nowhere.csv"))


# Nudging


@pytest.fixture
def ana_has_joined(run: Run, database: str, tmp_path: Path) -> None:
    """A member whose joining is to be confirmed."""
    file = tmp_path / "people.csv"
    file.write_text("slack_id,name,zone\nU0ANA,Ana,Europe/Lisbon\n")
    run("people", "import", str(file))
    store = Store(database, MultiFernet([Fernet(KEY)]))
    with store.begin() as db:
        ana = people.by_slack_id(db, make.WORKSPACE, ["U0ANA"])["U0ANA"]
        programme = make.programme(id=None, created_by=ana.id)
        db.add(programme)
        db.flush()
        db.add(make.member(id=None, programme_id=programme.id, person_id=ana.id))
        agenda.touch(db, make.WORKSPACE, [ana.id], make.MONDAY)
    store.close()


@pytest.mark.usefixtures("ana_has_joined")
def test_a_dry_run_says_what_would_go_to_whom_and_why_and_sends_nothing(run: Run, slack: Slack) -> None:
    result = run("nudge", "--now", "2027-03-01T09:00:00Z", "--dry-run")

    assert result.exit_code == 0
    assert re.search(
        r"^send  U0ANA \(Ana, Mon 01 Mar 09:00 Europe/Lisbon\): joined \[joined:1:1\]", result.output, re.M
    )
    assert result.output.endswith("Nothing was sent.\n")
    assert set(slack.methods) == {"auth.test"}


@pytest.mark.usefixtures("ana_has_joined")
def test_in_the_local_workspace_what_is_due_at_a_moment_can_be_sent_once(run: Run, slack: Slack) -> None:
    slack.answers["chat.postMessage"] = Reply({"ok": True, "channel": "D0ANA", "ts": "1.000001"})

    results = [run("nudge", "--now", "2027-03-01T09:00:00Z") for _ in range(2)]

    assert [each.exit_code for each in results] == [0, 0]
    assert [each["channel"] for each in slack.of("chat.postMessage")] == ["U0ANA"]


@pytest.mark.usefixtures("ana_has_joined")
def test_outside_the_local_workspace_nobody_is_messaged_early(run: Run) -> None:
    """127.0.0.2 is this machine too, but not one of the names by which the local workspace goes."""
    with web.slack("127.0.0.2", auth_test=ME) as real:
        answer = said(run("nudge", "--now", "2027-03-01T09:00:00Z", SLACK_API_URL=real.url))

    assert "It is refused outside the local workspace: add --dry-run." in answer
    assert "chat.postMessage" not in real.methods


def test_that_is_refused_before_slack_is_asked_anything(run: Run) -> None:
    with web.slack("127.0.0.2", auth_test=ME) as real:
        said(run("nudge", "--now", "2027-03-01T09:00:00Z", SLACK_API_URL=real.url))

    assert real.methods == []


@pytest.mark.parametrize(
    ("moment", "why"),
    [("tomorrow", "is not a moment such as 2027-03-01T09:00:00Z"), ("2027-03-01T09:00:00", "--now needs a zone")],
)
def test_a_moment_that_is_none_is_told(run: Run, moment: str, why: str) -> None:
    assert why in said(run("nudge", "--now", moment, "--dry-run"))
