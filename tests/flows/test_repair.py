"""Somebody is left alone and wants somebody new: a coordinator is offered the smallest repair."""

from datetime import timedelta

from conftest import Town
from flows.companies import pair_up
from flows.telling import AI, join, on, plain, words

from sandbox import Sandbox


def left_alone(box: Sandbox) -> None:
    """Ana's partner leaves, and she asks for somebody new."""
    box.command("oliver", "/flipside leave")
    box.press("oliver", "Leave the programme")
    box.press("ana", "Find me a new partner")
    box.advance(timedelta(minutes=2))


def told(box: Sandbox, who: str = "ruth") -> list[str]:
    return [plain(box, message.text) for message in box.dm(who) if "would like a new partner" in message.text]


def test_who_is_left_alone_is_introduced_to_somebody_who_waits_once_a_coordinator_says_so(town: Town) -> None:
    box = town(after=pair_up)
    join(box, "marcus", "Mentee", [AI])

    left_alone(box)
    box.advance_to(on("2027-03-02", "10:00"))

    [said] = told(box)
    assert said.startswith("@ana would like a new partner in *Look Up*, and somebody who waits may be the one.")
    assert "*@ana* mentors *@marcus*" in said
    assert box.group("ana", "marcus") == [], "nobody has heard of it"
    assert "@ana would like a new partner" in words(box, box.open_home("ruth"))

    box.press("ruth", "Look at it", where=box.dm("ruth")[-1])
    assert "*@ana* mentors *@marcus*" in words(box, box.modal("ruth"))
    assert box.submit("ruth", {}) == {}
    assert "*Publish 1 pair?*" in words(box, box.modal("ruth"))
    assert box.submit("ruth", {}) == {}
    box.advance_to(on("2027-03-03", "18:00"))
    assert len(box.group("ana", "marcus")) == 1
    assert "would like a new partner" not in words(box, box.open_home("ruth"))


def test_where_nobody_waits_the_coordinator_hears_nothing(town: Town) -> None:
    box = town(after=pair_up)

    left_alone(box)
    box.advance(timedelta(days=1))

    assert told(box) == []


def test_a_repair_for_somebody_who_gives_it_up_is_gone(town: Town) -> None:
    box = town(after=pair_up)
    join(box, "marcus", "Mentee", [AI])
    left_alone(box)
    assert "would like a new partner" in words(box, box.open_home("ruth"))

    box.command("ana", "/flipside leave")
    box.press("ana", "Leave the programme")

    assert "would like a new partner" not in words(box, box.open_home("ruth"))


def test_nobody_decides_about_a_partner_of_their_own(town: Town) -> None:
    """Ruth runs the programme, and would be Ana's partner: another coordinator has it on their Home."""
    box = town(after=pair_up)
    join(box, "ruth", "Mentee", [AI])

    left_alone(box)
    box.advance(timedelta(days=1))

    assert told(box) == []
    assert "would like a new partner" not in words(box, box.open_home("ruth"))
    assert "would like a new partner" in words(box, box.open_home("noor"))

    box.command("noor", "/flipside programme")
    box.press("noor", "End the programme")
    box.close("noor")
    assert "would like a new partner" not in words(box, box.open_home("noor")), "in a programme that has ended"
