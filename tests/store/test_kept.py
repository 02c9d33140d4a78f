"""What was written is found by who may read it, shared once, and gone when it is deleted."""

from datetime import date, timedelta

import make

from store import kept as texts
from store import keys, notes, reflections, sayings, writings
from store.models import Became, Holder, Person, SayingKind
from tests.store.kept import Kept

NOW = make.MONDAY
DAY = timedelta(days=1)


def note(kept_: Kept, author: Person, text: str, *, is_shared: bool = False) -> str:
    with kept_.store.begin() as db:
        row = notes.add_note(db, make.WORKSPACE, kept_.pair.id, None, author.id, text, NOW, is_shared=is_shared)
        db.flush()
        return notes.note_written(db, row).ref


def answer(kept_: Kept) -> str:
    question = kept_.nudge("reflection:1", question="refl-mentor-1-aims")
    with kept_.store.begin() as db:
        row = reflections.add(db, question, "He listens", "D0ANA", "5.0", NOW)
        writings.begin(db, kept_.ana, "D0ANA", "5.0", None, "He listens", Became.ANSWER, NOW, row.id)
        return reflections.written(db, row).ref


def found(kept_: Kept, person: Person, ref: str) -> str | None:
    with kept_.store.read() as db:
        row = texts.find(db, person.id, ref)
        return texts.read(db, row).text if row else None


def readable(kept_: Kept, person: Person) -> list[str]:
    with kept_.store.read() as db:
        return [each.text for each in texts.readable(db, person.id, [kept_.pair.id])]


def test_what_is_private_is_found_by_its_author_alone_until_it_is_shared(kept: Kept) -> None:
    for ref in (note(kept, kept.ana, "He listens"), answer(kept)):
        assert [found(kept, each, ref) for each in (kept.ana, kept.oliver, kept.noor)] == ["He listens", None, None]
        share(kept, ref)
        assert [found(kept, each, ref) for each in (kept.ana, kept.oliver, kept.noor)] == ["He listens"] * 2 + [None]


def share(kept_: Kept, ref: str, days: int = 0) -> None:
    with kept_.store.begin() as db:
        row = texts.own(db, kept_.ana.id, ref, locks=True)
        assert row is not None
        texts.share(db, row, NOW + days * DAY)  # type: ignore[arg-type]


def test_what_is_shared_is_read_with_the_pairs_key_and_told_once(kept: Kept) -> None:
    ref = note(kept, kept.ana, "He listens")
    share(kept, ref)
    share(kept, ref, days=1)

    with kept.store.begin() as db:
        keys.destroy(db, Holder.PERSON, kept.ana.id)
    assert found(kept, kept.oliver, ref) == "He listens"
    assert shared_with(kept, kept.oliver) == [(ref, NOW)]
    assert shared_with(kept, kept.ana) == []


def shared_with(kept_: Kept, person: Person) -> list[tuple[str, object]]:
    with kept_.store.read() as db:
        return [(each.ref, each.at) for each in texts.shared_with(db, person.id, [kept_.pair.id])]


def test_only_its_author_can_change_it_and_nobody_thanks_that_were_passed_on(kept: Kept) -> None:
    shared = note(kept, kept.ana, "For both", is_shared=True)
    thanks = thank(kept)

    assert own(kept, kept.ana, shared)
    assert not own(kept, kept.oliver, shared)
    assert not own(kept, kept.ana, thanks)
    assert readable(kept, kept.oliver) == ["For the time", "For both"]


def own(kept_: Kept, person: Person, ref: str) -> bool:
    with kept_.store.read() as db:
        return texts.own(db, person.id, ref) is not None


def thank(kept_: Kept) -> str:
    with kept_.store.begin() as db:
        scope, pair_id, ana = make.WORKSPACE, kept_.pair.id, kept_.ana.id
        row = sayings.add(db, scope, pair_id, ana, SayingKind.THANKS, "For the time", NOW + DAY, for_all=False)
        db.flush()
        return texts.read(db, row).ref


def test_what_is_deleted_takes_its_messages_along(kept: Kept) -> None:
    ref = answer(kept)

    delete(kept, ref)

    assert found(kept, kept.ana, ref) is None
    with kept.store.read() as db:
        assert writings.of_person(db, kept.ana.id) == []


def delete(kept_: Kept, ref: str) -> None:
    with kept_.store.begin() as db:
        row = texts.own(db, kept_.ana.id, ref, locks=True)
        assert row is not None
        texts.delete(db, row)


def test_an_old_button_never_means_what_was_written_since(kept: Kept) -> None:
    """SQLite gives the number of a deleted row to the next one."""
    ref = note(kept, kept.ana, "Deleted")
    delete(kept, ref)
    with kept.store.begin() as db:
        notes.add_note(db, make.WORKSPACE, kept.pair.id, None, kept.ana.id, "New", NOW + DAY, is_shared=False)

    assert found(kept, kept.ana, ref) is None
    assert [found(kept, kept.ana, wrong) for wrong in ("note:x:1", "note", "", "story:1:1")] == [None] * 4


def test_an_action_is_changed_with_its_day(kept: Kept) -> None:
    with kept.store.begin() as db:
        row = notes.add_action(db, make.WORKSPACE, kept.pair.id, None, kept.ana.id, "Write", NOW)
        db.flush()
        texts.mend(db, row, "Write to Bo", date(2027, 4, 1))

    with kept.store.read() as db:
        [action] = notes.actions(db, [kept.pair.id], is_open=True)
    assert (action.text, action.due_on) == ("Write to Bo", date(2027, 4, 1))
