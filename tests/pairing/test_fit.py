"""How well two fit and why: what always holds, and a few people one could know."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pairing.candidates import MANY, MENTEES, MENTORS, OPEN_GROUNDS, TOPICS, WEIGHTS, ground, mentee, mentor

from bot.pairing.bars import barred
from bot.pairing.candidates import Candidate, Ground
from bot.pairing.fit import FIT_AT_MOST, IN_PERSON, Band, Fit, Part, fit, fit_at_most, pair_at_most
from bot.pairing.reasons import reasons
from bot.pairing.weights import A_LITTLE, A_LOT, AS_USUAL, NOT_AT_ALL, USUAL, WEIGHABLE, weights
from bot.working_time import PARTS_OF_DAY
from store.models import Way

GROUND = ground()


@given(MENTORS, MENTEES, OPEN_GROUNDS)
def test_every_fit_is_worth_something_and_within_its_bound(
    one: Candidate, other: Candidate, any_ground: Ground
) -> None:
    found = fit(one, other, any_ground)

    assert 1 <= found.total <= FIT_AT_MOST
    assert all(isinstance(part, int) and part >= 0 for part in found.parts.values())
    assert set(found.parts) == set(Part)


def test_the_bound_of_a_fit_is_reached() -> None:
    topics = tuple(str(number) for number in range(30))
    everything = {"languages": MANY, "topics": topics, "rounds_waited": 99}
    berlin = {"zone": "Europe/Berlin", "site": "Berlin", "ways": frozenset(Way)}
    years = {"started_on": date(1999, 1, 1)}
    told = {"networks": frozenset({"parents"})}, {"networks": frozenset({"women"})}

    found = fit(mentor(**everything, **berlin, **told[0]), mentee(**everything, **berlin, **years, **told[1]), GROUND)

    assert found.total == FIT_AT_MOST


def test_the_readme_says_what_each_part_counts() -> None:
    topics = tuple(str(number) for number in range(30))
    best = {"languages": MANY, "topics": topics, "rounds_waited": 99, "ways": frozenset(Way), "zone": "Europe/Berlin"}
    since, told = {"started_on": date(1999, 1, 1)}, [{"networks": frozenset({each})} for each in ("parents", "women")]
    found = [
        fit(mentor(**best, **told[0], site="Berlin"), mentee(**best, **since, **told[1], site=site), GROUND)
        for site in ("Berlin", "Porto")
    ]

    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")

    most = {part: max(each.parts[part] for each in found) for part in Part if part is not Part.PLACED}
    assert [f"| {part} | {worth} |" for part, worth in most.items() if f"| {part} | {worth} |" not in readme] == []


def test_a_dearer_wish_come_true_fits_better() -> None:
    wishes = mentee(topics=("ai_tools", "remote_work", "new_markets"))

    fits = [fit(mentor(topics=(topic,)), wishes, GROUND).total for topic in wishes.topics]

    assert fits == sorted(set(fits), reverse=True)


def test_a_stronger_offer_of_what_is_wished_for_fits_better() -> None:
    wish = mentee(topics=("ai_tools",))

    strong = fit(mentor(topics=("ai_tools", "remote_work")), wish, GROUND)
    weak = fit(mentor(topics=("remote_work", "ai_tools")), wish, GROUND)

    assert strong.total > weak.total


@given(MENTORS, MENTEES, st.sampled_from(TOPICS))
def test_one_more_offer_never_makes_a_fit_worse(one: Candidate, other: Candidate, topic: str) -> None:
    more = replace(one, topics=(*one.topics, topic))

    assert fit(more, other, GROUND).total >= fit(one, other, GROUND).total


@pytest.mark.parametrize("fact", ["department", "function", "site", "started_on"])
def test_a_difference_that_is_not_known_counts_for_nothing(fact: str) -> None:
    different = fit(mentor(), mentee(), GROUND)
    unknown = fit(mentor(), mentee(**{fact: None}), GROUND)
    part = Part.TENURE if fact == "started_on" else Part(fact)

    assert different.parts[part] > 0
    assert unknown.parts[part] == 0


def test_up_to_four_working_hours_in_common_each_makes_an_online_talk_easier() -> None:
    zones = ("America/Chicago", "America/New_York", "America/Sao_Paulo", "Europe/Lisbon")

    hours = [fit(mentor(), mentee(zone=zone), GROUND).parts[Part.PRACTICAL] for zone in zones]

    assert hours == [4, 6, 8, 8]


def test_being_able_to_meet_in_person_counts_where_both_like_it() -> None:
    both = frozenset(Way)

    like = fit(mentor(ways=both), mentee(ways=both, site="Lisbon"), GROUND)
    like_not = fit(mentor(ways=both), mentee(site="Lisbon"), GROUND)

    assert like.parts[Part.PRACTICAL] == like_not.parts[Part.PRACTICAL] + 2 * IN_PERSON


def test_hours_in_common_count_nothing_for_two_who_meet_in_person_only() -> None:
    found = fit(mentor(), mentee(ways=frozenset({Way.IN_PERSON}), site="Lisbon"), GROUND)

    assert found.parts[Part.PRACTICAL] == 2 * IN_PERSON


@given(MENTORS, MENTEES, MENTORS, MENTEES)
def test_three_rounds_waited_outweigh_everything_else(
    one: Candidate, other: Candidate, rival: Candidate, rivals_choice: Candidate
) -> None:
    one, rival, rivals_choice = (replace(each, is_first_in_line=False) for each in (one, rival, rivals_choice))
    waited = replace(one, rounds_waited=0), replace(other, rounds_waited=3)
    fresh = replace(rival, rounds_waited=0), replace(rivals_choice, rounds_waited=0)

    assert fit(*waited, GROUND).total > fit(*fresh, GROUND).total


def test_only_the_hours_that_suit_both_make_an_online_talk_easier() -> None:
    """Lisbon and Berlin share seven working hours. Of Lisbon's afternoon the last is Berlin's evening."""
    berlin = {"zone": "Europe/Berlin"}

    def practical(mine: set[str], theirs: set[str]) -> int:
        found = fit(mentor(hours=frozenset(mine)), mentee(**berlin, hours=frozenset(theirs)), GROUND)
        return found.parts[Part.PRACTICAL]

    assert practical(set(), set()) == 8
    assert practical({"afternoon"}, set()) == 4
    assert practical({"morning"}, {"midday"}) == 2
    assert practical({"afternoon"}, {"morning"}) == 0


@given(MENTORS, MENTEES, OPEN_GROUNDS)
def test_hours_that_suit_bar_nobody_and_any_hours_suit_best(
    one: Candidate, other: Candidate, any_ground: Ground
) -> None:
    anytime = replace(one, hours=frozenset()), replace(other, hours=frozenset())
    all_day = replace(one, hours=frozenset(PARTS_OF_DAY)), anytime[1]

    fits = [fit(*each, any_ground).parts[Part.PRACTICAL] for each in ((one, other), anytime, all_day)]

    assert barred(one, other, any_ground) == barred(*anytime, any_ground)
    assert fits[0] <= fits[1] == fits[2]


@given(MENTORS, MENTEES, st.integers(0, 40))
def test_nobody_has_waited_longer_than_who_is_first_in_line(one: Candidate, other: Candidate, rounds: int) -> None:
    first = fit(replace(one, is_first_in_line=True), other, GROUND)
    waited = fit(replace(one, is_first_in_line=False, rounds_waited=rounds), other, GROUND)

    assert first.total >= waited.total
    assert first.band is waited.band


@given(MENTORS, MENTEES)
def test_a_band_says_how_well_they_fit_and_not_how_long_they_waited(one: Candidate, other: Candidate) -> None:
    waited = fit(replace(one, rounds_waited=5), other, GROUND)
    fresh = fit(replace(one, rounds_waited=0), other, GROUND)

    assert waited.band is fresh.band


@given(MENTORS, MENTEES)
@example(mentor(languages=MANY), mentee(languages=MANY, zone="Europe/Lisbon", topics=()))
def test_without_a_topic_in_common_no_fit_is_more_than_fair(one: Candidate, other: Candidate) -> None:
    stranger = replace(one, topics=tuple(set(TOPICS) - set(other.topics)))

    assert fit(stranger, other, GROUND).band is Band.FAIR


@given(MENTORS, MENTEES)
def test_reasons_are_plain_data_with_every_key(one: Candidate, other: Candidate) -> None:
    found = reasons(one, other, GROUND)

    assert json.loads(json.dumps(found)) == found
    assert set(found) == {
        *("band", "parts", "topics", "departments", "functions", "sites", "started_on", "languages", "ways"),
        *("waited", "first_in_line"),
    }


def test_reasons_tell_the_shared_topics_in_the_order_of_the_wishes() -> None:
    ana = mentor(topics=("ai_tools", "new_markets", "remote_work"))
    marcus = mentee(topics=("remote_work", "sustainability", "ai_tools"), rounds_waited=2)

    found = reasons(ana, marcus, GROUND)

    assert found == {
        "band": "strong",
        "parts": {
            "topics": 48,
            "department": 12,
            "function": 12,
            "site": 10,
            "tenure": 6,
            "practical": 6,
            "languages": 0,
        },
        "topics": ["remote_work", "ai_tools"],
        "departments": ["Engineering", "Sales"],
        "functions": ["Design", "Selling"],
        "sites": ["Lisbon", "New York"],
        "started_on": ["2026-06-01", "2015-09-01"],
        "languages": ["en"],
        "ways": ["online"],
        "waited": 2,
        "first_in_line": False,
    }


def test_ana_and_marcus_are_worth_what_one_can_add_up_by_hand() -> None:
    """His dearest wish is her second offer (6 x 3), his second her first (4 x 4), and as usual points count twice."""
    found = fit(mentor(), mentee(rounds_waited=1), GROUND)

    assert found.parts == {
        "placed": 1,
        "topics": 68,
        "department": 12,
        "function": 12,
        "site": 10,
        "tenure": 6,
        "practical": 6,
        "languages": 0,
        "waited": 60,
        "network": 0,
    }
    assert found.total == 175


# ---- What is told in confidence


@pytest.mark.parametrize(
    ("mentors", "mentees", "counts"),
    [
        ({"parents"}, {"women"}, True),
        ({"parents", "women"}, {"women"}, True),
        ({"women"}, {"women", "parents"}, False),  # nothing that the mentee doesn't know from inside
        ({"parents"}, set(), False),  # who told of nothing may have it all the same
        (set(), {"women"}, False),
    ],
)
def test_a_mentor_who_knows_from_inside_what_the_mentee_does_not_fits_better(
    mentors: set[str], mentees: set[str], counts: bool
) -> None:
    found = fit(mentor(networks=frozenset(mentors)), mentee(networks=frozenset(mentees)), GROUND)

    assert (found.parts[Part.NETWORK] > 0) == counts
    assert found.open_total == fit(mentor(), mentee(), GROUND).total


# ---- How long they have been here


@pytest.mark.parametrize(
    ("mentor_since", "mentee_since", "worth"),
    [
        (date(2026, 6, 1), date(2026, 9, 1), 0),  # both in their first year
        (date(2026, 6, 1), date(2026, 3, 3), 2),  # one has just completed it
        (date(2026, 6, 1), date(2026, 3, 4), 0),  # and one will tomorrow
        (date(2026, 6, 1), date(2011, 1, 1), 8),
        (date(2011, 1, 1), date(2026, 6, 1), 8),  # whichever of the two came first
        (date(2028, 6, 1), date(2026, 9, 1), 0),  # somebody who is only about to come
    ],
)
def test_the_further_apart_they_came_the_more_each_sees_what_the_other_does_not(
    mentor_since: date, mentee_since: date, worth: int
) -> None:
    found = fit(mentor(started_on=mentor_since), mentee(started_on=mentee_since), GROUND)

    assert found.parts[Part.TENURE] == worth


# ---- How much each part counts in a programme


@given(MENTORS, MENTEES, WEIGHTS)
def test_weights_change_the_parts_that_they_are_of_and_no_other(
    one: Candidate, other: Candidate, any_weights: dict[Part, int]
) -> None:
    as_usual = fit(one, other, GROUND)
    weighed = fit(one, other, replace(GROUND, weights=any_weights))

    for part in Part:
        assert 2 * weighed.parts[part] == any_weights.get(part, 2) * as_usual.parts[part]
    assert 1 <= weighed.total <= fit_at_most(any_weights)


def test_a_little_counts_half_of_as_usual_and_a_lot_twice_as_much() -> None:
    def site(word: int) -> int:
        return fit(mentor(), mentee(), replace(GROUND, weights=weights({"site": word}))).parts[Part.SITE]

    assert [site(word) for word in (NOT_AT_ALL, A_LITTLE, AS_USUAL, A_LOT)] == [0, 5, 10, 20]


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"topics": 2},
        {"topics": 7, "site": "a lot", "tenure": None, "department": -1},
        {"network": 0, "placed": 0, "hair": 3},
        dict.fromkeys(map(str, WEIGHABLE), NOT_AT_ALL),
        {**dict.fromkeys(map(str, WEIGHABLE), NOT_AT_ALL), "waited": A_LOT},
        {"waited": NOT_AT_ALL},
        {"waited": A_LITTLE},
    ],
    ids=[
        *("nothing said", "as usual", "no words", "parts that nobody weighs", "nothing counts"),
        *("nothing counts but the wait", "the wait can't be left out", "nor count little"),
    ],
)
def test_what_says_nothing_of_how_much_a_part_counts_leaves_all_as_usual(stored: dict[str, object]) -> None:
    assert weights(stored) == USUAL


@given(WEIGHTS)
def test_whatever_counts_six_rounds_waited_outweigh_everything_else(any_weights: dict[Part, int]) -> None:
    waited = fit(mentor(), mentee(rounds_waited=6), replace(GROUND, weights=any_weights)).parts[Part.WAITED]

    assert waited > pair_at_most(any_weights)


@given(WEIGHTS)
def test_the_best_there_could_be_is_strong_with_any_weights(any_weights: dict[Part, int]) -> None:
    topics = tuple(str(number) for number in range(30))
    best = {"languages": MANY, "topics": topics, "zone": "Europe/Berlin", "ways": frozenset(Way)}
    years = date(1999, 1, 1)
    weighed = replace(GROUND, weights=any_weights)

    found = [
        fit(mentor(**best, site="Berlin"), mentee(**best, started_on=years, site=site), weighed)
        for site in ("Berlin", "Lisbon")
    ]

    assert max(found, key=Fit.open_total.fget).band is Band.STRONG or not any(  # type: ignore[attr-defined]
        factor for part, factor in any_weights.items() if part is not Part.WAITED
    )
