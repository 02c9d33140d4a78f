"""An HR directory that misbehaves makes nobody leave, and what is wrong with it is told."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from directory.houses import Hands, everyone, the_reading
from directory.hr_sync import TOKEN, sync, synced
from directory.wild_hr import Wild, user

from bot.directory.scim import Trouble
from store.database import Store
from store.models import Source

pytestmark = pytest.mark.usefixtures("accounts")


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
    before = the_reading(store, Source.SCIM).read_at
    hands.now += timedelta(days=1)
    wild.asked.clear()
    wild.order = lambda users, _turn: [*users[:-1], users[0]]

    report = synced(store, hands, wild.url)

    assert len(wild.asked) == 9, "three times over"
    assert (report.gone, report.same) == (0, 11)
    found = the_reading(store, Source.SCIM)
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
    assert the_reading(store, Source.SCIM).error is None


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
    assert the_reading(store, Source.SCIM).error == found.code
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
    assert the_reading(store, Source.SCIM).error == "incomplete", "so nobody is gone because of it"
