"""Before a round: a coordinator sees what the rules cost, and says how much each part of the fit counts."""

from conftest import Town
from flows.telling import AI, DATA, REMOTE, join, set_up, words

from sandbox import Sandbox


def gather(box: Sandbox) -> None:
    """By their topics Ana is for Marcus and Bea for Oliver; by their places and hours it is the other way round."""
    set_up(box)
    join(box, "ana", "Mentor", [AI])
    join(box, "bea", "Mentor", [DATA])
    join(box, "marcus", "Mentee", [AI])
    join(box, "oliver", "Mentee", [DATA])


def test_a_coordinator_sees_what_each_rule_costs_and_what_is_short_before_pairs_are_found(town: Town) -> None:
    box = town()
    gather(box)
    join(box, "ines", "Mentor", [AI], languages=["Deutsch"])
    join(box, "priya", "Mentee", [REMOTE])

    box.command("ruth", "/flipside match")

    seen = words(box, box.modal("ruth")).splitlines()
    assert seen[0] == "*Look Up*: 3 mentors and 3 mentees wait for a partner."
    assert "Possible pairs: 6 of 9 that one could think of." in seen[1]
    assert "Mentees who can have a partner now: 2 of 3. Places that mentors offer: 3." in seen[1]
    assert (
        "• no language in common: 3, of which 3 by this rule alone. "
        "Without it there would be somebody for @ines" in seen
    )
    assert "*Nobody is possible for* @ines" in seen
    assert "• Remote and hybrid work: wanted by 1, offered by nobody" in seen


def test_what_counts_is_looked_at_first_and_kept_for_the_next_round(town: Town) -> None:
    box = town()
    gather(box)
    box.command("ruth", "/flipside match")
    box.press("ruth", "What counts most")
    box.fill("ruth", {"Topics": "Not at all"})

    box.press("ruth", "What would it change?")

    seen = words(box, box.modal("ruth"))
    assert "Pairs that would be others: 2 of 2." in seen
    assert "• pairs in which the mentee's dearest topic is offered: *2 → 0*" in seen
    assert box.submit("ruth", {}) == {}
    box.press("ruth", "Find the best pairs")
    found = words(box, box.modal("ruth"))
    assert "*@ana* mentors *@oliver*" in found
    assert "*@bea* mentors *@marcus*" in found

    box.press("ruth", "What counts most")
    assert box.submit("ruth", {"Topics": "A lot"}) == {}
    box.press("ruth", "Find again")
    assert "*@ana* mentors *@marcus*" in words(box, box.modal("ruth")), "from the review, too"


def test_nothing_at_all_can_not_be_what_counts(town: Town) -> None:
    box = town()
    gather(box)
    box.command("ruth", "/flipside match")
    box.press("ruth", "What counts most")

    parts = ("topics", "department", "function", "site", "tenure", "practical", "languages")
    wrong = box.submit("ruth", dict.fromkeys(parts, "Not at all"))

    assert wrong == {"Topics": "Something has to count beside the rounds waited. Choose at least one that does."}


def test_of_two_coordinators_the_second_is_told_that_what_counts_has_changed(town: Town) -> None:
    box = town()
    gather(box)
    for who in ("ruth", "noor"):
        box.command(who, "/flipside match")
        box.press(who, "What counts most")
    assert box.submit("ruth", {"Different places": "A lot"}) == {}

    wrong = box.submit("noor", {"Different places": "Not at all"})

    assert list(wrong) == ["Topics"]
    assert wrong["Topics"].startswith("Somebody else has changed what counts while this was open.")
    box.close("noor")
    box.press("noor", "What counts most")
    assert box.submit("noor", {"Topics": "A lot"}) == {}
