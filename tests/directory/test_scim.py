"""The HR directory over SCIM: read from a real server, and from one that misbehaves as real ones do."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import make
import pytest
from directory.houses import Hands, everyone, house
from directory.hr import Hr, serve
from hypothesis import given
from hypothesis import strategies as st

from bot.directory import jobs, scim, syncing
from bot.directory.reading import Report
from bot.directory.scim import Directory, Trouble
from store import agenda, directory, members, readings, workspaces
from store.database import Store
from store.models import MemberState, Person, Source, Standing, Subject

TOKEN = "the-token"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


# A real server


@pytest.fixture
def hr() -> Iterator[Hr]:
    with serve(TOKEN) as made:
        yield made


@pytest.fixture
def hands(store: Store) -> Hands:
    with store.begin() as db:
        workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")
        for name in ("ANA", "BO", "CEM"):
            email = f"{name.lower()}@tidewell.example"
            known = {"slack": {"name": name.capitalize(), "email": email, "zone": make.LISBON}}
            db.add(make.person(f"U0{name}", id=None, email=email, standing=Standing.MEMBER, known=known))
    return Hands()


def sync(store: Store, hands: Hands, url: str, token: str = TOKEN) -> Report | Trouble:
    return syncing.sync(store, make.WORKSPACE, Directory(url, token), hands, hands.wait)


def synced(store: Store, hands: Hands, url: str) -> Report:
    report = sync(store, hands, url)
    assert isinstance(report, Report), report
    return report


def the_reading(store: Store) -> Any:
    with store.read() as db:
        return directory.find_reading(db, make.WORKSPACE, Source.SCIM)


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
    assert the_reading(store).read_at == hands.now

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


def join(store: Store, person: Person) -> None:
    with store.begin() as db:
        programme = make.programme(id=None, created_by=person.id)
        db.add(programme)
        db.flush()
        db.add(make.member(id=None, programme_id=programme.id, person_id=person.id))


def test_a_wrong_token_is_told_clearly_and_nothing_changes(
    store: Store, hands: Hands, hr: Hr, caplog: pytest.LogCaptureFixture
) -> None:
    hr.hire("Ana", title="Engineer")

    refused = sync(store, hands, hr.url, token="a-secret-that-is-wrong")

    assert isinstance(refused, Trouble)
    assert refused.said == "The HR directory refuses SCIM_TOKEN (401): it is wrong, or has expired."
    assert the_reading(store).error == "http_401"
    assert everyone(store)["U0ANA"].title is None
    assert "a-secret-that-is-wrong" not in caplog.text


# A server that misbehaves


Answer = Callable[[int], Any]


class Wild:
    """Answers as it is told to: users, or what happens instead, by the number of the request."""

    def __init__(self) -> None:
        self.users: list[dict[str, Any]] = [user(number) for number in range(12)]
        self.most = 5
        self.order: Callable[[list[dict[str, Any]], int], list[dict[str, Any]]] = lambda users, _turn: users
        self.instead: dict[int, tuple[int, str, dict[str, str]]] = {}
        self.asked: list[dict[str, str]] = []
        self.url = ""

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, str, dict[str, str]]:
        number = len(self.asked)
        query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        self.asked.append(query | {"path": urlsplit(path).path, "token": headers.get("Authorization", "")})
        if number in self.instead:
            return self.instead[number]
        start, count = int(query["startIndex"]), min(int(query["count"]), self.most)
        page = self.order(self.users, number)[start - 1 : start - 1 + count]
        told = {"totalResults": len(self.users), "itemsPerPage": len(page), "startIndex": start, "Resources": page}
        return 200, json.dumps(told), {"Content-Type": "application/scim+json"}


def user(number: int, **more: Any) -> dict[str, Any]:
    email = f"p{number}@tidewell.example"
    return {"id": f"id-{number}", "userName": email, "displayName": f"P{number}", "active": True} | more


@pytest.fixture
def wild() -> Iterator[Wild]:
    with serving(Wild()) as made:
        yield made


@contextmanager
def serving(made: Wild) -> Iterator[Wild]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body, headers = made.answer(self.path, dict(self.headers))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """What was asked is remembered."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}/scim/v2"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()


def test_pages_may_be_smaller_than_asked_for(store: Store, hands: Hands, wild: Wild) -> None:
    assert synced(store, hands, wild.url).added == 12

    assert [each["startIndex"] for each in wild.asked] == ["1", "6", "11"]
    assert {each["token"] for each in wild.asked} == {f"Bearer {TOKEN}"}


def shuffled_after_the_first(seed: int) -> Callable[[list[dict[str, Any]], int], list[dict[str, Any]]]:
    def order(users: list[dict[str, Any]], turn: int) -> list[dict[str, Any]]:
        moved = list(users)
        if 0 < turn < 6:
            Random(seed + turn).shuffle(moved)
        return moved

    return order


@pytest.mark.parametrize("seed", range(2))
def test_an_order_that_changes_between_pages_loses_nobody(store: Store, hands: Hands, wild: Wild, seed: int) -> None:
    synced(store, hands, wild.url)
    wild.asked.clear()
    wild.order = shuffled_after_the_first(seed)

    report = synced(store, hands, wild.url)

    assert (report.same, report.gone) == (12, 0)
    assert 3 <= len(wild.asked) <= 9
    assert sum(each.gone_at is not None for each in everyone(store).values()) == 0


def test_where_somebody_stays_hidden_nobody_counts_as_gone(store: Store, hands: Hands, wild: Wild) -> None:
    """It counts twelve and names eleven, however often it is asked."""
    synced(store, hands, wild.url)
    before = the_reading(store).read_at
    hands.now += timedelta(days=1)
    wild.asked.clear()
    wild.order = lambda users, _turn: [*users[:-1], users[0]]

    report = synced(store, hands, wild.url)

    assert len(wild.asked) == 9, "three times over"
    assert (report.gone, report.same) == (0, 11)
    found = the_reading(store)
    assert (found.error, found.read_at) == ("incomplete", before)


def test_a_company_that_changes_while_it_is_read_is_read_again(store: Store, hands: Hands, wild: Wild) -> None:
    """Somebody goes after they were met: they aren't taken for one who is there."""
    synced(store, hands, wild.url)

    def order(users: list[dict[str, Any]], turn: int) -> list[dict[str, Any]]:
        if turn == len(before) + 1 and len(users) == 12:
            users.pop(0)
        return users

    before = list(wild.asked)
    wild.order = order
    report = synced(store, hands, wild.url)

    assert report.gone == 1
    assert len(wild.asked) - len(before) > 3


def test_it_waits_as_long_as_the_server_says_and_tries_again_after_trouble(
    store: Store, hands: Hands, wild: Wild
) -> None:
    started = hands.now
    wild.instead = {
        0: (429, "", {"Retry-After": "40"}),
        2: (500, "oh", {}),
        3: (200, "<html>hello</html>", {}),
        4: (503, "", {"Retry-After": "7"}),
    }

    assert synced(store, hands, wild.url).added == 12

    assert [each["startIndex"] for each in wild.asked] == ["1", "1", "6", "6", "6", "6", "11"]
    assert (hands.now - started).total_seconds() == 40 + 5 + 10 + 7
    assert the_reading(store).error is None


@pytest.mark.parametrize(
    ("instead", "said"),
    [
        ((403, "", {}), "may not read /Users"),
        ((404, "", {}), "There is no /Users at SCIM_URL"),
        ((200, "<html></html>", {}), "does not answer as SCIM does"),
        ((200, "[]", {}), "does not answer as SCIM does"),
        ((200, '{"Resources": []}', {}), "does not answer as SCIM does"),
        ((200, '{"totalResults": 12}', {}), "does not answer as SCIM does"),
        ((200, '{"totalResults": 0, "Resources": []}', {}), "nobody works there"),
        ((500, "", {}), "http_500"),
        ((429, "", {"Retry-After": "3000"}), "http_429"),
        ((302, "", {"Location": "http://127.0.0.2:9/Users"}), "redirects to another host"),
    ],
)
def test_what_is_no_answer_is_told_and_never_an_empty_company(
    store: Store, hands: Hands, wild: Wild, instead: tuple[int, str, dict[str, str]], said: str
) -> None:
    synced(store, hands, wild.url)
    wild.instead = dict.fromkeys(range(100), instead)

    found = sync(store, hands, wild.url)

    assert isinstance(found, Trouble)
    assert said in found.said
    assert the_reading(store).error == found.code
    assert sum(each.gone_at is not None for each in everyone(store).values()) == 0


def test_a_redirect_on_the_same_host_is_followed(store: Store, hands: Hands, wild: Wild) -> None:
    moved = f"{wild.url}/Users/?startIndex=1&count=100"
    wild.instead = {0: (308, "", {"Location": moved})}

    assert synced(store, hands, wild.url).added == 12
    assert [each["path"] for each in wild.asked[:2]] == ["/scim/v2/Users", "/scim/v2/Users/"]


def test_nobody_is_at_the_address(store: Store, hands: Hands) -> None:
    found = sync(store, hands, "http://127.0.0.1:9")

    assert isinstance(found, Trouble)
    assert "ConnectError" in found.said


def test_people_with_nonsense_for_an_id_are_left_out(store: Store, hands: Hands, wild: Wild) -> None:
    wild.users = [user(0), user(1, id=""), user(2, id=7), {"nonsense": True}]

    report = synced(store, hands, wild.url)

    assert report.added == 1
    assert the_reading(store).error == "incomplete", "so nobody is gone because of it"


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


# What a user says


@pytest.mark.parametrize(
    ("told", "fact", "value"),
    [
        ({ENTERPRISE: {"manager": {"value": "26"}}}, "manager", "26"),
        ({ENTERPRISE: {"manager": {"$ref": "https://hr.example.com/v2/Users/26"}}}, "manager", "26"),
        ({ENTERPRISE: {"manager": "26"}}, "manager", "26"),
        ({"urn:scim:schemas:extension:enterprise:1.0": {"manager": {"managerId": "26"}}}, "manager", "26"),
        ({ENTERPRISE: {"managerId": "26"}}, "manager", "26"),
        ({ENTERPRISE: {"manager": {"value": "id-1"}}}, "manager", None),
        ({ENTERPRISE: {"manager": {"value": ""}}}, "manager", None),
        ({ENTERPRISE: {"manager": None, "department": "Sales"}}, "department", "Sales"),
        ({ENTERPRISE.lower(): {"Department": "Sales"}}, "department", "Sales"),
        ({"emails": [{"value": "a@x.y", "type": "home"}, {"value": "B@x.y", "type": "work"}]}, "email", "b@x.y"),
        ({"emails": [{"value": "a@x.y", "primary": True}, {"value": "b@x.y", "type": "work"}]}, "email", "a@x.y"),
        ({"emails": [], "userName": "Ana@X.y"}, "email", "ana@x.y"),
        ({"userName": "ana"}, "email", None),
        ({"active": False}, "is_active", False),
        ({"active": "False"}, "is_active", False),
        ({"active": None}, "is_active", True),
        ({"timezone": "Europe/Lisbon"}, "zone", "Europe/Lisbon"),
        ({"timezone": "Mars/Base"}, "zone", None),
        ({"locale": "pt-PT"}, "country", "PT"),
        ({"locale": "pt"}, "country", None),
        ({"locale": "en-US", "addresses": [{"type": "work", "country": "pt"}]}, "country", "PT"),
        ({"name": {"givenName": "Ana", "familyName": "Duarte"}}, "name", "Ana Duarte"),
        ({"id": "U012ABCDEF"}, "account", "U012ABCDEF"),
        ({"externalId": "W012ABCDEF"}, "account", "W012ABCDEF"),
    ],
)
def test_what_a_user_says_is_read(told: dict[str, Any], fact: str, value: Any) -> None:
    assert scim.facts({"id": "id-1"} | told).get(fact) == value


def test_an_id_of_slack_s_own_scim_is_the_account_if_there_is_one(store: Store, hands: Hands, wild: Wild) -> None:
    with store.begin() as db:
        db.add(make.person("U012ABCDEF", id=None, standing=Standing.MEMBER))
    wild.users = [user(0, id="U012ABCDEF", title="Engineer"), user(1, externalId="U0EMPLOYEE7")]

    synced(store, hands, wild.url)

    found = everyone(store)
    assert found["U012ABCDEF"].title == "Engineer"
    assert "U0EMPLOYEE7" not in found


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = ["id", "emails", "active", "name", "manager", "title", "addresses", "locale", "timezone", ENTERPRISE]


@given(told=anything | st.dictionaries(st.sampled_from(NAMES), anything, max_size=6))
def test_whatever_a_server_says_of_a_user_is_read_or_left(told: Any) -> None:
    found = scim.facts(told)

    assert all(isinstance(value, str | bool) for value in found.values())
    assert all("\x00" not in value for value in found.values() if isinstance(value, str))
