"""The review of a round, and the introduction of a pair."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.due import Builder, Message, Telling
from bot.pairing import rules
from bot.pairing.rules import Break
from bot.prompts import Prompts
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Person, Programme, Proposal, Round
from store.snapshots import Broken

REVIEW = "pairing.review"
REMOVE = "pairing.remove"
PUT_BACK = "pairing.put_back"
PAGE = "pairing.page"
END = "pairing.end"
KEEP = "pairing.keep"
LATER = "pairing.later"

PAGE_SIZE = 20
MOST_LEFT_OVER = 20
MOST_BROKEN = 10  # pairs with buttons in one message, or on one Home
BANDS = {"strong": "A strong fit", "good": "A good fit", "fair": "A fair fit"}


@dataclass(frozen=True)
class Proposed:
    """A proposal as a coordinator sees it."""

    proposal: Proposal
    mentor: Person
    mentee: Person


@dataclass(frozen=True)
class LeftOver:
    """Somebody whom the round leaves without a partner, and the rule that left them out most."""

    person: Person
    side: str
    why: str | None


@dataclass(frozen=True)
class Review:
    programme: Programme
    round: Round
    proposed: Sequence[Proposed]
    left_over: Sequence[LeftOver]


def working() -> Block:
    return kit.modal(
        "pairing.working", "Pairing", [kit.section("Looking for the best pairs. This takes a few seconds …")]
    )


FAILED = "That didn't work out this time. Nothing was changed; please try again in a minute."


def failed(text: str = FAILED) -> Block:
    return kit.modal("pairing.working", "Pairing", [kit.section(text)])


def review(review: Review, prompts: Prompts, viewer: Person, page: int = 0) -> Block:
    """Best first, a page at a time; somebody's own pair is not theirs to review."""
    kept = [each for each in review.proposed if not each.proposal.is_removed]
    shown = review.proposed[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    blocks = [kit.section(_summary(review, len(kept)))]
    for each in shown:
        blocks.append(_proposed(each, prompts, viewer))
    blocks += _pages(len(review.proposed), page)
    if page == 0:
        blocks += _left_over(review.left_over)
    if kept:
        blocks.append(kit.context("Publishing introduces each pair in a group DM, when both are at work."))
    submit = f"Publish {len(kept)} pair{'' if len(kept) == 1 else 's'}" if kept else None
    return kit.modal(REVIEW, "Pairs", blocks, submit=submit, close="Not now", private=f"{review.round.id}:{page}")


def _summary(review: Review, kept: int) -> str:
    name = kit.escape(review.programme.name)
    if not review.proposed:
        return f"*{name}*: no pair is possible just now."
    return (
        f"*{name}*: {kept} of {len(review.proposed)} proposed pairs, best first. No other round places more people, "
        "and none of as many fits better."
    )


def _proposed(each: Proposed, prompts: Prompts, viewer: Person) -> Block:
    names = f"*{kit.mention(each.mentor.slack_id)}* mentors *{kit.mention(each.mentee.slack_id)}*"
    if viewer.id in (each.mentor.id, each.mentee.id):
        return kit.section(f"{names}\nYou are one of them, so this pair is not yours to review.")
    value = str(each.proposal.id)
    spoken = f"{each.mentor.name} and {each.mentee.name}"
    if each.proposal.is_removed:
        return kit.section(f"~{names}~ removed", kit.button(PUT_BACK, "Put back", value, spoken=f"Put back {spoken}"))
    facts = each.proposal.reasons
    waited = ["Waited for one round" if facts["waited"] == 1 else f"Waited for {facts['waited']} rounds"]
    next_in_line = ["First in line: a partner left"] if facts.get("first_in_line") else []
    waited = next_in_line or (waited if facts["waited"] else [])
    why = "\n".join([BANDS[facts["band"]], *reasons(facts, prompts), *waited])
    return kit.section(f"{names}\n{why}", kit.button(REMOVE, "Remove", value, spoken=f"Remove {spoken}"))


def reasons(facts: Mapping[str, Any], prompts: Prompts) -> list[str]:
    """Why these two, in words, from what anybody may know."""
    found = []
    if facts["topics"]:
        found.append("Shared topics: " + ", ".join(kit.escape(prompts.topic(topic)) for topic in facts["topics"]))
    if facts["departments"]:
        found.append("Different fields: " + " and ".join(kit.escape(name) for name in facts["departments"]))
    if facts["sites"]:
        found.append("Different places: " + " and ".join(kit.escape(name) for name in facts["sites"]))
    return found


def _pages(total: int, page: int) -> list[Block]:
    last = (total - 1) // PAGE_SIZE
    if last <= 0:
        return []
    buttons = []
    if page > 0:
        buttons.append(kit.button(PAGE + ".back", "Back", str(page - 1)))
    if page < last:
        buttons.append(kit.button(PAGE + ".on", "More", str(page + 1)))
    return [kit.actions(*buttons), kit.context(f"Page {page + 1} of {last + 1}")]


def _left_over(left_over: Sequence[LeftOver]) -> list[Block]:
    if not left_over:
        return []
    lines = [
        f"• {kit.mention(each.person.slack_id)}, {each.side}" + (f": {each.why}" if each.why else "")
        for each in left_over[:MOST_LEFT_OVER]
    ]
    if (more := len(left_over) - MOST_LEFT_OVER) > 0:
        lines.append(f"… and {more} more")
    return [kit.divider(), kit.section("*Still waiting after this round*\n" + "\n".join(lines))]


def published(pairs: int) -> Block:
    ways = "1 pair is" if pairs == 1 else f"{pairs} pairs are"
    text = f"{ways} on the way: each is introduced in a group DM when both are at work."
    return kit.modal("pairing.working", "Published", [kit.section(text)])


def introduction(telling: Telling) -> Message:
    """The group DM's first message: who, why them, how to begin, whom to turn to, and the button for a date."""
    each = telling.partnership
    mentor, mentee = (each.partner, each.me) if each.i_am_mentee else (each.me, each.partner)
    said = telling.prompts.say(
        "introduction",
        mentor=kit.mention(mentor.slack_id),
        mentee=kit.mention(mentee.slack_id),
        programme=kit.escape(each.programme.name),
        objective=kit.escape(each.programme.objective),
    )
    why = reasons(each.pair.reasons, telling.prompts)
    first = telling.prompts.say(
        "introduction.first", mentee=kit.mention(mentee.slack_id), contact=kit.mention(each.programme.contact)
    )
    parts = [said, *(["*Why you two*\n" + "\n".join(f"• {reason}" for reason in why)] if why else []), first]
    pick = kit.go("meet", "Pick a date", str(each.pair.id), style="primary")
    return Message("\n\n".join(parts), [*(kit.section(part) for part in parts), kit.actions(pick)])


def rule_broken(telling: Telling) -> Message:
    """To a coordinator: what a change in the directory means for pairs, and what can be done about it."""
    running = next(each for each in telling.snapshot.runs if each.programme.id == telling.nudge.about)
    found = rules.told_together(running, telling.snapshot.person.id)
    at = telling.nudge.due_at
    broken = found.get(at) or found[at - rules.ASK_AGAIN]
    name = "rule_broken" if at in found else "rule_broken.again"
    said = telling.prompts.say(name, programme=kit.escape(running.programme.name))
    can = telling.prompts.say("rule_broken.can")
    by_pair = _by_pair(broken)
    shown = [block for each in by_pair[:MOST_BROKEN] for block in _to_decide(each, telling.prompts)]
    lines = [_what(each, telling.prompts) for each in by_pair[:MOST_BROKEN]] + _more_broken(len(by_pair))
    more = [kit.context(line) for line in _more_broken(len(by_pair))]
    return Message("\n\n".join([said, *lines, can]), [kit.section(said), kit.section(can), *shown, *more])


def home(broken: Sequence[Broken], viewer: Person, prompts: Prompts) -> list[Block]:
    """On a coordinator's Home: pairs that break a rule, until somebody decides. Their own pair isn't among them."""
    by_pair = _by_pair([each for each in broken if viewer.id not in (each.mentor.id, each.mentee.id)])
    if not by_pair:
        return []
    shown = [block for each in by_pair[:MOST_BROKEN] for block in _to_decide(each, prompts)]
    head = kit.section("*To decide: the directory has changed*\nThese pairs no longer keep the rules.")
    return [head, *shown, *(kit.context(line) for line in _more_broken(len(by_pair)))]


def _by_pair(broken: Sequence[Broken]) -> list[list[Broken]]:
    by_pair: dict[int, list[Broken]] = {}
    for each in broken:
        by_pair.setdefault(each.pair.id, []).append(each)
    return list(by_pair.values())


def _more_broken(pairs: int) -> list[str]:
    if pairs <= MOST_BROKEN:
        return []
    return [f"… and {pairs - MOST_BROKEN} more. Your Home shows them when these are decided."]


def _to_decide(broken: Sequence[Broken], prompts: Prompts) -> list[Block]:
    first = broken[0]
    value = ",".join(str(each.broken.id) for each in broken)
    names = f"{first.mentor.name} and {first.mentee.name}"
    end = kit.confirmed(
        kit.button(END, "End the pair kindly", value, style="danger", spoken=f"End the pair of {names} kindly"),
        "End this pair?",
        "Both hear that their pair has ended, and nothing about why. It can't be undone.",
        "End the pair",
        "Not now",
    )
    keep = kit.button(KEEP, "Keep them together", value, spoken=f"Keep {names} together")
    look_again = kit.button(LATER, "Decide later", value, spoken=f"Decide later about {names}")
    return [kit.section(_what(broken, prompts)), kit.actions(end, keep, look_again)]


def _what(broken: Sequence[Broken], prompts: Prompts) -> str:
    """What changed, in plain words."""
    first = broken[0]
    mentor, mentee = kit.mention(first.mentor.slack_id), kit.mention(first.mentee.slack_id)
    two = prompts.say("rule_broken.two", mentor=mentor, mentee=mentee)
    return " ".join([two, *(_rule(each.broken.rule, mentor, mentee, prompts) for each in broken)])


def _rule(rule: str, mentor: str, mentee: str, prompts: Prompts) -> str:
    if rule == Break.SAME_TEAM:
        return prompts.say("rule_broken.same_team", mentor=mentor, mentee=mentee)
    above, below = (mentee, mentor) if rule == Break.MENTEE_ABOVE else (mentor, mentee)
    return prompts.say("rule_broken.above", above=above, below=below)


def decided(by: Person, *, is_ended: bool) -> str:
    """To whoever presses after somebody else has."""
    return f"{kit.mention(by.slack_id)} has decided: " + ("the pair has ended." if is_ended else "they stay together.")


MESSAGES: Mapping[str, Builder] = {"introduction": introduction, "rule_broken": rule_broken}
