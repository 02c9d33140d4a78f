"""The form that sets up a programme, its announcement, and the coordinator's part of the Home."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.due import Message
from bot.programme.rules import LENGTHS, NAME_LIMIT, Answers, Health
from bot.prompts import Prompts
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Person, Programme, Side

FORM = "programme.form"
MOST_SHOWN = 20


def form() -> Block:
    lengths = [kit.option(str(months), f"{months} months") for months in LENGTHS]
    channel: Block = {
        "type": "conversations_select",
        "placeholder": kit.plain("Choose a channel"),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    contact: Block = {"type": "users_select", "placeholder": kit.plain("Choose a person")}
    return kit.modal(
        FORM,
        "Set up a programme",
        [
            kit.field(
                "name",
                "Name",
                kit.text_input(most=NAME_LIMIT),
                hint="Used in every message. Any name you like.",
            ),
            kit.field(
                "objective",
                "What is it for?",
                kit.text_input(many_lines=True, most=500),
                hint="One objective, in a sentence people would say: it stands on the announcement.",
            ),
            kit.field("channel", "Channel for announcements", channel, hint="Invite the bot to it first: /invite."),
            kit.field(
                "contact",
                "Contact for concerns",
                contact,
                hint="Named in each introduction and each Home. They can't take part themselves.",
            ),
            kit.field("months", "How long, meeting once a month", kit.choose_one("static_select", lengths, "6")),
        ],
        submit="Set up",
        close="Not now",
    )


def read(answers: kit.Answers) -> Answers:
    months = answers.one("months")
    return Answers(
        name=answers.text("name"),
        objective=answers.text("objective"),
        channel=answers.channel("channel"),
        contact=answers.person("contact"),
        months=int(months) if months else None,
    )


def opening(programme: Programme, prompts: Prompts) -> Message:
    """What stands in the channel when a programme opens."""
    text = prompts.say(
        "announcement",
        programme=kit.escape(programme.name),
        objective=kit.escape(programme.objective),
        months=str(programme.months),
        contact=kit.mention(programme.contact),
    )
    join = kit.go("join", "Join", str(programme.id), style="primary")
    return Message(text, [kit.section(text), kit.actions(join)])


@dataclass(frozen=True)
class Overview:
    """What a coordinator may know of a programme."""

    programme: Programme
    members: int
    waiting: Sequence[tuple[Person, Side]]
    pairs: Sequence[tuple[Person, Person, Health]]
    """Mentor, mentee, and how they are doing."""


def home(overview: Overview | None) -> list[Block]:
    if overview is None:
        setup = kit.actions(kit.go("setup", "Set up a programme", style="primary"))
        return [
            kit.header("For coordinators"),
            kit.section("No programme is open. Setting one up takes a minute."),
            setup,
        ]
    programme = overview.programme
    met = sum(health.held > 0 for _, _, health in overview.pairs)
    numbers = (
        f"Members: {overview.members} · pairs: {len(overview.pairs)}, of them met: {met} · "
        f"waiting: {len(overview.waiting)}"
    )
    return [
        kit.header("For coordinators"),
        kit.section(f"*{kit.escape(programme.name)}*\n{numbers}"),
        kit.actions(kit.go("match", "Pair people"), kit.go("announce", "Announce"), kit.go("setup", "New programme")),
        *_waiting(overview.waiting),
        *_pairs(overview.pairs),
    ]


def _waiting(waiting: Sequence[tuple[Person, Side]]) -> list[Block]:
    if not waiting:
        return [kit.context("Nobody is waiting for a partner.")]
    lines = [f"• {kit.mention(person.slack_id)}, {side}" for person, side in waiting[:MOST_SHOWN]]
    return [kit.section("*Waiting for a partner*\n" + "\n".join(lines + _more(waiting)))]


def _pairs(pairs: Sequence[tuple[Person, Person, Health]]) -> list[Block]:
    if not pairs:
        return []
    lines = [_pair(mentor, mentee, health) for mentor, mentee, health in pairs[:MOST_SHOWN]]
    return [kit.section("*Pairs*\n" + "\n".join(lines + _more(pairs)))]


def _pair(mentor: Person, mentee: Person, health: Health) -> str:
    met = f"met {health.held} times" if health.held > 1 else "met once" if health.held else "not met yet"
    if health.pair.introduced_at is None:
        met = "about to be introduced"
    when = f", next {kit.moment(health.next_at)}" if health.next_at else ""
    quiet = " — *no date for a while*: a kind word may help" if health.is_quiet else ""
    return f"• {kit.mention(mentor.slack_id)} → {kit.mention(mentee.slack_id)}: {met}{when}{quiet}"


def _more(items: Sequence[object]) -> list[str]:
    more = len(items) - MOST_SHOWN
    return [f"… and {more} more"] if more > 0 else []
