"""Six months of many pairs in 25 zones: who was written to when, how often, and whether anything was lost or doubled.

Each worker process lives the lives of its share of the pairs, in a SQLite database of its own, with the bot's own tick
and a Slack in its own process that answers at once. The clock goes from look to look, to full quarters of an
hour: what is measured is whom the rules choose when, and a tick for each five seconds would be most of the work. People
act on full hours in one process and at half past in the other (`_living`), so that most looks come together. Days are
from the 20th of September on: clocks go back and forward, north and south.

What came of it is judged by the clock on the receiver's wall at the moment a message arrived, and by what the people
did themselves (`_judging`).
"""

import logging
import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from itertools import count
from pathlib import Path
from random import Random
from threading import Lock
from typing import Any

from cryptography.fernet import Fernet
from slack_sdk import WebClient
from sqlalchemy import event, insert

from bot import prompts
from bot.house import House
from bot.nudges import tick
from bot.settings import Settings
from store import agenda, workspaces
from store.database import Store
from store.models import Base, Cadence, Member, Pair, Person, Programme, Round, RoundState, Side, Way
from tests.benchmarks import _judging
from tests.benchmarks._judging import Lives, Posted
from tests.benchmarks._living import Life
from tests.benchmarks._people import BUDGET, DAY, PLACES, SHIFTS, Couple, Letter, One
from tests.benchmarks._programmes import WORKSPACE

Places = tuple[tuple[str, str | None], ...]
ROOT = Path(__file__).parents[2]
BEGINS = datetime(2027, 9, 20, tzinfo=UTC)
DAYS = 189
JOINED = timedelta(days=1)
PUBLISHED_OVER = 10  # days
HALF_AN_HOUR = timedelta(minutes=30)
LOOKS_EVERY = HALF_AN_HOUR / 2
"""Two may be at work together for no longer than that, as one of them in Kathmandu."""
REASONS = {"band": "good", "topics": ["ai_tools"], "departments": [], "sites": [], "waited": 0}
MONTHLY = (6, Cadence.MONTHLY)
PROGRAMMES = (MONTHLY, MONTHLY, MONTHLY, (3, Cadence.FORTNIGHTLY))


class Slack(WebClient):
    """Takes everything at once, and keeps what was posted since it was last looked at."""

    def __init__(self) -> None:
        super().__init__("xoxb-bench")
        self.letters: list[Letter] = []
        self._numbers, self._lock = count(1), Lock()

    def api_call(self, api_method: str, **call: Any) -> Any:
        sent = {**(call.get("params") or {}), **(call.get("json") or {})}
        match api_method:
            case "chat.postMessage":
                mark = sent["metadata"]["event_payload"]["id"]
                with self._lock:
                    self.letters.append(Letter(mark, sent["channel"], sent["text"], sent["blocks"]))
                    number = next(self._numbers)
                return {"ok": True, "channel": sent["channel"].replace("U", "D"), "ts": f"{number}.000001"}
            case "conversations.open":
                return {"ok": True, "channel": {"id": "G" + sent["users"].replace("U", "").replace(",", "")}}
            case "dnd.teamInfo":
                return {"ok": True, "users": {}}
            case "views.open" | "views.push" | "views.update":
                return {"ok": True, "view": {"id": "V0VIEW", "hash": "1"}}
        raise AssertionError(f"nothing else is asked of Slack: {api_method}")

    def take(self) -> list[Letter]:
        with self._lock:
            letters, self.letters = self.letters, []
        return sorted(letters, key=lambda each: (each.channel, each.text))


# ---- One worker


@dataclass(frozen=True)
class Share:
    """What one worker does."""

    pairs: int
    folder: Path
    seed: str
    days: int
    places: Places = PLACES
    past: timedelta = timedelta()
    """How long after the full hour people do something."""


@contextmanager
def _quiet() -> Iterator[None]:
    """A line for each message would be most of the work."""
    ours = logging.getLogger("bot")
    level = ours.level
    ours.setLevel(logging.ERROR)
    try:
        yield
    finally:
        ours.setLevel(level)


@_quiet()
def lived(share: Share) -> Lives:
    begun = time.process_time()
    key = Fernet.generate_key().decode()
    share.folder.mkdir(parents=True, exist_ok=True)
    env: dict[str, Any] = {"SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_SIGNING_SECRET": "made-up", "FLIPSIDE_KEYS": key}
    settings = Settings(**env, SLACK_MESSAGES_PER_SECOND=1000)
    store = Store(f"sqlite:///{share.folder / 'lives.db'}", settings.master_keys())
    event.listen(store.engine, "connect", _unsafe)
    store.migrate()
    now = BEGINS
    slack = Slack()
    house = House(settings, store, prompts.load(ROOT / "prompts"), lambda: now, slack, WORKSPACE)
    everyone, couples = peopled(store, WORKSPACE, share)
    ends = BEGINS + share.days * DAY
    life = Life(store, house, everyone, couples, ends, BEGINS + share.past)
    life.begin(BEGINS + PUBLISHED_OVER * DAY)
    posted: list[Posted] = []
    published = sorted(couples, key=lambda each: (each.published_at, each.id))
    looks = ticks = 0
    while True:
        coming = [life.next_act(), tick.next_look(house), published[0].published_at if published else None]
        at = min((each for each in coming if each is not None), default=ends)
        now = max(now, _rounded(at))
        if now >= ends:
            break
        life.act_at(now)
        while published and published[0].published_at <= now:
            publish(store, WORKSPACE, published, now)
        ticks += 1
        looks += tick.tick(house)
        for letter in slack.take():
            posted.append(_judging.seen(life, letter, now))
            for one in posted[-1].to:
                life.sees(life.everyone[one], letter)
    found = _judging.judged(store, life, posted, BEGINS, ends)
    store.close()
    found.looks, found.ticks, found.cpu_seconds = looks, ticks, time.process_time() - begun
    return found


def _unsafe(connection: Any, _record: object) -> None:
    """Nobody cuts the power here: what waiting for the disk costs is measured beside it (`_speed`)."""
    connection.execute("PRAGMA synchronous=OFF")


def _rounded(at: datetime) -> datetime:
    """Up to the moment at which this bot looks."""
    return BEGINS + -((BEGINS - at) // LOOKS_EVERY) * LOOKS_EVERY


def peopled(store: Store, workspace_id: str, share: Share) -> tuple[list[One], list[Couple]]:
    """People of all zones, half of the pairs near each other; each tenth pair has the mentor of the one before."""
    chance = Random(share.seed)
    everyone: list[One] = []
    couples: list[Couple] = []
    for number in range(share.pairs):
        there = chance.randrange(len(share.places))
        here = there + chance.choice((-1, 0, 1)) if number % 2 else chance.randrange(len(share.places))
        is_shared = number % 10 == 9
        mentor = couples[-1].mentor if is_shared else _one(everyone, share.places[there], share.seed)
        mentee = _one(everyone, share.places[here % len(share.places)], share.seed)
        at = BEGINS + JOINED + timedelta(hours=chance.randrange(24 * PUBLISHED_OVER))
        at = couples[-1].published_at if is_shared else at
        couples.append(Couple(number + 1, mentor, mentee, at))
        couples[-1].is_monthly = PROGRAMMES[_programme(couples[-1]) - 1] == MONTHLY
    with store.begin() as db:
        workspaces.keep(db, workspace_id, "Bench", "U0BOT")
        noor = Person(workspace_id=workspace_id, slack_id="U0COORDINATOR", name="Noor", zone="Europe/London")
        db.add(noor)
        db.flush()
        for months, cadence in PROGRAMMES:
            _add_programme(db, workspace_id, noor.id, months, cadence)
        _add_people(db, workspace_id, everyone, couples)
        agenda.touch_many(db, workspace_id, [one.id for one in everyone], BEGINS)
    return everyone, couples


def _one(everyone: list[One], place: tuple[str, str | None], seed: str) -> One:
    number = len(everyone) + 2  # the first is the coordinator
    chance = Random(f"{seed} {number}")
    one = One(number, f"U{number:08d}", *place, chance, plans=chance.random() > 0.06)
    one.acted_at = BEGINS  # they have just signed up
    if chance.random() < 0.08:
        one.starts, one.ends = map(clock_time, chance.choice(SHIFTS))
    if chance.random() < 0.04:
        one.days = frozenset(chance.sample(range(7), 4))
    if chance.random() < 0.1:
        one.budget = chance.choice((1, 2, 4, 5))
    everyone.append(one)
    return one


def _add_programme(db: Any, workspace_id: str, by: int, months: int, cadence: Cadence) -> None:
    programme = Programme(
        workspace_id=workspace_id,
        name="Look Up",
        objective="Leaders learn how work is changing.",
        channel="C0ANNOUNCE",
        contact="U0NOOR",
        created_by=by,
        created_at=BEGINS,
        months=months,
        cadence=cadence,
    )
    db.add(programme)
    db.flush()
    round_ = Round(
        workspace_id=workspace_id,
        programme_id=programme.id,
        created_by=by,
        created_at=BEGINS,
        seed=1,
        placed=0,
        total=0,
    )
    round_.state = RoundState.PUBLISHED
    db.add(round_)
    db.flush()


def _programme(couple: Couple) -> int:
    """Its number, and that of its only round. Whoever shares a mentor shares it."""
    return (couple.id - 1) // 10 % len(PROGRAMMES) + 1


def _add_people(db: Any, workspace_id: str, everyone: Sequence[One], couples: Sequence[Couple]) -> None:
    mine = {"workspace_id": workspace_id}
    _add(db, Person, ({**mine, "id": one.id, "slack_id": one.slack_id, "name": f"Person {one.id}", "zone": one.zone,
                      "country": one.country, "dotted_managers": [], "languages": [], "known": {},
                      "works_from": one.starts if _chose(one) else None,
                      "works_until": one.ends if _chose(one) else None,
                      "work_days": sorted(one.days), "nudges_a_week": one.budget if one.budget != BUDGET else None}
                     for one in everyone))  # fmt: skip
    sides = {(couple.mentor.id, Side.MENTOR): _programme(couple) for couple in couples}
    sides |= {(couple.mentee.id, Side.MENTEE): _programme(couple) for couple in couples}
    _add(db, Member, ({**mine, "id": who, "programme_id": programme, "person_id": who, "side": side, "capacity": 2,
                      "topics": ["ai_tools"], "languages": ["en"], "ways": [Way.ONLINE.value], "hours": [],
                      "joined_at": BEGINS, "changed_at": BEGINS, "consented_at": BEGINS, "consent": "2026-11"}
                     for (who, side), programme in sides.items()))  # fmt: skip


def _add(db: Any, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    db.execute(insert(table.__table__), list(rows))


def _chose(one: One) -> bool:
    return (one.starts.hour, one.ends.hour) != (9, 17)


def publish(store: Store, workspace_id: str, published: list[Couple], now: datetime) -> None:
    """The next of a round: they are paired, and looked at."""
    some = [each for each in published if each.published_at <= now]
    del published[: len(some)]
    rows = [
        {"workspace_id": workspace_id, "id": each.id, "programme_id": _programme(each), "round_id": _programme(each),
         "mentor_id": each.mentor.id, "mentee_id": each.mentee.id, "published_at": now, "reasons": REASONS}
        for each in some if not (each.mentor.is_out or each.mentee.is_out)
    ]  # fmt: skip
    with store.begin() as db:
        if rows:
            db.execute(insert(Pair.__table__), rows)
        agenda.touch_many(db, workspace_id, sorted({one.id for each in some for one in each.both}), now)


# ---- All of them


def six_months(
    pairs: int,
    folder: Path,
    seed: int | str,
    processes: int = 2,
    days: int = DAYS,
    *,
    live: Callable[[Share], Lives] = lived,
    places: Places = PLACES,
) -> Lives:
    """Each process lives its share of them."""
    begun = time.perf_counter()
    parts = [pairs // processes + (number < pairs % processes) for number in range(processes)]
    shares = [
        Share(part, folder / f"lives-{number}", f"{seed} {number}", days, places, number % 2 * HALF_AN_HOUR)
        for number, part in enumerate(parts)
    ]
    if processes == 1:
        found = live(shares[0])
    else:
        with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
            found = _judging.together(list(pool.map(live, shares)))
    found.seconds = time.perf_counter() - begun
    return found


# ---- What is made of them


def draw(found: Lives, path: Path) -> None:
    """When messages come by the clock of whoever gets them, and how many in a week."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (hours, weeks) = pyplot.subplots(1, 2, figsize=(11, 4.5))
    below = [0] * 24
    for name, counted in (
        ("nudges", found.nudges_by_hour),
        ("notices", found.notices_by_hour),
        ("answers to what somebody did", found.answers_by_hour),
    ):
        heights = [counted[hour] for hour in range(24)]
        hours.bar(range(24), heights, bottom=below, label=name)
        below = [one + other for one, other in zip(below, heights, strict=True)]
    hours.set(xlabel="hour on the receiver's wall", ylabel="messages", yscale="symlog")
    weeks.bar(list(found.weekly), list(found.weekly.values()))
    weeks.set(xlabel="messages with nudges that somebody got in a week, where any", ylabel="people and weeks")
    hours.set_ylim(top=1000 * max(1, *below))  # room for what the colours mean
    hours.legend(loc="upper right")
    for axes in (hours, weeks):
        axes.grid(visible=True, alpha=0.3)
    figure.suptitle(f"{found.pairs} pairs: outside hours {found.outside_hours}, doubled {found.doubled}, "
                    f"lost {found.lost.total()} of {found.expected.total()}")  # fmt: skip
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
