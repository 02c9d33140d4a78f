"""Life after joining: people pause, go on, leave, lose a partner and find another; accounts close."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from conftest import KEY, Town
from cryptography.fernet import Fernet, MultiFernet
from flows.telling import (
    AI,
    DATA,
    LOOK_UP,
    REMOTE,
    begin,
    book,
    buttons,
    everything_told,
    find_pairs,
    join,
    last,
    on,
    pair_up,
    plain,
    pressing,
    publish,
    set_up,
    survive,
    texts,
    words,
)
from sqlalchemy.orm import Session as Db

from sandbox import Sandbox
from sandbox.faults import Point
from sandbox.records import Message
from store import agenda, drafts, members, pairs, people, programmes
from store.database import Store
from store.models import Member, MemberState, Person, Programme, Side

PAUSED = "Your talks with @{} are paused for now."
GOES_ON = "Your talks with @{} can go on."
ENDED = "Your pair with @{} in *Look Up* has ended."
OVER = "Your pause has come to the day you chose."


def told(box: Sandbox, who: str, partner: str) -> list[str]:
    """What they heard of a partner and of their own pause, in order."""
    starts = {text.format(partner): name for text, name in ((PAUSED, "paused"), (GOES_ON, "goes on"), (ENDED, "ended"))}
    said = [plain(box, text) for text in texts(heard(box, who))]
    names = (starts | {OVER: "over"}).items()
    return [name for text in said for start, name in names if text.startswith(start)]


def heard(box: Sandbox, who: str) -> list[Message]:
    """What the bot wrote to them, without the answers for the moment."""
    return [message for message in box.dm(who) if message.user == box.bot_id and not message.ephemeral]


def leave(box: Sandbox, who: str) -> None:
    box.command(who, "/flipside leave")
    box.press(who, "Leave the programme")


@contextmanager
def stored(box: Sandbox) -> Iterator[Db]:
    """The bot's own database, for what has no button yet in this story: somebody else's part did it."""
    store = Store(box.bot.env["DATABASE_URL"], MultiFernet([Fernet(KEY)]))
    try:
        with store.begin() as db:
            yield db
    finally:
        store.close()
    box.settle()


def person(db: Db, box: Sandbox, who: str) -> Person:
    found = people.find(db, box.team_id, box.find(who))
    assert found is not None
    return found


def place(db: Db, box: Sandbox, who: str) -> tuple[Member, Programme]:
    [found] = members.of_person(db, person(db, box, who).id)
    return found


# Leaving


def test_who_leaves_a_pair_gives_no_reason_and_the_partner_hears_a_neutral_word(box: Sandbox) -> None:
    pair_up(box)

    leave(box, "oliver")

    assert "You have left *Look Up*" in last(heard(box, "oliver"))
    box.advance(timedelta(days=1))
    assert told(box, "ana", "oliver") == ["ended"]
    said = last(heard(box, "ana"))
    assert not any(word in said for word in ("left", "because", "reason was"))
    assert buttons(heard(box, "ana")[-1]) == ["Find me a new partner", "Not now", "Leave the programme"]
    box.advance(timedelta(days=60))
    assert (len(heard(box, "oliver")), len(heard(box, "ana"))) == (2, 2), "nothing is due after that"


def test_leaving_twice_is_answered_and_changes_nothing(town: Town) -> None:
    box = town()
    pair_up(box)
    box.command("oliver", "/flipside leave")
    sure = box.ephemerals("oliver")[-1]
    first, again = (pressing(box, "oliver", sure, "Leave the programme") for _ in range(2))

    assert [box.send_payload(first).status, box.send_payload(again).status] == [200, 200]
    box.settle()
    box.command("oliver", "/flipside leave")

    assert last(box.ephemerals("oliver")) == ("You aren't in a programme just now. You can join with the word *join*.")
    box.advance(timedelta(days=1))
    assert sum("You have left" in text for text in texts(heard(box, "oliver"))) == 1
    assert told(box, "ana", "oliver") == ["ended"]


def test_somebody_paused_can_leave_and_the_pause_is_heard_of_no_more(town: Town) -> None:
    box = town()
    pair_up(box)
    box.command("oliver", "/flipside pause 2027-03-20")

    leave(box, "oliver")
    box.advance_to(on("2027-04-10"))

    assert told(box, "ana", "oliver") == ["paused", "ended"]
    assert told(box, "oliver", "ana") == []
    assert "You have left *Look Up*" in last(heard(box, "oliver"))


@pytest.mark.parametrize("state", [MemberState.APPLIED, MemberState.QUEUED])
def test_who_waits_to_be_let_in_sees_where_they_stand_can_not_pause_and_can_leave(
    town: Town, state: MemberState
) -> None:
    box = town()
    set_up(box)
    join(box, "ana", "Mentor", [AI])
    join(box, "bea", "Mentor", [AI])
    with stored(box) as db:
        for who in ("ana", "bea"):
            place(db, box, who)[0].state = state
    says = {MemberState.APPLIED: "You have asked to join *Look Up*", MemberState.QUEUED: "You're *number 2*"}

    assert says[state] in words(box, box.open_home("bea"))
    assert buttons(box.home("bea")) == ["Change my answers", "What is stored", "Leave"]
    box.command("bea", "/flipside pause")
    box.command("bea", "/flipside resume")
    assert [text[:22] for text in texts(box.ephemerals("bea"))[-2:]] == ["You aren't in yet, so "] * 2

    leave(box, "ana")
    leave(box, "bea")
    with stored(box) as db:
        mine, programme = place(db, box, "bea")
        assert mine.state is MemberState.LEFT
        assert [*members.applied(db, programme.id), *members.queued(db, programme.id)] == []
    assert "You have left *Look Up*" in last(heard(box, "bea"))


def test_what_was_told_in_confidence_is_forgotten_when_somebody_leaves(town: Town) -> None:
    box = town()
    set_up(box)
    join(box, "ana", "Mentor", [AI], hopes="TOBESEEN")
    with stored(box) as db:
        drafts.keep(db, place(db, box, "ana")[1], person(db, box, "ana"), {"hopes": "HALFSAID"}, box.now)
    box.command("ana", "/flipside mydata")
    assert "TOBESEEN" in words(box, box.modal("ana"))
    box.close("ana")

    leave(box, "ana")

    box.command("ana", "/flipside mydata")
    assert "TOBESEEN" not in words(box, box.modal("ana"))
    with stored(box) as db:
        mine, _ = place(db, box, "ana")
        assert (mine.hopes, mine.avoid, mine.networks) == (None, None, None)
        assert drafts.of_person(db, mine.person_id) == []


def test_somebody_in_two_programmes_is_asked_which_one_they_leave(town: Town) -> None:
    box = town()
    pair_up(box)
    box.command("ruth", "/flipside setup")
    assert box.submit("ruth", LOOK_UP | {"Name": "Second Look"}) == {}
    join(box, "ana", "Mentor", [AI])
    home = words(box, box.open_home("ana"))
    assert "You take part in *Look Up* as a mentor.\nYou take part in *Second Look* as a mentor. You're on" in home

    box.command("ana", "/flipside leave")
    assert buttons(box.ephemerals("ana")[-1]) == ["Look Up", "Second Look"]
    box.press("ana", "Second Look")
    assert last(box.ephemerals("ana")).startswith("Leave *Second Look*?")
    box.press("ana", "Leave the programme")

    assert last(heard(box, "ana")).startswith("You have left *Second Look*")
    box.advance(timedelta(days=1))
    assert told(box, "oliver", "ana") == [], "the pair in the other programme lives on"
    assert "You take part in *Second Look*" not in words(box, box.home("ana"))

    box.press("ana", "Second Look", where=box.ephemerals("ana")[0])
    assert last(box.ephemerals("ana")).startswith("You aren't in that programme any more")
    leave(box, "ana")
    assert last(heard(box, "ana")).startswith("You have left *Look Up*"), "where there is one, nobody is asked which"


def test_who_leaves_leaves_both_sides_and_hears_it_once(town: Town) -> None:
    box = town()
    pair_up(box)
    with stored(box) as db:
        mine, programme = place(db, box, "ana")
        facts = {"topics": [], "languages": ["en"], "ways": ["online"], "consent": "2026-11"}
        times = dict.fromkeys(("joined_at", "changed_at", "consented_at"), mine.joined_at)
        scope = {"workspace_id": box.team_id, "programme_id": programme.id, "person_id": mine.person_id}
        db.add(Member(side=Side.MENTEE, **scope, **facts, **times))
    box.advance(timedelta(minutes=1))

    leave(box, "ana")

    with stored(box) as db:
        both = members.in_programme(db, programme.id, mine.person_id)
        assert [each.state for each in both] == [MemberState.LEFT, MemberState.LEFT]
    assert sum("You have left" in text for text in texts(heard(box, "ana"))) == 1


# A partner who is left


def test_whose_partner_left_is_first_in_line_with_one_button(town: Town) -> None:
    box = town()
    set_up(box)
    join(box, "ana", "Mentor", [AI])
    join(box, "oliver", "Mentee", [AI])
    publish(box)
    box.advance_to(on("2027-03-01", "10:00"))
    leave(box, "oliver")
    assert "You aren't looking for a partner just now." in words(box, box.open_home("ana"))
    join(box, "marcus", "Mentee", [AI])
    find_pairs(box)
    assert (box.modal("ruth") or {}).get("submit") is None, "nobody is put on the list without having said so"
    box.close("ruth")

    asked = heard(box, "ana")[-1]
    again = pressing(box, "ana", asked, "Find me a new partner")
    late = pressing(box, "ana", asked, "Find me a new partner")
    box.press("ana", "Find me a new partner")
    answer = "You're *first in line* for the next round of pairing; I'll write as soon as you have a partner."
    assert answer in words(box, heard(box, "ana")[-1])
    assert buttons(heard(box, "ana")[-1]) == []
    assert answer in words(box, box.home("ana"))
    assert box.send_payload(again).status == 200
    box.settle()
    assert words(box, heard(box, "ana")[-1]).count("first in line") == 2, "the offer, and the answer"

    publish(box)
    assert "first in line" not in words(box, box.home("ana"))
    assert box.send_payload(late).status == 200
    box.settle()
    assert "You have a partner already." in words(box, heard(box, "ana")[-1])
    box.advance_to(on("2027-03-02", "18:00"))
    assert len(box.group("ana", "marcus")) == 1
    with stored(box) as db:
        mine, _ = place(db, box, "ana")
        assert (mine.wants_partner, mine.is_first_in_line) == (True, False), "it counts for one round"


def test_not_now_is_an_answer_and_the_home_keeps_the_offer(town: Town) -> None:
    box = town()
    pair_up(box)
    leave(box, "oliver")

    box.press("ana", "Not now")

    assert "say so on the Home tab" in words(box, heard(box, "ana")[-1])
    assert "You aren't looking for a partner just now." in words(box, box.open_home("ana"))
    box.advance(timedelta(days=30))
    assert len(heard(box, "ana")) == 2, "nobody is asked again"
    box.press("ana", "Find me a new partner", where="home")
    assert "first in line" in words(box, box.modal("ana")), "a press on the Home is answered in a modal"
    box.close("ana")
    assert "first in line" in words(box, box.home("ana"))
    assert "Find me a new partner" not in buttons(box.home("ana"))


def test_an_offer_pressed_after_leaving_is_answered_with_the_way_back(town: Town) -> None:
    box = town()
    pair_up(box)
    leave(box, "oliver")
    seeks = pressing(box, "ana", heard(box, "ana")[-1], "Find me a new partner")
    declines = pressing(box, "ana", heard(box, "ana")[-1], "Not now")
    strange = pressing(box, "ana", heard(box, "ana")[-1], "Not now", value="999999")

    box.press("ana", "Leave the programme")
    box.press("ana", "Leave the programme")
    assert last(heard(box, "ana")).startswith("You have left")
    for press in (seeks, declines):
        assert box.send_payload(press).status == 200
        box.settle()
        assert last(box.ephemerals("ana")) == "You have left *Look Up* since. You are welcome to join again."
    assert box.send_payload(strange).status == 200
    box.settle()

    with stored(box) as db:
        assert place(db, box, "ana")[0].state is MemberState.LEFT
    box.press("ana", "Join")
    assert (box.modal("ana") or {})["title"]["text"] == "Join, 1 of 3"


def test_when_a_coordinator_ends_a_pair_both_hear_the_same(town: Town) -> None:
    box = town()
    pair_up(box)

    with stored(box) as db:
        [pair] = pairs.live(db, box.team_id, box.now)
        touched = members.end_pair(db, pair, box.now, ended_by=None)
        agenda.touch(db, box.team_id, touched, box.now)
    box.advance(timedelta(days=1))

    assert (told(box, "ana", "oliver"), told(box, "oliver", "ana")) == (["ended"], ["ended"])
    assert buttons(heard(box, "oliver")[-1])[0] == "Find me a new partner"


def test_in_a_programme_that_has_ended_there_is_no_offer_and_an_old_one_says_so(town: Town) -> None:
    box = town()
    pair_up(box)
    leave(box, "oliver")
    with stored(box) as db:
        programmes.get(db, place(db, box, "ana")[1].id).closed_at = box.now

    box.press("ana", "Find me a new partner")

    assert "That programme has ended" in words(box, heard(box, "ana")[-1])
    with stored(box) as db:
        assert not place(db, box, "ana")[0].wants_partner


def test_after_their_months_people_wait_for_nobody_until_they_say_so(town: Town) -> None:
    """With the button of their Home, or by leaving and joining anew."""
    box = town()
    pair_up(box)
    box.advance(timedelta(days=200))

    box.open_home("ana")
    assert "on the list" not in words(box, box.home("ana"))
    box.press("ana", "Find me a new partner", where="home")
    assert "You're on the list for the next round" in words(box, box.modal("ana"))
    box.close("ana")
    assert "on the list" in words(box, box.home("ana"))
    leave(box, "oliver")
    join(box, "oliver", "Mentee", [AI])

    assert "You have joined" in last(heard(box, "oliver"))
    box.open_home("oliver")
    assert "on the list" in words(box, box.home("oliver"))
    assert told(box, "ana", "oliver") == [], "their pair was over; nothing ended"


@pytest.mark.parametrize("point", ["before_storing", "after_storing", "after_answering"])
def test_a_partner_hears_it_once_although_the_bot_is_killed_while_it_says_so(town: Town, point: Point) -> None:
    box = town()
    pair_up(box)
    box.command("oliver", "/flipside leave")
    box.fail_next("chat.postMessage", 429, retry_after=20)  # nothing is sent yet

    box.press("oliver", "Leave the programme")
    survive(box, point, lambda: box.advance(timedelta(seconds=30)))
    box.advance(timedelta(days=1))

    assert sum("You have left" in text for text in texts(heard(box, "oliver"))) == 1
    assert told(box, "ana", "oliver") == ["ended"]


# Pausing


def test_a_pause_holds_at_once_and_can_be_given_a_date(town: Town) -> None:
    box = town()
    pair_up(box)

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
    box = town()
    pair_up(box)
    box.command("ana", "/flipside pause 2027-03-19")

    box.command("ana", "/flipside mydata")

    assert words(box, box.modal("ana")).count("19 Mar 2027") == 1


def test_a_date_can_be_typed_and_a_wrong_one_is_answered_and_changes_nothing(town: Town) -> None:
    box = town()
    set_up(box)
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
    box = town()
    pair_up(box)
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
    box = town()
    pair_up(box)
    box.command("ana", "/flipside pause 2027-03-16")
    with stored(box) as db:
        person(db, box, "ana").zone = "America/Los_Angeles"

    box.advance_to(on("2027-03-20"))

    assert told(box, "ana", "oliver") == ["over"]
    [message] = [message for message in box.dm("ana") if message.text.startswith(OVER)]
    assert message.time.replace(microsecond=0, second=0) == on("2027-03-16", "16:00"), "nine o'clock where she is now"


def test_a_bot_that_was_down_over_the_date_says_it_once_when_it_is_back(town: Town) -> None:
    box = town()
    pair_up(box)
    box.command("oliver", "/flipside pause 2027-03-08")

    box.kill_bot()
    box.advance_to(on("2027-03-24", "11:00"))
    box.start_bot()
    box.advance(timedelta(days=2))

    assert told(box, "oliver", "ana") == ["over"]
    assert told(box, "ana", "oliver") == ["paused", "goes on"]


@pytest.mark.parametrize("point", ["before_storing", "after_storing", "after_answering"])
def test_the_end_of_a_pause_is_told_once_although_the_bot_is_killed_while_it_says_so(town: Town, point: Point) -> None:
    box = town()
    pair_up(box)
    box.command("oliver", "/flipside pause 2027-03-08")

    survive(box, point, lambda: box.advance_to(on("2027-03-08", "09:00")))
    box.advance(timedelta(days=2))

    assert told(box, "oliver", "ana") == ["over"]
    assert told(box, "ana", "oliver") == ["paused", "goes on"]


def test_no_date_is_set_and_nothing_asked_while_a_pair_is_paused(town: Town) -> None:
    box = town()
    pair_up(box)
    box.command("ana", "/flipside pause")

    box.press("oliver", "Pick a date")

    assert box.modal("oliver") is None
    assert "paused for now" in last(box.ephemerals("oliver"))
    box.advance(timedelta(days=30))
    assert begin(box, heard(box, "oliver")[1:], [PAUSED.format("ana")]) == [PAUSED.format("ana")]
    assert len(heard(box, "ana")) == 1


def test_two_who_are_both_paused_go_on_when_both_have_said_so(town: Town) -> None:
    box = town()
    pair_up(box)
    box.command("ana", "/flipside pause")
    box.command("oliver", "/flipside pause")
    assert (told(box, "ana", "oliver"), told(box, "oliver", "ana")) == ([], ["paused"])

    box.command("ana", "/flipside resume")
    assert (told(box, "ana", "oliver"), told(box, "oliver", "ana")) == (["paused"], ["paused"]), "it is on hold still"
    box.command("oliver", "/flipside resume")

    assert (told(box, "ana", "oliver"), told(box, "oliver", "ana")) == (["paused", "goes on"], ["paused", "goes on"])


def test_who_waits_for_a_partner_and_pauses_is_not_paired_meanwhile(town: Town) -> None:
    box = town()
    set_up(box)
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
    box = town()
    pair_up(box)
    box.command("ruth", "/flipside setup")
    assert box.submit("ruth", LOOK_UP | {"Name": "Second Look"}) == {}
    join(box, "ana", "Mentor", [REMOTE])
    join(box, "marcus", "Mentee", [REMOTE], into="Second Look")
    publish(box, "2")
    box.advance_to(on("2027-03-02", "16:00"))
    assert len(box.group("ana", "marcus")) == 1

    box.command("ana", "/flipside pause 2027-03-16")
    box.advance_to(on("2027-03-17", "20:00"))

    assert told(box, "ana", "oliver") == ["over"]
    assert told(box, "oliver", "ana") == told(box, "marcus", "ana") == ["paused", "goes on"]


# Being gone


def close_account(box: Sandbox, who: str) -> None:
    """Their account is closed, and the bot finds out at the latest when it writes to them."""
    box.deactivate(who)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_partner_whose_account_is_closed_has_left_and_is_told_nothing(town: Town, kind: str) -> None:
    box = town(kind, expects_errors=True)  # Slack may refuse a message before the bot knows
    pair_up(box)
    book(box, "oliver", "2027-03-11", "15:00")
    box.open_home("oliver")
    said = len(heard(box, "oliver"))

    close_account(box, "oliver")
    box.advance_to(on("2027-03-09", "12:00"))

    assert told(box, "ana", "oliver") == ["ended"]
    assert len(heard(box, "oliver")) == said
    assert "You aren't looking for a partner just now." in words(box, box.open_home("ana"))
    assert "@oliver" not in words(box, box.open_home("ruth"))


def test_whose_account_comes_back_weeks_later_is_not_told_then_that_they_left(town: Town) -> None:
    box = town(expects_errors=True)
    pair_up(box)
    said = len(heard(box, "oliver"))
    close_account(box, "oliver")
    box.advance_to(on("2027-04-12", "12:00"))
    assert told(box, "ana", "oliver") == ["ended"]

    box.people[box.find("oliver")].deleted = False
    home = words(box, box.open_home("oliver"))
    box.advance(timedelta(days=3))

    assert "*Look Up* is open." in home, "they may join anew"
    assert len(heard(box, "oliver")) == said


def test_an_introduction_to_somebody_who_is_gone_is_given_up_and_the_other_goes_on_waiting(town: Town) -> None:
    box = town()
    set_up(box)
    join(box, "jamal", "Mentor", [DATA])
    join(box, "isabel", "Mentee", [DATA])
    publish(box)
    assert box.group("jamal", "isabel") == [], "it is night where he lives"

    close_account(box, "jamal")
    with stored(box) as db:  # as the company's directory says it, before anything was sent
        members.gone(db, person(db, box, "jamal"), box.now)
    box.advance(timedelta(days=2))

    assert box.group("jamal", "isabel") == []
    assert len(heard(box, "isabel")) == 1, "she never heard of him"
    assert "You're *first in line* for the next round of pairing" in words(box, box.open_home("isabel"))
    join(box, "cem", "Mentor", [DATA])
    publish(box)
    box.advance(timedelta(hours=8))
    assert len(box.group("cem", "isabel")) == 1


def test_what_somebody_gone_asked_for_is_nobodys_work_any_more_and_no_home_breaks(town: Town) -> None:
    box = town()
    set_up(box)
    join(box, "ana", "Mentor", [AI])
    box.open_home("ruth")
    box.open_home("ana")
    with stored(box) as db:
        mine, programme = place(db, box, "ana")
        mine.state = MemberState.QUEUED
        drafts.keep(db, programme, person(db, box, "ana"), {"hopes": "HALFSAID"}, box.now)
    with stored(box) as db:
        members.gone(db, person(db, box, "ana"), box.now)
        members.gone(db, person(db, box, "noor"), box.now)
    box.advance(timedelta(minutes=1))

    with stored(box) as db:
        assert list(members.queued(db, programme.id)) == []
        assert drafts.of_person(db, mine.person_id) == []
    home = words(box, box.home("ruth"))
    assert "@noor, whom people turn to with a concern in *Look Up*, no longer has an account here." in home
    assert "Something went wrong" not in home
    assert "no longer has an account" not in words(box, box.open_home("bea")), "that is for coordinators to see"
