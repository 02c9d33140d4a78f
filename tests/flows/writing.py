"""Signing up by writing in the DM: the questions, the answers, and what comes of them."""

from flows.kept import records
from flows.telling import buttons, last, texts

from sandbox import Sandbox
from store.models import Draft, Member, MemberState, Side

SIDE = "Which side would you like to be on?"
OFFERS = "What can you offer as a mentor?"
HOPES = "What do you hope to get out of it?"
SUMMARY = "That is all. Shall I send it like this?"
JOINED = "You have joined *Look Up*"

# A whole sign-up, as it is written: the question it answers, and the answer.
BY_WRITING = (
    (SIDE, "I'd like to be a mentor."),
    (OFFERS, "AI tools, working with data"),
    ("How many mentees", "two"),
    (HOPES, "To see how <they> decide & why."),
    ("In which languages", "English and Portuguese"),
    ("How would you like to meet", "online"),
    ("Which hours", "morning, afternoon"),
    ("Are there employee networks", "parents"),
    ("Is there anybody", "<@U0BEAWHITL>"),
    ("You report to Jonas Keller", "yes"),
    ("Your department is Engineering", "that's right"),
    ("Your team is Platform", "yes"),
    ("Your level is", "right"),
    ("Before I keep your answers", "I agree"),
    (SUMMARY, "send it"),
)


def begin(box: Sandbox, who: str = "ana") -> None:
    """Somebody writes "join", and would rather write than fill in a form."""
    box.write(who, "join")
    assert buttons(box.dm(who)[-1]) == ["The form", "I'd rather write"]
    box.press(who, "I'd rather write")


def say(box: Sandbox, *said: str, who: str = "ana") -> str:
    """They write these; what the bot says last."""
    for text in said:
        box.write(who, text)
    return last(box.dm(who))


def say_in_thread(box: Sandbox, text: str, thread: str) -> str:
    box.write("ana", text, thread_ts=thread)
    return last(box.dm("ana"))


def asked(box: Sandbox, what: str, who: str = "ana") -> int:
    """How often a question was asked."""
    return sum(what in text for text in texts(box.dm(who)))


def open_drafts(box: Sandbox) -> list[tuple[str | None, int]]:
    """What of sign-ups is kept: the open question and the turn of each."""
    with records(box) as db:
        return [(draft.question, draft.turn) for draft in db.query(Draft).order_by(Draft.id)]


def told_of(member: Member) -> dict[str, object]:
    """What a sign-up left, without what is sealed."""
    named = ("side", "topics", "capacity", "languages", "ways", "hours", "state")
    return {name: getattr(member, name) for name in named} | {
        name: getattr(member, name) is not None for name in ("hopes", "avoid", "networks")
    }


THE_SAME = {
    "side": Side.MENTOR,
    "topics": ["ai_tools", "data"],
    "capacity": 2,
    "languages": ["en", "pt"],
    "ways": ["online"],
    "hours": ["morning", "afternoon"],
    "state": MemberState.ACTIVE,
    "hopes": True,
    "avoid": True,
    "networks": True,
}
