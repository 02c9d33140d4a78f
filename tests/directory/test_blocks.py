"""The desk tells what is known and what is doubtful; its forms are read back as they were filled in."""

import json
from typing import Any

import limits
import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory import blocks, rules
from bot.directory.blocks import Desk, Lacking, Sent, SourceState
from store.directory import OFFICE
from store.models import Source


def field(number: int, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"id": f"Xf{number:08}", "label": f"Field {number}", "type": kind, "ordering": number} | more


FIELDS = [field(1, "user"), field(2), field(3, "options_list"), field(4, "date"), field(5, is_hidden=True)]


def menu(form: dict[str, Any], name: str) -> dict[str, Any]:
    [element] = [block["element"] for block in form["blocks"] if block.get("block_id") == name]
    return dict(element)


def offered(form: dict[str, Any], name: str) -> list[str]:
    return [option["text"]["text"] for option in menu(form, name)["options"]]


# ---- Profile fields

WORDS = ("department", "function", "team", "site", "level")
CHOICES = {name: st.sampled_from(["-", "Xf00000002", "Xf00000003"]) for name in WORDS}


@given(st.fixed_dictionaries(CHOICES | {"manager": st.sampled_from(["-", "Xf00000001"])}))
def test_what_is_chosen_is_what_is_read(chosen: dict[str, str]) -> None:
    read = blocks.read_fields(limits.filled(blocks.fields_form(FIELDS, {}), chosen))

    assert read == {name: field for name, field in chosen.items() if field != "-"}


@given(st.fixed_dictionaries({}, optional=CHOICES | {"manager": st.just("Xf00000001")}))
def test_what_was_mapped_before_is_chosen_and_stays_so_if_nothing_is_touched(mapped: dict[str, str]) -> None:
    known = {name: field for name, field in mapped.items() if field != "-"}

    assert blocks.read_fields(limits.filled(blocks.fields_form(FIELDS, known), {})) == known


def test_a_manager_can_only_be_a_field_that_names_a_person_and_the_others_only_words() -> None:
    form = blocks.fields_form(FIELDS, {})

    assert offered(form, "manager") == ["Not there", "Field 1"]
    assert [offered(form, name) for name in CHOICES] == [["Not there", "Field 2", "Field 3"]] * len(WORDS)


def test_a_first_day_can_only_be_a_field_that_holds_a_day() -> None:
    assert offered(blocks.fields_form(FIELDS, {}), "started_on") == ["Not there", "Field 4"]


def test_a_field_that_is_gone_or_hidden_is_said_so_and_chosen_no_more() -> None:
    form = blocks.fields_form(FIELDS, {"team": "Xf00000005", "site": "Xf00000009"})

    hints = {block["block_id"]: block.get("hint", {}).get("text", "") for block in form["blocks"] if "element" in block}
    assert "no longer in Slack" in hints["team"]
    assert "no longer in Slack" in hints["site"]
    assert "no longer in Slack" not in hints["department"]
    assert blocks.read_fields(limits.filled(form, {})) == {}


def test_of_more_fields_than_a_menu_can_show_the_first_are_shown_and_the_one_that_was_chosen() -> None:
    many = [field(number) for number in reversed(range(150))]

    form = blocks.fields_form(many, {"team": "Xf00000149"})

    assert offered(form, "department") == ["Not there", *(f"Field {number}" for number in range(99))]
    assert offered(form, "team") == ["Not there", *(f"Field {number}" for number in range(98)), "Field 149"]
    assert blocks.read_fields(limits.filled(form, {})) == {"team": "Xf00000149"}


def test_a_workspace_without_any_field_can_still_send_the_form() -> None:
    assert blocks.read_fields(limits.filled(blocks.fields_form([], {}), {})) == {}


# ---- The file

FILE = {"id": "F0PEOPLE", "name": "people.csv", "size": 14}


@given(st.booleans())
def test_the_file_that_is_put_in_is_what_is_read(only_right: bool) -> None:
    rows = [blocks.RIGHT_ROWS] if only_right else []

    read = blocks.read_upload(limits.filled(blocks.upload_form(), {"file": [FILE], "rows": rows}))

    assert read == Sent("F0PEOPLE", "people.csv", 14, is_partial=only_right)


@pytest.mark.parametrize("files", [[], [FILE, FILE]])
def test_nothing_or_more_than_one_file_is_no_answer(files: list[Any]) -> None:
    answers = blocks.Answers({"state": {"values": {"file": {"value": {"type": "file_input", "files": files}}}}})

    assert blocks.read_upload(answers) is None


def report(**facts: Any) -> dict[str, Any]:
    counts = dict.fromkeys(("added", "changed", "same", "gone", "skipped", "problem_count"), 0)
    return counts | {"problems": [], "warnings": [], "notes": [], "is_done": True} | facts


def checked(*, is_partial: bool = False, **facts: Any) -> tuple[str, list[str]]:
    """What is said of a file that was looked through, and which buttons there are."""
    upload = make.upload(report={"checked": report(**facts)}, is_partial=is_partial)
    telling = make.telling("upload_checked", snapshot=make.snapshot(uploads=(upload,)), about=71)
    message = blocks.upload_checked(telling)
    return message.text, [element["text"]["text"] for element in limits.elements(message.blocks)]


def test_a_good_file_tells_what_it_would_change_and_can_be_imported() -> None:
    text, buttons = checked(added=3, changed=1, same=20)

    assert "3 new, 1 changed, 20 as before" in text
    assert buttons == ["Import", "Never mind"]


def test_a_file_with_wrong_rows_names_the_first_ten_and_offers_the_others() -> None:
    problems = [f"line {number}: name is missing" for number in range(2, 12)]

    text, buttons = checked(added=3, problem_count=14, problems=problems)

    assert "14 rows can't be read" in text
    assert "• line 2: name is missing" in text
    assert "… and 4 more" in text
    assert "all of it or nothing" in text
    assert buttons == ["Import the right rows", "Never mind"]


def test_who_asked_for_the_right_rows_alone_is_not_told_to_mend_the_file() -> None:
    text, buttons = checked(is_partial=True, same=3, problem_count=1, problems=["line 2: name is missing"])

    assert "1 row can't be read" in text
    assert "all of it or nothing" not in text
    assert buttons == ["Import the right rows", "Never mind"]


def test_a_file_with_nothing_right_in_it_can_only_be_uploaded_again() -> None:
    text, buttons = checked(problem_count=1, problems=["line 1: the header has no column for a name"])

    assert "nothing in it that I can import" in text
    assert buttons == ["To the directory"]


@pytest.mark.parametrize("trouble", blocks.TROUBLES)
def test_a_file_that_cannot_be_read_says_why(trouble: str) -> None:
    upload = make.upload(report={"trouble": trouble}, done_at=make.MONDAY)
    telling = make.telling("upload_done", snapshot=make.snapshot(uploads=(upload,)), about=71)

    assert blocks.TROUBLES[trouble] in blocks.upload_done(telling).text


def test_what_somebody_wrote_into_a_file_comes_alive_nowhere() -> None:
    text, _ = checked(problem_count=1, problems=["line 2: <!channel> is no name"], warnings=["<@U0ANA> & others"])

    assert "&lt;!channel&gt;" in text
    assert "&lt;@U0ANA&gt; &amp; others" in text


# ---- When it is told


def test_whoever_sent_a_file_is_told_at_once_and_not_of_what_they_have_answered() -> None:
    states: dict[str, dict[str, Any]] = {
        "sent": {},
        "checked": {"checked_at": make.MONDAY},
        "wanted": {"checked_at": make.MONDAY, "wanted_at": make.MONDAY},
        "done": {"checked_at": make.MONDAY, "wanted_at": make.MONDAY, "done_at": make.MONDAY},
        "dropped": {"checked_at": make.MONDAY, "done_at": make.MONDAY, "report": {"dropped": True}},
        "lost": {"checked_at": make.MONDAY, "done_at": make.MONDAY, "report": {"trouble": "gone"}},
    }

    dues = {name: rules.due(make.snapshot(uploads=(make.upload(**facts),))) for name, facts in states.items()}

    assert {name: [due.kind for due in found] for name, found in dues.items()} == {
        "sent": [],
        "checked": ["upload_checked"],
        "wanted": [],
        "done": ["upload_done"],
        "dropped": [],
        "lost": ["upload_done"],
    }
    assert all(due.is_notice and due.at_once for found in dues.values() for due in found)


# ---- The desk


def desk(**facts: Any) -> str:
    nothing: dict[str, Any] = {"sources": [], "order": OFFICE, "circles": [], "dangling": [], "lacking": []}
    return json.dumps(blocks.desk(Desk(**(nothing | facts))), ensure_ascii=False)


def test_each_source_says_when_it_was_read_of_how_many_and_what_went_wrong() -> None:
    shown = desk(
        sources=[
            SourceState(Source.SCIM, make.MONDAY, 1),
            SourceState(Source.FILE, make.MONDAY, 20_000, problems=3),
            SourceState(Source.PROFILE, None, 0),
            SourceState(Source.SLACK, None, 0, error="missing_scope"),
        ]
    )

    assert "*The HR directory (SCIM)*: 1 person, read <!date" in shown
    assert "*The company's file*: 20000 people" in shown
    assert "3 rows had something wrong" in shown
    assert "*Fields of Slack's profiles*: not read yet" in shown
    assert "A permission is missing" in shown
    assert "missing_scope" not in shown


def test_whose_word_counts_first_is_said_in_one_line() -> None:
    assert "the HR directory, then the company's file, then the Slack profile, then Slack, and last" in desk()


def test_what_is_doubtful_is_named_and_a_long_list_says_how_many_more() -> None:
    shown = desk(
        circles=[["Ana", "Bo", "Cy"]],
        dangling=[f"Person {number}" for number in range(23)],
        lacking=[Lacking(make.person(), ["manager", "level"])],
    )

    assert "Ana, Bo, Cy" in shown, "and nothing of who is above whom, which the list doesn't know"
    assert "(23)" in shown
    assert "Person 19" in shown
    assert "Person 20" not in shown
    assert "… and 3 more" in shown
    assert "<@U0ANA>: manager, level" in shown


def test_where_nothing_is_doubtful_that_is_said() -> None:
    assert "Nothing is doubtful" in desk()


@pytest.mark.parametrize(
    ("level", "teams", "has_line", "what"),
    [(2, {"Platform"}, True, []), (None, set(), False, ["manager", "team", "level"]), (0, {"A"}, False, ["manager"])],
)
def test_what_pairing_needs_to_know_of_somebody(
    level: int | None, teams: set[str], has_line: bool, what: list[str]
) -> None:
    assert rules.lacking(level, teams, has_line=has_line) == what
