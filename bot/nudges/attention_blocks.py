"""What somebody can do about a nudge that came: one small menu below the message, and what it answers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.due import Message
from bot.nudges.fewer_rules import FAMILIES, Family, Share, families
from bot.nudges.later_rules import Later
from bot.prompts import Prompts
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Nudge

MENU = "nudges.menu"
AS_BEFORE = "nudges.as_before"

FEWER = "fewer"
WHY = "why"
LABELS = {
    Later.TODAY: "Later today",
    Later.TOMORROW: "Tomorrow",
    Later.WORKING_DAY: "Next working day",
    Later.WEEK: "Next week",
    FEWER: "Fewer of these",
    WHY: "Why did I get this?",
}
MOST_BLOCKS = 50  # Slack's limit of a message
ONCE = frozenset({"first_talk", "put_off", "going_on", "farewell"})
"""Of these each pair gets one."""


def with_menu(message: Message, delivery_id: int, offered: Collection[Later]) -> Message:
    """The menu stands below all that the message asks: an answer in place of a row of buttons leaves it there."""
    if len(message.blocks) >= MOST_BLOCKS:
        return message
    choices = [*(later for later in Later if later in offered), FEWER, WHY]
    menu = kit.overflow(MENU, [kit.option(f"{choice}:{delivery_id}", LABELS[choice]) for choice in choices])
    return Message(message.text, [*message.blocks, kit.actions(menu)])


def fewer(kinds: Collection[str], wanted: Mapping[str, str], prompts: Prompts, command: str) -> Message:
    """What has just changed, with a way back; or why these can't be fewer."""
    found = families(kinds)
    if found:
        said = [(prompts.say(f"fewer.{family}.{wanted[family]}"), family) for family in found if family in wanted]
        return Message("\n".join(text for text, _ in said), [_with_a_way_back(*each) for each in said])
    text = prompts.say("fewer.once" if ONCE.issuperset(kinds) else "fewer.stays", command=command)
    return Message(text, [kit.section(text)])


def _with_a_way_back(text: str, family: Family) -> Block:
    return kit.section(text, kit.button(AS_BEFORE, "As before", family))


def home(wanted: Mapping[str, str], prompts: Prompts) -> list[Block]:
    """On the Home, as long as they get fewer of something."""
    theirs = [family for family in Family if family in wanted]
    return [_with_a_way_back(prompts.say(f"fewer.{family}.{wanted[family]}"), family) for family in theirs]


@dataclass(frozen=True)
class Reasons:
    """What the tables know of a message that came."""

    carried: Sequence[Nudge]
    came_at: datetime
    zone: str
    number: int
    """Which of the messages of those seven days it was; 0 for one that isn't counted."""
    most: int
    """How many there may be in seven days."""
    wanted: Mapping[str, str]


def why(reasons: Reasons, prompts: Prompts) -> Block:
    """What it is, which rule it comes from, and why it came just then."""
    kinds = list(dict.fromkeys(nudge.kind for nudge in reasons.carried))
    due_at = min(nudge.due_at for nudge in reasons.carried)
    when = [
        prompts.say("why.when", due=kit.moment(due_at), came=kit.moment(reasons.came_at)),
        prompts.say("why.hours", zone=kit.escape(reasons.zone)),
        prompts.say(_counted(reasons), number=str(reasons.number), most=str(reasons.most)),
    ]
    return kit.modal(
        "reply",
        "Why you got this",
        [
            *(kit.section(prompts.say(f"why.{kind}")) for kind in kinds),
            kit.section(" ".join(when)),
            *(kit.section(prompts.say(f"fewer.{family}.{share}")) for family, share in _shares(kinds, reasons)),
            *([kit.context(prompts.say("why.fewer"))] if _can_be_fewer(kinds, reasons) else []),
        ],
    )


def _counted(reasons: Reasons) -> str:
    if reasons.number == 0:
        return "why.wished"
    return "why.number" if reasons.number <= reasons.most else "why.besides"


def _shares(kinds: Collection[str], reasons: Reasons) -> list[tuple[Family, str]]:
    return [(family, reasons.wanted[family]) for family in families(kinds) if family in reasons.wanted]


def _can_be_fewer(kinds: Collection[str], reasons: Reasons) -> bool:
    theirs = [FAMILIES[kind] for kind in kinds if kind in FAMILIES]
    return any(reasons.wanted.get(family) != Share.NONE for family in theirs)
