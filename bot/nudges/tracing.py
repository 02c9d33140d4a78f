"""`python app.py nudges why KEY`: what became of a nudge, or why it hasn't come yet. No words of anybody's."""

import re
from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy.orm import Session as Db

from bot import gate
from bot.house import House
from bot.nudges import features, looks
from bot.nudges.forecast import told, unreached
from bot.opening import opened, stop
from store import nudges, people
from store.database import utc
from store.models import LATER, Nudge

NUMBER = re.compile(r"\d{1,9}")
MOST_NUMBERS = 8

commands = typer.Typer(no_args_is_help=True, help="The ledger of what the bot says unasked.")


@commands.callback()
def ledger() -> None:
    """A group, though it has one command so far."""


@commands.command("why")
def why(key: Annotated[str, typer.Argument(help="As the log has it: reminder:5:1:0:2")]) -> None:
    """Says what became of a nudge or a notice: when it was due, claimed and sent, or why it was dropped or waits."""
    with opened(asks_slack=False) as house:
        lines = about(house, key.strip(), house.clock())
    if not lines:
        stop(f"Nobody was ever sent {key}, and by what is stored now it is due to nobody. Is it spelt as in the log?")
    typer.echo("\n".join(lines))


def about(house: House, key: str, now: datetime) -> list[str]:
    """Line by line; nothing for a key that nobody knows."""
    with house.store.read() as db:
        entries = nudges.about(db, house.workspace_id, key)
        lines = [line for nudge in entries for line in _entry(db, nudge)]
        is_claimed = any(nudge.key == key for nudge in entries)
        return lines if is_claimed else [*lines, *_foreseen(db, house, key, now)]


def _entry(db: Db, nudge: Nudge) -> list[str]:
    who = people.get(db, nudge.person_id).slack_id
    what = "notice" if nudge.is_notice else "nudge"
    lines = [f"[{nudge.key}] {what} {nudge.kind} to {who}", f"  due since {utc(nudge.due_at)}"]
    if nudge.dropped is not None:
        return [*lines, f"  dropped {utc(nudge.claimed_at)}: {nudge.dropped}", *_delivery(db, nudge)]
    again = [f"  put off until {utc(nudge.put_off_until)}, then it comes as …{LATER}N"] if nudge.put_off_until else []
    wished = ["  brought back at their wish, outside the budget"] if nudge.is_wished else []
    return [*lines, f"  claimed {utc(nudge.claimed_at)}", *_delivery(db, nudge), *wished, *again]


def _delivery(db: Db, nudge: Nudge) -> list[str]:
    if nudge.delivery_id is None:
        return []
    delivery = nudges.get_delivery(db, nudge.delivery_id)
    times = {"attempted": delivery.attempted_at, "sent": delivery.sent_at}
    parts = [
        f"  delivery {delivery.id} is {delivery.state}",
        f"attempts {delivery.attempts}",
        *(f"{word} {utc(at)}" for word, at in times.items() if at is not None),
        *([f"Slack said {delivery.error}"] if delivery.error else []),
        *([f"looked at again {utc(delivery.lease_until)}"] if delivery.state in nudges.UNSETTLED else []),
    ]
    return [", ".join(parts)]


def _foreseen(db: Db, house: House, key: str, now: datetime) -> list[str]:
    """By the rules of today, asked about whoever the numbers in the key may mean."""
    numbers = {int(each) for each in NUMBER.findall(key)[:MOST_NUMBERS]}
    for person_id in people.named_by(db, house.workspace_id, numbers):
        look = looks.of(db, person_id, now, house.settings.nudges_a_week)
        due = next((each for each in features.due(look.snapshot, now) if each.key == key), None)
        if due is None:
            continue
        until = f" until {utc(due.closes_at)}" if due.closes_at else ""
        who = look.snapshot.person.slack_id
        head = [f"[{key}] {due.kind} to {who}, not claimed yet: due from {utc(due.opens_at)}{until}"]
        if due.opens_at > now:
            why = unreached(look.snapshot.person, now) if due.group is None else []
            return [*head, *(f"  {line}" for line in why), "  its moment is still to come"]
        quiet = gate.quiet(db, house, (gate.MESSAGES,), now).get(gate.MESSAGES, now)
        waits = [f"  Slack has asked for quiet until {utc(quiet)}"] if quiet > now else []
        return [*head, *(f"  {line}" for line in told(look, now) if f"[{key}]" in line), *waits]
    return []
