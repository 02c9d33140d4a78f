"""Taking part, pausing and leaving."""

import make
from hypothesis import strategies as st

import bot.membership.blocks
from bot.membership.rules import Stand
from surfaces.anything import Scene, Surface, days

BLOCKS = (bot.membership.blocks,)


def shown(draw: st.DrawFn, scene: Scene) -> dict[str, Surface]:
    membership = bot.membership.blocks
    seats = [
        membership.Seat(scene.member, scene.programme, stand, draw(st.integers(1, 999)), draw(days))
        for stand in draw(st.lists(st.sampled_from(Stand), max_size=12))
    ]
    gone = draw(st.sampled_from([None, "U0ANA"]))
    return {
        "membership.left": scene.tell(membership.left, "left", about=scene.member.id),
        "membership.pause_over": scene.tell(membership.pause_over, "pause_over"),
        "membership.partner_left": scene.tell(membership.partner_left, "partner_left"),
        "membership.partner_news paused": scene.tell(membership.partner_news, "partner_paused"),
        "membership.partner_news resumed": scene.tell(membership.partner_news, "partner_resumed"),
        "membership.paused": membership.paused(draw(days)),
        "membership.confirm_leaving": membership.confirm_leaving(scene.programme),
        "membership.which_to_leave": membership.which_to_leave([scene.programme] * draw(st.sampled_from([2, 60]))),
        "membership.come_back": membership.come_back(scene.programme),
        "membership.pause_form": membership.pause_form(),
        "membership.pause_kept": membership.pause_kept(make.MONDAY.date()),
        "membership.home": membership.home(seats),
        "membership.unattended": membership.unattended(scene.programme, contact=draw(st.booleans()), creator=gone),
    }
