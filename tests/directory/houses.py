"""A house with a made-up Slack at its end, and a clock that a test moves: what a job needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import make
import web
from cryptography.fernet import Fernet
from sqlalchemy import event
from web import Asked, Reply

from bot.clock import night
from bot.directory import slack as accounts_of_slack
from bot.house import House
from bot.settings import Settings
from bot.slack import speaking
from store import directory, people, workspaces
from store.database import Store
from store.models import Person, Source


@dataclass
class Hands:
    """The time, and what it takes to make a job go on."""

    now: datetime = field(default=make.MONDAY)

    def __call__(self) -> datetime:
        return self.now

    def move_to(self, at: datetime | None) -> None:
        assert at is not None
        self.now = max(self.now, at)

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@contextmanager
def house(store: Store, hands: Hands, slack_url: str = "http://127.0.0.1:9/api/", **more: str) -> Iterator[House]:
    with store.begin() as db:
        workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")
    settings = Settings(
        SLACK_BOT_TOKEN="xoxb-test",
        SLACK_SIGNING_SECRET="made-up",
        SLACK_API_URL=slack_url,
        FLIPSIDE_KEYS=Fernet.generate_key().decode(),
        **more,
    )
    client = speaking.client("xoxb-test", slack_url)
    yield House(settings, store, make.words(), hands, client, make.WORKSPACE)


def user(slack_id: str, **more: Any) -> dict[str, Any]:
    """A user of Slack's as users.list has them."""
    profile = {"display_name": slack_id.removeprefix("U0").capitalize(), "title": ""} | more.pop("profile", {})
    return {"id": slack_id, "team_id": make.WORKSPACE, "tz": make.LISBON, "updated": 100, "profile": profile} | more


@dataclass
class Listed:
    """users.list and users.info of a workspace."""

    users: list[dict[str, Any]]
    page: int = 200

    def list(self, asked: Asked) -> Reply:
        start = int(asked.fields.get("cursor") or 0)
        following = start + self.page
        cursor = str(following) if following < len(self.users) else ""
        return Reply(
            {
                "ok": True,
                "members": self.users[start:following],
                "response_metadata": {"next_cursor": cursor},
            }
        )

    def info(self, asked: Asked) -> Reply:
        found = [each for each in self.users if each["id"] == asked.fields["user"]]
        return Reply({"ok": True, "user": found[0]} if found else {"ok": False, "error": "user_not_found"})


def slack(listed: Listed) -> Any:
    return web.slack(users_list=listed.list, users_info=listed.info)


def everyone(store: Store) -> dict[str, Person]:
    with store.read() as db:
        return {each.slack_id: each for each in people.all_of(db, make.WORKSPACE)}


def the_reading(store: Store, source: Source) -> Any:
    with store.read() as db:
        return directory.find_reading(db, make.WORKSPACE, source)


def join(store: Store, person: Person) -> None:
    """They become a member of a programme, about whom there is nothing to do."""
    with store.begin() as db:
        programme = make.programme(id=None, created_by=person.id)
        db.add(programme)
        db.flush()
        db.add(make.member(id=None, programme_id=programme.id, person_id=person.id))


def read_all(home: House, hands: Hands) -> None:
    """One whole reading of Slack's accounts."""
    for _ in range(50):
        following = accounts_of_slack.read_people(home)
        assert following is not None
        if following == night(hands.now, accounts_of_slack.HOUR):
            return
        hands.move_to(following)
    raise AssertionError("it comes to no end")


def said(store: Store) -> list[str]:
    """What is said to the database from now on."""
    heard: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda _c, _cu, statement, *_: heard.append(statement))
    return heard
