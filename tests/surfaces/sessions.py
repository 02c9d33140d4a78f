"""Meetings of a pair, and looking back on them."""

import make
from hypothesis import strategies as st

import bot.agreement.blocks
import bot.reflection.blocks
import bot.reflection.look_blocks
import bot.sessions.blocks
import bot.sessions.calendar_blocks
import bot.sessions.cancelling_blocks
import bot.sessions.noting_blocks
import bot.sessions.todo_blocks
from store.models import Source
from surfaces.anything import Scene, Surface, prose, written

BLOCKS = (
    bot.sessions.blocks,
    bot.sessions.calendar_blocks,
    bot.sessions.cancelling_blocks,
    bot.sessions.noting_blocks,
    bot.sessions.todo_blocks,
    bot.reflection.blocks,
    bot.reflection.look_blocks,
)


def shown(draw: st.DrawFn, scene: Scene) -> dict[str, Surface]:
    sessions, noting, reflection = bot.sessions.blocks, bot.sessions.noting_blocks, bot.reflection.blocks
    calendar, cancelling = bot.sessions.calendar_blocks, bot.sessions.cancelling_blocks
    look, each = bot.reflection.look_blocks, scene.each
    aims = prose(bot.agreement.blocks.MOST).map(lambda purpose: {"purpose": purpose})
    session = each.sessions[0].id
    asks = {"session_id": session, "question": draw(st.sampled_from(["prep-1-speak-openly", "gone"]))}
    return {
        "sessions.plan": scene.tell(sessions.plan, "plan", about=draw(st.sampled_from([0, 1, 2]))),
        "sessions.planned": scene.tell(sessions.planned, "planned", session_id=session),
        "sessions.booked": scene.tell(sessions.booked, "booked", session_id=session),
        "sessions.preparation": scene.tell(
            sessions.preparation, "preparation", actions=written(draw, 1000, 12), **asks
        ),
        "sessions.reminder": scene.tell(sessions.reminder, "reminder", session_id=session),
        "sessions.checkin": scene.tell(sessions.checkin, "checkin", session_id=session),
        "sessions.card": sessions.card(each, make.MONDAY),
        "reflection.asked": scene.tell(reflection.asked, "reflection", **asks),
        "reflection.halfway": scene.tell(look.halfway, "halfway", hopes=draw(st.none() | prose(3000)), **asks),
        "reflection.better": scene.tell(look.better, "halfway_better", **asks),
        "reflection.ending": scene.tell(look.ending, "ending", **asks),
        "reflection.aims": scene.tell(look.aims, "aims", agreement=draw(st.none() | aims)),
        "sessions.date_form": sessions.date_form(each, None),
        "sessions.date_form moving": sessions.date_form(each, each.sessions[0], make.MONDAY, country=Source.SLACK),
        "sessions.date_form elsewhere": sessions.date_form(each, None, country=Source.PERSON),
        "sessions.choices": calendar.choices(each, each.sessions[0]),
        "sessions.cancelled": scene.tell(cancelling.cancelled, "cancelled", session_id=session),
        "sessions.put_off": scene.tell(cancelling.put_off, "put_off", session_id=session),
        "sessions.note_form": noting.note_form(each, each.sessions[0]),
        "sessions.note_form met": noting.note_form(each, each.sessions[0], has_met=True),
        "sessions.brought_back": bot.sessions.todo_blocks.brought_back(written(draw, 1000, 12), make.words()),
        "sessions.home": noting.home(each, written(draw, 3000, 6), written(draw, 1000, 8), make.MONDAY),
    }
