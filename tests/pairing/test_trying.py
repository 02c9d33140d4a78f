"""`match --people` as it is typed: what it writes where, what it never overwrites, and how it ends."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

import app
from bot.pairing.listed import peoplefile, roundfile
from bot.pairing.listed.printing import PROVEN

HEADER = ",".join(peoplefile.COLUMNS)
ANA = "ana,mentor,,2,Platform,,,grace,Europe/Lisbon,en,AI,online,"
OLIVER = "oliver,mentee,,6,Sales,,,grace,Europe/Lisbon,en,AI,online,"
GRACE = "grace,,,,,,,,,,,,"
FAY = "fay,mentee,,6,=1+1,,,grace,Europe/Lisbon,ja,Data,online,"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, ANA, OLIVER, FAY)
    return tmp_path


def write(folder: Path, *rows: str) -> None:
    (folder / "people.csv").write_text("\n".join([HEADER, *rows, GRACE]), encoding="utf-8")


def run(*words: str) -> Result:
    result = CliRunner().invoke(app.cli, ["match", "--people", "people.csv", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def made(folder: Path, name: str = "round.json") -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_the_list_alone_prints_a_table_of_pairs_and_of_who_has_nobody(folder: Path) -> None:
    shown = run()

    first, pair, *_, last = shown.stdout.splitlines()
    assert first.split() == ["mentor", "mentee", "fit", "why"]
    assert pair.split()[:2] == ["ana", "oliver"]
    assert "Shared topics: AI" in pair
    assert "Not placed:\nfay  mentee  Of all mentors (1): no language in common (1)." in shown.stdout
    assert last.startswith("1 of 2 mentees placed, total fit ")
    assert last.endswith(PROVEN)
    assert names(folder) == ["people.csv"]


def test_json_and_csv_go_to_files_or_are_printed(folder: Path) -> None:
    assert run("--json", "round.json", "--csv", "pairs.csv").exit_code == 0
    printed_json, printed_csv = run("--json").stdout, run("--csv", "--seed", "1").stdout

    assert json.loads(printed_json) == made(folder)
    assert printed_csv == (folder / "pairs.csv").read_text()
    assert [row["mentee"] for row in csv.DictReader(io.StringIO(printed_csv))] == ["oliver"]


def test_the_day_and_the_seed_are_kept_with_the_round_and_the_check_goes_by_them(folder: Path) -> None:
    """New York and Lisbon share three working hours, and four in the weeks when one of them alone has summer time."""
    write(folder, ANA, OLIVER.replace("Lisbon", "London").replace("Europe/London", "America/New_York"))
    found = run("--json", "round.json", "--day", "2027-03-20", "--seed", "7")

    assert found.stdout.startswith("1 of 1 mentee placed, total fit ")
    assert {name: made(folder)["certificate"][name] for name in ("day", "seed")} == {"day": "2027-03-20", "seed": 7}
    assert run("--check", "round.json", "--fits", "fits.csv", "--day", "2027-04-20").exit_code == 0
    [fit] = csv.DictReader(io.StringIO((folder / "fits.csv").read_text()))
    assert int(fit["fit"]) == made(folder)["total"], "the fits are those of the round's own day"


def test_what_is_to_be_checked_is_never_written_anew(folder: Path) -> None:
    first = run("--json", "round.json", "--check", "round.json")
    assert first.exit_code == 0, "it isn't there yet: it is made, and checked"
    whole = made(folder)
    (folder / "round.json").write_text(json.dumps(whole | {"total": whole["total"] + 1}))

    refused = run("--json", str(folder / "round.json"), "--check", "round.json")

    assert refused.exit_code == 1
    assert made(folder)["total"] == whole["total"] + 1
    assert "round.json isn't proven to be the best round of these people: the total of these pairs is" in refused.output


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it isn't JSON"),
        (b"[]", "it must be an object"),
        (b"{}", "certificate is missing"),
        (b"\xff\xfe{", "it isn't JSON"),
        (b'{"certificate": 5}', "certificate must be an object"),
        (b"[" * 100_000, "it isn't JSON"),
        (b'{"certificate": {"prices": {}, "day": "today"}, "pairs": [], "unplaced": [], "total": 0, "placed": 0}',
         "day must be a date such as 2026-11-22"),
        (b'{"certificate": {"prices": {}, "day": "0001-01-01"}, "pairs": [], "unplaced": [], "total": 0, "placed": 0}',
         "day must be a date such as 2026-11-22"),
        (b'{"certificate": {"prices": {}}, "pairs": [], "unplaced": [], "total": 1e3, "placed": 0}',
         "total must be a whole number"),
    ],
)  # fmt: skip
def test_what_is_no_round_is_refused_with_the_reason(folder: Path, content: bytes, why: str) -> None:
    (folder / "round.json").write_bytes(content)

    refused = run("--check", "round.json")

    assert (refused.exit_code, refused.stderr) == (1, f"round.json is no round: {why}.\n")


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("--check", "none.json"), 1, "none.json can't be read: No such file or directory"),
        (("--json", "no/round.json"), 1, "no/round.json can't be written: No such file or directory"),
        (("--fits", "."), 1, ". can't be written: Is a directory"),
        (("--day", "soon"), 1, "--day: soon is not a day such as 2026-11-22"),
        (("--day", "9999-12-31"), 1, "--day: 9999-12-31 is not a day such as 2026-11-22"),
    ],
)
def test_what_is_asked_for_wrongly_is_told_in_a_sentence(
    folder: Path, words: tuple[str, ...], code: int, why: str
) -> None:
    result = run(*words)

    assert (result.exit_code, result.stderr.strip()) == (code, why)
    assert names(folder) == ["people.csv"], "nothing half-written is left"


def test_a_bad_list_is_reported_by_line_and_nothing_is_written(folder: Path) -> None:
    write(folder, ANA, OLIVER.replace(",6,", ",six,"), FAY.replace("Europe/Lisbon", "Lisbon"))

    refused = run("--json", "round.json", "--fits", "fits.csv")

    assert refused.exit_code == 2
    assert refused.stderr.splitlines() == [
        "people.csv can't be used. What is wrong:",
        "line 3: level must be a whole number, higher for more senior, not “six”",
        "line 4: there is no time zone “Lisbon”: zones are named like Europe/Lisbon",
    ]
    assert names(folder) == ["people.csv"]


def test_of_thousands_of_problems_the_first_are_told(folder: Path) -> None:
    write(folder, *("x" for _ in range(1003)))

    assert run().stderr.splitlines()[-1] == "and 3 more"


def test_fits_of_too_many_people_are_declined_kindly_before_anything_is_done(folder: Path) -> None:
    write(folder, *(ANA.replace("ana", f"ana{number}") for number in range(2001)), OLIVER)

    declined = run("--fits", "fits.csv", "--json", "round.json")

    assert declined.exit_code == 2
    assert declined.stderr.startswith(
        "--fits is for up to 2,000 people a side, and here are 2,001: please leave it out."
    )
    assert names(folder) == ["people.csv"]


def test_neither_a_programme_nor_a_list_is_asked_about() -> None:
    result = CliRunner().invoke(app.cli, ["match"])

    assert result.exit_code == 1
    assert result.stderr == "Which programme? Give its number or its name, or a list of people with --people FILE.\n"


def test_a_programme_and_a_list_at_once_are_asked_about(folder: Path) -> None:
    result = CliRunner().invoke(app.cli, ["match", "Look Up", "--people", "people.csv"])

    assert result.exit_code == 1
    assert result.stderr == "A programme or a list of people: one of the two. Leave out the programme, or --people.\n"
    assert names(folder) == ["people.csv"]


def test_a_round_reads_back_as_it_was_written(folder: Path) -> None:
    run("--json", "round.json")

    content = (folder / "round.json").read_text(encoding="utf-8")
    assert (
        json.loads(roundfile.text(roundfile.read(content.encode())))["certificate"]
        == json.loads(content)["certificate"]
    )
