"""Reads what a source says of people into the directory, all or nothing, without keeping others waiting.

The rows are gone through twice. First they are checked, and only whom they mean is kept. Then they are compared with
what is known, a thousand at a time, and what will change is staged; at the end one short transaction takes it over.
"""

import logging
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session as Db

from bot import reporting_lines
from bot.directory import rules
from bot.directory.meaning import Meant
from bot.directory.rules import Row
from store import agenda, directory, members, people, staging
from store.database import Store
from store.models import Source, Standing, Subject

log = logging.getLogger(__name__)

BATCH = 1000
FEW = 20  # people at a time where each takes many statements
MOST_PROBLEMS = 1000
MOST_WARNINGS = 100
LEFT_OVER = timedelta(hours=1)  # what was staged so long ago belongs to a reading that was killed
TRIES = 5  # of a transaction that met another one
GUARD = 5  # that many may be gone at once, and a tenth of all

Rows = Callable[[], Iterator[tuple[int, Row | str]]]
"""The rows with their lines, each time from the beginning; text is what is wrong with that line."""
Progress = Callable[[int, int], None]
"""Hears how many rows of how many are looked at; what it raises stops the reading, and nothing is changed."""
Heard = Callable[[int, str, str], None]
"""Hears the line, the Slack id and what changes about them. It is done only if the report says so."""

T = TypeVar("T")


@dataclass(frozen=True)
class Report:
    """What became of a source's rows, or would become of them in a dry run."""

    added: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    skipped: int = 0
    """Rows with a problem, when the good ones were taken without them."""
    is_done: bool = True
    """False: nothing was changed, because of the problems."""
    problems: tuple[str, ...] = ()
    """The first thousand, each `line 7: ...`."""
    more_problems: int = 0
    warnings: tuple[str, ...] = ()
    """What isn't wrong in itself: who manages each other in a circle, whose manager nobody knows."""
    notes: tuple[str, ...] = ()
    """How a file was read: its encoding, the columns that weren't used."""

    def counts(self) -> dict[str, int]:
        """As it is kept with the source's reading."""
        named = {name: getattr(self, name) for name in ("added", "changed", "same", "gone", "skipped")}
        return named | {"problems": len(self.problems) + self.more_problems, "warnings": len(self.warnings)}


def apply(
    store: Store,
    workspace_id: str,
    source: Source,
    rows: Rows,
    now: datetime,
    *,
    dry_run: bool = False,
    partial: bool = False,
    progress: Progress | None = None,
    is_whole: bool = False,
    heard: Heard | None = None,
) -> Report:
    """Makes the directory say what the source says.

    `partial` takes the good rows and reports the bad ones. `is_whole`: the source names everyone it knows, so whoever
    it named before and doesn't now is gone; if more than a tenth (and more than five) would be, nobody is.
    """
    work = _Reading(store, workspace_id, source, rows, now, is_partial=partial, is_dry=dry_run, is_whole=is_whole)
    work.check()
    if work.is_refused:
        return work.report()
    try:
        work.compare(progress or _nobody_hears, heard or _nobody_hears)
        if not work.is_refused:
            work.find_vanished(heard or _nobody_hears)
            work.switch()
    finally:
        work.clear()
    return work.report()


def _nobody_hears(*_: object) -> None:
    pass


@dataclass
class _Problems:
    """What is wrong on which line; only the first thousand are kept in words."""

    said: list[str] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)

    def add(self, line: int, why: str) -> None:
        self.lines.add(line)
        if len(self.said) < MOST_PROBLEMS:
            self.said.append(f"line {line}: {why}")


class _Reading:
    """One reading of a source, step by step."""

    def __init__(
        self,
        store: Store,
        workspace_id: str,
        source: Source,
        rows: Rows,
        now: datetime,
        *,
        is_partial: bool,
        is_dry: bool,
        is_whole: bool,
    ) -> None:
        self.store, self.workspace_id, self.source, self.rows, self.now = store, workspace_id, source, rows, now
        self.is_partial, self.is_dry, self.is_whole = is_partial, is_dry, is_whole
        self.run = uuid.uuid4().hex
        self.problems = _Problems()
        self.counts: Counter[str] = Counter()
        self.warnings: list[str] = []
        self.gone: list[int] = []
        self.accounts: dict[str, str] = {}  # of those who were known by an id of ours, and are no more
        self.ahead: dict[str, people.LineUp] = {}  # what a dry run would change of the reporting lines
        self.names_ahead: dict[str, str] = {}
        self.spoken: dict[str, str] = {}  # how the source called a manager whom it doesn't list
        self.unnamed = 0  # rows that say nobody knows whom
        self.total = 0
        self.moves_lines = False
        with store.read() as db:
            self.meant = Meant(source, people.identities(db, workspace_id, source))

    @property
    def is_refused(self) -> bool:
        return bool(self.problems.lines) and not self.is_partial

    def check(self) -> None:
        """The first time through: what is wrong, and whom the rows mean."""
        for line, row in self.rows():
            self.total += 1
            why = row if isinstance(row, str) else self._problem(line, row)
            if why is not None:
                self.problems.add(line, why)
                self.unnamed += isinstance(row, str) or not self._is_named(row)

    def _problem(self, line: int, row: Row) -> str | None:
        why = rules.problem(row)
        placed = self.meant.place(line, row) if rules.is_identified(row) else None
        return why or placed

    def _is_named(self, row: Row) -> bool:
        return rules.is_identified(row) and self.meant.person(row) in self.meant.lines

    def compare(self, progress: Progress, heard: Heard) -> None:
        """The second time through: what will change is counted and staged."""
        done = 0
        progress(done, self.total)
        if not self.is_dry:
            self._drop(lambda db: staging.clear_left_overs(db, self.workspace_id, self.now - LEFT_OVER, BATCH))
        rows = self.rows()
        while batch := list(islice(rows, BATCH)):
            good = [(line, row) for line, row in batch if isinstance(row, Row) and line not in self.problems.lines]
            self._compare(good, heard)
            done += len(batch)
            progress(done, self.total)

    def _compare(self, batch: Sequence[tuple[int, Row]], heard: Heard) -> None:
        placed = [(line, row, self.meant.person(row)) for line, row in batch]
        twins = {directory.id_of_ours(row.email): slack_id for _, row, slack_id in placed if row.email}
        with self.store.read() as db:
            known = people.plain(db, self.workspace_id, {*twins, *(slack_id for *_, slack_id in placed)})
        accounts = {
            ours: slack_id for ours, slack_id in twins.items() if ours in known and not directory.is_ours(slack_id)
        }
        for ours, slack_id in accounts.items():
            known.setdefault(slack_id, known[ours])
        self.accounts |= accounts
        made = (self._made(line, row, slack_id, known.get(slack_id), heard) for line, row, slack_id in placed)
        staged = [each for each in made if each is not None]
        if staged and not self.is_dry and not self.is_refused:
            self._write(lambda db: staging.stage(db, staged))

    def _made(
        self, line: int, row: Row, slack_id: str, known: people.Plain | None, heard: Heard
    ) -> dict[str, Any] | None:
        """What is to be staged of the person; None if nothing changes."""
        facts = self._facts(row)
        if slack_id in (facts["manager"], *facts["dotted_managers"]):
            self.problems.add(line, rules.OWN_MANAGER)
            return None
        if not row.is_active:
            self._count_leaver(line, slack_id, known, heard)
            return None
        before = known.known if known else {}
        now_known = directory.with_word(before, self.source, facts, self.now)
        if known is not None and now_known == before:
            self.counts["same"] += 1
            return None
        believed = directory.merged(now_known)
        believed["name"] = believed["name"] or (known.name if known else row.name)
        differing = [name for name, value in believed.items() if known is None or value != getattr(known, name)]
        self.counts["changed" if known else "added"] += 1
        heard(line, slack_id, f"changed: {', '.join(differing) or 'nothing that counts'}" if known else "added")
        if {"manager", "dotted_managers", "team"} & set(differing):
            self.moves_lines = True
        if self.is_dry:
            self.ahead[slack_id] = people.line(believed["manager"], believed["dotted_managers"], now_known)
            self.names_ahead[slack_id] = believed["name"]
        return {
            "workspace_id": self.workspace_id,
            "run": self.run,
            "staged_at": self.now,
            "person_id": known.id if known else None,
            "seen_version": known.known_version if known else 0,
            "is_felt": bool(differing),
            "is_back": known is not None and directory.is_lost(before) and not directory.is_lost(now_known),
            "standing": Standing.NO_ACCOUNT if directory.is_ours(slack_id) else Standing.UNKNOWN,
            "known": now_known,
            "slack_id": slack_id,
            **believed,
        }

    def _facts(self, row: Row) -> dict[str, Any]:
        facts = {name: getattr(row, name) for name in staging.FACTS}
        dotted = list(dict.fromkeys(self._manager(each) for each in row.dotted_managers))
        manager = None if row.manager is None else self._manager(row.manager)
        lists = {"dotted_managers": dotted, "languages": list(row.languages)}
        return {**facts, "manager": manager, **lists, directory.KEY: row.key}

    def _manager(self, name: str) -> str:
        found = self.meant.manager(name)
        if directory.is_ours(found) and found not in self.meant.lines and len(self.spoken) < MOST_WARNINGS:
            self.spoken[found] = name
        return found

    def _count_leaver(self, line: int, slack_id: str, known: people.Plain | None, heard: Heard) -> None:
        if known is None or known.is_gone or self.meant.lines.get(slack_id) != line:
            self.counts["same"] += 1
            return
        self.gone.append(known.id)
        heard(line, known.slack_id, "gone")

    def find_vanished(self, heard: Heard) -> None:
        """Whom the source had, and has no more. So many that it looks like an accident are believed to be one."""
        if not self.is_whole:
            return
        with self.store.read() as db:
            had = dict(people.had_by(db, self.workspace_id, self.source))
        here = self.meant.lines.keys() | self.accounts.keys()
        vanished = {slack_id: person_id for slack_id, person_id in had.items() if slack_id not in here}
        if vanished and self.unnamed:
            self.warnings.append(f"{len(vanished)} people are no longer there, or on a line that can't be read")
        elif len(vanished) > max(GUARD, len(had) / 10):
            self.warnings.append(f"{len(vanished)} of {len(had)} people are no longer there: too many to believe it")
        else:
            self.gone += vanished.values()
            for slack_id in vanished:
                heard(0, slack_id, "gone")

    def switch(self) -> None:
        """All at once; then, one by one, whoever changed meanwhile, got an account, or is gone."""
        self.counts["gone"] = len(self.gone)
        self.warnings += self._doubts_ahead() if self.is_dry else []
        if self.is_dry:
            return
        with self.store.read() as db:
            felt = staging.felt(db, self.workspace_id, self.run)
        for each in self._write(partial(self._switch, felt)):
            self._write(partial(self._redo, each))
        for accounts in _parts(list(self.accounts.items()), BATCH):
            self._write(partial(self._give_accounts, dict(accounts)))
        for leavers in _parts(self.gone, FEW):
            self._write(partial(self._leave, leavers))
        self.warnings += self._doubts()
        self._write(self._keep_report)

    def _switch(self, felt: Sequence[int], db: Db) -> Sequence[int]:
        if felt:  # the agenda before people, as everybody does it: the other way round two could wait for each other
            agenda.touch_many(db, self.workspace_id, felt, self.now)
        if self.moves_lines:
            agenda.look(db, self.workspace_id, Subject.RULES, 0, self.now)
        new, changed = self.counts["added"], self.counts["changed"]
        return staging.switch(db, self.workspace_id, self.run, new=new, changed=changed)

    def _redo(self, staged_id: int, db: Db) -> None:
        staged = staging.get(db, staged_id)
        word = staged.known[self.source]
        person = people.now_called(db, self.workspace_id, staged.person_id, staged.slack_id, word.get("email"))
        if person is None:
            return
        if directory.say(person, self.source, {**word, directory.SINCE: None}, self.now):
            if staged.is_back and not directory.is_lost(person.known):
                person.gone_at = None
            directory.changed(db, self.workspace_id, directory.with_a_place(db, [person.id]), self.now)

    def _give_accounts(self, accounts: Mapping[str, str], db: Db) -> None:
        people.given_accounts(db, self.workspace_id, accounts, self.now)

    def _leave(self, leavers: Sequence[int], db: Db) -> None:
        members.lock_programmes(db, leavers)
        for person in people.by_id(db, leavers).values():
            directory.believe(person, directory.without(person.known, self.source, self.now))
            members.gone(db, person, self.now)

    def _keep_report(self, db: Db) -> None:
        kept = directory.reading(db, self.workspace_id, self.source)
        kept.read_at, kept.error, kept.report = self.now, None, self.report().counts()
        log.info("read directory source=%s %s", self.source, " ".join(f"{k}={v}" for k, v in kept.report.items()))

    def clear(self) -> None:
        if not self.is_dry:
            self._drop(lambda db: staging.clear(db, self.workspace_id, self.run, BATCH))

    def _drop(self, some: Callable[[Db], bool]) -> None:
        while self._write(some):
            pass

    def _write(self, work: Callable[[Db], T]) -> T:
        """One short transaction, begun again if it met another that held the same rows, or the writer for too long."""
        for tried in range(TRIES):
            try:
                with self.store.begin() as db:
                    return work(db)
            except (IntegrityError, OperationalError):
                if tried == TRIES - 1:
                    raise
                time.sleep(0.1 * tried)
        raise AssertionError("the last try returns or raises")

    def _doubts(self) -> list[str]:
        with self.store.read() as db:
            return self._worded(db, people.reporting_lines(db, self.workspace_id))

    def _doubts_ahead(self) -> list[str]:
        with self.store.read() as db:
            return self._worded(db, people.reporting_lines(db, self.workspace_id) | self.ahead)

    def _worded(self, db: Db, lines: Mapping[str, people.LineUp]) -> list[str]:
        found = reporting_lines.doubtful(lines)
        circles, dangling = found.circles[:MOST_WARNINGS], found.dangling[:MOST_WARNINGS]
        concerned = {each for circle in circles for each in circle} | {each for each, _ in dangling}
        names = people.names(db, self.workspace_id, concerned) | self.names_ahead

        def called(slack_id: str) -> str:
            return f"{names[slack_id]} ({slack_id})" if slack_id in names else slack_id

        said = [f"these report to each other in a circle: {', '.join(map(called, each))}" for each in circles]
        said += [
            f"{called(one)} reports to {self.spoken.get(other, other)}, whom nobody knows" for one, other in dangling
        ]
        more = len(found.circles) + len(found.dangling) - len(said)
        return said + ([f"and {more} more people of whom it is doubtful whom they report to"] if more else [])

    def report(self) -> Report:
        said, lines = tuple(self.problems.said), self.problems.lines
        if self.is_refused:
            return Report(is_done=False, problems=said, more_problems=len(lines) - len(said))
        return Report(
            added=self.counts["added"],
            changed=self.counts["changed"],
            same=self.counts["same"],
            gone=self.counts["gone"],
            skipped=len(lines),
            problems=said,
            more_problems=len(lines) - len(said),
            warnings=tuple(self.warnings),
        )


def _parts(whole: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (whole[start : start + size] for start in range(0, len(whole), size))
