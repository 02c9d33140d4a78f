"""Who waits for a partner just now, and what stands between whom: a round's problem, as people stand."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session as Db

from bot.pairing.candidates import Candidate, Ground
from bot.pairing.problem import Problem
from bot.pairing.weights import weights
from bot.reporting_lines import ReportingLines
from store import directory, keys, members, pairs, people, rounds
from store.models import Choice, Holder, Member, Person, Programme, Round, Side, Wish


def problem(
    db: Db,
    programme: Programme,
    now: datetime,
    seed: int,
    wishes: Mapping[tuple[int, int], Choice] | None = None,
    seated: Collection[tuple[int, int]] = (),
) -> Problem:
    """Everyone who waits, with what coordinators wish: it may take seconds in a large company.

    The seats of whoever is `seated`, in pairs by the ids of mentor and mentee, count as theirs to give.
    """
    everyone = _with_seated(db, waiting(db, programme, now), seated)
    wishes = wishes or {}
    return Problem(
        seed=seed,
        day=now.date(),
        mentors=tuple(each for each in everyone if each.side is Side.MENTOR),
        mentees=tuple(each for each in everyone if each.side is Side.MENTEE),
        lines=people.reporting_lines(db, programme.workspace_id),
        met=frozenset(pairs.met(db, programme.workspace_id)),
        weights=weights(programme.weights),
        pinned=frozenset(pair for pair, each in wishes.items() if each.wish is Wish.PIN),
        forbidden=frozenset(pair for pair, each in wishes.items() if each.wish is Wish.FORBID),
    )


def of_round(
    db: Db, programme: Programme, made: Round, now: datetime, seated: Collection[tuple[int, int]] = ()
) -> Problem:
    """The problem that this round solves, as people stand now, around what coordinators wish of it."""
    return problem(db, programme, now, made.seed, rounds.choices(db, made.id), seated)


def waiting(db: Db, programme: Programme, now: datetime, among: Collection[int] | None = None) -> list[Candidate]:
    """Everyone who waits for a partner (of these members), in id order."""
    return [_candidate(db, *each) for each in members.with_room(db, programme.id, now, among)]


def _with_seated(db: Db, waiting: list[Candidate], pairs: Collection[tuple[int, int]]) -> list[Candidate]:
    seats = Counter(member_id for pair in pairs for member_id in pair)
    known = {each.member_id: each for each in waiting}
    for member_id in seats.keys() - known.keys():
        place = members.get(db, member_id)
        known[member_id] = _candidate(db, place, people.get(db, place.person_id), 0)
    return [replace(each, capacity=each.capacity + seats[each.member_id]) for each in known.values()]


def ground(db: Db, programme: Programme, now: datetime) -> Ground:
    return Ground(
        lines=ReportingLines(people.reporting_lines(db, programme.workspace_id)),
        met=frozenset(pairs.met(db, programme.workspace_id)),
        day=now.date(),
        weights=weights(programme.weights),
    )


def _candidate(db: Db, place: Member, person: Person, room: int) -> Candidate:
    return Candidate(
        member_id=place.id,
        slack_id=person.slack_id,
        side=place.side,
        capacity=room,
        level=person.level,
        teams=directory.teams(person),
        department=person.department,
        site=person.site,
        zone=person.zone,
        languages=frozenset(place.languages),
        topics=tuple(place.topics),
        ways=frozenset(place.ways),
        avoid=_secrets(db, person, place.avoid),
        networks=_secrets(db, person, place.networks),
        rounds_waited=place.rounds_waited,
        hours=frozenset(place.hours),
        is_first_in_line=place.is_first_in_line,
        function=person.function,
        started_on=date.fromisoformat(person.started_on) if person.started_on else None,
    )


def _secrets(db: Db, person: Person, sealed: bytes | None) -> frozenset[str]:
    return frozenset(keys.unseal(db, Holder.PERSON, person.id, sealed).split()) if sealed else frozenset()
