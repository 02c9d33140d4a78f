"""What each feature may say: its rules, its builders, and what follows when a message of its has arrived."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session as Db

import bot.announcements.blocks
import bot.announcements.rules
import bot.pairing.blocks
import bot.pairing.listeners
import bot.pairing.rules
import bot.reflection.blocks
import bot.reflection.rules
import bot.sessions.blocks
import bot.sessions.rules
import bot.signup.blocks
import bot.signup.rules
from bot.due import Builder, Due, Rule
from bot.house import House
from store.models import Delivery, Nudge, Subject
from store.snapshots import Snapshot

RULES: tuple[Rule, ...] = (
    bot.signup.rules.due,
    bot.pairing.rules.due,
    bot.sessions.rules.due,
    bot.reflection.rules.due,
    bot.announcements.rules.due,
)
MESSAGES: Mapping[str, Builder] = {
    **bot.signup.blocks.MESSAGES,
    **bot.pairing.blocks.MESSAGES,
    **bot.sessions.blocks.MESSAGES,
    **bot.reflection.blocks.MESSAGES,
    **bot.announcements.blocks.MESSAGES,
}
ARRIVED: Mapping[str, Callable[[Db, Nudge, Delivery, datetime], None]] = {
    "introduction": bot.pairing.listeners.introduced,
}
NEVER_ARRIVED: Mapping[str, Callable[[Db, Nudge, datetime], None]] = {
    "introduction": bot.pairing.listeners.not_introduced,
}
# A step of the workspace's own work, given the subject's number; returns when the next step is due, if ever.
JOBS: Mapping[Subject, Callable[[House, int], datetime | None]] = {}


def due(snapshot: Snapshot) -> list[Due]:
    """All that is ever due to a person by what is stored now, whether sent or not, whatever the time.

    Nothing to somebody whose account is gone.
    """
    if snapshot.person.gone_at is not None:
        return []
    return [each for rule in RULES for each in rule(snapshot)]
