"""Which programme a coordinator's word is about: the only one that is open, the button's, or the one they pick."""

from collections.abc import Sequence

from bot.due import Message
from bot.slack import kit
from bot.slack.listening import Ask
from store import programmes
from store.models import Programme

NO_PROGRAMME = "There is no open programme. Set one up first."
HAS_ENDED = "That programme has ended. There is nothing more to do in it."
MOST = 45  # a message holds 50 blocks


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
