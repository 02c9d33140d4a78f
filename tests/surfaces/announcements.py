"""Announcements of coordinators."""

from hypothesis import strategies as st

import bot.announcements.blocks
from surfaces.anything import Scene, Surface, prose

BLOCKS = (bot.announcements.blocks,)


def shown(draw: st.DrawFn, scene: Scene) -> dict[str, Surface]:
    announcements = bot.announcements.blocks
    return {
        "announcements.posted": announcements.posted(draw(prose(2500)), "U0ANA"),
        "announcements.unclear": scene.tell(announcements.unclear, "announcement_unclear", about=61),
        "announcements.refused": scene.tell(announcements.refused, "announcement_refused", about=61),
        "announcements.form": announcements.form(scene.programme, draw(st.none() | prose(2500))),
        "announcements.preview": announcements.preview(scene.programme, draw(prose(2500)), "U0ANA"),
    }
