"""Questions to talk about, of a bank as it is and of one that has grown a lot."""

from dataclasses import replace

import make
from hypothesis import strategies as st

import bot.ideas.blocks
from bot.ideas.rules import Shelf
from store.models import Focus
from surfaces.anything import Scene, Surface

BLOCKS = (bot.ideas.blocks,)


def shown(draw: st.DrawFn, scene: Scene) -> dict[str, Surface]:
    each, programme, words = scene.each, scene.programme, make.words()
    long = {
        f"{name} {number}": twin
        for number in range(draw(st.sampled_from([1, 9])))
        for name, twin in words.twins.items()
    }
    programme.focus = draw(st.sampled_from(Focus))
    place = make.Place(each.mine, programme)
    shelves = [Shelf(place, each, 2), *[Shelf(place, None, 1)] * draw(st.sampled_from([0, 1, 120]))]
    pages = bot.ideas.blocks.pages(shelves[0], shelves, draw(st.integers(-1, 12)), replace(words, twins=long))
    return {"ideas.pages": pages}
