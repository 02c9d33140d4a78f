"""Who is believed where sources differ, and where something is known from."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from store import agenda, directory, people, workspaces
from store.directory import HERE, LISTS, OFFICE, ORDER
from store.models import Agenda, Line, Person, Source, Standing, Subject
from tests.store.kept import Kept

NOW = make.MONDAY

IDS = ("U0BO", "U0CY", "U0DI")
TEXTS = st.none() | st.sampled_from(("Kites", "Boats"))
FACTS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(ORDER, TEXTS),
    "level": st.none() | st.integers(0, 9),
    "manager": st.none() | st.sampled_from(("", *IDS)),
    "dotted_managers": st.lists(st.sampled_from(IDS), unique=True),
    "languages": st.lists(st.sampled_from(("en", "pt")), unique=True),
}
WORDS = st.tuples(st.sampled_from(Source), st.fixed_dictionaries({}, optional=FACTS))


def listened(words: Sequence[tuple[Source, dict[str, Any]]]) -> Person:
    person = make.person(zone=None)
    for source, facts in words:
        directory.say(person, source, facts, make.MONDAY)
    return person


def fields(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in ORDER}


# Precedence


@given(
    st.lists(WORDS, unique_by=lambda word: word[0]).flatmap(
        lambda words: st.tuples(st.just(words), st.permutations(words))
    )
)
def test_in_which_order_the_sources_come_never_matters(
    both: tuple[list[tuple[Source, dict[str, Any]]], list[tuple[Source, dict[str, Any]]]],
) -> None:
    one, other = map(listened, both)

    assert (fields(one), one.known) == (fields(other), other.known)


@given(st.lists(WORDS))
def test_only_the_last_word_of_each_source_counts(words: list[tuple[Source, dict[str, Any]]]) -> None:
    last = list(dict(words).items())

    one, other = listened(words), listened(last)

    without_names = {name: value for name, value in fields(one).items() if name != "name"}
    assert without_names == {name: value for name, value in fields(other).items() if name != "name"}


@given(st.lists(WORDS), st.sampled_from(Source))
def test_a_source_that_stops_knowing_gives_way_to_the_next(
    words: list[tuple[Source, dict[str, Any]]], source: Source
) -> None:
    """As if it had never said anything, but for the name: everybody has one."""
    person = listened([*words, (source, {})])

    never = listened([word for word in words if word[0] != source])
    assert source not in person.known
    assert {**fields(person), "name": ""} == {**fields(never), "name": ""}


@given(st.lists(WORDS), st.sampled_from([name for name in ORDER if name not in LISTS]))
def test_the_first_source_in_the_order_that_knows_is_believed(
    words: list[tuple[Source, dict[str, Any]]], field: str
) -> None:
    person = listened(words)

    said = {source: facts.get(field) for source, facts in dict(words).items()}
    first = next((said[source] for source in ORDER[field] if said.get(source) is not None), None)
    source = directory.source_of(person.known, field)
    assert directory.merged(person.known)[field] == first
    assert first is None or (source is not None and person.known[source][field] == first)


@given(st.lists(WORDS), WORDS)
def test_saying_the_same_again_writes_nothing(
    words: list[tuple[Source, dict[str, Any]]], word: tuple[Source, dict[str, Any]]
) -> None:
    person = listened([*words, word])
    before = (dict(person.known), person.known_version, fields(person))

    changed = directory.say(person, *word, make.MONDAY + timedelta(days=9))

    assert not changed
    assert (person.known, person.known_version, fields(person)) == before


@given(st.lists(WORDS), st.sampled_from(IDS))
def test_a_manager_whom_somebody_named_themselves_is_above_them_whatever_others_say(
    words: list[tuple[Source, dict[str, Any]]], told: str
) -> None:
    person = listened([*words, (Source.PERSON, {"manager": told})])

    assert told in (person.manager, *person.dotted_managers)


def test_what_somebody_says_of_themselves_leaves_what_they_said_before() -> None:
    person = listened([(Source.PERSON, {"country": "IE", "team": "Kites"})])

    directory.tell(person, {"site": "Cork", "team": None}, NOW)

    assert person.known[Source.PERSON].keys() == {"country", "site", directory.SINCE}


def test_ones_own_word_on_where_one_lives_goes_before_the_guess_and_after_the_company() -> None:
    told = [(Source.SLACK, {"country": "GB"}), (Source.PERSON, {"country": "IE"})]

    assert listened(told).country == "IE"
    assert listened([*told, (Source.SCIM, {"country": "PT"})]).country == "PT"


def test_slack_knows_best_where_somebody_is_and_the_company_who_they_are() -> None:
    person = listened([(source, {"zone": source.value, "title": source.value}) for source in Source])

    assert (person.zone, person.title) == (HERE[0].value, OFFICE[0].value) == ("slack", "scim")


def test_a_leaver_is_lost_until_the_source_has_them_again() -> None:
    known = directory.with_word({}, Source.SCIM, {"manager": "U0BO"}, NOW)
    gone = directory.without(known, Source.SCIM, NOW)

    assert directory.is_lost(gone)
    assert directory.merged(gone)["manager"] == "U0BO"
    assert directory.with_word(gone, Source.SCIM, {"manager": "U0BO"}, NOW) == known


# Reporting lines out of the store


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ({}, None),
        ({"scim": {"dotted_managers": ["U0BO"]}}, None),
        ({"scim": {"manager": "", "dotted_managers": ["U0BO"]}}, ("U0BO",)),
        ({"scim": {"manager": "U0BO"}, "file": {"manager": "U0CY"}}, ("U0BO",)),
        ({"person": {"manager": "U0BO"}}, Line(None, (), "U0BO")),
        ({"scim": {"manager": "U0BO"}, "person": {"manager": "U0CY"}}, Line("U0BO", (), "U0CY")),
        ({"scim": {"manager": "U0BO"}, "person": {"manager": ""}}, Line("U0BO", (), "")),
        ({"file": {"dotted_managers": ["U0DI"]}, "person": {"manager": "U0CY"}}, Line(None, ("U0DI",), "U0CY")),
    ],
)
def test_what_a_person_told_is_kept_apart_from_what_the_company_says(
    kept: Kept, words: dict[str, Any], line: object
) -> None:
    with kept.store.begin() as db:
        person = make.person("U0NEW", id=None)
        directory.believe(person, words)
        db.add(person)

    with kept.store.read() as db:
        assert people.reporting_lines(db, make.WORKSPACE)["U0NEW"] == line


def test_of_two_accounts_of_one_person_the_one_in_use_is_everyones_boss(kept: Kept) -> None:
    ours = directory.id_of_ours("grace@x.example")
    with kept.store.begin() as db:
        db.add_all(
            [
                make.person("U0ONE", id=None, manager=ours, dotted_managers=[ours]),
                make.person("U0TWO", id=None, email="grace@x.example"),
                make.person("U0OLD", id=None, email="grace@x.example", gone_at=NOW),
                make.person(ours, id=None, email="grace@x.example", manager="U0CHIEF", standing=Standing.NO_ACCOUNT),
            ]
        )

    with kept.store.read() as db:
        lines = people.reporting_lines(db, make.WORKSPACE)
    assert lines["U0ONE"] == ("U0TWO", "U0TWO")
    assert lines["U0TWO"] == ("U0CHIEF",)
    assert ours not in lines


def test_somebody_of_another_workspace_is_nobodys_twin_and_in_nobodys_lines(kept: Kept) -> None:
    ours = directory.id_of_ours("grace@x.example")
    with kept.store.begin() as db:
        db.add(make.person("U0ONE", id=None, manager=ours))
        stranger = make.person("U0TWO", id=None, email="grace@x.example")
        stranger.workspace_id = other_workspace(db)
        db.add(stranger)

    with kept.store.read() as db:
        lines = people.reporting_lines(db, make.WORKSPACE)
    assert lines["U0ONE"] == (ours,)
    assert "U0TWO" not in lines


def other_workspace(db: Any) -> str:
    kept = workspaces.keep(db, "T0ELSEWHERE", "Elsewhere", "U0ELSE")
    db.flush()
    return kept.id


# Getting an account


def test_who_gets_an_account_takes_everything_known_of_them_along(kept: Kept) -> None:
    ours = directory.id_of_ours("grace@x.example")
    with kept.store.begin() as db:
        for each, words in (
            (make.person(ours, id=None), {"scim": {"level": 6, "title": "Boss"}, "file": {"team": "Kites"}}),
            (make.person("U0GRACEX", id=None), {"scim": {"level": 5}, "slack": {"zone": "Europe/London"}}),
            (make.person("U0LINE", id=None), {"scim": {"manager": "U0BO"}, "file": {"manager": ours}}),
            (make.person("U0DOTTED", id=None), {"scim": {"dotted_managers": [ours, "U0BO"]}}),
            (make.person("U0OTHER", id=None), {"scim": {"dotted_managers": ["U0BO"]}}),
        ):
            directory.believe(each, words)
            db.add(each)

    with kept.store.begin() as db:
        people.given_accounts(db, make.WORKSPACE, {ours: "U0GRACEX"}, NOW)

    with kept.store.read() as db:
        found = {each.slack_id: each for each in people.all_of(db, make.WORKSPACE)}
    grace = found["U0GRACEX"]
    assert ours not in found
    assert (grace.level, grace.team, grace.zone) == (5, "Kites", "Europe/London")
    assert (found["U0LINE"].manager, found["U0LINE"].known["file"]["manager"]) == ("U0BO", "U0GRACEX")
    assert found["U0DOTTED"].dotted_managers == ["U0GRACEX", "U0BO"]
    assert found["U0OTHER"].known_version == 1


def test_who_had_no_record_under_their_account_keeps_theirs_under_the_new_name(kept: Kept) -> None:
    ours = directory.id_of_ours("grace@x.example")
    with kept.store.begin() as db:
        db.add(make.person(ours, id=None, level=6, standing=Standing.NO_ACCOUNT))

    with kept.store.begin() as db:
        people.given_accounts(db, make.WORKSPACE, {ours: "U0GRACEX"}, NOW)

    with kept.store.read() as db:
        grace = people.find(db, make.WORKSPACE, "U0GRACEX")
    assert grace is not None
    assert (grace.level, grace.standing) == (6, Standing.UNKNOWN)


def test_somebody_without_an_address_is_not_taken_for_anybody_else_without_one(kept: Kept) -> None:
    with kept.store.read() as db:
        assert people.get(db, kept.ana.id).email is None
        assert people.now_called(db, make.WORKSPACE, None, "X0GONE", None) is None


def test_members_whose_boss_got_an_account_are_looked_at(kept: Kept) -> None:
    ours = directory.id_of_ours("grace@x.example")
    with kept.store.begin() as db:
        ana = people.get(db, kept.ana.id)
        directory.say(ana, Source.SCIM, {"manager": ours}, NOW)
        db.execute(update(Agenda).values(look_at=None))

    with kept.store.begin() as db:
        people.given_accounts(db, make.WORKSPACE, {ours: "U0GRACEX"}, NOW)

    with kept.store.read() as db:
        assert kept.ana.id in [each.subject_id for each in agenda.due(db, make.WORKSPACE, NOW, 99)]
        assert people.get(db, kept.ana.id).manager == "U0GRACEX"


# Many at once


def affairs(kept: Kept) -> list[tuple[Any, ...]]:
    """What is on the agenda, and whose Home is to be drawn again."""
    with kept.store.read() as db:
        rows = db.execute(select(Agenda.subject, Agenda.subject_id, Agenda.look_at, Agenda.version)).all()
        stale = db.scalars(select(Person.slack_id).where(Person.home_stale_at.is_not(None))).all()
    return [*sorted(map(tuple, rows)), tuple(sorted(stale))]


@pytest.mark.parametrize(
    "before", [[], [NOW - timedelta(hours=1)], [NOW + timedelta(hours=1)], [None, NOW - timedelta(hours=1)]]
)
@pytest.mark.parametrize("sees_all", [True, False])
def test_touching_many_at_once_does_what_touching_does(
    kept: Kept, before: list[datetime | None], sees_all: bool
) -> None:
    """Whatever was to be looked at already, sooner or later, and whoever has opened their Home."""
    found = []
    for touch in (agenda.touch, agenda.touch_many):
        with kept.store.begin() as db:
            db.execute(delete(Agenda))
            db.execute(update(Person).values(home_opened_at=None, home_stale_at=None, home_shows_programme=False))
            for each, shows in ((kept.oliver, False), (kept.noor, sees_all)):
                people.open_home(db, each.id, NOW, shows_programme=shows)
            db.execute(update(Person).values(home_stale_at=None))
            db.add_all(
                Agenda(workspace_id=make.WORKSPACE, subject=Subject.PERSON, subject_id=each.id, look_at=at)
                for each, at in zip((kept.ana, kept.oliver), before, strict=False)
            )

        with kept.store.begin() as db:
            touch(db, make.WORKSPACE, [kept.ana.id, kept.oliver.id], NOW)

        found.append(affairs(kept))
    assert found[0] == found[1]
    assert len(found[0]) == 3
