"""A message is taken as what it is: read by whom its author has shared it with, and kept once."""

from datetime import timedelta

import make
from sqlalchemy import select

from bot.writing import taking
from store import kept as texts
from store import keys, reflections
from store.models import Became, Holder, Nudge, Reflection, Writing
from tests.store.kept import Kept

NOW = make.MONDAY
MINUTE = timedelta(minutes=1)


def write(kept: Kept, question: Nudge, text: str, minutes: int, thread_ts: str | None = None) -> None:
    """Ana writes so many minutes after now; the question is open as long as it has no answer."""
    post = taking.Post("D0ANA", f"{minutes}.0", thread_ts, text)
    with kept.store.begin() as db:
        questions = [] if reflections.of_question(db, question.id) and thread_ts is None else [question]
        assert taking.answer(db, kept.ana, post, questions, NOW + minutes * MINUTE)


def answers(kept: Kept) -> list[tuple[str, bool]]:
    """What is kept, and whether Oliver can read it."""
    with kept.store.read() as db:
        found = db.scalars(select(Reflection).order_by(Reflection.id))
        return [(reflections.text(db, each), each.is_shared) for each in found]


def stored(kept: Kept) -> list[str]:
    """The words of her messages, as they lie beside what they became."""
    with kept.store.read() as db:
        found = db.scalars(select(Writing).order_by(Writing.id))
        return [keys.unseal(db, Holder.PERSON, kept.ana.id, each.sealed) for each in found if each.sealed]


def share(kept: Kept) -> None:
    with kept.store.begin() as db:
        texts.share(db, db.scalars(select(Reflection)).one(), NOW)


def mend(kept: Kept, text: str) -> None:
    with kept.store.begin() as db:
        texts.mend(db, db.scalars(select(Reflection)).one(), text, None)


def change(kept: Kept, ts: str, text: str) -> str | None:
    with kept.store.begin() as db:
        return taking.changed(db, kept.ana, "D0ANA", ts, text, NOW)


def test_what_is_written_after_an_answer_was_shared_is_its_authors_alone(kept: Kept) -> None:
    question = kept.nudge("reflection:1", question="refl-mentor-1-aims")
    write(kept, question, "He listens", 1)
    share(kept)

    write(kept, question, "Between you and me, seldom", 2)
    write(kept, question, "Very seldom", 3)
    write(kept, question, "Today he did", 4, thread_ts="1.0")

    assert answers(kept) == [
        ("He listens", True),
        ("Between you and me, seldom\nVery seldom\nToday he did", False),
    ]


def test_of_a_text_that_was_changed_by_hand_the_first_words_are_not_kept(kept: Kept) -> None:
    question = kept.nudge("reflection:1", question="refl-mentor-1-aims")
    write(kept, question, "He is a FOOL", 1)
    mend(kept, "He listens")
    assert "FOOL" not in " ".join(stored(kept))

    write(kept, question, "He waits, the FOOL", 2)
    mend(kept, "He listens and waits")
    change(kept, "1.0", "He is still a FOOL")

    assert "FOOL" not in " ".join(stored(kept))
    assert answers(kept) == [("He listens and waits", False)]
    assert change(kept, "1.0", "") == ""
    assert change(kept, "2.0", "") == "slack.deleted", "once all of it is deleted in Slack, nothing is kept"
    assert answers(kept) == []


def two_open(kept: Kept) -> tuple[Nudge, Nudge]:
    """The newer question and the older one; what she has written so far she is asked about."""
    older, newer = (kept.nudge(f"reflection:{number}", question=f"refl-mentor-{number}") for number in (1, 2))
    return newer, older


def write_to(kept: Kept, questions: list[Nudge], text: str, minutes: int) -> None:
    with kept.store.begin() as db:
        post = taking.Post("D0ANA", f"{minutes}.0", None, text)
        assert taking.answer(db, kept.ana, post, questions, NOW + minutes * MINUTE)


def choose(kept: Kept, ts: str, question: Nudge, minutes: int) -> None:
    with kept.store.begin() as db:
        begun = db.scalars(select(Writing).where(Writing.ts == ts, Writing.became == Became.UNDECIDED)).one()
        taking.decide(db, begun, question, NOW + minutes * MINUTE)


def test_what_follows_a_choice_joins_the_answer_that_was_chosen(kept: Kept) -> None:
    newer, older = two_open(kept)
    write_to(kept, [newer, older], "He listens", 1)
    choose(kept, "1.0", newer, 9)

    write_to(kept, [older], "And waits", 11)
    write_to(kept, [older], "Seldom", 17)

    assert answers(kept) == [("He listens\nAnd waits", False), ("Seldom", False)]


def test_of_two_texts_that_wait_the_one_goes_on_that_was_decided_about_last(kept: Kept) -> None:
    newer, older = two_open(kept)
    write_to(kept, [newer, older], "He listens", 1)
    write_to(kept, [newer, older], "He waits", 7)
    choose(kept, "1.0", newer, 9)

    write_to(kept, [older], "To me", 10)

    assert answers(kept) == [("He listens\nTo me", False)]
