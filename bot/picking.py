"""What a word is about, the only one there is, the button's or the one they pick: a coordinator's programme, or one's
own pair."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.due import Message
from bot.slack import kit
from bot.slack.listening import Ask
from store import pairs, programmes, snapshots
from store.models import Programme
from store.snapshots import Partnership

NO_PROGRAMME = "There is no open programme. Set one up first."
HAS_ENDED = "That programme has ended. There is nothing more to do in it."
MOST = 45  # a message holds 50 blocks
NOT_YOURS = "That was for a pair you're no longer in."
NO_PAIR = "You have no partner just now. As soon as you have one, I'll write."


def programme(ask: Ask, word: str) -> Programme | None:
    """The programme that is meant. None where there is none, or where they were asked: the answer comes as a press."""
    with ask.house.store.read() as db:
        is_open = programmes.open_now(db, ask.house.workspace_id)
    if ask.number is not None:
        meant = next((each for each in is_open if each.id == ask.number), None)
        if meant is None:
            ask.reply(HAS_ENDED)
        return meant
    if len(is_open) == 1:
        return is_open[0]
    ask.reply(which(is_open, word) if is_open else NO_PROGRAMME)
    return None


def which(is_open: Sequence[Programme], word: str) -> Message:
    """A button for each, the newest first. Two may have one name, so each says when it was set up."""
    text = "Which programme do you mean?"
    rows = [
        kit.section(
            f"*{kit.escape(each.name)}*\nSet up {kit.moment(each.created_at)}",
            kit.button(f"go.{word}", "This one", str(each.id), spoken=f"This one: {each.name}"),
        )
        for each in is_open[:MOST]
    ]
    return Message(text, [kit.section(text), *rows])


def is_on(each: Partnership, now: datetime) -> bool:
    """They know each other, and their months are not over."""
    return each.pair.introduced_at is not None and pairs.is_live(each.pair, now)


def pair(ask: Ask, word: str, may: Callable[[Partnership, datetime], bool] = is_on) -> Partnership | None:
    """The pair of the button, or the only one they have; if they have several, they are asked which."""
    with ask.house.store.read() as db:
        mine = [each for each in snapshots.partnerships(db, ask.me) if may(each, ask.now)]
    if ask.number is not None:
        meant = next((each for each in mine if each.pair.id == ask.number), None)
        if meant is None:
            ask.reply(NOT_YOURS)
        return meant
    if len(mine) == 1:
        return mine[0]
    ask.reply(_which_pair(mine, word) if mine else NO_PAIR)
    return None


def _which_pair(mine: Sequence[Partnership], word: str) -> Message:
    text = "Which of your pairs do you mean?"
    buttons = [kit.button(f"go.{word}", f"With {each.partner.name}", str(each.pair.id)) for each in mine]
    return Message(text, [kit.section(text), *(kit.actions(button) for button in buttons)])
