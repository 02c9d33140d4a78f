"""A sign-up by writing: what is asked next and what is made of an answer, whatever anybody writes or presses."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import make
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.signup.conversation import answering, blocks, reading, rules
from bot.signup.conversation.rules import Room, Talk
from bot.signup.rules import HOURS, LANGUAGES, Answers, from_json
from store.models import Side, Way

KNOWN = {"manager": "U0RUTH", "department": "People", "team": "Learning", "level": 3, "site": "London"}
QUESTIONS = rules.QUESTIONS


def room(facts: Mapping[str, Any] | None = None, **more: Any) -> Room:
    return replace(blocks.room_of(make.words(), facts or {}), **more)


def after(*said: str, talk: Talk | None = None, at: Room | None = None) -> Talk:
    """Where a conversation is once these were written, from its beginning unless told otherwise."""
    here = at or room()
    talk = talk or rules.begun(Answers(), here, Answers())
    for text in said:
        talk = answering.heard(talk, text, here)
    return talk


WHOLE = (
    *("both", "AI tools in daily work, meetings that work for everyone", "2", "caring", "To see more."),
    *("English, German", "both", "Lisbon", "morning", "1", "<@U0BEA>", "<@U0JONAS>", "Engineering", "Platform", "2"),
    "I agree",
)
ANSWERED = Answers(
    sides=(Side.MENTOR, Side.MENTEE),
    offers=("ai_tools", "meetings"),
    capacity=2,
    wishes=("caring",),
    hopes="To see more.",
    languages=("en", "de"),
    ways=("online", "in_person"),
    site="Lisbon",
    hours=("morning",),
    networks=("women",),
    avoid=("U0BEA",),
    manager="U0JONAS",
    department="Engineering",
    team="Platform",
    level=2,
    has_consented=True,
)


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
    talk = _at("team", facts=KNOWN)

    no = after("no", talk=talk, at=room(KNOWN))
    assert (no.question, no.word) == ("team", "correct")
    assert after("Design", talk=no, at=room(KNOWN)).answers.team == "Design"


def _at(question: str, answers: Answers = ANSWERED, facts: Mapping[str, Any] | None = None) -> Talk:
    """At that question, with all before it answered."""
    order = list(rules.questions(answers, room(facts)))
    done = order[: order.index(question)] if question in order else order
    return Talk(question=question, answers=answers, done=frozenset(done), word="")


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
    talk = after("skip", talk=_at(question))

    assert talk.question != question
    assert getattr(talk.answers, question) == rules.OPTIONAL[question]


@pytest.mark.parametrize("question", sorted({*rules.questions(ANSWERED, room())} - set(rules.OPTIONAL)))
def test_what_is_needed_cannot_be_skipped_and_that_is_said(question: str) -> None:
    talk = after("skip", talk=_at(question))

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
    talk = after(text, talk=_at(question))

    assert (talk.question, talk.word, talk.answers) == (question, word, ANSWERED)


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
    asked = after(long, talk=_at("hopes"))
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

    assert after("It is <@U0JONAS|jonas>", talk=_at("manager")).answers.manager == "U0JONAS"
    assert after("nobody", talk=_at("manager")).answers.manager == ""
    assert after("Ruth", talk=_at("manager")).word == "unclear"
    assert after("<@U0JONAS> and <@U0RUTH>", talk=_at("manager")).word == "unclear"
    refused = after("<@U0BOT> <@U0BEA>", talk=_at("avoid"), at=refusing)
    assert (refused.question, refused.about, refused.found) == ("avoid", "Bots can't be chosen.", ("U0BEA",))


def test_a_team_may_have_a_name_that_is_a_word_of_the_bots() -> None:
    assert after("Pause", talk=_at("team")).answers.team == "Pause"


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
        (question, word): after(word, talk=_at(question)).word
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
    talk = _at(question)

    written = after(", ".join(labels[each] for each in chosen), talk=talk)

    assert written == answering.picked(talk, chosen, room())
    assert getattr(written.answers, question) == tuple(chosen)


def test_an_empty_menu_skips_what_is_optional_and_asks_for_what_is_not() -> None:
    assert answering.picked(_at("networks"), [], room()).answers.networks == ()
    assert answering.picked(_at("languages"), [], room()).word == "wrong"
    assert answering.picked(_at("manager"), [], room()).word == "unclear"


def test_a_topic_that_is_gone_from_the_list_is_not_taken() -> None:
    talk = answering.picked(_at("offers"), ["fax_machines"], room())

    assert (talk.question, talk.word) == ("offers", "wrong")


# A button of an older question


def _late(talk: Talk, question: str, word: str) -> Talk | None:
    return answering.earlier(talk, question, lambda then: answering.heard(then, word, room()), room())


def test_a_button_of_an_older_question_changes_that_answer_and_the_open_question_stays_open() -> None:
    talk = _at("team")

    changed = _late(talk, "capacity", "3")

    assert changed is not None
    assert (changed.question, changed.word, changed.about) == ("team", "changed", "capacity")
    assert changed.answers == replace(ANSWERED, capacity=3)


def test_the_same_answer_again_changes_nothing() -> None:
    talk = _at("team")

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


def test_every_question_has_a_way_to_read_its_answer() -> None:
    assert set(answering.READERS) == set(QUESTIONS)


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
