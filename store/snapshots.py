"""All that the rules need to know to say what is due to one person, read in one transaction as plain values."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, bindparam, exists, select
from sqlalchemy.orm import Session as Db

from store import (
    agreements,
    announcements,
    drafts,
    endings,
    kept,
    members,
    nudges,
    pairs,
    people,
    programmes,
    publications,
    reflections,
    repairs,
    rounds,
    sayings,
    sessions,
    topics,
    uploads,
    writings,
)
from store.kept import Shared
from store.models import (
    IS_OUT,
    Agreement,
    Announcement,
    BrokenRule,
    Delivery,
    DirectoryUpload,
    Draft,
    Member,
    MemberState,
    Nudge,
    Pair,
    Person,
    Preference,
    Programme,
    Reflection,
    Round,
    RoundKind,
    Saying,
    Session,
    Side,
    TopicProposal,
    Writing,
)
from store.publications import Publication
from store.repairs import Repair


@dataclass(frozen=True)
class Place:
    """A place of the person's in a programme."""

    member: Member
    programme: Programme


@dataclass(frozen=True)
class Partnership:
    """A pair as one of its two sees it."""

    pair: Pair
    programme: Programme
    me: Person
    mine: Member
    partner: Person
    theirs: Member
    sessions: tuple[Session, ...]
    agreements: tuple[Agreement, ...] = ()
    """All versions, oldest first, sealed."""
    preferences: tuple[Preference, ...] = ()
    """How each would like to go on, sealed."""
    sayings: tuple[Saying, ...] = ()

    @property
    def i_am_mentee(self) -> bool:
        return self.mine.side is Side.MENTEE

    @property
    def is_under_way(self) -> bool:
        """Introduced, not over, and not on hold: only then is anything asked of the two.

        Who leaves when their months are over ends no pair, and is asked nothing more all the same.
        """
        has_left = self.mine.state in IS_OUT or self.theirs.state in IS_OUT
        is_there = self.pair.introduced_at is not None and self.pair.ended_at is None and not has_left
        return is_there and not self.is_on_hold

    @property
    def is_on_hold(self) -> bool:
        """One of the two has paused, or is gone: nothing is asked of the pair meanwhile."""
        is_gone = self.me.gone_at is not None or self.partner.gone_at is not None
        return is_gone or MemberState.PAUSED in (self.mine.state, self.theirs.state)


@dataclass(frozen=True)
class Broken:
    """A live pair that a change in the directory made break a rule, and that nobody has decided about."""

    broken: BrokenRule
    pair: Pair
    mentor: Person
    mentee: Person


@dataclass(frozen=True)
class Running:
    """What waits for a coordinator in a programme they run."""

    programme: Programme
    applied: tuple[tuple[Member, Person], ...]
    proposals: tuple[tuple[TopicProposal, Person], ...]
    broken: tuple[Broken, ...]


@dataclass(frozen=True)
class Snapshot:
    person: Person
    places: tuple[Place, ...]
    partnerships: tuple[Partnership, ...]
    nudges: tuple[Nudge, ...]
    reflections: tuple[Reflection, ...]
    troubled: tuple[tuple[Announcement, Delivery], ...]
    """Announcements of theirs that were refused, or of which nobody knows whether they were posted."""
    drafts: tuple[Draft, ...] = ()
    proposals: tuple[TopicProposal, ...] = ()
    """Topics they proposed, decided or not."""
    runs: tuple[Running, ...] = ()
    uploads: tuple[DirectoryUpload, ...] = ()
    publications: tuple[Publication, ...] = ()
    """Rounds that they published, the last few."""
    repairs: tuple[Repair, ...] = ()
    """Those among what they are to be told of."""
    asked: tuple[Round, ...] = ()
    """Rounds they asked for and haven't seen, proposed or failed."""
    writings: tuple[Writing, ...] = ()
    """The first messages of what they wrote to the bot."""
    shared: tuple[Shared, ...] = ()
    """What their partners shared with them."""


# What most people have nothing of. One question tells whether there is any, instead of one for each.
_THEIRS = bindparam("person_id", type_=Integer)
_ANY = select(
    exists().where(Reflection.person_id == _THEIRS).label("reflections"),
    exists().where(Draft.person_id == _THEIRS).label("drafts"),
    exists().where(Writing.person_id == _THEIRS).label("writings"),
    exists().where(Programme.created_by == _THEIRS).label("runs"),
    exists().where(Announcement.author_id == _THEIRS).label("announcements"),
    exists().where(DirectoryUpload.person_id == _THEIRS).label("uploads"),
    exists().where(Round.published_by == _THEIRS).label("publications"),
    exists().where(Round.tell == _THEIRS).label("asked"),
)


def of(db: Db, person_id: int) -> Snapshot:
    person = people.get(db, person_id)
    places = tuple(Place(member, programme) for member, programme in members.of_person(db, person_id))
    has = db.execute(_ANY, {"person_id": person_id}).one()
    asked = tuple(rounds.to_tell(db, person_id)) if has.asked else ()
    paired = partnerships(db, person)
    in_pairs = [each.pair.id for each in paired]
    return Snapshot(
        person=person,
        places=places,
        partnerships=paired,
        nudges=tuple(nudges.of_person(db, person_id)),
        reflections=tuple(reflections.of_person(db, person_id)) if has.reflections else (),
        troubled=tuple(announcements.troubled(db, person_id)) if has.announcements else (),
        drafts=tuple(drafts.of_person(db, person_id)) if has.drafts else (),
        proposals=tuple(topics.of_member(db, [place.member.id for place in places]) if places else ()),
        runs=tuple(running(db, each) for each in programmes.run_by(db, person_id)) if has.runs else (),
        uploads=tuple(uploads.of_person(db, person_id)) if has.uploads else (),
        publications=tuple(publications.recent(db, person_id)) if has.publications else (),
        asked=asked,
        repairs=tuple(repairs.of(db, each) for each in asked if each.kind is RoundKind.REPAIR),
        writings=tuple(writings.of_person(db, person_id)) if has.writings else (),
        shared=tuple(kept.shared_with(db, person_id, in_pairs)) if paired else (),
    )


def running(db: Db, programme: Programme) -> Running:
    """What waits for a coordinator there."""
    applied = members.applied(db, programme.id)
    open_topics = topics.open_in(db, programme.id)
    proposers = {each.member_id: members.get(db, each.member_id).person_id for each in open_topics}
    known = people.by_id(db, [*(member.person_id for member in applied), *proposers.values()])
    return Running(
        programme=programme,
        applied=tuple((member, known[member.person_id]) for member in applied),
        proposals=tuple((each, known[proposers[each.member_id]]) for each in open_topics),
        broken=tuple(Broken(broken, pair, *pairs.people(db, pair)) for broken, pair in pairs.broken(db, programme.id)),
    )


def partnerships(db: Db, person: Person) -> tuple[Partnership, ...]:
    found = pairs.of_person(db, person.id)
    if not found:
        return ()
    ids = [pair.id for pair in found]
    held, agreed = sessions.of_pairs(db, ids), agreements.of_pairs(db, ids)
    preferred, said = endings.of_pairs(db, ids), sayings.of_pairs(db, ids)
    return tuple(
        _partnership(db, person, pair, held[pair.id], agreed[pair.id], preferred[pair.id], said[pair.id])
        for pair in found
    )


def _partnership(
    db: Db,
    person: Person,
    pair: Pair,
    held: list[Session],
    agreed: list[Agreement],
    preferred: list[Preference],
    said: list[Saying],
) -> Partnership:
    mentor, mentee = members.get(db, pair.mentor_id), members.get(db, pair.mentee_id)
    mine, theirs = (mentor, mentee) if mentor.person_id == person.id else (mentee, mentor)
    return Partnership(
        pair=pair,
        programme=db.get_one(Programme, pair.programme_id),
        me=person,
        mine=mine,
        partner=people.get(db, theirs.person_id),
        theirs=theirs,
        sessions=tuple(held),
        agreements=tuple(agreed),
        preferences=tuple(preferred),
        sayings=tuple(said),
    )


def live(partnerships: tuple[Partnership, ...], now: datetime) -> list[Partnership]:
    return [each for each in partnerships if pairs.is_live(each.pair, now)]
