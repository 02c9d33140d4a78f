"""People opt in, change their answers, pause, go on, and leave."""

from datetime import timedelta

from conftest import Town
from flows.telling import AI, DATA, join, last, pair_up, set_up, texts, words

from sandbox import Sandbox


def test_the_programme_is_announced_in_its_channel_with_a_button_to_join(box: Sandbox) -> None:
    set_up(box)

    [announcement] = box.messages(box.channel("#announcements"))
    assert "*Look Up* is opening" in announcement.text
    box.press("ana", "Join", where=announcement)
    assert box.modal("ana")["title"]["text"] == "Join"


def test_a_wrong_form_stays_open_and_says_why_beside_the_field(box: Sandbox) -> None:
    set_up(box)
    box.command("ana", "/flipside join")

    wrong = box.submit("ana", {"side": "Mentor", "topics": [AI], "languages": ["English"], "ways": ["Online"]})

    assert wrong == {"Keeping my answers": "We can only keep your answers if you agree to it."}
    assert box.submit("ana", {"consent": ["I agree"]}) == {}


def test_a_dm_confirms_what_was_stored_and_what_happens_next(box: Sandbox) -> None:
    set_up(box)

    join(box, "ana", "Mentor", [AI, DATA])

    [confirmation] = texts(box.dm("ana"))
    assert f"• Topics: {AI}, {DATA}" in confirmation
    assert "I'll introduce you to each other" in confirmation


def test_joining_twice_is_answered_and_changes_nothing(box: Sandbox) -> None:
    set_up(box)
    join(box, "ana", "Mentor", [AI])

    box.command("ana", "/flipside join")

    assert last(box.ephemerals("ana")).startswith("You're in already.")
    assert box.modal("ana") is None


def test_changed_answers_are_kept_and_confirmed(box: Sandbox) -> None:
    set_up(box)
    join(box, "ana", "Mentor", [AI])

    box.command("ana", "/flipside profile")
    assert box.submit("ana", {"topics": [DATA]}) == {}

    assert f"• Topics: {DATA}" in last(box.dm("ana"))


def test_who_leaves_a_pair_gives_no_reason_and_the_partner_hears_a_neutral_word(box: Sandbox) -> None:
    pair_up(box)

    box.command("oliver", "/flipside leave")
    box.press("oliver", "Leave the programme")

    assert "You have left *Look Up*" in last(box.dm("oliver"))
    box.advance(timedelta(days=1))
    assert "has ended" in last(box.dm("ana"))
    assert "left" not in last(box.dm("ana")).replace("partner_left", "")


def test_after_their_months_people_wait_for_nobody_until_they_join_anew(town: Town) -> None:
    box = town()
    pair_up(box)
    box.advance(timedelta(days=200))

    box.open_home("ana")
    assert "on the list" not in words(box, box.home("ana"))
    box.command("oliver", "/flipside leave")
    box.press("oliver", "Leave the programme")
    join(box, "oliver", "Mentee", [AI])

    assert "You have joined" in last(box.dm("oliver"))
    box.open_home("oliver")
    assert "on the list" in words(box, box.home("oliver"))


def test_no_date_is_set_while_a_pair_is_paused(town: Town) -> None:
    box = town()
    pair_up(box)
    box.command("ana", "/flipside pause")

    box.press("oliver", "Pick a date")

    assert box.modal("oliver") is None
    assert "paused for now" in last(box.ephemerals("oliver"))
