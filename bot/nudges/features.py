"""What each feature may say: its rules, its builders, and what follows when a message of its has arrived."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session as Db

import bot.agreement.blocks
import bot.agreement.rules
import bot.announcements.blocks
import bot.announcements.rules
import bot.directory.blocks
import bot.directory.jobs
import bot.directory.rules
import bot.directory.uploading
import bot.ending.blocks
import bot.ending.deciding
import bot.ending.rules
import bot.ending.saying_blocks
import bot.membership.blocks
import bot.membership.jobs
import bot.membership.rules
import bot.pairing.blocks
import bot.pairing.jobs
import bot.pairing.news_blocks
import bot.pairing.progress
import bot.pairing.publishing
import bot.pairing.rounds
import bot.pairing.rules
import bot.pairing.weekly
import bot.programme.blocks
import bot.programme.deciding_blocks
import bot.programme.rules
import bot.reflection.blocks
import bot.reflection.look_blocks
import bot.reflection.look_rules
import bot.reflection.rules
import bot.sessions.blocks
import bot.sessions.rules
import bot.signup.blocks
import bot.signup.conversation.blocks
import bot.signup.conversation.listeners
import bot.signup.conversation.rules
import bot.signup.jobs
import bot.signup.rules
import bot.writing.blocks
import bot.writing.rules
from bot.due import Builder, Due, Rule
from bot.house import House
from bot.nudges import forgetting, later_rules, reach_rules
from store.database import Store
from store.models import Delivery, Nudge, Subject
from store.snapshots import LOOKED_BACK_ON, Snapshot

RULES: tuple[Rule, ...] = (
    bot.signup.rules.due,
    bot.membership.rules.due,
    bot.signup.conversation.rules.due,
    bot.pairing.rules.due,
    bot.agreement.rules.due,
    bot.sessions.rules.due,
    bot.reflection.rules.due,
    bot.reflection.look_rules.due,
    bot.ending.rules.due,
    bot.writing.rules.due,
    bot.announcements.rules.due,
    bot.programme.rules.due,
    bot.directory.rules.due,
)
MESSAGES: Mapping[str, Builder] = {
    **bot.signup.blocks.MESSAGES,
    **bot.membership.blocks.MESSAGES,
    **bot.signup.conversation.blocks.MESSAGES,
    **bot.pairing.blocks.MESSAGES,
    **bot.pairing.news_blocks.MESSAGES,
    **bot.agreement.blocks.MESSAGES,
    **bot.sessions.blocks.MESSAGES,
    **bot.reflection.blocks.MESSAGES,
    **bot.reflection.look_blocks.MESSAGES,
    **bot.ending.blocks.MESSAGES,
    **bot.ending.saying_blocks.MESSAGES,
    **bot.writing.blocks.MESSAGES,
    **bot.announcements.blocks.MESSAGES,
    **bot.programme.blocks.MESSAGES,
    **bot.programme.deciding_blocks.MESSAGES,
    **bot.directory.blocks.MESSAGES,
}
# Of these kinds a person gets one a day, whatever became of it since: it may be answered by now, or no longer due.
ASKING = frozenset({"reflection", "halfway", "halfway_better", "ending", "ending_better", "aims", "going_on"})
ARRIVED: Mapping[str, Callable[[Db, Nudge, Delivery, datetime], None]] = {
    "introduction": bot.pairing.publishing.introduced,
    "publication": bot.pairing.progress.arrived,
    "round_ready": bot.pairing.rounds.told,
    "weekly_ready": bot.pairing.rounds.told,
    "repair_ready": bot.pairing.rounds.told,
    "signup_question": bot.signup.conversation.listeners.arrived,
}
NEVER_ARRIVED: Mapping[str, Callable[[Db, Nudge, datetime], None]] = {
    "introduction": bot.pairing.publishing.not_introduced,
    "signup_question": bot.signup.conversation.listeners.forget,
}
# When one of these has arrived, its person is looked at anew: something follows from it, or a rule looks back on it.
LEADS_ON = frozenset({*ARRIVED, *LOOKED_BACK_ON})
# A step of the workspace's own work, given the subject's number; returns when the next step is due, if ever.
JOBS: Mapping[Subject, Callable[[House, int], datetime | None]] = {
    **bot.directory.jobs.JOBS,
    Subject.DRAFTS: bot.signup.jobs.forget,
    Subject.EVENTS: forgetting.forget,
    Subject.RULES: bot.pairing.jobs.watch,
    Subject.ROUND: bot.pairing.rounds.look,
    Subject.WEEKLY: bot.pairing.weekly.propose,
    Subject.UPLOAD: bot.directory.uploading.step,
}
# What the clock changes in somebody's affairs; whether it did. It is asked at each look: where there is nothing to do,
# the snapshot says so, and nothing is written.
MOVES: tuple[Callable[[Store, Snapshot, datetime], bool], ...] = (
    bot.membership.jobs.end_pauses,
    bot.ending.deciding.by_the_clock,
)


def due(snapshot: Snapshot, now: datetime) -> list[Due]:
    """All that is ever due to a person by what is stored now, whether sent or not, in windows of any time.

    Nothing to somebody whose account is gone; in the DM of somebody whom nothing reaches, nothing for a while.
    """
    if snapshot.person.gone_at is not None:
        return []
    found = [each for rule in RULES for each in rule(snapshot)]
    return reach_rules.not_before([*found, *later_rules.brought_back(found, snapshot)], snapshot.person, now)
