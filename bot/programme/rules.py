"""On which terms people join a programme, what waits for a coordinator and when they are told, how pairs are doing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from bot import working_time
from bot.due import Due
from bot.working_time import WorkingTime
from store.models import (
    GOES_ON,
    IS_OUT,
    Cadence,
    Focus,
    Member,
    MemberState,
    Onward,
    Pair,
    Person,
    Programme,
    Session,
    SessionState,
    TopicProposal,
    TopicState,
)
from store.snapshots import Place, Running, Snapshot

LENGTHS = range(3, 13)  # months
NAME_LIMIT = 60
FEWEST_PLACES, MOST_PLACES = 2, 10_000
FARTHEST = timedelta(days=730)  # nobody plans a sign-up for later; a year typed wrong is noticed
BEGINS, ENDS = time(0), time(23, 59)  # of a day of sign-up; its last minute is left out, so that the day shown is right
TOPIC_LIMIT = 75  # what a menu can show
QUIET = timedelta(days=9)  # 48 hours, then a week: after both questions a pair without a date is flagged
DAYS = {Cadence.MONTHLY: 30, Cadence.FORTNIGHTLY: 14}
BUNCH = timedelta(minutes=15)
GRACE = timedelta(seconds=30)  # what was asked in the last seconds of a bunch is stored by then


@dataclass(frozen=True)
class Answers:
    """What a coordinator filled in. Days are as in `2027-03-01`; the channel, how often and how
    long can't be changed later."""

    name: str | None
    objective: str | None
    contact: str | None
    needs_approval: bool = False
    places: str | None = None
    opens: str | None = None
    closes: str | None = None
    channel: str | None = None
    cadence: Cadence = Cadence.MONTHLY
    months: int | None = None
    is_ongoing: bool = False
    """There is no end: then there are no months."""
    pairs_weekly: bool = False
    focus: Focus = Focus.OWN


@dataclass(frozen=True)
class Terms:
    """What a coordinator may change, fit to be stored."""

    name: str
    objective: str
    contact: str
    needs_approval: bool
    places: int | None
    signup_from: datetime | None
    signup_until: datetime | None
    pairs_weekly: bool
    focus: Focus


def terms_of(programme: Programme) -> Terms:
    return Terms(
        name=programme.name,
        objective=programme.objective,
        contact=programme.contact,
        needs_approval=programme.needs_approval,
        places=programme.places,
        signup_from=programme.signup_from,
        signup_until=programme.signup_until,
        pairs_weekly=programme.pairs_weekly,
        focus=programme.focus,
    )


def seen(programme: Programme) -> str:
    """What a form shows of a programme, in a few letters: they are others once somebody has changed it."""
    return sha256(repr((terms_of(programme), programme.closed_at)).encode()).hexdigest()[:16]


def problems(answers: Answers, zone: ZoneInfo, now: datetime, before: Programme | None = None) -> dict[str, str]:
    """What to mend, by the name of the answer; empty if all is well. `before` is the programme that is changed."""
    found: dict[str, str] = {}
    if not answers.name:
        found["name"] = "Give the programme a name: it is used in every message."
    elif len(answers.name) > NAME_LIMIT:
        found["name"] = f"Up to {NAME_LIMIT} characters, please: it has to fit into a message."
    if not answers.objective:
        found["objective"] = "Say in a sentence what it is for."
    if not answers.contact:
        found["contact"] = "Choose the person to turn to with a concern."
    if before is None and not answers.channel:
        found["channel"] = "Choose the channel for announcements."
    if before is None and not answers.is_ongoing and answers.months not in LENGTHS:
        found["months"] = "Choose how long it runs."
    if answers.places is not None and _number(answers.places) is None:
        found["places"] = f"A whole number from {FEWEST_PLACES} to {MOST_PLACES:,}, or leave it empty."
    return found | _problems_of_dates(answers, zone, now, before)


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_PLACES))
    return int(text) if is_number and FEWEST_PLACES <= int(text) <= MOST_PLACES else None


def _problems_of_dates(answers: Answers, zone: ZoneInfo, now: datetime, before: Programme | None) -> dict[str, str]:
    """Of the dates that are new: one that was set before may have gone by."""
    today, found = now.astimezone(zone).date(), {}
    opens, closes = _day(answers.opens), _day(answers.closes)
    are_new = {
        "opens": opens != day_of(before.signup_from if before else None, zone),
        "closes": closes != day_of(before.signup_until if before else None, zone),
    }
    for name, day in (("opens", opens), ("closes", closes)):
        if day is not None and are_new[name] and day < today:
            found[name] = "That day has gone by. Choose today or a later one, or leave it empty."
        elif day is not None and are_new[name] and day - today > FARTHEST:
            found[name] = "That is more than two years from now. Choose an earlier day."
    if not found and opens and closes and any(are_new.values()) and closes < opens:
        found["closes"] = "That is before sign-up opens. Choose a later day."
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def day_of(at: datetime | None, zone: ZoneInfo) -> date | None:
    """The day on which a moment falls, by the calendar on that wall."""
    return at.astimezone(zone).date() if at is not None else None


def terms(answers: Answers, zone: ZoneInfo, before: Programme | None = None) -> Terms:
    """Of answers without problems. A day that wasn't changed keeps its moment, whoever's zone it was set in."""
    return Terms(
        name=str(answers.name),
        objective=str(answers.objective),
        contact=str(answers.contact),
        needs_approval=answers.needs_approval,
        places=_number(answers.places) if answers.places else None,
        signup_from=_moment(answers.opens, BEGINS, zone, before.signup_from if before else None),
        signup_until=_moment(answers.closes, ENDS, zone, before.signup_until if before else None),
        pairs_weekly=answers.pairs_weekly,
        focus=answers.focus,
    )


def _moment(text: str | None, at: time, zone: ZoneInfo, before: datetime | None) -> datetime | None:
    day = _day(text)
    if day is None or day == day_of(before, zone):
        return before if day else None
    return datetime.combine(day, at, zone).astimezone(UTC)


def signup_is_over(programme: Programme, now: datetime) -> bool:
    return programme.signup_until is not None and programme.signup_until <= now


# What waits for a coordinator


@dataclass(frozen=True)
class Wish:
    """Somebody would like to join: on one side, or on both."""

    person: Person
    places: tuple[Member, ...]
    since: datetime


@dataclass(frozen=True)
class Suggestion:
    """Somebody named a topic that isn't in the list."""

    person: Person
    proposal: TopicProposal
    since: datetime


Request = Wish | Suggestion


def requests(running: Running) -> list[Request]:
    """All that waits for a yes or a no, oldest first. None in a programme that was ended: nobody joins it."""
    if running.programme.closed_at is not None:
        return []
    found: list[Request] = [*_wishes(running)]
    found += [Suggestion(person, proposal, proposal.proposed_at) for proposal, person in running.proposals]
    return sorted(found, key=lambda each: (each.since, isinstance(each, Suggestion), each.person.id))


def _wishes(running: Running) -> list[Wish]:
    """One for each person, since when they first asked."""
    by_person: dict[int, list[Member]] = {}
    known = {person.id: person for _, person in running.applied}
    for member, person in running.applied:
        by_person.setdefault(person.id, []).append(member)
    return [
        Wish(known[person_id], tuple(places), min(place.state_since or place.joined_at for place in places))
        for person_id, places in by_person.items()
    ]


def told_at(since: datetime, mine: WorkingTime) -> datetime:
    """When a coordinator hears of what came in then: after a quarter of an hour, or when their work begins.

    Whatever is told at one moment is one message, and all of it has come in by then.
    """
    return mine.next_open(_quarter(since)) + GRACE


def _quarter(since: datetime) -> datetime:
    quarter = int(since.timestamp() // BUNCH.total_seconds()) + 1
    return datetime.fromtimestamp(quarter * BUNCH.total_seconds(), UTC)


def told(snapshot: Snapshot, programme: Programme) -> list[datetime]:
    """The moments of which they have been told, the earliest first."""
    mine = [each for each in snapshot.nudges if (each.kind, each.about) == ("requests", programme.id)]
    return sorted(each.due_at for each in mine)


def bunch(running: Running, mine: WorkingTime, at: datetime, told: Sequence[datetime] = ()) -> list[Request]:
    """What is told at that moment."""
    return [each for each in requests(running) if _told_of_at(each, running, mine, told) == at]


def _told_of_at(each: Request, running: Running, mine: WorkingTime, told: Sequence[datetime]) -> datetime:
    """When it is told: whoever took a programme over hears of all that waits at once.

    What was told stays where it was, though they have moved to another zone since.
    """
    since = max(each.since, running.programme.run_since or each.since)
    return next((at for at in told if at >= _quarter(since) + GRACE), None) or told_at(since, mine)


def due(snapshot: Snapshot) -> list[Due]:
    mine = working_time.of(snapshot.person)
    return [
        *(each for running in snapshot.runs for each in _requests(running, snapshot, mine)),
        *(_decided(each, snapshot) for each in snapshot.proposals if _is_told(each, snapshot)),
        *_ended(snapshot),
    ]


def _requests(running: Running, snapshot: Snapshot, mine: WorkingTime) -> list[Due]:
    """To whom they go now: somebody who takes a programme over hears of all that waits."""
    before = told(snapshot, running.programme)
    moments = sorted({_told_of_at(each, running, mine, before) for each in requests(running)})
    return [
        Due(
            key=f"requests:{running.programme.id}:{snapshot.person.id}:{int(at.timestamp())}",
            kind="requests",
            opens_at=at,
            is_notice=True,
            about=running.programme.id,
        )
        for at in moments
    ]


def _is_told(proposal: TopicProposal, snapshot: Snapshot) -> bool:
    """By somebody else: what the bot saw by itself, or they themselves decided, is no news."""
    is_decided = proposal.state is not TopicState.OPEN and proposal.decided_at is not None
    return is_decided and proposal.decided_by not in (None, snapshot.person.id)


def _decided(proposal: TopicProposal, snapshot: Snapshot) -> Due:
    assert proposal.decided_at is not None  # noqa: S101 -- asked for by the caller
    return Due(
        key=f"topic_decided:{proposal.id}:{snapshot.person.id}",
        kind="topic_decided",
        opens_at=proposal.decided_at,
        is_notice=True,
        about=proposal.id,
    )


def _still_waited(place: Place, snapshot: Snapshot) -> bool:
    """They have no place in the programme yet, or no partner.

    Whoever is in a pair goes on; whoever's months are over has had what there was.
    """
    if place.member.state in (MemberState.APPLIED, MemberState.QUEUED):
        return True
    theirs = [each.pair for each in snapshot.partnerships if each.mine.id == place.member.id]
    return not any(_counts(pair, place.member) for pair in theirs)


def _counts(pair: Pair, member: Member) -> bool:
    """It goes on, or came to its end since they joined."""
    return pair.ended_at is None and (pair.ends_at is None or pair.ends_at > member.joined_at)


def _ended(snapshot: Snapshot) -> list[Due]:
    """Once for each programme, unless somebody has a partner on one of their two sides."""
    ended = {place.programme.id: place.programme for place in snapshot.places if place.programme.closed_at is not None}
    return [
        Due(
            key=f"programme_ended:{programme.id}:{snapshot.person.id}",
            kind="programme_ended",
            opens_at=programme.closed_at,
            is_notice=True,
            about=programme.id,
        )
        for programme in ended.values()
        if programme.closed_at is not None and _are_left_waiting(programme, snapshot)
    ]


def _are_left_waiting(programme: Programme, snapshot: Snapshot) -> bool:
    mine = [place for place in snapshot.places if place.programme.id == programme.id]
    mine = [place for place in mine if place.member.state not in IS_OUT]
    return bool(mine) and all(_still_waited(place, snapshot) for place in mine)


# Topics that people named


def same_topic(label: str, topics: Mapping[str, str]) -> str | None:
    """The id of the topic of the list that is called so, whatever its capitals and spaces."""
    return next((topic for topic, other in topics.items() if _plain(other) == _plain(label)), None)


def _plain(label: str) -> str:
    return " ".join(label.split()).casefold()


def topic_problems(label: str | None, chosen: str | None, topics: Mapping[str, str]) -> dict[str, str]:
    """What to mend before a topic gets into the list under that label, or counts as the one that was chosen."""
    if chosen is not None:
        return {} if chosen in topics else {"topic": "That topic is no longer in the list. Choose another."}
    if not label:
        return {"label": "Say what it is to be called, or choose one of the list below."}
    if len(label) > TOPIC_LIMIT or len(label.splitlines()) > 1:
        return {"label": f"On one line, please, in {TOPIC_LIMIT} characters at most."}
    if same_topic(label, topics):
        return {"label": "This one is in the list already. Choose it below."}
    return {}


# How a pair is doing


@dataclass(frozen=True)
class Health:
    """How one pair is doing: meetings held, the next date, and whether somebody should look."""

    pair: Pair
    held: int
    next_at: datetime | None
    is_quiet: bool


def health(pair: Pair, cadence: Cadence, sessions: Sequence[Session], now: datetime) -> Health:
    held = [session for session in sessions if session.state is SessionState.HELD]
    planned = [session for session in sessions if session.state is SessionState.PLANNED]
    latest = max((_sign(session) for session in sessions), default=pair.introduced_at)
    has_date = any(session.starts_at > now for session in planned)
    is_silent = not has_date and latest is not None and now - latest > _patience(pair)
    is_late = not sessions or pair.onward is Onward.LESS_OFTEN or _late(pair, cadence, held, now)
    is_quiet = is_silent and is_late and (pair.onward is None or pair.onward in GOES_ON)
    return Health(pair, len(held), planned[0].starts_at if has_date else None, is_quiet)


def _sign(session: Session) -> datetime:
    """When the pair showed that they go on: a cancelled date is no longer one to come."""
    cancelled_at = session.cancelled_at if session.state is SessionState.CANCELLED else None
    return cancelled_at or session.starts_at


def _patience(pair: Pair) -> timedelta:
    """Those who chose to meet every other month may have nearly three between two talks."""
    return QUIET + timedelta(days=90) if pair.onward is Onward.LESS_OFTEN else QUIET


def _late(pair: Pair, cadence: Cadence, held: Sequence[Session], now: datetime) -> bool:
    """Fewer meetings than months, or fortnights, gone by."""
    assert pair.introduced_at is not None  # noqa: S101 -- a pair with sessions was introduced
    return len(held) < (now - pair.introduced_at - QUIET).days // DAYS[cadence] + 1
