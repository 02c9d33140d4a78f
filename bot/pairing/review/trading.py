"""What it means for a round to put two people together by hand: whether they may be, and which pairs it breaks up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session as Db

from bot.pairing import bars, gathering
from bot.pairing.bars import Bar
from bot.pairing.candidates import Candidate, Ground
from bot.pairing.fit import fit
from bot.pairing.reasons import reasons
from store import programmes
from store import rounds as kept
from store.models import Proposal, Round, Side, Wish


@dataclass(frozen=True)
class Trade:
    """Two people, and what it means to put them together."""

    mentor_id: int
    mentee_id: int
    why_not: Bar | None = None
    """Why not even a coordinator can. Who has paused or has no room is not available, as who is on a private list."""
    warnings: Sequence[Bar] = ()
    """The rules that object and can be overridden."""
    fit: int = 0
    reasons: dict[str, Any] = field(default_factory=dict)
    breaks: Sequence[Proposal] = ()
    """The proposals that it takes a place from."""
    swapped: tuple[int, int] | None = None
    """The other pair, mentor first, if the two pairs it breaks up swapped partners instead."""

    @property
    def pair(self) -> tuple[int, int]:
        return self.mentor_id, self.mentee_id


def trade(db: Db, made: Round, mentor_id: int, mentee_id: int, now: datetime) -> Trade:
    """As people and the round stand now."""
    programme = programmes.get(db, made.programme_id)
    standing = kept.with_one_of(db, made.id, [mentor_id, mentee_id])
    partners = {member_id for each in standing for member_id in (each.mentor_id, each.mentee_id)}
    among = {mentor_id, mentee_id, *partners}
    present = {each.member_id: each for each in gathering.waiting(db, programme, now, among)}
    mentor, mentee = present.get(mentor_id), present.get(mentee_id)
    if mentor is None or mentee is None or (mentor.side, mentee.side) != (Side.MENTOR, Side.MENTEE):
        return Trade(mentor_id, mentee_id, Bar.NOT_AVAILABLE)
    ground = gathering.ground(db, programme, now)
    if (bar := bars.hard_bar(mentor, mentee, ground)) is not None:
        return Trade(mentor_id, mentee_id, bar)
    breaks = _broken(standing, mentor, mentee_id)
    if breaks is None:
        return Trade(mentor_id, mentee_id, Bar.NOT_AVAILABLE)
    return Trade(
        mentor_id,
        mentee_id,
        warnings=list(bars.open_bars(mentor, mentee, ground)),
        fit=fit(mentor, mentee, ground).open_total,
        reasons=reasons(mentor, mentee, ground),
        breaks=breaks,
        swapped=_swapped(breaks, present, ground),
    )


def _broken(standing: Sequence[Proposal], mentor: Candidate, mentee_id: int) -> list[Proposal] | None:
    """The mentee's pair; and the mentor's weakest, if they have no room for one more. None if they have none at all."""
    theirs = [each for each in standing if each.mentee_id == mentee_id]
    mentors = [each for each in standing if each.mentor_id == mentor.member_id and each not in theirs]
    if len(mentors) < mentor.capacity:
        return theirs
    return [*theirs, mentors[-1]] if mentors else None


def _swapped(breaks: Sequence[Proposal], present: dict[int, Candidate], ground: Ground) -> tuple[int, int] | None:
    """Their two partners, if those may be a pair by every rule."""
    if len(breaks) < 2:
        return None
    mentor, mentee = present.get(breaks[0].mentor_id), present.get(breaks[1].mentee_id)
    if mentor is None or mentee is None or bars.barred(mentor, mentee, ground) is not None:
        return None
    return mentor.member_id, mentee.member_id


def put_together(db: Db, made: Round, trade: Trade, by: int, now: datetime) -> None:
    """The pair takes its places in the round, which is locked, and is kept there."""
    freed = {member_id for each in trade.breaks for member_id in (each.mentor_id, each.mentee_id)}
    kept.take_out(db, made, [*trade.breaks, *kept.between(db, made.id, *trade.pair)], freed)
    db.add(
        Proposal(
            round_id=made.id,
            mentor_id=trade.mentor_id,
            mentee_id=trade.mentee_id,
            fit=trade.fit,
            reasons=trade.reasons,
        )
    )
    kept.wish(db, made, trade.pair, Wish.PIN, by, now)
