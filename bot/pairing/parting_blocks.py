"""What somebody is asked who says that their pair isn't working."""

from collections.abc import Sequence

from bot.due import Message
from bot.slack import kit
from store.snapshots import Partnership

PART = "pairing.part"


def confirm_parting(each: Partnership) -> Message:
    partner, contact = kit.mention(each.partner.slack_id), kit.mention(each.programme.contact)
    text = (
        f"If your pair with {partner} isn't working for you, you can end it here, without a reason. You both get the "
        "same kind message that the pair has ended. Nobody hears who asked: not your partner, and not the people who "
        "run the programme. Each of you may then ask for somebody new, and is first in line; the two of you aren't "
        "paired with each other again."
    )
    concern = f"If something worries you, {contact} is there to listen, whether you end it or not."
    end = kit.button(PART, "End this pair", str(each.pair.id), style="danger")
    buttons = kit.actions(end, kit.go("pause", "Only pause for a while"))
    return Message(f"{text}\n\n{concern}", [kit.section(text), kit.section(concern), buttons])


def which_to_part(mine: Sequence[Partnership]) -> Message:
    text = "Which of your pairs do you mean?"
    buttons = [kit.actions(kit.go("part", f"With {each.partner.name}", str(each.pair.id))) for each in mine]
    return Message(text, [kit.section(text), *buttons])
