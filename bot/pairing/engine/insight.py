"""What may be said about a round: what the rules cost before it, what a wish would cost in it, what other weights would
make of it.

It runs in the engine. Everything here is worked out from open facts and the pairs alone, as if nobody had told anything
in confidence: so nothing of it changes with a secret while the pairs stay.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import median_low
from typing import Any

import numpy as np

from bot.pairing import weights as weighing
from bot.pairing.bars import Bar, hard_bar
from bot.pairing.engine.leftover import Pairs, unplaced
from bot.pairing.engine.reach import spans
from bot.pairing.engine.repair import repaired
from bot.pairing.engine.solver import Solution, solve
from bot.pairing.engine.tables import Tables
from bot.pairing.fit import BAND_OF, Band, Fit, fit, in_band_at_most
from bot.pairing.problem import Problem
from bot.pairing.weights import USUAL, Part

__all__ = ["cost", "overview", "preview", "unplaced"]

Progress = Callable[[str, int, int], None]
Couple = tuple[int, int]

MOST_SHORT = 10
BANDS = (Band.FAIR, Band.GOOD, Band.STRONG)
A_LITTLE, SOME = 15, 45  # up to which loss of points, on the scale of bands, a cost is called so
EASY = 5  # points from where on it is easy for two to meet: at one site, or with enough hours
NO_SEAT = "no_seat"  # stands in the way as a rule does: all their places are taken by pairs that are to stay


def overview(problem: Problem, progress: Progress | None = None) -> dict[str, Any]:
    """What the rules make of those who wait, before a round.

    `mentors`, `mentees`, `seats`; of all pairs how many are `possible`; `placeable` mentees have at least one of these,
    and `placed` could have one at once. `rules`: how many pairs each `removes`, how many of them nothing else does
    (`only`), and `who` is `unplaceable` because of it. `nobody`: the members for whom no pair is possible. `short`:
    topics that more wish for than there are places, nobody's first, then by what such a place is `worth` more.
    """
    plain = replace(problem.without_secrets(), pinned=frozenset(), forbidden=frozenset())
    tables = Tables(plain)
    rules = _Rules(tables, progress)
    solution = solve(tables, progress)
    return {
        "mentors": len(plain.mentors),
        "mentees": len(plain.mentees),
        "seats": int(tables.capacity.sum()),
        "possible": rules.possible,
        "placeable": int(rules.mentee_has_some.sum()),
        "placed": solution.placed,
        "nobody": rules.left(),
        "rules": rules.told(),
        "short": _short(plain, solution),
    }


class _Rules:
    """What each rule removes, counted over all pairs."""

    def __init__(self, tables: Tables, progress: Progress | None) -> None:
        self._tables = tables
        rows, columns = len(tables.mentee_ids), len(tables.mentor_ids)
        self.possible = 0
        self.mentee_has_some, self._mentor_has_some = np.zeros(rows, dtype=bool), np.zeros(columns, dtype=bool)
        self._removes: Counter[Bar] = Counter()
        self._only: Counter[Bar] = Counter()
        self._frees = {bar: (np.zeros(rows, dtype=bool), np.zeros(columns, dtype=bool)) for bar in Bar}
        for start, stop in spans(rows, columns):
            self._count(start, stop)
            if progress is not None:
                progress("Looking at what the rules leave", stop, rows)

    def _count(self, start: int, stop: int) -> None:
        bars = {bar: found for bar, found in self._tables.bars(start, stop).items() if found.any()}
        many = np.zeros((stop - start, len(self._tables.mentor_ids)), dtype=np.uint8)
        for found in bars.values():
            many += found
        is_free, is_alone = many == 0, many == 1
        self.possible += int(np.count_nonzero(is_free))
        self.mentee_has_some[start:stop] = is_free.any(axis=1)
        self._mentor_has_some |= is_free.any(axis=0)
        for bar, found in bars.items():
            alone = found & is_alone
            self._removes[bar] += int(np.count_nonzero(found))
            self._only[bar] += int(np.count_nonzero(alone))
            mentees, mentors = self._frees[bar]
            mentees[start:stop] = alone.any(axis=1)
            mentors |= alone.any(axis=0)

    def left(self) -> list[int]:
        """The members for whom nobody is possible, mentees first."""
        return self._members(~self.mentee_has_some, ~self._mentor_has_some)

    def told(self) -> list[dict[str, Any]]:
        """The rules that remove a pair, those that remove most by themselves first."""
        there = (bar for bar in Bar if self._removes[bar])
        order = sorted(there, key=lambda bar: (-self._only[bar], -self._removes[bar]))
        return [{"bar": bar.value, **self._of(bar)} for bar in order]

    def _of(self, bar: Bar) -> dict[str, Any]:
        mentees, mentors = self._frees[bar]
        who = self._members(mentees & ~self.mentee_has_some, mentors & ~self._mentor_has_some)
        return {"removes": self._removes[bar], "only": self._only[bar], "unplaceable": len(who), "who": who}

    def _members(self, mentees: Any, mentors: Any) -> list[int]:
        return [*self._tables.mentee_ids[mentees].tolist(), *self._tables.mentor_ids[mentors].tolist()]


def _short(problem: Problem, solution: Solution) -> list[dict[str, Any]]:
    """By the dual prices: what most places with those who offer a topic are worth more than most places as such."""
    wanted = Counter(topic for each in problem.mentees for topic in dict.fromkeys(each.topics))
    offered: dict[str, list[int]] = defaultdict(list)
    everywhere: list[int] = []
    for each in problem.mentors:
        seats = [solution.prices.get(each.member_id, 0)] * each.capacity
        everywhere += seats
        for topic in dict.fromkeys(each.topics):
            offered[topic] += seats
    found: list[dict[str, Any]] = []
    for topic, many in wanted.items():
        seats = offered[topic]
        worth = median_low(seats) - median_low(everywhere) if seats else 0
        if many > len(seats) and (worth > 0 or not seats):
            found.append({"topic": topic, "worth": worth, "wanted": many, "offered": len(seats)})
    found.sort(key=lambda each: (each["offered"] > 0, -each["worth"], -each["wanted"], each["topic"]))
    return found[:MOST_SHORT]


# ---- What a wish costs


def cost(
    problem: Problem,
    pairs: Pairs,
    wish: Mapping[str, Sequence[Any]],
    progress: Progress | None = None,
    repair: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What it would cost if these two were a pair (`pin`), or not (`forbid`), or two pairs changed partners (`swap`).

    Of a repair, `pairs` are those that there would be after it, and `repair` is what else its task in the engine is
    given: then it is compared with the smallest repair there is with the wish, and not with the best round.

    `bar` where a rule that nobody overrides stands in the way, and nothing else then. Or `placed`, how many more would
    have a partner (never more than 0); `open_fit`, by how much the pairs would fit worse: none, little, some or much;
    `who` would lose: their `partner`, or a better `band`; `moves`, how many others would get somebody else.
    """
    plain = problem.without_secrets()
    before = {(one, other) for one, other in pairs if one in plain.mentor and other in plain.mentee}
    wanted, about, bar = _wished(plain, wish)
    if bar is not None:
        return {"bar": bar}
    best = set(solve(Tables(wanted), progress).pairs) if repair is None else _repaired(wanted, repair)
    after = before ^ _connected(before ^ best, about)
    loss = _open(plain, before) - _open(plain, after)
    lost = _losers(plain, before, after)
    moved = {each for _, each in before ^ after} - about - {each["member"] for each in lost}
    return {
        "placed": min(len(after) - len(before), 0),
        "open_fit": _band(loss, plain),
        "who": lost,
        "moves": len(moved),
    }


def _repaired(problem: Problem, repair: Mapping[str, Any]) -> set[Couple]:
    pairs = [(mentor, mentee) for mentor, mentee in repair["pairs"]]
    return repaired(problem, pairs, repair["member"], repair["most_changes"])


def _wished(problem: Problem, wish: Mapping[str, Sequence[Any]]) -> tuple[Problem, frozenset[int], str | None]:
    """The problem with the wish, whom it is about, and what makes it impossible."""
    if "forbid" in wish:
        mentor, mentee = wish["forbid"]
        apart = {(mentor, mentee)}
        wanted = replace(problem, pinned=problem.pinned - apart, forbidden=problem.forbidden | apart)
        return wanted, frozenset({mentor, mentee}), None
    if "swap" in wish:
        (one, ones), (other, others) = wish["swap"]
        together = {(one, others), (other, ones)}
    else:
        mentor, mentee = wish["pin"]
        together = {(mentor, mentee)}
    about = frozenset(each for pair in together for each in pair)
    mentees = {mentee for _, mentee in together}
    others_kept = frozenset(pair for pair in problem.pinned if pair[1] not in mentees)
    wanted = replace(problem, pinned=others_kept | together, forbidden=problem.forbidden - together)
    for mentor, mentee in sorted(together):
        if mentor not in problem.mentor or mentee not in problem.mentee:
            return wanted, about, Bar.NOT_AVAILABLE.value
        bar = hard_bar(problem.mentor[mentor], problem.mentee[mentee], problem.ground)
        if bar is not None:
            return wanted, about, bar.value
    return wanted, about, None if together <= set(wanted.pins) else NO_SEAT


def _connected(changes: set[Couple], about: Iterable[int]) -> set[Couple]:
    """Those of the changes that hang together with these people: what else would change has another reason."""
    by_member: dict[int, set[Couple]] = {}
    for pair in changes:
        for member in pair:
            by_member.setdefault(member, set()).add(pair)
    found: set[Couple] = set()
    ahead = list(about)
    while ahead:
        new = by_member.get(ahead.pop(), set()) - found
        found |= new
        ahead += [member for pair in new for member in pair]
    return found


def _open(problem: Problem, pairs: Iterable[Couple]) -> int:
    return sum(_fit(problem, *pair).open_total for pair in pairs)


def _fit(problem: Problem, mentor: int, mentee: int) -> Fit:
    return fit(problem.mentor[mentor], problem.mentee[mentee], problem.ground)


def _band(loss: int, problem: Problem) -> str:
    """On the scale of the bands, which is the same whatever the weights."""
    of = in_band_at_most(problem.weights)
    if loss <= 0:
        return "none"
    if loss * BAND_OF <= A_LITTLE * of:
        return "little"
    return "some" if loss * BAND_OF <= SOME * of else "much"


def _losers(problem: Problem, before: set[Couple], after: set[Couple]) -> list[dict[str, Any]]:
    """Who would have nobody any more, and whose best partner would be one of a lesser band."""
    had, has = _best(problem, before), _best(problem, after)
    changed = sorted({each for pair in before ^ after for each in pair} & had.keys())
    alone = [{"member": each, "how": "partner"} for each in changed if each not in has]
    return alone + [{"member": each, "how": "band"} for each in changed if each in has and has[each] < had[each]]


def _best(problem: Problem, pairs: Iterable[Couple]) -> dict[int, int]:
    """Of each member in these pairs, the best band, higher for better."""
    found: dict[int, int] = {}
    for pair in pairs:
        band = BANDS.index(_fit(problem, *pair).band)
        for member in pair:
            found[member] = max(band, found.get(member, band))
    return found


# ---- What other weights would make of it


def preview(problem: Problem, stored: Mapping[str, Any], progress: Progress | None = None) -> dict[str, Any]:
    """What the best round would be with other weights, as they are stored with a programme.

    `same` mentees would get the same mentor, `changed` another; of each part, in how many pairs it is there now and
    would be then, as `[before, after]`.
    """
    now = replace(problem.without_secrets(), pinned=frozenset(), forbidden=frozenset())
    then = replace(now, weights=weighing.weights(stored))
    before, after = ({(one, other) for one, other in solve(Tables(each), progress).pairs} for each in (now, then))
    return {
        "same": len(before & after),
        "changed": len(after - before),
        "parts": {
            part.value: [sum(_has(now, pair, part) for pair in pairs) for pairs in (before, after)]
            for part in weighing.WEIGHABLE
        },
    }


def _has(problem: Problem, pair: Couple, part: Part) -> bool:
    """Whether a pair has what the part is about, whatever it counts."""
    mentor, mentee = problem.mentor[pair[0]], problem.mentee[pair[1]]
    if part is Part.TOPICS:
        return bool(mentee.topics) and mentee.topics[0] in mentor.topics
    points = fit(mentor, mentee, replace(problem.ground, weights=USUAL)).parts[part]
    return points >= (EASY * USUAL[part] if part is Part.PRACTICAL else 1)
