"""Slack's users as we keep them: what kind of account, whether it is open, and what Slack says of the person.

Slack tells the same thing again and again (each status is a change of the user), late, and out of order. So what it
says is compared before anything is written, and what is older than what we know already changes nothing.
"""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy.orm import Session as Db

from bot import working_time
from store import agenda, directory, members, people
from store.models import IS_OUT, Person, Source, Standing

log = logging.getLogger(__name__)

SLACKBOT = "USLACKBOT"  # is no bot, if one asks Slack
FACTS = ("name", "zone", "email", "title", "country")
TURNED_AWAY = (Standing.GUEST, Standing.BOT, Standing.OUTSIDER)
LONGEST_EMAIL = 320


@dataclass(frozen=True)
class Account:
    """What of a user of Slack's counts for us."""

    slack_id: str
    standing: Standing
    is_closed: bool = False
    is_invited: bool = False
    """They haven't come yet."""
    updated: int = 0
    """When it changed last, by Slack's clock; 0 where Slack doesn't say."""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_kept(self) -> bool:
        """Whether somebody we don't know yet is kept: people of the workspace, guests among them."""
        return self.standing in (Standing.MEMBER, Standing.GUEST) and not self.is_closed and not self.is_invited


def read(user: Mapping[str, Any], workspace_id: str) -> Account:
    """A user object of users.info, users.list or an event. Any field of it may be missing, or null."""
    updated = user.get("updated")
    return Account(
        slack_id=str(user["id"]),
        standing=_standing(user, workspace_id),
        is_closed=bool(user.get("deleted")),
        is_invited=bool(user.get("is_invited_user")),
        updated=int(updated) if isinstance(updated, int | float) else 0,
        facts=_facts(user),
    )


def _standing(user: Mapping[str, Any], workspace_id: str) -> Standing:
    if user.get("is_bot") or user.get("is_workflow_bot") or user["id"] == SLACKBOT:
        return Standing.BOT
    if workspace_id not in {user.get("team_id") or workspace_id, *teams(user)} or user.get("is_stranger"):
        return Standing.OUTSIDER
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Standing.GUEST
    return Standing.MEMBER


def teams(user: Mapping[str, Any]) -> list[str]:
    """Their workspaces, where they are in an Enterprise Grid."""
    return [str(each) for each in (user.get("enterprise_user") or {}).get("teams") or []]


def _facts(user: Mapping[str, Any]) -> dict[str, Any]:
    profile = user.get("profile") or {}
    zone = _zone(user.get("tz"))
    email = _text(profile.get("email"), LONGEST_EMAIL)
    found = {
        "name": _text(profile.get("display_name")) or _text(profile.get("real_name")) or _text(user.get("name")),
        "zone": zone,
        "email": email.lower() if email else None,
        "title": _text(profile.get("title")),
        "country": country_of(zone),
    }
    return {name: fact for name, fact in found.items() if fact is not None}


def _zone(value: object) -> str | None:
    """One that isn't known here is no better than none: nobody could say what time it is there."""
    zone = _text(value, 60)
    return zone if zone in working_time.known_zones() else None


def _text(value: object, limit: int = 200) -> str | None:
    """Slack gives an empty text, or null, for what isn't filled in."""
    text = value.replace("\x00", "").strip() if isinstance(value, str) else ""
    return text if 0 < len(text) <= limit else None


def country_of(zone: str | None) -> str | None:
    """The country of a zone by the time zone database, so that its public holidays are kept."""
    return _countries().get(zone or "")


@cache
def _countries() -> dict[str, str]:
    lines = files("tzdata.zoneinfo").joinpath("zone.tab").read_text().splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {row[2]: row[0] for row in rows}


# Comparing


def is_news(person: Person | None, account: Account) -> bool:
    """Whether the account tells anything that isn't stored. A status, or a new picture, is none."""
    if person is None:
        return account.is_kept
    word = person.known.get(Source.SLACK, {})
    if account.updated and account.updated < word.get(directory.UPDATED, 0):
        return False  # an event that was late: something newer is known
    if account.is_closed:
        return person.gone_at is None or not word.get(directory.GONE)
    return (
        bool(word.get(directory.GONE))
        or person.standing is not account.standing
        or {name: word[name] for name in FACTS if name in word} != account.facts
    )


# Keeping


def keep(db: Db, workspace_id: str, accounts: Sequence[Account], now: datetime) -> Counter[str]:
    """Stores what is new; how many were `added`, `changed`, `gone`, or the `same`. Nobody is touched without need."""
    if ending := _ending(db, workspace_id, accounts):
        members.lock_programmes(db, ending)
        db.expire_all()  # they were read before the lock: somebody may have changed them since
    _give_accounts(db, workspace_id, accounts, now)
    known = people.by_slack_id(db, workspace_id, [account.slack_id for account in accounts])
    counts: Counter[str] = Counter()
    changed = []
    for account in accounts:
        person = known.get(account.slack_id)
        if not is_news(person, account):
            counts["same"] += person is not None
        elif person is None:
            _meet(db, workspace_id, account, now)
            counts["added"] += 1
        elif account.is_closed:
            _close(db, person, account, now)
            counts["gone"] += 1
        else:
            _renew(db, person, account, now)
            changed.append(person.id)
            counts["changed"] += 1
    db.flush()
    if concerned := directory.with_a_place(db, changed):
        agenda.touch(db, workspace_id, concerned, now)
    return counts


def _ending(db: Db, workspace_id: str, accounts: Sequence[Account]) -> list[int]:
    """Whose part in programmes may end by this."""
    shut = {each.slack_id: each for each in accounts if each.is_closed or each.standing in TURNED_AWAY}
    known = people.by_slack_id(db, workspace_id, shut)
    return [person.id for slack_id, person in known.items() if is_news(person, shut[slack_id])]


def _give_accounts(db: Db, workspace_id: str, accounts: Sequence[Account], now: datetime) -> None:
    """Whoever was in the company's directory only, and has got an account, is one person from now on."""
    emails = {each.facts["email"]: each.slack_id for each in accounts if each.is_kept and "email" in each.facts}
    ours = people.without_account(db, workspace_id, emails)
    if ours:
        given = {each.slack_id: emails[str(each.email)] for each in ours}
        people.given_accounts(db, workspace_id, given, now)
        log.info("given accounts people=%s", ",".join(sorted(given.values())))


def _meet(db: Db, workspace_id: str, account: Account, now: datetime) -> None:
    person = Person(workspace_id=workspace_id, slack_id=account.slack_id, name=account.slack_id)
    db.add(person)
    _renew(db, person, account, now)
    log.info("met person=%s standing=%s", account.slack_id, account.standing)


def _renew(db: Db, person: Person, account: Account, now: datetime) -> None:
    """What Slack says now. Whoever was shut out and is so no more is known again, but no member."""
    was_turned_away = person.standing in TURNED_AWAY
    was_closed = directory.GONE in person.known.get(Source.SLACK, {})
    person.standing = account.standing
    directory.say(person, Source.SLACK, {**account.facts, directory.UPDATED: account.updated or None}, now)
    if person.standing in TURNED_AWAY:
        _turn_away(db, person, now)
    elif person.gone_at is not None and (was_turned_away or was_closed) and not directory.is_lost(person.known):
        person.gone_at = None
        log.info("back person=%s", person.slack_id)


def _turn_away(db: Db, person: Person, now: datetime) -> None:
    """A colleague who has become a guest, say: their part in programmes ends, as if they had left."""
    if any(member.state not in IS_OUT for member, _ in members.of_person(db, person.id)):
        log.info("gone person=%s standing=%s", person.slack_id, person.standing)
        members.gone(db, person, now)


def _close(db: Db, person: Person, account: Account, now: datetime) -> None:
    log.info("gone person=%s", person.slack_id)
    members.deactivated(db, person, now, account.updated)
