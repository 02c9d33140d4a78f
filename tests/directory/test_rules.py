"""What a row of the company's file must be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory import rules
from bot.directory.rules import Row
from store.models import Person

FIELDS = (
    "slack_id",
    "name",
    "title",
    "department",
    "team",
    "site",
    "level",
    "manager",
    "dotted_managers",
    "zone",
    "country",
    "languages",
)


def read(**fields: str | None) -> Row | str:
    return rules.read({"slack_id": "U0ANA", "name": "Ana", **fields})


def test_an_id_and_a_name_are_enough_and_all_else_is_not_known() -> None:
    row = read()

    assert row == Row("U0ANA", "Ana", None, None, None, None, None, None, (), None, None, ())


def test_a_whole_row_is_read() -> None:
    row = read(level="3", manager="U0GRACE", dotted_managers="U0BO; U0CY;", zone="Europe/Lisbon", country="PT")

    assert isinstance(row, Row)
    assert (row.level, row.manager, row.dotted_managers, row.zone, row.country) == (
        3,
        "U0GRACE",
        ("U0BO", "U0CY"),
        "Europe/Lisbon",
        "PT",
    )


def test_a_dash_is_somebody_who_reports_to_nobody() -> None:
    row = read(manager="-")

    assert isinstance(row, Row)
    assert row.manager == ""


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"slack_id": ""}, "slack_id must be"),
        ({"slack_id": "ana"}, "slack_id must be"),
        ({"slack_id": "C0CHANNEL"}, "slack_id must be"),
        ({"name": " "}, "name is missing"),
        ({"level": "senior"}, "level must be a whole number"),
        ({"level": "1.5"}, "level must be a whole number"),
        ({"level": "9999999999"}, "level must be a whole number"),
        ({"zone": "Lisbon"}, "zone must be the name of a time zone"),
        ({"country": "Portugal"}, "country must be two capital letters"),
        ({"country": "pt"}, "country must be two capital letters"),
        ({"manager": "Grace"}, "managers must be Slack ids"),
        ({"dotted_managers": "U0BO;Grace"}, "managers must be Slack ids"),
        ({"manager": "U0ANA"}, "nobody is their own manager"),
        ({"dotted_managers": "U0BO;U0ANA"}, "nobody is their own manager"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_in_a_sentence(fields: dict[str, str], problem: str) -> None:
    answer = read(**fields)

    assert isinstance(answer, str)
    assert answer.startswith(problem)


def test_no_sentence_repeats_what_stood_in_the_file() -> None:
    """It goes to a terminal and perhaps a log."""
    answer = read(zone="\x1b[2Jsomewhere")

    assert "somewhere" not in str(answer)


VALUES = st.none() | st.text(max_size=8) | st.sampled_from(["U0ANA", "-", "3", "Europe/Lisbon", "PT", "en;pt", "U0BO"])


@given(st.dictionaries(st.sampled_from([*FIELDS, "", "email"]), VALUES))
def test_any_fields_are_a_row_or_a_sentence(fields: dict[str, str | None]) -> None:
    answer = rules.read(fields)

    assert isinstance(answer, Row) or len(answer.split()) > 2


PEOPLE = {"slack_id": st.just("U0ANA"), "name": st.just("Ana")}


@given(st.fixed_dictionaries(PEOPLE, optional=dict.fromkeys(FIELDS[2:], VALUES)))
def test_whatever_is_read_can_be_a_person(fields: dict[str, str | None]) -> None:
    """No field of a row that was taken is longer than its column or outside its range."""
    row = rules.read(fields)

    known = vars(row) if isinstance(row, Row) else {}
    columns = Person.__table__.columns
    lengths = {name: getattr(columns[name].type, "length", None) or 10**6 for name in known}
    assert [name for name, value in known.items() if isinstance(value, str) and len(value) > lengths[name]] == []
    assert abs(known.get("level") or 0) < 2**31
