"""All that the rules need to know to say what is due to one person, read in one transaction as plain values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    bindparam,
    literal,
    select,
    union_all,
)
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

Row = TypeVar("Row", Nudge, Reflection, Writing)
# Of these kinds a rule asks what went out before. What else went to somebody is only looked for by its key.
LOOKED_BACK_ON = ("partner_paused", "requests", "halfway", "ending")


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

    # As they were read: rules ask again and again.

    @cached_property
    def is_under_way(self) -> bool:
        """There, and not on hold: only then is anything asked of the two."""
        return self.is_there and not self.is_on_hold

    @cached_property
    def is_there(self) -> bool:
        """Introduced, and nobody has ended it.

        Who leaves when their months are over ends no pair, and is asked nothing more all the same.
        """
        has_left = self.mine.state in IS_OUT or self.theirs.state in IS_OUT
        return self.pair.introduced_at is not None and self.pair.ended_at is None and not has_left

    @cached_property
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
    partnerships: tuple[Partnership, ...] = ()
    nudges: tuple[Nudge, ...] = ()
    """Those of kinds that rules look back on, and what was put off; all, of whoever wants fewer of some."""
    reflections: tuple[Reflection, ...] = ()
    troubled: tuple[tuple[Announcement, Delivery], ...] = ()
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


def _whose(
    name: str, whose: SQLColumnExpression[Any], among: BindParameter[int], *conditions: ColumnElement[bool]
) -> Select[Any]:
    return select(literal(name), whose).where(whose.in_(among), *conditions).distinct()


# What most people have nothing of: one question tells who has any, and it is read for them alone.
_PEOPLE, _PLACES, _PAIRS = (bindparam(name, expanding=True, type_=Integer) for name in ("people", "places", "pairs"))
_HAVE = union_all(
    _whose("reflections", Reflection.person_id, _PEOPLE),
    _whose("drafts", Draft.person_id, _PEOPLE),
    _whose("writings", Writing.person_id, _PEOPLE),
    _whose("runs", Programme.created_by, _PEOPLE),
    _whose("announcements", Announcement.author_id, _PEOPLE),
    _whose("uploads", DirectoryUpload.person_id, _PEOPLE),
    _whose("publications", Round.published_by, _PEOPLE),
    _whose("asked", Round.tell, _PEOPLE),
    _whose("proposals", TopicProposal.member_id, _PLACES),
    _whose("agreements", Agreement.pair_id, _PAIRS),
    _whose("preferences", Preference.pair_id, _PAIRS),
    _whose("sayings", Saying.pair_id, _PAIRS),
    _whose("shared", Note.pair_id, _PAIRS, Note.shared_at.is_not(None)),
    _whose("shared", Reflection.pair_id, _PAIRS, Reflection.shared_at.is_not(None)),
)


def of(db: Db, person_id: int) -> Snapshot:
    return of_people(db, [person_id])[person_id]


def of_people(db: Db, ids: Sequence[int]) -> dict[int, Snapshot]:
    """As `of`, for many people in hardly more questions than for one."""
    everyone = people.by_id(db, ids)
    places: dict[int, list[Place]] = {person_id: [] for person_id in ids}
    for member, programme in members.of_people(db, ids):
        places[member.person_id].append(Place(member, programme))
    whose = {place.member.id: person_id for person_id, theirs in places.items() for place in theirs}
    found = pairs.of_places(db, list(whose)) if whose else []
    have: dict[str, set[int]] = defaultdict(set)
    known = {"people": list(ids), "places": list(whose), "pairs": [each.pair.id for each in found]}
    for name, who in db.execute(_HAVE, known):
        have[name].add(who)
    partnerships = _partnerships(db, found, have)
    thinned = [person_id for person_id, person in everyone.items() if person.fewer]
    told = _grouped(nudges.of_people(db, ids, LOOKED_BACK_ON, thinned))
    answered = _grouped(reflections.of_people(db, have["reflections"])) if have["reflections"] else {}
    written = _grouped(writings.of_people(db, have["writings"])) if have["writings"] else {}
    return {
        person_id: replace(
            _rare(db, everyone[person_id], places[person_id], have),
            partnerships=tuple(partnerships.get(person_id, ())),
            nudges=tuple(told.get(person_id, ())),
            reflections=tuple(answered.get(person_id, ())),
            writings=tuple(written.get(person_id, ())),
            shared=_shared(db, person_id, partnerships.get(person_id, ()), have["shared"]),
        )
        for person_id in ids
    }


def _rare(db: Db, person: Person, places: Sequence[Place], have: Mapping[str, Set[int]]) -> Snapshot:
    """What few have, read for each of them alone."""
    me = person.id
    in_places = [place.member.id for place in places]
    asked = tuple(rounds.to_tell(db, me)) if me in have["asked"] else ()
    return Snapshot(
        person=person,
        places=tuple(places),
        troubled=tuple(announcements.troubled(db, me)) if me in have["announcements"] else (),
        drafts=tuple(drafts.of_person(db, me)) if me in have["drafts"] else (),
        proposals=tuple(topics.of_member(db, in_places)) if have["proposals"] & set(in_places) else (),
        runs=tuple(running(db, each) for each in programmes.run_by(db, me)) if me in have["runs"] else (),
        uploads=tuple(uploads.of_person(db, me)) if me in have["uploads"] else (),
        publications=tuple(publications.recent(db, me)) if me in have["publications"] else (),
        asked=asked,
        repairs=tuple(repairs.of(db, each) for each in asked if each.kind is RoundKind.REPAIR),
    )


def _shared(db: Db, me: int, mine: Sequence[Partnership], shared: Set[int]) -> tuple[Shared, ...]:
    in_pairs = [each.pair.id for each in mine if each.pair.id in shared]
    return tuple(kept.shared_with(db, me, in_pairs)) if in_pairs else ()


def _grouped(rows: Iterable[Row]) -> dict[int, list[Row]]:
    """By whose they are, in the order in which they come."""
    found: dict[int, list[Row]] = defaultdict(list)
    for each in rows:
        found[each.person_id].append(each)
    return found


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
    found = pairs.of_places(db, members.ids_of_person(db, person.id))
    return tuple(_partnerships(db, found).get(person.id, ()))


def partnership(db: Db, person: Person, pair_id: int | None) -> Partnership | None:
    """That pair of theirs, whatever became of it; None if they never were in it."""
    return next((each for each in partnerships(db, person) if each.pair.id == pair_id), None)


def _partnerships(
    db: Db, found: Sequence[Paired], have: Mapping[str, Set[int]] | None = None
) -> dict[int, list[Partnership]]:
    """By each of the two, oldest first. `have` tells which pairs have any of what few have, where that is known."""
    if not found:
        return {}
    ids = [each.pair.id for each in found]
    held = sessions.of_pairs(db, ids)
    agreed = agreements.of_pairs(db, ids) if have is None or have["agreements"] else {}
    preferred = endings.of_pairs(db, ids) if have is None or have["preferences"] else {}
    said = sayings.of_pairs(db, ids) if have is None or have["sayings"] else {}
    by_person: dict[int, list[Partnership]] = defaultdict(list)
    for each in found:
        both = (each.mentor, each.mentor_person), (each.mentee, each.mentee_person)
        for (mine, me), (theirs, partner) in (both, both[::-1]):
            by_person[me.id].append(
                Partnership(
                    pair=each.pair,
                    programme=each.programme,
                    me=me,
                    mine=mine,
                    partner=partner,
                    theirs=theirs,
                    sessions=tuple(held[each.pair.id]),
                    agreements=tuple(agreed.get(each.pair.id, ())),
                    preferences=tuple(preferred.get(each.pair.id, ())),
                    sayings=tuple(said.get(each.pair.id, ())),
                )
            )
    return by_person


def live(partnerships: tuple[Partnership, ...], now: datetime) -> list[Partnership]:
    return [each for each in partnerships if pairs.is_live(each.pair, now)]
