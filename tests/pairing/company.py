"""A small company in a real store, with one pair in it."""

import make

from bot.house import House
from bot.pairing import jobs
from store import agenda, directory, pairs, people, workspaces
from store.database import Store
from store.models import BrokenRule, Pair, Person, Round, Side, Source, Subject


class Company:
    """Ana mentors Oliver; Ruth runs the programme. Everyone reports to Grace."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.begin() as db:
            workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")
        with store.begin() as db:
            for slack_id in ("U0RUTH", "U0ANA", "U0OLIVER", "U0GRACE"):
                db.add(make.person(slack_id, id=None, name=slack_id))
            db.flush()
            ruth, ana, oliver, grace = (self.person(each, db) for each in ("U0RUTH", "U0ANA", "U0OLIVER", "U0GRACE"))
            self.ruth = ruth.id
            programme = make.programme(id=None, created_by=ruth.id)
            db.add(programme)
            db.flush()
            mentor = make.member(id=None, programme_id=programme.id, person_id=ana.id)
            mentee = make.member(Side.MENTEE, id=None, programme_id=programme.id, person_id=oliver.id)
            made = Round(
                workspace_id=make.WORKSPACE, programme_id=programme.id, created_by=ruth.id,
                created_at=make.MONDAY, seed=1, placed=1, total=1,
            )  # fmt: skip
            db.add_all([mentor, mentee, made])
            db.flush()
            ids = {"programme_id": programme.id, "mentor_id": mentor.id, "mentee_id": mentee.id, "round_id": made.id}
            db.add(make.pair(id=None, **ids))
            directory.say(grace, Source.FILE, {"manager": "", "team": "Board"}, make.MONDAY)
        self.tell("U0ANA", manager="U0GRACE", team="Platform")
        self.tell("U0OLIVER", manager="U0GRACE", team="Sales")

    def person(self, slack_id: str, db: object = None) -> Person:
        if db is None:
            with self.store.read() as reading:
                return self.person(slack_id, reading)
        found = people.find(db, make.WORKSPACE, slack_id)  # type: ignore[arg-type]
        assert found is not None
        return found

    def tell(self, slack_id: str, source: Source = Source.FILE, **facts: object) -> None:
        """The source says this of them, and nothing else."""
        with self.store.begin() as db:
            directory.say(self.person(slack_id, db), source, facts, make.MONDAY)

    def look(self, at: object = make.MONDAY) -> object:
        house = House(None, self.store, make.words(), lambda: at, None, make.WORKSPACE)  # type: ignore[arg-type]
        return jobs.watch(house, 0)

    @property
    def broken(self) -> list[BrokenRule]:
        with self.store.read() as db:
            return list(db.query(BrokenRule).order_by(BrokenRule.id))

    @property
    def standing(self) -> list[str]:
        with self.store.read() as db:
            return [each.rule for each in pairs.unmended(db, make.WORKSPACE)]

    @property
    def looked_at(self) -> list[tuple[Subject, int]]:
        with self.store.read() as db:
            return [(each.subject, each.subject_id) for each in agenda.due(db, make.WORKSPACE, make.MONDAY, 10)]

    def change(self, **facts: object) -> None:
        """Changes the pair."""
        with self.store.begin() as db:
            pair = db.query(Pair).one()
            for name, value in facts.items():
                setattr(pair, name, value)
