"""What waits for a coordinator is told in one message and once; whoever proposed a topic hears what became of it."""

from collections import Counter
from datetime import datetime

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import at

from bot import working_time
from bot.due import Due
from bot.programme import rules
from bot.programme.rules import Suggestion, Wish
from store.models import MemberState, Side, TopicState
from store.snapshots import Running

ZONES = ["Europe/Lisbon", "Asia/Kolkata", "America/New_York", "Africa/Cairo", "Pacific/Kiritimati", "America/Santiago"]


# What waits for a coordinator

moments = make.moments("2027-02-26", "2027-03-08")
working = st.builds(
    lambda zone, country: working_time.of(make.person(zone=zone, country=country)),
    st.sampled_from(ZONES),
    st.sampled_from([None, "PT", "IN"]),
)


@given(moments, working)
def test_what_comes_in_is_told_in_working_hours_and_within_a_quarter_of_an_hour_of_them(
    since: datetime, mine: working_time.WorkingTime
) -> None:
    told = rules.told_at(since, mine)

    assert told > since
    assert mine.is_open(told)
    assert told <= mine.next_open(since + rules.BUNCH) + rules.GRACE


@given(st.lists(moments, min_size=2, max_size=2), working)
def test_who_came_first_is_told_first(since: list[datetime], mine: working_time.WorkingTime) -> None:
    first, second = sorted(since)

    assert rules.told_at(first, mine) <= rules.told_at(second, mine)


def test_a_night_of_requests_is_one_message_at_nine() -> None:
    mine = working_time.of(make.person())
    night = [at("2027-03-02 16:50"), at("2027-03-02 23:10"), at("2027-03-03 08:59")]

    assert {rules.told_at(each, mine) for each in night} == {at("2027-03-03 09:00") + rules.GRACE}
    assert rules.told_at(at("2027-03-03 09:00"), mine) == at("2027-03-03 09:15") + rules.GRACE


@st.composite
def runnings(draw: st.DrawFn) -> Running:
    """People who asked to join, on one side or both, and topics they proposed."""
    asked = draw(st.lists(moments, max_size=8))
    applied, proposals = [], []
    for number, since in enumerate(asked, 1):
        person = make.person(f"U{number}", id=number)
        sides = draw(st.sampled_from([[Side.MENTOR], [Side.MENTEE], [Side.MENTOR, Side.MENTEE], []]))
        for side in sides:
            facts = {"state": MemberState.APPLIED, "state_since": since, "person_id": number}
            applied.append((make.member(side, id=10 * number + (side is Side.MENTEE), **facts), person))
        for each in range(draw(st.integers(0, 2))):
            made = make.topic_proposal(id=100 + 10 * number + each, proposed_at=draw(moments))
            proposals.append((made, person))
    return Running(make.programme(), tuple(draw(st.permutations(applied))), tuple(proposals), ())


def names(requests: list[rules.Request]) -> list[tuple[str, int]]:
    return [
        ("topic", each.proposal.id) if isinstance(each, Suggestion) else ("person", each.person.id) for each in requests
    ]


@given(runnings())
def test_everybody_who_asks_is_one_request_and_every_topic_is_one(running: Running) -> None:
    found = rules.requests(running)

    people = {person.id for _, person in running.applied}
    topics = {proposal.id for proposal, _ in running.proposals}
    assert sorted(names(found)) == sorted([("person", each) for each in people] + [("topic", each) for each in topics])
    places = [place.id for each in found if isinstance(each, Wish) for place in each.places]
    assert sorted(places) == sorted(member.id for member, _ in running.applied)
    assert [each.since for each in found] == sorted(each.since for each in found)


@given(runnings(), st.sampled_from(ZONES))
def test_every_request_is_told_in_exactly_one_message(running: Running, zone: str) -> None:
    me = make.person(id=9, zone=zone)
    dues = rules.due(make.snapshot(person=me, runs=(running,)))

    told = [name for due in dues for name in names(rules.bunch(running, working_time.of(me), due.opens_at))]

    assert Counter(told) == Counter(names(rules.requests(running)))
    assert len({due.key for due in dues}) == len(dues)


@given(runnings(), st.sampled_from(ZONES))
def test_who_takes_a_programme_over_hears_of_all_that_waits_in_one_message(running: Running, zone: str) -> None:
    me, taken_over = make.person(id=9, zone=zone), make.at("2027-03-09 11:00")
    running.programme.run_since = taken_over

    dues = rules.due(make.snapshot(person=me, runs=(running,)))

    assert len(dues) == min(1, len(rules.requests(running)))
    assert {due.opens_at for due in dues} <= {rules.told_at(taken_over, working_time.of(me))}


@given(runnings(), moments)
def test_a_message_that_is_due_grows_no_more(running: Running, now: datetime) -> None:
    """What is stored after a message may have gone out belongs to a later one: else it would never be told.

    Storing a request may take some seconds from when it was made.
    """
    me = working_time.of(make.person())
    before = Running(
        running.programme,
        tuple(each for each in running.applied if (each[0].state_since or now) <= now - rules.GRACE),
        tuple(each for each in running.proposals if each[0].proposed_at <= now - rules.GRACE),
        (),
    )
    moments_due = {rules.told_at(each.since, me) for each in rules.requests(before)}

    for moment in [each for each in moments_due if each <= now]:
        assert names(rules.bunch(before, me, moment)) == names(rules.bunch(running, me, moment))


@given(runnings())
def test_nobody_decides_any_more_in_a_programme_that_has_ended(running: Running) -> None:
    ended = Running(make.programme(closed_at=make.MONDAY), running.applied, running.proposals, ())

    assert rules.requests(ended) == []
    assert rules.due(make.snapshot(runs=(ended,))) == []


def test_who_takes_a_programme_over_is_told_what_waits_there() -> None:
    waits = (make.member(state=MemberState.APPLIED, state_since=make.MONDAY), make.person())
    running = Running(make.programme(), (waits,), (), ())

    keys = {rules.due(make.snapshot(person=make.person(id=each), runs=(running,)))[0].key for each in (8, 9)}

    assert len(keys) == 2


def test_who_moves_to_another_zone_is_not_told_again_of_what_still_waits() -> None:
    running = Running(
        make.programme(),
        ((make.member(state=MemberState.APPLIED, state_since=at("2027-03-02 23:10")), make.person()),),
        (),
        (),
    )
    [told] = rules.due(make.snapshot(person=make.person(id=9, zone="Europe/Lisbon"), runs=(running,)))
    nudge = make.nudge("requests", key=told.key, due_at=told.opens_at, about=running.programme.id, person_id=9)

    after = make.snapshot(person=make.person(id=9, zone="America/New_York"), runs=(running,), nudges=(nudge,))

    assert [due.key for due in rules.due(after)] == [told.key]


# Topics


def decided(**facts: object) -> list[Due]:
    proposal = make.topic_proposal(**({"decided_at": make.MONDAY, "decided_by": 9} | facts))
    return rules.due(make.snapshot(places=(make.place(),), proposals=(proposal,)))


@pytest.mark.parametrize("state", [TopicState.ACCEPTED, TopicState.MERGED, TopicState.DECLINED])
def test_whoever_proposed_a_topic_hears_what_became_of_it(state: TopicState) -> None:
    [due] = decided(state=state)

    assert (due.kind, due.about, due.opens_at, due.at_once) == ("topic_decided", 81, make.MONDAY, False)


def test_nothing_is_said_of_a_topic_that_waits_that_the_bot_merged_or_that_they_decided_themselves() -> None:
    assert decided(state=TopicState.OPEN, decided_at=None, decided_by=None) == []
    assert decided(state=TopicState.MERGED, decided_by=None) == []
    assert decided(state=TopicState.ACCEPTED, decided_by=1) == []


LIST = {"ai_tools": "AI tools in daily work", "own_5": "Straße und Schnee"}


@pytest.mark.parametrize(
    ("label", "topic"),
    [
        ("ai  TOOLS in daily work ", "ai_tools"),
        ("STRASSE und  schnee", "own_5"),
        ("AI tools", None),
        ("", None),
    ],
)
def test_topics_are_the_same_whatever_their_capitals_and_spaces(label: str, topic: str | None) -> None:
    assert rules.same_topic(label, LIST) == topic


@pytest.mark.parametrize(
    ("label", "chosen", "field"),
    [
        ("Knitting", None, []),
        (None, "ai_tools", []),
        ("Knitting", "ai_tools", []),
        (None, None, ["label"]),
        ("x" * 76, None, ["label"]),
        ("two\nlines", None, ["label"]),
        ("ai tools in daily work", None, ["label"]),
        (None, "gone", ["topic"]),
    ],
)
def test_a_topic_needs_a_new_name_or_one_of_the_list(label: str | None, chosen: str | None, field: list[str]) -> None:
    assert list(rules.topic_problems(label, chosen, LIST)) == field
