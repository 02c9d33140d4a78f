"""A message is taken: kept with its event, in one transaction, so that no kill and no retry loses or doubles it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session as Db

from bot.due import Wrote
from bot.writing import rules
from store import agenda, kept, notes, nudges, pairs, reflections, sayings, snapshots, writings
from store.models import Became, Heard, Nudge, Person, Reflection, SayingKind, Subject, Writing
from store.snapshots import Partnership

log = logging.getLogger(__name__)

REPLIES = ("reflection_kept", "note_kept", "action_kept", "which_question", "which_pair", "thanks_shown")

GOES_ON = ("reflection_kept", "which_question")  # what another message can join, by the reply it got


@dataclass(frozen=True)
class Post:
    """A message somebody wrote in the DM."""

    channel: str
    ts: str
    thread_ts: str | None
    text: str


# What is written


def answer(db: Db, me: Person, post: Post, questions: Sequence[Nudge], now: datetime) -> bool:
    """Keeps it as an answer, or as part of the one before it; says whether it did.

    `questions` are those it could mean, newest first. Where there are several, its author is asked.
    """
    before = _going_on(db, me, post, questions, now)
    if before is not None:
        _join(db, me, before, post, now)
    elif not questions:
        return False
    elif len(questions) == 1:
        _answer(db, me, post, questions[0], now)
    else:
        writings.begin(db, me, post.channel, post.ts, post.thread_ts, post.text, Became.UNDECIDED, now)
        log.info("asked which question person=%s", me.slack_id)
    agenda.touch(db, me.workspace_id, [me.id], now)
    return True


def is_more(db: Db, me: Person, post: Post, questions: Sequence[Nudge], now: datetime) -> bool:
    """Whether it would join what they wrote before."""
    return _going_on(db, me, post, questions, now) is not None


def _going_on(db: Db, me: Person, post: Post, questions: Sequence[Nudge], now: datetime) -> Writing | None:
    """The text that the message is a part of, if it is."""
    if post.thread_ts is not None:
        return _of_thread(db, me, post.thread_ts, questions)
    newest = writings.newest(db, me.id)
    if newest is None:
        return None
    begun, last_at = newest
    asked_at = nudges.asked_at(db, questions[0]) if questions else None
    return begun if rules.goes_on(begun, last_at, asked_at, now) and rules.kind(begun) in GOES_ON else None


def _of_thread(db: Db, me: Person, thread_ts: str, questions: Sequence[Nudge]) -> Writing | None:
    """In a question's thread its answer goes on, however late; under the reply to an answer that one does."""
    reply = nudges.of_message(db, me.id, thread_ts)
    if reply is not None and reply.kind in GOES_ON:
        begun = db.get(Writing, int(reply.about or 0))
        return begun if begun is not None and rules.kind(begun) in GOES_ON else None
    given = reflections.of_question(db, questions[0].id) if questions else None
    return writings.of_kept(db, Became.ANSWER, given.id) if given else None


def _join(db: Db, me: Person, begun: Writing, post: Post, now: datetime) -> None:
    """What was changed with the button stays, and goes on with this.

    What comes after it was shared is theirs alone: an answer of its own to the same question.
    """
    row = kept.of(db, begun)
    if isinstance(row, Reflection) and row.is_shared:
        _answer(db, me, post, db.get_one(Nudge, row.nudge_id), now)
        return
    if row is not None:
        kept.change(db, row, f"{kept.read(db, row).text}\n{post.text}")
    writings.add(db, begun, post.channel, post.ts, post.text, now)
    if begun.is_mended:
        writings.let_go(db, begun)
    log.info("joined an answer person=%s", me.slack_id)


def _answer(db: Db, me: Person, post: Post, question: Nudge, now: datetime) -> None:
    row = reflections.add(db, question, post.text, post.channel, post.ts, now)
    writings.begin(db, me, post.channel, post.ts, post.thread_ts, post.text, Became.ANSWER, now, row.id)
    log.info("answered person=%s question=%s", me.slack_id, question.question)


def begin(db: Db, me: Person, post: Post, said: rules.Begun, now: datetime, *, is_asked: bool) -> bool:
    """Keeps a note, something to do, or thanks to be shown first; False for somebody without a pair."""
    live = rules.may_be_for(said.became, snapshots.partnerships(db, me), now)
    if not live:
        return False
    begun = writings.begin(db, me, post.channel, post.ts, post.thread_ts, said.text, said.became, now)
    if len(live) == 1 and not rules.is_shown_first(said, is_asked=is_asked):
        keep_for(db, begun, live[0], now)
    agenda.touch(db, me.workspace_id, [me.id], now)
    return True


# What becomes of it


def keep_for(db: Db, begun: Writing, each: Partnership, now: datetime) -> None:
    """A note, something to do, or thanks: for this pair."""
    scope, pair_id, author_id, text = begun.workspace_id, each.pair.id, begun.person_id, writings.text(db, begun)
    past = [session.id for session in each.sessions if session.starts_at <= now]
    row: kept.Row
    if begun.became is Became.THANKS:
        row = sayings.add(db, scope, pair_id, author_id, SayingKind.THANKS, text, now, for_all=False)
    elif begun.became is Became.ACTION:
        row = notes.add_action(db, scope, pair_id, past[-1] if past else None, author_id, text, now)
    else:
        row = notes.add_note(db, scope, pair_id, past[-1] if past else None, author_id, text, now, is_shared=False)
    db.flush()
    begun.kept_id = row.id
    agenda.touch(db, scope, [author_id, each.partner.id], now)
    log.info("wrote %s pair=%s by=%s", begun.became, pair_id, each.me.slack_id)


def decide(db: Db, begun: Writing, question: Nudge, now: datetime) -> None:
    """It answers this question."""
    row = reflections.add(db, question, writings.text(db, begun), begun.channel, begun.ts, now)
    begun.became, begun.kept_id = Became.ANSWER, row.id
    writings.hear(begun, Heard.TAKEN, now)
    agenda.touch(db, begun.workspace_id, [begun.person_id], now)
    log.info("answered person=%s question=%s", begun.person_id, question.question)


# What changes in Slack


def changed(db: Db, me: Person, channel: str, ts: str, text: str, now: datetime) -> str | None:
    """A message of theirs was edited in Slack, or deleted (no text); None if it was never taken.

    Returns the name of what to say where no reply follows by itself.
    """
    writing = writings.find(db, me.workspace_id, channel, ts)
    if writing is None or writing.person_id != me.id:
        return None
    agenda.look(db, me.workspace_id, Subject.PERSON, me.id, now)  # one change of a text after the other
    begun = writings.first(db, writing)
    if begun.became is Became.THANKS and begun.kept_id is not None:
        return "slack.passed_on"
    said = rules.begun(text) if writing is begun else None
    is_named = said is not None and said.became is begun.became
    writings.rewrite(db, writing, said.text if said is not None and is_named else text)
    if begun.is_mended:
        writings.let_go(db, begun)
    whole = writings.text(db, begun)
    row = kept.of(db, begun)
    agenda.touch(db, me.workspace_id, _readers(db, me, row), now)
    if not whole:
        _forget(db, begun, row)
        log.info("deleted in Slack person=%s what=%s", me.slack_id, begun.became)
        return "slack.deleted"
    if row is not None and not begun.is_mended:
        kept.change(db, row, whole)
    writings.hear(begun, Heard.STAYS if begun.is_mended else Heard.CHANGED, now)
    return ""


def _forget(db: Db, begun: Writing, row: kept.Own | None) -> None:
    if row is not None:
        kept.delete(db, row)
    else:
        writings.forget(db, begun)


def _readers(db: Db, me: Person, row: kept.Row | None) -> list[int]:
    """Whose Homes show it."""
    if row is None or not kept.is_shared(row):
        return [me.id]
    return [person.id for person in pairs.people(db, pairs.get(db, row.pair_id))]


# What is told of it


def opened(db: Db, nudge: Nudge, questions: Sequence[Nudge]) -> Wrote:
    """A text for the reply to it, with the questions it could answer."""
    begun = db.get_one(Writing, int(nudge.about or 0))
    row = kept.of(db, begun)
    written = kept.read(db, row) if row is not None else None
    return Wrote(begun, written.text if written else writings.text(db, begun), written, questions)
