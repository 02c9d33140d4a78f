"""A coordinator sees who asks and what is proposed, nothing told in confidence, and can decide all of it once."""

import json
from datetime import timedelta
from typing import Any

import limits
import make

from bot.programme import deciding_blocks
from store.models import Member, MemberState, Person, Side, TopicState
from store.snapshots import Running

RUTH = make.person("U0RUTH", id=9)


def asks(who: Person, *sides: Side, **facts: Any) -> list[tuple[Member, Person]]:
    facts = {"person_id": who.id, "state": MemberState.APPLIED, "state_since": make.MONDAY} | facts
    return [(make.member(side, id=11 + number, **facts), who) for number, side in enumerate(sides)]


def told(*applied: tuple[Member, Person], proposals: Any = (), me: Person = RUTH) -> Any:
    running = Running(make.programme(), tuple(applied), tuple(proposals), ())
    snapshot = make.snapshot(person=me, runs=(running,))
    due_at = make.MONDAY + timedelta(minutes=15, seconds=30)
    return deciding_blocks.requests(make.telling("requests", snapshot=snapshot, about=3, due_at=due_at))


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
    assert deciding_blocks.asked_by("3:1") == (3, 1)


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
    form = deciding_blocks.topic_form(make.topic_proposal(), make.person(), make.words())

    assert deciding_blocks.read_topic(limits.filled(form, {})) == ("Knitting", None)
    assert deciding_blocks.read_topic(limits.filled(form, {"label": "Wool", "topic": "ai_tools"})) == (
        "Wool",
        "ai_tools",
    )


def test_more_topics_than_a_menu_shows_stand_in_groups_and_each_can_be_chosen() -> None:
    words = make.words().with_topics({f"own_{number}": f"Topic {number:03}" for number in range(250)})
    form = deciding_blocks.topic_form(make.topic_proposal(), make.person(), words)

    menu = form["blocks"][-1]["element"]

    assert [len(group["options"]) for group in menu["option_groups"]][:-1] == [100, 100]
    assert {option["value"] for group in menu["option_groups"] for option in group["options"]} == set(words.topics)
    assert deciding_blocks.read_topic(limits.filled(form, {"topic": "own_249"}))[1] == "own_249"


def decision(state: TopicState, **facts: Any) -> str:
    proposal = make.topic_proposal(state=state, **facts)
    snapshot = make.snapshot(places=(make.place(),), proposals=(proposal,))
    return deciding_blocks.topic_decided(make.telling("topic_decided", snapshot=snapshot, about=81)).text


def test_whoever_proposed_a_topic_reads_what_became_of_it() -> None:
    assert "in the list of *Look Up* now, and among yours: AI tools" in decision(TopicState.ACCEPTED, topic="ai_tools")
    merged = decision(TopicState.MERGED, topic="ai_tools")
    assert "“Knitting”" in merged
    assert "counts as yours: AI tools in daily work" in merged
    assert "“Knitting”" in decision(TopicState.DECLINED)
    assert "won't be in the list this time" in decision(TopicState.DECLINED)


def test_a_decision_says_what_it_did_and_a_late_one_that_it_did_nothing() -> None:
    ana = make.person()

    def said(state: MemberState, *, is_done: bool) -> str:
        return deciding_blocks.standing(ana, state, 2, is_done=is_done)

    assert said(MemberState.ACTIVE, is_done=True) == "<@U0ANA> is in and will hear of it."
    assert "in the waiting list, as number 2" in said(MemberState.QUEUED, is_done=True)
    assert "isn't possible this time" in said(MemberState.DECLINED, is_done=True)
    assert "is in already" in said(MemberState.PAUSED, is_done=False)
    assert "already" in said(MemberState.QUEUED, is_done=False)
    assert "already" in said(MemberState.DECLINED, is_done=False)
    assert said(MemberState.LEFT, is_done=False) == "<@U0ANA> has taken the request back. Nothing was changed."
