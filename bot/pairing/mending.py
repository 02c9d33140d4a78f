"""A repair as it is stored: asked for when somebody is left alone, proposed to a coordinator, published like a round.

The pairs that it changes are of those whose two have heard nothing yet; whoever knows their partner keeps them.
"""

import logging
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session as Db

from bot.pairing import gathering
from bot.pairing.problem import Problem
from store import agenda, members, pairs, publications
from store.models import MemberState, Pair, Programme, Round

MOST_CHANGES = 2  # pairs that give way to a repair, at most

Couple = tuple[int, int]
"""A mentor and a mentee, by the ids of their members."""

log = logging.getLogger(__name__)


def problem(db: Db, programme: Programme, made: Round, now: datetime) -> tuple[Problem, dict[str, Any]]:
    """Everyone who waits and whoever is in a pair that may be changed; and what else the engine is told."""
    unknown = publications.unknown_to_them(db, programme.id)
    couples = [_couple(each) for each in unknown if made.about not in _couple(each) and _are_here(db, each)]
    found = gathering.of_round(db, programme, made, now, seated=couples)
    return found, {"pairs": couples, "member": made.about, "most_changes": MOST_CHANGES}


def _couple(pair: Pair) -> Couple:
    return pair.mentor_id, pair.mentee_id


def _are_here(db: Db, pair: Pair) -> bool:
    places = [members.get(db, member_id) for member_id in _couple(pair)]
    is_gone = any(person.gone_at is not None for person in pairs.people(db, pair))
    return not is_gone and all(place.state is MemberState.ACTIVE for place in places)


def dropped(made: Round) -> list[Couple]:
    """The pairs that give way to it."""
    return [(mentor_id, mentee_id) for mentor_id, mentee_id in made.insight.get("dropped", [])]


def make_room(db: Db, made: Round, now: datetime) -> bool:
    """Undoes the pairs that give way. Nothing, and no, if one of them isn't there any more or has been told."""
    ways = dropped(made)
    if not ways:
        return True
    ending = [each for each in publications.unknown_to_them(db, made.programme_id) if _couple(each) in ways]
    touched = [person.id for each in ending for person in pairs.people(db, each)]
    agenda.touch(db, made.workspace_id, touched, now)  # who is being told of it just now has been, after this
    still = publications.unknown_to_them(db, made.programme_id)
    if len(ending) < len(ways) or any(each not in still for each in ending):
        return False
    for each in ending:
        for member_id in _couple(each):
            members.get(db, member_id).is_first_in_line = True  # in case the new pair can't be made
        publications.undo(db, each, now)
        log.info("gave way pair=%s", each.id)
    return True
