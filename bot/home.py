"""The door of the App Home: a section from each feature, drawn when it is opened and again when it is stale."""

import logging
from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient
from sqlalchemy.orm import Session as Db

import bot.agreement.blocks
import bot.ending.blocks
import bot.membership.blocks
import bot.membership.rules
import bot.nudges.attention_blocks
import bot.pairing.blocks
import bot.pairing.news_blocks
import bot.programme.overview
import bot.programme.overview_blocks
import bot.sessions.noting_blocks
import bot.signup.blocks
import bot.signup.rules
from bot import errors, gate, working_time
from bot.house import House
from bot.membership.blocks import Seat
from bot.slack import kit, speaking, who
from bot.slack.kit import Block
from store import agreements, endings, kept, members, notes, pairs, people, programmes, repairs, snapshots
from store.models import IS_OUT, Member, MemberState, Onward, Person, Programme
from store.snapshots import Broken, Partnership

log = logging.getLogger(__name__)

MOST_BLOCKS = 100  # Slack's limit of a Home
MOST_NOTES = 6
MOST_ACTIONS = 8
MOST_GONE = 6
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
    me = who.acting(house, client, slack_id)
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
    now = house.clock()
    with house.store.read() as db:
        stale = people.stale_homes(db, house.workspace_id, BATCH)
        if stale and gate.is_quiet(db, house, gate.HOMES, now):
            return 0
    passing = takewhile(lambda _: not house.stopping.is_set() and gate.passes(house, gate.HOMES) is None, stale)
    return len(list(takewhile(bool, (draw(house, me) for me in passing))))


def draw(house: House, me: Person) -> bool:
    """Whether the Home is settled: drawn, or refused for good. One that Slack can't take now stays stale."""
    try:
        with house.store.read() as db:
            blocks = _blocks(db, house, me, house.clock())
    except Exception as error:
        # One person's Home must not stop the others': they see a kind word there until the next change.
        blocks = [kit.section(errors.told(error, me.slack_id, "draw home"))]
    outcome = _publish(house, me.slack_id, blocks)
    house.pulse.beat()
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
        gate.heard(house, gate.HOMES, outcome.code, outcome.retry_after)
    return outcome


def _blocks(db: Db, house: House, me: Person, now: datetime) -> list[Block]:
    theirs = _for_coordinators(db, house, me, now) if me.home_shows_programme else []
    return [*_own(db, house, me, now)[: MOST_BLOCKS - len(theirs)], *theirs]


def _own(db: Db, house: House, me: Person, now: datetime) -> list[Block]:
    """Their pairs, and where they stand in each programme."""
    mine = snapshots.live(snapshots.partnerships(db, me), now)
    blocks: list[Block] = []
    words = house.words(db)
    for each in mine:
        # Whoever is in several pairs sees less of each, so that all of them find room.
        written = kept.newest(db, me.id, each.pair.id, max(1, MOST_NOTES // len(mine)))
        actions = notes.actions(db, [each.pair.id], is_open=True)[: max(1, MOST_ACTIONS // len(mine))]
        blocks += bot.sessions.noting_blocks.home(each, written, actions, now)
        blocks += _agreement(db, house, each)
        blocks += bot.ending.blocks.home(each, _wish(db, each), house.prompts, now)
        blocks += bot.pairing.blocks.why_you(each, words)
    blocks += [kit.divider()] if blocks else []
    seats = _seats(db, me, mine, now)
    blocks += bot.membership.blocks.home(seats)
    blocks += bot.signup.blocks.home(_others(db, house, me, seats, now), is_in=bool(seats))
    blocks += bot.nudges.attention_blocks.home(me.fewer, words)
    named = [seat.programme for seat in seats] or programmes.open_now(db, house.workspace_id)[:1]
    if named and not mine:
        contacts = dict.fromkeys(kit.mention(each.contact) for each in named)
        blocks.append(kit.context(f"With a concern or a question, turn to {' or '.join(contacts)}."))
    return blocks


def _agreement(db: Db, house: House, each: Partnership) -> list[Block]:
    standing = agreements.standing(each.agreements)
    terms = agreements.terms(db, standing) if standing else None
    return bot.agreement.blocks.home(each, terms, agreements.latest(each.agreements), house.prompts)


def _wish(db: Db, each: Partnership) -> Onward | None:
    """How they would like to go on after their months, if they have said so."""
    theirs = (own for own in each.preferences if (own.person_id, own.ending) == (each.me.id, each.pair.ending))
    mine = next(theirs, None)
    return endings.wish(db, mine) if mine else None


def _seats(db: Db, me: Person, mine: Sequence[Partnership], now: datetime) -> list[Seat]:
    """Where they stand in each programme they are in, or want to be in; in an ended one while their pair goes on."""
    going_on = {each.mine.id for each in mine}
    return [
        _seat(db, me, member, programme, now)
        for member, programme in members.of_person(db, me.id)
        if member.state not in IS_OUT and (programme.closed_at is None or member.id in going_on)
    ]


def _seat(db: Db, me: Person, member: Member, programme: Programme, now: datetime) -> Seat:
    room, is_over = members.room(db, member, now)
    stand = bot.membership.rules.stand(member, room, is_over=is_over)
    number = members.place_in_queue(db, member) if member.state is MemberState.QUEUED else None
    until = bot.membership.rules.ends_at(member, now)
    return Seat(member, programme, stand, number, working_time.of(me).local_date(until) if until else None)


def _unattended(db: Db, house: House) -> list[Block]:
    """Programmes whose contact or creator is no longer there."""
    blocks: list[Block] = []
    for each in programmes.open_now(db, house.workspace_id):
        contact, creator = people.find(db, house.workspace_id, each.contact), people.get(db, each.created_by)
        is_contact_gone = contact is not None and contact.gone_at is not None
        gone = creator.slack_id if creator.gone_at is not None else None
        blocks += bot.membership.blocks.unattended(each, contact=is_contact_gone, creator=gone)
    return blocks


def _others(
    db: Db, house: House, me: Person, seats: Sequence[Seat], now: datetime
) -> list[tuple[Programme, str | None]]:
    """The programmes they aren't in, each with why they can't join it now, if they can't."""
    theirs = {seat.programme.id for seat in seats}
    others = [each for each in programmes.open_now(db, house.workspace_id) if each.id not in theirs]
    return [(each, bot.signup.rules.may_join(each, members.find(db, each.id, me.id), me, now)) for each in others]


def _for_coordinators(db: Db, house: House, me: Person, now: datetime) -> list[Block]:
    overviews = bot.programme.overview.all_of(db, house.workspace_id, now)
    gone = _unattended(db, house)[:MOST_GONE]
    return [
        kit.divider(),
        *gone,
        *bot.pairing.blocks.home(_broken(db, house, now), me, house.prompts),
        *bot.pairing.news_blocks.repairs_home(repairs.proposed(db, house.workspace_id), me, house.words(db)),
        *bot.programme.overview_blocks.home(overviews, house.words(db), me, now),
    ]


def _broken(db: Db, house: House, now: datetime) -> list[Broken]:
    """What every coordinator may decide about, whoever runs the programme."""
    found = [
        each
        for programme in (*programmes.open_now(db, house.workspace_id), *programmes.ended(db, house.workspace_id))
        for each in snapshots.running(db, programme).broken
    ]
    return [each for each in found if pairs.is_live(each.pair, now)]
