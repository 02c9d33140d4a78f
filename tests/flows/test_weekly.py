"""Where a programme wishes it, pairs are proposed each Monday; nothing is published by itself."""

from datetime import timedelta

from conftest import Town
from flows.companies import stored
from flows.telling import AI, join, on, plain, set_up, words

from sandbox import Sandbox
from store import rounds
from store.models import Round

WEEKLY = {"New pairs": ["Propose pairs every Monday"]}


def told(box: Sandbox) -> list[str]:
    return [plain(box, message.text) for message in box.dm("ruth") if "New pairs are possible" in message.text]


def test_each_monday_the_coordinator_hears_whether_somebody_could_be_paired(town: Town) -> None:
    box = town()
    set_up(box, **WEEKLY)
    join(box, "ana", "Mentor", [AI])
    box.advance_to(on("2027-03-08", "12:00"))
    assert told(box) == [], "nobody of the other side waits"

    join(box, "oliver", "Mentee", [AI])
    box.advance_to(on("2027-03-15", "05:00"))
    assert told(box) == []
    box.advance_to(on("2027-03-15", "12:00"))

    [said] = told(box)
    assert said.startswith("New pairs are possible in *Look Up*: 1.")
    assert box.group("ana", "oliver") == [], "nobody has heard of it"
    with stored(box) as store, store.read() as db:
        assert rounds.to_tell(db, db.query(Round).one().created_by) == [], "once is enough, whatever changes in it"
    box.press("ruth", "Look at the pairs", where=box.dm("ruth")[-1])
    assert "*@ana* mentors *@oliver*" in words(box, box.modal("ruth"))
    box.close("ruth")
    box.advance(timedelta(days=7))
    assert len(told(box)) == 2, "and again, until somebody does something about it"


def test_a_programme_that_no_longer_wishes_it_is_left_alone(town: Town) -> None:
    box = town()
    set_up(box, **WEEKLY)
    join(box, "ana", "Mentor", [AI])
    join(box, "oliver", "Mentee", [AI])

    box.command("ruth", "/flipside programme")
    assert box.submit("ruth", {"New pairs": []}) == {}
    box.advance_to(on("2027-03-08", "12:00"))

    assert told(box) == []
