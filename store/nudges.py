"""Which nudges and notices have gone to whom, so that none goes twice."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Integer, Select, String, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Session as Db

from store.models import Delivery, DeliveryState, Nudge, Reflection

MAY_BE_THERE = (DeliveryState.SENT, DeliveryState.CLAIMED, DeliveryState.UNKNOWN, DeliveryState.GIVEN_UP)
MANY = 10_000  # keys in one statement; SQLite takes 32,766
Found = TypeVar("Found")
UNSETTLED = (DeliveryState.CLAIMED, DeliveryState.WAITING, DeliveryState.UNKNOWN)


def add(db: Db, made: Sequence[Delivery | Nudge]) -> None:
    """Stores what was claimed, and tells each its id. They stay outside the session: so it takes half the time."""
    if made:
        rows = [{name: value for name, value in vars(each).items() if not name.startswith("_")} for each in made]
        for each, its_id in zip(made, db.connection().scalars(_ADD[type(made[0])], rows), strict=True):
            each.id = its_id


_ADD = {table: insert(table).returning(table.id, sort_by_parameter_order=True) for table in (Delivery, Nudge)}


def of_person(db: Db, person_id: int) -> Sequence[Nudge]:
    return db.scalars(select(Nudge).where(Nudge.person_id == person_id).order_by(Nudge.id)).all()


def of_people(db: Db, ids: Sequence[int], kinds: Sequence[str], all_of: Sequence[int] = ()) -> Sequence[Nudge]:
    """Those of these kinds and what was put off, oldest first; of the people `all_of` whatever there is."""
    return db.scalars(_OF_PEOPLE, {"people": ids, "kinds": kinds, "wholly": all_of}).all()


# Made once, as all that a tick asks again and again: making a statement takes longer than asking it.
_PEOPLE = bindparam("people", expanding=True, type_=Integer)
_KINDS = bindparam("kinds", expanding=True, type_=String)
_OF_PEOPLE = (
    select(Nudge)
    .where(
        Nudge.person_id.in_(_PEOPLE),
        or_(
            Nudge.kind.in_(_KINDS),
            Nudge.put_off_until.is_not(None),
            Nudge.is_wished,
            Nudge.person_id.in_(bindparam("wholly", expanding=True)),
        ),
    )
    .order_by(Nudge.id)
)


def find(db: Db, person_id: int, nudge_id: int) -> Nudge | None:
    """One that went to them, or may have."""
    return db.scalar(select(Nudge).where(Nudge.id == nudge_id, Nudge.person_id == person_id))


def told_in(db: Db, person_id: int, delivery_id: int, *, to_change: bool = False) -> Sequence[Nudge]:
    """The nudges (not notices) of a message to this person; none where it isn't theirs."""
    theirs = select(Nudge).where(
        Nudge.delivery_id == delivery_id,
        Nudge.person_id == person_id,
        Nudge.is_notice.is_(False),
        Nudge.dropped.is_(None),
    )
    query = theirs.order_by(Nudge.id)
    return db.scalars(query.with_for_update() if to_change else query).all()


def about(db: Db, workspace_id: str, key: str) -> Sequence[Nudge]:
    """All that the ledger has under a key: as it was sent, put off, given back, or dropped."""
    begins = [Nudge.key.startswith(f"{key}:{word}:", autoescape=True) for word in ("later", "released", "dropped")]
    mine = select(Nudge).where(Nudge.workspace_id == workspace_id, or_(Nudge.key == key, *begins))
    return db.scalars(mine.order_by(Nudge.id)).all()


def of_delivery(db: Db, delivery_id: int) -> Sequence[Nudge]:
    """What the delivery carries, without what was dropped before another attempt."""
    return db.scalars(
        select(Nudge).where(Nudge.delivery_id == delivery_id, Nudge.dropped.is_(None)).order_by(Nudge.id)
    ).all()


def taken(db: Db, workspace_id: str, keys: Sequence[str]) -> set[str]:
    """Which of these keys have been claimed before."""
    found: set[str] = set()
    for start in range(0, len(keys), MANY):
        known = {"workspace": workspace_id, "keys": keys[start : start + MANY]}
        found.update(db.scalars(_TAKEN, known))
    return found


_TAKEN = select(Nudge.key).where(
    Nudge.workspace_id == bindparam("workspace"), Nudge.key.in_(bindparam("keys", expanding=True))
)


def nudged_since(db: Db, ids: Collection[int], since: datetime) -> dict[int, list[datetime]]:
    """When messages with nudges (not notices) went to these people, or may have: what the weekly budget counts.

    Not those that brought back at their wish what they had put off, and nothing else.
    """
    if not ids:
        return {}
    rows = db.execute(_NUDGED, {"people": list(ids), "since": since})
    return _by_person((person_id, claimed_at) for _, person_id, claimed_at in rows)


_NUDGED = (
    select(Delivery.id, Nudge.person_id, Delivery.claimed_at)
    .join(Nudge, Nudge.delivery_id == Delivery.id)
    .where(
        Delivery.person_id.in_(_PEOPLE),
        Delivery.claimed_at > bindparam("since"),
        Delivery.state != DeliveryState.REFUSED,
        Nudge.dropped.is_(None),
        Nudge.is_notice.is_(False),
        Nudge.is_wished.is_(False),
    )
    .distinct()
    .order_by(Delivery.claimed_at)
)


def asked_since(db: Db, ids: Collection[int], kinds: Collection[str], since: datetime) -> dict[int, list[datetime]]:
    """When questions of these kinds went to these people, or may have; of one that waits, when it was claimed."""
    if not ids:
        return {}
    rows = db.execute(_ASKED, {"people": list(ids), "kinds": list(kinds), "since": since})
    return _by_person((person_id, asked_at) for person_id, asked_at in rows)


_ATTEMPTED = func.coalesce(Delivery.attempted_at, Delivery.claimed_at, type_=Delivery.claimed_at.type)
_ASKED = (
    select(Nudge.person_id, _ATTEMPTED)
    .join(Nudge, Nudge.delivery_id == Delivery.id)
    .where(
        Delivery.person_id.in_(_PEOPLE),
        Delivery.state != DeliveryState.REFUSED,
        Nudge.kind.in_(_KINDS),
        Nudge.dropped.is_(None),
        bindparam("since") < _ATTEMPTED,
    )
)


def in_doubt_before(db: Db, delivery: Delivery) -> int:
    """How many older ones of the workspace wait to be looked for."""
    older = (
        Delivery.workspace_id == delivery.workspace_id,
        Delivery.state == DeliveryState.UNKNOWN,
        Delivery.person_id.is_not(None),
        Delivery.id < delivery.id,
    )
    return db.scalar(select(func.count()).where(*older)) or 0


def unsettled_of(db: Db, ids: Collection[int]) -> dict[int, list[Delivery]]:
    """Deliveries to these people that may still have to be sent or looked for, oldest first."""
    return _by_person((each.person_id or 0, each) for each in db.scalars(_UNSETTLED, {"people": list(ids)}))


_UNSETTLED = (
    select(Delivery).where(Delivery.person_id.in_(_PEOPLE), Delivery.state.in_(UNSETTLED)).order_by(Delivery.id)
)


def _by_person(rows: Iterable[tuple[int, Found]]) -> dict[int, list[Found]]:
    found: dict[int, list[Found]] = {}
    for person_id, each in rows:
        found.setdefault(person_id, []).append(each)
    return found


def unsettled(db: Db, *, person_id: int | None = None, announcement_id: int | None = None) -> Sequence[Delivery]:
    """Deliveries that may still have to be sent or looked for, oldest first."""
    whose = Delivery.person_id == person_id if person_id is not None else Delivery.announcement_id == announcement_id
    return db.scalars(select(Delivery).where(whose, Delivery.state.in_(UNSETTLED)).order_by(Delivery.id)).all()


def count_unsettled(db: Db, workspace_id: str) -> dict[DeliveryState, int]:
    """How many are in each of these states."""
    found = db.execute(
        select(Delivery.state, func.count())
        .where(Delivery.state.in_(UNSETTLED), Delivery.workspace_id == workspace_id)
        .group_by(Delivery.state)
    )
    return dict.fromkeys(UNSETTLED, 0) | {state: count for state, count in found}  # noqa: C416 -- rows are no pairs to the type checker


def of_announcement(db: Db, announcement_id: int) -> Sequence[Delivery]:
    """To be changed: a second press of the same button waits for the first."""
    return db.scalars(
        select(Delivery).where(Delivery.announcement_id == announcement_id).order_by(Delivery.id).with_for_update()
    ).all()


def get_delivery(db: Db, delivery_id: int) -> Delivery:
    return db.get_one(Delivery, delivery_id)


def settle(db: Db, delivery_id: int, state: DeliveryState, **changes: object) -> bool:
    """Records the outcome of a delivery that was under way; a settled one is left as it is."""
    changed = db.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state.in_(UNSETTLED))
        .values(state=state, **changes)
        .returning(Delivery.id)
    )
    return changed.first() is not None


def take(db: Db, delivery: Delivery, state: DeliveryState, **changes: object) -> bool:
    """Changes a delivery, unless somebody else has taken or settled it since it was read."""
    changed = db.execute(
        update(Delivery)
        .where(
            Delivery.id == delivery.id,
            Delivery.state == delivery.state,
            Delivery.lease_until == delivery.lease_until,
        )
        .values(state=state, **changes)
        .returning(Delivery.id)
    )
    return changed.first() is not None


def begin(db: Db, ids: Collection[int], leased_until: datetime, now: datetime) -> set[int]:
    """Writes down that these are attempted now; which of them nobody has taken or settled since."""
    return set(db.scalars(_BEGUN, {"deliveries": list(ids), "lease": leased_until, "now": now}))


_BEGUN = (
    update(Delivery)
    .where(
        Delivery.id.in_(bindparam("deliveries", expanding=True)),
        Delivery.state == DeliveryState.CLAIMED,
        Delivery.attempted_at.is_(None),
        Delivery.lease_until == bindparam("lease"),
    )
    .values(attempted_at=bindparam("now"))
    .returning(Delivery.id)
    .execution_options(synchronize_session=False)
)


def aim(db: Db, delivery_id: int, target: str) -> None:
    """It is going to be sent there."""
    db.execute(update(Delivery).where(Delivery.id == delivery_id).values(target=target))


def arrived(db: Db, sent: Mapping[int, tuple[str, str]], now: datetime) -> None:
    """These are there: by the delivery's id, in which channel and with which ts."""
    rows = [{"delivery": key, "at": now, "where": channel, "stamp": ts} for key, (channel, ts) in sorted(sent.items())]
    if rows:
        db.connection().execute(_ARRIVED, rows)


_ARRIVED = (
    update(Delivery)
    .where(Delivery.id == bindparam("delivery"), or_(*(Delivery.state == state for state in UNSETTLED)))
    .values(
        state=DeliveryState.SENT, sent_at=bindparam("at"), channel=bindparam("where"), ts=bindparam("stamp"), error=None
    )
)


def of_message(db: Db, person_id: int, ts: str) -> Nudge | None:
    """What a message in their DM was about; None if it wasn't one of ours, or we don't know yet that it arrived."""
    return db.scalar(
        select(Nudge)
        .join(Delivery, Delivery.id == Nudge.delivery_id)
        .where(Nudge.person_id == person_id, Delivery.ts == ts, Nudge.dropped.is_(None))
        .order_by(Nudge.id)
        .limit(1)
    )


def asked_at(db: Db, nudge: Nudge) -> datetime | None:
    """When the message with it was on its way to Slack."""
    return db.scalar(select(Delivery.attempted_at).where(Delivery.id == nudge.delivery_id))


def open_question(
    db: Db, person_id: int, kinds: Sequence[str], *, since: datetime, thread_ts: str | None
) -> Nudge | None:
    """The question that a plain answer means: the one of the thread, else the newest one not answered yet.

    The thread of a message that we don't know may be that of a question whose arrival is in doubt.
    """
    if thread_ts is None:
        return next(iter(open_questions(db, person_id, kinds, since=since)), None)
    if of_message(db, person_id, thread_ts) is not None:
        of_thread = _asked(person_id, kinds).where(Delivery.ts == thread_ts)
        return db.scalar(of_thread.order_by(Delivery.attempted_at.desc()).limit(1))
    in_doubt = _open(person_id, kinds, since).where(Delivery.ts.is_(None))
    return db.scalar(in_doubt.order_by(Delivery.attempted_at.desc()).limit(1))


def open_questions(db: Db, person_id: int, kinds: Sequence[str], *, since: datetime) -> Sequence[Nudge]:
    """All that were asked since then and are not answered, newest first; once, what was put off and came again."""
    query = _open(person_id, kinds, since)
    found: dict[str, Nudge] = {}
    for nudge in db.scalars(query.order_by(Delivery.attempted_at.desc(), Nudge.id.desc())):
        found.setdefault(nudge.meaning, nudge)
    if any(nudge.is_wished for nudge in found.values()):
        answered = _answered(db, person_id)
        found = {meaning: nudge for meaning, nudge in found.items() if meaning not in answered}
    return list(found.values())


def _answered(db: Db, person_id: int) -> set[str]:
    """What they have answered, also where that was before it came again."""
    answered = select(Nudge).join(Reflection, Reflection.nudge_id == Nudge.id).where(Nudge.person_id == person_id)
    return {nudge.meaning for nudge in db.scalars(answered)}


def _open(person_id: int, kinds: Sequence[str], since: datetime) -> Select[Nudge]:
    return _asked(person_id, kinds).where(Delivery.attempted_at > since, Reflection.id.is_(None))


def _asked(person_id: int, kinds: Sequence[str]) -> Select[Nudge]:
    return (
        select(Nudge)
        .join(Delivery, Delivery.id == Nudge.delivery_id)
        .outerjoin(Reflection, Reflection.nudge_id == Nudge.id)
        .where(
            Nudge.person_id == person_id,
            Nudge.kind.in_(kinds),
            Nudge.dropped.is_(None),
            # They may have it before we know: the answer to its sending was lost, or is on its way.
            Delivery.state.in_(MAY_BE_THERE),
            Delivery.attempted_at.is_not(None),
        )
    )
