"""What people of a town do, each by its word; a number says which day, which hours, which place."""

from collections.abc import Sequence
from datetime import time
from typing import Any

import make
from nudges.troubled import DAY, Town

from bot.ending import listeners as ending
from bot.membership import listeners as membership
from bot.nudges import attention
from bot.nudges.later_rules import Later
from bot.sessions import cancelling
from bot.sessions import listeners as talks
from store import agenda, members, pairs, people
from store.models import MemberState, Onward

PLACES: Sequence[dict[str, Any]] = (
    {"zone": "Europe/Lisbon", "country": "PT"},
    {"zone": "America/New_York", "country": "US"},
    {"zone": "Asia/Kathmandu", "work_days": [6, 0, 1, 2], "nudges_a_week": 1},
    {"zone": "Pacific/Auckland", "country": "NZ"},
    {"zone": "Pacific/Pago_Pago", "works_from": time(21), "works_until": time(5)},
    {"zone": "Africa/Cairo", "country": "EG"},
)
TALKS = ["book"] * 5 + ["met", "met", "missed", "cancel", "move", "write", "snooze", "snooze", "snooze", "fewer"]
PERSONAL = ["pause", "resume", "resume", "hours", "move house", "choose"]
GOING = ["leave", "come back", "close", "gone"]
MEANWHILE = ["leave", "gone", "pause", "cancel", "move", "met", "missed", "hours", "write", "fewer"]
"""What changes what is due, or to whom."""


def act(town: Town, what: str, pair_id: int, who: int, amount: int) -> None:
    """Nothing, where their account is closed."""
    with town.store.read() as db:
        is_gone = people.get(db, who).gone_at is not None
    if is_gone or town.people[who] in town.slack.closed:
        return
    match what:
        case "book" | "move":
            town.book(pair_id, who, amount)
        case "met":
            town.press_of_last(pair_id, talks.met, who)
        case "missed":
            town.press_of_last(pair_id, talks.not_this_month, who)
        case "cancel":
            town.press_of_last(pair_id, cancelling.cancel, who)
        case "write":
            town.write(who)
        case "snooze":
            _attend(town, who, list(Later)[amount % len(Later)])
        case "fewer":
            _attend(town, who, "fewer")
        case "pause":
            until = town.now.date() + DAY * (2 + amount // 24)
            membership.pause(town.ask(who, "" if amount % 5 == 0 else until.isoformat()))
        case "resume":
            membership.resume(town.ask(who))
        case "choose":
            ending.choose(town.ask(who, f"{pair_id}:1:{list(Onward)[amount % len(Onward)].value}"))
        case "hours":
            _choose_hours(town, who, amount)
        case "move house":
            place = PLACES[amount % len(PLACES)]
            town.lives_elsewhere(who)
            town.move_house(who, (place["zone"], place.get("country")))
        case "leave":
            membership.left(town.ask(who, str(town.programme.id)))
            town.left.setdefault(who, town.last_number())
        case "come back":
            _come_back(town, who)
        case "close":
            town.slack.closed.add(town.people[who])
        case "gone":
            town.be_gone(who)
            town.left.setdefault(who, town.last_number())
        case _:
            raise AssertionError(what)


def _attend(town: Town, who: int, word: str) -> None:
    """Picks it in the menu of the last message that has one."""
    mine = [each for each in town.slack.said if who in town.everyone_to(each.channel)]
    with_menu = [each for each in mine if each.carried and not any(nudge.is_notice for nudge in each.carried)]
    if with_menu:
        attention.chosen(town.ask(who, f"{word}:{with_menu[-1].carried[0].delivery_id}"))


def _choose_hours(town: Town, who: int, amount: int) -> None:
    """Their days and hours; the number of messages a week stays, since what went before counts in it."""
    town.lives_elsewhere(who)
    with town.store.begin() as db:
        agenda.touch(db, make.WORKSPACE, [who, *pairs.partners(db, who, town.now)], town.now)
        me = people.get(db, who)
        me.works_from, me.works_until = [(None, None), (time(7), time(15)), (time(22), time(6))][amount % 3]
        me.work_days = [[], [0, 1, 2, 3], [6, 0, 1]][amount // 3 % 3]


def _come_back(town: Town, who: int) -> None:
    with town.store.begin() as db:
        for member, _ in members.locked(db, who):
            if member.state is MemberState.LEFT:
                members.admit(member, town.now)
                member.joined_at = town.now
                town.left.pop(who, None)
        agenda.touch(db, make.WORKSPACE, [who], town.now)
