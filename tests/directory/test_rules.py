"""What may be wrong with what a source says of a person."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory import rules
from bot.directory.rules import Row


def problem(**fields: Any) -> str | None:
    return rules.problem(Row(**({"slack_id": "U0ANA", "name": "Ana"} | fields)))


@pytest.mark.parametrize("ids", [{"slack_id": "U0ANA"}, {"email": "ana@x.example"}, {"key": "7"}])
def test_a_name_and_any_id_are_enough_and_all_else_is_not_known(ids: dict[str, str]) -> None:
    assert problem(**({"slack_id": None} | ids)) is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"slack_id": ""}, "slack_id must be"),
        ({"slack_id": "ana"}, "slack_id must be"),
        ({"slack_id": "C0CHANNEL"}, "slack_id must be"),
        ({"slack_id": "U0ANA\n"}, "a field holds a character"),
        ({"slack_id": None}, "there must be a Slack id"),
        ({"email": "ana"}, "email must be an e-mail address"),
        ({"email": f"{'a' * 320}@x.example"}, "email must be an e-mail address"),
        ({"name": None}, "name is missing"),
        ({"name": "a" * 201}, "a field has more than"),
        ({"languages": ("a" * 201,)}, "a field has more than"),
        ({"title": "\ud800"}, "a field holds a character"),
        ({"team": "\x1b[2J"}, "a field holds a character"),
        ({"level": 9_999_999}, "level must be a whole number"),
        ({"zone": "Lisbon"}, "zone must be the name of a time zone"),
        ({"country": "Portugal"}, "country must be two capital letters"),
        ({"country": "pt"}, "country must be two capital letters"),
        ({"manager": "U0ANA"}, "nobody is their own manager"),
        ({"email": "ana@x.example", "manager": "ana@x.example"}, "nobody is their own manager"),
        ({"dotted_managers": ("U0BO", "U0ANA")}, "nobody is their own manager"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(fields: dict[str, Any], said: str) -> None:
    assert str(problem(**fields)).startswith(said)


def test_of_somebody_who_left_the_company_only_who_they_are_matters() -> None:
    assert problem(is_active=False, name=None, zone="nowhere") is None
    assert problem(is_active=False, slack_id="ana") is not None


@given(st.text(max_size=5), st.sampled_from(["slack_id", "email", "key", "name", "zone", "country", "manager"]))
def test_no_sentence_repeats_what_was_said(text: str, field: str) -> None:
    """It goes to a terminal and perhaps a log."""
    mark = f"\x1b[2J{text}somewhere"

    assert "somewhere" not in str(problem(**{field: mark}))


@given(st.builds(Row, slack_id=st.none() | st.text(max_size=6), email=st.none() | st.text(max_size=6), name=st.text()))
def test_whoever_has_a_row_in_which_nothing_is_wrong_is_identified(row: Row) -> None:
    assert rules.is_identified(row) or rules.problem(row) is not None
