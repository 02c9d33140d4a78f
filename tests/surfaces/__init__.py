"""Everything the bot can show, feature by feature, drawn from people, programmes and words of every length."""

from itertools import chain
from typing import Any

import limits
from hypothesis import strategies as st

from bot.due import Message
from surfaces import (
    agreement,
    announcements,
    directory,
    ending,
    hours,
    ideas,
    membership,
    mydata,
    nudges,
    pairing,
    programme,
    review,
    sessions,
    signup,
    writing,
)
from surfaces.anything import Surface, scenes

FEATURES = (
    *(signup, membership, hours, directory, pairing, review, agreement, sessions, ideas, writing, ending),
    *(programme, announcements, mydata, nudges),
)
BLOCKS = tuple(chain.from_iterable(feature.BLOCKS for feature in FEATURES))


class Shown(dict[str, Surface]):
    """Each thing that can be shown, by the name of its builder."""

    def __repr__(self) -> str:
        return f"{len(self)} surfaces"  # the whole is longer than anybody reads


AT_ONCE = 4
"""Features of which one drawing has room for all: one that is too large is begun anew, and that is most of the time."""
PARTS = tuple(FEATURES[start : start + AT_ONCE] for start in range(0, len(FEATURES), AT_ONCE))


@st.composite
def everything(draw: st.DrawFn, features: tuple[Any, ...]) -> Shown:
    """Of these features."""
    scene = draw(scenes())
    return Shown(chain.from_iterable(feature.shown(draw, scene).items() for feature in features))


def problems(surface: Surface) -> list[str]:
    """What Slack would refuse of it."""
    if isinstance(surface, Message):
        return limits.of_message(surface)
    return limits.of_view(surface) if isinstance(surface, dict) else limits.of_blocks(surface)


def action_ids(surface: Surface) -> set[str]:
    if isinstance(surface, Message):
        return set(limits.action_ids(dict(block) for block in surface.blocks))
    return set(limits.action_ids(surface["blocks"] if isinstance(surface, dict) else surface))
