"""The questions half-way and at the end, and the aims looked at again."""

from collections.abc import Mapping

from bot.due import Builder, Message, Telling
from bot.slack import kit


def halfway(telling: Telling) -> Message:
    """With what they hoped for when they joined, in their own words, for their eyes alone."""
    text = _asked(telling, "halfway" if telling.partnership.pair.ends_at else "halfway.ongoing")
    if telling.hopes:
        hopes = telling.prompts.say("halfway.hopes", hopes=kit.quote(kit.shorten(telling.hopes, 1000)))
        return Message(f"{hopes}\n\n{text}", [kit.section(hopes), kit.section(text)])
    return Message(text, [kit.section(text)])


def ending(telling: Telling) -> Message:
    each = telling.partnership
    when = kit.day(each.pair.ends_at) if each.pair.ends_at else ""
    text = _asked(telling, "ending", programme=kit.escape(each.programme.name), when=when)
    return Message(text, [kit.section(text)])


def better(telling: Telling) -> Message:
    text = _asked(telling, telling.nudge.kind)
    return Message(text, [kit.section(text)])


def _asked(telling: Telling, name: str, **fields: str) -> str:
    partner = kit.mention(telling.partnership.partner.slack_id)
    return telling.prompts.say(name, partner=partner, question=telling.question or "", **fields)


def aims(telling: Telling) -> Message:
    """What the two agreed to want, and the way to change it."""
    each, purpose = telling.partnership, (telling.agreement or {}).get("purpose")
    partner = kit.mention(each.partner.slack_id)
    if purpose:
        text = telling.prompts.say("aims", partner=partner, purpose=kit.quote(purpose))
    else:
        text = telling.prompts.say("aims.none", partner=partner)
    go = kit.go("agree", "Change our agreement" if purpose else "Write our agreement", str(each.pair.id))
    return Message(text, [kit.section(text), kit.actions(go)])


MESSAGES: Mapping[str, Builder] = {
    "halfway": halfway,
    "halfway_better": better,
    "ending": ending,
    "ending_better": better,
    "aims": aims,
}
