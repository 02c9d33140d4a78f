"""Coordinators look a round through: what they wish of it, what that costs, and what another did meanwhile."""

import re
from datetime import timedelta

from conftest import Town, both
from flows import companies
from flows.telling import AI, DATA, REMOTE, buttons, find_pairs, join, last, plain, set_up, words

from sandbox import Sandbox
from sandbox.records import Json

BEST = ["@ana mentors @oliver", "@bea mentors @sofia", "@hugo mentors @henrik"]


def a_round(box: Sandbox, avoid: tuple[str, ...] = ()) -> Json | None:
    """Three pairs that are the best there are; two of them would have been barred the other way round."""
    set_up(box, **{"Contact for concerns": "grace"})
    join(box, "bea", "Mentor", [AI])
    join(box, "ana", "Mentor", [DATA])
    join(box, "hugo", "Mentor", [REMOTE], avoid=list(avoid))
    join(box, "sofia", "Mentee", [AI])
    join(box, "oliver", "Mentee", [DATA])
    join(box, "henrik", "Mentee", [REMOTE])
    return find_pairs(box)


def standing(box: Sandbox, who: str = "ruth") -> list[str]:
    """The pairs that would be published."""
    found = re.findall(r"^\*(@\w+)\* mentors \*(@\w+)\*$", words(box, box.modal(who)), re.MULTILINE)
    return sorted(f"{mentor} mentors {mentee}" for mentor, mentee in found)


def value(box: Sandbox, label: str, mentor: str, who: str = "ruth") -> str:
    """The value of the button of that label at the pair of that mentor."""
    is_theirs = False
    for block in (box.modal(who) or {})["blocks"]:
        text = plain(box, str(block.get("text", {}).get("text", "")))
        is_theirs = f"@{mentor}*" in text if text else is_theirs
        for element in [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]:
            if is_theirs and element.get("text", {}).get("text") == label:
                return str(element["value"])
    raise AssertionError(f"no {label} at the pair of {mentor}")


def press(box: Sandbox, label: str, mentor: str, who: str = "ruth") -> None:
    box.press(who, label, value=value(box, label, mentor, who))


def shown(box: Sandbox, who: str = "ruth") -> str:
    return words(box, box.modal(who))


def by_hand(box: Sandbox, mentor: str, mentee: str, who: str = "ruth") -> str:
    """What is said about two people who are chosen by hand."""
    box.press(who, "Add a pair by hand")
    box.choose(who, "pairing.by_hand.mentor", mentor)
    box.choose(who, "pairing.by_hand.mentee", mentee)
    box.press(who, "What if?")
    return shown(box, who)


@both
def test_of_two_coordinators_none_overwrites_what_the_other_did(box: Sandbox) -> None:
    a_round(box)
    assert standing(box) == BEST
    box.command("noor", "/flipside match")
    assert standing(box, "noor") == BEST, "she sees the same round"

    press(box, "Leave out", "bea")
    assert "2 of 3 pairs proposed" in shown(box)
    press(box, "Keep together", "ana", "noor")
    told = shown(box, "noor")
    assert "Somebody has changed these pairs meanwhile" in told
    assert "~*@bea* mentors *@sofia*~ left out by @ruth" in told
    assert "*Kept together*" not in told, "what she pressed on an old view did nothing"
    press(box, "Keep together", "ana", "noor")
    assert "*Kept together* by @noor" in shown(box, "noor")

    assert box.submit("ruth") == {}, "and an old view doesn't publish"
    assert "Somebody has changed these pairs meanwhile" in shown(box)
    assert box.submit("ruth") == {}
    assert "*Publish 2 pairs?*" in shown(box)
    press(box, "Let go", "ana", "noor")
    assert box.submit("ruth") == {}
    assert "Somebody has changed these pairs meanwhile" in shown(box), "nor does an old question"
    assert box.submit("noor") == {}
    assert box.submit("noor") == {}
    assert "2 pairs are on the way" in shown(box, "noor")
    assert box.submit("ruth") == {}
    assert "2 pairs are on the way" in shown(box)

    box.advance(timedelta(days=1))
    assert [len(box.group(*pair)) for pair in (("ana", "oliver"), ("hugo", "henrik"), ("bea", "sofia"))] == [1, 1, 0]


def test_what_is_wished_stands_when_the_best_pairs_are_found_around_it(town: Town) -> None:
    box = town()
    a_round(box)

    press(box, "Look closer", "bea")
    closer = shown(box)
    assert f"*What @bea would read*\n• You can show your mentee what they would like to learn: {AI}" in closer
    assert f"*What @sofia would read*\n• Your mentor can show you what you would like to learn: {AI}" in closer
    assert "*If you leave this pair out*\nAs many people would have a partner" in closer
    box.press("ruth", "Back to all pairs")
    press(box, "Leave out", "bea")
    assert "These aren't the best pairs any more" in shown(box)
    assert "@sofia, mentee: what was chosen by hand left them without a partner." in shown(box)
    box.press("ruth", "Find the best around these")

    assert "Around what you wished, no other round places more people" in shown(box)
    assert "@bea mentors @sofia" not in standing(box)
    assert len(standing(box)) == 3, "everybody has another partner"


def test_what_if_says_what_it_breaks_and_costs_and_two_pairs_swap_partners(town: Town) -> None:
    box = town()
    a_round(box)

    press(box, "Look closer", "bea")
    box.choose("ruth", "pairing.what_if", "oliver")
    asked = shown(box)
    assert "*What if @bea mentored @oliver?*" in asked
    assert "*It breaks up what is proposed*\n• @ana and @oliver\n• @bea and @sofia" in asked
    assert "*What it costs*\nAs many people would have a partner" in asked
    assert "*If the two pairs swap partners*\nThen @ana mentors @sofia.\nAs many people would have a partner" in asked
    box.press("ruth", "Swap partners")
    assert standing(box) == ["@ana mentors @sofia", "@bea mentors @oliver", "@hugo mentors @henrik"]
    assert "They have swapped partners." in shown(box)

    press(box, "Look closer", "hugo")
    box.choose("ruth", "pairing.what_if", "ana")
    assert "*What if @ana mentored @henrik?*" in shown(box)
    assert "That can't be: one above the other in the reporting line." in shown(box)
    assert buttons(box.modal("ruth")) == ["Back to all pairs"]
    box.press("ruth", "Back to all pairs")
    press(box, "Look closer", "hugo")
    box.choose("ruth", "pairing.what_if", "sofia")
    assert "Swap partners" not in buttons(box.modal("ruth")), "that would put her under her boss's boss"


def test_a_pair_by_hand_overrides_an_open_rule_and_never_a_hard_or_a_private_one(town: Town) -> None:
    box = town()
    a_round(box, avoid=("oliver",))
    join(box, "esi", "Mentee", [AI], languages=["Français"])
    join(box, "weilin", "Mentee", [AI])
    join(box, "noor", "Mentee", [AI])
    box.command("weilin", "/flipside pause")

    unavailable = "That can't be: they aren't available for each other in this round."
    assert unavailable in by_hand(box, "hugo", "weilin"), "who has paused"
    box.press("ruth", "Back to all pairs")
    assert unavailable in by_hand(box, "hugo", "oliver"), "and whom somebody would rather not meet"
    box.press("ruth", "Back to all pairs")
    assert "The second of them is no mentee in this programme." in by_hand(box, "hugo", "ana")
    box.press("ruth", "Back to all pairs")
    box.press("ruth", "Add a pair by hand")
    box.press("ruth", "What if?")
    assert "Choose both of them first." in shown(box)
    box.press("ruth", "Back to all pairs")

    asked = by_hand(box, "ana", "esi")
    assert "*A rule objects*\n• the mentor's level not below the mentee's\n• no language in common" in asked
    box.press("ruth", "Pair these two")
    assert "@ana mentors @esi" in standing(box)
    assert "@oliver, mentee: what was chosen by hand left them without a partner." in shown(box)
    box.press("ruth", "Find the best around these")
    assert "@ana mentors @esi" in standing(box), "it stays"

    box.command("noor", "/flipside match")
    told = by_hand(box, "bea", "noor", "noor")
    assert "That is your own pair: somebody else decides about it." in told
    box.close("noor")
    assert box.submit("ruth") == {}
    assert box.submit("ruth") == {}
    box.advance(timedelta(days=1))
    assert len(box.group("ana", "esi")) == 1, "who was warned has their way"


def test_what_cannot_be_done_any_more_leaves_the_round_as_it_is(town: Town) -> None:
    """Ana pauses while a coordinator looks at what her swapping partners with Bea would mean."""
    box = town()
    a_round(box)
    press(box, "Look closer", "bea")
    box.choose("ruth", "pairing.what_if", "oliver")
    assert "Swap partners" in buttons(box.modal("ruth"))
    box.command("ana", "/flipside pause")

    box.press("ruth", "Swap partners")

    assert "That can't be: they aren't available for each other in this round." in shown(box)
    assert standing(box) == BEST
    assert "These aren't the best pairs any more" not in shown(box), "nothing was chosen by hand"


def cut_short(box: Sandbox) -> None:
    """Ruth asks for pairs, and the bot is killed while it looks for them."""
    set_up(box)
    join(box, "ana", "Mentor", [AI])
    join(box, "oliver", "Mentee", [AI])
    box.command("ruth", "/flipside match")
    assert "1 mentor and 1 mentee wait for a partner." in shown(box)
    assert "Possible pairs: 1 of 1 that one could think of." in shown(box)
    box.kill_at("before_storing", "views.update", after=1)
    box.press("ruth", "Find the best pairs")
    assert box.kills["before_storing"] == 1
    box.start_bot()


def test_a_round_that_was_cut_short_is_taken_up_again_where_it_is_watched(box: Sandbox) -> None:
    cut_short(box)
    box.command("noor", "/flipside match")
    assert "Finding pairs" in str(box.modal("noor")), "there is one round, and she sees the same"
    assert "I'll send you a message" not in shown(box, "noor"), "she didn't ask for it"

    box.advance(timedelta(minutes=3))

    assert standing(box) == standing(box, "noor") == ["@ana mentors @oliver"]
    assert len(box.dm("ruth")) == 0, "she has seen it"


def test_whoever_closed_it_meanwhile_is_told_once_that_the_pairs_are_there(town: Town) -> None:
    box = town(expects_errors=True)  # Slack refuses to draw in a modal that was closed
    cut_short(box)
    box.close("ruth")

    box.advance(timedelta(minutes=3))
    box.advance(timedelta(days=2))

    assert (
        last(box.dm("ruth")) == "The pairs you asked for are there. Proposed: 1. Nobody hears of it until you publish."
    )
    assert len(box.dm("ruth")) == 1
    box.press("ruth", "Look at the pairs")
    assert standing(box) == ["@ana mentors @oliver"]


def test_work_that_somebody_stops_is_over(town: Town) -> None:
    box = town()
    cut_short(box)
    box.command("noor", "/flipside match")

    box.press("noor", "Stop")
    box.advance(timedelta(minutes=3))

    assert "Stopped. Nothing was changed." in shown(box, "noor")
    assert "Stopped. Nothing was changed." in shown(box), "wherever it is watched"
    box.press("noor", "Look for pairs again")
    assert "Find the best pairs" in buttons(box.modal("noor"))
    box.press("noor", "Find the best pairs")
    assert standing(box, "noor") == ["@ana mentors @oliver"]


def test_a_large_round_is_looked_through_page_by_page(town: Town) -> None:
    box = town(after=set_up)
    companies.proposed(box, 40)

    box.command("ruth", "/flipside match")
    assert "Page 1 of 3" in shown(box)
    assert len(standing(box)) == 15
    assert (box.modal("ruth") or {})["submit"]["text"] == "Publish 40 pairs"
    box.press("ruth", "More")
    box.press("ruth", "Leave out")
    assert "Page 2 of 3" in shown(box), "she stays where she was"
    assert len(standing(box)) == 14
    assert (box.modal("ruth") or {})["submit"]["text"] == "Publish 39 pairs"
    box.press("ruth", "To the weakest")
    assert "Page 3 of 3" in shown(box)
    assert len(standing(box)) == 10
