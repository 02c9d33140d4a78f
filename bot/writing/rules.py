"""What a message to the bot means, which messages are one text, and what is said about it to whom."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.due import Due
from bot.thanking import may_thank
from store.models import Became, Writing
from store.snapshots import Partnership, Snapshot

IN_A_ROW = timedelta(minutes=5)  # a message that comes later than that is a text of its own
REPLY_WITHIN = timedelta(days=1)
SHARED_WITHIN = timedelta(days=14)
WORTH_SHARED = 15

# A word at the beginning of a message says what the rest of it is.
BEGINS: Mapping[str, Became] = {"note": Became.NOTE, "action": Became.ACTION, "thanks": Became.THANKS}
_BEGINNING = re.compile(rf"({'|'.join(BEGINS)})(\s*[:,]|\s)\s*(\S.*)", re.IGNORECASE | re.DOTALL)

THANKED = ("thanks", "thank you", "thx", "many thanks")
WHO_SEES = re.compile(r"who (can )?(see|sees|read|reads) (this|that|it|what|what i write|my answers?|my notes?)")
ENDS = " .!?…"


@dataclass(frozen=True)
class Begun:
    """A text whose first word says what it is."""

    became: Became
    text: str
    is_marked: bool = True
    """A sign stands after the word, so that it can't be the first word of a sentence."""


def begun(text: str) -> Begun | None:
    """`note …`, `action …` or `thanks …`, with something after it."""
    found = _BEGINNING.fullmatch(text.strip())
    return Begun(BEGINS[found[1].lower()], found[3].strip(), bool(found[2].strip())) if found else None


def is_shown_first(said: Begun, *, is_asked: bool) -> bool:
    """Whether nothing comes of it before they say so: the partner would read it, and it may be meant for nobody else.

    Thanks always; something to do where a question is open that the whole of it may answer.
    """
    return said.became is Became.THANKS or (said.became is Became.ACTION and is_asked and not said.is_marked)


def word(text: str) -> str:
    """A short message as a word of the bot's: without case and signs at its end."""
    said = " ".join(text.lower().strip(ENDS).split())
    if said in THANKED:
        return "thanks"
    return "who sees this" if WHO_SEES.fullmatch(said) else said


def goes_on(begun: Writing, last_at: datetime, asked_at: datetime | None, now: datetime) -> bool:
    """Whether a message is one with the text before it: soon after it, outside of threads, nothing asked since.

    `last_at`: when the text was added to, or its author said what it is for.
    """
    was_asked_since = asked_at is not None and asked_at > last_at
    return begun.thread_ts is None and now - last_at <= IN_A_ROW and not was_asked_since


def live(partnerships: Sequence[Partnership], now: datetime) -> list[Partnership]:
    """The pairs something may be written down for: introduced, and not over."""
    return [
        each
        for each in partnerships
        if each.pair.introduced_at is not None
        and each.pair.ended_at is None
        and (each.pair.ends_at is None or now < each.pair.ends_at)
    ]


def may_be_for(became: Became, partnerships: Sequence[Partnership], now: datetime) -> list[Partnership]:
    """The pairs a text can be for: thanks are passed on after the end, too."""
    if became is Became.THANKS:
        return [each for each in partnerships if may_thank(each, now)]
    return live(partnerships, now)


# What is said


def due(snapshot: Snapshot) -> list[Due]:
    return [*_replies(snapshot), *_shared(snapshot)]


def kind(begun: Writing) -> str | None:
    """Which reply a text gets; None where all is said."""
    match begun.became, begun.kept_id:
        case Became.UNDECIDED, None:
            return "which_question"
        case Became.THANKS, None:
            return "thanks_shown"
        case ((Became.NOTE | Became.ACTION), None):
            return "which_pair"
        case Became.ANSWER, _:
            return "reflection_kept"
        case Became.NOTE, _:
            return "note_kept"
        case Became.ACTION, _:
            return "action_kept"
    return None


def _replies(snapshot: Snapshot) -> list[Due]:
    """What became of each text, at once; and again when that changes."""
    told = [(each, kind(each)) for each in snapshot.writings if each.turn]
    return [
        Due(
            key=f"{reply}:{begun.id}:{begun.turn}",
            kind=reply,
            opens_at=begun.heard_at,
            closes_at=begun.heard_at + REPLY_WITHIN,
            is_notice=True,
            at_once=True,
            about=begun.id,
        )
        for begun, reply in told
        if reply is not None
    ]


def _shared(snapshot: Snapshot) -> list[Due]:
    """A gentle word that the partner shared something; what it says stays on the Home."""
    mine = {each.pair.id: each for each in snapshot.partnerships if not each.is_on_hold and not each.pair.ended_at}
    return [
        Due(
            key=f"{shared.ref}:shared:{snapshot.person.id}",  # blocks read the ref back
            kind=f"{shared.ref.partition(':')[0]}_shared",
            opens_at=shared.at,
            closes_at=shared.at + SHARED_WITHIN,
            worth=WORTH_SHARED,
            pair_id=shared.pair_id,
        )
        for shared in snapshot.shared
        if shared.pair_id in mine
    ]
