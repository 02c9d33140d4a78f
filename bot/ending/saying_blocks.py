"""The forms for thanks, a lesson and what somebody did differently, and how each is passed on."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.due import Builder, Message, Telling
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Programme, Saying, SayingKind
from store.snapshots import Partnership

FORM = "ending.saying"
POST = "ending.post"
KEEP = "ending.keep"
REWORD = "ending.reword"

MOST = 500  # characters: all of it fits into a block however it is escaped
PARTNER, ALL, ME = "partner", "all", "me"
TITLES = {
    SayingKind.THANKS: "Say thanks",
    SayingKind.DIFFERENCE: "What I did differently",
    SayingKind.LESSON: "A lesson for others",
}
LABELS = {
    SayingKind.THANKS: "What would you like to thank them for?",
    SayingKind.DIFFERENCE: "What did you do differently because of your talks?",
    SayingKind.LESSON: "What would you tell others who are in such a pair, or will be?",
}


def form(kind: SayingKind, each: Partnership, text: str | None = None, instead_of: int | None = None) -> Block:
    """`instead_of`: the words of the other's that these take the place of."""
    name, channel = kit.mention(each.partner.slack_id), f"<#{each.programme.channel}>"
    what_follows = {
        SayingKind.THANKS: f"{name} gets your words from me. They are posted only if {name} agrees.",
        SayingKind.DIFFERENCE: "Nobody else sees it: not the people who run the programme, either.",
        SayingKind.LESSON: (
            f"{name} sees your words first, and can change them. When you both agree on them, I post them in "
            f"{channel}, without your names."
        ),
    }[kind]
    readers = _readers(kind, each)
    return kit.modal(
        FORM,
        TITLES[kind],
        [
            kit.field("text", LABELS[kind], kit.text_input(text, many_lines=True, most=MOST)),
            *([kit.field("for", "Who is it for?", readers)] if readers else []),
            kit.context(what_follows),
        ],
        submit="Keep" if kind is SayingKind.DIFFERENCE else "Send",
        close="Not now",
        private=f"{kind}:{each.pair.id}:{instead_of or ''}",
    )


def _readers(kind: SayingKind, each: Partnership) -> Block | None:
    only = kit.option(PARTNER, f"For {kit.shorten(each.partner.name, 60)} alone")
    if kind is SayingKind.THANKS:
        choices = [only, kit.option(ALL, "For all in the channel, if they agree")]
        return kit.choose_one("radio_buttons", choices, PARTNER)
    if kind is SayingKind.DIFFERENCE:
        choices = [kit.option(PARTNER, f"Pass it on to {kit.shorten(each.partner.name, 55)}"), kit.option(ME, "For me")]
        return kit.choose_one("radio_buttons", choices)
    return None


@dataclass(frozen=True)
class Said:
    kind: SayingKind
    pair_id: int
    text: str
    reader: str
    instead_of: int | None


def read(answers: kit.Answers, private: str) -> Said:
    kind, pair_id, instead_of = private.split(":")
    reader = answers.one("for") or (ALL if kind == SayingKind.LESSON else PARTNER)
    replaced = int(instead_of) if instead_of else None
    return Said(SayingKind(kind), int(pair_id), answers.text("text") or "", reader, replaced)


def passed_on(telling: Telling) -> Message:
    """Thanks, or what was done differently: to the one they are for alone.

    Thanks that were written in the DM can be far longer than the form's: the rest of them is read where all is.
    """
    partner = kit.mention(telling.partnership.partner.slack_id)
    said = telling.said or ""
    shown = kit.shorten(said, MOST)
    text = telling.prompts.say(telling.nudge.kind, partner=partner, words=kit.quote(shown))
    rest = [] if shown == said else [kit.actions(kit.go("notes", "All notes and actions"))]
    return Message(text, [kit.section(text), *rest])


def ask_to_post(telling: Telling) -> Message:
    """To the other one: may this be posted, in these words?"""
    each, saying = telling.partnership, _saying(telling)
    name = f"ask_to_post.{saying.kind}"
    said = telling.prompts.say(name, partner=kit.mention(each.partner.slack_id), channel=f"<#{each.programme.channel}>")
    words, value = kit.quote(telling.said or ""), str(saying.id)
    reword = [kit.button(REWORD, "Change the words", value)] if saying.kind is SayingKind.LESSON else []
    buttons = kit.actions(
        kit.button(POST, "Yes, post it", value, style="primary"),
        *reword,
        kit.button(KEEP, "Keep it between us", value),
    )
    return Message(f"{said}\n{words}", [kit.section(said), kit.section(words), buttons])


def answered(telling: Telling) -> Message:
    """To the author: what became of it."""
    each, kind = telling.partnership, telling.nudge.kind
    channel = {"channel": f"<#{each.programme.channel}>"} if kind == "saying_posted" else {}
    text = telling.prompts.say(kind, partner=kit.mention(each.partner.slack_id), **channel)
    return Message(text, [kit.section(text)])


def _saying(telling: Telling) -> Saying:
    return next(each for each in telling.partnership.sayings if each.id == telling.nudge.about)


def posted(kind: SayingKind, text: str, author: str, partner: str, programme: Programme) -> Message:
    """What stands in the channel: thanks with both names, as Slack ids; a lesson without any."""
    name = kit.escape(programme.name)
    if kind is SayingKind.LESSON:
        said = f"A lesson from a pair in *{name}*, which both would like to share:"
    else:
        said = f"{kit.mention(author)} thanks {kit.mention(partner)}, in *{name}*:"
    words = kit.quote(text)
    return Message(f"{said}\n{words}", [kit.section(said), kit.section(words)])


MESSAGES: Mapping[str, Builder] = {
    "thanks": passed_on,
    "difference": passed_on,
    "ask_to_post": ask_to_post,
    "saying_posted": answered,
    "saying_kept": answered,
}
