"""A coordinator looks at one pair closely, asks what it would cost to have it otherwise, and has it otherwise.

What is said here is worked out from open facts alone. Whether two may be put together is decided by all the rules.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session as Db

from bot.house import House
from bot.pairing import gathering, mending, why, workshop
from bot.pairing.bars import Bar
from bot.pairing.review import drawing, review_blocks, trading, whatif_blocks
from bot.pairing.review.review_blocks import Seen
from bot.pairing.review.reviewing import NOT_OPEN, NOT_THERE, NOT_YOURS, Looked, change, looked
from bot.pairing.review.whatif_blocks import Closer, WhatIf
from bot.prompts import Prompts
from bot.slack import listening
from bot.slack.kit import Block
from bot.slack.listening import Ask, Shown, Word
from store import members, people, programmes
from store import rounds as kept
from store.models import Member, Person, Round, RoundKind, RoundState, Side

log = logging.getLogger(__name__)

NOT_WAITING = {
    whatif_blocks.MENTOR: "The first of them is no mentor in this programme.",
    whatif_blocks.MENTEE: "The second of them is no mentee in this programme.",
    whatif_blocks.SOMEBODY: "Whom you chose doesn't take part in this programme.",
}
NOT_CHOSEN = "Choose both of them first."
PUT_TOGETHER = "These two are together now, and stay so if you find the best pairs again around them."
SWAPPED = "They have swapped partners."
TOGETHER = "These two are proposed for each other already."
CANT_SAY = "I couldn't work that out just now."

Wish = dict[str, Any]
"""What the engine is asked the cost of."""


# ---- One pair


def closer(ask: Ask) -> None:
    """Why each of the two, at once; what leaving them out would cost, when the engine has worked it out."""
    look = looked(ask)
    if look is None or ask.number is None:
        return
    with ask.house.store.read() as db:
        made = _proposed(db, ask.house, look.seen)
        each = drawing.one(db, made, ask.number) if made is not None else None
        words = ask.house.words(db)
    if made is None or each is None or each.has(ask.me):
        look.draw(NOT_OPEN if made is None else NOT_THERE if each is None else NOT_YOURS)
        return
    facts = each.proposal.reasons
    for_mentor, for_mentee = (why.reasons(facts, words, side) for side in Side)
    pair = Closer(each, replace(look.seen, about=each.proposal.id), for_mentor, for_mentee)
    shown = ask.turn(whatif_blocks.closer(pair))
    wish = {"forbid": [each.proposal.mentor_id, each.proposal.mentee_id]}
    _fill(ask, made.id, shown, [wish], lambda costs: whatif_blocks.closer(replace(pair, cost=costs[0])))


def _proposed(db: Db, house: House, seen: Seen) -> Round | None:
    made = kept.find(db, house.workspace_id, seen.round_id)
    return made if made is not None and made.state is RoundState.PROPOSED else None


# ---- Two who might be a pair instead


def ask_what_if(ask: Ask) -> None:
    """Somebody else for the mentor or the mentee of a pair, by the side they are on."""
    if (look := looked(ask)) is None:
        return
    with ask.house.store.read() as db:
        made = _proposed(db, ask.house, look.seen)
        each = kept.proposal(db, made.id, look.seen.about) if made is not None else None
        place = _place(db, ask.house, made, ask.value) if made is not None else None
    if made is None or each is None or place is None:
        look.draw(NOT_OPEN if made is None else NOT_THERE if each is None else NOT_WAITING[whatif_blocks.SOMEBODY])
        return
    pair = (place.id, each.mentee_id) if place.side is Side.MENTOR else (each.mentor_id, place.id)
    _show(look, pair)


def by_hand(ask: Ask) -> None:
    if (look := looked(ask)) is not None:
        ask.turn(whatif_blocks.by_hand(look.seen))


def chosen(ask: Ask) -> None:
    """One of the two: it counts when they ask."""


def ask_by_hand(ask: Ask) -> None:
    """Any two who wait: what it would mean is said before anything is done."""
    if (look := looked(ask)) is None:
        return
    sides = {whatif_blocks.MENTOR: Side.MENTOR, whatif_blocks.MENTEE: Side.MENTEE}
    given = {name: ask.filled.person(name) for name in sides}
    with ask.house.store.read() as db:
        made = _proposed(db, ask.house, look.seen)
        places = [_place(db, ask.house, made, given[name] or "", side) for name, side in sides.items()] if made else []
    if made is None:
        look.draw(NOT_OPEN)
        return
    mentor, mentee = places
    if mentor is None or mentee is None:
        missing = next(name for name, place in zip(sides, places, strict=True) if place is None)
        ask.turn(whatif_blocks.by_hand(look.seen, NOT_CHOSEN if given[missing] is None else NOT_WAITING[missing]))
        return
    _show(look, (mentor.id, mentee.id))


def _show(look: Looked, pair: tuple[int, int]) -> None:
    """What it would mean, at once; what it would cost, when the engine has worked it out."""
    ask = look.ask
    what, words = _what(ask.house, look.seen, ask.me, pair, ask.now)
    if isinstance(what, str):
        look.draw(what)
        return
    shown = ask.turn(whatif_blocks.what_if(what, words))
    if what.trade.why_not is not None:
        return
    wishes: list[Wish] = [{"pin": list(pair)}]
    if what.trade.swapped is not None:
        wishes.append({"swap": [[each.mentor_id, each.mentee_id] for each in what.trade.breaks]})
    broken = [(each.mentor_id, each.mentee_id) for each in what.trade.breaks]

    def draw(costs: list[str]) -> Block:
        return whatif_blocks.what_if(replace(what, costs=costs), words)

    _fill(ask, look.seen.round_id, shown, wishes, draw, broken)


def _place(db: Db, house: House, made: Round, slack_id: str, side: Side | None = None) -> Member | None:
    person = people.find(db, house.workspace_id, slack_id)
    places = members.in_programme(db, made.programme_id, person.id) if person is not None else []
    return next((each for each in places if side in (None, each.side)), None)


def _what(
    house: House, seen: Seen, viewer: Person, pair: tuple[int, int], now: datetime
) -> tuple[WhatIf | str, Prompts]:
    """What if these two were a pair; or why that is no question, in words."""
    with house.store.read() as db:
        words, made = house.words(db), _proposed(db, house, seen)
        if made is None:
            return NOT_OPEN, words
        trade = trading.trade(db, made, *pair, now)
        everyone = [*pair, *(member_id for each in trade.breaks for member_id in (each.mentor_id, each.mentee_id))]
        names = drawing.names(db, everyone)
    if viewer.id in {person.id for person in names.values()}:
        return NOT_YOURS, words
    if pair in {(each.mentor_id, each.mentee_id) for each in trade.breaks}:
        return TOGETHER, words
    return WhatIf(seen, trade, names, why.reasons(trade.reasons, words) if trade.reasons else []), words


def put_together(ask: Ask) -> None:
    _trade(ask, is_swap=False)


def swap(ask: Ask) -> None:
    """The two pairs that it would break up swap partners."""
    _trade(ask, is_swap=True)


def _trade(ask: Ask, *, is_swap: bool) -> None:
    look, pair = looked(ask), whatif_blocks.pair_of(ask.value)
    if look is None or pair is None:
        return

    def traded(db: Db, made: Round) -> tuple[str, bool]:
        """Decided anew: people may have changed since it was asked."""
        first = trading.trade(db, made, *pair, ask.now)
        trades = [first]
        if is_swap and first.why_not is None:
            if first.swapped is None:
                return whatif_blocks.cant_be(Bar.NOT_AVAILABLE, ask.house.words(db)), False
            trades.append(replace(trading.trade(db, made, *first.swapped, ask.now), breaks=()))
        touched = {
            member_id
            for each in trades
            for proposal in each.breaks
            for member_id in (proposal.mentor_id, proposal.mentee_id)
        }
        mine = {person.id for person in drawing.names(db, [*pair, *touched]).values()}
        if ask.me.id in mine:
            return NOT_YOURS, False
        if why_not := next((each.why_not for each in trades if each.why_not), None):
            return whatif_blocks.cant_be(why_not, ask.house.words(db)), False
        for each in trades:
            trading.put_together(db, made, each, ask.me.id, ask.now)
        log.info("put together round=%s pair=%s swap=%s by=%s", made.id, pair, is_swap, ask.me.slack_id)
        return (SWAPPED if is_swap else PUT_TOGETHER), True

    change(look, traded)


# ---- What it costs


def _fill(
    ask: Ask,
    round_id: int,
    shown: Shown | None,
    wishes: Sequence[Wish],
    draw: Callable[[list[str]], Block],
    broken: Collection[tuple[int, int]] = (),
) -> None:
    """Works out beside everything else what each wish would cost, and says it where it was asked."""
    if shown is None:
        return

    def work() -> None:
        costs = [cost_in_words(ask.house, round_id, wish, broken, ask.me, ask.now) for wish in wishes]
        listening.fill(ask.client, shown, draw(costs))

    ask.house.background.do(work, f"work out costs in round {round_id}")


def cost_in_words(
    house: House, round_id: int, wish: Wish, broken: Collection[tuple[int, int]], viewer: Person, now: datetime
) -> str:
    """In words, from open facts; of their own pair nobody hears. What it breaks up isn't kept together any more."""
    with house.store.read() as db:
        made = kept.find(db, house.workspace_id, round_id)
        if made is None:
            return NOT_OPEN
        programme = programmes.get(db, made.programme_id)
        pairs = [(each.mentor_id, each.mentee_id) for each in kept.kept(db, round_id)]
        mine = {place.id for place in members.in_programme(db, programme.id, viewer.id)}
        if made.kind is RoundKind.REPAIR:
            problem, repair = mending.problem(db, programme, made, now)
            pairs += [pair for pair in repair["pairs"] if pair not in mending.dropped(made)]
        else:
            problem, repair = gathering.of_round(db, programme, made, now), None
    problem = replace(problem, pinned=problem.pinned - set(broken)).without_secrets()
    asked = {"problem": problem.to_json(), "pairs": pairs, "wish": wish, "repair": repair}
    try:
        found = workshop.ask("cost", asked)
    except workshop.NoAnswer:
        return CANT_SAY
    own = mine | {member_id for pair in pairs if mine.intersection(pair) for member_id in pair}
    said = {**found, "who": [each for each in found.get("who", []) if each["member"] not in own]}
    with house.store.read() as db:
        names = drawing.mentions(drawing.names(db, why.members(said)))
        return why.cost(said, house.words(db), names)


PRESSES: Mapping[str, Word] = {
    review_blocks.CLOSER: closer,
    whatif_blocks.WHAT_IF: ask_what_if,
    review_blocks.BY_HAND: by_hand,
    review_blocks.BY_HAND + ".mentor": chosen,
    review_blocks.BY_HAND + ".mentee": chosen,
    review_blocks.BY_HAND + ".ask": ask_by_hand,
    whatif_blocks.PAIR: put_together,
    whatif_blocks.SWAP: swap,
}
