"""What a delivery says now, and to whom: built anew for each attempt, so that it never says what is no longer so."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy.orm import Session as Db

from bot import working_time
from bot.announcements.blocks import posted
from bot.due import Due, Message, Telling, Wrote
from bot.ending.saying_blocks import posted as said_to_all
from bot.house import House
from bot.nudges import attention_blocks, features, later_rules, rules
from bot.programme.blocks import opening
from bot.prompts import Prompts
from bot.reflection import listeners as reflection
from bot.signup.conversation import listeners as conversation
from bot.slack import kit
from bot.writing import taking as writing
from store import (
    agreements,
    announcements,
    keys,
    members,
    notes,
    nudges,
    pairs,
    people,
    programmes,
    sayings,
    sessions,
    snapshots,
)
from store.agenda import Entry
from store.models import Delivery, Holder, Nudge, Programme
from store.snapshots import Snapshot

AGREEMENTS = ("first_talk", "agreement_proposed", "aims")
SAYINGS = ("thanks", "difference", "ask_to_post")


@dataclass(frozen=True)
class Parcel:
    """A message and where it goes: a person, a channel, or a group DM that may still have to be opened."""

    message: Message
    to: tuple[str, ...]
    is_group: bool = False
    carries: Collection[int] = ()
    """The nudges in it."""
    leaves_some: bool = False
    """What else was claimed for it is no longer due."""
    is_awaited: bool = False
    """It answers what somebody has just done."""

    @property
    def target(self) -> str | None:
        """Where it goes; None where a conversation has to be opened first."""
        return None if self.is_group else self.to[0]


@dataclass(frozen=True)
class Task:
    """A claimed delivery that is to be sent."""

    delivery: Delivery
    snapshot: Snapshot | None = None
    """What was seen when it was claimed just now; None: it is looked at anew what is still worth saying."""
    dues: Sequence[Due] = ()
    """What was claimed for it just now, and the nudges made of it."""
    nudges: Sequence[Nudge] = ()
    follows: tuple[Entry, datetime | None] | None = None
    """The person's entry in the agenda as the claim left it, and when to look at them next once it has arrived."""
    looked_for_at: datetime | None = None
    """When the agenda wanted them to be looked at: nothing of it could have gone before."""

    @property
    def since(self) -> datetime:
        """The moment it could first have gone; of one that is taken up once more, when it was claimed."""
        return self.looked_for_at or self.delivery.claimed_at


def pack(house: House, tasks: Sequence[Task]) -> list[tuple[Task, Parcel | Exception | None]]:
    """What each says and to whom: None if nothing of it is worth saying any more, or why it couldn't be put together.

    A message that can't be built must not hold up the others.
    """
    found: list[tuple[Task, Parcel | Exception | None]] = []
    with house.store.read() as db:
        words = house.words(db)
        for task in tasks:
            try:
                found.append((task, _packed(db, house, words, task)))
            except Exception as error:
                found.append((task, error))
    return found


def _packed(db: Db, house: House, words: Prompts, task: Task) -> Parcel | None:
    if task.delivery.announcement_id is not None:
        return _announcement(db, house, task.delivery.announcement_id)
    snapshot, claimed, due = task.snapshot, task.nudges, task.dues
    if snapshot is None:
        snapshot = snapshots.of(db, int(task.delivery.person_id or 0))
        claimed = nudges.of_delivery(db, task.delivery.id)
        now = house.clock()
        due = rules.still_due(features.due(snapshot, now), {nudge.key for nudge in claimed}, now)
    by_key = {each.key: each for each in due}
    carried = [nudge for nudge in claimed if nudge.key in by_key]
    if not carried:
        return None
    told = {nudge.id: _told(db, house, words, snapshot, nudge) for nudge in carried}
    to, is_group = _addressed(snapshot, by_key[carried[0].key])
    message = _merged(list(told.values()))
    if not any(nudge.is_notice for nudge in carried):
        mine = working_time.of(snapshot.person)
        offered = later_rules.offered([by_key[nudge.key] for nudge in carried], mine, house.clock())
        message = attention_blocks.with_menu(message, task.delivery.id, offered)
    is_awaited = all(by_key[nudge.key].at_once for nudge in carried)
    return Parcel(message, to, is_group, told.keys(), leaves_some=len(told) < len(claimed), is_awaited=is_awaited)


def _told(db: Db, house: House, words: Prompts, snapshot: Snapshot, nudge: Nudge) -> Message:
    telling = Telling(
        nudge,
        snapshot,
        words,
        house.settings.command,
        actions=_actions(db, nudge) if nudge.kind == "preparation" else (),
        hopes=_hopes(db, snapshot, nudge) if nudge.kind == "halfway" else None,
        place_in_list=_place_in_list(db, snapshot, nudge) if nudge.kind == "queued" else 0,
        taken=_taken(db, snapshot, nudge) if nudge.kind == "plan" else (),
        signup=conversation.opened(db, house, nudge, house.clock()) if nudge.kind == "signup_question" else None,
        agreement=_agreement(db, nudge) if nudge.kind in AGREEMENTS else None,
        said=_said(db, nudge) if nudge.kind in SAYINGS else None,
        wrote=_wrote(db, house, snapshot, nudge) if nudge.kind in writing.REPLIES else None,
    )
    return features.MESSAGES[nudge.kind](telling)


def _wrote(db: Db, house: House, snapshot: Snapshot, nudge: Nudge) -> Wrote:
    return writing.opened(db, nudge, reflection.meant(db, snapshot.person, None, house.clock()))


def _actions(db: Db, nudge: Nudge) -> Sequence[notes.Written]:
    return notes.actions(db, [nudge.pair_id or 0], owner_id=nudge.person_id, is_open=True)


def _hopes(db: Db, snapshot: Snapshot, nudge: Nudge) -> str | None:
    """What they hoped for when they joined: theirs alone, and shown to them alone."""
    mine = next(each.mine for each in snapshot.partnerships if each.pair.id == nudge.pair_id)
    return keys.unseal(db, Holder.PERSON, snapshot.person.id, mine.hopes) if mine.hopes else None


def _taken(db: Db, snapshot: Snapshot, nudge: Nudge) -> Sequence[datetime]:
    each = next(each for each in snapshot.partnerships if each.pair.id == nudge.pair_id)
    return sessions.taken(db, [each.me.id, each.partner.id])


def _agreement(db: Db, nudge: Nudge) -> Mapping[str, str] | None:
    versions = agreements.of_pairs(db, [nudge.pair_id or 0])[nudge.pair_id or 0]
    about = next((each for each in versions if each.id == nudge.about), agreements.standing(versions))
    return agreements.terms(db, about) if about else None


def _said(db: Db, nudge: Nudge) -> str:
    return sayings.text(db, sayings.get(db, nudge.about or 0))


def _place_in_list(db: Db, snapshot: Snapshot, nudge: Nudge) -> int:
    mine = next(place.member for place in snapshot.places if place.member.id == nudge.about)
    return members.place_in_queue(db, mine)


def _merged(told: Sequence[Message]) -> Message:
    """Several nudges in one message, with a line between."""
    blocks = list(chain.from_iterable([kit.divider(), *message.blocks] for message in told))
    return Message("\n\n".join(message.text for message in told), blocks[1:])


def _saying(db: Db, saying_id: int, programme: Programme) -> Message:
    """What one of a pair wrote for all, and the other agreed to."""
    saying = sayings.get(db, saying_id)
    mentor, mentee = pairs.people(db, pairs.get(db, saying.pair_id))
    author, partner = (mentor, mentee) if mentor.id == saying.author_id else (mentee, mentor)
    return said_to_all(saying.kind, sayings.text(db, saying), author.slack_id, partner.slack_id, programme)


def _addressed(snapshot: Snapshot, due: Due) -> tuple[tuple[str, ...], bool]:
    if due.group is None:
        return (snapshot.person.slack_id,), False
    if due.group.channel is not None:
        return (due.group.channel,), False
    each = next(one for one in snapshot.partnerships if one.pair.id == due.group.id)
    return tuple(sorted([each.me.slack_id, each.partner.slack_id])), True


def _announcement(db: Db, house: House, announcement_id: int) -> Parcel | None:
    announcement = announcements.find(db, announcement_id)
    if announcement is None:
        return None
    programme = programmes.get(db, announcement.programme_id)
    if (saying_id := announcements.saying(announcement)) is not None:
        return Parcel(_saying(db, saying_id, programme), (announcement.channel,))
    if announcement.is_opening:
        return Parcel(opening(programme, house.prompts), (announcement.channel,))
    author = people.get(db, announcement.author_id)
    return Parcel(posted(announcement.text, author.slack_id), (announcement.channel,))
