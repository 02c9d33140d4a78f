"""The pages of questions: short, in the words of the side, with a way to every other page."""

import json
from typing import Any

import limits
import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ideas import blocks
from bot.ideas.rules import Shelf
from store.models import Focus, Side

TWINS = make.words().twins


def page(number: int, side: Side = Side.MENTEE, *more: Shelf) -> dict[str, Any]:
    each = make.partnership(side)
    shelf = Shelf(make.Place(each.mine, each.programme), each, 2)
    return blocks.pages(shelf, [shelf, *more], number, make.words())


@pytest.mark.parametrize("side", Side)
def test_each_side_reads_its_own_words(side: Side) -> None:
    said = json.dumps(page(0, side))

    twin = make.words().twins["prep-1-speak-openly"]
    assert twin.text(side) in said
    assert twin.text(*(other for other in Side if other is not side)) not in said


def test_the_theme_of_the_next_talk_says_so_and_no_other() -> None:
    said = [number for number in range(blocks.PAGES) if "is about this" in json.dumps(page(number))]

    assert said == [2, 3]


@pytest.mark.parametrize(
    ("number", "buttons"), [(0, ["ideas.on"]), (5, ["ideas.back", "ideas.on"]), (11, ["ideas.back"])]
)
def test_one_can_turn_to_every_page(number: int, buttons: list[str]) -> None:
    assert [each for each in limits.action_ids(page(number)["blocks"]) if each != "ideas.theme"] == buttons


@pytest.mark.parametrize("number", range(blocks.PAGES))
def test_a_page_is_no_wall(number: int) -> None:
    lines = [line for block in page(number)["blocks"] if "text" in block for line in block["text"]["text"].splitlines()]

    assert 7 <= len([line for line in lines if line.startswith("•")]) <= 9


def test_who_has_several_pairs_chooses_among_them() -> None:
    each = make.partnership(Side.MENTOR, id=6)
    other = Shelf(make.Place(make.member(id=99), make.programme()), None, 1)

    one, several = page(0), page(0, Side.MENTEE, Shelf(make.Place(each.mine, each.programme), each, 1), other)

    assert "ideas.side" not in list(limits.action_ids(one["blocks"]))
    options = [each["text"]["text"] for each in several["blocks"][0]["accessory"]["options"]]
    assert options == ["Mentee of Oliver", "Mentor of Oliver", "Mentor in Look Up"]


def test_a_page_that_is_no_longer_there_is_the_last_one() -> None:
    assert page(40) == page(11)
    assert blocks.read(page(11)["private_metadata"]) == ("12.5", 11)


@given(focus=st.sampled_from(Focus))
def test_all_questions_of_a_programme_are_on_its_pages_once_and_no_others(focus: Focus) -> None:
    found = [twin for page in range(blocks.PAGES) for twin in blocks.on_page(TWINS.values(), page, focus)]

    bank = [twin for twin in TWINS.values() if twin.kind in ("preparation", "reflection")]
    assert sorted(twin.id for twin in found) == sorted(twin.id for twin in bank if twin.objective in (focus, None))


def test_a_page_has_one_theme_before_or_after_a_talk_and_begins_with_the_objective() -> None:
    found = blocks.on_page(TWINS.values(), blocks.first_page(2) + 1, "digital")

    assert {(twin.kind, twin.theme) for twin in found} == {("reflection", 2)}
    assert [twin.objective for twin in found] == ["digital", *[None] * 7]
