"""How well two fit and why: what always holds, and a few people one could know."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pairing.candidates import DAY, GROUNDS, MANY, MENTEES, MENTORS, OPEN_GROUNDS, TOPICS, members, mentee, mentor

from bot.pairing.bars import barred
from bot.pairing.candidates import Candidate, Ground
from bot.pairing.fit import FIT_AT_MOST, IN_PERSON, Band, Part, fit
from bot.pairing.meeting import PARTS_OF_DAY
from bot.pairing.problem import problem
from bot.pairing.reasons import reasons
from store.models import Side, Way


@given(MENTORS, MENTEES, OPEN_GROUNDS)
def test_every_fit_is_worth_something_and_within_its_bound(
    one: Candidate, other: Candidate, any_ground: Ground
) -> None:
    found = fit(one, other, any_ground.day)

    assert 1 <= found.total <= FIT_AT_MOST
    assert all(isinstance(part, int) and part >= 0 for part in found.parts.values())
    assert set(found.parts) == set(Part)


def test_the_bound_of_a_fit_is_reached() -> None:
    topics = tuple(str(number) for number in range(30))
    everything = {"languages": MANY, "topics": topics, "rounds_waited": 99}
    berlin = {"zone": "Europe/Berlin", "site": "Berlin", "ways": frozenset(Way)}

    found = fit(mentor(**everything, **berlin), mentee(**everything, **berlin), DAY)

    assert found.total == FIT_AT_MOST


def test_a_dearer_wish_come_true_fits_better() -> None:
    wishes = mentee(topics=("ai_tools", "remote_work", "new_markets"))

    fits = [fit(mentor(topics=(topic,)), wishes, DAY).total for topic in wishes.topics]

    assert fits == sorted(set(fits), reverse=True)


def test_a_stronger_offer_of_what_is_wished_for_fits_better() -> None:
    wish = mentee(topics=("ai_tools",))

    strong = fit(mentor(topics=("ai_tools", "remote_work")), wish, DAY)
    weak = fit(mentor(topics=("remote_work", "ai_tools")), wish, DAY)

    assert strong.total > weak.total


@given(MENTORS, MENTEES, st.sampled_from(TOPICS))
def test_one_more_offer_never_makes_a_fit_worse(one: Candidate, other: Candidate, topic: str) -> None:
    more = replace(one, topics=(*one.topics, topic))

    assert fit(more, other, DAY).total >= fit(one, other, DAY).total


@pytest.mark.parametrize("fact", ["department", "site"])
def test_a_difference_that_is_not_known_counts_for_nothing(fact: str) -> None:
    different = fit(mentor(), mentee(), DAY)
    unknown = fit(mentor(), mentee(**{fact: None}), DAY)

    assert different.parts[fact] > 0
    assert unknown.parts[fact] == 0


def test_each_further_working_hour_in_common_makes_an_online_talk_easier() -> None:
    zones = ("America/Chicago", "America/New_York", "Europe/Berlin", "Europe/Lisbon")

    hours = [fit(mentor(), mentee(zone=zone), DAY).parts[Part.PRACTICAL] for zone in zones]

    assert hours == [2, 3, 7, 8]


def test_being_able_to_meet_in_person_counts_where_both_like_it() -> None:
    both = frozenset(Way)

    like = fit(mentor(ways=both), mentee(ways=both, site="Lisbon"), DAY)
    like_not = fit(mentor(ways=both), mentee(site="Lisbon"), DAY)

    assert like.parts[Part.PRACTICAL] == like_not.parts[Part.PRACTICAL] + IN_PERSON


def test_hours_in_common_count_nothing_for_two_who_meet_in_person_only() -> None:
    found = fit(mentor(), mentee(ways=frozenset({Way.IN_PERSON}), site="Lisbon"), DAY)

    assert found.parts[Part.PRACTICAL] == IN_PERSON


@given(MENTORS, MENTEES, MENTORS, MENTEES)
def test_three_rounds_waited_outweigh_everything_else(
    one: Candidate, other: Candidate, rival: Candidate, rivals_choice: Candidate
) -> None:
    one, rival, rivals_choice = (replace(each, is_first_in_line=False) for each in (one, rival, rivals_choice))
    waited = replace(one, rounds_waited=0), replace(other, rounds_waited=3)
    fresh = replace(rival, rounds_waited=0), replace(rivals_choice, rounds_waited=0)

    assert fit(*waited, DAY).total > fit(*fresh, DAY).total


def test_only_the_hours_that_suit_both_make_an_online_talk_easier() -> None:
    """Lisbon and Berlin share seven working hours. Of Lisbon's afternoon the last is Berlin's evening."""
    berlin = {"zone": "Europe/Berlin"}

    def practical(mine: set[str], theirs: set[str]) -> int:
        found = fit(mentor(hours=frozenset(mine)), mentee(**berlin, hours=frozenset(theirs)), DAY)
        return found.parts[Part.PRACTICAL]

    assert practical(set(), set()) == 7
    assert practical({"afternoon"}, set()) == 2
    assert practical({"morning"}, {"midday"}) == 1
    assert practical({"afternoon"}, {"morning"}) == 0


@given(MENTORS, MENTEES, OPEN_GROUNDS)
def test_hours_that_suit_bar_nobody_and_any_hours_suit_best(
    one: Candidate, other: Candidate, any_ground: Ground
) -> None:
    anytime = replace(one, hours=frozenset()), replace(other, hours=frozenset())
    all_day = replace(one, hours=frozenset(PARTS_OF_DAY)), anytime[1]

    fits = [fit(*each, any_ground.day).parts[Part.PRACTICAL] for each in ((one, other), anytime, all_day)]

    assert barred(one, other, any_ground) == barred(*anytime, any_ground)
    assert fits[0] <= fits[1] == fits[2]


@given(MENTORS, MENTEES, st.integers(0, 40))
def test_nobody_has_waited_longer_than_who_is_first_in_line(one: Candidate, other: Candidate, rounds: int) -> None:
    first = fit(replace(one, is_first_in_line=True), other, DAY)
    waited = fit(replace(one, is_first_in_line=False, rounds_waited=rounds), other, DAY)

    assert first.total >= waited.total
    assert first.band is waited.band


@given(MENTORS, MENTEES)
def test_a_band_says_how_well_they_fit_and_not_how_long_they_waited(one: Candidate, other: Candidate) -> None:
    waited = fit(replace(one, rounds_waited=5), other, DAY)
    fresh = fit(replace(one, rounds_waited=0), other, DAY)

    assert waited.band is fresh.band


@given(MENTORS, MENTEES)
@example(mentor(languages=MANY), mentee(languages=MANY, zone="Europe/Lisbon", topics=()))
def test_without_a_topic_in_common_no_fit_is_more_than_fair(one: Candidate, other: Candidate) -> None:
    stranger = replace(one, topics=tuple(set(TOPICS) - set(other.topics)))

    assert fit(stranger, other, DAY).band is Band.FAIR


@given(MENTORS, MENTEES)
def test_reasons_are_plain_data_with_every_key(one: Candidate, other: Candidate) -> None:
    found = reasons(one, other, fit(one, other, DAY), DAY)

    assert json.loads(json.dumps(found)) == found
    assert set(found) == {"band", "topics", "departments", "sites", "languages", "ways", "waited", "first_in_line"}


def test_reasons_tell_the_shared_topics_in_the_order_of_the_wishes() -> None:
    ana = mentor(topics=("ai_tools", "new_markets", "remote_work"))
    marcus = mentee(topics=("remote_work", "sustainability", "ai_tools"), rounds_waited=2)

    found = reasons(ana, marcus, fit(ana, marcus, DAY), DAY)

    assert found == {
        "band": "strong",
        "topics": ["remote_work", "ai_tools"],
        "departments": ["Engineering", "Sales"],
        "sites": ["Lisbon", "New York"],
        "languages": ["en"],
        "ways": ["online"],
        "waited": 2,
        "first_in_line": False,
    }


def test_ana_and_marcus_are_worth_what_one_can_add_up_by_hand() -> None:
    """His dearest wish is her second offer (12 x 3), his second her first (8 x 4)."""
    found = fit(mentor(), mentee(rounds_waited=1), DAY)

    assert found.parts == {
        "placed": 1,
        "topics": 68,
        "department": 20,
        "site": 10,
        "practical": 3,
        "languages": 0,
        "waited": 50,
    }
    assert found.total == 152


@given(members(Side.MENTOR), members(Side.MENTEE), GROUNDS | OPEN_GROUNDS)
def test_the_problem_has_every_allowed_pair_with_its_fit_and_no_other(
    mentors: list[Candidate], mentees: list[Candidate], any_ground: Ground
) -> None:
    allowed = {
        (one.member_id, other.member_id, fit(one, other, any_ground.day).total)
        for one in mentors
        for other in mentees
        if barred(one, other, any_ground) is None
    }

    found = problem(mentors, mentees, any_ground, seed=7)

    assert set(found.edges) == allowed
    assert len(found.edges) == len(allowed)
    assert dict(found.mentors) == {one.member_id: one.capacity for one in mentors}
    assert set(found.mentees) == {other.member_id for other in mentees}


@given(members(Side.MENTOR), members(Side.MENTEE), OPEN_GROUNDS, st.randoms(use_true_random=False))
def test_the_same_people_make_the_same_problem_in_any_order(
    mentors: list[Candidate], mentees: list[Candidate], any_ground: Ground, chance: Any
) -> None:
    before = problem(mentors, mentees, any_ground, seed=7)

    chance.shuffle(mentors)
    chance.shuffle(mentees)

    assert problem(mentors, mentees, any_ground, seed=7) == before
