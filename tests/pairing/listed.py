"""Lists of people as a company writes them, the rounds made of them, and how good the best one is by scipy."""

import csv
import io
import json
from datetime import date
from typing import Any

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from bot import prompts
from bot.pairing.listed import peoplefile, roundfile, trial
from bot.settings import PROMPTS

DAY = date(2026, 11, 22)
WORDS = prompts.load(PROMPTS)
COLUMNS = peoplefile.COLUMNS
Row = dict[str, str]


def person(id: str, side: str, **fields: str) -> Row:
    """Somebody who may pair with anybody of the other side, but for what is said otherwise."""
    usual = {
        "level": "2" if side == "mentor" else "6", "team": f"team of {id}", "zone": "Europe/Lisbon",
        "languages": "en", "topics": "AI", "ways": "online",
    }  # fmt: skip
    return dict.fromkeys(COLUMNS, "") | {"id": id, "side": side} | usual | fields


def written(rows: list[Row]) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def as_json(rows: list[Row], seed: int = 1) -> dict[str, Any]:
    made = trial.make(peoplefile.people_of(written(rows)), DAY, seed, WORDS)
    found: dict[str, Any] = json.loads(roundfile.text(made))
    return found


def refusal(rows: list[Row], whole: object) -> str | None:
    return trial.objection(peoplefile.people_of(written(rows)), roundfile.read(json.dumps(whole).encode()))


def fits(rows: list[Row]) -> dict[tuple[str, str], int]:
    found = list(trial.fits(peoplefile.people_of(written(rows)), DAY))
    by_pair = {(mentor, mentee): fit for mentor, mentee, fit in found}
    assert len(by_pair) == len(found)
    return by_pair


IDS = tuple(f"p{number}" for number in range(9))
FIELDS: dict[str, list[str]] = {
    "capacity": ["", "", "", "0", "1", "2", "3"],
    "team": ["Red", "Blue", "Grey", "Teal", "Pink", ""],
    "department": ["", "Sales", "Finance"],
    "site": ["", "Lisbon", "Berlin"],
    "zone": ["Europe/Lisbon", "Europe/Lisbon", "Europe/Berlin", "America/New_York", "Asia/Tokyo", ""],
    "languages": ["en", "en", "en;de", "de", ""],
    "topics": ["AI", "Data;AI", "Remote;AI;Data", "Data", ""],
    "ways": ["online", "online;in_person", "online;in_person", "in_person", ""],
}
LEVELS = {"mentor": ["1", "2", "3", "3", ""], "mentee": ["6", "6", "5", "2", ""]}


@st.composite
def lists(draw: st.DrawFn) -> list[Row]:
    """A company of up to nine, whose people differ in some things alone; everyone's manager comes before them."""
    differs = draw(st.sets(st.sampled_from([*FIELDS, "level", "manager", "avoid"]), max_size=4))
    rows = []
    for number, each in enumerate(IDS[: draw(st.sampled_from([9, 8, 7, 5, 2, 0]))]):
        side = draw(st.sampled_from(["mentor", "mentee", "mentor", "mentee", "both", ""]))
        known = {**FIELDS, "level": LEVELS.get(side, ["4"]), "manager": ["", "", *IDS[:number]]}
        fields = {name: draw(st.sampled_from(values)) for name, values in known.items() if name in differs}
        rows.append(person(each, side, **fields))
    for row in rows if "avoid" in differs else []:
        row["avoid"] = draw(st.sampled_from(["", "", *(each["id"] for each in rows)]))
    return rows


def best(rows: list[Row]) -> tuple[int, int]:
    """How many can be placed, and how well they then fit, by scipy."""
    known = fits(rows)
    seats = [row["id"] for row in rows if row["side"] in ("mentor", "both") for _ in range(int(row["capacity"] or 1))]
    mentees = [row["id"] for row in rows if row["side"] in ("mentee", "both")]
    worth = np.array([[known.get((seat, each), -1) + 1 for each in mentees] for seat in seats], dtype=float)
    if not worth.size:
        return 0, 0
    chosen = linear_sum_assignment(np.where(worth > 0, worth + 1e6, 0), maximize=True)
    taken = [int(each) - 1 for each in worth[chosen] if each > 0]
    return len(taken), sum(taken)


ROWS = [
    person("ana", "mentor", topics="AI;Data"),
    person("bo", "mentor", topics="Data", capacity="2"),
    person("cy", "mentee", topics="AI"),
    person("di", "mentee", topics="Data", avoid="ana"),
    person("eve", "mentee", topics="Remote"),
    person("fay", "mentee", languages="ja"),
]
