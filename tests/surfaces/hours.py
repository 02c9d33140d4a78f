"""When somebody may be written to."""

from datetime import time

from hypothesis import strategies as st

import bot.hours.blocks
from bot.hours.rules import NUDGES, Hours
from surfaces.anything import Scene, Surface

BLOCKS = (bot.hours.blocks,)


def shown(draw: st.DrawFn, scene: Scene) -> dict[str, Surface]:
    days = st.sets(st.integers(0, 6), min_size=1).map(sorted).map(tuple)
    times = st.times().map(lambda at: time(at.hour, at.minute))
    hours = Hours(draw(times), draw(times), draw(days), draw(st.sampled_from(NUDGES)))
    blocks = bot.hours.blocks
    return {"hours.form": blocks.form(scene.person, hours), "hours.kept": blocks.kept(hours)}
