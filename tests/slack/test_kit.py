"""Block Kit in short words: what people wrote is made harmless, and what is too long is cut as Slack counts."""

import json
from datetime import UTC, datetime

import limits
import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import kit

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


# Other people's words


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("<@U0BO> & <#C1>", "&lt;@U0BO&gt; &amp; &lt;#C1&gt;"),
        ("<https://example.com|here>", "&lt;https://example.com|here&gt;"),
        ("&lt;already&gt;", "&amp;lt;already&amp;gt;"),
        ("a\u202eb\u2066c\x00d\x1be", "abcde"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
    ],
)
def test_mentions_links_and_what_turns_text_around_are_made_harmless(text: str, escaped: str) -> None:
    assert kit.escape(text) == escaped


@given(texts)
def test_nothing_that_was_escaped_can_be_a_mention_a_link_or_a_broadcast(text: str) -> None:
    assert not set("<>") & set(kit.escape(text))


@given(texts)
def test_what_a_person_typed_comes_back_from_what_slack_sends(text: str) -> None:
    sent = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    assert kit.unescape(sent) == text


@given(texts)
def test_a_quotation_is_marked_on_every_line(text: str) -> None:
    assert [line for line in kit.quote(text).splitlines() if not line.startswith("> ")] == []


def test_text_that_nobody_can_see_is_still_a_block_that_slack_takes() -> None:
    """One such note would keep a whole Home from being drawn."""
    assert limits.of_blocks([kit.section(kit.escape("\u202e"))]) == []


# Lengths


@given(texts, st.integers(1, 100))
def test_a_shortened_text_is_never_longer_than_it_may_be(text: str, limit: int) -> None:
    assert limits.units(kit.shorten(text, limit)) <= limit


@given(texts)
def test_a_text_that_fits_is_left_as_it_is(text: str) -> None:
    assert kit.shorten(text, limits.units(text) or 1) == text


@given(texts)
def test_a_text_that_was_cut_begins_as_it_did_and_says_so(text: str) -> None:
    long = text + "x" * 21

    cut = kit.shorten(long, 20)

    assert cut.endswith("…")
    assert long.startswith(cut[:-1])


def test_length_is_counted_in_utf_16_and_no_character_is_cut_in_two() -> None:
    assert kit.shorten("🎈🎈🎈", 5) == "🎈🎈…"
    assert kit.shorten("🎈🎈🎈", 4) == "🎈…"


@given(texts.filter(str.strip))
def test_every_block_of_text_keeps_slacks_limits(text: str) -> None:
    shown = text * 40 + "x"
    blocks = [kit.section(shown), kit.header(shown), kit.context(shown), kit.actions(kit.button("a.b", shown, "1"))]

    assert limits.of_blocks(blocks) == []


# Moments and buttons


def test_a_moment_is_shown_to_each_in_their_own_zone_and_in_utc_where_that_can_not_be() -> None:
    shown = kit.moment(make.at("2027-07-01 10:00"))

    assert shown.startswith(f"<!date^{int(datetime(2027, 7, 1, 9, tzinfo=UTC).timestamp())}^")
    assert shown.endswith("|Thu 01 Jul 2027, 09:00 UTC>")


def test_a_go_button_does_what_a_word_would() -> None:
    assert kit.go("meet", "Pick a date", "5")["action_id"] == "go.meet"


def test_what_is_not_given_is_not_sent() -> None:
    assert kit.button("a.b", "Press") == {"type": "button", "action_id": "a.b", "text": kit.plain("Press")}


def test_a_button_that_asks_once_more_keeps_slacks_limits() -> None:
    button = kit.confirmed(kit.button("a.b", "Leave"), "T" * 200, "x" * 900, "Yes" * 20, "No" * 20)

    assert limits.of_blocks([kit.actions(button)]) == []


# Forms


def test_a_form_gives_back_every_kind_of_answer() -> None:
    choices = kit.options({"a": "A", "b": "B"})
    fields = {
        "text": kit.text_input(),
        "one": kit.choose_one("static_select", choices),
        "radio": kit.choose_one("radio_buttons", choices),
        "many": kit.choose_many("multi_static_select", choices),
        "boxes": kit.choose_many("checkboxes", choices),
        "person": {"type": "users_select"},
        "people": {"type": "multi_users_select"},
        "channel": {"type": "conversations_select"},
        "day": {"type": "datepicker"},
        "time": {"type": "timepicker"},
    }
    form = kit.modal(
        "a.form", "Form", [kit.field(name, name, element) for name, element in fields.items()], submit="Go"
    )

    empty = limits.filled(form, {})
    full = limits.filled(
        form,
        {
            "text": " Hello ", "one": "a", "radio": "b", "many": ["b", "a"], "boxes": ["a"], "person": "U1",
            "people": ["U1", "U2"], "channel": "C1", "day": "2027-03-01", "time": "09:00",
        },
    )  # fmt: skip

    assert (full.text("text"), full.one("one"), full.one("radio")) == ("Hello", "a", "b")
    assert (full.many("many"), full.many("boxes"), full.people("people")) == (["b", "a"], ["a"], ["U1", "U2"])
    assert (full.person("person"), full.channel("channel")) == ("U1", "C1")
    assert (full.date("day"), full.time("time")) == ("2027-03-01", "09:00")
    assert [empty.text("text"), empty.one("one"), empty.person("person"), empty.date("day")] == [None] * 4
    assert [empty.many("many"), empty.many("boxes"), empty.people("people")] == [[]] * 3


@given(st.text(max_size=20))
def test_nothing_but_spaces_is_no_answer(text: str) -> None:
    form = kit.modal("a.form", "Form", [kit.field("text", "Text", kit.text_input())], submit="Go")

    assert limits.filled(form, {"text": text}).text("text") == (text.strip() or None)


@pytest.mark.parametrize("state", [{}, {"state": {}}, {"state": {"values": {}}}, {"state": {"values": {"text": {}}}}])
def test_a_field_that_slack_leaves_out_is_no_answer(state: dict[str, object]) -> None:
    answers = kit.Answers(state)

    assert (answers.text("text"), answers.one("text"), answers.many("text"), answers.people("text")) == (
        None,
        None,
        [],
        [],
    )


def test_a_menu_begins_only_with_what_it_offers() -> None:
    choices = kit.options({"a": "A"})

    assert "initial_option" not in kit.choose_one("static_select", choices, "gone")
    assert "initial_options" not in kit.choose_many("checkboxes", choices, ["gone"])
    assert kit.choose_one("static_select", choices, "a")["initial_option"] == choices[0]


def test_all_of_it_is_plain_json() -> None:
    view = kit.modal("a.form", "Form", [kit.section("b"), kit.divider()])

    assert json.loads(json.dumps(view)) == view
