"""A person can do what a person can do in Slack, and nothing else."""

import pytest

from sandbox import CannotDo
from tests.sandbox.conftest import tiny


@pytest.fixture(scope="module")
def running(tmp_path_factory, nursery):
    with tiny(tmp_path_factory.mktemp("acting"), nursery) as running:
        yield running


@pytest.fixture
def box(running):
    """The running workspace with everything forgotten, since a bot takes longer to start than these tests."""
    running.space.__init__(running.space.clock)
    running.space.on_event = running.emit
    running.errors.clear()
    return running


def texts(messages):
    return [message.text for message in messages]


def test_a_command_is_answered_for_the_one_who_typed_it_alone(box):
    box.command("ana", "/tiny hello", channel="#announcements")

    assert texts(box.ephemerals("ana")) == ["You said <hello>"]
    assert box.ephemerals("bea") == []
    assert box.messages("#announcements") == []


def test_a_response_url_whispers_unless_it_is_told_to_speak_up(box):
    box.command("ana", "/tiny twice", channel="#general")

    assert texts(box.ephemerals("ana")) == ["first"]
    assert texts(box.messages("#general")) == ["second"]


def test_pressing_a_button_changes_the_message_and_an_ephemeral_one_too(box):
    box.command("ana", "/tiny buttons")

    box.press("ana", "Yes")
    box.press("ana", "Fine")

    assert texts(box.dm("ana")) == ["Good", "Fine then"]
    assert box.dm("ana")[0].blocks == []
    assert box.errors == []


def test_a_form_that_is_wrong_stays_open_and_says_why(box):
    box.command("ana", "/tiny form")

    missing = box.submit("ana", {"About you": "hello"})
    wrong = box.submit("ana", {"Side": "Mentor", "About you": "wrong"})
    right = box.submit("ana", {"About you": "right"})

    assert missing == {"Side": "Please complete this required field."}
    assert wrong == {"About you": "Say something else."}
    assert right == {}
    assert box.modal("ana") is None
    assert '"value": "right"' in box.dm("ana")[-1].text
    assert '"mentor"' in box.dm("ana")[-1].text


def test_a_form_too_long_is_held_back_by_slacks_client(box):
    box.command("ana", "/tiny form")
    before = len(box.calls)

    errors = box.submit("ana", {"Side": "Mentor", "About you": "x" * 21})

    assert errors == {"About you": "This entry has to be 20 characters or less."}
    assert len(box.calls) == before


def test_modals_are_stacked_redrawn_and_cleared(box):
    box.command("ana", "/tiny form")
    box.press("ana", "Redraw")
    redrawn = box.modal("ana")["title"]["text"]
    box.press("ana", "Push")
    pushed = len(box.modals("ana"))
    box.close("ana")
    box.submit("ana", {"Side": "Mentor", "About you": "step"})
    stepped = box.modal("ana")["title"]["text"]
    box.submit("ana", {"Side": "Mentor", "About you": "clear"})

    assert (redrawn, pushed, stepped, box.modals("ana")) == ("Again", 2, "Step", [])
    assert box.errors == []


def test_the_home_is_drawn_when_it_is_opened(box):
    assert box.home("ana") is None

    assert box.open_home("ana")["blocks"][0]["block_id"] == "h"
    box.press("ana", "Press me")

    assert texts(box.dm("ana")) == ["from home"]


def test_a_file_reaches_the_dm(box):
    box.command("ana", "/tiny upload")

    assert [file["name"] for file in box.dm("ana")[-1].files] == ["meeting.ics"]
    assert box.errors == []


def test_a_channel_hears_of_who_left(box):
    box.deactivate("ana")

    assert texts(box.messages("#announcements")) == ["U0ANADUART deleted=True"]
    with pytest.raises(CannotDo):
        box.write("ana", "I am gone")


@pytest.mark.parametrize(
    "act",
    [
        lambda box: box.command("ana", "/other"),
        lambda box: box.command("ana", "/tiny hello", channel="#leadership"),
        lambda box: box.write("ana", "hello", channel="#leadership"),
        lambda box: box.write("ana", "hello", channel="#old-news"),
        lambda box: box.write("ana", " "),
        lambda box: box.write("pavel", "hello"),
        lambda box: box.write("trainbot", "hello"),
        lambda box: box.press("bea", "Yes"),
        lambda box: box.press("ana", "Maybe"),
        lambda box: box.press("ana", "Yes", where="home"),
        lambda box: box.submit("ana", {}),
        lambda box: box.close("ana"),
        lambda box: box.find("Nobody"),
    ],
)
def test_what_nobody_could_do_raises(heard, act):
    yes = {"type": "button", "action_id": "yes", "text": {"type": "plain_text", "text": "Yes"}}
    args = {"channel": "U0ANADUART", "text": "Well?", "blocks": [{"type": "actions", "elements": [yes]}]}
    heard.answer("chat.postMessage", args, heard.token)

    with pytest.raises(CannotDo):
        act(heard)


@pytest.mark.parametrize(
    "answers",
    [{"Side": "Onlooker"}, {"First day": "soon"}, {"With whom": "pavel"}, {"Topic": "Moths"}, {"Colour": "red"}],
)
def test_what_no_form_takes_raises(box, answers):
    box.command("ana", "/tiny form")

    with pytest.raises(CannotDo):
        box.submit("ana", answers)


def test_people_edit_and_delete_messages_of_their_own_and_the_bot_hears_of_it(box):
    said = box.write("ana", "Hello")
    theirs = box.dm("ana")[-1]

    box.rewrite("ana", said, "Hello there")
    assert said.text == "Hello there"
    assert said.edited
    if theirs is not said:
        with pytest.raises(CannotDo, match="messages of their own"):
            box.rewrite("ana", theirs, "Something else")
    box.take_back("ana", said)
    assert said not in box.dm("ana")


def test_a_message_with_replies_leaves_a_stone_in_its_place(box):
    said = box.write("ana", "Hello")
    box.write("ana", "And more", thread_ts=said.ts)

    box.take_back("ana", said)

    assert (said.subtype, said.text) == ("tombstone", "This message was deleted.")
