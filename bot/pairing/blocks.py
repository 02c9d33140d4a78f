"""What is said about rounds and pairs: a round is there, a pair is introduced, a rule is broken."""

from collections.abc import Mapping, Sequence

from bot.due import Builder, Message, Telling
from bot.pairing import rules, why
from bot.pairing.rules import Break
from bot.prompts import Prompts
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Person, RoundState, Side
from store.snapshots import Broken, Partnership

END = "pairing.end"
KEEP = "pairing.keep"
LATER = "pairing.later"

MOST_BROKEN = 10  # pairs with buttons in one message, or on one Home
BANDS = {"strong": "A strong fit", "good": "A good fit", "fair": "A fair fit"}


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
    told = {side: why.reasons(each.pair.reasons, telling.prompts, side) for side in Side}
    reasons = [
        f"{kit.mention(person.slack_id)}:\n{_points(told[side])}"
        for side, person in ((Side.MENTOR, mentor), (Side.MENTEE, mentee))
        if told[side]
    ]
    first = telling.prompts.say(
        "introduction.first", mentee=kit.mention(mentee.slack_id), contact=kit.mention(each.programme.contact)
    )
    because = ["\n".join([telling.prompts.say("introduction.why"), *reasons])] if reasons else []
    parts = [said, *because, first]
    pick = kit.go("meet", "Pick a date", str(each.pair.id), style="primary")
    agree = kit.go("agree", "Our agreement", str(each.pair.id))
    return Message("\n\n".join(parts), [*(kit.section(part) for part in parts), kit.actions(pick, agree)])


def why_you(each: Partnership, prompts: Prompts) -> list[Block]:
    """On the Home of one of a pair: why they were put together, as it looks from their side."""
    found = why.reasons(each.pair.reasons, prompts, each.mine.side)
    return [kit.context("\n".join([prompts.say("introduction.why"), _points(found)]))] if found else []


def _points(lines: Sequence[str]) -> str:
    return "\n".join(f"• {line}" for line in lines)


def round_ready(telling: Telling) -> Message:
    """To whoever asked for pairs and closed the modal meanwhile."""
    made = next(each for each in telling.snapshot.asked if each.id == telling.nudge.about)
    name = "round_ready" if made.state is RoundState.PROPOSED else "round_ready.failed"
    said = telling.prompts.say(name, pairs=str(made.placed))
    button = kit.go("match", "Look at the pairs" if name == "round_ready" else "Try again", str(made.programme_id))
    return Message(said, [kit.section(said), kit.actions(button)])


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


MESSAGES: Mapping[str, Builder] = {
    "introduction": introduction,
    "round_ready": round_ready,
    "rule_broken": rule_broken,
}
