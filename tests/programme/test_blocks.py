"""The forms of a programme are read back as they were filled in; nothing here tells more than it may."""

import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import limits
import make
from hypothesis import given
from hypothesis import strategies as st

from bot.programme import blocks, rules
from bot.programme.blocks import Overview
from bot.programme.rules import Answers, Health, Suggestion, Wish
from store.models import Member, MemberState, Person, Programme, Side, TopicState
from store.snapshots import Place, Running

LISBON = ZoneInfo(make.LISBON)
RUTH = make.person("U0RUTH", id=9)
TERMS: dict[str, Any] = {
    "name": st.none() | st.text(min_size=1, max_size=60),
    "objective": st.none() | st.text(min_size=1, max_size=100),
    "contact": st.sampled_from([None, "U0NOOR"]),
    "approval": st.sampled_from(["open", "approval"]),
    "places": st.none() | st.integers(0, 99_999).map(str),
    "opens": st.none() | st.dates().map(lambda day: day.isoformat()),
    "closes": st.none() | st.dates().map(lambda day: day.isoformat()),
}
ANSWERS = {**TERMS, "channel": st.sampled_from([None, "C0ANNOUNCE"]), "months": st.sampled_from(["3", "6"])}


def meant(answers: dict[str, Any]) -> Answers:
    return Answers(
        name=(answers["name"] or "").strip() or None,
        objective=(answers["objective"] or "").strip() or None,
        contact=answers["contact"],
        needs_approval=answers["approval"] == "approval",
        places=answers["places"],
        opens=answers["opens"],
        closes=answers["closes"],
        channel=answers.get("channel"),
        months=int(answers["months"]) if "months" in answers else None,
    )


@given(st.fixed_dictionaries(ANSWERS))
def test_what_is_filled_in_is_what_is_read(answers: dict[str, Any]) -> None:
    assert blocks.read(limits.filled(blocks.form(LISBON), answers)) == meant(answers)


def test_six_months_open_to_all_are_proposed() -> None:
    proposed = blocks.read(limits.filled(blocks.form(LISBON), {}))

    assert proposed == Answers(name=None, objective=None, contact=None, months=6)


def change_form(programme: Programme, runner: Person = RUTH, viewer: Person = RUTH) -> dict[str, Any]:
    return blocks.change_form(programme, runner, viewer, make.MONDAY)


programmes = st.builds(
    make.programme,
    name=st.text(min_size=1, max_size=60).map(str.strip).filter(bool),
    needs_approval=st.booleans(),
    places=st.none() | st.integers(2, 10_000),
    signup_from=st.none() | make.moments("2027-01-01", "2028-01-01"),
    signup_until=st.none() | make.moments("2028-01-02", "2028-06-01"),
)


@given(programmes, st.sampled_from(["Europe/Lisbon", "Asia/Kolkata", "America/New_York"]))
def test_a_form_that_is_sent_as_it_was_opened_changes_nothing(programme: Programme, zone: str) -> None:
    viewer = make.person(id=9, zone=zone)

    answers = blocks.read(limits.filled(change_form(programme, viewer=viewer), {}))

    assert rules.problems(answers, ZoneInfo(zone), make.MONDAY, programme) == {}
    assert rules.terms(answers, ZoneInfo(zone), programme) == rules.terms_of(programme)


@given(st.fixed_dictionaries(TERMS))
def test_what_is_changed_is_what_is_read(answers: dict[str, Any]) -> None:
    programme = make.programme()
    given_in = {name: value for name, value in answers.items() if value is not None}

    read = blocks.read(limits.filled(change_form(programme), given_in))

    kept = {"name": programme.name, "objective": programme.objective, "contact": programme.contact}
    assert read == meant({**answers, **kept, **given_in})


def test_the_form_carries_what_was_seen_and_offers_only_what_can_be_done() -> None:
    closed = make.programme(signup_until=make.MONDAY - timedelta(days=1))
    noor = make.person("U0NOOR", id=8)

    assert blocks.changing(change_form(closed)["private_metadata"]) == (3, rules.seen(closed))
    assert list(limits.action_ids(change_form(closed)["blocks"])) == ["programme.end"]
    assert list(limits.action_ids(change_form(make.programme(), viewer=noor)["blocks"])) == [
        "programme.take_over",
        "programme.close_signup",
        "programme.end",
    ]
    assert "go to <@U0RUTH>" in json.dumps(change_form(closed))


def test_what_cannot_be_undone_asks_once_more() -> None:
    elements = {each["action_id"]: each for each in limits.elements(change_form(make.programme())["blocks"])}

    assert "can't be opened again" in elements["programme.end"]["confirm"]["text"]["text"]
    assert "confirm" in elements["programme.close_signup"]


def test_a_change_says_what_the_form_does_not() -> None:
    assert blocks.news(make.programme(places=3), 3, let_in=0, queued=0) == []
    assert blocks.news(make.programme(places=3), 5, let_in=1, queued=2) == [
        "1 person got a place just now and will hear of it.",
        "2 people wait for a place.",
        "5 people take part, 2 more than there are places. Nobody has to leave.",
    ]


# The announcement


def test_the_opening_says_what_it_is_for_and_has_a_button_to_join_this_programme() -> None:
    message = blocks.opening(make.programme(id=3), make.words())

    assert "Leaders learn how work is changing." in message.text
    assert "<@U0NOOR>" in message.text
    assert "Sign-up" not in message.text
    assert "says yes or no" not in message.text
    [button] = limits.elements(message.blocks)
    assert (button["action_id"], button["value"]) == ("go.join", "3")


def test_the_opening_says_when_sign_up_begins_and_ends_and_that_somebody_looks_at_requests() -> None:
    opens, closes = make.at("2027-03-08 00:00"), make.at("2027-03-19 23:59")
    programme = make.programme(needs_approval=True, signup_from=opens, signup_until=closes)

    text = blocks.opening(programme, make.words()).text

    assert "somebody who runs the programme looks at it and says yes or no" in text
    assert f"Sign-up opens: <!date^{int(opens.timestamp())}^" in text
    assert f"Sign-up closes: <!date^{int(closes.timestamp())}^" in text


# What waits for a coordinator


def asks(who: Person, *sides: Side, **facts: Any) -> list[tuple[Member, Person]]:
    facts = {"person_id": who.id, "state": MemberState.APPLIED, "state_since": make.MONDAY} | facts
    return [(make.member(side, id=11 + number, **facts), who) for number, side in enumerate(sides)]


def told(*applied: tuple[Member, Person], proposals: Any = (), me: Person = RUTH) -> Any:
    running = Running(make.programme(), tuple(applied), tuple(proposals), ())
    snapshot = make.snapshot(person=me, runs=(running,))
    due_at = make.MONDAY + timedelta(minutes=15, seconds=30)
    return blocks.requests(make.telling("requests", snapshot=snapshot, about=3, due_at=due_at))


def values(message: Any) -> dict[str, str]:
    return {each["action_id"]: each["value"] for each in limits.elements(message.blocks)}


def test_a_request_says_who_on_which_side_with_which_topics_from_where_and_nothing_told_in_confidence() -> None:
    ana = make.person("U0ANA", id=1, department="Engineering")
    secrets = {"hopes": b"hopes", "avoid": b"avoid", "networks": b"networks"}

    message = told(*asks(ana, Side.MENTOR, Side.MENTEE, **secrets))

    assert "<@U0ANA> (Engineering) would like to join as a mentor and as a mentee." in message.text
    assert "Offers: AI tools in daily work" in message.text
    assert "Would like to learn: AI tools in daily work" in message.text
    assert not any(word in json.dumps([message.text, message.blocks]) for word in ("hopes", "avoid", "networks"))
    assert values(message) == {"programme.let_in": "3:1", "programme.turn_down": "3:1"}
    assert blocks.asked_by("3:1") == (3, 1)


def test_nobody_gets_buttons_about_themselves() -> None:
    message = told(*asks(RUTH, Side.MENTOR))

    assert values(message) == {}
    assert "somebody else who runs programmes decides it" in json.dumps(message.blocks)


def test_a_topic_can_be_added_reworded_and_left_out() -> None:
    proposal = make.topic_proposal(text="*Knit* <!channel>")

    message = told(proposals=[(proposal, make.person())])

    assert "<@U0ANA> proposes a topic: **Knit* &lt;!channel&gt;*" in message.text
    assert values(message) == dict.fromkeys(["programme.accept", "programme.reword", "programme.leave_out"], "81")


def test_of_many_at_once_ten_are_in_the_message_and_the_others_a_press_away() -> None:
    people = [make.person(f"U{number}", id=number) for number in range(21, 35)]

    message = told(*[request for each in people for request in asks(each, Side.MENTOR)])

    assert [each["value"] for each in limits.elements(message.blocks) if each["action_id"] == "programme.let_in"] == [
        f"3:{number}" for number in range(21, 31)
    ]
    assert "… and 4 more" in json.dumps(message.blocks, ensure_ascii=False)
    assert values(message)["programme.look"] == "3"


def test_the_form_of_a_topic_is_read_back() -> None:
    form = blocks.topic_form(make.topic_proposal(), make.person(), make.words())

    assert blocks.read_topic(limits.filled(form, {})) == ("Knitting", None)
    assert blocks.read_topic(limits.filled(form, {"label": "Wool", "topic": "ai_tools"})) == ("Wool", "ai_tools")


def test_more_topics_than_a_menu_shows_stand_in_groups_and_each_can_be_chosen() -> None:
    words = make.words().with_topics({f"own_{number}": f"Topic {number:03}" for number in range(250)})
    form = blocks.topic_form(make.topic_proposal(), make.person(), words)

    menu = form["blocks"][-1]["element"]

    assert [len(group["options"]) for group in menu["option_groups"]][:-1] == [100, 100]
    assert {option["value"] for group in menu["option_groups"] for option in group["options"]} == set(words.topics)
    assert blocks.read_topic(limits.filled(form, {"topic": "own_249"}))[1] == "own_249"


def decision(state: TopicState, **facts: Any) -> str:
    proposal = make.topic_proposal(state=state, **facts)
    snapshot = make.snapshot(places=(make.place(),), proposals=(proposal,))
    return blocks.topic_decided(make.telling("topic_decided", snapshot=snapshot, about=81)).text


def test_whoever_proposed_a_topic_reads_what_became_of_it() -> None:
    assert "in the list of *Look Up* now, and among yours: AI tools" in decision(TopicState.ACCEPTED, topic="ai_tools")
    merged = decision(TopicState.MERGED, topic="ai_tools")
    assert "“Knitting”" in merged
    assert "counts as yours: AI tools in daily work" in merged
    assert "“Knitting”" in decision(TopicState.DECLINED)
    assert "won't be in the list this time" in decision(TopicState.DECLINED)


def test_whoever_waited_when_a_programme_ends_reads_that_it_is_no_fault_of_theirs() -> None:
    def said(state: MemberState) -> str:
        place = Place(make.member(state=state), make.programme(closed_at=make.MONDAY))
        return blocks.programme_ended(make.telling("x", snapshot=make.snapshot(places=(place,)), about=3)).text

    assert "I can't give you a place" in said(MemberState.APPLIED)
    assert said(MemberState.QUEUED) == said(MemberState.APPLIED)
    assert "can't find you a partner" in said(MemberState.ACTIVE)


def test_a_decision_says_what_it_did_and_a_late_one_that_it_did_nothing() -> None:
    ana = make.person()

    def said(state: MemberState, *, is_done: bool) -> str:
        return blocks.standing(ana, state, 2, is_done=is_done)

    assert said(MemberState.ACTIVE, is_done=True) == "<@U0ANA> is in and will hear of it."
    assert "in the waiting list, as number 2" in said(MemberState.QUEUED, is_done=True)
    assert "isn't possible this time" in said(MemberState.DECLINED, is_done=True)
    assert "is in already" in said(MemberState.PAUSED, is_done=False)
    assert "already" in said(MemberState.QUEUED, is_done=False)
    assert "already" in said(MemberState.DECLINED, is_done=False)
    assert said(MemberState.LEFT, is_done=False) == "<@U0ANA> has taken the request back. Nothing was changed."


# How it is going


def shown(*overviews: Overview, viewer: Person = RUTH) -> str:
    return json.dumps(blocks.home(overviews, make.words(), viewer, make.MONDAY), ensure_ascii=False)


def test_the_overview_tells_who_waits_who_has_met_and_who_is_quiet() -> None:
    ana, oliver, noor = (make.person(each) for each in ("U0ANA", "U0OLIVER", "U0NOOR"))
    quiet = Health(make.pair(), held=0, next_at=None, is_quiet=True)

    said = shown(Overview(make.programme(), 3, [(noor, Side.MENTOR)], [(ana, oliver, quiet)]))

    assert "Members: 3 · pairs: 1, of them met: 0 · waiting: 1" in said
    assert "• <@U0NOOR>, mentor" in said
    assert "• <@U0ANA> → <@U0OLIVER>: not met yet — *no date for a while*" in said


def test_a_long_list_is_cut_and_says_so() -> None:
    waiting = [(make.person(f"U0P{number}"), Side.MENTOR) for number in range(25)]

    assert "… and 5 more" in shown(Overview(make.programme(), 25, waiting, []))


def test_what_else_there_is_to_look_at_is_counted() -> None:
    asked: list[rules.Request] = [Wish(make.person(), (make.member(),), make.MONDAY)]
    asked.append(Suggestion(make.person(), make.topic_proposal(), make.MONDAY))

    said = shown(Overview(make.programme(), 0, [], [], queued=4, requests=asked, broken=1))

    assert "waiting: 0 · in the queue: 4 · to decide: 2 · rules to look at: 1" in said
    assert "would like to join as a mentor" in said
    assert "proposes a topic: *Knitting*" in said


def test_on_a_home_three_requests_are_shown_and_all_of_them_where_it_is_looked_at() -> None:
    asked = [Wish(make.person(f"U{number}", id=number), (make.member(),), make.MONDAY) for number in range(1, 9)]
    overview = Overview(make.programme(), 0, [], [], requests=asked)

    assert shown(overview).count("would like to join") == 3
    assert "… and 5 more to decide." in shown(overview)
    look = json.dumps(blocks.look(overview, make.words(), RUTH, make.MONDAY, "Done."))
    assert look.count("would like to join") == 8
    assert '"Done."' in look


def test_on_which_terms_people_join_is_said_where_it_is_not_simply_open() -> None:
    def said(**terms: Any) -> str:
        return shown(Overview(make.programme(**terms), 0, [], []))

    later, before = make.MONDAY + timedelta(days=1), make.MONDAY - timedelta(days=1)
    assert "By approval · Places: 12" in said(needs_approval=True, places=12)
    assert "Sign-up opens <!date" in said(signup_from=later)
    assert "Sign-up closes <!date" in said(signup_until=later)
    assert "Sign-up is closed" in said(signup_until=before)
    assert "Sign-up" not in said(signup_from=before)


def test_of_many_programmes_three_stand_in_detail_and_each_button_means_its_own() -> None:
    overviews = [Overview(make.programme(id=number, name=f"P{number}"), 0, [], []) for number in range(9, 0, -1)]

    elements = list(limits.elements(blocks.home(overviews, make.words(), RUTH, make.MONDAY)))

    pressed = {(each["action_id"], each.get("value")) for each in elements}
    words = ("go.match", "go.announce", "go.programme")
    in_detail = {(word, str(number)) for word in words for number in (9, 8, 7)}
    in_a_line = {("programme.look", str(number)) for number in range(1, 7)}
    assert pressed == in_detail | in_a_line | {("go.setup", None), ("go.directory", None)}


def test_a_programme_that_has_ended_takes_a_line_while_its_pairs_go_on() -> None:
    health = Health(make.pair(), held=1, next_at=None, is_quiet=False)
    ended = make.programme(id=2, name="Old", closed_at=make.MONDAY)

    said = shown(Overview(make.programme(), 0, [], []), Overview(ended, 2, [], [(RUTH, RUTH, health)]))

    assert "*Old* has ended. 1 pair finishes its months." in said
    assert '"value": "2"' in said
    assert "go.match" not in json.dumps(blocks.look(Overview(ended, 2, [], []), make.words(), RUTH, make.MONDAY))
