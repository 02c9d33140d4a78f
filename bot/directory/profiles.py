"""The custom fields of Slack's profiles as a source, those that a coordinator has mapped: a few people at a time.

No event tells of a change in them, so each profile is read once a day, whose was read longest ago first, at a pace that
leaves most of what Slack allows to the bot's own work.
"""

import logging
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session as Db

from bot.directory import rules, trouble
from bot.house import House
from bot.slack.speaking import Refused, Unclear, call
from store import directory, people, workspaces
from store.models import DirectoryReading, Person, Source

log = logging.getLogger(__name__)

# Thirty a minute, of a hundred that Slack allows: https://docs.slack.dev/reference/methods/users.profile.get
AT_ONCE = 2
PACE = timedelta(seconds=4)
PATIENCE = 3  # times that one profile may fail in a row before it is passed over
EVERY = timedelta(days=1)
LOOK_AGAIN = timedelta(hours=1)  # somebody may have come meanwhile
FORGOTTEN_AT_ONCE = 200
FIELDS = "fields"  # in the reading's report: the mapping it was made with
SINCE = "since"
SLACK_ID = re.compile(r"^[UW][A-Z0-9]{2,20}$")
TEXT_LIMIT = 200


def read(house: House, _number: int = 0) -> datetime | None:
    """Reads the profiles of a few; when to go on, or None while nothing is mapped."""
    now = house.clock()
    with house.store.read() as db:
        fields = workspaces.profile_fields(db, house.workspace_id)
    if not fields:
        return _forget(house, now)
    with house.store.begin() as db:
        reading = _reading(db, house.workspace_id, fields, now)
        unread = people.profiles_to_read(db, house.workspace_id, _since(reading, now), AT_ONCE)
    for person in unread:
        answer = call(lambda who=person.slack_id: house.client.users_profile_get(user=who))  # type: ignore[misc]
        if _holds_up(answer, reading):
            return trouble.after(house, Source.PROFILE, answer, now)
        if isinstance(answer, Unclear) or (isinstance(answer, Refused) and not answer.is_gone):
            _pass_over(house, person, answer.code, now)
            continue
        custom = {} if isinstance(answer, Refused) else custom_fields(answer)
        _keep(house, person, facts(custom, fields, levels(house), person.slack_id), now)
    return now + PACE if unread else _finish(house, now)


def _holds_up(answer: Any, reading: DirectoryReading) -> bool:
    """Whether the others have to wait too. What Slack says of one profile alone must not hold up the rest for ever."""
    if isinstance(answer, Unclear):
        return reading.attempts < PATIENCE
    return isinstance(answer, Refused) and answer.is_passing


def _pass_over(house: House, person: Person, code: str, now: datetime) -> None:
    """What was known of them stays; they are asked about again tomorrow."""
    with house.store.begin() as db:
        people.get(db, person.id).profile_read_at = now
    log.warning("passed over person=%s error=%s", person.slack_id, code)


def _reading(db: Db, workspace_id: str, fields: Mapping[str, Any], now: datetime) -> DirectoryReading:
    """With another mapping everybody's profile is read anew."""
    reading = directory.reading(db, workspace_id, Source.PROFILE)
    if reading.report.get(FIELDS) != fields:
        reading.report = {FIELDS: dict(fields), SINCE: now.isoformat()}
        reading.attempts, reading.error = 0, None
    return reading


def _since(reading: DirectoryReading, now: datetime) -> datetime:
    """What was read before then is to be read again."""
    return max(now - EVERY, datetime.fromisoformat(reading.report[SINCE]))


def _keep(house: House, person: Person, said: Mapping[str, Any], now: datetime) -> None:
    with house.store.begin() as db:
        present = people.get(db, person.id)
        present.profile_read_at = now
        reading = directory.reading(db, house.workspace_id, Source.PROFILE)
        reading.attempts, reading.error = 0, None
        if directory.say(present, Source.PROFILE, said, now):
            _changed(db, house, [present], now)
            log.info("read profile person=%s", present.slack_id)


def _changed(db: Db, house: House, changed: Iterable[Person], now: datetime) -> None:
    """Lines may go through anybody, but only who takes part has to be looked at."""
    db.flush()
    directory.changed(db, house.workspace_id, directory.with_a_place(db, [each.id for each in changed]), now)


def _finish(house: House, now: datetime) -> datetime:
    """Everyone has been read for today."""
    with house.store.begin() as db:
        reading = directory.reading(db, house.workspace_id, Source.PROFILE)
        oldest = people.oldest_profile(db, house.workspace_id)
        reading.read_at, reading.attempts, reading.error = now, 0, None
    return min(oldest + EVERY, now + LOOK_AGAIN) if oldest else now + LOOK_AGAIN


def _forget(house: House, now: datetime) -> datetime | None:
    """Nothing is mapped any more: what profiles said is forgotten."""
    with house.store.begin() as db:
        reading = directory.find_reading(db, house.workspace_id, Source.PROFILE)
        if reading is not None:
            reading.report = {}
        told = people.with_word_of(db, house.workspace_id, Source.PROFILE, FORGOTTEN_AT_ONCE)
        for person in told:
            directory.say(person, Source.PROFILE, {}, now)
        if told:
            _changed(db, house, told, now)
    return now + PACE if told else None


# What a profile says


def custom_fields(answer: Any) -> Mapping[str, Any]:
    """By field id. Slack gives null, an empty list or an empty object where there are none."""
    profile = answer.get("profile") or {}
    fields = profile.get("fields") or {}
    return fields if isinstance(fields, dict) else {}


def levels(house: House) -> Mapping[str, int]:
    """The labels of our levels, in small letters, and their numbers."""
    return {label.casefold(): number for number, label in getattr(house.prompts, "levels", {}).items()}


def facts(
    custom: Mapping[str, Any], fields: Mapping[str, Any], labels: Mapping[str, int], slack_id: str
) -> dict[str, Any]:
    """What the mapped fields say. What isn't what it should be is not known."""
    said = {name: _value(custom, str(field_id)) for name, field_id in fields.items() if field_id}
    found: dict[str, Any] = {name: said.get(name) for name in ("department", "function", "team", "site")}
    found["started_on"] = rules.day(said.get("started_on") or "")
    found["level"] = _level(said.get("level"), labels)
    # A field of people may name several: a line too many only bars a pair.
    above = [each.strip() for each in (said.get("manager") or "").split(",")]
    managers = [each for each in above if SLACK_ID.match(each) and each != slack_id]
    return found | {"manager": managers[0] if managers else None, "dotted_managers": managers[1:]}


def _value(custom: Mapping[str, Any], field_id: str) -> str | None:
    field = custom.get(field_id)
    value = field.get("value") if isinstance(field, dict) else None
    text = value.replace("\x00", "").strip() if isinstance(value, str) else ""
    return text[:TEXT_LIMIT] or None


def _level(text: str | None, labels: Mapping[str, int]) -> int | None:
    if text is None:
        return None
    return int(text) if re.fullmatch(r"-?[0-9]{1,6}", text) else labels.get(text.casefold())
