"""A round of a list is proven to whoever has the fits; one that is not the best is refused with the reason."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pairing.listed import ROWS, Row, as_json, best, fits, lists, person, refusal, written

from bot.pairing.listed import peoplefile, roundfile, trial

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


@pytest.mark.parametrize(
    ("whole", "why"),
    [
        (lambda: changed(pairs=as_json(ROWS)["pairs"][1:]), "is missing in unplaced"),
        (lambda: changed(pairs=as_json(ROWS)["pairs"] * 2), "is paired 2 times"),
        (lambda: changed(total=as_json(ROWS)["total"] + 1), "the total of these pairs is"),
        (lambda: changed(placed=4), "it places 3, not 4"),
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
