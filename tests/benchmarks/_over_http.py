"""The same months over HTTP: the bot as it is served, a local Slack workspace, and every press a signed request."""

import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet, MultiFernet

from sandbox import looking
from sandbox.box import Sandbox
from sandbox.filling import CannotDo
from sandbox.people import BOT_USER, TEAM_ID, Person
from sandbox.records import Json, Message
from store import directory, people
from store.database import Store
from tests.benchmarks import _judging, _living, _people
from tests.benchmarks._judging import Lives, Posted
from tests.benchmarks._living import Act, Life
from tests.benchmarks._people import DAY, PLACES, Couple, Letter, One
from tests.benchmarks._six_months import BEGINS, DAYS, PUBLISHED_OVER, Share, peopled, publish, six_months

IN_MEMORY = Path("/dev/shm")  # noqa: S108 -- where there is such a folder: waiting for the disk is measured elsewhere
LOOKS_EVERY = timedelta(hours=1)
PLACES_HERE = tuple(
    (zone, country) for zone, country in PLACES if country is not None and BEGINS.astimezone(ZoneInfo(zone)).minute == 0
)
"""Where no country is known, one is guessed by the zone. And two may be at work together for half an hour only, if the
clock of one of them goes by half hours: that is lived in process."""


class LifeOverHttp(Life):
    """They press what they see, and fill in the form it opens; what there is no way for here, they leave."""

    def __init__(self, box: Sandbox, store: Store, everyone: list[One], couples: list[Couple], ends: datetime) -> None:
        super().__init__(store, None, everyone, couples, ends, BEGINS)
        self._box = box
        self._read: dict[str, int] = {}
        self._where: dict[tuple[int, str], Message] = {}
        """In which message somebody saw what they will press."""

    def letters(self) -> Iterator[tuple[datetime, Letter]]:
        """What has come since, in all conversations, and when: here the time flows on, and the bot looks by itself."""
        for place in list(self._box.space.conversations.values()):
            new = place.messages[self._read.get(place.id, 0) :]
            self._read[place.id] = len(place.messages)
            for message in new:
                if message.metadata is None:
                    continue
                members = sorted(each[1:] for each in place.members if each != BOT_USER)
                channel = f"U{members[0]}" if len(members) == 1 else f"G{''.join(members)}"
                mark = message.metadata["event_payload"]["id"]
                for member in members:
                    for _, value in _people.buttons(message.blocks):
                        self._where[int(member), value] = message
                yield message.time, Letter(mark, channel, message.text, message.blocks)

    def act_at(self, now: datetime) -> None:
        """All that is done by then, step by step: the bot has done what it does after an answer, then all go on.

        Of two who are a pair, or of two things that one does, the second comes after the first.
        """
        self.now = now
        waiting, under_way = self.due(now), list[tuple[set[int], Iterator[None]]]()
        while waiting or under_way:
            later = []
            for one, act, what in waiting:
                both = {one.id, *(each.id for each in self.partners(one))}
                if any(both & busy for busy, _ in under_way):
                    later.append((one, act, what))
                elif act in WAYS and not one.is_out:
                    self.acts, one.acted_at = self.acts + 1, now
                    under_way.append((both, WAYS[act](self, one, what)))
            waiting = later
            under_way = [(busy, steps) for busy, steps in under_way if self._goes_on(steps)]
            if waiting or under_way:
                self._box.settle()

    def _goes_on(self, steps: Iterator[None]) -> bool:
        """Whether there is more to do once the bot is idle. The buttons may be gone by then, as for anybody."""
        try:
            return next(steps, self) is not self
        except CannotDo:
            self.acts -= 1
            return False

    def press(self, one: One, what: str, value: str) -> None:
        self.close_all(one)
        user, where = one.slack_id, self._where.get((one.id, value))
        if where is None:
            raise CannotDo("it was never offered")
        thing, block, element = looking.find_usable(self._box.space, user, what, where, value)
        self._box.acting.press(user, thing, block["block_id"], element["action_id"])

    def fill_in(self, one: One, answers: Json) -> None:
        self._box.fill(one.slack_id, answers)
        view = self._box.space.modals(one.slack_id)[-1]
        self._box.acting.submit(one.slack_id, view, {})

    def close_all(self, one: One) -> None:
        for view in reversed(self._box.space.modals(one.slack_id)):
            self._box.acting.close(one.slack_id, view)

    def say(self, one: One, word: str) -> None:
        self._box.acting.command(one.slack_id, self._box.space.im(one.slack_id).id, word)
        self.close_all(one)


def _book(life: LifeOverHttp, one: One, pair_id: int) -> Iterator[None]:
    life.press(one, "go.meet", str(pair_id))
    day, at = life.some_day(one)
    yield
    life.fill_in(one, {"day": day, "time": at})
    life.close_all(one)
    life.has_booked(one, pair_id)  # it was stored before the form closed


def _press_a_date(life: LifeOverHttp, one: One, value: str) -> Iterator[None]:
    for number in range(1, 4):
        try:
            life.press(one, f"sessions.suggested.{number}", value)
        except CannotDo:
            continue
        yield
        life.has_booked(one, int(value.split(":")[0]))
        return
    raise CannotDo("the buttons are gone")


def _met(life: LifeOverHttp, one: One, value: str) -> Iterator[None]:
    life.press(one, "sessions.met", value)  # the form for notes stays open until they do something else
    yield from ()


def _not_this_month(life: LifeOverHttp, one: One, value: str) -> Iterator[None]:
    life.press(one, "sessions.not_this_month", value)
    yield from ()


def _cancel(life: LifeOverHttp, one: One, value: str) -> Iterator[None]:
    life.press(one, "sessions.cancel", value)
    life.booked[int(value.split(":")[0])].append(life.now)
    yield from ()


def _pause(life: LifeOverHttp, one: One, _: Any) -> Iterator[None]:
    life.say(one, f"pause {life.pauses(one)}")
    yield from ()


def _resume(life: LifeOverHttp, one: One, _: Any) -> Iterator[None]:
    life.say(one, "resume")
    yield from ()


WAYS: dict[Act, Callable[[LifeOverHttp, One, Any], Iterator[None]]] = {
    _living.book: _book,
    _living.press_a_date: _press_a_date,
    _living.met: _met,
    _living.not_this_month: _not_this_month,
    _living.cancel: _cancel,
    _living.pause: _pause,
    _living.resume: _resume,
}


def six_months_over_http(pairs: int, seed: int, processes: int = 2, days: int = DAYS) -> Lives:
    """Each process has a workspace of its own, with a bot of its own."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as folder:
        return six_months(pairs, Path(folder), f"{seed} http", processes, days, live=lived, places=PLACES_HERE)


def lived(share: Share) -> Lives:
    key = Fernet.generate_key().decode()
    quietly = {"SLACK_MESSAGES_PER_SECOND": "1000", "LOG_LEVEL": "ERROR"}
    box = Sandbox(share.folder, now=BEGINS, key=key, prepare=False, env=quietly)
    store = Store(f"sqlite:///{share.folder / 'flipside.db'}", MultiFernet([Fernet(key)]))
    store.migrate()
    everyone, couples = peopled(store, TEAM_ID, share)
    _give_accounts(box, store, everyone)
    with box:
        found = _lived(box, store, everyone, couples, BEGINS + share.days * DAY)
    store.close()
    return found


def _give_accounts(box: Sandbox, store: Store, everyone: list[One]) -> None:
    """Where they live is their own word: what Slack's zone makes one guess gives way to it."""
    box.space.people["U0COORDINATOR"] = Person("U0COORDINATOR", "noor_runs_it", "Noor")
    with store.begin() as db:
        for one in everyone:
            box.space.people[one.slack_id] = Person(one.slack_id, f"person{one.id}", f"Person {one.id}", zone=one.zone)
            directory.tell(people.get(db, one.id), {"country": one.country}, BEGINS)


def _lived(box: Sandbox, store: Store, everyone: list[One], couples: list[Couple], ends: datetime) -> Lives:
    life = LifeOverHttp(box, store, everyone, couples, ends)
    life.begin(BEGINS + PUBLISHED_OVER * DAY)
    posted: list[Posted] = []
    published = sorted(couples, key=lambda each: (each.published_at, each.id))
    look, now, ticks = box.settle(), BEGINS, 0
    while True:
        coming = [life.next_act(), look, published[0].published_at if published else None]
        at = min((each for each in coming if each is not None), default=ends)
        now = max(now, BEGINS + -((BEGINS - at) // LOOKS_EVERY) * LOOKS_EVERY, box.now)
        if now >= ends:
            break
        box.space.clock.set(now)
        life.act_at(now)
        if published and published[0].published_at <= now:
            publish(store, TEAM_ID, published, now)
        look = box.settle()
        ticks += 1
        for at, letter in life.letters():
            posted.append(_judging.seen(life, letter, at))
            for one in posted[-1].to:
                life.sees(life.everyone[one], letter)
    if box.errors:
        raise RuntimeError(f"Slack didn't take {box.errors[0]}")
    found = _judging.judged(store, life, posted, BEGINS, ends)
    found.ticks = ticks
    return found
