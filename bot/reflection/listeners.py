"""Which question somebody means who writes to the bot."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session as Db

from bot.reflection import rules
from store import nudges
from store.models import Nudge, Person


def meant(db: Db, me: Person, thread_ts: str | None, now: datetime) -> Sequence[Nudge]:
    """The questions that a text could answer: in a thread the one of the thread, else all that are open."""
    since = now - rules.ANSWERED_WITHIN
    if thread_ts is None:
        return nudges.open_questions(db, me.id, rules.KINDS, since=since)
    question = nudges.open_question(db, me.id, rules.KINDS, since=since, thread_ts=thread_ts)
    return [question] if question is not None else []


def asked_at(db: Db, me: Person, thread_ts: str | None, now: datetime) -> datetime | None:
    """When the newest question that a text could answer was asked; None if there is none."""
    question = next(iter(meant(db, me, thread_ts, now)), None)
    return nudges.asked_at(db, question) if question else None
