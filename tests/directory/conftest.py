"""What stories of the directory begin with."""

from collections.abc import Iterator

import make
import pytest
import web
from directory.houses import Hands, Listed, house, slack, user
from directory.hr import Hr, serve
from directory.hr_sync import TOKEN
from directory.towns import Town
from directory.wild_hr import Wild, serving

from bot.house import House
from store import workspaces
from store.database import Store
from store.models import Standing


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


@pytest.fixture
def hands() -> Hands:
    return Hands()


# Slack


@pytest.fixture
def listed() -> Listed:
    return Listed([user("U0ANA"), user("U0BO"), user("U0CEM")], page=2)


@pytest.fixture
def told(listed: Listed) -> Iterator[web.Slack]:
    with slack(listed) as made:
        yield made


@pytest.fixture
def home(store: Store, hands: Hands, told: web.Slack) -> Iterator[House]:
    with house(store, hands, told.url) as made:
        yield made


# The HR directory


@pytest.fixture
def accounts(store: Store) -> None:
    """Three have accounts in Slack, by which whoever HR names is known."""
    with store.begin() as db:
        workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")
        for name in ("ANA", "BO", "CEM"):
            email = f"{name.lower()}@tidewell.example"
            known = {"slack": {"name": name.capitalize(), "email": email, "zone": make.LISBON}}
            db.add(make.person(f"U0{name}", id=None, email=email, standing=Standing.MEMBER, known=known))


@pytest.fixture
def hr() -> Iterator[Hr]:
    with serve(TOKEN) as made:
        yield made


@pytest.fixture
def wild() -> Iterator[Wild]:
    with serving(Wild()) as made:
        yield made
