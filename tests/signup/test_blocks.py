"""The sign-up form: what is filled in comes back as it was, and secrets are shown to nobody but their owner."""

import json
from typing import Any

import limits
import make
from hypothesis import given
from hypothesis import strategies as st

from bot.signup import blocks, rules
from bot.signup.rules import LANGUAGES, MOST_TOPICS
from store.models import Member, MemberState, Side, Way

WORDS = make.words()
CHOICES: dict[str, Any] = {
    "side": st.sampled_from([side.value for side in Side]),
    "topics": st.lists(st.sampled_from(list(WORDS.topics)), max_size=MOST_TOPICS, unique=True),
    "hopes": st.none() | st.text(min_size=1, max_size=50),
    "languages": st.lists(st.sampled_from(list(LANGUAGES)), max_size=5, unique=True),
    "ways": st.lists(st.sampled_from([way.value for way in Way]), max_size=2, unique=True),
    "avoid": st.lists(st.sampled_from(["U0BO", "U0CY"]), unique=True),
}
CONSENT = {"consent": st.sampled_from([[], ["yes"]])}


def filled(answers: dict[str, Any], member: Member | None = None) -> rules.Answers:
    return blocks.read(limits.filled(blocks.form(make.programme(), WORDS, member), answers), member)


@given(st.fixed_dictionaries(CHOICES | CONSENT))
def test_what_is_filled_in_to_join_is_what_is_read(answers: dict[str, Any]) -> None:
    read = filled(answers)

    assert read == rules.Answers(
        side=Side(answers["side"]),
        topics=answers["topics"],
        hopes=(answers["hopes"] or "").strip() or None,
        languages=answers["languages"],
        ways=answers["ways"],
        avoid=answers["avoid"],
        has_consented=answers["consent"] == ["yes"],
    )


def test_a_form_left_empty_is_read_as_nothing_at_all() -> None:
    assert filled({}) == rules.Answers(None, [], None, [], [], [], has_consented=False)


def test_every_problem_is_told_beside_a_field_that_is_there() -> None:
    form = blocks.form(make.programme(), WORDS)
    fields = {block["block_id"] for block in form["blocks"] if block["type"] == "input"}

    assert set(rules.problems(filled({}))) <= fields


@given(st.fixed_dictionaries({name: CHOICES[name] for name in ("topics", "languages", "ways", "avoid")}))
def test_a_form_to_change_begins_with_what_was_answered(answers: dict[str, Any]) -> None:
    """Menus give back what was chosen in the order of their options, not of the choosing."""
    member = make.member(topics=answers["topics"], languages=answers["languages"], ways=answers["ways"])
    form = blocks.form(make.programme(), WORDS, member, "To learn", answers["avoid"])

    read = blocks.read(limits.filled(form, {}), member)

    assert (read.topics, read.languages, read.ways) == (member.topics, member.languages, member.ways)
    assert (read.hopes, read.avoid) == ("To learn", answers["avoid"])


def test_who_changes_their_answers_keeps_their_side_and_their_consent() -> None:
    member = make.member(Side.MENTEE)

    read = filled({"topics": ["data"]}, member)

    assert (read.side, read.has_consented) == (Side.MENTEE, True)


def test_a_topic_that_is_no_longer_offered_is_not_in_the_form() -> None:
    member = make.member(topics=["fax_machines", "data"])

    assert filled({}, member).topics == ["data"]


def test_the_form_says_which_programme_it_is_for() -> None:
    assert blocks.form(make.programme(id=3), WORDS)["private_metadata"] == "3"


@given(st.sampled_from(MemberState), st.booleans())
def test_the_home_shows_no_hopes_and_no_names_one_would_rather_not_meet(state: MemberState, waits: bool) -> None:
    member = make.member(state=state, hopes=b"sealed", avoid=b"sealed")

    shown = json.dumps(blocks.home((member, make.programme()), None, waits=waits))

    assert "sealed" not in shown


def test_the_confirmation_repeats_the_answers_and_offers_to_change_them() -> None:
    place = make.place(topics=["ai_tools", "data"])

    message = blocks.joined(make.telling("joined", snapshot=make.snapshot(places=(place,)), about=11))

    assert "• Topics: AI tools in daily work, Working with data" in message.text
    assert list(limits.action_ids(message.blocks)) == ["go.profile", "go.mydata"]


def test_a_stranger_to_the_programme_is_invited_by_the_home() -> None:
    shown = blocks.home(None, make.programme(), waits=True)

    assert list(limits.action_ids(shown)) == ["go.join"]


def test_without_an_open_programme_there_is_no_button_to_join() -> None:
    assert list(limits.action_ids(blocks.home(None, None, waits=True))) == []


def test_what_a_partner_hears_names_no_cause() -> None:
    text = blocks.partner_news(make.telling("partner_left")).text

    assert "<@U0OLIVER>" in text
    assert not any(word in text for word in ("left the", "because", "paused by"))
