"""The two months are lived under fire: bots die, Slack fails. Whatever happens, the calendar must come true.

People do what people do: where nothing came of a press, they press again.
"""

import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine, make_url, text

from sandbox import BotDidNotAnswer, CannotDo, Sandbox
from sandbox.faults import POINTS
from sandbox.records import Message
from tests import towns
from tests.flows import calendar_names, two_months
from tests.flows.telling import buttons, last, menu
from tests.flows.two_months import ACTS, CALENDAR, ENDS, TOPICS, moment
from tests.towns import Towns

AT_RANDOM = "at_random"
SAYS = {**calendar_names.SAYS, "in *Look Up* has ended": "parted"}
FAULTS = {"reset": 0.06, "error": 0.04, "html": 0.04, "too_many": 0.03, "slow": 0.03}  # shares of Slack's answers
STORMS, STORM_LASTS = 0.15, timedelta(minutes=2)  # of acts, in which Slack takes no message
LOOKS_EVERY, MOST_LATER = 0.01, 0.15  # real seconds
LONDON = ZoneInfo("Europe/London")
TRIES = 30
QUIET = timedelta(hours=3)  # at the end
A_WHILE = timedelta(seconds=20)  # until somebody presses again
NOT_BEFORE = timedelta(seconds=5)  # a bot's clock may go before
WORK_ENDS = 17
SATURDAY, NOON = 5, time(12)


@dataclass(frozen=True)
class Entry:
    """What the calendar says, or what came."""

    at: datetime
    name: str

    @property
    def day(self) -> tuple[str, str]:
        return f"{self.at:%a %d %b}", self.name

    def __str__(self) -> str:
        return f"{self.at:%a %d %b %H:%M:%S} {self.name}"


@dataclass
class Counts:
    """What came of it, of one programme or of many."""

    kills: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    expected: int = 0
    sent: int = 0
    reconciled: int = 0
    resent: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """What Slack would not have taken: errors and limits that were broken."""

    def add(self, other: "Counts") -> None:
        for name, value in vars(self).items():
            setattr(self, name, value + getattr(other, name))

    @property
    def wrong(self) -> dict[str, list[str]]:
        """All that must not be: empty if the calendar came true."""
        names = ("lost", "doubled", "foreign", "early", "late", "refused")
        return {name: found for name in names if (found := getattr(self, name))}


# What people do


class Life:
    """What they do, in the order of time, each as often as it takes until it is done."""

    def __init__(self, box: Sandbox, people: Collection[str], until: datetime, fire: "Fire") -> None:
        self.box = box
        self.until = until
        self._fire = fire
        self._chance = random.Random(fire.seed)
        acts = [line.split() for line in ACTS.strip().splitlines()]
        theirs = [(moment(" ".join(act[:4]), zone(box, act[4])), act[4], act[5], act[6:]) for act in acts]
        self.acts = sorted(act for act in theirs if act[1] in people and act[0] < until)

    def live(self) -> None:
        for at, who, does, what in self.acts:
            if at >= self.until:
                break
            self.box.advance_to(at)
            if self._chance.random() < STORMS:
                self.box.storm(STORM_LASTS, "chat.postMessage", retry_after=20)
            getattr(self, does)(who, *what)
            if self.box.kills.total() >= self._fire.most:
                self.until = min(self.until, weekend_after(at))
        self.box.advance_to(self.until)

    def _again(self, do: Callable[[], object], is_done: Callable[[], object]) -> None:
        """Once more where the bot didn't answer, or nothing came of it."""
        for _ in range(TRIES):
            with suppress(BotDidNotAnswer, CannotDo):
                do()
            self.box.settle()
            if is_done():
                return
            self.box.advance(A_WHILE)
        raise AssertionError(f"nothing comes of it, at {self.box.now}: {do}")

    def books(self, who: str, day: str, at: str, button: str = "Pick a date") -> None:
        box = self.box
        self._again(lambda: box.press(who, button), lambda: box.modal(who))
        wrong: list[dict[str, str]] = [{}]
        self._again(
            lambda: wrong.append(box.submit(who, {"Day": day, "Time": at})), lambda: not box.modal(who) or wrong[-1]
        )
        assert not wrong[-1], wrong

    def moves(self, who: str, day: str, at: str) -> None:
        self.books(who, day, at, "Move it")

    def met(self, who: str) -> None:
        box = self.box
        [*_, asked] = [message for message in box.dm(who) if "We met" in buttons(message)]
        self._again(
            lambda: box.press(who, "We met", where=asked),
            lambda: self._closed(who) and "We met" not in buttons(self._as_it_is(who, asked)),
        )

    def _closed(self, who: str) -> bool:
        """They leave the form for a note aside."""
        while self.box.modal(who):
            self.box.close(who)
        return True

    def _as_it_is(self, who: str, message: Message) -> Message:
        return next(each for each in self.box.dm(who) if each.ts == message.ts)

    def writes(self, who: str) -> None:
        """And goes to lunch: Slack may tell of that first."""
        self.box.reverse_events()
        self.box.write(who, "What I take with me.")
        self.box.set_status(who, "Back at two")

    def pauses(self, who: str) -> None:
        self._says(who, "/flipside pause", "You're paused")

    def resumes(self, who: str) -> None:
        self._says(who, "/flipside resume", "You're back|You aren't paused")

    def parts(self, who: str) -> None:
        def asks() -> None:
            self.box.command(who, "/flipside part")
            if "End this pair" in buttons(self.box.ephemerals(who)[-1]):
                self.box.press(who, "End this pair")

        self._again(asks, lambda: re.search("has ended|nothing to end", self._told(who)))

    def postpones(self, who: str) -> None:
        [*_, asked] = [message for message in self.box.dm(who) if menu(message)]
        self._again(
            lambda: self.box.choose(who, "nudges.menu", "Tomorrow", where=asked),
            lambda: not menu(self._as_it_is(who, asked)),
        )

    def _says(self, who: str, command: str, answered: str) -> None:
        before = len(self.box.ephemerals(who))
        self._again(
            lambda: self.box.command(who, command),
            lambda: any(re.search(answered, each.text) for each in self.box.ephemerals(who)[before:]),
        )

    def _told(self, who: str) -> str:
        return last(self.box.ephemerals(who)) if self.box.ephemerals(who) else ""


def weekend_after(at: datetime) -> datetime:
    """Noon of the Saturday, when nobody gets anything, nor does anything."""
    london = at.astimezone(LONDON)
    saturday = london.date() + timedelta(days=(SATURDAY - london.weekday()) % 7)
    return datetime.combine(saturday, NOON, LONDON)


def zone(box: Sandbox, who: str) -> ZoneInfo:
    """Of a person, or of the second of a pair."""
    return ZoneInfo(box.people[box.find(who.split()[-1])].zone)


# What they got


def compare(box: Sandbox, people: Collection[str], until: datetime) -> Counts:
    """What each person and each group got, beside the calendar."""
    found = Counts()
    for place, lines in CALENDAR.items():
        if not set(people).issuperset(place.split()):
            continue
        clock = zone(box, place)
        foreseen = [entry for entry in written(lines, clock) if entry.at < until]
        came = list(arrived(box, place, clock))
        found.expected += len(foreseen)
        found.sent += len(came)
        _beside(found, place, foreseen, came)
    return found


def written(lines: str, clock: ZoneInfo) -> list[Entry]:
    told = [line.strip() for line in lines.strip().splitlines()]
    return [Entry(moment(line[:16], clock), line[17:]) for line in told]


def arrived(box: Sandbox, place: str, clock: ZoneInfo) -> Iterator[Entry]:
    """What the bot said there; of a message that says several things, each."""
    messages = box.group(*place.split()) if " " in place else box.dm(place)
    for message in messages:
        if message.user == box.bot_id and not message.ephemeral:
            for name in names(message.text):
                yield Entry(message.time.astimezone(clock), name)


def names(text: str) -> list[str]:
    return [name for words, name in SAYS.items() if words in text] or [f"UNKNOWN: {text}"]


def _beside(found: Counts, place: str, foreseen: list[Entry], came: list[Entry]) -> None:
    """Each that came on its day is in time; of the rest, one of the same name came on another day."""
    missing, more = list(foreseen), []
    for entry in came:
        on_its_day = next((each for each in missing if each.day == entry.day), None)
        if on_its_day is None:
            more.append(entry)
            continue
        missing.remove(on_its_day)
        if entry.at < on_its_day.at - NOT_BEFORE:
            found.early.append(f"{place}: {entry} instead of {on_its_day}")
        if on_its_day.at.hour < WORK_ENDS <= entry.at.hour:
            found.late.append(f"{place}: {entry} instead of {on_its_day}")
    for entry in more:
        moved = next((each for each in missing if each.name == entry.name), None)
        if moved is not None:
            missing.remove(moved)
            (found.late if entry.at > moved.at else found.early).append(f"{place}: {entry} instead of {moved}")
        elif any(each.name == entry.name for each in foreseen):
            found.doubled.append(f"{place}: {entry}")
        else:
            found.foreign.append(f"{place}: {entry}")
    found.lost += [f"{place}: {entry}" for entry in missing]


# What befalls the bots


class Sniper:
    """Kills a bot now and then, whatever it is doing: in the middle of a transaction, or of an answer to somebody.

    About so often as that many calls come in, and a little later than one: what happens meanwhile takes real time.
    """

    def __init__(self, box: Sandbox, seed: int, every: int) -> None:
        self._box = box
        self._chance = random.Random(seed)
        self._every = every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        shot = 0
        while not self._over.is_set():
            shot = max(shot, len(self._box.calls)) + self._chance.randint(1, 2 * self._every)
            while len(self._box.calls) < shot and not self._over.wait(LOOKS_EVERY):
                pass
            if not self._over.wait(self._chance.uniform(0, MOST_LATER)):
                self._shoot(self._chance.randint(1, len(self._box.bots)))

    def _shoot(self, number: int) -> None:
        if self._box.bots[number].listens:
            self._box.kill_bot(number)
            self._box.kills[AT_RANDOM] += 1


@dataclass
class Fire:
    """How thick it comes, by a seed: the share of Slack's answers that are trouble of each kind, and of kills."""

    seed: int
    kills: float = 0.06
    """Of calls, at each of the three points; as many more at random."""
    most: int = 1_000_000
    """When bots were killed so often, the story ends with that week."""


def under_fire(box: Sandbox, fire: Fire, pairs: Collection[tuple[str, str]], until: datetime) -> Counts:
    """One programme, and what came of it. Its last hours are quiet: what is under way by then arrives."""
    people = {one for pair in pairs for one in pair}
    chances = box.random_faults(fire.seed, "*", **dict.fromkeys(POINTS, fire.kills), **FAULTS)
    box.random_events(fire.seed, twice=0.2, late=0.2)
    with Sniper(box, fire.seed, every=round(1 / fire.kills)):
        Life(box, people, until, fire).live()
    box.no_trouble()
    box.settle()
    box.advance(QUIET)
    found = compare(box, people, box.now)
    found.kills += box.kills
    found.faults += Counter(each.what for each in chances.met if each.what not in ("", *POINTS))
    found.refused += [str(error) for error in box.errors] + [str(broken) for broken in box.broken_limits]
    _reconciled(box, found)
    return found


def _reconciled(box: Sandbox, found: Counts) -> None:
    """From the bots' own ledger and logs: of how many deliveries it had to be found out whether they are there."""
    url = make_url(box.bot.env["DATABASE_URL"])
    engine = create_engine(url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url)
    with engine.connect() as db:
        resent = set(db.execute(text("SELECT mark FROM delivery WHERE attempts > 1")).scalars())
    engine.dispose()
    logs = "".join(bot.log_file.read_text() for bot in box.bots)
    found.resent += len(resent)
    found.reconciled += len(resent | set(re.findall(r"found delivery=(\w+)", logs)))


# Again and again


def run(kills: int, seed: int, kind: str, bots: int) -> Counts:
    """The two months, again and again, until so many kills have happened; each time somewhere else and by a new seed.

    `kind` is "sqlite" or "postgresql". Of two bots the clock of the second is three seconds ahead.
    """
    counts = Counts()
    with towns.databases(_missing) as databases, towns.nursery() as nursery, TemporaryDirectory() as folder:
        made = Towns(databases, nursery, Path(folder))
        for number in count():
            more = {"bots": bots, "clocks_off": (0, 3)[:bots], "restarts": True, "limits": "enforce"}
            box = made.make(Path(folder) / f"town{number}", kind, two_months.pair_up, None, **more)
            with box:
                fire = Fire(seed + number, most=kills - counts.kills.total())
                counts.add(under_fire(box, fire, TOPICS.keys(), moment(ENDS, LONDON)))
                box.kill_bot()
            databases.drop(box.bot.env["DATABASE_URL"])
            if counts.kills.total() >= kills:
                return counts
    raise AssertionError("counted to the end")


def _missing(what: str, why: str) -> NoReturn:
    raise SystemExit(f"{what} is missing: {why}")
