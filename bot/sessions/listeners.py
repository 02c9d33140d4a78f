"""A pair books and moves its meetings, and says whether they were held."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy.orm import Session as Db

from bot import countries, picking, questions
from bot.prompts import Prompts
from bot.sessions import blocks, noting_blocks, rules
from bot.sessions.suggesting_rules import MOST as MOST_SUGGESTED
from bot.slack import kit
from bot.slack.kit import Block
from bot.slack.listening import Ask, Filed, Form, Word, Wrong
from store import agenda, directory, pairs, people, sessions, snapshots
from store.models import Cadence, Session, SessionState, Source, Way
from store.snapshots import Partnership

log = logging.getLogger(__name__)

ON_HOLD = "Your talks are paused for now. A date can be set when they go on."
GONE_BY = "That time has gone by, or is after your last day. Your Home has a button for another one."
EARLIER = "This was about an earlier date. Your Home has the one that stands."
YOU_MET = "You met. Your notes are on the Home; a question to look back comes in two days."
NOT_NOW = {Cadence.MONTHLY: "Not this month, then.", Cadence.FORTNIGHTLY: "Not this time, then."}
NEXT_TIME = {
    Cadence.MONTHLY: " Next month I'll ask for a new date.",
    Cadence.FORTNIGHTLY: " When the next two weeks begin, I'll ask for a new date.",
}


def meet(ask: Ask) -> None:
    """Opens the form for the next date, or for moving it."""
    each = picking.pair(ask, "meet")
    if each is None:
        return
    if each.is_on_hold:
        ask.reply(ON_HOLD)
        return
    _ask_for_date(ask, each, _standing(each, ask.now))


def _ask_for_date(ask: Ask, each: Partnership, session: Session | None) -> None:
    """With moments that suit both, where neither has another talk."""
    ask.show(_form(ask, each, session, directory.source_of(each.me.known, "country") or Source.SLACK))


def _form(ask: Ask, each: Partnership, session: Session | None, country: Source) -> Block:
    with ask.house.store.read() as db:
        taken = sessions.taken(db, [each.me.id, each.partner.id])
    return blocks.date_form(each, session, ask.now, taken, country=country)


def elsewhere(ask: Ask) -> None:
    """They live in another country than they said once: the form asks for it again."""
    with ask.house.store.read() as db:
        each = snapshots.partnership(db, ask.me, ask.number)
    if each is None or not picking.is_on(each, ask.now):
        ask.reply(picking.NOT_YOURS)
    else:
        ask.change(str((ask.view or {})["id"]), _form(ask, each, _standing(each, ask.now), Source.SLACK))


def pair(ask: Ask) -> None:
    each = picking.pair(ask, "pair")
    if each is not None:
        ask.reply(blocks.card(each, ask.now))


def date_filed(form: Form) -> Wrong | None:
    pair_id, _, session_id = form.private.partition(":")
    picked = form.answers.date("day"), form.answers.time("time")
    with form.house.store.begin() as db:
        pairs.lock(db, int(pair_id))
        each = snapshots.partnership(db, form.me, int(pair_id))
        wrong = set_date(db, form.house.prompts, each, int(session_id) if session_id else None, picked, form.now)
        if each is not None and wrong is None:
            _live_in(db, each, form.answers.one("country"), form.now)
    if wrong is None:
        log.info("booked pair=%s by=%s", pair_id, form.me.slack_id)
    return wrong


def set_date(
    db: Db,
    prompts: Prompts,
    each: Partnership | None,
    session_id: int | None,
    picked: tuple[str | None, str | None],
    now: datetime,
) -> Wrong | None:
    """What a filed form stores, or what is wrong with it: a day and a time by the clock of whoever filed it."""
    if each is None or not picking.is_on(each, now):
        return Wrong({"day": picking.NOT_YOURS})
    if each.is_on_hold:
        return Wrong({"day": ON_HOLD})
    at = rules.date_problems(*picked, each.me.zone, now, each.pair)
    if isinstance(at, dict):
        return Wrong(at)
    _book(db, prompts, each, session_id, at, now)
    return None


def suggested(ask: Ask) -> None:
    """Sets the date of the button, once, unless somebody has set another one since it was offered."""
    pair_id, _, moment = ask.value.partition(":")
    with ask.house.store.begin() as db:
        pairs.lock(db, int(pair_id))
        each = snapshots.partnership(db, ask.me, int(pair_id))
        at = take_date(db, ask.house.prompts, each, moment, ask.now)
        if each is not None and isinstance(at, datetime):
            _live_in(db, each, ask.filled.one("country"), ask.now)
    if isinstance(at, str):
        ask.answered(at)
        return
    log.info("booked pair=%s by=%s", pair_id, ask.me.slack_id)
    ask.answered(f"Your talk has its date: {kit.moment(at)}")


def take_date(db: Db, prompts: Prompts, each: Partnership | None, moment: str, now: datetime) -> datetime | str:
    """What the press on a moment that was offered stores: the date that is set, or why it can't be taken any more.

    `moment`: of the button's value what follows the pair.
    """
    session_id, sequence, stamp = moment.split(":")
    at = datetime.fromtimestamp(int(stamp), UTC)
    if said := _no_date(each, at, f"{session_id}:{sequence}", now):
        return said
    assert each is not None  # noqa: S101 -- or that would have been said
    _book(db, prompts, each, int(session_id) if session_id else None, at, now)
    return at


def _no_date(each: Partnership | None, at: datetime, seen: str, now: datetime) -> str | None:
    """Why a moment that was offered can't be taken any more; None if it can, or is taken already."""
    if each is None or not picking.is_on(each, now):
        return picking.NOT_YOURS
    if each.is_on_hold:
        return ON_HOLD
    standing = _standing(each, now)
    if standing is not None and standing.starts_at != at and seen != f"{standing.id}:{standing.sequence}":
        return (
            f"Your talk has another date already: {kit.moment(standing.starts_at)}\nYour Home has a button to move it."
        )
    is_over = each.pair.ends_at is not None and at > each.pair.ends_at
    return GONE_BY if at <= now or is_over else None


def _live_in(db: Db, each: Partnership, country: str | None, now: datetime) -> None:
    """Kept as their own word: its public holidays count from now on, for both."""
    if country in countries.names() and directory.tell(people.get(db, each.me.id), {"country": country}, now):
        agenda.touch(db, each.pair.workspace_id, [each.me.id, each.partner.id], now)


def _book(db: Db, prompts: Prompts, each: Partnership, session_id: int | None, at: datetime, now: datetime) -> None:
    """Moves the meeting the form was opened for, or sets a new one; the same date again changes nothing."""
    planned = [session for session in each.sessions if session.state is SessionState.PLANNED]
    moved = next((session for session in planned if session.id == session_id), None) or _to_move(each, now)
    if moved is not None and moved.state is SessionState.PLANNED and moved.starts_at == at:
        return
    # First: from here on no question to prepare with can go out by what was so before.
    agenda.touch(db, each.pair.workspace_id, [each.me.id, each.partner.id], now)
    if moved is None:
        _let_pass(each)
        moved = _new(each, at, now)
        db.add(moved)
        db.flush()
    else:
        moved.starts_at, moved.state, moved.settled_at = at, SessionState.PLANNED, None
        moved.sequence, moved.booked_at, moved.booked_by = moved.sequence + 1, now, each.me.id
    questions.allot(db, prompts, each, moved)


def _new(each: Partnership, at: datetime, now: datetime) -> Session:
    return Session(
        workspace_id=each.pair.workspace_id,
        pair_id=each.pair.id,
        number=rules.next_number(each.sessions),
        starts_at=at,
        booked_by=each.me.id,
        booked_at=now,
    )


def _to_move(each: Partnership, now: datetime) -> Session | None:
    """The meeting that has a date, or had one that was cancelled: its preparation and its entry in calendars stay."""
    last = each.sessions[-1] if each.sessions else None
    is_cancelled = last is not None and last.state is SessionState.CANCELLED
    return _standing(each, now) or (last if is_cancelled else None)


def _standing(each: Partnership, now: datetime) -> Session | None:
    """A date to come that was set while this form was open: it is moved, so there is never more than one."""
    session = sessions.planned(each.sessions)
    return session if session is not None and session.starts_at > now else None


def _let_pass(each: Partnership) -> None:
    """A meeting of the past counts as missed once a new date is set, until somebody says that they met.

    Nobody has settled it: who sets the next date at the end of a talk is still asked about this one.
    """
    session = sessions.planned(each.sessions)
    if session is not None:
        session.state = SessionState.MISSED


def met(ask: Ask) -> None:
    """They met: the form for notes opens first, since Slack gives three seconds for it."""
    each, session = asked_about(ask)
    if each is None or session is None:
        return
    ask.show(noting_blocks.note_form(each, session, has_met=True))
    has_met = _settle(ask, session.id, SessionState.HELD) is SessionState.HELD
    ask.answered(YOU_MET if has_met else EARLIER)


def not_yet(ask: Ask) -> None:
    each, session = asked_about(ask)
    if each is None or session is None:
        return
    _ask_for_date(ask, each, session if session.state is SessionState.PLANNED else _standing(each, ask.now))


def not_this_month(ask: Ask) -> None:
    each, session = asked_about(ask)
    if each is None or session is None:
        return
    cadence = each.programme.cadence
    said = {
        SessionState.HELD: "Your partner has said that you met.",
        SessionState.MISSED: NOT_NOW[cadence] + (NEXT_TIME[cadence] if rules.is_asked_next(each, ask.now) else ""),
    }
    ask.answered(said.get(_settle(ask, session.id, SessionState.MISSED), EARLIER))


def asked_about(ask: Ask) -> tuple[Partnership | None, Session | None]:
    """The meeting of a "did you meet?" or of another button, if it is theirs and still has the date that was meant."""
    session_id, _, sequence = ask.value.partition(":")
    each, session = own(ask, session_id)
    if each is None or session is None:
        ask.reply(picking.NOT_YOURS)
    elif str(session.sequence) != sequence:
        ask.answered(EARLIER)
        return None, None
    return each, session


def own(ask: Ask, session_id: str) -> tuple[Partnership | None, Session | None]:
    """The meeting with that id, if it is one of their own."""
    with ask.house.store.read() as db:
        for each in snapshots.partnerships(db, ask.me):
            for session in each.sessions:
                if str(session.id) == session_id:
                    return each, session
    return None, None


def _settle(ask: Ask, session_id: int, state: SessionState) -> SessionState:
    with ask.house.store.begin() as db:
        settled = settle_in(db, session_id, state, ask.now)
    log.info("session %s session=%s by=%s", settled, session_id, ask.me.slack_id)
    return settled


def settle_in(
    db: Db,
    session_id: int,
    state: SessionState,
    now: datetime,
    *,
    minutes: int | None = None,
    way: Way | None = None,
) -> SessionState:
    """Whether it was held, and if they like to tell, how long and in which way: what was told last stands.

    The first "we met" stands too; a meeting held isn't unsaid by the other. What is so now: of one that the other has
    moved to a date to come meanwhile, nothing is settled.
    """
    session = sessions.get(db, session_id)
    pairs.lock(db, session.pair_id)
    db.refresh(session)  # the other may have answered, or moved it, since it was read
    if session.starts_at > now:
        return session.state
    session.minutes, session.way = minutes or session.minutes, way or session.way
    if session.state is SessionState.HELD:
        return session.state
    session.state, session.settled_at = state, now
    both = pairs.people(db, pairs.get(db, session.pair_id))
    agenda.touch(db, session.workspace_id, [person.id for person in both], now)
    return state


PRESSES: Mapping[str, Word] = {
    blocks.MET: met,
    blocks.NOT_YET: not_yet,
    blocks.NOT_THIS_MONTH: not_this_month,
    blocks.ELSEWHERE: elsewhere,
    **{f"{blocks.SUGGESTED}.{number}": suggested for number in range(1, MOST_SUGGESTED + 1)},
}
FORMS: Mapping[str, Filed] = {blocks.DATE_FORM: date_filed}
