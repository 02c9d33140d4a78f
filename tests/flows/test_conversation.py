"""People sign up by writing in the DM, one question at a time, and take it up again whatever happens in between."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from conftest import Town
from flows.telling import (
    AI,
    DATA,
    book,
    buttons,
    deliver,
    everything_told,
    join,
    last,
    on,
    pair_up,
    pressing,
    set_up,
    survive,
    texts,
    words,
    written,
)
from flows.test_joining import decided, places, stored

from sandbox import Sandbox
from sandbox.faults import Point
from store import drafts, people
from store.models import Draft, Member, MemberState, Side

SIDE = "Which side would you like to be on?"
OFFERS = "What can you offer as a mentor?"
WISHES = "What would you like to learn as a mentee?"
HOPES = "What do you hope to get out of it?"
SUMMARY = "That is all. Shall I send it like this?"
JOINED = "You have joined *Look Up*"

# A whole sign-up, as it is written: the question it answers, and the answer.
BY_WRITING = (
    (SIDE, "I'd like to be a mentor."),
    (OFFERS, "AI tools, working with data"),
    ("How many mentees", "two"),
    (HOPES, "To see how <they> decide & why."),
    ("In which languages", "English and Portuguese"),
    ("How would you like to meet", "online"),
    ("Which hours", "morning, afternoon"),
    ("Are there employee networks", "parents"),
    ("Is there anybody", "<@U0BEAWHITL>"),
    ("You report to Jonas Keller", "yes"),
    ("Your department is Engineering", "that's right"),
    ("Your team is Platform", "yes"),
    ("Your level is", "right"),
    ("Before I keep your answers", "I agree"),
    (SUMMARY, "send it"),
)


def begin(box: Sandbox, who: str = "ana") -> None:
    """Somebody writes "join", and would rather write than fill in a form."""
    box.write(who, "join")
    assert buttons(box.dm(who)[-1]) == ["The form", "I'd rather write"]
    box.press(who, "I'd rather write")


def say(box: Sandbox, *said: str, who: str = "ana") -> str:
    """They write these; what the bot says last."""
    for text in said:
        box.write(who, text)
    return last(box.dm(who))


def asked(box: Sandbox, what: str, who: str = "ana") -> int:
    """How often a question was asked."""
    return sum(what in text for text in texts(box.dm(who)))


def open_drafts(box: Sandbox) -> list[tuple[str | None, int]]:
    """What of sign-ups is kept: the open question and the turn of each."""
    with stored(box) as db:
        return [(draft.question, draft.turn) for draft in db.query(Draft).order_by(Draft.id)]


def told_of(member: Member) -> dict[str, object]:
    """What a sign-up left, without what is sealed."""
    named = ("side", "topics", "capacity", "languages", "ways", "hours", "state")
    return {name: getattr(member, name) for name in named} | {
        name: getattr(member, name) is not None for name in ("hopes", "avoid", "networks")
    }


THE_SAME = {
    "side": Side.MENTOR,
    "topics": ["ai_tools", "data"],
    "capacity": 2,
    "languages": ["en", "pt"],
    "ways": ["online"],
    "hours": ["morning", "afternoon"],
    "state": MemberState.ACTIVE,
    "hopes": True,
    "avoid": True,
    "networks": True,
}


# From end to end


def test_somebody_signs_up_by_writing_one_answer_at_a_time(box: Sandbox) -> None:
    set_up(box)
    begin(box)

    for question, answer in BY_WRITING:
        assert question in last(box.dm("ana"))
        box.write("ana", answer)

    assert JOINED in last(box.dm("ana"))
    assert [told_of(member) for member in places(box, "ana")] == [THE_SAME]
    assert all(asked(box, question) == 1 for question, _ in BY_WRITING), "each thing is asked once"
    assert open_drafts(box) == []
    summary = next(text for text in texts(box.dm("ana")) if SUMMARY in text)
    assert f"2. What I offer: {AI}; {DATA}" in summary
    assert "To see how &lt;they&gt; decide &amp; why." in summary
    assert "Jonas Keller (the company's file, " in summary
    for secret in ("decide", "Parents and carers", "BEAWHITL"):
        assert secret not in everything_told(box, but="ana"), "what is told in confidence goes to nobody else"


def test_the_same_sign_up_by_buttons_and_menus(box: Sandbox) -> None:
    set_up(box)
    box.command("ana", "/flipside join")
    box.press("ana", "I'd rather write")
    assert words(box, box.modal("ana")).startswith("I've written to you in our direct messages")
    box.close("ana")

    box.press("ana", "Mentor")
    choose(box, [AI, DATA])
    box.press("ana", "Two")
    say(box, "To see how <they> decide & why.")
    choose(box, ["English", "Português"])
    box.press("ana", "Online")
    choose(box, ["In the morning", "In the afternoon"])
    choose(box, ["Parents and carers"])
    choose(box, ["bea"])
    for _ in range(4):
        box.press("ana", "That's right")
    box.press("ana", "I agree")
    send = pressing(box, "ana", box.dm("ana")[-1], "Send it")
    assert [box.send_payload(send).status, box.send_payload(send).status] == [200, 200]
    box.settle()
    assert asked(box, JOINED) == 1
    assert set(texts(box.ephemerals("ana"))) <= {
        "Your answers are sent already. My message about it says what happens next."
    }

    assert JOINED in last(box.dm("ana"))
    assert [told_of(member) for member in places(box, "ana")] == [THE_SAME]
    assert all(asked(box, question) == 1 for question, _ in BY_WRITING)
    side = next(message for message in box.dm("ana") if SIDE in message.text)
    assert buttons(side) == [], "what was pressed can't be pressed again"
    assert "_Mentor_" in words(box, side)


def choose(box: Sandbox, chosen: list[str], who: str = "ana") -> None:
    """Picks in the menu of the newest question, and goes on."""
    box.choose(who, "Or choose here:", chosen, where=box.dm(who)[-1])
    box.press(who, "Next", where=box.dm(who)[-1])


def test_the_one_asked_for_approval_or_a_place_hears_the_same_as_by_the_form(town: Town) -> None:
    box = town()
    set_up(box)
    decided(box, needs_approval=True)
    begin(box)
    assert "You have asked to join" in say(box, *(answer for _, answer in BY_WRITING))

    decided(box, needs_approval=False, places=0)
    begin(box, "bea")
    queued = say(box, "mentee", "data", "skip", "english", "online", "any", "skip", "skip", who="bea")
    assert "You report to Leila Haddad" in queued
    assert "You are on the waiting list" in say(box, "yes", "yes", "yes", "yes", "yes", "send", who="bea")
    assert [places(box, who)[0].state for who in ("ana", "bea")] == [MemberState.APPLIED, MemberState.QUEUED]


# Back, skip, stop, change


def test_back_skip_change_and_a_topic_of_ones_own(town: Town) -> None:
    box = town()
    set_up(box)
    begin(box)

    assert "This is the first question" in say(box, "back")
    assert "can't be skipped" in say(box, "skip")
    assert "“knitting” isn't in the list." in say(box, "both", "AI tools, knitting")
    box.press("ana", "Yes, propose it")
    assert OFFERS in say(box, "back")
    assert f"_So far:_ {AI}; knitting (your own)" in last(box.dm("ana"))
    box.press("ana", "Leave it as it is", where=box.dm("ana")[-1])
    say(box, "1", "remote and hybrid work")
    box.press("ana", "Skip", where=box.dm("ana")[-1])
    assert "Your site is Lisbon: I have that from the company's file" in say(box, "english", "both")
    say(box, "yes", "any")
    assert "Is there anybody" in say(box, "skip")
    assert SUMMARY in say(box, "skip", "yes", "yes", "yes", "yes", "I agree")
    assert "Site: Lisbon (the company's file" in last(box.dm("ana"))

    box.choose("ana", "Or change:", "Mentees at once", where=box.dm("ana")[-1])
    box.press("ana", "Change it", where=box.dm("ana")[-1])
    assert "How many mentees" in last(box.dm("ana"))
    assert "3. Mentees at once: 3" in say(box, "3")
    say(box, "5", "Hope is a thing with feathers.")
    assert JOINED in say(box, "send")

    mentor, mentee = places(box, "ana")
    assert (mentor.topics, mentor.capacity, mentee.topics) == (["ai_tools"], 3, ["remote_work"])


def test_stop_keeps_nothing_and_says_so(box: Sandbox) -> None:
    set_up(box)
    begin(box)
    say(box, "mentor", "AI tools", "1", "My secret hope.")

    assert last(box.dm("ana")).startswith("In which languages")
    assert say(box, "stop").startswith("I've stopped, and nothing of what you answered for *Look Up* is kept.")
    assert open_drafts(box) == []
    assert places(box, "ana") == []
    assert "no question of mine is open" in say(box, "English")

    begin(box)
    assert SIDE in last(box.dm("ana")), "a new conversation begins at the beginning, and is heard"
    box.press("ana", "Stop", where=box.dm("ana")[-1])
    assert "nothing of what you answered" in last(box.dm("ana"))


def test_what_cannot_be_understood_is_asked_again_with_a_word_that_helps(town: Town) -> None:
    box = town()
    set_up(box)
    begin(box)

    assert "Please write *mentor*, *mentee* or *both*." in say(box, "What do you mean?")
    assert "I can't read pictures or signs" in say(box, ":wave: 👍")
    say(box, "mentor")
    assert "“juggling and fire” isn't in the list" in say(box, "juggling and fire")
    assert "These aren't in the list: x-rays, ballet" in say(box, "x-rays, ballet, AI tools")
    assert "What can you offer" in last(box.dm("ana"))
    say(box, "1", "one")
    long = "We learn. " * 320
    assert "You wrote 3,199 characters, and I can keep 3,000." in say(box, long)
    box.press("ana", "Keep the beginning")
    assert "In which languages" in last(box.dm("ana"))
    say(box, "English", "in person", "yes", "any", "skip")
    assert "That is you." in say(box, f"<@{box.find('ana')}>")
    assert "Guests can't take part" in say(box, f"<@{box.find('mei')}>")
    box.choose("ana", "Or choose here:", ["trainbot"], where=box.dm("ana")[-1])
    box.press("ana", "Next", where=box.dm("ana")[-1])
    assert "bots can't take part" in last(box.dm("ana"))
    say(box, "nobody", "no")
    assert "Please write or choose what is right." in last(box.dm("ana"))
    assert SUMMARY in say(box, f"<@{box.find('isabel')}>", "no", "Research", "yes", "yes", "I agree")
    assert JOINED in say(box, "send")
    [member] = places(box, "ana")
    with stored(box) as db:
        me = people.get(db, member.person_id)
        assert (me.manager, me.dotted_managers) == (box.find("jonas"), [box.find("isabel")]), "both are above them"


def test_files_edits_and_words_of_the_bot_get_kind_answers_and_the_question_stays_open(town: Town) -> None:
    box = town()
    set_up(box)
    begin(box)
    first = box.write("ana", "mentor")

    assert deliver(box, written(box, "ana", "", "Ev0FILE", subtype="file_share", files=[{"id": "F1"}])) == 200
    assert last(box.dm("ana")).startswith("I can keep words, but not files or voice clips.")
    mended = {"type": "message", "text": "mentee", "user": box.find("ana"), "ts": first.ts}
    edit = written(
        box,
        "ana",
        "",
        "Ev0EDIT",
        subtype="message_changed",
        message=mended,
        previous_message=mended | {"text": "mentor"},
    )
    for field in ("user", "text"):
        del edit["event"][field]
    assert [deliver(box, edit), deliver(box, edit, retry=1)] == [200, 200]
    assert asked(box, "I saw that you mended a message.") == 1
    assert OFFERS in last(box.dm("ana"))

    assert say(box, "pause").startswith("Press the button to get no messages")
    assert "Answer in your own words or with the buttons." in say(box, "help")
    assert "How many mentees" in say(box, "AI tools")
    assert "In which languages" in say(box, "1", "pause"), "in the midst of a free text it is a word like any other"
    assert open_drafts(box)[0][0] == "languages"


# Older questions


def test_buttons_of_older_questions_and_double_clicks(town: Town) -> None:
    box = town()
    set_up(box)
    begin(box)
    side, so_far = box.dm("ana")[-1], len(box.dm("ana"))
    click = pressing(box, "ana", side, "Mentor")
    assert [box.send_payload(click).status, box.send_payload(click).status] == [200, 200]
    box.settle()
    assert len(box.dm("ana")) == so_far + 1, "a double click is one answer"
    assert box.ephemerals("ana") == []

    say(box, "AI tools")
    capacity = box.dm("ana")[-1]
    say(box, "one")
    box.advance(timedelta(hours=1))
    back = pressing(box, "ana", capacity, "Back")
    box.press("ana", "Three", where=capacity)
    assert "I've changed your answer to an earlier question (mentees at once). This one is still open." in last(
        box.dm("ana")
    )
    assert HOPES in last(box.dm("ana"))
    box.advance(timedelta(minutes=10))
    assert box.send_payload(back).status == 200
    box.settle()
    assert last(box.ephemerals("ana")).startswith("That was an earlier question.")
    assert open_drafts(box)[0][0] == "hopes"

    say(box, "skip")
    reply = say_in_thread(box, "two", capacity.ts)
    assert "You wrote under an earlier message" in reply
    assert "In which languages" in reply
    assert "How would you like to meet" in say_in_thread(box, "english", box.dm("ana")[-1].ts)
    old = pressing(box, "ana", box.dm("ana")[-1], "Online")
    stop = pressing(box, "ana", box.dm("ana")[-1], "Stop")
    so_far = len(box.ephemerals("ana"))
    assert [box.send_payload(stop).status, box.send_payload(stop).status] == [200, 200]
    box.settle()
    assert (asked(box, "I've stopped"), len(box.ephemerals("ana"))) == (1, so_far)
    assert box.send_payload(old).status == 200
    box.settle()
    assert last(box.ephemerals("ana")).startswith("That sign-up is no longer open.")


def say_in_thread(box: Sandbox, text: str, thread: str) -> str:
    box.write("ana", text, thread_ts=thread)
    return last(box.dm("ana"))


# Several programmes, and what changes meanwhile


def test_where_there_are_two_programmes_it_asks_which_and_keeps_them_apart(town: Town) -> None:
    box = town()
    set_up(box)
    set_up(box, Name="Look Around")

    begin(box)
    assert last(box.ephemerals("ana")).startswith("Which programme would you like to join?")
    with stored(box) as db:
        look_around = db.query(Draft).all()
    assert look_around == []
    box.press("ana", "I'd rather write", where=box.ephemerals("ana")[-1])
    assert "Let's begin with *Look Around*." in last(box.dm("ana"))
    assert "*Look Around*" in say(box, "stop")


def test_a_programme_that_closes_meanwhile_is_said_and_nothing_is_kept(town: Town) -> None:
    box = town()
    set_up(box)
    begin(box)
    say(box, "mentor")
    decided(box, signup_until=box.now)

    reply = say(box, "AI tools")

    assert "I can't take your answers for *Look Up* any more, and nothing of them is kept. Sign-up closed on" in reply
    assert open_drafts(box) == []
    box.write("ana", "join")
    box.press("ana", "I'd rather write")
    assert last(box.ephemerals("ana")).startswith("Sign-up closed on")


def test_joining_by_the_form_meanwhile_ends_the_conversation(town: Town) -> None:
    box = town()
    set_up(box)
    begin(box)
    say(box, "mentor")
    older = box.dm("ana")[-1]

    join(box, "ana", "Mentee", [DATA])

    assert "no question of mine is open" in say(box, "AI tools")
    box.press("ana", "Next", where=older)
    assert last(box.ephemerals("ana")).startswith("That sign-up is no longer open.")
    assert [member.side for member in places(box, "ana")] == [Side.MENTEE]


def test_what_was_begun_in_the_form_goes_on_by_writing(town: Town) -> None:
    box = town()
    set_up(box)
    box.command("ana", "/flipside join")
    box.fill("ana", {"sides": "Mentor", "hopes": "To be heard.", "languages": ["English"], "ways": ["Online"]})

    box.press("ana", "I'd rather write")

    assert OFFERS in last(box.dm("ana"))
    assert "Which hours" in say(box, "AI tools", "1")


# Silence, restarts and kills


def test_silence_reminds_nobody_and_ends_nothing_for_a_month(town: Town) -> None:
    box = town()
    set_up(box)
    begin(box)
    say(box, "mentor")
    so_far = len(box.dm("ana"))

    box.advance(timedelta(days=25))
    assert len(box.dm("ana")) == so_far
    assert "Here we are again, with *Look Up*." in say(box, "Go on")
    assert OFFERS in say(box, "join")
    box.kill_bot()
    box.start_bot()
    assert "How many mentees" in say(box, "AI tools")

    box.advance(timedelta(days=32))
    assert "no question of mine is open" in say(box, "Go on")
    assert open_drafts(box) == []


def test_an_answer_written_while_the_bot_is_down_is_taken_when_it_is_back(town: Town) -> None:
    box = town("postgresql")
    set_up(box)
    begin(box)

    box.kill_bot()
    box.write("ana", "mentor")
    box.start_bot()
    box.advance(timedelta(minutes=3))

    assert OFFERS in last(box.dm("ana"))
    assert asked(box, OFFERS) == 1


POINTS: tuple[Point, ...] = ("before_storing", "after_storing", "after_answering")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_kill_at_each_point_loses_no_answer_and_asks_nothing_twice(town: Town, kind: str) -> None:
    box = town(kind)
    set_up(box)
    begin(box)

    for number, (question, answer) in enumerate(BY_WRITING):
        assert question in last(box.dm("ana"))
        happens = writing(box, answer)
        if 1 <= number <= 9:
            survive(box, POINTS[number % 3], happens)
        else:
            happens()

    assert box.kills == dict.fromkeys(POINTS, 3)
    assert JOINED in last(box.dm("ana"))
    assert all(asked(box, question) == 1 for question, _ in BY_WRITING)
    assert [told_of(member) for member in places(box, "ana")] == [THE_SAME]


def writing(box: Sandbox, answer: str) -> Callable[[], object]:
    return lambda: box.write("ana", answer)


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_while_it_says_that_it_stopped_keeps_nothing_and_says_it_once(town: Town, point: Point) -> None:
    box = town()
    set_up(box)
    begin(box)
    say(box, "mentor")

    survive(box, point, writing(box, "stop"))

    assert asked(box, "I've stopped") == 1
    assert open_drafts(box) == []


def test_events_that_come_twice_or_late_change_nothing_twice(box: Sandbox) -> None:
    set_up(box)
    begin(box)
    late = written(box, "ana", "both", "Ev0LATE")
    mentor = written(box, "ana", "mentor", "Ev0MENTOR")
    assert [deliver(box, mentor), deliver(box, mentor, retry=1), deliver(box, mentor, retry=2)] == [200, 200, 200]
    assert asked(box, OFFERS) == 1

    box.advance(timedelta(minutes=10))
    say(box, "AI tools", "2")
    assert HOPES in last(box.dm("ana"))
    assert deliver(box, late) == 200, "written before the question was asked, it can't be what they hope for"
    assert "What you wrote crossed with my question" in last(box.dm("ana"))
    assert HOPES in last(box.dm("ana"))
    with stored(box) as db:
        [draft] = db.query(Draft).all()
        assert drafts.answers(db, draft)["hopes"] is None
    assert deliver(box, mentor, retry=3) == 200
    assert asked(box, HOPES) == 2


def test_a_question_to_look_back_and_a_sign_up_share_the_dm(town: Town) -> None:
    """In its thread a question gets what is written there; else the one that was asked last."""
    box = town()
    pair_up(box)
    book(box, "oliver", "2027-03-11", "15:00")
    box.advance_to(on("2027-03-12", "10:00"))
    box.press("oliver", "We met")
    box.close("oliver")
    set_up(box, Name="Look Around")
    begin(box, "oliver")
    box.advance_to(on("2027-03-15", "10:00"))
    set_up(box, Name="Look Ahead")
    question = box.dm("ana")[-1]
    box.write("ana", "join")
    box.press("ana", "I'd rather write")
    box.press("ana", "I'd rather write", where=box.ephemerals("ana")[-1])
    assert "Let's begin with *Look Ahead*." in last(box.dm("ana"))

    assert OFFERS in say(box, "mentor"), "the sign-up's question is the newest"
    assert "Thank you, your answer is kept." in say_in_thread(box, "How she listens.", question.ts)
    assert "You wrote under an earlier message" in say_in_thread(box, "AI tools", box.dm("ana")[0].ts)
    assert "How many mentees" in say(box, "AI tools")

    assert "Thank you, your answer is kept." in say(box, "That I ask too late.", who="oliver"), "it was asked last"
    assert "I've stopped" in say(box, "stop", who="oliver"), "a way out is one at any time"
