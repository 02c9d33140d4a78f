"""What somebody takes back of what they told in confidence."""

from dataclasses import replace
from typing import Any

import make
from pairing.company import Company

from bot.signup import joining
from store import keys, programmes, proofs
from store.database import Store
from store.models import Holder, Member, Programme, Round


def test_what_somebody_takes_back_is_forgotten_in_rounds_too_and_what_they_add_is_not(store: Store) -> None:
    company = Company(store)
    ana = company.person("U0ANA")
    with store.begin() as db:
        place = db.query(Member).filter_by(person_id=ana.id).one()
        place.avoid = keys.seal(db, Holder.PERSON, ana.id, "U0GRACE U0RUTH")
        proofs.keep(db, db.query(Round).one(), "with her list in it", [place.id])

    def change(**answers: Any) -> str | None:
        with store.begin() as db:
            programme = programmes.lock(db, db.query(Programme).one().id)
            joining.keep(db, programme, ana, replace(joining.answered(db, programme, ana), **answers), make.MONDAY)
        with store.read() as db:
            return proofs.read(db, db.query(Round).one())

    assert change(networks=("parents",)) == "with her list in it"
    assert change(avoid=("U0RUTH",)) is None
