"""The sign-up form and how it is read back; the messages of joining and leaving; the Home's first lines."""

from collections.abc import Mapping, Sequence

from bot.due import Builder, Message, Telling
from bot.prompts import Prompts
from bot.signup.rules import LANGUAGES, MOST_TOPICS, Answers
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Member, MemberState, Programme, Side, Way

FORM = "signup.form"
LEAVE = "signup.leave"

SIDES = {Side.MENTOR: "Mentor", Side.MENTEE: "Mentee"}
SIDES_SAY = {
    Side.MENTOR: "I share what I know with a senior leader.",
    Side.MENTEE: "I lead, and I'd like to learn.",
}
WAYS = {Way.ONLINE: "Online", Way.IN_PERSON: "In person"}
CONSENT = (
    "Your answers, your pair, the dates you meet and what you write here are kept in your company's own database. "
    "Coordinators see that you take part, your side, topics, languages and ways to meet, your pair and "
    "whether you meet. What you hope for and whom you'd rather not meet are shown to nobody but you. "
    "Notes and reflections are encrypted: private ones are yours alone, shared ones your pair's. "
    "You can leave at any time, without a reason."
)


def form(
    programme: Programme,
    prompts: Prompts,
    member: Member | None = None,
    hopes: str | None = None,
    avoid: Sequence[str] = (),
) -> Block:
    """Empty to join, filled in to change."""
    blocks = [
        kit.section(f"*{kit.escape(programme.name)}*\n{kit.escape(programme.objective)}"),
        *(_side() if member is None else [kit.context(f"You're in as a {SIDES[member.side].lower()}.")]),
        _topics(prompts, member),
        kit.field(
            "hopes",
            "What do you hope to get out of it?",
            kit.text_input(hopes, many_lines=True),
            hint="For you alone: it comes back to you half-way.",
            optional=True,
        ),
        _languages(member),
        _ways(member),
        _avoid(avoid),
        *(_consent() if member is None else []),
    ]
    title = "Join" if member is None else "Change my answers"
    submit = "Join" if member is None else "Save"
    return kit.modal(FORM, title, blocks, submit=submit, close="Not now", private=str(programme.id))


def _side() -> list[Block]:
    choices = [kit.option(side, label, SIDES_SAY[side]) for side, label in SIDES.items()]
    return [kit.field("side", "I'd like to join as", kit.choose_one("radio_buttons", choices))]


def _topics(prompts: Prompts, member: Member | None) -> Block:
    menu = kit.choose_many(
        "multi_static_select", kit.options(prompts.topics), member.topics if member else (), "Choose topics"
    )
    hint = f"What you can share, or would like to learn: up to {MOST_TOPICS}, the most important first."
    return kit.field("topics", "Topics", menu, hint=hint)


def _languages(member: Member | None) -> Block:
    chosen = member.languages if member else ()
    menu = kit.choose_many("multi_static_select", kit.options(LANGUAGES), chosen, "Choose languages")
    return kit.field("languages", "Languages I'm happy to talk in", menu)


def _ways(member: Member | None) -> Block:
    return kit.field(
        "ways",
        "Ways to meet",
        kit.choose_many("checkboxes", kit.options(WAYS), member.ways if member else ()),
    )


def _avoid(avoid: Sequence[str]) -> Block:
    menu: Block = {"type": "multi_users_select", "placeholder": kit.plain("Choose people")}
    if avoid:
        menu["initial_users"] = list(avoid)
    hint = "Always honoured, shown to nobody, no reason needed."
    return kit.field("avoid", "People I'd rather not be paired with", menu, hint=hint, optional=True)


def _consent() -> list[Block]:
    agree = kit.choose_many("checkboxes", [kit.option("yes", "I agree")])
    # Optional, so that our own sentence says what is missing instead of Slack's.
    return [kit.context(CONSENT), kit.field("consent", "Keeping my answers", agree, optional=True)]


def read(answers: kit.Answers, member: Member | None) -> Answers:
    """What was filled in. Someone who changes their answers keeps their side and their consent."""
    side = answers.one("side")
    return Answers(
        side=member.side if member else Side(side) if side else None,
        topics=answers.many("topics"),
        hopes=answers.text("hopes"),
        languages=answers.many("languages"),
        ways=answers.many("ways"),
        avoid=answers.people("avoid"),
        has_consented=member is not None or bool(answers.many("consent")),
    )


def described(member: Member, prompts: Prompts) -> str:
    """Their answers in a few lines, without what is told in confidence."""
    topics = ", ".join(prompts.topic(topic) for topic in member.topics)
    languages = ", ".join(LANGUAGES.get(code, code) for code in member.languages)
    ways = ", ".join(WAYS[Way(way)].lower() for way in member.ways)
    return "\n".join(
        [
            f"• Side: {SIDES[member.side].lower()}",
            f"• Topics: {kit.escape(topics)}",
            f"• Languages: {languages}",
            f"• Ways to meet: {ways}",
        ]
    )


def joined(telling: Telling) -> Message:
    place = next(each for each in telling.snapshot.places if each.member.id == telling.nudge.about)
    member, programme = place.member, kit.escape(place.programme.name)
    side = SIDES[member.side].lower()
    text = "\n\n".join(
        [
            telling.prompts.say("joined", programme=programme, side=side)
            if member.joined_at == member.changed_at
            else telling.prompts.say("changed", programme=programme),
            described(member, telling.prompts),
            telling.prompts.say(f"joined.{member.side}_next", programme=programme),
        ]
    )
    buttons = kit.actions(kit.go("profile", "Change my answers"), kit.go("mydata", "See what is stored"))
    return Message(text, [kit.section(text), buttons])


def left(telling: Telling) -> Message:
    place = next(each for each in telling.snapshot.places if each.member.id == telling.nudge.about)
    text = telling.prompts.say("left", programme=kit.escape(place.programme.name))
    return Message(text, [kit.section(text)])


def partner_news(telling: Telling) -> Message:
    """The partner left, paused or came back."""
    each = telling.partnership
    fields = {"partner": kit.mention(each.partner.slack_id)}
    if telling.nudge.kind == "partner_left":
        fields["programme"] = kit.escape(each.programme.name)
    text = telling.prompts.say(telling.nudge.kind, **fields)
    return Message(text, [kit.section(text)])


def paused() -> Message:
    text = "You're paused. No reminders or questions will come until you say so, and your partner is told kindly."
    return Message(text, [kit.section(text), kit.actions(kit.go("resume", "Go on"))])


def confirm_leaving(programme: Programme) -> Message:
    text = (
        f"Leave *{kit.escape(programme.name)}*? You needn't give a reason. If you have a partner, they get a kind "
        "message that gives no cause."
    )
    button = kit.button(LEAVE, "Leave the programme", str(programme.id), style="danger")
    return Message(text, [kit.section(text), kit.actions(button)])


def home(place: tuple[Member, Programme] | None, programme: Programme | None, *, waits: bool) -> list[Block]:
    """What this is and how to join, or where they stand."""
    if place is None:
        return _welcome(programme)
    member, joined_programme = place
    waiting = " You're on the list for the next round of pairing; I'll write as soon as you have a partner."
    if member.state is MemberState.PAUSED:
        state = " You're *paused*: nothing comes until you go on."
    else:
        state = waiting if waits else ""
    text = f"You take part in *{kit.escape(joined_programme.name)}* as a {SIDES[member.side].lower()}.{state}"
    hold = kit.go("resume", "Go on") if member.state is MemberState.PAUSED else kit.go("pause", "Pause")
    buttons = [
        kit.go("profile", "Change my answers"),
        hold,
        kit.go("mydata", "What is stored"),
        kit.go("leave", "Leave"),
    ]
    return [kit.section(text), kit.actions(*buttons)]


def _welcome(programme: Programme | None) -> list[Block]:
    what = (
        "Leaders learn what they can't see from above, from people earlier in their career: one pair, one talk of "
        "45 minutes a month, for some months. It is voluntary, private and kind: what a pair writes stays theirs."
    )
    blocks = [kit.header("Learn from each other"), kit.section(what)]
    if programme is None:
        return [
            *blocks,
            kit.context("No programme is open just now. When one opens, it is announced in its channel."),
        ]
    open_now = f"*{kit.escape(programme.name)}* is open.\n{kit.escape(programme.objective)}"
    return [
        *blocks,
        kit.section(open_now),
        kit.actions(kit.go("join", "Join", str(programme.id), style="primary")),
    ]


MESSAGES: Mapping[str, Builder] = {
    "joined": joined,
    "left": left,
    "partner_left": partner_news,
    "partner_paused": partner_news,
    "partner_resumed": partner_news,
}
