"""What a fit is made of, and how much each part of it counts in a programme."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Part(StrEnum):
    """What a fit is made of."""

    PLACED = "placed"
    TOPICS = "topics"
    DEPARTMENT = "department"
    FUNCTION = "function"
    SITE = "site"
    TENURE = "tenure"
    PRACTICAL = "practical"
    LANGUAGES = "languages"
    WAITED = "waited"
    NETWORK = "network"


OPEN: tuple[Part, ...] = tuple(part for part in Part if part is not Part.NETWORK)
"""The parts that may be spoken of: the network is told in confidence."""
WEIGHABLE: tuple[Part, ...] = tuple(part for part in OPEN if part is not Part.PLACED)
"""The parts that a coordinator may weigh: to be placed is always worth something, and what is told in confidence
always counts the same, or a change of weights would show what it is."""

NOT_AT_ALL, A_LITTLE, AS_USUAL, A_LOT = range(4)  # as they are stored with the programme
FACTORS = (0, 1, 2, 4)  # of each of these: a little is half as much as usual, a lot is twice as much

Weights = Mapping[Part, int]
"""Of each weighable part, by what its points are multiplied: one of `FACTORS`."""

USUAL: Weights = MappingProxyType(dict.fromkeys(WEIGHABLE, FACTORS[AS_USUAL]))


def weights(stored: Mapping[str, Any]) -> Weights:
    """The weights of a programme. Whatever isn't one of the four words counts as usual, and nothing less than `least`.

    Where nothing would count but rounds waited, everything counts as usual: otherwise what was told in confidence
    alone would decide between those who have waited as long, and so show in the pairs.
    """
    if not counts(stored):
        return USUAL
    return MappingProxyType({part: FACTORS[max(_word(stored, part), least(part))] for part in WEIGHABLE})


def counts(stored: Mapping[str, Any]) -> bool:
    """Whether anything does that is of two people together."""
    return any(_word(stored, part) != NOT_AT_ALL for part in WEIGHABLE if part is not Part.WAITED)


def least(part: Part) -> int:
    """What a coordinator can choose at least. Rounds waited never count less than usual: six of them then outweigh
    everything else, however much it counts, so that nobody is left over for ever because others fit better."""
    return AS_USUAL if part is Part.WAITED else NOT_AT_ALL


def _word(stored: Mapping[str, Any], part: Part) -> int:
    word = stored.get(part.value)
    return word if isinstance(word, int) and NOT_AT_ALL <= word <= A_LOT else AS_USUAL
