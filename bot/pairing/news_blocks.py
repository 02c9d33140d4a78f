"""What coordinators hear of rounds that go on without them."""

from collections.abc import Mapping, Sequence

from bot.due import Builder, Message, Telling
from bot.pairing import why
from bot.pairing.bars import Bar, words
from bot.pairing.blocks import BANDS
from bot.pairing.rules import PUBLICATION
from bot.prompts import Prompts
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Person, Proposal
from store.publications import GAVE_WAY, NOT_AVAILABLE, REFUSED, Lost, Publication
from store.repairs import Repair

LOOK_AT = "pairing.look_at"

MOST_REPAIRS = 5  # on one Home
WHY = {
    REFUSED: "Slack didn't take the introduction",
    NOT_AVAILABLE: "one of them isn't available any more",
    GAVE_WAY: "both get other partners, so that somebody who was left alone has one",
}


def publication(telling: Telling) -> Message:
    """To whoever published a round: how far it is. The same message is changed from then on."""
    about = telling.nudge.about
    found = next(each for each in telling.snapshot.publications if each.round.id == about)
    return how_far(found, telling.prompts)


def how_far(found: Publication, prompts: Prompts) -> Message:
    counts = {
        "programme": kit.escape(found.programme.name),
        "introduced": str(found.introduced),
        "of": str(found.of),
        "coming": str(found.coming),
        "lost": str(found.lost_count),
    }
    names = ["publication.going" if found.coming else "publication.done"]
    names += ["publication.coming"] * (found.coming > 0) + ["publication.lost"] * (found.lost_count > 0)
    said = [prompts.say(name, **counts) for name in names]
    lines = [_lost(each) for each in found.lost]
    if (more := found.lost_count - len(found.lost)) > 0:
        lines.append(f"… and {more} more")
    parts = [*said, *(["\n".join(lines)] if lines else [])]
    return Message("\n\n".join(parts), [kit.section(part) for part in parts])


def _lost(each: Lost) -> str:
    why = WHY.get(each.why) or words(Bar(each.why))
    return f"• {kit.mention(each.mentor.slack_id)} and {kit.mention(each.mentee.slack_id)}: {why}"


def weekly_ready(telling: Telling) -> Message:
    """To whoever runs a programme that proposes pairs each week: some are possible."""
    made = next(each for each in telling.snapshot.asked if each.id == telling.nudge.about)
    programme = next(each.programme for each in telling.snapshot.runs if each.programme.id == made.programme_id)
    said = telling.prompts.say("round_ready.weekly", pairs=str(made.placed), programme=kit.escape(programme.name))
    return Message(said, [kit.section(said), kit.actions(kit.go("match", "Look at the pairs", str(programme.id)))])


def repair_ready(telling: Telling) -> Message:
    """To whoever runs the programme: a new partner for somebody who was left alone."""
    found = next(each for each in telling.snapshot.repairs if each.round.id == telling.nudge.about)
    said = _repair(found, telling.prompts)
    return Message("\n\n".join(said), [*(kit.section(part) for part in said), kit.actions(_look_at(found))])


def repairs_home(repairs: Sequence[Repair], viewer: Person, prompts: Prompts) -> list[Block]:
    """On a coordinator's Home: new partners that were found, until somebody decides. Never one of their own."""
    shown = [each for each in repairs if viewer.id not in each.people]
    blocks = [kit.section("\n".join(_repair(each, prompts)), _look_at(each)) for each in shown[:MOST_REPAIRS]]
    return [kit.section("*To decide: a new partner*"), *blocks] if blocks else []


def _repair(found: Repair, prompts: Prompts) -> list[str]:
    """For whom, what it touches, and the pairs with why they fit."""
    name = "repair.changes" if found.changes else "repair.found"
    said = prompts.say(name, alone=kit.mention(found.alone.slack_id), programme=kit.escape(found.programme.name))
    return [said, *(_couple(proposal, mentor, mentee, prompts) for proposal, mentor, mentee in found.couples)]


def _couple(proposal: Proposal, mentor: Person, mentee: Person, prompts: Prompts) -> str:
    names = f"*{kit.mention(mentor.slack_id)}* mentors *{kit.mention(mentee.slack_id)}*"
    return "\n".join([names, BANDS[proposal.reasons["band"]], *why.reasons(proposal.reasons, prompts)])


def _look_at(found: Repair) -> Block:
    spoken = f"Look at the new partner for {found.alone.name}"
    return kit.button(LOOK_AT, "Look at it", str(found.round.id), spoken=spoken)


MESSAGES: Mapping[str, Builder] = {
    PUBLICATION: publication,
    "weekly_ready": weekly_ready,
    "repair_ready": repair_ready,
}
