"""The people of a workspace."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, bindparam, case, cast, func, or_, select, update
from sqlalchemy.orm import Session as Db

from store import agenda, directory
from store.models import IS_OUT, Line, Member, Pair, Person, Programme, Source, Standing

BATCH = 1000  # rows fetched at a time where there may be a hundred thousand


def find(db: Db, workspace_id: str, slack_id: str) -> Person | None:
    return db.scalar(select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id))


def get(db: Db, person_id: int) -> Person:
    return db.get_one(Person, person_id)


def to_change(db: Db, person_id: int) -> Person:
    """As they are now; whoever else wants to change them waits. Agenda rows are locked before people's, everywhere."""
    query = select(Person).where(Person.id == person_id).with_for_update().execution_options(populate_existing=True)
    return db.scalars(query).one()


def by_id(db: Db, ids: Iterable[int]) -> dict[int, Person]:
    return {person.id: person for person in db.scalars(_BY_ID, {"people": list(set(ids))})}


# Made once: making it takes longer than asking it.
_BY_ID = select(Person).where(Person.id.in_(bindparam("people", expanding=True)))


def named_by(db: Db, workspace_id: str, numbers: Collection[int]) -> Sequence[int]:
    """Who may be meant by these: the numbers of people, of their places, or of their pairs."""
    pair_of = or_(Pair.mentor_id == Member.id, Pair.mentee_id == Member.id)
    in_pairs = select(Member.person_id).join(Pair, pair_of).where(Pair.id.in_(numbers))
    in_places = select(Member.person_id).where(Member.id.in_(numbers))
    meant = or_(Person.id.in_(numbers), Person.id.in_(in_pairs), Person.id.in_(in_places))
    return db.scalars(select(Person.id).where(Person.workspace_id == workspace_id, meant).order_by(Person.id)).all()


def by_slack_id(db: Db, workspace_id: str, slack_ids: Iterable[str]) -> dict[str, Person]:
    people = db.scalars(select(Person).where(Person.workspace_id == workspace_id, Person.slack_id.in_(set(slack_ids))))
    return {person.slack_id: person for person in people}


def keep_dms(db: Db, channels: Mapping[int, str]) -> None:
    """In which conversation each of them talks with the bot, by the person's id."""
    rows = [{"person": person_id, "channel": channel} for person_id, channel in sorted(channels.items())]
    if rows:
        talks = update(Person).where(Person.id == bindparam("person")).values(dm_channel=bindparam("channel"))
        db.connection().execute(talks, rows)


def unreachable(db: Db, person: Person, now: datetime) -> None:
    """Slack has refused a message to them, though they are here. Agenda rows are locked before people's, everywhere."""
    if person.unreachable_since is None:
        agenda.touch(db, person.workspace_id, [], now)  # the coordinators' Homes say so
        person.unreachable_since = now
    person.unreachable_tried_at = now


def reachable(db: Db, person: Person, now: datetime) -> bool:
    """Something has come through, of ours or of theirs: they are written to again. Whether that is news."""
    if person.unreachable_since is None:
        return False
    agenda.touch(db, person.workspace_id, [person.id], now)
    person.unreachable_since = person.unreachable_tried_at = None
    return True


def all_of(db: Db, workspace_id: str) -> Sequence[Person]:
    return db.scalars(select(Person).where(Person.workspace_id == workspace_id).order_by(Person.id)).all()


def usual_zone(db: Db, workspace_id: str) -> str | None:
    """The zone in which most of them live; None where nothing is known of any."""
    return db.scalar(
        select(Person.zone)
        .where(Person.workspace_id == workspace_id, Person.gone_at.is_(None), Person.zone.is_not(None))
        .group_by(Person.zone)
        .order_by(func.count().desc(), Person.zone)
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class Identity:
    """By what a source may mean somebody."""

    slack_id: str
    email: str | None
    key: str | None
    """The source's own id of them."""
    is_gone: bool


def identities(db: Db, workspace_id: str, source: Source) -> Iterator[Identity]:
    rows = db.execute(
        select(
            Person.slack_id,
            Person.email,
            Person.known[source][directory.KEY].as_string(),
            Person.gone_at.is_not(None),
        )
        .where(Person.workspace_id == workspace_id)
        .order_by(Person.id)
        .execution_options(yield_per=BATCH)
    )
    return (Identity(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class Plain:
    """A person as a long reading compares them: thousands of these cost little."""

    id: int
    slack_id: str
    known: dict[str, Any]
    known_version: int
    is_gone: bool
    name: str
    zone: str | None
    email: str | None
    country: str | None
    title: str | None
    department: str | None
    function: str | None
    started_on: str | None
    team: str | None
    site: str | None
    level: int | None
    manager: str | None
    dotted_managers: list[str]
    languages: list[str]


def plain(db: Db, workspace_id: str, slack_ids: Iterable[str]) -> dict[str, Plain]:
    rows = db.execute(
        select(
            Person.id,
            Person.slack_id,
            Person.known,
            Person.known_version,
            Person.gone_at.is_not(None),
            *(getattr(Person, name) for name in directory.ORDER),
        ).where(Person.workspace_id == workspace_id, Person.slack_id.in_(set(slack_ids)))
    )
    return {row[1]: Plain(*row) for row in rows}


def had_by(db: Db, workspace_id: str, source: Source) -> Sequence[tuple[str, int]]:
    """Slack id and id of everyone whom the source has named and not lost."""
    word = Person.known[source]
    rows = db.execute(
        select(Person.slack_id, Person.id)
        .where(
            Person.workspace_id == workspace_id,
            Person.gone_at.is_(None),
            word[directory.SINCE].as_string().is_not(None),
            word[directory.GONE].as_string().is_(None),
        )
        .order_by(Person.id)
    )
    return [(slack_id, person_id) for slack_id, person_id in rows]


def names(db: Db, workspace_id: str, slack_ids: Iterable[str]) -> dict[str, str]:
    rows = db.execute(
        select(Person.slack_id, Person.name).where(
            Person.workspace_id == workspace_id, Person.slack_id.in_(set(slack_ids))
        )
    )
    return {slack_id: name for slack_id, name in rows}  # noqa: C416 -- typed, which dict() of rows isn't


def now_called(db: Db, workspace_id: str, person_id: int | None, slack_id: str, email: str | None) -> Person | None:
    """Somebody as they are now, though they may have got an account since: by id, Slack id or e-mail address."""
    ways = [Person.id == person_id, Person.slack_id == slack_id]
    ways += [Person.email == email] if email else []  # many have none, and are somebody else
    found = (db.scalar(select(Person).where(Person.workspace_id == workspace_id, way).limit(1)) for way in ways)
    return next((person for person in found if person is not None), None)


LineUp = tuple[str, ...] | Line | None
"""Whom somebody reports to, line first; None where it isn't known; a `Line` where they told it themselves too."""


def in_programmes(db: Db, workspace_id: str) -> Sequence[Person]:
    """Everyone who takes part in a programme that isn't ended, or waits to, by name."""
    theirs = (
        select(Member.person_id)
        .join(Programme, Programme.id == Member.programme_id)
        .where(Member.workspace_id == workspace_id, Member.state.not_in(IS_OUT), Programme.closed_at.is_(None))
    )
    here = (Person.workspace_id == workspace_id, Person.gone_at.is_(None), Person.id.in_(theirs))
    return db.scalars(select(Person).where(*here).order_by(Person.name, Person.id)).all()


def known_from(db: Db, workspace_id: str, source: Source) -> int:
    """Of how many people the source says anything."""
    says = Person.known[source.value].as_string().is_not(None)
    return db.scalar(select(func.count(Person.id)).where(Person.workspace_id == workspace_id, says)) or 0


def ids_up_from(db: Db, workspace_id: str, slack_id: str) -> set[str]:
    """Of somebody, their manager, the manager's manager and so on, as far as they are known; a circle ends it."""
    line = (
        select(Person.slack_id, Person.manager)
        .where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
        .cte("line_up", recursive=True)
    )
    above = select(Person.slack_id, Person.manager).join(line, Person.slack_id == line.c.manager)
    line = line.union(above.where(Person.workspace_id == workspace_id))  # not `union_all`: nobody is met twice
    return set(db.scalars(select(line.c.slack_id)))


def reporting_lines(db: Db, workspace_id: str) -> dict[str, LineUp]:
    """Slack id to the Slack ids of those they report to, line first; None where the line is not known.

    Somebody who is in the company's directory without an account, and in Slack by the same e-mail address, is one
    person here, even before that is stored.
    """
    told = Person.known[Source.PERSON]["manager"].as_string()
    rows = db.execute(
        select(
            Person.slack_id,
            Person.manager,
            cast(Person.dotted_managers, Text),
            case((told.is_not(None), Person.known)),
            Person.email,
        )
        .where(Person.workspace_id == workspace_id)
        .execution_options(yield_per=BATCH)
    )
    once: dict[str, str] = {}  # each id once in memory, however many people name it
    lines: dict[str, LineUp] = {}
    for slack_id, manager, dotted, known, email in rows:
        found = line(manager, json.loads(dotted) if dotted != "[]" else (), known or {})
        if directory.is_ours(slack_id) and email is None:
            found = Line(None, _named(found), None)  # nobody can tell whose account may be theirs
        if isinstance(found, tuple):
            found = tuple(once.setdefault(each, each) for each in found)
        lines[once.setdefault(slack_id, slack_id)] = found
    return _as_one(lines, _twins(db, workspace_id, lines))


def line(manager: str | None, dotted: Iterable[str], known: directory.Known) -> LineUp:
    """Of what is believed; what the person told is kept apart from what the company's sources say."""
    told = known.get(Source.PERSON, {}).get("manager")
    if told is not None:
        others = directory.merged({source: word for source, word in known.items() if source != Source.PERSON})
        return Line(others["manager"], tuple(others["dotted_managers"]), told)
    return None if manager is None else tuple(filter(None, (manager, *dotted)))


def _named(line: LineUp) -> tuple[str, ...]:
    if isinstance(line, Line):
        return tuple(filter(None, (line.manager, *line.dotted, line.told)))
    return line or ()


def _twins(db: Db, workspace_id: str, lines: Mapping[str, LineUp]) -> dict[str, str]:
    """Ids of ours to the Slack ids of the accounts with the same e-mail address."""
    ours = {each for line in lines.values() for each in _named(line) if directory.is_ours(each)}
    ours |= {each for each in lines if directory.is_ours(each)}
    if not ours:
        return {}
    rows = db.execute(
        select(Person.slack_id, Person.email)
        .where(Person.workspace_id == workspace_id, Person.email.is_not(None))
        .order_by(Person.gone_at.is_(None), Person.id)  # an account in use is believed before one that isn't
    )
    emails = [(slack_id, email) for slack_id, email in rows if email is not None]
    by_email = {email: slack_id for slack_id, email in emails if directory.is_ours(slack_id)}
    found: dict[str, str] = {}
    for slack_id, email in emails:
        if not directory.is_ours(slack_id):
            found |= dict.fromkeys({directory.id_of_ours(email), by_email.get(email, "")} & ours, slack_id)
    return found


def _as_one(lines: dict[str, LineUp], twins: Mapping[str, str]) -> dict[str, LineUp]:
    if not twins:
        return lines
    found = {slack_id: _renamed(line, twins) for slack_id, line in lines.items() if slack_id not in twins}
    for ours, slack_id in twins.items():
        found[slack_id] = _both(found.get(slack_id), _renamed(lines.get(ours), twins))
    return found


def _both(one: LineUp, other: LineUp) -> LineUp:
    """Of somebody who is known twice: whoever is above either of the two is above them."""
    if one is None or other is None:
        return other if one is None else one
    more = [each for each in _named(other) if each not in _named(one)]
    return Line(one.manager, (*one.dotted, *more), one.told) if isinstance(one, Line) else (*one, *more)


def _renamed(line: LineUp, names: Mapping[str, str]) -> LineUp:
    if isinstance(line, Line):
        manager = None if line.manager is None else names.get(line.manager, line.manager)
        told = None if line.told is None else names.get(line.told, line.told)
        return Line(manager, tuple(names.get(each, each) for each in line.dotted), told)
    return line if line is None else tuple(names.get(each, each) for each in line)


def given_accounts(db: Db, workspace_id: str, accounts: Mapping[str, str], now: datetime) -> None:
    """People whom we knew by ids of ours turn out to have accounts: id of ours to Slack id.

    What was known of them is theirs, and whoever names them as a manager does so by their Slack id from now on:
    otherwise somebody could be paired with their boss.
    """
    known = by_slack_id(db, workspace_id, [*accounts, *accounts.values()])
    felt: set[int] = set()
    for ours, slack_id in sorted(accounts.items()):
        twin, person = known.get(ours), known.get(slack_id)
        if twin is None:
            continue
        if person is None:
            twin.slack_id, twin.standing = slack_id, Standing.UNKNOWN
            known[slack_id] = twin
        else:
            directory.believe(person, {**twin.known, **person.known})
            felt.add(person.id)
            db.delete(twin)
    db.flush()
    for person in _naming(db, workspace_id, accounts):
        renamed = {source: _renamed_word(word, accounts) for source, word in person.known.items()}
        if renamed != person.known:
            directory.believe(person, renamed)
            felt.add(person.id)
    db.flush()
    directory.changed(db, workspace_id, directory.with_a_place(db, felt), now)


def _naming(db: Db, workspace_id: str, ours: Iterable[str]) -> Sequence[Person]:
    """Whoever may name them, by any source; dotted lines are few enough to be looked at one by one."""
    words = [Person.known[source] for source in Source]
    return db.scalars(
        select(Person)
        .where(
            Person.workspace_id == workspace_id,
            or_(
                *(word["manager"].as_string().in_(list(ours)) for word in words),
                *(word["dotted_managers"].as_string().is_not(None) for word in words),
            ),
        )
        .order_by(Person.id)
    ).all()


def _renamed_word(word: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    changed = dict(word)
    if "manager" in word:
        changed["manager"] = names.get(word["manager"], word["manager"])
    if "dotted_managers" in word:
        changed["dotted_managers"] = [names.get(each, each) for each in word["dotted_managers"]]
    return changed


def open_home(db: Db, person_id: int, now: datetime, *, shows_programme: bool) -> None:
    """The Home was asked for: it is to be drawn, and kept up to date from now on."""
    db.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(home_opened_at=now, home_stale_at=now, home_shows_programme=shows_programme)
    )


def stale_homes(db: Db, workspace_id: str, limit: int) -> Sequence[Person]:
    return db.scalars(
        select(Person)
        .where(Person.workspace_id == workspace_id, Person.home_stale_at.is_not(None))
        .order_by(Person.home_stale_at)
        .limit(limit)
    ).all()


def home_drawn(db: Db, person_id: int, stale_at: datetime) -> None:
    """The Home was drawn as of then; if it became stale again meanwhile, it stays so."""
    db.execute(
        update(Person).where(Person.id == person_id, Person.home_stale_at == stale_at).values(home_stale_at=None)
    )


def profiles_to_read(db: Db, workspace_id: str, since: datetime, limit: int) -> Sequence[Person]:
    """People with an account whose profile wasn't read since then, whose was read longest ago first."""
    return db.scalars(
        select(Person)
        .where(_has_profile(workspace_id), or_(Person.profile_read_at.is_(None), Person.profile_read_at < since))
        .order_by(Person.profile_read_at.is_not(None), Person.profile_read_at, Person.id)
        .limit(limit)
    ).all()


def oldest_profile(db: Db, workspace_id: str) -> datetime | None:
    """When the profile was read that was read longest ago."""
    found: datetime | None = db.scalar(select(func.min(Person.profile_read_at)).where(_has_profile(workspace_id)))
    return found


def _has_profile(workspace_id: str) -> ColumnElement[bool]:
    return and_(
        Person.workspace_id == workspace_id,
        Person.gone_at.is_(None),
        Person.standing.in_((Standing.MEMBER, Standing.GUEST)),
    )


def with_word_of(db: Db, workspace_id: str, source: Source, limit: int) -> Sequence[Person]:
    """People of whom the source says something."""
    return db.scalars(
        select(Person)
        .where(Person.workspace_id == workspace_id, Person.known[source].as_string().is_not(None))
        .order_by(Person.id)
        .limit(limit)
    ).all()


def without_account(db: Db, workspace_id: str, emails: Iterable[str]) -> Sequence[Person]:
    """People of the company's directory alone, by e-mail address."""
    return db.scalars(
        select(Person)
        .where(
            Person.workspace_id == workspace_id,
            Person.email.in_(set(emails)),
            Person.standing == Standing.NO_ACCOUNT,
        )
        .order_by(Person.id)
    ).all()
