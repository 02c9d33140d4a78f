"""What a coordinator sees before a round, while it is found, and of its pairs."""

from typing import Any

import make
from hypothesis import strategies as st

import bot.pairing.review.review_blocks
import bot.pairing.review.weighing_blocks
import bot.pairing.review.whatif_blocks
from bot.pairing.bars import Bar
from bot.pairing.review.trading import Trade
from bot.pairing.weights import WEIGHABLE
from store.models import Programme, Side, Wish
from surfaces.anything import Scene, Surface, persons, prose, reasons

BLOCKS = (
    bot.pairing.review.review_blocks,
    bot.pairing.review.whatif_blocks,
    bot.pairing.review.weighing_blocks,
)


def shown(draw: st.DrawFn, scene: Scene) -> dict[str, Surface]:
    programme = scene.programme
    blocks, review, viewer = bot.pairing.review.review_blocks, _review(draw, programme), make.person(id=9)
    lines = draw(st.lists(prose(300), max_size=8))
    count = draw(st.sampled_from([0, 1, 20_000]))
    progress = draw(st.just({}) | st.just({"doing": "Looking at " + "x" * 100, "done": count, "of": 20_000}))
    proposed = _proposed(draw, 1)
    seen = blocks.Seen(7, 2, 1, 8)
    return {
        "pairing.overview": blocks.overview(programme, draw(st.none() | st.just((count, 1)))),
        "pairing.working": blocks.working(
            make.round_(progress=progress, tell=draw(st.sampled_from([None, 9]))), programme, viewer
        ),
        "pairing.said": blocks.said(draw(prose(300)), draw(st.none() | st.just(3))),
        "pairing.review": blocks.review(review, make.words(), viewer, draw(st.just("") | prose(300))),
        "pairing.closer": bot.pairing.review.whatif_blocks.closer(
            bot.pairing.review.whatif_blocks.Closer(proposed, seen, lines, lines, draw(st.none() | prose(600)))
        ),
        "pairing.what_if": bot.pairing.review.whatif_blocks.what_if(_what_if(draw, seen, lines), make.words()),
        "pairing.by_hand": bot.pairing.review.whatif_blocks.by_hand(seen, draw(st.just("") | prose(100))),
        "pairing.confirm": blocks.confirm(review, draw(st.integers(0, 3))),
        "pairing.published": blocks.published(draw(st.integers(1, 500))),
        "pairing.what_counts": _weighing(draw, programme),
    }


def _weighing(draw: st.DrawFn, programme: Programme) -> dict[str, Any]:
    """What counts, as it was opened and with what it would change."""
    blocks, some = bot.pairing.review.weighing_blocks, st.sampled_from([0, 7, 12_345])
    stored = draw(st.dictionaries(st.sampled_from([part.value for part in WEIGHABLE]), st.integers(0, 3)))
    parts = {part.value: [draw(some), draw(some)] for part in WEIGHABLE}
    said = draw(st.sampled_from([(), blocks.WORKING, blocks.CANT_SAY]))
    found = {"same": draw(some), "changed": draw(some), "parts": parts}
    return blocks.what_counts(programme, stored, {}, draw(st.sampled_from([said, blocks.changes(found)])))


def _proposed(draw: st.DrawFn, number: int) -> bot.pairing.review.review_blocks.Proposed:
    mentor, mentee, by = draw(persons), draw(persons), draw(persons)
    mentor.id, mentee.id = 8 + number % 3, 8 + (number + 1) % 3
    wish = draw(st.none() | st.sampled_from(Wish))
    return bot.pairing.review.review_blocks.Proposed(
        make.proposal(id=number, reasons=draw(reasons)), mentor, mentee, wish, by if wish else None, draw(st.booleans())
    )


def _what_if(draw: st.DrawFn, seen: bot.pairing.review.review_blocks.Seen, lines: list[str]) -> Any:
    trade = Trade(
        11,
        12,
        why_not=draw(st.none() | st.sampled_from(Bar)),
        warnings=draw(st.lists(st.sampled_from(Bar), max_size=3)),
        reasons=draw(reasons),
        breaks=[make.proposal(id=number, mentor_id=11, mentee_id=12) for number in range(draw(st.integers(0, 2)))],
        swapped=draw(st.none() | st.just((11, 12))),
    )
    costs = draw(st.lists(prose(600), max_size=2))
    return bot.pairing.review.whatif_blocks.WhatIf(seen, trade, {11: draw(persons), 12: draw(persons)}, lines, costs)


def _review(draw: st.DrawFn, programme: Programme) -> bot.pairing.review.review_blocks.Review:
    """A page, empty or full."""
    review = bot.pairing.review.review_blocks
    few = [_proposed(draw, number) for number in range(3)]
    count = draw(st.sampled_from([0, 1, review.PAGE_SIZE]))
    left_over = [review.LeftOver(draw(persons), Side.MENTOR, draw(st.none() | st.just("x" * 400)))] * draw(
        st.sampled_from([0, 1, review.MOST_LEFT_OVER])
    )
    last = draw(st.integers(0, 2))
    return review.Review(
        programme,
        make.round_(is_checked=draw(st.booleans())),
        (few * review.PAGE_SIZE)[:count],
        page=draw(st.integers(0, last)),
        last=last,
        count=count,
        kept=draw(st.integers(0, count)),
        has_wishes=draw(st.booleans()),
        is_changed=draw(st.booleans()),
        left_over=left_over,
        waiting=len(left_over) * 2,
    )
