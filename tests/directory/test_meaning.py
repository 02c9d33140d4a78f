"""Whom a source's rows mean: nobody is taken for somebody else, and nobody's boss for a stranger."""

from collections.abc import Callable

import make
import pytest
from directory.towns import ANA_MAIL, ANA_X, GRACE_MAIL, GRACE_X, MAILS, NAMES, NOW, Town, empty, row
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.directory.rules import Row
from bot.reporting_lines import Relation, ReportingLines
from bot.slack import accounts
from bot.slack.accounts import Account
from store.database import Store
from store.models import Source, Standing


def test_somebody_without_an_account_is_known_by_an_id_of_ours(town: Town) -> None:
    town.read(row(slack_id=None, email=ANA_MAIL))

    assert [(each.slack_id, each.standing) for each in town.everyone.values()] == [(ANA_X, Standing.NO_ACCOUNT)]


def test_somebody_with_an_account_is_found_by_their_email_address(town: Town) -> None:
    town.keep(make.person("U0ANA", id=None, email=ANA_MAIL))

    report = town.read(row(slack_id=None, email=ANA_MAIL, level=3))

    assert (report.added, report.changed) == (0, 1)
    assert town.person("U0ANA").level == 3


def test_an_email_address_of_two_accounts_is_nobodys(town: Town) -> None:
    town.keep(*(make.person(each, id=None, email=ANA_MAIL) for each in ("U0ANA", "U0OTHER")))

    report = town.read(row(slack_id=None, email=ANA_MAIL))

    assert report.problems == ("line 1: two Slack accounts have this e-mail address: give the Slack id",)


def test_an_account_in_use_is_meant_and_not_the_one_they_had_before(town: Town) -> None:
    town.keep(make.person("U0OLD", id=None, email=ANA_MAIL, gone_at=NOW), make.person("U0ANA", id=None, email=ANA_MAIL))

    town.read(row(slack_id=None, email=ANA_MAIL, level=3))

    assert (town.person("U0OLD").level, town.person("U0ANA").level) == (None, 3)


def test_whoever_gets_a_new_email_address_stays_who_they_are_by_the_sources_own_id(town: Town) -> None:
    town.keep(make.person("U0ANA", id=None, email=ANA_MAIL))
    others = [row(name, key=name) for name in "BCDEFG"]
    town.read(row(slack_id=None, email=ANA_MAIL, key="7"), *others, is_whole=True)

    report = town.read(row(slack_id=None, email="ana.married@x.example", key="7", level=3), *others, is_whole=True)

    assert (report.added, report.changed, report.gone) == (0, 1, 0)
    assert town.person("U0ANA").level == 3


@pytest.mark.parametrize("named", ["U0GRACE", GRACE_MAIL, GRACE_MAIL.upper(), "7"])
def test_a_manager_may_be_named_in_any_way_and_stand_further_down(town: Town, named: str) -> None:
    town.read(
        row(manager=named, dotted_managers=("8", "U0BO")),
        row("Bo", key="8"),
        row("Grace", email=GRACE_MAIL, key="7", manager=""),
    )

    assert town.person("U0ANA").manager == "U0GRACE"
    assert town.person("U0ANA").dotted_managers == ["U0BO"]
    assert town.person("U0GRACE").manager == ""


def test_a_source_may_have_ids_that_look_like_email_addresses(town: Town) -> None:
    town.read(row("Grace", email=GRACE_MAIL, key="gh@login.example"), row(manager="gh@login.example"))

    assert town.person("U0ANA").manager == "U0GRACE"


def test_a_manager_of_an_earlier_reading_is_found_by_the_sources_own_id(town: Town) -> None:
    town.read(row("Grace", key="7"))

    town.read(row(manager="7"))

    assert town.person("U0ANA").manager == "U0GRACE"


@pytest.mark.parametrize("named", ["7", ANA_MAIL, "U0ANA"])
def test_nobody_is_their_own_manager_however_they_are_named(town: Town, named: str) -> None:
    town.keep(make.person("U0ANA", id=None, email=ANA_MAIL))

    report = town.read(row("Bo"), row(slack_id="U0ANA", key="7", manager=named), partial=True)

    assert report.problems == ("line 2: nobody is their own manager",)
    assert (report.added, report.skipped) == (1, 1)


def test_who_gets_an_account_is_one_person_with_whom_we_knew_and_stays_everyones_boss(town: Town) -> None:
    town.read(
        row(slack_id=None, email=ANA_MAIL, manager=GRACE_MAIL),
        row("Bo", dotted_managers=(GRACE_MAIL,), manager=""),
        row("Grace", slack_id=None, email=GRACE_MAIL, manager="", level=6),
    )
    town.keep(make.person("U0GRACE", id=None, email=GRACE_MAIL, known={"slack": {"email": GRACE_MAIL}}))

    town.read(row("Grace", slack_id=None, email=GRACE_MAIL, title="Boss"), source=Source.FILE)

    assert GRACE_X not in town.everyone
    grace = town.person("U0GRACE")
    assert (grace.level, grace.title, sorted(grace.known)) == (6, "Boss", ["file", "scim", "slack"])
    assert (town.person(ANA_X).manager, town.person("U0BO").dotted_managers) == ("U0GRACE", ["U0GRACE"])
    assert town.person(ANA_X).known["scim"]["manager"] == "U0GRACE"


def test_who_had_no_account_is_renamed_when_the_file_knows_it(town: Town) -> None:
    town.read(row(slack_id=None, email=ANA_MAIL, manager=GRACE_MAIL), row("Grace", slack_id=None, email=GRACE_MAIL))

    town.read(row("Grace", slack_id="U0GRACE", email=GRACE_MAIL), source=Source.FILE)

    assert sorted(town.everyone) == sorted(["U0GRACE", ANA_X])
    assert town.person(ANA_X).manager == "U0GRACE"


def test_an_account_is_its_owners_boss_before_anything_is_renamed(town: Town) -> None:
    """However late we learn that somebody has an account, nobody may be paired with their boss meanwhile."""
    town.read(row(manager=GRACE_MAIL), row("Grace", slack_id=None, email=GRACE_MAIL, manager="U0CHIEF"))
    town.keep(make.person("U0GRACE", id=None, email=GRACE_MAIL))

    assert town.lines == {"U0ANA": ("U0GRACE",), "U0GRACE": ("U0CHIEF",)}


def test_a_boss_of_whom_only_an_employee_number_is_known_may_be_anybody_with_an_account(town: Town) -> None:
    town.read(
        row(manager="7"),
        row("Bo", manager="7"),
        row("Grace", slack_id=None, key="7", manager="U0CHIEF"),
        row("Chief", manager=""),
    )
    town.keep(make.person("U0GRACE", id=None, email=GRACE_MAIL, manager="U0CHIEF"))

    lines = ReportingLines(town.lines)

    assert lines.relation("U0ANA", "U0GRACE") is Relation.UNKNOWN
    assert lines.relation("U0ANA", "U0CHIEF") is Relation.ABOVE_OR_BELOW
    assert lines.relation("U0ANA", "U0BO") is Relation.UNRELATED, "neither is the boss whom they share"


def test_somebody_known_twice_reports_to_whoever_is_above_either_of_the_two(town: Town) -> None:
    town.read(row("Grace", slack_id=None, email=GRACE_MAIL, manager="U0CHIEF"))
    town.keep(make.person("U0GRACE", id=None, email=GRACE_MAIL, manager="U0LEAD"))

    assert town.lines == {"U0GRACE": ("U0LEAD", "U0CHIEF")}


def test_a_manager_who_was_only_ever_named_is_known_once_they_have_an_account(town: Town) -> None:
    town.read(row(manager=GRACE_MAIL))
    town.keep(make.person("U0GRACE", id=None, email=GRACE_MAIL))

    assert town.lines["U0ANA"] == ("U0GRACE",)


# For anything that is true, told in any order


ABOVE = {"Ana": "Bo", "Bo": "Cy", "Cy": "", "Di": "Cy"}


@st.composite
def true_rows(draw: st.DrawFn) -> list[Row]:
    """Some of the four as they are: with an address or not, their manager known or not, by address or number."""
    some = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))
    manager = st.none() | st.sampled_from((MAILS.__getitem__, str.lower))
    return [draw(st.builds(_true_row, st.just(name), st.booleans(), manager)) for name in some]


def _true_row(name: str, has_address: bool, way: Callable[[str], str] | None) -> Row:
    above = ABOVE[name]
    manager = None if way is None else way(above) if above else ""
    return Row(name=name, key=name.lower(), email=MAILS[name] if has_address else None, manager=manager)


def come(town: Town, name: str) -> None:
    """They have an account from now on."""
    account = Account(f"U0{name.upper()}", Standing.MEMBER, facts={"name": name, "email": MAILS[name]})
    with town.store.begin() as db:
        accounts.keep(db, make.WORKSPACE, [account], NOW)


BY_NUMBER = [_true_row("Ana", True, str.lower), _true_row("Bo", False, str.lower), _true_row("Cy", True, str.lower)]
BY_ADDRESS = [_true_row("Bo", True, MAILS.__getitem__), _true_row("Cy", True, str.lower)]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)  # it is about what follows from what was said
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(NAMES) | st.tuples(st.sampled_from((Source.SCIM, Source.FILE)), true_rows()), max_size=9)
)
@example(["Ana", "Bo", (Source.FILE, BY_NUMBER), (Source.SCIM, BY_ADDRESS)])
def test_nobody_is_ever_unrelated_to_their_boss_in_whatever_order_sources_and_accounts_come(
    store: Store, told: list[str | tuple[Source, list[Row]]]
) -> None:
    empty(store)
    town = Town(store)
    for each in told:
        if isinstance(each, str):
            come(town, each)
        else:
            town.read(*each[1], source=each[0], partial=True)

        lines = ReportingLines(town.lines)
        for one, other in (("Ana", "Bo"), ("Ana", "Cy"), ("Bo", "Cy"), ("Di", "Cy")):
            assert lines.relation(f"U0{one.upper()}", f"U0{other.upper()}") is not Relation.UNRELATED
