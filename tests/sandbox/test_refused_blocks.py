"""What Slack refuses in the blocks of a message, each beside the nearest thing that it takes."""

from typing import Any

import pytest

from tests.sandbox.kit import (
    ANA,
    Row,
    actions,
    button,
    mrkdwn,
    option,
    options,
    plain,
    refused,
    section,
    select,
    too_long,
)


def in_blocks(name: str, blocks: list[Any], problem: str, taken: list[Any]) -> Row:
    """Blocks of a message: invalid_blocks, with the place told twice."""
    post = {"channel": ANA, "text": "hi"}
    answer = refused("invalid_blocks", errors=[problem], response_metadata={"messages": [f"[ERROR] {problem}"]})
    return Row(name, "chat.postMessage", post | {"blocks": blocks}, answer, post | {"blocks": taken})


ROWS = [
    in_blocks(
        "51 blocks",
        [section()] * 51,
        "no more than 50 items allowed [json-pointer:/blocks]",
        [section()] * 50,
    ),
    in_blocks(
        "unknown block",
        [{"type": "banner"}],
        "unsupported type: banner [json-pointer:/blocks/0]",
        [{"type": "divider"}],
    ),
    in_blocks(
        "section without text",
        [{"type": "section"}],
        "must provide text or fields [json-pointer:/blocks/0]",
        [{"type": "section", "fields": [mrkdwn("a")]}],
    ),
    in_blocks("long section", [section("x" * 3001)], too_long(3000, "/blocks/0/text/text"), [section("x" * 3000)]),
    in_blocks(
        "section of emoji counted in UTF-16",
        [section("🌱" * 1501)],
        too_long(3000, "/blocks/0/text/text"),
        [section("🌱" * 1500)],
    ),
    in_blocks(
        "empty text",
        [section("")],
        "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
        [section(" ")],
    ),
    in_blocks(
        "11 fields",
        [{"type": "section", "fields": [mrkdwn("a")] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
        [{"type": "section", "fields": [mrkdwn("a")] * 10}],
    ),
    in_blocks(
        "long field",
        [{"type": "section", "fields": [mrkdwn("x" * 2001)]}],
        too_long(2000, "/blocks/0/fields/0/text"),
        [{"type": "section", "fields": [mrkdwn("x" * 2000)]}],
    ),
    in_blocks(
        "long header",
        [{"type": "header", "text": plain("x" * 151)}],
        too_long(150, "/blocks/0/text/text"),
        [{"type": "header", "text": plain("x" * 150)}],
    ),
    in_blocks(
        "header in mrkdwn",
        [{"type": "header", "text": mrkdwn("x")}],
        "must be of type plain_text [json-pointer:/blocks/0/text/type]",
        [{"type": "header", "text": plain("x")}],
    ),
    in_blocks(
        "11 things in a context",
        [{"type": "context", "elements": [mrkdwn("a")] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
        [{"type": "context", "elements": [mrkdwn("a")] * 10}],
    ),
    in_blocks(
        "no buttons",
        [actions()],
        "no less than 1 items allowed [json-pointer:/blocks/0/elements]",
        [actions(button())],
    ),
    in_blocks(
        "26 buttons",
        [actions(*[button()] * 26)],
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
        [actions(*[button()] * 25)],
    ),
    in_blocks(
        "long button",
        [actions(button("x" * 76))],
        too_long(75, "/blocks/0/elements/0/text/text"),
        [actions(button("x" * 75))],
    ),
    in_blocks(
        "long button value",
        [actions(button(value="x" * 2001))],
        too_long(2000, "/blocks/0/elements/0/value"),
        [actions(button(value="x" * 2000))],
    ),
    in_blocks(
        "green button",
        [actions(button(style="green"))],
        "must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]",
        [actions(button(style="danger"))],
    ),
    in_blocks(
        "long action id",
        [actions(button(action_id="x" * 256))],
        too_long(255, "/blocks/0/elements/0/action_id"),
        [actions(button(action_id="x" * 255))],
    ),
    in_blocks(
        "long block id",
        [section(block_id="x" * 256)],
        too_long(255, "/blocks/0/block_id"),
        [section(block_id="x" * 255)],
    ),
    in_blocks(
        "two blocks of one id",
        [section(block_id="a"), section(block_id="a")],
        'block_id "a" already exists [json-pointer:/blocks/1]',
        [section(block_id="a"), section(block_id="b")],
    ),
    in_blocks(
        "two actions of one id",
        [actions(button(action_id="a"), button(action_id="a"))],
        'action_id "a" already exists [json-pointer:/blocks/0/elements]',
        [actions(button(action_id="a")), actions(button(action_id="a"))],
    ),
    in_blocks(
        "text input among buttons",
        [actions({"type": "plain_text_input"})],
        "unsupported element [json-pointer:/blocks/0/elements/0]",
        [actions({"type": "datepicker"})],
    ),
    in_blocks(
        "long confirmation",
        [
            actions(
                button(
                    confirm={
                        "title": plain("x" * 101),
                        "text": plain("a"),
                        "confirm": plain("a"),
                        "deny": plain("b"),
                    }
                )
            )
        ],
        too_long(100, "/blocks/0/elements/0/confirm/title/text"),
        [
            actions(
                button(
                    confirm={
                        "title": plain("x" * 100),
                        "text": mrkdwn("a"),
                        "confirm": plain("a"),
                        "deny": plain("b"),
                    }
                )
            )
        ],
    ),
    in_blocks(
        "101 options",
        [actions(select(options=options(101)))],
        "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
        [actions(select(options=options(100)))],
    ),
    in_blocks(
        "no options",
        [actions(select(options=[]))],
        "no less than 1 items allowed [json-pointer:/blocks/0/elements/0/options]",
        [actions(select(options=options(1)))],
    ),
    in_blocks(
        "six in an overflow",
        [section(accessory={"type": "overflow", "options": options(6)})],
        "no more than 5 items allowed [json-pointer:/blocks/0/accessory/options]",
        [section(accessory={"type": "overflow", "options": options(5)})],
    ),
    in_blocks(
        "11 checkboxes",
        [actions({"type": "checkboxes", "options": options(11)})],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]",
        [actions({"type": "checkboxes", "options": options(10)})],
    ),
    in_blocks(
        "long option",
        [actions(select(options=[option("x" * 76)]))],
        too_long(75, "/blocks/0/elements/0/options/0/text/text"),
        [actions(select(options=[option("x" * 75)]))],
    ),
    in_blocks(
        "long option value",
        [actions(select(options=[option(value="x" * 76)]))],
        too_long(75, "/blocks/0/elements/0/options/0/value"),
        [actions(select(options=[option(value="x" * 75)]))],
    ),
    in_blocks(
        "initial option of no option",
        [actions(select(initial_option=option("Other", "o0")))],
        "must be one of the provided options [json-pointer:/blocks/0/elements/0/initial_option]",
        [actions(select(initial_option=options(1)[0]))],
    ),
    in_blocks(
        "image without words",
        [{"type": "image", "image_url": "https://tidewell.example/a.png"}],
        "missing required field: alt_text [json-pointer:/blocks/0]",
        [{"type": "image", "image_url": "https://tidewell.example/a.png", "alt_text": "a chart"}],
    ),
    in_blocks(
        "long markdown in all",
        [{"type": "markdown", "text": "x" * 6001}, {"type": "markdown", "text": "x" * 6000}],
        too_long(12000, "/blocks"),
        [{"type": "markdown", "text": "x" * 6000}] * 2,
    ),
    in_blocks(
        "misspelt field",
        [section(acessory=button())],
        "invalid additional property: acessory [json-pointer:/blocks/0]",
        [section(accessory=button())],
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_slack_refuses_a_message_with(prepared, row):
    assert prepared(row.method, row.args) == row.answer


@pytest.mark.parametrize("row", [row for row in ROWS if row.taken is not None], ids=lambda row: row.id)
def test_slack_takes_what_is_just_allowed_in_a_message_instead_of(prepared, row):
    answer = prepared(row.method, row.taken)

    assert answer["ok"], answer
