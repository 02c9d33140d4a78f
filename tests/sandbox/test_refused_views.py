"""What Slack refuses in a view, each beside the nearest thing that it takes."""

from typing import Any

import pytest

from tests.sandbox.kit import Row, button, entry, modal, plain, refused, section, select, too_long


def in_view(name: str, view: dict[str, Any], problem: str, taken: dict[str, Any]) -> Row:
    """A modal: invalid_arguments, with the place in response_metadata."""
    answer = refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] {problem}"]})
    return Row(name, "views.open", {"view": view}, answer, {"view": taken})


ROWS = [
    in_view(
        "input without submit",
        modal(submit=None),
        "missing required field: submit [json-pointer:/view]",
        modal(section(), submit=None),
    ),
    in_view("no title", modal(title=None), "missing required field: title [json-pointer:/view]", modal()),
    in_view(
        "long title",
        modal(title=plain("x" * 25)),
        too_long(24, "/view/title/text"),
        modal(title=plain("x" * 24)),
    ),
    in_view(
        "long submit",
        modal(submit=plain("x" * 25)),
        too_long(24, "/view/submit/text"),
        modal(submit=plain("x" * 24)),
    ),
    in_view(
        "long private metadata",
        modal(private_metadata="x" * 3001),
        too_long(3000, "/view/private_metadata"),
        modal(private_metadata="x" * 3000),
    ),
    in_view(
        "101 blocks in a modal",
        modal(*[section()] * 101),
        "no more than 100 items allowed [json-pointer:/view/blocks]",
        modal(*[section()] * 100),
    ),
    in_view(
        "a modal of nothing",
        modal(blocks=[]),
        "no less than 1 items allowed [json-pointer:/view/blocks]",
        modal(section()),
    ),
    in_view(
        "markdown in a modal",
        modal({"type": "markdown", "text": "a"}),
        "unsupported type: markdown [json-pointer:/view/blocks/0]",
        modal(section()),
    ),
    in_view(
        "a button as input",
        modal(entry(button())),
        "unsupported element [json-pointer:/view/blocks/0/element]",
        modal(entry(select())),
    ),
    in_view(
        "long label",
        modal(entry(label=plain("x" * 2001))),
        too_long(2000, "/view/blocks/0/label/text"),
        modal(entry(label=plain("x" * 2000))),
    ),
    in_view(
        "input of endless length",
        modal(entry({"type": "plain_text_input", "max_length": 3001})),
        "must be between 1 and 3000 [json-pointer:/view/blocks/0/element/max_length]",
        modal(entry({"type": "plain_text_input", "max_length": 3000})),
    ),
    in_view(
        "number without a kind",
        modal(entry({"type": "number_input"})),
        "missing required field: is_decimal_allowed [json-pointer:/view/blocks/0/element]",
        modal(entry({"type": "number_input", "is_decimal_allowed": False})),
    ),
    in_view(
        "day of no calendar",
        modal(entry({"type": "datepicker", "initial_date": "1 March"})),
        "must be in the format YYYY-MM-DD [json-pointer:/view/blocks/0/element/initial_date]",
        modal(entry({"type": "datepicker", "initial_date": "2027-03-01"})),
    ),
    in_view(
        "long placeholder",
        modal(entry({"type": "plain_text_input", "placeholder": plain("x" * 151)})),
        too_long(150, "/view/blocks/0/element/placeholder/text"),
        modal(entry({"type": "plain_text_input", "placeholder": plain("x" * 150)})),
    ),
    in_view(
        "two in focus",
        modal(
            entry({"type": "plain_text_input", "focus_on_load": True}),
            entry({"type": "plain_text_input", "focus_on_load": True}),
        ),
        "only one element can have focus_on_load [json-pointer:/view/blocks]",
        modal(entry({"type": "plain_text_input", "focus_on_load": True})),
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_slack_refuses_a_view_with(prepared, row):
    assert prepared(row.method, row.args) == row.answer


@pytest.mark.parametrize("row", [row for row in ROWS if row.taken is not None], ids=lambda row: row.id)
def test_slack_takes_what_is_just_allowed_in_a_view_instead_of(prepared, row):
    answer = prepared(row.method, row.taken)

    assert answer["ok"], answer
