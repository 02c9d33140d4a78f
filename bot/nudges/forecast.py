"""What would go to whom at a moment, and why: a dry run that changes and sends nothing."""

from collections.abc import Iterable
from datetime import datetime

from bot import gate, working_time
from bot.house import House
from bot.nudges import features, looks, reach_rules
from bot.nudges.looks import Look
from store import agenda, snapshots
from store.database import Store, utc
from store.models import Delivery, Person, Subject
from store.rehearsal import rehearsed
from store.snapshots import Snapshot

MOST = 1000  # announcements
MOST_MOVES = 10  # one change of the clock's may bring another, but not for ever


def at(house: House, now: datetime) -> str:
    """A line for each message that would go out, would wait or be left out, or is under way."""
    with house.store.read() as db:
        seen = {entry.subject_id: None for entry in agenda.until(db, house.workspace_id, now)}
        found = {person_id: looks.of(db, person_id, now, house.settings.nudges_a_week) for person_id in seen}
        is_waiting = gate.is_quiet(db, house, gate.MESSAGES, now)
        posts = [each for each in agenda.due(db, house.workspace_id, now, MOST) if each.subject is Subject.ANNOUNCEMENT]
    found |= _moved(house, found, now)
    lines = [f"At {utc(now)}, of {len(found)} people to look at:"]
    if is_waiting:
        lines.append("Slack has asked for quiet until later: then all of this goes out.")
    for look in found.values():
        lines += told(look, now)
        lines += [_of(each, look.snapshot.person, now) for each in look.pending]
    lines += [f"post  announcement {each.subject_id}" for each in posts]
    return "\n".join([*lines, "Nothing was sent."])


def told(look: Look, now: datetime) -> list[str]:
    """What is chosen for one person, line by line: keys and times, no words of anybody's."""
    who, choice = _who(look.snapshot.person, now), look.choice
    lines = [f"wait  {who}: {why}" for why in unreached(look.snapshot.person, now)]
    for message in choice.messages:
        what = " + ".join(f"{due.kind} [{due.key}] due since {utc(due.opens_at)}" for due in message)
        lines.append(f"send  {who}: {what}")
    for key, why in sorted(choice.held.items()):
        until = f", until {utc(choice.held_until[key])}" if key in choice.held_until else ""
        lines.append(f"wait  {who}: [{key}] {why}{until}")
    lines += [f"drop  {who}: [{due.key}] its moment has passed" for due in choice.dropped]
    lines += [f"drop  {who}: [{due.key}] {why}" for due, why in look.left_out]
    return lines


def unreached(person: Person, now: datetime) -> list[str]:
    """Why nothing goes to their DM, where nothing reaches them."""
    at = reach_rules.tried_again_at(person)
    return [f"nothing to their DM: Slack refused the last; tried again from {utc(at)}"] if at and at > now else []


def _who(person: Person, now: datetime) -> str:
    local = now.astimezone(working_time.zone(person.zone))
    return f"{person.slack_id} ({person.name}, {local:%a %d %b %H:%M} {local.tzinfo})"


def _of(delivery: Delivery, person: Person, now: datetime) -> str:
    state = f"{delivery.state}, attempt {delivery.attempts}" + (f", {delivery.error}" if delivery.error else "")
    return f"going {_who(person, now)}: delivery {delivery.id} is {state}; looked at {utc(delivery.lease_until)}"


def _moved(house: House, found: dict[int, Look], now: datetime) -> dict[int, Look]:
    """How those are seen for whom the clock changes something first: a pause ends, say. Their partners too."""
    movers = {person_id for person_id, look in found.items() if _is_moved(house.store, look.snapshot, now)}
    partners = {each.partner.id for mover in movers for each in found[mover].snapshot.partnerships}
    return {person_id: _ahead(house, person_id, movers, found, now) for person_id in sorted(movers | partners)}


def _is_moved(store: Store, snapshot: Snapshot, now: datetime) -> bool:
    with rehearsed(store) as trial:
        return any(move(trial, snapshot, now) for move in features.MOVES)


def _ahead(house: House, person_id: int, movers: Iterable[int], found: dict[int, Look], now: datetime) -> Look:
    """As they will be seen when the clock has changed what it changes for them and their partners."""
    with rehearsed(house.store) as trial:
        for mover in movers:
            if person_id in (mover, *(each.partner.id for each in found[mover].snapshot.partnerships)):
                _move(trial, mover, now)
        with trial.read() as db:
            return looks.of(db, person_id, now, house.settings.nudges_a_week)


def _move(trial: Store, person_id: int, now: datetime) -> None:
    for _ in range(MOST_MOVES):
        with trial.read() as db:
            snapshot = snapshots.of(db, person_id)
        if not any(move(trial, snapshot, now) for move in features.MOVES):
            return
