"""The questions to look back, and the reply to an answer."""

from collections.abc import Mapping

from bot.due import Builder, Message, Telling
from bot.slack import kit


def asked(telling: Telling) -> Message:
    """A question after a talk, half-way or at the end."""
    each, kind = telling.partnership, telling.nudge.kind
    fields = {"partner": kit.mention(each.partner.slack_id), "question": telling.question or ""}
    if kind == "ending":
        fields["programme"] = kit.escape(each.programme.name)
    text = telling.prompts.say(kind, **fields)
    if telling.hopes:
        text = telling.prompts.say("halfway.hopes", hopes=kit.quote(kit.shorten(telling.hopes, 1000))) + "\n\n" + text
    return Message(text, [kit.section(text)])


def kept(telling: Telling) -> Message:
    text = telling.prompts.say("reflection_kept")
    return Message(text, [kit.section(text), kit.actions(kit.go("mydata", "Read my answers"))])


MESSAGES: Mapping[str, Builder] = {
    "reflection": asked,
    "halfway": asked,
    "ending": asked,
    "reflection_kept": kept,
}
