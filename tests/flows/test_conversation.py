"""People sign up by writing in the DM, one question at a time."""

from datetime import timedelta

from conftest import Town
from flows.kept import decided, places, records
from flows.telling import AI, DATA, buttons, deliver, everything_told, last, pressing, set_up, texts, words, written
from flows.writing import (
    BY_WRITING,
    HOPES,
    JOINED,
    OFFERS,
    SIDE,
    SUMMARY,
    THE_SAME,
    asked,
    begin,
    open_drafts,
    say,
    say_in_thread,
    told_of,
)

from sandbox import Sandbox
from store import people
from store.models import MemberState

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
    box = town(after=set_up)
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
    box = town(after=set_up)
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
    box = town(after=set_up)
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
    with records(box) as db:
        me = people.get(db, member.person_id)
        assert (me.manager, me.dotted_managers) == (box.find("jonas"), [box.find("isabel")]), "both are above them"


def test_files_edits_and_words_of_the_bot_get_kind_answers_and_the_question_stays_open(town: Town) -> None:
    box = town(after=set_up)
    begin(box)
    first = box.write("ana", "mentor")

    assert deliver(box, written(box, "ana", "", "Ev0FILE", subtype="file_share", files=[{"id": "F1"}])) == 200
    assert last(box.dm("ana")).startswith("I can't keep files:")
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
    box = town(after=set_up)
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
