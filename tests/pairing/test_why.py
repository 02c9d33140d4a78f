"""The words for why these two, why nobody yet and what it costs, as somebody reads them."""

from typing import Any

import make
import pytest
from pairing.candidates import ground, mentee, mentor

from bot.pairing import why
from bot.pairing.bars import Bar
from bot.pairing.engine.leftover import GAPS
from bot.pairing.reasons import reasons
from bot.prompts import RULES
from store.models import Side

WORDS = make.words()
NAMES = {1: "@ana", 2: "@marcus", 3: "@bea", 4: "@cem", 5: "@dana", 6: "@esi", 7: "@farid"}


def test_each_of_two_reads_why_from_their_own_side() -> None:
    facts = reasons(mentor(topics=("ai_tools",)), mentee(topics=("ai_tools",)), ground())

    assert why.reasons(facts, WORDS, Side.MENTOR) == [
        "You can show your mentee what they would like to learn: AI tools in daily work",
        "You work in different departments. Yours: Engineering. Your mentee's: Sales",
        "You do different kinds of work. Yours: Design. Your mentee's: Selling",
    ]
    assert why.reasons(facts, WORDS, Side.MENTEE) == [
        "Your mentor can show you what you would like to learn: AI tools in daily work",
        "You work in different departments. Yours: Sales. Your mentor's: Engineering",
        "You do different kinds of work. Yours: Selling. Your mentor's: Design",
    ]


def test_the_weightiest_parts_come_first_and_no_more_than_three() -> None:
    facts = reasons(mentor(), mentee(topics=("sustainability",)), ground())
    facts["parts"] = {"topics": 0, "department": 1, "site": 9, "tenure": 5, "languages": 2, "practical": 3}

    assert why.reasons(facts, WORDS) == [
        "Different places: Lisbon and New York",
        "Here for different lengths of time",
        "Easy to meet: they share working hours that suit both",
    ]


def test_a_pair_of_an_older_release_still_has_its_reasons() -> None:
    facts = {"band": "good", "topics": ["ai_tools"], "departments": [], "sites": ["Lisbon", "Berlin"], "waited": 0}

    assert why.reasons(facts, WORDS) == ["Shared topics: AI tools in daily work", "Different places: Lisbon and Berlin"]


def test_names_that_people_wrote_stay_letters() -> None:
    facts = reasons(mentor(department="<!channel>"), mentee(), ground())

    assert "&lt;!channel&gt;" in " ".join(why.reasons(facts, WORDS))


CHANGES = [
    ({"kind": "none"}, "Nothing that may be named stands in the way. Nobody was available this time."),
    (
        {"kind": "wish", "with": 1},
        "The pair with @ana was left out by hand. Put it back, and there is a place for them.",
    ),
    ({"kind": "seat", "with": 1}, "If @ana had a place for one more, there would be a partner for them."),
    (
        {"kind": "gap", "what": ["level_unknown", "team_unknown"], "with": 1},
        "The directory lacks something about them or @ana: the level, the team. "
        "If nothing speaks against it once that is known, the two can be a pair.",
    ),
    (
        {"kind": "way", "what": "online", "with": 1},
        "If they liked to meet online, too, they could be paired with @ana, for example.",
    ),
    (
        {"kind": "site", "what": "Lisbon", "with": 9},
        "If they could meet in person in Lisbon, they could be paired with somebody, for example.",
    ),
    (
        {"kind": "rule", "what": "level", "with": 1},
        "One rule alone stands between them and @ana: the mentor's level not below the mentee's. "
        "If you know why it is all right, you can pair the two by hand.",
    ),
    (
        {"kind": "topic", "what": "ai_tools", "gaps": []},
        "What it takes is one more mentor whom no rule keeps apart from them, "
        "best of all for this topic: AI tools in daily work",
    ),
    (
        {"kind": "topic", "what": None, "gaps": ["level_unknown"]},
        "As it is, they can be paired with nobody, since this isn't known of them: the level. "
        "What it takes is one more mentor whom no rule keeps apart from them.",
    ),
]


@pytest.mark.parametrize(
    ("change", "said"), CHANGES, ids=lambda each: each.get("kind") if isinstance(each, dict) else ""
)
def test_whoever_is_left_over_is_told_of_with_what_would_help(change: dict[str, Any], said: str) -> None:
    bars = [["no_language", 3], ["same_team", 2], ["level", 1], ["not_available", 1]]

    told = why.unplaced({"member": 2, "side": "mentee", "of": 5, "bars": bars, "change": change}, WORDS, NAMES)

    left_out = "no language in common (3), the same team (2), the mentor's level not below the mentee's (1)"
    assert told == f"Of all mentors (5): {left_out}. {said}"


def test_where_nobody_is_on_the_other_side_that_is_what_is_said() -> None:
    told = {"member": 1, "side": "mentor", "of": 0, "bars": [], "change": {"kind": "topic", "what": None, "gaps": []}}

    assert why.left_out(told, WORDS) == "No mentee waits for a partner just now."


COSTS = [
    ({"bar": "reporting_line"}, "That can't be: one above the other in the reporting line."),
    ({"bar": "no_seat"}, "That can't be: the mentor's places are taken by pairs that are to stay together."),
    (
        {"placed": 0, "open_fit": "none", "who": [], "moves": 0},
        "As many people would have a partner, and all in all the pairs would fit as well.",
    ),
    (
        {"placed": -1, "open_fit": "much", "who": [{"member": 2, "how": "partner"}], "moves": 1},
        "One mentee fewer would have a partner.\nWithout a partner then: @marcus.\n"
        "One more person would get a different partner.",
    ),
    (
        {"placed": 0, "open_fit": "some", "who": [{"member": each, "how": "band"} for each in NAMES], "moves": 2},
        "As many people would have a partner, but all in all the pairs would fit noticeably worse.\n"
        "With a weaker fit than now: @ana, @marcus, @bea, @cem, @dana and 2 more.\n"
        "2 more people would get a different partner.",
    ),
]


@pytest.mark.parametrize(("cost", "said"), COSTS, ids=["line", "seats", "nothing", "one", "many"])
def test_what_a_wish_costs_is_said_in_bands_and_with_names(cost: dict[str, Any], said: str) -> None:
    assert why.cost(cost, WORDS, NAMES) == said


def test_every_rule_and_every_gap_has_its_words() -> None:
    assert set(RULES) == {bar.value for bar in Bar}
    assert all(f"gap.{bar.value}" in WORDS.texts for bar in GAPS)


def test_whose_names_are_needed_is_known_before_the_words_are_made() -> None:
    found = {"rules": [{"who": [1, 2]}], "nobody": [3], "who": [{"member": 4, "how": "band"}], "with": 5}

    assert why.members([found]) == {1, 2, 3, 4, 5}
