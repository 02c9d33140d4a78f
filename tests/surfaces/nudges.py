"""What can be done about a nudge that came."""

import make
from hypothesis import strategies as st

import bot.nudges.attention_blocks
from bot.due import Message
from bot.nudges.attention_blocks import Reasons
from bot.nudges.fewer_rules import Family, Share
from bot.nudges.later_rules import Later
from bot.prompts import NUDGES
from bot.slack import kit
from surfaces.anything import Scene, Surface, prose

BLOCKS = (bot.nudges.attention_blocks,)
kinds = st.lists(st.sampled_from(NUDGES), min_size=1, unique=True)


def shown(draw: st.DrawFn, _scene: Scene) -> dict[str, Surface]:
    blocks, words = bot.nudges.attention_blocks, make.words()
    text, theirs = f"x{draw(prose(2000))}", draw(kinds)
    wanted = {family.value: draw(st.sampled_from(Share)).value for family in Family}
    some = {family: share for family, share in wanted.items() if draw(st.booleans())}
    reasons = Reasons(
        carried=[make.nudge(kind) for kind in theirs],
        came_at=make.MONDAY,
        zone=draw(st.sampled_from(make.ZONES)),
        number=draw(st.integers(0, 5)),
        most=3,
        wanted=some,
    )
    message = Message(text, [kit.section(text)])
    return {
        "nudges.with_menu": blocks.with_menu(message, 2**31, draw(st.sets(st.sampled_from(Later), max_size=3))),
        "nudges.fewer": blocks.fewer(theirs, wanted, words, "/flipside"),
        "nudges.home": blocks.home(some, words),
        "nudges.why": blocks.why(reasons, words),
    }
