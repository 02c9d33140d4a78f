"""A round of a company's own list, looked at from outside: with rules, a solver and a sum of one's own."""

import csv
import io
import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from bot import prompts
from bot.pairing.listed import peoplefile, roundfile, trial
from bot.pairing.listed.roundfile import Written
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


def made(rows: list[Row], seed: int = 1) -> Written:
    return trial.make(peoplefile.people_of(written(rows)), DAY, seed, WORDS)


def as_json(rows: list[Row], seed: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(roundfile.text(made(rows, seed)))
    return found


def refusal(rows: list[Row], whole: object) -> str | None:
    return trial.objection(peoplefile.people_of(written(rows)), roundfile.read(json.dumps(whole).encode()))


def fits(rows: list[Row]) -> dict[tuple[str, str], int]:
    found = list(trial.fits(peoplefile.people_of(written(rows)), DAY))
    by_pair = {(mentor, mentee): fit for mentor, mentee, fit in found}
    assert len(by_pair) == len(found)
    return by_pair


# With rules of one's own


def several(text: str) -> set[str]:
    return {each.strip() for each in text.split(";") if each.strip()}


def bosses(rows: list[Row], person_id: str) -> set[str]:
    manager = {row["id"]: row["manager"] for row in rows}
    above = set()
    while manager.get(person_id):
        person_id = manager[person_id]
        above.add(person_id)
    return above


def hours_both_work(one: str, other: str) -> float:
    """In the three days around the day, of which one is enough to show every overlap."""
    longest = timedelta()
    for shift in (-1, 0, 1):
        starts = [
            datetime.combine(DAY + timedelta(days=days), datetime.min.time(), ZoneInfo(zone)).replace(hour=9)
            for zone, days in ((one, 0), (other, shift))
        ]
        begins = max(each.astimezone(UTC) for each in starts)
        ends = min(each.replace(hour=17).astimezone(UTC) for each in starts)
        longest = max(longest, ends - begins)
    return longest / timedelta(hours=1)


def may_pair(rows: list[Row], mentor: Row, mentee: Row) -> bool:
    """As the rules are told to people."""
    one, other = mentor["id"], mentee["id"]
    together = several(mentor["ways"]) & several(mentee["ways"])
    in_person = "in_person" in together and mentor["site"] == mentee["site"] != ""
    zones = mentor["zone"], mentee["zone"]
    online = "online" in together and all(zones) and hours_both_work(*zones) >= 2
    return (
        one != other
        and one not in bosses(rows, other)
        and other not in bosses(rows, one)
        and bool(mentor["team"] and mentee["team"])
        and mentor["team"] != mentee["team"]
        and bool(mentor["level"] and mentee["level"])
        and int(mentor["level"]) < int(mentee["level"])
        and bool(several(mentor["languages"]) & several(mentee["languages"]))
        and (in_person or online)
        and one not in several(mentee["avoid"])
        and other not in several(mentor["avoid"])
    )


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


@settings(max_examples=30)
@given(lists())
def test_the_fits_are_those_of_every_pair_that_may_be_and_of_no_other(rows: list[Row]) -> None:
    sides = [[row for row in rows if row["side"] in (side, "both")] for side in ("mentor", "mentee")]

    expected = {(one["id"], other["id"]) for one in sides[0] for other in sides[1] if may_pair(rows, one, other)}
    assert set(fits(rows)) == expected


# With a solver of one's own


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


@settings(max_examples=30)
@given(lists(), st.integers(0, 3), st.randoms())
def test_no_round_places_more_or_fits_better_and_the_order_of_rows_does_not_matter(
    rows: list[Row], seed: int, chance: Any
) -> None:
    found = as_json(rows, seed)

    known = fits(rows)
    assert (found["placed"], found["total"]) == best(rows)
    assert found["placed"] == len(found["pairs"])
    assert found["total"] == sum(known[each["mentor"], each["mentee"]] for each in found["pairs"])
    assert [each["fit"] for each in found["pairs"]] == [
        known[each["mentor"], each["mentee"]] for each in found["pairs"]
    ]
    taken = Counter(each["mentor"] for each in found["pairs"])
    assert all(taken[row["id"]] <= int(row["capacity"] or 1) for row in rows)
    mentees = [each["mentee"] for each in found["pairs"]]
    assert len(set(mentees)) == len(mentees)
    assert all(1 <= len(each["reasons"]) <= 3 for each in found["pairs"])
    on_sides = Counter({row["id"]: {"both": 2, "": 0}.get(row["side"], 1) for row in rows})
    assert Counter(each["id"] for each in found["unplaced"]) == on_sides - Counter({*taken}) - Counter(mentees)
    assert all(each["why"] and each["smallest_change"] for each in found["unplaced"])
    assert refusal(rows, found) is None
    assert as_json(chance.sample(rows, len(rows)), seed) == found


# With a sum of one's own: the certificate as README.md tells it


@settings(max_examples=25)
@given(lists())
def test_the_certificate_proves_it_to_whoever_has_the_fits(rows: list[Row]) -> None:
    found, known = as_json(rows), fits(rows)
    placing, prices = found["certificate"]["placing"], found["certificate"]["prices"]
    seats = {row["id"]: int(row["capacity"] or 1) for row in rows if row["side"] in ("mentor", "both")}

    assert placing > found["total"]
    assert min(prices.values(), default=0) >= 0
    gains: dict[str, int] = {}
    for (mentor, mentee), fit in known.items():
        gains[mentee] = max(gains.get(mentee, 0), placing + fit - prices[mentor])
    bound = sum(gains.values()) + sum(prices[mentor] * count for mentor, count in seats.items())
    assert bound == placing * found["placed"] + found["total"]


# Whatever else is handed in


@st.composite
def other_rounds(draw: st.DrawFn) -> tuple[list[Row], dict[str, Any]]:
    """People, and some round of theirs with honest numbers and the certificate of the best one."""
    rows = draw(lists())
    found, known = as_json(rows), fits(rows)
    left = Counter({row["id"]: int(row["capacity"] or 1) for row in rows})
    pairs: dict[str, str] = {}
    for mentor, mentee in draw(st.permutations(sorted(known))):
        if left[mentor] and mentee not in pairs:
            left[mentor] -= 1
            pairs[mentee] = mentor
    drop = draw(st.sampled_from([None, None, *sorted(pairs)]))
    kept = {mentee: mentor for mentee, mentor in pairs.items() if mentee != drop}
    on_sides = Counter({row["id"]: {"both": 2, "": 0}.get(row["side"], 1) for row in rows})
    unplaced = on_sides - Counter({*kept.values()}) - Counter({*kept})
    return rows, found | {
        "pairs": [{"mentor": mentor, "mentee": each, "fit": known[mentor, each]} for each, mentor in kept.items()],
        "unplaced": [{"id": each} for each in unplaced.elements()],
        "placed": len(kept),
        "total": sum(known[mentor, each] for each, mentor in kept.items()),
    }


@settings(max_examples=40)
@given(other_rounds())
def test_any_round_of_theirs_is_proven_exactly_if_it_is_as_good_as_the_best(case: tuple[list[Row], Any]) -> None:
    rows, whole = case

    is_best = (whole["placed"], whole["total"]) == best(rows)
    assert (refusal(rows, whole) is None) is is_best


ROWS = [
    person("ana", "mentor", topics="AI;Data"),
    person("bo", "mentor", topics="Data", capacity="2"),
    person("cy", "mentee", topics="AI"),
    person("di", "mentee", topics="Data", avoid="ana"),
    person("eve", "mentee", topics="Remote"),
    person("fay", "mentee", languages="ja"),
]


def changed(**changes: object) -> dict[str, Any]:
    return as_json(ROWS) | changes


def with_pair(number: int, **changes: object) -> dict[str, Any]:
    whole = as_json(ROWS)
    whole["pairs"][number] |= changes
    return whole


def with_certificate(**changes: object) -> dict[str, Any]:
    whole = as_json(ROWS)
    whole["certificate"] |= changes
    return whole


def test_the_little_round_is_as_one_would_make_it() -> None:
    pairs = {(each["mentor"], each["mentee"]) for each in as_json(ROWS)["pairs"]}

    assert pairs == {("ana", "cy"), ("bo", "di"), ("bo", "eve")}
    assert [(each["id"], each["side"]) for each in as_json(ROWS)["unplaced"]] == [("fay", "mentee")]
    assert refusal(ROWS, as_json(ROWS)) is None


@pytest.mark.parametrize(
    ("whole", "why"),
    [
        (lambda: changed(pairs=as_json(ROWS)["pairs"][1:]), "is missing in unplaced"),
        (lambda: changed(pairs=as_json(ROWS)["pairs"] * 2), "is paired 2 times"),
        (lambda: changed(total=as_json(ROWS)["total"] + 1), "the total of these pairs is"),
        (lambda: changed(placed=4), "3 people are placed, not 4"),
        (lambda: changed(unplaced=[]), "fay is missing in unplaced"),
        (lambda: changed(unplaced=[{"id": "fay"}, {"id": "cy"}]), "cy doesn't belong in unplaced"),
        (lambda: changed(unplaced=[{"id": "fay"}, {"id": "zed"}]), "zed doesn't belong in unplaced"),
        (lambda: with_pair(0, mentor="zed"), "zed is no mentor in the list"),
        (lambda: with_pair(0, mentee="ana"), "ana is no mentee in the list"),
        (lambda: with_pair(0, fit=999), "not 999"),
        (lambda: with_certificate(prices={"ana": 0, "bo": 10**4}), "another"),
        (lambda: with_certificate(prices={"ana": 10**9, "bo": 10**9}), "another"),
        (lambda: with_certificate(prices={"ana": -1, "bo": 0}), "price"),
        (lambda: with_certificate(prices={"zed": 5}), "zed has a price, and is no mentor in the list"),
        (lambda: with_certificate(placing=1), "plac"),
        (lambda: with_certificate(placing=-5), "plac"),
    ],
)
def test_what_was_tampered_with_is_refused_with_the_reason(whole: Any, why: str) -> None:
    assert why in (refusal(ROWS, whole()) or "nothing was said")


def test_two_who_changed_places_are_refused() -> None:
    """With honest fits and an honest total."""
    whole, known = as_json(ROWS), fits(ROWS)
    first, second = [each for each in whole["pairs"] if each["mentee"] in ("cy", "eve")]
    first["mentor"], second["mentor"] = second["mentor"], first["mentor"]
    for each in (first, second):
        each["fit"] = known[each["mentor"], each["mentee"]]
    whole["total"] = sum(each["fit"] for each in whole["pairs"])

    assert "fit" in (refusal(ROWS, whole) or "nothing was said")


def test_a_pair_that_may_not_be_is_refused_by_the_rule() -> None:
    whole = as_json(ROWS)
    [pair] = [each for each in whole["pairs"] if each["mentee"] == "di"]
    pair["mentor"] = "ana"

    assert refusal(ROWS, whole) == "ana and di may not be paired: nobody available"


@pytest.mark.parametrize(
    ("place", "change"),
    [(0, {"topics": "Remote"}), (3, {"level": "1"}), (4, {"manager": "bo"}), (5, {"languages": "en"})],
)
def test_a_round_of_people_who_have_changed_is_refused(place: int, change: Row) -> None:
    changed_rows = [row | change if number == place else row for number, row in enumerate(ROWS)]

    assert refusal(changed_rows, as_json(ROWS)) is not None


@pytest.mark.parametrize("rows", [ROWS[:5], [*ROWS, person("gus", "mentee")], [*ROWS, person("gus", "mentor")]])
def test_a_round_of_other_people_is_refused(rows: list[Row]) -> None:
    assert refusal(rows, as_json(ROWS)) is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["mentor", "id", "day", "ana"]), inner),
    max_leaves=5,
)
NAMES = ["pairs", "unplaced", "placed", "total", "certificate"]


@given(
    st.binary(max_size=40)
    | JSON.map(lambda whole: json.dumps(whole).encode())
    | st.dictionaries(st.sampled_from(NAMES), JSON).map(lambda some: json.dumps(changed(**some)).encode())
    | st.dictionaries(st.sampled_from(["day", "seed", "placing", "prices"]), JSON).map(
        lambda some: json.dumps(with_certificate(**some)).encode()
    )
)
@settings(max_examples=30)
def test_whatever_is_handed_in_is_answered_in_words(content: bytes) -> None:
    answer = told(content)

    assert answer is None or len(answer.split()) > 1


def told(content: bytes) -> str | None:
    try:
        return trial.objection(peoplefile.people_of(written(ROWS)), roundfile.read(content))
    except roundfile.BadRound as error:
        return str(error)


# Odd lists


@pytest.mark.parametrize(
    "rows",
    [
        [],
        ROWS[:2],
        [ROWS[2], ROWS[4]],
        [person("ana", "both")],
        [person("ana", "mentor", capacity="0"), person("cy", "mentee")],
    ],
    ids=["nobody", "mentors alone", "mentees alone", "one person on both sides", "no seat"],
)
def test_where_nobody_can_be_paired_the_round_is_empty_and_proven(rows: list[Row]) -> None:
    whole = as_json(rows)

    assert (whole["placed"], whole["total"], whole["pairs"]) == (0, 0, [])
    assert len(whole["unplaced"]) == sum(1 + (row["side"] == "both") for row in rows)
    assert refusal(rows, whole) is None


def test_a_pair_that_is_barred_is_absent_and_never_merely_cheap() -> None:
    """Fits [[5, 1], [3, barred]] must give two pairs."""
    rows = [
        person("ana", "mentor", topics="Data;AI"),
        person("bo", "mentor", topics="AI"),
        person("cy", "mentee", topics="AI"),
        person("di", "mentee", topics="Remote", avoid="bo"),
    ]

    assert {(each["mentor"], each["mentee"]) for each in as_json(rows)["pairs"]} == {("ana", "di"), ("bo", "cy")}


def test_the_seed_decides_between_rounds_that_are_as_good_and_nothing_else() -> None:
    rows = [person(f"m{each}", "mentor") for each in range(6)] + [person(f"s{each}", "mentee") for each in range(6)]
    rounds = [as_json(rows, seed) for seed in range(4)]

    assert len({(each["placed"], each["total"]) for each in rounds}) == 1
    assert [refusal(rows, each) for each in rounds] == [None] * 4
    assert [as_json(rows, seed) for seed in range(4)] == rounds


def brute(rows: list[Row]) -> tuple[int, int]:
    """Every way to seat everybody, one by one."""
    known = fits(rows)
    mentors = [row["id"] for row in rows if row["side"] == "mentor" for _ in range(int(row["capacity"] or 1))]
    mentees = [row["id"] for row in rows if row["side"] == "mentee"]
    width = max(len(mentors), len(mentees))
    found = []
    for order in permutations([*mentors, *[""] * (width - len(mentors))]):
        taken = [known[pair] for pair in zip(order, mentees, strict=False) if pair in known]
        found.append((len(taken), sum(taken)))
    return max(found)


def test_the_little_round_is_the_best_of_all_there_are() -> None:
    whole = as_json(ROWS)

    assert (whole["placed"], whole["total"]) == brute(ROWS)
