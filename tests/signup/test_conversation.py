"""A sign-up by writing: what is asked next, whatever anybody writes or presses, and when."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import make
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from signup.talks import ANSWERED, KNOWN, QUESTIONS, WHOLE, after, at_question, room

from bot.signup.conversation import answering, blocks, rules
from bot.signup.conversation.rules import Room, Talk
from bot.signup.rules import HOURS, LANGUAGES, Answers, from_json
from store.models import Side

# A conversation from end to end


def test_one_thing_is_asked_at_a_time_and_the_end_is_exactly_what_was_answered() -> None:
    talk = rules.begun(Answers(), room(), Answers())
    asked = []
    for text in WHOLE:
        asked.append(talk.question)
        talk = after(text, talk=talk)

    assert asked == list(rules.questions(ANSWERED, room()))
    assert (talk.question, talk.answers) == ("summary", ANSWERED)
    assert after("send it", talk=talk).question == "send"


def test_nothing_is_sent_before_all_is_answered() -> None:
    talk = replace(after(*WHOLE), done=frozenset(QUESTIONS) - {"team"}, answers=replace(ANSWERED, team=None))

    assert after("send", talk=talk).question == "team"


def test_what_is_known_is_shown_and_a_yes_leaves_it_to_the_directory() -> None:
    talk = after("mentor", "AI tools", "1", "skip", "english", "both", at=room(KNOWN))
    assert talk.question == "site", "they mean to meet in person"

    talk = after(
        "yes", "any", "skip", "skip", "yes", "that's right", "skip", "Right.", "I agree", talk=talk, at=room(KNOWN)
    )

    assert talk.question == "summary"
    assert {getattr(talk.answers, name) for name in KNOWN} == {None}
    assert rules.whole(talk.answers, room(KNOWN)).manager == "U0RUTH"


def test_what_is_known_can_be_corrected() -> None:
    talk = at_question("team", facts=KNOWN)

    no = after("no", talk=talk, at=room(KNOWN))
    assert (no.question, no.word) == ("team", "correct")
    assert after("Design", talk=no, at=room(KNOWN)).answers.team == "Design"


# Back, skip, stop, help


def test_back_goes_to_the_question_before_and_keeps_the_answers() -> None:
    talk = after(*WHOLE)

    back = after("back", "Back.", "go back", talk=talk)

    assert (back.question, back.answers) == ("team", ANSWERED)
    assert after("Design", talk=back).question == "summary", "what is answered isn't asked again"
    assert after("keep", talk=back).question == "summary"


def test_before_the_first_question_there_is_none() -> None:
    assert (after("back").question, after("back").word) == ("sides", "first")


@pytest.mark.parametrize("question", sorted(rules.OPTIONAL))
def test_what_is_optional_can_be_skipped(question: str) -> None:
    talk = after("skip", talk=at_question(question))

    assert talk.question != question
    assert getattr(talk.answers, question) == rules.OPTIONAL[question]


@pytest.mark.parametrize("question", sorted({*rules.questions(ANSWERED, room())} - set(rules.OPTIONAL)))
def test_what_is_needed_cannot_be_skipped_and_that_is_said(question: str) -> None:
    talk = after("skip", talk=at_question(question))

    assert (talk.question, talk.word) == (question, "needed")


@pytest.mark.parametrize("question", QUESTIONS)
def test_stop_keeps_nothing_whatever_is_asked(question: str) -> None:
    talk = after("Stop!", talk=replace(after(*WHOLE), question=question, text="x", found=("ai_tools",)))

    assert talk == rules.ended("stopped")
    assert talk.answers == Answers()


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    ("text", "word"), [("help", "help"), ("👋 :wave:", "wordless"), ("go on", "on"), ("join", "on")]
)
def test_the_question_stays_open_after_a_word_on_the_side(question: str, text: str, word: str) -> None:
    talk = after(text, talk=at_question(question))

    assert (talk.question, talk.word, talk.answers) == (question, word, ANSWERED)


# Whatever anybody does

texts = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [*answering.CONTROLS, *blocks.SAID, *WHOLE, "knitting", "x" * 200, "é" * 3100, "1", "99", "no", "yes", "&"]
    ),
    st.lists(st.sampled_from([*WHOLE, "knitting", "and", ",", "nobody", "-"]), max_size=4).map(" ".join),
)
menus = st.lists(
    st.sampled_from([*make.words().topics, *LANGUAGES, *HOURS, *QUESTIONS, "online", "women", "U0BEA", "3", "gone"]),
    max_size=7,
)
acts = st.lists(
    texts | menus | st.tuples(st.sampled_from(QUESTIONS), texts),
    max_size=40,
)
rooms = st.sampled_from([room(), room(KNOWN), room({"team": "Design"}), room({"manager": ""}), room(networks={})])


def do(talk: Talk, act: Any, at: Room) -> Talk:
    if isinstance(act, str):
        return answering.heard(talk, act, at)
    if isinstance(act, list):
        return answering.picked(talk, act, at)
    question, word = act
    return answering.earlier(talk, question, lambda then: answering.heard(then, word, at), at) or talk


@settings(max_examples=200)
@example(["both", "2"], room())
@given(acts, rooms)
def test_whatever_is_written_or_pressed_there_is_always_a_question_and_a_way_on(acts: Sequence[Any], at: Room) -> None:
    talk = rules.begun(Answers(), at, Answers())
    for act in acts:
        talk = do(talk, act, at)
        if talk.question in (*rules.ENDED, "send"):
            break
        order = [*rules.questions(talk.answers, at), "summary"]
        assert rules.ASIDES.get(talk.question, talk.question) in order, "it asks only what belongs to the answers"
        assert rules.of_draft(rules.to_draft(talk), talk.question) == talk, "nothing is lost between two messages"

    if talk.question not in (*rules.ENDED, "send"):
        assert _finished(talk, at).question == "send", "from anywhere, plain answers lead to the end"
    if talk.question == "send":
        assert not rules.wrong(talk.answers, at), "what is sent is right"


def _finished(talk: Talk, at: Room) -> Talk:
    plain = {
        "sides": "both",
        "own_offer": "no",
        "capacity": "1",
        "own_wish": "no",
        "hopes": "skip",
        "hopes_long": "skip",
        "languages": "English",
        "ways": "online",
        "site": "Lisbon",
        "hours": "any",
        "networks": "skip",
        "avoid": "skip",
        "manager": "nobody",
        "department": "skip",
        "team": "Design",
        "level": "2",
        "consent": "I agree",
        "summary": "send",
    }
    for _ in range(60):
        # Nobody can offer what they'd like to learn, so each side names what isn't on the other.
        plain["offers"], plain["wishes"] = (
            str(next(number for number, topic in enumerate(at.topics, 1) if topic not in taken))
            for taken in (talk.answers.wishes, talk.answers.offers)
        )
        talk = answering.heard(talk, plain[talk.question], at)
        if talk.question == "send":
            break
    return talk


@settings(max_examples=200)
@given(st.lists(texts, max_size=25), rooms)
def test_the_answers_are_those_of_the_form_and_nothing_else_is_in_them(said: Sequence[str], at: Room) -> None:
    talk = after(*said, talk=rules.begun(Answers(), at, Answers()), at=at) if not _stops(said, at) else Talk()

    answers = talk.answers
    assert from_json(rules.to_draft(talk)) == answers, "the form can go on with it"
    assert set(answers.offers) | set(answers.wishes) <= set(at.topics)
    assert set(answers.languages) <= set(LANGUAGES)
    assert set(answers.hours) <= set(HOURS)
    assert set(answers.networks) <= set(at.networks)
    assert answers.level is None or answers.level in at.levels
    assert all(getattr(answers, name) is None for name in KNOWN if name not in talk.done)


def _stops(said: Sequence[str], at: Room) -> bool:
    """Whether it ends on the way: then there is nothing to answer any more."""
    talk = rules.begun(Answers(), at, Answers())
    for text in said:
        talk = answering.heard(talk, text, at)
        if talk.question in (*rules.ENDED, "send"):
            return True
    return False


def test_a_draft_that_the_form_began_goes_on_at_what_it_left_open() -> None:
    form = Answers(sides=(Side.MENTOR,), languages=("en",), ways=("online",))

    talk = rules.begun(form, room(), Answers())

    assert talk.question == "offers"
    assert after("1", "2", "skip", talk=talk).question == "hours"


def test_what_is_filled_in_for_somebody_is_asked_all_the_same() -> None:
    """Their languages, as the directory has them, stand in the menu."""
    known = Answers(languages=("en", "pt"))
    talk = rules.begun(known, room(), known)

    assert after("mentor", "1", "1", "skip", talk=talk).question == "languages"


def test_a_draft_that_the_form_changed_meanwhile_goes_on_with_what_the_form_kept() -> None:
    kept = {name: value for name, value in rules.to_draft(after(*WHOLE)).items() if name != "talk"}

    assert after("send", talk=rules.of_draft(kept, "summary")).question == "send"


# When something is said


def test_each_turn_of_a_conversation_is_due_once_and_at_once() -> None:
    first = rules.due(make.snapshot(drafts=(make.draft(),)))
    second = rules.due(make.snapshot(drafts=(make.draft(turn=2, changed_at=make.MONDAY + timedelta(minutes=1)),)))

    assert [(due.kind, due.is_notice, due.at_once, due.about) for due in first] == [("signup_question", True, True, 6)]
    assert first[0].key != second[0].key
    assert len(first[0].key) <= 120


def test_a_sign_up_by_the_form_is_not_asked_about() -> None:
    assert rules.due(make.snapshot(drafts=(make.draft(question=None, turn=0),))) == []


def test_a_conversation_begun_anew_is_another_one_even_under_the_same_number() -> None:
    again = make.draft(started_at=make.MONDAY + timedelta(seconds=1))

    assert rules.key(make.draft()) != rules.key(again)


def test_what_was_written_before_the_question_was_asked_is_no_answer_to_it() -> None:
    asked = make.draft(changed_at=make.MONDAY)

    assert rules.has_crossed(make.MONDAY - timedelta(minutes=1), asked)
    assert not rules.has_crossed(make.MONDAY - timedelta(seconds=1), asked), "clocks differ a little"
    assert not rules.has_crossed(make.MONDAY + timedelta(days=9), asked), "silence ends nothing"
