"""What would go to whom at a moment, and why: a dry run that changes and sends nothing."""

from datetime import datetime

from bot import working_time
from bot.house import House
from bot.nudges import tick
from store import agenda
from store.database import utc


def at(house: House, now: datetime) -> str:
    """A line for each message that would go out, and for each that would wait or be dropped."""
    with house.store.read() as db:
        entries = agenda.until(db, house.workspace_id, now)
        looks = [tick.consider(db, entry.subject_id, now, house.settings.nudges_a_week) for entry in entries]
    lines = []
    for look in looks:
        person = look.snapshot.person
        local = now.astimezone(working_time.zone(person.zone))
        who = f"{person.slack_id} ({person.name}, {local:%a %d %b %H:%M} {local.tzinfo})"
        for message in look.choice.messages:
            what = " + ".join(f"{due.kind} [{due.key}] due since {utc(due.opens_at)}" for due in message)
            lines.append(f"send  {who}: {what}")
        lines += [f"wait  {who}: [{key}] {why}" for key, why in sorted(look.choice.held.items())]
        lines += [f"drop  {who}: [{due.key}] its moment has passed" for due in look.choice.dropped]
    return "\n".join([f"At {utc(now)}, of {len(looks)} people to look at:", *lines, "Nothing was sent."])
