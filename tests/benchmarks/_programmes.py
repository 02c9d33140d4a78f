"""A programme in its second month, made at once by the database itself: a hundred thousand pairs take seconds.

Person number n is the mentor (n even) or the mentee of pair n // 2. All have met once; some are asked today whether
they met again.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, insert, literal, select
from sqlalchemy.orm import Session as Db

from store import workspaces
from store.database import Store
from store.models import (
    Agenda,
    Base,
    Delivery,
    DeliveryState,
    Member,
    Nudge,
    Pair,
    Person,
    Programme,
    Round,
    Session,
    SessionState,
    Side,
    Subject,
    Way,
)

WORKSPACE = "T0BENCH"
NOW = datetime(2027, 3, 10, 13, tzinfo=UTC)
"""A Wednesday, when it is working time in Lisbon."""
INTRODUCED = NOW - timedelta(days=40)
MET = NOW - timedelta(days=30)
MEETS = NOW - timedelta(days=1)
"""So that both are asked "did you meet?" today."""
LATER = NOW + timedelta(days=9)
NOT_YET = NOW + timedelta(days=7)
TURNS = ("joined", "planned", "preparation", "reminder")
"""What each has been told of their second talk, oldest first: all but the question whether they met."""
FIRST = 2
"""The id of person number 0: the coordinator comes before."""


def slack_id(number: int) -> str:
    return f"U{100_000_000 + number}"


def seed(store: Store, pairs: int, due: int, waves: int = 1) -> None:
    """So many pairs, and so many people who are asked NOW; nobody else is looked at before NOT_YET.

    `due` is even: both of a pair are asked. With several waves so many are asked in each, a minute after the other.
    """
    with store.begin() as db:
        workspaces.keep(db, WORKSPACE, "Bench", "U0BOT")
        noor = Person(workspace_id=WORKSPACE, slack_id="U0NOOR", name="Noor", zone="Europe/London")
        db.add(noor)
        db.flush()
        scope: dict[str, Any] = {"workspace_id": WORKSPACE, "created_by": noor.id, "created_at": INTRODUCED}
        programme = Programme(
            name="Look Up", objective="To learn.", channel="C0ANNOUNCE", contact="U0NOOR", months=6, **scope
        )
        db.add(programme)
        db.flush()
        made = Round(programme_id=programme.id, seed=1, placed=pairs, total=pairs, **scope)
        db.add(made)
        db.flush()
        _seed(db, pairs, programme.id, made.id, due, waves)
        _count_on(db)


def _numbers(count: int) -> ColumnElement[int]:
    """The numbers from 0 on, as the column of a table."""
    first = select(literal(0).label("number")).cte("numbers", recursive=True)
    numbers = first.union_all(select(first.c.number + 1).where(first.c.number < count - 1))
    return numbers.c.number


def _seed(db: Db, pairs: int, programme: int, round_: int, due: int, waves: int) -> None:
    one, pair = _numbers(2 * pairs), _numbers(pairs)
    is_mentor = one % 2 == 0
    add(
        db, Person, one, id=one + FIRST, slack_id=_id("U", one), name=_id("Person ", one), zone="Europe/Lisbon",
        country="PT", dotted_managers=[], languages=[], known={}, dm_channel=_id("D", one), home_shows_programme=False,
    )  # fmt: skip
    add(
        db, Member, one, id=one + 1, programme_id=programme, person_id=one + FIRST,
        side=case((is_mentor, literal(Side.MENTOR, Member.side.type)), else_=literal(Side.MENTEE, Member.side.type)),
        topics=["ai_tools"], languages=["en"], ways=[Way.ONLINE.value], hours=[], joined_at=INTRODUCED,
        changed_at=INTRODUCED, consented_at=INTRODUCED, consent="2026-11", capacity=1, rounds_waited=0, revision=1,
    )  # fmt: skip
    add(
        db, Pair, pair, id=pair + 1, programme_id=programme, round_id=round_, mentor_id=2 * pair + 1,
        mentee_id=2 * pair + 2, published_at=INTRODUCED, introduced_at=INTRODUCED, ends_at=NOW + timedelta(days=140),
        channel=_id("G", pair),
        reasons={"band": "good", "topics": ["ai_tools"], "departments": [], "sites": [], "waited": 0},
    )  # fmt: skip
    mentee = 2 * pair + FIRST + 1
    add(
        db, Session, pair, id=2 * pair + 1, pair_id=pair + 1, number=1, starts_at=MET, booked_by=mentee,
        booked_at=INTRODUCED, settled_at=MET + timedelta(days=1), state=SessionState.HELD, sequence=0,
    )  # fmt: skip
    meets = case((2 * pair < due * waves, literal(MEETS, Session.starts_at.type)), else_=literal(LATER))
    add(
        db, Session, pair, id=2 * pair + 2, pair_id=pair + 1, number=2, theme=2, starts_at=meets, booked_by=mentee,
        booked_at=MET + timedelta(days=2), state=SessionState.PLANNED, sequence=0,
    )  # fmt: skip
    for turn, kind in enumerate(TURNS):
        at = INTRODUCED + timedelta(days=5 * turn)
        add(
            db, Delivery, one, id=4 * one + turn + 1, mark=_id(f"{kind}-", one), person_id=one + FIRST, claimed_at=at,
            lease_until=at, attempted_at=at, sent_at=at, state=DeliveryState.SENT, channel=_id("D", one), ts="1.000001",
            attempts=1,
        )  # fmt: skip
        add(
            db, Nudge, one, id=4 * one + turn + 1, key=_key(kind, one), kind=kind, person_id=one + FIRST,
            is_notice=kind in ("joined", "planned"), due_at=at, claimed_at=at, delivery_id=4 * one + turn + 1,
            pair_id=one // 2 + 1, session_id=2 * (one // 2) + 2,
        )  # fmt: skip
    add(db, Agenda, one, subject=Subject.PERSON, subject_id=one + FIRST, look_at=_asked(one, due, waves), version=3)


def _asked(one: ColumnElement[int], due: int, waves: int) -> ColumnElement[datetime]:
    turns = [
        (one < due * (wave + 1), literal(NOW + timedelta(minutes=wave), Agenda.look_at.type)) for wave in range(waves)
    ]
    return case(*turns, else_=literal(NOT_YET, Agenda.look_at.type))


def _id(begins: str, number: ColumnElement[int]) -> ColumnElement[str]:
    return literal(begins) + cast(literal(100_000_000) + number, String)


def _key(kind: str, one: ColumnElement[int]) -> ColumnElement[str]:
    pair, me = cast(one // 2 + 1, String), cast(one + FIRST, String)
    return {
        "joined": literal("joined:") + cast(one + 1, String) + ":1",
        "planned": literal("planned:") + pair + ":" + cast(2 - one % 2, String) + ":0",
        "preparation": literal("preparation:") + pair + ":2:" + me,
        "reminder": literal("reminder:") + pair + ":2:0:" + me,
    }[kind]


def add(db: Db, table: type[Base], each: ColumnElement[int], **values: Any) -> None:
    """A row for each number, with these values or expressions of the number."""
    columns = table.__table__.c
    told = {"workspace_id": WORKSPACE} | values
    expressions = [
        value if isinstance(value, ColumnElement) else literal(value, columns[name].type)
        for name, value in told.items()
    ]
    rows: Select[Any] = select(*expressions).select_from(each.table)  # type: ignore[attr-defined]
    db.execute(insert(table.__table__).from_select(list(told), rows))  # type: ignore[arg-type]


def _count_on(db: Db) -> None:
    """PostgreSQL counts what it numbers itself: it goes on after what was numbered here."""
    if db.get_bind().dialect.name != "postgresql":
        return
    for table in (Person, Member, Pair, Session, Delivery, Nudge):
        most = select(func.max(table.id)).scalar_subquery()
        db.execute(select(func.setval(func.pg_get_serial_sequence(table.__tablename__, "id"), most)))
