"""What the form and the conversation both ask: what is believed about somebody, and whether people can be named."""

from collections.abc import Iterable
from datetime import datetime

from slack_sdk import WebClient
from sqlalchemy.orm import Session as Db

from bot import origins
from bot.due import Fact
from bot.house import House
from bot.signup import joining, rules
from bot.slack import speaking, who
from store import people
from store.models import Person, Source, Standing


def facts(db: Db, house: House, me: Person, now: datetime) -> dict[str, Fact]:
    """What is believed about them, fit to show, and from where; a manager in a circle, say, is not."""
    found = {}
    for name, known in joining.known_of(db, me).items():
        label, can_be_chosen = str(known.value), True
        if name == "manager":
            manager = people.find(db, me.workspace_id, known.value) if known.value else None
            label = manager.name if manager else "nobody"
            can_be_chosen = manager is not None and manager.standing is not Standing.NO_ACCOUNT
        elif name == "level":
            label = house.prompts.levels.get(known.value, label)
        is_their_word = known.origin.source is Source.PERSON
        found[name] = Fact(known.value, label, origins.words(known.origin, me.zone, now), can_be_chosen, is_their_word)
    return found


def strangers(house: House, client: WebClient, me: Person, chosen: Iterable[str]) -> dict[str, str]:
    """Who of the chosen can't be named, and why. Slack is asked only about people we don't know."""
    found = {}
    for slack_id in list(chosen)[: rules.MOST_AVOIDED + 1]:
        if slack_id == me.slack_id:
            found[slack_id] = "That is you. Please choose somebody else."
            continue
        met = who.meet(house, client, slack_id)
        if not isinstance(met, Person):
            found[slack_id] = f"{_name(client, slack_id)} can't be chosen. {met.why}"
    return found


def _name(client: WebClient, slack_id: str) -> str:
    answer = speaking.call(lambda: client.users_info(user=slack_id))
    if isinstance(answer, speaking.Refused | speaking.Unclear):
        return "One of them"
    return str(answer["user"].get("real_name") or answer["user"].get("name") or "One of them")
