"""A coordinator sees where people are known from, maps Slack's profile fields, and sends a file of people."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from conftest import Town
from flows.kept import person, stored
from flows.telling import AI, buttons, join, last, pair_up, plain, pressing, sending, set_up, texts, words
from sqlalchemy import select

from sandbox import Sandbox
from sandbox.people import PEOPLE_FILE, TEAM_ID
from sandbox.records import Json, Message
from store import workspaces
from store.models import Agenda, DirectoryUpload, Subject

ROOT = Path(__file__).parents[2]


def company(**changes: dict[str, str]) -> bytes:
    """The company's own file, with other facts about some."""
    rows = list(csv.DictReader(PEOPLE_FILE.open(encoding="utf-8")))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(row | changes.get(row["handle"], {}) for row in rows)
    return out.getvalue().encode()


def send(box: Sandbox, content: bytes, name: str = "people.csv", who: str = "ruth", **more: object) -> Message:
    """A coordinator sends a file; what the bot then writes to them."""
    box.command(who, "/flipside directory")
    box.press(who, "Upload a file")
    assert box.submit(who, {"File": [(name, content)], **more}) == {}
    assert "I'm looking through" in words(box, box.modal(who))
    while box.modal(who):
        box.close(who)
    return box.dm(who)[-1]


def now_says(box: Sandbox, message: Message) -> str:
    """What stands where the message was."""
    return words(box, next(each for each in box.dm("ruth") if each.ts == message.ts))


def without(tmp_path: Path, scope: str) -> Path:
    """The bot's manifest, without a scope."""
    told = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    told["oauth_config"]["scopes"]["bot"].remove(scope)
    file = tmp_path / "manifest.yml"
    file.write_text(yaml.safe_dump(told), encoding="utf-8")
    return file


def desk(box: Sandbox, who: str = "ruth") -> str:
    box.command(who, "/flipside directory")
    shown = words(box, box.modal(who))
    box.close(who)
    return shown


# The desk


def test_the_desk_shows_the_sources_and_what_is_not_known_of_people_in_programmes(town: Town) -> None:
    box = town(after=set_up)
    join(box, "ana", "Mentor", [AI])
    assert "Nothing is doubtful" in desk(box)

    send(
        box,
        company(
            ana={"manager": "U0NOWHERE", "level": ""}, bea={"manager": "U0CEMYILDI"}, cem={"manager": "U0BEAWHITL"}
        ),
    )
    box.press("ruth", "Import")

    shown = desk(box)
    assert "*The company's file*: 25 people, read " in shown
    assert "*The HR directory (SCIM)*: not read yet" in shown
    assert "Where they differ, the HR directory, then the company's file" in shown
    assert "Their manager is nobody I know* (1)\n• Ana Duarte" in shown
    assert "Bea Whitlock, Cem Yıldız" in shown
    assert "• @ana: manager" in shown


def test_the_desk_is_for_coordinators_and_a_button_on_their_home(town: Town) -> None:
    box = town()
    box.command("bea", "/flipside directory")
    assert last(box.ephemerals("bea")).startswith("That is for the people who run the programme.")

    box.open_home("ruth")
    box.press("ruth", "Directory", where="home")

    assert (box.modal("ruth") or {})["title"]["text"] == "Directory"
    assert buttons(box.modal("ruth")) == ["Connect profile fields", "Upload a file"]


# Profile fields


def fields_of(box: Sandbox) -> Json:
    with stored(box) as store, store.read() as db:
        return workspaces.profile_fields(db, TEAM_ID)


def test_profile_fields_are_mapped_kept_and_read_from_now_on(box: Sandbox) -> None:
    box.command("ruth", "/flipside directory")
    box.press("ruth", "Connect profile fields")
    form = box.modal("ruth") or {}
    assert form["title"]["text"] == "Profile fields"

    assert box.submit("ruth", {"Manager": "Manager", "Team": "Team", "Level": "Not there"}) == {}

    assert "Kept." in words(box, box.modal("ruth"))
    mapped = fields_of(box)
    assert set(mapped) == {"manager", "team"}
    with stored(box) as store, store.read() as db:
        assert db.scalar(select(Agenda.look_at).where(Agenda.subject == Subject.SLACK_PROFILES)) is not None
    box.stop_bot()
    box.start_bot()
    assert fields_of(box) == mapped, "and a restart forgets nothing"

    # What was mapped is chosen the next time.
    while box.modal("ruth"):
        box.close("ruth")
    box.command("ruth", "/flipside directory")
    box.press("ruth", "Connect profile fields")
    assert box.submit("ruth", {}) == {}
    assert fields_of(box) == mapped


def test_where_profile_fields_may_not_be_seen_it_says_whom_to_ask(town: Town, tmp_path: Path) -> None:
    box = town(expects_errors=True, manifest=without(tmp_path, "users.profile:read"))

    box.command("ruth", "/flipside directory")
    box.press("ruth", "Connect profile fields")

    assert "add the scope `users.profile:read`" in words(box, box.modal("ruth"))


def test_where_slack_does_not_tell_its_fields_nothing_is_changed(town: Town) -> None:
    box = town(expects_errors=True)
    box.fail_next("team.profile.get")

    box.command("ruth", "/flipside directory")
    box.press("ruth", "Connect profile fields")

    assert "didn't tell me its profile fields just now" in words(box, box.modal("ruth"))


# A file


def test_a_good_file_is_looked_through_then_imported_and_breaks_a_rule_of_a_pair(town: Town, kind: str) -> None:
    box = town(kind, after=pair_up)
    before = len(box.dm("ana"))

    checked = send(box, company(ana={"manager": "U0OLIVERHA"}))
    assert "0 new, 1 changed, 24 as before" in checked.text
    assert buttons(checked) == ["Import", "Never mind"]
    assert person(box, "ana").manager == box.find("jonas"), "nothing is changed yet"

    box.press("ruth", "Import", where=checked)

    assert "I'm importing it" in now_says(box, checked)
    assert person(box, "ana").manager == box.find("oliver")
    told = [plain(box, text) for text in texts(box.dm("ruth"))]
    assert any(text.startswith("*people.csv* is imported: 0 new, 1 changed, 24 as before") for text in told)
    assert any("@oliver is now above @ana in the reporting line." in text for text in told)
    assert len(box.dm("ana")) == before, "the pair hears nothing"


def test_a_file_with_wrong_rows_says_which_and_imports_the_right_ones_if_asked_to(town: Town) -> None:
    box = town()
    wrong = company(ana={"title": "Senior engineer"}, bea={"level": "SECRETLEVEL"}, cem={"name": ""})

    checked = send(box, wrong)
    assert "2 rows can't be read" in checked.text
    assert "• line 17: level must be a whole number" in checked.text
    assert "• line 18: name is missing" in checked.text
    assert "all of it or nothing" in checked.text
    assert buttons(checked) == ["Import the right rows", "Never mind"]
    box.press("ruth", "Import the right rows", where=checked)

    assert person(box, "ana").title == "Senior engineer"
    assert person(box, "bea").level == 1
    assert "is imported" in last(box.dm("ruth"))
    assert "SECRETLEVEL" not in box.bot.log_file.read_text()
    assert "Senior engineer" not in box.bot.log_file.read_text()
    assert "people.csv" not in box.bot.log_file.read_text()


def test_who_wants_the_right_rows_alone_is_asked_no_more_about_it(town: Town) -> None:
    box = town()

    checked = send(box, company(cem={"name": ""}), Rows=["Import only the rows that are right, if some are wrong"])

    assert "all of it or nothing" not in checked.text
    assert buttons(checked) == ["Import the right rows", "Never mind"]


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"", b"just a letter\nto nobody\n"],
    ids=["picture", "nothing", "letter"],
)
def test_what_is_no_list_of_people_can_only_be_uploaded_again(town: Town, content: bytes) -> None:
    box = town()

    checked = send(box, content)

    assert "nothing in it that I can import" in checked.text
    assert buttons(checked) == ["To the directory"]
    assert "Traceback" not in box.bot.log_file.read_text()
    assert "failed reference" not in box.bot.log_file.read_text()


def test_a_file_that_was_deleted_meanwhile_is_not_imported_and_says_so(town: Town) -> None:
    box = town(expects_errors=True)
    checked = send(box, company(ana={"title": "Senior engineer"}))
    [file] = [file.id for file in box.space.files.values() if file.user]

    box.acting.delete_file(box.find("ruth"), file)
    box.press("ruth", "Import", where=checked)

    assert "I couldn't read *people.csv*: it is no longer in Slack." in last(box.dm("ruth"))
    assert person(box, "ana").title != "Senior engineer"


def test_a_file_that_slack_does_not_give_just_now_is_tried_again(town: Town) -> None:
    box = town(expects_errors=True)
    box.fail_next("files.info", times=2)
    before = len(box.dm("ruth"))

    box.command("ruth", "/flipside directory")
    box.press("ruth", "Upload a file")
    assert box.submit("ruth", {"File": [("people.csv", company())]}) == {}
    assert len(box.dm("ruth")) == before
    box.advance(timedelta(minutes=2))
    assert len(box.dm("ruth")) == before
    box.advance(timedelta(minutes=2))

    assert "25 as before" in last(box.dm("ruth"))


def test_a_button_pressed_twice_or_late_imports_once(town: Town) -> None:
    box = town()
    checked = send(box, company(ana={"title": "Senior engineer"}))
    twice, late = pressing(box, "ruth", checked, "Import"), pressing(box, "ruth", checked, "Never mind")

    box.press("ruth", "Import", where=checked)
    for payload in (twice, late):
        assert box.send_payload(payload).status == 200
        box.settle()

    assert len([text for text in texts(box.dm("ruth")) if "is imported" in text]) == 1
    assert "Nothing was done twice" in now_says(box, checked)


def test_what_was_never_minded_stays_so(town: Town) -> None:
    box = town()
    checked = send(box, company(ana={"title": "Senior engineer"}))
    late = pressing(box, "ruth", checked, "Import")

    box.press("ruth", "Never mind", where=checked)
    assert "Nothing was imported." in now_says(box, checked)
    assert box.send_payload(late).status == 200
    box.settle()

    assert person(box, "ana").title != "Senior engineer"
    assert not any("is imported" in text for text in texts(box.dm("ruth")))


def test_a_file_is_decided_about_by_whoever_sent_it(town: Town) -> None:
    box = town()
    theirs = send(box, company(ana={"title": "Senior engineer"}))
    own = send(box, company(), who="noor")
    value = pressing(box, "ruth", theirs, "Import")["actions"][0]["value"]

    assert box.send_payload(pressing(box, "noor", own, "Import", value=value)).status == 200
    box.settle()

    assert last(box.ephemerals("noor")) == "Somebody else has sent that file, and decides about it."
    assert person(box, "ana").title != "Senior engineer"


def test_a_form_sent_twice_is_one_file(town: Town) -> None:
    box = town()
    box.command("ruth", "/flipside directory")
    box.press("ruth", "Upload a file")
    twice = sending(box, "ruth", {"File": [("people.csv", company())]})

    for _ in range(2):
        assert box.send_payload(twice).status == 200
        box.settle()

    with stored(box) as store, store.read() as db:
        assert len(db.scalars(select(DirectoryUpload)).all()) == 1
    assert len(box.dm("ruth")) == 1


def test_where_the_app_may_not_read_files_it_says_what_to_do_instead(town: Town, tmp_path: Path) -> None:
    box = town(expects_errors=True, manifest=without(tmp_path, "files:read"))

    box.command("ruth", "/flipside directory")
    box.press("ruth", "Upload a file")

    said = words(box, box.modal("ruth"))
    assert "add the scope `files:read`" in said
    assert "python app.py people import" in said
    assert (box.modal("ruth") or {}).get("submit") is None
