"""A coordinator sets up a programme, looks proposals through and publishes them; only then are pairs introduced."""

import re
from datetime import timedelta

from conftest import Town
from flows.telling import (
    AI,
    DATA,
    LOOK_UP,
    REMOTE,
    begin,
    buttons,
    change,
    everything_told,
    find_pairs,
    join,
    last,
    on,
    pair_up,
    plain,
    publish,
    set_up,
    words,
)

from sandbox import Sandbox
from sandbox.records import Json

FRIDAY = on("2027-03-05", "15:30")


def proposed(box: Sandbox, view: Json | None) -> list[str]:
    """The pairs of a review, best first."""
    pairs = re.findall(r"\*(@\w+)\* mentors \*(@\w+)\*", words(box, view))
    return [f"{mentor} mentors {mentee}" for mentor, mentee in pairs]


def without(box: Sandbox, view: Json | None, who: str) -> list[str]:
    """What a review says, block by block, of all pairs that somebody is not in; without what can be pressed."""
    blocks = [words(box, {"blocks": [block]}) for block in (view or {})["blocks"] if block["type"] != "actions"]
    return [block for block in blocks if not (" mentors " in block and who in block)]


def test_a_set_up_that_cannot_work_stays_open_and_says_why(town: Town) -> None:
    box = town()
    box.command("ruth", "/flipside setup")

    wrong = box.submit("ruth", LOOK_UP | {"Channel for announcements": "#general"})
    assert wrong == {"Channel for announcements": "I'm not in that channel yet. Invite me first: type /invite there."}
    [said] = box.submit("ruth", {"Channel for announcements": "#old-news"}).values()
    assert "archived" in said
    assert box.submit("ruth", {"Channel for announcements": "#announcements"}) == {}
    assert box.modal("ruth") is None
    assert len(box.messages("#announcements")) == 1

    box.command("bea", "/flipside setup")
    box.command("bea", "/flipside match")
    box.command("bea", "/flipside announce")
    refused = ["That is for the people who run the programme."] * 3
    assert begin(box, box.ephemerals("bea"), refused) == refused
    assert box.modal("bea") is None


def many_join(box: Sandbox) -> None:
    """In each language there are two whom a rule keeps apart although they wish for the same."""
    join(box, "ana", "Mentor", [AI], languages=["Dansk"])
    join(box, "henrik", "Mentee", [AI], languages=["Dansk"])  # her boss's boss
    join(box, "cem", "Mentor", [AI], languages=["Suomi"])
    join(box, "jonas", "Mentee", [AI], languages=["Suomi"])  # his boss
    join(box, "esi", "Mentor", [AI], languages=["Svenska"])
    join(box, "isabel", "Mentee", [AI], languages=["Svenska"])  # above her by a dotted line
    join(box, "ines", "Mentor", [AI], languages=["Norsk"])
    join(box, "noor", "Mentee", [DATA, AI], languages=["Norsk"])  # of the same team
    join(box, "tomas", "Mentor", [AI], languages=["Nederlands"])
    join(box, "leila", "Mentee", [AI], languages=["Nederlands"])  # of the same level
    join(box, "farid", "Mentor", [AI], languages=["Türkçe"])
    join(box, "marcus", "Mentee", [AI], languages=["Türkçe"])  # asleep while he works
    join(box, "dana", "Mentor", [AI], languages=["Română"], avoid=["oliver"])
    join(box, "oliver", "Mentee", [AI], languages=["Română"])  # whom she'd rather not meet
    # And these may meet.
    join(box, "bea", "Mentor", [AI], hopes="To be HEARDBYSOMEONE for once.", avoid=["priya"])
    join(box, "sofia", "Mentee", [AI])
    join(box, "jamal", "Mentor", [REMOTE], languages=["Norsk"])
    join(box, "gita", "Mentor", [REMOTE])
    join(box, "weilin", "Mentee", [DATA], hopes="To find the PLAINTRUTH.")


WAITING = "ana henrik cem jonas esi isabel ines tomas leila farid marcus dana oliver"
ALLOWED = ["@bea mentors @sofia", "@jamal mentors @noor", "@gita mentors @weilin"]


def test_proposals_keep_every_rule_and_are_reviewed_by_somebody_else(town: Town) -> None:
    box = town()
    set_up(box, **{"Contact for concerns": "grace"})
    many_join(box)

    shown = find_pairs(box)
    assert sorted(proposed(box, shown)) == sorted(ALLOWED), "no pair breaks a rule, and as many as possible are placed"
    assert proposed(box, shown)[0] == ALLOWED[0], "the best comes first"
    said = words(box, shown)
    assert "3 pairs proposed, best first.\nNo other round places more people, and none of as many fits better" in said
    assert f"A strong fit\nShared topics: {AI}\nDifferent departments: Product and People\n" in said
    waiting = said[said.index("Still waiting after this round") :]
    assert sorted(re.findall(r"• @(\w+), ", waiting)) == sorted(WAITING.split())

    # Nothing told in confidence changes a byte of it, and nobody reviews a pair of their own.
    change(box, "bea", hopes="Nothing any more.", avoid=["grace", "ines"])
    box.command("noor", "/flipside match")
    of_noor = box.modal("noor")
    assert without(box, of_noor, "@noor") == without(box, shown, "@noor")
    assert "*@jamal* mentors *@noor*\nYou are one of them, so this pair is not yours to review." in words(box, of_noor)
    assert buttons(of_noor).count("Leave out") == 2
    box.close("ruth")
    assert box.submit("noor", {}) == {}, "she is asked once more"
    assert "*Publish 3 pairs?*" in words(box, box.modal("noor"))
    assert box.submit("noor", {}) == {}
    assert "3 pairs are on the way" in words(box, box.modal("noor"))
    box.advance(timedelta(days=1))
    for mentor, mentee in (("bea", "sofia"), ("jamal", "noor"), ("gita", "weilin")):
        assert len(box.group(mentor, mentee)) == 1
    groups = [place for place in box.space.conversations.values() if place.kind == "mpim"]
    assert len(groups) == 3, "and nobody else is introduced"

    # What was told in confidence is nowhere: not in a message, a Home or a view of anybody else's.
    for who in [*WAITING.split(), "noor", "sofia", "ruth"]:
        box.open_home(who)
    told = everything_told(box, but="bea")
    assert "HEARDBYSOMEONE" not in told
    assert box.find("priya") not in told
    assert "PLAINTRUTH" not in everything_told(box)


def test_a_pair_is_introduced_when_both_are_at_work_with_reasons_a_contact_and_a_button(town: Town) -> None:
    box = town(now=FRIDAY)
    set_up(box)
    join(box, "ana", "Mentor", [AI, DATA])
    join(box, "marcus", "Mentee", [AI, REMOTE])
    box.advance_to(on("2027-03-05", "17:30"))

    publish(box)
    box.advance_to(on("2027-03-08", "13:59"))  # Friday evening in Lisbon, the weekend, Monday before work in New York
    assert box.group("ana", "marcus") == []
    box.advance_to(on("2027-03-08", "14:01"))

    [introduction] = box.group("ana", "marcus")
    said = plain(box, introduction.text)
    assert said.startswith("@ana and @marcus, please meet each other: you are now a pair in *Look Up*.")
    assert "@ana is the mentor and @marcus is the mentee" in said
    assert "Leaders learn how work is changing." in said
    assert (
        f"*Why you two*\n@ana:\n• You can show your mentee what they would like to learn: {AI}\n"
        "• You work in different departments. Yours: Engineering. Your mentee's: Sales\n"
        "• You work in different places. Yours: Lisbon. Your mentee's: New York\n"
        f"@marcus:\n• Your mentor can show you what you would like to learn: {AI}\n"
        "• You work in different departments. Yours: Sales. Your mentor's: Engineering\n" in said
    )
    box.open_home("ana")
    assert "*Why you two*\n• You can show your mentee what they would like to learn" in words(box, box.home("ana"))
    assert "you can turn to @noor" in said
    assert buttons(introduction) == ["Pick a date", "Our agreement"]
    box.press("marcus", "Pick a date")
    assert (box.modal("marcus") or {})["title"]["text"] == "Pick a date"


def test_nobody_is_paired_with_the_same_person_again_or_while_paused(town: Town) -> None:
    box = town(after=pair_up)
    box.command("oliver", "/flipside leave")
    box.press("oliver", "Leave the programme")
    box.press("ana", "Find me a new partner")
    join(box, "oliver", "Mentee", [AI])

    said = words(box, find_pairs(box))

    assert "no pair is possible just now" in said
    assert "• @oliver, mentee: Of all mentors (1): paired before (1)." in said
    assert (box.modal("ruth") or {}).get("submit") is None
    join(box, "bea", "Mentor", [AI])
    box.press("ruth", "Discard all")
    assert "Everybody goes on waiting." in words(box, box.modal("ruth"))
    box.close("ruth")
    assert proposed(box, find_pairs(box)) == ["@bea mentors @oliver"]

    box.command("bea", "/flipside pause")
    assert box.submit("ruth", {}) == {}
    assert box.submit("ruth", {}) == {}
    box.advance(timedelta(days=1))
    assert box.group("bea", "oliver") == []


def test_the_contact_for_concerns_can_be_nobodys_partner(town: Town) -> None:
    """Each introduction names somebody to turn to with a concern: that can't be the other of the two."""
    box = town(after=set_up)

    box.command("noor", "/flipside join")

    assert box.modal("noor") is None
    assert last(box.ephemerals("noor")).startswith("You are whom people turn to with a concern")
