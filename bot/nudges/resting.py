"""Who has their notifications off just now (Slack's "do not disturb"), where Slack lets us know it.

It is a courtesy on top of working hours, and nothing hangs on it: where the scope isn't granted, or Slack can't say,
nobody rests. https://docs.slack.dev/reference/methods/dnd.teamInfo
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bot.due import Due
from bot.house import House
from bot.nudges import rules
from bot.nudges.rules import Choice
from bot.slack.speaking import Refused, Unclear, call
from store import workspaces
from store.snapshots import Snapshot

log = logging.getLogger(__name__)

AT_ONCE = 50  # people in one call: Slack's limit
UNTIL_GRANTED = timedelta(days=1)
SOON = timedelta(minutes=1)


def heeded(house: House, seen: Sequence[tuple[Snapshot, Choice]], now: datetime) -> list[Choice]:
    """What was chosen for each of these people, without what waits until they have their notifications on again.

    Asked once for all of them: after it is known what there is to say, and before any of it is claimed.
    """
    concerned = {
        slack_id
        for snapshot, choice in seen
        for message in choice.messages
        for due in message
        if rules.waits_for_rest(due, now)
        for slack_id in _see(due, snapshot)
    }
    resting = until(house, sorted(concerned), now)
    if not resting:
        return [choice for _, choice in seen]
    return [rules.rested(choice, _waits(choice, snapshot, resting), now) for snapshot, choice in seen]


def _see(due: Due, snapshot: Snapshot) -> Iterable[str]:
    """The Slack ids of those who get it: both of a pair, if it goes to their group."""
    pair_id = due.group.id if due.group is not None else None
    partners = [each.partner.slack_id for each in snapshot.partnerships if each.pair.id == pair_id]
    return (snapshot.person.slack_id, *partners)


def _waits(choice: Choice, snapshot: Snapshot, resting: Mapping[str, datetime]) -> dict[str, datetime]:
    """Until when somebody who would get it rests, by the keys of what was chosen."""
    found = {
        due.key: [resting[slack_id] for slack_id in _see(due, snapshot) if slack_id in resting]
        for message in choice.messages
        for due in message
    }
    return {key: max(ends) for key, ends in found.items() if ends}


def until(house: House, slack_ids: Sequence[str], now: datetime) -> dict[str, datetime]:
    """Until when each of them rests; who doesn't, isn't in it. Never raises for anything that Slack does."""
    if not slack_ids or not _may_ask(house):
        return {}
    found: dict[str, datetime] = {}
    for start in range(0, len(slack_ids), AT_ONCE):
        answer = call(partial(house.client.dnd_teamInfo, users=slack_ids[start : start + AT_ONCE]))
        if isinstance(answer, Refused | Unclear):
            _leave_it(house, answer, now)
            break
        found |= _read(answer.get("users"), now)
    return found


def _may_ask(house: House) -> bool:
    """By the clock of this moment: others may have heard since the look began that Slack wants quiet."""
    with house.store.read() as db:
        return workspaces.may_ask_who_rests(db, house.workspace_id, house.clock())


def _leave_it(house: House, answer: Refused | Unclear, now: datetime) -> None:
    """Not to be asked again at each tick: a scope is granted by somebody, some day."""
    log.warning("not known who rests error=%s", answer.code)
    span = SOON
    if answer.code == "missing_scope":
        span = UNTIL_GRANTED
    elif isinstance(answer, Refused) and answer.retry_after is not None:
        span = timedelta(seconds=answer.retry_after)
    with house.store.begin() as db:
        workspaces.leave_rest_unasked(db, house.workspace_id, now + span)


def _read(users: Any, now: datetime) -> dict[str, datetime]:
    """Slack tells the window that is on, or comes next. Any part of its answer may be missing."""
    told = users if isinstance(users, dict) else {}
    windows = {str(slack_id): _window(each) for slack_id, each in told.items()}
    return {slack_id: ends for slack_id, (begins, ends) in windows.items() if begins <= now < ends}


def _window(each: Any) -> tuple[datetime, datetime]:
    """From when until when; an empty one where they never rest."""
    given = each if isinstance(each, dict) and each.get("dnd_enabled") else {}
    begins, ends = given.get("next_dnd_start_ts"), given.get("next_dnd_end_ts")
    try:
        return datetime.fromtimestamp(begins or 0, UTC), datetime.fromtimestamp(ends or 0, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC), datetime.fromtimestamp(0, UTC)
