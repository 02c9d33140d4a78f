"""What the directory knows of somebody is theirs to confirm; what it doesn't know they are asked for."""

from typing import Any

from conftest import Town
from flows.forms import ABOUT, AGREED, filled
from flows.kept import person, the_company_says
from flows.telling import AI, change, join, set_up, words

from sandbox import Sandbox
from store.models import Source


def test_what_the_directory_knows_is_shown_for_confirmation_with_its_source(town: Town) -> None:
    box = town(after=set_up)
    box.command("ana", "/flipside join")
    box.submit("ana", ABOUT)
    box.submit("ana", {"offers": [AI]})

    said = words(box, box.modal("ana"))

    assert "Jonas Keller: from the company's file, 1 Mar" in said
    assert filled(box, "ana", "manager") == box.find("jonas")
    assert (filled(box, "ana", "team"), filled(box, "ana", "department")) == ("Platform", "Engineering")
    assert filled(box, "ana", "level") == "I do my own work well"
    box.submit("ana", AGREED)
    assert Source.PERSON not in person(box, "ana").known, "what equals the directory's word isn't kept as theirs"


def test_what_the_directory_does_not_know_is_asked_for_and_kept_as_their_own_word(box: Sandbox) -> None:
    the_company_says(box, "ana", department="Engineering")
    set_up(box)
    box.command("ana", "/flipside join")
    asked = {"sides": "Mentor", "languages": ["English"], "ways": ["In person"]}
    assert box.submit("ana", asked) == {"Where do you work?": "To meet in person, we need to know where you work."}
    box.submit("ana", {"site": "Lisbon"})
    box.submit("ana", {"offers": [AI]})

    wrong = box.submit("ana", AGREED)

    assert list(wrong) == ["Whom I report to", "My team", "My level"]
    assert box.submit("ana", {"manager": "jonas", "team": "Platform", "level": "I do my own work well"}) == {}
    ana = person(box, "ana")
    assert (ana.manager, ana.team, ana.level, ana.site) == (box.find("jonas"), "Platform", 2, "Lisbon")
    assert set(ana.known[Source.PERSON]) == {"manager", "team", "level", "site", "since"}
    box.command("ana", "/flipside mydata")
    assert "Team: Platform (from your own word, 1 Mar)" in words(box, box.modal("ana"))


def test_what_they_said_of_themselves_outlives_a_change_of_other_answers(town: Town) -> None:
    box = town()
    the_company_says(box, "ana", department="Engineering", team="Platform", level=2, manager=box.find("jonas"))
    set_up(box)
    join(box, "ana", "Mentor", [AI], ways=["In person"], site="Lisbon")

    change(box, "ana", hopes="To be heard.")

    assert person(box, "ana").site == "Lisbon"


def test_a_site_that_only_they_have_named_can_be_changed(town: Town) -> None:
    box = town()
    the_company_says(box, "ana", manager=box.find("jonas"), team="Platform", level=2)
    set_up(box)
    join(box, "ana", "Mentor", [AI], site="Lisbon")

    box.command("ana", "/flipside profile")
    stood_there = filled(box, "ana", "site")
    box.submit("ana", {"site": "Porto"})
    box.submit("ana")
    box.submit("ana")

    assert (stood_there, person(box, "ana").site) == ("Lisbon", "Porto")


def test_where_their_word_differs_the_directory_is_believed_and_both_bosses_count(town: Town) -> None:
    box = town(after=set_up)

    join(box, "ana", "Mentor", [AI], team="Rockets", manager="leila")

    ana = person(box, "ana")
    assert (ana.team, ana.manager) == ("Platform", box.find("jonas"))
    assert box.find("leila") in ana.dotted_managers
    assert ana.known[Source.PERSON]["team"] == "Rockets"
    box.command("ana", "/flipside profile")
    box.submit("ana")
    box.submit("ana")
    assert filled(box, "ana", "team") == "Rockets", "what they said themselves is still there to be changed"
    assert "Platform: from the company's file" in words(box, box.modal("ana"))
    box.submit("ana", {"team": "Platform"})
    assert "team" not in person(box, "ana").known[Source.PERSON]


def test_somebody_who_reports_to_nobody_says_so(town: Town) -> None:
    box = town()
    the_company_says(box, "grace", department="Leadership", team="Executive", level=6, site="London")
    set_up(box)

    join(box, "grace", "Mentee", [AI], nobody=["I report to nobody"])

    assert person(box, "grace").manager == ""


def test_who_is_known_to_report_to_nobody_isnt_asked_whom(town: Town) -> None:
    box = town()
    the_company_says(box, "grace", manager="", department="Leadership", team="Executive", level=6, site="London")
    set_up(box)

    join(box, "grace", "Mentee", [AI])

    assert person(box, "grace").manager == ""


def test_a_manager_nobody_knows_and_one_in_a_circle_are_asked_for(town: Town) -> None:
    box = town()
    facts: dict[str, Any] = {"team": "Platform", "level": 2, "department": "Engineering"}
    the_company_says(box, "ana", manager="U0NOBODYKNOWS", **facts)
    the_company_says(box, "cem", manager=box.find("gita"), **facts)
    the_company_says(box, "gita", manager=box.find("cem"), **facts)
    set_up(box)

    for who in ("ana", "cem"):
        box.command(who, "/flipside join")
        box.submit(who, ABOUT)
        box.submit(who, {"offers": [AI]})
        assert list(box.submit(who, AGREED)) == ["Whom I report to"]
        assert box.submit(who, {"manager": "jonas"}) == {}
        assert person(box, who).known[Source.PERSON]["manager"] == box.find("jonas")
