"""The door of the App Home: a section from each feature, drawn when it is opened and again when it is stale."""

import logging
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient
from sqlalchemy.orm import Session as Db

import bot.programme.blocks
import bot.programme.rules
import bot.sessions.blocks
import bot.signup.blocks
from bot import errors
from bot.house import House
from bot.programme.blocks import Overview
from bot.slack import kit, speaking, who
from bot.slack.kit import Block
from store import members, notes, pairs, people, programmes, sessions, snapshots, workspaces
from store.models import Member, Person, Programme

log = logging.getLogger(__name__)

MOST_BLOCKS = 100  # Slack's limit of a Home
MOST_NOTES = 6
MOST_ACTIONS = 8
BATCH = 20


def register(app: App, house: House) -> None:
    def opened(event: dict[str, Any], client: WebClient) -> None:
        if event.get("tab") != "home":
            return
        try:
            open_home(house, client, str(event["user"]))
        except Exception as error:
            # After the ack: nothing may raise. The Home stays as it was and is drawn at the next opening.
            errors.told(error, event.get("user"), "open home")

    app.event("app_home_opened")(opened)


def open_home(house: House, client: WebClient, slack_id: str) -> None:
    me = who.meet(house, client, slack_id)
    if not isinstance(me, Person):
        _publish(house, slack_id, [kit.section(me.why)])
        return
    shows_programme = who.is_coordinator(house, client, slack_id)
    now = house.clock()
    with house.store.begin() as db:
        people.open_home(db, me.id, now, shows_programme=shows_programme)
        me.home_shows_programme, me.home_stale_at = shows_programme, now
    draw(house, me)


def draw_stale(house: House) -> int:
    """Redraws Homes that changes have made stale. How many are settled; 0 means that the rest has to wait."""
    with house.store.read() as db:
        if workspaces.is_waiting(db, house.workspace_id, house.clock()):
            return 0
        stale = people.stale_homes(db, house.workspace_id, BATCH)
    return len(list(takewhile(bool, (draw(house, me) for me in stale))))


def draw(house: House, me: Person) -> bool:
    """Whether the Home is settled: drawn, or refused for good. One that Slack can't take now stays stale."""
    try:
        with house.store.read() as db:
            blocks = _blocks(db, house, me, house.clock())
    except Exception as error:
        # One person's Home must not stop the others': they see a kind word there until the next change.
        blocks = [kit.section(errors.told(error, me.slack_id, "draw home"))]
    outcome = _publish(house, me.slack_id, blocks)
    if isinstance(outcome, speaking.Unclear) or (isinstance(outcome, speaking.Refused) and outcome.is_passing):
        return False
    with house.store.begin() as db:
        if me.home_stale_at is not None:
            people.home_drawn(db, me.id, me.home_stale_at)
    return True


def _publish(house: House, slack_id: str, blocks: list[Block]) -> object:
    view = {"type": "home", "blocks": blocks[:MOST_BLOCKS]}
    outcome = speaking.call(lambda: house.client.views_publish(user_id=slack_id, view=view))
    if isinstance(outcome, speaking.Refused | speaking.Unclear):
        log.warning("home not drawn person=%s error=%s", slack_id, outcome.code)
    if isinstance(outcome, speaking.Refused) and outcome.retry_after is not None:
        with house.store.begin() as db:
            workspaces.wait(db, house.workspace_id, house.clock() + timedelta(seconds=outcome.retry_after))
    return outcome


def _blocks(db: Db, house: House, me: Person, now: datetime) -> list[Block]:
    place = members.newest_of(db, me.id)
    programme = programmes.newest(db, house.workspace_id)
    mine = snapshots.live(snapshots.partnerships(db, me), now)
    blocks: list[Block] = []
    for each in mine:
        written = notes.readable(db, me.id, each.pair.id, MOST_NOTES)
        actions = notes.actions(db, [each.pair.id], is_open=True)[:MOST_ACTIONS]
        blocks += bot.sessions.blocks.home(each, written, actions, now)
    blocks += [kit.divider()] if blocks else []
    waits = place is not None and any(member.id == place[0].id for member, _, _ in _waiting(db, place[1], now))
    blocks += bot.signup.blocks.home(place, programme, waits=waits)
    if programme is not None and not mine:
        blocks.append(kit.context(f"With a concern or a question, turn to {kit.mention(programme.contact)}."))
    if me.home_shows_programme:
        overview = _overview(db, programme, now) if programme else None
        blocks += [kit.divider(), *bot.programme.blocks.home(overview)]
    return blocks


def _waiting(db: Db, programme: Programme, now: datetime) -> list[tuple[Member, Person, int]]:
    return members.with_room(db, programme.id, now)


def _overview(db: Db, programme: Programme, now: datetime) -> Overview:
    places = members.of_programme(db, programme.id)
    by_member = {place.id: place for place in places}
    known = people.by_id(db, [place.person_id for place in places])
    live = [pair for pair in pairs.of_programme(db, programme.id) if pairs.is_live(pair, now)]
    held = sessions.of_pairs(db, [pair.id for pair in live])
    return Overview(
        programme=programme,
        members=len(places),
        waiting=[(person, place.side) for place, person, _ in _waiting(db, programme, now)],
        pairs=[
            (
                known[by_member[pair.mentor_id].person_id],
                known[by_member[pair.mentee_id].person_id],
                bot.programme.rules.health(pair, held[pair.id], now),
            )
            for pair in live
        ],
    )
