"""Somebody changes, shares or deletes what they wrote, says what it is for, or passes thanks on."""

import logging
from collections.abc import Mapping
from datetime import date

from slack_sdk import WebClient
from sqlalchemy.orm import Session as Db

from bot.due import Message
from bot.house import House
from bot.slack import kit, speaking
from bot.slack.listening import Ask, Filed, Form, Word, Wrong
from bot.writing import blocks, rules, taking
from store import agenda, kept, notes, nudges, pairs, snapshots, writings
from store.models import Became, Heard, Note, Person, Reflection, Writing
from store.notes import Written
from store.snapshots import Partnership

log = logging.getLogger(__name__)

GONE = "kept.gone"
OVER = "Your pair has come to its end, so it stays yours alone."
DECIDED = "That is decided already, or isn't kept any more."
TOO_LONG = f"Up to {blocks.LONGEST:,} characters can be kept."
EMPTY = "There is nothing in it. To delete it, use the button for that."


# What is kept


def read(ask: Ask) -> None:
    """Shows all of it, to whoever may read it."""
    with ask.house.store.read() as db:
        row = kept.find(db, ask.me.id, ask.value)
        found = (kept.read(db, row), _pair(db, ask.me, row.pair_id)) if row else None
    if found is None:
        _gone(ask)
    else:
        ask.show(blocks.item(*found, ask.house.prompts))


def edit(ask: Ask) -> None:
    with ask.house.store.read() as db:
        row = kept.own(db, ask.me.id, ask.value)
        written = kept.read(db, row) if row else None
    if written is None:
        _gone(ask)
        return
    place = str(ask.view["id"]) if ask.view else f"{ask.pressed_in}"
    ask.show(blocks.edit_form(written, place))


def edited(form: Form) -> Wrong | None:
    ref, _, rest = form.private.partition(" ")
    glue, _, place = rest.partition(" ")
    text = blocks.read_edit(form.answers, glue)
    if not text:
        return form.wrong(EMPTY)
    if len(text) > blocks.LONGEST:
        return form.wrong(TOO_LONG)
    day = form.answers.date("due")
    with form.house.store.begin() as db:
        row = kept.own(db, form.me.id, ref, locks=True)
        if row is None:
            return form.wrong(form.house.prompts.say(GONE))
        kept.mend(db, row, text, date.fromisoformat(day) if day else None)
        agenda.touch(db, form.me.workspace_id, _both(db, row.pair_id), form.now)
        written, each = kept.read(db, row), _pair(db, form.me, row.pair_id)
    log.info("changed %s by=%s", ref, form.me.slack_id)
    # Beside the ack: how it looks elsewhere is worth no wait, and nothing is lost with it.
    form.house.background.do(lambda: _redraw(form.house, form.client, written, each, place), "redraw what was changed")
    return None


def _redraw(house: House, client: WebClient, written: Written, each: Partnership, place: str) -> None:
    """Draws the message or the modal anew that it was changed from."""
    channel, _, ts = place.partition(":")
    if ts:
        said = blocks.card(written, each, house.prompts, "kept.mended")
        speaking.call(lambda: client.chat_update(channel=channel, ts=ts, text=said.text, blocks=list(said.blocks)))
    elif place:
        view = blocks.item(written, each, house.prompts)
        speaking.call(lambda: client.views_update(view_id=place, view=view))


def share(ask: Ask) -> None:
    """The pair can read it from now on, and the partner is told, once."""
    with ask.house.store.begin() as db:
        row = kept.own(db, ask.me.id, ask.value, locks=True)
        live = {each.pair.id for each in rules.live(snapshots.partnerships(db, ask.me), ask.now)}
        is_over = row is not None and row.pair_id not in live
        if isinstance(row, Note | Reflection) and not is_over:
            kept.share(db, row, ask.now)
            agenda.touch(db, ask.me.workspace_id, _both(db, row.pair_id), ask.now)
        found = (kept.read(db, row), _pair(db, ask.me, row.pair_id)) if row else None
    if found is None or is_over:
        ask.reply(OVER if is_over else ask.house.prompts.say(GONE))
        return
    log.info("shared %s by=%s", ask.value, ask.me.slack_id)
    if ask.view is not None:
        ask.change(str(ask.view["id"]), blocks.item(*found, ask.house.prompts))
    else:
        ask.redraw(blocks.card(*found, ask.house.prompts, "kept.shared"))


def delete(ask: Ask) -> None:
    with ask.house.store.begin() as db:
        row = kept.own(db, ask.me.id, ask.value, locks=True)
        if row is not None:
            agenda.touch(db, ask.me.workspace_id, _both(db, row.pair_id), ask.now)
            kept.delete(db, row)
    log.info("deleted %s by=%s", ask.value, ask.me.slack_id)
    if ask.view is not None:
        ask.change(str(ask.view["id"]), kit.modal("reply", "Flipside", blocks.deleted(ask.house.prompts).blocks))
    else:
        ask.redraw(blocks.deleted(ask.house.prompts))


def done(ask: Ask) -> None:
    """Ticks off something they said they would do."""
    with ask.house.store.begin() as db:
        action = kept.tick_off(db, ask.me.id, ask.value, ask.now)
        found = (notes.action_written(db, action), _pair(db, ask.me, action.pair_id)) if action else None
    if found is None:
        _gone(ask)
    elif ask.view is not None:
        ask.change(str(ask.view["id"]), blocks.item(*found, ask.house.prompts))


def _pair(db: Db, me: Person, pair_id: int) -> Partnership:
    each = snapshots.partnership(db, me, pair_id)
    assert each is not None  # noqa: S101 -- asked for what they may read: they were in its pair
    return each


def _both(db: Db, pair_id: int) -> list[int]:
    return [person.id for person in pairs.people(db, pairs.get(db, pair_id))]


def _gone(ask: Ask) -> None:
    ask.reply(ask.house.prompts.say(GONE))


# What it is for


def this_one(ask: Ask) -> None:
    """It answers this question."""
    number, _, nudge_id = ask.value.partition(":")
    with ask.house.store.begin() as db:
        begun, question = _asked(db, ask, number, Became.UNDECIDED), nudges.find(db, ask.me.id, int(nudge_id))
        is_taken = begun is not None and question is not None
        if begun is not None and question is not None:
            taking.decide(db, begun, question, ask.now)
    _decided(ask, "Taken as your answer." if is_taken else DECIDED)


def for_pair(ask: Ask) -> None:
    """It is for this pair: a note, something to do, or thanks, which go to the partner now."""
    number, _, pair_id = ask.value.partition(":")
    with ask.house.store.begin() as db:
        begun = _asked(db, ask, number)
        mine = snapshots.partnerships(db, ask.me)
        may = rules.may_be_for(begun.became, mine, ask.now) if begun is not None else []
        each = next((one for one in may if str(one.pair.id) == pair_id), None)
        is_kept = begun is not None and each is not None and begun.became is not Became.UNDECIDED
        if begun is not None and each is not None and is_kept:
            taking.keep_for(db, begun, each, ask.now)
            if begun.became is not Became.THANKS:
                writings.hear(begun, Heard.TAKEN, ask.now)
    if not is_kept or begun is None or each is None:
        _decided(ask, DECIDED)
    elif begun.became is Became.THANKS:
        partner = kit.mention(each.partner.slack_id)
        _decided(ask, f"I'm passing it on to {partner}; it arrives when they are at work.")
    else:
        _decided(ask, f"For your pair with {kit.mention(each.partner.slack_id)}.")


def as_note(ask: Ask) -> None:
    """It answers nothing: a note for themselves."""
    with ask.house.store.begin() as db:
        begun = _asked(db, ask, ask.value, Became.UNDECIDED)
        if begun is not None:
            begun.became = Became.NOTE
            live = rules.live(snapshots.partnerships(db, ask.me), ask.now)
            if len(live) == 1:
                taking.keep_for(db, begun, live[0], ask.now)
            writings.hear(begun, Heard.TAKEN, ask.now)
            agenda.touch(db, ask.me.workspace_id, [ask.me.id], ask.now)
    _decided(ask, "A note, then." if begun else DECIDED)


def as_answer(ask: Ask) -> None:
    """What looked like thanks, or something to do, answers a question: they are asked which."""
    with ask.house.store.begin() as db:
        begun = _asked(db, ask, ask.value, Became.THANKS, Became.ACTION)
        if begun is not None:
            word = begun.became.value.capitalize()  # a part of it after all
            begun.became = Became.UNDECIDED
            writings.rewrite(db, begun, f"{word} {writings.text(db, begun)}")
            writings.hear(begun, Heard.TAKEN, ask.now)
            agenda.touch(db, ask.me.workspace_id, [ask.me.id], ask.now)
    _decided(ask, "An answer, then." if begun else DECIDED)


def drop(ask: Ask) -> None:
    with ask.house.store.begin() as db:
        begun = _asked(db, ask, ask.value)
        if begun is not None:
            writings.forget(db, begun)
    if begun is None:
        _decided(ask, DECIDED)
    else:
        ask.redraw(blocks.deleted(ask.house.prompts))


def _asked(db: Db, ask: Ask, number: str, *may_be: Became) -> Writing | None:
    """A text of theirs that isn't decided about yet, and still is what it was when the button was shown."""
    begun = writings.open_one(db, ask.me.id, int(number)) if number.isdecimal() else None
    return begun if begun is not None and begun.became in (may_be or Became) else None


def _decided(ask: Ask, text: str) -> None:
    """The buttons are done with, whichever row they stood in."""
    ask.redraw(Message(text, [kit.section(text)]))


PRESSES: Mapping[str, Word] = {
    blocks.READ: read,
    blocks.EDIT: edit,
    blocks.SHARE: share,
    blocks.DELETE: delete,
    blocks.DONE: done,
    blocks.THIS_ONE: this_one,
    blocks.FOR_PAIR: for_pair,
    blocks.AS_NOTE: as_note,
    blocks.AS_ANSWER: as_answer,
    blocks.DROP: drop,
}
FORMS: Mapping[str, Filed] = {blocks.EDIT_FORM: edited}
