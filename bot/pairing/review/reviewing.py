"""A coordinator looks a round through: keeps pairs together, leaves pairs out, finds again around that, publishes.

Two may do so at once: whatever is pressed says which version of the round was seen, and where somebody has changed it
since, nothing is done but to tell so and to draw it anew.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session as Db

from bot.pairing import publishing, rounds
from bot.pairing.fit import Band
from bot.pairing.review import drawing, review_blocks
from bot.pairing.review.review_blocks import Seen, seen
from bot.pairing.review.starting import may_look
from bot.slack import who
from bot.slack.listening import Ask, Filed, Form, Instead, Word, Wrong
from store import members, programmes
from store import rounds as kept
from store.models import Round, RoundState, Wish

log = logging.getLogger(__name__)

STALE = "*Somebody has changed these pairs meanwhile.* This is how they stand now; look once more."
NOT_OPEN = "This round was published or replaced by another meanwhile. Nothing was done twice."
NOT_YOURS = "That is your own pair: somebody else decides about it."
NOT_THERE = "That pair isn't among these any more."
NOT_FOR_YOU = "Only coordinators can publish pairs."


@dataclass(frozen=True)
class Looked:
    """A coordinator's press in a view of ours."""

    ask: Ask
    seen: Seen

    @property
    def view_id(self) -> str:
        return str((self.ask.view or {})["id"])

    def draw(self, note: str = "", page: int | None = None) -> None:
        """All pairs as they stand now, in the same modal."""
        page = self.seen.page if page is None else page
        self.ask.change(self.view_id, drawing.of(self.ask.house, self.seen.round_id, self.ask.me, page, note))


def looked(ask: Ask) -> Looked | None:
    """None where it was pressed outside our views, or by somebody who is no coordinator any more."""
    found = seen(str(ask.view.get("private_metadata"))) if ask.view is not None else None
    if found is None or not may_look(ask):
        return None
    return Looked(ask, found)


def standing(db: Db, house_id: str, seen: Seen) -> tuple[Round | None, str]:
    """The round, locked, if it is as it was seen; else why not."""
    made = kept.lock(db, house_id, seen.round_id)
    if made is None or made.state is not RoundState.PROPOSED:
        return None, NOT_OPEN
    return (made, "") if made.version == seen.version else (None, STALE)


def change(look: Looked, do: Callable[[Db, Round], tuple[str, bool]]) -> None:
    """Does it if the round is as it was seen, and draws it anew. `do` returns what to say, and whether it did it."""
    with look.ask.house.store.begin() as db:
        made, note = standing(db, look.ask.house.workspace_id, look.seen)
        if made is not None:
            note, is_done = do(db, made)
            if is_done:
                kept.changed(made)
                made.tell = None
    look.draw(note)


# ---- Pages


def turn(ask: Ask) -> None:
    if (look := looked(ask)) is not None and ask.number is not None:
        look.draw(page=ask.number)


# ---- What is wished of a pair that is proposed


def keep_together(ask: Ask) -> None:
    _wish(ask, Wish.PIN)


def leave_out(ask: Ask) -> None:
    _wish(ask, Wish.FORBID)


def no_wish(ask: Ask) -> None:
    _wish(ask, None)


def _wish(ask: Ask, wish: Wish | None) -> None:
    look = looked(ask)
    if look is None or ask.number is None:
        return
    number = ask.number

    def wished(db: Db, made: Round) -> tuple[str, bool]:
        each = kept.proposal(db, made.id, number)
        if each is None:
            return NOT_THERE, False
        if is_own(db, each.mentor_id, each.mentee_id, ask.me.id):
            return NOT_YOURS, False
        kept.wish(db, made, (each.mentor_id, each.mentee_id), wish, ask.me.id, ask.now)
        log.info("wished round=%s proposal=%s wish=%s by=%s", made.id, each.id, wish, ask.me.slack_id)
        return "", True

    change(look, wished)


def is_own(db: Db, mentor_id: int, mentee_id: int, person_id: int) -> bool:
    """Nobody reviews a pair of their own."""
    places = members.by_id(db, [mentor_id, mentee_id])
    return person_id in {place.person_id for place in places.values()}


# ---- The round as a whole


def again(ask: Ask) -> None:
    """Solves it once more around what coordinators wish, in the same modal."""
    if (look := looked(ask)) is None:
        return
    note, is_begun = "", False
    with ask.house.store.begin() as db:
        made, note = standing(db, ask.house.workspace_id, look.seen)
        if made is not None:
            rounds.begin_again(db, made, ask.me.id, ask.now)
            rounds.watch(made, look.view_id, ask.me.id)
            is_begun = True
    look.draw("" if is_begun else note)


def discard(ask: Ask) -> None:
    if (look := looked(ask)) is None:
        return
    with ask.house.store.begin() as db:
        made, note = standing(db, ask.house.workspace_id, look.seen)
        if made is not None:
            made.state, made.tell = RoundState.DISCARDED, None
            log.info("discarded round=%s by=%s", made.id, ask.me.slack_id)
    look.draw(note)


# ---- Publishing


def asked(form: Form) -> Wrong | Instead:
    """What publishing means, before it is done."""
    found = _allowed(form)
    if isinstance(found, Wrong):
        return found
    with form.house.store.begin() as db:
        made, note = standing(db, form.house.workspace_id, found)
        if made is not None:
            review = drawing.review(db, programmes.get(db, made.programme_id), made, form.house.words(db), found.page)
            return Instead(review_blocks.confirm(review, kept.count_kept(db, made.id, Band.FAIR)))
    return Instead(drawing.of(form.house, found.round_id, form.me, found.page, note))


def published(form: Form) -> Wrong | Instead:
    found = _allowed(form)
    if isinstance(found, Wrong):
        return found
    with form.house.store.begin() as db:
        seen_now = kept.find(db, form.house.workspace_id, found.round_id)
        if seen_now is not None:
            programmes.lock(db, seen_now.programme_id)  # before the round, as whoever begins another does
        made, note = standing(db, form.house.workspace_id, found)
        if made is not None:
            made.tell = None
            return Instead(review_blocks.published(publishing.begin(db, made, form.me.id, form.now)))
    return Instead(drawing.of(form.house, found.round_id, form.me, found.page, note))


def _allowed(form: Form) -> Seen | Wrong:
    found = seen(form.private)
    if found is None or not who.is_coordinator(form.house, form.client, form.me.slack_id):
        return Wrong({"": NOT_FOR_YOU})
    return found


PRESSES: Mapping[str, Word] = {
    review_blocks.PAGE + ".back": turn,
    review_blocks.PAGE + ".on": turn,
    review_blocks.PAGE + ".last": turn,
    review_blocks.BACK: turn,
    review_blocks.PIN: keep_together,
    review_blocks.UNPIN: no_wish,
    review_blocks.FORBID: leave_out,
    review_blocks.ALLOW: no_wish,
    review_blocks.AGAIN: again,
    review_blocks.DISCARD: discard,
}
FORMS: Mapping[str, Filed] = {review_blocks.REVIEW: asked, review_blocks.PUBLISH: published}
