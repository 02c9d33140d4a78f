"""The life of a round, from the wish for one until it is proposed: solved in the background, stopped when somebody
says so, taken up again after a crash.

Nobody begins the work themselves: a round is stored as being worked on, and the agenda takes it up (`look`).
Whoever works on it holds a lease; where that runs out, the next look takes it up again.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session as Db

from bot.house import House
from bot.pairing import gathering, mending, proof, publishing, workshop
from bot.pairing.fit import fit
from bot.pairing.problem import Problem
from bot.pairing.reasons import reasons
from bot.pairing.review import drawing
from store import agenda, programmes
from store import rounds as kept
from store.models import Delivery, Nudge, Programme, Round, RoundKind, RoundState, Subject

LEASE = timedelta(seconds=60)
SHOWN_WITHIN = timedelta(seconds=30)  # whoever solved a round has that long to show it before its asker is told
MOST_TRIES = 3  # a round that ends the process each time is given up

log = logging.getLogger(__name__)


# ---- What people ask for


def begin(db: Db, programme: Programme, by: int, now: datetime, *, tells: bool = True) -> Round:
    """Asks for a round of everyone who waits, in place of one that was never published. The programme is locked.

    `by` is the person who asks; they are told when it is there, unless they see it come or `tells` says no.
    """
    kept.discard_open(db, programme.id)
    made = Round(
        workspace_id=programme.workspace_id,
        programme_id=programme.id,
        created_by=by,
        created_at=now,
        seed=int(now.timestamp()),
        placed=0,
        total=0,
        state=RoundState.WORKING,
        kind=RoundKind.WHOLE,
        leased_until=now,
        tell=by if tells else None,
    )
    db.add(made)
    db.flush()
    agenda.look(db, made.workspace_id, Subject.ROUND, made.id, now)
    log.info("asked for round=%s programme=%s", made.id, programme.id)
    return made


def begin_again(db: Db, made: Round, by: int, now: datetime) -> None:
    """Has a proposed round, which is locked, solved once more around what coordinators wish of it."""
    made.state, made.leased_until, made.progress, made.tell = RoundState.WORKING, now, {}, by
    made.is_weekly = False  # now somebody waits for it
    made.version += 1
    db.flush()
    agenda.look(db, made.workspace_id, Subject.ROUND, made.id, now)
    log.info("asked again for round=%s", made.id)


def stop(db: Db, made: Round) -> None:
    """Nobody wants the work on it, which is locked, to go on: what it proposed before stands."""
    _give_up(db, made)
    made.tell, made.progress = None, {**made.progress, "is_stopped": True}
    log.info("stopped round=%s", made.id)


def watch(made: Round, view_id: str, person_id: int) -> None:
    """Somebody has it open in this view: it is drawn there when there is something new. The round is locked."""
    views: Mapping[str, int] = made.progress.get("views", {})
    made.progress = {**made.progress, "views": {**views, view_id: person_id}}


def told(db: Db, nudge: Nudge, _delivery: Delivery, _now: datetime) -> None:
    """Whoever asked for it knows that it is there."""
    made = kept.lock(db, nudge.workspace_id, int(nudge.about or 0))
    if made is not None:
        made.tell = None


# ---- The work


def look(house: House, round_id: int) -> datetime | None:
    """What the agenda does about a round; returns when to look again."""
    now = house.clock()
    with house.store.begin() as db:
        made = kept.lock(db, house.workspace_id, round_id)
        if made is None:
            return None
        state, is_mine = made.state, _take(db, made, now)
        until = made.leased_until
    if state in (RoundState.PUBLISHING, RoundState.PUBLISHED):
        return publishing.step(house, round_id)
    if state is not RoundState.WORKING:
        return None
    if made.state is RoundState.WORKING and is_mine and until is not None:
        shift = Shift(house, round_id, until)
        house.background.do(shift.work, f"solve round {round_id}")
        return shift.until
    if made.state is not RoundState.WORKING:
        _show(house, round_id)
        return None
    return until


def _take(db: Db, made: Round, now: datetime) -> bool:
    """Takes up the work on a round that nobody is at; whether it is ours now. One that fails each time is given up."""
    is_free = made.leased_until is None or made.leased_until <= now
    if made.state is not RoundState.WORKING or not is_free:
        return False
    tries = made.progress.get("tries", 0)
    if tries >= MOST_TRIES:
        log.error("given up round=%s tries=%s", made.id, tries)
        _give_up(db, made)
        return False
    made.progress = {**made.progress, "tries": tries + 1}
    made.leased_until = now + LEASE
    return True


class Shift:
    """One process's work on a round, as long as its lease is renewed."""

    def __init__(self, house: House, round_id: int, until: datetime) -> None:
        self.house, self.round_id, self.until = house, round_id, until

    def work(self) -> None:
        """Solves the round and shows what is proposed, or lets go of it."""
        with self.house.store.read() as db:
            made = kept.find(db, self.house.workspace_id, self.round_id)
            if made is None or not self._is_mine(made):
                return
            programme = programmes.get(db, made.programme_id)
            task, problem, more = _asked(db, programme, made, self.house.clock())
        self._draw()
        if self.house.background.is_stopping:
            self._let_go()
            return
        try:
            answer = workshop.ask(task, {"problem": problem.to_json(), **more}, self._beat)
        except workshop.Stopped:
            self._let_go()
            return
        except workshop.NoAnswer:
            answer = None
        if self._keep(problem, answer):
            _show(self.house, self.round_id)

    def _is_mine(self, made: Round) -> bool:
        """Nobody has stopped it, and nobody else has taken it up because this process was gone for so long."""
        return made.state is RoundState.WORKING and made.leased_until == self.until

    def _beat(self, progress: workshop.Progress | None) -> bool:
        """Whether to go on. How far the work is, is stored and shown; the lease is renewed before it runs out."""
        if self.house.background.is_stopping:
            return False
        now = self.house.clock()
        with self.house.store.read() as db:
            made = kept.find(db, self.house.workspace_id, self.round_id)
        if made is None or not self._is_mine(made):
            return False
        is_news = progress is not None and list(progress) != _how_far(made)
        return (not is_news and self.until - now > LEASE / 2) or self._renew(progress, now)

    def _renew(self, progress: workshop.Progress | None, now: datetime) -> bool:
        with self.house.store.begin() as db:
            made = kept.lock(db, self.house.workspace_id, self.round_id)
            if made is None or not self._is_mine(made):
                return False
            if progress is not None:
                made.progress = {**made.progress, **dict(zip(("doing", "done", "of"), progress, strict=True))}
            made.leased_until = self.until = now + LEASE
            agenda.look(db, made.workspace_id, Subject.ROUND, made.id, self.until)
        self._draw()
        return True

    def _draw(self) -> None:
        drawing.everywhere(self.house, self.round_id)

    def _let_go(self) -> None:
        """The process ends: another takes it up, without waiting for the lease. Not if somebody stopped the work."""
        now = self.house.clock()
        with self.house.store.begin() as db:
            made = kept.lock(db, self.house.workspace_id, self.round_id)
            if made is not None and self._is_mine(made):
                made.leased_until = now
                made.progress = {**made.progress, "tries": 0}
                agenda.look(db, made.workspace_id, Subject.ROUND, made.id, now)

    def _keep(self, problem: Problem, answer: dict[str, Any] | None) -> bool:
        """Stores what is proposed; says whether it could: not if somebody stopped the work or ended the programme."""
        rows = [_row(problem, *pair[:2]) for pair in answer["pairs"]] if answer else []
        sealed = proof.of(problem, answer) if answer and "prices" in answer else None
        now = self.house.clock()
        with self.house.store.begin() as db:
            found = kept.find(db, self.house.workspace_id, self.round_id)
            programme = programmes.lock(db, found.programme_id) if found else None
            made = kept.lock(db, self.house.workspace_id, self.round_id)
            if made is None or programme is None or not self._is_mine(made):
                return False
            if answer is None:
                _give_up(db, made)
                log.warning("failed round=%s", made.id)
            elif programme.closed_at is not None:
                made.state = RoundState.DISCARDED
            else:
                _propose(db, made, answer, rows)
                if sealed is not None:
                    proof.keep(db, made, sealed)
            made.leased_until = now + SHOWN_WITHIN
            if made.tell is not None:
                agenda.touch(db, made.workspace_id, [made.tell], now)
        return True


def _asked(db: Db, programme: Programme, made: Round, now: datetime) -> tuple[str, Problem, dict[str, Any]]:
    """What the engine has to do, with what."""
    if made.kind is RoundKind.REPAIR:
        return "repair", *mending.problem(db, programme, made, now)
    return "round", gathering.of_round(db, programme, made, now), {}


def _how_far(made: Round) -> list[Any]:
    return [made.progress.get(name) for name in ("doing", "done", "of")]


def _row(problem: Problem, mentor_id: int, mentee_id: int) -> dict[str, Any]:
    mentor, mentee = problem.mentor[mentor_id], problem.mentee[mentee_id]
    return {
        "mentor_id": mentor_id,
        "mentee_id": mentee_id,
        "fit": fit(mentor, mentee, problem.ground).open_total,
        "reasons": reasons(mentor, mentee, problem.ground),
    }


def _propose(db: Db, made: Round, answer: Mapping[str, Any], rows: list[dict[str, Any]]) -> None:
    made.state = RoundState.PROPOSED if rows or _is_asked_for(made) else RoundState.DISCARDED
    made.version += 1
    made.placed, made.total = answer["placed"], answer["total"]
    made.is_checked = answer.get("is_checked", False)
    made.insight = {"unplaced": answer.get("unplaced", []), "dropped": answer.get("dropped", [])}
    kept.propose(db, made.id, rows)
    log.info("proposed round=%s pairs=%s checked=%s", made.id, made.placed, made.is_checked)


def _give_up(db: Db, made: Round) -> None:
    """What was proposed before is proposed as before; where there is nothing yet, there is no round."""
    made.version += 1
    failed = RoundState.FAILED if _is_asked_for(made) else RoundState.DISCARDED
    made.state = RoundState.PROPOSED if kept.count(db, made.id) else failed


def _is_asked_for(made: Round) -> bool:
    """A coordinator waits for it; of one that was begun by itself nobody hears unless there are pairs in it."""
    return made.kind is RoundKind.WHOLE and not made.is_weekly


def _show(house: House, round_id: int) -> None:
    """Draws the round wherever it is open; whoever asked for it and doesn't see it is told now."""
    seen_by = drawing.everywhere(house, round_id)
    now = house.clock()
    with house.store.begin() as db:
        made = kept.lock(db, house.workspace_id, round_id)
        if made is None or made.tell is None or made.state is RoundState.WORKING:
            return
        if made.tell in seen_by:
            made.tell = None
            return
        made.leased_until = now
        agenda.touch(db, made.workspace_id, [made.tell], now)
