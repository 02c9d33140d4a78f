"""The company of the local workspace has what a programme needs to be tried out."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sandbox.people import PEOPLE_FILE, company

STAFF = [person for person in company().values() if person.level]
EUROPE = {"Europe/Lisbon", "Europe/London", "Europe/Berlin"}
ASIA = {"Asia/Kolkata", "Asia/Singapore"}


def working_hours(zone, day):
    """The hours of UTC in which it is between nine and five there."""
    start = datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return {start + timedelta(minutes=15 * quarter) for quarter in range(32)}


def may_meet(one, other):
    days = [datetime(2027, 1, 13, tzinfo=UTC), datetime(2027, 7, 14, tzinfo=UTC)]
    hours = [len(working_hours(one.zone, day) & working_hours(other.zone, day)) / 4 for day in days]
    return min(hours) >= 2 and bool(set(one.languages) & set(other.languages)) and one.team != other.team


def managers(person):
    above = []
    people = company()
    while person.manager:
        person = people[person.manager]
        above.append(person.id)
    return above


def test_the_file_has_the_agreed_columns():
    with PEOPLE_FILE.open(encoding="utf-8") as file:
        header = file.readline().strip()

    assert header == (
        "slack_id,handle,name,email,title,department,function,team,site,level,started_on,manager,dotted_managers,zone,country,"
        "languages,coordinator"
    )


def test_there_are_enough_people_of_each_kind():
    assert 22 <= len(STAFF) <= 28
    assert len({person.zone for person in STAFF}) >= 5
    assert len({person.department for person in STAFF}) >= 6
    assert len({person.site for person in STAFF}) >= 5
    assert sum(person.is_coordinator for person in STAFF) == 2
    assert sum(person.level == 5 for person in STAFF) >= 4
    assert sum(person.level <= 2 for person in STAFF) >= 10
    assert [person.handle for person in STAFF if not person.manager] == ["grace"]


def test_the_tree_is_four_deep_and_everyone_hangs_in_it():
    assert max(len(managers(person)) + 1 for person in STAFF) == 4
    assert all(managers(person)[-1:] == ["U0GRACEOKO"] for person in STAFF if person.manager)
    assert all(manager in company() for person in STAFF for manager in person.dotted_managers)


def test_handles_and_ids_are_each_persons_own():
    everyone = company().values()

    assert len({person.handle for person in everyone}) == len(everyone)
    assert all(key == person.id and len(key) == 10 for key, person in company().items())


@pytest.mark.parametrize(("zones", "least"), [(EUROPE, 5), ({"America/New_York"}, 5), (ASIA, 5)])
def test_juniors_and_seniors_across_zones_can_meet(zones, least):
    juniors = [person for person in STAFF if person.level <= 2]
    seniors = [person for person in STAFF if person.level == 5]
    across = [
        (junior.handle, senior.handle)
        for junior in juniors
        for senior in seniors
        if junior.zone != senior.zone and may_meet(junior, senior) and {junior.zone, senior.zone} & zones
    ]

    assert len(across) >= least


def test_not_only_staff_have_accounts():
    others = {person.handle: person for person in company().values() if not person.level}

    assert others["pavel"].deleted
    assert others["mei"].is_restricted
    assert others["trainbot"].is_bot
    assert others["flipside"].is_bot
