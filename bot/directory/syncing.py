"""Reads the HR directory into ours, in steps that a night's work and `people sync` take alike.

Its users are collected by id first, since the order of its pages may change while they are read: where fewer were met
than it counts, it is read again, up to three times. Only when everybody was met does anyone who wasn't count as gone.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session as Db

from bot.clock import Clock, night
from bot.directory import reading as directory
from bot.directory import scim, trouble
from bot.directory.reading import Report
from bot.directory.rules import Row
from bot.directory.scim import Directory, Page, Trouble
from bot.house import House
from store import people, readings
from store.database import Store
from store.directory import find_reading
from store.models import Collected, DirectoryReading, Source, Standing

log = logging.getLogger(__name__)

PASSES = 3
HOUR = time(3)  # when Slack's accounts have been read
MOST_ATTEMPTS = 6  # of the command's, in a row
LONGEST_WAIT = timedelta(minutes=5)  # of the command's
ACCOUNTS_FIRST = timedelta(seconds=30)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Place:
    """Where a reading stands, as its cursor keeps it."""

    turn: int = 1
    start: int = 1
    total: int = 0
    """How many there are, by the first page of this turn."""
    is_steady: bool = True
    """That number has not changed meanwhile."""
    is_read: bool = False
    """All is collected that can be."""
    is_whole: bool = False

    @classmethod
    def of(cls, cursor: str | None) -> "Place":
        if cursor is None:
            return cls()
        turn, start, total, *flags = map(int, cursor.split(":"))
        return cls(turn, start, total, *map(bool, flags))

    def __str__(self) -> str:
        numbers = (self.turn, self.start, self.total, self.is_steady, self.is_read, self.is_whole)
        return ":".join(str(int(number)) for number in numbers)

    def after(self, page: Page) -> "Place":
        total = self.total or page.total
        return replace(
            self,
            start=self.start + len(page.users),
            total=page.total,
            is_steady=self.is_steady and total == page.total,
        )

    def turned(self, met: int) -> "Place":
        """At the end of a turn: everybody was met, or it is read again, or that has to do."""
        if self.is_steady and met == self.total:
            return replace(self, is_read=True, is_whole=True)
        return Place(self.turn + 1) if self.turn < PASSES else replace(self, is_read=True)


@dataclass(frozen=True)
class Step:
    """How far it has come."""

    at: datetime | None = None
    """When to go on; None: it has come to an end, good or bad."""
    met: int = 0
    total: int = 0
    trouble: Trouble | None = None
    report: Report | None = None


def read(house: House, _number: int = 0) -> datetime | None:
    """The bot's own work at night, a step of it; None where there is no HR directory."""
    now = house.clock()
    if house.settings.scim_url is None or house.settings.scim_token is None:
        return None
    if _lacks_accounts(house):
        return now + ACCOUNTS_FIRST
    server = Directory(house.settings.scim_url, house.settings.scim_token)
    try:
        done = step(house.store, house.workspace_id, server, house.clock)
    finally:
        server.close()
    if done.trouble is not None and done.trouble.is_lasting:
        return now + trouble.MENDING
    return done.at or night(now, HOUR)


def _lacks_accounts(house: House) -> bool:
    """Slack's accounts are read first, if they can be: people are matched to them."""
    with house.store.read() as db:
        accounts = find_reading(db, house.workspace_id, Source.SLACK)
    return accounts is not None and accounts.read_at is None and accounts.error is None


def sync(
    store: Store,
    workspace_id: str,
    server: Directory,
    clock: Clock,
    wait: Callable[[float], None],
    progress: Progress | None = None,
) -> Report | Trouble:
    """The whole of it from the start, waiting where the server says so."""
    with store.begin() as db:
        readings.begin(db, readings.under_way(db, workspace_id, Source.SCIM, clock()), clock())
    attempts = 0
    while True:
        done = step(store, workspace_id, server, clock, progress)
        if done.report is not None:
            return done.report
        attempts = attempts + 1 if done.trouble else 0
        pause = (done.at - clock()) if done.at else None
        if done.trouble and (pause is None or pause > LONGEST_WAIT or attempts == MOST_ATTEMPTS):
            return done.trouble
        if progress and not done.trouble:
            progress(done.met, done.total)
        if pause is not None and pause > timedelta(0):
            wait(pause.total_seconds())


def step(store: Store, workspace_id: str, server: Directory, clock: Clock, progress: Progress | None = None) -> Step:
    """One page, or at the end all that was collected into our directory."""
    now = clock()
    with store.begin() as db:
        reading = readings.under_way(db, workspace_id, Source.SCIM, now)
    place = Place.of(reading.cursor)
    if place.is_read:
        return _take_over(store, reading, place, clock, progress)
    page = server.page(place.start)
    if isinstance(page, Trouble):
        return _failed(store, workspace_id, page, now)
    return _collect(store, reading, place, page, now)


def _failed(store: Store, workspace_id: str, why: Trouble, now: datetime) -> Step:
    log.warning("not read source=%s error=%s", Source.SCIM, why.code)
    with store.begin() as db:
        attempts = readings.failed(db, workspace_id, Source.SCIM, why.code)
        if why.is_lasting:
            readings.give_up(db, workspace_id, Source.SCIM)
            return Step(trouble=why)
    after = trouble.pause(attempts) if why.retry_after is None else timedelta(seconds=why.retry_after)
    return Step(at=now + after, trouble=why)


def _collect(store: Store, reading: DirectoryReading, place: Place, page: Page, now: datetime) -> Step:
    found = {user_id: scim.facts(user) for user in page.users if (user_id := scim.user_id(user))}
    following = place.after(page)
    with store.begin() as db:
        readings.collect(db, reading, found)
        met = readings.count(db, reading)
        if following.start > following.total or not page.users:
            following = following.turned(met)
            if following.turn > place.turn and not place.after(page).is_steady:
                readings.forget(db, reading)  # the company changed meanwhile: somebody who was met may be gone
        if not readings.go_on(db, reading, str(following)):
            db.rollback()  # somebody else reads it too
    return Step(at=now, met=met, total=page.total)


def _take_over(store: Store, reading: DirectoryReading, place: Place, clock: Clock, progress: Progress | None) -> Step:
    """What was collected becomes what the HR directory says, for all of it at once."""
    report = directory.apply(
        store,
        reading.workspace_id,
        Source.SCIM,
        lambda: _rows(store, reading),
        clock(),
        partial=True,
        progress=progress,
        is_whole=place.is_whole,
    )
    now = clock()
    with store.begin() as db:
        readings.finish(db, reading, now, is_whole=place.is_whole)
        if not place.is_whole:
            readings.failed(db, reading.workspace_id, Source.SCIM, "incomplete")
    if not place.is_whole:
        log.warning("not read to the end source=%s", Source.SCIM)
    return Step(met=place.total, total=place.total, report=report)


def _rows(store: Store, reading: DirectoryReading) -> Iterator[tuple[int, Row | str]]:
    """The collected users, numbered, a piece at a time."""
    number = 0
    with store.read() as db:
        for piece in readings.collected(db, reading):
            accounts = _accounts(db, reading.workspace_id, piece)
            for each in piece:
                number += 1
                facts = dict(each.facts)
                account = facts.pop("account", None)
                yield number, Row(key=each.key, slack_id=account if account in accounts else None, **facts)


def _accounts(db: Db, workspace_id: str, piece: Sequence[Collected]) -> set[str]:
    """Which of the ids that may be Slack's are: other directories have ids that look alike."""
    found = people.by_slack_id(db, workspace_id, [each.facts["account"] for each in piece if "account" in each.facts])
    return {slack_id for slack_id, person in found.items() if person.standing is not Standing.NO_ACCOUNT}
