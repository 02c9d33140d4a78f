"""The pages of the sign-up form: what is filled in comes back as it was, and secrets are shown to their owner alone."""

import json
from dataclasses import replace
from typing import Any

import limits
import make
from hypothesis import given
from hypothesis import strategies as st

from bot.due import Fact
from bot.signup import blocks, pages, rules
from bot.signup.pages import Page
from bot.signup.rules import HOURS, LANGUAGES, MOST_TOPICS, Answers
from store.models import MemberState, Side, Way

WORDS = make.words()
NONE = Answers()
PAGES = ((pages.about, pages.read_about), (pages.topics, pages.read_topics), (pages.facts, pages.read_facts))
texts = st.none() | st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=50)
some_topics = st.lists(st.sampled_from(list(WORDS.topics)), max_size=MOST_TOPICS, unique=True)


@st.composite
def answered(draw: st.DrawFn) -> Answers:
    """What one can answer on the form."""

    def some(choices: Any) -> tuple[str, ...]:
        return tuple(draw(st.lists(st.sampled_from([str(each) for each in choices]), max_size=4, unique=True)))

    sides = draw(st.sampled_from([(Side.MENTOR,), (Side.MENTEE,), tuple(Side)]))
    is_mentor, is_mentee = Side.MENTOR in sides, Side.MENTEE in sides
    return Answers(
        sides=sides,
        offers=tuple(draw(some_topics)) if is_mentor else (),
        own_offer=draw(texts) if is_mentor else None,
        capacity=draw(st.integers(1, 3)) if is_mentor else 1,
        wishes=tuple(draw(some_topics)) if is_mentee else (),
        own_wish=draw(texts) if is_mentee else None,
        hopes=draw(texts),
        languages=some(LANGUAGES),
        ways=some(way.value for way in Way),
        hours=some(HOURS),
        networks=some(WORDS.networks),
        avoid=some(["U0BO", "U0CY"]),
        site=draw(texts),
        department=draw(texts),
        team=draw(texts),
        level=draw(st.none() | st.sampled_from(list(WORDS.levels))),
        manager=draw(st.sampled_from([None, "", "U0JONAS"])),
        has_consented=draw(st.booleans()),
    )


def page(answers: Answers = NONE, **facts: Any) -> Page:
    return Page(make.programme(), WORDS, answers, **facts)


def by_hand(view: dict[str, Any], answers: Answers) -> dict[str, Any]:
    """The answers as somebody fills them into the fields of this page."""
    side = "both" if len(answers.sides) > 1 else "".join(answers.sides)
    given_ = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(answers).items()}
    given_ |= {"sides": side or None, "capacity": str(answers.capacity)}
    given_["level"] = None if answers.level is None else str(answers.level)
    given_ |= {"manager": answers.manager or None, pages.NOBODY: ["yes"] if answers.manager == "" else []}
    given_["has_consented"] = ["yes"] if answers.has_consented else []
    fields = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    return {name: value for name, value in given_.items() if name in fields}


@given(answered())
def test_what_is_filled_in_page_by_page_is_what_is_read(answers: Answers) -> None:
    read = NONE
    for draw, take in PAGES:
        view = draw(page(replace(read, sides=answers.sides)))
        read = take(limits.filled(view, by_hand(view, answers)), replace(read, sides=answers.sides))

    assert read == answers


@given(answered(), st.booleans())
def test_each_page_begins_with_what_was_answered_before(answers: Answers, is_change: bool) -> None:
    """Left as it is, it reads back the same; whatever the side."""
    read = replace(answers, has_consented=True)
    for draw, take in PAGES:
        view = draw(page(read, is_change=is_change, asks_consent=False))
        read = take(limits.filled(view, {}), read)

    assert read == replace(answers, has_consented=True)


def test_pages_left_empty_are_read_as_nothing_at_all() -> None:
    read = NONE
    for draw, take in PAGES:
        read = take(limits.filled(draw(page()), {}), read)

    assert read == NONE


@given(answered())
def test_every_problem_is_told_beside_a_field_that_is_there(answers: Answers) -> None:
    views = [draw(page(answers)) for draw, _ in PAGES]
    fields = {block["block_id"] for view in views for block in view["blocks"] if block["type"] == "input"}

    assert set(rules.problems(answers, is_change=False)) <= fields
    assert set(rules.overlong(replace(answers, team="x" * 999, site="x" * 999))) <= fields


def test_a_topic_that_is_no_longer_offered_is_not_in_the_form() -> None:
    before = Answers(sides=(Side.MENTOR,), offers=("fax_machines", "data"))

    assert pages.read_topics(limits.filled(pages.topics(page(before)), {}), before).offers == ("data",)


def test_with_more_than_a_hundred_topics_the_menu_is_searched_and_keeps_what_was_chosen() -> None:
    many = WORDS.with_topics({f"topic_{number}": f"Topic {number}" for number in range(200)})
    before = Answers(sides=(Side.MENTOR,), offers=("topic_150", "data", "gone"))

    view = pages.topics(Page(make.programme(), many, before))

    [menu] = [block["element"] for block in view["blocks"] if block.get("block_id") == "offers"]
    assert (menu["type"], menu["action_id"]) == ("multi_external_select", pages.SEARCH)
    assert pages.read_topics(limits.filled(view, {}), before).offers == ("topic_150", "data")


def test_a_page_carries_its_programme_its_purpose_and_the_sides_it_was_drawn_for() -> None:
    view = pages.topics(page(Answers(sides=tuple(Side)), is_change=True))

    assert pages.carried(view["private_metadata"]) == pages.Sent(3, True, tuple(Side))
    assert pages.carried(pages.about(page())["private_metadata"]) == pages.Sent(3, False, ())


# What the directory knows

KNOWN = {
    "manager": Fact("U0JONAS", "Jonas Keller", "the HR directory, 21 Nov"),
    "team": Fact("Platform", "Platform", "the HR directory, 21 Nov"),
    "level": Fact(2, "I do my own work well", "the company's file, 3 Nov"),
}


def test_what_is_known_is_filled_in_and_says_from_where() -> None:
    view = pages.facts(page(facts=KNOWN))

    read = pages.read_facts(limits.filled(view, {}), NONE)
    assert (read.manager, read.team, read.level, read.department) == ("U0JONAS", "Platform", 2, None)
    hints = {block["block_id"]: block["hint"]["text"] for block in view["blocks"] if "hint" in block}
    assert hints["manager"] == "Jonas Keller: from the HR directory, 21 Nov"
    assert hints["level"] == "I do my own work well: from the company's file, 3 Nov"


def test_their_own_word_stands_in_the_field_and_the_directorys_beside_it() -> None:
    view = pages.facts(page(Answers(team="Rockets", manager=""), facts=KNOWN))

    read = pages.read_facts(limits.filled(view, {}), NONE)
    assert (read.manager, read.team) == ("", "Rockets")
    assert "Platform: from the HR directory, 21 Nov" in json.dumps(view)


def test_a_manager_without_an_account_is_named_and_not_put_into_slacks_menu() -> None:
    boss = Fact("X0123456789ABCDEF0123", "Olu Ade", "the HR directory, 21 Nov", can_be_chosen=False)

    view = pages.facts(page(facts={"manager": boss}))

    assert "X0123456789ABCDEF0123" not in json.dumps(view)
    assert "Olu Ade: from the HR directory, 21 Nov" in json.dumps(view)


def test_a_known_site_is_shown_on_the_first_page_and_asked_for_only_where_it_is_not_known() -> None:
    site = {"site": Fact("Lisbon", "Lisbon", "Slack, 3 Nov")}

    def asks(view: dict[str, Any]) -> bool:
        return any(block.get("block_id") == "site" for block in view["blocks"])

    assert asks(pages.about(page()))
    assert not asks(pages.about(page(facts=site)))
    assert "Lisbon (from Slack, 3 Nov)" in json.dumps(pages.about(page(facts=site)))
    assert asks(pages.about(page(Answers(site="Porto"), facts=site))), "their own word can be changed"


# The messages


def place(side: Side = Side.MENTOR, id: int = 11, **facts: Any) -> make.Place:
    return make.place(side=side, id=id, **facts)


def told(kind: str, *places: make.Place, **facts: Any) -> str:
    return blocks.MESSAGES[kind](make.telling(kind, snapshot=make.snapshot(places=places), about=11, **facts)).text


def test_the_confirmation_repeats_the_answers_and_offers_to_change_them() -> None:
    places = (place(topics=["ai_tools", "data"], capacity=2, hours=["morning"]),)

    message = blocks.joined(make.telling("joined", snapshot=make.snapshot(places=places), about=11))

    assert "• You offer: AI tools in daily work, Working with data, with up to two mentees" in message.text
    assert "• Hours: in the morning" in message.text
    assert list(limits.action_ids(message.blocks)) == ["go.profile", "go.mydata"]


def test_someone_on_both_sides_reads_of_both_and_not_of_a_side_they_left() -> None:
    mentee = place(Side.MENTEE, 12, topics=["data"])

    assert "as a mentor and a mentee" in told("joined", place(), mentee)
    assert "mentee" not in told("joined", place(), place(Side.MENTEE, 12, state=MemberState.LEFT)).partition("\n\n")[0]


def test_each_way_of_getting_a_place_has_its_own_words() -> None:
    applied = told("applied", place(state=MemberState.APPLIED))
    queued = told("queued", place(state=MemberState.QUEUED), place_in_list=7)
    let_in, declined = told("let_in", place()), told("declined", place(state=MemberState.DECLINED))

    assert applied.startswith("You have asked to join *Look Up* as a mentor.")
    assert "at number 7" in queued
    assert let_in.startswith("You are in")
    assert "<@U0NOOR>" in declined
    assert "introduce you" in let_in
    assert not any("introduce you" in said for said in (applied, queued, declined))


def test_a_change_is_confirmed_as_a_change_whatever_they_wait_for() -> None:
    later = {"joined_at": make.at("2027-02-01 09:00")}

    assert told("joined", place(**later)).startswith("Your answers in *Look Up* are changed.")
    waiting = told("joined", place(state=MemberState.QUEUED, **later))
    assert "A place that comes free" in waiting


# The Home


def test_a_stranger_to_the_programmes_is_invited_by_the_home_to_each_that_is_open() -> None:
    others = [(make.programme(id=3), None), (make.programme(id=4, name="Later"), "Sign-up opens on Monday, 5 April.")]

    shown = blocks.home(others, is_in=False)

    assert list(limits.action_ids(shown)) == ["go.join"]
    assert "_Sign-up opens on Monday, 5 April._" in json.dumps(shown)


def test_somebody_who_is_in_one_sees_the_others_they_can_join_and_no_welcome() -> None:
    others = [(make.programme(id=4, name="Second"), None), (make.programme(id=5, name="Later"), "Not yet.")]

    shown = blocks.home(others, is_in=True)

    assert "Second" in json.dumps(shown)
    assert not any(word in json.dumps(shown) for word in ("Later", "Learn from each other"))


def test_without_an_open_programme_there_is_no_button_to_join() -> None:
    assert list(limits.action_ids(blocks.home([], is_in=False))) == []
