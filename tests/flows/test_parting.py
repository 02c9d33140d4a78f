"""Somebody says that their pair isn't working: both hear the same, and nothing tells who asked."""

import json
from datetime import timedelta

from conftest import Town
from flows.companies import pair_up, stored
from flows.telling import AI, buttons, join, last, plain, words

from bot.pairing import gathering
from sandbox import Sandbox
from store import programmes

SAID = "Your pair with @{partner} in *Look Up* has ended."


def say_so(box: Sandbox, who: str) -> None:
    box.command(who, "/flipside part")
    box.press(who, "End this pair")


def heard_since(box: Sandbox, who: str, before: int) -> list[str]:
    """What they got in messages, without what only they saw as an answer."""
    return [plain(box, message.text) for message in box.dm(who)[before:] if not message.ephemeral]


def test_both_get_the_same_words_and_the_same_buttons_and_nothing_tells_who_asked(town: Town) -> None:
    box = town(after=pair_up)
    box.open_home("oliver")
    before = {who: len(box.dm(who)) for who in ("ana", "oliver")}

    box.command("ana", "/flipside pair")
    box.press("ana", "This isn't working for me")
    asked = words(box, box.ephemerals("ana")[-1])
    assert "without a reason" in asked
    assert "Nobody hears who asked" in asked
    assert "@noor is there to listen" in asked
    calls = len(box.calls)
    box.press("ana", "End this pair")
    box.advance(timedelta(minutes=5))

    [to_ana], [to_oliver] = (heard_since(box, who, before[who]) for who in ("ana", "oliver"))
    assert to_ana.startswith(SAID.format(partner="oliver"))
    assert to_ana == to_oliver.replace("@ana", "@oliver")
    assert [buttons(box.dm(who)[-1]) for who in ("ana", "oliver")] == [
        ["Find me a new partner", "Not now", "Leave the programme", "Keep a copy of my notes"]
    ] * 2
    assert "You and" not in words(box, box.home("oliver"))
    [answer, *told] = [json.dumps(args) for _, args in box.calls[calls:]]
    assert "nobody hears who asked" in answer
    assert [each for each in told if "asked" in each.replace("nobody is asked for one", "")] == []


def test_both_may_wait_again_and_are_first_in_line_and_never_meet_each_other_again(town: Town) -> None:
    box = town(after=pair_up)
    say_so(box, "oliver")
    box.advance(timedelta(minutes=5))

    for who in ("ana", "oliver"):
        box.press(who, "Find me a new partner")
        assert "*first in line*" in words(box, box.dm(who)[-1])
    with stored(box) as store, store.read() as db:
        problem = gathering.problem(db, programmes.open_now(db, box.team_id)[0], box.now, seed=1)
    [mentor], [mentee] = problem.mentors, problem.mentees
    assert mentor.is_first_in_line
    assert mentee.is_first_in_line
    assert not problem.may_pair(mentor, mentee), "never with each other again"


def test_said_by_both_or_twice_it_is_done_once_and_answered_alike(town: Town) -> None:
    box = town(after=pair_up)
    box.command("ana", "/flipside part")
    box.command("oliver", "/flipside part")

    box.press("ana", "End this pair")
    box.press("oliver", "End this pair")
    box.advance(timedelta(minutes=5))

    assert words(box, box.ephemerals("ana")[-1]) == words(box, box.ephemerals("oliver")[-1])
    assert last(box.ephemerals("ana")).startswith("This pair has ended. You both get the same message")
    assert sum("has ended" in text for text in heard_since(box, "ana", 0)) == 1
    box.command("ana", "/flipside part")
    assert last(box.ephemerals("ana")) == "You have no partner just now, so there is nothing to end."


def test_nobody_ends_a_pair_that_isnt_theirs(town: Town) -> None:
    box = town(after=pair_up)
    join(box, "bea", "Mentor", [AI])
    box.command("ana", "/flipside part")
    [pair] = [
        element["value"]
        for block in box.ephemerals("ana")[-1].blocks
        for element in block.get("elements", [])
        if element.get("action_id") == "pairing.part"
    ]

    box.command("bea", f"/flipside part {pair}")

    assert last(box.ephemerals("bea")) == "You have no partner just now, so there is nothing to end."
    box.command("oliver", "/flipside pair")
    assert "@ana is your mentor" in plain(box, last(box.ephemerals("oliver")))


def test_on_the_home_it_is_asked_and_answered_in_a_modal(town: Town) -> None:
    box = town(after=pair_up)
    box.open_home("oliver")

    box.press("oliver", "This isn't working for me", where="home")
    box.press("oliver", "End this pair")

    assert "This pair has ended." in words(box, box.modal("oliver"))
    assert "This isn't working for me" not in buttons(box.home("oliver"))
