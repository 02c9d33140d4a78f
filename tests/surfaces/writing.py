"""What people write to the bot, and what became of it."""

from typing import Any

import make
from hypothesis import strategies as st

import bot.writing.blocks
import bot.writing.search_blocks
from bot.due import Wrote
from store.models import Became, Heard
from store.notes import Written
from surfaces.anything import Scene, Surface, days, prose

BLOCKS = (bot.writing.blocks, bot.writing.search_blocks)


def written(draw: st.DrawFn, most: int = 40_000, **facts: Any) -> Written:
    what = draw(st.sampled_from([Became.NOTE, Became.ACTION, Became.ANSWER, Became.THANKS]))
    shared = {"is_shared": draw(st.booleans()), "is_done": draw(st.booleans()), "due_on": draw(days)}
    asked = draw(st.sampled_from([None, "refl-1-felt-free", "gone"]))
    author = draw(st.sampled_from([1, 2]))
    return make.written(draw(prose(most)), what=what, question=asked, author_id=author, **(shared | facts))


def shown(draw: st.DrawFn, scene: Scene) -> dict[str, Surface]:
    blocks, words, each = bot.writing.blocks, make.words(), scene.each
    count = draw(st.sampled_from([0, 1, 2, 30]))
    questions = [
        make.nudge("reflection", id=number, question=draw(st.sampled_from(["refl-1-felt-free", "gone"])))
        for number in range(count)
    ]

    def wrote(became: Became, what: Written | None = None) -> Wrote:
        begun = make.writing(became=became, heard=draw(st.sampled_from(Heard)))
        return Wrote(begun, draw(prose(40_000)), what, questions)

    thanks = wrote(Became.THANKS)
    ref = {"key": "note:12:1700000000:shared:1:1700000000"}
    return {
        "writing.kept": scene.tell(blocks.kept, "reflection_kept", wrote=wrote(Became.ANSWER, written(draw))),
        "writing.kept gone": scene.tell(blocks.kept, "note_kept", wrote=wrote(Became.NOTE)),
        "writing.card": blocks.card(written(draw), each, words, "kept.shared"),
        "writing.deleted": blocks.deleted(words),
        "writing.which_question": scene.tell(blocks.which_question, "which_question", wrote=wrote(Became.UNDECIDED)),
        "writing.which_pair": scene.tell(blocks.which_pair, "which_pair", wrote=wrote(Became.NOTE)),
        "writing.which_pair to do": scene.tell(blocks.which_pair, "which_pair", wrote=wrote(Became.ACTION)),
        "writing.thanks_shown": scene.tell(blocks.thanks_shown, "thanks_shown", wrote=thanks),
        "writing.shared": scene.tell(blocks.shared, "note_shared", **ref),
        "writing.edit_form": blocks.edit_form(written(draw), "D012ABCDEF:1700000000.000100"),
        "writing.pages": bot.writing.search_blocks.pages(
            [written(draw, 600, id=number) for number in range(min(count, 9))],
            {5: each},
            draw(st.sampled_from(["Europe/Lisbon", None])),
            draw(st.sampled_from(["", "x", "&" * 100])),
            draw(st.integers(0, 2)),
        ),
        "writing.item": blocks.item(written(draw), each, words),
    }
