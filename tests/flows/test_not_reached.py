"""Slack takes nothing to some people, though they are here: coordinators see whom, until these do anything in Slack."""

from datetime import timedelta

from conftest import Town
from flows.coordinating import BY_APPROVAL, change, of_ruth
from flows.telling import AI, join, on, set_up, texts

from sandbox import Sandbox

FOUR = ("bea", "cem", "esi", "farid")


def are_let_in_and_do_not_hear_it(box: Sandbox) -> None:
    """Each has opened something in Slack by then. Ruth lets all of them in at once."""
    set_up(box, **BY_APPROVAL)
    box.advance_to(on("2027-03-01", "10:00"))
    for who in FOUR:
        join(box, who, "Mentor", [AI])
    box.open_home("bea")
    box.command("esi", "/flipside hours")
    box.fail_next("chat.postMessage", "restricted_action", times=len(FOUR))
    assert change(box, **{"Who can join": "Anybody who likes"}) == {}
    box.close("ruth")


def not_reached(box: Sandbox) -> list[str]:
    """As Ruth reads it on her Home."""
    said = of_ruth(box).partition("Not reached*\n")[2].partition("\nSlack takes no message")[0]
    return [line.removeprefix("• @").partition(",")[0] for line in said.splitlines() if said]


def test_whoever_is_not_reached_stands_on_the_coordinators_home_until_they_do_anything_at_all(town: Town) -> None:
    box = town()
    are_let_in_and_do_not_hear_it(box)

    assert sorted(not_reached(box)) == sorted(FOUR)
    assert "not reached: 4" in of_ruth(box)
    assert "restricted_action" not in of_ruth(box)

    box.press("bea", "When I may write to you", where="home")
    box.write("cem", "Hello?")
    assert box.submit("esi", {"From": "10:00"}) == {}
    assert not_reached(box) == ["farid"]
    box.open_home("farid")
    assert not_reached(box) == []
    assert "not reached" not in of_ruth(box)

    box.advance(timedelta(hours=1))
    assert not any("You are in" in text for who in FOUR for text in texts(box.dm(who))), "it isn't made up for"
