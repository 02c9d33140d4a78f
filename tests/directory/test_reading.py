"""What a source says becomes what the directory says: all at once or not at all."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import make
import pytest
from directory.towns import ANA_MAIL, ANA_X, MAILS, NAMES, NOW, Town, empty, row
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot.directory.rules import Row
from store import agenda, directory, members, people, staging
from store.database import Store
from store.models import MemberState, Source, Standing, Subject

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
