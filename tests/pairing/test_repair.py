"""The smallest repair, held against a search through all there are."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pairing.candidates import DAY, mentee, mentor, teams

from bot.pairing import mending
from bot.pairing.engine import repair
from bot.pairing.engine.repair import NEVER, Around, Chain, Couple
from bot.pairing.problem import Problem

ALONE = 1
WORTHS = st.dictionaries(st.tuples(st.integers(1, 4), st.integers(11, 15)), st.integers(1, 9))


def around(
    worths: dict[Couple, int], pairs: dict[Couple, int] | None = None, free: tuple[int, ...] = (11, 12, 13, 14, 15)
) -> Around:
    """People are 1 to 4 of the one side, and 11 to 15 of the other."""
    table = np.array([[worths.get((mine, theirs), NEVER) for theirs in range(16)] for mine in range(5)])
    return Around(len(table), free, pairs or {}, lambda mine, theirs: table[np.ix_(mine, theirs)])


def smallest(alone: int, around: Around) -> Chain | None:
    return repair.smallest(alone, around, mending.MOST_CHANGES)


def test_the_best_of_those_who_wait_is_found_and_nobody_else_is_touched() -> None:
    found = smallest(ALONE, around({(1, 11): 3, (1, 12): 7, (2, 13): 9}, {(2, 13): 9}))

    assert found == Chain(made=((1, 12),), dropped=(), gain=7)


def test_of_two_as_good_the_smaller_id_is_taken() -> None:
    assert smallest(ALONE, around({(1, 12): 7, (1, 11): 7})) == Chain(((1, 11),), (), 7)


def test_a_pair_is_changed_only_where_nobody_who_waits_will_do() -> None:
    """However much better it would fit: those two might have been told."""
    worths = {(1, 11): 1, (1, 12): 90, (2, 13): 90}

    assert smallest(ALONE, around(worths, {(2, 12): 5}, free=(11, 13))) == Chain(((1, 11),), (), 1)


def test_whoever_loses_a_partner_by_it_gets_another() -> None:
    found = smallest(ALONE, around({(1, 12): 7, (2, 13): 4}, {(2, 12): 5}, free=(13,)))

    assert found == Chain(made=((1, 12), (2, 13)), dropped=((2, 12),), gain=6)


def test_two_changes_are_made_where_one_will_not_do() -> None:
    worths = {(1, 12): 7, (2, 13): 4, (3, 14): 2}

    found = smallest(ALONE, around(worths, {(2, 12): 5, (3, 13): 5}, free=(14,)))

    assert found == Chain(((1, 12), (2, 13), (3, 14)), ((2, 12), (3, 13)), 3)


def test_more_changes_than_two_are_never_made() -> None:
    worths = {(1, 12): 7, (2, 13): 4, (3, 14): 2, (4, 15): 1}

    assert smallest(ALONE, around(worths, {(2, 12): 5, (3, 13): 5, (4, 14): 5}, free=(15,))) is None


def test_nobody_is_left_alone_in_place_of_another() -> None:
    assert smallest(ALONE, around({(1, 12): 99}, {(2, 12): 1}, free=(13,))) is None


@settings(max_examples=60)
@given(WORTHS, st.dictionaries(st.integers(2, 4), st.integers(11, 15)), st.sets(st.integers(11, 15)))
def test_no_smaller_repair_exists_and_none_as_small_fits_better(
    worths: dict[Couple, int], paired: dict[int, int], free: set[int]
) -> None:
    pairs = dict.fromkeys(paired.items(), 5)
    worths = {couple: worth for couple, worth in worths.items() if couple not in pairs}

    found = smallest(ALONE, around(worths, pairs, tuple(sorted(free))))

    best = max(every(worths, pairs, free), key=lambda each: (-len(each.dropped), each.gain), default=None)
    assert (found is None) == (best is None)
    if found is not None and best is not None:
        assert (len(found.dropped), found.gain) == (len(best.dropped), best.gain)
        assert found in [Chain(found.made, found.dropped, each.gain) for each in every(worths, pairs, free)]


def every(worths: dict[Couple, int], pairs: dict[Couple, int], free: set[int]) -> Iterator[Chain]:
    """All changes that leave everybody with as many partners as before, but for one more of the one left alone."""
    before = Counter(mine for mine, _ in pairs) + Counter({ALONE: 1})
    seats = Counter(theirs for _, theirs in pairs) + Counter(free)
    for changes in range(3):
        for dropped in combinations(sorted(pairs), changes):
            for made in combinations(sorted(worths), changes + 1):
                after = [couple for couple in pairs if couple not in dropped] + list(made)
                held = Counter(theirs for _, theirs in after)
                keep = Counter(theirs for _, theirs in pairs)
                if Counter(mine for mine, _ in after) == before and held <= seats and keep <= held:
                    yield Chain(
                        made, dropped, sum(worths[each] for each in made) - sum(pairs[each] for each in dropped)
                    )


def people(*, lonely_in: str = "en") -> Problem:
    """Four mentors and mentees who may all pair, but for the mentee 14, who speaks one language alone."""
    mentors = [mentor(member_id=each, slack_id=f"U{each}", teams=teams(f"T{each}")) for each in (1, 2, 3, 4)]
    mentees = [mentee(member_id=each, slack_id=f"U{each}", teams=teams(f"T{each}")) for each in (11, 12, 13)]
    last = mentee(member_id=14, slack_id="U14", teams=teams("T14"), languages=frozenset({lonely_in}))
    everyone = (*mentors, *mentees, last)
    return Problem(1, DAY, tuple(mentors), (*mentees, last), dict.fromkeys((each.slack_id for each in everyone), ()))


SEATED = [(2, 12), (3, 13)]


def test_whom_a_coordinator_keeps_together_stays_together_when_it_is_looked_for_again() -> None:
    asked = replace(people(), pinned=frozenset({(1, 14)}))

    assert repair.repaired(people(), SEATED, 1, 2) == {*SEATED, (1, 11)}
    assert repair.repaired(asked, SEATED, 1, 2) == {*SEATED, (1, 14)}


def test_whoever_loses_their_partner_to_what_is_kept_together_is_helped_too() -> None:
    asked = replace(people(), pinned=frozenset({(1, 12)}))

    assert repair.repaired(asked, SEATED, 1, 2) == {(1, 12), (2, 11), (3, 13)}


def test_a_mentor_without_room_for_whom_they_are_to_have_gives_up_a_pair_nobody_knows_of() -> None:
    asked = replace(people(), pinned=frozenset({(2, 11)}))

    assert repair.repaired(asked, SEATED, 1, 2) == {(2, 11), (3, 13), (1, 12)}


def test_what_is_kept_together_by_hand_stays_though_nobody_is_found_for_who_is_alone() -> None:
    asked = replace(people(lonely_in="ja"), pinned=frozenset({(4, 11)}))

    assert repair.repaired(asked, SEATED, 14, 2) == {*SEATED, (4, 11)}


def test_who_left_since_changes_nothing() -> None:
    assert repair.repair(people(), SEATED, 99, 2) == {"pairs": [], "dropped": [], "placed": 0, "total": 0}
