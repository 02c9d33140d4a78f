"""A programme in its second month, made at once: pairs that have met, and some of whom are asked about it now."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import func, insert, select
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

T = TypeVar("T")
WORKSPACE = "T0BENCH"
NOW = datetime(2027, 3, 10, 13, tzinfo=UTC)
"""A Wednesday, when it is working time from Lisbon to New York."""
INTRODUCED = NOW - timedelta(days=40)
MET = NOW - timedelta(days=30)
MEETS = NOW - timedelta(days=1)
"""So that both are asked "did you meet?" today."""
LATER = NOW + timedelta(days=9)
NUDGED = ("joined", "planned", "preparation", "reminder")
ROWS = 5_000  # in one statement


def seed(store: Store, pairs: int, due: int) -> None:
    """So many pairs, and of so many people the check-in is due at NOW; nobody else is to be looked at before a week.

    `due` is even: it is both of a pair who are asked.
    """
    with store.begin() as db:
        workspaces.keep(db, WORKSPACE, "Bench", "U0BOT")
        noor = Person(workspace_id=WORKSPACE, slack_id="U0NOOR", name="Noor", zone="Europe/London")
        db.add(noor)
        db.flush()
        programme = Programme(
            workspace_id=WORKSPACE,
            name="Look Up",
            objective="Leaders learn how work is changing.",
            channel="C0ANNOUNCE",
            contact="U0NOOR",
            created_by=noor.id,
            created_at=INTRODUCED,
            months=6,
        )
        db.add(programme)
        db.flush()
        round_ = Round(
            workspace_id=WORKSPACE,
            programme_id=programme.id,
            created_by=noor.id,
            created_at=INTRODUCED,
            seed=1,
            placed=pairs,
            total=pairs,
        )
        db.add(round_)
        db.flush()
        for chunk in batches(range(pairs)):
            _seed(db, chunk, programme.id, round_.id, due)
        _count_on(db)


def _count_on(db: Db) -> None:
    """PostgreSQL counts what it numbers itself: it goes on after what was numbered here."""
    if db.get_bind().dialect.name != "postgresql":
        return
    for table in (Person, Member, Pair, Session, Delivery, Nudge):
        most = select(func.max(table.id)).scalar_subquery()
        db.execute(select(func.setval(func.pg_get_serial_sequence(table.__tablename__, "id"), most)))


def _seed(db: Db, numbers: list[int], programme: int, round_: int, due: int) -> None:
    """Person n's id is n + 2 for the mentor of pair n // 2, and so on: nobody has to be looked up."""
    people = [(2 * number + side, number, side) for number in numbers for side in (0, 1)]
    mine = {"workspace_id": WORKSPACE}
    add(db, Person, ({**mine, "id": one + 2, "slack_id": f"U{one:08d}", "name": f"Person {one}",
                      "zone": "Europe/Lisbon", "country": "PT", "dotted_managers": [], "languages": [], "known": {},
                      "dm_channel": f"D{one:08d}"}
                     for one, _, _ in people))  # fmt: skip
    add(db, Member, ({**mine, "id": one + 1, "programme_id": programme, "person_id": one + 2,
                      "side": (Side.MENTOR, Side.MENTEE)[side], "topics": ["ai_tools"], "languages": ["en"],
                      "ways": [Way.ONLINE.value], "hours": [], "joined_at": INTRODUCED, "changed_at": INTRODUCED,
                      "consented_at": INTRODUCED, "consent": "2026-11"}
                     for one, _, side in people))  # fmt: skip
    add(db, Pair, ({**mine, "id": number + 1, "programme_id": programme, "round_id": round_,
                    "mentor_id": 2 * number + 1, "mentee_id": 2 * number + 2, "published_at": INTRODUCED,
                    "introduced_at": INTRODUCED, "ends_at": NOW + timedelta(days=140), "channel": f"G{number:08d}",
                    "reasons": {"band": "good", "topics": ["ai_tools"], "departments": [], "sites": [], "waited": 0}}
                   for number in numbers))  # fmt: skip
    add(db, Session, ({**mine, "id": 2 * number + 1, "pair_id": number + 1, "number": 1, "starts_at": MET,
                       "booked_by": 2 * number + 3, "booked_at": INTRODUCED, "settled_at": MET + timedelta(days=1),
                       "state": SessionState.HELD, "preparation": "prep-1", "reflection": None}
                      for number in numbers))  # fmt: skip
    add(db, Session, ({**mine, "id": 2 * number + 2, "pair_id": number + 1, "number": 2, "theme": 2,
                       "starts_at": MEETS if 2 * number < due else LATER,
                       "booked_by": 2 * number + 3, "booked_at": MET + timedelta(days=2), "preparation": None}
                      for number in numbers))  # fmt: skip
    add(db, Delivery, ({**mine, "id": 4 * one + turn + 1, "mark": f"{4 * one + turn:032x}", "person_id": one + 2,
                        "claimed_at": _nudged(turn), "lease_until": _nudged(turn), "attempted_at": _nudged(turn),
                        "sent_at": _nudged(turn), "state": DeliveryState.SENT, "channel": f"D{one:08d}", "ts": "1.1"}
                       for one, _, _ in people for turn in range(4)))  # fmt: skip
    add(db, Nudge, ({**mine, "id": 4 * one + turn + 1, "key": _key(kind, number, one), "kind": kind,
                     "person_id": one + 2, "is_notice": turn < 2, "due_at": _nudged(turn), "claimed_at": _nudged(turn),
                     "delivery_id": 4 * one + turn + 1, "pair_id": number + 1, "session_id": 2 * number + 1}
                    for one, number, _ in people for turn, kind in enumerate(NUDGED)))  # fmt: skip
    add(db, Agenda, ({**mine, "subject": Subject.PERSON, "subject_id": one + 2,
                      "look_at": NOW if one < due else NOW + timedelta(days=7), "version": 3}
                     for one, _, _ in people))  # fmt: skip


def _nudged(turn: int) -> datetime:
    return INTRODUCED + timedelta(days=5 * turn)


def _key(kind: str, number: int, one: int) -> str:
    """Of a pair's second talk, of which all has been said but whether they met."""
    return {
        "joined": f"joined:{one + 1}:1",
        "planned": f"planned:{number + 1}:{2 - one % 2}:0",
        "preparation": f"preparation:{number + 1}:2:{one + 2}",
        "reminder": f"reminder:{number + 1}:2:0:{one + 2}",
    }[kind]


def add(db: Db, table: type[Base], rows: Iterator[dict[str, Any]]) -> None:
    for some in batches(rows):
        db.execute(insert(table.__table__), some)


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    left = iter(items)
    while some := list(islice(left, ROWS)):
        yield some
