"""A round of a company's own list, looked at from outside: with rules and a solver of one's own."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pairing.listed import DAY, ROWS, Row, as_json, best, fits, lists, person, refusal

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


@settings(max_examples=30)
@given(lists())
def test_the_fits_are_those_of_every_pair_that_may_be_and_of_no_other(rows: list[Row]) -> None:
    sides = [[row for row in rows if row["side"] in (side, "both")] for side in ("mentor", "mentee")]

    expected = {(one["id"], other["id"]) for one in sides[0] for other in sides[1] if may_pair(rows, one, other)}
    assert set(fits(rows)) == expected


# With a solver of one's own


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


# Odd lists


def test_the_little_round_is_as_one_would_make_it() -> None:
    pairs = {(each["mentor"], each["mentee"]) for each in as_json(ROWS)["pairs"]}

    assert pairs == {("ana", "cy"), ("bo", "di"), ("bo", "eve")}
    assert [(each["id"], each["side"]) for each in as_json(ROWS)["unplaced"]] == [("fay", "mentee")]
    assert refusal(ROWS, as_json(ROWS)) is None


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
