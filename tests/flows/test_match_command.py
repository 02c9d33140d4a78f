"""`python app.py match --people`: a company tries the pairing on its own list, with nothing else to go by."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from nursery import Nursery, ran

ROOT = Path(__file__).parents[2]


def run(folder: Path, *words: str, nursery: Nursery | None = None) -> subprocess.CompletedProcess[str]:
    """`python app.py match WORDS` in a folder, with no settings; from the very beginning, unless it is born ready."""
    command = [sys.executable, str(ROOT / "app.py"), "match", *words]
    return ran(nursery, command, {"PATH": "/usr/bin:/bin"}, folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With the list of README.md in it."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```csv\n(id,side,.*?)```", readme, re.DOTALL)
    (tmp_path / "people.csv").write_text(example, encoding="utf-8")
    return tmp_path


def written(folder: Path, name: str = "round.json") -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


@pytest.mark.long
def test_a_company_tries_it_on_its_own_list_and_anyone_checks_what_came_of_it(
    folder: Path, nursery: Nursery | None
) -> None:
    made = run(folder, "--people", "people.csv", "--json", "round.json", "--fits", "fits.csv", "--day", "2026-11-23")

    assert (made.returncode, made.stderr) == (0, "")
    assert "No other round places more people or fits better; checked." in made.stdout
    found = written(folder)
    assert set(found) == {"pairs", "unplaced", "total", "placed", "certificate"}
    assert {name for each in found["pairs"] for name in each} == {"mentor", "mentee", "fit", "reasons"}
    assert {name for each in found["unplaced"] for name in each} == {"id", "side", "why", "smallest_change"}
    with (folder / "fits.csv").open(newline="") as file:
        fits = {(row["mentor"], row["mentee"]): int(row["fit"]) for row in csv.DictReader(file)}
    assert all(fits[each["mentor"], each["mentee"]] == each["fit"] for each in found["pairs"])
    assert sorted(each.name for each in folder.iterdir()) == ["fits.csv", "people.csv", "round.json"]

    checked = run(folder, "--people", "people.csv", "--check", "round.json", nursery=nursery)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "No other round places more people or fits better; checked." in checked.stdout

    found["pairs"][0]["mentor"], found["pairs"][1]["mentor"] = found["pairs"][1]["mentor"], found["pairs"][0]["mentor"]
    (folder / "round.json").write_text(json.dumps(found))
    refused = run(folder, "--people", "people.csv", "--json", "round.json", "--check", "round.json", nursery=nursery)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("round.json isn't proven to be the best round of these people: ")
    assert written(folder) == found, "what is to be checked is never written anew"
