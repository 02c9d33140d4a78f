"""What became of what somebody wrote, who can read it, and the buttons to edit, share and delete it."""

from collections.abc import Mapping
from datetime import date

from bot.due import Builder, Message, Telling
from bot.prompts import Prompts
from bot.slack import kit
from bot.slack.kit import Block
from bot.writing import rules
from store.models import Became, Heard, Nudge
from store.notes import Written
from store.snapshots import Partnership

EDIT = "writing.edit"
SHARE = "writing.share"
DELETE = "writing.delete"
READ = "writing.read"
DONE = "writing.done"
THIS_ONE = "writing.this_one"
FOR_PAIR = "writing.for_pair"
AS_NOTE = "writing.as_note"
AS_ANSWER = "writing.as_answer"
DROP = "writing.drop"
EDIT_FORM = "writing.form"

QUOTED = 600  # characters of a text that a message shows
FIELD = 2900  # Slack's field takes 3,000
CHUNK = 2800
LONGEST = 100_000  # Slack's own messages can have 40,000, and several may be one text
MOST_ASKED = 10

OPENINGS = {Heard.ADDED: "kept.added", Heard.CHANGED: "kept.changed", Heard.STAYS: "kept.stays"}


# The reply


def kept(telling: Telling) -> Message:
    """What a text became."""
    assert telling.wrote is not None  # noqa: S101 -- these messages are about one
    written = telling.wrote.kept
    if written is None:
        return Message(telling.prompts.say("kept.gone"), [kit.section(telling.prompts.say("kept.gone"))])
    each = next(one for one in telling.snapshot.partnerships if one.pair.id == written.pair_id)
    return card(written, each, telling.prompts, OPENINGS.get(telling.wrote.begun.heard, telling.nudge.kind))


def card(written: Written, each: Partnership, words: Prompts, opening: str) -> Message:
    """A text of the reader's own with what can be done with it."""
    partner = kit.mention(each.partner.slack_id)
    said = words.say(opening, **({"partner": partner} if opening == "kept.shared" else {}))
    shown = kit.quote(kit.shorten(written.text, QUOTED))
    told = [readers(written, partner, words), *([by(written.due_on)] if written.due_on else [])]
    text = f"{said}\n{shown}\n{' '.join(told)}"
    return Message(text, [kit.section(f"{said}\n{shown}"), kit.context(" ".join(told)), kit.actions(*_deeds(written))])


def readers(written: Written, partner: str, words: Prompts) -> str:
    return words.say("readers.both", partner=partner) if written.is_shared else words.say("readers.me")


def by(day: date) -> str:
    return f"By {day:%a} {day.day} {day:%B %Y}."


def _deeds(written: Written) -> list[Block]:
    share = kit.confirmed(
        kit.button(SHARE, "Share with my pair", written.ref),
        "Share it?",
        "Your partner will be able to read it, and is told once. Nobody else can read it.",
        "Share it",
        "Keep it for me",
    )
    delete = kit.confirmed(
        kit.button(DELETE, "Delete", written.ref),
        "Delete it?",
        "It is deleted for good" + (", for your partner too." if written.is_shared else "."),
        "Delete",
        "Keep it",
    )
    is_long = kit.shorten(written.text, QUOTED) != written.text
    return [
        *([kit.button(READ, "Read it all", written.ref)] if is_long else []),
        kit.button(EDIT, "Edit", written.ref),
        *([] if written.is_shared else [share]),
        delete,
    ]


def deleted(words: Prompts) -> Message:
    text = words.say("kept.deleted")
    return Message(text, [kit.section(text)])


# Where they are asked


def which_question(telling: Telling) -> Message:
    """A button for each question that is open: several as a rule, one or none where others have been answered since."""
    assert telling.wrote is not None  # noqa: S101 -- this message is about one
    begun, text = telling.wrote.begun, telling.wrote.text
    asked = [(nudge, question(nudge, telling)) for nudge in telling.wrote.questions[:MOST_ASKED]]
    name = {0: "which_question.none", 1: "which_question.one"}.get(len(asked), "which_question")
    said = f"{telling.prompts.say(name)}\n{kit.quote(kit.shorten(text, QUOTED))}"
    note = "None: a note for me" if len(asked) > 1 else "A note for me"
    rows = [
        kit.section(
            kit.escape(words),
            kit.button(THIS_ONE, "This one", f"{begun.id}:{nudge.id}", spoken=f"This one: {words}"),
        )
        for nudge, words in asked
    ]
    is_paired = bool(rules.live(telling.snapshot.partnerships, begun.heard_at))
    others = kit.actions(
        *([kit.button(AS_NOTE, note, str(begun.id))] if is_paired else []),
        kit.button(DROP, "Don't keep it", str(begun.id)),
    )
    return Message(
        "\n".join([said, *(f"• {kit.escape(words)}" for _, words in asked)]), [kit.section(said), *rows, others]
    )


def question(nudge: Nudge, telling: Telling) -> str:
    """A question as its author would know it again, with whom it is about where they have several pairs."""
    each = next((one for one in telling.snapshot.partnerships if one.pair.id == nudge.pair_id), None)
    words = (telling.prompts.question(nudge.question, each.mine.side) if each else None) or nudge.kind
    return f"{words} ({each.partner.name})" if each and len(telling.snapshot.partnerships) > 1 else words


def which_pair(telling: Telling) -> Message:
    """Where they have one pair alone, whether it is something to do at all: their partner would read it."""
    assert telling.wrote is not None  # noqa: S101 -- this message is about one
    live = rules.live(telling.snapshot.partnerships, telling.wrote.begun.heard_at)
    has_one_pair = len(live) == 1 and telling.wrote.begun.became is Became.ACTION
    if has_one_pair:
        asked = telling.prompts.say("action_shown", partner=kit.mention(live[0].partner.slack_id))
    else:
        asked = telling.prompts.say("which_pair")
    said = f"{asked}\n{kit.quote(kit.shorten(telling.wrote.text, QUOTED))}"
    return Message(said, [kit.section(said), *_for_pairs(telling, "Yes, I'll do it" if has_one_pair else "With {}")])


def thanks_shown(telling: Telling) -> Message:
    """What would be sent, before anything is."""
    assert telling.wrote is not None  # noqa: S101 -- this message is about one
    live = _may_be_for(telling)
    if len(live) == 1:
        said = telling.prompts.say("thanks_shown", partner=kit.mention(live[0].partner.slack_id))
    else:
        said = telling.prompts.say("thanks_shown.several")
    shown = kit.quote(kit.shorten(telling.wrote.text, 4 * QUOTED))
    return Message(
        f"{said}\n{shown}", [kit.section(said), kit.section(shown), *_for_pairs(telling, "Pass it on to {}")]
    )


def _may_be_for(telling: Telling) -> list[Partnership]:
    assert telling.wrote is not None  # noqa: S101 -- asked for by the callers
    begun = telling.wrote.begun
    return rules.may_be_for(begun.became, telling.snapshot.partnerships, begun.heard_at)


def _for_pairs(telling: Telling, label: str) -> list[Block]:
    assert telling.wrote is not None  # noqa: S101 -- asked for by the callers
    begun = telling.wrote.begun
    live = _may_be_for(telling)
    pairs = [kit.button(FOR_PAIR, label.format(each.partner.name), f"{begun.id}:{each.pair.id}") for each in live[:20]]
    answers = [kit.button(AS_ANSWER, "It answers a question", str(begun.id))] if telling.wrote.questions else []
    others = kit.actions(*answers, kit.button(DROP, "Don't keep it", str(begun.id)))
    return [*(kit.actions(pair) for pair in pairs), others]


# What the partner hears


def shared(telling: Telling) -> Message:
    """That there is something to read; what it says isn't copied into Slack."""
    text = telling.prompts.say(telling.nudge.kind, partner=kit.mention(telling.partnership.partner.slack_id))
    ref = telling.nudge.key.partition(":shared:")[0]
    return Message(text, [kit.section(text), kit.actions(kit.button(READ, "Read it", ref))])


# Forms


def edit_form(written: Written, place: str) -> Block:
    """All of a text, in as many fields as it takes. `place` is where it is shown, to be drawn anew."""
    parts = kit.parts(written.text, FIELD)
    glue = "".join({"\n": "n", " ": "s"}.get(after, "-") for _, after in parts)
    fields = [
        kit.field(
            f"text{number}",
            "Text" if len(parts) == 1 else f"Text, part {number + 1} of {len(parts)}",
            kit.text_input(part, many_lines=True),
            hint=_who_reads(written) if number == 0 else None,
            optional=len(parts) > 1,
        )
        for number, (part, _) in enumerate(parts)
    ]
    if written.what is Became.ACTION:
        fields.append(kit.field("due", "By when", kit.pick_day(written.due_on), optional=True))
    return kit.modal(
        EDIT_FORM, "Change it", fields, submit="Keep it so", close="Leave it", private=f"{written.ref} {glue} {place}"
    )


def _who_reads(written: Written) -> str:
    return "Your partner can read it, nobody else." if written.is_shared else "Only you can read it."


def read_edit(answers: kit.Answers, glue: str) -> str:
    """The fields as one text again."""
    between = {"n": "\n", "s": " "}
    parts = [(answers.text(f"text{number}") or "", between.get(sign, "")) for number, sign in enumerate(glue)]
    return "".join(part + after for part, after in parts).strip()


# One of them, whole


TITLES = {Became.NOTE: "A note", Became.ANSWER: "An answer", Became.ACTION: "Something to do", Became.THANKS: "Thanks"}


def item(written: Written, each: Partnership, words: Prompts) -> Block:
    """All of a text, to whoever may read it; its author can change it."""
    side = (each.mine if written.author_id == each.me.id else each.theirs).side
    asked = words.question(written.question, side)
    about = [kit.context(kit.escape(asked))] if asked else []
    body = [kit.section(piece) for piece in kit.pieces(written.text, CHUNK)] or [kit.section("–")]
    mine = written.author_id == each.me.id and written.what is not Became.THANKS
    deeds = [deed for deed in _deeds(written) if deed["action_id"] != READ] if mine else []
    if mine and written.what is Became.ACTION and not written.is_done:
        deeds.insert(0, kit.button(DONE, "Done", written.ref, style="primary"))
    buttons = [kit.actions(*deeds)] if deeds else []
    return kit.modal(
        "writing.item", TITLES.get(written.what, "A text"), [*about, *body, kit.context(whose(written, each)), *buttons]
    )


def whose(written: Written, each: Partnership) -> str:
    """Who wrote it, and who can read it."""
    partner = kit.mention(each.partner.slack_id)
    i_did = written.author_id == each.me.id
    match written.what:
        case Became.ACTION:
            state = " Done." if written.is_done else f" {by(written.due_on)}" if written.due_on else ""
            who = f"You will do this, and {partner}" if i_did else f"{partner} will do this, and you"
            return f"{who} can read it.{state}"
        case Became.THANKS:
            return f"Thanks from you to {partner}" if i_did else f"Thanks from {partner} to you"
    if not written.is_shared:
        return "Written by you, for you alone"
    return f"Written by {'you' if i_did else partner}, for both of you"


MESSAGES: Mapping[str, Builder] = {
    "reflection_kept": kept,
    "note_kept": kept,
    "action_kept": kept,
    "which_question": which_question,
    "which_pair": which_pair,
    "thanks_shown": thanks_shown,
    "note_shared": shared,
    "answer_shared": shared,
}
