"""What is made of an answer to a question of the sign-up, written or pressed, also when it comes late."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from signup.talks import ANSWERED, QUESTIONS, WHOLE, after, at_question, room

from bot.signup.conversation import answering, blocks, reading, rules
from bot.signup.conversation.rules import Talk
from bot.signup.rules import HOURS, LANGUAGES
from store.models import Side, Way

# Topics


def test_a_topic_that_is_not_in_the_list_is_proposed_after_asking() -> None:
    asked = after("mentor", "AI tools, juggling and knitting")
    assert (asked.question, asked.text, asked.found) == ("own_offer", "juggling and knitting", ("ai_tools",))

    yes = after("yes", talk=asked)
    assert (yes.answers.offers, yes.answers.own_offer) == (("ai_tools",), "juggling and knitting")
    no = after("no", talk=asked)
    assert (no.answers.offers, no.answers.own_offer, no.question) == (("ai_tools",), None, "capacity")
    anew = after("working with data", talk=asked)
    assert (anew.answers.offers, anew.question) == (("data",), "capacity")
    assert after("back", talk=asked).question == "offers"


def test_without_any_other_topic_a_no_asks_again() -> None:
    assert after("mentor", "knitting", "no").question == "offers"


def test_more_topics_than_one_side_has_room_for_are_not_taken_but_not_lost() -> None:
    talk = after("mentor", "1, 2, 3, 4, 5, 6")

    assert (talk.question, talk.word, len(talk.found)) == ("offers", "wrong", 6)
    assert "up to 5" in talk.about


def test_several_unknown_topics_are_named_and_the_known_ones_stay_chosen() -> None:
    talk = after("mentor", "knitting, AI tools in daily work, juggling")

    assert (talk.question, talk.word, talk.about) == ("offers", "strange_topics", "knitting, juggling")
    assert talk.found == ("ai_tools",)


def test_a_word_that_could_be_several_topics_is_asked_about() -> None:
    talk = after("mentor", "working")

    assert (talk.question, talk.word) == ("offers", "several")
    assert "Working with data; Working across languages and cultures" in talk.about


def test_the_same_topic_on_both_sides_is_asked_about_where_it_can_be_mended() -> None:
    talk = after("both", "data", "1", "data")

    assert (talk.question, talk.word) == ("wishes", "wrong")


def test_a_change_on_one_side_that_breaks_the_other_is_asked_about_there() -> None:
    talk = after("offers", "caring", talk=after(*WHOLE))

    assert (talk.question, talk.word) == ("wishes", "wrong")


# Other answers


def test_hopes_that_are_too_long_are_cut_only_after_asking() -> None:
    long = "é" * 3001
    asked = after(long, talk=at_question("hopes"))
    assert (asked.question, asked.text) == ("hopes_long", long)

    assert after("yes", talk=asked).answers.hopes == "é" * 3000
    assert after("no", talk=asked).question == "hopes"
    assert after("Shorter.", talk=asked).answers.hopes == "Shorter."
    assert after("skip", talk=asked).answers.hopes is None
    assert after(long + "x", talk=asked).question == "hopes_long"


@given(st.text(min_size=1))
def test_the_beginning_of_hopes_is_what_the_form_can_show_again(text: str) -> None:
    kept = answering.beginning(text * (3100 // len(text) + 1))

    assert len(kept.encode("utf-16-le")) <= 6000
    assert (text * (3100 // len(text) + 1)).startswith(kept)


def test_people_are_named_by_a_mention_and_refused_with_a_reason() -> None:
    refusing = room(refused={"U0BOT": "Bots can't be chosen."})

    assert after("It is <@U0JONAS|jonas>", talk=at_question("manager")).answers.manager == "U0JONAS"
    assert after("nobody", talk=at_question("manager")).answers.manager == ""
    assert after("Ruth", talk=at_question("manager")).word == "unclear"
    assert after("<@U0JONAS> and <@U0RUTH>", talk=at_question("manager")).word == "unclear"
    refused = after("<@U0BOT> <@U0BEA>", talk=at_question("avoid"), at=refusing)
    assert (refused.question, refused.about, refused.found) == ("avoid", "Bots can't be chosen.", ("U0BEA",))


def test_a_team_may_have_a_name_that_is_a_word_of_the_bots() -> None:
    assert after("Pause", talk=at_question("team")).answers.team == "Pause"


@pytest.mark.parametrize(
    ("text", "question"),
    [("3", "capacity"), ("change my team", "team"), ("Change hopes", "hopes"), ("change 1", "sides")],
)
def test_anything_can_be_changed_at_the_end(text: str, question: str) -> None:
    talk = after(text, talk=after(*WHOLE))

    assert (talk.question, talk.word) == (question, "change")
    assert after("keep", talk=talk).question == "summary"


def test_another_side_asks_what_it_needs_and_forgets_nothing_before_it_is_sent() -> None:
    mentee = after("sides", "mentee", talk=after(*WHOLE))
    assert mentee.question == "summary"
    assert rules.whole(mentee.answers, room()).offers == ()

    both = after("sides", "both", talk=mentee)

    assert rules.whole(both.answers, room()) == ANSWERED


# Buttons and menus


def test_a_press_of_each_button_says_what_could_be_written() -> None:
    understood = {
        (question, word): after(word, talk=at_question(question)).word
        for question, words in blocks.BUTTONS.items()
        for word, _ in words
        if question not in rules.ASIDES
    }

    assert set(understood.values()) <= {"", "wrong"}


topics = st.lists(st.sampled_from(list(make.words().topics)), min_size=1, max_size=5, unique=True)


@given(
    topics, st.sampled_from([", ", ",", "\n", "; ", "\n- ", " , and "]), st.sampled_from([str, str.upper, str.lower])
)
def test_topics_written_by_name_are_those_of_the_menu_in_their_order(chosen: list[str], between: str, how: Any) -> None:
    labels = make.words().topics
    talk = after("mentor")

    written = after(how(between.join(labels[each] for each in chosen)), talk=talk)

    assert written == answering.picked(talk, chosen, room())
    assert written.answers.offers == tuple(chosen)


@given(topics)
def test_topics_written_by_number_are_those_of_the_menu(chosen: list[str]) -> None:
    numbers = {topic: str(number) for number, topic in enumerate(make.words().topics, 1)}
    talk = after("mentor")

    assert after(" ".join(numbers[each] for each in chosen), talk=talk) == answering.picked(talk, chosen, room())


@given(
    st.sampled_from(
        [
            ("languages", {code: names[-1] for code, names in answering.LANGUAGE_NAMES.items()}),
            ("languages", LANGUAGES),
            ("ways", {Way.ONLINE.value: "Online", Way.IN_PERSON.value: "in person"}),
            ("hours", {hour: hour for hour in HOURS}),
            ("networks", make.words().networks),
        ]
    ),
    st.data(),
)
def test_every_list_is_answered_alike_by_writing_and_by_the_menu(
    asked: tuple[str, Mapping[str, str]], data: st.DataObject
) -> None:
    question, labels = asked
    chosen = data.draw(st.lists(st.sampled_from(list(labels)), min_size=1, unique=True))
    talk = at_question(question)

    written = after(", ".join(labels[each] for each in chosen), talk=talk)

    assert written == answering.picked(talk, chosen, room())
    assert getattr(written.answers, question) == tuple(chosen)


def test_an_empty_menu_skips_what_is_optional_and_asks_for_what_is_not() -> None:
    assert answering.picked(at_question("networks"), [], room()).answers.networks == ()
    assert answering.picked(at_question("languages"), [], room()).word == "wrong"
    assert answering.picked(at_question("manager"), [], room()).word == "unclear"


def test_a_topic_that_is_gone_from_the_list_is_not_taken() -> None:
    talk = answering.picked(at_question("offers"), ["fax_machines"], room())

    assert (talk.question, talk.word) == ("offers", "wrong")


# A button of an older question


def _late(talk: Talk, question: str, word: str) -> Talk | None:
    return answering.earlier(talk, question, lambda then: answering.heard(then, word, room()), room())


def test_a_button_of_an_older_question_changes_that_answer_and_the_open_question_stays_open() -> None:
    talk = at_question("team")

    changed = _late(talk, "capacity", "3")

    assert changed is not None
    assert (changed.question, changed.word, changed.about) == ("team", "changed", "capacity")
    assert changed.answers == replace(ANSWERED, capacity=3)


def test_the_same_answer_again_changes_nothing() -> None:
    talk = at_question("team")

    assert _late(talk, "capacity", "2") is talk


def test_another_side_by_an_older_button_asks_what_it_needs_in_time() -> None:
    talk = after("mentor", "data", "1", "skip")

    changed = _late(talk, "sides", "both")

    assert changed is not None
    assert (changed.question, changed.answers.sides) == ("languages", tuple(Side))
    assert after("english", talk=changed).question == "wishes"


@pytest.mark.parametrize(("question", "word"), [("team", "Design"), ("networks", "1"), ("capacity", "nine")])
def test_what_was_never_asked_or_is_no_answer_is_not_taken_by_an_older_button(question: str, word: str) -> None:
    assert _late(after("mentor", "data", "1"), question, word) is None


# What somebody meant


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    found = reading.listed(text, {topic: (label,) for topic, label in make.words().topics.items()})

    assert set(found.ids) <= set(make.words().topics)
    assert not any(piece.strip() == "" for piece in found.strange)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("AI tools", ["ai_tools"]),
        ("ai toools in daily work", ["ai_tools"]),
        ("Why people join, stay or leave, data", ["joining_and_leaving", "data"]),
        ("data and meetings that work for everyone", ["data", "meetings"]),
        ("1. AI tools in daily work\n2. Working with data", ["ai_tools", "data"]),
        ("I'd like to learn about sustainability, please", ["sustainability"]),
        ("1, 4 and 2", ["ai_tools", "data", "digital_tools"]),
        ("0, 28", []),
    ],
)
def test_topics_are_understood_as_people_write_them(text: str, ids: list[str]) -> None:
    found = reading.listed(text, {topic: (label,) for topic, label in make.words().topics.items()})

    assert list(found.ids) == ids


def test_every_question_has_a_way_to_read_its_answer() -> None:
    assert set(answering.READERS) == set(QUESTIONS)
