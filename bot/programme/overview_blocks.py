"""How a programme is going, for those who run it: on their Home, and each by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from bot.programme import rules
from bot.programme.deciding_blocks import LOOK, to_decide
from bot.programme.rules import Health, Request
from bot.prompts import Prompts
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Cadence, Person, Programme, Side

MOST_SHOWN = 20
MOST_IN_DETAIL = 3  # programmes on a Home
MOST_IN_A_LINE = 10
MOST_ASKED_AT_HOME = 3
MOST_ASKED = 25


@dataclass(frozen=True)
class Overview:
    """What a coordinator may know of a programme."""

    programme: Programme
    members: int
    """People who take part; whoever has only asked to doesn't."""
    waiting: Sequence[tuple[Person, Side]]
    pairs: Sequence[tuple[Person, Person, Health]]
    """Mentor, mentee, and how they are doing."""
    queued: int = 0
    requests: Sequence[Request] = ()
    broken: int = 0
    """Rules that live pairs break, and that nobody has decided about."""
    unreachable: Sequence[Person] = ()
    """Members whom nothing that the bot writes reaches."""


def home(overviews: Sequence[Overview], prompts: Prompts, viewer: Person, now: datetime) -> list[Block]:
    """The programmes that are open, the newest first, then those in which pairs finish their months."""
    if not overviews:
        return [
            kit.header("For coordinators"),
            kit.section("No programme is open. Setting one up takes a minute."),
            kit.actions(kit.go("setup", "Set up a programme", style="primary"), kit.go("directory", "Directory")),
        ]
    is_open = [each for each in overviews if each.programme.closed_at is None]
    detailed = is_open[:MOST_IN_DETAIL]
    others = [each for each in overviews if each not in detailed]
    return [
        kit.header("For coordinators"),
        *chain.from_iterable(_section(each, prompts, viewer, now, MOST_ASKED_AT_HOME) for each in detailed),
        *map(_line, others[:MOST_IN_A_LINE]),
        kit.actions(kit.go("setup", "New programme"), kit.go("directory", "Directory")),
    ]


def look(overview: Overview, prompts: Prompts, viewer: Person, now: datetime, answer: str = "") -> Block:
    """One programme by itself, with all that waits; `answer` says what the last press has done."""
    blocks = [kit.context(answer)] if answer else []
    blocks += _section(overview, prompts, viewer, now, MOST_ASKED)
    return kit.modal(LOOK, "How it is going", blocks, private=str(overview.programme.id))


def _line(overview: Overview) -> Block:
    name, pairs = kit.escape(overview.programme.name), len(overview.pairs)
    if overview.programme.closed_at is not None:
        said = f"*{name}* has ended. {_go_on(overview.programme, pairs)}."
    else:
        said = f"*{name}*\n{_numbers(overview)}"
    return kit.section(said, kit.button(LOOK, "Look", str(overview.programme.id), spoken=f"Look at {name}"))


def _go_on(programme: Programme, pairs: int) -> str:
    if programme.months is None:
        return _counted(pairs, "pair goes on", "pairs go on")
    return f"{_counted(pairs, 'pair finishes its', 'pairs finish their')} months"


def _counted(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"


def _section(overview: Overview, prompts: Prompts, viewer: Person, now: datetime, most: int) -> list[Block]:
    programme, shown = overview.programme, overview.requests[:most]
    value = str(programme.id)
    buttons = [
        kit.go("match", "Pair people", value),
        kit.go("announce", "Announce", value),
        kit.go("programme", "Change or end", value),
    ]
    state = " · ".join(_state(programme, now))
    said = [f"*{kit.escape(programme.name)}*", _numbers(overview), *([state] if state else [])]
    return [
        kit.section("\n".join(said)),
        *([kit.actions(*buttons)] if programme.closed_at is None else []),
        *to_decide(shown, programme, viewer, prompts),
        *_rest_here(programme, len(overview.requests) - len(shown)),
        *_unreachable(overview.unreachable, prompts),
        *_waiting(overview.waiting),
        *_pairs(overview.pairs),
    ]


def _rest_here(programme: Programme, more: int) -> list[Block]:
    if more <= 0:
        return []
    return [kit.section(f"… and {more} more to decide.", kit.button(LOOK, "See all", str(programme.id)))]


def _numbers(overview: Overview) -> str:
    met = sum(health.held > 0 for _, _, health in overview.pairs)
    also = {
        "in the queue": overview.queued,
        "to decide": len(overview.requests),
        "rules to look at": overview.broken,
        "not reached": len(overview.unreachable),
    }
    return " · ".join(
        [
            f"Members: {overview.members}",
            f"pairs: {len(overview.pairs)}, of them met: {met}",
            f"waiting: {len(overview.waiting)}",
            *(f"{name}: {count}" for name, count in also.items() if count),
        ]
    )


def _state(programme: Programme, now: datetime) -> list[str]:
    """How pairs meet and on which terms people join, as far as it isn't once a month and simply open."""
    if programme.closed_at is not None:
        return [f"Ended {kit.moment(programme.closed_at)}"]
    found = ["Every two weeks"] if programme.cadence is Cadence.FORTNIGHTLY else []
    found += ["No end"] if programme.months is None else []
    found += ["By approval"] if programme.needs_approval else []
    found += [f"Places: {programme.places}"] if programme.places else []
    if rules.signup_is_over(programme, now):
        return [*found, "Sign-up is closed"]
    if programme.signup_from is not None and now < programme.signup_from:
        found.append(f"Sign-up opens {kit.moment(programme.signup_from)}")
    if programme.signup_until is not None:
        found.append(f"Sign-up closes {kit.moment(programme.signup_until)}")
    return found


def _unreachable(people: Sequence[Person], prompts: Prompts) -> list[Block]:
    """Whom nothing reaches and since when, longest first; Slack's word for it would help nobody here."""
    since = sorted((person.unreachable_since, person.slack_id) for person in people if person.unreachable_since)
    if not since:
        return []
    lines = [f"• {kit.mention(slack_id)}, since {kit.day(at)}" for at, slack_id in since[:MOST_SHOWN]]
    return [
        kit.section(":warning: *Not reached*\n" + "\n".join(lines + _more(since))),
        kit.context(prompts.say("unreachable")),
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


def _more(items: Sequence[Any]) -> list[str]:
    more = len(items) - MOST_SHOWN
    return [f"… and {more} more"] if more > 0 else []
