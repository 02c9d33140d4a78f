"""Words for what is found out about pairs and rounds: why these two, why not those, why nobody yet, and what it costs.

All of it is made of what `reasons`, `leftover` and `insight` say from open facts; nothing here asks further.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.pairing.weights import Part
from bot.prompts import Prompts
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Side, Way

Names = Mapping[int, str]
"""What members are called, by their ids, fit for mrkdwn."""
Facts = Mapping[str, Any]

MOST_REASONS = 3
MOST_NAMED = 5
MOST_RULES = 3  # of those that left somebody out
SOMEBODY = "somebody"  # who has left since

DIFFERENCES = {Part.DEPARTMENT: "departments", Part.FUNCTION: "functions", Part.SITE: "sites"}


# ---- Why these two


def reasons(facts: Facts, prompts: Prompts, reader: Side | None = None) -> list[str]:
    """The open parts that carried a pair, the weightiest first: for one of the two, or for a coordinator."""
    said = (_reason(part, facts, prompts, reader) for part in _carried(facts))
    return [each for each in said if each is not None][:MOST_REASONS]


def _carried(facts: Facts) -> list[Part]:
    """By what each part is worth; pairs of older releases have only what there is to tell."""
    parts: Mapping[str, int] = facts.get("parts") or {Part.TOPICS: 3, Part.DEPARTMENT: 2, Part.SITE: 1}
    is_twice = facts.get("functions") == facts.get("departments")  # a kind of work is often named as its department
    there = [part for part in Part if parts.get(part.value) and not (is_twice and part is Part.FUNCTION)]
    return sorted(there, key=lambda part: -parts[part.value])


def _reason(part: Part, facts: Facts, prompts: Prompts, reader: Side | None) -> str | None:
    end = f".{reader.value}" if reader else ""
    if part is Part.TOPICS:
        topics = ", ".join(kit.escape(prompts.topic(topic)) for topic in facts["topics"])
        return prompts.say(f"reason.topics{end}", topics=topics) if topics else None
    if part in DIFFERENCES:
        two = [kit.escape(name) for name in facts.get(DIFFERENCES[part], [])]
        return _difference(f"reason.{part.value}", two, prompts, reader) if two else None
    if part is Part.PRACTICAL:
        ways = facts.get("ways", [])
        way = Way.IN_PERSON if Way.IN_PERSON in ways else Way.ONLINE
        return prompts.say(f"reason.practical.{way.value}{end}")
    if part in (Part.TENURE, Part.LANGUAGES):
        return prompts.say(f"reason.{part.value}{end}")
    return None


def _difference(name: str, two: Sequence[str], prompts: Prompts, reader: Side | None) -> str:
    mentor, mentee = two
    if reader is None:
        return prompts.say(name, mentor=mentor, mentee=mentee)
    mine, theirs = (mentor, mentee) if reader is Side.MENTOR else (mentee, mentor)
    return prompts.say(f"{name}.{reader.value}", mine=mine, theirs=theirs)


# ---- Why nobody yet


def unplaced(told: Facts, prompts: Prompts, names: Names) -> str:
    """Which rules left somebody out, and what would help, in two or three sentences."""
    return " ".join([left_out(told, prompts), change(told, prompts, names)])


def left_out(told: Facts, prompts: Prompts) -> str:
    """The rules that left somebody out, by how many of the other side each keeps from them."""
    others = "mentees" if told["side"] == Side.MENTOR else "mentors"
    if not told["of"]:
        return prompts.say(f"unplaced.no_{others}")
    rules = ", ".join(f"{prompts.say(f'rule.{bar}')} ({many})" for bar, many in told["bars"][:MOST_RULES])
    return prompts.say(f"unplaced.of_{others}", count=str(told["of"]), rules=rules)


def change(told: Facts, prompts: Prompts, names: Names) -> str:
    """The smallest change that would give them a partner."""
    found = told["change"]
    who = names.get(found.get("with"), SOMEBODY)
    match found["kind"]:
        case "gap":
            return prompts.say("change.gap", who=who, gaps=_gaps(found["what"], prompts))
        case "way":
            return prompts.say(f"change.way.{found['what']}", who=who)
        case "site":
            return prompts.say("change.site", who=who, site=kit.escape(found["what"]))
        case "rule":
            return prompts.say("change.rule", who=who, rule=prompts.say(f"rule.{found['what']}"))
        case "topic":
            return _newcomer(told, prompts)
        case "none":
            return prompts.say("change.none")
    return prompts.say(f"change.{found['kind']}", who=who)


def _newcomer(told: Facts, prompts: Prompts) -> str:
    found = told["change"]
    first = [prompts.say("change.first", gaps=_gaps(found["gaps"], prompts))] if found["gaps"] else []
    wanted = "change.mentee" if told["side"] == Side.MENTOR else "change.mentor"
    if found["what"] is None:
        return " ".join([*first, prompts.say(wanted)])
    topic = kit.escape(prompts.topic(found["what"]))
    return " ".join([*first, prompts.say(f"{wanted}.topic", topic=topic)])


def _gaps(bars: Iterable[str], prompts: Prompts) -> str:
    return ", ".join(prompts.say(f"gap.{bar}") for bar in bars)


# ---- What a wish costs


def cost(found: Facts, prompts: Prompts, names: Names) -> str:
    """By how much the round would be worse, and who would lose."""
    if "bar" in found:
        is_full = found["bar"] == "no_seat"
        rule = "" if is_full else prompts.say(f"rule.{found['bar']}")
        return prompts.say("cost.no_seat") if is_full else prompts.say("cost.bar", rule=rule)
    lines = [_worse(found, prompts)]
    for how in ("partner", "band"):
        if lost := [each["member"] for each in found["who"] if each["how"] == how]:
            lines.append(prompts.say(f"cost.{how}", who=_named(lost, prompts, names)))
    if found["moves"]:
        lines.append(_many("cost.moves", found["moves"], prompts))
    return "\n".join(lines)


def _worse(found: Facts, prompts: Prompts) -> str:
    fewer = -found["placed"]
    return _many("cost.placed", fewer, prompts) if fewer else prompts.say(f"cost.{found['open_fit']}")


def _many(name: str, count: int, prompts: Prompts) -> str:
    return prompts.say(f"{name}.one") if count == 1 else prompts.say(f"{name}.many", count=str(count))


def _named(members: Sequence[int], prompts: Prompts, names: Names) -> str:
    """The first of them by name, and how many more there are."""
    who = ", ".join(names.get(each, SOMEBODY) for each in members[:MOST_NAMED])
    more = len(members) - MOST_NAMED
    return prompts.say("and_more", who=who, count=str(more)) if more > 0 else who


# ---- Before a round


def overview(found: Facts, prompts: Prompts, names: Names) -> list[Block]:
    """What each rule costs, for whom nobody is possible, and which topics are short."""
    everything = found["mentors"] * found["mentees"]
    if not everything:
        return []
    possible = prompts.say("overview.possible", all=_number(everything), possible=_number(found["possible"]))
    numbers = {name: _number(found[name]) for name in ("placed", "mentees", "seats")}
    blocks = [kit.section(f"{possible} {prompts.say('overview.placed', **numbers)}")]
    if found["rules"]:
        blocks.append(_list("overview.rules", (_rule(each, prompts, names) for each in found["rules"]), prompts))
    if found["nobody"]:
        blocks.append(kit.section(prompts.say("overview.nobody", who=_named(found["nobody"], prompts, names))))
    if found["short"]:
        blocks.append(_list("overview.short", (_topic(each, prompts) for each in found["short"]), prompts))
    return blocks


def _rule(each: Facts, prompts: Prompts, names: Names) -> str:
    rule = prompts.say(f"rule.{each['bar']}")
    fields = {"rule": rule, "removes": _number(each["removes"]), "only": _number(each["only"])}
    if not each["who"]:
        return prompts.say("overview.rule", **fields)
    return prompts.say("overview.rule.who", **fields, who=_named(each["who"], prompts, names))


def _topic(each: Facts, prompts: Prompts) -> str:
    fields = {"topic": kit.escape(prompts.topic(each["topic"])), "wanted": _number(each["wanted"])}
    if not each["offered"]:
        return prompts.say("overview.topic.none", **fields)
    return prompts.say("overview.topic", **fields, offered=_number(each["offered"]))


def _list(name: str, lines: Iterable[str], prompts: Prompts) -> Block:
    return kit.section("\n".join([prompts.say(name), *(f"• {line}" for line in lines)]))


def _number(count: int) -> str:
    return f"{count:,}"


# ---- Whose names are needed


def members(found: Any) -> set[int]:
    """The ids of all members who would be named: look up what they are called before the words are made."""
    if isinstance(found, Mapping):
        mine = {found[name] for name in ("member", "with") if isinstance(found.get(name), int)}
        listed = {each for name in ("who", "nobody") for each in found.get(name, []) if isinstance(each, int)}
        return mine | listed | {each for inner in found.values() for each in members(inner)}
    return {each for inner in found for each in members(inner)} if isinstance(found, list | tuple) else set()
