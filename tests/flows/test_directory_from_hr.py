"""The company's HR directory says who works there and for whom: read at night, and when an operator says so."""

from collections.abc import Iterator
from datetime import timedelta

import make
import pytest
from conftest import Operate, Town
from directory.hr import Hr, serve
from flows.kept import stored
from flows.telling import AI, find_pairs, join, pair_up, plain, set_up, texts, words

from sandbox import Sandbox
from store import people
from store.models import Person

TOKEN = "hr-token-0123456789"


@pytest.fixture
def hr() -> Iterator[Hr]:
    with serve(TOKEN) as made:
        yield made


def everyone_of_tidewell(box: Sandbox, hr: Hr) -> dict[str, str]:
    """HR has all with an e-mail address of the company's; by handle, HR's id."""
    staff = [each for each in box.people.values() if each.level]
    return {
        each.handle: hr.hire(each.name, userName=each.email, emails=[{"value": each.email, "primary": True}])
        for each in staff
    }


def known(box: Sandbox) -> dict[str, Person]:
    with stored(box) as store, store.read() as db:
        return {each.slack_id: each for each in people.all_of(db, make.WORKSPACE)}


def test_a_boss_whom_hr_names_is_not_paired_with(town: Town, operate: Operate, hr: Hr) -> None:
    box = town(after=set_up)
    ids = everyone_of_tidewell(box, hr)
    hr.enterprise(ids["bea"], manager=ids["tomas"])

    said = operate(box, "people", "sync", SCIM_URL=hr.url, SCIM_TOKEN=TOKEN)

    assert said.returncode == 0
    assert said.stdout.splitlines()[0] == "0 added, 25 changed, 0 as before."
    assert known(box)[box.find("bea")].manager == box.find("tomas"), "HR is believed before the company's file"
    join(box, "bea", "Mentor", [AI])
    join(box, "tomas", "Mentee", [AI])
    find_pairs(box)
    told = words(box, box.modal("ruth"))
    assert "no pair is possible just now" in told
    assert "one above the other in the reporting line" in told

    hr.fire(ids["cem"])
    again = operate(box, "people", "sync", SCIM_URL=hr.url, SCIM_TOKEN=TOKEN)
    assert again.stdout.splitlines()[0] == "0 added, 0 changed, 24 as before, 1 gone."


def test_whom_hr_no_longer_has_leaves_and_the_partner_hears_a_neutral_word(town: Town, hr: Hr) -> None:
    box = town(env={"SCIM_URL": hr.url, "SCIM_TOKEN": TOKEN})
    ids = everyone_of_tidewell(box, hr)
    pair_up(box)
    box.advance(timedelta(days=1))
    assert known(box)[box.find("ana")].gone_at is None
    hers = len(box.dm("ana"))

    hr.fire(ids["ana"])
    box.advance(timedelta(days=1))
    box.advance(timedelta(days=2))

    assert known(box)[box.find("ana")].gone_at is not None
    assert len(box.dm("ana")) == hers, "she hears nothing"
    assert "Your pair with @ana in *Look Up* has ended" in plain(box, "\n".join(texts(box.dm("oliver"))))
    box.command("ana", "/flipside join")
    assert "By your company's directory you no longer work here" in box.ephemerals("ana")[-1].text
    assert TOKEN not in box.bot.log_file.read_text()


def test_an_operator_is_told_what_is_wrong(town: Town, operate: Operate, hr: Hr) -> None:
    box = town()

    refused = operate(box, "people", "sync", SCIM_URL=hr.url, SCIM_TOKEN="wrong-token")
    assert refused.returncode == 1
    assert refused.stderr.strip().endswith("The HR directory refuses SCIM_TOKEN (401): it is wrong, or has expired.")
    assert "wrong-token" not in refused.stderr + refused.stdout
    missing = operate(box, "people", "sync", SCIM_URL="", SCIM_TOKEN="")
    assert missing.returncode == 1
    assert missing.stderr.startswith("There is no HR directory to read: set SCIM_URL and SCIM_TOKEN")
