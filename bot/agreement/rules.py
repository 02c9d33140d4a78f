"""When the guide for the first talk is due, and who hears of an agreement."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from bot import dates
from bot.due import Due
from store.models import Agreement, Session, SessionState
from store.snapshots import Partnership, Snapshot

IS_NEWS = timedelta(days=14)
WORTH = {"first_talk": 29}


def due(snapshot: Snapshot) -> list[Due]:
    found: list[Due] = []
    for each in snapshot.partnerships:
        if not each.is_under_way:
            continue
        found += [*_first_talk(each), *_proposed(each), *_agreed(each)]
    return found


def _first_talk(each: Partnership) -> list[Due]:
    """Once, together with the question for the first talk that has a date; not to those who have talked already."""
    first = _first(each.sessions)
    if first is None:
        return []
    return [
        Due(
            key=f"first_talk:{each.pair.id}:{each.me.id}",
            kind="first_talk",
            opens_at=dates.prepares_at(each, first),
            closes_at=first.starts_at,
            worth=WORTH["first_talk"],
            pair_id=each.pair.id,
            session_id=first.id,
        )
    ]


def _first(sessions: Sequence[Session]) -> Session | None:
    if any(session.state is SessionState.HELD for session in sessions):
        return None
    return next((session for session in sessions if session.state is SessionState.PLANNED), None)


def _proposed(each: Partnership) -> list[Due]:
    """To the one who is asked for their yes, as long as nobody has said it, and nothing newer is proposed."""
    latest = each.agreements[-1] if each.agreements else None
    if latest is None or latest.agreed_at is not None or latest.proposed_by == each.me.id:
        return []
    return [_notice("agreement_proposed", each, latest, latest.proposed_at, each.pair.ends_at)]


def _agreed(each: Partnership) -> list[Due]:
    """To the one who proposed it: the other has said yes."""
    return [
        _notice("agreement_agreed", each, version, version.agreed_at, version.agreed_at + IS_NEWS)
        for version in each.agreements
        if version.agreed_at is not None and version.proposed_by == each.me.id
    ]


def _notice(kind: str, each: Partnership, version: Agreement, opens_at: datetime, closes_at: datetime | None) -> Due:
    return Due(
        key=f"{kind}:{version.id}",
        kind=kind,
        opens_at=opens_at,
        closes_at=closes_at,
        is_notice=True,
        pair_id=each.pair.id,
        about=version.id,
    )


class Filing(StrEnum):
    """What becomes of a form that one of a pair sends."""

    PROPOSE = "propose"
    AGREE = "agree"  # the other proposed just that
    KEEP = "keep"  # nothing is changed
    LOOK_FIRST = "look first"  # the other has proposed something meanwhile


def filing(
    terms: Mapping[str, str], latest: Agreement | None, its_terms: Mapping[str, str], seen: int, me: int
) -> Filing:
    """`seen` is the version that the form began with, 0 for none; `me` the id of the person who sends it."""
    if latest is not None and terms == its_terms:
        return Filing.AGREE if latest.agreed_at is None and latest.proposed_by != me else Filing.KEEP
    if latest is not None and latest.version != seen:
        return Filing.LOOK_FIRST
    return Filing.PROPOSE
