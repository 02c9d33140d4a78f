"""What a source says becomes what the directory says: all at once or not at all, and right about who is whom."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import make
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from bot.directory import reading
from bot.directory.reading import Report
from bot.directory.rules import Row
from bot.reporting_lines import Relation, ReportingLines
from bot.slack import accounts
from bot.slack.accounts import Account
from store import agenda, directory, members, people, staging, workspaces
from store.database import Store
from store.models import Base, MemberState, Person, Source, StagedPerson, Standing, Subject

NOW = make.MONDAY
ANA_MAIL, GRACE_MAIL = "ana@x.example", "grace@x.example"
ANA_X, GRACE_X = directory.id_of_ours(ANA_MAIL), directory.id_of_ours(GRACE_MAIL)


class Town:
    """A directory into which sources are read."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.begin() as db:
            workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")

    def read(self, *rows: Row | str, source: Source = Source.SCIM, now: datetime = NOW, **options: Any) -> Report:
        def lined() -> Iterator[tuple[int, Row | str]]:
            return iter(list(enumerate(rows, 1)))

        return reading.apply(self.store, make.WORKSPACE, source, lined, now, **options)

    def keep(self, *persons: Person) -> None:
        with self.store.begin() as db:
            db.add_all(persons)

    def join(self, slack_id: str) -> None:
        """They become a member of a programme, about whom there is nothing to do."""
        with self.store.begin() as db:
            person = people.by_slack_id(db, make.WORKSPACE, [slack_id])[slack_id]
            programme = make.programme(id=None, created_by=person.id)
            db.add(programme)
            db.flush()
            db.add(make.member(id=None, programme_id=programme.id, person_id=person.id))

    def person(self, slack_id: str) -> Person:
        with self.store.read() as db:
            return people.by_slack_id(db, make.WORKSPACE, [slack_id])[slack_id]

    @property
    def everyone(self) -> dict[str, Person]:
        with self.store.read() as db:
            return {each.slack_id: each for each in people.all_of(db, make.WORKSPACE)}

    @property
    def lines(self) -> dict[str, Any]:
        with self.store.read() as db:
            return dict(people.reporting_lines(db, make.WORKSPACE))

    @property
    def staged(self) -> int:
        with self.store.read() as db:
            return db.scalar(select(func.count()).select_from(StagedPerson)) or 0

    @property
    def looked_at(self) -> list[tuple[Subject, int]]:
        with self.store.read() as db:
            return [(each.subject, each.subject_id) for each in agenda.due(db, make.WORKSPACE, NOW, 99)]


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def row(name: str = "Ana", **facts: Any) -> Row:
    return Row(name=name, **({"slack_id": f"U0{name.upper()}"} | facts))


# Who is who


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


# All or nothing


class Killed(Exception):
    """As if the process had been ended there."""


def killed(done: int, of: int) -> None:
    if done == of:
        raise Killed


def test_a_kill_between_staging_and_taking_over_leaves_everything_as_before(town: Town) -> None:
    town.read(row())

    with pytest.raises(Killed):
        town.read(row(level=3), row("Bo"), row("Cy", is_active=False), progress=killed)

    assert [(each.slack_id, each.level) for each in town.everyone.values()] == [("U0ANA", None)]
    assert town.staged == 0


def test_what_a_killed_reading_left_behind_is_thrown_away_by_the_next(town: Town) -> None:
    town.read(row())
    staged = {"workspace_id": make.WORKSPACE, "run": "killed", "person_id": None, "seen_version": 0, "is_felt": True}
    facts = dict.fromkeys(staging.FACTS) | {"name": "Ghost", "dotted_managers": [], "languages": []}
    ghost = staged | facts | {"is_back": False, "standing": Standing.UNKNOWN, "known": {}, "slack_id": "U0GHOST"}
    with town.store.begin() as db:
        staging.stage(
            db, [ghost | {"staged_at": NOW - timedelta(hours=2)}, ghost | {"staged_at": NOW, "run": "at work"}]
        )

    town.read(row(level=3))

    assert town.staged == 1, "another reading may be at work"
    assert sorted(town.everyone) == ["U0ANA"]


def test_a_problem_that_shows_late_still_changes_nothing(town: Town) -> None:
    town.keep(make.person("U0ANA", id=None, email=ANA_MAIL))

    report = town.read(row("Bo"), row(slack_id="U0ANA", manager=ANA_MAIL))

    assert not report.is_done
    assert sorted(town.everyone) == ["U0ANA"]
    assert town.staged == 0


def test_whoever_changed_while_it_was_read_is_read_again(town: Town) -> None:
    town.read(row(), row("Bo"))

    def meanwhile(done: int, of: int) -> None:
        if done == of:
            with town.store.begin() as db:
                for person in people.by_slack_id(db, make.WORKSPACE, ["U0ANA"]).values():
                    directory.say(person, Source.PERSON, {"team": "Kites", "site": "Porto"}, NOW)
                db.add(make.person("U0CY", id=None, known={"slack": {"zone": "Europe/Berlin"}}))

    report = town.read(row(level=3, team="Boats"), row("Bo", level=2), row("Cy", level=1), progress=meanwhile)

    assert (report.added, report.changed) == (1, 2)
    ana = town.person("U0ANA")
    assert (ana.level, ana.team, ana.site) == (3, "Boats", "Porto")
    assert town.person("U0BO").level == 2
    cy = town.person("U0CY")
    assert (cy.level, sorted(cy.known)) == (1, ["scim", "slack"])


def test_more_rows_than_are_staged_at_once_are_taken_over_together(town: Town) -> None:
    rows = [row(f"P{number}", manager=f"U0P{number + 1}") for number in range(2345)]
    heard: list[tuple[int, int]] = []

    report = town.read(*rows, progress=lambda *progress: heard.append(progress))

    assert (report.added, len(town.everyone), town.staged) == (2345, 2345, 0)
    assert heard == [(0, 2345), (1000, 2345), (2000, 2345), (2345, 2345)]
    assert report.warnings == ("P2344 (U0P2344) reports to U0P2345, whom nobody knows",)


# Who is gone


def test_whoever_left_the_company_leaves_everything_without_a_word_to_them(town: Town) -> None:
    town.read(row(manager="U0GRACE"))
    town.join("U0ANA")

    report = town.read(Row(slack_id="U0ANA", is_active=False))

    ana = town.person("U0ANA")
    assert (report.gone, ana.gone_at) == (1, NOW)
    assert ana.manager == "U0GRACE", "those below them still report to those above them"
    with town.store.read() as db:
        assert [member.state for member, _ in members.of_person(db, ana.id)] == [MemberState.LEFT]


def test_whoever_comes_back_to_the_company_is_here_again(town: Town) -> None:
    town.read(row())
    town.read(row(is_active=False))

    report = town.read(row())

    assert (report.changed, town.person("U0ANA").gone_at) == (1, None)


def test_whoever_comes_back_is_here_again_though_something_about_them_changed_meanwhile(town: Town) -> None:
    town.read(row())
    town.read(row(is_active=False))

    def meanwhile(done: int, of: int) -> None:
        if done == of:
            with town.store.begin() as db:
                for person in people.by_slack_id(db, make.WORKSPACE, ["U0ANA"]).values():
                    directory.say(person, Source.SLACK, {"zone": "Europe/Berlin"}, NOW)

    town.read(row(), progress=meanwhile)

    assert town.person("U0ANA").gone_at is None


def test_whose_account_is_closed_stays_gone_though_the_company_has_them(town: Town) -> None:
    town.keep(make.person("U0ANA", id=None, gone_at=NOW))

    town.read(row(level=3))

    assert town.person("U0ANA").gone_at == NOW


@pytest.mark.parametrize("is_first", [True, False])
def test_who_left_and_was_hired_again_is_here_in_whatever_order_the_source_says_so(town: Town, is_first: bool) -> None:
    town.read(row(slack_id=None, email=ANA_MAIL, key="1"))
    left = row(slack_id=None, email=ANA_MAIL, key="1", is_active=False)
    hired = row(slack_id=None, email=ANA_MAIL, key="2", level=4)

    report = town.read(*((left, hired) if is_first else (hired, left)), partial=True, is_whole=True)

    ana = town.person(ANA_X)
    assert (report.gone, ana.gone_at, ana.level) == (0, None, 4)


def test_a_leaver_who_was_never_known_stays_unknown(town: Town) -> None:
    report = town.read(row(is_active=False))

    assert (report.gone, report.same, town.everyone) == (0, 1, {})


def test_whoever_vanishes_from_a_source_that_names_everyone_is_gone(town: Town) -> None:
    town.keep(make.person("U0ELSE", id=None))
    town.read(*(row(name) for name in "ABC"), is_whole=True)

    report = town.read(row("A"), row("B"), is_whole=True)
    again = town.read(row("A"), row("B"), is_whole=True)

    assert (report.gone, again.gone) == (1, 0)
    assert [each.slack_id for each in town.everyone.values() if each.gone_at] == ["U0C"]


def test_somebody_whose_row_is_wrong_has_not_vanished(town: Town) -> None:
    town.read(*(row(name) for name in "ABC"))

    report = town.read(row("A"), row("B"), row("C", zone="nowhere"), is_whole=True, partial=True)

    assert (report.gone, report.skipped) == (0, 1)


def test_nobody_has_vanished_where_a_row_says_nobody_knows_whom(town: Town) -> None:
    town.read(*(row(name) for name in "ABC"))

    report = town.read(row("A"), row("B"), "it can't be read", is_whole=True, partial=True)

    assert report.gone == 0
    assert report.warnings == ("1 people are no longer there, or on a line that can't be read",)


@pytest.mark.parametrize(("here", "gone"), [(15, 5), (14, 0), (0, 0)])
def test_so_many_gone_at_once_that_it_looks_like_an_accident_are_kept(town: Town, here: int, gone: int) -> None:
    rows = [row(f"P{number}") for number in range(20)]
    town.read(*rows)

    report = town.read(*rows[:here], is_whole=True)

    assert report.gone == gone
    assert len([each for each in report.warnings if "too many to believe" in each]) == (gone == 0)


# What follows


def test_only_those_with_a_place_are_looked_at_and_the_rules_only_when_a_line_or_team_moved(town: Town) -> None:
    town.read(row(), row("Bo"))
    town.join("U0ANA")
    with town.store.begin() as db:
        db.execute(update(agenda.Agenda).values(look_at=None))

    town.read(row(level=3), row("Bo", level=2))
    first = town.looked_at
    town.read(row(level=3, manager="U0BO"), row("Bo", level=2))

    ana = (Subject.PERSON, town.person("U0ANA").id)
    assert first == [ana]
    assert sorted(town.looked_at) == sorted([ana, (Subject.RULES, 0)])


def test_the_reading_is_remembered_with_its_numbers(town: Town) -> None:
    town.read(row(), row("Bo", zone="nowhere"), partial=True)

    with town.store.read() as db:
        kept = directory.find_reading(db, make.WORKSPACE, Source.SCIM)
        origin = directory.origins(db, town.person("U0ANA"), ["name"])["name"]
    assert kept is not None
    assert kept.read_at == NOW
    assert kept.report == {
        "added": 1,
        "changed": 0,
        "same": 0,
        "gone": 0,
        "skipped": 1,
        "problems": 1,
        "warnings": 0,
    }
    assert origin == directory.Origin(Source.SCIM, NOW, "2027-03-01")


def test_circles_and_managers_whom_nobody_knows_are_told(town: Town) -> None:
    report = town.read(row(manager="U0BO"), row("Bo", manager="U0ANA"), row("Cy", manager="boss@x.example"))

    assert report.warnings == (
        "these report to each other in a circle: Ana (U0ANA), Bo (U0BO)",
        "Cy (U0CY) reports to boss@x.example, whom nobody knows",
    )


def test_each_change_is_heard_with_its_line(town: Town) -> None:
    heard: list[tuple[int, str, str]] = []
    town.read(row())

    town.read(
        row(level=3), row("Bo"), row("Ana", slack_id="U0CY", is_active=False), heard=lambda *one: heard.append(one)
    )

    assert heard == [(1, "U0ANA", "changed: level"), (2, "U0BO", "added")]


# For any two files


NAMES = ("Ana", "Bo", "Cy", "Di")
MAILS = {name: f"{name.lower()}@x.example" for name in NAMES}
WAYS: Sequence[Callable[[str], str]] = (lambda name: f"U0{name.upper()}", lambda name: MAILS[name], str.lower)


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    """Some of four people, each named by any ids, with any manager named in any way."""
    some = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4))
    return [draw(st.builds(_row, st.just(name), *_facts())) for name in some]


def _facts() -> Sequence[st.SearchStrategy[Any]]:
    manager = (
        st.none() | st.just("") | st.builds(lambda way, name: way(name), st.sampled_from(WAYS), st.sampled_from(NAMES))
    )
    return (
        st.booleans(),
        st.none() | st.integers(0, 9),
        manager,
        st.sampled_from((None, "Kites", "Boats")),
        st.booleans(),
    )


def _row(name: str, has_account: bool, level: int | None, manager: str | None, team: str | None, active: bool) -> Row:
    slack_id = f"U0{name.upper()}" if has_account else None
    own = {way(name) for way in WAYS}
    told = None if manager in own else manager
    return Row(
        slack_id=slack_id, email=MAILS[name], key=name.lower(), name=name, level=level, manager=told, team=team,
        is_active=active,
    )  # fmt: skip


def empty(store: Store) -> None:
    """Each example begins anew."""
    with store.begin() as db:
        for table in reversed(Base.metadata.sorted_tables):
            db.execute(table.delete())


def said(town: Town) -> dict[str, Any]:
    return {
        each.slack_id: (each.known, each.level, each.manager, each.team, each.gone_at)
        for each in town.everyone.values()
    }


GONE_BUT_A_BOSS = [
    (Source.SCIM, [_row("Ana", True, None, None, None, True)], False),
    (
        Source.FILE,
        [_row("Ana", False, None, None, None, False), _row("Cy", False, None, "ana@x.example", None, True)],
        False,
    ),
]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(GONE_BUT_A_BOSS)
@given(st.lists(st.tuples(st.sampled_from((Source.SCIM, Source.FILE)), rows(), st.booleans()), max_size=4))
def test_a_dry_run_counts_what_a_reading_then_does_and_a_second_one_changes_nothing(
    store: Store, readings: list[tuple[Source, list[Row], bool]]
) -> None:
    empty(store)
    town = Town(store)
    for source, some, is_whole in readings:
        before = said(town)
        dry = town.read(*some, source=source, is_whole=is_whole, dry_run=True)
        assert said(town) == before
        done = town.read(*some, source=source, is_whole=is_whole)
        assert done.counts() | {"warnings": 0} == dry.counts() | {"warnings": 0}

        after = said(town)
        again = town.read(*some, source=source, is_whole=is_whole)
        assert (again.added, again.changed, again.gone) == (0, 0, 0)
        assert said(town) == after
        for each in (each for each in some if each.is_active):
            person = next(one for one in town.everyone.values() if one.email == each.email)
            assert directory.merged(person.known)["level"] == person.level
            assert each.level is None or source is Source.FILE or person.level == each.level
        assert town.staged == 0


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
