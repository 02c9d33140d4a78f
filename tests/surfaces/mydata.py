"""What is held about somebody."""

from hypothesis import strategies as st

import bot.mydata.blocks
from surfaces.anything import Scene, Surface, prose

BLOCKS = (bot.mydata.blocks,)


def shown(draw: st.DrawFn, _: Scene) -> dict[str, Surface]:
    kept = [bot.mydata.blocks.Kept("A note", note) for note in draw(st.lists(prose(3000), max_size=4))]
    return {"mydata.pages": bot.mydata.blocks.pages(kept, draw(st.integers(0, 2)))}
