"""When a sign-up is right, who may join and when, and what people hear of their place."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.signup import rules
from bot.signup.rules import HOURS, LONGEST_FACT, LONGEST_TOPIC, MENU, MOST_AVOIDED, MOST_MENTEES, MOST_TOPICS, Answers
from store.models import IS_OUT, Member, MemberState, Programme, Side, Way

MENTOR = Answers(
    sides=(Side.MENTOR,),
    offers=("ai_tools",),
    languages=("en",),
    ways=("online",),
    team="Platform",
    level=2,
    manager="U0JONAS",
    has_consented=True,
)
BOTH = replace(MENTOR, sides=tuple(Side), wishes=("data",))
A_DAY = timedelta(days=1)

names = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=20)
topics = st.lists(st.sampled_from(["ai_tools", "data", "meetings", "feedback", "careers", "learning"]), unique=True)
answers = st.builds(
    Answers,
    sides=st.lists(st.sampled_from(Side), unique=True).map(tuple),
    offers=topics.map(tuple),
    own_offer=st.none() | names,
    capacity=st.integers(1, MOST_MENTEES),
    wishes=topics.map(tuple),
    own_wish=st.none() | names,
    hopes=st.none() | st.text(),
    languages=st.lists(st.sampled_from(["en", "pt"]), unique=True).map(tuple),
    ways=st.lists(st.sampled_from([way.value for way in Way]), unique=True).map(tuple),
    hours=st.lists(st.sampled_from(HOURS), unique=True).map(tuple),
    networks=st.lists(st.sampled_from(["parents", "faith"]), unique=True).map(tuple),
    avoid=st.lists(st.sampled_from(["U0BO", "U0CY"]), unique=True).map(tuple),
    site=st.none() | names,
    department=st.none() | names,
    team=st.none() | names,
    level=st.none() | st.integers(-3, 9),
    manager=st.sampled_from([None, "", "U0JONAS"]),
    has_consented=st.booleans(),
)


def kinds(snapshot: make.Snapshot) -> list[str]:
    return [due.kind for due in rules.due(snapshot)]


# The answers


def test_answers_with_all_that_is_asked_for_are_taken() -> None:
    assert rules.problems(MENTOR, is_change=False) == {}
    assert rules.problems(BOTH, is_change=False) == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sides": ()}, "sides"),
        ({"offers": ()}, "offers"),
        ({"wishes": ()}, "wishes"),
        ({"offers": ("x",) * (MOST_TOPICS + 1)}, "offers"),
        ({"offers": ("x",) * MOST_TOPICS, "own_offer": "Tomatoes"}, "offers"),
        ({"own_offer": "x" * (LONGEST_TOPIC + 1)}, "own_offer"),
        ({"own_wish": "two\nlines"}, "own_wish"),
        ({"wishes": ("ai_tools",)}, "wishes"),
        ({"own_offer": "Growing tomatoes", "own_wish": "growing  Tomatoes"}, "own_wish"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": MOST_MENTEES + 1}, "capacity"),
        ({"languages": ()}, "languages"),
        ({"ways": ()}, "ways"),
        ({"ways": ("in_person",)}, "site"),
        ({"avoid": ("U0BO",) * (MOST_AVOIDED + 1)}, "avoid"),
        ({"manager": None}, "manager"),
        ({"team": None}, "team"),
        ({"level": None}, "level"),
        ({"has_consented": False}, "has_consented"),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_its_field_and_only_there(change: dict[str, Any], field: str) -> None:
    assert list(rules.problems(replace(BOTH, **change), is_change=False)) == [field]


@pytest.mark.parametrize(
    "change",
    [
        {"offers": (), "own_offer": "Growing tomatoes"},
        {"manager": ""},
        {"department": None},
        {"ways": ("in_person",), "site": "Lisbon"},
        {"level": 0},
    ],
    ids=["a topic of their own alone", "nobody above them", "no department", "a site", "the lowest level"],
)
def test_what_is_enough_is_taken(change: dict[str, Any]) -> None:
    assert rules.problems(replace(MENTOR, **change), is_change=False) == {}


def test_who_changes_their_answers_has_consented() -> None:
    assert rules.problems(replace(MENTOR, has_consented=False), is_change=True) == {}


@given(
    hopes=st.none() | st.text(),
    networks=st.lists(st.text()).map(tuple),
    hours=st.lists(st.sampled_from(HOURS)).map(tuple),
    avoid=st.lists(st.text(), max_size=MOST_AVOIDED).map(tuple),
)
def test_what_is_told_in_confidence_is_never_wrong(**told: Any) -> None:
    assert rules.problems(replace(MENTOR, **told), is_change=False) == {}


@given(answers)
def test_problems_are_named_like_the_answers(given_: Answers) -> None:
    found = rules.problems(given_, is_change=False)

    assert set(found) <= set(vars(given_))
    assert all(why.endswith((".", "!")) for why in found.values())


@given(answers)
def test_nobody_joins_without_consent_or_while_a_bar_could_not_be_ruled_out(given_: Answers) -> None:
    is_open = None in (given_.manager, given_.team, given_.level) or not given_.has_consented

    assert not is_open or rules.problems(given_, is_change=False)


@given(answers)
def test_a_draft_gives_back_what_was_put_in(given_: Answers) -> None:
    kept = json.loads(json.dumps(rules.to_json(given_)))

    assert rules.from_json(kept) == given_


def test_a_draft_of_another_release_is_read_as_far_as_it_is_understood() -> None:
    assert rules.from_json({"sides": ["mentee"], "shoe_size": 43}) == Answers(sides=(Side.MENTEE,))


@given(answers, st.dictionaries(st.sampled_from(rules.FACTS), st.just("known")))
def test_what_is_known_fills_only_what_was_left_open(given_: Answers, known: dict[str, Any]) -> None:
    whole = rules.with_known(given_, known)

    for name in rules.FACTS:
        said = getattr(given_, name)
        assert getattr(whole, name) == (said if said is not None else known.get(name))


def test_what_they_say_themselves_fits_a_line() -> None:
    too_long = replace(MENTOR, team="x" * (LONGEST_FACT + 1), site="two\nlines", department="x" * LONGEST_FACT)

    assert list(rules.overlong(too_long)) == ["team", "site"]


# Topics

LIST = {"ai_tools": "AI tools in daily work", "data": "Working with data", "meetings": "Meetings that work"}


@given(answers)
def test_tidied_answers_hold_topics_of_the_list_alone_and_of_their_sides(given_: Answers) -> None:
    tidy = rules.tidied(given_, LIST)

    assert {*tidy.offers, *tidy.wishes} <= set(LIST)
    assert tidy.is_mentor or (tidy.offers, tidy.own_offer, tidy.capacity) == ((), None, 1)
    assert tidy.is_mentee or (tidy.wishes, tidy.own_wish) == ((), None)
    assert rules.tidied(tidy, LIST) == tidy


def test_the_order_of_strength_is_kept() -> None:
    assert rules.tidied(replace(MENTOR, offers=("meetings", "fax", "data")), LIST).offers == ("meetings", "data")


def test_own_words_that_are_in_the_list_become_the_topic_of_the_list() -> None:
    tidy = rules.tidied(replace(MENTOR, own_offer=" working WITH data"), LIST)

    assert (tidy.offers, tidy.own_offer) == (("ai_tools", "data"), None)


@given(st.dictionaries(names, names, max_size=150), st.text(max_size=4))
def test_a_search_finds_topics_that_fit_and_no_more_than_a_menu_shows(known: dict[str, str], typed: str) -> None:
    found = rules.found(known, typed)

    assert len(found) == len(set(found)) <= MENU
    assert all(part in known[topic].casefold() for topic in found for part in typed.casefold().split())


@given(st.dictionaries(names, names, min_size=1, max_size=90), st.data())
def test_who_types_a_whole_label_finds_it(known: dict[str, str], data: st.DataObject) -> None:
    topic = data.draw(st.sampled_from(sorted(known)))

    assert topic in rules.found(known, known[topic])


def test_those_that_begin_with_what_was_typed_come_first() -> None:
    assert rules.found(LIST, "work") == ["data", "ai_tools", "meetings"]


# Who may join

OPEN = make.programme(contact="U0NOOR")


def may_join(programme: Programme | None = OPEN, member: Member | None = None, who: str = "U0ANA") -> str | None:
    return rules.may_join(programme, member, make.person(who), make.MONDAY)


def test_anybody_may_join_an_open_programme() -> None:
    assert may_join() is None


@pytest.mark.parametrize("state", IS_OUT)
def test_somebody_who_left_or_was_turned_down_may_come_back(state: MemberState) -> None:
    assert may_join(member=make.member(state=state)) is None


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (MemberState.ACTIVE, "You're in already"),
        (MemberState.PAUSED, "You're in already"),
        (MemberState.APPLIED, "You have asked to join already"),
        (MemberState.QUEUED, "You're on the waiting list already"),
    ],
)
def test_somebody_who_has_a_place_is_told_which(state: MemberState, said: str) -> None:
    assert str(may_join(member=make.member(state=state))).startswith(said)


def test_a_closed_programme_takes_nobody() -> None:
    assert "no longer takes new members" in str(may_join(make.programme(closed_at=make.MONDAY)))


def test_without_a_programme_there_is_nothing_to_join() -> None:
    assert may_join(None) == rules.NO_PROGRAMME


def test_whom_people_turn_to_with_a_concern_can_not_be_anybodys_partner() -> None:
    assert "with a concern" in str(may_join(who="U0NOOR"))


def test_the_day_of_opening_is_that_of_their_own_calendar() -> None:
    programme = make.programme(signup_from=make.at("2027-03-09 23:30"))

    in_lisbon = rules.may_join(programme, None, make.person(), make.MONDAY)
    in_kolkata = rules.may_join(programme, None, make.person(zone="Asia/Kolkata"), make.MONDAY)

    assert in_lisbon == "You can't join just yet: sign-up opens on Tuesday, 9 March."
    assert in_kolkata == "You can't join just yet: sign-up opens on Wednesday, 10 March."


def test_a_sign_up_until_midnight_closed_on_the_day_before() -> None:
    programme = make.programme(signup_until=make.at("2027-03-01 00:00"))

    assert may_join(programme) == "Sign-up closed on Sunday, 28 February."


@given(st.none() | make.moments("2027-02-20", "2027-03-10"), st.none() | make.moments("2027-02-20", "2027-03-10"))
def test_one_joins_from_the_first_moment_on_and_until_the_last(first: Any, last: Any) -> None:
    is_open = (first is None or first <= make.MONDAY) and (last is None or last > make.MONDAY)

    assert (may_join(make.programme(signup_from=first, signup_until=last)) is None) == is_open


@pytest.mark.parametrize(
    ("needs_approval", "is_full", "state"),
    [
        (False, False, MemberState.ACTIVE),
        (False, True, MemberState.QUEUED),
        (True, False, MemberState.APPLIED),
        (True, True, MemberState.APPLIED),
    ],
)
def test_whether_one_is_in_waits_for_a_yes_or_for_a_place(
    needs_approval: bool, is_full: bool, state: MemberState
) -> None:
    assert rules.state_on_joining(make.programme(needs_approval=needs_approval), is_full=is_full) is state


@given(st.sets(st.sampled_from(Side)), st.sets(st.sampled_from(Side)))
def test_a_side_with_a_partner_can_not_be_dropped(sides: set[Side], paired: set[Side]) -> None:
    assert (rules.may_stop(sides, paired) == {}) == (paired <= sides)


# What they hear of their place


def test_joining_is_answered_at_once() -> None:
    [due] = rules.due(make.snapshot(places=(make.place(),)))

    assert (due.kind, due.at_once, due.is_notice, due.about) == ("joined", True, True, 11)


def test_each_change_of_the_answers_is_confirmed_once() -> None:
    first, second = (rules.due(make.snapshot(places=(make.place(revision=number),)))[0] for number in (1, 2))

    assert first.key != second.key


def test_leaving_is_not_told_here_and_coming_back_is_greeted_anew() -> None:
    gone = make.place(state=MemberState.LEFT, state_since=make.MONDAY)
    back = make.place(revision=2)

    assert kinds(make.snapshot(places=(gone,))) == []
    assert kinds(make.snapshot(places=(back,))) == ["joined"]


@pytest.mark.parametrize(
    ("facts", "kind", "at_once"),
    [
        ({"state": MemberState.APPLIED, "state_since": make.MONDAY}, "applied", True),
        ({"state": MemberState.APPLIED, "state_since": make.MONDAY - A_DAY}, "joined", True),
        ({"state": MemberState.QUEUED, "state_since": make.MONDAY}, "queued", True),
        (
            {"state": MemberState.QUEUED, "state_since": make.MONDAY, "joined_at": make.MONDAY - A_DAY},
            "queued",
            False,
        ),
        ({"state": MemberState.ACTIVE, "let_in_at": make.MONDAY}, "let_in", False),
        ({"state": MemberState.ACTIVE, "let_in_at": make.MONDAY - A_DAY}, "joined", True),
        ({"state": MemberState.DECLINED, "state_since": make.MONDAY}, "declined", False),
    ],
    ids=[
        "they asked to join",
        "they changed what they asked with",
        "they wait for a place",
        "approved, and all places are taken",
        "a coordinator or a free place let them in",
        "they changed their answers afterwards",
        "a coordinator said no",
    ],
)
def test_what_was_decided_by_others_keeps_working_hours(facts: dict[str, Any], kind: str, at_once: bool) -> None:
    [due] = rules.due(make.snapshot(places=(make.place(**facts),)))

    assert (due.kind, due.at_once, due.is_notice) == (kind, at_once, True)


@given(st.lists(st.tuples(st.sampled_from(MemberState), st.integers(1, 5), st.integers(-2, 0)), min_size=1, max_size=2))
def test_in_one_programme_there_is_never_more_than_one_thing_to_hear(
    mine: list[tuple[MemberState, int, int]],
) -> None:
    """Whoever is on both sides hears once; a side that was dropped is not spoken of."""
    places = tuple(
        make.place(
            id=number, side=side, state=state, revision=revision, changed_at=make.MONDAY + A_DAY * day, state_since=None
        )
        for number, (side, (state, revision, day)) in enumerate(zip(Side, mine, strict=False), 11)
    )

    dues = rules.due(make.snapshot(places=places))

    assert len(dues) <= 1
    present = {place.member.id for place in places if place.member.state not in IS_OUT}
    assert not present or {due.about for due in dues} <= present
