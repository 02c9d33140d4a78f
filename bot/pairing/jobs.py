"""The rules watched for the life of a pair: a reorganisation that breaks one is found, and so is its mending.

Nobody is told anything here: what is found is stored, and the coordinator's look at the agenda tells them of it.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, time

from sqlalchemy.orm import Session as Db

from bot.clock import night
from bot.house import House
from bot.pairing import rules
from bot.pairing.rules import Break, Couple
from bot.reporting_lines import ReportingLines
from store import agenda, directory, pairs, people, programmes
from store.models import BrokenRule

log = logging.getLogger(__name__)

AT_NIGHT = time(2, 30)


def watch(house: House, _number: int) -> datetime:
    """Looks at all live pairs as the directory has them now; returns when to look again if nothing changes before."""
    now = house.clock()
    with house.store.read() as db:
        broken = _broken(db, house.workspace_id, now)
        standing = pairs.unmended(db, house.workspace_id)
    if rules.changes(broken, _names(standing)) != rules.Changes():
        with house.store.begin() as db:
            _keep(db, house.workspace_id, broken, now)
    return night(now, AT_NIGHT)


def _broken(db: Db, workspace_id: str, now: datetime) -> dict[int, frozenset[Break]]:
    """What each live pair breaks; this takes a while in a large company, so nothing is being written meanwhile."""
    lines = ReportingLines(people.reporting_lines(db, workspace_id))
    return {
        pair.id: rules.breaks(
            Couple(mentor.slack_id, mentee.slack_id, directory.teams(mentor), directory.teams(mentee)), lines
        )
        for pair, mentor, mentee in pairs.couples(db, workspace_id, now)
    }


def _names(standing: Sequence[BrokenRule]) -> list[tuple[int, str]]:
    return [(each.pair_id, each.rule) for each in standing]


def _keep(db: Db, workspace_id: str, broken: Mapping[int, frozenset[Break]], now: datetime) -> None:
    """With the programmes locked, since another replica may have found the same, or somebody decides just now."""
    run_by = {each.id: each.created_by for each in programmes.open_now(db, workspace_id)}
    for programme_id in sorted(run_by):
        programmes.lock(db, programme_id)
    standing = pairs.unmended(db, workspace_id)
    changes = rules.changes(broken, _names(standing))
    for pair_id, rule in sorted(changes.found):
        db.add(BrokenRule(workspace_id=workspace_id, pair_id=pair_id, rule=rule, found_at=now))
        log.info("rule broken pair=%s rule=%s", pair_id, rule)
    for each in standing:
        if (each.pair_id, each.rule) in changes.mended:
            each.mended_at = now
            log.info("rule mended pair=%s rule=%s", each.pair_id, each.rule)
    db.flush()
    touched = {pair_id for pair_id, _ in changes.found | changes.mended}
    in_programmes = {pair.programme_id for pair in pairs.live(db, workspace_id, now) if pair.id in touched}
    agenda.touch(db, workspace_id, [run_by[each] for each in in_programmes if each in run_by], now)
