"""Reporting lines and teams are watched for the life of a pair: a person decides; the pair hears nothing till then."""

from datetime import timedelta
from pathlib import Path

from conftest import Operate, Town
from flows.kept import records, the_person
from flows.telling import begin, buttons, last, pair_up, plain, pressing, texts, words

from sandbox import Sandbox
from sandbox.people import TEAM_ID
from sandbox.records import Message
from store import directory
from store.models import Source

FIELDS = ("name", "zone", "country", "title", "department", "team", "site", "level", "manager")
TOLD = "The directory has changed."
ABOVE = "@ana is the mentor of @oliver. @oliver is now above @ana in the reporting line."


def reorganise(box: Sandbox, who: str, **facts: object) -> None:
    """The company's file says something new of them; the running bot finds it at its next tick."""
    with records(box) as db:
        person = the_person(db, box, who)
        known = {name: getattr(person, name) for name in FIELDS} | {"languages": list(person.languages)}
        directory.say(person, Source.FILE, known | facts, box.now)
        directory.changed(db, TEAM_ID, [person.id], box.now)
    box.settle()


def told(box: Sandbox, who: str = "ruth") -> list[Message]:
    """What a coordinator was told of broken rules."""
    return [message for message in box.dm(who) if message.text.startswith((TOLD, "A week ago the directory"))]


def heard(box: Sandbox) -> list[list[str]]:
    """All that the two of the pair have heard, in their DMs and together."""
    return [texts(box.dm("ana")), texts(box.dm("oliver")), texts(box.group("ana", "oliver"))]


def test_a_new_boss_is_told_to_the_coordinator_once_and_the_pair_hears_nothing(town: Town, kind: str) -> None:
    box = town(kind, after=pair_up)
    before = heard(box)

    reorganise(box, "ana", manager=box.find("oliver"))
    reorganise(box, "ana", manager=box.find("oliver"), title="Senior engineer")
    box.advance(timedelta(days=1))

    [message] = told(box)
    assert plain(box, message.text).startswith(TOLD)
    assert ABOVE in plain(box, message.text)
    assert ABOVE in words(box, message)
    assert buttons(message) == ["End the pair kindly", "Keep them together", "Decide later"]
    assert begin(box, box.dm("ana"), before[0]) == before[0], "and she gets no other word than before"
    assert heard(box)[2] == before[2]
    assert told(box, "noor") == []


def test_a_reorganisation_that_an_operator_imports_is_found_by_the_running_bot(
    town: Town, operate: Operate, tmp_path: Path
) -> None:
    box = town(after=pair_up)
    file = tmp_path / "people.csv"
    file.write_text(f"slack_id,name,manager\n{box.find('ana')},Ana Duarte,{box.find('oliver')}\n", encoding="utf-8")

    done = operate(box, "people", "import", str(file))
    assert done.returncode == 0, done.stderr
    box.settle()

    [message] = told(box)
    assert ABOVE in plain(box, message.text)


def test_it_is_told_in_working_hours(town: Town) -> None:
    box = town(after=pair_up)
    box.advance(timedelta(hours=4))  # Monday evening in London

    reorganise(box, "ana", manager=box.find("oliver"))
    assert told(box) == []
    box.advance(timedelta(hours=16))

    assert len(told(box)) == 1


def test_a_pair_that_is_ended_kindly_hears_only_that_and_nothing_about_why(town: Town, kind: str) -> None:
    box = town(kind, after=pair_up)
    reorganise(box, "ana", manager=box.find("oliver"), team="Finance leads")
    [message] = told(box)
    assert "@ana and @oliver are now in the same team." in plain(box, message.text)

    twice = pressing(box, "ruth", message, "End the pair kindly")
    box.press("ruth", "End the pair kindly", where=message)
    assert "The pair has ended." in words(box, told(box)[0])
    assert box.send_payload(twice).status == 200
    box.settle()
    assert "@ruth has decided: the pair has ended." in words(box, told(box)[0])
    box.advance(timedelta(days=1))

    for who, other in (("ana", "oliver"), ("oliver", "ana")):
        news = [text for text in texts(box.dm(who)) if "has ended" in text]
        assert len(news) == 1
        assert f"Your pair with @{other}" in plain(box, news[0])
        assert "team" not in news[0].lower()
        assert "report" not in news[0].lower()
        assert "ruth" not in plain(box, news[0])
    box.advance(timedelta(days=10))
    assert len(told(box)) == 1, "it isn't asked about again"


def test_a_pair_that_is_kept_together_goes_on_and_is_not_asked_about_again(town: Town, kind: str) -> None:
    box = town(kind, after=pair_up)
    before = heard(box)
    reorganise(box, "ana", manager=box.find("oliver"))

    box.press("ruth", "Keep them together")
    reorganise(box, "ana", manager=box.find("oliver"), title="Senior engineer")
    box.advance(timedelta(hours=20))

    assert "They stay together" in words(box, told(box)[0])
    assert len(told(box)) == 1
    assert heard(box)[2] == before[2]
    box.command("ana", "/flipside pair")
    assert "@oliver is your mentee" in plain(box, last(box.ephemerals("ana")))

    # It is mended and broken once more: that is another reorganisation.
    reorganise(box, "ana", manager=box.find("jonas"))
    box.advance(timedelta(days=1))
    reorganise(box, "ana", manager=box.find("oliver"))
    box.advance(timedelta(days=1))
    assert len(told(box)) == 2


def test_nobody_decides_for_a_week_and_the_coordinator_is_asked_once_more(town: Town) -> None:
    box = town(after=pair_up)
    reorganise(box, "ana", manager=box.find("oliver"))

    box.press("ruth", "Decide later")
    assert "stays on your Home" in words(box, told(box)[0])
    box.advance(timedelta(days=8))

    _, again = told(box)
    assert plain(box, again.text).startswith("A week ago the directory changed")
    assert ABOVE in plain(box, again.text)
    box.advance(timedelta(days=20))
    assert len(told(box)) == 2
    box.press("ruth", "Keep them together", where=again)
    assert "They stay together" in words(box, told(box)[1])


def test_what_is_mended_before_anybody_is_at_work_is_told_to_nobody(town: Town) -> None:
    box = town(after=pair_up)
    box.advance(timedelta(hours=4))

    reorganise(box, "ana", manager=box.find("oliver"))
    reorganise(box, "ana", manager=box.find("jonas"))
    box.advance(timedelta(days=1))

    assert told(box) == []


def test_pressing_after_it_was_mended_changes_nothing_and_says_so(town: Town) -> None:
    box = town(after=pair_up)
    reorganise(box, "ana", manager=box.find("oliver"))
    [message] = told(box)

    reorganise(box, "ana", manager=box.find("jonas"))
    box.press("ruth", "End the pair kindly", where=message)
    box.advance(timedelta(days=1))

    assert "no longer says so" in words(box, told(box)[0])
    assert all("has ended" not in text for text in texts(box.dm("ana")))


def test_of_two_coordinators_the_first_decides_and_the_other_hears_what(town: Town) -> None:
    """It stands on the Home of everybody who runs the programme."""
    box = town(after=pair_up)
    assert "To decide" not in words(box, box.open_home("noor"))
    reorganise(box, "ana", manager=box.find("oliver"))

    assert ABOVE in words(box, box.home("noor")), "and it is there without being opened anew"
    box.press("noor", "Keep them together", where="home")
    assert "They stay together" in words(box, box.modal("noor"))
    assert "To decide" not in words(box, box.home("noor"))
    box.press("ruth", "End the pair kindly", where=told(box)[0])

    assert "@noor has decided: they stay together." in words(box, told(box)[0])
    box.advance(timedelta(days=1))
    assert all("has ended" not in text for text in texts(box.dm("ana")))


def test_a_coordinator_who_is_one_of_the_two_is_not_told_and_somebody_else_decides(town: Town) -> None:
    box = town()
    pair_up(box, "ruth", "oliver")
    box.open_home("ruth")
    box.open_home("noor")

    reorganise(box, "ruth", manager=box.find("oliver"))
    box.advance(timedelta(days=1))

    assert told(box) == []
    assert "To decide" not in words(box, box.home("ruth"))
    assert "@oliver is now above @ruth" in words(box, box.home("noor"))
    box.press("noor", "End the pair kindly", where="home")
    box.advance(timedelta(days=1))
    assert "has ended" in last(box.dm("oliver"))


def test_a_pair_that_ended_by_itself_meanwhile_needs_no_decision(town: Town) -> None:
    box = town(after=pair_up)
    reorganise(box, "ana", manager=box.find("oliver"))
    [message] = told(box)

    box.command("oliver", "/flipside leave")
    box.press("oliver", "Leave the programme")
    box.press("ruth", "End the pair kindly", where=message)

    assert "ended meanwhile" in words(box, told(box)[0])


def test_nobody_else_can_decide_about_a_pair(town: Town) -> None:
    box = town(after=pair_up)
    reorganise(box, "ana", manager=box.find("oliver"))
    [message] = told(box)
    value = pressing(box, "ruth", message, "End the pair kindly")["actions"][0]["value"]

    forged = pressing(box, "ana", box.dm("ana")[0], "Change my answers", action_id="pairing.end", value=value)
    assert box.send_payload(forged).status == 200
    box.settle()

    assert last(box.ephemerals("ana")) == "Only the people who run the programme can decide that."
    assert all("has ended" not in text for text in texts(box.dm("oliver")))
