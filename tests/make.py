"""People, pairs and what belongs to them, with defaults and without a database: a test shows what matters to it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import holidays
from hypothesis import strategies as st

from bot import prompts
from bot.due import Due, Telling
from bot.working_time import add_months
from store.models import (
    Agreement,
    Announcement,
    Became,
    BrokenRule,
    Cadence,
    Delivery,
    DeliveryState,
    DirectoryUpload,
    Draft,
    Member,
    MemberState,
    Nudge,
    Pair,
    Person,
    Preference,
    Programme,
    Proposal,
    Reflection,
    Round,
    Saying,
    SayingKind,
    Session,
    SessionState,
    Side,
    TopicProposal,
    Way,
    Writing,
)
from store.notes import Written
from store.snapshots import Broken, Partnership, Place, Running, Snapshot

WORKSPACE = "T0TIDEWELL"
ZONES = (
    "Europe/Lisbon",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
    "Pacific/Niue",
    "Africa/Casablanca",
)
LISBON = "Europe/Lisbon"
MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
"""A working day: nine o'clock in Lisbon, where summer time begins on 28 March."""

Row = TypeVar("Row")


def at(moment: str, zone: str = LISBON) -> datetime:
    """What the clock on the wall shows there, as a moment in UTC: `at("2027-03-04 09:00")`."""
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def moments(first: str, last: str) -> st.SearchStrategy[datetime]:
    """Any moment between two days, in UTC."""
    return st.datetimes(datetime.fromisoformat(first), datetime.fromisoformat(last), timezones=st.just(UTC))


def _row(row: Row, id: int | None) -> Row:
    """A row with the id a database would give it; None leaves that to the database."""
    if id is not None:
        row.id = id  # type: ignore[attr-defined]
    return row


def person(slack_id: str = "U0ANA", *, id: int | None = 1, **facts: Any) -> Person:
    defaults = {"name": slack_id.removeprefix("U0").capitalize(), "zone": LISBON}
    return _row(Person(workspace_id=WORKSPACE, slack_id=slack_id, **(defaults | facts)), id)


def working_people(zones: Sequence[str | None], countries: Sequence[str | None]) -> st.SearchStrategy[Person]:
    """Who lives anywhere and chose any hours of their own, or none: an hour at least, twelve over midnight at most."""
    minutes = st.integers(0, 24 * 60 - 1)
    lengths = minutes.flatmap(lambda starts: st.tuples(st.just(starts), st.integers(60, max(720, 1439 - starts))))
    days = st.sets(st.integers(0, 6), min_size=1).map(sorted)
    return st.builds(
        lambda zone, country, hours, days: person(
            zone=zone, country=country, **(_hours(*hours) if hours else {}) | days
        ),
        st.sampled_from(zones),
        st.sampled_from(countries),
        st.none() | lengths,
        st.just({}) | st.builds(lambda each: {"work_days": each}, days),
    )


def _hours(starts: int, length: int) -> dict[str, Any]:
    ends = (starts + length) % (24 * 60)
    return {"works_from": time(*divmod(starts, 60)), "works_until": time(*divmod(ends, 60))}


def on_the_wall(person: Person, moment: datetime) -> bool:
    """Whether a clock on their wall, and the calendar beside it, show working time."""
    local = moment.astimezone(ZoneInfo(str(person.zone)))
    today, now = local.date(), local.time()
    starts, ends = person.works_from or time(9), person.works_until or time(17)
    if starts < ends:
        return _works_on(person, today) and starts <= now < ends
    return (now >= starts and _works_on(person, today)) or (now < ends and _works_on(person, today - timedelta(days=1)))


def is_awake(person: Person, moment: datetime) -> bool:
    """Whether they were at work up to four hours ago, or will be in one; give or take one, as clocks are changed."""
    quarters = (timedelta(minutes=15) * number for number in range(-5 * 4, 2 * 4))
    return any(on_the_wall(person, moment + each) for each in quarters)


OFF = {"EG": {4, 5}, "SA": {4, 5}, "IR": {3, 4}, "BN": {4, 6}}
"""Weekends by hand, Monday being 0; elsewhere they are Saturday and Sunday."""


def _works_on(person: Person, day: date) -> bool:
    days = set(person.work_days) or set(range(7)) - OFF.get(person.country or "", {5, 6})
    return day.weekday() in days and not (person.country and day in _holidays(person.country, day.year))


@cache
def _holidays(country: str, year: int) -> Any:
    return holidays.country_holidays(country, years=year)


def programme(*, id: int | None = 3, **facts: Any) -> Programme:
    defaults = {
        "name": "Look Up",
        "objective": "Leaders learn how work is changing.",
        "channel": "C0ANNOUNCE",
        "contact": "U0NOOR",
        "created_by": 9,
        "created_at": MONDAY,
        "months": 6,
    }
    return _row(Programme(workspace_id=WORKSPACE, **(defaults | facts)), id)


def member(side: Side = Side.MENTOR, *, id: int | None = 11, **facts: Any) -> Member:
    defaults = {
        "programme_id": 3,
        "person_id": 1,
        "topics": ["ai_tools"],
        "languages": ["en"],
        "ways": [Way.ONLINE.value],
        "joined_at": MONDAY,
        "changed_at": MONDAY,
        "consented_at": MONDAY,
        "consent": "2026-11",
    }
    return _row(Member(workspace_id=WORKSPACE, side=side, **(defaults | facts)), id)


def pair(*, id: int | None = 5, **facts: Any) -> Pair:
    defaults = {
        "programme_id": 3,
        "mentor_id": 11,
        "mentee_id": 12,
        "round_id": 7,
        "published_at": MONDAY,
        "introduced_at": MONDAY,
        "ends_at": at("2027-09-01 09:00"),
        "reasons": {"band": "good", "topics": ["ai_tools"], "departments": [], "sites": [], "waited": 0},
    }
    return _row(Pair(workspace_id=WORKSPACE, **(defaults | facts)), id)


def round_(*, id: int | None = 7, **facts: Any) -> Round:
    defaults = {"programme_id": 3, "created_by": 9, "created_at": MONDAY, "seed": 1, "placed": 1, "total": 50}
    return _row(Round(workspace_id=WORKSPACE, **(defaults | facts)), id)


def proposal(*, id: int | None = 8, **facts: Any) -> Proposal:
    defaults = {"round_id": 7, "mentor_id": 11, "mentee_id": 12, "fit": 50, "reasons": pair().reasons}
    return _row(Proposal(**(defaults | facts)), id)


def topic_proposal(*, id: int | None = 81, **facts: Any) -> TopicProposal:
    defaults = {"programme_id": 3, "member_id": 11, "text": "Knitting", "proposed_at": MONDAY}
    return _row(TopicProposal(workspace_id=WORKSPACE, **(defaults | facts)), id)


BY_NUMBER = -1


def session(starts_at: datetime, number: int = 1, *, id: int | None = BY_NUMBER, **facts: Any) -> Session:
    """A meeting with a date and two questions. One held or missed was settled the day after, unless said otherwise."""
    state = facts.get("state", SessionState.PLANNED)
    defaults = {
        "pair_id": 5,
        "booked_by": 1,
        "booked_at": MONDAY,
        "settled_at": None if state is SessionState.PLANNED else starts_at + timedelta(days=1),
        "preparation": f"prep-of-talk-{number}",
        "reflection": f"refl-of-talk-{number}",
    }
    made = Session(workspace_id=WORKSPACE, number=number, starts_at=starts_at, **(defaults | facts))
    return _row(made, (20 + number if id == BY_NUMBER else id))


def held(starts_at: datetime, number: int = 1, **facts: Any) -> Session:
    return session(starts_at, number, state=SessionState.HELD, **facts)


def agreement(version: int = 1, *, id: int | None = 91, **facts: Any) -> Agreement:
    """Proposed by the partner, and nobody has said yes yet."""
    defaults = {"pair_id": 5, "sealed": b"", "proposed_by": 2, "proposed_at": MONDAY}
    return _row(Agreement(workspace_id=WORKSPACE, version=version, **(defaults | facts)), id)


def preference(person_id: int = 1, *, id: int | None = 93, **facts: Any) -> Preference:
    """That somebody has chosen how to go on at the pair's first end."""
    defaults = {"pair_id": 5, "ending": 1, "sealed": b"", "chosen_at": at("2027-08-20 10:00")}
    return _row(Preference(workspace_id=WORKSPACE, person_id=person_id, **(defaults | facts)), id)


def saying(kind: SayingKind = SayingKind.THANKS, *, id: int | None = 95, **facts: Any) -> Saying:
    """Words of the partner's that are to be posted, and wait for an answer."""
    defaults = {"pair_id": 5, "author_id": 2, "for_all": True, "sealed": b"", "written_at": MONDAY}
    return _row(Saying(workspace_id=WORKSPACE, kind=kind, **(defaults | facts)), id)


def partnership(
    side: Side = Side.MENTEE,
    *,
    sessions: Sequence[Session] = (),
    state: MemberState = MemberState.ACTIVE,
    partner_state: MemberState = MemberState.ACTIVE,
    partner_since: datetime | None = None,
    months: int | None = 6,
    cadence: Cadence = Cadence.MONTHLY,
    zone: str | None = LISBON,
    country: str | None = None,
    partner_zone: str | None = "Europe/Berlin",
    hours: Sequence[str] = (),
    partner_hours: Sequence[str] = (),
    **pair_facts: Any,
) -> Partnership:
    """A pair as one of its two sees it: as the mentee, unless said otherwise. They were introduced on MONDAY."""
    ends = MONDAY.date() if months is None else add_months(MONDAY.date(), months)
    pair_facts = {"ends_at": None if months is None else at(f"{ends} 09:00")} | pair_facts
    is_mentor = side is Side.MENTOR
    mentor_id, mentee_id = (11, 12)
    other = Side.MENTEE if is_mentor else Side.MENTOR
    mine, theirs = (mentor_id, mentee_id) if is_mentor else (mentee_id, mentor_id)
    return Partnership(
        pair=pair(**pair_facts),
        programme=programme(months=months, cadence=cadence),
        me=person("U0ANA", id=1, zone=zone, country=country),
        mine=member(side, id=mine, person_id=1, state=state, hours=list(hours)),
        partner=person("U0OLIVER", id=2, zone=partner_zone),
        theirs=member(
            other, id=theirs, person_id=2, state=partner_state, state_since=partner_since, hours=list(partner_hours)
        ),
        sessions=tuple(sessions),
    )


NOT_UNDER_WAY: Mapping[str, dict[str, Any]] = {
    "I have paused": {"state": MemberState.PAUSED},
    "my partner has paused": {"partner_state": MemberState.PAUSED},
    "somebody left": {"ended_at": MONDAY, "ended_by": 2},
    "I left when our months were over": {"state": MemberState.LEFT},
    "my partner left when our months were over": {"partner_state": MemberState.LEFT},
    "not introduced yet": {"introduced_at": None, "ends_at": None},
}
"""What makes a partnership one of which nothing is asked."""


def place(**facts: Any) -> Place:
    return Place(member(**facts), programme())


def snapshot(*partnerships: Partnership, **parts: Any) -> Snapshot:
    """What is known of one person: `me` of the partnerships, if there are any."""
    defaults: dict[str, Any] = {"places": (), "nudges": (), "reflections": (), "troubled": ()}
    me = parts.pop("person", partnerships[0].me if partnerships else person())
    return Snapshot(person=me, partnerships=partnerships, **(defaults | parts))


def broken(rule: str = "mentee_above", *, id: int | None = 81, **facts: Any) -> Broken:
    """Ana's and Oliver's pair breaks a rule since MONDAY, if nothing else is said."""
    pair_facts = facts.pop("pair", {})
    mentor = facts.pop("mentor", None) or person("U0ANA", id=1)
    mentee = facts.pop("mentee", None) or person("U0OLIVER", id=2)
    row = BrokenRule(workspace_id=WORKSPACE, rule=rule, **({"pair_id": 5, "found_at": MONDAY} | facts))
    return Broken(_row(row, id), pair(**pair_facts), mentor, mentee)


def running(*broken: Broken, **facts: Any) -> Running:
    """A programme with what waits for its coordinator."""
    return Running(programme(**facts), applied=(), proposals=(), broken=broken)


def nudge(kind: str = "reminder", *, id: int | None = 31, **facts: Any) -> Nudge:
    defaults = {
        "key": f"{kind}:5:1:0:1",
        "person_id": 1,
        "is_notice": False,
        "due_at": MONDAY,
        "claimed_at": MONDAY,
        "pair_id": 5,
    }
    return _row(Nudge(workspace_id=WORKSPACE, kind=kind, **(defaults | facts)), id)


def delivery(mark: str = "a" * 32, *, id: int | None = 41, **facts: Any) -> Delivery:
    defaults = {"lease_until": MONDAY + timedelta(minutes=1), "claimed_at": MONDAY, "person_id": 1}
    return _row(Delivery(workspace_id=WORKSPACE, mark=mark, **(defaults | facts)), id)


def reflection(*, id: int | None = 51, **facts: Any) -> Reflection:
    defaults = {
        "person_id": 1,
        "pair_id": 5,
        "nudge_id": 31,
        "question": "refl-1-felt-free",
        "sealed": b"",
        "written_at": MONDAY,
        "channel": "D0ANA",
        "ts": "1.000001",
    }
    return _row(Reflection(workspace_id=WORKSPACE, **(defaults | facts)), id)


def announcement(*, id: int | None = 61, **facts: Any) -> Announcement:
    defaults = {
        "programme_id": 3,
        "author_id": 1,
        "channel": "C0ANNOUNCE",
        "text": "Hello",
        "is_opening": False,
        "written_at": MONDAY,
        "key": "form:V1",
    }
    return _row(Announcement(workspace_id=WORKSPACE, **(defaults | facts)), id)


def upload(*, id: int | None = 71, **facts: Any) -> DirectoryUpload:
    defaults = {"person_id": 1, "file": "F0PEOPLE", "name": "people.csv", "asked_at": MONDAY}
    return _row(DirectoryUpload(workspace_id=WORKSPACE, **(defaults | facts)), id)


def written(text: str, **facts: Any) -> Written:
    defaults: dict[str, Any] = {"id": 71, "written_at": MONDAY, "author_id": 1, "is_shared": True, "pair_id": 5}
    return Written(text=text, **(defaults | facts))


def writing(*, id: int | None = 91, **facts: Any) -> Writing:
    """The first message of a text that Ana wrote to the bot, on MONDAY."""
    defaults = {
        "person_id": 1,
        "channel": "D0ANA",
        "ts": "1.000001",
        "sealed": b"",
        "written_at": MONDAY,
        "became": Became.ANSWER,
        "heard_at": MONDAY,
        "turn": 1,
    }
    return _row(Writing(workspace_id=WORKSPACE, **(defaults | facts)), id)


def draft(*, id: int | None = 6, **facts: Any) -> Draft:
    """A sign-up by writing, at its first question."""
    defaults = {
        "programme_id": 3,
        "person_id": 1,
        "sealed": b"",
        "started_at": MONDAY,
        "changed_at": MONDAY,
        "question": "sides",
        "turn": 1,
    }
    return _row(Draft(workspace_id=WORKSPACE, **(defaults | facts)), id)


def due(key: str = "reminder:1", *, opens_at: datetime = MONDAY, **facts: Any) -> Due:
    return Due(key=key, kind=key.partition(":")[0], opens_at=opens_at, **facts)


@cache
def words() -> prompts.Prompts:
    """The real prompts."""
    return prompts.load(Path(__file__).parents[1] / "prompts")


TOLD = ("actions", "hopes", "place_in_list", "signup", "taken", "agreement", "said", "wrote")


def telling(kind: str, each: Partnership | None = None, **facts: Any) -> Telling:
    """What the builder of a message gets; what it does not know goes to the nudge."""
    parts = {name: facts.pop(name) for name in TOLD if name in facts}
    shown = facts.pop("snapshot", None) or snapshot(each or partnership())
    return Telling(nudge(kind, **facts), shown, words(), "/flipside", **parts)


def trouble(state: DeliveryState = DeliveryState.UNKNOWN, **facts: Any) -> tuple[Announcement, Delivery]:
    return announcement(**facts), delivery(announcement_id=61, state=state)
