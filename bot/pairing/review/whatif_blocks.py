"""One pair looked at closely, and what it would mean to have it otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.pairing.bars import Bar
from bot.pairing.blocks import BANDS
from bot.pairing.review.review_blocks import BY_HAND, Proposed, Seen, back
from bot.pairing.review.trading import Trade
from bot.prompts import Prompts
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Person

WHAT_IF = "pairing.what_if"
PAIR = "pairing.pair"
SWAP = "pairing.swap"

SOMEBODY = "somebody"
MENTOR, MENTEE = "mentor", "mentee"

WORKING_IT_OUT = "Working it out …"


@dataclass(frozen=True)
class Closer:
    """One pair, and what it would cost to leave it out: None while that is worked out."""

    each: Proposed
    seen: Seen
    for_mentor: Sequence[str]
    for_mentee: Sequence[str]
    cost: str | None = None


def closer(pair: Closer) -> Block:
    each = pair.each
    mentor, mentee = kit.mention(each.mentor.slack_id), kit.mention(each.mentee.slack_id)
    blocks = [
        back(pair.seen),
        kit.section(f"*{mentor}* mentors *{mentee}*\n{BANDS[each.proposal.reasons['band']]}"),
        kit.section(f"*What {mentor} would read*\n" + _points(pair.for_mentor)),
        kit.section(f"*What {mentee} would read*\n" + _points(pair.for_mentee)),
        kit.section("*If you leave this pair out*\n" + (pair.cost or WORKING_IT_OUT)),
        kit.divider(),
        kit.person_menu(
            SOMEBODY,
            WHAT_IF,
            "*Why not somebody else?*\nChoose another mentor or mentee, and I'll say what it would cost.",
            "Choose a person",
        ),
    ]
    return kit.modal("pairing.closer", "One pair", blocks, private=str(pair.seen))


def _points(lines: Sequence[str]) -> str:
    return "\n".join(f"• {line}" for line in lines) or "Nothing special; it is the best there is for everybody."


@dataclass(frozen=True)
class WhatIf:
    """Two people who might be a pair instead, and what that means."""

    seen: Seen
    trade: Trade
    names: Mapping[int, Person]
    """Everyone in it, by the ids of members."""
    reasons: Sequence[str] = ()
    costs: Sequence[str] = ()
    """What it costs to put them together, and to swap partners, in words; empty while that is worked out."""

    def two(self, mentor_id: int, mentee_id: int) -> tuple[str, str]:
        return kit.mention(self.names[mentor_id].slack_id), kit.mention(self.names[mentee_id].slack_id)


def what_if(what: WhatIf, prompts: Prompts) -> Block:
    trade = what.trade
    mentor, mentee = what.two(*trade.pair)
    blocks = [back(what.seen), kit.section(f"*What if {mentor} mentored {mentee}?*")]
    if trade.why_not is not None:
        blocks.append(kit.section(f"{cant_be(trade.why_not, prompts)}"))
        return kit.modal("pairing.what_if", "What if?", blocks, private=str(what.seen))
    if trade.warnings:
        lines = "\n".join(f"• {prompts.say(f'rule.{each}')}" for each in trade.warnings)
        blocks.append(kit.section(f"*A rule objects*\n{lines}\nYou can pair them all the same."))
    blocks.append(kit.section("\n".join([BANDS[trade.reasons["band"]], *what.reasons])))
    broken = ["• {} and {}".format(*what.two(each.mentor_id, each.mentee_id)) for each in trade.breaks]
    if broken:
        blocks.append(kit.section("*It breaks up what is proposed*\n" + "\n".join(broken)))
    blocks.append(kit.section("*What it costs*\n" + (what.costs[0] if what.costs else WORKING_IT_OUT)))
    value = f"{trade.mentor_id}:{trade.mentee_id}"
    buttons = [kit.button(PAIR, "Pair these two", value, style="primary")]
    if trade.swapped is not None:
        also = "Then {} mentors {}.".format(*what.two(*trade.swapped))
        cost = what.costs[1] if len(what.costs) > 1 else WORKING_IT_OUT
        blocks.append(kit.section(f"*If the two pairs swap partners*\n{also}\n{cost}"))
        buttons.append(kit.button(SWAP, "Swap partners", value))
    return kit.modal("pairing.what_if", "What if?", [*blocks, kit.actions(*buttons)], private=str(what.seen))


def cant_be(bar: Bar, prompts: Prompts) -> str:
    """Why two can't be paired by hand. All that is private sounds like somebody who has no place left."""
    if bar is Bar.NOT_AVAILABLE:
        return "That can't be: they aren't available for each other in this round."
    return prompts.say("cost.bar", rule=prompts.say(f"rule.{bar}"))


def pair_of(value: str) -> tuple[int, int] | None:
    """The mentor and the mentee whom a button is about."""
    mentor, _, mentee = value.partition(":")
    return (int(mentor), int(mentee)) if mentor.isdecimal() and mentee.isdecimal() else None


def by_hand(seen: Seen, wrong: str = "") -> Block:
    """Any two people. In menus outside a form, so that what it means can be said in the same modal."""
    blocks = [
        back(seen),
        *([kit.section(f"*{wrong}*")] if wrong else []),
        kit.person_menu(MENTOR, f"{BY_HAND}.mentor", "*Mentor*\nWho has something to show", "Choose a person"),
        kit.person_menu(MENTEE, f"{BY_HAND}.mentee", "*Mentee*\nWho wants to learn", "Choose a person"),
        kit.actions(kit.button(BY_HAND + ".ask", "What if?", style="primary")),
        kit.context("You see what it means and what it costs before anything happens."),
    ]
    return kit.modal("pairing.by_hand", "A pair by hand", blocks, private=str(seen))
