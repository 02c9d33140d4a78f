"""`python app.py match PROGRAMME`: an operator looks ahead, has a round proposed, and has one checked again."""

import json
import sqlite3
from datetime import timedelta

from click.testing import Result
from conftest import Town
from flows.telling import AI, DATA, join, set_up
from typer.testing import CliRunner

import app
from sandbox import Sandbox

PROVEN = "No other round places more people or fits better; checked."


def match(box: Sandbox, *words: str) -> Result:
    """With the bot's own settings, but no Slack to be reached."""
    env = box.bot.env | {"SLACK_API_URL": "http://127.0.0.1:9/api/"}
    result = CliRunner().invoke(app.cli, ["match", *words], env=env)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def ask(box: Sandbox, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(box.bot.env["DATABASE_URL"].removeprefix("sqlite:///")) as db:
        return db.execute(sql).fetchall()


def four_who_wait(box: Sandbox) -> None:
    set_up(box)
    join(box, "ana", "Mentor", [AI])
    join(box, "bea", "Mentor", [DATA], avoid=["oliver"])
    join(box, "oliver", "Mentee", [AI])
    join(box, "tomas", "Mentee", [DATA])


def test_an_operator_looks_ahead_and_nothing_is_stored(town: Town) -> None:
    box = town()
    four_who_wait(box)

    table = match(box, "look up", "--dry-run").stdout.splitlines()
    assert table[0].split() == ["mentor", "mentee", "fit", "why"]
    assert {tuple(line.split()[0::3][:2]) for line in table[1:3]} == {("Ana", "Oliver"), ("Bea", "Tomás")}
    assert all(AI in line or DATA in line for line in table[1:3])
    assert table[-1] == f"2 of 2 mentees placed. {PROVEN} Nothing was stored."

    found = json.loads(match(box, "1", "--dry-run", "--json").stdout)
    assert set(found) == {"placed", "pairs", "unplaced", "certificate"}, "no total and no prices: secrets are in them"
    assert set(found["pairs"][0]) == {"mentor", "mentee", "fit", "band", "reasons"}
    assert ask(box, "SELECT count(*) FROM round") == [(0,)]


def test_a_round_can_be_checked_until_it_is_tampered_with_or_its_proof_is_gone(town: Town) -> None:
    box = town()
    four_who_wait(box)

    asked = match(box, "1")
    assert asked.stdout.startswith("Round 1 is asked for: the running bot works on it, and tells Ruth")
    box.advance(timedelta(minutes=2))
    assert ask(box, "SELECT state, placed FROM round") == [("proposed", 2)]
    assert ask(box, "SELECT count(*) FROM pair") == [(0,)], "a coordinator decides"
    again = match(box, "1")
    assert again.exit_code == 1
    assert again.stderr.endswith("Round 1 is there already, and waits for a coordinator: nothing was changed.\n")

    proven = match(box, "Look Up", "--check", "1")
    assert (proven.exit_code, proven.stdout) == (0, f"Round 1: 2 people placed. {PROVEN}\n")
    ask(box, "UPDATE proposal SET mentee_id = 7 - mentee_id")  # 3 and 4 change places
    refused = match(box, "1", "--check", "1")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "Round 1 isn't proven to be the best: it pairs two who may not be paired" in refused.stderr
    ask(box, "UPDATE proposal SET mentee_id = 7 - mentee_id")

    box.command("bea", "/flipside leave")
    box.press("bea", "Leave the programme")
    gone = match(box, "1", "--check", "1")
    assert gone.exit_code == 1
    assert "somebody who was in it has left, and the proof went with what they told in confidence" in gone.stderr
    assert ask(box, "SELECT problem FROM round") == [(None,)]
    assert "has no round 2" in match(box, "1", "--check", "2").stderr
