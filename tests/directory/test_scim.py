"""The HR directory over SCIM: read from a real server when somebody says so, and at night."""

from datetime import datetime, timedelta

import make
import pytest
from directory.houses import Hands, everyone, house, join, the_reading
from directory.hr import Hr
from directory.hr_sync import TOKEN, sync, synced
from directory.wild_hr import Wild, user

from bot.directory import jobs, scim, syncing
from bot.directory.reading import Report
from bot.directory.scim import Directory, Trouble
from store import agenda, members, readings
from store.database import Store
from store.models import MemberState, Source, Standing, Subject

pytestmark = pytest.mark.usefixtures("accounts")


def test_people_managers_and_departments_come_from_a_real_server(store: Store, hands: Hands, hr: Hr) -> None:
    grace = hr.hire("Grace", title="Chief executive")
    bo = hr.hire("Bo", manager=grace, department="Engineering", timezone="Europe/Berlin", locale="de-DE")
    hr.hire("Ana", manager=bo, department="Engineering", title="Engineer", addresses=[{"country": "PT"}])

    report = synced(store, hands, hr.url)

    assert (report.added, report.changed, report.gone, report.problems) == (1, 2, 0, ())
    found = everyone(store)
    ana, boss = found["U0ANA"], found["U0BO"]
    assert (ana.manager, ana.department, ana.title, ana.country) == ("U0BO", "Engineering", "Engineer", "PT")
    assert (boss.country, boss.zone) == ("DE", make.LISBON), "where somebody is just now, Slack knows best"
    chief = found[str(boss.manager)]
    assert (chief.name, chief.email, chief.standing) == ("Grace", "grace@tidewell.example", Standing.NO_ACCOUNT)
    assert chief.manager is None, "that nobody is named doesn't mean that there is nobody"
    assert the_reading(store, Source.SCIM).read_at == hands.now

    again = synced(store, hands, hr.url)
    assert (again.added, again.changed, again.same) == (0, 0, 3)


def test_many_people_come_page_by_page(store: Store, hands: Hands, hr: Hr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scim, "PAGE", 4)
    chief = hr.hire("Chief")
    for number in range(10):
        hr.hire(f"P{number}", manager=chief)
    heard: list[tuple[int, int]] = []

    server = Directory(hr.url, TOKEN)
    report = syncing.sync(store, make.WORKSPACE, server, hands, hands.wait, lambda *done: heard.append(done))

    assert isinstance(report, Report)
    assert report.added == 11
    assert heard[:3] == [(4, 11), (8, 11), (11, 11)]


def test_who_is_switched_off_or_vanishes_leaves_everything(store: Store, hands: Hands, hr: Hr) -> None:
    users = {name: hr.hire(name) for name in ("Ana", "Bo", "Cem")}
    synced(store, hands, hr.url)
    join(store, everyone(store)["U0ANA"])

    hr.change(users["Ana"], active=False)
    hr.fire(users["Bo"])
    report = synced(store, hands, hr.url)

    assert report.gone == 2
    found = everyone(store)
    assert [found[each].gone_at is not None for each in ("U0ANA", "U0BO", "U0CEM")] == [True, True, False]
    with store.read() as db:
        assert [each.state for each, _ in members.of_person(db, found["U0ANA"].id)] == [MemberState.LEFT]

    hr.change(users["Ana"], active=True)
    synced(store, hands, hr.url)
    assert everyone(store)["U0ANA"].gone_at is None, "a mistake of HR's was put right"


def test_a_wrong_token_is_told_clearly_and_nothing_changes(
    store: Store, hands: Hands, hr: Hr, caplog: pytest.LogCaptureFixture
) -> None:
    hr.hire("Ana", title="Engineer")

    refused = sync(store, hands, hr.url, token="a-secret-that-is-wrong")

    assert isinstance(refused, Trouble)
    assert refused.said == "The HR directory refuses SCIM_TOKEN (401): it is wrong, or has expired."
    assert the_reading(store, Source.SCIM).error == "http_401"
    assert everyone(store)["U0ANA"].title is None
    assert "a-secret-that-is-wrong" not in caplog.text


def test_an_id_of_slack_s_own_scim_is_the_account_if_there_is_one(store: Store, hands: Hands, wild: Wild) -> None:
    with store.begin() as db:
        db.add(make.person("U012ABCDEF", id=None, standing=Standing.MEMBER))
    wild.users = [user(0, id="U012ABCDEF", title="Engineer"), user(1, externalId="U0EMPLOYEE7")]

    synced(store, hands, wild.url)

    found = everyone(store)
    assert found["U012ABCDEF"].title == "Engineer"
    assert "U0EMPLOYEE7" not in found


# At night


def test_the_night_s_work_goes_on_page_by_page_and_after_a_restart(store: Store, hands: Hands, wild: Wild) -> None:
    moments: list[datetime | None] = []
    for _ in range(4):
        with house(store, hands, SCIM_URL=wild.url, SCIM_TOKEN=TOKEN) as home:
            moments.append(syncing.read(home))

    assert moments == [hands.now, hands.now, hands.now, datetime(2027, 3, 2, 3, tzinfo=hands.now.tzinfo)]
    assert [each["startIndex"] for each in wild.asked] == ["1", "6", "11"]
    assert sum(each.standing is Standing.NO_ACCOUNT for each in everyone(store).values()) == 12


def test_at_night_a_refused_token_is_tried_again_after_an_hour(store: Store, hands: Hands, wild: Wild) -> None:
    wild.instead = {0: (401, "", {})}
    with house(store, hands, SCIM_URL=wild.url, SCIM_TOKEN=TOKEN) as home:
        assert syncing.read(home) == hands.now + timedelta(hours=1)


def test_at_night_the_server_s_wish_is_kept_without_waiting_in_the_tick(store: Store, hands: Hands, wild: Wild) -> None:
    wild.instead = {0: (429, "", {"Retry-After": "120"})}
    with house(store, hands, SCIM_URL=wild.url, SCIM_TOKEN=TOKEN) as home:
        assert syncing.read(home) == hands.now + timedelta(minutes=2)


def test_slack_s_accounts_are_read_before(store: Store, hands: Hands, wild: Wild) -> None:
    with store.begin() as db:
        readings.under_way(db, make.WORKSPACE, Source.SLACK, hands.now)
    with house(store, hands, SCIM_URL=wild.url, SCIM_TOKEN=TOKEN) as home:
        assert syncing.read(home) == hands.now + timedelta(seconds=30)
    assert wild.asked == []


def test_without_an_address_there_is_nothing_to_do(store: Store, hands: Hands) -> None:
    with house(store, hands) as home:
        assert syncing.read(home) is None


def test_an_address_that_is_set_again_is_read_again(store: Store, hands: Hands, wild: Wild) -> None:
    with house(store, hands, SCIM_URL=wild.url, SCIM_TOKEN=TOKEN) as home:
        jobs.begin(home)
    with house(store, hands) as home:
        jobs.begin(home)
        looks(store, hands, ended=True)

    with house(store, hands, SCIM_URL=wild.url, SCIM_TOKEN=TOKEN) as home:
        jobs.begin(home)

    assert looks(store, hands) == {Subject.SLACK_PEOPLE, Subject.SLACK_PROFILES, Subject.SCIM}


def looks(store: Store, hands: Hands, *, ended: bool = False) -> set[Subject]:
    """What is to be looked at; with `ended`, for the last time."""
    with store.begin() as db:
        entries = agenda.due(db, make.WORKSPACE, hands.now, 9)
        if ended:
            assert all(agenda.move(db, each, None) for each in entries)
    return {each.subject for each in entries}
