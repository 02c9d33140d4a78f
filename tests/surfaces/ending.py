"""How a pair goes on, its last words, and what it passes on."""

from dataclasses import replace

import make
from hypothesis import strategies as st

import bot.ending.blocks
import bot.ending.saying_blocks
from store.models import Onward, SayingKind
from surfaces.anything import Scene, Surface, prose

BLOCKS = (bot.ending.blocks, bot.ending.saying_blocks)
onwards = st.none() | st.sampled_from(Onward)


def shown(draw: st.DrawFn, scene: Scene) -> dict[str, Surface]:
    ending, saying = bot.ending.blocks, bot.ending.saying_blocks
    kind, words = draw(st.sampled_from([SayingKind.THANKS, SayingKind.LESSON])), draw(prose(saying.MOST))
    each = replace(scene.each, pair=make.pair(onward=draw(onwards)), sayings=(make.saying(kind),))
    told = make.snapshot(each)
    now = draw(st.sampled_from([make.MONDAY, make.at("2027-08-25 10:00")]))
    about = {"snapshot": told, "about": 95}
    return {
        "ending.going_on": scene.tell(ending.going_on, "going_on"),
        "ending.together": ending.together(make.telling("together", snapshot=told)),
        "ending.farewell": scene.tell(ending.farewell, "farewell"),
        "ending.of_which": ending.of_which([each] * draw(st.sampled_from([2, 60]))),
        "ending.home": ending.home(each, draw(onwards), make.words(), now),
        **{f"ending.form {one}": saying.form(one, each) for one in SayingKind},
        "ending.form": saying.form(SayingKind.LESSON, each, words, 95),
        "ending.passed_on": saying.passed_on(make.telling("thanks", said=words, **about)),
        "ending.passed_on difference": saying.passed_on(make.telling("difference", said=words, **about)),
        "ending.ask_to_post": saying.ask_to_post(make.telling("ask_to_post", said=words, **about)),
        "ending.answered": saying.answered(make.telling("saying_posted", **about)),
        "ending.answered kept": saying.answered(make.telling("saying_kept", **about)),
        "ending.posted": saying.posted(kind, words, "U0ANA", "U0OLIVER", scene.programme),
    }
