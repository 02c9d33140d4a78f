"""A coordinator asks for pairs: first who waits and what stands in the way, then the work on a round."""

import logging
from collections.abc import Mapping
from functools import partial

from sqlalchemy.orm import Session as Db

from bot import picking
from bot.pairing import gathering, news_blocks, rounds, why, workshop
from bot.pairing.review import drawing, review_blocks
from bot.slack import listening, who
from bot.slack.listening import Ask, Shown, Word
from store import programmes
from store import rounds as kept
from store.models import Programme, Round, RoundState

LOOKING = "Looking for the best pairs …"
NOT_FOR_YOU = "Pairs are looked through by the people who run programmes, and you aren't one of them any more."

log = logging.getLogger(__name__)


def match(ask: Ask) -> None:
    """Opens the round that is under way, or what there is to know before one."""
    programme = picking.programme(ask, "match")
    if programme is None:
        return
    with ask.house.store.read() as db:
        made = _under_way(db, programme)
    if made is None:
        _look_before(ask, programme)
    else:
        _open_round(ask, made.id)


def _under_way(db: Db, programme: Programme) -> Round | None:
    """Not one that found no pairs: since then others may have come."""
    made = kept.open_of(db, programme.id)
    is_empty = made is not None and made.state is RoundState.PROPOSED and not kept.count(db, made.id)
    return None if is_empty else made


def _open_round(ask: Ask, round_id: int) -> None:
    """Shows a round as it stands, and goes on showing it while somebody works on it."""
    view = drawing.of(ask.house, round_id, ask.me)
    shown = ask.open(view)
    if shown is None:
        return
    is_followed = _follow(ask, round_id, shown.id)
    if not is_followed and (now := drawing.of(ask.house, round_id, ask.me)) != view:
        ask.change(shown.id, now)  # the work ended while the modal opened


def look_at(ask: Ask) -> None:
    """One round, of which a message or the Home has told."""
    if ask.number is not None and may_look(ask):
        _open_round(ask, ask.number)


def may_look(ask: Ask) -> bool:
    """Whether they coordinate; who doesn't any more is told so."""
    is_theirs = who.is_coordinator(ask.house, ask.client, ask.me.slack_id)
    if not is_theirs:
        ask.reply(NOT_FOR_YOU)
    return is_theirs


def _follow(ask: Ask, round_id: int, view_id: str) -> bool:
    """Whether somebody works on it: then it is drawn there when there is something new."""
    with ask.house.store.begin() as db:
        made = kept.lock(db, ask.house.workspace_id, round_id)
        if made is not None and made.state is RoundState.WORKING:
            rounds.watch(made, view_id, ask.me.id)
            return True
        if made is not None and made.tell == ask.me.id:
            made.tell = None  # they see it
    return False


def _look_before(ask: Ask, programme: Programme) -> None:
    """Opens at once, since Slack waits for three seconds and to find who waits takes longer in a large company."""
    shown = ask.open(review_blocks.overview(programme))
    if shown is not None:
        ask.house.background.do(partial(_look_closely, ask, programme, shown), f"look over programme {programme.id}")


def _look_closely(ask: Ask, programme: Programme, shown: Shown) -> None:
    """Who waits; what each rule costs and which topics are short, when the engine has worked it out."""
    with ask.house.store.read() as db:
        problem = gathering.problem(db, programme, ask.now, seed=0)
    waiting = len(problem.mentors), len(problem.mentees)
    try:
        found = workshop.ask("overview", {"problem": problem.without_secrets().to_json()})
    except workshop.NoAnswer:
        found = None
    with ask.house.store.read() as db:
        names = drawing.mentions(drawing.names(db, why.members(found or {})))
        insight = why.overview(found, ask.house.words(db), names) if found is not None else []
    listening.fill(ask.client, shown, review_blocks.overview(programme, waiting, insight))


def find(ask: Ask) -> None:
    """Asks for a round in the modal it was pressed in; where one is under way, shows that."""
    if ask.view is None or ask.number is None or not may_look(ask):
        return
    view_id = str(ask.view["id"])
    ask.change(view_id, review_blocks.said(LOOKING))
    with ask.house.store.begin() as db:
        programme = programmes.find(db, ask.house.workspace_id, ask.number)
        made = _begun(db, programmes.lock(db, programme.id), ask, view_id) if programme is not None else None
    if made is None:
        ask.change(view_id, review_blocks.said(picking.HAS_ENDED))
    elif made.created_at != ask.now:  # else whoever takes it up draws it
        ask.change(view_id, drawing.of(ask.house, made.id, ask.me))


def _begun(db: Db, programme: Programme, ask: Ask, view_id: str) -> Round | None:
    """The round that is under way, or a new one; none where the programme has ended."""
    made = _under_way(db, programme)
    if made is None and programme.closed_at is None:
        made = rounds.begin(db, programme, ask.me.id, ask.now)
    if made is not None and made.state is RoundState.WORKING:
        rounds.watch(made, view_id, ask.me.id)
    return made


def stop(ask: Ask) -> None:
    """Nobody wants the work to go on. Whichever replica is at it lets go within a second or two."""
    if ask.view is None or ask.number is None or not may_look(ask):
        return
    with ask.house.store.begin() as db:
        made = kept.lock(db, ask.house.workspace_id, ask.number)
        was_at_work = made is not None and made.state is RoundState.WORKING
        if made is not None and was_at_work:
            rounds.stop(db, made)
    if was_at_work:
        drawing.everywhere(ask.house, ask.number)
    ask.change(str(ask.view["id"]), drawing.of(ask.house, ask.number, ask.me))


PRESSES: Mapping[str, Word] = {review_blocks.FIND: find, review_blocks.STOP: stop, news_blocks.LOOK_AT: look_at}
