"""Larger companies than anybody would sign up by hand: people in Slack, and their places and rounds in the store."""

from datetime import datetime, timedelta

from flows.kept import stored
from flows.telling import AI, join, set_up
from sqlalchemy.orm import Session as Db

from bot.pairing import publishing
from sandbox import Sandbox
from sandbox import people as staff
from store import agenda, members, people, programmes, rounds
from store.models import Member, Nudge, Person, Programme, Proposal, Round, Side, Standing

FACTS = {"band": "good", "topics": ["ai_tools"], "departments": [], "sites": [], "waited": 0}


def proposed(box: Sandbox, pairs: int, *, later: int = 0) -> int:
    """A round that proposes so many pairs, of people nobody else knows, in the programme that is open.

    The last of them, as many as `later` says, begin work an hour later than the others.
    """
    with box.space.lock:
        for side, number in _everyone(pairs):
            user = _user(side, number)
            box.space.people[user] = staff.Person(user, f"{side}{number}", f"{side.title()} {number}")
    with stored(box) as store, store.begin() as db:
        [programme] = programmes.open_now(db, box.team_id)
        made = _round(db, programme, pairs, box.now)
        members_of = {each: _member(db, box.team_id, programme.id, *each, box.now) for each in _everyone(pairs)}
        for _, number in _everyone(pairs)[2 * (pairs - later) :: 2]:
            for side in Side:
                people.get(db, members_of[side, number].person_id).zone = "Atlantic/Azores"
        for number in range(pairs):
            mentor, mentee = members_of[Side.MENTOR, number], members_of[Side.MENTEE, number]
            both = {"mentor_id": mentor.id, "mentee_id": mentee.id}
            db.add(Proposal(round_id=made.id, fit=pairs - number, reasons=FACTS, **both))
        return made.id


def pair_up(box: Sandbox, mentor: str = "ana", mentee: str = "oliver") -> None:
    """Opens the programme if there is none yet, and pairs these two; they are introduced when both are at work."""
    if not box.messages("#announcements"):
        set_up(box)
    join(box, mentor, "Mentor", [AI])
    join(box, mentee, "Mentee", [AI])
    with stored(box) as store, store.begin() as db:
        [programme] = programmes.open_now(db, box.team_id)
        both = [people.find(db, box.team_id, box.find(who)) for who in (mentor, mentee)]
        places = [members.find(db, programme.id, person.id) for person in both if person is not None]
        ids = [place.id for place in places if place is not None]
        made = _round(db, programme, 1, box.now)
        db.add(Proposal(round_id=made.id, mentor_id=ids[0], mentee_id=ids[1], fit=50, reasons=FACTS))
    publish(box, made.id)
    box.advance(timedelta(hours=8))
    assert box.group(mentor, mentee), "they are introduced"


def _round(db: Db, programme: Programme, pairs: int, now: datetime) -> Round:
    facts = {"created_by": programme.created_by, "created_at": now, "seed": 1, "placed": pairs, "total": pairs}
    made = Round(workspace_id=programme.workspace_id, programme_id=programme.id, **facts)
    db.add(made)
    db.flush()
    return made


def _everyone(pairs: int) -> list[tuple[Side, int]]:
    return [(side, number) for number in range(pairs) for side in Side]


def _user(side: Side, number: int) -> str:
    return f"U0{side.upper()[-2:]}{number:06}"


def _member(db: Db, workspace_id: str, programme_id: int, side: Side, number: int, now: datetime) -> Member:
    user = _user(side, number)
    person = Person(
        workspace_id=workspace_id,
        slack_id=user,
        name=f"{side.title()} {number}",
        zone="Europe/Lisbon",
        level=2 if side is Side.MENTOR else 6,
        team=user,
        manager="",
        standing=Standing.MEMBER,
    )
    db.add(person)
    db.flush()
    member = Member(
        workspace_id=workspace_id,
        programme_id=programme_id,
        person_id=person.id,
        side=side,
        topics=["ai_tools"],
        languages=["en"],
        ways=["online"],
        joined_at=now,
        changed_at=now,
        consented_at=now,
        consent="2026-11",
    )
    db.add(member)
    db.flush()
    heard = {"is_notice": True, "due_at": now, "claimed_at": now}
    db.add(Nudge(workspace_id=workspace_id, key=f"joined:{member.id}:1", kind="joined", person_id=person.id, **heard))
    return member


def publish(box: Sandbox, round_id: int, by: str = "ruth") -> None:
    """As the coordinator's word does it."""
    with stored(box) as store, store.begin() as db:
        made, person = rounds.lock(db, box.team_id, round_id), people.find(db, box.team_id, box.find(by))
        assert made is not None
        assert person is not None
        publishing.begin(db, made, person.id, box.now)
        agenda.touch(db, box.team_id, [person.id], box.now)
    box.settle()


def introductions(box: Sandbox) -> list[int]:
    """How many messages each group DM has."""
    with box.space.lock:
        return [len(each.messages) for each in box.space.conversations.values() if each.kind == "mpim"]
