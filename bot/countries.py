"""The countries by their names, for whoever says where they live: their public holidays are kept free."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def names() -> Mapping[str, str]:
    """Code of two letters to the name in English, in the order of the names."""
    lines = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {row[0]: row[1] for row in sorted(rows, key=lambda row: row[1])}


@cache
def by_letter() -> Mapping[str, Mapping[str, str]]:
    """The same under their first letters, as a menu with more than a hundred has them."""
    found: dict[str, dict[str, str]] = {}
    for code, name in names().items():
        found.setdefault(name[0] if name[0].isascii() else "A", {})[code] = name
    return dict(sorted(found.items()))
