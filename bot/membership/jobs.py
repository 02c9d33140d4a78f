"""What the clock does: a pause ends on its date."""

import logging
from datetime import datetime

from bot.membership import rules
from store import agenda, members, pairs
from store.database import Store
from store.snapshots import Snapshot

log = logging.getLogger(__name__)


def end_pauses(store: Store, snapshot: Snapshot, now: datetime) -> bool:
    """Whether a pause of theirs has ended now. Without one that is over, nothing is written and nobody waits."""
    if not rules.overdue(snapshot.places, now):
        return False
    person = snapshot.person
    with store.begin() as db:
        # Read once more, with the programmes locked: they may have gone on, paused anew or left meanwhile.
        moved = [member for member, _ in members.locked(db, person.id) if members.wake(member, now)]
        if moved:
            agenda.touch(db, person.workspace_id, [person.id, *pairs.partners(db, person.id, now)], now)
    if moved:
        log.info("pause over person=%s", person.slack_id)
    return bool(moved)
