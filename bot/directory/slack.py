"""Slack as a source: everyone's account, read each night in pages, and whatever Slack tells in between.

Who isn't in the list is asked about before they count as gone. What an event tells is compared first, since each
status is one; and what would end somebody's part is asked again, since events come late and out of order.
"""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot import errors, working_time
from bot.clock import night
from bot.directory import trouble
from bot.house import House
from bot.slack import accounts
from bot.slack.accounts import Account
from bot.slack.speaking import Refused, Unclear, call
from store import agenda, directory, people, readings
from store.models import DirectoryReading, Person, Source, Standing, Subject

log = logging.getLogger(__name__)

PAGE = 200  # https://docs.slack.dev/reference/methods/users.list asks for no more
PACE = timedelta(seconds=3)  # twenty calls a minute
ASKED_AT_ONCE = 3  # people who weren't in the list
HOUR = time(2)
SOON = timedelta(minutes=5)
LISTED = "?"  # the cursor once the list has been read: then those who weren't in it are asked about


# The list


def read_people(house: House, _number: int = 0) -> datetime | None:
    """One page, or a few people who weren't in any; when to go on."""
    now = house.clock()
    with house.store.begin() as db:
        reading = readings.under_way(db, house.workspace_id, Source.SLACK, now)
    if reading.cursor == LISTED:
        return _ask_about_others(house, reading, now)
    answer = call(lambda: house.client.users_list(limit=PAGE, cursor=reading.cursor))
    if isinstance(answer, Refused) and answer.code == "invalid_cursor" and reading.cursor is not None:
        return _begin_again(house, now)
    if isinstance(answer, Refused | Unclear):
        return trouble.after(house, Source.SLACK, answer, now)
    users = answer.get("members")
    if not isinstance(users, list):
        return trouble.after(house, Source.SLACK, Unclear("no_members"), now)
    following = (answer.get("response_metadata") or {}).get("next_cursor") or LISTED
    _keep(house, reading, following, [accounts.read(user, house.workspace_id) for user in users], now)
    return now + PACE if following != LISTED else now


def _begin_again(house: House, now: datetime) -> datetime:
    """Slack has forgotten where we were."""
    with house.store.begin() as db:
        readings.begin(db, directory.reading(db, house.workspace_id, Source.SLACK), now)
        attempts = readings.failed(db, house.workspace_id, Source.SLACK, "invalid_cursor")
    return now + trouble.pause(attempts)


def _keep(
    house: House,
    reading: DirectoryReading,
    following: str,
    found: Sequence[Account],
    now: datetime,
    *,
    asked: str | None = None,
) -> None:
    """What was found, and where to go on, together; nothing if another has been here."""
    with house.store.begin() as db:
        counts = accounts.keep(db, house.workspace_id, found, now)
        if readings.go_on(db, reading, following, counts):
            met = {account.slack_id for account in found} | ({asked} if asked else set())
            readings.collect(db, reading, {slack_id: {} for slack_id in sorted(met)})
        else:
            db.rollback()


def _ask_about_others(house: House, reading: DirectoryReading, now: datetime) -> datetime:
    with house.store.read() as db:
        others = readings.not_met(db, house.workspace_id, Source.SLACK, ASKED_AT_ONCE)
    for person in others:
        account = _asked(house, person)
        if isinstance(account, Refused | Unclear):
            return trouble.after(house, Source.SLACK, account, now)
        # Slack may know them under another id, on the Grid: they are asked about once all the same.
        _keep(house, reading, LISTED, [account], now, asked=person.slack_id)
        reading = _present(house)
    return now + PACE if others else _finish(house, reading, now)


def _present(house: House) -> DirectoryReading:
    with house.store.begin() as db:
        return readings.under_way(db, house.workspace_id, Source.SLACK, house.clock())


def _asked(house: House, person: Person) -> Account | Refused | Unclear:
    """What Slack says of one person; whom it doesn't know has no account any more."""
    answer = call(lambda: house.client.users_info(user=person.slack_id))
    if isinstance(answer, Refused) and answer.is_gone:
        return Account(person.slack_id, person.standing, is_closed=True)
    if isinstance(answer, Refused | Unclear):
        return answer
    return accounts.read(answer["user"], house.workspace_id)


def _finish(house: House, reading: DirectoryReading, now: datetime) -> datetime:
    with house.store.begin() as db:
        readings.finish(db, reading, now)
        working_time.most_live_in(people.usual_zone(db, house.workspace_id))
    log.info("read source=%s", Source.SLACK)
    return night(now, HOUR)


# Events


def register(app: App, house: House) -> None:
    """Somebody has come, or something about them has changed."""

    def told(event: dict[str, Any], client: WebClient) -> None:
        try:
            hear(house, client, event["user"])
        except Exception as error:
            # Acknowledged already, so it isn't told again; the next night's list has it.
            errors.told(error, None, str(event.get("type")))

    app.event("team_join")(told)
    app.event("user_change")(told)


def hear(house: House, client: WebClient, user: Mapping[str, Any]) -> None:
    """Keeps what an event says of somebody, if it is news."""
    account = accounts.read(user, house.workspace_id)
    with house.store.read() as db:
        person = people.find(db, house.workspace_id, account.slack_id)
    if not accounts.is_news(person, account):
        return
    if account.is_closed or account.standing is not Standing.MEMBER:
        certain = _certain(client, account, house.workspace_id)
        if certain is None:
            _read_soon(house)
            return
        account = certain
    with house.store.begin() as db:
        counts = accounts.keep(db, house.workspace_id, [account], house.clock())
        if counts["added"]:
            agenda.look(db, house.workspace_id, Subject.SLACK_PROFILES, 0, house.clock())
    log.info("heard person=%s %s", account.slack_id, _said(counts))


def _said(counts: Counter[str]) -> str:
    return " ".join(f"{name}={count}" for name, count in sorted(counts.items()))


def _certain(client: WebClient, told: Account, workspace_id: str) -> Account | None:
    """It may end their part: an event that comes late must not, so Slack is asked how it is now. None: it can't say."""
    answer = call(lambda: client.users_info(user=told.slack_id))
    if isinstance(answer, Refused) and answer.is_gone:
        return told
    return None if isinstance(answer, Refused | Unclear) else accounts.read(answer["user"], workspace_id)


def _read_soon(house: House) -> None:
    """The list tells, as soon as Slack can."""
    at = house.clock() + SOON
    with house.store.begin() as db:
        agenda.look(db, house.workspace_id, Subject.SLACK_PEOPLE, 0, at)
    log.info("not sure of somebody, reads the list soon")
