"""A round of a company's own list, without any database: found, checked, and checked again, all in this process.

It loads numpy and scipy, so nothing that runs for long imports it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from operator import itemgetter
from typing import Any

from bot.pairing import why
from bot.pairing.bars import barred, words
from bot.pairing.candidates import Candidate
from bot.pairing.engine import certificate, leftover, solver
from bot.pairing.engine.tables import Tables
from bot.pairing.fit import fit
from bot.pairing.listed.peoplefile import People
from bot.pairing.listed.printing import Progress, plain
from bot.pairing.listed.roundfile import Paired, Unplaced, Written
from bot.pairing.problem import Problem
from bot.pairing.reasons import reasons
from bot.prompts import Prompts

ROWS = 256  # mentees looked at together
NO_ROOM = "They have no place to give: their capacity is 0.", "A capacity of 1."


class NotProven(Exception):
    """There are too many people to count exactly, or the checker refuses what the solver found, which is our fault."""


def make(people: People, day: date, seed: int, words: Prompts, progress: Progress | None = None) -> Written:
    """The best round of these people, checked. Raises `NotProven`."""
    problem = _problem(people, day, seed)
    words = replace(words, topics={each: each for person in problem.mentees for each in person.topics})
    tables = Tables(problem)
    try:
        found = solver.solve(tables, progress)
    except solver.TooLarge as error:
        raise NotProven(str(error)) from error
    if objection := certificate.check(tables, found.pairs, found.prices, found.placing):
        raise NotProven(objection)
    return Written(
        pairs=_paired(problem, found.pairs, words),
        unplaced=_unplaced(problem, found.pairs, words),
        total=found.total,
        placed=found.placed,
        day=day,
        seed=seed,
        placing=found.placing,
        prices={each.slack_id: found.prices.get(each.member_id, 0) for each in problem.mentors},
    )


def _problem(people: People, day: date, seed: int) -> Problem:
    return Problem(seed=seed, day=day, mentors=people.mentors, mentees=people.mentees, lines=people.lines)


def _paired(problem: Problem, pairs: Sequence[tuple[int, int]], words: Prompts) -> list[Paired]:
    """Best first."""
    found = []
    for mentor_id, mentee_id in pairs:
        mentor, mentee = problem.mentor[mentor_id], problem.mentee[mentee_id]
        facts = reasons(mentor, mentee, problem.ground)
        worth = fit(mentor, mentee, problem.ground).total
        said = [plain(each) for each in why.reasons(facts, words)]
        found.append(Paired(mentor.slack_id, mentee.slack_id, worth, said))
    return sorted(found, key=lambda each: (-each.fit, each.mentee))


def _unplaced(problem: Problem, pairs: Sequence[tuple[int, int]], words: Prompts) -> list[Unplaced]:
    """By their ids, mentees first."""
    told = {each["member"]: each for each in leftover.unplaced(problem, pairs)}
    placed = {member for pair in pairs for member in pair}
    everyone = (*problem.mentees, *problem.mentors)
    names = {each.member_id: each.slack_id for each in everyone}
    return [_left(each, told.get(each.member_id), words, names) for each in everyone if each.member_id not in placed]


def _left(person: Candidate, told: Mapping[str, Any] | None, words: Prompts, names: Mapping[int, str]) -> Unplaced:
    if told is None:
        return Unplaced(person.slack_id, person.side, *NO_ROOM)
    said = plain(why.left_out(told, words)), plain(why.change(told, words, names))
    return Unplaced(person.slack_id, person.side, *said)


def fits(people: People, day: date) -> Iterator[tuple[str, str, int]]:
    """Mentor, mentee and fit of every pair that no rule bars."""
    problem = _problem(people, day, seed=0)
    tables = Tables(problem)
    for start in range(0, len(problem.mentees), ROWS):
        mentees = problem.mentees[start : start + ROWS]
        block = tables.block(start, start + len(mentees))
        for row, mentee in enumerate(mentees):
            offset = int(tables.row_offset[start + row])
            for column in (block[row] != tables.barred).nonzero()[0].tolist():
                worth = int(block[row, column]) + offset + int(tables.column_offset[column])
                yield problem.mentors[column].slack_id, mentee.slack_id, worth


# Checking what somebody hands in


def objection(people: People, made: Written) -> str | None:
    """Why the round isn't proven to be the best of these people, or None if it is."""
    problem = _problem(people, made.day, made.seed)
    mentors = {each.slack_id: each.member_id for each in problem.mentors}
    mentees = {each.slack_id: each.member_id for each in problem.mentees}
    return (
        _not_of_these(made, mentors, mentees)
        or _not_as_written(made, problem, mentors, mentees)
        or certificate.check(
            Tables(problem),
            sorted((mentors[pair.mentor], mentees[pair.mentee]) for pair in made.pairs),
            {member_id: made.prices.get(mentor, 0) for mentor, member_id in mentors.items()},
            made.placing,
        )
    )


def _not_of_these(made: Written, mentors: Mapping[str, int], mentees: Mapping[str, int]) -> str | None:
    """Somebody in the round who isn't in the list on that side, or the other way round."""
    for pair in made.pairs:
        if pair.mentor not in mentors:
            return f"{pair.mentor} is no mentor in the list"
        if pair.mentee not in mentees:
            return f"{pair.mentee} is no mentee in the list"
    mentee, times = max(Counter(pair.mentee for pair in made.pairs).items(), key=itemgetter(1), default=("", 0))
    if times > 1:
        return f"{mentee} is paired {times} times"
    if strange := set(made.prices) - set(mentors):
        return f"{min(strange)} has a price, and is no mentor in the list"
    everyone = Counter([*mentors, *mentees])  # somebody on both sides is there twice
    placed = Counter([*{pair.mentor for pair in made.pairs}, *{pair.mentee for pair in made.pairs}])
    said = Counter(each.id for each in made.unplaced)
    for each in sorted(everyone | said):
        if said[each] != everyone[each] - placed[each]:
            is_missing = said[each] < everyone[each] - placed[each]
            return f"{each} is missing in unplaced" if is_missing else f"{each} doesn't belong in unplaced"
    return None


def _not_as_written(
    made: Written, problem: Problem, mentors: Mapping[str, int], mentees: Mapping[str, int]
) -> str | None:
    """A pair that may not be, or numbers that aren't those of these people."""
    total = 0
    for pair in made.pairs:
        mentor, mentee = problem.mentor[mentors[pair.mentor]], problem.mentee[mentees[pair.mentee]]
        if (bar := barred(mentor, mentee, problem.ground)) is not None:
            return f"{pair.mentor} and {pair.mentee} may not be paired: {words(bar)}"
        worth = fit(mentor, mentee, problem.ground).total
        if pair.fit != worth:
            return f"{pair.mentor} and {pair.mentee} fit by {worth}, not {pair.fit}"
        total += worth
    if made.total != total:
        return f"the total of these pairs is {total}, not {made.total}"
    if made.placed != len(made.pairs):
        return f"it places {len(made.pairs)}, not {made.placed}"
    return None
