"""Whose questions somebody may look through, and where they begin."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import themes
from store.models import TAKES_PART, Session, SessionState
from store.snapshots import Partnership, Place

OF_PAIR = re.compile(r"pair ([0-9]{1,9})")


@dataclass(frozen=True)
class Shelf:
    """A pair of somebody's, or a side on which they have none yet, with what the next talk there is about."""

    place: Place
    pair: Partnership | None
    theme: int

    @property
    def key(self) -> str:
        """The same as long as they have this side and this pair."""
        return f"{self.place.member.id}.{self.pair.pair.id if self.pair else 0}"


def shelves(
    places: Sequence[Place], live: Sequence[Partnership], now: datetime, prepared: Container[int] = ()
) -> list[Shelf]:
    """One for each pair of theirs, and then for each side on which they have none. `prepared` are the ids of talks for
    which there was a question to prepare with."""
    mine = {place.member.id: place for place in places if place.member.state in TAKES_PART}
    met = [each for each in live if each.pair.introduced_at is not None and each.mine.id in mine]
    alone = mine.keys() - {each.mine.id for each in met}
    return [
        *(Shelf(mine[each.mine.id], each, theme_now(each, now, prepared)) for each in met),
        *(Shelf(mine[member_id], None, themes.THEMES[0]) for member_id in sorted(alone)),
    ]


def theme_now(each: Partnership, now: datetime, prepared: Container[int] = ()) -> int:
    """What their next talk is about: as it was booked, also if it was cancelled once they had prepared; else by the
    month."""
    last = each.sessions[-1] if each.sessions else None
    if last is not None and (last.state is SessionState.PLANNED or _is_kept(last, prepared)):
        return themes.of_six(last.theme)
    return themes.of_six(themes.of_talk(each, now))


def _is_kept(session: Session, prepared: Container[int]) -> bool:
    return session.state is SessionState.CANCELLED and session.id in prepared


def meant(text: str, found: Sequence[Shelf]) -> Shelf:
    """That of the pair a button named, else the first."""
    named = OF_PAIR.fullmatch(text.strip())
    theirs = (shelf for shelf in found if named and shelf.pair and shelf.pair.pair.id == int(named[1]))
    return next(theirs, found[0])


def theme_meant(text: str, names: Sequence[str]) -> int | None:
    """The theme that somebody typed: its number, or a part of its name."""
    said = text.strip().casefold()
    by_number = {str(theme): theme for theme in themes.THEMES}
    if not said or said in by_number:
        return by_number.get(said)
    found = (theme for theme, name in zip(themes.THEMES, names, strict=True) if said in name.casefold())
    return next(found, None)
