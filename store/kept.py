"""All that people wrote and is kept: answers, notes, actions, thanks. Each is found only by who may read it.

What is named `ref` says which one: `store.notes.Written.ref`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from store import agenda, keys, notes, pairs, reflections, sayings, writings
from store.models import Action, Became, Holder, Note, Reflection, Saying, SayingKind, Writing
from store.notes import Written

Own = Note | Action | Reflection
Row = Own | Saying
TABLES: dict[Became, Any] = {Became.NOTE: Note, Became.ACTION: Action, Became.ANSWER: Reflection, Became.THANKS: Saying}


@dataclass(frozen=True)
class Shared:
    """Something that a partner shared after it had been theirs alone."""

    ref: str
    pair_id: int
    at: datetime


def find(db: Db, person_id: int, ref: str, *, locks: bool = False) -> Row | None:
    """What they may read: what they wrote, and what is shared in a pair of theirs."""
    what, number, moment = [*ref.split(":"), "", ""][:3]
    if what not in TABLES or not number.isdecimal():
        return None
    row: Row | None = db.get(TABLES[Became(what)], int(number), with_for_update=locks)
    if row is None or str(int(row.written_at.timestamp())) != moment:
        return None
    if row.pair_id not in {pair.id for pair in pairs.of_person(db, person_id)}:
        return None
    return row if author(row) == person_id or is_shared(row) else None


def own(db: Db, person_id: int, ref: str, *, locks: bool = False) -> Own | None:
    """What they wrote themselves and may change or take back; thanks that were passed on are not."""
    row = find(db, person_id, ref, locks=locks)
    return row if row is not None and not isinstance(row, Saying) and author(row) == person_id else None


def of(db: Db, begun: Writing) -> Own | None:
    """What a text became that was written to the bot; to be changed."""
    if begun.kept_id is None or begun.became in (Became.THANKS, Became.UNDECIDED):
        return None
    row: Own | None = db.get(TABLES[begun.became], begun.kept_id, with_for_update=True)
    return row if row is not None and author(row) == begun.person_id else None


def author(row: Row) -> int:
    """Who wrote it; an action is its owner's."""
    match row:
        case Action():
            return row.owner_id
        case Reflection():
            return row.person_id
        case _:
            return row.author_id


def is_shared(row: Row) -> bool:
    return row.is_shared if isinstance(row, Note | Reflection) else True


def read(db: Db, row: Row) -> Written:
    match row:
        case Note():
            return notes.note_written(db, row)
        case Action():
            return notes.action_written(db, row)
        case Reflection():
            return reflections.written(db, row)
    return Written(row.id, sayings.text(db, row), row.written_at, row.author_id, True, row.pair_id, what=Became.THANKS)


def newest(db: Db, person_id: int, pair_id: int, limit: int) -> list[Written]:
    """The newest notes of a pair that they may read, and the answers that one of the two has shared."""
    shared = db.scalars(
        select(Reflection)
        .where(Reflection.pair_id == pair_id, Reflection.is_shared)
        .order_by(Reflection.id.desc())
        .limit(limit)
    )
    found = [*notes.readable(db, person_id, pair_id, limit), *(reflections.written(db, each) for each in shared)]
    return sorted(found, key=lambda each: each.written_at, reverse=True)[:limit]


def readable(db: Db, person_id: int, pair_ids: Sequence[int]) -> list[Written]:
    """All that they may read of these pairs, newest first."""
    found = [
        *db.scalars(select(Note).where(Note.pair_id.in_(pair_ids), Note.is_shared | (Note.author_id == person_id))),
        *db.scalars(select(Action).where(Action.pair_id.in_(pair_ids))),
        *db.scalars(
            select(Reflection).where(
                Reflection.pair_id.in_(pair_ids), Reflection.is_shared | (Reflection.person_id == person_id)
            )
        ),
        *db.scalars(select(Saying).where(Saying.pair_id.in_(pair_ids), Saying.kind == SayingKind.THANKS)),
    ]
    written = [read(db, row) for row in found]
    return sorted(written, key=lambda each: (each.written_at, each.what, each.id), reverse=True)


def change(db: Db, row: Own, text: str) -> None:
    """It says this from now on, to whoever could read it before."""
    holder = Holder.PAIR if is_shared(row) else Holder.PERSON
    row.sealed = keys.seal(db, holder, row.pair_id if is_shared(row) else author(row), text)


def mend(db: Db, row: Own, text: str, due_on: date | None) -> None:
    """As `change`, by hand: what happens in Slack no longer changes it, and what stands there is no longer kept."""
    change(db, row, text)
    if isinstance(row, Action):
        row.due_on = due_on
    begun = writings.of_kept(db, _what(row), row.id)
    if begun is not None:
        begun.is_mended = True
        writings.let_go(db, begun)


def tick_off(db: Db, person_id: int, ref: str, now: datetime) -> Action | None:
    """Marks something they said they would do as done, which it stays since then; None if it isn't theirs."""
    row = own(db, person_id, ref, locks=True)
    if not isinstance(row, Action):
        return None
    row.done_at = row.done_at or now
    agenda.touch(db, row.workspace_id, [person.id for person in pairs.people(db, pairs.get(db, row.pair_id))], now)
    return row


def share(db: Db, row: Note | Reflection, now: datetime) -> None:
    """From now on the pair can read it; what is shared already stays as it is."""
    if row.is_shared:
        return
    text = read(db, row).text
    row.is_shared, row.shared_at = True, now
    change(db, row, text)


def delete(db: Db, row: Own) -> None:
    """Nothing of it is kept, nor of the messages it came from."""
    begun = writings.of_kept(db, _what(row), row.id)
    if begun is not None:
        writings.forget(db, begun)
    db.delete(row)
    db.flush()


def _what(row: Row) -> Became:
    return next(what for what, table in TABLES.items() if isinstance(row, table))


def shared_with(db: Db, person_id: int, pair_ids: Sequence[int]) -> list[Shared]:
    """What partners have shared with them, oldest first."""
    noted = db.execute(
        select(Note.id, Note.written_at, Note.pair_id, Note.shared_at).where(
            Note.pair_id.in_(pair_ids), Note.author_id != person_id, Note.shared_at.is_not(None)
        )
    )
    answered = db.execute(
        select(Reflection.id, Reflection.written_at, Reflection.pair_id, Reflection.shared_at).where(
            Reflection.pair_id.in_(pair_ids), Reflection.person_id != person_id, Reflection.shared_at.is_not(None)
        )
    )
    shared = [
        Shared(notes.ref(what, number, written_at), pair_id, at)
        for what, rows in ((Became.NOTE, noted), (Became.ANSWER, answered))
        for number, written_at, pair_id, at in rows
        if at is not None
    ]
    return sorted(shared, key=lambda each: (each.at, each.ref))
