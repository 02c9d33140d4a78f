"""People pause and go on; their partners know, and nobody is woken or told twice."""

from datetime import timedelta

import pytest
from conftest import Town
from flows.absence import OVER, PAUSED, heard, told
from flows.kept import records, the_person
from flows.telling import (
    AI,
    REMOTE,
    begin,
    everything_told,
    find_pairs,
    join,
    last,
    on,
    pair_up,
    publish,
    set_up,
    survive,
    texts,
    words,
)

from sandbox.faults import Point


def test_a_pause_holds_at_once_and_can_be_given_a_date(town: Town) -> None:
    box = town(after=pair_up)

    box.command("oliver", "/flipside pause")
    assert last(box.ephemerals("oliver")).startswith("You're paused. No reminders or questions will come until you say")
    assert told(box, "ana", "oliver") == ["paused"]
    box.press("oliver", "For two weeks")
    assert last(box.ephemerals("oliver")).startswith("You're paused until *Monday 15 March*.")
    box.command("oliver", "/flipside pause")
    assert last(box.ephemerals("oliver")).startswith("You're paused until *Monday 15 March*."), "said twice it stays"
    box.press("oliver", "Until a date")
    assert box.submit("oliver", {"Until": "2027-03-01"}) == {
        "Until": "That day is not ahead of us. Choose a later one. Nothing was changed."
    }
    assert box.submit("oliver", {"Until": "2027-03-20"}) == {}
    assert words(box, box.modal("oliver")).endswith("You're paused until *Monday 22 March*.")
    box.close("oliver")
    assert "You're *paused* until Monday 22 March" in words(box, box.open_home("oliver"))

    box.advance_to(on("2027-03-22", "12:00"))
    assert told(box, "ana", "oliver") == ["paused", "goes on"], "another date is no news to the partner"
    assert told(box, "oliver", "ana") == ["over"]
    assert "22 March" not in everything_told(box, but="oliver")
    assert "paused" not in words(box, box.home("oliver"))


def test_the_day_a_pause_ends_stands_once_in_what_is_stored(town: Town) -> None:
    box = town(after=pair_up)
    box.command("ana", "/flipside pause 2027-03-19")

    box.command("ana", "/flipside mydata")

    assert words(box, box.modal("ana")).count("19 Mar 2027") == 1


def test_a_date_can_be_typed_and_a_wrong_one_is_answered_and_changes_nothing(town: Town) -> None:
    box = town(after=set_up)
    join(box, "ana", "Mentor", [AI])

    for wrong in ("tomorrow", "2027-02-30", "2027-02-01", "2031-01-01"):
        box.command("ana", f"/flipside pause {wrong}")
    assert ["Nothing was changed" in text for text in texts(box.ephemerals("ana"))] == [True] * 4
    assert "paused" not in words(box, box.open_home("ana"))

    box.command("ana", "/flipside pause 2027-03-19")
    assert last(box.ephemerals("ana")).startswith("You're paused until *Friday 19 March*.")
    box.press("ana", "Until I say so")
    assert last(box.ephemerals("ana")).startswith("You're paused. No reminders")
    box.advance_to(on("2027-04-19"))
    assert "You're *paused*: nothing comes until you go on." in words(box, box.home("ana"))
    box.press("ana", "Go on", where="home")
    assert words(box, box.modal("ana")).endswith("You're back. The next message comes when something is due.")
    box.command("ana", "/flipside resume")
    assert last(box.ephemerals("ana")).startswith("You aren't paused")
    assert len(heard(box, "ana")) == 1, "who goes on by their own word isn't told so"


def test_who_goes_on_before_the_day_is_not_woken_again(town: Town) -> None:
    box = town(after=pair_up)
    box.command("oliver", "/flipside pause 2027-03-19")
    box.advance_to(on("2027-03-10", "12:00"))

    box.command("oliver", "/flipside resume")
    box.advance_to(on("2027-03-25"))

    assert told(box, "ana", "oliver") == ["paused", "goes on"]
    assert told(box, "oliver", "ana") == []


def test_a_pause_over_the_change_of_the_clocks_ends_in_the_morning_of_each(town: Town) -> None:
    """Jamal in New York pauses until 15 March, when his clocks have gone forward and Isabel's in Lisbon have not."""
    box = town()
    pair_up(box, "jamal", "isabel")

    box.command("jamal", "/flipside pause 2027-03-15")
    box.advance_to(on("2027-03-20"))

    assert told(box, "jamal", "isabel") == ["over"]
    assert told(box, "isabel", "jamal") == ["paused", "goes on"]
    [his] = [message for message in box.dm("jamal") if message.text.startswith(OVER)]
    [hers] = [message for message in box.dm("isabel") if "can go on. The" in message.text]
    assert (his.time.replace(microsecond=0, second=0), hers.time.replace(microsecond=0, second=0)) == (
        on("2027-03-15", "13:00"),
        on("2027-03-15", "13:00"),
    )


def test_who_moves_to_another_zone_meanwhile_is_told_once_and_not_at_night(town: Town) -> None:
    box = town(after=pair_up)
    box.command("ana", "/flipside pause 2027-03-16")
    with records(box) as db:
        the_person(db, box, "ana").zone = "America/Los_Angeles"

    box.advance_to(on("2027-03-20"))

    assert told(box, "ana", "oliver") == ["over"]
    [message] = [message for message in box.dm("ana") if message.text.startswith(OVER)]
    assert message.time.replace(microsecond=0, second=0) == on("2027-03-16", "16:00"), "nine o'clock where she is now"


def test_a_bot_that_was_down_over_the_date_says_it_once_when_it_is_back(town: Town) -> None:
    box = town(after=pair_up)
    box.command("oliver", "/flipside pause 2027-03-08")

    box.kill_bot()
    box.advance_to(on("2027-03-24", "11:00"))
    box.start_bot()
    box.advance(timedelta(days=2))

    assert told(box, "oliver", "ana") == ["over"]
    assert told(box, "ana", "oliver") == ["paused", "goes on"]


@pytest.mark.parametrize("point", ["before_storing", "after_storing", "after_answering"])
def test_the_end_of_a_pause_is_told_once_although_the_bot_is_killed_while_it_says_so(town: Town, point: Point) -> None:
    box = town(after=pair_up)
    box.command("oliver", "/flipside pause 2027-03-08")

    survive(box, point, lambda: box.advance_to(on("2027-03-08", "09:00")))
    box.advance(timedelta(days=2))

    assert told(box, "oliver", "ana") == ["over"]
    assert told(box, "ana", "oliver") == ["paused", "goes on"]


def test_no_date_is_set_and_nothing_asked_while_a_pair_is_paused(town: Town) -> None:
    box = town(after=pair_up)
    box.command("ana", "/flipside pause")

    box.press("oliver", "Pick a date")

    assert box.modal("oliver") is None
    assert "paused for now" in last(box.ephemerals("oliver"))
    box.advance(timedelta(days=30))
    assert begin(box, heard(box, "oliver")[1:], [PAUSED.format("ana")]) == [PAUSED.format("ana")]
    assert len(heard(box, "ana")) == 1


def test_two_who_are_both_paused_go_on_when_both_have_said_so(town: Town) -> None:
    box = town(after=pair_up)
    box.command("ana", "/flipside pause")
    box.command("oliver", "/flipside pause")
    assert (told(box, "ana", "oliver"), told(box, "oliver", "ana")) == ([], ["paused"])

    box.command("ana", "/flipside resume")
    assert (told(box, "ana", "oliver"), told(box, "oliver", "ana")) == (["paused"], ["paused"]), "it is on hold still"
    box.command("oliver", "/flipside resume")

    assert (told(box, "ana", "oliver"), told(box, "oliver", "ana")) == (["paused", "goes on"], ["paused", "goes on"])


def test_who_waits_for_a_partner_and_pauses_is_not_paired_meanwhile(town: Town) -> None:
    box = town(after=set_up)
    join(box, "ana", "Mentor", [AI])
    join(box, "oliver", "Mentee", [AI])
    box.command("ana", "/flipside pause 2027-03-08")
    find_pairs(box)
    assert (box.modal("ruth") or {}).get("submit") is None
    box.close("ruth")

    box.advance_to(on("2027-03-08", "10:00"))
    publish(box)
    box.advance(timedelta(hours=1))

    assert len(box.group("ana", "oliver")) == 1


def test_a_pause_holds_every_programme_and_its_end_is_told_once(town: Town) -> None:
    box = town(after=pair_up)
    set_up(box, Name="Second Look")
    join(box, "ana", "Mentor", [REMOTE])
    join(box, "marcus", "Mentee", [REMOTE], into="Second Look")
    publish(box, "2")
    box.advance_to(on("2027-03-02", "16:00"))
    assert len(box.group("ana", "marcus")) == 1

    box.command("ana", "/flipside pause 2027-03-16")
    box.advance_to(on("2027-03-17", "20:00"))

    assert told(box, "ana", "oliver") == ["over"]
    assert told(box, "oliver", "ana") == told(box, "marcus", "ana") == ["paused", "goes on"]
