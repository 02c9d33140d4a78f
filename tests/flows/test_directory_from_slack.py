"""People come, change, become guests and leave in Slack, and the programme knows; a status is no news."""

from datetime import timedelta
from typing import Any

import make
import pytest
from conftest import Town
from flows.kept import person, records, stored, the_person
from flows.telling import AI, deliver, find_pairs, join, last, pair_up, plain, set_up, texts, words
from sqlalchemy import text

from sandbox import Sandbox
from sandbox.filling import CannotDo
from sandbox.people import Person as SandboxPerson
from store import agenda, directory, people
from store.models import Source, Standing, Subject, Workspace

NIGHT = timedelta(days=1)


def is_known(box: Sandbox, who: str) -> bool:
    with stored(box) as store, store.read() as db:
        return people.find(db, make.WORKSPACE, box.find(who)) is not None


def asked(box: Sandbox, method: str) -> list[dict[str, Any]]:
    return [args for name, args in box.calls if name == method]


def everything(box: Sandbox) -> list[Any]:
    """All rows of people and of the agenda of people, as they are stored."""
    with stored(box) as store, store.engine.connect() as connection:
        kept = connection.execute(text("SELECT * FROM person ORDER BY id")).all()
        looks = connection.execute(text("SELECT * FROM agenda WHERE subject = 'person' ORDER BY id")).all()
    return [kept, looks]


# Coming


def test_at_its_first_start_the_bot_learns_who_is_there(town: Town, kind: str) -> None:
    """Guests are known as such; bots and who has left are nobody."""
    box = town(kind, after=None)
    assert len(asked(box, "users.list")) == 1

    ana, mei = person(box, "ana"), person(box, "mei")
    assert (ana.standing, ana.email, ana.name) == (Standing.MEMBER, "ana.duarte@tidewell.example", "Ana Duarte")
    assert mei.standing is Standing.GUEST
    assert not is_known(box, "pavel")
    assert not is_known(box, "trainbot")

    box.stop_bot()
    box.start_bot()
    assert len(asked(box, "users.list")) == 1, "from then on at night"
    box.advance(NIGHT)
    assert len(asked(box, "users.list")) == 2


def test_somebody_who_has_just_come_is_known_and_may_join(box: Sandbox) -> None:
    set_up(box)
    before = len(asked(box, "users.info"))

    box.hire("yara", "Yara Haddad", title="Analyst", zone="Europe/Lisbon", country="PT")

    yara = person(box, "yara")
    assert (yara.name, yara.title, yara.zone, yara.country) == ("Yara Haddad", "Analyst", "Europe/Lisbon", "PT")
    assert yara.email == "yara@tidewell.example"
    box.command("yara", "/flipside join")
    assert box.modal("yara"), "the form is open"
    assert len(asked(box, "users.info")) == before, "and Slack isn't asked who she is"


def test_a_bot_or_a_guest_who_comes_can_not_take_part(town: Town) -> None:
    box = town(after=set_up)

    box.hire("lunchbot", "Lunch", is_bot=True)
    box.hire("gil", "Gil Castellan", is_restricted=True)

    assert not is_known(box, "lunchbot")
    box.command("gil", "/flipside join")
    assert "Guests can't take part" in last(box.ephemerals("gil"))


# A status is no news


def test_what_slack_says_without_news_writes_nothing(town: Town, kind: str) -> None:
    box = town(kind, after=pair_up)
    before = everything(box)

    for status in ("Lunch", "In a meeting", ""):
        box.set_status("ana", status)
        box.set_status("weilin", status)
    assert everything(box) == before

    box.stop_bot()
    box.start_bot()
    box.advance(NIGHT)
    assert len(asked(box, "users.list")) == 1, "the list was read once more, and not at the start"
    assert everything(box)[0] == before[0], "and nobody was written anew"


def test_a_new_title_and_zone_are_taken_over_at_once(box: Sandbox) -> None:
    box.change("ana", name="Ana Duarte Reis", zone="Europe/Berlin")

    ana = person(box, "ana")
    assert (ana.name, ana.zone) == ("Ana Duarte Reis", "Europe/Berlin")
    assert ana.country == "PT", "the company's own word goes before what the zone lets guess"
    assert ana.standing is Standing.MEMBER


# Leaving and coming back


def test_a_mentor_whose_account_is_closed_hears_nothing_and_the_partner_a_neutral_word(town: Town, kind: str) -> None:
    box = town(kind, after=pair_up)
    hers = len(box.dm("ana")), len(box.group("ana", "oliver"))

    box.deactivate("ana")
    box.advance(timedelta(days=21))

    assert (len(box.dm("ana")), len(box.group("ana", "oliver"))) == hers, "nobody writes to her, or to both"
    told = plain(box, "\n".join(texts(box.dm("oliver"))))
    assert "Your pair with @ana in *Look Up* has ended" in told
    assert "deactivat" not in told
    ana = person(box, "ana")
    assert ana.gone_at is not None


def test_who_comes_back_is_known_again_but_no_member(town: Town) -> None:
    box = town(after=pair_up)
    box.deactivate("ana")

    box.reactivate("ana")

    ana = person(box, "ana")
    assert ana.gone_at is None
    box.command("ana", "/flipside pair")
    assert "@oliver" not in plain(box, last(box.ephemerals("ana")))
    join(box, "ana", "Mentor", [AI])


def test_what_happened_while_the_bot_was_away_is_known_after_the_night(town: Town) -> None:
    box = town(expects_errors=True, after=pair_up)
    box.stop_bot()
    with box.space.lock:
        box.people[box.find("ana")].deleted = True
        del box.space.people[box.find("bea")]

    box.start_bot()
    box.advance(NIGHT)

    assert people_gone(box) == {"U0ANADUART", "U0BEAWHITL"}
    assert [args["user"] for args in asked(box, "users.info")][-1] == "U0BEAWHITL", "who isn't listed is asked about"
    assert [refused.error for refused in box.errors] == ["user_not_found"]


def people_gone(box: Sandbox) -> set[str]:
    with stored(box) as store, store.read() as db:
        return {each.slack_id for each in people.all_of(db, make.WORKSPACE) if each.gone_at is not None}


def test_a_word_of_a_closed_account_that_comes_late_ends_nothing(town: Town) -> None:
    """Closed by mistake and opened again while the bot is away; then the first word comes once more."""
    box = town(after=pair_up)
    box.stop_bot()
    box.deactivate("ana")
    [closed] = [letter.body for letter in box.postman.kept()]
    box.reactivate("ana")

    box.start_bot()
    assert deliver(box, closed, retry=2) == 200

    ana = person(box, "ana")
    assert ana.gone_at is None
    assert is_paired(box, "ana")


def is_paired(box: Sandbox, who: str) -> bool:
    box.command(who, "/flipside pair")
    return "@oliver" in plain(box, last(box.ephemerals(who)))


def test_who_becomes_a_guest_takes_part_no_longer_and_is_told_why_when_they_act(town: Town) -> None:
    box = town(after=pair_up)

    box.change("ana", is_restricted=True)

    box.advance(timedelta(days=3))
    assert "has ended" in plain(box, "\n".join(texts(box.dm("oliver"))))
    box.command("ana", "/flipside join")
    assert "Guests can't take part" in last(box.ephemerals("ana"))
    box.change("ana", is_restricted=False)
    join(box, "ana", "Mentor", [AI])


# People of elsewhere


def test_people_of_elsewhere_are_told_why_they_can_not_join(town: Town) -> None:
    box = town(after=set_up)
    box.invite_outsider("kim", "Kim Lund")
    box.invite_outsider("lea", "Lea Ortiz", grid="E0TIDEWELL")

    for who in ("kim", "lea"):
        with pytest.raises(CannotDo, match="is from elsewhere"):
            box.command(who, "/flipside join")
    box.press("kim", "Join", box.messages("#announcements")[-1])
    box.press("lea", "Join", box.messages("#announcements")[-1])

    assert "Someone in your own company can tell you more" in last(box.ephemerals("kim"))
    assert "yours is another of the same organisation" in last(box.ephemerals("lea"))
    assert not is_known(box, "kim")
    assert not is_known(box, "lea")


def test_a_guest_whom_the_company_lists_is_refused_all_the_same(town: Town) -> None:
    box = town(after=set_up)
    with records(box) as db:
        guest = the_person(db, box, "mei")
        directory.say(guest, Source.FILE, {"name": "Mei", "level": 2, "manager": "U0GRACEOKO"}, box.now)

    box.command("mei", "/flipside join")

    assert "Guests can't take part" in last(box.ephemerals("mei"))
    assert box.modal("mei") is None


# Trouble


def test_when_slack_says_later_to_the_list_messages_go_out_all_the_same(town: Town) -> None:
    box = town()
    with box.space.lock:
        crowd = [SandboxPerson(f"U0CROWD{number:03}", f"p{number:03}", f"Person {number}") for number in range(450)]
        box.people.update({each.id: each for each in crowd})
    box.fail_next("users.list", 429, retry_after=600)
    box.advance(NIGHT)
    pages = len(asked(box, "users.list"))

    set_up(box)
    join(box, "oliver", "Mentee", [AI])
    assert "You have joined" in last(box.dm("oliver")), "nobody waits for the list"
    assert len(asked(box, "users.list")) == pages

    box.advance(timedelta(minutes=11))
    box.fail_next("users.list", 500)
    box.advance(timedelta(seconds=4))
    box.advance(timedelta(seconds=4))
    box.advance(timedelta(seconds=10))
    box.advance(timedelta(seconds=4))
    cursors = [args.get("cursor") for args in asked(box, "users.list")][pages:]
    assert cursors == [None, "next:200", "next:200", "next:400"], "the page that failed is asked for once more"
    assert is_known(box, "p020")


# Profiles


def test_the_boss_whom_a_profile_names_is_not_paired_with(town: Town) -> None:
    box = town(after=set_up)
    box.change("bea", manager="U0TOMASFIG", team="Somewhere else")
    map_fields(box, manager="Xf0MANAGER", department="Xf0DEPART", team="Xf0TEAM", site="Xf0SITE", level="Xf0GRADE")
    for _ in range(20):
        box.advance(timedelta(seconds=4))
    assert len(asked(box, "users.profile.get")) == 26, "each person once"

    bea = person(box, "bea")
    assert bea.known[Source.PROFILE]["manager"] == "U0TOMASFIG"
    assert bea.manager != "U0TOMASFIG", "the company's file is believed before"
    forget_the_file(box)
    join(box, "bea", "Mentor", [AI])
    join(box, "tomas", "Mentee", [AI])
    find_pairs(box)
    said = words(box, box.modal("ruth"))
    assert "no pair is possible just now" in said
    assert "one above the other in the reporting line" in said

    box.advance(timedelta(hours=12))
    assert len(asked(box, "users.profile.get")) == 26
    box.advance(NIGHT)
    assert len(asked(box, "users.profile.get")) > 26, "and once a day"


def map_fields(box: Sandbox, **fields: str) -> None:
    """As the coordinator's form does."""
    with records(box) as db:
        db.get_one(Workspace, make.WORKSPACE).profile_fields = fields
        agenda.look(db, make.WORKSPACE, Subject.SLACK_PROFILES, 0, box.now)
    box.settle()


def forget_the_file(box: Sandbox) -> None:
    with records(box) as db:
        for each in people.all_of(db, make.WORKSPACE):
            directory.say(each, Source.FILE, {}, box.now)


def test_a_field_that_is_mapped_no_longer_is_forgotten(town: Town) -> None:
    box = town()
    map_fields(box, department="Xf0DEPART", function="Xf0FUNC", started_on="Xf0START", team="Xf0TEAM")
    for _ in range(15):
        box.advance(timedelta(seconds=4))
    ana = person(box, "ana")
    said = ana.known[Source.PROFILE]
    assert set(said) == {"department", "function", "started_on", "team", "since"}
    assert (said["function"], said["started_on"]) == ("Engineering", "2023-09-04")

    map_fields(box, team="Xf0TEAM")
    for _ in range(15):
        box.advance(timedelta(seconds=4))
    ana = person(box, "ana")
    assert set(ana.known[Source.PROFILE]) == {"team", "since"}

    map_fields(box)
    box.advance(timedelta(seconds=4))
    ana = person(box, "ana")
    assert Source.PROFILE not in ana.known
