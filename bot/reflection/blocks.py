"""The question after a talk."""

from collections.abc import Mapping

from bot.due import Builder, Message, Telling
from bot.slack import kit


def asked(telling: Telling) -> Message:
    """A question after a talk."""
    partner = kit.mention(telling.partnership.partner.slack_id)
    text = telling.prompts.say("reflection", partner=partner, question=telling.question or "")
    return Message(text, [kit.section(text)])


MESSAGES: Mapping[str, Builder] = {
    "reflection": asked,
}
