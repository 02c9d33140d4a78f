"""round.json: a round written down so that anybody can check it again, here or with other tools."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.pairing.listed.printing import PROVEN

FITS_AT_MOST = 2_000  # people a side, in fits.csv
YEARS = range(1900, 3000)
LARGEST = 2**53  # whole numbers that every tool reads exactly


class BadRound(Exception):
    """What is written isn't a round; the message says why, in words fit to show."""


@dataclass(frozen=True)
class Paired:
    """Two who are paired, by their ids in the list."""

    mentor: str
    mentee: str
    fit: int
    reasons: Sequence[str] = ()


@dataclass(frozen=True)
class Unplaced:
    """Somebody for whom nobody was found."""

    id: str
    side: str = ""
    why: str = ""
    """Which rules left them out, the most frequent first."""
    smallest_change: str = ""


@dataclass(frozen=True)
class Written:
    """A round as round.json has it, with its certificate: prices are of one place with a mentor, by the mentor's id."""

    pairs: Sequence[Paired]
    unplaced: Sequence[Unplaced]
    total: int
    placed: int
    day: date
    seed: int
    placing: int
    prices: Mapping[str, int]


def text(made: Written) -> str:
    certificate = {
        "says": PROVEN,
        "day": made.day.isoformat(),
        "seed": made.seed,
        "placing": made.placing,
        "prices": dict(sorted(made.prices.items())),
    }
    whole = {
        "placed": made.placed,
        "total": made.total,
        "pairs": [vars(each) for each in made.pairs],
        "unplaced": [vars(each) for each in made.unplaced],
        "certificate": certificate,
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def read(content: bytes) -> Written:
    """What somebody wrote, maybe by hand; raises `BadRound`. The words in it aren't read: they prove nothing."""
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadRound("it isn't JSON") from error
    certificate = _within(_object(found, "it"), "certificate", dict)
    return Written(
        pairs=[_paired(each) for each in _within(found, "pairs", list)],
        unplaced=[_unplaced(each) for each in _within(found, "unplaced", list)],
        total=_number(found, "total"),
        placed=_number(found, "placed"),
        day=day(_within(certificate, "day", str)),
        seed=_number(certificate, "seed"),
        placing=_number(certificate, "placing"),
        prices={mentor: _number(certificate["prices"], mentor) for mentor in _within(certificate, "prices", dict)},
    )


def _paired(given: object) -> Paired:
    pair = _object(given, "each of pairs")
    return Paired(_within(pair, "mentor", str), _within(pair, "mentee", str), _number(pair, "fit"))


def _unplaced(given: object) -> Unplaced:
    person = _object(given, "each of unplaced")
    return Unplaced(_within(person, "id", str))


def _object(given: object, name: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadRound(f"{name} must be an object")
    return given


KINDS: Mapping[type, str] = {list: "a list", dict: "an object", str: "a text"}


def _within(given: Mapping[str, Any], name: str, kind: type) -> Any:
    found = given.get(name)
    if not isinstance(found, kind):
        raise BadRound(f"{name} is missing" if found is None else f"{name} must be {KINDS[kind]}")
    return found


def _number(given: Mapping[str, Any], name: str) -> int:
    found = given.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or abs(found) > LARGEST:
        raise BadRound(f"{name} is missing" if found is None else f"{name} must be a whole number")
    return found


def day(given: str) -> date:
    """Raises `BadRound`; of days that no calendar in use has, too, on which clocks can't be compared."""
    try:
        found = date.fromisoformat(given)
    except ValueError:
        found = date.min
    if found.year not in YEARS:
        raise BadRound("day must be a date such as 2026-11-22")
    return found
