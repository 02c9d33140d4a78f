"""Messages about one's place, which programme is meant, and how to join, on the Home."""

from collections.abc import Mapping, Sequence

from bot.due import Builder, Message, Telling
from bot.prompts import Prompts
from bot.signup.pages import CAPACITY, HOURS, SIDES, WAYS
from bot.signup.rules import LANGUAGES
from bot.slack import kit
from bot.slack.kit import Block
from store.models import IS_OUT, Member, MemberState, Programme, Side, TopicState, Way

MOST_PROGRAMMES = 40  # a message holds 50 blocks


# Which programme


def which_programme(word: str, programmes: Sequence[Programme], *, changes: bool) -> Message:
    """Which of several programmes is meant."""
    text = (
        "Which programme's answers would you like to change?" if changes else "Which programme would you like to join?"
    )
    rows = [
        kit.section(
            f"*{kit.escape(each.name)}*\n{kit.escape(each.objective)}",
            kit.go(word, "Change my answers" if changes else "Join", str(each.id)),
        )
        for each in programmes[:MOST_PROGRAMMES]
    ]
    return Message(text, [kit.section(text), *rows])


def forgotten(programme: Programme) -> Block:
    """What they had begun is deleted."""
    text = "What you filled in is deleted. You can begin anew now, or at any other time."
    again = kit.actions(kit.go("join", "Begin anew", str(programme.id)))
    return kit.modal("reply", "Flipside", [kit.section(text), again])


# The messages about one's place


def described(mine: Sequence[Member], prompts: Prompts, proposed: Mapping[int, str]) -> str:
    """Their answers in a few lines, without what is told in confidence. `proposed`: a topic by id of the member."""
    one = mine[0]
    languages = ", ".join(LANGUAGES.get(code, code) for code in one.languages)
    ways = ", ".join(WAYS[Way(way)].lower() for way in one.ways)
    hours = ", ".join(HOURS[each].lower() for each in one.hours if each in HOURS)
    return "\n".join(
        [
            f"• Side: {' and '.join(SIDES[member.side].lower() for member in mine)}",
            *(_topics_told(member, prompts, proposed.get(member.id)) for member in mine),
            f"• Languages: {languages}",
            f"• Ways to meet: {ways}",
            f"• Hours: {hours or 'any'}",
        ]
    )


def _topics_told(member: Member, prompts: Prompts, proposed: str | None) -> str:
    topics = [prompts.topic(topic) for topic in member.topics] + ([f"{proposed} (proposed)"] if proposed else [])
    told = kit.escape(", ".join(topics)) or "nothing in the list yet"
    if member.side is Side.MENTEE:
        return f"• You'd like to learn: {told}"
    many = f", with {CAPACITY[member.capacity].lower()} mentees" if member.capacity in (2, 3) else ""
    return f"• You offer: {told}{many}"


def joined(telling: Telling) -> Message:
    """They joined or changed their answers, asked to, wait in the list, or were let in: by the kind of the nudge."""
    mine, programme = _mine(telling)
    member, name = mine[0], kit.escape(programme.name)
    side = " and a ".join(SIDES[each.side].lower() for each in mine)
    fields = {"programme": name, "side": side}
    match telling.nudge.kind:
        case "joined" if member.joined_at != member.changed_at:
            begins = telling.prompts.say("changed", programme=name)
        case "queued":
            begins = telling.prompts.say("queued", **fields, place=str(telling.place_in_list))
        case kind:
            begins = telling.prompts.say(kind, **fields)
    proposals = telling.snapshot.proposals
    proposed = {each.member_id: each.text for each in proposals if each.state is TopicState.OPEN}
    text = "\n\n".join([begins, described(mine, telling.prompts, proposed), _next(telling, mine, name)])
    buttons = kit.actions(kit.go("profile", "Change my answers"), kit.go("mydata", "See what is stored"))
    return Message(text, [kit.section(text), buttons])


def _next(telling: Telling, mine: Sequence[Member], programme: str) -> str:
    if mine[0].state in (MemberState.APPLIED, MemberState.QUEUED):
        return telling.prompts.say(f"{mine[0].state}.next", programme=programme)
    side = "both" if len(mine) > 1 else mine[0].side
    return telling.prompts.say(f"joined.{side}_next", programme=programme)


def _mine(telling: Telling) -> tuple[list[Member], Programme]:
    """Their places in the programme it is about, the one it names first; those they left only if it names one."""
    about = next(place for place in telling.snapshot.places if place.member.id == telling.nudge.about)
    there = [place.member for place in telling.snapshot.places if place.programme.id == about.programme.id]
    others = [member for member in there if member.id != about.member.id and member.state not in IS_OUT]
    return sorted([about.member, *others], key=lambda member: list(Side).index(member.side)), about.programme


def declined(telling: Telling) -> Message:
    _, programme = _mine(telling)
    text = telling.prompts.say("declined", programme=kit.escape(programme.name), contact=kit.mention(programme.contact))
    return Message(text, [kit.section(text)])


# The Home of those who are in no programme


def home(others: Sequence[tuple[Programme, str | None]], *, is_in: bool) -> list[Block]:
    """What this is and how to join; for somebody who is in a programme, only which others they can join.

    `others` are the programmes they aren't in, each with why they can't join it now, or None if they can.
    """
    return [_open(each) for each, why in others if why is None] if is_in else _welcome(others)


def _welcome(programmes: Sequence[tuple[Programme, str | None]]) -> list[Block]:
    what = (
        "Leaders learn what they can't see from above, from people earlier in their career: one pair, and a talk of 45 "
        "minutes once a month or every two weeks. It is voluntary, private and kind: what a pair writes stays theirs."
    )
    blocks = [kit.header("Learn from each other"), kit.section(what)]
    if not programmes:
        return [
            *blocks,
            kit.context("No programme is open just now. When one opens, it is announced in its channel."),
        ]
    return [*blocks, *(_open(each) if why is None else _not_open(each, why) for each, why in programmes)]


def _open(programme: Programme) -> Block:
    text = f"*{kit.escape(programme.name)}* is open.\n{kit.escape(programme.objective)}"
    return kit.section(text, kit.go("join", "Join", str(programme.id), style="primary"))


def _not_open(programme: Programme, why: str) -> Block:
    return kit.section(f"*{kit.escape(programme.name)}*\n{kit.escape(programme.objective)}\n_{kit.escape(why)}_")


MESSAGES: Mapping[str, Builder] = {
    "joined": joined,
    "applied": joined,
    "queued": joined,
    "let_in": joined,
    "declined": declined,
}
