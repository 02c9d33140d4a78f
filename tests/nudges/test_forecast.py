"""What an operator reads of one person: what goes, what waits until when, and what they won't get."""

import make
from make import at, due

from bot import working_time
from bot.nudges import fewer_rules, forecast, rules
from bot.nudges.looks import Look

NIGHT = at("2027-03-03 23:00")


def told(look: Look) -> list[str]:
    """Each line, without who it is about."""
    who = "U0ANA (Ana, Wed 03 Mar 23:00 Europe/Lisbon): "
    lines = forecast.told(look, NIGHT)
    assert [line for line in lines if who not in line] == []
    return [line.replace(who, "") for line in lines]


def test_what_goes_what_waits_and_what_is_dropped_is_told_with_its_reason() -> None:
    mine = working_time.of(make.person())
    soon = due("joined:1", opens_at=NIGHT, is_notice=True, at_once=True)
    waits, late = due("checkin:1"), due("reminder:1", closes_at=at("2027-03-03 15:00"))
    unwanted = due("reflection:1")

    choice = rules.choose([soon, waits, late], (), (), (), mine, NIGHT)

    assert told(Look(make.snapshot(person=make.person()), choice, left_out=[(unwanted, fewer_rules.LEFT_OUT)])) == [
        "send  joined [joined:1] due since 2027-03-03T23:00:00Z",
        "wait  [checkin:1] outside working hours, until 2027-03-04T09:00:00Z",
        "drop  [reminder:1] its moment has passed",
        "drop  [reflection:1] fewer of these were wanted",
    ]


def test_of_whom_nothing_reaches_it_is_said_until_when() -> None:
    shut = make.person(unreachable_since=at("2027-02-20 09:00"), unreachable_tried_at=at("2027-03-01 09:00"))

    assert told(Look(make.snapshot(person=shut), rules.Choice())) == [
        "wait  nothing to their DM: Slack refused the last; tried again from 2027-03-08T09:00:00Z"
    ]
