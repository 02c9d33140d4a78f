"""What an agreement speaks of, and how each of its terms is said wherever it is shown."""

from collections.abc import Mapping

TERMS = {
    "purpose": "What our talks are for",
    "often": "How often we meet",
    "place": "How and where we meet",
    "length": "How long a talk takes",
    "private": "What stays between us",
    "stop": "How we stop",
}
OFTEN = {
    "fortnightly": "Every two weeks",
    "monthly": "Once a month",
    "as_it_suits": "As it suits us both",
}
LENGTH = {"30": "30 minutes", "45": "45 minutes", "60": "An hour", "as_it_suits": "As long as it suits us both"}
MENUS: Mapping[str, Mapping[str, str]] = {"often": OFTEN, "length": LENGTH}


def said(terms: Mapping[str, str]) -> dict[str, str]:
    """What each term is called and what it says, in the order of the form; what stands in a menu is kept by its id."""
    return {TERMS[term]: MENUS.get(term, {}).get(terms[term], terms[term]) for term in TERMS if term in terms}


def text(terms: Mapping[str, str]) -> str:
    """All of it, a line each, as plain text."""
    return "\n".join(f"{name}: {what}" for name, what in said(terms).items())
