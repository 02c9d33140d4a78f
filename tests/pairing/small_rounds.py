"""Rounds small enough to be solved by trying everything, in which any rule may stand between any two."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from random import Random

from hypothesis import strategies as st

from bot.pairing.bars import open_bars
from bot.pairing.candidates import Candidate
from bot.pairing.problem import Problem
from store.models import Side, Way

Pair = tuple[int, int]


def _person(side: Side, number: int, chance: Random) -> Candidate:
    is_mentor, any_of = side is Side.MENTOR, chance.choice
    return Candidate(
        member_id=number,
        slack_id=any_of([f"U{number}"] * 11 + ["UBOTH"]),  # now and then somebody is on both sides
        side=side,
        capacity=any_of([1, 1, 1, 2, 3]) if is_mentor else 1,
        level=any_of([1] * 9 + [2, 3, None] if is_mentor else [4] * 9 + [3, 2, None]),
        teams=any_of([frozenset({f"T{number}"})] * 10 + [frozenset({"Red"}), frozenset()]),
        department=any_of([None, "Sales", "Finance"]),
        site=any_of(["Lisbon", "Berlin", "Berlin", None]),
        zone=any_of(["Europe/Lisbon"] * 8 + ["Pacific/Auckland", None]),
        languages=any_of([frozenset({"en"})] * 6 + [frozenset({"de"}), frozenset({"en", "de"})]),
        topics=tuple(chance.sample("abcd", chance.randrange(4))),
        ways=any_of([frozenset(Way)] * 3 + [frozenset({Way.ONLINE}), frozenset({Way.IN_PERSON})]),
        avoid=frozenset(),
        rounds_waited=any_of([0, 0, 0, 1]),
        function=any_of([None, "Engineer", "Lawyer"]),
        started_on=any_of([None, date(2010, 1, 1), date(2026, 1, 1)]),
    )


def a_problem(chance: Random, most: int = 4) -> Problem:
    """Up to that many a side, with lines that may be unknown and with what a coordinator wants."""
    mentors = tuple(_person(Side.MENTOR, 1 + number, chance) for number in range(chance.randint(0, most)))
    mentees = tuple(_person(Side.MENTEE, 11 + number, chance) for number in range(chance.randint(0, most)))
    ups: list[tuple[str, ...] | None] = [("boss",)] * 9 + [("chief",)] * 9 + [("U1",), ("U11",), None]
    lines = {each.slack_id: chance.choice(ups) for each in (*mentors, *mentees)}
    couples = [(mentor, mentee) for mentor in range(1, 1 + most) for mentee in range(11, 11 + most)]
    return Problem(
        seed=chance.randrange(4),
        day=date(2027, 3, 3),
        mentors=mentors,
        mentees=mentees,
        lines={**lines, "boss": ("chief",), "chief": ()},
        met=frozenset({("U1", "U12")} if chance.random() < 0.3 else ()),
        pinned=frozenset(chance.sample(couples, chance.choice([0, 0, 1]))),
        forbidden=frozenset(chance.sample(couples, chance.choice([0, 0, 1, 2]))),
    )


problems = st.integers(0, 2**32).map(lambda seed: a_problem(Random(seed)))
"""Made by a seed, since what is likely matters more here than what is short."""


@st.composite
def with_secrets(draw: st.DrawFn, problem: Problem) -> Problem:
    """The same round, where people have told other things in confidence."""
    ids = sorted({each.slack_id for each in (*problem.mentors, *problem.mentees)})
    avoid = st.frozensets(st.sampled_from(ids), max_size=2) if ids else st.just(frozenset[str]())
    networks = st.frozensets(st.sampled_from(["parents", "pride", "veterans"]), max_size=2)

    def tell(people: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        return tuple(replace(each, avoid=draw(avoid), networks=draw(networks)) for each in people)

    return replace(problem, mentors=tell(problem.mentors), mentees=tell(problem.mentees))


def allowed(problem: Problem) -> set[Pair]:
    """The pairs that no open rule and no wish stands between, and those a coordinator insists on."""
    return {
        (mentor.member_id, mentee.member_id)
        for mentor in problem.mentors
        for mentee in problem.mentees
        if not list(open_bars(mentor, mentee, problem.ground))
        and (mentor.member_id, mentee.member_id) not in problem.forbidden
    }


def rounds(problem: Problem, pairs: Collection[Pair]) -> Iterator[set[Pair]]:
    """Every round that could be made of these pairs."""
    mentees = [each.member_id for each in problem.mentees]
    room = {each.member_id: each.capacity for each in problem.mentors}

    def go_on(place: int, chosen: set[Pair]) -> Iterator[set[Pair]]:
        if place == len(mentees):
            yield set(chosen)
            return
        yield from go_on(place + 1, chosen)
        for mentor, mentee in sorted(pairs):
            if mentee == mentees[place] and sum(one == mentor for one, _ in chosen) < room[mentor]:
                yield from go_on(place + 1, chosen | {(mentor, mentee)})

    return go_on(0, set())
