"""Somebody writes back to a question."""

import logging
from datetime import datetime

from sqlalchemy.orm import Session as Db

from bot.reflection import rules
from store import agenda, nudges, reflections
from store.models import Nudge, Person

log = logging.getLogger(__name__)


def take(db: Db, me: Person, text: str, channel: str, ts: str, thread_ts: str | None, now: datetime) -> bool:
    """Keeps the text as an answer if a question of theirs is open; says whether it did. Within a transaction."""
    question = _open(db, me, thread_ts, now)
    if question is None:
        return False
    reflections.add(db, question, text, channel, ts, now)
    agenda.touch(db, me.workspace_id, [me.id], now)
    log.info("answered person=%s question=%s", me.slack_id, question.question)
    return True


def asked_at(db: Db, me: Person, thread_ts: str | None, now: datetime) -> datetime | None:
    """When the question that a text would answer was asked; None if there is none."""
    question = _open(db, me, thread_ts, now)
    return nudges.asked_at(db, question) if question else None


def _open(db: Db, me: Person, thread_ts: str | None, now: datetime) -> Nudge | None:
    since = now - rules.ANSWERED_WITHIN
    return nudges.open_question(db, me.id, rules.KINDS, since=since, thread_ts=thread_ts)
