"""What a pair writes down: notes and actions. Sealed on the way in, opened for those who may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Boolean, Integer, bindparam, or_, select
from sqlalchemy.orm import Session as Db

from store import keys
from store.models import Action, Became, Holder, Note


@dataclass(frozen=True)
class Written:
    """Something a person may read: what it is, when it was written, by whom, and the text."""

    id: int
    text: str
    written_at: datetime
    author_id: int
    is_shared: bool
    pair_id: int
    is_done: bool = False
    what: Became = Became.NOTE
    due_on: date | None = None
    """By which day its owner would like to have done it."""
    question: str | None = None
    """The id of the question it answers."""

    @property
    def ref(self) -> str:
        """Which one of all that is kept, as a button says it: `note:12:1700000000`.

        The moment is in it since the number of something deleted can come again, and old buttons stay in Slack.
        """
        return ref(self.what, self.id, self.written_at)


def ref(what: Became, number: int, written_at: datetime) -> str:
    return f"{what}:{number}:{int(written_at.timestamp())}"


def add_note(
    db: Db,
    workspace_id: str,
    pair_id: int,
    session_id: int | None,
    author_id: int,
    text: str,
    now: datetime,
    *,
    is_shared: bool,
) -> Note:
    holder, holder_id = (Holder.PAIR, pair_id) if is_shared else (Holder.PERSON, author_id)
    note = Note(
        workspace_id=workspace_id,
        pair_id=pair_id,
        session_id=session_id,
        author_id=author_id,
        is_shared=is_shared,
        sealed=keys.seal(db, holder, holder_id, text),
        written_at=now,
    )
    db.add(note)
    return note


def add_action(
    db: Db,
    workspace_id: str,
    pair_id: int,
    session_id: int | None,
    owner_id: int,
    text: str,
    now: datetime,
    *,
    due_on: date | None = None,
) -> Action:
    """Something they will do, by that day if they say so."""
    action = Action(
        workspace_id=workspace_id,
        pair_id=pair_id,
        session_id=session_id,
        owner_id=owner_id,
        sealed=keys.seal(db, Holder.PAIR, pair_id, text),
        written_at=now,
        due_on=due_on,
    )
    db.add(action)
    return action


def of_person(db: Db, person_id: int) -> list[Written]:
    """All notes they wrote, newest first, private and shared."""
    found = db.scalars(select(Note).where(Note.author_id == person_id).order_by(Note.id.desc()))
    return [note_written(db, note) for note in found]


def readable(db: Db, person_id: int, pair_id: int, limit: int) -> list[Written]:
    """The notes of a pair that this person may read: their own and the shared ones, newest first."""
    found = db.scalars(
        select(Note)
        .where(Note.pair_id == pair_id, Note.is_shared | (Note.author_id == person_id))
        .order_by(Note.id.desc())
        .limit(limit)
    )
    return [note_written(db, note) for note in found]


def actions(db: Db, pair_ids: Sequence[int], *, owner_id: int | None = None, is_open: bool) -> list[Written]:
    """The actions of these pairs, oldest first; of one owner or of both."""
    known = {"pairs": list(pair_ids), "owner": owner_id, "open": is_open}
    return [action_written(db, action) for action in db.scalars(_ACTIONS, known)]


# Made once: it is asked for each message with a question to prepare with.
_OWNER, _OPEN = bindparam("owner", type_=Integer), bindparam("open", type_=Boolean)
_ACTIONS = (
    select(Action)
    .where(
        Action.pair_id.in_(bindparam("pairs", expanding=True)),
        or_(_OWNER.is_(None), Action.owner_id == _OWNER),
        or_(_OPEN.is_(False), Action.done_at.is_(None)),
    )
    .order_by(Action.id)
)


def note_written(db: Db, note: Note) -> Written:
    holder, holder_id = (Holder.PAIR, note.pair_id) if note.is_shared else (Holder.PERSON, note.author_id)
    text = keys.unseal(db, holder, holder_id, note.sealed)
    return Written(note.id, text, note.written_at, note.author_id, note.is_shared, note.pair_id)


def action_written(db: Db, action: Action) -> Written:
    text = keys.unseal(db, Holder.PAIR, action.pair_id, action.sealed)
    return Written(
        action.id,
        text,
        action.written_at,
        action.owner_id,
        True,
        action.pair_id,
        is_done=action.done_at is not None,
        what=Became.ACTION,
        due_on=action.due_on,
    )
