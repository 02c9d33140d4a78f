"""The messages of a sign-up by writing: all there is to read is in the text, and every button says a known word."""

from dataclasses import replace
from typing import Any

import limits
import make
import pytest

from bot.due import Fact, Message, SignUp
from bot.prompts import Prompts
from bot.signup.conversation import answering, blocks, listeners, rules
from bot.signup.conversation.rules import Talk
from bot.signup.pages import CONSENT, SEARCH
from bot.signup.rules import Answers
from store.models import Side

MENTOR = Answers(sides=(Side.MENTOR,), offers=("ai_tools",), own_offer="Knots & <knitting>", hopes="To see <more>.")
FACTS = {"team": Fact("Platform", "Plat<form>", "the company's file, 21 Nov")}


def told(talk: Talk, *, facts: dict[str, Fact] | None = None, words: Prompts | None = None) -> Message:
    draft = make.draft(question=talk.question, turn=4)
    signup = SignUp(draft, make.programme(), rules.to_draft(talk), facts or {})
    telling = make.telling("signup_question", about=6, signup=signup)
    return blocks.question(replace(telling, prompts=words or telling.prompts))


def at(question: str, answers: Answers = MENTOR, **facts: Any) -> Talk:
    return Talk(question, answers, **({"word": ""} | facts))


def pressable(message: Message) -> dict[str, str]:
    """Label to value of what can be pressed."""
    elements = list(limits.elements(dict(block) for block in message.blocks))
    return {each["text"]["text"]: each["value"] for each in elements if each["type"] == "button"}


def menu(message: Message) -> dict[str, Any]:
    [found] = [block for block in message.blocks if block["type"] == "input"]
    return dict(found["element"])


@pytest.mark.parametrize("question", rules.QUESTIONS)
def test_whoever_hears_the_text_hears_all_there_is_to_read(question: str) -> None:
    message = told(at(question, text="knitting", done=frozenset(["offers", "hopes"])), facts=FACTS)

    shown = [block["text"]["text"] for block in message.blocks if block["type"] == "section"]
    assert all(text in message.text for text in shown)


@pytest.mark.parametrize("question", rules.QUESTIONS)
def test_each_button_carries_the_conversation_the_turn_and_the_question(question: str) -> None:
    mark = rules.mark(make.draft())

    values = [value.split(" ", 3) for value in pressable(told(at(question), facts=FACTS)).values()]
    assert {tuple(value[:3]) for value in values} == {(mark, "4", question)}
    assert {value[3] for value in values} <= blocks.SAID | {""}


def test_each_word_of_a_button_has_a_listener() -> None:
    assert {blocks.action_id(word) for word in blocks.SAID} <= set(listeners.PRESSES)


@pytest.mark.parametrize("question", rules.QUESTIONS)
def test_stop_asks_once_more_and_back_is_there_but_at_the_first(question: str) -> None:
    message = told(at(question))

    [stop] = [each for each in message.blocks[-1]["elements"] if each["text"]["text"] == "Stop"]
    assert "Nothing of what you answered is kept." in stop["confirm"]["text"]["text"]
    assert ("Back" in pressable(message)) == (question != "sides")


def test_only_what_needs_no_answer_has_a_button_to_skip_it() -> None:
    skippable = {question for question in rules.QUESTIONS if "Skip" in pressable(told(at(question)))}

    assert skippable == {"hopes", "hopes_long", "networks", "avoid", "department"}


def test_what_is_known_is_shown_with_its_source_to_be_confirmed() -> None:
    message = told(at("team"), facts=FACTS)

    assert "Your team is Plat&lt;form&gt;: I have that from the company's file, 21 Nov." in message.text
    assert "That's right" in pressable(message)
    assert "Which team are you in?" in told(at("team")).text


def test_what_people_wrote_comes_back_harmless() -> None:
    summary = told(at("summary")).text

    assert "2. What I offer: AI tools in daily work; Knots &amp; &lt;knitting&gt; (your own)" in summary
    assert "To see &lt;more&gt;." in summary
    assert "&lt;!channel&gt;" in told(at("offers", word="strange_topics", about="<!channel>")).text


def test_the_summary_numbers_what_a_number_changes() -> None:
    lines = told(at("summary")).text.splitlines()

    order = list(rules.questions(MENTOR, blocks.room_of(make.words(), {})))
    for number, question in enumerate(order[:-1], 1):
        assert f"{number}. {blocks.LABELS[question]}: " in " ".join(
            line for line in lines if line.startswith(f"{number}.")
        )
        assert answering.heard(at("summary"), str(number), blocks.room_of(make.words(), {})).question == question


def test_consent_shows_the_whole_paragraph() -> None:
    assert CONSENT in told(at("consent")).text


def test_a_long_list_of_topics_is_searched_and_not_read_out() -> None:
    many = {f"topic_{number}": f"Topic {number}" for number in range(150)}
    words = replace(make.words(), topics=many)

    message = told(at("offers", replace(MENTOR, offers=("topic_7",))), words=words)

    assert "Topic 7\n" not in message.text
    assert (menu(message)["type"], menu(message)["action_id"]) == ("multi_external_select", SEARCH)
    assert [each["value"] for each in menu(message)["initial_options"]] == ["topic_7"]


def test_what_was_understood_stands_in_the_menu() -> None:
    message = told(at("wishes", word="strange_topics", about="x, y", found=("data", "caring")))

    assert [each["value"] for each in menu(message)["initial_options"]] == ["data", "caring"]


def test_the_last_word_asks_nothing() -> None:
    message = told(at("stopped"))

    assert pressable(message) == {}
    assert "*Look Up*" in message.text


def test_join_offers_the_form_and_writing() -> None:
    assert [each["text"]["text"] for each in blocks.offer().blocks[-1]["elements"]] == ["The form", "I'd rather write"]
