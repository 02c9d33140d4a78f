"""What is on its way to Slack: several messages at once, so that a slow answer holds up nobody else's."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot import errors, gate
from bot.due import Message
from bot.house import House
from bot.nudges import features, journal, outcomes, parcels
from bot.nudges.journal import About
from bot.nudges.parcels import Parcel, Task
from bot.slack import speaking
from bot.slack.speaking import Refused, Sent, Unclear
from store import nudges
from store.models import Delivery

log = logging.getLogger(__name__)

MARGIN = timedelta(seconds=2 * speaking.TIMEOUT + 5)  # connecting and answering may each take the whole timeout
OPEN_AGAIN_AFTER = timedelta(seconds=30)
THREADS = 8
MOST_UNDER_WAY = 200  # then nothing more is claimed for a moment: leases run
TOGETHER = 0.05  # seconds that an answer waits for others at most, to be stored with them
LISTEN_EVERY = 0.1  # seconds, until what other processes heard from Slack is asked for again
ENDS_BEFORE = 1.0  # seconds before the process must; what isn't answered by then is looked for in Slack later

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class NotTried:
    """Nothing was sent, and isn't before then: this time there was no need, or no leave, to ask Slack."""

    until: datetime


@dataclass(frozen=True)
class NotOurs:
    """Somebody else has taken it."""


@dataclass(frozen=True)
class Letter:
    """A message on its way."""

    task: Task
    parcel: Parcel

    @property
    def asks(self) -> str:
        """What Slack is asked for first."""
        return gate.OPENING if self.parcel.is_group else gate.MESSAGES


Outcome = Sent | Refused | Unclear | NotTried | NotOurs | Exception


class Outbox:
    """Used as a context: at its end all is settled, unless the process is stopping."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._letters: SimpleQueue[Letter | None] = SimpleQueue()
        self._answers: SimpleQueue[tuple[Letter, Outcome]] = SimpleQueue()
        self._threads: list[Thread] = []
        self._under_way = 0
        self._listening = Lock()
        self._listened_at = -LISTEN_EVERY
        self._quiet: dict[str, datetime] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        begun, waits = monotonic(), self._house.settings.stops_within - ENDS_BEFORE
        while self._under_way:
            if self._house.stopping.is_set() and monotonic() - begun > waits:
                log.warning("stopping without an answer messages=%s", self._under_way)
                break
            self.keep(0.2)
        for _ in self._threads:
            self._letters.put(None)

    @property
    def is_busy(self) -> bool:
        return self._under_way > 0

    @property
    def is_full(self) -> bool:
        return self._under_way >= MOST_UNDER_WAY

    def send(self, tasks: Sequence[Task]) -> None:
        """Puts what is still worth saying into words, writes each attempt down, and begins it."""
        letters: list[Letter] = []
        for task, parcel in parcels.pack(self._house, tasks) if tasks else ():
            if parcel is None:
                outcomes.give_up(self._house, task.delivery, may_be_there=False)
            elif isinstance(parcel, Exception):
                outcomes.troubled(self._house, task.delivery, parcel)
            else:
                letters.append(Letter(task, parcel))
        for letter in [*(each for each in letters if each.parcel.is_group), *self._begun(letters)]:
            self._under_way += 1
            self._letters.put(letter)
            self._wake()

    def _begun(self, letters: Sequence[Letter]) -> list[Letter]:
        """Those whose attempt is written down now, and begins. A group may have to be opened before."""
        direct = [each for each in letters if not each.parcel.is_group]
        begun = self._begin(direct) if direct else set()
        return [each for each in direct if each.task.delivery.id in begun]

    def _begin(self, letters: Sequence[Letter], target: str | None = None) -> set[int]:
        now, begun, left = self._house.clock(), set[int](), list[About]()
        with self._house.store.begin() as db:
            for leased_until, some in groupby(letters, key=lambda each: each.task.delivery.lease_until):
                begun |= nudges.begin(db, [each.task.delivery.id for each in some], leased_until, now)
            for letter in letters:
                known = letter.task.delivery
                if known.id in begun and (target or letter.parcel.target) != known.target:
                    nudges.aim(db, known.id, str(target or letter.parcel.target))
                if known.id in begun and letter.parcel.leaves_some:
                    left += outcomes.leave_out(db, known, letter.parcel.carries)
        for each in left:
            journal.dropped(self._house, each, "no_longer_due")
        return begun

    def _wake(self) -> None:
        """As many threads as there are messages, up to a few; nobody waits for one that hangs when the process ends."""
        if len(self._threads) < min(THREADS, self._under_way):
            thread = Thread(target=self._work, name=f"sender-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    # In the threads

    def _work(self) -> None:
        while (letter := self._letters.get()) is not None:
            try:
                outcome: Outcome = self._sent(letter)
            except Exception as error:
                outcome = error
            self._answers.put((letter, outcome))

    def _sent(self, letter: Letter) -> Outcome:
        """One attempt. The lease must have more to run than the attempt can take."""
        house, known = self._house, letter.task.delivery
        not_tried = self._stands_back(letter, letter.asks)
        if not_tried:
            return not_tried
        target = letter.parcel.target
        if target is None:
            # Opening a conversation says nothing to anybody: where it fails, surely nothing was posted.
            opened = self._heard(gate.OPENING, speaking.open_group(house.client, *letter.parcel.to))
            if not isinstance(opened, str):
                return opened if isinstance(opened, Refused) else NotTried(house.clock() + OPEN_AGAIN_AFTER)
            if not self._begin([letter], opened):
                return NotOurs()
            not_tried = self._stands_back(letter, gate.MESSAGES)  # opening may have taken long
            if not_tried:
                return not_tried
            target = opened
        said = self._heard(gate.MESSAGES, speaking.post(house.client, target, letter.parcel.message, known.mark))
        if not isinstance(said, Refused) or said.code not in speaking.NOT_WELL_FORMED:
            return said
        log.error("sent in words alone delivery=%s error=%s", known.mark, said.code)
        words = Message(letter.parcel.message.text, ())
        not_tried = self._stands_back(letter, gate.MESSAGES)
        return not_tried or self._heard(gate.MESSAGES, speaking.post(house.client, target, words, known.mark))

    def _stands_back(self, letter: Letter, asks: str) -> NotTried | None:
        """Where Slack wants quiet, the process is to end, or the lease hasn't long enough to run.

        The lease is looked at last, and then nothing comes before the sending: to ask the database may take long.
        """
        quiet_until = self._quiet_until(asks)
        now = self._house.clock()
        is_late = letter.task.delivery.lease_until - now <= MARGIN
        return NotTried(quiet_until or now) if quiet_until or is_late or self._house.stopping.is_set() else None

    def _heard(self, lane: str, answer: Answer) -> Answer:
        """Where Slack asks for quiet, all processes hear of it before anything else is said."""
        if isinstance(answer, Refused) and answer.retry_after is not None:
            gate.heard(self._house, lane, answer.code, answer.retry_after)
            with self._listening:
                self._listened_at = -LISTEN_EVERY
        return answer

    def _quiet_until(self, asks: str) -> datetime | None:
        """Until when Slack wants to be left alone, as this process or another heard it."""
        now = self._house.clock()
        with self._listening:
            if monotonic() - self._listened_at >= LISTEN_EVERY:
                with self._house.store.read() as db:
                    self._quiet = gate.quiet(db, self._house, (gate.OPENING, gate.MESSAGES), now)
                self._listened_at = monotonic()
            until = max((self._quiet[lane] for lane in {asks, gate.MESSAGES} & self._quiet.keys()), default=now)
        return until if until > now else None

    # What became of it

    def keep(self, seconds: float = 0.0) -> None:
        """Stores what became of messages since, and waits so long for the first answer if there is none yet."""
        if self._house.stopping.is_set():
            self._take_back()
        answers = self._known(seconds)
        if answers:
            self._house.pulse.beat()
        plain: list[tuple[Task, Sent]] = []
        not_tried: list[tuple[Delivery, Parcel, datetime]] = []
        rest: list[tuple[Letter, Outcome]] = []
        for letter, outcome in answers:
            if isinstance(outcome, Sent) and _is_plain(letter.task):
                plain.append((letter.task, outcome))
            elif isinstance(outcome, NotTried):
                not_tried.append((letter.task.delivery, letter.parcel, outcome.until))
            else:
                rest.append((letter, outcome))
        try:
            outcomes.arrived_plainly(self._house, plain)
            outcomes.not_tried(self._house, not_tried)
        except SQLAlchemyError as error:
            errors.told(error, None, "keep what was sent")
            rest = answers
        for letter, outcome in rest:
            try:
                self._keep(letter, outcome)
            except Exception as error:
                # It stays as it is, under its lease: whoever looks then finds out what became of it.
                errors.told(error, None, f"keep delivery {letter.task.delivery.id}")

    def _take_back(self) -> None:
        """What no thread has begun yet goes out by the next process, at once."""
        try:
            while (letter := self._letters.get_nowait()) is not None:
                self._answers.put((letter, NotTried(self._house.clock())))
        except Empty:
            return

    def _keep(self, letter: Letter, outcome: Outcome) -> None:
        house, delivery = self._house, letter.task.delivery
        match outcome:
            case Sent():
                outcomes.arrived(house, delivery, outcome, since=letter.task.since)
            case Refused():
                outcomes.refused(house, delivery, outcome, letter.parcel)
            case Unclear():
                outcomes.unclear(house, delivery, outcome)
            case NotTried(until):
                outcomes.not_tried(house, [(delivery, letter.parcel, until)])
            case Exception():
                outcomes.troubled(house, delivery, outcome)

    def _known(self, seconds: float) -> list[tuple[Letter, Outcome]]:
        """Those that come together are kept together."""
        found: list[tuple[Letter, Outcome]] = []
        until = monotonic() + seconds
        while len(found) < self._under_way:
            wait = until - monotonic()
            try:
                found.append(self._answers.get(timeout=wait) if wait > 0 else self._answers.get_nowait())
            except Empty:
                break
            until = min(until, monotonic() + TOGETHER) if len(found) == 1 else until
        self._under_way -= len(found)
        return found


def _is_plain(task: Task) -> bool:
    """Nothing follows from its arrival but the person's next moment."""
    return task.follows is not None and not {nudge.kind for nudge in task.nudges} & features.LEADS_ON
