"""Who somebody is: their stored record, learned from Slack at the first meeting; and who may coordinate."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient

from bot.house import House
from bot.slack import accounts
from bot.slack.speaking import Refused, Unclear, call
from store import people
from store.models import Person, Standing

log = logging.getLogger(__name__)

UNSEEN = "I can't see who you are in Slack just now. Please try again in a minute."
GUEST = "Guests can't take part in this programme. The people who run it can tell you more."
BOT = "This is for people; bots can't take part."
STRANGER = "This programme is for people of this workspace. Someone in your own company can tell you more."
NEIGHBOUR = (
    "This programme is for people of this workspace; yours is another of the same organisation. "
    "The people who run it can tell you whether you could come over."
)
CLOSED = "That account is deactivated."
INVITED = "That person has been invited to Slack, but hasn't come yet."
LEFT = "By your company's directory you no longer work here. If that is wrong, the people who keep it can put it right."
REFUSALS: Mapping[Standing, str] = {Standing.GUEST: GUEST, Standing.BOT: BOT, Standing.OUTSIDER: STRANGER}


@dataclass(frozen=True)
class Stranger:
    """Somebody the programme can't take, and why, in words fit to show."""

    why: str


def meet(house: House, client: WebClient, slack_id: str) -> Person | Stranger:
    """The stored person, if they may take part; Slack is asked about whom we don't know yet, or who was gone.

    So it is for whoever acts, and for whoever is chosen in a form. Outsiders, guests and bots are refused.
    """
    with house.store.read() as db:
        known = people.find(db, house.workspace_id, slack_id)
    if known is not None and known.gone_at is None:
        if known.standing is Standing.MEMBER:
            return known
        if known.standing in (Standing.GUEST, Standing.BOT):
            return Stranger(REFUSALS[known.standing])
    answer = call(lambda: client.users_info(user=slack_id))
    if isinstance(answer, Refused | Unclear):
        return _unseen(known)
    return _met(house, client, known, answer["user"])


def acting(house: House, client: WebClient, slack_id: str) -> Person | Stranger:
    """As `meet`, of somebody who has just done something."""
    me = meet(house, client, slack_id)
    if isinstance(me, Person):
        heard_from(house, me)
    return me


def heard_from(house: House, me: Person) -> None:
    """Somebody does something in Slack: whatever it refused of us before, they are written to again."""
    if me.unreachable_since is None:
        return
    with house.store.begin() as db:
        is_news = people.reachable(db, people.get(db, me.id), house.clock())
    if is_news:
        log.info("reachable again person=%s", me.slack_id)


def _unseen(known: Person | None) -> Stranger:
    """Slack doesn't say: nobody is taken for somebody who may take part."""
    return Stranger(REFUSALS.get(known.standing, UNSEEN) if known else UNSEEN)


def _met(house: House, client: WebClient, known: Person | None, user: Mapping[str, Any]) -> Person | Stranger:
    account = accounts.read(user, house.workspace_id)
    if known is None and account.standing is not Standing.MEMBER:
        return Stranger(_why_not(client, account.standing, user))  # nothing is kept of a passer-by
    with house.store.begin() as db:
        accounts.keep(db, house.workspace_id, [account], house.clock())
        person = people.find(db, house.workspace_id, account.slack_id)
    if account.is_closed or person is None:
        return Stranger(INVITED if account.is_invited else CLOSED)
    if person.standing is not Standing.MEMBER:
        return Stranger(_why_not(client, person.standing, user))
    return person if person.gone_at is None else Stranger(LEFT)


def _why_not(client: WebClient, standing: Standing, user: Mapping[str, Any]) -> str:
    if standing is not Standing.OUTSIDER:
        return REFUSALS.get(standing, UNSEEN)
    theirs = (user.get("enterprise_user") or {}).get("enterprise_id")
    return NEIGHBOUR if theirs and theirs == _our_enterprise(client) else STRANGER


def _our_enterprise(client: WebClient) -> str | None:
    """Asked for when somebody from elsewhere presses a button, which is seldom."""
    answer = call(client.auth_test)
    return None if isinstance(answer, Refused | Unclear) else answer.get("enterprise_id")


def is_gone(client: WebClient, slack_id: str) -> bool | Refused:
    """Whether Slack says that their account was deactivated; a refusal alone doesn't."""
    answer = call(lambda: client.users_info(user=slack_id))
    if isinstance(answer, Refused | Unclear):
        return answer if isinstance(answer, Refused) else False
    return bool(answer["user"].get("deleted"))


def is_coordinator(house: House, client: WebClient, slack_id: str) -> bool:
    """By the setting; where it names nobody, the admins of the workspace. In doubt: no."""
    named = house.settings.coordinators
    if not named:
        answer = call(lambda: client.users_info(user=slack_id))
        return not isinstance(answer, Refused | Unclear) and bool(answer["user"].get("is_admin"))
    groups = [each for each in named if each.startswith("S")]
    return slack_id in named or any(slack_id in _group(client, group) for group in groups)


def _group(client: WebClient, group: str) -> list[str]:
    answer = call(lambda: client.usergroups_users_list(usergroup=group))
    if isinstance(answer, Refused | Unclear):
        log.warning("group not readable group=%s error=%s", group, answer.code)
        return []
    return list(answer["users"])
