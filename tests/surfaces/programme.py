"""A programme: set up, changed, decided about and looked at."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import make
from hypothesis import strategies as st

import bot.programme.blocks
import bot.programme.deciding_blocks
import bot.programme.overview_blocks
from bot.programme.rules import Health, Request
from bot.prompts import Prompts
from store.models import Programme, Side
from store.snapshots import Partnership
from surfaces.anything import Scene, Surface, labels, persons, running

BLOCKS = (bot.programme.blocks, bot.programme.deciding_blocks, bot.programme.overview_blocks)
LISBON = ZoneInfo(make.LISBON)


def shown(draw: st.DrawFn, scene: Scene) -> dict[str, Surface]:
    blocks, deciding, overview = bot.programme.blocks, bot.programme.deciding_blocks, bot.programme.overview_blocks
    programme, viewer = scene.programme, make.person(id=draw(st.sampled_from([1, 2])))
    seen = [_overview(draw, scene.each, programme)] * draw(st.sampled_from([0, 1, 2, 30]))
    words = draw(st.sampled_from([make.words(), _many_topics()]))
    quarter = make.MONDAY + timedelta(minutes=15)
    return {
        "programme.form": blocks.form(LISBON),
        "programme.change_form": blocks.change_form(programme, draw(persons), viewer, make.MONDAY),
        "programme.saved": blocks.saved(blocks.news(programme, 12_345, let_in=12_345, queued=12_345)),
        "programme.opening": blocks.opening(programme, make.words()),
        "programme.programme_ended": scene.tell(blocks.programme_ended, "programme_ended", about=programme.id),
        "programme.requests": scene.tell(deciding.requests, "requests", about=programme.id, due_at=quarter),
        "programme.topic_form": deciding.topic_form(make.topic_proposal(text=draw(labels)), draw(persons), words),
        "programme.topic_decided": scene.tell(deciding.topic_decided, "topic_decided", about=81),
        "programme.home": overview.home(seen, make.words(), scene.person, make.MONDAY),
        "programme.look": overview.look(
            _overview(draw, scene.each, programme), make.words(), draw(persons), make.MONDAY, draw(st.just("") | labels)
        ),
    }


def _overview(draw: st.DrawFn, each: Partnership, programme: Programme) -> bot.programme.overview_blocks.Overview:
    """What a coordinator sees of a programme, empty or with more than can be shown."""
    health = Health(each.pair, draw(st.integers(0, 9)), draw(st.sampled_from([None, make.MONDAY])), draw(st.booleans()))
    waiting: list[Request] = bot.programme.rules.requests(running(draw, programme))
    return bot.programme.overview_blocks.Overview(
        programme,
        members=draw(st.integers(0, 999)),
        waiting=[(each.me, Side.MENTOR)] * draw(st.sampled_from([0, 1, 50])),
        pairs=[(each.me, each.partner, health)] * draw(st.sampled_from([0, 1, 50])),
        queued=draw(st.integers(0, 99)),
        requests=draw(st.sampled_from([[], waiting])),
        broken=draw(st.integers(0, 9)),
        unreachable=[make.person(unreachable_since=make.MONDAY)] * draw(st.sampled_from([0, 1, 50])),
    )


def _many_topics() -> Prompts:
    """More topics than one menu shows."""
    return make.words().with_topics({f"own_{number}": f"Topic {number}" for number in range(450)})
