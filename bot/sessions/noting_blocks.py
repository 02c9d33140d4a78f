"""The form for notes and actions, and what was written as the Home shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from bot.sessions.blocks import card, when
from bot.sessions.todo_blocks import said, to_do
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Session, Way
from store.notes import Written
from store.snapshots import Partnership

NOTE_FORM = "sessions.note"
NOTE_LIMIT = 3000
MOST_ACTIONS = 10
LENGTHS = (15, 30, 45, 60, 90)  # minutes
WAYS = {Way.ONLINE: "Online", Way.IN_PERSON: "In person"}


def note_form(each: Partnership, session: Session, *, has_met: bool = False) -> Block:
    return kit.modal(
        NOTE_FORM,
        "After your talk",
        [
            kit.context(
                f"With {kit.mention(each.partner.slack_id)}, {when(session)}. Fill in what you like, if anything."
            ),
            kit.field(
                "private",
                "A note for me",
                kit.text_input(many_lines=True, most=NOTE_LIMIT),
                hint="Only you can read it. It is encrypted with a key of your own.",
                optional=True,
            ),
            kit.field(
                "shared",
                "A note for both of us",
                kit.text_input(many_lines=True, most=NOTE_LIMIT),
                hint="Your partner can read it, nobody else.",
                optional=True,
            ),
            kit.field(
                "actions",
                "What I'll do before next time",
                kit.text_input(many_lines=True, most=1000),
                hint=f"One a line, up to {MOST_ACTIONS}. Your partner sees them too.",
                optional=True,
            ),
            kit.field(
                "due",
                "By when",
                kit.pick_day(),
                hint="For all of them; you can change it for each later.",
                optional=True,
            ),
            *(_how_it_was() if has_met else []),
        ],
        submit="Keep",
        close="Not now",
        private=f"{session.id}:{'met' if has_met else ''}",
    )


def _how_it_was() -> list[Block]:
    """Told once, if they like."""
    lengths = kit.options({minutes: f"About {minutes} minutes" for minutes in LENGTHS})
    return [
        kit.field(
            "minutes",
            "How long was it?",
            kit.choose_one("static_select", lengths, placeholder="If you like"),
            optional=True,
        ),
        kit.field(
            "way",
            "How did you meet?",
            kit.choose_one("static_select", kit.options(WAYS), placeholder="If you like"),
            hint="Your partner and the people who run the programme may see this, and how long it was.",
            optional=True,
        ),
    ]


@dataclass(frozen=True)
class Noted:
    """What somebody wrote after a talk."""

    private: str | None
    shared: str | None
    actions: Sequence[str]
    due_on: date | None = None
    """By which day they'd like to have done it."""
    minutes: int | None = None
    """How long they talked."""
    way: Way | None = None


def read_note(answers: kit.Answers) -> Noted:
    lines = (answers.text("actions") or "").splitlines()
    day = answers.date("due")
    return Noted(
        answers.text("private"),
        answers.text("shared"),
        [line.strip() for line in lines if line.strip()],
        date.fromisoformat(day) if day else None,
        int(minutes) if (minutes := answers.one("minutes")) else None,
        Way(way) if (way := answers.one("way")) else None,
    )


def home(each: Partnership, notes: Sequence[Written], actions: Sequence[Written], now: datetime) -> list[Block]:
    """A pair on the Home: partner, next date, actions to tick off, the newest notes."""
    if each.pair.introduced_at is None:
        return []
    blocks = [kit.header(f"You and {each.partner.name}"), *card(each, now).blocks]
    if actions:
        blocks += [kit.section("*Before next time*"), *(_to_do(each, action) for action in actions)]
    if notes:
        blocks += [kit.section("*Notes*"), *chain.from_iterable(_note(each, note) for note in notes)]
    return [*blocks, kit.actions(kit.go("notes", "All notes and actions"))]


def _to_do(each: Partnership, action: Written) -> Block:
    if action.author_id != each.me.id:
        return kit.section(f"{kit.mention(each.partner.slack_id)}: {said(action)}")
    return to_do(action, f"You: {said(action)}")


def _note(each: Partnership, note: Written) -> list[Block]:
    return [kit.section(kit.quote(kit.shorten(note.text, 600))), kit.context(_whose(each, note))]


def _whose(each: Partnership, note: Written) -> str:
    if not note.is_shared:
        return "Written by you, for you alone"
    who = "you" if note.author_id == each.me.id else kit.mention(each.partner.slack_id)
    return f"Written by {who}, for both of you"
