"""All that the rules need to know to say what is due to one person, read in one transaction as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Row, bindparam, exists, or_, select
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
    Note,
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
from store.pairs import Paired
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
        """There, and not on hold: only then is anything asked of the two."""
        return self.is_there and not self.is_on_hold

    @property
    def is_there(self) -> bool:
        """Introduced, and nobody has ended it.

        Who leaves when their months are over ends no pair, and is asked nothing more all the same.
        """
        has_left = self.mine.state in IS_OUT or self.theirs.state in IS_OUT
        return self.pair.introduced_at is not None and self.pair.ended_at is None and not has_left

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
_PLACES, _PAIRS = (bindparam(name, expanding=True, type_=Integer) for name in ("places", "pairs"))
_ANY = select(
    exists().where(Reflection.person_id == _THEIRS).label("reflections"),
    exists().where(Draft.person_id == _THEIRS).label("drafts"),
    exists().where(Writing.person_id == _THEIRS).label("writings"),
    exists().where(Programme.created_by == _THEIRS).label("runs"),
    exists().where(Announcement.author_id == _THEIRS).label("announcements"),
    exists().where(DirectoryUpload.person_id == _THEIRS).label("uploads"),
    exists().where(Round.published_by == _THEIRS).label("publications"),
    exists().where(Round.tell == _THEIRS).label("asked"),
    exists().where(TopicProposal.member_id.in_(_PLACES)).label("proposals"),
    exists().where(Agreement.pair_id.in_(_PAIRS)).label("agreements"),
    exists().where(Preference.pair_id.in_(_PAIRS)).label("preferences"),
    exists().where(Saying.pair_id.in_(_PAIRS)).label("sayings"),
    or_(
        exists().where(Note.pair_id.in_(_PAIRS), Note.shared_at.is_not(None)),
        exists().where(Reflection.pair_id.in_(_PAIRS), Reflection.shared_at.is_not(None)),
    ).label("shared"),
)


def of(db: Db, person_id: int) -> Snapshot:
    person = people.get(db, person_id)
    places = tuple(Place(member, programme) for member, programme in members.of_person(db, person_id))
    in_places = [place.member.id for place in places]
    found = pairs.with_people(db, person_id, in_places) if places else []
    in_pairs = [each.pair.id for each in found]
    has = db.execute(_ANY, {"person_id": person_id, "places": in_places, "pairs": in_pairs}).one()
    asked = tuple(rounds.to_tell(db, person_id)) if has.asked else ()
    return Snapshot(
        person=person,
        places=places,
        partnerships=_partnerships(db, person, found, has),
        nudges=tuple(nudges.of_person(db, person_id)),
        reflections=tuple(reflections.of_person(db, person_id)) if has.reflections else (),
        troubled=tuple(announcements.troubled(db, person_id)) if has.announcements else (),
        drafts=tuple(drafts.of_person(db, person_id)) if has.drafts else (),
        proposals=tuple(topics.of_member(db, in_places)) if has.proposals else (),
        runs=tuple(running(db, each) for each in programmes.run_by(db, person_id)) if has.runs else (),
        uploads=tuple(uploads.of_person(db, person_id)) if has.uploads else (),
        publications=tuple(publications.recent(db, person_id)) if has.publications else (),
        asked=asked,
        repairs=tuple(repairs.of(db, each) for each in asked if each.kind is RoundKind.REPAIR),
        writings=tuple(writings.of_person(db, person_id)) if has.writings else (),
        shared=tuple(kept.shared_with(db, person_id, in_pairs)) if has.shared else (),
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
    return _partnerships(db, person, pairs.with_people(db, person.id, members.ids_of_person(db, person.id)))


def partnership(db: Db, person: Person, pair_id: int | None) -> Partnership | None:
    """That pair of theirs, whatever became of it; None if they never were in it."""
    return next((each for each in partnerships(db, person) if each.pair.id == pair_id), None)


def _partnerships(
    db: Db, person: Person, found: Sequence[Paired], has: Row[*tuple[Any, ...]] | None = None
) -> tuple[Partnership, ...]:
    """`has` tells what there is any of, where that is known."""
    if not found:
        return ()
    ids = [each.pair.id for each in found]
    held = sessions.of_pairs(db, ids)
    agreed = agreements.of_pairs(db, ids) if has is None or has.agreements else {}
    preferred = endings.of_pairs(db, ids) if has is None or has.preferences else {}
    said = sayings.of_pairs(db, ids) if has is None or has.sayings else {}
    return tuple(
        Partnership(
            pair=each.pair,
            programme=each.programme,
            me=person,
            mine=each.mentor if each.mentor.person_id == person.id else each.mentee,
            partner=each.partner,
            theirs=each.mentee if each.mentor.person_id == person.id else each.mentor,
            sessions=tuple(held[each.pair.id]),
            agreements=tuple(agreed.get(each.pair.id, ())),
            preferences=tuple(preferred.get(each.pair.id, ())),
            sayings=tuple(said.get(each.pair.id, ())),
        )
        for each in found
    )


def live(partnerships: tuple[Partnership, ...], now: datetime) -> list[Partnership]:
    return [each for each in partnerships if pairs.is_live(each.pair, now)]
