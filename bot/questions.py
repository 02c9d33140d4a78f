"""Which question a meeting gets: one for both sides before it, one after it, and nobody ever gets one twice."""

from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session as Db

from bot import themes
from bot.prompts import Prompts, Twin
from store import questions
from store.models import Session
from store.snapshots import Partnership


def allot(db: Db, prompts: Prompts, each: Partnership, session: Session) -> None:
    """Gives a meeting that has got a date its theme and its questions, within the transaction that sets it.

    It is done for both at once, and with their programme locked: so the two sides stay together, and two pairs that
    share somebody can't be given the same question. What one of the two has prepared with stays, whenever they meet.
    """
    if questions.prepared(db, [session.id]):
        return
    session.theme = themes.of_talk(each, session.starts_at)
    session.preparation = session.reflection = None  # nobody had them: they are free again
    had = questions.had(db, each.programme.id, [each.me.id, each.partner.id])
    found = {
        kind: choose(prompts.twins.values(), kind, session.theme, each.programme.focus, had, session.number)
        for kind in ("preparation", "reflection")
    }
    session.preparation, session.reflection = (twin.id if twin else None for twin in found.values())


def choose(
    bank: Iterable[Twin], kind: str, theme: int, objective: str | None, had: Collection[str], number: int
) -> Twin | None:
    """The question for both of a pair at their `number`-th meeting; None when they had all there are.

    The meeting's theme goes first. Within it, meetings with questions for all and with questions of the programme's
    objective take turns; the first is for all, since before all else the two get to know each other.
    """
    theme, wants_own = themes.of_six(theme), number % 2 == 0
    fitting = [
        twin for twin in bank if twin.kind == kind and twin.objective in (None, objective) and twin.id not in had
    ]
    return min(
        fitting,
        key=lambda twin: (_distance(twin.theme, theme), (twin.objective is not None) is not wants_own),
        default=None,  # of equals the first of the bank
    )


def _distance(of_twin: int | None, theme: int) -> int:
    """The theme itself, then what fits any, then the themes gone by, the last first: those to come are saved."""
    if of_twin == theme:
        return 0
    if of_twin is None:
        return 1
    return 1 + theme - of_twin if of_twin < theme else len(themes.THEMES) + of_twin
