"""A pair with all that belongs to it, as it is stored."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

import make
from beside import beside
from sqlalchemy.orm import Session as Db

from store import workspaces
from store.database import Store
from store.models import Base, Delivery, Nudge, Pair, Person, Programme, Session, Side


@dataclass
class Kept:
    """Ana mentors Oliver; they have a date. Noor is in the workspace and in nothing else."""

    store: Store
    ana: Person
    oliver: Person
    noor: Person
    programme: Programme
    pair: Pair
    session: Session
    deliveries: int = 0

    def add(self, row: Base) -> None:
        with self.store.begin() as db:
            db.add(row)

    def nudge(self, key: str, **facts: object) -> Nudge:
        """A nudge to Ana, stored, with a delivery of its own if none is given."""
        if "delivery_id" not in facts:
            facts["delivery_id"] = self.delivery().id
        with self.store.begin() as db:
            made = make.nudge(
                key.partition(":")[0],
                id=None,
                **{"key": key, "person_id": self.ana.id, "pair_id": self.pair.id, **facts},
            )
            db.add(made)
        return made

    def delivery(self, **facts: object) -> Delivery:
        """A delivery to Ana, stored."""
        self.deliveries += 1
        made = make.delivery(f"{self.deliveries:032}", id=None, **{"person_id": self.ana.id, **facts})
        with self.store.begin() as db:
            db.add(made)
        return made

    def beside(self, do: Callable[[Db], object]) -> Future[None]:
        return beside(self.store, do)


def keep(store: Store) -> Kept:
    with store.begin() as db:
        workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")
    ana, oliver, noor = (make.person(each, id=None) for each in ("U0ANA", "U0OLIVER", "U0NOOR"))
    with store.begin() as db:
        db.add_all([ana, oliver, noor])
        db.flush()
        programme = make.programme(id=None, created_by=noor.id)
        db.add(programme)
        db.flush()
        mentor = make.member(Side.MENTOR, id=None, programme_id=programme.id, person_id=ana.id)
        mentee = make.member(Side.MENTEE, id=None, programme_id=programme.id, person_id=oliver.id)
        round_ = make.round_(id=None, programme_id=programme.id, created_by=noor.id)
        db.add_all([mentor, mentee, round_])
        db.flush()
        members = {"mentor_id": mentor.id, "mentee_id": mentee.id}
        pair = make.pair(id=None, programme_id=programme.id, round_id=round_.id, **members)
        db.add(pair)
        db.flush()
        session = make.session(make.at("2027-03-18 15:00"), id=None, pair_id=pair.id, booked_by=oliver.id)
        db.add(session)
    return Kept(store, ana, oliver, noor, programme, pair, session)
